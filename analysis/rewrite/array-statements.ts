/** The statements over whole arrays that do what a loop over their elements does. */

import type { Facts } from "../semantics/facts.js";
import { isNumber } from "../semantics/types.js";
import { asBinary, isConstant, unwrap } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";
import { slicesOf, wholeOf, type ArrayLoop, type Cell, type Step } from "./array-loop.js";
import { arrayShape, isNewArray } from "./array-shape.js";
import { arrayExpression, inside, isTotal, type ArrayExpression, type Elementwise } from "./elementwise.js";

/** Statements on whole arrays in the place of a loop, one for each of its steps. */
export interface ArrayStatements {
  readonly lines: readonly string[];
  /** What may come out differently, in words for the title of a fix. */
  readonly doubts: readonly string[];
  readonly usesNumpy: boolean;
}

interface Writer {
  readonly loop: ArrayLoop;
  readonly facts: Facts;
  readonly slices: readonly string[];
  readonly options: Elementwise & { readonly numpy: string };
  readonly doubts: Set<string>;
  usesNumpy: boolean;
}

/** Everything the loop computes is in the tables, whether or not it can be written out. */
export function isTranslatable(loop: ArrayLoop, facts: Facts): boolean {
  const options = { ...reading(loop, facts, undefined), numpy: "np" };
  return loop.steps.every((it) => expressionsOf(it).every((part) => arrayExpression(part, options) !== undefined));
}

/** Every expression that a step of an array loop computes, conditions included. */
export function expressionsOf(step: Step): readonly Node[] {
  if (step.kind === "choice")
    return [...step.branches.flatMap((it) => [it.condition, it.value]), ...(step.otherwise ? [step.otherwise] : [])];
  return step.kind === "sum" && step.condition ? [step.value, step.condition] : [step.value];
}

/**
 * The statements on whole arrays that do what the loop does; undefined where it cannot be written that way.
 * @param numpy how NumPy is called at that place
 */
export function arrayStatements(loop: ArrayLoop, facts: Facts, numpy: string): ArrayStatements | undefined {
  const slices = slicesOf(loop, facts);
  if (!slices) return undefined;
  const doubts = new Set<string>();
  const note = (name: string) => doubts.add(`${name} must be a number`);
  const writer: Writer = {
    loop,
    facts,
    slices,
    options: { ...reading(loop, facts, slices, note), numpy },
    doubts,
    usesNumpy: false,
  };
  for (const slice of slices) if (slice !== ":") writer.doubts.add(`${slice.slice(1)} must lie within the arrays`);
  const lines = loop.steps.map((it) => statement(it, writer));
  return lines.every((it) => it !== undefined)
    ? { lines, doubts: [...writer.doubts], usesNumpy: writer.usesNumpy }
    : undefined;
}

/**
 * How the loop's own operands are read; with slices, as whole arrays.
 * @param note is told of operands of which nothing is known
 */
function reading(
  loop: ArrayLoop,
  facts: Facts,
  slices: readonly string[] | undefined,
  note?: (name: string) => void,
): Elementwise {
  const items = new Map(loop.axes.flatMap((it) => [...it.items].map(([name, { array }]) => [name, array] as const)));
  const isIndex = (node: Node) => loop.axes.some((it) => it.index?.text === node.text);
  return {
    leaf(node) {
      const cell = loop.cellOf(node);
      if (cell) return slices ? wholeOf(cell, slices) : node.text;
      if (!loop.isLocal(node)) return undefined;
      if (!slices) return node.text;
      return isIndex(node) ? undefined : (items.get(node.text)?.text ?? node.text);
    },
    isInvariant(node) {
      if (loop.cellOf(node) || node.descendants("identifier").some(loop.isLocal) || !loop.isInvariant(node))
        return false;
      const isKnown = isNumber(facts.typeOf(node));
      if (slices && !isKnown && !storesNumbers(loop, facts)) return false;
      if (!isKnown) note?.(node.text);
      return true;
    },
    nameOf: (callee) => facts.nameOf(callee),
    isTruth(node) {
      const array = loop.cellOf(node)?.array ?? items.get(node.text);
      return array !== undefined && arrayShape(array, facts).holds === "bool";
    },
    isNumpy: true,
  };
}

/** All that is stored goes to single elements, so an operand of which nothing is known must be a number. */
function storesNumbers({ steps }: ArrayLoop, facts: Facts): boolean {
  return steps.every(
    (it) => it.kind === "name" || ("cell" in it && arrayShape(it.cell.array, facts).axes === it.cell.places.length),
  );
}

function statement(step: Step, writer: Writer): string | undefined {
  switch (step.kind) {
    case "name":
      return named(step.name, step.value, writer);
    case "sum":
      return summed(step, writer);
    case "store":
      return stored(step, writer);
    case "choice":
      return chosen(step, writer);
  }
}

function written(node: Node, writer: Writer): ArrayExpression | undefined {
  const expression = arrayExpression(node, writer.options);
  for (const doubt of expression?.doubts ?? []) writer.doubts.add(doubt);
  writer.usesNumpy ||= expression?.usesNumpy ?? false;
  if (mayFailAlone(node, writer))
    writer.doubts.add("values that stay the same in the loop are computed even if it does not run");
  return expression;
}

/** A division, call or place of what is the same in all turns: it may raise, and stood in the loop, which may have no turn. */
function mayFailAlone(node: Node, { loop, facts }: Writer): boolean {
  const isRisky = (it: Node) =>
    it.kind === "binary_operator"
      ? DIVISIONS.has(asBinary(it)?.operator ?? "") && !isConstant(asBinary(it)!.right)
      : it.kind !== "call" || !facts.nameOf(it.field("function")!)?.startsWith("numpy.");
  return [node, ...node.descendants("binary_operator", "call", "subscript")].some(
    (it) =>
      RISKY.has(it.kind) &&
      isRisky(it) &&
      it.descendants("identifier").length > 0 &&
      !it.descendants("identifier").some(loop.isLocal),
  );
}

const RISKY = new Set(["binary_operator", "call", "subscript"]);
const DIVISIONS = new Set(["/", "//", "%"]);

/** A name for an array in place of one for its elements; not for an array that the loop goes on to change. */
function named(name: Node, value: Node, writer: Writer): string | undefined {
  const changed = new Set(writer.loop.steps.flatMap((it) => ("cell" in it ? [it.cell.array.text] : [])));
  const array =
    writer.loop.cellOf(value)?.array ?? itemsOf(writer.loop).find((it) => it.name.text === value.text)?.array;
  const whole = array && changed.has(array.text) ? undefined : written(value, writer);
  return whole && `${name.text} = ${whole.text}`;
}

/** How tightly the right side of an operator has to bind. */
const RIGHT: Readonly<Record<string, number>> = {
  "+": 10.5,
  "-": 10.5,
  "*": 11.5,
  "/": 11.5,
  "//": 11.5,
  "%": 11.5,
  "**": 12,
};

/** Always into the array that is there; `out[i] += x` is written out, because `out += x` would refuse what `out[i] += x` rounds. */
function stored(
  { cell, operator, value }: Extract<Step, { readonly kind: "store" }>,
  writer: Writer,
): string | undefined {
  const whole = wholeOf(cell, writer.slices);
  const right = written(value, writer);
  if (whole === undefined || !right || !coversAll(cell, writer.loop) || readsChangedItem(writer.loop)) return undefined;
  addStoreDoubts(cell, [value], writer);
  if (operator === "") return `${target(whole, cell)} = ${right.text}`;
  const least = RIGHT[operator];
  return least === undefined ? undefined : `${target(whole, cell)} = ${whole} ${operator} ${inside(right, least)}`;
}

function chosen(
  { cell, branches, otherwise }: Extract<Step, { readonly kind: "choice" }>,
  writer: Writer,
): string | undefined {
  const [branch, more] = branches;
  const whole = wholeOf(cell, writer.slices);
  if (!branch || more || whole === undefined || !coversAll(cell, writer.loop) || readsChangedItem(writer.loop))
    return undefined;
  if (![branch.value, ...(otherwise ? [otherwise] : [])].every((it) => isTotal(it, writer.options))) return undefined;
  const [test, value, other] = [
    written(branch.condition, writer),
    written(branch.value, writer),
    otherwise ? written(otherwise, writer) : { text: whole },
  ];
  if (!test || !value || !other || !isCondition(branch.condition, writer)) return undefined;
  addStoreDoubts(cell, [branch.value, ...(otherwise ? [otherwise] : [])], writer);
  const node = unwrap(branch.value);
  if (!otherwise && (isConstant(node) || writer.options.isInvariant(node)))
    return `${whole}[${test.text}] = ${value.text}`;
  writer.usesNumpy = true;
  return `${target(whole, cell)} = ${writer.options.numpy}.where(${test.text}, ${value.text}, ${other.text})`;
}

/** What is true of one element stored after the other, and not of all at once. */
function addStoreDoubts({ array }: Cell, values: readonly Node[], { loop, facts, doubts }: Writer): void {
  const { holds } = arrayShape(array, facts);
  const mayBeFraction = (it: Node) =>
    !isConstant(it) && it.descendants("identifier").length > 0 && facts.typeOf(it)?.name !== "int";
  if (holds !== "float" && holds !== "bool" && values.some(mayBeFraction))
    doubts.add("storing NaN into whole numbers no longer raises");
  const isGiven = (it: Node) =>
    it.kind !== "identifier" || facts.reachingSites(it).some((site) => site.kind === "parameter");
  const others = [...loop.cells.map((it) => it.array), ...itemsOf(loop).map((it) => it.array)].filter(
    (it) => it.text !== array.text,
  );
  if (
    isGiven(array) &&
    others.some(
      (it) =>
        isGiven(it) ||
        !facts.reachingSites(it).every((site) => site.kind === "assign" && site.value && isNewArray(site.value, facts)),
    )
  )
    doubts.add("the arrays must not overlap");
}

function summed(
  { name, operator, value, condition }: Extract<Step, { readonly kind: "sum" }>,
  writer: Writer,
): string | undefined {
  if (!startsAsNumber(name, writer.facts) || !spansAll([value, ...(condition ? [condition] : [])], writer.loop))
    return undefined;
  const { numpy } = writer.options;
  if (!condition) {
    const whole = written(value, writer);
    if (whole) addSumDoubts(writer);
    return whole && `${name.text} ${operator}= ${inside(whole, 20)}.sum(${mayHoldRows(writer) ? "axis=0" : ""})`;
  }
  const test = isCondition(condition, writer) ? written(condition, writer) : undefined;
  const whole = test && isTotal(value, writer.options) ? written(value, writer) : undefined;
  if (!whole) return undefined;
  writer.usesNumpy = true;
  if (value.text === "1") return `${name.text} ${operator}= ${numpy}.count_nonzero(${test!.text})`;
  addSumDoubts(writer);
  return `${name.text} ${operator}= ${numpy}.where(${test!.text}, ${whole.text}, 0).sum()`;
}

function addSumDoubts({ doubts }: Writer): void {
  doubts.add("sums are added in another order, and small integers in a wider type");
  doubts.add("a sum is a NumPy number even if the loop does not run");
}

/** Nothing tells that the elements are numbers: rows are added to one another, as the loop does. */
function mayHoldRows({ loop, facts }: Writer): boolean {
  const isNumber = (array: Node, places: number) => places > 1 || arrayShape(array, facts).axes === places;
  const isTested = loop.steps.some((it) => it.kind === "choice" || (it.kind === "sum" && it.condition !== undefined));
  return (
    loop.axes.length === 1 &&
    !isTested &&
    !loop.cells.some((it) => isNumber(it.array, it.places.length)) &&
    !itemsOf(loop).some((it) => isNumber(it.array, 1))
  );
}

/** All assignments that may have run last set a plain number; behind a `+=`, all there are. */
export function startsAsNumber(name: Node, facts: Facts): boolean {
  const reaching = facts.reachingSites(name);
  const starts = (reaching.every((it) => it.kind === "augment") ? facts.writesOf(name) : reaching).filter(
    (it) => it.kind !== "augment",
  );
  return (
    starts.length > 0 &&
    starts.every(
      (it) =>
        it.kind === "assign" &&
        it.value &&
        it.path.length === 0 &&
        isConstant(it.value) &&
        isNumber(facts.typeOf(it.value)),
    )
  );
}

/** The truth of an array is no question; that of a comparison or of an array of truth values is one. */
function isCondition(node: Node, { options }: Writer): boolean {
  const inner = unwrap(node);
  return (
    ["comparison_operator", "boolean_operator", "not_operator"].includes(inner.kind) ||
    (options.isTruth?.(inner) ?? false)
  );
}

function target(whole: string, cell: Cell): string {
  return whole === cell.array.text ? `${whole}[:]` : whole;
}

function coversAll({ places }: Cell, { axes }: ArrayLoop): boolean {
  return places.flatMap((it) => ("axis" in it ? [it.axis] : [])).join() === axes.map((_, axis) => axis).join();
}

/** The item was read before the loop stored into its array; whole arrays would be read after. */
function readsChangedItem(loop: ArrayLoop): boolean {
  return (
    loop.steps.length > 1 &&
    itemsOf(loop).some(({ array }) => loop.steps.some((it) => "cell" in it && it.cell.array.text === array.text))
  );
}

/** A sum over two loops counts what both of them run over, or it would add too little. */
function spansAll(parts: readonly Node[], loop: ArrayLoop): boolean {
  const used = parts.flatMap((it) => it.descendants("subscript", "identifier"));
  const axes = new Set(
    used.flatMap(
      (it) =>
        loop.cellOf(it)?.places.flatMap((place) => ("axis" in place ? [place.axis] : [])) ??
        (loop.isLocal(it) ? [0] : []),
    ),
  );
  return loop.axes.every((_, axis) => axes.has(axis));
}

function itemsOf({ axes }: ArrayLoop) {
  return axes.flatMap((it) => [...it.items.values()]);
}
