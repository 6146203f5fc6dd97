/** A chain of tests of one thing that gives a name a value in each branch, has no last branch, and a read of the name below it. */

import {
  asAssignment,
  asCall,
  asComparison,
  asConditional,
  asBinary,
  asFor,
  asFunction,
  asIf,
  asTry,
  asWith,
  declined,
  defineRule,
  lastIdentifierIn,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  indentUnit,
  isConstant,
  itemsOf,
  lineBelow,
  nextStatement,
  previousStatement,
  statementsOf,
  textValue,
  unwrap,
  type Evidence,
  type Facts,
  type If,
  type Match,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

interface Unbound extends Match {
  readonly node: Node;
  readonly name: string;
  readonly subject: Node;
  readonly keys: readonly Node[];
  readonly isOfTypes: boolean;
  /** `if p is None:` alone. */
  readonly isNoneAlone: boolean;
  /** Any other condition alone, with a `return` right below. */
  readonly isOneWay?: boolean;
  /** What a caller is known to pass, and no branch tests. */
  readonly falling: string | undefined;
}

export default defineRule({
  title: "Name without a value where no branch fits",
  why: "Each branch gives the name its value, and for what none of them tests it gets none. The error then comes from the line that reads the name, and says nothing of the value that no branch knows. An `else` that raises an error of its own names it.",
  guide: "names-and-scope",
  level: "warning",
  gain: "safety",
  fixes: "review",

  examples: [
    {
      before: `
def rate(kind: str, amount: float) -> float:
    if kind == "small":
        factor = 0.1
    elif kind == "large":
        factor = 0.3
    return amount * factor
`,
      after: `
def rate(kind: str, amount: float) -> float:
    if kind == "small":
        factor = 0.1
    elif kind == "large":
        factor = 0.3
    else:
        raise ValueError(f"unknown kind: {kind!r}")
    return amount * factor
`,
    },
  ],

  on: ["if_statement"],

  find(node, { facts }): Unbound | undefined {
    const chain = asIf(node);
    if (!chain || chain.orElse) return undefined;
    const only = chain.elifs.length === 0;
    const tests = [chain, ...chain.elifs].map((it) => testOf(it.condition));
    const [first] = tests;
    if (only && !first?.isNone) return givenInOne(chain, facts);
    if (!first) return undefined;
    const subject = first.subject;
    if (tests.some((it) => it?.subject.text !== subject.text) || facts.isTest) return undefined;
    if (tests.some((it) => it!.isOfType) && tests.some((it) => !it!.isOfType && !it!.isNone)) return undefined;
    const read = unboundRead(chain, facts);
    if (!read || isSettled(chain, read, subject, facts)) return undefined;
    const keys = tests.flatMap((it) => it!.keys);
    const isOfTypes = tests.every((it) => it!.isOfType || it!.isNone);
    const given = only ? onlyNone(subject, facts) : givenFor(subject, keys, isOfTypes, facts);
    if (!given) return undefined;
    return {
      at: chain.condition,
      evidence: given.evidence,
      weight: given.weight,
      construct: node,
      related: [{ at: read, message: "it is read here" }],
      node,
      name: read.text,
      subject,
      keys,
      isOfTypes,
      isNoneAlone: only,
      falling: given.falling,
    };
  },

  message: ({ name, subject, keys, isNoneAlone, falling, isOfTypes, isOneWay }) => {
    const [what, asked] = [excerpt(name, 40), excerpt(subject.text.replace(/\s+/g, " "), 40)];
    if (isOneWay) return `\`${what}\` has no value unless \`${asked}\` holds, and is returned all the same.`;
    if (isNoneAlone) return `\`${what}\` has no value unless \`${asked}\` is None, and is read all the same.`;
    if (falling !== undefined)
      return `\`${what}\` has no value where \`${asked}\` is \`${excerpt(falling, 40)}\`: no branch tests for it, and \`${what}\` is read below.`;
    const known = keys.map((it) => `\`${excerpt(it.text, 30)}\``);
    const shown = known.length > 4 ? `none of the ${known.length} values that are tested` : anyOf(known);
    return isOfTypes
      ? `\`${what}\` has no value where \`${asked}\` is of another type than ${known.join(known.length > 2 ? ", " : " and ")}, and is read below.`
      : `\`${what}\` has no value where \`${asked}\` is ${shown}, and is read below: an \`else\` can say so.`;
  },

  fix({ node, subject, isOfTypes, isNoneAlone, isOneWay }, { facts }) {
    if (isNoneAlone || isOneWay) return declined("what it should be then cannot be seen");
    if (!/^[\w.]+$/.test(subject.text)) return declined("what is tested is no plain name");
    const what = subject.text.slice(subject.text.lastIndexOf(".") + 1).replaceAll("_", " ");
    const error = isOfTypes
      ? `raise TypeError(f"unexpected type of ${what}: {type(${subject.text}).__name__}")`
      : `raise ValueError(f"unknown ${what}: {${subject.text}!r}")`;
    return fixOf(
      "Raise an error in a last branch",
      [
        `it ends with ${isOfTypes ? "TypeError" : "ValueError"} then, and above the lines up to the read`,
        facts.loopAround(node) !== undefined && "a later turn of the loop went on with the value of the one before",
      ],
      [lineBelow(node, `else:\n${indentUnit(node, facts)}${error}`)],
    );
  },
});

const MOST_NAMES = 8;

/** `if sent: answer = …` and right below `return answer`, where no other value of the name comes that far. */
function givenInOne(chain: If, facts: Facts): Unbound | undefined {
  const { node, condition, body } = chain;
  const below = nextStatement(node);
  if (below?.kind !== "return_statement" || facts.isTest || leaves(body) || !functionAround(node)) return undefined;
  if (
    facts.loopAround(node) ||
    /^(?:True|\d+(?: ?== ?\d+)?|TYPE_CHECKING|tf\.\w+\([^()]*\))$/.test(condition.text) ||
    isInTry(node)
  )
    return undefined;
  if (asBinary(unwrap(condition)) && raisesAbove(node)) return undefined;
  for (const name of boundIn(body).slice(0, MOST_NAMES)) {
    const read = facts.readsOf(name, below).find((it) => isMet(it, node));
    if (!read || facts.isRemote(name) || !facts.writesOf(read).every((it) => isGone(it.name, node))) continue;
    return {
      at: condition,
      evidence: "strong",
      // Whether something was found is another thing in each run; what a caller chooses may always be the same.
      weight:
        condition.kind === "identifier" && facts.writesOf(condition).every((it) => it.kind === "assign")
          ? "heavy"
          : "unknown",
      construct: node,
      related: [{ at: read, message: "it is read here" }],
      node,
      name: read.text,
      subject: condition,
      keys: [],
      isOfTypes: false,
      isNoneAlone: false,
      isOneWay: true,
      falling: undefined,
    };
  }
  return undefined;
}

/** Of several things one holds: whoever has none of them may have been turned away. */
function raisesAbove(node: Node): boolean {
  let steps = 0;
  for (let at = previousStatement(node); at && steps < 20; at = previousStatement(at), steps++)
    if (at.kind === "if_statement" && at.descendants("raise_statement").length > 0) return true;
  return false;
}

/** What is bound there does not come as far as what stands below the `if`: it is bound in it, further down, or in a branch that leaves. */
function isGone(name: Node, node: Node): boolean {
  if (name.tree !== node.tree) return false;
  // `if "/" in (key := path):` binds it whatever comes of it.
  if (name.isInside(node)) return !name.isInside(node.field("condition")!);
  if (name.start > node.end) return true;
  for (let at = name.parent; at && !node.isInside(at); at = at.parent)
    if (at.kind === "block" && leaves(at)) return true;
  return false;
}

/** A handler may wait for just this. */
const isInTry = (node: Node): boolean =>
  (asTry(node.ancestor("try_statement"))?.handlers ?? []).some(
    (it) => !it.type || /NameError|UnboundLocalError/.test(it.type.text),
  );

const anyOf = (known: readonly string[]): string =>
  known.length === 2 ? `neither ${known[0]} nor ${known[1]}` : `none of ${known.join(", ")}`;

interface Test {
  readonly subject: Node;
  readonly keys: readonly Node[];
  readonly isOfType: boolean;
  readonly isNone: boolean;
}

/** `x == "a"`, `x in ("a", "b")`, `isinstance(x, str)`, `type(x) is str`, `x is None`, and several of them joined by `or`. */
function testOf(condition: Node): Test | undefined {
  const node = unwrap(condition);
  const both = asBinary(node);
  if (both) {
    const [left, right] = both.operator === "or" ? [testOf(both.left), testOf(both.right)] : [];
    return left && right && left.subject.text === right.subject.text && left.isOfType === right.isOfType
      ? { ...left, keys: [...left.keys, ...right.keys], isNone: false }
      : undefined;
  }
  const call = asCall(node);
  if (call) {
    const [subject, types] = call.args;
    if (call.callee.text !== "isinstance" || !subject || !types || !isSubject(subject)) return undefined;
    return { subject, keys: types.kind === "tuple" ? itemsOf(types) : [types], isOfType: true, isNone: false };
  }
  const comparison = asComparison(node);
  if (!comparison) return undefined;
  const [left, right] = [unwrap(comparison.left), unwrap(comparison.right)];
  const typed = asCall(left);
  if (typed && typed.callee.text === "type" && typed.args.length === 1 && /^(?:is|==)$/.test(comparison.operator))
    return isSubject(typed.args[0]!)
      ? { subject: typed.args[0]!, keys: [right], isOfType: true, isNone: false }
      : undefined;
  if (!isSubject(left)) return undefined;
  switch (comparison.operator) {
    case "is":
      return right.kind === "none" ? { subject: left, keys: [right], isOfType: false, isNone: true } : undefined;
    case "==":
      return isKey(right) ? { subject: left, keys: [right], isOfType: false, isNone: false } : undefined;
    case "in":
      return /^(?:tuple|list|set)$/.test(right.kind) && itemsOf(right).length > 0 && itemsOf(right).every(isKey)
        ? { subject: left, keys: itemsOf(right), isOfType: false, isNone: false }
        : undefined;
    default:
      return undefined;
  }
}

/** A name, an attribute or item of one, or its text in lower case. */
function isSubject(node: Node): boolean {
  if (node.kind === "identifier") return true;
  if (node.kind === "attribute") return isSubject(node.field("object")!);
  if (node.kind === "subscript") return isSubject(node.field("value")!) && node.fieldAll("subscript").every(isConstant);
  const call = asCall(node);
  return (
    call !== undefined &&
    call.args.length === 0 &&
    /\.(?:lower|upper|strip|casefold)$/.test(call.callee.text) &&
    isSubject(call.callee.field("object")!)
  );
}

const isKey = (node: Node): boolean =>
  (isConstant(node) && node.kind !== "ellipsis") || (node.kind === "attribute" && /\.[A-Z][A-Z0-9_]*$/.test(node.text));

/** A read below the chain, in the same block and on no condition, of a name that only the branches bind. */
function unboundRead(chain: If, facts: Facts): Node | undefined {
  const bodies = [chain.body, ...chain.elifs.map((it) => it.body)].filter((it) => !leaves(it));
  const names = bodies[0] ? boundIn(bodies[0]) : [];
  if (names.length === 0 || (chain.elifs.length > 0 && bodies.length < 2)) return undefined;
  // A scope that nobody sees into, or what other cells and functions may have bound.
  for (const name of names) {
    if (!bodies.every((body) => facts.writesOf(name, body).length > 0)) continue;
    const sites = facts.writesOf(name);
    if (facts.isRemote(name) || sites.some((it) => !it.name.isInside(chain.node))) continue;
    if (facts.bindingOf(name)?.scope.kind === "class") continue;
    const read = facts
      .readsOf(name)
      .find((it) => it.tree === chain.node.tree && it.start >= chain.node.end && isMet(it, chain.node));
    if (read) return read;
  }
  return undefined;
}

/** The names that a branch binds at its own level. */
function boundIn(body: Node): readonly Node[] {
  return statementsOf(body).flatMap((it) => {
    const targets = asAssignment(it)?.targets ?? [];
    return targets.flatMap((target) =>
      target.kind === "identifier"
        ? [target]
        : target.kind === "pattern_list" || target.kind === "tuple_pattern"
          ? target.children.filter((name) => name.kind === "identifier")
          : [],
    );
  });
}

const LEAVES = /^(?:return|raise|continue|break)_statement$/;
const EXITS =
  /^(?:sys\.exit|exit|quit|os\._exit|pytest\.\w+|self\.fail|\w*(?:abort|die|usage|fatal)|(?:\w+\.)?parser\.error|ap\.error|st\.stop)$/;

/** What stands behind the branch does not run after it. */
function leaves(body: Node): boolean {
  const last = statementsOf(body).at(-1);
  if (!last) return false;
  if (LEAVES.test(last.kind)) return true;
  const inner = asIf(last);
  if (inner?.orElse) {
    const orElse = inner.orElse.field("body") ?? inner.orElse;
    return [inner.body, ...inner.elifs.map((it) => it.body), orElse].every(leaves);
  }
  return EXITS.test(asCall(last.children[0])?.callee.text ?? "");
}

/** Whoever comes past the chain comes to the read: no test, loop or function stands between. */
function isMet(read: Node, chain: Node): boolean {
  const block = chain.parent;
  for (let at = read; at.parent; at = at.parent) {
    const around = at.parent;
    if (around === block) return isReached(chain, at);
    switch (around.kind) {
      case "if_statement":
      case "while_statement":
        if (around.field("condition") !== at) return false;
        break;
      case "for_statement":
        if (asFor(around)?.iterable !== at) return false;
        break;
      case "conditional_expression":
      case "boolean_operator":
        if (around.children[around.kind === "boolean_operator" ? 0 : 1] !== at) return false;
        break;
      case "with_statement":
      case "with_clause":
      case "with_item":
        break;
      case "block":
        if (!asWith(around.parent)) return false;
        break;
      default:
        if (ELSEWHERE.has(around.kind)) return false;
    }
  }
  return false;
}

const ELSEWHERE = new Set<string>([
  "try_statement",
  "lambda",
  "function_definition",
  "decorated_definition",
  "class_definition",
  "list_comprehension",
  "set_comprehension",
  "dictionary_comprehension",
  "generator_expression",
  "match_statement",
  "elif_clause",
  "else_clause",
  "assert_statement",
  "delete_statement",
]);

/** Nothing between the chain and the statement leaves, or asks whether it is there. */
function isReached(chain: Node, statement: Node): boolean {
  for (let at = nextStatement(chain); at && at !== statement; at = nextStatement(at)) {
    if (LEAVES.test(at.kind)) return false;
    if (/\b(?:raise|return|exit|locals|assert)\b/.test(at.text.slice(0, 2_000))) return false;
  }
  return true;
}

/** Something else says that one of the branches fits, or takes care of the error. */
function isSettled(chain: If, read: Node, subject: Node, facts: Facts): boolean {
  const { node } = chain;
  for (let at = node.parent; at && at.kind !== "function_definition"; at = at.parent) {
    const tried = asTry(at);
    if (tried?.handlers.some((it) => !it.type || /NameError|UnboundLocalError/.test(it.type.text))) return true;
    // A test around it of the same thing.
    if (/^(?:if|elif|while|match|case)_/.test(at.kind) && at.kind !== "elif_clause") {
      const test = at.field("condition") ?? at.field("subject");
      if (test && !read.isInside(test) && mentions(test, subject)) return true;
    }
    if (at.kind === "elif_clause" && mentions(at.field("condition")!, subject)) return true;
  }
  const last = lastOf(subject);
  const named = new RegExp(`\\b${last}\\b`);
  const given = new RegExp(`\\b${last}\\s*=(?!=)`);
  for (let block: Node | undefined = node; block; block = outer(block)) {
    for (let at = previousStatement(block); at; at = previousStatement(at)) {
      if (!/^(?:if|assert|for|while|try|with|match|expression)_statement$/.test(at.kind)) continue;
      if (at.kind === "expression_statement" && !/valid|check|assert|ensure|verif/i.test(at.text)) continue;
      if (!named.test(at.text)) continue;
      if (at.kind === "assert_statement" || at.kind === "expression_statement") return true;
      if (/\b(?:raise|return|exit|assert|continue|break|error)\b/.test(at.text)) return true;
      // It is asked for until it fits.
      if (at.kind === "while_statement" && named.test(at.field("condition")?.text ?? "")) return true;
      // It is given a value that fits.
      if (given.test(at.text)) return true;
    }
  }
  return false;
}

/** The statement around, within the function. */
function outer(statement: Node): Node | undefined {
  const block = statement.parent;
  const around = block?.kind === "block" ? block.parent : undefined;
  return around && around.kind !== "function_definition" && around.kind !== "class_definition" ? around : undefined;
}

const mentions = (test: Node, subject: Node): boolean => test.text.includes(subject.text.replace(/\(\)$/, ""));

/** `model` of `config.model` and `kind` of `kind.lower()`. */
function lastOf(subject: Node): string {
  const text = subject.text.replace(/\.\w+\(\)$/, "");
  return lastIdentifierIn(text) || text;
}

interface Given {
  readonly evidence: Evidence;
  readonly weight: Weight;
  readonly falling?: string;
}

/** `if labels is None:` of a parameter that may be given. */
function onlyNone(subject: Node, facts: Facts): Given | undefined {
  if (subject.kind !== "identifier") return undefined;
  const sites = facts.writesOf(subject);
  if (sites.length !== 1 || sites[0]!.kind !== "parameter") return undefined;
  return { evidence: "strong", weight: "heavy" };
}

/** By which evidence other values come, and which; undefined where all that come are tested. */
function givenFor(subject: Node, keys: readonly Node[], isOfTypes: boolean, facts: Facts): Given | undefined {
  const isTested = (value: string): boolean =>
    keys.some((it) => plain(it.text) === plain(value) || typesOf(value).includes(it.text));
  // Both of two, or members of an enumeration that may be all there are.
  if (["True", "False"].every(isTested)) return undefined;
  if (keys.some((it) => it.kind === "attribute" && !isSubjectMember(it))) return undefined;
  if (subject.kind !== "identifier") {
    // All that an array may be, and that the code takes.
    if (/\.(?:ndim|itemsize|dtype|shape)$|\.dtype\./.test(subject.text)) return undefined;
    if (/\.kind$/.test(subject.text) && keys.every((it) => textValue(it)?.length === 1)) return undefined;
    // All systems that the program is for.
    if (/^(?:sys\.platform|os\.name)$/.test(subject.text)) return { evidence: "strong", weight: "light" };
    if (facts.ofFile(HAS_CHOICES, lastOf(subject))) return undefined;
    const isSetting =
      /^(?:args?|opts?|options?|config|cfg|conf|hparams|params|settings|flags|FLAGS|self\.(?:args|config|cfg|opts?|hparams|params))\b/.test(
        subject.text,
      );
    return { evidence: "strong", weight: isSetting ? "heavy" : "unknown" };
  }
  const sites = facts.writesOf(subject);
  const [site] = sites;
  if (!site) return undefined;
  if (sites.length === 1 && site.kind === "parameter")
    return ofParameter(subject, site.name, isTested, isOfTypes, facts);
  const values = sites.map((it) => valuesOf(it.kind, it.value, it.path));
  if (values.some((it) => it === undefined)) {
    const outside = sites.some(
      (it) => it.value && /\binput\(|\benviron\b|getenv|argv|\.get\(|\.pop\(|load/.test(it.value.text),
    );
    const isLimited = sites.some(
      (it) =>
        !it.value ||
        /platform|random|choice|selectbox|radio|randint|%|prompt|_like\(|valid|check|standard|options|normali[sz]e/.test(
          it.value.text,
        ),
    );
    return isLimited || sites.some((it) => it.kind === "for")
      ? undefined
      : { evidence: outside ? "strong" : "fair", weight: "unknown" };
  }
  const falling = values.flat().find((it) => !isTested(it!));
  return falling === undefined ? undefined : { evidence: "fair", weight: "heavy", falling };
}

/** The types that a constant is of: `isinstance(size, int)` tests 3 as well. */
function typesOf(constant: string): readonly string[] {
  if (/^(?:True|False)$/.test(constant)) return ["bool", "int"];
  if (/^-?\d[\d_]*$/.test(constant)) return ["int"];
  if (/^-?[\d_]*\.?\d/.test(constant)) return ["float"];
  return /^[bB]?["']/.test(constant) ? [/^[bB]/.test(constant) ? "bytes" : "str"] : [];
}

const isSubjectMember = (key: Node): boolean => /^self\./.test(key.text);
const plain = (text: string): string => text.replaceAll('"', "'");

/** The constants that a name may be given; undefined where it may be anything. */
function valuesOf(kind: string, value: Node | undefined, path: readonly number[]): readonly string[] | undefined {
  if (!value || path.length > 0) return undefined;
  const node = unwrap(value);
  if (kind === "for")
    return /^(?:list|tuple|set)$/.test(node.kind) && itemsOf(node).every(isConstant)
      ? itemsOf(node).map((it) => it.text)
      : undefined;
  const either = asConditional(node);
  const values = either ? [either.then, either.otherwise].map(unwrap) : [node];
  return kind === "assign" && values.every(isConstant) ? values.map((it) => it.text) : undefined;
}

/** A type that somebody gave a name of its own to say which values there are. */
const OWN_NAME = /^(?!Any$|Optional\b|Union\b|Text$)(?:\w+\.)?[A-Z]\w*$/;

function ofParameter(
  subject: Node,
  name: Node,
  isTested: (value: string) => boolean,
  isOfTypes: boolean,
  facts: Facts,
): Given | undefined {
  const def = asFunction(functionAround(subject));
  const parameter = def?.parameters.find((it) => it.nameNode === name);
  if (!def || !parameter || parameter.star !== "") return undefined;
  const annotation = parameter.annotation?.text;
  if (annotation !== undefined && isExhausted(annotation, isTested)) return undefined;
  // `Kind = Literal["a", "b"]`, here or in another file.
  if (annotation !== undefined && OWN_NAME.test(annotation) && !isOfTypes) return undefined;
  const fallback = parameter.defaultValue;
  if (fallback && isConstant(fallback) && fallback.kind !== "none" && !isTested(fallback.text))
    return { evidence: "strong", weight: "heavy", falling: fallback.text };
  const position = def.parameters.indexOf(parameter);
  const calls = facts.usesOf(def.nameNode).flatMap((it) => (it.kind === "call" ? (asCall(it.call) ?? []) : []));
  const passed = calls.map((it) => it.keywords.get(parameter.name) ?? it.args[position]);
  const values = passed.filter((it) => it !== undefined && isConstant(it));
  const falling = values.find((it) => !isTested(it!.text));
  if (falling) return { evidence: "strong", weight: "heavy", falling: falling.text };
  // All that the file shows are tested.
  if (calls.length > 0 && passed.every((it) => it === undefined || isConstant(it))) return undefined;
  const isInner = def.name.startsWith("_") || facts.classNameOf(def.outer) !== undefined;
  if (isInner && calls.length === 0 && facts.ofFile(CALLED_WITH_TEXT, def.name)) return undefined;
  return { evidence: "strong", weight: def.name.startsWith("_") ? "light" : "unknown" };
}

/** `Literal["a", "b"]`, `bool`, `str | list`: each of them is tested. */
function isExhausted(annotation: string, isTested: (value: string) => boolean): boolean {
  const literal = /Literal\[([^\]]*)\]/.exec(annotation);
  const parts = literal
    ? literal[1]!.split(",")
    : annotation.replace(/^(?:typing\.)?Union\[(.*)\]$/s, "$1").split(/[|,]/);
  return parts.every((it) => it.trim() === "" || isTested(it.split("[")[0]!.trim()));
}

/** `choices=` of the option, or a check of the attribute elsewhere in the file. */
const HAS_CHOICES = fileQuestion((facts, name) =>
  facts.fileMatches(
    new RegExp(
      `["']-{0,2}${name.replaceAll("_", "[-_]")}["'][^)]*\\bchoices\\s*=|\\b${name}\\b[^\\n]*\\bnot in\\b|assert [^\\n]*\\b${name}\\b|\\b${name}\\b\\s*:\\s*(?:\\w+\\.)?Literal\\[`,
    ),
  ),
);

/** A method is called with a text that is written out. */
const CALLED_WITH_TEXT = fileQuestion((facts, name) => facts.fileMatches(new RegExp(`\\.${name}\\([^)\\n]*["']`)));
