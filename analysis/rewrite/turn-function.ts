/** The body of a loop as a function that is called for each item: where no turn needs another, the turns may then run side by side. */

import { lineBelow, removeStatement, replace } from "../rule/edits.js";
import type { Edit } from "../rule/rule.js";
import type { Facts } from "../semantics/facts.js";
import { useOf } from "../semantics/uses.js";
import { asCall, asMethodCall, bindingStrength, unwrap } from "../syntax/expressions.js";
import {
  asAugmented,
  expressionOf,
  functionAround,
  jumpsOf,
  previousStatement,
  startsLine,
  statementsOf,
  type ForLoop,
} from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { begunEmpty, headOf, isFilledAlone, mayJoin } from "./filling.js";

/** One turn of a loop as a function of its loop variables. */
export interface Turn {
  readonly loop: ForLoop;
  /** The loop variables, which become parameters. */
  readonly names: readonly string[];
  /** What the last statement of each turn appends to a fresh list. */
  readonly result: TurnResult | undefined;
}

export interface TurnResult {
  readonly append: Node;
  readonly value: Node;
  /** `results: list[int] = `. */
  readonly head: string;
  /** The statement that makes the empty list. */
  readonly start: Node;
}

const NOT_IN_A_FUNCTION = [
  "return_statement",
  "yield",
  "global_statement",
  "nonlocal_statement",
  "delete_statement",
  "import_statement",
  "import_from_statement",
  "class_definition",
  "function_definition",
  "named_expression",
] as const;
const SCOPE_BOUND = new Set(["super", "locals", "vars", "dir", "eval", "exec"]);
/** Methods whose effect depends on the order of calls, and those after which the object is another one. */
const ORDERED =
  /^(append|appendleft|extend|extendleft|insert|pop|popleft|popitem|remove|sort|reverse|write|writelines|writerow|writerows|put|send)$/;
const CHANGING = /^(add|update|discard|clear|setdefault|subtract)$/;

/** Undefined where a turn ends the loop, leaves it, hands something on to the next turn or to the code behind. */
export function turnOf(loop: ForLoop, facts: Facts): Turn | undefined {
  const { node, target, iterable, body } = loop;
  const names = target.kind === "identifier" ? [target] : target.children;
  if (!names.every((it) => it.kind === "identifier") || new Set(names.map((it) => it.text)).size < names.length)
    return undefined;
  if (
    loop.orElse ||
    !startsLine(node) ||
    !/^\s*:[^\n]*\n/.test(node.tree.text.slice(iterable.end, body.start)) ||
    jumpsOf(node).length > 0
  )
    return undefined;
  // What is done to the folders that it gives decides where os.walk goes next.
  if (facts.nameOf(asCall(unwrap(iterable))?.callee ?? iterable) === "os.walk") return undefined;
  if (
    body.descendants(...NOT_IN_A_FUNCTION).length > 0 ||
    body.descendants("call").some((it) => SCOPE_BOUND.has(it.field("function")!.text))
  )
    return undefined;
  if (
    body
      .descendants("augmented_assignment")
      .some((it) => asAugmented(it)?.target.kind === "identifier" || it.descendants("await").length > 0)
  )
    return undefined;
  const bound = body
    .descendants("identifier")
    .filter((it) => facts.writesOf(it).some((site) => site.name === it) && facts.scopeOf(it) === facts.scopeOf(node));
  if (![...names, ...bound].every((it) => staysInTurn(it, node, facts))) return undefined;
  const result = resultOf(loop, facts);
  return sharesNothing(body, result, new Set([...names, ...bound].map((it) => it.text)), facts)
    ? { loop, names: names.map((it) => it.text), result }
    : undefined;
}

/** Nobody outside the turn sees the value, and no turn sees that of another. */
function staysInTurn(name: Node, loop: Node, facts: Facts): boolean {
  const isOwn = (it: Node) => it.isInside(loop);
  return (
    !facts.writesOf(name).some((it) => it.isRemote) &&
    facts.readsOf(name).every((read) => {
      const sites = facts.reachingSites(read);
      return isOwn(read)
        ? functionAround(read) === functionAround(loop) &&
            sites.every((it) => isOwn(it.name) && it.name.start < read.start)
        : !sites.some((it) => isOwn(it.name));
    })
  );
}

/** Nothing from outside is changed where the order of turns would show, or changed and looked at. */
function sharesNothing(body: Node, result: TurnResult | undefined, own: ReadonlySet<string>, facts: Facts): boolean {
  const shared = new Map<string, Node[]>();
  for (const it of body.descendants("identifier")) {
    if (
      own.has(it.text) ||
      it.fieldName === "attribute" ||
      (result && it.isInside(result.append) && !it.isInside(result.value)) ||
      !facts.bindingOf(it)
    )
      continue;
    shared.set(it.text, [...(shared.get(it.text) ?? []), it]);
  }
  return [...shared.values()].every((reads) => {
    const uses = reads.map(useOf);
    if (uses.some((it) => it.kind === "method" && ORDERED.test(it.name ?? ""))) return false;
    const isChanged = uses.some(
      (it) =>
        it.kind === "subscript-store" ||
        it.kind === "subscript-delete" ||
        (it.kind === "method" && CHANGING.test(it.name ?? "")),
    );
    return !isChanged || uses.length === 1;
  });
}

function resultOf({ node, body }: ForLoop, facts: Facts): TurnResult | undefined {
  const last = statementsOf(body).at(-1);
  const append = last && asMethodCall(expressionOf(last), "append");
  const [value, more] = append?.args ?? [];
  const begun = append?.object.kind === "identifier" ? begunEmpty(append.object, "list", node, facts) : undefined;
  if (
    !append ||
    !value ||
    more ||
    !begun ||
    !mayJoin(begun.start, append.object, node, facts) ||
    append.keywords.size > 0 ||
    append.hasSplat ||
    !isFilledAlone(append.object, node, 1, facts)
  )
    return undefined;
  return { append: append.node, value, head: headOf(begun.assignment), start: begun.start };
}

/** `handle_url` for `url`. */
export function turnName({ names, loop }: Turn, facts: Facts): string {
  const [only, more] = names;
  return facts.freshName(
    only === undefined || more !== undefined || /^_*$/.test(only) ? "handle_item" : `handle_${only.replace(/^_+/, "")}`,
    loop.node,
  );
}

/** `for url in urls`. */
export function turnsText({ loop: { target, iterable } }: Turn): string {
  return `for ${target.text} in ${bindingStrength(iterable) < 3 ? `(${iterable.text})` : iterable.text}`;
}

/** `name = [element for item in items]`, over several lines where it is long; the first one stands at `indent`, the others are written relative to it. */
export function turnList(
  turn: Turn,
  name: string,
  element: string,
  indent: string,
  unit: string,
  lineLength: number,
): string {
  const line = `${name} = [${element} ${turnsText(turn)}]`;
  return indent.length + line.length <= lineLength
    ? line
    : `${name} = [\n${unit}${element}\n${unit}${turnsText(turn)}\n]`;
}

/** The head of the loop becomes that of a function, its body stays where it is; `run` stands below. */
export function asTurnFunction(
  { loop, names, result }: Turn,
  define: string,
  run: string,
): readonly Edit[] | undefined {
  const { node, iterable } = loop;
  const { tree } = node;
  const colon = tree.text.indexOf(":", iterable.end);
  const start = result && removeStatement(result.start);
  if (result && !start) return undefined;
  const value =
    result &&
    (result.value.text.includes("\n") && !/^[[({]/.test(result.value.text)
      ? `(${result.value.text})`
      : result.value.text);
  return [
    ...(start ? [start] : []),
    ...emptyLineAbove(node, result?.start),
    replace({ tree, start: node.start, end: colon }, `${define}(${names.join(", ")})`),
    ...(result ? [replace(result.append, `return ${value}`)] : []),
    lineBelow(node, `\n${run}`),
  ];
}

/** A function stands apart from what is above it. */
function emptyLineAbove(loop: Node, start: Node | undefined): readonly Edit[] {
  const above = previousStatement(loop);
  const before = above === start ? above && previousStatement(above) : above;
  const { tree } = loop;
  const gap = before && tree.text.slice(before.end, loop.start);
  const at = tree.text.lastIndexOf("\n", loop.start - 1) + 1;
  return gap === undefined || /\n[ \t]*\r?\n|#/.test(gap) ? [] : [{ at: { tree, start: at, end: at }, text: "\n" }];
}
