/** `frame = pd.concat([frame, …])` in a loop, or `frame = frame.append(…)`. */

import {
  asAssignment, asCall, asMethodCall, collected, defineRule, doubtOf, growthOf, importModule, isConstant, isKept, statementOf, unwrap,
  type Call, type Facts, type Growth, type Node,
} from "../../analysis/authoring.js";

/** Keywords with which joining step by step and joining once give the same. */
const KEYWORDS = new Set(["ignore_index", "sort", "copy", "axis"]);

export default defineRule({
  title: "DataFrame that grows in a loop",
  why: "Each turn makes a new frame and copies all rows collected so far: the work grows with the square of the turns. A list grows in place and is joined by one concat.",
  guide: "pandas-scale",
  level: "info",
  gain: "time",
  imports: ["pandas"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def load(paths: list[str]) -> pd.DataFrame:
    orders = pd.DataFrame()
    for path in paths:
        orders = pd.concat([orders, pd.read_csv(path)], ignore_index=True)
    return orders
`,
      after: `
import pandas as pd

def load(paths: list[str]) -> pd.DataFrame:
    orders = pd.DataFrame()
    orders_parts = [orders]
    for path in paths:
        orders_parts.append(pd.read_csv(path))
    orders = pd.concat(orders_parts, ignore_index=True)
    return orders
`,
    },
  ],

  on: ["call"],

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || !/concat$|append$/.test(call.callee.text)) return undefined;
    const target = asAssignment(statementOf(node))?.targets[0];
    const parts = target && partsOf(call, target, facts);
    const operand = parts?.find((it) => it.kind === "identifier" && it.text === target!.text);
    const growth = operand && growthOf(node, operand, facts);
    return growth && parts ? { at: asMethodCall(node)?.methodNode ?? call.callee, call, parts, growth, isAppend: facts.nameOf(call.callee) === undefined } : undefined;
  },

  message: ({ growth: { name }, isAppend }) =>
    isAppend
      ? `\`${name.text}.append\` copies all rows in every turn, and pandas 2 no longer has it; collect the parts in a list for one concat.`
      : `concat copies all rows of \`${name.text}\` in every turn; collect the parts in a list and call it once after the loop.`,

  fix({ call, parts, growth, isAppend }, file) {
    const { facts } = file;
    const [first, ...added] = parts;
    if (first?.text !== growth.name.text || added.length === 0 || facts.isObserved(growth.name, growth.loop)) return undefined;
    if (![...call.keywords].every(([name, value]) => name === "objs" || (KEYWORDS.has(name) && isConstant(value))) || call.args.length > 1) return undefined;
    if (!added.every((it) => isKept(it, growth, facts)) || (isAppend && !added.every((it) => facts.typeOf(it)?.name === "pandas.DataFrame"))) return undefined;

    const pandas = isAppend ? importModule(file, "pandas", growth.loop, "pd") : undefined;
    const callee = isAppend ? pandas && `${pandas.name}.concat` : call.callee.text;
    const list = facts.freshName(`${growth.name.text}_parts`, growth.loop);
    const options = [...call.keywords].filter(([name]) => name !== "objs").map(([name, value]) => `, ${name}=${value.text}`).join("");
    const put = added.length === 1 ? `${list}.append(${added[0]!.text})` : `${list}.extend([${added.map((it) => it.text).join(", ")}])`;
    const edits = callee === undefined ? undefined : collected(growth, list, put, `${callee}(${list}${options})`);
    return edits && {
      title: `Collect the parts and call concat once (review: ${doubtOf(growth, facts)}${isNumbered(call, growth, facts) ? "; without a turn the rows are numbered anew" : ""})`,
      safety: "review",
      edits: [...(pandas?.edits ?? []), ...edits],
    };
  },
});

/** The frames that the call joins, in order: of `pd.concat([a, b])`, or of `a.append(b)` where `a` is a frame. */
function partsOf(call: Call, target: Node, facts: Facts): readonly Node[] | undefined {
  if (call.hasSplat) return undefined;
  const method = asMethodCall(call.node, "append");
  if (method) {
    const [added, more] = method.args;
    const isFrame = method.object.kind === "identifier" && method.object.text === target.text && facts.typeOf(method.object)?.name === "pandas.DataFrame";
    return isFrame && added && !more ? [method.object, added] : undefined;
  }
  const objects = facts.nameOf(call.callee) === "pandas.concat" ? (call.keywords.get("objs") ?? call.args[0]) : undefined;
  const list = objects && unwrap(objects);
  return (list?.kind === "list" || list?.kind === "tuple") && !list.children.some((it) => it.kind === "list_splat") ? list.children : undefined;
}

/** The rows that are there before the loop get new numbers, which without a turn they would not. A frame that starts empty has none. */
function isNumbered(call: Call, { name, loop }: Growth, facts: Facts): boolean {
  if (call.keywords.get("ignore_index")?.kind !== "true") return false;
  const starts = facts.writesOf(name).filter((it) => !it.name.isInside(loop) && (it.name.tree !== loop.tree || it.name.start < loop.start || facts.loopsAround(loop).length > 0));
  return !starts.every((it) => (it.kind === "assign" && it.value !== undefined && /^[\w.]*DataFrame\(\s*\)$/.test(it.value.text)));
}
