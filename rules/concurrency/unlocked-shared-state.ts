/** `total += n` on something that several threads share, with no lock held. */

import {
  asAssignment,
  asAttribute,
  asAugmented,
  asBinary,
  asCall,
  asFunction,
  asMethodCall,
  asSubscript,
  asWith,
  declined,
  defineRule,
  entryOf,
  fixOf,
  fileQuestion,
  functionAround,
  importModule,
  indentLines,
  indentOf,
  insertBefore,
  isNumber,
  lineBelow,
  linesOf,
  lockName,
  nameAtRoot,
  statementOf,
  statementsOf,
  textValue,
  unwrap,
  useOf,
  type Call,
  type Edit,
  type Evidence,
  type Facts,
  type File,
  type FunctionDef,
  type Node,
  type Site,
  type Type,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Shared value changed by several threads without a lock",
  why: "Reading, adding and writing back are separate steps, and another thread may run in between. If it does, an update is lost, rarely and without any error; in free-threaded builds this happens far more often.",
  guide: "thread-sync",
  level: "warning",
  gain: "safety",
  imports: ["threading", "concurrent", "multiprocessing", "asyncio", "fastapi"],
  fixes: "review",

  examples: [
    {
      before: `
import threading

served = 0

def handle(count: int) -> None:
    global served
    for _ in range(count):
        served += 1

threads = [threading.Thread(target=handle, args=(1000,)) for _ in range(4)]
`,
      after: `
import threading

served = 0
served_lock = threading.Lock()

def handle(count: int) -> None:
    global served
    for _ in range(count):
        with served_lock:
            served += 1

threads = [threading.Thread(target=handle, args=(1000,)) for _ in range(4)]
`,
    },
  ],

  on: ["augmented_assignment", "assignment"],

  find(node, { facts }) {
    const target = changed(node);
    const def = target && asFunction(functionAround(node));
    if (!def || def.isAsync || !isShared(target, def, facts)) return undefined;
    const isHandler = def.decorators.length > 0 && isPoolHandler(node, def, facts);
    if (def.decorators.length > 0 && !isHandler) return undefined;
    const evidence = valueEvidence(target, facts);
    if (!evidence || isLocked(node, def, facts) || !(isHandler || threadsRunning(def, facts) >= 2)) return undefined;
    // What handlers count is mostly a figure for a page.
    return { at: target, evidence, weight: facts.isTest ? "light" : isHandler ? "unknown" : "heavy", def, isHandler };
  },

  message: ({ at, def, isHandler }) =>
    `${isHandler ? `FastAPI runs \`${def.name}\` in several threads` : `Several threads run \`${def.name}\``}: two may read the same \`${at.text}\` before either writes it back. Hold a lock while changing it.`,

  fix({ at, def }, file) {
    const { facts } = file;
    const statement = statementOf(at);
    const [first] = statementsOf(def.body);
    if (!linesOf(statement) || !first) return declined("the change shares its line with other code");
    if (mayNeedLocks(statement, def, facts))
      return declined("code that runs while the lock is held, or around it, may wait for it for ever");
    const lock = asAttribute(at) ? lockBesideAttribute(at, def, file) : lockBeside(nameAtRoot(at) ?? at, file);
    if (!lock) return declined("there is no place in this file where a lock can be set up beside the value");
    const unit = indentOf(first).slice(indentOf(def.node).length) || "    ";
    const wrap = [
      insertBefore(statement, `with ${lock.name}:\n${indentOf(statement)}${unit}`),
      ...indentLines(statement, unit).filter((it) => it.at.start > statement.start),
    ];
    return fixOf(
      "Hold a lock",
      [
        "every other change of the value needs the same lock",
        lock.isOnObject && "an object with a lock cannot be copied or pickled",
      ],
      [...lock.edits, ...wrap],
    );
  },
});

/** A handler that is no coroutine: FastAPI runs it in a pool of threads, one request beside another. */
const isPoolHandler = (node: Node, def: FunctionDef, facts: Facts): boolean => {
  if (!facts.view.imports("fastapi")) return false;
  const entry = entryOf(node, facts);
  return entry?.kind === "request" && entry.def.node === def.node;
};

const CHANGED: ReadonlySet<string> = new Set(["identifier", "attribute", "subscript"]);

/** The target of `x += …` or `x = x + …`. */
function changed(node: Node): Node | undefined {
  const augmented = node.kind === "augmented_assignment" ? asAugmented(node)?.target : undefined;
  if (augmented) return CHANGED.has(augmented.kind) ? augmented : undefined;
  const [target, more] = asAssignment(node)?.targets ?? [];
  const sum = target && !more ? asBinary(unwrap(asAssignment(node)!.value ?? node)) : undefined;
  return target && sum && (sum.left.text === target.text || sum.right.text === target.text) && CHANGED.has(target.kind)
    ? target
    : undefined;
}

/** A number or text: adding to a list happens in one step. */
function valueEvidence(target: Node, facts: Facts): Evidence | undefined {
  const sum = asBinary(unwrap(asAssignment(target.parent)?.value ?? target));
  const operands = sum ? [sum.left, sum.right] : [target];
  const isValue = (it: Type | undefined) => isNumber(it) || it?.name === "str";
  for (const floor of ["proof", "strong", "fair"] as const)
    if (operands.some((it) => isValue(facts.typed(it, floor)?.type))) return floor;
  // `self.done += 1`, whatever the constructor was given: a list takes no number.
  const added = asAugmented(target.parent)?.value;
  return added && isNumber(facts.typeOf(added)) && facts.typed(target, "fair") === undefined ? "strong" : undefined;
}

/** A global or nonlocal name, an attribute of `self`, or one of an object of the module. */
function isShared(target: Node, def: FunctionDef, facts: Facts): boolean {
  if (target.kind === "identifier") return facts.writesOf(target, target).some((it) => it.isRemote);
  const item = asSubscript(target);
  // `counts[name] += 1` may be a place of its own for each thread; a text as the key is one for all.
  if (item && (item.indices.length !== 1 || textValue(item.indices[0]) === undefined)) return false;
  const object = item?.value ?? asAttribute(target)?.object;
  // Each thread has values of its own there.
  if (object?.kind !== "identifier" || facts.isA(object, "threading.local", "fair")) return false;
  if (!item && object.text === selfOf(def, facts)) return true;
  const binding = facts.bindingOf(object);
  return binding?.scope.kind === "module" && binding.sites.every((it) => it.kind === "assign");
}

function selfOf(def: FunctionDef, facts: Facts): string | undefined {
  return facts.classOf(def.node)?.methodOf(def.node)?.self;
}

/** Inside a `with` on a lock or on something unknown, or in a function that acquires one by hand. */
function isLocked(node: Node, def: FunctionDef, facts: Facts): boolean {
  if (/\.acquire\(/.test(def.body.text)) return true;
  for (
    let block = node.ancestor("with_statement");
    block?.isInside(def.body);
    block = block.ancestor("with_statement")
  ) {
    const names = asWith(block)?.items.map((it) => facts.typeOf(it.value)?.name) ?? [undefined];
    if (names.some((it) => it === undefined || /Lock|Semaphore|Condition/.test(it))) return true;
  }
  return false;
}

const THREADS_OF_NAME = fileQuestion((facts, name) =>
  facts.view.readsOf(name).reduce((all, it) => all + threadsOf(it, facts), 0),
);

/** How many threads certainly run a function at a time: two stands for many. */
function threadsRunning(def: FunctionDef, facts: Facts): number {
  const sum = (references: readonly Node[]) => references.reduce((all, it) => all + threadsOf(it, facts), 0);
  if (selfOf(def, facts) === undefined) {
    const binding = facts.bindingOf(def.nameNode);
    if (!binding) return 0;
    const isOfModule = binding.scope.kind === "module" && !binding.scope.parent;
    return isOfModule
      ? facts.ofFile(THREADS_OF_NAME, binding.name)
      : facts.memo("threads", binding, () => sum(binding.reads));
  }
  const { inside, outside } = methodReferences(def, facts);
  return sum(inside) + facts.memo("threads", outside, () => sum(outside));
}

function threadsOf(reference: Node, facts: Facts): number {
  const call = asCall(useOf(reference).call);
  if (!call) return 0;
  const many = facts.loopAround(call.node) ? 2 : 1;
  const isJob = (it: Node | undefined) => it === reference;
  const name = facts.nameOf(call.callee);
  if (name === "threading.Thread") return isJob(call.keywords.get("target")) ? many : 0;
  if (name === "asyncio.to_thread") return isJob(call.args[0]) ? many : 0;
  const method = asMethodCall(call.node);
  const pool = method && facts.typeOf(method.object)?.name;
  if (method?.method === "run_in_executor") return isJob(call.args[1]) && call.args[0]?.kind === "none" ? many : 0;
  if (
    !method ||
    (pool !== "concurrent.futures.ThreadPoolExecutor" && pool !== "multiprocessing.pool.ThreadPool") ||
    !isJob(call.args[0]) ||
    hasOneWorker(method.object, facts)
  )
    return 0;
  return method.method.startsWith("submit") || method.method.startsWith("apply") ? many : 2;
}

function hasOneWorker(pool: Node, facts: Facts): boolean {
  if (pool.kind !== "identifier") return false;
  return facts.writesOf(pool).some((it) => {
    const made: Call | undefined = asCall(it.value);
    return (made?.keywords.get("max_workers") ?? made?.args[0])?.text === "1";
  });
}

/** `self.method` in the class, and `thing.method` where `thing = Class()`. */
function methodReferences(
  def: FunctionDef,
  facts: Facts,
): { readonly inside: readonly Node[]; readonly outside: readonly Node[] } {
  const info = facts.classOf(def.node);
  if (!info) return { inside: [], outside: [] };
  const isMethod = (it: Node, self: string | undefined) =>
    asAttribute(it)?.name === def.name && asAttribute(it)?.object.text === self;
  const inside = info.methods.flatMap((method) =>
    facts
      .bodyOf(method.def)
      .descendants("attribute")
      .filter((it) => isMethod(it, method.self)),
  );
  const found = () =>
    facts.readsOf(info.def.nameNode).flatMap((read) => {
      const made = asCall(useOf(read).call)?.callee === read ? asAssignment(read.parent?.parent)?.targets : undefined;
      const [thing] = made ?? [];
      return thing?.kind === "identifier"
        ? facts.readsOf(thing).flatMap((it) => (it.parent && isMethod(it.parent, it.text) ? [it.parent] : []))
        : [];
    });
  const binding = facts.bindingOf(info.def.nameNode);
  return { inside, outside: binding ? facts.memo(`references to ${def.name}`, binding, found) : [] };
}

/** Code that runs while the lock is held might ask for it once more, and callers may hold one already: either may wait for ever. */
function mayNeedLocks(statement: Node, def: FunctionDef, facts: Facts): boolean {
  const own = facts.classOf(def.node)?.methods.map((it) => it.def.name) ?? [];
  const runsOther = statement
    .descendants("call", "await", "yield")
    .some((it) => !facts.nameOf(asCall(it)?.callee ?? it)?.startsWith("builtins."));
  const asksObject = statement.descendants("attribute").some((it) => own.includes(asAttribute(it)?.name ?? ""));
  if (runsOther || asksObject) return true;
  return facts.memo("called in a with", def.node, () => isCalledInWith(def, facts));
}

function isCalledInWith(def: FunctionDef, facts: Facts): boolean {
  const isInWith = (it: Node) => useOf(it).kind === "call" && it.ancestor("with_statement") !== undefined;
  if (selfOf(def, facts) !== undefined) {
    const { inside, outside } = methodReferences(def, facts);
    return [...inside, ...outside].some(isInWith);
  }
  const binding = facts.bindingOf(def.nameNode);
  // Of a name that many functions bear, most often none is.
  const calls = binding && facts.memo("calls in a with", binding, () => facts.readsOf(def.nameNode).filter(isInWith));
  return calls !== undefined && calls.length > 0 && facts.readsSeeing(def.nameNode).some((it) => calls.includes(it));
}

interface Lock {
  readonly name: string;
  readonly isOnObject?: true;
  readonly edits: readonly Edit[];
}

/** A lock of its own beside the variable's first assignment. */
function lockBeside(variable: Node, file: File): Lock | undefined {
  const { facts } = file;
  const wanted = lockName(variable.text);
  const isLock = (it: Site) =>
    it.kind === "assign" && facts.nameOf(asCall(it.value)?.callee ?? it.name) === "threading.Lock";
  const ready = facts.view.sitesOf(wanted);
  if (ready.length === 1 && ready.every(isLock)) return { name: wanted, edits: [] };
  const made = facts.writesOf(variable).find((it) => it.kind === "assign" && !it.isRemote);
  const statement = made && statementOf(made.owner);
  const threading = statement && linesOf(statement) && importModule(file, "threading", variable);
  if (!threading || statement.parent?.kind === "class_definition" || facts.isTaken(wanted, variable)) return undefined;
  return { name: wanted, edits: [...threading.edits, lineBelow(statement, `${wanted} = ${threading.name}.Lock()`)] };
}

/** The lock that the object has, or a new one set up where the attribute is. */
function lockBesideAttribute(target: Node, def: FunctionDef, file: File): Lock | undefined {
  const attribute = asAttribute(target)!;
  const self = selfOf(def, file.facts);
  const info = file.facts.classOf(def.node);
  if (!info || attribute.object.text !== self) return lockBeside(attribute.object, file);
  const ready = info.writes.find(
    (it) => it.value && it.kind === "assign" && /^threading\.R?Lock$/.test(file.facts.typeOf(it.value)?.name ?? ""),
  );
  if (ready) return { name: `${self}.${ready.name}`, edits: [] };
  const wanted = lockName(attribute.name);
  const made = info.writes.find(
    (it) => it.name === attribute.name && it.kind === "assign" && it.method.def.name === "__init__",
  );
  const statement = made && statementOf(made.node);
  const threading = statement && linesOf(statement) && importModule(file, "threading", made.node);
  if (!threading || info.slots !== undefined || info.writes.some((it) => it.name === wanted)) return undefined;
  return {
    name: `${self}.${wanted}`,
    isOnObject: true,
    edits: [...threading.edits, lineBelow(statement, `${made.method.self}.${wanted} = ${threading.name}.Lock()`)],
  };
}
