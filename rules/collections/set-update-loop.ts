/** `for x in items: found.add(x)`: a loop where `update` does all at once. */

import {
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  expressionOf,
  fixOf,
  hasComments,
  onlyStatement,
  replace,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Set filled or emptied by a loop",
  why: "Each turn looks up the method and calls it from Python. update and difference_update go through all items in C.",
  guide: "data-structures",
  level: "hint",
  differs: { light: "off" },
  gain: "time",
  overlaps: ["FURB142"],
  unlike: "a loop over the set itself is left alone, and there is no fix where the loop's name is read later",
  fixes: "review",

  examples: [
    {
      before: `
def merge(known: set[int], items: list[int]) -> set[int]:
    for item in items:
        known.add(item)
    return known
`,
      after: `
def merge(known: set[int], items: list[int]) -> set[int]:
    known.update(items)
    return known
`,
    },
  ],

  on: ["for_statement"],

  find(node, { facts }, loop) {
    if (loop.isAsync || node.field("alternative") || loop.target.kind !== "identifier") return undefined;
    const only = onlyStatement(loop.body);
    const call = only && asMethodCall(expressionOf(only), "add", "discard");
    const [item, more] = call?.args ?? [];
    if (!call || !item || more || call.keywords.size > 0) return undefined;
    if (!/^(?:identifier|attribute)$/.test(call.object.kind) || call.object.text === loop.iterable.text)
      return undefined;
    if (call.object.text === loop.target.text || call.object.text.startsWith(`${loop.target.text}.`)) return undefined;
    if (item.text !== loop.target.text && call.method === "discard") return undefined;
    if (item.descendants("await", "yield", "named_expression").length > 0) return undefined;
    const known = facts.typed(call.object, "fair");
    if (known?.type.name !== "set") return undefined;
    return {
      at: call.methodNode,
      construct: node,
      evidence: known.evidence,
      weight: facts.sizeOf(loop.iterable),
      call,
      item,
      loop,
    };
  },

  message: ({ call, loop }) =>
    `The loop only calls \`${call.method}\` for each of \`${excerpt(loop.iterable.text.replace(/\s+/g, " "), 40)}\`; \`${excerpt(call.object.text, 30)}.${call.method === "add" ? "update" : "difference_update"}\` does it at once.`,

  fix({ construct, call, item, loop }, { facts }) {
    if (hasComments(construct)) return declined("a comment would be lost");
    if (facts.isSeenOutside(loop.target, construct) || facts.isRemote(loop.target))
      return declined(`\`${loop.target.text}\` is read after the loop`);
    const isPlain = item.text === loop.target.text;
    const items = isPlain ? loop.iterable.text : `${item.text} for ${loop.target.text} in ${loop.iterable.text}`;
    if (!isPlain && items.includes(call.object.text)) return declined("what goes in hangs on what is there");
    const method = call.method === "add" ? "update" : "difference_update";
    return fixOf(
      `Use ${method}()`,
      [
        facts.typeOf(call.object)?.name !== "set" && `\`${excerpt(call.object.text, 30)}\` must be a set`,
        facts.fileMatches(/\bdef (?:add|discard|update|difference_update)\b/) &&
          `a class of this file may have its own \`${call.method}\``,
        isPlain && loop.iterable.kind === "tuple"
          ? false
          : "where an item cannot be hashed, those before it may be missing",
      ],
      [replace(construct, `${call.object.text}.${method}(${items})`)],
    );
  },
});
