/** Packs the extension into a VSIX, after a production build: writes the bill of materials, checks that nothing is missing and that it stays small, and lists what is in it. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createVSIX, listFiles, PackageManager } from "@vscode/vsce";
import { transformSync } from "esbuild";
import JSZip from "jszip";

const MOST_BYTES = 3_000_000;

const { name, version } = JSON.parse(readFileSync("package.json", "utf8")) as Record<"name" | "version", string>;
const target = `${name}-${version}.vsix`;

writeFileSync("dist/sbom.cdx.json", `${JSON.stringify(billOfMaterials(), undefined, 2)}\n`);
const folder = staged();
let files: readonly string[];
try {
  await createVSIX({ cwd: folder, packagePath: resolve(target), dependencies: false, preRelease: isPreview(version) });
  files = await listFiles({ cwd: folder, packageManager: PackageManager.None });
} finally {
  rmSync(folder, { recursive: true });
}
await packTightly(target);
printSizes(files);
const bytes = statSync(target).size;
console.log(`${target}: ${kilobytes(bytes)}, ${files.length} files`);
if (bytes > MOST_BYTES) {
  console.error(`That is more than ${kilobytes(MOST_BYTES)}: see what grew in the list above.`);
  process.exitCode = 1;
}

/** vsce compresses for speed; an extension is downloaded more often than it is packed. */
async function packTightly(path: string): Promise<void> {
  const loose = await JSZip.loadAsync(readFileSync(path));
  // What is taken over as it is stays as it was compressed.
  const archive = new JSZip();
  for (const { name, date, dir } of Object.values(loose.files))
    if (!dir)
      archive.file(name, closelySet(name, await loose.file(name)!.async("nodebuffer")), { date, createFolders: false });
  const tight = await archive.generateAsync({
    type: "nodebuffer",
    compression: "DEFLATE",
    compressionOptions: { level: 9 },
  });
  writeFileSync(path, tight);
}

/** Data, scripts and styles without the blanks and comments that are there for people. */
function closelySet(name: string, content: Buffer): Buffer | string {
  const kind = /\/assets\/.*\.(js|css)$/.exec(name)?.[1] as "js" | "css" | undefined;
  if (kind) return transformSync(content.toString("utf8"), { loader: kind, minify: true, charset: "utf8" }).code;
  return name.endsWith(".json") ? JSON.stringify(JSON.parse(content.toString("utf8"))) : content;
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
  // `files` is for npm: vsce takes that or .vscodeignore, not both.
  const { files: _, ...manifest } = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, unknown>;
  writeFileSync(join(made, "package.json"), JSON.stringify(manifest, undefined, 2));
  return made;
}

interface Component {
  readonly name: string;
  readonly version: string;
  readonly "bom-ref": string;
}

interface Bill {
  readonly serialNumber?: string;
  readonly metadata: { readonly timestamp?: string; readonly component: { readonly "bom-ref": string } };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** npm's own list in the form of CycloneDX, of what is in the bundles and of nothing else. Equal sources give an equal list: no time, no number made by chance. */
function billOfMaterials(): object {
  const { status, stdout } = spawnSync("npm", ["sbom", "--sbom-format=cyclonedx", "--package-lock-only"], {
    encoding: "utf8",
    shell: process.platform === "win32",
    maxBuffer: 64_000_000,
  });
  if (status !== 0) throw new Error("`npm sbom` failed: npm 9.8 or later is needed.");
  const { serialNumber: _, metadata, components, dependencies, ...rest } = JSON.parse(stdout) as Bill;
  const { timestamp: __, ...tool } = metadata;
  const { packages, linked } = JSON.parse(readFileSync("dist/packages.json", "utf8")) as Notices;
  const wanted = new Set(packages.map(({ name, version }) => `${name}@${version}`));
  const shipped = components.filter(({ name, version }) => wanted.has(`${name}@${version}`));
  const refs = new Set([metadata.component["bom-ref"], ...shipped.map((it) => it["bom-ref"])]);
  const missing = [...wanted].filter((it) => !shipped.some(({ name, version }) => `${name}@${version}` === it));
  if (missing.length > 0) throw new Error(`Bundled, but not in package-lock.json: ${missing.join(", ")}`);
  return {
    ...rest,
    // npm calls the component by the folder it lies in.
    metadata: { ...tool, component: { ...tool.component, name } },
    components: [
      // All are needed to run, wherever package.json lists them.
      ...shipped.map((it) => ({ ...it, scope: "required", properties: [] })),
      ...linked.map(({ name, license }) => ({
        "bom-ref": name,
        type: "library",
        name,
        scope: "required",
        licenses: [{ license: { id: license } }],
      })),
    ],
    dependencies: dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((it) => refs.has(it)) })),
  };
}

/** As scripts/notices.mjs writes it. */
interface Notices {
  readonly packages: readonly { readonly name: string; readonly version: string }[];
  readonly linked: readonly { readonly name: string; readonly license: string }[];
}

/** One line per folder, the built files one by one: those are what can grow unnoticed. */
/** Odd minor versions are previews: the marketplaces offer them to those who ask for them. */
function isPreview(it: string): boolean {
  return Number(it.split(".")[1]) % 2 === 1;
}

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
