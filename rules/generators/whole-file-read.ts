/** `f.readlines()` or `f.read().splitlines()` in memory as a whole, and then only looped over. */

import {
  asAssignment,
  asCall,
  asComparison,
  asComprehension,
  asFor,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  fixOf,
  functionAround,
  isConstant,
  isConsumedAtOnce,
  isLeftAlone,
  nextStatement,
  remove,
  removeStatement,
  replace,
  statementOf,
  textValue,
  unwrap,
  useOf,
  wrapped,
  type Declined,
  type Edit,
  type Facts,
  type Fix,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

/** What takes the lines, one after the other. */
interface Reader {
  /** A `for` loop or a comprehension. */
  readonly loop: Node;
  readonly target: Node;
  readonly stopsEarly: boolean;
  readonly isDirect: boolean;
}

export default defineRule({
  title: "Whole file read into memory for a loop over its lines",
  why: "All lines are in memory before the first one is handled. A file object iterates over its own lines and holds one at a time, so memory use does not grow with the file.",
  guide: "generators",
  level: "hint",
  gain: "memory",
  overlaps: ["FURB129"],
  unlike: "`read().splitlines()` and lines with a name count too, and a file that the loop itself reads is left alone",
  fixes: "safe",

  examples: [
    {
      before: `
def print_errors(path: str) -> None:
    with open(path, encoding="utf-8") as log:
        for line in log.readlines():
            if "ERROR" in line:
                print(line.rstrip())
`,
      after: `
def print_errors(path: str) -> None:
    with open(path, encoding="utf-8") as log:
        for line in log:
            if "ERROR" in line:
                print(line.rstrip())
`,
    },
  ],

  on: ["call"],
  methods: ["readlines", "splitlines"],
  words: ["readlines", "splitlines"],

  find(node, { facts }) {
    const lines = asMethodCall(node, "readlines", "splitlines");
    const call = lines?.method === "splitlines" ? asMethodCall(lines.object, "read") : lines;
    if (
      !lines ||
      !call ||
      facts.isTest ||
      [lines, call].some((it) => it.argumentList.children.length > 0) ||
      !isFile(call.object, facts)
    )
      return undefined;
    const asked = lines.method === "readlines" ? askedFor(node, facts) : undefined;
    // The first lines of some file of settings.
    if (asked === "some" && weightHere(node, facts) === "light") return undefined;
    if (asked)
      return { at: call.methodNode, weight: weightHere(node, facts), node, call, asked, reader: undefined, read: node };
    const name = localName(node, facts);
    const read = name ? facts.readsOf(name)[0]! : node;
    const reader = readerOf(read, facts);
    if (!reader || (name && !isSameTurn(node, read, facts))) return undefined;
    if (call !== lines && (read !== node || !ignoresLineEnds(reader, facts))) return undefined;
    const { loop, stopsEarly } = reader;
    if (!isLeftAlone({ file: call.object, lines: node, loop, stopsEarly, isLater: name !== undefined }, facts))
      return undefined;
    return {
      at: call === lines ? call.methodNode : { tree: node.tree, start: call.methodNode.start, end: node.end },
      weight: weightHere(node, facts),
      node,
      call,
      asked: undefined,
      reader,
      read,
    };
  },

  message: ({ call, asked, weight }) => {
    const whole = `\`${call.callee.text}()\` reads the whole file into memory`;
    if (asked === "count") return `${whole} to count its lines; \`sum(1 for _ in file)\` counts them one at a time.`;
    if (asked === "some") return `${whole} to keep a few of its lines; itertools.islice() stops after them.`;
    return `${whole} for a loop that takes one line at a time; loop over the file itself${weight === "heavy" ? "" : " where it may be long"}.`;
  },

  fix({ node, call, asked, reader, read }, { facts }) {
    const file = call.node.field("function")!.field("object")!;
    if (asked === "some") return declined("the file would not be read to its end");
    if (!reader) return counted(node, file, facts);
    const tail = { tree: node.tree, start: file.end, end: node.end };
    if (node.comments.some((it) => it.start >= tail.start)) return declined("a comment would be lost");
    if (call.node !== node)
      return review(
        "splitlines also splits at form feeds and Unicode line separators, and bytes at a carriage return",
        [remove(tail)],
      );
    if (read !== node) {
      const line = file.comments.length === 0 ? removeStatement(statementOf(node)) : undefined;
      return line
        ? review(LATE, [line, replace(read, file.text)])
        : declined("a comment would be lost, or the line holds more than the read");
    }
    if (facts.nameOf(file) === "sys.stdin") return review("each line is handled as soon as it arrives", [remove(tail)]);
    if (facts.typeOf(file)?.name === "file" && cannotEndEarly(reader, facts))
      return { title: "Loop over the file", doubts: [], edits: [remove(tail)] };
    return review(LATE, [remove(tail)]);
  },
});

/** How long the file is, nobody can tell from the code. */
const weightHere = (node: Node, facts: Facts): Weight => (facts.weightOf(node) === "light" ? "light" : "unknown");

/** `len(f.readlines())`, `f.readlines()[0]`, `f.readlines()[:10]`. */
function askedFor(lines: Node, facts: Facts): "count" | "some" | undefined {
  const use = useOf(lines);
  if (use.kind === "argument" && facts.nameOf(asCall(use.call)!.callee) === "builtins.len") return "count";
  const [index, more] = use.kind === "subscript" ? (asSubscript(use.in)?.indices ?? []) : [];
  if (!index || more) return undefined;
  return /^(\d+|(\d+)?:\d+)$/.test(index.text) ? "some" : undefined;
}

function counted(lines: Node, file: Node, facts: Facts): Fix | Declined {
  const call = useOf(lines).call!;
  if (!facts.isBuiltin("sum", lines)) return declined("the name `sum` means something else");
  if (call.comments.length > 0) return declined("a comment would be lost");
  return fixOf(
    "Count the lines",
    [facts.typeOf(file)?.name !== "file" && LATE],
    [replace(call, `sum(1 for _ in ${file.text})`)],
  );
}

const LATE = "an error in a later line is raised after the first lines were handled";

function review(doubt: string, edits: readonly Edit[]): Fix {
  return { title: "Loop over the file", doubts: [doubt], edits };
}

function isFile(node: Node, facts: Facts): boolean {
  return FILES.has(facts.typeOf(node)?.name ?? "") || facts.nameOf(node) === "sys.stdin";
}

const FILES = new Set(["file", "binary-file", "http.client.HTTPResponse"]);

/** The local name that the lines are given, if it is set once and read once. */
function localName(lines: Node, facts: Facts): Node | undefined {
  const assignment = useOf(lines).kind === "assigned" ? asAssignment(statementOf(lines)) : undefined;
  const [name, more] = assignment?.targets ?? [];
  if (
    name?.kind !== "identifier" ||
    more ||
    unwrap(assignment!.value!) !== lines ||
    facts.scopeOf(name).kind !== "function"
  )
    return undefined;
  const sites = facts.writesOf(name);
  return sites.length === 1 && !sites[0]!.isRemote && facts.readsOf(name).length === 1 ? name : undefined;
}

/** The name is read once for each time it is set, by the next statement: whoever closes the file in between means to. */
function isSameTurn(lines: Node, read: Node, facts: Facts): boolean {
  const [outer, inner] = [facts.loopsAround(lines), facts.loopsAround(read)];
  const isNext =
    nextStatement(statementOf(lines)) === statementOf(read) && functionAround(lines) === functionAround(read);
  return isNext && outer.length === inner.length && outer.every((it, index) => it === inner[index]);
}

function readerOf(lines: Node, facts: Facts, isDirect = true): Reader | undefined {
  const use = useOf(lines);
  const around = use.kind === "argument" ? asCall(use.call) : undefined;
  if (around) {
    const position = PASSES_ON[facts.nameOf(around.callee) ?? ""];
    return position !== undefined && around.args[position] === wrapped(lines) && useOf(around.node).kind === "iterated"
      ? readerOf(around.node, facts, false)
      : undefined;
  }
  const loop = asFor(use.in);
  if (use.kind !== "iterated" || loop?.isAsync) return undefined;
  if (loop) {
    const leaves =
      loop.body.descendants("break_statement", "return_statement").length > 0 ||
      loop.node.ancestor("try_statement") !== undefined;
    return { loop: loop.node, target: loop.target, stopsEarly: leaves, isDirect };
  }
  const comprehension = asComprehension(use.in.parent);
  const target = use.in.field("left");
  // A generator expression that is handed on would read the file when it may be closed.
  if (
    !comprehension ||
    !target ||
    use.in.hasToken("async") ||
    (comprehension.kind === "generator" && !isConsumedAtOnce(comprehension.node, facts))
  )
    return undefined;
  const consumer =
    comprehension.node.parent?.kind === "argument_list" ? comprehension.node.parent.parent : comprehension.node.parent;
  return {
    loop: comprehension.node,
    target,
    stopsEarly: comprehension.kind === "generator" && /^(any|all)\b/.test(consumer!.text),
    isDirect,
  };
}

/** Functions that hand items on one by one, and which argument they take them from. */
const PASSES_ON: Readonly<Record<string, number>> = {
  "builtins.enumerate": 0,
  "builtins.filter": 1,
  "builtins.map": 1,
};

/** Each read of the line is of a kind that white space at its end does not change. */
function ignoresLineEnds({ loop, target, isDirect }: Reader, facts: Facts): boolean {
  const reads = target.kind === "identifier" && isDirect ? facts.readsOf(target) : [];
  return (
    reads.length > 0 &&
    facts.writesOf(target).length === 1 &&
    reads.every((it) => {
      const use = useOf(it);
      const call = asCall(use.call);
      if (!call || !it.isInside(loop)) return false;
      return use.kind === "method"
        ? TRIMS.has(use.name ?? "") && call.args.length + call.keywords.size === 0
        : use.kind === "argument" && call.args[0] === it && TRIMMERS.has(facts.nameOf(call.callee) ?? "");
    })
  );
}

const TRIMS = new Set(["strip", "rstrip", "split"]);
const TRIMMERS = new Set(["builtins.int", "builtins.float", "json.loads"]);

/** A comprehension that can neither fail nor stop before the last line: when lines are read makes no difference to it. */
function cannotEndEarly({ loop, target, stopsEarly, isDirect }: Reader, facts: Facts): boolean {
  const comprehension = asComprehension(loop);
  if (!comprehension || comprehension.clauses.length > 1 || target.kind !== "identifier" || !isDirect || stopsEarly)
    return false;
  const cannotFail = (expression: Node): boolean => {
    const node = unwrap(expression);
    if (isConstant(node) || (node.kind === "identifier" && node.text === target.text)) return true;
    if (node.kind === "boolean_operator" || node.kind === "not_operator") return node.children.every(cannotFail);
    const test = asComparison(node);
    if (test)
      return ["==", "!="].includes(test.operator)
        ? [test.left, test.right].every(cannotFail)
        : test.operator.endsWith("in") && textValue(test.left) !== undefined && isText(test.right);
    const call = asCall(node);
    return (
      call !== undefined &&
      (isText(node) ||
        (facts.nameOf(call.callee) === "builtins.len" && call.args.length === 1 && isText(call.args[0]!)) ||
        isMethod(node, QUESTIONS))
    );
  };
  const isText = (node: Node): boolean =>
    (node.kind === "identifier" && node.text === target.text) || isMethod(node, TEXT_METHODS);
  const isMethod = (node: Node, methods: ReadonlySet<string>): boolean => {
    const call = asMethodCall(node);
    return (
      call !== undefined &&
      methods.has(call.method) &&
      isText(call.object) &&
      !call.hasSplat &&
      call.keywords.size === 0 &&
      call.args.length < 2 &&
      call.args.every((it) => (textValue(it) ?? "") !== "")
    );
  };
  return [comprehension.element, ...comprehension.conditions].every(cannotFail);
}

const TEXT_METHODS = new Set(["strip", "rstrip", "lstrip", "lower", "upper", "casefold", "title"]);
const QUESTIONS = new Set(["startswith", "endswith", "isdigit", "isspace", "isalpha", "split", "partition"]);
