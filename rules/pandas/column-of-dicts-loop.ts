/** `for row in df.to_dict("records")` of whose rows a few values are read: a dict of all columns is made for each of them. */

import {
  behindProgress,
  argumentOf,
  asCall,
  asFor,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  frameEvidence,
  hasComments,
  isQuick,
  replace,
  textValue,
  unwrap,
  useOf,
  type Facts,
  type MethodCall,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Rows made into dicts to be looped over",
  why: "to_dict makes a dict with all columns for every row, and all of them at once, before the loop begins. The columns themselves, side by side in zip, give the same values one by one and hold nothing else.",
  guide: "pandas",
  level: "info",
  differs: { light: "off" },
  gain: "time",
  words: ["to_dict"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def labels(orders: pd.DataFrame) -> list[str]:
    found = []
    for order in orders.to_dict("records"):
        if order["count"] > 1:
            found.append(order["shop"].upper())
    return found
`,
      after: `
import pandas as pd

def labels(orders: pd.DataFrame) -> list[str]:
    found = []
    for count, shop in zip(orders["count"], orders["shop"]):
        if count > 1:
            found.append(shop.upper())
    return found
`,
    },
  ],

  on: ["for_statement", "for_in_clause"],

  find(node, { facts }) {
    const [target, right] = [node.field("left"), node.field("right")];
    if (!target || !right || facts.isTest) return undefined;
    const region = asFor(node)?.body ?? node.parent!;
    const taken = recordsOf(target, unwrap(right), facts);
    if (!taken) return undefined;
    const { row, call } = taken;
    const evidence = frameEvidence(call.object, facts) ?? (facts.typed(call.object, "fair") ? undefined : "strong");
    if (!evidence || facts.writesOf(row, region).some((it) => it.name !== row) || facts.isSeenOutside(row, region))
      return undefined;
    const reads = facts.readsOf(row, region);
    const columns = reads.map((it) => columnRead(it));
    if (reads.length === 0 || !columns.every((it) => it !== undefined)) return undefined;
    const size = facts.sizeOf(call.object);
    const isLight = region
      .descendants("call")
      .every((it) => it.isInside(right) || isQuick(asCall(it), facts) || isOf(it, row));
    return {
      at: call.methodNode,
      construct: node,
      evidence,
      weight: size === "light" ? ("light" as const) : isLight ? ("heavy" as const) : ("unknown" as const),
      call,
      row,
      reads,
      columns: [...new Set(columns)],
      right,
      target,
    };
  },

  message: ({ call, columns }) =>
    `\`${excerpt(call.object.text, 30)}.to_dict(…)\` makes a dict of every row, of which ${
      columns.length <= 2 ? columns.map((it) => `\`${excerpt(it, 20)}\``).join(" and ") : "a few columns"
    } ${columns.length === 1 ? "is" : "are"} read; zip() of these columns gives the values.`,

  fix({ call, columns, reads, row, right, target, construct }, { facts }) {
    if (unwrap(right) !== call.node || target !== row) return declined("something stands around the rows");
    if (argumentOf(asCall(call.node)!, "orient", 0) && call.args.length + asCall(call.node)!.keywords.size > 1)
      return declined("to_dict is given more");
    if (!/^[\w.]+$/.test(call.object.text)) return declined("the frame has no name");
    if (facts.typeOf(call.object)?.name !== "pandas.DataFrame") return declined("it is not certain to be a DataFrame");
    if (columns.length > 4) return declined("itertuples() fits better for so many columns");
    if (hasComments(right) || reads.some((it) => hasComments(it.parent!))) return declined("a comment would be lost");
    if (reads.some((it) => it.ancestor("interpolation")?.hasToken("=")))
      return declined("an f-string shows the text of the code");
    const frame = call.object;
    if (frame.kind !== "identifier" || facts.isStableIn(frame, asFor(construct)?.body ?? construct.parent!) === "no")
      return declined("the frame may change in the loop");
    const names = new Map<string, string>();
    for (const column of columns) {
      const wanted = /^[A-Za-z_]\w*$/.test(column) && !KEYWORDS.test(column) ? column : "value";
      let name = facts.freshName(wanted, construct);
      for (let number = 2; [...names.values()].includes(name); number++)
        name = facts.freshName(`${wanted}_${number}`, construct);
      names.set(column, name);
    }
    const given = columns.map((it) => `${frame.text}[${JSON.stringify(it)}]`);
    return fixOf(
      "Loop over the columns",
      [
        "a missing column fails before the loop, in an empty frame too",
        "numbers are those of the column, not Python's own",
      ],
      [
        replace(target, [...names.values()].join(", ")),
        replace(right, given.length === 1 ? given[0]! : `zip(${given.join(", ")})`),
        ...reads.map((it) => replace(it.parent!, names.get(columnRead(it)!)!)),
      ],
    );
  },
});

const KEYWORDS =
  /^(and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield|None|True|False|id|type|list|dict|str|int|float|len|sum|min|max|zip)$/;

/** The row's name and the call that makes the dicts, behind a counter or a progress bar too. */
function recordsOf(
  target: Node,
  items: Node,
  facts: Facts,
): { readonly row: Node; readonly call: MethodCall } | undefined {
  const direct = asMethodCall(items, "to_dict", "values", "items");
  if (direct?.method === "to_dict") return orientOf(direct) === "records" ? named(target, direct) : undefined;
  if (direct) {
    const inner = asMethodCall(unwrap(direct.object), "to_dict");
    if (!inner || orientOf(inner) !== "index") return undefined;
    return direct.method === "values" ? named(target, inner) : named(second(target), inner);
  }
  const call = asCall(items);
  const [first] = call?.args ?? [];
  if (call && first) {
    const name = facts.nameOf(call.callee) ?? call.callee.text;
    if (name === "builtins.enumerate") {
      const row = second(target);
      return row && recordsOf(row, unwrap(first), facts);
    }
    const shown = behindProgress(call.node, facts.nameOf);
    return shown === call.node ? undefined : recordsOf(target, shown, facts);
  }
  // A name that serves for this loop alone.
  if (items.kind !== "identifier" || facts.readsOf(items).length !== 1) return undefined;
  const held = facts.valueOf(items);
  return held && asMethodCall(unwrap(held), "to_dict") ? recordsOf(target, unwrap(held), facts) : undefined;
}

const named = (row: Node | undefined, call: MethodCall) => (row?.kind === "identifier" ? { row, call } : undefined);

function second(target: Node): Node | undefined {
  const names = target.children.filter((it) => it.isNamed);
  return target.kind !== "identifier" && names.length === 2 ? names[1] : undefined;
}

function orientOf({ node }: MethodCall): string | undefined {
  const call = asCall(node)!;
  return textValue(argumentOf(call, "orient", 0));
}

/** The column of `row["price"]`, which is read. */
function columnRead(read: Node): string | undefined {
  const use = useOf(read);
  if (use.kind !== "subscript") return undefined;
  const [key, more] = asSubscript(use.in)?.indices ?? [];
  return key && !more && use.in === read.parent ? textValue(key) : undefined;
}

/** `row["name"].upper()`. */
const isOf = (call: Node, row: Node): boolean => call.field("function")?.identifiers(row.text).length !== 0;
