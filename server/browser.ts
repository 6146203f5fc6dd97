/** The server in a web worker. Whoever starts it hands over the WebAssembly files as bytes: it fetches nothing by itself. */

import { BrowserMessageReader, BrowserMessageWriter, createConnection } from "vscode-languageserver/browser";
import { createParser } from "../analysis/analyzer.js";
import { tableOf } from "./capabilities.js";
import { connectionOptions, startServer } from "./main.js";

export function startInWorker(): void {
  /** The types of a window are at hand, not those of a worker; what is used of it, both have. */
  const port = self as unknown as Worker;
  const connection = createConnection(
    new BrowserMessageReader(port),
    new BrowserMessageWriter(port),
    connectionOptions(),
  );
  startServer(connection, {
    async createParser(wasm) {
      const { runtime, grammar } = tableOf(wasm);
      return createParser(bytesOf(runtime, "web-tree-sitter.wasm"), bytesOf(grammar, "tree-sitter-python.wasm"));
    },
    // A worker has no files: the client is asked for each.
    reaches: () => false,
    ignoresCase: false,
    readFile: () => Promise.resolve(undefined),
    listFolder: () => Promise.resolve(undefined),
    endOf: (uri) => Promise.resolve(uri),
    version: () => Promise.resolve(undefined),
  });
}

function bytesOf(source: unknown, name: string): Uint8Array {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  throw new Error(`initializationOptions.wasm has no bytes of ${name}.`);
}
