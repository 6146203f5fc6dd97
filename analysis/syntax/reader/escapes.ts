/** Escape sequences of strings. */

import { BACKSLASH, CARRIAGE_RETURN, CLOSE_BRACE, LINE_FEED, OPEN_BRACE, SPACE } from "./characters.js";
import { giveUp } from "./reader.js";

const SIMPLE = new Uint8Array(128);
for (const letter of "'\"abfrntv\\") SIMPLE[letter.charCodeAt(0)] = 1;

/** The end of the escape sequence at a backslash; 0 if the backslash escapes nothing. */
export function escapeEnd(text: string, backslash: number): number {
  const at = backslash + 1;
  const c = text.charCodeAt(at);
  if (c > 127) giveUp();
  if (SIMPLE[c] === 1 || c === LINE_FEED) return at + 1;
  switch (c) {
    case CARRIAGE_RETURN:
      return text.charCodeAt(at + 1) === LINE_FEED ? at + 2 : 0;
    case 120 /* x */:
      return hexadecimalEnd(text, at + 1, 2);
    case 117 /* u */:
      return hexadecimalEnd(text, at + 1, 4);
    case 85 /* U */:
      return hexadecimalEnd(text, at + 1, 8);
    case 78 /* N */:
      return nameEnd(text, at + 1);
    default:
      return digitsEnd(text, at);
  }
}

/** The grammar takes digits of all scripts here; they are left to it. */
function hexadecimalEnd(text: string, start: number, count: number): number {
  for (let at = start; at < start + count; at++) {
    const c = text.charCodeAt(at);
    if (c > 127) giveUp();
    if (!((c >= 48 && c <= 57) || ((c | 32) >= 97 && (c | 32) <= 102))) return 0;
  }
  return start + count;
}

/** One to three digits, even 8 and 9. */
function digitsEnd(text: string, start: number): number {
  let at = start;
  for (; at < start + 3; at++) {
    const c = text.charCodeAt(at);
    if (c > 127) giveUp();
    if (!(c >= 48 && c <= 57)) break;
  }
  return at > start ? at : 0;
}

/** `{NAME}`. */
function nameEnd(text: string, start: number): number {
  if (text.charCodeAt(start) !== OPEN_BRACE) return 0;
  for (let at = start + 1; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === CLOSE_BRACE) return at > start + 1 ? at + 1 : 0;
    // Names are made of capital letters, digits, spaces and hyphens; anything else is suspicious.
    if (c < SPACE || c > 127 || c === 34 || c === 39 || c === BACKSLASH) giveUp();
  }
  return giveUp();
}
