/** Methods that send a message to whoever is at the other end of a chat, as bots of Discord, Telegram, Slack and web sockets have them. */
export const CHAT_METHODS =
  /^(?:send|send_message|reply|reply_text|answer|respond|edit|edit_message\w*|edit_text|send_text|followup|write_message)$/;
