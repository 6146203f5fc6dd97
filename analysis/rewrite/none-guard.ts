/** A parameter's default becomes None, and what it was is made in the function. */

import { textValue } from "../syntax/strings.js";
import { indentOf, statementsOf, type FunctionDef, type Parameter } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { insertAfter, replace } from "../rule/edits.js";
import { importName } from "../rule/importing.js";
import { declined, type Declined, type Edit, type File } from "../rule/rule.js";
import type { Facts } from "../semantics/facts.js";

/** `items=[]` becomes `items=None`, and below the docstring stands `if items is None: items = []`. Undefined where there is no room for it. */
export function noneGuard(
  def: FunctionDef,
  { name, annotation, node }: Parameter,
  value: Node,
  file: File,
): readonly Edit[] | undefined {
  const optional = annotation ? optionalType(annotation, file) : [];
  const [first, second] = statementsOf(def.body);
  if (!optional || !first || indentOf(first) === indentOf(def.node)) return undefined;
  const docstring =
    second && textValue(first.children[0]) !== undefined && first.kind === "expression_statement" ? first : undefined;
  const end = endOfLine(docstring ?? { tree: def.node.tree, end: headerEnd(def) });
  const indent = indentOf(first);
  if (end === undefined || (!docstring && end > first.start)) return undefined;
  const step = indent.slice(indentOf(def.node).length);
  const guard = `\n${indent}if ${name} is None:\n${indent}${step}${name} = ${value.text}`;
  return [...optional, replace(value, "None"), insertAfter({ tree: node.tree, start: end, end }, guard)];
}

/** What a call that gives None itself does otherwise then; declined where the function asks for it. */
export function givenNone(
  def: FunctionDef,
  { name, nameNode, annotation }: Parameter,
  facts: Facts,
): Declined | string | undefined {
  const isAsked = facts.readsOf(nameNode, def.body).some((it) => {
    const asked = it.parent?.kind === "comparison_operator" ? it.parent.text.replaceAll(/\s+/g, " ") : "";
    return asked === `${name} is None` || asked === `${name} is not None` || asked === `${name} == None`;
  });
  if (isAsked) return declined(`the function asks whether \`${name}\` is None`);
  return annotation && /\b(?:Optional|None)\b/.test(annotation.text)
    ? "None that a call gives counts as left out"
    : undefined;
}

/** Where the colon of a `def` ends. */
function headerEnd(def: FunctionDef): number {
  return def.node.allChildren.find((it) => it.token === ":")?.end ?? def.body.start;
}

/** The end of the line behind a place; undefined if there is more code on it. */
function endOfLine({ tree, end }: Pick<Node, "tree" | "end">): number | undefined {
  const rest = /^[ \t\f]*(#[^\r\n]*)?(?=\r?\n)/.exec(tree.text.slice(end));
  return rest ? end + rest[0].length : undefined;
}

function optionalType(annotation: Node, file: File): readonly Edit[] | undefined {
  const { text } = annotation;
  if (allowsNone(text)) return [];
  if (/\bAnnotated\b/.test(text) || text.includes("\n")) return undefined;
  const quoted = textValue(annotation.children[0]);
  if (file.facts.hasPython("3.10"))
    return [
      quoted === undefined
        ? insertAfter(annotation, " | None")
        : replace(annotation, `${text.slice(0, -1)} | None${text.at(-1)!}`),
    ];
  const optional = importName(file, "typing", "Optional", annotation);
  return optional && [...optional.edits, replace(annotation, `${optional.name}[${text}]`)];
}

/** `dict[str, Any]` does not, `dict | None` and `Optional[dict]` do. */
function allowsNone(annotation: string): boolean {
  return /\b(Optional|None|Any|object)\b/.test(/\bUnion\b/.test(annotation) ? annotation : withoutBrackets(annotation));
}

function withoutBrackets(text: string): string {
  const shorter = text.replace(/\[[^[\]]*\]/g, "");
  return shorter === text ? text : withoutBrackets(shorter);
}
