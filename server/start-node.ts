/** Starts the language server under Node: for the editor over IPC, for everyone else over stdin and stdout. */

import { writeSync } from "node:fs";
import { opendir, readFile, realpath } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createConnection, type MessageReader } from "vscode-languageserver/node";
import { CONFIGURATION_SIZE, createParser, type Parser } from "../analysis/analyzer.js";
import { isUnfit, readWithoutWaiting, textOf } from "../host/regular-file.js";
import { framing } from "./framing.js";
import { connectionOptions, startServer, type Host } from "./main.js";
import type { Entry } from "./target.js";
import { WholeMessages } from "./whole-messages.js";

/**
 * @param folder the bundles': the .wasm files lie in it, package.json beside it
 * @param makeRoom called when a large document comes
 */
export function startOnNode(folder: URL, makeRoom: () => void): void {
  // Ports and named pipes would need the modules of the network, which are in no bundle.
  const isChild = process.argv.includes("--node-ipc");
  const connection = isChild
    ? createConnection(connectionOptions())
    : // A stream on one side and a writer on the other: the library takes that, only its types do not say so.
      createConnection(
        process.stdin as unknown as MessageReader,
        new WholeMessages(process.stdout),
        connectionOptions(),
      );
  if (!isChild) followFrames(makeRoom);
  startServer(connection, {
    ...LOCAL_FILES,
    createParser: () => parserFrom(folder),
    version: () => versionFrom(new URL("../package.json", folder)),
  });
}

/** In bytes: with such a message a large document is opened. */
const LARGE_MESSAGE = 200_000;

/** Before the library's own listener: to whoever sends something broken nothing is answered any more. */
function followFrames(makeRoom: () => void): void {
  const follow = framing((length) => {
    if (length > LARGE_MESSAGE) makeRoom();
  });
  process.stdin.on("data", (chunk: Uint8Array) => {
    const broken = follow(chunk);
    if (broken === undefined) return;
    writeSync(process.stderr.fd, `nippy: ${broken} The server ends.\n`);
    process.exit(1);
  });
}

export async function parserFrom(folder: URL): Promise<Parser> {
  const [runtime, grammar] = await Promise.all(
    ["web-tree-sitter.wasm", "tree-sitter-python.wasm"].map((it) => readFile(new URL(it, folder))),
  );
  return createParser(runtime!, grammar!);
}

/** A folder with more names than this is taken as one that cannot be listed. */
const MOST_NAMES = 20_000;

export const LOCAL_FILES: Pick<Host, "reaches" | "readFile" | "listFolder" | "ignoresCase" | "endOf"> = {
  ignoresCase: process.platform === "win32" || process.platform === "darwin",
  reaches: (uri) => uri.startsWith("file:"),
  async readFile(uri, most) {
    try {
      // Editors count lines and columns without the byte order mark.
      return textOf(await readWithoutWaiting(fileURLToPath(uri), most));
    } catch (error) {
      if (isUnfit(error)) throw error;
      return undefined; // Not there, not readable, or no path at all: for a configuration file that is the same.
    }
  },
  async endOf(uri) {
    try {
      return pathToFileURL(await realpath(fileURLToPath(uri))).href;
    } catch {
      return uri;
    }
  },
  async listFolder(uri) {
    try {
      const entries: Entry[] = [];
      for await (const entry of await opendir(fileURLToPath(uri), { bufferSize: 1024 })) {
        entries.push({ name: entry.name, kind: entry.isFile() ? "file" : entry.isDirectory() ? "folder" : "other" });
        if (entries.length > MOST_NAMES) return undefined;
      }
      return entries;
    } catch {
      return undefined;
    }
  },
};

async function versionFrom(manifest: URL): Promise<string | undefined> {
  const text = await LOCAL_FILES.readFile(manifest.href, CONFIGURATION_SIZE);
  return text === undefined ? undefined : (JSON.parse(text) as { version?: string }).version;
}
