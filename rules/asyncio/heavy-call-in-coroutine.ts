/** A call in a coroutine that works for long: it parses, hashes, compresses or computes while the event loop stands still. */

import {
  asCall,
  asFunction,
  asMethodCall,
  awaitedInThread,
  calleeText,
  callsInside,
  computesInPython,
  declined,
  defineRule,
  entryOf,
  excerpt,
  functionAround,
  functionCalled,
  importModule,
  isAheadOfTasks,
  isCoroutineTest,
  isUsedAtOnce,
  longLoop,
  neverRuns,
  obstacleToAwait,
  parsesWhole,
  qualifiedName,
  runsNetwork,
  soundsLikeAsking,
  soundsLikeHashing,
  soundsLikeMediaWork,
  soundsLikeService,
  soundsLong,
  textValue,
  useOf,
  worksLong,
  lastName,
  type Call,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Match,
  type MethodCall,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Heavy work in a coroutine",
  why: "An event loop runs all its tasks in one thread. While one of them parses a document, hashes a password or walks a file tree, no other request is answered and no timeout is kept. In a thread of its own it disturbs the others far less.",
  guide: "async-patterns",
  level: "info",
  gain: "safety",
  words: ["async"],
  fixes: "review",

  examples: [
    {
      before: `
import asyncio
import hashlib

async def key_of(password: str, salt: str) -> str:
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), 1000)
    return key.hex()
`,
      after: `
import asyncio
import hashlib

async def key_of(password: str, salt: str) -> str:
    key = await asyncio.to_thread(hashlib.pbkdf2_hmac, "sha256", password.encode(), salt.encode(), 1000)
    return key.hex()
`,
    },
  ],

  on: ["call"],

  find(node, { facts }): Heavy | undefined {
    if (facts.isTest || !facts.isAsync(node)) return undefined;
    const call = asCall(node);
    const work = call && workOf(call, facts);
    if (!call || !work || isExempt(node, facts)) return undefined;
    const method = asMethodCall(node);
    return {
      at: method && !facts.nameOf(call.callee) ? method.methodNode : call.callee,
      construct: node,
      call,
      ...work,
    };
  },

  message({ call, kind, through }) {
    const shown = `\`${excerpt(calleeText(call.node), 50)}()\``;
    if (kind === "name")
      return `${shown} sounds like long work or waiting; if it is, no other task of the event loop runs meanwhile: use asyncio.to_thread().`;
    if (kind === "hashes")
      return `${shown} sounds like the hash of a password, which is made to take long, and no other task of the event loop runs meanwhile; use asyncio.to_thread().`;
    if (kind === "parses")
      return `${shown} makes a tree of all it is given, and no other task of the event loop runs meanwhile; where that may be large, use asyncio.to_thread().`;
    return `${shown} ${through ? `calls \`${excerpt(through, 40)}()\`, which works` : "works"} for long, and no other task of the event loop runs meanwhile; use asyncio.to_thread().`;
  },

  fix({ call, kind, through }, file) {
    if (kind === "hashes") return declined("what it does in the other file, and in which thread it may, is not known");
    if (kind === "name") return declined("whether it takes long, and may run in another thread, is not known");
    if (kind === "runs")
      return declined("gradients are switched off for one thread; what stands in the block has to go there as a whole");
    const name = qualifiedName(call, file.facts) ?? "";
    if (/\.(?:walk|rglob)$/.test(name))
      return declined("it does its work bit by bit, while its results are gone through");
    const obstacle = obstacleToAwait(call.node, file);
    if (obstacle || call.argumentList.kind !== "argument_list")
      return declined(obstacle ?? "its argument is worked out bit by bit");
    const asyncio = importModule(file, "asyncio", call.node);
    if (!asyncio) return declined("the name `asyncio` means something else here");
    const made = awaitedInThread(call, asyncio.name, asyncio.edits);
    return through || kind === "computes"
      ? {
          ...made,
          doubts: [...made.doubts, `\`${excerpt(call.callee.text, 40)}\` must not depend on the thread it runs in`],
        }
      : made;
  },
});

interface Work {
  readonly kind: "table" | "parses" | "computes" | "runs" | "name" | "hashes";
  /** What a function of the file calls that works long. */
  readonly through: string | undefined;
  readonly evidence: Evidence;
  readonly weight: Weight;
}

interface Heavy extends Match {
  readonly evidence: Evidence;
  readonly weight: Weight;
  readonly call: Call;
  readonly kind: Work["kind"];
  readonly through: string | undefined;
}

function workOf(call: Call, facts: Facts): Work | undefined {
  const name = qualifiedName(call, facts);
  if (name !== undefined && worksLong(name))
    return { kind: "table", through: undefined, evidence: "proof", weight: "heavy" };
  if (runsNetwork(call.node)) return { kind: "runs", through: undefined, evidence: "strong", weight: "heavy" };
  if (name !== undefined && parsesWhole(name) && mayBeLong(call, facts))
    return { kind: "parses", through: undefined, evidence: "strong", weight: "unknown" };
  const method = asMethodCall(call.node);
  if (soundsHeavy(call, method, name, facts))
    return { kind: "name", through: undefined, evidence: "fair", weight: "unknown" };
  if (isHashElsewhere(call, name, facts))
    return { kind: "hashes", through: undefined, evidence: "strong", weight: "heavy" };
  if (method && method.object.text !== "self") return undefined;
  const def = functionCalled(call.callee, facts);
  if (!def || def.isAsync || def.decorators.length > 0) return undefined;
  const inner = facts.memo("heavy call inside", def.node, () => heavyInside(def.node, call, facts) ?? "");
  if (inner) return { kind: "table", through: inner, evidence: "strong", weight: "heavy" };
  return facts.memo("computes for long", def.node, () => computesLong(def, facts))
    ? { kind: "computes", through: undefined, evidence: "strong", weight: "heavy" }
    : undefined;
}

/** By what it is called alone, of a function or object that another file makes. */
function soundsHeavy(call: Call, method: MethodCall | undefined, name: string | undefined, facts: Facts): boolean {
  const isElsewhere = method
    ? method.object.text !== "self" && !isOfSeveral(method.object)
    : name !== undefined && facts.functionNamed(call.callee) === undefined;
  const called = lastName(call.callee);
  if (isElsewhere && (soundsLikeMediaWork(called) || (name !== undefined && soundsLikeAsking(called))))
    return call.args.length + call.keywords.size > 0 && isUsedAtOnce(call.node, false, facts);
  if (!method || method.object.text === "self" || method.object.kind === "call") return false;
  const object = lastName(method.object);
  if (soundsLong(object, method.method)) return call.args.length > 0 && isUsedAtOnce(call.node, false, facts);
  return (
    soundsLikeService(object, method.method) &&
    call.args.length + call.keywords.size > 0 &&
    !facts.view.asyncNames().has(method.method) &&
    (isUsedAtOnce(call.node, false, facts) || isAnswered(call.node, facts))
  );
}

/** Of another file of the program, and neither a method, which may be a coroutine, nor one of Django, which has twins with an `a` in front. */
function isHashElsewhere(call: Call, name: string | undefined, facts: Facts): boolean {
  return (
    call.callee.kind === "identifier" &&
    soundsLikeHashing(call.callee.text) &&
    name !== undefined &&
    !/^(?:django|werkzeug|passlib|bcrypt|argon2)\./.test(name) &&
    facts.functionNamed(call.callee) === undefined &&
    call.args.length + call.keywords.size > 0
  );
}

/** A server sends what its handler returns, or drops what a statement gives: a coroutine would be awaited. */
function isAnswered(node: Node, facts: Facts): boolean {
  const kind = node.parent?.kind;
  return kind === "expression_statement" || (kind === "return_statement" && entryOf(node, facts) !== undefined);
}

/** What hands its work on to others at once: a queue, a pool, a client. */
const isOfSeveral = (object: Node): boolean => /(?:queue|pool|executor|client|tasks?|celery|api)$/i.test(object.text);

/** A text that is not written out here. */
function mayBeLong({ args }: Call, facts: Facts): boolean {
  const [text] = args;
  return text !== undefined && textValue(facts.valueOf(text) ?? text) === undefined;
}

/** It does nothing but compute, in a loop of very many turns. */
function computesLong(def: FunctionDef, facts: Facts): boolean {
  const loops = facts.bodyOf(def).descendants("for_statement", "list_comprehension", "generator_expression");
  return loops.some((it) => longLoop(it, facts)?.evidence === "proof") && computesInPython(def, facts);
}

/** The first call in a function of the file that works for long, as it is written there. */
function heavyInside(home: Node, call: Call, facts: Facts): string | undefined {
  const def = asFunction(home);
  const body = def && facts.bodyOf(def);
  if (!body || body.descendants("yield").length > 0) return undefined;
  const calls = call.callee.kind === "identifier" ? callsInside(call.callee, facts) : body.descendants("call");
  for (const node of calls) {
    const inner = asCall(node);
    const name = inner && functionAround(node) === home ? qualifiedName(inner, facts) : undefined;
    const isOfHome = inner !== undefined && functionAround(node) === home;
    if (isOfHome && ((name !== undefined && worksLong(name)) || runsNetwork(node))) return calleeText(node);
  }
  return undefined;
}

function isExempt(node: Node, facts: Facts): boolean {
  if (node.parent?.kind === "await" || useOf(node).kind === "awaited" || neverRuns(node)) return true;
  const def = asFunction(functionAround(node));
  return (
    (def !== undefined && /^(?:lifespan|startup|on_startup|setup|setup_hook|init\w*)$/.test(def.name)) ||
    isAheadOfTasks(node, true, facts) ||
    isCoroutineTest(node, facts)
  );
}
