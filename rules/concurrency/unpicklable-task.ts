/** A lambda or local function that is handed to another process, which cannot find it. */

import {
  PROCESS_CALLS,
  TASK_METHODS,
  asCall,
  asLambda,
  declined,
  defineRule,
  definitionAbove,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  hasComments,
  indentUnit,
  poolTaskOf,
  replace,
  topStatement,
  type Declined,
  type Facts,
  type Fix,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Lambda or local function sent to another process",
  why: "A function travels to another process by its name, and the worker looks for it in the module. A lambda and a function inside another one have no such name: pools fail with a pickling error, and so does Process wherever processes are spawned, as on Windows, on macOS and, from Python 3.14, on Linux.",
  guide: "multiprocessing",
  level: "warning",
  gain: "safety",
  imports: ["concurrent", "multiprocessing"],
  fixes: "review",

  examples: [
    {
      before: `
from concurrent.futures import ProcessPoolExecutor

def squares(values: list[int]) -> list[int]:
    with ProcessPoolExecutor() as pool:
        return list(pool.map(lambda value: value * value, values))
`,
      after: `
from concurrent.futures import ProcessPoolExecutor

def work(value):
    return value * value

def squares(values: list[int]) -> list[int]:
    with ProcessPoolExecutor() as pool:
        return list(pool.map(work, values))
`,
    },
  ],

  on: ["call"],
  methods: [...TASK_METHODS, "Process"],
  calls: PROCESS_CALLS,

  find(_node, { facts }, call) {
    const task = poolTaskOf(call, facts);
    if (task?.runner !== "process" || facts.isTest || facts.ofFile(PICKLES_MORE)) return undefined;
    const isAlone = task.style === "alone";
    if (isAlone && facts.ofFile(FORKS)) return undefined;
    const sent = [task.job, ...task.given].flatMap((it) => {
      const kind = localIn(it, facts);
      return kind ? [{ it, kind }] : [];
    });
    return sent.map(({ it, kind }) => ({
      at: it,
      evidence: task.evidence,
      weight: isAlone ? ("unknown" as const) : ("heavy" as const),
      kind,
      isAlone,
    }));
  },

  message({ at, kind, isAlone }) {
    const what =
      kind === "lambda"
        ? "A lambda is no function of the module and"
        : `\`${excerpt(at.text.replace(/\s+/g, " "), 40)}\` is no function of the module and`;
    return isAlone
      ? `${what} cannot be sent to a spawned process, which looks for it there by its name.`
      : `${what} cannot be sent to the workers, which look for it there by its name: this call fails.`;
  },

  fix({ at, kind }, { facts }): Fix | Declined {
    const lambda = kind === "lambda" ? asLambda(at) : undefined;
    if (!lambda) return declined("move the function to the top level of the module, and hand it what it needs");
    if (hasComments(at)) return declined("there is a comment inside the lambda");
    if (readsLocals(at, facts)) return declined("the lambda needs variables of the function around it");
    const name = facts.freshName("work", at);
    const statement = topStatement(at, facts);
    const parameters = at.field("parameters")?.text ?? "";
    return fixOf(
      "Make a function of the module",
      ["the program goes on where it failed"],
      [
        definitionAbove(
          statement,
          `def ${name}(${parameters}):\n${indentUnit(statement, facts)}return ${lambda.body.text}`,
          facts,
        ),
        replace(at, name),
      ],
    );
  },
});

/** They send functions by their code. */
const PICKLES_MORE = fileQuestion((facts) => facts.fileMatches(/\b(?:cloudpickle|dill|pathos|multiprocess)\b/));
const FORKS = fileQuestion((facts) => facts.fileMatches(/["']fork["']/));

type Local = "lambda" | "function";

/** By itself, by its only name, or as what `partial` is given. */
function localIn(value: Node, facts: Facts): Local | undefined {
  if (value.kind === "lambda") return "lambda";
  if (value.kind === "identifier") {
    const sites = facts.reachingSites(value);
    const [site] = sites;
    if (sites.length !== 1 || !site) return undefined;
    if (site.kind === "function")
      return functionAround(site.owner) === undefined || isGlobal(site.name, facts) ? undefined : "function";
    if (site.kind !== "assign" || !site.value) return undefined;
    // A lambda has no name to be found by, wherever it is bound.
    if (site.value.kind === "lambda") return "function";
    return site.value.kind === "call" ? inPartial(site.value, facts) : undefined;
  }
  return inPartial(value, facts);
}

function inPartial(value: Node, facts: Facts): Local | undefined {
  const call = asCall(value);
  if (!call || facts.nameOf(call.callee) !== "functools.partial") return undefined;
  return call.args[0] && localIn(call.args[0], facts) ? "function" : undefined;
}

/** `global work` above the `def`: the known way around it. */
function isGlobal(name: Node, facts: Facts): boolean {
  return facts.isRemote(name) || facts.bindingOf(name)?.scope.kind !== "function";
}

function readsLocals(lambda: Node, facts: Facts): boolean {
  return lambda.descendants("identifier").some((it) => {
    const binding = it.fieldName === "attribute" ? undefined : facts.bindingOf(it);
    return binding !== undefined && binding.scope.kind !== "module" && !binding.scope.node.isInside(lambda);
  });
}
