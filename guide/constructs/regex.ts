/** What hovers say of regular expressions: the functions, and the pattern at hand explained token by token. */

import {
  argumentOf,
  asBinary,
  asCall,
  callOf,
  defineConstructs,
  dottedName,
  textValue,
  unwrap,
  type Call,
  type File,
  type Node,
} from "../../analysis/authoring.js";
import { explainPattern, parsePattern } from "./parts/regex-pattern.js";

const FUNCTIONS: Readonly<Record<string, string>> = {
  match: "Matches at the start only, and may leave a rest: `match` of `\\d+` accepts `12ab`.",
  search: "Finds the first place anywhere in the text.",
  fullmatch: "Only the whole text counts: the right one for checking input.",
  findall: "Returns all places as a list at once.",
  finditer: "Gives match objects one by one, with positions and all groups.",
  sub: "Replaces every place; in the replacement `\\1` and `\\g<name>` stand for groups, and a function may compute it.",
  subn: "Like `sub`, and returns the number of replacements too.",
  split: "Cuts at every place; the texts of groups are kept in the result.",
  compile: "Makes the pattern once; its methods skip the lookup that `re.search(…)` and the others do at each call.",
  escape: "Makes text literal: for user input that becomes part of a pattern.",
};

/** The position of `flags`, for the functions that take a pattern first. */
const FLAGS_AT: Readonly<Record<string, number>> = {
  compile: 1,
  match: 2,
  search: 2,
  fullmatch: 2,
  findall: 2,
  finditer: 2,
  split: 3,
  sub: 4,
  subn: 4,
};
const METHODS = Object.keys(FUNCTIONS).filter((it) => it !== "compile" && it !== "escape");

export default defineConstructs([
  {
    name: "regex pattern",
    guide: "regex",
    at: [{ node: "string" }],
    when: (node, file) => patternCall(node, file) !== undefined,
    says: "On str, `\\d`, `\\w` and `\\s` take characters of all scripts, and `\\w` the underscore; `re.ASCII` restricts them. `$` also matches before a final newline, `\\Z` does not. Quantifiers take as much as they can; a `?` behind them as little. Repeats inside repeats, as in `(a+)+`, can take exponential time on text that fails.",
    here: patternNote,
    example: 'import re\n\nDATE = re.compile(‸r"(?P<year>\\d{4})-\\d\\d")\n',
    unlike: [
      'import re\n\nre.sub("a", ‸"b", "abc")\n',
      'def compile(text):\n    return text\n\ncompile(‸"a+")\n',
      'import re\n\nre.search("a", ‸"b")\n',
      'import re\n\nname = "a"\nre.search(‸f"{name}+", "b")\n',
    ],
  },
  {
    name: "re functions",
    guide: "regex",
    at: [{ name: Object.keys(FUNCTIONS).map((it) => `re.${it}`) }, { attribute: METHODS, of: "re.Pattern" }],
    says: "`match` tests the start, `search` looks everywhere, `fullmatch` wants the whole text; all give None where nothing fits. `findall` returns texts or groups, `finditer` match objects. Compiled patterns are kept, up to 512, so compiling in a loop costs a lookup and no more. Pass `flags=` by name: as the fourth argument of `sub` or the third of `split` it would be a count.",
    here: functionNote,
    example: "import re\n\nwords = re.‸findall(r'\\w+', 'a b')\n",
    unlike: ["import re\n\n'a b'.‸split()\n", "def compile(t): ...\n\n‸compile('a')\n"],
  },
]);

/** The call of `re` whose pattern a literal is or belongs to. */
function patternCall(
  node: Node,
  file: File,
): { readonly call: Call; readonly name: string; readonly pattern: Node } | undefined {
  let pattern = node.parent?.kind === "concatenated_string" ? node.parent : node;
  while (pattern.parent?.kind === "parenthesized_expression") pattern = pattern.parent;
  const list = pattern.parent?.kind === "keyword_argument" ? pattern.parent.parent : pattern.parent;
  const call = list?.kind === "argument_list" ? asCall(list.parent) : undefined;
  const name = call && file.facts.nameOf(call.callee);
  if (!call || !name?.startsWith("re.") || !Object.hasOwn(FLAGS_AT, name.slice(3))) return undefined;
  return argumentOf(call, "pattern", 0) === pattern && textValue(pattern) !== undefined
    ? { call, name: name.slice(3), pattern }
    : undefined;
}

function patternNote(node: Node, file: File): string | undefined {
  const { call, name, pattern } = patternCall(node, file)!;
  const flags = call.hasSplat ? undefined : flagsOf(argumentOf(call, "flags", FLAGS_AT[name]), file);
  return flags === undefined ? undefined : explainPattern(textValue(pattern)!, flags);
}

const FLAG_NAMES: Readonly<Record<string, string>> = {
  IGNORECASE: "i",
  I: "i",
  MULTILINE: "m",
  M: "m",
  DOTALL: "s",
  S: "s",
  VERBOSE: "x",
  X: "x",
  ASCII: "a",
  A: "a",
  UNICODE: "",
  U: "",
  NOFLAG: "",
  DEBUG: "",
};

/** The letters of a flags argument; undefined if it cannot be read. */
function flagsOf(node: Node | undefined, file: File): string | undefined {
  if (!node) return "";
  const inner = unwrap(node);
  if (inner.text === "0") return "";
  const joined = asBinary(inner);
  if (joined?.operator === "|") {
    const [left, right] = [flagsOf(joined.left, file), flagsOf(joined.right, file)];
    return left === undefined || right === undefined ? undefined : left + right;
  }
  const name = file.facts.nameOf(inner)?.replace(/^re\.(RegexFlag\.)?/, "");
  return name === undefined ? undefined : FLAG_NAMES[name];
}

function functionNote(node: Node, file: File): string | undefined {
  const text = node.text;
  const name = file.facts.nameOf(dottedName(node))?.slice(3) ?? text;
  const call = callOf(node);
  const isModule = file.facts.nameOf(dottedName(node)) !== undefined;
  const pattern = name === "findall" && isModule && call ? textValue(call.args[0]) : undefined;
  const flags =
    call && pattern !== undefined && !call.hasSplat
      ? flagsOf(argumentOf(call, "flags", FLAGS_AT[name]), file)
      : undefined;
  const groups = pattern !== undefined && flags !== undefined ? parsePattern(pattern, flags)?.groups : undefined;
  if (groups !== undefined)
    return groups === 0
      ? "No group in the pattern: a list of whole matches."
      : groups === 1
        ? "One group in the pattern: a list of that group's texts, not of whole matches."
        : `${groups} groups in the pattern: a list of tuples.`;
  return FUNCTIONS[name];
}
