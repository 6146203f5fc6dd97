/** `re.sub(pattern, new, text, re.I)`: a flag stands where a count is meant. */

import {
  asBinary,
  asMethodCall,
  defineRule,
  declined,
  excerpt,
  fixOf,
  hasComments,
  insertBefore,
  unwrap,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** At which place each function takes a count. */
const FUNCTIONS = new Map([
  ["re.sub", 3],
  ["re.subn", 3],
  ["re.split", 2],
  ["regex.sub", 3],
  ["regex.subn", 3],
  ["regex.split", 2],
]);
/** The same of the methods of a compiled pattern, and where the others begin to search. */
const METHODS = new Map([
  ["sub", { place: 2, meaning: "count" }],
  ["subn", { place: 2, meaning: "count" }],
  ["split", { place: 1, meaning: "count" }],
  ["search", { place: 1, meaning: "place to begin at" }],
  ["match", { place: 1, meaning: "place to begin at" }],
  ["fullmatch", { place: 1, meaning: "place to begin at" }],
  ["findall", { place: 1, meaning: "place to begin at" }],
  ["finditer", { place: 1, meaning: "place to begin at" }],
]);
const FLAG =
  /^(?:re|regex)\.(?:RegexFlag\.)?(?:A|ASCII|I|IGNORECASE|L|LOCALE|M|MULTILINE|S|DOTALL|U|UNICODE|X|VERBOSE|NOFLAG|T|TEMPLATE)$/;

export default defineRule({
  title: "Regex flag given as a count",
  why: "Behind the text these functions take a number: how often to replace or split, or where to begin. A flag is a number too, so that it counts as one there, is no flag, and nothing says so.",
  guide: "code-level",
  level: "error",
  gain: "safety",
  imports: ["re", "regex"],
  overlaps: ["B034"],
  unlike: "only flags count, methods of compiled patterns too; numbers by position are left alone",
  fixes: "review",

  examples: [
    {
      before: `
import re

def without_breaks(text: str) -> str:
    return re.sub(r"<br */?>", " ", text, re.IGNORECASE)
`,
      after: `
import re

def without_breaks(text: str) -> str:
    return re.sub(r"<br */?>", " ", text, flags=re.IGNORECASE)
`,
    },
  ],

  on: ["call"],
  calls: [...FUNCTIONS.keys()],
  methods: [...METHODS.keys()],

  find(node, { facts }, call) {
    const name = facts.nameOf(call.callee);
    const place = FUNCTIONS.get(name ?? "");
    const method = place === undefined ? asMethodCall(node, ...METHODS.keys()) : undefined;
    const own = method && METHODS.get(method.method);
    const at = call.args[place ?? own?.place ?? -1] ?? call.keywords.get("count") ?? call.keywords.get("maxsplit");
    if (!at || call.hasSplat || !isFlags(at, facts)) return undefined;
    return { at, construct: node, call, meaning: own?.meaning ?? "count", isMethod: method !== undefined };
  },

  message: ({ at, meaning }) =>
    `\`${excerpt(at.text, 40)}\` stands where a ${meaning} is meant, so that it is no flag here.`,

  fix({ at, call, isMethod }) {
    if (isMethod) return declined("a compiled pattern takes its flags where it is compiled");
    if (call.keywords.has("flags")) return declined("the call has flags already");
    if (at.parent?.kind === "keyword_argument") return declined("say what the count is to be");
    if (hasComments(call.node) || call.args.at(-1) !== at) return declined("more arguments follow");
    return fixOf(
      "Give it as flags",
      ["the flags take effect, and all places are replaced"],
      [insertBefore(at, "flags=")],
    );
  },
});

/** `re.I`, `re.M | re.S`, and names that stand for one. */
function isFlags(value: Node, facts: Facts, depth = 4): boolean {
  const node = unwrap(value);
  if (depth === 0) return false;
  const either = asBinary(node);
  if (either) return either.operator === "|" && [either.left, either.right].some((it) => isFlags(it, facts, depth - 1));
  if (FLAG.test(facts.nameOf(node) ?? "")) return true;
  const given = node.kind === "identifier" ? facts.valueOf(node) : undefined;
  return given !== undefined && isFlags(given, facts, depth - 1);
}
