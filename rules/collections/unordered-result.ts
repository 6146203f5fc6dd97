/** The order of a set of texts, which is another one in each run, that decides what comes out. */

import {
  asBinary,
  asCall,
  asComparison,
  asComprehension,
  asFor,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  elementOf,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  hasComments,
  isConstant,
  itemsOf,
  nameGiven,
  replace,
  textValue,
  unwrap,
  useOf,
  wrapped,
  type Call,
  type Evidence,
  type Facts,
  type Match,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

type How = "part" | "numbers" | "columns" | "draw";

interface Unordered extends Match {
  readonly how: How;
  readonly set: Node;
  /** The call that makes a list of it; undefined where the set itself is handed on. */
  readonly list: Call | undefined;
  readonly isText: boolean;
}

export default defineRule({
  title: "Result that depends on the order of a set",
  why: "Python mixes the hashes of texts anew in each run, and so a set of them comes in another order each time. Numbers that are given in that order, a part of it, and the columns it puts side by side differ from run to run: a model that was saved by one run does not fit to the next, and a seed does not help. sorted() gives one order.",
  guide: "data-structures",
  level: "warning",
  gain: "safety",
  fixes: "review",

  examples: [
    {
      before: `
def numbered(text: str) -> dict[str, int]:
    words = set(text.split())
    return {word: number for number, word in enumerate(words)}
`,
      after: `
def numbered(text: str) -> dict[str, int]:
    words = set(text.split())
    return {word: number for number, word in enumerate(sorted(words))}
`,
    },
  ],

  on: ["call"],
  calls: ["builtins.list", "builtins.tuple", "builtins.enumerate", "builtins.zip"],

  find(node, { facts }, call): Unordered | undefined {
    const [items] = call.args;
    if (!items || call.hasSplat || facts.isTest) return undefined;
    const isList = call.callee.text === "list" || call.callee.text === "tuple";
    if (isList && call.args.length > 1) return undefined;
    const set = setOf(items, facts);
    if (!set) return undefined;
    const found = isList ? ofList(node, facts) : ofNumbering(node, call, facts);
    if (!found || isShown(node, found.how) || facts.ofFile(HAS_HASH_SEED)) return undefined;
    const evidence = textEvidence(items, set, facts);
    if (!evidence) return undefined;
    return {
      at: isList ? node : items,
      evidence,
      weight: found.weight,
      ...(found.at && { related: [{ at: found.at, message: "here the order matters" }] }),
      how: found.how,
      set: items,
      list: isList ? call : undefined,
      isText: evidence === "proof",
    };
  },

  message: ({ how, set }) => {
    const what = excerpt(set.text.replaceAll(/\s+/g, " "), 40);
    switch (how) {
      case "part":
        return `Which part of \`${what}\` this is differs from run to run: a set of texts has another order each time${/^set\(/.test(what) ? "; `dict.fromkeys` keeps the order of what it is given" : ""}.`;
      case "numbers":
        return `The numbers given to \`${what}\` differ from run to run: a set of texts has another order each time.`;
      case "columns":
        return `The columns come in another order in each run, which is that of the set \`${what}\`.`;
      case "draw":
        return `In spite of the seed other items are drawn in each run: the set \`${what}\` has another order each time.`;
    }
  },

  fix({ set, list, isText }) {
    if (hasComments(list?.node ?? set)) return declined("a comment would be lost");
    const text = set.kind === "generator_expression" ? set.text.slice(1, -1) : set.text;
    const [at, now] = !list
      ? [set, `sorted(${text})`]
      : list.callee.text === "tuple"
        ? [list.node, `tuple(sorted(${text}))`]
        : [list.node, `sorted(${text})`];
    return fixOf(
      "Sort it",
      [
        "what was saved with the order of an earlier run does not fit to this one",
        !isText && "items that cannot be compared, such as None beside texts, end in a TypeError",
      ],
      [replace(at, now)],
    );
  },
});

interface Decided {
  readonly how: How;
  readonly weight: Weight;
  readonly at?: Node;
}

/** `missing = list(names)[:5]`, which is logged and nothing else. */
function isShownLater(part: Node, facts: Facts): boolean {
  const name = nameGiven(part);
  const reads = name ? facts.readsSeeing(name) : [];
  return reads.length > 0 && reads.every((it) => isShown(it, "part") || useOf(it).name === "append");
}

const HAS_HASH_SEED = fileQuestion((facts) => facts.fileMatches(/PYTHONHASHSEED/));
const SEEDS = fileQuestion((facts) =>
  facts.fileMatches(/\bseed\w*\(|\bmanual_seed\(|\brandom_state\s*=|\bRandom\(\d|default_rng\(\d/),
);
/** A later run goes on with what this one made. */
const KEEPS = fileQuestion((facts) =>
  facts.fileMatches(
    /\b(?:torch|joblib|pickle|json|np|numpy)\.(?:save|dump)\w*\(|\.save\w*\(|\.to_(?:csv|parquet|pickle|json)\(|\bload_state_dict\(|\.fit\(|\.dump\(/,
  ),
);

/** The set that an expression gives, as it is made. */
function setOf(expression: Node, facts: Facts, depth = 0): Node | undefined {
  const node = unwrap(expression);
  if (node.kind === "identifier") {
    const value = depth < 3 ? facts.valueOf(node) : undefined;
    const made = value && setOf(value, facts, depth + 1);
    return made ?? (facts.typeOf(node)?.name === "set" ? node : undefined);
  }
  if (node.kind === "set" || node.kind === "set_comprehension") return node;
  const call = asCall(node);
  if (call) {
    if (call.callee.text === "set" || call.callee.text === "frozenset")
      return call.args.length === 1 && facts.isBuiltin(call.callee.text, node) ? node : undefined;
    const method = asMethodCall(node, "union", "intersection", "difference", "symmetric_difference");
    return method && setOf(method.object, facts, depth + 1) ? node : undefined;
  }
  const both = asBinary(node);
  return both && /^[-&|^]$/.test(both.operator) && depth < 6 && setOf(both.left, facts, depth + 1) ? node : undefined;
}

/** Words that stand for texts, in the names of things and in what makes them. */
const SIGNS =
  /\.split\(|\.splitlines\(|\.columns\b|\.lower\(\)|\bword|\btoken|name(?:s|\b|_)|\bgenre|\bcol(?:s|umns?)?\b|_cols\b|columns|feature|\bvocab|(?:\b|_)tags?\b|title|\bchars?\b|\btexts?\b|ticker|symbols\b|\burls?\b|\bpaths?\b|\bfiles?\b|categor|\blang|countr|\bcit(?:y|ies)\b|snippet|sentence|keyword|listdir|glob\(|\bartists?\b|entit/i;
const OF_NUMBERS =
  /\brange\(|[a-z]I[Dd]s?\b|\bint\(|\bfloat\(|\blen\(|\bindex(?:es)?\b|\bindices\b|\bids?\b|_ids?\b|numpy|np\.|\bround\(|\bnum(?:s|bers?)?\b|year|hour|minute|\bday|count|node/i;

/** By which evidence it holds texts. Numbers come in the same order in each run. */
function textEvidence(items: Node, set: Node, facts: Facts): Evidence | undefined {
  for (const it of [items, set]) {
    const type = facts.typeOf(it);
    const element = type && elementOf(type);
    if (element) return element.name === "str" ? "proof" : undefined;
  }
  const literal = unwrap(set);
  if (literal.kind === "set") return itemsOf(literal).some((it) => textValue(it) !== undefined) ? "proof" : undefined;
  const made = asCall(literal);
  const inner = made?.args[0];
  // The letters of a text.
  if (inner && made.callee.text === "set" && facts.typeOf(inner)?.name === "str") return "proof";
  if ([items, literal, inner].some((it) => it && holdsTexts(unwrap(it), facts))) return "strong";
  const text = `${items.text} ${set.text}`;
  if (OF_NUMBERS.test(text)) return undefined;
  return SIGNS.test(text) ? "fair" : undefined;
}

/** Texts are put into it, or looked for in it: `tips.append("…")`, `"nocall" in labels`. */
const holdsTexts = (name: Node, facts: Facts): boolean =>
  name.kind === "identifier" &&
  facts.usesOf(name).some((use) => {
    if (use.kind === "membership") return asComparison(use.in)?.left.kind === "string";
    const put =
      use.kind === "method" ? asMethodCall(use.call, "append", "add", "insert", "remove", "discard") : undefined;
    return put?.args.at(-1)?.kind === "string";
  });

const SHOWN =
  /^(?:print|pprint|repr|str|len|warn\w*)$|\.(?:debug|info|warning|error|exception|critical|write|isin|drop)$|^st\./;
/** It gives the same in any order, or a text for a reader, but not for another part. */
const ORDERLESS = /^(?:sorted|set|sum|any|all|min|max)$|\.join$/;

/** Only a reader sees it, or nobody the order. */
function isShown(node: Node, how?: How): boolean {
  for (let at: Node | undefined = node; at; at = at.parent) {
    if (at.kind === "interpolation" || at.kind === "raise_statement" || at.kind === "assert_statement") return true;
    const callee = at.kind === "call" ? (at.field("function")?.text ?? "") : "";
    if (SHOWN.test(callee) || (how !== "part" && ORDERLESS.test(callee))) return true;
    if (at.kind === "block") return false;
  }
  return false;
}

/** What becomes of `list(words)`. */
function ofList(node: Node, facts: Facts): Decided | undefined {
  const direct = useOfList(node, facts);
  if (direct) return direct;
  const name = nameGiven(node);
  if (!name) return undefined;
  const reads = facts.readsSeeing(name);
  // It is put in order before or after.
  if (reads.some((it) => asMethodCall(it.parent?.parent, "sort") !== undefined)) return undefined;
  for (const it of reads) {
    const found = useOfList(it, facts, true);
    if (found && !isShown(it, found.how)) return { ...found, at: it };
  }
  return undefined;
}

const NUMBERS = /(?:^|\.)(?:LabelEncoder|OneHotEncoder|MultiLabelBinarizer)$/;

function useOfList(node: Node, facts: Facts, isNamed = false): Decided | undefined {
  const around = wrapped(node).parent;
  const part = asSubscript(around);
  if (part && unwrap(part.value) === unwrap(node)) {
    const [index] = part.indices;
    return index?.kind === "slice" &&
      /[^\s:]/.test(index.text) &&
      !isShown(around!, "part") &&
      !isOneAfterOther(index, facts) &&
      !isShownLater(around!, facts)
      ? { how: "part", weight: "heavy" }
      : undefined;
  }
  // `frame[columns]`, and what is fitted or saved of it.
  if (part && part.indices.length === 1 && unwrap(part.indices[0]!) === unwrap(node))
    return facts.ofFile(KEEPS) && facts.takenFor(part.value, "frame", "fair") && isUsedWhole(around!)
      ? { how: "columns", weight: "unknown" }
      : undefined;
  const use = useOf(node);
  if (use.kind !== "argument") return undefined;
  const call = asCall(use.call);
  const callee = call?.callee.text ?? "";
  if (callee === "enumerate" || callee === "zip") return isNamed ? ofNumbering(call!.node, call!, facts) : undefined;
  const known = facts.nameOf(call!.callee) ?? callee;
  if (/^(?:numpy\.)?random\.(?:shuffle|sample|choice|choices|permutation)$|(?:^|\.)train_test_split$/.test(known))
    return drawn(facts);
  if (NUMBERS.test(callee) && use.name === "categories") return { how: "columns", weight: "heavy" };
  return undefined;
}

/** `[i : i + 10]` in a loop over `i`: all the parts are taken. */
const isOneAfterOther = (slice: Node, facts: Facts): boolean => {
  const [loop] = facts.loopsAround(slice);
  const start = slice.children[0];
  return (
    loop !== undefined &&
    start?.kind === "identifier" &&
    facts.writesOf(start, loop).some((it) => it.name.isInside(loop))
  );
};

/** The table of these columns becomes a value of its own: not only one result is asked of it. */
function isUsedWhole(table: Node): boolean {
  const use = useOf(table);
  return (
    use.kind === "assigned" ||
    (use.kind === "argument" && /\bfit|train|predict|DMatrix|Dataset/.test(asCall(use.call)?.callee.text ?? "")) ||
    (use.kind === "attribute" && use.in.text.endsWith(".values")) ||
    (use.kind === "method" && /^(?:to_numpy|copy|to_csv|to_parquet)$/.test(use.name ?? ""))
  );
}

const drawn = (facts: Facts): Decided | undefined =>
  facts.ofFile(SEEDS) ? { how: "draw", weight: "heavy" } : undefined;

/** `{word: i for i, word in enumerate(words)}`, `dict(zip(words, range(n)))`, `for i, word in enumerate(words): ids[word] = i`. */
function ofNumbering(node: Node, call: Call, facts: Facts): Decided | undefined {
  const weight: Weight = facts.ofFile(KEEPS) ? "heavy" : "light";
  if (call.callee.text === "zip") {
    const isCounted = call.args.some((it) => /^(?:range|itertools\.count|count)\(/.test(it.text));
    const use = useOf(node);
    return isCounted && use.kind === "argument" && asCall(use.call)?.callee.text === "dict"
      ? { how: "numbers", weight }
      : undefined;
  }
  const around = wrapped(node).parent;
  const made = around?.kind === "for_in_clause" ? asComprehension(around.parent) : undefined;
  if (made)
    return made.kind === "dict" &&
      made.clauses[0]?.iterable === wrapped(node) &&
      isPairOf(made.element, made.clauses[0].target)
      ? { how: "numbers", weight }
      : undefined;
  const loop = asFor(around);
  if (!loop || loop.iterable !== wrapped(node)) return undefined;
  const [count, item] = loop.target.children.filter((it) => it.kind === "identifier").map((it) => it.text);
  if (!count || !item) return undefined;
  const store = loop.body.descendants("assignment").find((it) => {
    const entry = asSubscript(it.field("left"));
    const value = it.field("right")?.text;
    const key = entry?.indices[0]?.text;
    return (key === item && value === count) || (key === count && value === item);
  });
  return store && functionAround(store) === functionAround(node) ? { how: "numbers", weight } : undefined;
}

/** `word: i` or `i: word` of the two names that the loop gives, with no more than a number added. */
function isPairOf(element: Node, target: Node): boolean {
  const names = target.children.filter((it) => it.kind === "identifier").map((it) => it.text);
  const [key, value] = [element.field("key"), element.field("value")];
  if (!key || !value || names.length !== 2) return false;
  return [key, value].every((it) => {
    const sum = asBinary(unwrap(it));
    const plain = sum && isConstant(sum.right) ? unwrap(sum.left) : unwrap(it);
    return names.includes(plain.text);
  });
}
