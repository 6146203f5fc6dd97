/** `tempfile.mkdtemp()` whose folder is removed by hand, or never. */

import {
  asCall,
  callsUnder,
  asMethodCall,
  asTry,
  declined,
  defineRule,
  excerpt,
  expressionOf,
  fixOf,
  functionAround,
  hasComments,
  importName,
  indentLines,
  indentUnit,
  nameGiven,
  onlyStatement,
  removeStatement,
  replace,
  startsLine,
  unwrap,
  type Declined,
  type File,
  type Fix,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Temporary folder removed by hand",
  why: "mkdtemp leaves it to the program to remove the folder, and an exception on the way leaves it on the disk for ever. TemporaryDirectory in a with block removes it however the block ends.",
  guide: "context-managers",
  level: "info",
  gain: "safety",
  words: ["mkdtemp"],
  fixes: "review",

  examples: [
    {
      before: `
import shutil
import tempfile

def size(write) -> int:
    folder = tempfile.mkdtemp()
    count = write(folder)
    shutil.rmtree(folder)
    return count
`,
      after: `
import shutil
import tempfile

def size(write) -> int:
    with tempfile.TemporaryDirectory() as folder:
        count = write(folder)
    return count
`,
    },
  ],

  on: ["call"],
  calls: ["tempfile.mkdtemp"],

  find(node, { facts }, call) {
    if (facts.isTest) return undefined;
    const given = givenTo(node);
    const def = functionAround(node);
    const body = def?.field("body");
    if (!given || !body || facts.writesOf(given).length !== 1) return undefined;
    const removals = body
      .descendants("call")
      .filter(
        (it) =>
          /(?:^|\.)(?:rmtree|cleanup\w*|remove_tree|rmdir|removedirs)$/.test(asCall(it)?.callee.text ?? "") &&
          mentions(it, given.text),
      );
    // Its path goes on to somebody else, who may remove it.
    const carriers = [given.text, ...pathsBelow(given.text, body)];
    const isKept =
      facts.usesOf(given).some((use) => KEEPS.test(use.kind)) ||
      body.descendants("return_statement", "yield").some((it) => carriers.some((name) => gives(it, name)));
    if (/\batexit\b|weakref\.finalize|addCleanup|\.callback\(|webbrowser|Popen/.test(body.text)) return undefined;
    if (removals.length === 0) {
      if (isKept || isHandedOn(given, body)) return undefined;
      return { at: call.callee, evidence: "strong", weight: "heavy", call, name: given, removal: undefined };
    }
    const [removal] = removals;
    if (isKept || removals.length > 1 || isOnFailureAlone(removal!)) return undefined;
    return {
      at: call.callee,
      evidence: "proof",
      weight: isInFinally(removal!) ? "light" : "heavy",
      call,
      name: given,
      removal,
    };
  },

  message: ({ name, removal }) =>
    removal === undefined
      ? `Nothing removes \`${excerpt(name.text, 40)}\`; \`with tempfile.TemporaryDirectory()\` removes the folder when it is done with.`
      : isInFinally(removal)
        ? `\`with tempfile.TemporaryDirectory()\` removes \`${excerpt(name.text, 40)}\` by itself, without \`try\` and \`finally\`.`
        : `An exception before \`${excerpt(removal.text, 40)}\` leaves the folder on the disk; \`with tempfile.TemporaryDirectory()\` removes it.`,

  fix: ({ call, name, removal }, file) => inWith(call.node, name, removal, file),
});

const KEEPS = /^(?:returned|yielded|stored|captured)$/;

/** `folder = mkdtemp()` and `folder = Path(mkdtemp())`. */
function givenTo(node: Node): Node | undefined {
  const list = node.parent;
  const outer = list?.kind === "argument_list" && list.children.length === 1 ? list.parent : undefined;
  return (
    nameGiven(node) ?? (outer && /(?:^|\.)Path$/.test(asCall(outer)?.callee.text ?? "") ? nameGiven(outer) : undefined)
  );
}

const mentions = (node: Node, name: string): boolean =>
  node.descendants("identifier").some((it) => it.text === name && it.fieldName !== "attribute");

/** The names of paths that are put together of the folder's, and of the lists they are put into. */
function pathsBelow(folder: string, body: Node): ReadonlySet<string> {
  const found = new Set<string>();
  const isBelow = (it: Node) =>
    it.descendants("identifier").some((part) => part.text === folder || found.has(part.text)) &&
    (/^(?:string|binary_operator)$/.test(it.kind) || /(?:^|\.)(?:join|Path)$/.test(asCall(it)?.callee.text ?? ""));
  for (const it of body.descendants("assignment", "call")) {
    const [left, right] = [it.field("left"), it.field("right")];
    if (left?.kind === "identifier" && right && isBelow(unwrap(right))) found.add(left.text);
    const added = asMethodCall(it, "append", "add");
    const [item] = added?.args ?? [];
    if (added?.object.kind === "identifier" && item && (found.has(item.text) || isBelow(unwrap(item))))
      found.add(added.object.text);
  }
  return found;
}

/** The path itself goes out, alone, in a tuple or as a part of another path. */
const gives = (node: Node, name: string): boolean =>
  node
    .descendants("identifier")
    .some((it) => it.text === name && it.fieldName !== "attribute" && it.ancestor("call")?.isInside(node) !== true);

const isInFinally = (removal: Node): boolean => removal.ancestor("finally_clause") !== undefined;

/** A handler removes it and lets the error go on: where nothing fails, the folder is what is wanted. */
function isOnFailureAlone(removal: Node): boolean {
  const handler = removal.ancestor("except_clause");
  return handler !== undefined && handler.descendants("raise_statement").length > 0;
}

/** An attribute, an item or another name takes the path over. */
const isHandedOn = (name: Node, body: Node): boolean =>
  body
    .descendants("assignment")
    .some(
      (it) =>
        it.field("left")?.kind !== "identifier" &&
        it.field("right") !== undefined &&
        mentions(it.field("right")!, name.text),
    ) ||
  callsUnder(body).some(
    ({ node, callee }) =>
      /^[A-Z]|\.[A-Z]/.test(callee.text) && callee.text !== "Path" && mentions(node.field("arguments")!, name.text),
  ) ||
  body.descendants("keyword_argument").some((it) => mentions(it, name.text));

function inWith(node: Node, name: Node, removal: Node | undefined, file: File): Fix | Declined {
  const assignment = node.parent?.kind === "assignment" ? node.parent : undefined;
  const statement = assignment?.parent;
  if (!assignment || !statement) return declined("the path is made into something else");
  if (!removal) return declined("where the folder is last needed is not certain");
  const last = removal.parent!;
  const isPlain =
    expressionOf(last) === removal &&
    asMethodCall(removal)?.args.length === 1 &&
    asMethodCall(removal)!.keywords.size === 0;
  if (!isPlain || last.parent !== statement.parent) return declined("it is not removed at the end of the same block");
  const block = statement.parent!.children;
  const between = block.slice(block.indexOf(statement) + 1, block.indexOf(last));
  if (between.length === 0 || ![statement, ...between, last].every(startsLine))
    return declined("nothing stands between the two");
  if (hasComments(assignment) || asTry(between.at(-1)) || onlyStatement(statement.parent!))
    return declined("there is a `try` in between");
  const later = file.facts.readsOf(name).some((it) => it.start > last.end);
  const leaves = between.some((it) => it.descendants("return_statement").length > 0);
  if (later || leaves) return declined(later ? "the path is used again" : "a return in between keeps the folder");
  const made = importName(file, "tempfile", "TemporaryDirectory", node);
  const gone = removeStatement(last);
  if (!made || !gone) return declined("a comment would be lost");
  const callee = asCall(node)!.callee;
  const { tree } = statement;
  return fixOf(
    "Use TemporaryDirectory()",
    ["the folder is now removed after an exception too"],
    [
      ...made.edits,
      replace({ tree, start: assignment.start, end: callee.end }, `with ${made.name}`),
      replace({ tree, start: assignment.end, end: assignment.end }, ` as ${name.text}:`),
      ...indentLines({ tree, start: between[0]!.start, end: between.at(-1)!.end }, indentUnit(statement, file.facts)),
      gone,
    ],
  );
}
