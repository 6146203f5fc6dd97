/** A cached function that takes lists, dicts, sets, arrays or tables: none of them can be a key. */

import {
  asCall,
  asFunction,
  cacheDecorator,
  defineRule,
  excerpt,
  useOf,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

const UNHASHABLE =
  /^(?:(?:typing\.)?(?:List|Dict|Set|DefaultDict)|list|dict|set|bytearray|(?:np|numpy)\.ndarray|ndarray|(?:pd|pandas)\.(?:DataFrame|Series)|DataFrame|pl\.(?:DataFrame|Series)|collections\.(?:defaultdict|Counter|OrderedDict|deque)|defaultdict|Counter|deque)\b/;

export default defineRule({
  title: "Cached function that takes what cannot be hashed",
  why: "The cache looks up results by the hash of the arguments. Lists, dicts, sets, arrays and data frames have none, so a call with one raises TypeError. Take a tuple or a key instead, or keep the results in another way.",
  guide: "caching",
  level: "warning",
  differs: { unknown: "kept" },
  gain: "safety",
  imports: ["functools"],

  examples: [
    {
      before: `
import functools

@functools.lru_cache(maxsize=100)
def total(prices: list[float]) -> float:
    return sum(prices)
`,
      after: `
import functools

@functools.lru_cache(maxsize=100)
def total(prices: tuple[float, ...]) -> float:
    return sum(prices)
`,
    },
  ],

  on: ["decorator"],

  find(node, { facts }) {
    const def = asFunction(node.parent);
    const cache = def && cacheDecorator(def, facts);
    if (!def || cache?.kind !== "functools" || !cache.decorator.isInside(node)) return undefined;
    if (
      def.decorators.length > 1 &&
      def.decorators.some((it) => !/cache|staticmethod|classmethod|property/.test(it.text))
    )
      return undefined;
    const found = annotated(def) ?? passed(def, facts);
    return (
      found && { at: found.isCall ? cache.callee : found.at, evidence: found.evidence, weight: "heavy", def, found }
    );
  },

  message: ({ def, found }) =>
    found.isCall
      ? `\`${def.name}\` is cached and called with \`${excerpt(found.at.text.replace(/\s+/g, " "), 40)}\`, which cannot be hashed: the call raises TypeError.`
      : `\`${def.name}\` is cached, and \`${excerpt(found.at.text.replace(/\s+/g, " "), 40)}\` cannot be hashed: a call with one raises TypeError.`,
});

interface Found {
  readonly at: Node;
  readonly evidence: Evidence;
  readonly isCall: boolean;
}

/** A parameter that is declared as one, and as nothing else beside it. */
function annotated({ parameters }: FunctionDef): Found | undefined {
  for (const { annotation, node } of parameters) {
    if (!annotation || /^\*/.test(node.text)) continue;
    const options = annotation.text
      .replace(/^["']|["']$/g, "")
      .replace(/^(?:typing\.)?Optional\[(.*)\]$/s, "$1")
      .split("|")
      .map((it) => it.trim())
      .filter((it) => it !== "None");
    if (options.length > 0 && options.every((it) => UNHASHABLE.test(it)))
      return { at: annotation, evidence: "strong", isCall: false };
  }
  return undefined;
}

const WRITTEN = new Set([
  "list",
  "dictionary",
  "set",
  "list_comprehension",
  "set_comprehension",
  "dictionary_comprehension",
]);

function passed(def: FunctionDef, facts: Facts): Found | undefined {
  for (const read of facts.readsOf(def.nameNode)) {
    const use = useOf(read);
    const call = use.kind === "call" ? asCall(use.call ?? use.in) : undefined;
    if (!call) continue;
    const given = [...call.args, ...call.keywords.values()].find((it) => WRITTEN.has(it.kind));
    if (given) return { at: given, evidence: "proof", isCall: true };
  }
  return undefined;
}
