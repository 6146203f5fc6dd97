/** Loops over the elements of NumPy arrays, by index or by item, whose turns do not depend on each other. */

import type { Facts } from "../semantics/facts.js";
import { isNumber } from "../semantics/types.js";
import { asAttribute, asBinary, asCall, asSubscript, integerOf, unwrap } from "../syntax/expressions.js";
import { asAssignment, asAugmented, asFor, asIf, onlyStatement, statementsOf } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { arrayShape, isNewArray, lengthOf } from "./array-shape.js";
import { givenOnce } from "./given-once.js";

/** One of the loops; two or three may stand one straight inside the other. */
export interface Axis {
  /** The loop variable that counts. */
  readonly index: Node | undefined;
  /** The loop variables that are items. */
  readonly items: ReadonlyMap<string, Item>;
  /** What `range` counts to from 0 by 1; undefined for other ranges and for loops over items. */
  readonly stop: Node | undefined;
  /** At most so many turns, where the source says how many. */
  readonly turns: number | undefined;
}

export interface Item {
  readonly name: Node;
  readonly array: Node;
}

/** An element of an array: each place is the index of one of the loops, moved by a constant, or stays the same in all turns. */
export interface Cell {
  readonly array: Node;
  readonly places: readonly ({ readonly axis: number; readonly offset: number } | { readonly fixed: Node })[];
}

export type Step =
  | { readonly kind: "store"; readonly cell: Cell; readonly operator: string; readonly value: Node }
  | {
      readonly kind: "choice";
      readonly cell: Cell;
      readonly branches: readonly { readonly condition: Node; readonly value: Node }[];
      readonly otherwise: Node | undefined;
    }
  | {
      readonly kind: "sum";
      readonly name: Node;
      readonly operator: string;
      readonly value: Node;
      readonly condition: Node | undefined;
    }
  | { readonly kind: "name"; readonly name: Node; readonly value: Node };

/** One loop, or several nested ones, that compute element by element and store into arrays, names or sums. */
export interface ArrayLoop {
  readonly node: Node;
  readonly axes: readonly Axis[];
  readonly steps: readonly Step[];
  /** The elements of arrays that the loop reads or stores. */
  readonly cells: readonly Cell[];
  cellOf(node: Node): Cell | undefined;
  /** A loop variable, or a name that the loop gives a value in each turn. */
  isLocal(node: Node): boolean;
  /** A number that is the same in all turns, as far as can be told: its type is known or nothing is known of it. */
  isInvariant(node: Node): boolean;
}

/** Undefined where something else is done than to compute, store and add up, or where a turn may see what another turn did. */
export function arrayLoop(node: Node, facts: Facts): ArrayLoop | undefined {
  const axes: Axis[] = [];
  let body: Node | undefined;
  for (let inner: Node | undefined = node; inner; ) {
    const loop = asFor(inner);
    const axis = loop && !loop.isAsync && !loop.orElse ? axisOf(loop.target, loop.iterable, facts) : undefined;
    if (!axis || (axes.length > 0 && axis.items.size > 0) || axes.length === 3) return undefined;
    // `for j in range(i)`: the rows are not equally long.
    if (axes.some(({ index }) => index && loop!.iterable.identifiers(index.text).length > 0)) return undefined;
    axes.push(axis);
    body = loop!.body;
    const only = onlyStatement(body);
    inner = only?.kind === "for_statement" ? only : undefined;
  }
  const indices = new Map(axes.flatMap((it, axis) => (it.index ? [[it.index.text, axis] as const] : [])));
  if (
    !body ||
    axes.reduce((turns, it) => turns * (it.turns ?? Infinity), 1) < FEW ||
    indices.size < axes.filter((it) => it.index).length
  )
    return undefined;

  const stored = new Set<string>();
  const isSame = (it: Node) =>
    it
      .descendants("identifier")
      .every((name) => !stored.has(name.text) && facts.writesOf(name).every((site) => !site.name.isInside(node))) &&
    facts.isPure(it) !== "no" &&
    it.descendants("call").every((call) => facts.isPure(call) === "yes");

  const cellOf = (part: Node): Cell | undefined => {
    const places: Cell["places"][number][] = [];
    let array = unwrap(part);
    for (let subscript = asSubscript(array); subscript; subscript = asSubscript(array)) {
      const own = subscript.indices.map((it) => placeOf(it, indices, isSame));
      if (own.includes(undefined)) return undefined;
      places.unshift(...own.map((it) => it!));
      array = subscript.value;
    }
    const isName = array.kind === "identifier" || /^\w+\.\w+$/.test(array.text);
    return isName && places.some((it) => "axis" in it) && facts.typeOf(array)?.name === "numpy.ndarray"
      ? { array, places }
      : undefined;
  };

  const steps = statementsOf(body).map((it) => stepOf(it, cellOf));
  if (steps.length === 0 || !steps.every((it) => it !== undefined)) return undefined;
  for (const step of steps) if ("cell" in step) stored.add(step.cell.array.text);
  const locals = new Set([
    ...indices.keys(),
    ...axes.flatMap((it) => [...it.items.keys()]),
    ...steps.flatMap((it) => (it.kind === "name" ? [it.name.text] : [])),
  ]);

  const found = new Map<Node, Cell>();
  for (const it of body.descendants("subscript")) {
    const cell = it.parent?.kind === "subscript" && it.fieldName === "value" ? undefined : cellOf(it);
    if (cell) found.set(it, cell);
  }
  const cells = [...found.values()];
  const loop: ArrayLoop = {
    node,
    axes,
    steps,
    cells,
    cellOf,
    isLocal: (it) => it.kind === "identifier" && locals.has(it.text),
    isInvariant: (it) => {
      const type = facts.typeOf(it);
      return INVARIANTS.has(it.kind) && (type === undefined || isNumber(type)) && isSame(it);
    },
  };
  return isIndependent(loop, stored, facts) ? loop : undefined;
}

/** Over fewer turns whole arrays are hardly faster. */
const FEW = 100;
const INVARIANTS = new Set(["identifier", "attribute", "subscript", "call"]);

/** `range(…)`, an array, `enumerate(array)`, `zip(array, array)`, `enumerate(zip(array, array))`. */
function axisOf(target: Node, iterable: Node, facts: Facts): Axis | undefined {
  const call = asCall(unwrap(iterable));
  const name = call && facts.nameOf(call.callee);
  const [first, second, third] = call?.args ?? [];
  if (name === "builtins.range" && call && first && call.keywords.size === 0 && !call.hasSplat) {
    const stop = second ? (integerOf(first) === 0 && !third ? second : undefined) : first;
    return target.kind === "identifier"
      ? { index: target, items: new Map(), stop, turns: countOf(second ?? first, facts) }
      : undefined;
  }
  if (name === "builtins.enumerate" && call?.args.length === 1 && call.keywords.size === 0) {
    const [index, item, more] = target.kind === "pattern_list" ? target.children : [];
    const items = item && !more ? itemsOf(item, first!, facts) : undefined;
    return index?.kind === "identifier" && items && !items.has(index.text)
      ? { index, items, stop: undefined, turns: undefined }
      : undefined;
  }
  const items = itemsOf(target, iterable, facts);
  return items && { index: undefined, items, stop: undefined, turns: undefined };
}

/** A number that is written there, or that the only assignment of the name gives. */
function countOf(end: Node, facts: Facts): number | undefined {
  return integerOf(givenOnce(end, facts) ?? end);
}

function itemsOf(target: Node, iterable: Node, facts: Facts): ReadonlyMap<string, Item> | undefined {
  const isArray = (it: Node) =>
    facts.typeOf(it)?.name === "numpy.ndarray" && (it.kind === "identifier" || /^\w+\.\w+$/.test(it.text));
  if (target.kind === "identifier")
    return isArray(unwrap(iterable)) ? new Map([[target.text, { name: target, array: unwrap(iterable) }]]) : undefined;
  const call = asCall(unwrap(iterable));
  const names = target.children;
  const isZip =
    call && facts.nameOf(call.callee) === "builtins.zip" && !call.hasSplat && call.args.length === names.length;
  if (
    !isZip ||
    !PATTERNS.has(target.kind) ||
    !names.every((it) => it.kind === "identifier") ||
    !call.args.every(isArray)
  )
    return undefined;
  const items = new Map(names.map((it, index) => [it.text, { name: it, array: call.args[index]! }]));
  return items.size === names.length ? items : undefined;
}

const PATTERNS = new Set(["pattern_list", "tuple_pattern"]);

function placeOf(
  index: Node,
  indices: ReadonlyMap<string, number>,
  isSame: (node: Node) => boolean,
): Cell["places"][number] | undefined {
  const node = unwrap(index);
  const direct = indices.get(node.text);
  if (direct !== undefined) return { axis: direct, offset: 0 };
  const moved = asBinary(node);
  const [axis, offset] = [indices.get(moved?.left.text ?? ""), integerOf(moved?.right)];
  if (axis !== undefined && offset !== undefined && (moved!.operator === "+" || moved!.operator === "-"))
    return { axis, offset: moved!.operator === "+" ? offset : -offset };
  const isFixed = node.kind !== "slice" && node.kind !== "list" && node.kind !== "ellipsis" && isSame(node);
  return isFixed ? { fixed: node } : undefined;
}

function stepOf(statement: Node, cellOf: (node: Node) => Cell | undefined): Step | undefined {
  const augmented = asAugmented(statement);
  if (augmented) {
    const { target, value } = augmented;
    const operator = augmented.operator.slice(0, -1);
    if (target.kind === "identifier")
      return operator === "+" || operator === "-"
        ? { kind: "sum", name: target, operator, value, condition: undefined }
        : undefined;
    const cell = cellOf(target);
    return cell && { kind: "store", cell, operator, value };
  }
  const assignment = asAssignment(statement);
  const [target, more] = assignment?.targets ?? [];
  if (assignment?.value && target && !more && !assignment.annotation) {
    if (target.kind === "identifier") return { kind: "name", name: target, value: assignment.value };
    const cell = cellOf(target);
    return cell && { kind: "store", cell, operator: "", value: assignment.value };
  }
  return choiceOf(statement, cellOf);
}

/** `if … : one store or sum`, with `elif` and `else` where all of them store into the same element. */
function choiceOf(statement: Node, cellOf: (node: Node) => Cell | undefined): Step | undefined {
  const branch = asIf(statement);
  if (!branch) return undefined;
  const inside = (block: Node) => {
    const only = onlyStatement(block);
    return only && only.kind !== "if_statement" ? stepOf(only, cellOf) : undefined;
  };
  const first = inside(branch.body);
  if (first?.kind === "sum" && branch.elifs.length === 0 && !branch.orElse)
    return { ...first, condition: branch.condition };
  if (first?.kind !== "store") return undefined;
  const blocks = [branch, ...branch.elifs];
  const stores = [...blocks.map((it) => it.body), ...(branch.orElse ? [branch.orElse] : [])].map(inside);
  const same = stores.map((it) =>
    it?.kind === "store" && it.operator === "" && isSameCell(it.cell, first.cell) ? it.value : undefined,
  );
  if (same.includes(undefined)) return undefined;
  return {
    kind: "choice",
    cell: first.cell,
    branches: blocks.map((it, index) => ({ condition: it.condition, value: same[index]! })),
    otherwise: branch.orElse && same.at(-1),
  };
}

function isSameCell(one: Cell, other: Cell): boolean {
  const text = (it: Cell) =>
    `${it.array.text}[${it.places.map((place) => ("axis" in place ? `${place.axis}:${place.offset}` : place.fixed.text)).join()}]`;
  return text(one) === text(other);
}

/** No turn sees what another one stored, summed or named, and nothing behind the loop needs its variables. */
function isIndependent(loop: ArrayLoop, stored: ReadonlySet<string>, facts: Facts): boolean {
  const { node, axes, steps, cells } = loop;
  const items = axes.flatMap((it) => [...it.items.values()]);
  const variables = [...axes.flatMap((it) => (it.index ? [it.index] : [])), ...items.map((it) => it.name)];
  const given = steps.flatMap((it) => ("name" in it ? [it.name] : []));
  if (new Set([...variables, ...given].map((it) => it.text)).size < variables.length + given.length) return false;
  if (!steps.every((it) => ("cell" in it ? isOwnPlace(it, loop) : isSetAnew(it, node, facts)))) return false;

  const mentions = node
    .descendants("identifier", "attribute")
    .filter((it) => stored.has(it.text) && it.fieldName !== "attribute");
  if (mentions.some((it) => !cells.some((cell) => cell.array === it) && !isInHead(it, node) && !isMeasured(it)))
    return false;
  const read = [...cells.map((it) => it.array), ...items.map((it) => it.array)];
  const isShifted = cells.some(({ places }) => places.some((it) => "axis" in it && it.offset !== 0));
  const targets = steps.flatMap((it) => ("cell" in it ? [it.cell.array] : []));
  if (!targets.every((it) => isOwnMemory(it, isShifted, facts) || read.every((other) => other.text === it.text)))
    return false;

  const leftBehind = [...variables, ...steps.flatMap((it) => (it.kind === "name" ? [it.name] : []))];
  return leftBehind.every(
    (it) =>
      !facts.isDeleted(it) &&
      facts
        .readsOf(it)
        .every((use) => use.isInside(node) || !facts.reachingSites(use).some((site) => site.name.isInside(node))),
  );
}

/** Every turn stores into an element that no other turn reads or stores, or all of them add to it and do nothing else with it. */
function isOwnPlace(step: Extract<Step, { readonly cell: Cell }>, { axes, cells }: ArrayLoop): boolean {
  const places = step.cell.places.flatMap((it) => ("axis" in it ? [it] : []));
  const covered = new Set(places.map((it) => it.axis)).size;
  const others = cells.filter((it) => it.array.text === step.cell.array.text);
  if (
    places.some((it) => it.offset !== 0) ||
    places.length !== covered ||
    !others.every((it) => isSameCell(it, step.cell))
  )
    return false;
  return (
    covered === axes.length ||
    (step.kind === "store" && (step.operator === "+" || step.operator === "-") && others.length === 1)
  );
}

function isSetAnew(step: Exclude<Step, { readonly cell: Cell }>, loop: Node, facts: Facts): boolean {
  const reads = facts.readsOf(step.name).filter((it) => it.isInside(loop) && it !== step.name);
  return step.kind === "sum" ? reads.length === 0 : reads.every((it) => it.start >= step.value.end);
}

function isInHead(array: Node, loop: Node): boolean {
  return !array.isInside(loop.field("body")!);
}

/** `x.shape`, `len(x)`. */
function isMeasured(array: Node): boolean {
  return (
    asAttribute(array.parent)?.name === "shape" ||
    (array.parent?.kind === "argument_list" && asCall(array.parent.parent)?.callee.text === "len")
  );
}

/** Not a view of another array: made in this function, or, where only elements at one place meet, handed in. */
function isOwnMemory(array: Node, isShifted: boolean, facts: Facts): boolean {
  if (array.kind !== "identifier") return !isShifted;
  return facts
    .reachingSites(array)
    .every(
      (it) =>
        it.kind === "augment" ||
        (it.kind === "parameter" && !isShifted) ||
        (it.kind === "assign" && it.path.length === 0 && it.value !== undefined && isNewArray(it.value, facts)),
    );
}

/** How each of the loops shows in a subscript: `:` where it runs over the whole axis of an array, `:n` where nothing says so. Undefined for ranges that start elsewhere. */
export function slicesOf({ axes, cells }: ArrayLoop, facts: Facts): readonly string[] | undefined {
  const slices = axes.map(({ index, items, stop }, axis) => {
    if (items.size > 0 || !index) return ":";
    if (!stop || stop.kind === "named_expression") return undefined;
    const length = lengthOf(stop, facts);
    const isWhole = cells.some(({ array, places }) =>
      places.some(
        (it, position) =>
          "axis" in it &&
          it.axis === axis &&
          it.offset === 0 &&
          (`${array.text}#${position}` === length ||
            (arrayShape(array, facts).lengths[position] ?? []).includes(length)),
      ),
    );
    return isWhole ? ":" : `:${stop.text}`;
  });
  return slices.every((it) => it !== undefined) ? slices : undefined;
}

/** The part of the array that all turns together read or store, its axes in the order of the loops. Undefined where that takes more than a subscript. */
export function wholeOf({ array, places }: Cell, slices: readonly string[]): string | undefined {
  const order = places.flatMap((it) => ("axis" in it ? [it.axis] : []));
  if (places.some((it) => "axis" in it && it.offset !== 0)) return undefined;
  const parts = places.map((it) => ("axis" in it ? slices[it.axis]! : it.fixed.text));
  const isLast = order.every((it, index) => it === slices.length - order.length + index);
  if (!isLast) {
    if (places.length !== order.length) return undefined;
    if (slices.length === 2 && order.join() === "0") return `${array.text}[${parts[0]}, None]`;
    return slices.length === 2 && order.join() === "1,0" && parts.every((it) => it === ":")
      ? `${array.text}.swapaxes(0, 1)`
      : undefined;
  }
  while (parts.at(-1) === ":") parts.pop();
  return parts.length === 0 ? array.text : `${array.text}[${parts.join(", ")}]`;
}
