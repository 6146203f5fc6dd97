/** A cached function whose arguments make no key: lists, dicts, sets, arrays and tables have no hash, and Streamlit leaves out what begins with an underscore. */

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
  type Weight,
} from "../../analysis/authoring.js";

const UNHASHABLE =
  /^(?:(?:typing\.)?(?:List|Dict|Set|DefaultDict)|list|dict|set|bytearray|(?:np|numpy)\.ndarray|ndarray|(?:pd|pandas)\.(?:DataFrame|Series)|DataFrame|pl\.(?:DataFrame|Series)|collections\.(?:defaultdict|Counter|OrderedDict|deque)|defaultdict|Counter|deque)\b/;

export default defineRule({
  title: "Cached function whose arguments make no key",
  why: "The cache looks up results by the hash of the arguments. Lists, dicts, sets, arrays and data frames have none: functools raises TypeError for them. Streamlit leaves out an argument whose name begins with an underscore, so calls that differ in it alone share one result. Take a tuple or a key instead.",
  guide: "caching",
  level: "warning",
  gain: "safety",
  imports: ["functools", "streamlit"],

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
    if (!def || !cache || !cache.decorator.isInside(node)) return undefined;
    if (cache.kind === "streamlit") return leftOut(def, cache.callee, facts);
    if (cache.kind !== "functools") return undefined;
    if (
      def.decorators.length > 1 &&
      def.decorators.some((it) => !/cache|staticmethod|classmethod|property/.test(it.text))
    )
      return undefined;
    const found = annotated(def) ?? passed(def, facts);
    return (
      found && {
        at: found.isCall ? cache.callee : found.at,
        evidence: found.evidence,
        weight: "heavy",
        def,
        found,
        attribute: undefined,
      }
    );
  },

  message: ({ def, found, attribute }) =>
    attribute !== undefined
      ? `The key of \`${excerpt(def.name, 40)}\` leaves out \`${def.parameters[0]!.name}\`: two objects that differ in \`${excerpt(attribute, 30)}\` get the same result.`
      : found.isCall
        ? `\`${def.name}\` is cached and called with \`${excerpt(found.at.text.replace(/\s+/g, " "), 40)}\`, which cannot be hashed: the call raises TypeError.`
        : `\`${def.name}\` is cached, and \`${excerpt(found.at.text.replace(/\s+/g, " "), 40)}\` cannot be hashed: a call with one raises TypeError.`,
});

interface Found {
  readonly at: Node;
  readonly evidence: Evidence;
  readonly isCall: boolean;
}

interface Unkeyed {
  readonly at: Node;
  readonly evidence: Evidence;
  readonly weight: Weight;
  readonly def: FunctionDef;
  readonly found: Found;
  readonly attribute: string | undefined;
}

/** They reach the same things, whichever of them is asked. */
const REACHES =
  /conn|(?:client|session|engine|logger|log|pool|api|auth|credentials|secrets|token|key|db|database|cursor|bucket|cache|lock|debug|verbose|timeout)$/i;

/** A method whose object is no part of the key, and what it reads of its object although each is made with its own. */
function leftOut(def: FunctionDef, at: Node, facts: Facts): Unkeyed | undefined {
  const [own] = def.parameters;
  const info = own?.name.startsWith("_") ? facts.classOf(def.node) : undefined;
  const init = info?.methodNamed("__init__")?.def;
  if (!own || !init || def.decorators.some((it) => /static|classmethod/.test(it.text))) return undefined;
  const given = new Set(init.parameters.slice(1).map((it) => it.name));
  const body = facts.bodyOf(init);
  const attribute = def.body
    .descendants("attribute")
    .filter((it) => it.field("object")?.text === own.name && it.parent?.kind !== "call")
    .map((it) => it.field("attribute")!.text)
    .find(
      (name) =>
        !REACHES.test(name) &&
        body.descendants("assignment").some((it) => {
          const value = it.field("right");
          return it.field("left")?.text.endsWith(`.${name}`) && value?.kind === "identifier" && given.has(value.text);
        }),
    );
  if (attribute === undefined) return undefined;
  const found: Found = { at, evidence: "strong", isCall: false };
  return { at, evidence: "strong", weight: "unknown", def, found, attribute };
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
