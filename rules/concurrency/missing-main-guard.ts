/** Worker processes that are started while the module is imported, which every worker does again. */

import {
  isPython2,
  asAssignment,
  asCall,
  asMethodCall,
  declined,
  defineRule,
  fileQuestion,
  functionAround,
  indentLines,
  indentUnit,
  startsLine,
  statementsOf,
  textValue,
  type Facts,
  type Fix,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Processes started without a main guard",
  why: "Where worker processes are spawned (Windows, macOS, Linux from Python 3.14), each of them imports the main file again. Code at module level that starts processes would start them in each worker too, so Python stops with a RuntimeError.",
  guide: "multiprocessing",
  level: "error",
  gain: "safety",
  imports: ["multiprocessing", "concurrent", "torch"],
  fixes: "review",

  examples: [
    {
      before: `
from concurrent.futures import ProcessPoolExecutor

def square(number: int) -> int:
    return number * number

with ProcessPoolExecutor() as pool:
    print(list(pool.map(square, range(8))))
`,
      after: `
from concurrent.futures import ProcessPoolExecutor

def square(number: int) -> int:
    return number * number

if __name__ == "__main__":
    with ProcessPoolExecutor() as pool:
        print(list(pool.map(square, range(8))))
`,
    },
  ],

  on: ["module"],

  find(root, { facts }) {
    if (facts.isNotebook || root.kind !== "module") return undefined;
    const starts = statementsOf(root)
      .filter(belongsUnderGuard)
      .flatMap((it) => startsIn(it, undefined, facts));
    const [first, ...others] = starts;
    // Asked last, as the scopes of every piece would have to be worked out for it.
    if (!first || facts.scopeOf(root).kind !== "module" || facts.ofFile(USES_FORK) || facts.ofFile(LEAVES_EARLY))
      return undefined;
    if (isPython2(facts)) return undefined;
    const isSpawned =
      first.isSpawn || facts.hasPython("3.14") || facts.ofFile(USES_SPAWN) || facts.fileMatches(ELSEWHERE);
    return {
      at: first.at,
      // On Linux before Python 3.14 the workers are forked, unless the program says otherwise.
      evidence: isSpawned ? "proof" : "fair",
      weight: "heavy",
      related: others.map(({ at }) => ({ at, message: "Processes are started here too." })),
      first,
      isSpawned,
    };
  },

  message: ({ at, isSpawned }) =>
    `${isSpawned ? "Spawned workers" : "Where workers are spawned (Windows, macOS, Python 3.14), they"} import this file again and would run \`${at.text}\` too; move it under \`if __name__ == "__main__":\`.`,

  fix({ first }, { facts }) {
    const region = regionOf(first, facts);
    const [begin] = region;
    if (!begin || !startsLine(begin)) return declined("the code shares its line with other code");
    if (escapes(region, facts)) return declined("code outside the guard needs a name that is assigned here");
    const unit = indentUnit(begin, facts);
    const span = { tree: begin.tree, start: begin.start, end: region.at(-1)!.end };
    const [head, ...rest] = indentLines(span, unit);
    if (!head) return declined("the code cannot be indented as it is");
    return guarded([{ ...head, text: `if __name__ == "__main__":\n${unit}` }, ...rest]);
  },
});

function guarded(edits: Fix["edits"]): Fix {
  return {
    title: 'Put it under if __name__ == "__main__"',
    doubts: ["the code no longer runs when the file is imported"],
    edits,
  };
}

interface Start {
  readonly at: Node;
  /** What the processes are started through: its assignment moves along. */
  readonly through: Node | undefined;
  /** It never forks. */
  readonly isSpawn?: boolean;
}

const SPAWN = "torch.multiprocessing.spawn";
const STARTS = new Set(["multiprocessing.Pool", "multiprocessing.Manager", SPAWN]);
/** The program is made for Windows or macOS as well. */
const ELSEWHERE =
  /\bsys\.platform\b|\bos\.name\b|\bplatform\.system\(|\bfreeze_support\(|\b[A-Z]:\\{1,2}\w|\bwinreg\b|\bwin32\w*\b/;
const DEFINITIONS = new Set([
  "function_definition",
  "class_definition",
  "decorated_definition",
  "import_statement",
  "import_from_statement",
  "future_import_statement",
]);

/** A statement that does something when the module is imported, and defines nothing that workers look for. */
function belongsUnderGuard(statement: Node): boolean {
  return (
    !DEFINITIONS.has(statement.kind) &&
    !(statement.kind === "if_statement" && statement.field("condition")?.text.includes("__name__"))
  );
}

/** Calls that start processes, unconditionally, in a statement or function; calls of functions of this file that do so count where `home` is the module. */
function startsIn(region: Node, home: Node | undefined, facts: Facts): readonly Start[] {
  return region.descendants("call").flatMap((node): readonly Start[] => {
    if (
      functionAround(node) !== home ||
      node.ancestor("if_statement", "match_statement", "conditional_expression", "class_definition", "while_statement")
    )
      return [];
    const call = asCall(node);
    if (!call) return [];
    const name = facts.nameOf(call.callee) ?? "";
    if (STARTS.has(name)) return [{ at: call.callee, through: undefined, isSpawn: name === SPAWN }];
    const method = asMethodCall(node, "start", "map", "submit");
    if (method)
      return startsBy(method.method, method.object, facts) ? [{ at: method.methodNode, through: method.object }] : [];
    const own = home === undefined ? facts.functionNamed(call.callee) : undefined;
    const isStarter =
      own && !own.isAsync && own.decorators.length === 0 && startsIn(facts.bodyOf(own), own.node, facts).length > 0;
    return isStarter ? [{ at: call.callee, through: undefined }] : [];
  });
}

function startsBy(method: string, object: Node, facts: Facts): boolean {
  if (method === "start") return facts.isA(object, "multiprocessing.Process");
  return facts.typeOf(object)?.name === "concurrent.futures.ProcessPoolExecutor";
}

/** Whether the file asks for one of these ways to start workers. */
const asksFor = (facts: Facts, methods: RegExp): boolean =>
  ["get_context", "set_start_method", "multiprocessing", "mp", "torch"].some((name) =>
    facts.view.readsOf(name).some((read) => {
      let at = read;
      while (at.parent?.kind === "attribute" && at.fieldName !== "attribute") at = at.parent;
      const call = asCall(at.parent);
      return (
        call?.callee === at &&
        CHOICES.test(facts.nameOf(at) ?? "") &&
        methods.test(textValue(call.args[0] ?? call.keywords.get("method")) ?? "")
      );
    }),
  );
const CHOICES = /^(?:torch\.)?multiprocessing\.(?:get_context|set_start_method)$/;

/** A forked worker imports nothing again. */
const USES_FORK = fileQuestion((facts) => asksFor(facts, /^fork$/));
const USES_SPAWN = fileQuestion((facts) => asksFor(facts, /^(?:spawn|forkserver)$/));

/** `if __name__ != "__main__": raise …` further up guards the rest. */
const LEAVES_EARLY = fileQuestion(({ view }) =>
  view.readsOf("__name__").some((it) => it.parent?.kind === "comparison_operator" && it.parent.text.includes("!=")),
);

/** From the assignment of what the processes are started through to the last plain statement in a row. */
function regionOf({ at, through }: Start, facts: Facts): readonly Node[] {
  const all = statementsOf(at.tree.root);
  const own = all.findIndex((it) => at.isInside(it));
  let from = own;
  const made =
    through?.kind === "identifier"
      ? all.findIndex((it) =>
          asAssignment(it)?.targets.some(
            (target) => target.text === through.text && facts.writesOf(through).length > 0,
          ),
        )
      : -1;
  if (made >= 0 && made < own && all.slice(made, own).every(belongsUnderGuard)) from = made;
  let to = own;
  while (all[to + 1] && belongsUnderGuard(all[to + 1]!)) to++;
  return all.slice(from, to + 1);
}

/** Code that runs on import reads a name which the region binds, and would not find it any more. */
function escapes(region: readonly Node[], facts: Facts): boolean {
  const isInRegion = (it: Node) => region.some((statement) => it.isInside(statement));
  const bound = region
    .flatMap((it) => it.descendants("identifier"))
    .filter((it) => functionAround(it) === undefined && facts.writesOf(it, it).length > 0);
  return bound.some((it) => facts.readsOf(it).some((read) => !isInRegion(read) && functionAround(read) === undefined));
}
