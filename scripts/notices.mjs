/** Which packages are in the bundles, by what esbuild says it put there, and their licences, which travel with every artefact. */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The WebAssembly files are copied, not bundled. */
const COPIED = ["web-tree-sitter", "tree-sitter-python"];

/** Inside web-tree-sitter.wasm, and in no package of its own: name, licence by SPDX, text in assets/licenses. */
const LINKED = [
  { name: "emscripten", license: "MIT" },
  { name: "icu", license: "ICU" },
  { name: "musl", license: "MIT" },
];

/** @param metafiles of all bundles. Writes dist/licenses.txt for users and dist/packages.json for the bill of materials. */
export function writeNotices(metafiles) {
  const folders = new Set(COPIED.map((it) => join("node_modules", it)));
  for (const { inputs } of metafiles) for (const path of Object.keys(inputs)) folders.add(packageFolder(path));
  folders.delete(undefined);
  const packages = [...folders].map(described).sort((a, b) => (a.title < b.title ? -1 : 1));
  const texts = [
    ...packages.map(({ title, text }) => `${title}\n\n${text}\n`),
    ...LINKED.map(
      ({ name }) =>
        `${name}, in web-tree-sitter.wasm\n\n${textOf(join("assets", "licenses"), new RegExp(`^${name}\\.txt$`))}\n`,
    ),
  ];
  writeFileSync(
    "dist/licenses.txt",
    ["Nippy contains the following packages.\n", ...texts].join(`\n${"-".repeat(80)}\n`),
  );
  const named = packages.map(({ name, version }) => ({ name, version }));
  writeFileSync("dist/packages.json", JSON.stringify({ packages: named, linked: LINKED }));
}

/** The innermost one: a package may bring its own version of another. */
function packageFolder(path) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(path.replaceAll("\\", "/"))?.[1];
}

function described(folder) {
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return { name, version, title: `${name} ${version}`, text: textOf(folder, /^licen[cs]e/i) };
}

/** A package without a text of its licence must not slip into a release. */
function textOf(folder, pattern) {
  const file = readdirSync(folder).find((it) => pattern.test(it));
  if (file === undefined) throw new Error(`${folder} has no text of its licence.`);
  return readFileSync(join(folder, file), "utf8").trim();
}
