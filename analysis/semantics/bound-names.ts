/** Which names a tree may bind, at a glance: far cheaper than its scopes, and enough to know that a name must come from elsewhere. */

import type { FieldName, Kind } from "../syntax/kinds.generated.js";
import { BROKEN, FIELD_IDS, KIND_IDS, type Node, type Tree } from "../syntax/tree.js";

/** An identifier below one of them binds nothing, in whatever place. */
const READING: readonly Kind[] = [
  "argument_list",
  "assert_statement",
  "attribute",
  "await",
  "binary_operator",
  "boolean_operator",
  "call",
  "comparison_operator",
  "conditional_expression",
  "decorator",
  "dictionary_splat",
  "elif_clause",
  "expression_statement",
  "generic_type",
  "if_clause",
  "if_statement",
  "interpolation",
  "keyword_argument",
  "not_operator",
  "pair",
  "raise_statement",
  "return_statement",
  "slice",
  "subscript",
  "type",
  "unary_operator",
  "while_statement",
  "yield",
];
/** Nor below one of these, by its field. */
const READ_AS: readonly (readonly [Kind, ...FieldName[]])[] = [
  ["assignment", "right", "type"],
  ["augmented_assignment", "right"],
  ["default_parameter", "value"],
  ["typed_default_parameter", "value"],
  ["for_statement", "right"],
  ["for_in_clause", "right"],
  ["named_expression", "value"],
  ["lambda", "body"],
];

/** What stands in one of them is bound or read as they are themselves. */
const HOLDING: readonly Kind[] = ["expression_list", "list", "list_splat", "parenthesized_expression", "set", "tuple"];

const IDENTIFIER = KIND_IDS.get("identifier")!;
const GLOBAL_STATEMENT = KIND_IDS.get("global_statement")!;
const NONLOCAL_STATEMENT = KIND_IDS.get("nonlocal_statement")!;
const ASSIGNMENT = KIND_IDS.get("assignment")!;
const ATTRIBUTE = KIND_IDS.get("attribute")!;
const KEYWORD_ARGUMENT = KIND_IDS.get("keyword_argument")!;
const PARAMETERS = KIND_IDS.get("parameters")!;
const FUNCTION_DEFINITION = KIND_IDS.get("function_definition")!;
const CLASS_DEFINITION = KIND_IDS.get("class_definition")!;
const LAMBDA = KIND_IDS.get("lambda")!;
const ERROR = KIND_IDS.get("ERROR")!;
const NAME = FIELD_IDS.get("name")!;
const LEFT = FIELD_IDS.get("left")!;
const ATTRIBUTE_NAME = FIELD_IDS.get("attribute")!;
const NAMED_EXPRESSION = KIND_IDS.get("named_expression")!;
const TYPE = KIND_IDS.get("type")!;
const GENERIC_TYPE = KIND_IDS.get("generic_type")!;
const TYPE_ALIAS = KIND_IDS.get("type_alias_statement")!;
const TYPE_PARAMETER = KIND_IDS.get("type_parameter")!;
const reads = new Uint8Array(KIND_IDS.size);
for (const kind of READING) reads[KIND_IDS.get(kind)!] = 1;
const holds = new Uint8Array(KIND_IDS.size);
for (const kind of HOLDING) holds[KIND_IDS.get(kind)!] = 1;
const readFields = new Map(
  READ_AS.map(([kind, ...fields]) => [KIND_IDS.get(kind)!, fields.map((it) => FIELD_IDS.get(it)!)]),
);

/** Every name that some scope of the tree binds or declares, and perhaps a few more. */
export function boundNames({ arrays: { kinds, fields, parents, starts, ends }, text }: Tree): ReadonlySet<string> {
  const names = new Set<string>();
  // `type Row[T] = …` and `def f[T](…)` bind in what looks like an annotation.
  const bindsTypes = kinds.includes(TYPE_ALIAS) || kinds.includes(TYPE_PARAMETER);
  for (let id = 1; id < kinds.length; id++) {
    if (kinds[id] !== IDENTIFIER) continue;
    let outer = id;
    while (holds[kinds[parents[outer]!]!] === 1) outer = parents[outer]!;
    const parent = kinds[parents[outer]!]!;
    const isRead = reads[parent] === 1 || readFields.get(parent)?.includes(fields[outer]!);
    if (isRead && !(bindsTypes && (parent === TYPE || parent === GENERIC_TYPE))) continue;
    names.add(text.slice(starts[id], ends[id]));
  }
  return names;
}

/**
 * Every name that a piece with one function in it reads and does not bind, and perhaps a few more: what is read inside and is surely not local to the function.
 * Undefined where declarations have to be known.
 */
export function mayReadFree(definition: Node, body: Node): ReadonlySet<string> | undefined {
  const { tree } = definition;
  const { kinds, fields, flags, parents, starts, ends, nexts } = tree.arrays;
  if (kinds.includes(GLOBAL_STATEMENT) || kinds.includes(NONLOCAL_STATEMENT)) return undefined;
  const end = nexts[body.id]!;
  const outside = new Set<string>();
  const inside = new Set<string>();
  const local = new Set<string>();
  for (let id = 1; id < kinds.length; id++) {
    if (kinds[id] !== IDENTIFIER) continue;
    const parent = parents[id]!;
    if (bindsOrNames(kinds[parent]!, fields[id]!)) continue;
    const name = tree.text.slice(starts[id], ends[id]);
    if (id < body.id || id >= end) outside.add(name);
    else if (kinds[parent] !== ASSIGNMENT || fields[id] !== LEFT || (flags[parent]! & BROKEN) !== 0) inside.add(name);
    else if (!local.has(name)) {
      let scope = parent;
      while (!opensScope(kinds[scope]!)) scope = parents[scope]!;
      if (scope === definition.id) local.add(name);
    }
  }
  for (const name of inside) if (!local.has(name)) outside.add(name);
  return outside;
}

/** Whether an identifier in that place is what is bound, or the name of an attribute or a keyword. */
function bindsOrNames(parent: number, field: number): boolean {
  switch (parent) {
    case ATTRIBUTE:
      return field === ATTRIBUTE_NAME;
    case KEYWORD_ARGUMENT:
    case FUNCTION_DEFINITION:
    case CLASS_DEFINITION:
      return field === NAME;
    default:
      return parent === PARAMETERS;
  }
}

function opensScope(kind: number): boolean {
  switch (kind) {
    case FUNCTION_DEFINITION:
    case CLASS_DEFINITION:
    case LAMBDA:
    // What stands in it is not looked at.
    case ERROR:
      return true;
    default:
      return false;
  }
}

/** Every name that stands in a tree, whatever for. */
export function identifiersOf({ arrays: { kinds, starts, ends }, text }: Tree): ReadonlySet<string> {
  const names = new Set<string>();
  for (let id = 1; id < kinds.length; id++) if (kinds[id] === IDENTIFIER) names.add(text.slice(starts[id], ends[id]));
  return names;
}

/** The identifiers that read a name which the code is known not to bind, in source order; of one that it binds, those that bind it too. For code without errors. */
export function freeReads(within: Node, name: string): readonly Node[] {
  return within.identifiers(name).filter(isRead);
}

/** Whether there are any: found at the first. */
export function hasFreeRead(within: Node, name: string): boolean {
  return within.someIdentifier(name, isRead);
}

function isRead(identifier: Node): boolean {
  const { fieldName } = identifier;
  return (
    !(fieldName === "attribute" && identifier.parent?.kind === "attribute") &&
    !(fieldName === "name" && identifier.parent?.kind === "keyword_argument")
  );
}

/** Some function in the tree can bind names of the module, or some expression those of the scope around it. */
export function reachesOut({ arrays: { kinds } }: Tree): boolean {
  return kinds.includes(GLOBAL_STATEMENT) || kinds.includes(NAMED_EXPRESSION);
}
