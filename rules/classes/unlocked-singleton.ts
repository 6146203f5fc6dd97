/** One object for the whole program, made when it is first asked for, with no lock around the test and the making. */

import {
  asAssignment,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  importEdits,
  importModule,
  indentLines,
  indentUnit,
  indentOf,
  insertBefore,
  isGuarded,
  lazySingleton,
  lineAbove,
  lineBelow,
  linesOf,
  lockName,
  makesOwn,
  startsLine,
  statementsOf,
  type Facts,
  type LazySingleton,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Unlocked extends Match {
  readonly found: LazySingleton;
}

export default defineRule({
  title: "Single object made without a lock",
  why: "Between the test and the assignment another thread may run, find nothing there yet, and make the object a second time: a model is loaded twice, a pool is opened twice, and what one thread stored in its object is lost.",
  guide: "pattern-singleton",
  level: "info",
  gain: "safety",
  fixes: "review",

  examples: [
    {
      before: `
import threading

class Registry:
    _instance = None

    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

workers = [threading.Thread(target=Registry) for _ in range(4)]
`,
      after: `
import threading

class Registry:
    _instance = None
    _instance_lock = threading.Lock()

    def __new__(cls):
        if cls._instance is None:
            with cls._instance_lock:
                if cls._instance is None:
                    cls._instance = super().__new__(cls)
        return cls._instance

workers = [threading.Thread(target=Registry) for _ in range(4)]
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }): Unlocked | undefined {
    if (facts.isTest) return undefined;
    const found = lazySingleton(node, facts);
    if (!found || isGuarded(found)) return undefined;
    if (found.info ? !makesOwn(found) && !isNoValue(found) : !isMade(found, facts)) return undefined;
    if (!found.info && facts.isNotebook) return undefined;
    return {
      at: found.test,
      // In a class everybody writes the test for this purpose; a global may as well be a cache of one thread.
      evidence: found.info ? "proof" : "strong",
      weight: isAskedInCoroutines(found, facts) ? "light" : hasThreads(facts) ? "heavy" : "unknown",
      found,
      related: [{ at: found.creation, message: "It is made here." }],
    };
  },

  message({ found: { name, holder, def } }, { facts }) {
    const place = `\`${excerpt(holder ? `${holder.text}.${name}` : name, 40)}\``;
    const text = `Two threads in \`${excerpt(def.name, 30)}\` can both find no ${place} and each make one; a lock around test and making prevents it`;
    return hasThreads(facts) ? `${text}.` : `${text}, if several threads ask.`;
  },

  fix({ found }, file) {
    const { facts } = file;
    const { info, branch, holder, name, def, test, creation } = found;
    if (!branch) return declined("the test returns early, and the making stands below it");
    if (branch.field("alternative") || !startsLine(branch) || !linesOf(branch))
      return declined("the `if` has an else, or shares its line");
    if (functionAround(branch) !== def.node || branch.text.includes('"""'))
      return declined("the text of the branch cannot be moved");
    const threading = importModule(file, "threading", branch);
    if (!threading) return declined("`threading` means something else here");
    const lock = lockName(name);
    if (facts.isTaken(lock, branch) || info?.attributes.some((it) => it.name === lock))
      return declined(`\`${excerpt(lock, 40)}\` is there already`);
    // What is made may ask for the object again while it is made.
    const kind = /__new__/.test(creation.text) && !/__call__/.test(creation.text) ? "Lock" : "RLock";
    const line = `${lock} = ${threading.name}.${kind}()`;
    const unit = indentUnit(branch, facts);
    const head = `if ${test.text}:\n${indentOf(branch)}${unit}with ${holder ? `${holder.text}.` : ""}${lock}:\n${indentOf(branch)}${unit}${unit}`;
    const [first] = indentLines(branch, "");
    if (!first) return declined("the branch cannot be moved");
    const body = indentLines(branch, unit + unit).slice(1);
    const above = info ? ownPlace(found) : globalPlace(found, facts);
    if (!above) return declined(`\`${excerpt(name, 40)}\` is not begun with a statement of its own`);
    return fixOf(
      "Make it under a lock",
      ["threads that come at the same time wait for the first one"],
      [
        ...importEdits(threading),
        above.isBelow ? lineBelow(above.at, line) : lineAbove(above.at, `${line}\n`),
        insertBefore(branch, head),
        ...body,
      ],
    );
  },
});

/** Whoever asks in this file is a coroutine, and those take turns in one thread. */
function isAskedInCoroutines({ def, info }: LazySingleton, facts: Facts): boolean {
  const calls = info ? [] : facts.usesOf(def.nameNode).filter((it) => it.kind === "call");
  return calls.length > 0 && calls.every((it) => facts.isAsync(it.node));
}

interface Where {
  readonly at: Node;
  readonly isBelow: boolean;
}

/** Below `_instance = None`, or above the method. */
function ownPlace({ info, name, def }: LazySingleton): Where | undefined {
  const begun = info!.attributes.find((it) => it.name === name && it.value);
  if (begun) return linesOf(begun.statement) ? { at: begun.statement, isBelow: true } : undefined;
  return startsLine(def.outer) ? { at: def.outer, isBelow: false } : undefined;
}

function globalPlace({ creation, name }: LazySingleton, facts: Facts): Where | undefined {
  const target = asAssignment(creation)!.targets.find((it) => it.text === name);
  const begun = target && facts.writesOf(target).find((it) => it.kind === "assign" && !it.isRemote);
  const statement = begun && begun.owner.kind === "assignment" ? begun.owner.parent : begun?.owner;
  return statement && linesOf(statement) && statement.parent === statement.tree.root
    ? { at: statement, isBelow: true }
    : undefined;
}

/** `cls._shared = SomeClient()`: also one for all, if the test is for None. */
function isNoValue({ form, value }: LazySingleton): boolean {
  return form === "none" && /^(?:[\w.]+\.)?[A-Z]\w*\(/.test(value.text);
}

/** An object of some class, or what a function makes or loads, and not a value that is worked out again at will. */
function isMade({ value, def }: LazySingleton, facts: Facts): boolean {
  const callee = value.field("function")!.text;
  if (
    /(?:^|\.)(?:list|dict|set|int|float|str|getLogger|time|monotonic|perf_counter|environ\.get|getenv|Lock|RLock|Event|Console|compile)$/.test(
      callee,
    )
  )
    return false;
  const isClass = /(?:^|\.)_?[A-Z]\w*$/.test(callee) && !/^[A-Z_]+$/.test(callee);
  const isLoaded = /(?:^|[._])(?:load|create|make|build|init|connect|open|get|from_pretrained|pipeline)(?:_|$)/.test(
    callee,
  );
  if (!isClass && !isLoaded) return false;
  // Set up once by the main part, which nobody else runs.
  if (/^(?:main|setup|_?init|initialize|start|test_)/.test(def.name)) return false;
  return statementsOf(facts.bodyOf(def)).at(-1)?.kind === "return_statement";
}

const THREADED = [
  "threading",
  "concurrent",
  "fastapi",
  "flask",
  "streamlit",
  "django",
  "starlette",
  "gradio",
  "bottle",
  "grpc",
  "celery",
  "tornado",
  "socketserver",
];

function hasThreads(facts: Facts): boolean {
  return THREADED.some((it) => facts.view.imports(it));
}
