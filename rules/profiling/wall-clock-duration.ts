/** A duration taken as the difference of two readings of the wall clock, or a deadline that waits for one of them. */

import {
  asAttribute,
  asAugmented,
  asBinary,
  asAssignment,
  asCall,
  asComparison,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  frameDoubt,
  importName,
  isStored,
  lastName,
  replace,
  textValue,
  unwrap,
  statementOf,
  useOf,
  wrapped,
  type Binding,
  type Declined,
  type Edit,
  type Facts,
  type File,
  type Fix,
  type Import,
  type Match,
  type Node,
  type Site,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Duration measured with the wall clock",
  why: "time.time() reads the system clock, which time synchronisation and users can set back or forward. time.perf_counter() only runs forward and has the finest resolution.",
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

  on: ["binary_operator", "comparison_operator"],

  find(node, { facts }): Measured | undefined {
    const difference = asBinary(node);
    if (node.kind === "comparison_operator" || difference?.operator === "-") {
      const deadline = deadlineIn(node, facts);
      if (deadline)
        return { at: node, evidence: "proof", weight: facts.isTest ? "unknown" : "heavy", operands: [], deadline };
    }
    const operands =
      difference?.operator === "-" ? [difference.left, difference.right].map((it) => unscaled(unwrap(it))) : [];
    const isReading = operands.map((it) => isClock(it, facts) || isStoredReading(it, facts));
    const isShown = operands.length > 0 && isReading.every(Boolean);
    if (!isShown && !(isReading[0] && isNamedStart(unwrap(difference!.right), facts))) {
      const entry = facts.isTest ? undefined : cachedTimeIn(node, facts);
      return entry && { at: node, evidence: "fair", weight: "heavy", operands: [], deadline: entry, isCached: true };
    }
    if (operands.every((it) => isClock(it, facts)) || isCorrection(node, operands)) return undefined;
    return {
      at: node,
      evidence: isShown ? "proof" : "fair",
      weight: isShown && isTested(node, facts) ? "heavy" : "unknown",
      operands,
    };
  },

  message: ({ deadline, isCached }) =>
    isCached
      ? "time.time() may jump, and what is cached here then goes at once or stays for hours; time.monotonic() only runs forward."
      : deadline
        ? "time.time() may jump before this deadline, which then comes at once or hours late; time.perf_counter() only runs forward."
        : "time.time() may jump during this measurement; time.perf_counter() only runs forward.",

  fix: ({ at, operands, deadline, isCached }, file) =>
    isCached
      ? declined("each place that stores such a time has to take the other clock too")
      : deadline
        ? onlyDeadline(at, deadline, file)
        : onlyDurations(at, operands, file),
});

interface Measured extends Match {
  readonly at: Node;
  /** The readings of a difference. */
  readonly operands: readonly Node[];
  /** What stands for a moment that was set by the clock, and is compared with it. */
  readonly deadline?: Node;
  /** That moment is when something in a cache in memory was stored, or goes. */
  readonly isCached?: boolean;
}

/** `entry["stored_at"]` of `now - entry["stored_at"]` and `entry["expires_at"]` of `now < entry["expires_at"]`, where `entry` is one of a cache in memory. */
function cachedTimeIn(node: Node, facts: Facts): Node | undefined {
  const sides = asComparison(node) ?? asBinary(node);
  if (!sides || !/^(?:[<>]=?|-)$/.test(sides.operator)) return undefined;
  const [left, right] = [unwrap(sides.left), unwrap(sides.right)];
  const isNow = (it: Node) => isClock(it, facts) || (it.kind === "identifier" && isStoredReading(it, facts));
  const moment = sides.operator === "-" || !isCachedTime(left, facts) ? right : left;
  if (!isCachedTime(moment, facts) || !isNow(moment === right ? left : right)) return undefined;
  // What is written to a file or server is read again after a restart, for which only the time of day will do.
  return facts.fileMatches(OUTLIVES) ? undefined : moment;
}

const OUTLIVES =
  /\b(?:pickle|shelve|sqlite3|diskcache|redis|joblib)\b|\bjson\.dump\(|\.(?:write_text|to_json)\(|model_dump_json/;

/** By its name the time of an entry, and by the name of what holds it one of a cache. */
function isCachedTime(node: Node, facts: Facts): boolean {
  const item = asSubscript(node);
  const attribute = asAttribute(node);
  const got = asMethodCall(node, "get");
  const holder = item?.value ?? attribute?.object ?? got?.object;
  if (!holder) return CACHE_TIME.test(node.text) && node.kind === "identifier";
  if (attribute && CACHE_TIME.test(attribute.name)) return true;
  const key = item?.indices[0] ?? got?.args[0];
  const isMoment = attribute
    ? MOMENT.test(attribute.name)
    : key !== undefined && (MOMENT.test(textValue(key) ?? "") || (/^[01]$/.test(key.text) && holder.kind !== "call"));
  const root = holder.kind === "identifier" && !/cache/i.test(holder.text) ? facts.valueOf(holder) : holder;
  return (isMoment || CACHE_TIME.test(lastName(holder))) && root !== undefined && /cache/i.test(root.text);
}

const MOMENT =
  /^_?(?:expir\w*|timestamp|ts|time|(?:cached|created|stored|fetched|added|inserted|updated)(?:_at|_time|_ts)|last_(?:access\w*|used|update\w*))$/i;
const CACHE_TIME = /cache\w*_(?:time|timestamps?|ts|at|expiry|expires\w*)$/i;

/** `now = now + (time.time() - now) / 2`: what comes out is a time of day. In `start = time.time() - start` it is the duration. */
function isCorrection(difference: Node, operands: readonly Node[]): boolean {
  const [assigned, added] = [asAssignment(statementOf(difference)), asAugmented(statementOf(difference))];
  const targets = assigned?.targets ?? (added ? [added.target] : []);
  const isWhole = assigned?.value !== undefined && unwrap(assigned.value) === difference;
  return !isWhole && targets.some((target) => operands.some((it) => it.text === target.text));
}

/** `time.time()` of `int(round(time.time() * 1000))`. */
function unscaled(node: Node): Node {
  const call = asCall(node);
  if (call && ROUNDS.has(call.callee.text) && call.args[0]) return unscaled(unwrap(call.args[0]));
  const product = asBinary(node);
  return product?.operator === "*" && /^(?:integer|float)$/.test(product.right.kind) ? unscaled(product.left) : node;
}

const ROUNDS = new Set(["int", "round", "float"]);

/** By its name a measurement began there, and nothing in sight says that it comes from elsewhere: a parameter, an item of a table. */
function isNamedStart(node: Node, facts: Facts): boolean {
  const item = itemOf(node);
  if (item) return START.test(item);
  if (node.kind !== "identifier") return false;
  const sites = facts.reachingSites(node);
  return (
    sites.length > 0 &&
    sites.every(({ kind, value, path }) => {
      const from = value && path.length === 0 ? itemOf(unwrap(value)) : undefined;
      return kind === "parameter" ? START.test(node.text) : from !== undefined && START.test(`${node.text} ${from}`);
    })
  );
}

/** What names an item: `starts key` of `starts["key"]` and `starts.get("key")`, `starts` of `starts.pop()`. */
function itemOf(node: Node): string | undefined {
  const item = asSubscript(node);
  const method = item ? undefined : asMethodCall(node, "get", "pop");
  const [holder, key] = item ? [item.value, item.indices[0]] : [method?.object, method?.args[0]];
  return holder && `${lastName(holder)} ${textValue(key) ?? ""}`;
}

const START = /(?:^|[_ ])(?:t_?0|tic|(?:start|begin|began)(?:ed|ing|s|_?times?|_?at|_\w+)?|time_marks?)(?: |$)/i;

/** `end` of `time.time() < end` and of `end - time.time()`, `start + limit` of `time.time() > start + limit`. */
function deadlineIn(node: Node, facts: Facts): Node | undefined {
  const sides = asComparison(node) ?? asBinary(node);
  if (!sides || /^(?:in|not in|is|is not)$/.test(sides.operator)) return undefined;
  const [left, right] = [unwrap(sides.left), unwrap(sides.right)];
  const other = isClock(left, facts) ? right : isClock(right, facts) ? left : undefined;
  if (!other || isClock(other, facts)) return undefined;
  return isDeadline(other, facts) ? other : undefined;
}

/** A sum with a reading of the clock, or a name or own attribute that can only hold such a sum here. */
function isDeadline(node: Node, facts: Facts): boolean {
  const sum = asBinary(node);
  if (sum) return sum.operator === "+" && readingIn(sum, facts) !== undefined;
  const sites = node.kind === "identifier" ? facts.reachingSites(node) : storedIn(node, facts);
  return (
    sites.length > 0 &&
    sites.every(({ kind, path, value }) => {
      const set = kind === "assign" && path.length === 0 ? asBinary(value && unwrap(value)) : undefined;
      return set?.operator === "+" && readingIn(set, facts) !== undefined;
    })
  );
}

/** The operand of a sum that is a reading of the clock, taken there or before. */
function readingIn({ left, right }: { readonly left: Node; readonly right: Node }, facts: Facts): Node | undefined {
  return [left, right].map(unwrap).find((it) => isClock(it, facts) || isStoredReading(it, facts));
}

/** `time.time()`. */
function isClock(node: Node, facts: Facts): boolean {
  const call = asCall(node);
  return call !== undefined && call.args.length === 0 && facts.nameOf(call.callee) === "time.time";
}

/** The program may go on in another way when the clock jumps: a deadline, a rate, a duration that is returned. Elsewhere a wrong number is shown. */
function isTested(difference: Node, facts: Facts): boolean {
  if (facts.isTest) return false;
  // `first is None` only asks whether there is a duration yet, `elapsed > 0` whether one may divide by it.
  const decides = (it: Node) => {
    const use = useOf(it);
    return use.kind === "compared" && use.in.children.every((side) => side.kind !== "none") && !asksForZero(use.in);
  };
  const compared = difference.ancestor("comparison_operator", "call", "lambda");
  const use = useOf(difference);
  // What is returned may decide something in the caller.
  if (use.kind === "returned") return true;
  const [target, more] = use.kind === "assigned" ? (asAssignment(use.in)?.targets ?? []) : [];
  return (
    decides(difference) ||
    (compared?.kind === "comparison_operator" && !asksForZero(compared)) ||
    (target?.kind === "identifier" && !more && facts.readsSeeing(target).some(decides))
  );
}

/** `elapsed > 0`, and not `0 < limit <= elapsed`. */
const asksForZero = ({ children }: Node): boolean =>
  children.length === 2 && children.some((side) => /^0(?:\.0*)?$/.test(side.text));

/** A name or own attribute that at this place can only hold a reading of the clock. */
function isStoredReading(node: Node, facts: Facts, depth = 1): boolean {
  // `start = end`: the next turn begins where this one ended.
  const isReading = (value: Node) =>
    isClock(value, facts) || (depth > 0 && value.kind === "identifier" && isStoredReading(value, facts, depth - 1));
  const sites = node.kind === "identifier" ? readingsOf(node, facts) : storedIn(node, facts);
  return (
    sites.length > 0 &&
    sites.every(
      (it) =>
        it.kind === "assign" && it.path.length === 0 && it.value !== undefined && isReading(unscaled(unwrap(it.value))),
    )
  );
}

/** What an own attribute can have been given, `None` or 0 before the first reading left out. */
function storedIn(node: Node, facts: Facts): readonly Site[] {
  const place = node.kind === "attribute" ? facts.placeOf(node) : undefined;
  return place?.reaching(node).filter((it) => !isBeforeFirst(it)) ?? [];
}

/** The same of a name: `last = 0` in front of a loop, or in the module for what a function kept the last time. */
function readingsOf(node: Node, facts: Facts): readonly Site[] {
  const sites = facts.reachingSites(node);
  return sites.filter((it) => !isBeforeFirst(it));
}

const isBeforeFirst = ({ value }: Site): boolean => value?.kind === "none" || /^-?0(\.0)?$/.test(value?.text ?? "");

/** Every reading involved is used for differences alone, so that all of them can move to the other clock together. */
function onlyDurations(at: Node, operands: readonly Node[], file: File): Fix | Declined {
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
    if (!binding)
      return declined(`\`${node.text}\` is not a plain name, and other code may read it as the time of day`);
    if (bindings.some((it) => it.scope === binding.scope && it.name === binding.name)) continue;
    bindings.push(binding);
    for (const site of binding.sites) {
      if (
        site.kind !== "assign" ||
        site.path.length > 0 ||
        !site.value ||
        site.isRemote ||
        !isClock(unscaled(unwrap(site.value)), facts)
      )
        return declined(`\`${node.text}\` is also given something that is no reading of the clock`);
      clocks.add(unscaled(unwrap(site.value)));
    }
    for (const read of binding.reads) {
      const parent = wrapped(read).parent;
      const difference = asBinary(parent);
      if (difference?.operator !== "-") return declined(`\`${node.text}\` is also used as the time of day`);
      pending.push(...[difference.left, difference.right].map((it) => unscaled(unwrap(it))));
    }
  }

  return toClock(clocks, bindings, at, file);
}

/** Every use of the name compares it with the clock, so that all readings can move to the other clock together. */
function onlyDeadline(at: Node, deadline: Node, file: File): Fix | Declined {
  const { facts } = file;
  const binding = deadline.kind === "identifier" ? facts.bindingOf(deadline) : undefined;
  if (!binding)
    return declined(`\`${excerpt(deadline.text, 40)}\` is not a plain name, and may be a time of day elsewhere`);
  const clocks = new Set<Node>();
  for (const { kind, path, value, isRemote } of binding.sites) {
    const sum = kind === "assign" && path.length === 0 && !isRemote ? asBinary(value && unwrap(value)) : undefined;
    const clock = sum && [sum.left, sum.right].map(unwrap).find((it) => isClock(it, facts));
    if (!clock || sum.operator !== "+") return declined(`\`${deadline.text}\` is also set in another way`);
    clocks.add(clock);
  }
  for (const read of binding.reads) {
    const { parent } = wrapped(read);
    const sides = asComparison(parent) ?? asBinary(parent);
    const clock = sides && [sides.left, sides.right].map(unwrap).find((it) => isClock(it, facts));
    if (!clock || (parent?.kind === "binary_operator" && sides.operator !== "-"))
      return declined(`\`${deadline.text}\` is also used as the time of day`);
    clocks.add(clock);
  }
  return toClock(clocks, [binding], at, file, "Wait by time.perf_counter()");
}

/** Readings of the time of day become readings of the other clock. */
function toClock(
  clocks: ReadonlySet<Node>,
  bindings: readonly Binding[],
  at: Node,
  file: File,
  title = "Measure with time.perf_counter()",
): Fix | Declined {
  const { facts } = file;
  const edits: Edit[] = [];
  for (const clock of clocks) {
    const counter = counterNear(clock, file);
    if (!counter) return declined("the name `perf_counter` means something else here");
    edits.push(
      ...counter.edits.filter((it) => !edits.some((other) => other.text === it.text)),
      replace(asCall(clock)!.callee, counter.name),
    );
  }
  if (at.isBroken) return declined("the code has a syntax error");
  // Names of a module or class can be read from anywhere, those of a notebook in its own cells alone.
  const isOwn = facts.isNotebook || bindings.every((it) => it.scope.kind === "function");
  return fixOf(
    title,
    [
      !isOwn && `other files may use \`${bindings[0]!.name}\` as the time of day`,
      (facts.fileMatches(REPLACED) || isReplaced(facts)) && "this file replaces the clock",
      frameDoubt(at, facts),
    ],
    edits,
  );
}

/** `t.time = fake`, where `t` is the module. */
const isReplaced = (facts: Facts): boolean =>
  facts.keptForFixes("a clock that is replaced", () =>
    facts.view
      .attributesOf("time")
      .some((it) => isStored(it) && facts.nameOf(asAttribute(it)?.object ?? it) === "time"),
  );

/** What the counter is called there: where the module is at hand it needs no import. */
function counterNear(clock: Node, file: File): Import | undefined {
  const found = importName(file, "time", "perf_counter", clock);
  const attribute = asAttribute(asCall(clock)!.callee);
  return found?.isThere || !attribute
    ? found
    : { name: `${attribute.object.text}.perf_counter`, isThere: true, edits: [] };
}

/** Tests give the clock a value of their own: by name, by attribute, or with a library that holds time. A run ends where the next one begins, so that a line is read once. */
const REPLACED =
  /["'][\w.]*\btime\.time["']|\bsetattr\((?:(?!setattr\()[^\n,])*\btime["'\])]*,\s*(?:name=)?["']time["']|\bpatch\.object\((?:(?!patch\.object\()[^\n])*["']time["']|\btime\.time\s*=[^=]|\b(freezegun|freeze_time|time_machine)\b/;
