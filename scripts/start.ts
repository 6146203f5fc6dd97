/** `npm start`: opens the examples in a VS Code that has Nippy, the desktop one if there is one, else one served to the browser. */

import { spawn, spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cleanupOnExit, temporaryFolder } from "./vscode-host/cleanup.js";
import { installVsCode } from "./vscode-host/install.js";
import { linkExtension, serve } from "./vscode-host/serve.js";

const help = `npm start [-- --web] [-- --no-open]
  --web      serve VS Code to the browser even where the desktop VS Code is installed
  --no-open  only print the address, do not open the browser`;

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const examples = join(root, "examples");
/** The one with the most findings. */
const first = join(examples, "reviews", "pipeline.py");
/** Opens the walkthrough beside it. */
const firstLook = join(root, "scripts", "vscode-host", "first-look");
const windows = process.platform === "win32";

try {
  await start();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function start(): Promise<void> {
  const { values: options } = parseArgs({
    options: { web: { type: "boolean" }, "no-open": { type: "boolean" }, help: { type: "boolean" } },
  });
  if (options.help) console.log(help);
  else if (options.web || !startDesktop()) await startInBrowser(!options["no-open"]);
}

/** The command line of the desktop VS Code opens a window and returns; false when it is not there. */
function startDesktop(): boolean {
  // On Windows `code` is a batch file, which only a shell can start, and a shell needs the quotes.
  const quote = (path: string): string => (windows ? `"${path}"` : path);
  const developed = [root, firstLook].map((it) => `--extensionDevelopmentPath=${quote(it)}`);
  const { status } = spawnSync("code", [...developed, quote(examples), quote(first)], {
    shell: windows,
    stdio: "ignore",
  });
  if (status !== 0) return false;
  console.log("Opened the examples in VS Code with this Nippy.");
  return true;
}

async function startInBrowser(opens: boolean): Promise<void> {
  const cleanup = cleanupOnExit(0);
  try {
    const vscode = await installVsCode(root, console.log);
    const temporary = temporaryFolder(cleanup);
    const extensions = join(temporary, "extensions");
    linkExtension(root, extensions, firstLook);
    const served = await serve(vscode, { folder: examples, data: join(temporary, "data"), extensions }, cleanup);
    // Something to look at: an empty window says nothing of what Nippy does.
    const payload = JSON.stringify([["openFile", served.fileUri(first)]]);
    const address = `${served.url}&payload=${encodeURIComponent(payload)}`;
    console.log(`\n${vscode.version} with Nippy:  ${address}\n`);
    console.log('After a rebuild, run "Developer: Reload Window" there. Ctrl-C here ends it.');
    if (opens) openInBrowser(address);
    await served.ended;
  } finally {
    await cleanup.run();
  }
}

/** Convenience only: the address is printed, so it does not matter when this fails. */
function openInBrowser(url: string): void {
  const [command, args] = windows
    ? (["cmd", ["/c", "start", "", url]] as const)
    : process.platform === "darwin"
      ? (["open", [url]] as const)
      : (["xdg-open", [url]] as const);
  spawn(command, args, { stdio: "ignore", detached: !windows })
    .on("error", () => undefined)
    .unref();
}
