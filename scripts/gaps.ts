/**
 * `npm run gaps -- PATH… [--top 30] [--of numpy,pandas]`: which functions of libraries, and which methods of objects whose type is known, the code in
 * some folders calls most that the tables of analysis/knowledge say nothing of. The next entries of the tables are found by counting.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { formatOf } from "../analysis/analyzer.js";
import { knowsCall, knowsMethod } from "../analysis/knowledge/index.js";
import { asCall, asMethodCall } from "../analysis/syntax/expressions.js";
import { createParser } from "../analysis/syntax/parser.js";
import { AnalysisState } from "../analysis/engine/state.js";
import { openDocument } from "../analysis/semantics/document.js";
import type { Facts } from "../analysis/semantics/facts.js";
import type { Node } from "../analysis/syntax/tree.js";
import { isTest, openFolder, readText, type Folder } from "./corpus/folders.js";
import { readRepositories } from "./corpus/repositories.js";

const USAGE = "Usage: npm run gaps -- PATH… [--top 30] [--of numpy,pandas]";
/** Nothing can be said of what these give. */
const UNTYPED = new Set(["function", "type", "iterator", "generator", "coroutine", "object"]);

/** How often a name is called, and in how many files. */
class Count {
  readonly #calls = new Map<string, number>();
  readonly #files = new Map<string, Set<string>>();

  add(name: string, file: string): void {
    this.#calls.set(name, (this.#calls.get(name) ?? 0) + 1);
    const files = this.#files.get(name);
    if (files) files.add(file);
    else this.#files.set(name, new Set([file]));
  }

  /** Most files first: one program that calls a thing a thousand times says little. */
  table(most: number): string {
    const rows = [...this.#calls]
      .map(([name, calls]) => ({ name, calls, files: this.#files.get(name)!.size }))
      .sort((a, b) => b.files - a.files || b.calls - a.calls || (a.name < b.name ? -1 : 1));
    const lines = rows.slice(0, most).map(({ name, calls, files }) => `${pad(files)}${pad(calls)}  ${name}`);
    return [`${pad("files")}${pad("calls")}  name`, ...lines, `${rows.length} names in all`].join("\n");
  }
}

const pad = (cell: string | number): string => String(cell).padStart(7);

/** What a call is called, if the tables know neither that nor its type; `methods` for a receiver of a known type. */
function gapOf(node: Node, facts: Facts): { readonly name: string; readonly isMethod: boolean } | undefined {
  const call = asCall(node);
  if (!call || facts.typeOf(node) !== undefined) return undefined;
  const name = facts.nameOf(call.callee);
  if (name !== undefined) return name.startsWith(".") || knowsCall(name) ? undefined : { name, isMethod: false };
  const method = asMethodCall(node);
  const type = method && facts.typeOf(method.object)?.name;
  if (!method || type === undefined || /^(local)?\./.test(type) || UNTYPED.has(type)) return undefined;
  return knowsMethod(type, method.method) ? undefined : { name: `${type}.${method.method}`, isMethod: true };
}

/** Modules of the folder itself: what its files and packages are called, at the top and below `src`. */
function ownModules({ name, paths }: Folder): ReadonlySet<string> {
  const own = paths.flatMap((it) => it.split("/").map((step) => step.replace(/\.(py|ipynb)$/, "")));
  return new Set([name, ...own].filter((it) => !["random", "time", "types", "io", "typing", "test"].includes(it)));
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { top: { type: "string", default: "30" }, of: { type: "string", default: "" } },
});
const most = Number(values.top);
if (positionals.length === 0 || !Number.isInteger(most) || most < 1) {
  console.error(USAGE);
  process.exit(2);
}
const wanted = values.of === "" ? undefined : new Set(values.of.split(","));
const bytes = (path: string) => readFileSync(`node_modules/${path}`);
const parser = await createParser(
  bytes("web-tree-sitter/web-tree-sitter.wasm"),
  bytes("tree-sitter-python/tree-sitter-python.wasm"),
);
const functions = new Count();
const methods = new Count();
let files = 0;
for (const folder of positionals.map((it) => openFolder(it, readRepositories()))) {
  const own = ownModules(folder);
  for (const path of folder.paths.filter((it) => !isTest(it) && formatOf(it) === undefined)) {
    const read = readText(folder, path);
    if ("problem" in read) continue;
    files++;
    const document = openDocument(read.text, parser);
    const isNotebook = path.endsWith(".ipynb");
    const { facts } = new AnalysisState(document, {
      python: folder.python,
      isTest: false,
      isNotebook,
    }).file();
    for (const { tree } of document.pieces) {
      for (const call of tree.root.descendants("call")) {
        const gap = gapOf(call, facts);
        const [root = ""] = gap?.name.split(".") ?? [];
        if (!gap || own.has(root) || (wanted && !wanted.has(root))) continue;
        (gap.isMethod ? methods : functions).add(gap.name, `${folder.name}/${path}`);
      }
    }
  }
}
console.log(`${files} files\n\nFunctions and classes\n${functions.table(most)}\n\nMethods\n${methods.table(most)}`);
