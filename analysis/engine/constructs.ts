/** Finds the construct under a cursor: by what a name resolves to, by the type of an attribute's object, by a keyword and its node. */

import type { Construct, Pattern } from "../rule/construct.js";
import type { File } from "../rule/rule.js";
import { asAttribute, asCall } from "../syntax/expressions.js";
import { statementOf } from "../syntax/statements.js";
import type { Node, Tree } from "../syntax/tree.js";
import type { Range } from "../text/range.js";

/** A construct at a place; `here` is what is special there. */
export interface ConstructMatch {
  readonly construct: Construct;
  readonly here: string | undefined;
  /** Relative to the tree. */
  readonly range: Range;
}

interface Entry {
  readonly construct: Construct;
  /** Types or callees, for attributes and arguments; kinds, for tokens. */
  readonly of: readonly string[];
}

/** Entries by what has to be looked up first; made once for a table. */
type Index = ReadonlyMap<string, readonly Entry[]>;

const kept = new WeakMap<readonly Construct[], Index>();

const listOf = <T extends string>(value: T | readonly T[]): readonly T[] =>
  typeof value === "string" ? [value] : value;

function keysOf(pattern: Pattern): readonly string[] {
  if ("name" in pattern) return listOf(pattern.name).map((it) => `name ${it}`);
  if ("attribute" in pattern) return listOf(pattern.attribute).map((it) => `attribute ${it}`);
  if ("argument" in pattern) return listOf(pattern.argument).map((it) => `argument ${it}`);
  if ("defines" in pattern) return listOf(pattern.defines).map((it) => `defines ${it}`);
  if ("module" in pattern) return listOf(pattern.module).map((it) => `module ${it}`);
  if ("token" in pattern) return listOf(pattern.token).map((it) => `token ${it}`);
  return listOf(pattern.node).map((it) => `node ${it}`);
}

function indexOf(constructs: readonly Construct[]): Index {
  const known = kept.get(constructs);
  if (known) return known;
  const index = new Map<string, Entry[]>();
  for (const construct of constructs) {
    for (const pattern of construct.at) {
      const entry: Entry = { construct, of: "of" in pattern ? listOf<string>(pattern.of) : [] };
      for (const key of keysOf(pattern)) index.set(key, [...(index.get(key) ?? []), entry]);
    }
  }
  kept.set(constructs, index);
  return index;
}

/** The first construct in the order of the table that fits; patterns by name come before those by kind. */
export function constructAt(
  constructs: readonly Construct[],
  tree: Tree,
  offset: number,
  file: File,
): ConstructMatch | undefined {
  const node = innermost(tree, offset);
  if (!node || node.isBroken || node.kind === "comment") return undefined;
  const index = indexOf(constructs);
  const found = candidates(index, node, file).find((it) => it.when?.(node, file) ?? true);
  return found && { construct: found, here: found.here?.(node, file), range: { start: node.start, end: node.end } };
}

/** The parts of a string count as the string. */
const STRING_PARTS: ReadonlySet<string> = new Set([
  "string_start",
  "string_content",
  "string_end",
  "escape_sequence",
  "escape_interpolation",
]);

/** The innermost node, tokens included, that holds the character at an offset. */
export function innermost(tree: Tree, offset: number): Node | undefined {
  const { starts, ends, nexts } = tree.arrays;
  if (tree.size === 0 || offset < starts[0]! || offset >= ends[0]!) return undefined;
  let at = 0;
  for (let child = 1; child < nexts[at]!; ) {
    if (starts[child]! <= offset && offset < ends[child]!) {
      at = child;
      child++;
    } else child = nexts[child]!;
  }
  let node = tree.node(at);
  // `is not` is one token made of two.
  while (node.parent && (STRING_PARTS.has(node.kind) || !(node.isNamed || node.parent.isNamed))) node = node.parent;
  return node;
}

function candidates(index: Index, node: Node, file: File): readonly Construct[] {
  const found: Construct[] = [];
  if (node.kind === "identifier") found.push(...byName(index, node, file));
  if (!node.isNamed) {
    const { token, parent } = node;
    for (const { construct, of } of index.get(`token ${token}`) ?? [])
      if (parent && of.includes(parent.kind)) found.push(construct);
  }
  for (const { construct } of index.get(`node ${node.kind}`) ?? []) found.push(construct);
  return found;
}

function byName(index: Index, node: Node, file: File): readonly Construct[] {
  const { facts } = file;
  const { parent, text } = node;
  if (!parent) return [];

  if (parent.kind === "keyword_argument" && node.fieldName === "name") {
    const isInHead = parent.parent?.parent?.kind === "class_definition";
    const call = asCall(parent.parent?.parent);
    const callee = call && nameOrMethod(call.callee, file);
    return entries(index, `argument ${text}`)
      .filter(({ of }) =>
        isInHead ? of.includes("class") : callee !== undefined && of.some((it) => covers(it, callee)),
      )
      .map((it) => it.construct);
  }

  const imported = importedName(node);
  if (imported?.isModule) return constructsOf(index, `module ${imported.name}`);

  const isDefined =
    (parent.kind === "function_definition" && node.fieldName === "name") ||
    (parent.kind === "assignment" && node.fieldName === "left");
  if (isDefined) {
    const statement = statementOf(parent.parent?.kind === "decorated_definition" ? parent.parent : parent);
    if (index.has(`defines ${text}`) && facts.classOf(statement) !== undefined)
      return constructsOf(index, `defines ${text}`);
    if (parent.kind === "function_definition") return [];
  }

  const isAttribute = parent.kind === "attribute" && node.fieldName === "attribute";
  const name = imported?.name ?? facts.nameOf(isAttribute ? parent : node);
  if (name !== undefined) return named(index, name);
  const attribute = isAttribute ? asAttribute(parent) : undefined;
  if (!attribute) return [];
  return entries(index, `attribute ${text}`)
    .filter(({ of }) => of.some((it) => facts.isA(attribute.object, it)))
    .map((it) => it.construct);
}

/** By the name itself, then by the modules above it. */
function named(index: Index, name: string): readonly Construct[] {
  const found = [...constructsOf(index, `name ${name}`)];
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1))
    found.push(...constructsOf(index, `name ${name.slice(0, dot)}.*`));
  return found;
}

/** `numpy.zeros`, or `pandas.DataFrame.astype` for a method of a value of known type. */
function nameOrMethod(callee: Node, { facts }: File): string | undefined {
  const name = facts.nameOf(callee);
  const attribute = name === undefined ? asAttribute(callee) : undefined;
  if (!attribute) return name;
  const type = facts.typeOf(attribute.object);
  return type && `${type.name}.${attribute.name}`;
}

function covers(pattern: string, name: string): boolean {
  return pattern === name || (pattern.endsWith(".*") && name.startsWith(pattern.slice(0, -1)));
}

/** What an identifier in an import statement brings in. */
function importedName(node: Node): { readonly name: string; readonly isModule: boolean } | undefined {
  const path = node.parent?.kind === "dotted_name" ? node.parent : undefined;
  const statement = path?.ancestor("import_statement", "import_from_statement");
  if (!path || !statement) return undefined;
  // Under the cursor is one part of `a.b.c`: the module up to there.
  const upTo = path.tree.text.slice(path.start, node.end);
  if (statement.kind === "import_statement" || path.fieldName === "module_name") return { name: upTo, isModule: true };
  const module = statement.field("module_name");
  return module && { name: `${module.text}.${upTo}`, isModule: false };
}

function entries(index: Index, key: string): readonly Entry[] {
  return index.get(key) ?? [];
}

function constructsOf(index: Index, key: string): readonly Construct[] {
  return entries(index, key).map((it) => it.construct);
}
