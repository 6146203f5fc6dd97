/** Serves an installed VS Code on this machine for one folder and one set of extensions. */

import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cleanup } from "./cleanup.js";
import type { VsCode } from "./install.js";
import { startProgram, type Program } from "./program.js";

export interface ServeOptions {
  readonly folder: string;
  readonly data: string;
  readonly extensions: string;
  /** The window opens the folder as one that nobody has trusted yet, in Restricted Mode. */
  readonly isUntrusted?: boolean;
}

export interface Served {
  /** Opens the folder that was asked for; `&payload=…` may follow. */
  readonly url: string;
  /** The name by which the window knows a file of this machine. */
  readonly fileUri: (path: string) => string;
  /** Settles when the server has ended; rejects when nobody asked it to. */
  readonly ended: Promise<void>;
}

/** What the window shows on first sight: the folder, and nothing that covers it or distracts from it. */
const userSettings = {
  // A served VS Code saves by itself unless told otherwise; the desktop one does not.
  "files.autoSave": "off",
  "chat.disableAIFeatures": true,
  "extensions.ignoreRecommendations": true,
  "extensions.autoCheckUpdates": false,
  // Asked about, a folder stays untrusted: the question would cover the window.
  "security.workspace.trust.startupPrompt": "never",
  "git.openRepositoryInParentFolders": "never",
  "telemetry.telemetryLevel": "off",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
};

const startPatience = 120_000;

/** Makes the repository itself an installed extension, and what else is named: a rebuild and "Reload Window" show a change. */
export function linkExtension(root: string, extensions: string, ...others: readonly string[]): void {
  mkdirSync(extensions, { recursive: true });
  const entries = [root, ...others].map((path) => {
    const manifest = JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as Record<
      "publisher" | "name" | "version",
      string
    >;
    const id = `${manifest.publisher}.${manifest.name}`;
    const folder = `${id}-${manifest.version}`;
    // A link, so that "Uninstall" in the window removes the link and not the repository.
    symlinkSync(path, join(extensions, folder), "junction");
    return {
      identifier: { id },
      version: manifest.version,
      location: { scheme: "file", path: join(extensions, folder) },
      relativeLocation: folder,
    };
  });
  writeFileSync(join(extensions, "extensions.json"), JSON.stringify(entries));
}

/** Installs a packed extension the way a user would. */
export async function installVsix(vscode: VsCode, vsix: string, data: string, extensions: string): Promise<void> {
  const program = startProgram(vscode.node, [
    vscode.serverMain,
    "--install-extension",
    vsix,
    "--server-data-dir",
    data,
    "--extensions-dir",
    extensions,
  ]);
  const code = await program.exited;
  // VS Code reports a refused extension with exit code 0.
  if (code !== 0 || !program.output().includes("successfully installed"))
    throw new Error(`VS Code could not install ${vsix}:\n${program.output()}`);
}

/** Starts the server on a free port and waits until it listens. Only who knows the token in the address can use it: whoever reaches the port could else run what they like as the user. */
export async function serve(vscode: VsCode, options: ServeOptions, cleanup: Cleanup): Promise<Served> {
  const user = join(options.data, "data", "User");
  mkdirSync(user, { recursive: true });
  writeFileSync(join(user, "settings.json"), JSON.stringify(userSettings, undefined, 2));
  const token = randomBytes(32).toString("hex");
  const tokenFile = join(options.data, "token");
  // Arguments of a process can be read by every user of the machine.
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const program = startProgram(vscode.node, [
    vscode.serverMain,
    ...["--host", "127.0.0.1", "--port", "0", "--connection-token-file", tokenFile, "--accept-server-license-terms"],
    ...["--server-data-dir", options.data, "--extensions-dir", options.extensions],
    ...["--telemetry-level", "off", ...(options.isUntrusted ? [] : ["--disable-workspace-trust"])],
  ]);
  let stopping = false;
  cleanup.add(() => {
    stopping = true;
    return program.stop();
  });
  const ended = program.exited.then((code) => {
    if (!stopping) throw new Error(`VS Code's server ended with code ${code}:\n${program.output()}`);
  });
  ended.catch(() => undefined);
  const port = await Promise.race([listeningPort(program), ended]);
  if (port === undefined) throw new Error("VS Code's server was stopped before it listened.");
  // The server has an option for a default folder, but the window then does not see its files as inside that folder.
  return {
    url: `http://127.0.0.1:${port}/?tkn=${token}&folder=${uriPath(options.folder)}`,
    fileUri: (path) => remoteUri(port, path),
    ended,
  };
}

/** The server says on which port it listens. */
function listeningPort(program: Program): Promise<number> {
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(
      () => reject(new Error(`VS Code's server did not start within ${startPatience / 1000} s:\n${program.output()}`)),
      startPatience,
    );
    program.onLine((line) => {
      const port = /Extension host agent listening on (\d+)/.exec(line)?.[1];
      if (port === undefined) return;
      clearTimeout(tooLate);
      resolve(Number(port));
    });
  });
}

function remoteUri(port: number, path: string): string {
  return `vscode-remote://127.0.0.1:${port}${uriPath(path)}`;
}

/** The path of a URI: `C:\my code` is `/C:/my%20code`. */
function uriPath(path: string): string {
  const posix = path.replaceAll("\\", "/");
  const absolute = posix.startsWith("/") ? posix : `/${posix}`;
  return absolute
    .split("/")
    .map((part) => encodeURIComponent(part).replaceAll("%3A", ":"))
    .join("/");
}
