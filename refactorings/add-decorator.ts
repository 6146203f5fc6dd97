/** A function gets a decorator that reports how long each call takes: the file's own `timed`, or one that is added. */

import {
  asCall,
  asFunction,
  defineRefactoring,
  definitionAbove,
  expressionOf,
  functionAround,
  importEdits,
  importModule,
  importName,
  indentUnit,
  isCompiled,
  lineAbove,
  standsAbove,
  startsLine,
  statementsOf,
  topStatement,
  type Edit,
  type Facts,
  type File,
  type FunctionDef,
  type Import,
  type Node,
} from "../analysis/authoring.js";

interface Timed {
  readonly def: FunctionDef;
  readonly name: string;
  /** What brings the decorator in; empty where the file has it. */
  readonly edits: readonly Edit[];
  readonly logger: string | undefined;
}

export default defineRefactoring({
  title: "Timing decorator on a function",
  guide: "decorators",
  kind: "rewrite",
  on: ["function_definition"],
  reach: "head",

  example: {
    before: `
import functools
import time

def ‸train(epochs: int) -> float:
    return epochs / 2
`,
    after: `
import functools
import time

def timed(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        start = time.perf_counter()
        try:
            return func(*args, **kwargs)
        finally:
            print(f"{func.__qualname__} took {time.perf_counter() - start:.3f} s")

    return wrapper

@timed
def train(epochs: int) -> float:
    return epochs / 2
`,
  },

  find(node, _selection, file): Timed | undefined {
    const { facts } = file;
    const def = asFunction(node);
    if (!def || !isTimeable(def, facts)) return undefined;
    const name = def.isAsync ? "timed_async" : "timed";
    if (facts.view.sitesOf(name).length > 0)
      return isDecorator(name, def, facts) ? { def, name, edits: [], logger: undefined } : undefined;
    const logger = ["logger", "log", "LOGGER", "LOG", "_logger", "_log"].find((it) => isLogger(it, facts));
    const edits = facts.isTaken(name, node) ? undefined : template(def, name, logger, file);
    return edits && { def, name, edits, logger };
  },

  offer: ({ def, name }) => `Time the calls of \`${def.name}\` with \`@${name}\``,

  doubt({ def, name, edits, logger }, { facts }) {
    const isRecursive = facts.readsOf(def.nameNode).some((it) => it.isInside(def.body));
    const recursion = isRecursive ? ` \`${def.name}\` calls itself: each of these calls is reported too.` : "";
    if (edits.length === 0)
      return `Each call of \`${def.name}\` goes through the \`${name}\` that this file has.${recursion}`;
    return `Adds \`${name}\` to the module; each call of \`${def.name}\` then ${logger === undefined ? "prints" : "logs"} the time it took, also when it raises.${recursion}`;
  },

  apply: ({ def, name, edits }) => ({ edits: [...edits, lineAbove(def.node, `@${name}`)] }),
});

/** A body that runs when the function is called, in Python, under a decorator that is not there yet. */
function isTimeable(def: FunctionDef, facts: Facts): boolean {
  const yields = def.body.descendants("yield").some((it) => functionAround(it) === def.node);
  const isStub = statementsOf(def.body).every(
    (it) =>
      ["pass_statement", "raise_statement"].includes(it.kind) ||
      ["string", "ellipsis"].includes(expressionOf(it)?.kind ?? ""),
  );
  const isListed = def.decorators.some((it) =>
    /\b(timed|timer|timeit|profile|overload)(_async)?$/.test((asCall(it)?.callee ?? it).text),
  );
  return (
    !yields &&
    !isStub &&
    !isListed &&
    !isCompiled(def.body, facts) &&
    startsLine(def.node) &&
    !/^(timed|timer)/.test(def.name)
  );
}

/** The name is a function above that takes a function, or is used as a decorator already. */
function isDecorator(name: string, def: FunctionDef, facts: Facts): boolean {
  const [site, more] = facts.view.sitesOf(name);
  if (
    !site ||
    more ||
    !standsAbove(site.name, def.node, facts) ||
    facts
      .scopeOf(def.node)
      .bindings.get(name)
      ?.sites.some((it) => it !== site)
  )
    return false;
  if (site.kind === "import") return facts.view.readsOf(name).some((it) => it.parent?.kind === "decorator");
  const own = site.kind === "function" ? asFunction(site.value) : undefined;
  const [parameter, other] = own?.parameters ?? [];
  const inner = own && statementsOf(facts.bodyOf(own)).some((it) => asFunction(it) !== undefined);
  return (
    inner === true &&
    own?.decorators.length === 0 &&
    !own.isAsync &&
    parameter?.star === "" &&
    !other &&
    !facts.usesOf(site.name).some((it) => it.kind === "call")
  );
}

function isLogger(name: string, facts: Facts): boolean {
  const [site, more] = facts.view.sitesOf(name);
  const call = site && !more && site.kind === "assign" ? asCall(site.value) : undefined;
  return call !== undefined && facts.nameOf(call.callee) === "logging.getLogger";
}

function template(def: FunctionDef, name: string, logger: string | undefined, file: File): readonly Edit[] | undefined {
  const top = topStatement(def.node, file.facts);
  const wraps = imported(file, "functools", "wraps", top);
  const clock = imported(file, "time", "perf_counter", top);
  if (!wraps || !clock || !startsLine(top)) return undefined;
  const unit = indentUnit(top, file.facts);
  const [isAsync, waits] = def.isAsync ? ["async ", "await "] : ["", ""];
  const values = `"%s took %.3f s", func.__qualname__, ${clock.name}() - start`;
  const fits = logger === undefined || 3 * unit.length + `${logger}.info(${values})`.length <= file.facts.lineLength;
  const report =
    logger === undefined
      ? [`print(f"{func.__qualname__} took {${clock.name}() - start:.3f} s")`]
      : fits
        ? [`${logger}.info(${values})`]
        : [`${logger}.info(`, `\t${values}`, ")"];
  const lines = [
    `def ${name}(func):`,
    `\t@${wraps.name}(func)`,
    `\t${isAsync}def wrapper(*args, **kwargs):`,
    `\t\tstart = ${clock.name}()`,
    "\t\ttry:",
    `\t\t\treturn ${waits}func(*args, **kwargs)`,
    "\t\tfinally:",
    ...report.map((it) => `\t\t\t${it}`),
    "",
    "\treturn wrapper",
  ];
  const imports = importEdits(wraps, clock);
  return [
    ...imports,
    definitionAbove(top, lines.map((it) => it.replaceAll("\t", unit)).join("\n"), file.facts, imports),
  ];
}

/** A name that is imported as it is there, else by way of its module. */
function imported(file: File, module: string, name: string, near: Node): Import | undefined {
  const direct = importName(file, module, name, near);
  if (direct?.isThere) return direct;
  const whole = importModule(file, module, near);
  return whole ? { ...whole, name: `${whole.name}.${name}` } : direct;
}
