/** The client whose server is a Node process of its own. Loaded when the server is first needed. */

import type { ExtensionContext } from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { clientOptions, wire } from "./client-options.js";
import type { Wiring } from "./session.js";

export function createClient(context: ExtensionContext, wiring: Wiring): LanguageClient {
  const module = context.asAbsolutePath("dist/server.mjs");
  return wire(
    new LanguageClient("nippy", "Nippy", { module, transport: TransportKind.ipc }, clientOptions(wiring)),
    wiring,
  );
}
