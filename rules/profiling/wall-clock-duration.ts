/** A duration taken as the difference of two readings of the wall clock. */

import { asBinary, asCall, defineRule, importName, replace, unwrap, wrapped, type Binding, type Edit, type Facts, type File, type Fix, type Node } from "../../analysis/authoring.js";

export default defineRule({
  title: "Duration measured with the wall clock",
  why: "time.time() follows the system's clock, which is set back and forth by time synchronisation, daylight rules and people; time.perf_counter() only ever runs forward and has the finest resolution.",
  guide: "benchmarking",
  level: "info",
  gain: "safety",
  imports: ["time"],
  fixes: "safe",

  examples: [
    {
      before: `
import time

def run(job):
    started = time.time()
    job()
    return time.time() - started
`,
      after: `
import time

def run(job):
    started = time.perf_counter()
    job()
    return time.perf_counter() - started
`,
    },
  ],

  on: ["binary_operator"],

  find(node, { facts }) {
    const difference = asBinary(node);
    if (difference?.operator !== "-") return undefined;
    const operands = [difference.left, difference.right].map(unwrap);
    const isReading = operands.map((it) => isClock(it, facts) || isStoredReading(it, facts));
    if (!isReading.every(Boolean) || operands.every((it) => it.kind !== "identifier")) return undefined;
    return { at: node, operands };
  },

  message: () => "time.time() may jump while this duration runs; time.perf_counter() only runs forward.",

  fix: ({ at, operands }, file) => onlyDurations(at, operands, file),
});

/** `time.time()`. */
function isClock(node: Node, facts: Facts): boolean {
  const call = asCall(node);
  return call !== undefined && call.args.length === 0 && facts.nameOf(call.callee) === "time.time";
}

/** A name that at this place can only hold a reading of the clock. */
function isStoredReading(node: Node, facts: Facts): boolean {
  if (node.kind !== "identifier") return false;
  const sites = facts.reachingSites(node);
  return sites.length > 0 && sites.every((it) => it.kind === "assign" && it.path.length === 0 && it.value !== undefined && isClock(unwrap(it.value), facts));
}

/** Every reading involved is used for differences alone, so that all of them can move to the other clock together. */
function onlyDurations(at: Node, operands: readonly Node[], file: File): Fix | undefined {
  const { facts } = file;
  const bindings: Binding[] = [];
  const clocks = new Set<Node>();
  const pending: Node[] = [...operands];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (isClock(node, facts)) {
      clocks.add(node);
      continue;
    }
    const binding = node.kind === "identifier" ? facts.bindingOf(node) : undefined;
    if (!binding) return undefined;
    if (bindings.some((it) => it.scope === binding.scope && it.name === binding.name)) continue;
    bindings.push(binding);
    for (const site of binding.sites) {
      if (site.kind !== "assign" || site.path.length > 0 || !site.value || site.isRemote || !isClock(unwrap(site.value), facts)) return undefined;
      clocks.add(unwrap(site.value));
    }
    for (const read of binding.reads) {
      const parent = wrapped(read).parent;
      const difference = asBinary(parent);
      if (difference?.operator !== "-") return undefined;
      pending.push(...[difference.left, difference.right].map(unwrap));
    }
  }

  const edits: Edit[] = [];
  for (const clock of clocks) {
    const counter = importName(file, "time", "perf_counter", clock);
    if (!counter) return undefined;
    edits.push(...counter.edits.filter((it) => !edits.some((other) => other.text === it.text)), replace(asCall(clock)!.callee, counter.name));
  }
  if (at.isBroken) return undefined;
  const title = "Measure with time.perf_counter()";
  // Names of a module or class can be read from anywhere, those of a notebook in its own cells alone.
  const isOwn = facts.isNotebook || bindings.every((it) => it.scope.kind === "function");
  return isOwn ? { title, safety: "safe", edits } : { title: `${title} (review: other files may take \`${bindings[0]!.name}\` for the time of day)`, safety: "review", edits };
}
