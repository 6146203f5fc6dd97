/** Finds a loop that keeps a running sum, product, maximum or minimum over an array and stores it at every step. */

import {
  arrayShape,
  asAssignment,
  asAugmented,
  asBinary,
  asCall,
  asComparison,
  asIf,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  importModule,
  integerOf,
  isCompiled,
  isNumber,
  knownTurns,
  onlyStatement,
  removeStatement,
  replace,
  statementOf,
  statementsOf,
  unwrap,
  type Evidence,
  type Facts,
  type ForLoop,
  type Node,
} from "../../analysis/authoring.js";

type Kind = "sum" | "product" | "maximum" | "minimum" | "mean" | "filter";
/** Each result is a fixed share of the one before and something of its own. */
const isFiltered = (kind: Kind): kind is "mean" | "filter" => kind === "mean" || kind === "filter";
const FUNCTIONS: Readonly<Record<Exclude<Kind, "mean" | "filter">, string>> = {
  sum: "cumsum",
  product: "cumprod",
  maximum: "maximum.accumulate",
  minimum: "minimum.accumulate",
};

export default defineRule({
  title: "Running sum or maximum kept in a loop over an array",
  why: "Each iteration takes an element out of the array, wraps it in a Python object and stores the result so far. cumsum, cumprod and accumulate do this for the whole array in compiled code.",
  guide: "numpy",
  level: "warning",
  gain: "time",
  imports: ["numpy"],
  overrides: [
    "numpy/elementwise-loop",
    "numba/uncompiled-numeric-loop",
    "iteration/append-in-loop",
    "iteration/range-len",
    "generators/accumulator-returned",
  ],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def balances(deposits: np.ndarray) -> np.ndarray:
    result = np.zeros(len(deposits))
    total = 0.0
    for i in range(len(deposits)):
        total += deposits[i]
        result[i] = total
    return result
`,
      after: `
import numpy as np

def balances(deposits: np.ndarray) -> np.ndarray:
    result = np.zeros(len(deposits))
    result[:] = np.cumsum(deposits)
    return result
`,
    },
  ],

  on: ["for_statement"],

  find(node, { facts }, loop) {
    if (facts.isTest || loop.isAsync || loop.orElse || loop.target.kind !== "identifier") return undefined;
    const statements = statementsOf(loop.body);
    if (statements.length > MOST) return undefined;
    const running = shifted(statements, loop, facts) ?? kept(statements, loop, facts);
    if (!running || isCompiled(node, facts)) return undefined;
    const turns = knownTurns(node, facts);
    if (turns !== undefined && turns < FEW) return undefined;
    const around = facts.weightOf(node);
    const many = around === "unknown" && turns !== undefined ? "heavy" : around;
    // What does it at once is of another library, and begins in its own way.
    const weight = isFiltered(running.kind) && many === "heavy" ? "unknown" : many;
    return { at: loop.iterable, construct: node, evidence: running.evidence, weight, loop, running };
  },

  message: ({ running: { kind, out, evidence, array, isReversed, form } }) => {
    const isList = isFiltered(kind) && form !== "shifted";
    const shown =
      evidence === "fair"
        ? `, if \`${excerpt(array.text, 30)}\` is ${isList ? "a long row of numbers" : "an array"}`
        : "";
    const name = excerpt(out.text, 30);
    if (isFiltered(kind))
      return kind === "mean"
        ? `A smoothed mean is worked out element by element for \`${name}\`; \`ewm(adjust=False)\` of pandas does it for the whole array${shown}.`
        : `Each element of \`${name}\` is worked out from the one before; \`scipy.signal.lfilter\` does it for the whole array${isList && isReversed ? " turned round" : ""}${shown}.`;
    const whole = `\`np.${FUNCTIONS[kind]}\`${isReversed ? ` of \`${name}[::-1]\`` : ""}`;
    return `A running ${kind} is worked out element by element for \`${name}\`; ${whole} does it for the whole array${shown}.`;
  },

  fix({ loop, running }, file) {
    const { facts } = file;
    const { kind, source, out, start, isAlone, form, isReversed, offset = 0 } = running;
    if (hasComments(loop.node)) return declined("there is a comment in the loop");
    if (isFiltered(kind)) return declined("what the first result is has to be said in another way");
    if (form === "shifted") return declined("what stands in the first cell is set elsewhere");
    if (!isAlone || !source) return declined("more is done in the loop");
    if (facts.isReadOutside(loop.target, loop.node)) return declined(`\`${loop.target.text}\` is read after the loop`);
    const numpy = importModule(file, "numpy", loop.node);
    if (!numpy) return declined("`numpy` cannot be imported here");
    const whole = `${numpy.name}.${FUNCTIONS[kind]}(${source.text})`;
    if ([source, out].some((it) => facts.takenFor(it, "series") !== undefined))
      return declined("the labels of a Series are not places");
    if (form === "cells" && /^(?:dict|collections\.)/.test(facts.typeOf(out)?.name ?? ""))
      return declined(`\`${excerpt(out.text, 30)}\` is no array`);
    if (offset < 0) return declined("the results go into the cells before");
    const isOneAxis = arrayShape(source, facts).axes === 1;
    const values =
      kind === "sum" || kind === "product" ? "small integers are added in a wider type" : "NaN is kept once it appears";
    if (form === "inplace") {
      const reversed = `${out.text}[::-1]`;
      const inPlace = isReversed
        ? `${reversed} = ${numpy.name}.${FUNCTIONS[kind]}(${reversed})`
        : `${whole.slice(0, -1)}, out=${out.text})`;
      const doubts = [!isOneAxis && `\`${out.text}\` must have one axis`, values];
      return fixOf(`Use ${FUNCTIONS[kind]}`, doubts, [...numpy.edits, replace(loop.node, inPlace)]);
    }
    const longer = offset === 0 ? "the same length" : `\`${out.text}\` ${offset} more`;
    const doubts = [
      `\`${source.text}\` and \`${out.text}\` must have one axis and ${longer}`,
      values,
      form === "list" && "the list gets numbers of NumPy, and whole ones where whole ones are added",
      form === "cells" && !isMadeHere(out, facts) && `\`${out.text}\` must be no part of \`${source.text}\``,
    ];
    const neutral = kind === "sum" ? /^0(\.0*)?$/ : kind === "product" ? /^1(\.0*)?$/ : undefined;
    if (!start || !neutral?.test(start.text)) return declined("it does not begin at the neutral value");
    const begun = statementOf(start);
    if (!facts.readsOf(running.total!).every((it) => it.isInside(loop.node)) || begun.parent !== loop.node.parent)
      return declined(`\`${running.total!.text}\` is read elsewhere too`);
    const removed = removeStatement(begun);
    if (!removed) return declined("a comment would be lost");
    const stored =
      form === "list" ? `${out.text}.extend(${whole})` : `${out.text}[${offset === 0 ? "" : offset}:] = ${whole}`;
    return fixOf(`Use ${FUNCTIONS[kind]}`, doubts, [...numpy.edits, removed, replace(loop.node, stored)]);
  },
});

/** Statements of a loop that is looked into. */
const MOST = 12;
/** Turns that nobody waits for. */
const FEW = 100;

interface Running {
  readonly kind: Kind;
  /** Where the results go. */
  readonly out: Node;
  /** What is known best to be an array. */
  readonly array: Node;
  readonly evidence: Evidence;
  /** The array whose elements are added, where nothing else is done with them. */
  readonly source: Node | undefined;
  readonly total?: Node;
  readonly start?: Node | undefined;
  readonly isAlone: boolean;
  readonly form: "inplace" | "cells" | "list" | "shifted";
  /** From the end to the beginning. */
  readonly isReversed?: boolean;
  /** How far behind the cell that is read the result goes. */
  readonly offset?: number;
}

interface Step {
  readonly kind: Kind;
  /** What is added to what was there before. */
  readonly added: readonly Node[];
}

/** `out[i] = out[i - 1] + x[i]`, `out[i + 1] = out[i] * factor`, `x[i] += x[i - 1]`, `x[i] = max(x[i], x[i - 1])`; also from the end. */
function shifted(statements: readonly Node[], loop: ForLoop, facts: Facts): Running | undefined {
  const down = descentOf(loop);
  for (const statement of statements) {
    const put = storeIn(statement) ?? raisedIn(statement);
    const cell = put && asSubscript(put.target);
    const [index, more] = cell?.indices ?? [];
    if (!put || !cell || !index || more || cell.value.kind !== "identifier") continue;
    const isBefore = (it: Node) => {
      const read = asSubscript(unwrap(it));
      const place = read?.value.text === cell.value.text && read.indices.length === 1 ? read.indices[0] : undefined;
      const [before, after] = down ? [index, place] : [place, index];
      return before !== undefined && after !== undefined && isOneLess(before, after, loop.target.text);
    };
    const isOwnCell = (it: Node) => unwrap(it).text === cell.node.text;
    // Whatever else it reads of the array may be the result of another turn.
    const isFixed = (it: Node) => isOwnCell(it) || isFixedBefore(it, loop, [cell.value.text], facts);
    const step = [stepOf(put, isBefore), filteredStep(put, isBefore, loop, facts)].find((it) =>
      it?.added.every(isFixed),
    );
    if (!step) continue;
    if (othersTouch(cell.value, statement, loop, facts)) continue;
    const array = bestArray([cell.value], facts);
    if (!array || mayBeRows(cell.value, step.added, loop.target.text, facts)) return undefined;
    const offset = offsetOf(index, loop.target.text);
    const isWhole = down ? reachesStart(down, cell.value, offset) : reachesEnd(loop, cell.value, offset);
    const isInPlace = isWhole && !isFiltered(step.kind) && step.added.length === 1 && isOwnCell(step.added[0]!);
    return {
      kind: step.kind,
      out: cell.value,
      ...array,
      source: isInPlace ? cell.value : undefined,
      isAlone: statements.length === 1,
      form: isInPlace ? "inplace" : "shifted",
      isReversed: down !== undefined,
    };
  }
  return undefined;
}

/** Each turn works on a whole row: what is added is an array itself, or the array has a shape that is not plain to see and gets something from elsewhere. */
function mayBeRows(out: Node, added: readonly Node[], counter: string, facts: Facts): boolean {
  const { axes } = arrayShape(out, facts);
  if (axes !== undefined) return axes !== 1;
  if (added.some((it) => asSubscript(unwrap(it))?.indices[0]?.text === counter)) return false;
  return added.some((it) => it.kind === "identifier" && !isNumber(facts.typed(it)?.type));
}

/** `total += x[i]` with `out[i] = total` or `out.append(total)` below it. */
function kept(statements: readonly Node[], loop: ForLoop, facts: Facts): Running | undefined {
  for (const [at, statement] of statements.entries()) {
    const update = updateOf(statement) ?? discountedIn(statement, loop, facts);
    if (!update || !facts.bindingOf(update.total)) continue;
    const { total, added, kind } = update;
    if (isFiltered(kind) && added.some((it) => isOfRow(it, loop))) continue;
    const uses = facts.readsOf(total, loop.body).filter((it) => !it.isInside(statement));
    const stores = statements.slice(at + 1).flatMap((it) => storeOf(it, loop) ?? []);
    const isStored = (it: Node) => stores.some(({ value }) => it === value || it.isInside(value));
    const store = stores.find(({ value }) => uses.some((it) => it === value || it.isInside(value)));
    if (!store || !uses.every(isStored)) continue;
    if (facts.writesOf(total, loop.body).some((it) => !it.name.isInside(statement))) continue;
    if (!added.every((it) => isFixedBefore(it, loop, [total.text], facts))) continue;
    const [only, more] = added;
    const read = only && !more ? elementOfLoop(only, loop) : undefined;
    const arrays = [
      ...(read ? [read] : []),
      ...added.flatMap((it) => arraysIn(it, loop)),
      ...(store.form === "cells" ? [store.out] : []),
    ];
    const array = bestArray(arrays, facts) ?? (isFiltered(kind) ? listOf(added, store, loop, facts) : undefined);
    if (!array) continue;
    return {
      kind,
      isReversed: isFromEnd(loop),
      out: store.out,
      ...array,
      source: read,
      total,
      start: startOf(total, loop, facts),
      isAlone: statements.length === 2 && store.value === uses[0] && uses.length === 1,
      form: store.form,
      offset: store.offset,
    };
  }
  return undefined;
}

/** `total = reward + gamma * total`: a filter whose last result is kept in a name. */
function discountedIn(statement: Node, loop: ForLoop, facts: Facts): Update | undefined {
  const put = storeIn(statement);
  if (!put || put.isOnto || put.target.kind !== "identifier") return undefined;
  const name = put.target.text;
  const step = filteredStep(put, (it) => unwrap(it).kind === "identifier" && unwrap(it).text === name, loop, facts);
  return step && { ...step, total: put.target };
}

/** `rewards[:, t]` is a row itself. */
const isOfRow = (added: Node, { target }: ForLoop): boolean =>
  [added, ...added.descendants("subscript")].some((it) => {
    const { indices } = asSubscript(it) ?? { indices: [] };
    return indices.length > 1 && indices.some((index) => index.text === target.text);
  });

/** `reversed(x)`, `x[::-1]`, `range(n)[::-1]`, `range(n - 1, -1, -1)`. */
function isFromEnd(loop: ForLoop): boolean {
  const { iterable } = loop;
  return /^reversed\(|\[::-1\]$/.test(iterable.text) || descentOf(loop) !== undefined;
}

/** What is turned round. */
function turnedRound(iterable: Node): Node {
  const node = unwrap(iterable);
  const call = asCall(node);
  if (call?.callee.text === "reversed" && call.args.length === 1) return unwrap(call.args[0]!);
  return node.kind === "subscript" && node.text.endsWith("[::-1]") ? (asSubscript(node)?.value ?? node) : node;
}

/** Numbers in a list, from the last to the first, whose results end in an array: it may be long. */
function listOf(
  added: readonly Node[],
  store: Store,
  loop: ForLoop,
  facts: Facts,
): { readonly array: Node; readonly evidence: Evidence } | undefined {
  if (!isFromEnd(loop) || !endsInArray(store.out, facts)) return undefined;
  const items = turnedRound(loop.iterable);
  const [only, more] = added;
  const cell = only && asSubscript(unwrap(only));
  const list = cell?.indices[0]?.text === loop.target.text ? cell.value : items;
  if (more || (only?.text !== loop.target.text && !cell) || !/^(?:identifier|attribute)$/.test(list.kind))
    return undefined;
  const type = facts.typed(list)?.type.name;
  if (type?.startsWith("torch") || facts.takenFor(list, "tensor") || facts.sizeOf(list) === "light") return undefined;
  return { array: list, evidence: "fair" };
}

/** `np.array(out)`, `torch.tensor(out)`. */
const endsInArray = (out: Node, facts: Facts): boolean =>
  isMadeHere(out, facts) ||
  (out.kind === "identifier" &&
    facts.readsOf(out).some((it) => {
      const given = it.parent?.kind === "subscript" && it.parent.text.endsWith("[::-1]") ? it.parent : it;
      const use = given.parent?.kind === "argument_list" ? asCall(given.parent.parent) : undefined;
      return (
        use !== undefined &&
        /^(?:numpy\.(?:as)?array|torch\.(?:tensor|FloatTensor|as_tensor))$/.test(facts.nameOf(use.callee) ?? "")
      );
    }));

interface Put {
  readonly target: Node;
  readonly value: Node;
  /** `+=`: the value is added to what is there. */
  readonly isOnto: boolean;
  readonly operator: string;
  /** The value is put there only where it is more, or less. */
  readonly extreme?: Kind | undefined;
}

/** `if x[i] < x[i - 1]: x[i] = x[i - 1]`. */
function raisedIn(statement: Node): Put | undefined {
  const branch = asIf(statement);
  const only = branch && !branch.orElse && branch.elifs.length === 0 ? onlyStatement(branch.body) : undefined;
  const put = only && storeIn(only);
  const test = asComparison(unwrap(branch?.condition ?? statement));
  if (!put || put.isOnto || !test || !/^[<>]=?$/.test(test.operator)) return undefined;
  const [left, right] = [unwrap(test.left).text, unwrap(test.right).text];
  const isSame = left === put.target.text && right === put.value.text;
  if (!isSame && !(left === put.value.text && right === put.target.text)) return undefined;
  return { ...put, extreme: isSame === test.operator.startsWith("<") ? "maximum" : "minimum" };
}

function storeIn(statement: Node): Put | undefined {
  const augmented = asAugmented(statement);
  if (augmented)
    return {
      target: augmented.target,
      value: augmented.value,
      isOnto: true,
      operator: augmented.operator.slice(0, -1),
    };
  const assignment = asAssignment(statement);
  const [target, more] = assignment?.targets ?? [];
  return assignment?.value && target && !more
    ? { target, value: assignment.value, isOnto: false, operator: "" }
    : undefined;
}

function kindOf(operator: string): Kind | undefined {
  return operator === "+" ? "sum" : operator === "*" ? "product" : undefined;
}

const EXTREMES: Readonly<Record<string, Kind>> = {
  max: "maximum",
  maximum: "maximum",
  fmax: "maximum",
  min: "minimum",
  minimum: "minimum",
  fmin: "minimum",
};

/** One result is what was there before and something added. */
function stepOf({ value, isOnto, operator, target, extreme }: Put, isBefore: (it: Node) => boolean): Step | undefined {
  if (extreme) return isBefore(value) ? { kind: extreme, added: [target] } : undefined;
  if (isOnto) {
    const kind = kindOf(operator);
    return kind && isBefore(value) ? { kind, added: [target] } : undefined;
  }
  return joinedWith(unwrap(value), isBefore);
}

/** `before + added`, `max(before, added)`, also `before + a + b`. */
function joinedWith(value: Node, isBefore: (it: Node) => boolean): Step | undefined {
  const call = asCall(value);
  const word = call && (call.callee.field("attribute") ?? call.callee).text;
  const extreme = word === undefined ? undefined : EXTREMES[word];
  const [first, second, third] = call?.args ?? [];
  const sides = asBinary(value);
  const kind = extreme ?? (sides && kindOf(sides.operator));
  const left = extreme ? first : sides?.left;
  const right = extreme ? second : sides?.right;
  if (!kind || !left || !right || third || (call && call.keywords.size > 0)) return undefined;
  if (isBefore(left)) return { kind, added: [right] };
  if (isBefore(right)) return { kind, added: [left] };
  const inner = extreme ? undefined : joinedWith(unwrap(left), isBefore);
  return inner?.kind === kind ? { kind, added: [...inner.added, right] } : undefined;
}

/** `share * x[i] + (1 - share) * before`, `before + share * (x[i] - before)`, `rho * before + x[i]`, where the shares are the same for all. */
function filteredStep(
  { value, isOnto }: Put,
  isBefore: (it: Node) => boolean,
  loop: ForLoop,
  facts: Facts,
): Step | undefined {
  const sum = asBinary(unwrap(value));
  if (isOnto || !sum || (sum.operator !== "+" && sum.operator !== "-")) return undefined;
  const isSame = (it: Node) => staysFor(it, loop, facts);
  const sides = [sum.left, sum.right].map(unwrap);
  for (const [at, side] of sides.entries()) {
    const other = sides[1 - at]!;
    // `before + share * (x[i] - before)`.
    if (isBefore(side) && sum.operator === "+") {
      const [share, apart] = factorsOf(other, (it) => asBinary(it)?.operator === "-");
      const apartBy = asBinary(apart);
      if (share && apartBy && isSame(share) && isBefore(apartBy.right)) return { kind: "mean", added: [apartBy.left] };
    }
    const [share, before] = factorsOf(side, isBefore);
    if (!share || !before || !isSame(share)) continue;
    const own = factorsOf(other, isSame);
    const isMean =
      sum.operator === "+" && own.some((it) => it !== undefined && (isRest(share, it) || isRest(it, share)));
    return { kind: isMean ? "mean" : "filter", added: [other] };
  }
  return undefined;
}

/** Of a product the other factor, and the one that is asked for. */
function factorsOf(node: Node, isAsked: (it: Node) => boolean): readonly [Node | undefined, Node | undefined] {
  const product = asBinary(node);
  if (product?.operator !== "*") return [undefined, undefined];
  const [left, right] = [unwrap(product.left), unwrap(product.right)];
  return isAsked(right) ? [left, right] : isAsked(left) ? [right, left] : [undefined, undefined];
}

/** `1 - share`. */
function isRest(rest: Node, share: Node): boolean {
  const less = asBinary(rest);
  return less?.operator === "-" && Number(less.left.text) === 1 && unwrap(less.right).text === share.text;
}

/** One number for all turns. */
function staysFor(share: Node, loop: ForLoop, facts: Facts): boolean {
  if (share.kind === "call" || share.descendants("call", "subscript").length > 0 || share.kind === "subscript")
    return false;
  const names = share.kind === "identifier" ? [share] : share.descendants("identifier");
  return names.every((it) => it.text !== loop.target.text && facts.writesOf(it, loop.body).length === 0);
}

/** `i - 1` beside `i`, `i` beside `i + 1`. */
function isOneLess(index: Node, than: Node, counter: string): boolean {
  const before = offsetOf(index, counter);
  const after = offsetOf(than, counter);
  return before !== undefined && after !== undefined && after - before === 1;
}

function offsetOf(index: Node, counter: string): number | undefined {
  const node = unwrap(index);
  if (node.text === counter) return 0;
  const sum = asBinary(node);
  const by = integerOf(sum?.right);
  if (!sum || by === undefined || sum.left.text !== counter) return undefined;
  return sum.operator === "+" ? by : sum.operator === "-" ? -by : undefined;
}

/** `for i in range(1, len(x))`, `for i in range(len(x) - 1)` for the cell behind: all cells but the first are set. */
function reachesEnd({ iterable }: ForLoop, array: Node, offset: number | undefined): boolean {
  const call = asCall(iterable);
  const [from, to, more] = call?.args ?? [];
  if (call?.callee.text !== "range" || !from || more || offset === undefined) return false;
  const { length, fromEnd } = beforeEnd(to ?? from);
  return isLength(length, array) && fromEnd === offset && (to ? integerOf(from) : 0) === 1 - offset;
}

/** From how far before the end, and to what, a counter goes down by one. */
interface Descent {
  /** `len(x)` of `range(len(x) - 1, 0, -1)`. */
  readonly length: string | undefined;
  readonly fromEnd: number;
  readonly last: number | undefined;
}

function descentOf({ iterable }: ForLoop): Descent | undefined {
  const call = asCall(unwrap(iterable));
  const [first, second, step] = call?.args ?? [];
  if (call?.callee.text === "range" && first && integerOf(step) === -1) {
    const end = integerOf(second);
    return { ...beforeEnd(first), last: end === undefined ? undefined : end + 1 };
  }
  const inner = call?.callee.text === "reversed" && !second ? asCall(unwrap(first!)) : undefined;
  const [from, to, by] = inner?.args ?? [];
  if (inner?.callee.text !== "range" || !from || by) return undefined;
  const { length, fromEnd } = beforeEnd(to ?? from);
  return { length, fromEnd: fromEnd + 1, last: to ? integerOf(from) : 0 };
}

/** `len(x) - 1`: the length, and how far before it. */
function beforeEnd(bound: Node): { readonly length: string | undefined; readonly fromEnd: number } {
  const less = asBinary(unwrap(bound));
  const by = less?.operator === "-" ? integerOf(less.right) : undefined;
  return by === undefined ? { length: bound.text, fromEnd: 0 } : { length: less!.left.text, fromEnd: by };
}

/** It begins beside the last cell of the array and ends at the first one. */
function reachesStart({ length, fromEnd, last }: Descent, array: Node, offset: number | undefined): boolean {
  return isLength(length, array) && offset !== undefined && fromEnd === offset + 2 && last === -offset;
}

const isLength = (text: string | undefined, array: Node): boolean =>
  [`len(${array.text})`, `${array.text}.size`, `${array.text}.shape[0]`].includes(text ?? "");

interface Update extends Step {
  readonly total: Node;
}

/** `total += x`, `total = total + x`, `peak = max(peak, x)`, `if x > peak: peak = x`. */
function updateOf(statement: Node): Update | undefined {
  const augmented = asAugmented(statement);
  if (augmented) {
    const kind = kindOf(augmented.operator.slice(0, -1));
    return kind && augmented.target.kind === "identifier"
      ? { kind, added: [augmented.value], total: augmented.target }
      : undefined;
  }
  const branch = asIf(statement);
  if (branch)
    return branch.elifs.length === 0 && !branch.orElse
      ? extremeOf(branch.condition, onlyStatement(branch.body))
      : undefined;
  const put = storeIn(statement);
  if (!put || put.isOnto || put.target.kind !== "identifier") return undefined;
  const name = put.target.text;
  const step = joinedWith(unwrap(put.value), (it) => unwrap(it).kind === "identifier" && unwrap(it).text === name);
  return step && { ...step, total: put.target };
}

function extremeOf(condition: Node, only: Node | undefined): Update | undefined {
  const comparison = asComparison(unwrap(condition));
  const put = only && storeIn(only);
  if (!comparison || !put || put.isOnto || put.target.kind !== "identifier") return undefined;
  const [total, added] = [put.target.text, put.value.text];
  const { left, right, operator } = comparison;
  const isLeft = left.text === added && right.text === total;
  if (!isLeft && !(left.text === total && right.text === added)) return undefined;
  const isGreater = operator.startsWith(">");
  if (!isGreater && !operator.startsWith("<")) return undefined;
  return { kind: isGreater === isLeft ? "maximum" : "minimum", added: [put.value], total: put.target };
}

interface Store {
  readonly out: Node;
  readonly value: Node;
  readonly form: "cells" | "list";
  readonly offset: number;
}

/** `out[i] = value`, `out.append(value)`. */
function storeOf(statement: Node, { target }: ForLoop): Store | undefined {
  const append = statement.kind === "expression_statement" ? asMethodCall(statement.children[0], "append") : undefined;
  const [item, more] = append?.args ?? [];
  if (append && item && !more) return { out: append.object, value: item, form: "list", offset: 0 };
  const put = storeIn(statement);
  const cell = put && !put.isOnto ? asSubscript(put.target) : undefined;
  const [index, second] = cell?.indices ?? [];
  const offset = index && offsetOf(index, target.text);
  if (!put || !cell || second || offset === undefined) return undefined;
  return { out: cell.value, value: unwrap(put.value), form: "cells", offset };
}

/** What is added can be worked out for all turns at once: it reads nothing that a turn hands on, and calls only plain functions of numbers. */
function isFixedBefore(added: Node, loop: ForLoop, running: readonly string[], facts: Facts, depth = 0): boolean {
  if (depth > 4) return false;
  const names = added.kind === "identifier" ? [added] : added.descendants("identifier");
  const calls = added.kind === "call" ? [added, ...added.descendants("call")] : added.descendants("call");
  if (calls.some((it) => !PLAIN.test(facts.nameOf(it.field("function")!) ?? ""))) return false;
  return names.every((name) => {
    if (name.text === loop.target.text) return true;
    if (running.includes(name.text)) return false;
    const sites = facts.writesOf(name, loop.body);
    if (sites.length === 0) return true;
    const [only, more] = sites;
    const value = only?.kind === "assign" && !more && only.path.length === 0 ? only.value : undefined;
    return value !== undefined && isFixedBefore(value, loop, [...running, name.text], facts, depth + 1);
  });
}

const PLAIN =
  /^(math\.(sqrt|exp|log|log10|log2|sin|cos|tan|fabs|pow)|numpy\.(sqrt|exp|log|log1p|expm1|abs|absolute|sin|cos|tan|square|float64|float32)|builtins\.(float|int|abs))$/;

/** Another statement of the loop reads or writes the array. */
function othersTouch(array: Node, statement: Node, { body }: ForLoop, facts: Facts): boolean {
  return facts.readsOf(array, body).some((it) => !it.isInside(statement)) || facts.writesOf(array, body).length > 0;
}

/** The array in `x[i]`, or in `for value in x` where just `value` is added. */
function elementOfLoop(added: Node, { target, iterable }: ForLoop): Node | undefined {
  const node = unwrap(added);
  if (node.text === target.text) return unwrap(iterable).kind === "call" ? undefined : unwrap(iterable);
  const cell = asSubscript(node);
  const range = asCall(iterable);
  const [length, more] = range?.args ?? [];
  const isWhole =
    cell &&
    [`len(${cell.value.text})`, `${cell.value.text}.size`, `${cell.value.text}.shape[0]`].includes(length?.text ?? "");
  return isWhole &&
    !more &&
    range?.callee.text === "range" &&
    cell.indices.length === 1 &&
    cell.indices[0]!.text === target.text
    ? cell.value
    : undefined;
}

/** What is indexed by the counter, and what the loop goes through. */
function arraysIn(added: Node, { target, iterable }: ForLoop): readonly Node[] {
  const cells = [added, ...added.descendants("subscript")].flatMap((it) => {
    const cell = asSubscript(it);
    return cell?.indices.some((index) => index.text === target.text) ? [cell.value] : [];
  });
  const isItem = (added.kind === "identifier" ? [added] : added.descendants("identifier")).some(
    (it) => it.text === target.text,
  );
  const items = turnedRound(iterable);
  return isItem && items.kind !== "call" ? [...cells, items] : cells;
}

function bestArray(
  candidates: readonly Node[],
  facts: Facts,
): { readonly array: Node; readonly evidence: Evidence } | undefined {
  const known = candidates.flatMap((array) => {
    const evidence = facts.takenFor(array, "array") ?? facts.takenFor(array, "series", "strong");
    return evidence ? [{ array, evidence }] : [];
  });
  return known.find((it) => it.evidence === "proof") ?? known.find((it) => it.evidence === "strong") ?? known[0];
}

/** `np.zeros(len(x))`: an array that nobody else has. */
const isMadeHere = (array: Node, facts: Facts): boolean =>
  /^numpy\.(?:zeros|empty|ones|full)(?:_like)?$/.test(
    facts.nameOf(asCall(facts.valueOf(array))?.callee ?? array) ?? "",
  );

/** What the total is before the loop, where one statement says it. */
function startOf(total: Node, loop: ForLoop, facts: Facts): Node | undefined {
  const [only, more] = facts.writesOf(total).filter((it) => !it.name.isInside(loop.node));
  return only?.kind === "assign" && !more && only.path.length === 0 ? only.value : undefined;
}
