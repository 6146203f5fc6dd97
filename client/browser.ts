/** Entry in the browser. */

import type { ExtensionContext } from "vscode";
import { start } from "./start.js";
import type { Session } from "./session.js";

let session: Session | undefined;

export function activate(context: ExtensionContext): void {
  session = start(context, async (wiring) => (await import("./worker-client.js")).createClient(context, wiring));
}

export function deactivate(): Promise<void> | undefined {
  return session?.stop();
}
