/** `df["c"].apply(pd.to_datetime)`, `[pd.Timestamp(x) for x in stamps]`: dates parsed one at a time. */

import {
  appliedTo,
  appliedWeight,
  APPLYING,
  asCall,
  asComprehension,
  asFor,
  asAssignment,
  asLambda,
  asMethodCall,
  asAttribute,
  asSubscript,
  declined,
  defineRule,
  elementOf,
  excerpt,
  fixOf,
  frameColumn,
  frameEvidence,
  hasComments,
  importModule,
  PARSERS,
  replace,
  seriesEvidence,
  textIn,
  ATOM,
  unwrap,
  useOf,
  wrapped,
  type Applied,
  type Call,
  type Declined,
  type Evidence,
  type Facts,
  type File,
  type Fix,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Dates parsed one at a time",
  why: "Each call looks at the format, checks its arguments and makes an object for one value. pd.to_datetime takes all values at once and parses them in compiled code.",
  guide: "pandas",
  level: "warning",
  gain: "time",
  imports: ["pandas"],
  fixes: "review",

  examples: [
    {
      before: `
from datetime import datetime
import pandas as pd

def dated(orders: pd.DataFrame) -> pd.Series:
    return orders["date"].apply(lambda text: datetime.strptime(text, "%d.%m.%Y"))
`,
      after: `
from datetime import datetime
import pandas as pd

def dated(orders: pd.DataFrame) -> pd.Series:
    return pd.to_datetime(orders["date"], format="%d.%m.%Y")
`,
    },
  ],

  on: ["call"],
  calls: [...PARSERS, "pandas.Period"],
  methods: APPLYING,

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const applied = asMethodCall(node, ...APPLYING) && appliedTo(node, facts);
    if (applied)
      return applied.work.deed === "parsing"
        ? {
            at: applied.call.methodNode,
            ...appliedWeight(applied, facts),
            by: applied.work.by,
            items: applied.call.object,
            applied,
            loop: undefined,
            call: undefined,
          }
        : undefined;
    const call = asCall(node);
    const name = call && facts.nameOf(call.callee);
    if (!call || name === undefined || !(PARSERS.has(name) || OF_PANDAS.has(name))) return undefined;
    const [value] = call.args;
    const loop = value && loopOf(call, facts);
    if (!loop) return undefined;
    if (!isElement(value, loop.target)) return ofField(value, loop, call, name, facts);
    if (!PARSERS.has(name)) return undefined;
    const evidence = valuesEvidence(loop.items, facts) ?? columnEvidence(loop, facts);
    // A list is worth it only where pandas does the work already, and a statement may do much else.
    const isOwn =
      name.startsWith("pandas.") &&
      loop.isComprehension &&
      !facts.typed(loop.items, "fair")?.type.name.startsWith("pandas.");
    if (!evidence && !isOwn) return undefined;
    const size = facts.sizeOf(loop.items);
    return {
      at: call.callee,
      evidence: evidence ?? "proof",
      weight: size === "light" ? "light" : evidence ? "heavy" : size,
      by: call.callee.text,
      items: loop.items,
      applied: undefined,
      loop,
      call,
    };
  },

  message: ({ by, items, evidence, loop, call }) =>
    evidence === "fair" && loop && call && call.args[0] && isFieldOf(call.args[0], loop.target)
      ? `\`${excerpt(by, 30)}\` is called for each item of \`${excerpt(items.text.replace(/\s+/g, " "), 40)}\`; one call for a list of all \`${excerpt(call.args[0].text, 30)}\` parses them at once.`
      : `\`${excerpt(by, 30)}\` is called for each value of \`${excerpt(items.text.replace(/\s+/g, " "), 40)}\`; ${/imedelta/.test(by) ? "pd.to_timedelta" : "pd.to_datetime"} takes them all at once${isGuessed(by, call) ? ', with `format="mixed"` where their forms differ' : ""}.`,

  fix({ applied, loop, call }, file) {
    if (applied) return columnFix(applied, file);
    return loop && call ? listFix(loop, call, file) : declined("no form for all values is known");
  },
});

/** Each value was parsed by its own form; all together go by that of the first since pandas 2. */
const isGuessed = (by: string, call: Call | undefined): boolean =>
  /\bto_datetime$/.test(by) && call !== undefined && !call.keywords.has("format") && !call.hasSplat;

/** `pd.Period(row.date)` for what each turn brings: told where one call takes far longer than the same for all of them. */
function ofField(value: Node, loop: ElementLoop, call: Call, name: string, facts: Facts) {
  if (!OF_PANDAS.has(name) || call.args.length + call.keywords.size > 2 || !isFieldOf(value, loop.target))
    return undefined;
  const size = facts.sizeOf(loop.items);
  // The labels of a range or the rows of a table have rules of their own.
  if (
    size === "light" ||
    asMethodCall(unwrap(loop.items), "iterrows", "itertuples", "items", "groupby") ||
    facts.isTest
  )
    return undefined;
  const around = facts.loopAround(call.node);
  if (around !== loop.node && around?.parent !== loop.node) return undefined;
  if (leavesEarly(loop.node) || !isOneValue(value, loop, name, facts)) return undefined;
  return {
    at: call.callee,
    evidence: "fair" as const,
    // The objects have to be gone through all the same.
    weight: size,
    by: call.callee.text,
    items: loop.items,
    applied: undefined,
    loop,
    call,
  };
}

/** They look for the format and make an object of pandas, which takes ten times as long as a date of Python's. */
const OF_PANDAS = new Set(["pandas.to_datetime", "pandas.to_timedelta", "pandas.Period"]);

/** `frame["day"]` of a list of frames is a whole column: what is parsed is made a text, or the items are records. */
function isOneValue(value: Node, { target, items }: ElementLoop, name: string, facts: Facts): boolean {
  if (name === "pandas.Period" || asCall(unwrap(value))) return true;
  if (facts.takenFor(target, "frame")) return false;
  const element = elementOf(facts.typed(items, "fair")?.type);
  return element ? /^(?:dict|typing\.\w*Mapping)$/.test(element.name) : RECORDS.test(target.text);
}

const RECORDS =
  /^(?:\w+_)?(?:row|rec|record|item|entry|event|trade|order|post|message|msg|candle|bar|doc|line|job|article)$/;

/** Only some of the items are looked at. */
const leavesEarly = (loop: Node): boolean =>
  loop.kind === "for_statement" && loop.descendants("break_statement", "return_statement").length > 0;

/** `seq.metadata.date`, `row["date"]`, `str(row["date"])`. */
function isFieldOf(value: Node, target: Node): boolean {
  const node = unwrap(value);
  const [text, more] = asCall(node)?.callee.text === "str" ? asCall(node)!.args : [];
  if (text && !more) return isFieldOf(text, target);
  const below = asAttribute(node)?.object ?? asSubscript(node)?.value;
  if (!below) return false;
  const names = target.kind === "identifier" ? [target] : target.descendants("identifier");
  return (below.kind === "identifier" && names.some((it) => it.text === below.text)) || isFieldOf(below, target);
}

interface ElementLoop {
  readonly node: Node;
  readonly target: Node;
  readonly items: Node;
  readonly isComprehension: boolean;
}

/** The loop, the comprehension or the `map` whose element is parsed. */
function loopOf(call: Call, facts: Facts): ElementLoop | undefined {
  const mapped = mappedBy(call, facts);
  if (mapped) return mapped;
  const around = facts.loopAround(call.node);
  const loop = asFor(around);
  if (loop) return { node: loop.node, target: loop.target, items: loop.iterable, isComprehension: false };
  const comprehension = around?.kind === "for_in_clause" ? around.parent : around;
  const clauses = comprehension?.children.filter((it) => it.kind === "for_in_clause") ?? [];
  const [clause, more] = clauses;
  const [target, items] = [clause?.field("left"), clause?.field("right")];
  if (!comprehension || !target || !items || more) return undefined;
  return { node: comprehension, target, items, isComprehension: true };
}

/** `map(lambda text: strptime(text, f), items)`. */
function mappedBy(call: Call, facts: Facts): ElementLoop | undefined {
  const lambda = asLambda(call.node.parent);
  const [target, more] = lambda?.parameters ?? [];
  const map = lambda && asCall(useOf(lambda.node).call);
  const [given, items, others] = map?.args ?? [];
  if (!map || !target || more || !items || others || given !== lambda.node) return undefined;
  return facts.nameOf(map.callee) === "builtins.map"
    ? { node: map.node, target, items, isComprehension: true }
    : undefined;
}

/** The element itself, its text, or what a method of a text makes of it. */
function isElement(value: Node, target: Node): boolean {
  const node = unwrap(value);
  if (target.kind !== "identifier") return false;
  if (node.kind === "identifier") return node.text === target.text;
  // `str(x)`, `x.split(".")[0]`.
  const [text, more] = asCall(node)?.callee.text === "str" ? asCall(node)!.args : [];
  if (text && !more) return isElement(text, target);
  const part = asSubscript(node);
  const split = part && asMethodCall(unwrap(part.value), "split", "partition", "rsplit");
  if (split) return isElement(split.object, target);
  const method = asMethodCall(node, "strip", "replace", "str", "lower", "upper");
  return method !== undefined && isElement(method.object, target);
}

/** A column, or the labels of a frame, or a list of them. */
function valuesEvidence(items: Node, facts: Facts): Evidence | undefined {
  const node = unwrap(items);
  const listed = asCall(node)?.callee.text === "list" ? asCall(node)!.args[0] : undefined;
  if (listed) return valuesEvidence(listed, facts);
  const attribute = asAttribute(node);
  if (attribute?.name === "index")
    return facts.takenFor(attribute.object, "frame") ?? facts.takenFor(attribute.object, "series");
  if (attribute?.name === "values") return valuesEvidence(attribute.object, facts);
  const method = asMethodCall(node, "tolist", "to_list", "unique", "to_numpy", "dropna");
  return method ? valuesEvidence(method.object, facts) : seriesEvidence(node, facts);
}

/** The dates become a column: `df["day"] = [strptime(text, f) for text in texts]`. */
function columnEvidence({ node, isComprehension }: ElementLoop, facts: Facts): Evidence | undefined {
  const list = asCall(useOf(node).call);
  const whole = list?.callee.text === "list" && list.args[0] === node ? list.node : node;
  const assignment = isComprehension ? asAssignment(wrapped(whole).parent) : undefined;
  const [target, more] = assignment?.targets ?? [];
  const isValue = assignment?.value !== undefined && unwrap(assignment.value) === whole;
  const column = target?.kind === "subscript" && !more && isValue ? frameColumn(target) : undefined;
  return column && frameEvidence(column.frame, facts);
}

const FORMAT_LIKE = "every value must have the same format, and a missing one gives NaT";

/** `col.apply(pd.to_datetime)`, `col.apply(lambda x: datetime.strptime(x, f))`. */
function columnFix({ call: { node, object }, fn, evidence }: Applied, file: File): Fix | Declined {
  const { facts } = file;
  if (evidence === "fair" && !facts.isA(object, "pandas.Series"))
    return declined("it is not certain to be a pandas Series");
  if (hasComments(node)) return declined("a comment would be lost");
  if (fn.hasMore) return declined("other arguments are handed to the function");
  const parse = asCall(unwrap(fn.cases[0]?.value ?? fn.given));
  const name = parse ? facts.nameOf(parse.callee) : fn.name;
  if (fn.cases.length > 1 || fn.def || name === undefined)
    return declined("the function does more than to parse the value");
  if (fn.parameter !== undefined && parse?.args[0]?.text !== fn.parameter)
    return declined("the function does more than to parse the value");
  const options = optionsOf(name, parse);
  const pandas = importModule(file, "pandas", node, "pd");
  if (options === undefined || !pandas) return declined("its arguments mean something else for a whole column");
  return fixOf(
    "Parse the whole column",
    [FORMAT_LIKE],
    [
      ...pandas.edits,
      replace(
        node,
        `${pandas.name}.${name.includes("imedelta") ? "to_timedelta" : "to_datetime"}(${object.text}${options})`,
      ),
    ],
  );
}

/** What is passed on besides the values. */
function optionsOf(name: string, parse: Call | undefined): string | undefined {
  if (parse?.hasSplat) return undefined;
  const [, second, more] = parse?.args ?? [];
  const words = [...(parse?.keywords ?? [])].map(([key, value]) => `, ${key}=${value.text}`).join("");
  if (name === "datetime.datetime.strptime")
    return second && !more && words === "" ? `, format=${second.text}` : undefined;
  if (second) return undefined;
  if (name === "pandas.to_datetime" || name === "pandas.to_timedelta") return words;
  return words === "" && name.startsWith("pandas.") ? "" : undefined;
}

/** `[pd.Timestamp(x) for x in xs]`. */
function listFix({ node, items }: ElementLoop, call: Call, file: File): Fix | Declined {
  const { facts } = file;
  const comprehension = asComprehension(node);
  const name = facts.nameOf(call.callee)!;
  const options = optionsOf(name, call);
  if (
    comprehension?.node.kind !== "list_comprehension" ||
    node.children.length !== 2 ||
    unwrap(node.children[0]!) !== call.node
  )
    return declined("more is done with each value");
  if (options === undefined || !name.startsWith("pandas.") || call.args[0]?.kind !== "identifier")
    return declined("more is done with each value");
  if (hasComments(node)) return declined("a comment would be lost");
  const type = facts.typeOf(items)?.name;
  if (type !== "list" && type !== "pandas.Series") return declined("it is not certain to be a list or column");
  const pandas = importModule(file, "pandas", node, "pd");
  if (!pandas || !facts.isBuiltin("list", node)) return declined("pandas or list goes by another name here");
  const text = `${pandas.name}.${name.includes("imedelta") ? "to_timedelta" : "to_datetime"}(${textIn(items, type === "list" ? 0 : ATOM)}${options})`;
  return fixOf("Parse all at once", [FORMAT_LIKE], [...pandas.edits, replace(node, `list(${text})`)]);
}
