/** Installs a VS Code made of npm packages into `.vscode-host/`, once, the first time a script needs it. */

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";

/** An installed VS Code server and the Node that runs it. */
export interface VsCode {
  readonly version: string;
  readonly node: string;
  readonly serverMain: string;
}

const windows = process.platform === "win32";
const quietInstall = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/**
 * Returns the installed VS Code, installing it first when it is missing or its recipe changed.
 * An install grows under a temporary name and is renamed when complete, so an interrupted one is never taken for a whole one.
 */
export async function installVsCode(root: string, say: (line: string) => void): Promise<VsCode> {
  const recipe = join(root, "test", "vscode", "host");
  const home = join(root, ".vscode-host");
  const finished = join(home, `installed-${hashOf(recipe)}`);
  if (!existsSync(finished)) {
    say(`Installing VS Code ${promisedVersion(recipe)} from npm (about 20 s, once)…`);
    const started = performance.now();
    removeLeftovers(home);
    const unfinished = join(home, `installing-${process.pid}`);
    try {
      await installInto(unfinished, finished, recipe, say);
      moveIntoPlace(unfinished, finished);
    } finally {
      remove(unfinished);
    }
    say(`Installed in ${Math.round((performance.now() - started) / 1000)} s: ${describe(finished).version}`);
  }
  return describe(finished);
}

async function installInto(
  folder: string,
  finished: string,
  recipe: string,
  say: (line: string) => void,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const name of recipeFiles) copyFileSync(join(recipe, name), join(folder, name));
  say("  1/3 VS Code and a Node to run it");
  await npm(quietInstall, folder);
  findNode(folder);
  const vscode = vscodeFolder(folder);
  say("  2/3 what VS Code needs");
  // The published shrinkwrap leaves peer dependencies out; npm refuses it unless told to do the same.
  await npm([...quietInstall, "--omit=dev", "--legacy-peer-deps"], vscode);
  say("  3/3 what its built-in extensions need");
  await npm([...quietInstall, "--omit=dev"], join(vscode, "extensions"));
  // VS Code looks for some packages inside an archive that a server build does not have: the folder serves.
  // A link on Windows needs a whole path, and the folder is about to be renamed.
  symlinkSync(
    windows ? join(vscodeFolder(finished), "node_modules") : "node_modules",
    join(vscode, "node_modules.asar"),
    "junction",
  );
  installRipgrep(folder, vscode);
  copyFileSync(join(folder, "logger.cjs"), join(vscode, "node_modules", "@vscode", "spdlog", "index.js"));
}

/** What an install is made from: when one of these changes, the install is made anew. */
const recipeFiles = ["package.json", "package-lock.json", "logger.cjs"];

function hashOf(recipe: string): string {
  const hash = createHash("sha256");
  for (const name of recipeFiles) hash.update(readFileSync(join(recipe, name)));
  return hash.digest("hex").slice(0, 12);
}

/** File search needs ripgrep, which its own package would download with an install script; the platform package holds the program. */
function installRipgrep(folder: string, vscode: string): void {
  const name = windows ? "rg.exe" : "rg";
  const source = join(folder, "node_modules", "@vscode", `ripgrep-${process.platform}-${process.arch}`, "bin", name);
  const target = join(vscode, "node_modules", "@vscode", "ripgrep", "bin");
  mkdirSync(target, { recursive: true });
  copyFileSync(source, join(target, name));
}

/** Two scripts may install at the same time: the first to finish wins, the other's work is dropped. */
function moveIntoPlace(unfinished: string, finished: string): void {
  try {
    renameSync(unfinished, finished);
  } catch (error) {
    if (!existsSync(finished)) throw error;
  }
}

/** Removes installs of other recipes and what interrupted installs left behind, but nothing that a living process is making. */
function removeLeftovers(home: string): void {
  if (!existsSync(home)) return;
  for (const name of readdirSync(home)) {
    const owner = /^installing-(\d+)$/.exec(name)?.[1];
    if (owner !== undefined && isRunning(Number(owner))) continue;
    if (owner !== undefined || name.startsWith("installed-")) remove(join(home, name));
  }
}

/** Retries, because an npm whose script was killed may still be writing. */
function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function vscodeFolder(installed: string): string {
  return join(installed, "node_modules", "code-server", "lib", "vscode");
}

/** code-server counts as VS Code does: its 4.112.0 holds VS Code 1.112. */
function promisedVersion(recipe: string): string {
  const { dependencies } = readJson(join(recipe, "package.json")) as {
    readonly dependencies: { readonly "code-server": string };
  };
  return dependencies["code-server"].replace(/^4\.(\d+)\..*$/, "1.$1");
}

function describe(installed: string): VsCode {
  const vscode = vscodeFolder(installed);
  const manifest = readJson(join(vscode, "package.json")) as { readonly version: string };
  return {
    version: `VS Code ${manifest.version}`,
    node: findNode(installed),
    serverMain: join(vscode, "out", "server-main.js"),
  };
}

/** npm installs the one Node package that suits this machine; the recipe names them all. */
function findNode(installed: string): string {
  const recipe = readJson(join(installed, "package.json")) as {
    readonly optionalDependencies: Readonly<Record<string, string>>;
  };
  for (const name of Object.keys(recipe.optionalDependencies)) {
    const node = join(installed, "node_modules", name, "bin", windows ? "node.exe" : "node");
    if (existsSync(node)) return node;
  }
  throw new Error(
    `No npm package of Node 22 exists for ${process.platform} on ${process.arch}, so VS Code cannot be served here. Install the desktop VS Code instead.`,
  );
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

function npm(args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", args, { cwd, shell: windows, stdio: ["ignore", "ignore", "pipe"] });
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ${args.join(" ")} failed in ${cwd}:\n${complaint.trim()}`));
    });
  });
}
