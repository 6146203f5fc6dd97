/** `@njit(parallel=True)` on a function whose loops all count with plain `range`. */

import {
  asAssignment,
  asAttribute,
  asAugmented,
  asCall,
  asFor,
  asFunction,
  asSubscript,
  declined,
  defineRule,
  fixOf,
  functionAround,
  importName,
  integerOf,
  ownsItsMemory,
  isJit,
  isNumber,
  isParallelJit,
  jumpsOf,
  mayWrapAround,
  memoryOf,
  parallelDoubts,
  replace,
  statementOf,
  statementsOf,
  unwrap,
  type Facts,
  type ForLoop,
  type FunctionDef,
  type Kind,
  type Node,
  type Site,
} from "../../analysis/authoring.js";

/** What a turn may call: it changes nothing, draws no random numbers and is no work on whole arrays, which is split already. */
const CALLS =
  /^(builtins\.(range|len|abs|min|max|int|float|bool|round)|math\.\w+|numpy\.(sqrt|cbrt|exp|expm1|exp2|log|log2|log10|log1p|sin|cos|tan|arcsin|arccos|arctan|arctan2|sinh|cosh|tanh|hypot|floor|ceil|trunc|rint|abs|absolute|fabs|sign|square|power|isnan|isinf|isfinite|minimum|maximum|u?int\d+|float\d+|zeros|empty|ones|zeros_like|empty_like|ones_like))$/;
const PRODUCTS = new Set(["numpy.dot", "numpy.vdot"]);
/** Statements and expressions that tie the turns together, may leave the loop, or that Numba does not run in parallel. */
const FORBIDDEN: readonly Kind[] = [
  "return_statement",
  "raise_statement",
  "assert_statement",
  "try_statement",
  "with_statement",
  "yield",
  "await",
  "lambda",
  "function_definition",
  "class_definition",
  "global_statement",
  "nonlocal_statement",
  "delete_statement",
  "named_expression",
  "list_comprehension",
  "set_comprehension",
  "dictionary_comprehension",
  "generator_expression",
  "match_statement",
];
const FEW = 32;
const REDUCTIONS = new Set(["+=", "-=", "*="]);

export default defineRule({
  title: "Parallel Numba function whose loops are serial",
  why: "parallel=True splits whole-array expressions and loops written with prange over the cores; a loop over range stays on one core.",
  guide: "numba-parallel-gpu",
  level: "info",
  gain: "time",
  imports: ["numba"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np
from numba import njit

@njit(parallel=True)
def row_energy(matrix):
    energy = np.empty(matrix.shape[0])
    for row in range(matrix.shape[0]):
        total = 0.0
        for column in range(matrix.shape[1]):
            total += matrix[row, column] * matrix[row, column]
        energy[row] = total
    return energy
`,
      after: `
import numpy as np
from numba import njit, prange

@njit(parallel=True)
def row_energy(matrix):
    energy = np.empty(matrix.shape[0])
    for row in prange(matrix.shape[0]):
        total = 0.0
        for column in range(matrix.shape[1]):
            total += matrix[row, column] * matrix[row, column]
        energy[row] = total
    return energy
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }) {
    const def = asFunction(node);
    if (!def || !isParallelJit(def, facts) || def.body.identifiers("prange").length > 0) return undefined;
    const loops = def.body
      .descendants("for_statement")
      .filter((it) => functionAround(it) === node && facts.loopDepth(it) === 0);
    const found = loops.map(asFor).flatMap((loop) => {
      const range = loop && rangeOf(loop, facts);
      const doubts = range && doubtsOf(loop, def, facts);
      return doubts ? [{ range, doubts }] : [];
    });
    const ranges = found.map((it) => it.range);
    const doubts = [...new Set(found.flatMap((it) => it.doubts))];
    const [first, ...more] = ranges;
    return (
      first && {
        at: first,
        // Each turn is shown to be independent of the others. Who compiles for several cores expects work for them.
        evidence: "proof",
        weight: "heavy",
        construct: first.ancestor("for_statement")!,
        related: more.map((it) => ({ at: it, message: "The iterations of this loop are independent too." })),
        def,
        ranges,
        doubts,
      }
    );
  },

  message: ({ def }) =>
    `\`${def.name}\` is compiled with parallel=True, but this loop over range runs on one core; prange spreads its iterations over the cores.`,

  fix({ at, ranges, doubts }, file) {
    const prange = importName(file, "numba", "prange", at);
    if (!prange) return declined("`prange` means something else here");
    return fixOf(
      "Use prange",
      ["the iterations run in any order, and float sums may differ in the last digits", ...doubts],
      [...prange.edits, ...ranges.map((it) => replace(it, prange.name))],
    );
  },
});

/** The word `range` of a loop that counts in steps of one. */
function rangeOf({ target, iterable, orElse, isAsync }: ForLoop, facts: Facts): Node | undefined {
  const call = asCall(unwrap(iterable));
  const isPlain =
    call &&
    !orElse &&
    !isAsync &&
    target.kind === "identifier" &&
    call.args.length > 0 &&
    call.args.length < 3 &&
    call.keywords.size === 0 &&
    !call.hasSplat;
  // A few turns are not worth a thread, and from a negative start on the same cell has two numbers.
  return isPlain &&
    !call.args.every((it) => (integerOf(it) ?? FEW) < FEW) &&
    (call.args.length === 1 || (integerOf(call.args[0]) ?? 0) >= 0) &&
    facts.nameOf(call.callee) === "builtins.range"
    ? call.callee
    : undefined;
}

interface Store {
  readonly array: Node;
  readonly place: number;
}

/** What may differ where the turns run at once; undefined unless each turn writes only cells of its own, names of its own, and sums that Numba joins. */
function doubtsOf(loop: ForLoop, def: FunctionDef, facts: Facts): readonly string[] | undefined {
  const { body, node, target } = loop;
  if (
    body.descendants(...FORBIDDEN).length > 0 ||
    jumpsOf(node).some((it) => it.kind === "break_statement") ||
    mayWrapAround(body, [target.text], facts)
  )
    return undefined;
  if (!body.descendants("call").every((it) => isPlainCall(it, facts) || isPlainHelper(it, facts))) return undefined;
  const stores = storesOf(loop, def, facts);
  return (
    stores &&
    parallelDoubts(
      loop,
      [...stores.values()].map((it) => it.array),
      def,
      facts,
    )
  );
}

/** The arrays that the turns store into; undefined where the turns depend on each other, or do nothing that is worth it. */
function storesOf(
  { body, node, target }: ForLoop,
  def: FunctionDef,
  facts: Facts,
): ReadonlyMap<string, Store> | undefined {
  const stores = new Map<string, Store>();
  let isUseful = false;
  for (const statement of body.descendants("assignment", "augmented_assignment")) {
    const augmented = asAugmented(statement);
    const targets = augmented
      ? [augmented.target]
      : (asAssignment(statement)?.targets.flatMap((it) =>
          it.kind === "pattern_list" || it.kind === "tuple_pattern" ? it.children : [it],
        ) ?? []);
    for (const it of targets) {
      if (it.kind === "identifier") {
        if (isOwnName(it, node, facts)) continue;
        if (!augmented || !isReduction(it, augmented.operator, node, facts)) return undefined;
        isUseful = true;
        continue;
      }
      const store = storeOf(it, target);
      if (!store) return undefined;
      if (isOwnName(store.array, node, facts)) {
        // A part of a shared array is a name of the turn's own for memory that is not.
        if (
          !facts
            .writesOf(store.array)
            .every(
              (it) => !it.name.isInside(node) || it.kind === "augment" || (it.value && ownsItsMemory(it.value, facts)),
            )
        )
          return undefined;
        continue;
      }
      if (
        store.place < 0 ||
        !memoryOf(store.array, node, facts) ||
        (stores.get(store.array.text)?.place ?? store.place) !== store.place ||
        !isArray(store.array, def, facts)
      )
        return undefined;
      stores.set(store.array.text, store);
      isUseful = true;
    }
  }
  const others = body.descendants("identifier").filter((it) => stores.has(it.text) && it.fieldName !== "attribute");
  const areCellsOwn = others.every(
    (it) =>
      asAttribute(it.parent)?.name === "shape" || storeOf(it.parent!, target)?.place === stores.get(it.text)!.place,
  );
  const loopVariables = body.descendants("for_statement").map((it) => it.field("left")!);
  const isWhole =
    isUseful &&
    areCellsOwn &&
    [target, ...loopVariables].every((it) => it.kind === "identifier" && staysInside(it, node, facts)) &&
    facts.writesOf(target).filter((it) => it.name.isInside(node)).length === 1;
  return isWhole ? stores : undefined;
}

/** `array[…, i, …]`: which place the loop variable has; -1 for none. */
function storeOf(node: Node, index: Node): Store | undefined {
  const subscript = asSubscript(node);
  if (!subscript || subscript.value.kind !== "identifier") return undefined;
  return {
    array: subscript.value,
    place: subscript.indices.findIndex((it) => it.kind === "identifier" && it.text === index.text),
  };
}

/** Something with a shape, or with several axes: a list or dict is no place for several threads to write to. */
function isArray(name: Node, { body }: FunctionDef, facts: Facts): boolean {
  if (facts.typeOf(name)?.name === "numpy.ndarray") return true;
  return facts
    .readsOf(name)
    .some(
      (it) =>
        it.isInside(body) &&
        (["shape", "size", "ndim"].includes(asAttribute(it.parent)?.name ?? "") ||
          (asSubscript(it.parent)?.indices.length ?? 0) > 1),
    );
}

/** Set in each turn before it is read there, and read nowhere else. */
function isOwnName(name: Node, loop: Node, facts: Facts): boolean {
  const sites = facts.writesOf(name).filter((it) => it.name.isInside(loop) && it.kind !== "augment");
  const reads = facts.readsOf(name).filter((it) => it.isInside(loop));
  const uses = [
    ...reads,
    ...facts
      .writesOf(name)
      .filter((it) => it.kind === "augment" && it.name.isInside(loop))
      .map((it) => it.name),
  ];
  return (
    sites.length > 0 && uses.every((read) => sites.some((it) => comesFirst(it, read))) && staysInside(name, loop, facts)
  );
}

function comesFirst(site: Site, read: Node): boolean {
  if (site.kind === "for") return read.isInside(site.owner.field("body") ?? site.name);
  const statement = statementOf(site.owner);
  return (
    site.kind === "assign" &&
    read.start >= statement.end &&
    statement.parent !== undefined &&
    read.isInside(statement.parent)
  );
}

function staysInside(name: Node, loop: Node, facts: Facts): boolean {
  return facts
    .readsOf(name)
    .every((it) => it.isInside(loop) || !facts.reachingSites(it).some((site) => site.name.isInside(loop)));
}

/** Only added to, with one operator, and not looked at before the loop is over. */
function isReduction(name: Node, operator: string, loop: Node, facts: Facts): boolean {
  const sites = facts.writesOf(name).filter((it) => it.name.isInside(loop));
  if (facts.readsOf(name).some((it) => it.isInside(loop) && !sites.some((site) => site.name === it))) return false;
  const starts = facts.reachingSites(name).filter((it) => !it.name.isInside(loop));
  const isCounted =
    starts.length > 0 &&
    starts.every((it) => it.kind === "assign" && it.path.length === 0 && it.value && isNumber(facts.typeOf(it.value)));
  return (
    REDUCTIONS.has(operator) &&
    isCounted &&
    sites.every((it) => it.kind === "augment" && it.owner.field("operator")?.text === operator)
  );
}

/** A call of a function that a turn may make; a product of two rows or matrices where it fills no array that it is handed. */
function isPlainCall(node: Node, facts: Facts): boolean {
  const call = asCall(node)!;
  const name = facts.nameOf(call.callee) ?? "";
  return CALLS.test(name) || (PRODUCTS.has(name) && call.args.length === 2 && call.keywords.size === 0);
}

/** A compiled function of this file that stores into nothing it is given and calls only what a turn may call. */
function isPlainHelper(node: Node, facts: Facts): boolean {
  const call = asCall(node);
  const def = call && facts.functionNamed(call.callee);
  if (!def || !isJit(def, facts)) return false;
  const body = facts.bodyOf(def);
  const stores = body
    .descendants("assignment", "augmented_assignment")
    .some((it) => it.field("left")!.descendants("subscript", "attribute").length > 0);
  return (
    !stores &&
    statementsOf(body).length > 0 &&
    body.descendants("call").every((it) => CALLS.test(facts.nameOf(it.field("function")!) ?? ""))
  );
}
