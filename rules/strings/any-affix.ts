/** `any(name.endswith(it) for it in endings)`: `endswith` takes a tuple and asks for all of them itself. */

import {
  asBinary,
  asCall,
  asComprehension,
  asMethodCall,
  asSubscript,
  ATOM,
  between,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  itemsOf,
  leastAround,
  mayBeNone,
  ownCodeDoubt,
  replace,
  textIn,
  textValue,
  unwrap,
  wrapped,
  type Evidence,
  type Facts,
  type MethodCall,
  type Node,
  type Span,
} from "../../analysis/authoring.js";

const AFFIXES = ["startswith", "endswith"];

export default defineRule({
  title: "Beginnings or endings tried one by one",
  why: "A generator in any is started anew and comes back to it for every item, and a chain of or calls the method for each. startswith and endswith take a tuple and try all of it in one call.",
  guide: "code-level",
  level: "hint",
  gain: "time",
  words: AFFIXES,
  overlaps: ["PIE810"],
  unlike: "a comprehension over the endings counts beside a chain of `or`",
  fixes: "safe",

  examples: [
    {
      before: `
def is_picture(name: str, endings: list[str]) -> bool:
    return any(name.endswith(ending) for ending in endings)
`,
      after: `
def is_picture(name: str, endings: list[str]) -> bool:
    return name.endswith(tuple(endings))
`,
    },
  ],

  on: ["call", "boolean_operator"],
  calls: ["builtins.any", "builtins.all"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const found = node.kind === "call" ? ofAny(node, facts) : ofChain(node);
    if (!found) return undefined;
    const type = facts.typed(found.text)?.type.name;
    if (type !== undefined && type !== "str" && type !== "bytes") return undefined;
    const evidence: Evidence = type === undefined ? "strong" : facts.evidenceOf(found.text)!;
    // A chain of two or three is hardly slower: there it reads better.
    const weight = found.items ? "light" : facts.weightOf(node);
    return { construct: node, evidence, weight, node, ...found };
  },

  message: ({ text, method, affixes, items, isNegated }) => {
    const given = affixes ? excerpt(affixes.text.replace(/\s+/g, " "), 24) : items!.map((it) => it.text).join(", ");
    const what =
      affixes && !["tuple", "list", "set"].includes(affixes.kind)
        ? `tuple(${given})`
        : `(${excerpt(given.replace(/^[[({]|[\])}]$/g, ""), 30)})`;
    return `\`${isNegated ? "not " : ""}${excerpt(text.text, 30)}.${method}(${what})\` tries all of them in one call.`;
  },

  fix({ node, run, text, method, affixes, items, isNegated }, { facts }) {
    if (hasComments(node)) return declined("a comment would be lost");
    if (affixes && facts.scopeOf(node).kind === "class") return declined("a generator sees no names of the class body");
    if (affixes && !facts.isBuiltin("tuple", node)) return declined("tuple is not the built-in here");
    const given = affixes ? tupleOf(affixes, facts) : `(${items!.map((it) => it.text).join(", ")})`;
    const areTexts = items
      ? items.every((it) => textValue(it) !== undefined || facts.typeOf(it)?.name === "str")
      : holdTexts(affixes!, facts);
    const isKnown = facts.typeOf(text)?.name === "str";
    const isPlain =
      !affixes ||
      ["list", "tuple", "set", "frozenset"].includes(facts.typeOf(affixes)?.name ?? "") ||
      ["list", "tuple", "set"].includes(affixes.kind);
    // Where there is none of them the text was never looked at.
    const isAsked =
      items !== undefined || (isLiteral(affixes!) && itemsOf(affixes!).length > 0) || isThere(text, facts);
    const call = `${textIn(text, ATOM)}.${method}(${given})`;
    // The parentheses around a chain hold nothing together any more.
    const isBare = !run && !isNegated && !hasComments(wrapped(node));
    const isInside = isNegated && node.kind === "call" && isTight(node);
    return fixOf(
      `Give ${method} a tuple`,
      [
        !isKnown && `\`${excerpt(text.text, 30)}\` must be a text`,
        !areTexts && "each of them must be a text, and no tuple of texts",
        !isAsked && `\`${excerpt(text.text, 30)}\` is asked for even if there is nothing to try`,
        !isPlain && "all of them are asked for, where the first that fits was enough",
        ownCodeDoubt(text, facts),
        affixes && ownCodeDoubt(affixes, facts),
        !isSteady(text, facts) && `\`${excerpt(text.text, 30)}\` is read once, where each test read it again`,
      ],
      [
        replace(
          run ?? (isBare ? wrapped(node) : node),
          isNegated ? (isInside ? `(not ${call})` : `not ${call}`) : call,
        ),
      ],
    );
  },
});

/** `all(…) == known`: what stands around binds tighter than `not`. */
const isTight = (node: Node): boolean =>
  leastAround(node) > 0 && wrapped(node) === node && !LOOSE.has(node.parent?.kind ?? "");

const LOOSE = new Set(
  "if_statement elif_clause while_statement if_clause boolean_operator conditional_expression assert_statement lambda".split(
    " ",
  ),
);

interface Found {
  readonly at: Span;
  readonly text: Node;
  readonly method: string;
  /** The collection, or the single ones. */
  readonly affixes: Node | undefined;
  readonly items: readonly Node[] | undefined;
  /** The tests in a chain of more. */
  readonly run?: Span;
  /** `all(not …)`, `not … and not …`. */
  readonly isNegated: boolean;
}

/** `any(text.endswith(it) for it in items)`, `all(not text.endswith(it) for it in items)`. */
function ofAny(node: Node, facts: Facts): Found | undefined {
  const call = asCall(node);
  const [only, more] = call?.args ?? [];
  const word = call?.callee.text;
  if (!call || !only || more || call.keywords.size > 0 || (word !== "any" && word !== "all")) return undefined;
  const made = asComprehension(unwrap(only));
  const [clause, another] = made?.clauses ?? [];
  if (!made || !clause || another || clause.isAsync || made.conditions.length > 0 || made.kind === "dict")
    return undefined;
  const element = unwrap(made.element);
  const isNegated = word === "all";
  const asked = isNegated ? (element.kind === "not_operator" ? element.field("argument") : undefined) : element;
  const method = asked ? affixCall(unwrap(asked)) : undefined;
  const [affix] = method?.args ?? [];
  if (!method || !affix || clause.target.kind !== "identifier" || affix.text !== clause.target.text) return undefined;
  const isOwn = [method.object, ...method.object.descendants("identifier")].some(
    (it) => it.text === clause.target.text,
  );
  if (isOwn || !isRepeatable(method.object) || !facts.isBuiltin(word, node)) return undefined;
  return {
    at: call.callee,
    text: method.object,
    method: method.method,
    affixes: unwrap(clause.iterable),
    items: undefined,
    isNegated,
  };
}

/** `text.startswith("a") or text.startswith("b")`, and the same with `not` and `and`, also one after the other in a longer chain; the outermost of a chain. */
function ofChain(node: Node): Found | undefined {
  const binary = asBinary(node);
  if (!binary || (binary.operator !== "or" && binary.operator !== "and")) return undefined;
  const outer = wrapped(node).parent;
  if (outer?.kind === "boolean_operator" && asBinary(outer)?.operator === binary.operator) return undefined;
  const isNegated = binary.operator === "and";
  const parts = partsOf(node, binary.operator).map((it) => ({ node: it, test: testOf(it, isNegated) }));
  const tests = longestRun(parts);
  const [first] = tests;
  if (!first?.test || tests.length < 2) return undefined;
  const { object: text, method } = first.test;
  const found = { text, method, affixes: undefined, items: tests.map((it) => it.test!.args[0]!), isNegated };
  if (tests.length === parts.length) return { at: node, ...found };
  const run = between(first.node, tests.at(-1)!.node);
  return isBalanced(node.tree.text.slice(run.start, run.end)) ? { at: run, run, ...found } : undefined;
}

interface Operand {
  readonly node: Node;
  readonly test: MethodCall | undefined;
}

/** Operands one after the other that ask the same text in the same way. */
function longestRun(parts: readonly Operand[]): readonly Operand[] {
  let longest: readonly Operand[] = [];
  for (let start = 0; start < parts.length; ) {
    const first = parts[start]!.test;
    let end = start + 1;
    if (first && isRepeatable(first.object)) {
      const text = first.object.text;
      const isAlike = ({ test }: Operand) => test?.method === first.method && test.object.text === text;
      while (end < parts.length && isAlike(parts[end]!)) end++;
      if (end - start > longest.length) longest = parts.slice(start, end);
    }
    start = end;
  }
  return longest;
}

function testOf(operand: Node, isNegated: boolean): MethodCall | undefined {
  const part = unwrap(operand);
  const asked = !isNegated ? part : part.kind === "not_operator" ? unwrap(part.field("argument")!) : undefined;
  const test = asked && affixCall(asked);
  // A name may stand for a tuple already.
  return test && textValue(test.args[0]) !== undefined ? test : undefined;
}

/** A part of a chain in parentheses may end, or begin, in the middle of the run. */
const isBalanced = (text: string): boolean => text.split("(").length === text.split(")").length;

function partsOf(node: Node, operator: string, depth = 20): readonly Node[] {
  const binary = asBinary(unwrap(node));
  if (depth === 0 || binary?.operator !== operator) return [node];
  return [...partsOf(binary.left, operator, depth - 1), binary.right];
}

function affixCall(node: Node): MethodCall | undefined {
  const method = asMethodCall(node, ...AFFIXES);
  return method?.args.length === 1 && method.keywords.size === 0 && !method.hasSplat ? method : undefined;
}

const isLiteral = (node: Node): boolean => ["tuple", "list", "set"].includes(node.kind);

/** A name that always stands for a text, or a form of it such as `name.lower()`: looking at it raises nothing. */
function isThere(text: Node, facts: Facts): boolean {
  const form = asMethodCall(unwrap(text));
  if (form) return isThere(form.object, facts);
  // `name: str = None` in a class is None for whoever sets nothing.
  return text.kind === "identifier" && !mayBeNone(text, facts) && facts.valueOf(text)?.kind !== "attribute";
}

/** Asking for it once does what asking several times did. */
const isRepeatable = (text: Node): boolean =>
  /^[\w.[\]"']+(\.(lower|upper|strip|lstrip|rstrip|casefold)\(\))*$/.test(text.text);

/** Reading it again gives the same: no property, and no item of a container that makes it up. */
function isSteady(text: Node, facts: Facts): boolean {
  const value = unwrap(text);
  if (value.kind === "identifier") return true;
  const form = asMethodCall(value);
  if (form) return isSteady(form.object, facts);
  const part = asSubscript(value);
  if (!part) return facts.isUntouchedIn(value, value) === "yes";
  return /^(?:list|dict|tuple|str)$/.test(facts.typeOf(part.value)?.name ?? "") && isSteady(part.value, facts);
}

function tupleOf(affixes: Node, facts: Facts): string {
  if (affixes.kind === "tuple") return affixes.text;
  if (affixes.kind === "list" || affixes.kind === "set") {
    const items = itemsOf(affixes).map((it) => it.text);
    return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
  }
  return facts.typeOf(affixes)?.name === "tuple" ? affixes.text : `tuple(${affixes.text})`;
}

/** A literal of texts, or a collection that is said to hold them. */
function holdTexts(affixes: Node, facts: Facts): boolean {
  if (["tuple", "list", "set"].includes(affixes.kind))
    return itemsOf(affixes).every((it) => textValue(it) !== undefined);
  const type = facts.typeOf(affixes);
  return type !== undefined && type.of.length > 0 && type.of.every((it) => it?.name === "str");
}
