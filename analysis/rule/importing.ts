/** The imports that fixes need: an import that is there is used as it is there, a missing one is added once. */

import { firstWhere } from "../text/ascending.js";
import { indexOf, type Document } from "../semantics/document.js";
import { groupOf, groupOfStatement, moduleOf } from "../semantics/import-order.js";
import type { ModuleView } from "../semantics/module.js";
import { pieceOf } from "../semantics/piece.js";
import type { Site } from "../semantics/scopes.js";
import { asAssignment, functionAround, indentOf, startsLine } from "../syntax/statements.js";
import type { Node, Span } from "../syntax/tree.js";
import { insertAfter, insertBefore, replace } from "./edits.js";
import type { Edit, File } from "./rule.js";

/** A name that is imported, or can be, with the edits that import it. */
export interface Import {
  /** How the thing is written at the place it is needed: `np`, `functools.wraps`, `wraps`. */
  readonly name: string;
  /** It is imported already: the edits bring nothing new. */
  readonly isThere: boolean;
  readonly edits: readonly Edit[];
}

/** What the top level of a file imports of one module; of several imports of one thing the first. */
interface ModuleImports {
  whole: Site | undefined;
  readonly byName: ReadonlyMap<string, Site>;
  /** Statements that import names and stand on one line each, in source order. */
  readonly lines: readonly Node[];
}

/** Undefined where the name would mean something else near that place, or the import that is there comes too late for it. */
export function importModule(file: File, module: string, near: Node, alias?: string): Import | undefined {
  const local = localImport(file, near, module, undefined);
  if (local) return { name: local, isThere: true, edits: [] };
  const existing = importsOf(file, module)?.whole;
  if (existing) return visible(file, existing, near);
  const bound = alias ?? module.split(".")[0]!;
  if (file.facts.isTaken(bound, near) || isOptional(file, module)) return undefined;
  return {
    name: alias ?? module,
    isThere: false,
    edits: [newImport(file, module, alias ? `import ${module} as ${alias}` : `import ${module}`)],
  };
}

/** `from module import name`, or `module.name` where the module is imported already. */
export function importName(file: File, module: string, name: string, near: Node): Import | undefined {
  const local = localImport(file, near, module, name);
  if (local) return { name: local, isThere: true, edits: [] };
  const known = importsOf(file, module);
  const direct = known?.byName.get(name);
  if (direct) return visible(file, direct, near);
  const viaModule = known?.whole && visible(file, known.whole, near);
  if (viaModule) return { ...viaModule, name: `${viaModule.name}.${name}` };
  if (file.facts.isTaken(name, near) || isOptional(file, module)) return undefined;
  const sibling = known && lastBefore(file, known.lines, near);
  const edit = sibling && oneMore(sibling, name, file.facts.lineLength);
  return { name, isThere: false, edits: [edit ?? newImport(file, module, `from ${module} import ${name}`)] };
}

/** One more name in a statement that imports some, in their order where they have one. Undefined where the line would be too long. */
function oneMore(statement: Node, name: string, width: number): Edit | undefined {
  const imported = statement.fieldAll("name");
  const last = imported.at(-1);
  if (!last || indentOf(statement).length + statement.text.length + name.length + 2 > width) return undefined;
  const isSorted = imported.every((it, index) => index === 0 || isBefore(imported[index - 1]!.text, it.text));
  const next = isSorted ? imported.find((it) => isBefore(name, it.text)) : undefined;
  return next ? insertBefore(next, `${name}, `) : insertAfter(last, `, ${name}`);
}

function isBefore(first: string, second: string): boolean {
  return first.toLowerCase() <= second.toLowerCase();
}

/** What an import in the function itself, above the place, lets the thing be called by. */
function localImport({ facts }: File, near: Node, module: string, name: string | undefined): string | undefined {
  const home = functionAround(near);
  const scope = home && facts.scopeOf(near);
  if (!scope || scope.node !== home) return undefined;
  const { localImports } = facts.view.keptForFixes;
  let sites = localImports.get(scope);
  if (!sites) {
    const sole = [...scope.bindings.values()].flatMap((it) => (it.sites.length === 1 ? it.sites : []));
    localImports.set(scope, (sites = sole.filter((it) => it.imported)));
  }
  const served = sites.filter(
    ({ imported, owner }) =>
      imported?.module === module && owner.end <= near.start && owner.parent === home.field("body"),
  );
  const direct = served.find(({ imported }) => imported?.name === name);
  if (direct) return direct.name.text;
  const whole = served.find(({ imported }) => imported?.name === undefined);
  return whole && name !== undefined ? `${whole.name.text}.${name}` : undefined;
}

/** Of statements in source order. */
function lastBefore(file: File, statements: readonly Node[], near: Node): Node | undefined {
  return statements[firstWhere(statements.length, (it) => !runsBefore(file, statements[it]!, near)) - 1];
}

function runsBefore({ facts }: File, first: Node, second: Node): boolean {
  const { document } = facts.view;
  return first.tree === second.tree
    ? first.end <= second.start
    : indexOf(document, pieceOf(first.tree)) < indexOf(document, pieceOf(second.tree));
}

/** Imports that always run, at the top level of the file. A file with a thousand findings looks for them once. */
export function importSites(view: ModuleView): readonly Site[] {
  return (view.keptForFixes.imports ??= view.document.pieces
    .filter((it) => it.role !== "member")
    .flatMap((it) => [...it.scopes.top.bindings.values()])
    .flatMap((it) => (isOneThing(it.sites) ? it.sites.slice(0, 1) : []))
    .filter((it) => it.kind === "import" && it.owner.parent === it.owner.tree.root));
}

/** One site, or the same import once more. */
function isOneThing([first, ...others]: readonly Site[]): boolean {
  return others.every(
    ({ imported }) =>
      imported !== undefined && imported.module === first!.imported?.module && imported.name === first!.imported.name,
  );
}

function importsOf(file: File, module: string): ModuleImports | undefined {
  return file.facts.keptForFixes("imports by module", () => byModule(importSites(file.facts.view))).get(module);
}

function byModule(sites: readonly Site[]): ReadonlyMap<string, ModuleImports> {
  const found = new Map<string, ModuleImports & { readonly byName: Map<string, Site>; readonly lines: Node[] }>();
  for (const site of sites) {
    const { module, name } = site.imported!;
    let known = found.get(module);
    if (!known) found.set(module, (known = { whole: undefined, byName: new Map(), lines: [] }));
    if (name === undefined) known.whole ??= site;
    else {
      if (!known.byName.has(name)) known.byName.set(name, site);
      if (known.lines.at(-1) !== site.owner && !site.owner.text.includes("\n")) known.lines.push(site.owner);
    }
  }
  return found;
}

/** The file goes on where the package is missing: an import outside of that `try` would end it. */
function isOptional(file: File, module: string): boolean {
  const optional = file.facts.keptForFixes("optional packages", () => optionalPackages(file));
  return optional.has(module.split(".")[0]!);
}

const CATCHES_MISSING = /^except\s*:|^except\b[^:]*\b(ImportError|ModuleNotFoundError|Exception|BaseException)\b/;

function optionalPackages({ facts: { view } }: File): ReadonlySet<string> {
  const sites = view.document.pieces.flatMap((it) => [...it.scopes.top.bindings.values()]).flatMap((it) => it.sites);
  return new Set(
    sites.flatMap(({ imported, owner }) =>
      imported && owner.parent !== owner.tree.root && isTried(owner) ? [imported.module.split(".")[0]!] : [],
    ),
  );
}

function isTried(node: Node): boolean {
  for (let at = node, parent = node.parent; parent; at = parent, parent = parent.parent) {
    if (parent.kind !== "try_statement" || at.kind !== "block") continue;
    if (parent.children.some((it) => it.kind === "except_clause" && CATCHES_MISSING.test(it.text))) return true;
  }
  return false;
}

function visible(file: File, site: Site, near: Node): Import | undefined {
  if (!isVisible(file, site, near)) return undefined;
  const { name } = site;
  // What nothing has used so far stays: a fix that takes the import out cannot go in together with this one.
  const isUnused = file.facts.view.readsOf(name.text).length === 0;
  return { name: name.text, isThere: true, edits: isUnused ? [replace(name, name.text)] : [] };
}

/** What the top level binds there, once or by the same import again, is what its name means at a place further down. */
export function isVisible(file: File, site: Site, near: Node): boolean {
  const name = site.name.text;
  for (
    let scope: ReturnType<typeof file.facts.scopeOf> | undefined = file.facts.scopeOf(near);
    scope?.parent;
    scope = scope.parent
  ) {
    if (scope.bindings.has(name)) return false;
  }
  return isBoundToOneThing(file, name) && runsBefore(file, site.owner, near);
}

/** A name may be imported as often as it is used: its sites are compared once for all fixes of a file. */
function isBoundToOneThing({ facts }: File, name: string): boolean {
  const known = facts.keptForFixes("names of one thing", () => new Map<string, boolean>());
  let isOne = known.get(name);
  if (isOne === undefined) known.set(name, (isOne = isOneThing(facts.view.sitesOf(name))));
  return isOne;
}

/** In its place among the imports of its group, where they have an order; where there is no such group, between the groups before and after, with an empty line. */
function newImport(file: File, module: string, line: string): Edit {
  const leading = headOf(file);
  const group = groupOf(module);
  const isSame = (it: Node | undefined) => it !== undefined && IMPORTS.has(it.kind) && groupOfStatement(it) === group;
  const last = leading.findLastIndex(isSame);
  if (last >= 0) {
    let first = last;
    while (isSame(leading[first - 1])) first--;
    const same = leading.slice(first, last + 1);
    const next = inOrder(same, module, line.startsWith("from "));
    if (next === undefined || !startsLine(same[next]!)) return { at: endOfLine(same.at(-1)!), text: `\n${line}` };
    return next > 0 ? { at: endOfLine(same[next - 1]!), text: `\n${line}` } : insertBefore(same[0]!, `${line}\n`);
  }
  const earlier = leading.findLastIndex((it) => !IMPORTS.has(it.kind) || groupOfStatement(it) < group);
  const later = leading.findIndex((it) => IMPORTS.has(it.kind) && groupOfStatement(it) > group);
  if (later > earlier && startsLine(leading[later]!)) return insertBefore(leading[later]!, `${line}\n\n`);
  return earlier < 0 ? atTop(file, line) : { at: endOfLine(leading[earlier]!), text: `\n\n${line}` };
}

/** Which of the imports of a group a new one goes in front of. Undefined where it goes below all of them, or they have no order to keep. */
function inOrder(group: readonly Node[], module: string, isFrom: boolean): number | undefined {
  for (const rankOf of ORDERS) {
    const ranks = group.map((it) => rankOf(moduleOf(it), it.kind === "import_from_statement"));
    if (!ranks.every((it, index) => index === 0 || ranks[index - 1]! <= it)) continue;
    const next = ranks.findIndex((it) => rankOf(module, isFrom) < it);
    return next < 0 ? undefined : next;
  }
  return undefined;
}

/** `import a` above `from a import b`, as isort and Ruff sort by default; or by the module alone. */
const ORDERS: readonly ((module: string, isFrom: boolean) => string)[] = [
  (module, isFrom) => `${isFrom ? 1 : 0} ${module.toLowerCase()}`,
  (module) => module.toLowerCase(),
];

/** Lines below all imports that the file begins with, parted from them by an empty line. */
export function belowImports(file: File, lines: string): Edit {
  const last = headOf(file).at(-1);
  return last ? { at: endOfLine(last), text: `\n\n${lines}` } : atTop(file, lines);
}

/**
 * A line that assigns a constant: below the constants that follow the imports, else below the imports and parted from them.
 * Undefined where the import that it needs is not one of those that the file begins with.
 */
export function constantBelowImports(file: File, needs: Node, line: string): readonly Edit[] | undefined {
  const leading = headOf(file);
  const last = leading.at(-1);
  if (!last || !leading.includes(needs)) return undefined;
  let above = last;
  for (const statement of statementsBelow(last, file.facts.view.document)) {
    if (!isConstant(statement) || (above !== last && !isNextLine(above, statement))) break;
    above = statement;
  }
  const { tree } = above;
  const newline = tree.text.indexOf("\n", above.end);
  if (newline < 0) return undefined;
  const edit: Edit = { at: { tree, start: newline + 1, end: newline + 1 }, text: `${line}\n` };
  return above === last ? [{ at: edit.at, text: "\n" }, edit] : [edit];
}

/** What stands at the top level below one of its statements, as far as nothing is defined there. */
function* statementsBelow(statement: Node, document: Document): Generator<Node> {
  const { pieces } = document;
  for (let index = indexOf(document, pieceOf(statement.tree)); pieces[index]?.role === "statements"; index++) {
    for (const it of pieces[index]!.tree.root.children)
      if (it.tree !== statement.tree || it.start > statement.start) yield it;
  }
}

function isConstant(statement: Node): boolean {
  const { targets } = asAssignment(statement) ?? { targets: [] };
  return targets.length === 1 && /^_?[A-Z][A-Z0-9_]*$/.test(targets[0]!.text);
}

/** Nothing stands between the two, not even an empty line. */
function isNextLine(first: Node, second: Node): boolean {
  return first.tree === second.tree
    ? /^[^\S\n]*(#[^\n]*)?\r?\n$/.test(first.tree.text.slice(first.end, second.start))
    : second.start === 0 && endOfLine(first).end + 1 >= first.tree.text.trimEnd().length;
}

function atTop(file: File, lines: string): Edit {
  const first = file.facts.view.document.pieces[0]!.tree;
  const start = headerEnd(first.text);
  return {
    at: { tree: first, start, end: start },
    text: `${lines}\n${/^(\r?\n|$)/.test(first.text.slice(start)) ? "" : "\n"}`,
  };
}

/** The docstring and imports that a file begins with, over all its pieces. */
function headOf({ facts: { view } }: File): readonly Node[] {
  return (view.keptForFixes.head ??= findHead(view.document));
}

function findHead({ pieces }: Document): readonly Node[] {
  const leading: Node[] = [];
  for (const {
    role,
    tree: { root },
  } of pieces) {
    const own = role === "statements" ? leadingImports(root.children, leading.length === 0) : [];
    leading.push(...own);
    if (role !== "statements" || own.length < root.children.length) break;
  }
  return leading;
}

/** Those among some statements, up to the first that is neither. */
function leadingImports(statements: readonly Node[], mayHaveDocstring: boolean): readonly Node[] {
  const leading: Node[] = [];
  for (const [index, statement] of statements.entries()) {
    const isDocstring =
      mayHaveDocstring &&
      index === 0 &&
      statement.kind === "expression_statement" &&
      statement.children[0]?.kind === "string";
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

/** Behind the shebang, coding line and comment header of a file; behind the first cells of a notebook where they hold nothing else. */
function headerEnd(text: string): number {
  return /^\uFEFF?(#[^\n]*\n(\f\n)?)*/.exec(text)![0].length;
}
