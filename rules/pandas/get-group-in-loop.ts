/** `for key in keys: grouped.get_group(key)`: each group is looked up and copied by its key, where a loop over the groups gives them. */

import {
  asAttribute,
  asFor,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  groupedOf,
  hasComments,
  replace,
  textValue,
  unwrap,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Groups looked up by their keys in a loop",
  why: "get_group finds the rows of one key and takes them out of the frame, each time anew. A loop over the groups themselves sorts the rows once and gives every key with its rows.",
  guide: "pandas",
  level: "warning",
  gain: "time",
  imports: ["pandas"],
  orWords: ["get_group"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def means(orders: pd.DataFrame) -> dict[str, float]:
    groups = orders.groupby("shop")
    result = {}
    for shop in groups.groups:
        result[shop] = groups.get_group(shop)["price"].mean()
    return result
`,
      after: `
import pandas as pd

def means(orders: pd.DataFrame) -> dict[str, float]:
    groups = orders.groupby("shop")
    result = {}
    for shop, group in groups:
        result[shop] = group["price"].mean()
    return result
`,
    },
  ],

  on: ["call"],
  methods: ["get_group"],
  within: "loop",

  find(node, { facts }) {
    const call = facts.isTest ? undefined : asMethodCall(node, "get_group");
    const [key] = call?.args ?? [];
    const around = call && facts.loopAround(node);
    const clause = around && clauseOf(around);
    if (!call || !key || !clause || call.args.length !== 1) return undefined;
    const names = clause.target.kind === "identifier" ? [clause.target] : clause.target.descendants("identifier");
    const isOfTurn = names.some((it) => mentions(key, it.text));
    if (!isOfTurn || names.some((it) => mentions(call.object, it.text))) return undefined;
    const grouped = groupedOf(call.object, facts);
    if (!grouped || grouped.call.method !== "groupby") return undefined;
    const size = facts.sizeOf(clause.items);
    return {
      at: call.methodNode,
      evidence: grouped.evidence,
      weight:
        size === "light" ? ("light" as const) : ownKeys(clause.items, call.object, facts) ? ("heavy" as const) : size,
      call,
      key,
      clause,
      grouped,
    };
  },

  message: ({ call, key }) =>
    `\`${excerpt(call.object.text, 30)}\` is asked for the rows of each \`${excerpt(key.text, 20)}\`; a loop over the groups gives every key with its rows in one pass.`,

  fix({ call, key, clause, grouped }, { facts }) {
    const { target, items, node } = clause;
    const by = grouped.call.args[0];
    if (!ownKeys(items, call.object, facts))
      return declined("the keys come from elsewhere, in another order or not all of them");
    if (!by || (textValue(by) === undefined && by.kind !== "identifier") || grouped.call.keywords.size > 0)
      return declined("the keys of the groups may be written otherwise");
    if (by.kind === "identifier" && facts.typeOf(by)?.name !== "str")
      return declined("the keys of the groups may be tuples");
    if (target.kind !== "identifier" || key.text !== target.text || call.keywords.size > 0)
      return declined("the key is changed before it is looked up");
    if (call.object.kind !== "identifier" || hasComments(items))
      return declined("the groups have no name of their own");
    const group = facts.freshName("group", node);
    return fixOf(
      "Loop over the groups",
      ["the groups come in the order of their keys", "changes of a group stay in it for the turn"],
      [replace(target, `${target.text}, ${group}`), replace(items, call.object.text), replace(call.node, group)],
    );
  },
});

interface Clause {
  readonly node: Node;
  readonly target: Node;
  readonly items: Node;
}

/** The `for` of a loop, or of a comprehension that has only one. */
function clauseOf(around: Node): Clause | undefined {
  const loop = asFor(around);
  if (loop) return { node: loop.node, target: loop.target, items: loop.iterable };
  const whole = around.kind === "for_in_clause" ? around.parent : around;
  const [clause, more] = whole?.children.filter((it) => it.kind === "for_in_clause") ?? [];
  const [target, items] = [clause?.field("left"), clause?.field("right")];
  return whole && target && items && !more ? { node: whole, target, items } : undefined;
}

/** `groups.groups`, `groups.groups.keys()`, `list(groups.groups)` of the same groups. */
function ownKeys(items: Node, groups: Node, facts: Facts): boolean {
  let node = unwrap(items);
  const keys = asMethodCall(node, "keys");
  if (keys) node = unwrap(keys.object);
  const held = node.kind === "identifier" ? facts.valueOf(node) : undefined;
  if (held) node = unwrap(asMethodCall(unwrap(held), "keys")?.object ?? held);
  const attribute = asAttribute(node);
  return attribute?.name === "groups" && attribute.object.text === groups.text && asSubscript(node) === undefined;
}

function mentions(node: Node, name: string): boolean {
  return (node.kind === "identifier" && node.text === name) || node.identifiers(name).length > 0;
}
