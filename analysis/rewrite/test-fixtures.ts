/** `setUp` and `tearDown` of a test case as one fixture with a `yield`. */

import { insertBefore, linesOf, remove, replace } from "../rule/edits.js";
import type { Edit } from "../rule/rule.js";
import type { Facts } from "../semantics/facts.js";
import {
  expressionOf,
  functionAround,
  indentOf,
  startsLine,
  statementsOf,
  type FunctionDef,
} from "../syntax/statements.js";
import type { Node, Span } from "../syntax/tree.js";
import { emptyLinesAtEnd, linesAtEnd } from "../text/lines-at-end.js";
import { asOne } from "./with-block.js";
import type { TestNames } from "./unittest-asserts.js";

export interface Fixture {
  readonly setUp: FunctionDef | undefined;
  readonly tearDown: FunctionDef | undefined;
}

/**
 * The edits that make the fixture; `inside` are the edits of the two bodies, which are taken in. Undefined where a
 * comment would be lost, or the two cannot become one function.
 */
export function fixtureEdits(
  { setUp, tearDown }: Fixture,
  { pytest, Iterator }: Pick<TestNames, "pytest" | "Iterator">,
  taken: ReadonlySet<string>,
  inside: readonly Edit[],
  facts: Facts,
): readonly Edit[] | undefined {
  const kept = setUp ?? tearDown;
  if (!kept) return inside;
  const name = [setUp ? "set_up" : "tear_down", "prepared", "around_test"].find((it) => !taken.has(it));
  if (
    name === undefined ||
    [setUp, tearDown].some(
      (it) => it && (it.decorators.length > 0 || it.isAsync || it.parameters.length !== 1 || !startsLine(it.body)),
    )
  )
    return undefined;
  const indent = indentOf(kept.body);
  const edits: Edit[] = [
    insertBefore(kept.node, `@${pytest}.fixture(autouse=True)\n${indentOf(kept.node)}`),
    replace(kept.nameNode, name),
  ];
  if (!tearDown) return [...edits, ...inside];
  if (kept.returns?.text === "None") edits.push(replace(kept.returns, `${Iterator}[None]`));
  if (
    [setUp, tearDown].some(
      (it) =>
        it &&
        facts
          .bodyOf(it)
          .descendants("return_statement", "yield")
          .some((jump) => functionAround(jump) === it.node),
    )
  )
    return undefined;
  if (!setUp) {
    const [first] = statementsOf(tearDown.body);
    const body = partOf(tearDown);
    if (!first || !body) return undefined;
    return [...edits, insertBefore({ ...body, end: body.start }, `yield\n${indent}`), ...inside];
  }
  const body = partOf(tearDown);
  const gone = removal(tearDown.node);
  if (
    !body ||
    !gone ||
    indentOf(tearDown.body) !== indent ||
    setUp.parameters[0]!.name !== tearDown.parameters[0]!.name ||
    mixNames(setUp, tearDown, facts)
  )
    return undefined;
  const isMoved = (it: Edit) => it.at.tree === body.tree && body.start <= it.at.start && it.at.end <= body.end;
  const moved = asOne(body, inside.filter(isMoved)).text.trimEnd();
  const rest = inside.filter(
    (it) => !(it.at.tree === gone.at.tree && gone.at.start <= it.at.start && it.at.end <= gone.at.end),
  );
  const end = endOfLine(setUp.body);
  const onlySuper = /^pass$/.test(moved.trim());
  return [
    ...edits,
    ...rest,
    gone,
    {
      at: { tree: setUp.node.tree, start: end, end },
      text: `\n${indent}yield${onlySuper ? "" : `\n${indent}${moved}`}`,
    },
  ];
}

/** The statements of a body with the comments among them, without its docstring. */
function partOf({ node, body }: FunctionDef): Span | undefined {
  const statements = statementsOf(body);
  const isDocumented = statements.length > 1 && expressionOf(statements[0]!)?.kind === "string";
  const first = isDocumented ? statements[1] : statements[0];
  const colon = isDocumented ? statements[0]! : node.allChildren.findLast((it) => it.token === ":");
  if (!first || !colon) return undefined;
  const comment = node.comments.find((it) => it.start > colon.end && it.end <= first.start);
  if (comment && (!startsLine(comment) || indentOf(comment) !== indentOf(first))) return undefined;
  return { tree: node.tree, start: comment?.start ?? first.start, end: endOfLine(body) };
}

function endOfLine({ tree, start, end }: Span): number {
  const newline = tree.text.indexOf("\n", end);
  return start + tree.text.slice(start, newline < 0 ? undefined : newline).trimEnd().length;
}

/** The lines of a method with the empty ones above it. A comment above it, or behind its header, would be left alone. */
function removal(method: Node): Edit | undefined {
  const { tree } = method;
  const lines = linesOf(method);
  if (!lines) return undefined;
  const above = tree.text.slice(0, lines.start);
  if (linesAtEnd(above, (it) => it.includes("#")) !== "") return undefined;
  const empty = emptyLinesAtEnd(above);
  // The first method of a piece has the empty lines above it in another one.
  const below = empty === "" ? (/^[ \t]*\r?\n/.exec(tree.text.slice(lines.end))?.[0].length ?? 0) : 0;
  return remove({ ...lines, start: lines.start - empty.length, end: lines.end + below });
}

/** A name that is local to one of them means something else in the other. */
function mixNames(first: FunctionDef, second: FunctionDef, facts: Facts): boolean {
  const [ours, theirs] = [first, second].map((it) => facts.scopeOf(it.body.firstChild!).bindings);
  const used = (it: FunctionDef) =>
    new Set(
      it.body
        .descendants("identifier")
        .filter((name) => name.fieldName !== "attribute")
        .map((name) => name.text),
    );
  const [mine, others] = [used(first), used(second)];
  return (
    [...ours!.keys()].some((it) => others.has(it) && !theirs!.has(it)) ||
    [...theirs!.keys()].some((it) => mine.has(it) && !ours!.has(it))
  );
}
