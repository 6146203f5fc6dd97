/** A task of another process that reads a global name which only the main guard sets. */

import {
  PROCESS_CALLS,
  TASK_METHODS,
  asCall,
  defineRule,
  excerpt,
  fileQuestion,
  isInMainGuard,
  jobOf,
  poolTaskOf,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Global that worker processes do not have",
  why: 'A spawned process imports the file anew and leaves out what stands under `if __name__ == "__main__":`. A name that is set there, or by a function that only the main program calls, is missing in the worker. Processes are spawned on Windows and macOS, and no longer forked on Linux from Python 3.14.',
  guide: "multiprocessing",
  level: "error",
  gain: "safety",
  imports: ["concurrent", "multiprocessing"],

  examples: [
    {
      before: `
from concurrent.futures import ProcessPoolExecutor

def scaled(value):
    return value * factor

def main():
    with ProcessPoolExecutor() as pool:
        print(list(pool.map(scaled, range(8))))

if __name__ == "__main__":
    factor = 3
    main()
`,
      after: `
from concurrent.futures import ProcessPoolExecutor
from functools import partial

def scaled(factor, value):
    return value * factor

def main(factor):
    with ProcessPoolExecutor() as pool:
        print(list(pool.map(partial(scaled, factor), range(8))))

if __name__ == "__main__":
    main(3)
`,
    },
  ],

  on: ["call"],
  methods: [...TASK_METHODS, "Process"],
  calls: PROCESS_CALLS,

  find(_node, { facts }, call) {
    if (facts.isNotebook || facts.isTest) return undefined;
    const task = poolTaskOf(call, facts);
    if (task?.runner !== "process" || facts.ofFile(FORKS)) return undefined;
    const def = jobOf(task, facts);
    const read = def && missingIn(def, facts, 0);
    if (!read) return undefined;
    return {
      at: task.job,
      evidence: task.evidence === "fair" ? ("strong" as const) : task.evidence,
      read,
      related: [{ at: read, message: "It is read here." }],
    };
  },

  message: ({ at, read }) =>
    `\`${excerpt(at.text.replace(/\s+/g, " "), 40)}\` reads \`${excerpt(read.text, 40)}\`, which spawned workers do not have: they leave out the main guard. Hand it over as an argument or by an initializer.`,
});

const FORKS = fileQuestion((facts) => facts.fileMatches(/["']fork["']/));
const DEPTH = 2;

/** The first read of a name that is bound under the main guard alone. */
function missingIn(def: FunctionDef, facts: Facts, depth: number): Node | undefined {
  const body = facts.bodyOf(def);
  for (const it of body.descendants("identifier")) {
    if (it.fieldName === "attribute" || (it.parent?.kind === "keyword_argument" && it.fieldName === "name")) continue;
    const binding = facts.bindingOf(it);
    if (binding?.scope.kind !== "module" || binding.sites.length === 0) continue;
    if (binding.sites.every((site) => isOfMain(site.name, site.isRemote === true, facts)) && isRead(it)) return it;
  }
  if (depth >= DEPTH) return undefined;
  for (const node of body.descendants("call")) {
    const callee = asCall(node)?.callee;
    const inner = callee?.kind === "identifier" ? facts.functionNamed(callee) : undefined;
    if (!inner || inner.node === def.node) continue;
    const found = missingIn(inner, facts, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function isRead(name: Node): boolean {
  return (
    name.fieldName !== "left" && !/^(?:global_statement|dotted_name|aliased_import)$/.test(name.parent?.kind ?? "")
  );
}

/** Under the guard, or by `global` in a function that no worker runs. */
function isOfMain(name: Node, isRemote: boolean, facts: Facts): boolean {
  if (!isRemote) return isInMainGuard(name);
  return !facts.runsIn(name).includes("process");
}
