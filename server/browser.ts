/** The server in a web worker. The client hands over the WebAssembly files; a worker of an editor is often not allowed to fetch them. */

import { BrowserMessageReader, BrowserMessageWriter, createConnection } from "vscode-languageserver/browser";
import { createParser } from "../analysis/analyzer.js";
import { tableOf } from "./capabilities.js";
import { CONNECTION, startServer } from "./main.js";

/** The types of a window are at hand, not those of a worker; what is used of it, both have. */
const port = self as unknown as Worker;

/** Bytes are taken as they are, a string is a URL; without either the file is expected one folder above the worker's script. */
async function bytesOf(source: unknown, name: string): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  const url = typeof source === "string" ? source : new URL(`../${name}`, self.location.href).href;
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} could not be read: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

const connection = createConnection(new BrowserMessageReader(port), new BrowserMessageWriter(port), CONNECTION);

startServer(connection, {
  async createParser(wasm) {
    const { runtime, grammar } = tableOf(wasm);
    return createParser(
      await bytesOf(runtime, "web-tree-sitter.wasm"),
      await bytesOf(grammar, "tree-sitter-python.wasm"),
    );
  },
  // A worker has no files: the client is asked for each.
  reaches: () => false,
  readFile: () => Promise.resolve(undefined),
  listFolder: () => Promise.resolve(undefined),
  version: () => Promise.resolve(undefined),
});
