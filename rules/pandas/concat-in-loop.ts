/** A frame that grows by `concat` at every turn of a loop. */

import {
  argumentOf, asAssignment, asCall, asFor, asWhile, defineRule, hasComments, lineBelow, replace, startsLine, statementOf,
  type Call, type Facts, type File, type Fix, type Node,
} from "../../analysis/authoring.js";

/** Keywords that mean the same for many parts at once as for two at a time. */
const KEPT = new Set(["ignore_index", "sort", "copy"]);

export default defineRule({
  title: "Frame grown with concat in a loop",
  why: "Every concat copies all rows collected so far, so the work grows with the square of the number of parts; a list of parts and one concat at the end copies each row once.",
  guide: "pandas-scale",
  level: "warning",
  gain: "complexity",
  imports: ["pandas"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def load(paths: list[str]) -> pd.DataFrame:
    table = pd.DataFrame()
    for path in paths:
        table = pd.concat([table, pd.read_csv(path)], ignore_index=True)
    return table
`,
      after: `
import pandas as pd

def load(paths: list[str]) -> pd.DataFrame:
    table_parts = []
    for path in paths:
        table_parts.append(pd.read_csv(path))
    table = pd.concat(table_parts, ignore_index=True) if table_parts else pd.DataFrame()
    return table
`,
    },
  ],

  on: ["assignment"],

  find(node, { facts }) {
    const assignment = asAssignment(node);
    const [target, more] = assignment?.targets ?? [];
    const call = asCall(assignment?.value);
    if (!target || more || target.kind !== "identifier" || !call || facts.nameOf(call.callee) !== "pandas.concat") return undefined;
    const parts = listOf(argumentOf(call, "objs", 0));
    const own = parts?.find((it) => it.kind === "identifier" && it.text === target.text);
    const loop = loopOf(node, facts);
    if (!parts || !own || parts.length < 2 || !loop) return undefined;
    // Begun anew at each turn, or read meanwhile: then it does not grow, or the growing frame is wanted.
    if (facts.writesOf(target).some((it) => it.owner !== node && it.name.isInside(loop))) return undefined;
    if (facts.readsOf(target).some((it) => it !== own && it.isInside(loop))) return undefined;
    return { at: call.callee, construct: loop, call, target, parts, own, loop, statement: statementOf(node) };
  },

  message: ({ target }) => `Each turn copies all of \`${target.text}\` again; collect the parts in a list and concat once after the loop.`,

  fix: ({ call, target, parts, own, loop, statement }, file) => collected(call, target, parts, own, loop, statement, file),
});

function listOf(node: Node | undefined): readonly Node[] | undefined {
  return node?.kind === "list" || node?.kind === "tuple" ? node.children : undefined;
}

function loopOf(node: Node, facts: Facts): Node | undefined {
  const loop = facts.loopAround(node);
  return loop && (asFor(loop) ?? asWhile(loop)) ? loop : undefined;
}

/** Only where the frame starts as a literal empty one in the block of the loop, so that every part is known. */
function collected(call: Call, target: Node, parts: readonly Node[], own: Node, loop: Node, statement: Node, { facts }: File): Fix | undefined {
  const [part, more] = parts.filter((it) => it !== own);
  if (parts[0] !== own || !part || more || part.kind === "list_splat" || [...call.keywords.keys()].some((it) => !KEPT.has(it))) return undefined;
  const starts = facts.writesOf(target).filter((it) => it.owner !== asAssignment(statement)?.node);
  const [start, another] = starts;
  const begin = start && statementOf(start.owner);
  const isEmptyFrame = start?.value && asCall(start.value)?.argumentList.children.length === 0 && facts.nameOf(asCall(start.value)!.callee) === "pandas.DataFrame";
  if (!begin || another || !isEmptyFrame || begin.parent !== loop.parent || begin.tree !== loop.tree || begin.end > loop.start || start.annotation) return undefined;
  if (facts.readsOf(target).some((it) => it !== own && it.tree === loop.tree && it.start < loop.start)) return undefined;
  if (asFor(loop)?.orElse || asWhile(loop)?.orElse || hasComments(statement) || hasComments(begin) || !startsLine(loop)) return undefined;

  const list = facts.freshName(`${target.text}_parts`, loop);
  const options = [...call.keywords].filter(([name]) => name !== "objs").map(([name, value]) => `, ${name}=${value.text}`).join("");
  return {
    title: "Collect the parts and concat once (review: an empty frame no longer takes part in choosing dtypes)",
    safety: "review",
    edits: [
      replace(begin, `${list} = []`),
      replace(statement, `${list}.append(${part.text})`),
      lineBelow(loop, `${target.text} = ${call.callee.text}(${list}${options}) if ${list} else ${start.value!.text}`),
    ],
  };
}
