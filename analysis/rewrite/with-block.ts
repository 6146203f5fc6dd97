/** Puts statements into a `with` block: the header in, the lines below it one step further to the right, comments and texts as they were. */

import type { Facts } from "../semantics/facts.js";
import { asComprehension, isConstant } from "../syntax/expressions.js";
import type { FieldName, Kind } from "../syntax/kinds.generated.js";
import { indentOf, nextStatement, previousStatement, startsLine } from "../syntax/statements.js";
import type { Node, Span } from "../syntax/tree.js";
import { indentLines, insertAfter, linesOf, realigned, remove, removeWithGap, replace } from "../rule/edits.js";
import type { Edit } from "../rule/rule.js";

/**
 * `name = value` becomes `with value as name:` around what follows it, up to `last`. `value` is the right side with its parentheses.
 * The lines of `dropped` go, unless a comment would go with them.
 */
export function withAround(
  assignment: Node,
  value: Node,
  name: Node,
  wrapper: string | undefined,
  last: Node,
  dropped: Node | undefined,
  facts: Facts,
): readonly Edit[] | undefined {
  const first = nextStatement(assignment);
  const lines = linesOf(assignment);
  if (!first || !lines || !isWhole(first, last)) return undefined;
  const { tree } = assignment;
  const gone = dropped && removal(dropped);
  const end = gone && dropped === last ? previousStatement(last)!.end : last.end;
  const moved = indentLines({ tree, start: lines.end, end }, indentUnit(assignment, facts));
  const [open, close] = wrapper === undefined ? ["", ""] : [`${wrapper}(`, ")"];
  const block = asOne({ tree, start: assignment.start, end: Math.max(end, gone?.at.end ?? 0) }, [
    replace(
      { tree, start: assignment.start, end: value.end },
      `with ${open}${realigned(value, indentOf(assignment).length + `with ${open}`.length)}`,
    ),
    insertAfter(value, `${close} as ${name.text}:`),
    ...emptyLinesAt(lines),
    ...moved.filter(({ at }) => !gone || at.start < gone.at.start || at.start >= gone.at.end),
    ...(gone ? [gone] : []),
  ]);
  return [block];
}

/** Not where a comment above speaks of it. */
function removal(statement: Node): Edit | undefined {
  const above = previousStatement(statement);
  return above && !/\n[^\S\n]*#/.test(statement.tree.text.slice(above.end, statement.start))
    ? removeWithGap(statement)
    : undefined;
}

/** A value in the middle of a statement gets a name in a `with` header above it. Undefined where that would change what is evaluated first. */
export function withAbove(
  statement: Node,
  value: Node,
  name: string,
  wrapper: string | undefined,
  last: Node,
  facts: Facts,
): readonly Edit[] | undefined {
  if (!isWhole(statement, last) || !isEvaluatedFirst(value, statement)) return undefined;
  const { tree } = statement;
  const unit = indentUnit(statement, facts);
  const opening = wrapper === undefined ? "with " : `with ${wrapper}(`;
  const shown = realigned(value, indentOf(statement).length + opening.length);
  const header = `${opening}${shown}${wrapper === undefined ? "" : ")"}`;
  const below = tree.text.indexOf("\n", statement.start) + 1;
  const moved = below > 0 && below < last.end ? indentLines({ tree, start: below, end: last.end }, unit) : [];
  return [
    asOne({ tree, start: statement.start, end: last.end }, [
      {
        at: { tree, start: statement.start, end: statement.start },
        text: `${header} as ${name}:\n${indentOf(statement)}${unit}`,
      },
      replace(value, name),
      ...moved.filter(({ at }) => at.start <= value.start || at.start >= value.end),
    ]),
  ];
}

/** The statements have their lines to themselves. */
function isWhole(first: Node, last: Node): boolean {
  return startsLine(first) && linesOf(last) !== undefined;
}

/** Nothing that counts is evaluated in the statement before the value, and the value always is. */
function isEvaluatedFirst(value: Node, statement: Node): boolean {
  for (let node = value, parent = value.parent; parent; node = parent, parent = parent.parent) {
    const { fieldName } = node;
    switch (parent.kind) {
      case "expression_statement":
      case "return_statement":
        return parent === statement;
      case "for_statement":
        return parent === statement && fieldName === "right" && !parent.hasToken("async");
      case "assignment":
        if (fieldName !== "right" || parent.field("type")) return false;
        break;
      case "call":
        if (fieldName === "arguments" && parent.field("function")!.descendants("call", "subscript", "await").length > 0)
          return false;
        break;
      case "argument_list": {
        const earlier = parent.children.slice(0, parent.children.indexOf(node));
        if (!earlier.every((it) => it.kind === "identifier" || isConstant(it))) return false;
        break;
      }
      case "for_in_clause":
        if (fieldName !== "right" || asComprehension(parent.parent)?.clauses[0]?.iterable !== node) return false;
        break;
      default:
        if (!(LEADING[parent.kind] ?? []).includes(fieldName)) return false;
    }
  }
  return false;
}

/** Fields that are evaluated before all others of their expression. */
const LEADING: Partial<Record<Kind, readonly (FieldName | undefined)[]>> = {
  attribute: ["object"],
  subscript: ["value"],
  binary_operator: ["left"],
  keyword_argument: ["value"],
  parenthesized_expression: [undefined],
  list_comprehension: [undefined],
  set_comprehension: [undefined],
  dictionary_comprehension: [undefined],
  generator_expression: [undefined],
};

/** Several edits of one stretch as a single one: fixes of others that touch the stretch then wait for the next round. */
export function asOne(span: Span, edits: readonly Edit[]): Edit {
  const { tree } = span;
  let text = "";
  let at = span.start;
  for (const edit of [...edits].sort((a, b) => a.at.start - b.at.start)) {
    text += tree.text.slice(at, edit.at.start) + edit.text;
    at = edit.at.end;
  }
  return replace(span, text + tree.text.slice(at, span.end));
}

/** One step of indentation, as the code around a statement has it, else as the file has it. */
export function indentUnit(statement: Node, facts: Facts): string {
  const own = indentOf(statement);
  const outer = statement.parent?.parent ? indentOf(statement.parent.parent) : own;
  if (own.length > outer.length && own.startsWith(outer)) return own.slice(outer.length);
  return facts.keptForFixes("indentation", () => unitOfFile(facts));
}

/** By the first block that begins on a line of its own: what a text says, below a colon too, is no block. */
function unitOfFile(facts: Facts): string {
  for (const { tree } of facts.view.document.pieces) {
    for (const block of tree.root.descendants("block")) {
      const [own, outer] = [indentOf(block), block.parent ? indentOf(block.parent) : ""];
      if (startsLine(block) && own.length > outer.length && own.startsWith(outer)) return own.slice(outer.length);
    }
  }
  return "    ";
}

/** Lines without anything on them that follow a header. */
function emptyLinesAt({ tree, end }: Span): readonly Edit[] {
  const empty = /^([ \t\f]*\r?\n)+/.exec(tree.text.slice(end));
  return empty ? [remove({ tree, start: end, end: end + empty[0].length })] : [];
}
