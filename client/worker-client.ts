/** The client whose server is a web worker. It hands over the WebAssembly files as bytes, because the worker may not fetch them. */

import { Uri, workspace, type ExtensionContext } from "vscode";
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from "vscode-languageclient/browser";
import type { InitializationOptions, WasmFiles } from "../server/protocol.js";
import { clientOptions, wire } from "./client-options.js";
import type { Wiring } from "./session.js";

export function createClient(context: ExtensionContext, wiring: Wiring): LanguageClient {
  const options = clientOptions(wiring);
  let worker: Worker | undefined;
  let wasm: WasmFiles | undefined;
  const startWorker = async (): Promise<MessageTransports> => {
    // Asked for at every start; the worker before has been told to exit and is not needed any more.
    worker?.terminate();
    wasm ??= await readWasm(context);
    worker = new Worker(Uri.joinPath(context.extensionUri, "dist", "web", "server.js").toString(true));
    // Not the worker itself: VS Code's extension host makes workers in its own way, and the library does not recognise them.
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  // A function, because it is called after the worker was started, when the files have been read.
  const initializationOptions = (): InitializationOptions => ({
    ...options.initializationOptions,
    ...(wasm && { wasm }),
  });
  return wire(new LanguageClient("nippy", "Nippy", startWorker, { ...options, initializationOptions }), wiring);
}

async function readWasm(context: ExtensionContext): Promise<WasmFiles> {
  const read = (name: string) => workspace.fs.readFile(Uri.joinPath(context.extensionUri, "dist", name));
  const [runtime, grammar] = await Promise.all([read("web-tree-sitter.wasm"), read("tree-sitter-python.wasm")]);
  return { runtime, grammar };
}
