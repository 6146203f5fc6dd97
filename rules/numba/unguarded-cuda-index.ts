/** A CUDA kernel of Numba that uses its position as an index without asking whether it is inside the array. */

import {
  asAssignment,
  asBinary,
  asCall,
  asSubscript,
  between,
  declined,
  defineRule,
  fixOf,
  givenOnce,
  indentLines,
  indentUnit,
  isKernel,
  itemsOf,
  lineBelow,
  nextStatement,
  startsLine,
  statementOf,
  statementsOf,
  unwrap,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "CUDA index without a bounds test",
  why: "Threads come in whole blocks, so there are mostly more of them than elements. A thread beyond the end reads and writes foreign memory: results are wrong, or the program stops with an error that names another place.",
  guide: "numba-parallel-gpu",
  level: "warning",
  gain: "safety",
  imports: ["numba"],
  words: ["cuda"],
  fixes: "review",

  examples: [
    {
      before: `
from numba import cuda

@cuda.jit
def double(values):
    position = cuda.grid(1)
    values[position] *= 2
`,
      after: `
from numba import cuda

@cuda.jit
def double(values):
    position = cuda.grid(1)
    if position < values.shape[0]:
        values[position] *= 2
`,
    },
  ],

  on: ["function_definition"],

  find(_node, { facts }, def) {
    if (def.decorators.length === 0 || !isKernel(def, facts)) return undefined;
    const open = positionsIn(def, facts);
    for (const tested of testsIn(def)) for (const name of tested.descendants("identifier")) open.delete(name.text);
    const unsafe = def.body.descendants("subscript").flatMap((it) => {
      const subscript = asSubscript(it);
      const index = subscript?.indices
        .flatMap((part) => (part.kind === "tuple" ? itemsOf(part) : [part]))
        .find((part) => open.has(part.text));
      return subscript && index && !isOfBlock(subscript.value, facts)
        ? [{ at: it, index, array: subscript.value }]
        : [];
    });
    const [first] = unsafe;
    return first && { ...first, def, unsafe, position: open.get(first.index.text)! };
  },

  message: ({ index, array }) =>
    `\`${index.text}\` may lie beyond the end of \`${array.text}\`: there are mostly more threads than elements. Test it before the access.`,

  fix({ index, array, def, unsafe, position }, { facts }) {
    if (!/\.grid\(1\)$/.test(position.text)) return declined("the kernel counts in more than one dimension");
    const from = nextStatement(statementOf(position));
    const rest = statementsOf(def.body).filter((it) => from && it.start >= from.start);
    const [first] = rest;
    const last = rest.at(-1);
    if (!first || !last || !startsLine(first) || !unsafe.every(({ at }) => at.start >= first.start))
      return declined("the position is not worked out by a statement of its own above its uses");
    if (def.body.descendants("return_statement").length > 0) return declined("the kernel returns in the middle");
    if (array.kind !== "identifier") return declined("the array has no name of its own");
    const others = new Set(unsafe.map((it) => it.array.text).filter((it) => it !== array.text));
    return fixOf(
      "Test the position first",
      [
        others.size > 0 && `${[...others].map((it) => `\`${it}\``).join(" and ")} must be as long as \`${array.text}\``,
        "threads beyond the end do nothing at all",
      ],
      [
        lineBelow(statementOf(position), `if ${index.text} < ${array.text}.shape[0]:`),
        ...indentLines(between(first, last), indentUnit(first, facts)),
      ],
    );
  },
});

/** A place in the whole grid: of the block, and of the thread in it. */
const countsThreads = (text: string): boolean =>
  /\bcuda\.grid\(/.test(text) || (/\bblockIdx\b/.test(text) && /\bthreadIdx\b/.test(text));

/** The names that hold a thread's position in the whole grid, each with the expression that worked it out. */
function positionsIn(def: FunctionDef, facts: Facts): Map<string, Node> {
  const found = new Map<string, Node>();
  for (const node of def.body.descendants("assignment")) {
    const assignment = asAssignment(node);
    const [target, more] = assignment?.targets ?? [];
    const value = assignment?.value && unwrap(assignment.value);
    if (!target || more || !value || !countsThreads(value.text)) continue;
    const call = asCall(value);
    if (call && facts.nameOf(call.callee) !== "numba.cuda.grid") continue;
    for (const name of target.kind === "identifier" ? [target] : itemsOf(target))
      if (name.kind === "identifier" && facts.writesOf(name).length === 1) found.set(name.text, value);
  }
  return found;
}

/** Where a kernel asks for a position, or keeps it inside: comparisons, remainders, `min`, and the loops of a grid stride. */
function testsIn(def: FunctionDef): readonly Node[] {
  return [
    ...def.body.descendants("comparison_operator"),
    ...def.body.descendants("binary_operator").filter((it) => asBinary(it)?.operator === "%"),
    ...def.body.descendants("call").filter((it) => /^(?:min|max)$/.test(asCall(it)?.callee.text ?? "")),
  ];
}

/** Memory of the block or the thread, which is as long as the kernel made it. */
function isOfBlock(array: Node, facts: Facts): boolean {
  const value = array.kind === "identifier" ? givenOnce(array, facts) : undefined;
  return value !== undefined && /\bcuda\.(?:shared|local|const)\./.test(value.text);
}
