/** Parallel iterations of a Numba loop that write to one place. */

import {
  asAssignment,
  asAugmented,
  asBinary,
  asCall,
  asFor,
  asFunction,
  asIf,
  asMethodCall,
  asSubscript,
  defineRule,
  functionAround,
  isConstant,
  isParallelJit,
  itemsOf,
  unwrap,
  type Facts,
  type ForLoop,
  type FunctionDef,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Parallel Numba iterations that write to one place",
  why: "The iterations of prange run at the same time on several cores. Where two of them write to one variable or array element, updates are lost and the result is wrong, without an error. Numba only combines plain reductions of a variable, such as `total += x` and `best = max(best, x)`.",
  guide: "numba-parallel-gpu",
  level: "warning",
  gain: "safety",
  imports: ["numba"],

  examples: [
    {
      before: `
import numpy as np
from numba import njit, prange

@njit(parallel=True)
def column_sums(matrix):
    sums = np.zeros(matrix.shape[1])
    for row in prange(matrix.shape[0]):
        for column in range(matrix.shape[1]):
            sums[column] += matrix[row, column]
    return sums
`,
      after: `
import numpy as np
from numba import njit, prange

@njit(parallel=True)
def column_sums(matrix):
    sums = np.zeros(matrix.shape[1])
    for column in prange(matrix.shape[1]):
        for row in range(matrix.shape[0]):
            sums[column] += matrix[row, column]
    return sums
`,
    },
  ],

  on: ["for_statement"],

  find(_node, { facts }, loop) {
    if (!isPrange(loop, facts)) return undefined;
    const around = functionAround(loop.node);
    const def = asFunction(around);
    if (!def || !isParallelJit(def, facts) || isInsidePrange(loop, def, facts)) return undefined;
    const turn = turnOf(loop, facts);
    const names = carriedNames(loop, def, facts);
    // `kept[count]` with such a count is one mistake, not two.
    const stores = sharedStores(loop, turn, facts).filter(
      (it) => !names.some(({ at }) => it.at.start <= at.start && at.end <= it.at.end),
    );
    return [...stores, ...names];
  },

  message: ({ text }) => text,
});

interface Race extends Match {
  readonly text: string;
}

function isPrange({ iterable }: ForLoop, facts: Facts): boolean {
  const call = asCall(unwrap(iterable));
  return call !== undefined && facts.nameOf(call.callee) === "numba.prange";
}

/** Only the outermost loop over prange runs in parallel. */
function isInsidePrange(loop: ForLoop, def: FunctionDef, facts: Facts): boolean {
  return facts.loopsAround(loop.node).some((it) => {
    const outer = it.isInside(def.node) ? asFor(it) : undefined;
    return outer !== undefined && outer.node !== loop.node && isPrange(outer, facts);
  });
}

/** How a value depends on the iteration: another one for each (`own`), something looked up with it, which may be the same for two (`data`), or not at all. */
type Varies = "own" | "data" | undefined;

/** What each name that a turn sets depends on. */
type Turn = ReadonlyMap<string, Varies>;

function turnOf(loop: ForLoop, facts: Facts): Turn {
  const turn = new Map<string, Varies>([[loop.target.text, "own"]]);
  // In source order, as the values are computed; a name that is set twice keeps what ties it to the iteration most.
  for (const node of loop.body.descendants("assignment", "for_statement", "named_expression")) {
    const inner = asFor(node);
    const target = inner?.target ?? node.field("left") ?? node.field("name");
    const value = inner?.iterable ?? node.field("right") ?? node.field("value");
    if (!target || !value || target.kind === "subscript" || target.kind === "attribute") continue;
    const varies = inner ? countsThrough(value, turn, facts) : variesWith(value, turn, facts);
    for (const name of namesIn(target))
      if (name.kind === "identifier") turn.set(name.text, turn.get(name.text) ?? varies);
  }
  return turn;
}

function variesWith(value: Node, turn: Turn, facts: Facts): Varies {
  const call = asCall(value);
  if (call && /get_thread_id$/.test(call.callee.text)) return "own";
  let varies: Varies;
  for (const it of value.descendants("identifier")) {
    const own = turn.get(it.text);
    if (own === undefined) continue;
    if (own === "own" && !isLookup(it, value)) return "own";
    varies = "data";
  }
  return varies;
}

/** `range(i * k, i * k + k)` is a stretch of its own for each iteration; those of `range(i + 1, n)` overlap. */
function countsThrough(iterable: Node, turn: Turn, facts: Facts): Varies {
  const bounds = asCall(unwrap(iterable))?.args ?? [iterable];
  const all = bounds.map((it) => variesWith(it, turn, facts));
  if (all[0] === "own" && all[1] === "own") return "own";
  return all.some((it) => it !== undefined) ? "data" : undefined;
}

/** `bins[i]`, `int(x)`, `i % 4` and `i // 2` may give the same for two iterations. */
function isLookup(name: Node, value: Node): boolean {
  for (let it = name; it !== value && it.parent; it = it.parent) {
    const around = it.parent;
    if (around.kind === "subscript") return true;
    const call = asCall(around);
    // `int(i)` is as different as `i` is.
    if (call && !(call.args[0]?.text === name.text && /int\d*$/.test(call.callee.text))) return true;
    const operator = asBinary(around)?.operator;
    if (operator === "%" || operator === "//" || operator === ">>" || operator === "&") return true;
  }
  return false;
}

/** Elements of an array from outside that several iterations write, and lists that they fill. */
function sharedStores(loop: ForLoop, turn: Turn, facts: Facts): readonly Race[] {
  const found: Race[] = [];
  const seen = new Set<string>();
  const isShared = (name: Node) =>
    name.kind === "identifier" && !turn.has(name.text) && facts.writesOf(name, loop.node).length === 0;
  for (const node of loop.body.descendants("assignment", "augmented_assignment", "call")) {
    const appended = asMethodCall(node, "append", "extend", "insert", "pop", "add");
    if (appended && isShared(appended.object) && !seen.has(appended.object.text)) {
      seen.add(appended.object.text);
      const list = appended.object.text;
      found.push({
        at: appended.node,
        text: `Iterations of prange change \`${list}\` at the same time: entries are lost, or the process crashes.`,
      });
    }
    const stored = storeOf(node);
    if (!stored || !isShared(stored.array) || seen.has(stored.array.text) || isOneTurn(node, loop, turn)) continue;
    const all = stored.indices.map((it) => variesWith(it, turn, facts));
    const isData = all.includes("data");
    if (all.includes("own") || (!stored.isUpdate && (isData || isConstant(stored.value)))) continue;
    seen.add(stored.array.text);
    const place = node.field("left")?.text ?? stored.array.text;
    found.push({
      at: node.field("left") ?? node,
      evidence: isData ? "strong" : "proof",
      text: stored.isUpdate
        ? isData
          ? `Two iterations of prange may update the same element \`${place}\` at the same time: one of the updates is lost.`
          : `Every iteration of prange updates \`${place}\` at the same time: updates are lost.`
        : `Every iteration of prange writes \`${place}\`: which one is kept depends on timing.`,
    });
  }
  return found;
}

interface Store {
  readonly array: Node;
  readonly indices: readonly Node[];
  readonly value: Node;
  /** The element is read first: `a[k] += x`, `a[k] = a[k] + x`. */
  readonly isUpdate: boolean;
}

function storeOf(node: Node): Store | undefined {
  const left = node.field("left");
  const value = node.field("right");
  let target = asSubscript(left);
  if (!left || !value || !target) return undefined;
  const indices = [...target.indices];
  // `table[0][k]`
  for (let outer = asSubscript(target.value); outer; outer = asSubscript(target.value))
    indices.push(...(target = outer).indices);
  const isUpdate =
    node.kind === "augmented_assignment" || value.descendants("subscript").some((it) => it.text === left.text);
  return { array: target.value, indices, value, isUpdate };
}

/** `if i == 0:` around it: one iteration alone does it. */
function isOneTurn(node: Node, loop: ForLoop, turn: Turn): boolean {
  for (let it: Node | undefined = node; it && it !== loop.body; it = it.parent) {
    const test = asIf(it)?.condition ?? (it.kind === "elif_clause" ? it.field("condition") : undefined);
    if (test?.text.includes("==") && test.descendants("identifier").some((name) => turn.get(name.text) === "own"))
      return true;
  }
  return false;
}

const REDUCTIONS = new Set(["+=", "-=", "*=", "/="]);

/** Variables from before the loop that an iteration sets, and that another iteration or the code behind the loop reads. */
function carriedNames(loop: ForLoop, def: FunctionDef, facts: Facts): readonly Race[] {
  const found: Race[] = [];
  const seen = new Set<string>();
  for (const node of loop.body.descendants("assignment", "augmented_assignment")) {
    const target = asAugmented(node)?.target ?? asAssignment(node)?.targets[0] ?? node.field("left");
    for (const name of target ? namesIn(target) : []) {
      if (name.kind !== "identifier" || seen.has(name.text)) continue;
      seen.add(name.text);
      const race = carried(name, node, loop, def, facts);
      if (race) found.push(race);
    }
  }
  return found;
}

function carried(name: Node, node: Node, loop: ForLoop, def: FunctionDef, facts: Facts): Race | undefined {
  const isBefore = facts.writesOf(name).some((it) => it.name.isInside(def.node) && it.name.start < loop.node.start);
  if (!isBefore) return undefined;
  const reads = facts.readsOf(name, loop.body);
  if (isReduction(name, node)) {
    // Each core has a total of its own until the loop ends.
    const other = reads.find((it) => !it.isInside(node) && !isReduction(name, around(it)));
    return (
      other && {
        at: other,
        text: `\`${name.text}\` is added up over the iterations of prange; inside the loop its value depends on which of them have run.`,
      }
    );
  }
  if (node.kind === "augmented_assignment") return undefined;
  const first = reads.find((it) => it.start < name.start || it.isInside(node));
  if (first)
    return {
      at: name,
      text: `An iteration of prange reads \`${name.text}\` and sets it for the next one, but they run at the same time: the result is wrong.`,
    };
  const isReadBehind = facts
    .readsOf(name, def.body)
    .some((it) => it.start >= loop.node.end && facts.reachingSites(it).some((site) => site.name.isInside(loop.body)));
  if (!isReadBehind) return undefined;
  return { at: name, text: `Which iteration's \`${name.text}\` is left behind the prange loop depends on timing.` };
}

/** `total += x`, `total = total + x`, `best = max(best, x)`: Numba combines what each core has worked out. */
function isReduction(name: Node, statement: Node): boolean {
  const augmented = asAugmented(statement);
  if (augmented) return augmented.target.text === name.text && REDUCTIONS.has(augmented.operator);
  const value = statement.field("right");
  if (statement.kind !== "assignment" || statement.field("left")?.text !== name.text || !value) return false;
  const sum = asBinary(unwrap(value));
  if (sum) return /^[-+*/]$/.test(sum.operator) && (sum.left.text === name.text || sum.right.text === name.text);
  const call = asCall(unwrap(value));
  return call !== undefined && /^(max|min)$/.test(call.callee.text) && call.args.some((it) => it.text === name.text);
}

/** `a, b` is two targets. */
function namesIn(target: Node): readonly Node[] {
  return ["pattern_list", "tuple_pattern", "list_pattern"].includes(target.kind) ? itemsOf(target) : [target];
}

/** The assignment that a read stands in. */
function around(read: Node): Node {
  return read.ancestor("assignment", "augmented_assignment") ?? read;
}
