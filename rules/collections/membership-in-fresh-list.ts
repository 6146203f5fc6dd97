/** Finds `key in list(counts)`, `key in list(counts.keys())`: a collection that answers itself is copied first. */

import {
  asAttribute,
  asCall,
  asComparison,
  asMethodCall,
  declined,
  defineRule,
  equalityDoubt,
  frameEvidence,
  excerpt,
  fixOf,
  hasComments,
  isCompiled,
  isHashable,
  noneDoubt,
  ownCodeDoubt,
  replace,
  textIn,
  unwrap,
  ATOM,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const COPIES = new Set(["list", "tuple", "sorted", "set", "frozenset"]);
const HASHED =
  /^(dict|set|frozenset|collections\.(defaultdict|Counter|OrderedDict)|dict_keys|(typing|collections\.abc)\.(Mutable)?(Mapping|Set))$/;

export default defineRule({
  title: "Collection copied for a membership test",
  why: "list(), sorted() and set() go through the whole collection and build a new one, only for it to be asked once and thrown away. The collection itself answers `in`; a dict or set does so without a search.",
  guide: "data-structures",
  level: "info",
  differs: { light: "off" },
  gain: "time",
  overrides: ["collections/list-membership-in-loop", "iteration/loop-invariant-expression"],
  fixes: "safe",

  examples: [
    {
      before: `
def known(names: list[str], table: dict[str, int]) -> list[str]:
    return [name for name in names if name in list(table.keys())]
`,
      after: `
def known(names: list[str], table: dict[str, int]) -> list[str]:
    return [name for name in names if name in table]
`,
    },
  ],

  on: ["comparison_operator"],

  find(node, { facts }) {
    const test = asComparison(node);
    if (!test || (test.operator !== "in" && test.operator !== "not in") || facts.isTest) return undefined;
    const copy = asCall(unwrap(test.right));
    const [items, more] = copy?.args ?? [];
    if (!copy || !items || more || copy.keywords.size > 0 || copy.hasSplat || !COPIES.has(copy.callee.text))
      return undefined;
    if (facts.nameOf(copy.callee) !== `builtins.${copy.callee.text}` || isCompiled(node, facts)) return undefined;
    const source = sourceOf(unwrap(items), facts);
    // In a loop a list is asked many times: another rule has the set that is made once.
    if (source && !source.isHashed && source.of === unwrap(items) && facts.loopAround(node)) return undefined;
    return (
      source && {
        at: copy.node,
        construct: node,
        evidence: source.evidence,
        weight: facts.weightOf(node),
        test,
        copy,
        source,
      }
    );
  },

  message({ copy, source, test }) {
    const shown = excerpt(copy.node.text.replace(/\s+/g, " "), 40);
    return `\`${shown}\` builds a collection for this one test; \`${excerpt(test.left.text.replace(/\s+/g, " "), 30)} ${test.operator} ${excerpt(source.of.text.replace(/\s+/g, " "), 40)}\` asks what is there.`;
  },

  fix({ copy, source, test }, { facts }) {
    if (hasComments(copy.node)) return declined("a comment would be lost");
    if (source.of.text.includes("\n")) return declined("it goes over several lines");
    if (/\w/.test(copy.node.tree.text[copy.node.end] ?? "")) return declined("a word stands right behind it");
    const left = facts.typeOf(test.left);
    return fixOf(
      "Ask the collection itself",
      [
        source.isHashed && !isHashable(left) && `\`${excerpt(test.left.text, 30)}\` must be hashable`,
        source.isHashed &&
          /\b(Mutable)?(Mapping|Set)$/.test(facts.typeOf(source.of)?.name ?? "") &&
          "a class of its own may answer `in` otherwise than by its keys",
        source.evidence !== "proof" &&
          `\`${excerpt(source.of.text, 30)}\` must be a ${source.isFrame ? "frame of pandas" : "dict"}`,
        !source.isHashed &&
          /^(set|frozenset)$/.test(copy.callee.text) &&
          "an item that cannot be hashed no longer raises an error",
        source.isFrame && "of labels that are dates or have several levels a part is found too",
        copy.callee.text === "sorted" && "items that cannot be ordered no longer raise an error",
        ownCodeDoubt(source.of, facts),
        ownCodeDoubt(test.left, facts) ?? equalityDoubt(facts),
        source.evidence === "proof" && noneDoubt(source.of, facts),
      ],
      [replace(copy.node, textIn(source.of, ATOM))],
    );
  },
});

/** The columns of a frame, which is asked for them itself: `list(df)`, `list(df.columns)`. */
function labelsOf(items: Node, facts: Facts): { readonly of: Node; readonly evidence: Evidence } | undefined {
  if (!facts.view.imports("pandas")) return undefined;
  const columns = asAttribute(items);
  const frame = columns?.name === "columns" ? columns.object : items;
  const evidence = /^(identifier|attribute)$/.test(frame.kind) ? frameEvidence(frame, facts) : undefined;
  return evidence && { of: items, evidence };
}

interface Source {
  /** What is asked in place of the copy. */
  readonly of: Node;
  readonly isFrame?: boolean;
  /** It finds an item by its hash. */
  readonly isHashed: boolean;
  readonly evidence: Evidence;
}

function sourceOf(items: Node, facts: Facts): Source | undefined {
  const view = asMethodCall(items, "keys", "values");
  if (view && view.args.length === 0 && view.keywords.size === 0) {
    const known = facts.typed(view.object);
    if (known && !HASHED.test(known.type.name)) return undefined;
    const isKeys = view.method === "keys";
    // A set of the values may be what makes many tests quick; of one test it is not.
    const evidence = known ? known.evidence : "strong";
    return { of: isKeys ? view.object : items, isHashed: isKeys, evidence };
  }
  const labels = labelsOf(items, facts);
  if (labels) return { of: labels.of, isHashed: true, isFrame: true, evidence: labels.evidence };
  if (!/^(identifier|attribute|subscript|call)$/.test(items.kind)) return undefined;
  const known = facts.typed(items);
  if (!known) return undefined;
  if (HASHED.test(known.type.name)) return { of: items, isHashed: true, evidence: known.evidence };
  // A list is searched from the front either way; a set made of it takes longer still.
  return known.type.name === "list" && items.kind !== "call"
    ? { of: items, isHashed: false, evidence: known.evidence }
    : undefined;
}
