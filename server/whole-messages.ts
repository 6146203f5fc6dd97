/** Writes each message with its header in one go. The library writes the two one after the other, and each write wakes the reader: of a keystroke that took a third. */

import type { Writable } from "node:stream";
import { AbstractMessageWriter, type Message, type MessageWriter } from "vscode-languageserver/node";

export class WholeMessages extends AbstractMessageWriter implements MessageWriter {
  #failures = 0;

  constructor(private readonly stream: Writable) {
    super();
    stream.on("error", (error) => this.fireError(error));
    stream.on("close", () => this.fireClose());
  }

  /** Messages leave in the order they are given: the stream keeps it. */
  write(message: Message): Promise<void> {
    return new Promise((resolve, reject) => {
      const failed = (error: unknown) => {
        this.fireError(error, message, ++this.#failures);
        reject(error instanceof Error ? error : new Error(String(error)));
      };
      try {
        const body = JSON.stringify(message);
        const whole = `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
        this.stream.write(whole, "utf8", (error) => (error ? failed(error) : resolve()));
      } catch (error) {
        failed(error);
      }
    });
  }

  end(): void {
    this.stream.end();
  }
}
