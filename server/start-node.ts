/** Starts the language server under Node: for the editor over IPC, for everyone else over stdin and stdout. */

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createConnection } from "vscode-languageserver/node";
import { createParser, type Parser } from "../analysis/analyzer.js";
import { CONNECTION, startServer, type Host } from "./main.js";

const TRANSPORTS = ["--node-ipc", "--stdio", "--socket", "--pipe"];

/** `folder` is the bundles': the .wasm files lie in it, package.json beside it. */
export function startOnNode(folder: URL): void {
  const isNamed = process.argv.some((it) => TRANSPORTS.includes(it.split("=")[0] ?? ""));
  const connection = isNamed ? createConnection(CONNECTION) : createConnection(process.stdin, process.stdout, CONNECTION);
  startServer(connection, { ...LOCAL_FILES, createParser: () => parserFrom(folder), version: () => versionFrom(new URL("../package.json", folder)) });
}

export async function parserFrom(folder: URL): Promise<Parser> {
  const [runtime, grammar] = await Promise.all(["web-tree-sitter.wasm", "tree-sitter-python.wasm"].map((it) => readFile(new URL(it, folder))));
  return createParser(runtime!, grammar!);
}

export const LOCAL_FILES: Pick<Host, "reaches" | "readFile"> = {
  reaches: (uri) => uri.startsWith("file:"),
  async readFile(uri) {
    try {
      // Editors count lines and columns without the byte order mark.
      return (await readFile(fileURLToPath(uri), "utf8")).replace(/^\ufeff/, "");
    } catch {
      return undefined; // Not there, not readable, or no path at all: for a configuration file that is the same.
    }
  },
};

async function versionFrom(manifest: URL): Promise<string | undefined> {
  const text = await LOCAL_FILES.readFile(manifest.href);
  return text === undefined ? undefined : (JSON.parse(text) as { version?: string }).version;
}
