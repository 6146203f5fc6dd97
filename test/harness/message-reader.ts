/** Reads messages from a stream that may end in the middle of one, as it does when a server is ended while it speaks. */
import { StreamMessageReader } from "vscode-languageserver/node";

export function messageReader(stream: NodeJS.ReadableStream): StreamMessageReader {
  const reader = new StreamMessageReader(stream);
  // Else it looks for the rest again and again, and keeps the process alive for that, even when it is disposed of.
  reader.partialMessageTimeout = 0;
  return reader;
}
