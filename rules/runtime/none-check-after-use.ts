/** Something is looked into, and only below that it is asked whether it is None: the test comes too late. */

import {
  asAssignment,
  asBinary,
  asCall,
  asComparison,
  asConditional,
  asIf,
  asMethodCall,
  asSubscript,
  asTry,
  asWith,
  defineRule,
  excerpt,
  mayBeNone,
  nameAtRoot,
  previousStatement,
  statementOf,
  statementsOf,
  textValue,
  unwrap,
  useOf,
  wrapped,
  type Evidence,
  type Facts,
  type Match,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

/** So many statements above a test are looked at. */
const FAR = 40;

interface TooLate extends Match {
  readonly subject: Node;
  readonly use: Node;
  readonly isTruth: boolean;
  readonly isOneLine: boolean;
}

export default defineRule({
  title: "Test for None behind the use",
  why: "A line looks into a value, and a line below asks whether the value is None. If it is, the first line has failed with an AttributeError or TypeError before anybody asked, and the answer that the test was written for is never given. The test belongs above the use.",
  guide: "debugging",
  level: "warning",
  gain: "safety",

  examples: [
    {
      before: `
def greeting(users, key: str) -> str:
    user = users.find(key)
    name = user.name.title()
    if user is None:
        raise KeyError(key)
    return "Hello " + name
`,
      after: `
def greeting(users, key: str) -> str:
    user = users.find(key)
    if user is None:
        raise KeyError(key)
    name = user.name.title()
    return "Hello " + name
`,
    },
  ],

  on: ["if_statement", "conditional_expression", "boolean_operator"],

  find(node, { facts }): TooLate | undefined {
    return node.kind === "boolean_operator" ? behindUse(node, facts) : belowUse(node, facts);
  },

  message: ({ subject, use, isTruth, isOneLine }) => {
    const [what, where] = [excerpt(subject.text, 40), excerpt(use.text.replace(/\s+/g, " "), 50)];
    const none = isTruth && use.kind === "subscript" ? "empty or None" : "None";
    return isOneLine
      ? `If \`${what}\` is None, \`${where}\` fails before this test is reached; the test for None has to come first.`
      : `The test whether \`${what}\` is ${none} comes too late: \`${where}\` above has failed by then if it is.`;
  },
});

interface Test {
  readonly node: Node;
  readonly subject: Node;
  /** `not x`, which is true for what is empty too. */
  readonly isTruth: boolean;
  /** `x is None`, of which something comes at once, and no `x is not None`. */
  readonly isNone: boolean;
}

/** `x is None`, `x is not None`, `x == None`, `not x`. */
function testOf(condition: Node): Test | undefined {
  const node = unwrap(condition);
  if (node.kind === "not_operator") {
    const subject = node.children[0] && unwrap(node.children[0]);
    return subject && isPlace(subject) ? { node, subject, isTruth: true, isNone: false } : undefined;
  }
  const comparison = asComparison(node);
  if (!comparison || !/^(?:is|is not|==|!=)$/.test(comparison.operator)) return undefined;
  const [subject, other] = [unwrap(comparison.left), unwrap(comparison.right)];
  return other.kind === "none" && isPlace(subject)
    ? { node, subject, isTruth: false, isNone: /^(?:is|==)$/.test(comparison.operator) }
    : undefined;
}

/** A name, or attributes of one. */
const isPlace = (node: Node): boolean =>
  node.kind === "identifier" || (node.kind === "attribute" && isPlace(node.field("object")!));

/** The operands of `a or b or c`, from the left. */
function operands(node: Node, operator: string): readonly Node[] {
  const both = asBinary(unwrap(node));
  return both?.node.kind === "boolean_operator" && both.operator === operator
    ? [...operands(both.left, operator), both.right]
    : [node];
}

/** `if df.empty or df is None:`. */
function behindUse(node: Node, facts: Facts): TooLate | undefined {
  const both = asBinary(node);
  const test = both && testOf(both.right);
  if (!both || !test || test.isTruth) return undefined;
  const { operator } = both;
  // `x.a and x is None`, `x.a or x is not None`: nobody writes that to be safe.
  if (test.isNone !== (operator === "or")) return undefined;
  const { subject } = test;
  for (const operand of operands(both.left, operator)) {
    const reads = readsIn(operand, subject, facts);
    if (reads.some(isTested)) return undefined;
    const use = reads.find((it) => isAlways(it, operand) && looksInto(it, false));
    if (!use || isSafe(node, facts)) continue;
    return {
      at: unwrap(both.right),
      evidence: "strong",
      weight: isTestedBefore(statementOf(node), use, subject, facts) ? "light" : "heavy",
      related: [{ at: wholeUse(use), message: "it is used here" }],
      subject,
      use: wholeUse(use),
      isTruth: false,
      isOneLine: true,
    };
  }
  return undefined;
}

/** `if x is None:` below `x.a`: in its block, or in one around it. */
function belowUse(node: Node, facts: Facts): TooLate | undefined {
  const test = testBelow(node);
  if (!test || facts.isTest) return undefined;
  const { subject, isTruth } = test;
  const root = nameAtRoot(subject);
  // The answer of a server is false where it is an error.
  if (!root || (isTruth && /resp|^res?$|answer|result/i.test(subject.text))) return undefined;
  const statement = statementOf(node);
  let steps = 0;
  for (let block: Node | undefined = statement; block && steps < FAR; block = outer(block)) {
    if (block !== statement && !isPassed(block, test, root, facts)) return undefined;
    for (let at = previousStatement(block); at && steps < FAR; at = previousStatement(at), steps++) {
      if (isBoundIn(at, subject, root, facts)) return undefined;
      const reads = readsIn(at, subject, facts);
      if (reads.length === 0) continue;
      if (reads.some(isTested)) return undefined;
      const use = reads.find((it) => isAlways(it, at!) && looksInto(it, isTruth));
      if (!use) {
        // What is known to be a text or a list may be empty, and is not None.
        if (isTruth && reads.some((it) => !isHandedOn(it))) return undefined;
        continue;
      }
      const known = comesFrom(at, use, test, facts);
      if (!known || isSafe(node, facts)) return undefined;
      return {
        at: test.node,
        evidence: known.evidence,
        weight: known.weight,
        related: [{ at: wholeUse(use), message: "it is used here" }],
        subject,
        use: wholeUse(use),
        isTruth,
        isOneLine: false,
      };
    }
  }
  return undefined;
}

/** The first thing that an `if` or conditional expression asks; `not x` only where that ends the way. */
function testBelow(node: Node): Test | undefined {
  const chain = asIf(node);
  const condition = chain?.condition ?? asConditional(node)?.condition;
  if (!condition) return undefined;
  const [first] = operands(condition, asBinary(unwrap(condition))?.operator === "or" ? "or" : "");
  const test = first && testOf(first);
  return test?.isTruth && !(chain && leaves(chain.body)) ? undefined : test;
}

/** Whoever comes to what is inside the statement has come past what stands above it, and has the same value still. */
function isPassed(statement: Node, { subject, isTruth }: Test, root: Node, facts: Facts): boolean {
  if (/^(?:for|while)_statement$/.test(statement.kind)) {
    if (isBoundIn(statement, subject, root, facts)) return false;
    // What is taken out in a turn leaves it empty for the next.
    if (isTruth && readsIn(statement, subject, facts).some((it) => useOf(it).kind === "method")) return false;
  }
  const head = statement.field("condition") ?? statement.field("subject");
  return !(head && readsIn(head, subject, facts).some(isTested)) && statement.kind !== "match_statement";
}

/** All reads of the place in a statement or expression. */
function readsIn(region: Node, subject: Node, facts: Facts): readonly Node[] {
  if (subject.kind === "identifier") return facts.readsOf(subject, region);
  const { text } = subject;
  const found = region.descendants("attribute").filter((it) => it.text === text);
  return region.kind === "attribute" && region.text === text ? [region, ...found] : found;
}

/** It may be another value below the statement. */
function isBoundIn(statement: Node, subject: Node, root: Node, facts: Facts): boolean {
  if (facts.writesOf(root, statement).length > 0) return true;
  const isShared = subject.kind === "attribute" || facts.isRemote(root);
  if (!isShared) return statement.kind === "delete_statement" && new RegExp(`\\b${root.text}\\b`).test(statement.text);
  if (readsIn(statement, subject, facts).some((it) => useOf(it).kind === "other" || isTarget(it))) return true;
  // Whoever has the object may put another one there.
  if (statement.descendants("await").length > 0) return true;
  const { text } = subject;
  return statement.descendants("call").some((it) => {
    const callee = it.field("function")?.text ?? "";
    if (callee.startsWith(`${text}.`)) return false;
    return (
      callee.startsWith(`${root.text}.`) ||
      it.field("arguments")?.children.some((given) => given.text === root.text) ||
      (facts.isRemote(root) && !callee.includes("."))
    );
  });
}

const isTarget = (read: Node): boolean =>
  (asAssignment(statementOf(read))?.targets ?? []).some((it) => it === read || read.parent === it) &&
  read.parent?.kind !== "attribute" &&
  read.parent?.kind !== "subscript";

/** `x is None`, `not x`, `if x`, `x and …`, `isinstance(x, …)`, `hasattr(x, …)`. */
function isTested(read: Node): boolean {
  const { kind, name, call } = useOf(read);
  if (kind === "tested") return true;
  const node = wrapped(read);
  if (kind === "operand") return /^(?:boolean_operator|conditional_expression)$/.test(node.parent?.kind ?? "");
  if (kind === "compared") return /\bNone\b/.test(node.parent!.text);
  if (kind !== "argument" || !call || name !== undefined) return false;
  return /^(?:isinstance|hasattr|getattr|bool|type|callable|issubclass)$|valid|check|assert|ensure|verif|require|is_none|isna|isnull/i.test(
    asCall(call)?.callee.text ?? "",
  );
}

/** What None has too. */
const OF_NONE =
  /^__(?:class|doc|eq|ne|hash|str|repr|bool|dir|init|new|module|sizeof|reduce\w*|getattribute|setattr)__$/;

/** What texts, lists, dicts, arrays and the like have, which may be empty. */
const OF_SIZED =
  /^(?:append|extend|insert|remove|pop|popleft|appendleft|clear|copy|count|index|sort|reverse|add|discard|update|union|difference|intersection|issubset|issuperset|keys|values|items|get|setdefault|strip|lstrip|rstrip|split|rsplit|splitlines|join|replace|lower|upper|title|capitalize|casefold|startswith|endswith|removeprefix|removesuffix|find|rfind|format|encode|decode|partition|rpartition|zfill|isdigit|isalpha|isalnum|isnumeric|isupper|islower|isspace|translate|center|ljust|rjust|hex|is_integer|real|imag|numerator|bit_length|shape|size|ndim|dtype|T|empty|columns|loc|iloc|head|sum|mean|max|min|any|all|tolist|to_dict|filter|order_by|exists|all|group_by|limit|offset|paginate|tag|attrib|text|ok|status_code|json|content|total|length|len|nodes|edges|is_valid|put|qsize|total_seconds|days|seconds|read|readline|write|most_common|elements|subtract|sections|children|is_active|isActive|isNull|isEmpty|isValid)$/;

/** The use fails where it is None; with `isTruth` also where it is empty, or it is one of those that never are. */
function looksInto(read: Node, isTruth: boolean): boolean {
  const use = useOf(read);
  switch (use.kind) {
    case "attribute":
    case "attribute-store":
    case "method":
      return !OF_NONE.test(use.name ?? "") && (!isTruth || !OF_SIZED.test(use.name ?? ""));
    case "subscript": {
      if (!isTruth) return true;
      const indices = asSubscript(use.in)?.indices ?? [];
      // A slice of what is empty is empty.
      return indices.length === 1 && (textValue(indices[0]) !== undefined || /^-?\d+$/.test(indices[0]!.text));
    }
    case "subscript-store":
    case "subscript-delete":
    case "call":
    case "iterated":
    case "awaited":
      return !isTruth && use.kind !== "subscript-delete";
    case "argument":
      return (
        !isTruth && /^(?:len|iter|next|sorted|sum|enumerate|list|tuple)$/.test(asCall(use.call)?.callee.text ?? "")
      );
    default:
      return false;
  }
}

/** Nothing is learned of it. */
const isHandedOn = (read: Node): boolean => /^(?:argument|formatted|assigned|element)$/.test(useOf(read).kind);

/** `user.name` of `user`. */
const wholeUse = (read: Node): Node => {
  const use = useOf(read);
  return use.kind === "method" ? (asMethodCall(use.in)?.node.field("function") ?? use.in) : inLine(use.in, read);
};
const inLine = (node: Node, read: Node): Node => (/_statement$/.test(node.kind) ? read : node);

/** Whoever comes past the region has come by the read: no branch, loop or function is between, and no handler. */
function isAlways(read: Node, region: Node): boolean {
  for (let at = read; at !== region; at = at.parent!) {
    const around = at.parent;
    if (!around) return false;
    switch (around.kind) {
      case "if_statement":
      case "while_statement":
        if (around.field("condition") !== at) return false;
        break;
      case "for_statement":
        if (around.field("right") !== at) return false;
        break;
      case "boolean_operator":
        if (around.children[0] !== at) return false;
        break;
      case "conditional_expression":
        if (around.children[1] !== at) return false;
        break;
      case "comparison_operator":
        if (around.children.indexOf(at) > 1) return false;
        break;
      case "block":
        if (
          !asWith(around.parent) ||
          /\b(?:suppress|raises|assertRaises\w*)\b/.test(asWith(around.parent)!.node.text.slice(0, 200))
        )
          return false;
        if (statementsOf(around).some((it) => it.start < at.start && mayLeave(it))) return false;
        break;
      case "list_comprehension":
      case "set_comprehension":
      case "dictionary_comprehension":
      case "generator_expression":
        return false;
      default:
        if (ELSEWHERE.has(around.kind)) return false;
    }
  }
  return true;
}

const ELSEWHERE = new Set<string>([
  "try_statement",
  "lambda",
  "function_definition",
  "decorated_definition",
  "class_definition",
  "match_statement",
  "elif_clause",
  "else_clause",
  "assert_statement",
  "type",
]);

const mayLeave = (statement: Node): boolean =>
  statement.kind !== "expression_statement" && /\b(?:return|raise|break|continue)\b/.test(statement.text);

const LEAVES = /^(?:return|raise|continue|break)_statement$/;

/** The branch ends the way: it says what becomes of nothing. */
function leaves(body: Node): boolean {
  const last = statementsOf(body).at(-1);
  return (
    last !== undefined &&
    (LEAVES.test(last.kind) ||
      /^(?:\w+\.)*(?:abort|exit|_exit|fail|skip|stop)$/.test(asCall(last.children[0])?.callee.text ?? ""))
  );
}

/** A handler in the same function waits for just this error. */
function isSafe(node: Node, facts: Facts): boolean {
  for (let at = node.parent; at && at.kind !== "function_definition" && at.kind !== "lambda"; at = at.parent) {
    const tried = asTry(at);
    if (
      tried?.handlers.some(
        (it) => it.type && /AttributeError|TypeError|LookupError|KeyError|IndexError/.test(it.type.text),
      )
    )
      return true;
    if (asWith(at) && /\bsuppress\(/.test(at.text.slice(0, 200))) return true;
  }
  return facts.isTest;
}

/** Somebody asked before the use already, in this block or around it. */
function isTestedBefore(statement: Node, use: Node, subject: Node, facts: Facts): boolean {
  let steps = 0;
  for (let block: Node | undefined = statement; block && steps < FAR; block = outer(block)) {
    if (block !== statement) {
      const condition = block.field("condition");
      if (condition && readsIn(condition, subject, facts).some((it) => it.start < use.start && isTested(it)))
        return true;
    }
    for (let at = previousStatement(block); at && steps < FAR; at = previousStatement(at), steps++)
      if (readsIn(at, subject, facts).some(isTested)) return true;
  }
  return false;
}

/** The statement around, within the function. */
function outer(statement: Node): Node | undefined {
  let around = statement.parent;
  while (around && !/_statement$|^(?:function_definition|class_definition|module)$/.test(around.kind))
    around = around.parent;
  return around && /_statement$/.test(around.kind) ? around : undefined;
}

/** What gives an object or None. */
const GIVES_NONE =
  /(?:^|\.)(?:get|first|one_or_none|scalar_one_or_none|scalar|find_one\w*|fetchone|fetchrow|match|search|fullmatch|find|pop|lookup|(?:get|find|fetch|load)_\w+)$/;

interface Known {
  readonly evidence: Evidence;
  readonly weight: Weight;
}

/** By which evidence it may be None at the use; undefined where it cannot. */
function comesFrom(statement: Node, use: Node, { subject, isTruth, isNone }: Test, facts: Facts): Known | undefined {
  if (isTestedBefore(statement, use, subject, facts)) return undefined;
  if (readsIn(statement, subject, facts).some((it) => it.start < use.start && isTested(it))) return undefined;
  const isSubscript = useOf(use).kind === "subscript";
  // `if x is not None:` may be there for other callers, and what it guards is small.
  const weight = isNone || isTruth ? "heavy" : "unknown";
  if (subject.kind === "attribute") return isTruth && !isSubscript ? undefined : { evidence: "fair", weight };
  const sites = facts.reachingSites(use);
  if (sites.length === 0) return undefined;
  let evidence: Evidence = "strong";
  for (const site of sites) {
    if (site.kind === "parameter") {
      if (isTruth && !isSubscript) return undefined;
      if (site.value?.kind !== "none" && !/\bNone\b|Optional/.test(site.annotation?.text ?? "")) evidence = "fair";
      continue;
    }
    if ((site.kind !== "assign" && site.kind !== "annotate") || site.path.length > 0 || !site.value) return undefined;
    const value = unwrap(site.value);
    if (value.kind === "none") continue;
    const made = unwrap(value.kind === "await" ? (value.children[0] ?? value) : value);
    if (made.kind !== "call" && made.kind !== "subscript" && made.kind !== "attribute") return undefined;
    const callee = asCall(made)?.callee.text ?? "";
    const givesNone = GIVES_NONE.test(callee);
    // An object of a class, and what is known to give something, is never None.
    if (/(?:^|\.)[A-Z]\w*$/.test(callee)) return undefined;
    const type = facts.typed(value)?.type.name;
    if (made.kind === "call" && type !== undefined && !givesNone && !mayBeNone(value, facts)) return undefined;
    if (isTruth && !isSubscript && (!givesNone || (type !== undefined && type !== "re.Match"))) return undefined;
  }
  return { evidence, weight };
}
