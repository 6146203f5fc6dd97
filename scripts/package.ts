/** Packs the extension into a VSIX, after a production build: checks that nothing is missing and that it stays small, and lists what is in it. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createVSIX, listFiles, PackageManager } from "@vscode/vsce";

const MOST_BYTES = 3_000_000;

const { name, version, dependencies } = readPackage(".");
const target = `${name}-${version}.vsix`;

writeFileSync("dist/licenses.txt", licenses(Object.keys(dependencies)));
const folder = staged();
let files: readonly string[];
try {
  await createVSIX({ cwd: folder, packagePath: resolve(target), dependencies: false });
  files = await listFiles({ cwd: folder, packageManager: PackageManager.None });
} finally {
  rmSync(folder, { recursive: true });
}
printSizes(files);
const bytes = statSync(target).size;
console.log(`${target}: ${kilobytes(bytes)}, ${files.length} files`);
if (bytes > MOST_BYTES) {
  console.error(`That is more than ${kilobytes(MOST_BYTES)}: see what grew in the list above.`);
  process.exitCode = 1;
}

/** A folder with what .vscodeignore lets in: vsce looks at every file below the one it packs, and beside ours stand whole Python environments. */
function staged(): string {
  const wanted = readFileSync(".vscodeignore", "utf8")
    .split("\n")
    .filter((line) => line.startsWith("!"))
    .map((line) => line.slice(1).replace(/\/[^/]*\*.*$/, ""));
  // vsce packs what it finds; one that is not there would only be noticed by users.
  const missing = wanted.filter((it) => !existsSync(it));
  if (missing.length > 0) throw new Error(`Missing from the package: ${missing.join(", ")}`);
  const made = mkdtempSync(join(tmpdir(), "nippy-package-"));
  for (const it of [".vscodeignore", ...wanted]) cpSync(it, join(made, it), { recursive: true });
  return made;
}

/** The licences of everything bundled, which their authors ask to be passed on. */
function licenses(names: readonly string[], from = "."): string {
  const seen = new Map<string, string>();
  const visit = (dependency: string, parent: string): void => {
    const folder = [join(parent, "node_modules", dependency), join(from, "node_modules", dependency)].find(existsSync);
    if (folder === undefined || seen.has(folder)) return;
    const found = readPackage(folder);
    const file = readdirSync(folder).find((it) => /^licen[cs]e/i.test(it));
    const text = file === undefined ? found.license : readFileSync(join(folder, file), "utf8").trim();
    seen.set(folder, `${found.name} ${found.version}\n\n${text}\n`);
    for (const next of Object.keys(found.dependencies)) visit(next, folder);
  };
  for (const dependency of names) visit(dependency, from);
  return ["Nippy contains the following packages.\n", ...[...seen.values()].sort()].join(`\n${"-".repeat(80)}\n`);
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

function readPackage(folder: string): Package {
  const read = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Partial<Package>;
  return { name: "", version: "", license: "", dependencies: {}, ...read };
}

/** One line per folder, the built files one by one: those are what can grow unnoticed. */
function printSizes(paths: readonly string[]): void {
  const sizes = new Map<string, number>();
  for (const path of paths) {
    const group = path.startsWith("dist/") || !path.includes("/") ? path : `${path.split("/")[0]}/`;
    sizes.set(group, (sizes.get(group) ?? 0) + statSync(path).size);
  }
  for (const [group, size] of [...sizes].sort((a, b) => b[1] - a[1]))
    console.log(`${kilobytes(size).padStart(10)}  ${group}`);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(0)} kB`;
}
