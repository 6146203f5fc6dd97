/** Finds `words.count(word)` for each word: every call goes through the whole list. */

import {
  asCall,
  asComprehension,
  asFor,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  elementOf,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  importName,
  isCompiled,
  isHashable,
  lastName,
  lineAbove,
  nameAtRoot,
  replace,
  singular,
  startsLine,
  statementOf,
  unwrap,
  type Evidence,
  type Facts,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

/** Of these there is a handful wherever they come from. */
const FEW = /(^|_)(dim|ax[ei]|shape|arg|param|col|column|name|operand|label|key|mode)(e?s)?$/i;

export default defineRule({
  title: "Items counted one by one",
  why: "count() goes through the whole list for each item that is counted, so the work grows with the square of its length. A Counter goes through it once and then has every number at hand.",
  guide: "data-structures",
  level: "info",
  gain: "complexity",
  fixes: "review",

  examples: [
    {
      before: `
def repeated(words: list[str]) -> list[str]:
    return [word for word in words if words.count(word) > 1]
`,
      after: `from collections import Counter

def repeated(words: list[str]) -> list[str]:
    word_counts = Counter(words)
    return [word for word in words if word_counts[word] > 1]
`,
    },
  ],

  on: ["call"],
  methods: ["count"],
  within: "loop",

  find(node, { facts }) {
    const call = asMethodCall(node, "count");
    const [item, more] = call?.args ?? [];
    if (!call || !item || more || call.keywords.size > 0 || call.hasSplat || facts.isTest) return undefined;
    const list = unwrap(call.object);
    if (list.kind !== "identifier" && list.kind !== "attribute") return undefined;
    const walk = walkAround(node, list, unwrap(item), facts);
    // What stands in a raise runs once.
    if (!walk || isCompiled(node, facts) || node.ancestor("raise_statement", "block")?.kind === "raise_statement")
      return undefined;
    const evidence = evidenceFor(list, walk, facts);
    if (!evidence || isChangedIn(walk.loop, list, facts)) return undefined;
    return {
      at: call.callee,
      construct: node,
      evidence,
      weight: weightFor(list, walk, evidence, facts),
      call,
      list,
      item,
      walk,
    };
  },

  message: ({ list, item, walk }) => {
    const shown = excerpt(list.text, 30);
    const each = walk.isOwn ? "of its items" : `\`${excerpt(item.text.replace(/\s+/g, " "), 30)}\``;
    return `\`${shown}\` is gone through from end to end for each ${each}; a \`Counter\` of it goes through once and has all the numbers.`;
  },

  fix({ call, list, item, walk }, file) {
    const { facts } = file;
    if (hasComments(call.node)) return declined("a comment would be lost");
    const statement = statementOf(walk.loop);
    if (!startsLine(statement) || functionAround(statement) !== functionAround(call.node))
      return declined("there is no line of its own above the loop");
    if (facts.isA(list, "str")) return declined("a text counts parts of any length");
    const counter = importName(file, "collections", "Counter", statement);
    if (!counter) return declined("`Counter` cannot be imported here");
    const last = lastName(list);
    const name = facts.freshName(`${singular(last) ?? last}_counts`, statement);
    const known = facts.typeOf(list);
    return fixOf(
      "Count all items once",
      [
        !isHashable(elementOf(known)) && `the items of \`${excerpt(list.text, 30)}\` must be hashable`,
        list.kind === "attribute" && `\`${excerpt(list.text, 30)}\` must not change in the loop`,
        "NaN and items that are equal without the same hash are counted in another way",
      ],
      [
        ...counter.edits,
        lineAbove(statement, `${name} = ${counter.name}(${list.text})`),
        replace(call.node, `${name}[${item.text}]`),
      ],
    );
  },
});

interface Walk {
  /** The loop whose items are counted. */
  readonly loop: Node;
  /** It goes through the list itself, or through what is in it. */
  readonly isOwn: boolean;
  readonly iterable: Node;
}

/** The loop that gives the item, in which the list stays the same. */
function walkAround(node: Node, list: Node, item: Node, facts: Facts): Walk | undefined {
  for (const loop of facts.loopsAround(node)) {
    for (const { target, iterable } of clausesOf(loop)) {
      const source = unwrap(iterable);
      if (!isItem(item, target, loop, facts)) continue;
      if (node.isInside(iterable)) return undefined;
      const isWhole = item.kind === "identifier" || asSubscript(item)?.value.text === list.text;
      return { loop, isOwn: isWhole && goesThrough(source, list, facts), iterable: source };
    }
  }
  return undefined;
}

function clausesOf(loop: Node): readonly { readonly target: Node; readonly iterable: Node }[] {
  const statement = asFor(loop);
  if (statement) return [statement];
  const clauses = asComprehension(loop.kind === "for_in_clause" ? loop.parent! : loop)?.clauses ?? [];
  return clauses.flatMap((it) =>
    "target" in it && it.target && it.iterable ? [{ target: it.target, iterable: it.iterable }] : [],
  );
}

/** `word` of `for word in words`, `row["name"]` of `for row in rows`, `words[i]` of `for i in range(len(words))`, or a name that the turn gives to one of these. */
function isItem(item: Node, target: Node, loop: Node, facts: Facts): boolean {
  const names = target.kind === "identifier" ? [target] : target.descendants("identifier");
  const isOfTurn = (node: Node | undefined) => names.some((it) => it.text === node?.text);
  if (isOfTurn(nameAtRoot(item))) return true;
  const part = asSubscript(item);
  if (part) return part.indices.length === 1 && isOfTurn(part.indices[0]);
  const value = item.kind === "identifier" ? facts.valueOf(item) : undefined;
  return value?.isInside(loop) === true && value.kind !== "identifier" && isItem(unwrap(value), target, loop, facts);
}

/** `words`, `set(words)`, `enumerate(words)`, `range(len(words))`, a name for one of these. */
function goesThrough(source: Node, list: Node, facts: Facts): boolean {
  if (source.text === list.text) return true;
  const call = asCall(source);
  if (call)
    return (
      /^(set|frozenset|sorted|list|enumerate|range|len|reversed|tuple|dict\.fromkeys)$/.test(call.callee.text) &&
      call.args.length > 0 &&
      goesThrough(unwrap(call.args.at(-1)!), list, facts)
    );
  const value = source.kind === "identifier" ? facts.valueOf(source) : undefined;
  return value?.kind === "call" && goesThrough(unwrap(value), list, facts);
}

function evidenceFor(list: Node, { isOwn }: Walk, facts: Facts): Evidence | undefined {
  const known = facts.typed(list);
  if (known)
    return /^(list|tuple)$/.test(known.type.name)
      ? known.evidence
      : isOwn && known.type.name === "str"
        ? known.evidence
        : undefined;
  // Only what is gone through and counted in by its own items is surely a sequence of them.
  return isOwn ? "strong" : undefined;
}

function weightFor(list: Node, { isOwn, iterable }: Walk, evidence: Evidence, facts: Facts): Weight {
  // A text of a few kinds of signs is searched in compiled code.
  if (FEW.test(lastName(list)) || facts.isA(list, "str", "fair")) return "light";
  const sizes = [facts.sizeOf(list), facts.sizeOf(iterable)];
  if (sizes.includes("light")) return "light";
  if (sizes.every((it) => it === "heavy") || (isOwn && sizes.includes("heavy"))) return "heavy";
  // What nobody says is a list is a text of a few kinds of signs more often than a long list.
  return evidence === "proof" ? "unknown" : "light";
}

/** Items come or go while they are counted. */
function isChangedIn(loop: Node, list: Node, facts: Facts): boolean {
  const region = loop.kind === "for_in_clause" ? loop.parent! : loop;
  return (
    (facts.placeOf(list)?.usesIn(region) ?? []).some(
      (it) =>
        /store|augmented|delete/.test(it.kind) ||
        (it.kind === "method" && /^(append|remove|pop|extend|insert|clear|sort|reverse)$/.test(it.name ?? "")),
    ) || facts.writesOf(list.kind === "identifier" ? list : list.descendants("identifier")[0]!, region).length > 0
  );
}
