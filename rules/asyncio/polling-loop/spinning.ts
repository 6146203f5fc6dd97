/** Loops that do nothing but ask, without a pause: `while not done: pass`. */

import {
  argumentOf,
  asAttribute,
  asBinary,
  asCall,
  asComparison,
  asFunction,
  asIf,
  asMethodCall,
  asSubscript,
  asTry,
  callsUnder,
  excerpt,
  expressionOf,
  functionAround,
  isConstant,
  onlyStatement,
  statementsOf,
  textValue,
  unwrap,
  weakest,
  type Evidence,
  type Facts,
  type Node,
  type WhileLoop,
} from "../../../analysis/authoring.js";

export interface Spinning {
  readonly at: Node;
  readonly evidence: Evidence;
  /** It waits for a point in time. */
  readonly isTime: boolean;
  /** It waits for the end of a thread or process. */
  readonly isThread: boolean;
  /** `while True: pass`. */
  readonly isEndless: boolean;
}

/** What a loop waits for that has nothing else to do. */
export function spinningOn(loop: WhileLoop, isAsync: boolean, facts: Facts): Spinning | undefined {
  const isEmpty = doesNothing(loop.body);
  const isEndless = ALWAYS.test(unwrap(loop.condition).text);
  const condition = isEmpty ? loop.condition : isEndless ? leftBy(loop.body) : undefined;
  if (!condition) return undefined;
  const { text } = condition;
  if (isMeant(loop.node) || (!isAsync && facts.fileMatches(HARDWARE))) return undefined;
  const isTime = CLOCK.test(text);
  // Somebody who counts shorter than a sleep can be spins on purpose.
  if (isTime && !isAsync && /perf_counter|_ns\b|ticks/.test(text)) return undefined;
  const evidence = isEmpty && isEndless ? ("proof" as const) : stateIn(condition, isAsync, facts);
  return (
    evidence && {
      at: condition,
      evidence,
      isTime,
      // Of two threads one may end first, which join() cannot wait for.
      isThread: /\bis_alive\(\)/.test(text) && !/\b(?:and|or)\b/.test(text),
      isEndless: isEmpty && isEndless,
    }
  );
}

export interface Idle {
  /** What asks whether there is something in the queue. */
  readonly at: Node;
  readonly queue: Node;
}

/** A loop that goes round again at once where a queue is empty: `if jobs.empty(): continue`, `if not jobs.empty(): …` alone, `jobs.get_nowait()` and `except Empty: continue`. */
export function idlesOn(loop: WhileLoop, facts: Facts): Idle | undefined {
  // `while not stop.wait(0.1):` pauses, `while stream.read():` waits for something else.
  const asked = loop.condition.descendants("call").map((it) => asMethodCall(it));
  // Nor does what goes on until the queue is empty.
  if (asked.some((it) => !it || !LOOKS.test(it.method) || /^(?:empty|qsize)$/.test(it.method))) return undefined;
  const statements = statementsOf(loop.body);
  const [first] = statements;
  if (!first || isMeant(loop.node) || facts.fileMatches(HARDWARE)) return undefined;
  const branch = asIf(first);
  if (branch) {
    if (branch.elifs.length > 0 || branch.orElse) return undefined;
    const condition = unwrap(branch.condition);
    const isNegated = condition.kind === "not_operator";
    // Only where nothing else stands in the loop does it come straight back.
    if (isNegated ? statements.length > 1 : !doesNothing(branch.body) || !isContinued(branch.body)) return undefined;
    const look = asMethodCall(isNegated ? unwrap(condition.lastChild!) : condition, "empty");
    if (!look || look.args.length + look.keywords.size > 0) return undefined;
    return { at: branch.condition, queue: look.object };
  }
  const tried = asTry(first);
  const handler = tried?.handlers.find((it) => /(?:^|[.,( ])(?:Queue)?Empty\b/.test(it.type?.text ?? ""));
  const goesRound = handler && doesNothing(handler.body) && (isContinued(handler.body) || statements.length === 1);
  if (!tried || !goesRound) return undefined;
  const got = callsUnder(tried.body).find((it) => asMethodCall(it.node, "get_nowait", "get"));
  const method = got && asMethodCall(got.node);
  if (!got || !method) return undefined;
  const isAtOnce =
    method.method === "get_nowait" ||
    argumentOf(got, "block", 0)?.text === "False" ||
    /^0(?:\.0*)?$/.test(argumentOf(got, "timeout", 1)?.text ?? "");
  return isAtOnce ? { at: got.node, queue: method.object } : undefined;
}

const isContinued = (body: Node): boolean => statementsOf(body).at(-1)?.kind === "continue_statement";

const ALWAYS = /^(?:True|1)$/;
/** One program runs there and nothing waits for the core, or a turn must be shorter than any sleep. */
const HARDWARE =
  /^[ \t]*(?:from|import)[ \t]+(?:machine|board|busio|digitalio|microbit|pyb|utime|uasyncio|micropython|RPi|pigpio|gpiozero|smbus2?|spidev|usb|serial|numba|pycuda|cython)\b/m;
const CLOCK = /\b(?:time|monotonic|perf_counter|process_time|now|utcnow)(?:_ns)?\(\)/;

/** A function that is there to use up time. */
function isMeant(node: Node): boolean {
  const def = asFunction(functionAround(node));
  return def !== undefined && /spin|busy|burn|hang|block|stall|infinite|forever|stress|freeze|halt/i.test(def.name);
}

/** `pass`, `continue`, `...`, a text. */
function doesNothing(body: Node): boolean {
  return statementsOf(body).every((it) => {
    const value = expressionOf(it);
    return /^(?:pass|continue)_statement$/.test(it.kind) || value?.kind === "ellipsis" || value?.kind === "string";
  });
}

/** The condition of the only `if`, which leaves the loop. */
function leftBy(body: Node): Node | undefined {
  const branch = asIf(onlyStatement(body));
  if (!branch || branch.elifs.length > 0 || (branch.orElse && !doesNothing(branch.orElse))) return undefined;
  return /^(?:break|return)_statement$/.test(onlyStatement(branch.body)?.kind ?? "") ? branch.condition : undefined;
}

/** Methods that only look. Others may take a step each time. */
const LOOKS =
  /^(?:is_?(?:set|alive|playing|busy|running|done|ready|open|connected|closed|finished|active|paused|complete[d]?|empty|available|initialized|speaking|recording|set_up|locked|loaded|started|stopped|pending|idle)|isSet|isAlive|isRunning|isFinished|isReady|isPlaying|isConnected|done|empty|full|locked|running|alive|exists|is_file|get_busy|ready|finished|active_count|active_children|cancelled|qsize)$/;
const PATHS =
  /^(?:os\.path\.(?:exists|isfile|isdir|getsize)|threading\.(?:active_count|enumerate)|multiprocessing\.active_children)$/;

/** How surely the condition only looks at what somebody else changes. */
function stateIn(condition: Node, isAsync: boolean, facts: Facts): Evidence | undefined {
  const node = unwrap(condition);
  if (node.kind === "not_operator") return stateIn(node.lastChild!, isAsync, facts);
  const both = node.kind === "boolean_operator" ? asBinary(node) : undefined;
  if (both) return weakestOf(stateIn(both.left, isAsync, facts), stateIn(both.right, isAsync, facts));
  const comparison = asComparison(node);
  if (comparison) {
    const sides = [comparison.left, comparison.right].map((it) => sideOf(it, isAsync, facts));
    const isFixed = isLocal(comparison.left, facts) && isLocal(comparison.right, facts);
    return sides[0] && sides[1] && !isFixed ? weakest(sides[0], sides[1]) : undefined;
  }
  return isLocal(node, facts) ? undefined : sideOf(node, isAsync, facts);
}

/** A value that only the loop itself could change, so that it never ends: another matter. */
function isLocal(side: Node, facts: Facts): boolean {
  const node = unwrap(side);
  return isConstant(node) || (node.kind === "identifier" && !facts.isRemote(node)) || textValue(node) !== undefined;
}

function sideOf(side: Node, isAsync: boolean, facts: Facts): Evidence | undefined {
  const node = unwrap(side);
  if (isConstant(node) || textValue(node) !== undefined || /^[\w.]+\.[A-Z][A-Z_]+$/.test(node.text)) return "proof";
  if (node.kind === "identifier") return "proof";
  if (/^(?:list|tuple|set)$/.test(node.kind)) return "proof";
  const call = asCall(node);
  if (call) {
    if (CLOCK.test(`${call.callee.text}()`)) return "proof";
    const name = facts.nameOf(call.callee);
    if (name === "builtins.len" && call.args.length === 1) return sideOf(call.args[0]!, isAsync, facts) && "strong";
    if (name !== undefined && PATHS.test(name)) return "strong";
    const method = asMethodCall(node);
    if (!method || method.args.length + method.keywords.size > 0) return undefined;
    if (method.method === "poll" && /proc|popen/i.test(method.object.text)) return "strong";
    const own = LOOKS.test(method.method) ? (facts.functionNamed(call.callee) ?? undefined) : undefined;
    if (own && /sleep|wait/.test(excerpt(own.node.text, 2000))) return undefined;
    return LOOKS.test(method.method) ? "strong" : undefined;
  }
  const attribute = asAttribute(node);
  if (attribute)
    return asCall(attribute.object) || !STATE.test(attribute.name) ? undefined : isAsync ? "strong" : "fair";
  const item = asSubscript(node);
  if (item)
    return item.indices.every((it) => isConstant(it)) && sideOf(item.value, isAsync, facts) ? "fair" : undefined;
  const sum = asBinary(node);
  return sum && weakestOf(sideOf(sum.left, isAsync, facts), sideOf(sum.right, isAsync, facts));
}

const weakestOf = (a: Evidence | undefined, b: Evidence | undefined): Evidence | undefined => a && b && weakest(a, b);

/** Attributes that say how something stands; another one may be a property that takes a step. */
const STATE =
  /(?:^|_)(?:done|ready|running|finished|stopped?|started|busy|active|alive|open|opened|closed|connected|connecting|complete|completed|state|status|flag|result|results|response|received|playing|paused|loaded|available|initialized|exit|quit|empty|locked|lock|waiting|pending|count|value|enabled|success|error|data|shutdown|terminated?)$|^is_?[a-zA-Z]/;
