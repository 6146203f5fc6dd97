/** The imports that fixes need: an import that is there is used as it is there, a missing one is added once. */

import { indexOf } from "../semantics/document.js";
import { pieceOf } from "../semantics/piece.js";
import type { Site } from "../semantics/scopes.js";
import type { Node, Span } from "../syntax/tree.js";
import { insertAfter } from "./edits.js";
import type { Edit, File } from "./rule.js";

export interface Import {
  /** How the thing is written at the place it is needed: `np`, `functools.wraps`, `wraps`. */
  readonly name: string;
  /** Empty if the import is there already. */
  readonly edits: readonly Edit[];
}

/** Undefined where the name would mean something else near that place. */
export function importModule(file: File, module: string, near: Node, alias?: string): Import | undefined {
  const existing = importSites(file).find(({ imported }) => imported?.module === module && imported.name === undefined);
  if (existing) return visible(file, existing, near);
  const bound = alias ?? module.split(".")[0]!;
  if (file.facts.isTaken(bound, near)) return undefined;
  return { name: alias ?? module, edits: [newImport(file, alias ? `import ${module} as ${alias}` : `import ${module}`)] };
}

/** `from module import name`, or `module.name` where the module is imported already. */
export function importName(file: File, module: string, name: string, near: Node): Import | undefined {
  const sites = importSites(file);
  const direct = sites.find(({ imported }) => imported?.module === module && imported.name === name);
  if (direct) return visible(file, direct, near);
  const whole = sites.find(({ imported }) => imported?.module === module && imported.name === undefined);
  const viaModule = whole && visible(file, whole, near);
  if (viaModule) return { ...viaModule, name: `${viaModule.name}.${name}` };
  if (file.facts.isTaken(name, near)) return undefined;
  const sibling = sites.findLast(({ imported, owner }) => imported?.module === module && imported.name !== undefined && !owner.text.includes("\n") && runsBefore(file, owner, near));
  const last = sibling?.owner.fieldAll("name").at(-1);
  return { name, edits: [last ? insertAfter(last, `, ${name}`) : newImport(file, `from ${module} import ${name}`)] };
}

function runsBefore({ facts }: File, first: Node, second: Node): boolean {
  const { document } = facts.view;
  return first.tree === second.tree ? first.end <= second.start : indexOf(document, pieceOf(first.tree)) < indexOf(document, pieceOf(second.tree));
}

/** Imports that always run, at the top level of the file. */
function importSites(file: File): readonly Site[] {
  return file.facts.view.document.pieces
    .filter((it) => it.role !== "member")
    .flatMap((it) => [...it.scopes.top.bindings.values()])
    .flatMap((it) => (it.sites.length === 1 ? it.sites : []))
    .filter((it) => it.kind === "import" && it.owner.parent === it.owner.tree.root);
}

function visible(file: File, site: Site, near: Node): Import | undefined {
  const name = site.name.text;
  for (let scope: ReturnType<typeof file.facts.scopeOf> | undefined = file.facts.scopeOf(near); scope?.parent; scope = scope.parent) {
    if (scope.bindings.has(name)) return undefined;
  }
  return file.facts.view.sitesOf(name).length === 1 ? { name, edits: [] } : undefined;
}

function newImport(file: File, line: string): Edit {
  const { pieces } = file.facts.view.document;
  let last: Node | undefined;
  for (const piece of pieces) {
    const { root } = piece.tree;
    const leading = piece.role === "statements" ? leadingImports(root.children, last === undefined) : [];
    last = leading.at(-1) ?? last;
    if (piece.role !== "statements" || leading.length < root.children.length) break;
  }
  if (last) return { at: endOfLine(last), text: `${IMPORTS.has(last.kind) ? "\n" : "\n\n"}${line}` };
  const first = pieces[0]!.tree;
  const start = headerEnd(first.text);
  return { at: { tree: first, start, end: start }, text: `${line}\n${/^(\r?\n|$)/.test(first.text.slice(start)) ? "" : "\n"}` };
}

/** The docstring and imports that a file begins with. */
function leadingImports(statements: readonly Node[], mayHaveDocstring: boolean): readonly Node[] {
  const leading: Node[] = [];
  for (const [index, statement] of statements.entries()) {
    const isDocstring = mayHaveDocstring && index === 0 && statement.kind === "expression_statement" && statement.children[0]?.kind === "string";
    if (!isDocstring && !IMPORTS.has(statement.kind)) break;
    leading.push(statement);
  }
  return leading;
}

const IMPORTS = new Set(["import_statement", "import_from_statement", "future_import_statement"]);

function endOfLine(node: Node): Span {
  const { text } = node.tree;
  const newline = text.indexOf("\n", node.end);
  const end = newline < 0 ? text.length : text[newline - 1] === "\r" ? newline - 1 : newline;
  return { tree: node.tree, start: end, end };
}

/** Behind the shebang, coding line and comment header of a file. */
function headerEnd(text: string): number {
  return /^\uFEFF?(#[^\n]*\n)*/.exec(text)![0].length;
}

