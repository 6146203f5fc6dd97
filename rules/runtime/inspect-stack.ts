/** `inspect.stack()` where one frame is wanted, or no source lines. */

import {
  asAttribute,
  asCall,
  asFor,
  asSubscript,
  declined,
  defineRule,
  fixOf,
  importModule,
  integerOf,
  replace,
  useOf,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Whole stack asked for",
  why: "inspect.stack() and getouterframes() make a record for every frame of the stack, and for each of them look up its file and read the source lines around. One frame is at hand through sys._getframe, and without source lines (context 0) the records are made far quicker.",
  guide: "introspection",
  level: "warning",
  gain: "time",
  imports: ["inspect"],
  fixes: "safe",

  examples: [
    {
      before: `
import inspect

def caller() -> str:
    return inspect.stack()[1].function

def run(count: int) -> list[str]:
    return [caller() for _ in range(min(count, 3))]
`,
      after: `
import inspect
import sys

def caller() -> str:
    return sys._getframe(1).f_code.co_name

def run(count: int) -> list[str]:
    return [caller() for _ in range(min(count, 3))]
`,
    },
  ],

  on: ["call"],
  calls: ["inspect.stack", "inspect.getouterframes"],

  find(node, { facts }, call) {
    const name = facts.nameOf(call.callee);
    const context = call.keywords.get("context") ?? call.args[name === "inspect.stack" ? 0 : 1];
    // Without source lines there is little left to save.
    if (context !== undefined || call.hasSplat) return undefined;
    const isOwn =
      name === "inspect.stack" || facts.nameOf(asCall(call.args[0])?.callee ?? node) === "inspect.currentframe";
    const wanted = wantedOf(node, facts);
    if (!wanted || facts.fileMatches(SOURCE)) return undefined;
    const one = wanted.length === 1 ? asSubscript(wanted[0]) : undefined;
    // The frame at the far end needs the whole way to it.
    const isLast = /^-/.test(asSubscript(node.parent)?.indices[0]?.text ?? "");
    const weight = isLast ? ("light" as const) : facts.weightOf(node);
    return {
      at: call.callee,
      weight: one || weight === "light" ? weight : ("unknown" as const),
      call,
      isOwn,
      wanted,
      isOne: wanted.length > 0,
    };
  },

  message: ({ call, isOne }) =>
    isOne
      ? `\`${call.callee.text}\` looks up the file and source lines of every frame; sys._getframe gives the one that is used.`
      : `\`${call.callee.text}\` reads source lines for every frame, and nothing here uses them; with context 0 it leaves them out.`,

  fix({ call, isOwn, wanted, isOne }, file) {
    if (!isOne) {
      const text = call.args.length > 0 ? `${call.args[0]!.text}, 0` : "0";
      return fixOf(
        "Leave the source lines out",
        ["code_context and index of the records are None then"],
        [replace(call.argumentList, `(${text})`)],
      );
    }
    const [first, more] = wanted;
    const record = asSubscript(first);
    const depth = integerOf(record?.indices[0]);
    if (!first || more || record?.value !== call.node || depth === undefined || depth < 0 || !isOwn)
      return declined("the records are used in more than one place");
    const part = partOf(first);
    if (!part) return declined("the whole record is used");
    const sys = importModule(file, "sys", first);
    if (!sys) return declined("`sys` means something else here");
    return fixOf(
      "Ask for that one frame",
      [
        depth > 0 && "where the stack ends before that, ValueError is raised, not IndexError",
        part.form === ".f_code.co_filename" && "the path may be written in another way",
      ],
      [...sys.edits, replace(part.at, `${sys.name}._getframe(${depth})${part.form}`)],
    );
  },
});

interface Part {
  readonly at: Node;
  readonly form: string;
}

const SOURCE = /\bcode_context\b/;

const FORMS = new Map([
  ["0", ""],
  ["frame", ""],
  ["1", ".f_code.co_filename"],
  ["filename", ".f_code.co_filename"],
  ["2", ".f_lineno"],
  ["lineno", ".f_lineno"],
  ["3", ".f_code.co_name"],
  ["function", ".f_code.co_name"],
]);

/** What is taken out of a record, with the same of a frame. */
function partOf(record: Node): Part | undefined {
  const parent = record.parent;
  const attribute = asAttribute(parent);
  const part = asSubscript(parent);
  const name =
    attribute?.object === record ? attribute.name : part?.value === record ? part.indices[0]?.text : undefined;
  const form = name === undefined ? undefined : FORMS.get(name);
  return form === undefined || part?.indices[1] ? undefined : { at: parent!, form };
}

/** The single records that are used; none where the program goes through all of them; undefined where it is not in sight what is used. */
function wantedOf(node: Node, facts: Facts): readonly Node[] | undefined {
  const use = useOf(node);
  if (use.kind === "iterated") return isSearch(use.in) ? [] : undefined;
  if (use.kind === "subscript") {
    const index = integerOf(asSubscript(use.in)?.indices[0]);
    // The last one is the first that was there: no count from here leads to it.
    return index === undefined ? undefined : index < 0 ? [] : [use.in];
  }
  const target = use.kind === "assigned" ? use.in.field("left") : undefined;
  if (target?.kind !== "identifier") return undefined;
  const wanted: Node[] = [];
  for (const it of facts.readsSeeing(target).map(useOf)) {
    if (it.kind === "subscript" && integerOf(asSubscript(it.in)?.indices[0]) !== undefined) wanted.push(it.in);
    else if (!(it.kind === "argument" && asCall(it.call)?.callee.text === "len")) return undefined;
  }
  return wanted.length > 0 ? wanted : undefined;
}

/** A `for` or a comprehension over all frames. */
const isSearch = (loop: Node): boolean =>
  asFor(loop) !== undefined || /comprehension|for_in_clause|generator/.test(loop.kind);
