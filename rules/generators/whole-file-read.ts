/** `f.readlines()` or `f.read().splitlines()` in memory as a whole, and then only looped over. */

import {
  asCall, asComparison, asComprehension, asFor, asMethodCall, asWith, defineRule, functionAround, intoBlock, isConstant, isConsumedAtOnce, nextStatement, openedBy, remove, removeStatement, replace, statementOf, textValue, unwrap, useOf, wrapped,
  type Edit, type Facts, type Fix, type MethodCall, type Node,
} from "../../analysis/authoring.js";

/** What takes the lines, one after the other. */
interface Reader {
  /** Runs while the lines are read: a loop or a comprehension. */
  readonly loop: Node;
  readonly target: Node;
  /** May end before the last line. */
  readonly stopsEarly: boolean;
}

export default defineRule({
  title: "Whole file read where a loop takes one line at a time",
  why: "All lines are in memory before the first one is handled. A file is its own iterator over lines and holds one at a time, so memory does not grow with the file.",
  guide: "generators",
  level: "info",
  gain: "memory",
  overlaps: ["FURB129"],
  fixes: "review",

  examples: [
    {
      before: `
def error_lines(path: str) -> list[str]:
    found = []
    with open(path, encoding="utf-8") as log:
        for line in log.readlines():
            if "ERROR" in line:
                found.append(line.rstrip())
    return found
`,
      after: `
def error_lines(path: str) -> list[str]:
    found = []
    with open(path, encoding="utf-8") as log:
        for line in log:
            if "ERROR" in line:
                found.append(line.rstrip())
    return found
`,
    },
  ],

  on: ["call"],

  find(node, { facts }) {
    const lines = asMethodCall(node, "readlines", "splitlines");
    const call = lines?.method === "splitlines" ? asMethodCall(lines.object, "read") : lines;
    if (!lines || !call || [lines, call].some((it) => it.argumentList.children.length > 0) || !isFile(call.object, facts)) return undefined;
    const name = nameOf(node, facts);
    const read = name ? facts.readsOf(name)[0]! : node;
    const reader = readerOf(read, facts);
    if (!reader || !isLeftAlone(call.object, node, reader, name !== undefined, facts)) return undefined;
    if (name && !isSameTurn(node, read, facts)) return undefined;
    return { at: call === lines ? call.methodNode : { tree: node.tree, start: call.methodNode.start, end: node.end }, node, call, reader, read, isNamed: name !== undefined };
  },

  message: ({ call }) => `\`${call.method}\` holds all lines of the file in memory, and the loop takes one at a time; loop over the file itself.`,

  fix(match, { facts }) {
    const { node, call, reader, read, isNamed } = match;
    const file = call.node.field("function")!.field("object")!;
    if (isNamed) return call.node === node ? moved(node, read, file, reader) : undefined;
    const tail = { tree: node.tree, start: file.end, end: node.end };
    if (node.comments.some((it) => it.start >= tail.start)) return undefined;
    if (call.node !== node) return ignoresLineEnds(reader, facts) ? review("splitlines also splits at form feeds and Unicode line separators", [remove(tail)]) : undefined;
    if (facts.typeOf(call.object)?.name === "file" && isCalm(reader, facts)) return { title: "Loop over the file", safety: "safe", edits: [remove(tail)] };
    const doubt = facts.nameOf(file) === "sys.stdin" ? "each line is handled as soon as it comes" : "an error in a later line comes after the first ones were handled";
    return review(doubt, [remove(tail)]);
  },
});

function review(doubt: string, edits: readonly Edit[]): Fix {
  return { title: `Loop over the file (review: ${doubt})`, safety: "review", edits };
}

function isFile(node: Node, facts: Facts): boolean {
  return FILES.has(facts.typeOf(node)?.name ?? "") || facts.nameOf(node) === "sys.stdin";
}

const FILES = new Set(["file", "binary-file", "http.client.HTTPResponse"]);

/** The local name that the lines are given, if it is set once and read once. */
function nameOf(lines: Node, facts: Facts): Node | undefined {
  const statement = statementOf(lines);
  const assignment = statement.children[0]?.kind === "assignment" ? statement.children[0] : undefined;
  const name = assignment?.field("right") === wrapped(lines) ? assignment.field("left") : undefined;
  if (name?.kind !== "identifier" || !["function", "lambda"].includes(facts.scopeOf(name).kind)) return undefined;
  return facts.writesOf(name).length === 1 && facts.readsOf(name).length === 1 && !facts.writesOf(name)[0]!.isRemote ? name : undefined;
}

function readerOf(lines: Node, facts: Facts): Reader | undefined {
  const use = useOf(lines);
  const around = use.kind === "argument" ? asCall(use.call) : undefined;
  if (around) {
    const position = AROUND[facts.nameOf(around.callee) ?? ""];
    return position !== undefined && around.args[position] === wrapped(lines) && useOf(around.node).kind === "iterated" ? readerOf(around.node, facts) : undefined;
  }
  if (use.kind !== "iterated") return undefined;
  const loop = asFor(use.in);
  if (loop) return loop.isAsync ? undefined : { loop: loop.node, target: loop.target, stopsEarly: loop.body.descendants("break_statement", "return_statement", "yield").length > 0 };
  const comprehension = asComprehension(use.in.parent);
  const clause = comprehension?.clauses.find((it) => it.iterable === wrapped(lines));
  if (!comprehension || !clause || clause.isAsync) return undefined;
  // A generator expression that is handed on would read the file when it may be closed.
  if (comprehension.kind === "generator" && !isConsumedAtOnce(comprehension.node, facts)) return undefined;
  return { loop: comprehension.node, target: clause.target, stopsEarly: /^(any|all)\b/.test(comprehension.node.parent!.text) || /^(any|all)\b/.test(comprehension.node.parent!.parent!.text) };
}

/** Functions that hand on one item at a time, and which argument they take them from. */
const AROUND: Readonly<Record<string, number>> = { "builtins.enumerate": 0, "builtins.filter": 1, "builtins.map": 1 };

/** While the lines are read, nothing else reads the file, moves in it, or writes to it. */
function isLeftAlone(file: Node, lines: Node, { loop, stopsEarly }: Reader, isNamed: boolean, facts: Facts): boolean {
  const from = isNamed ? lines.end : loop.start;
  const root = functionAround(loop)?.field("body") ?? loop.tree.root;
  const during = root.descendants("call").filter((it) => it !== lines && !lines.isInside(it) && !it.isInside(lines) && it.start >= from && it.start < loop.end);
  if (during.some((it) => mayWrite(it, file, facts))) return false;
  if (file.kind === "call") return true;
  if (file.kind !== "identifier") return !facts.runsUnknownCode(loop.field("body") ?? loop) && (loop.field("body") ?? loop).text.split(file.text).length === (lines.isInside(loop) && !loop.field("body") ? 2 : 1) && !isNamed;
  const others = facts.readsOf(file).filter((it) => it !== file);
  const home = functionAround(facts.writesOf(file)[0]?.name ?? file);
  const isBehind = (it: Node) => it.start > from || facts.loopsAround(it).some((outer) => loop.isInside(outer) && outer !== loop && !facts.writesOf(file).some((site) => site.name.isInside(outer)));
  return others.every((it) => {
    const use = useOf(it);
    if (functionAround(it) !== home || it.tree !== loop.tree || it.isInside(loop)) return false;
    const isPlain = ["method", "attribute", "iterated", "formatted"].includes(use.kind) || it.parent?.kind === "with_item" || facts.nameOf(asCall(use.call)?.callee ?? it) === "builtins.next";
    return isPlain && (!isBehind(it) || !(stopsEarly || isNamed) || use.name === "close");
  });
}
