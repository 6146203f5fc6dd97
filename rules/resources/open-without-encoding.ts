/** A text file that is opened in whatever encoding the machine has. */

import {
  isPython2,
  argumentOf,
  asMethodCall,
  defineRule,
  declined,
  excerpt,
  fixOf,
  lastName,
  textValue,
  withArgument,
  type Call,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const METHODS = ["open", "read_text", "write_text"];

export default defineRule({
  title: "Text file opened without an encoding",
  why: "Without an encoding the file is read and written in the one of the machine: UTF-8 on most, a code page on Windows before Python 3.15. The same program then fails there on the first umlaut, or writes what others cannot read.",
  guide: "data-types",
  level: "info",
  gain: "safety",
  words: METHODS,
  python: { until: "3.15" },
  overlaps: ["PLW1514"],
  unlike: "the methods of a path count too, reading is a hint, and nothing is said from Python 3.15 on",
  fixes: "review",

  examples: [
    {
      before: `
import json

def store(path: str, names: list[str]) -> None:
    with open(path, "w") as file:
        json.dump(names, file, ensure_ascii=False)
`,
      after: `
import json

def store(path: str, names: list[str]) -> None:
    with open(path, "w", encoding="utf-8") as file:
        json.dump(names, file, ensure_ascii=False)
`,
    },
  ],

  on: ["call"],

  find(node, { facts }, call) {
    const word = lastWord(call);
    if (!METHODS.includes(word) || call.hasSplat || call.keywords.has("encoding") || facts.isTest) return undefined;
    const kind = kindOf(call, word, facts);
    if (!kind || isPython2(facts)) return undefined;
    const places: Readonly<Record<typeof kind, readonly [number, number]>> = {
      open: [1, 3],
      path: [0, 2],
      read: [9, 0],
      write: [9, 1],
    };
    const [modeAt, encodingAt] = places[kind];
    if (call.args[encodingAt]) return undefined;
    const mode = argumentOf(call, "mode", modeAt);
    if (mode && (textValue(mode) === undefined || textValue(mode)!.includes("b"))) return undefined;
    // Machines write and read these in ASCII; what is known to hold other signs matters.
    return { at: call.callee, evidence: "proof", weight: holdsText(call) ? "heavy" : "light", call };
  },

  message: ({ call }) =>
    `\`${excerpt(call.callee.text, 50)}\` takes the machine's encoding, another one on Windows; say \`encoding="utf-8"\`.`,

  fix({ call }) {
    const edit = withArgument(call, 'encoding="utf-8"');
    return edit
      ? fixOf("Say that it is UTF-8", ["on Windows the file is no longer read or written in the code page"], [edit])
      : declined("there is no room for another argument");
  },
});

const lastWord = (call: Call): string => call.callee.field("attribute")?.text ?? call.callee.text;

function kindOf(call: Call, word: string, facts: Facts): "open" | "path" | "read" | "write" | undefined {
  const method = asMethodCall(call.node);
  if (!method) return word === "open" && facts.nameOf(call.callee) === "builtins.open" ? "open" : undefined;
  if (facts.nameOf(call.callee) === "io.open") return "open";
  if (!/^pathlib\./.test(facts.typeOf(method.object)?.name ?? "")) return undefined;
  return word === "open" ? "path" : word === "read_text" ? "read" : "write";
}

/** What is written there goes beyond ASCII for certain: signs in the code, and what asks for them. */
function holdsText(call: Call): boolean {
  const around = call.node.ancestor("with_statement");
  const isOpened = around !== undefined && !call.node.isInside(around.field("body")!);
  const block = isOpened ? around : call.node.parent;
  const isGiven = (it: Node) => it.isInside(call.node) && lastWord(call) === "write_text";
  if (!block) return false;
  // Not all of it: one statement may open thousands of files.
  const text = block.tree.text.slice(block.start, Math.min(block.end, block.start + 2_000));
  if (/ensure_ascii\s*=\s*False|allow_unicode\s*=\s*True/.test(text)) return true;
  if (!/[^\p{ASCII}]/u.test(text)) return false;
  // A comment, the name of the file and what is printed on the way do not get into the file.
  return block
    .descendants("string")
    .some((it) => /[^\p{ASCII}]/u.test(it.text) && (!it.isInside(call.node) || isGiven(it)) && !isPrinted(it));
}

function isPrinted(text: Node): boolean {
  const callee = text.ancestor("call")?.field("function");
  return (
    callee !== undefined &&
    /(?:^|_)(?:log|warn|(?:print|debug|info|error|exception|echo|exit)$)/i.test(lastName(callee))
  );
}
