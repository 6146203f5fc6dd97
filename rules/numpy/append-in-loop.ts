/** `array = np.append(array, …)` and the like in a loop. */

import {
  asAssignment,
  asCall,
  asFor,
  collected,
  declined,
  defineRule,
  fixOf,
  doubtsOf,
  excerpt,
  growthOf,
  integerOf,
  isCompiled,
  isConstant,
  isKept,
  isNumber,
  lineBelow,
  listOfParts,
  replace,
  startsLine,
  statementOf,
  unwrap,
  type Call,
  type Declined,
  type Edit,
  type Facts,
  type File,
  type Fix,
  type Growth,
  type Node,
} from "../../analysis/authoring.js";

/** Functions that join arrays which stand in a sequence. */
const JOINS = new Set(
  ["concatenate", "concat", "vstack", "hstack", "dstack", "row_stack", "column_stack"].map((it) => `numpy.${it}`),
);
const KEYWORDS = new Set(["axis", "dtype", "casting"]);

export default defineRule({
  title: "NumPy array that grows in a loop",
  why: "An array has a fixed size, so each iteration creates a new one and copies everything collected so far: the work grows with the square of the number of iterations. A list grows in place, and its parts are joined once.",
  guide: "numpy",
  level: "warning",
  differs: { light: "off" },
  gain: "time",
  imports: ["numpy"],
  overrides: ["generators/accumulator-returned", "iteration/append-in-loop"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def decay(steps: int) -> np.ndarray:
    level = 1.0
    path = np.array([])
    for _ in range(steps):
        level = 0.9 * level + 0.01
        path = np.append(path, level)
    return path
`,
      after: `
import numpy as np

def decay(steps: int) -> np.ndarray:
    level = 1.0
    values = []
    for _ in range(steps):
        level = 0.9 * level + 0.01
        values.append(level)
    path = np.array(values, dtype=float)
    return path
`,
    },
    {
      before: `
import numpy as np

def load(paths: list[str]) -> np.ndarray:
    rows = np.empty((0, 3))
    for path in paths:
        rows = np.vstack([rows, np.loadtxt(path)])
    return rows
`,
      after: `
import numpy as np

def load(paths: list[str]) -> np.ndarray:
    rows = np.empty((0, 3))
    rows_parts = [rows]
    for path in paths:
        rows_parts.append(np.loadtxt(path))
    rows = np.vstack(rows_parts)
    return rows
`,
    },
  ],

  on: ["call"],
  calls: ["numpy.append", ...JOINS],

  find(node, { facts }) {
    const call = asCall(node);
    const name = call && /append|concat|stack/.test(call.callee.text) ? facts.nameOf(call.callee) : undefined;
    if (!call || name === undefined || call.hasSplat) return undefined;
    const growth = growthOf(node, "array", (it) => partsOf(it, facts), facts);
    const [first, ...others] = growth?.steps ?? [];
    if (!growth || !first || isCompiled(node, facts)) return undefined;
    const related = others.flatMap((it) => {
      const at = asCall(it.join)?.callee;
      return at ? [{ at, message: "It grows here too." }] : [];
    });
    // What a test puts together is short, and nobody waits for it.
    const weight = facts.isTest ? "light" : growth.weight;
    const isChanged = growth.steps.some((step) =>
      step.parts.some((it) => it !== step.operand && !isKept(it, step, growth, facts)),
    );
    const evidence = isOfKinds(growth.loop, facts) ? "fair" : undefined;
    return { at: call.callee, related, weight, ...(evidence && { evidence }), name, growth, isChanged };
  },

  message: ({ growth, name, weight, isChanged }) =>
    `\`${name.replace("numpy.", "np.")}\` copies all of \`${excerpt(growth.name.text, 40)}\` in every iteration${weight === "heavy" ? "" : ", which adds up in a long loop"}; collect ${isChanged ? "copies of the parts" : "the parts"} in a list and join them once.`,

  fix({ name, growth }, file) {
    const { facts } = file;
    const [step, another] = growth.steps;
    const call = asCall(step?.join);
    if (!step || !call || another) return declined("the array grows in several places");
    const [first, ...added] = step.parts;
    if (first !== step.operand || added.length === 0) return declined("the new part is put in front");
    if (growth.name.kind !== "identifier") return declined("other methods may look at the attribute or item meanwhile");
    if (!step.isBare) return declined("more is done with the result than to assign it");
    if (facts.isObserved(growth.name, growth.loop))
      return declined("other code may see the array while it grows, or after the loop failed");
    if (![...call.keywords.keys()].every((it) => KEYWORDS.has(it)))
      return declined("the call is given an argument that a single call may take otherwise");
    if (!added.every((it) => isKept(it, step, growth, facts)))
      return declined("what is added may change before the loop is over");
    return numbers(call, name, added, growth, file) ?? joined(call, name, added, growth, file);
  },
});

/** Goes over different values, of which there are mostly few beside the items that have them. */
function isOfKinds(loop: Node, facts: Facts): boolean {
  const iterable = asFor(loop)?.iterable;
  const call = asCall(iterable && unwrap(iterable));
  const isCounted = call !== undefined && facts.nameOf(call.callee) === "builtins.enumerate";
  const items = isCounted ? call.args[0] : iterable;
  if (!items) return false;
  const writes = items.kind === "identifier" ? facts.writesOf(items) : [];
  const source = writes.length > 0 ? writes.map((it) => asAssignment(it.owner)?.value) : [items];
  return source.every((it) => {
    const made = asCall(it && unwrap(it));
    return made !== undefined && facts.nameOf(made.callee) === "numpy.unique";
  });
}

/** The arrays that a call joins, in order. */
function partsOf(node: Node, facts: Facts): readonly Node[] | undefined {
  const call = asCall(node);
  const name = call && !call.hasSplat ? facts.nameOf(call.callee) : undefined;
  if (!call || name === undefined) return undefined;
  const [first, second, third] = call.args;
  if (name === "numpy.append") return first && second && !third ? [first, second] : undefined;
  const list = JOINS.has(name) && first && call.args.length <= 2 ? unwrap(first) : undefined;
  return (list?.kind === "list" || list?.kind === "tuple") && !list.children.some((it) => it.kind === "list_splat")
    ? list.children
    : undefined;
}

/** One number per turn, put behind an array that starts empty: a list of numbers, made an array once. */
function numbers(
  call: Call,
  name: string,
  [added, more]: readonly Node[],
  growth: Growth,
  { facts }: File,
): Fix | undefined {
  if (
    name !== "numpy.append" ||
    more ||
    call.keywords.size > 0 ||
    !added ||
    !isNumber(facts.typeOf(added)) ||
    facts.typeOf(added)?.name === "complex"
  )
    return undefined;
  const start = emptyStart(growth, facts);
  const dtype = start && dtypeOf(start.made, facts.typeOf(added)?.name === "float" ? "float" : "int", facts);
  if (!start || dtype === undefined || !startsLine(growth.loop)) return undefined;
  const list = facts.freshName("values", growth.loop);
  const module = call.callee.text.replace(/\.?append$/, "");
  if (module === call.callee.text || module === "") return undefined;
  const edits: Edit[] = [
    replace(start.statement, `${list} = []`),
    replace(growth.steps[0]!.statement, `${list}.append(${added.text})`),
    lineBelow(growth.loop, `${growth.name.text} = ${module}.array(${list}, dtype=${dtype})`),
  ];
  return {
    title: "Collect the numbers in a list",
    doubts: ["every value must be a plain number"],
    edits,
  };
}

interface EmptyStart {
  readonly statement: Node;
  readonly made: Call;
}

/** `name = np.array([])` right before the loop, as far as the name goes: nothing else sets it or reads it in between. */
function emptyStart({ name, loop, steps }: Growth, facts: Facts): EmptyStart | undefined {
  const starts = facts.writesOf(name).filter((it) => it.name !== name);
  const [only, more] = starts;
  if (!only || more || only.kind !== "assign" || only.path.length > 0 || only.annotation || only.isRemote)
    return undefined;
  const start = statementOf(only.name);
  const made = asCall(only.value && unwrap(only.value));
  if (
    !made ||
    start.parent !== loop.parent ||
    start.tree !== loop.tree ||
    start.end > loop.start ||
    start.comments.length > 0 ||
    asAssignment(start)?.targets.length !== 1
  )
    return undefined;
  const called = facts.nameOf(made.callee);
  const [size] = made.args;
  const list = size && unwrap(size);
  const isEmpty =
    called === "numpy.array"
      ? list?.kind === "list" && list.children.length === 0
      : (called === "numpy.empty" || called === "numpy.zeros") && integerOf(size) === 0;
  const isUnread = facts
    .readsOf(name)
    .every(
      (it) => it.isInside(steps[0]!.statement) || it.tree !== loop.tree || it.start > loop.end || it.end < start.start,
    );
  return isEmpty && isUnread ? { statement: start, made } : undefined;
}

/** What the values become beside an empty array of that type; undefined where NumPy would widen it. */
function dtypeOf(made: Call, added: "int" | "float", facts: Facts): string | undefined {
  const dtype = made.keywords.get("dtype") ?? made.args[1];
  if (!dtype) return "float";
  const name = facts.nameOf(dtype);
  if (name === "builtins.float" || name === "numpy.float64") return dtype.text;
  return added === "int" && (name === "builtins.int" || name === "numpy.int64") ? dtype.text : undefined;
}

/** Whatever is added: the start and the parts in one list, so that no turn at all leaves what was there. */
function joined(
  call: Call,
  name: string,
  added: readonly Node[],
  growth: Growth,
  { facts }: File,
): Fix | Declined | undefined {
  if (call.keywords.has("dtype") || call.keywords.has("casting") || (name !== "numpy.append" && call.args.length > 1))
    return declined("its type or axis may mean something else for all parts at once");
  const list = listOfParts(growth, facts);
  const axis = call.keywords.get("axis");
  const flat = name === "numpy.append" && (!axis || axis.kind === "none");
  const callee = name === "numpy.append" ? call.callee.text.replace(/append$/, "concatenate") : call.callee.text;
  if (callee === "concatenate" && call.callee.text === "append") return declined("`concatenate` is not imported");
  const options = flat ? ", axis=None" : axis ? `, axis=${axis.text}` : "";
  if (axis && !isConstant(axis)) return declined("the axis is worked out anew in each iteration");
  // A bare number would take the type of the array beside it; append makes an array of it first, as ravel does.
  const module = callee.replace(/concatenate$/, "");
  const texts = added.map((it) =>
    flat && facts.typeOf(it)?.name !== "numpy.ndarray" ? `${module}ravel(${it.text})` : it.text,
  );
  const put = added.length === 1 ? `${list}.append(${texts[0]!})` : `${list}.extend([${texts.join(", ")}])`;
  const edits = collected(growth, list, () => put, `${callee}(${list}${options})`, facts);
  if ("declined" in edits) return edits;
  const isStacked = name.endsWith("stack") && name !== "numpy.hstack";
  const doubts = [
    ...doubtsOf(growth, facts),
    isStacked && `${growth.name.text} is stacked even if the loop does not run`,
  ];
  return fixOf("Collect the parts and join them once", doubts, edits);
}
