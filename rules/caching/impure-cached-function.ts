/** A cached function whose result hangs on more than its arguments: the clock, a random number, a global that changes. */

import {
  asCall,
  asFunction,
  cacheDecorator,
  defineRule,
  functionAround,
  statementOf,
  useOf,
  type CacheDecorator,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

const CLOCK =
  /^(?:time\.(?:time|time_ns|localtime|gmtime|ctime|strftime)|datetime\.datetime\.(?:now|utcnow|today)|datetime\.date\.today)$/;
const RANDOM =
  /^(?:random\.(?:random|randint|randrange|choice|choices|sample|shuffle|uniform|gauss|normalvariate|betavariate)|numpy\.random\.(?:rand|randn|randint|random|choice|normal|uniform|permutation|shuffle|random_sample)|uuid\.uuid[14]|secrets\.\w+|torch\.(?:rand|randn|randint|randperm))$/;

export default defineRule({
  title: "Cached function that hangs on more than its arguments",
  why: "The cache answers by the arguments alone. What the clock, a random number or a changing global gave at the first call is given again at all later ones. Pass it as an argument, or do not cache this part.",
  guide: "caching",
  level: "warning",
  differs: { unknown: "kept", light: "kept" },
  gain: "safety",
  imports: ["functools"],
  overrides: ["numpy/legacy-random"],

  examples: [
    {
      before: `
import functools
import time

@functools.lru_cache(maxsize=100)
def age_of(born: float) -> float:
    return time.time() - born
`,
      after: `
import functools
import time

def age_of(born: float) -> float:
    return time.time() - born
`,
    },
  ],

  on: ["decorator"],

  find(node, { facts }) {
    const def = asFunction(node.parent);
    const cache = def && !facts.isTest ? cacheDecorator(def, facts) : undefined;
    if (!def || !cache || cache.kind !== "functools" || !cache.decorator.isInside(node)) return undefined;
    const found = impureIn(def, cache, facts);
    return found && { at: found.at, evidence: found.evidence, weight: "heavy", def, found };
  },

  message: ({ def, found: { at, what } }) =>
    what === "global"
      ? `\`${def.name}\` is cached, and \`${at.text}\` is given other values elsewhere: later calls do not see them.`
      : `\`${def.name}\` is cached: what \`${at.text}()\` gives at its first call is given again at all later ones.`,
});

interface Impure {
  readonly at: Node;
  readonly what: "clock" | "random" | "global";
  readonly evidence: Evidence;
}

function impureIn(def: FunctionDef, { expires }: CacheDecorator, facts: Facts): Impure | undefined {
  const own = def.parameters.filter((it) => !/^(?:self|cls)$/.test(it.name ?? ""));
  for (const it of def.body.descendants("call")) {
    if (functionAround(it) !== def.node) continue;
    const call = asCall(it);
    if (!call) continue;
    const name = facts.nameOf(call.callee) ?? "";
    const what = CLOCK.test(name) ? "clock" : RANDOM.test(name) ? "random" : undefined;
    // Without an argument it is kept on purpose: the time of the start, the number of this process.
    if (!what || expires || own.length === 0) continue;
    if (what === "clock" && (isForShow(it) || (call.args.length > 0 && !/now$/.test(name)))) continue;
    return { at: call.callee, what, evidence: "strong" };
  }
  for (const it of def.body.descendants("identifier")) {
    if (it.fieldName === "attribute" || !facts.isRemote(it) || functionAround(it) !== def.node) continue;
    const binding = facts.bindingOf(it);
    if (binding?.scope.kind !== "module" || facts.writesOf(it, def.node).length > 0 || useOf(it).kind === "call")
      continue;
    // Whoever sets it empties the cache: that is how it is meant.
    if (facts.readsOf(def.nameNode).some(isCleared)) return undefined;
    // Set once from nothing, when it is first wanted.
    if (facts.isSetToNone(it)) continue;
    return { at: it, what: "global", evidence: "strong" };
  }
  return undefined;
}

/** `lookup` of `lookup.cache_clear()`. */
const isCleared = (read: Node): boolean =>
  read.parent?.kind === "attribute" && read.parent.field("attribute")?.text === "cache_clear";

/** How long something took, or a line of a log. */
function isForShow(call: Node): boolean {
  const statement = statementOf(call);
  return (
    /^(?:t\d?|start\w*|begin\w*|tic|t_\w+|began|now0|_?t0|end\w*|elapsed\w*|duration\w*)\s*=/.test(statement.text) ||
    /^(?:print|log\w*|logging|self\.log\w*|warnings)\b/.test(statement.text)
  );
}
