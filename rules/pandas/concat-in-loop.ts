/** `frame = pd.concat([frame, …])` in a loop, or `frame = frame.append(…)`. */

import {
  callsUnder,
  asCall,
  asFor,
  asMethodCall,
  collected,
  declined,
  defineRule,
  excerpt,
  doubtsOf,
  drawsCharts,
  fixOf,
  growthOf,
  importModule,
  isConstant,
  isKept,
  knownTurns,
  listOfParts,
  unwrap,
  type Call,
  type Evidence,
  type Facts,
  type Growth,
  type GrowthStep,
  type Node,
} from "../../analysis/authoring.js";

/** Keywords with which joining step by step and joining once give the same. */
const KEYWORDS = new Set(["ignore_index", "sort", "copy", "axis"]);

const GROUPS = /\.(?:groupby|_?predict\w*|fit\w*)\(/;

export default defineRule({
  title: "DataFrame that grows in a loop",
  why: "Each iteration creates a new frame and copies all rows collected so far: the work grows with the square of the number of iterations. A list grows in place, and one concat joins its parts.",
  guide: "pandas-scale",
  level: "warning",
  differs: { light: "off" },
  gain: "time",
  imports: ["pandas"],
  orWords: ["ignore_index"],
  overrides: ["generators/accumulator-returned", "iteration/append-in-loop"],
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
  calls: ["pandas.concat"],
  methods: ["append"],

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || !/concat$|append$/.test(call.callee.text)) return undefined;
    const growth = growthOf(node, "frame", (it) => partsOf(it, facts), facts);
    if (!growth) return undefined;
    const isAppend = facts.nameOf(call.callee) === undefined;
    const evidence = isAppend ? appendEvidence(call, facts) : "proof";
    if (!evidence) return undefined;
    // Beside what such turns do, and there are few of them, the copies do not show.
    const isSlow =
      !isAppend &&
      (GROUPS.test(growth.loop.text) ||
        isShown(growth.loop) ||
        (knownTurns(growth.loop, facts) ?? MANY) < MANY ||
        FEW.test(asFor(growth.loop)?.iterable.text.slice(0, 80) ?? "") ||
        isFetched(growth.loop, facts));
    const at = (it: Node) => asMethodCall(it)?.methodNode ?? asCall(it)?.callee ?? it;
    return {
      at: at(node),
      related: growth.steps
        .filter((it) => it.join !== node)
        .map((it) => ({ at: at(it.join), message: "It grows here too." })),
      evidence: isSlow ? ("fair" as const) : evidence,
      // However few rows there are: where pandas is not known to be older than 2, it breaks.
      weight: isAppend && facts.hasLibrary("pandas", "2.0") !== "no" && !facts.isTest ? "heavy" : growth.weight,
      growth,
      isAppend,
    };
  },

  message({ growth, isAppend, evidence, weight }) {
    const name = `\`${excerpt(growth.name.text, 40)}\``;
    const isMany = weight === "heavy" ? "" : ", which matters if there are many";
    if (!isAppend)
      return `concat copies all rows of ${name} in every iteration${isMany}; collect the parts in a list and call it once after the loop.`;
    return evidence === "fair"
      ? `${name} is taken for a DataFrame: append copies all its rows in every iteration, and pandas 2 has no append; use one concat.`
      : `append copies all rows of ${name} in every iteration, and pandas 2 no longer has it; collect the parts in a list for one concat.`;
  },

  fix({ growth, isAppend, evidence }, file) {
    const { facts } = file;
    const [{ join }] = growth.steps as readonly [GrowthStep];
    const options = optionsOf(asCall(join)!);
    if (options === undefined || growth.steps.some((it) => optionsOf(asCall(it.join)!) !== options))
      return declined("its arguments may mean something else where all parts are joined at once");
    for (const step of growth.steps) {
      const [first, ...added] = step.parts;
      if (first !== step.operand) return declined("the new part comes first");
      const around = asMethodCall(first.parent?.parent);
      if (around?.object === first && around.node !== step.join)
        return declined("something is done with the whole frame each time it grows");
      if (isAppend && !added.every((it) => isRow(it, facts) || FRAMES.has(facts.typeOf(it)?.name ?? "")))
        return declined("what is appended is not known to be a DataFrame");
      if (!added.every((it) => (isAppend && isRow(it, facts)) || isKept(it, step, growth, facts)))
        return declined("a part may change after it was joined");
    }

    const pandas = isAppend ? importModule(file, "pandas", growth.loop, "pd") : undefined;
    const callee = isAppend ? pandas && `${pandas.name}.concat` : asCall(join)!.callee.text;
    if (callee === undefined) return declined("the name of pandas means something else here");
    const list = listOfParts(growth, facts);
    const put = ({ parts: [, ...added] }: GrowthStep) => {
      const texts = added.map((it) =>
        isAppend && isRow(it, facts) ? `${pandas!.name}.DataFrame([${it.text}])` : it.text,
      );
      return texts.length === 1 ? `${list}.append(${texts[0]!})` : `${list}.extend([${texts.join(", ")}])`;
    };
    const edits = collected(growth, list, put, `${callee}(${list}${options})`, facts);
    if ("declined" in edits) return edits;
    return fixOf(
      "Collect the parts and call concat once",
      [
        ...doubtsOf(growth, facts),
        isAppend && evidence !== "proof" && `\`${growth.name.text}\` must be a DataFrame`,
        isNumbered(asCall(join)!, growth, facts) && "the rows are renumbered even if the loop does not run",
      ],
      [...(pandas?.edits ?? []), ...edits],
    );
  },
});

/** There are seldom more than a handful of these. */
const FEW =
  /\b\w*(?:models|modules|folds|batches|sheets?(?:_names)?|splits|methods|datasets|scenarios|metrics|seeds)(?:\.(?:items|keys|values)\(\))?\)*$/i;

/** So many copies of small frames begin to show. */
const MANY = 100;

/** Each part is drawn or put on a page. */
const isShown = (loop: Node): boolean => drawsCharts(loop) || /\bplot_\w+\(/.test(loop.text);

/** Each part is read from a workbook, asked of a database or fetched from a server first, in the loop or in a function of the file. */
const isFetched = (loop: Node, facts: Facts): boolean =>
  FETCHES.test(loop.text) ||
  callsUnder(loop).some(({ callee }) => {
    const def = facts.functionNamed(callee);
    return def !== undefined && FETCHES.test(facts.bodyOf(def).text);
  });
const FETCHES =
  /\b(?:pd|pandas)\.read_(?!csv|table)\w+\(|\.(?:execute|fetchall)\(|\b(?:requests|httpx|session)\.(?:get|post|request)\(|\burlopen\(|\bsleep\(|\burl\w* = [rf]*["']https?:\/\//;

/** The keywords that joining once takes over, as written; undefined where joining once is not the same. */
function optionsOf(call: Call): string | undefined {
  if (call.args.length > 1) return undefined;
  const options = [...call.keywords].filter(([name]) => name !== "objs");
  return options.every(([name, value]) => KEYWORDS.has(name) && isConstant(value))
    ? options.map(([name, value]) => `, ${name}=${value.text}`).join("")
    : undefined;
}

const FRAMES = new Set(["pandas.DataFrame", "pandas.Series"]);

/** What `append` makes a row of. */
const isRow = (added: Node, facts: Facts): boolean => facts.typeOf(added)?.name === "dict";

/** The frames that a call joins, in order: of `pd.concat([a, b])`, also by way of a name for the list, or of `a.append(b)` where `a` is a frame. */
function partsOf(node: Node, facts: Facts): readonly Node[] | undefined {
  const call = asCall(node);
  if (!call || call.hasSplat) return undefined;
  const method = asMethodCall(node, "append");
  if (method) {
    const [added, more] = method.args;
    return added && !more && appendEvidence(method, facts) ? [method.object, added] : undefined;
  }
  if (!call.callee.text.endsWith("concat") || facts.nameOf(call.callee) !== "pandas.concat") return undefined;
  const objects = call.keywords.get("objs") ?? call.args[0];
  const list = objects?.kind === "identifier" ? facts.valueOf(objects) : objects && unwrap(objects);
  return (list?.kind === "list" || list?.kind === "tuple") && !list.children.some((it) => it.kind === "list_splat")
    ? list.children.map((it, index) => (index === 0 ? bared(it) : it))
    : undefined;
}

/** `frame` of `frame.infer_objects()`: the same rows, in a frame of their own. */
function bared(part: Node): Node {
  const method = asMethodCall(unwrap(part), "infer_objects", "copy", "reset_index", "convert_dtypes");
  return method?.object.kind === "identifier" ? method.object : part;
}

/** Older pandas has `append` on frames: told by the type, by a keyword that nothing else takes, by what is appended, or by how the frame is used. */
function appendEvidence({ node, keywords }: Call, facts: Facts): Evidence | undefined {
  const method = asMethodCall(node, "append");
  if (!method) return undefined;
  const typed = facts.typed(method.object, "fair");
  if (typed) return FRAMES.has(typed.type.name) ? typed.evidence : undefined;
  if (keywords.has("ignore_index")) return "strong";
  if (!facts.view.imports("pandas")) return undefined;
  const [added] = method.args;
  const isOfFrame = added !== undefined && FRAMES.has(facts.typed(added, "fair")?.type.name ?? "");
  // No list gives anything back here.
  const isNamed = /(^|_)df(_|\d|$)|dataframe/i.test(method.object.text);
  return facts.takenFor(method.object, "frame") ?? (isOfFrame || isNamed ? "fair" : undefined);
}

/** The rows that are there before the loop get new numbers, which without a turn they would not. A frame that starts empty has none. */
function isNumbered(call: Call, { name, loop }: Growth, facts: Facts): boolean {
  if (call.keywords.get("ignore_index")?.kind !== "true") return false;
  const starts = facts
    .writesOf(name)
    .filter(
      (it) =>
        !it.name.isInside(loop) &&
        (it.name.tree !== loop.tree || it.name.start < loop.start || facts.loopsAround(loop).length > 0),
    );
  return !starts.every(
    (it) => it.kind === "assign" && it.value !== undefined && /^[\w.]*DataFrame\(\s*\)$/.test(it.value.text),
  );
}
