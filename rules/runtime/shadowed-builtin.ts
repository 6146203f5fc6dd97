/** A name of a built-in function that is given to something else, and called where it is no function any more. */

import {
  asCall,
  declined,
  defineRule,
  fixOf,
  replace,
  type Evidence,
  type Facts,
  type Match,
  type Node,
  type Site,
} from "../../analysis/authoring.js";

interface Shadowed extends Match {
  readonly name: Node;
  readonly called: Node | undefined;
}

export default defineRule({
  title: "Built-in name given to something else",
  why: "From there on the name means the new thing, in the whole function or module: list(…) then calls a list and fails, far from the line that took the name away.",
  guide: "names-and-scope",
  level: "hint",
  gain: "safety",
  overlaps: ["A001"],
  leftToRuff: true,
  unlike: "only a name that is called further down, where it is no function any more, is more than a matter of taste",
  fixes: "review",

  examples: [
    {
      before: `
def halves(values: list[int]) -> list[int]:
    max = sorted(values)[-1]
    return [min(value, max // 2) for value in values]
`,
      after: `
def halves(values: list[int]) -> list[int]:
    max_ = sorted(values)[-1]
    return [min(value, max_ // 2) for value in values]
`,
    },
  ],

  on: ["assignment"],
  // What `NAMES` holds.
  begins:
    /(?:list|dict|set|tuple|str|int|float|bool|len|sum|max|min|sorted|range|map|filter|zip|any|all|abs|round|open|print|type|iter|next|enumerate|reversed|bytes|object)\b/,

  find(node, { facts }): Shadowed | undefined {
    const name = node.field("left");
    if (name?.kind !== "identifier" || !NAMES.has(name.text) || facts.isTest) return undefined;
    const sites = facts.writesOf(name);
    if (
      sites[0]?.name !== name ||
      sites.some((it) => it.kind !== "assign" && it.kind !== "augment" && it.kind !== "for")
    )
      return undefined;
    if (isHandedOn(sites, facts) || facts.scopeOf(name).kind === "class") return undefined;
    const called = facts.readsOf(name).find((it) => asCall(it.parent)?.callee === it);
    // What may be called as well takes the place of the built-in.
    if (called && sites.some(({ value }) => !value || !isNoFunction(value, facts))) return undefined;
    const isModule = facts.scopeOf(name).kind === "module";
    const evidence: Evidence = called ? "strong" : "proof";
    // A short function that never needs the built-in is no trap, a module is.
    if (!called && !isModule && !USUAL.has(name.text)) return undefined;
    return { at: name, evidence, weight: called ? "heavy" : "unknown", name, called };
  },

  message: ({ name, called }) =>
    called
      ? `\`${name.text}\` is no function any more from here on, and \`${called.parent!.text.slice(0, 40).split("\n")[0]}\` calls it.`
      : `From here on \`${name.text}\` is no longer the built-in: give the value another name.`,

  fix({ name, called }, { facts }) {
    if (called) return declined("which of the two a call means cannot be seen");
    if (facts.scopeOf(name).kind !== "function") return declined("other modules may read the name");
    if (facts.isRemote(name)) return declined("functions inside set the name");
    const next = facts.freshName(facts.isTaken(`${name.text}_`, name) ? `${name.text}_value` : `${name.text}_`, name);
    const places = [...facts.writesOf(name).map((it) => it.name), ...facts.readsOf(name)];
    const unique = [...new Map(places.map((it) => [it.start, it])).values()];
    return fixOf(
      "Give it another name",
      ["code that reads the variables of the function by name finds another one"],
      unique.map((it) => replace(it, next)),
    );
  },
});

/** Those whose built-in is called all the time. */
const NAMES = new Set(
  "list dict set tuple str int float bool len sum max min sorted range map filter zip any all abs round open print type iter next enumerate reversed bytes object".split(
    " ",
  ),
);
/** Those that a later line of the same function is likely to need. */
const USUAL = new Set("list dict set str int float len sum max min range print open sorted".split(" "));

const isNoFunction = (value: Node, facts: Facts): boolean =>
  /^(?:list|dictionary|tuple|set|string|integer|float|true|false|none|binary_operator|comparison_operator|list_comprehension|dictionary_comprehension)$/.test(
    value.kind,
  ) ||
  /^(?:str|int|float|bool|list|dict|set|tuple|numpy\.ndarray|pandas\.(?:DataFrame|Series))$/.test(
    facts.typeOf(value)?.name ?? "",
  );

/** `str = unicode`, `open = io.open`: another function of the kind takes the place. */
function isHandedOn(sites: readonly Site[], facts: Facts): boolean {
  return sites.some(({ value }) => {
    if (!value) return false;
    if (value.kind === "lambda") return true;
    if (value.kind !== "identifier" && value.kind !== "attribute") return false;
    const name = facts.nameOf(value);
    return (
      name !== undefined ||
      /(?:^|\.)_?(?:unicode|basestring|open|print|map|zip|range|xrange|raw_input)$/.test(value.text)
    );
  });
}
