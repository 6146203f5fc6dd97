/** An iterator that is gone through a second time, when there is nothing left in it. */

import {
  asAttribute,
  asAssignment,
  asCall,
  asComprehension,
  asFor,
  asMethodCall,
  defineRule,
  excerpt,
  functionAround,
  jumpsOf,
  statementOf,
  unwrap,
  useOf,
  weakest,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** Functions that give something which can be gone through once. */
const ONCE = new Set([
  ..."map filter zip enumerate reversed iter".split(" ").map((it) => `builtins.${it}`),
  "csv.reader",
  "csv.DictReader",
  "re.finditer",
  "os.scandir",
  "os.walk",
  "glob.iglob",
  "json.JSONDecoder.iterencode",
]);
const ONCE_METHODS = new Set(["imap", "imap_unordered", "iterdir", "rglob", "finditer", "iterrows", "itertuples"]);
/** Functions that go through all they are given. */
const USES_UP = new Set(
  "list tuple set frozenset dict sorted sum max min len collections.Counter collections.deque statistics.mean numpy.fromiter math.fsum math.prod".split(
    " ",
  ),
);

export default defineRule({
  title: "Iterator gone through twice",
  why: "A generator, map, filter, zip or reader gives its items once. Whoever goes through it a second time finds nothing, and no error says so: sums are 0, lists are empty, a loop does not run. Keep the items in a list, or make the iterator anew.",
  guide: "generators",
  level: "warning",
  gain: "safety",

  examples: [
    {
      before: `
def spread(values: list[float]) -> float:
    squares = (value * value for value in values)
    largest = max(squares)
    return largest - sum(squares)
`,
      after: `
def spread(values: list[float]) -> float:
    squares = [value * value for value in values]
    largest = max(squares)
    return largest - sum(squares)
`,
    },
  ],

  on: ["assignment"],
  values: { assignment: ["call", "generator_expression", "parenthesized_expression"] },

  find(node, { facts }) {
    const value = node.field("right");
    const name = node.field("left");
    if (!value || name?.kind !== "identifier" || !givesOnce(unwrap(value), facts)) return undefined;
    if (asAssignment(node)?.targets.length !== 1) return undefined;
    const home = functionAround(node);
    const reads = facts
      .readsSeeing(name)
      .filter((it) => functionAround(it) === home && facts.reachingSites(it).length === 1);
    const isPassedOn = !/^(?:iter|itertools)\b/.test(value.text);
    const used = reads.flatMap((read): readonly Used[] => {
      const by = usedUpBy(read, facts);
      if (by) return [{ read, by, evidence: "proof" }];
      const given = isPassedOn ? givenTo(read, facts) : undefined;
      return given ? [{ read, by: given, evidence: "fair" }] : [];
    });
    for (const [index, { read, by, evidence }] of used.entries()) {
      const region = statementOf(by);
      // Reading from the start again, as csv allows for its file.
      const isAgain = (later: Node) =>
        follows(region, later) && !/\.seek\(/.test(node.tree.text.slice(region.end, later.start));
      const later = used.slice(index + 1).find((it) => isAgain(it.read));
      if (later)
        return {
          at: later.read,
          evidence: weakest(evidence, later.evidence)!,
          by: by as Node | undefined,
          name,
          related: [{ at: read, message: "It is used up here." }],
        };
      if (evidence === "fair") continue;
      // A loop around the use that does not make the iterator anew: its second turn finds nothing.
      const loop = facts.loopsAround(by).find((it) => !node.isInside(it));
      if (loop && runsAgain(loop, by, read))
        return { at: read, evidence, by: undefined, name, related: [{ at: name, message: "It is made here." }] };
    }
    return undefined;
  },

  message({ name, by, evidence }) {
    const items = `\`${excerpt(name.text, 40)}\` gives its items once`;
    if (!by) return `${items}: from the second turn of the loop around on, nothing is left here.`;
    const user = by.kind === "for_statement" ? "the loop above" : `\`${excerpt(by.text.replace(/\s+/g, " "), 50)}\``;
    return evidence === "fair"
      ? `${items}: if ${user} goes through them, nothing is left here.`
      : `${items}, and ${user} has used them up: nothing is left here.`;
  },
});

interface Used {
  readonly read: Node;
  readonly by: Node;
  readonly evidence: Evidence;
}

/** A function of which only the name is known, and which most likely goes through what it is given. */
function givenTo(read: Node, facts: Facts): Node | undefined {
  const use = useOf(read);
  if (use.kind !== "argument" || !use.call) return undefined;
  const { callee } = asCall(use.call)!;
  const name = facts.nameOf(callee);
  if (
    name?.startsWith("builtins.") ||
    name?.startsWith("itertools.") ||
    /next|peek|take|first|chain|tee/i.test(callee.text)
  )
    return undefined;
  return use.call;
}

function givesOnce(value: Node, facts: Facts): boolean {
  if (value.kind === "generator_expression") return true;
  const call = asCall(value);
  if (!call) return false;
  const method = asMethodCall(value);
  if (method && ONCE_METHODS.has(method.method)) {
    const type = facts.typeOf(method.object)?.name;
    return type !== undefined && /^(?:multiprocessing\.|pathlib\.|re\.|pandas\.)/.test(type);
  }
  // Most values come from some call: its last word tells nearly all of them apart.
  const word = asAttribute(call.callee)?.name ?? call.callee.text;
  const name = WORDS.has(word) ? facts.nameOf(call.callee) : undefined;
  if (name !== undefined)
    return (
      (ONCE.has(name) || /^itertools\.(?!tee$|repeat$|count$|cycle$)/.test(name)) && !isEndless(name, call.args.length)
    );
  const def = call.callee.kind === "identifier" ? facts.functionNamed(call.callee) : undefined;
  if (!def || def.isAsync || def.decorators.length > 0) return false;
  return facts.memo("yields", def.node, () =>
    facts
      .bodyOf(def)
      .descendants("yield")
      .some((it) => functionAround(it) === def.node),
  );
}

const WORDS = new Set([
  ...[...ONCE].map((it) => it.slice(it.lastIndexOf(".") + 1)),
  ..."accumulate batched chain from_iterable combinations combinations_with_replacement compress dropwhile filterfalse groupby islice pairwise permutations product starmap takewhile zip_longest".split(
    " ",
  ),
]);

/** `iter(read, b"")` asks again each time. */
const isEndless = (name: string, given: number): boolean => name === "builtins.iter" && given > 1;

/** What goes through all items: a loop without an end of its own, a comprehension, a function such as `sum`. */
function usedUpBy(read: Node, facts: Facts): Node | undefined {
  const use = useOf(read);
  if (use.kind === "iterated") {
    const loop = asFor(use.in);
    if (loop) return leavesEarly(use.in) ? undefined : use.in;
    // The first clause of a comprehension; a generator expression reads later, unless it is used up at once.
    const whole = use.in.parent;
    const isFirst = whole?.descendants("for_in_clause")[0] === use.in;
    if (!whole || !isFirst || !asComprehension(whole)) return undefined;
    if (whole.kind !== "generator_expression") return whole;
    const consumer = asCall(whole.parent) ?? asCall(whole.parent?.parent);
    return consumer && goesThroughAll(consumer.node, facts) ? whole : undefined;
  }
  if (use.kind === "argument" && use.call && use.name === undefined && asCall(use.call)?.args[0] === read)
    return goesThroughAll(use.call, facts) ? use.call : undefined;
  return undefined;
}

function goesThroughAll(call: Node, facts: Facts): boolean {
  const { callee } = asCall(call)!;
  if (asMethodCall(call, "join")?.object.kind === "string") return true;
  return USES_UP.has((facts.nameOf(callee) ?? "").replace(/^builtins\./, ""));
}

function leavesEarly(loop: Node): boolean {
  if (jumpsOf(loop).some((it) => it.kind === "break_statement")) return true;
  return loop
    .descendants("return_statement", "raise_statement", "yield")
    .some((it) => functionAround(it) === functionAround(loop));
}

/** The second stands behind the first in its block, or deeper: it runs only when the first has run. */
function follows(first: Node, second: Node): boolean {
  return (
    second.start >= first.end &&
    first.parent !== undefined &&
    second.isInside(first.parent) &&
    !isOtherBranch(first, second)
  );
}

/** Statements of one block follow each other; the parts of an `if` do not. */
function isOtherBranch(first: Node, second: Node): boolean {
  const block = first.parent!;
  return block.kind !== "block" && block.kind !== "module" && second.isInside(block);
}

/** The loop around goes on after the iterator is used up. */
function runsAgain(loop: Node, by: Node, read: Node): boolean {
  if (by === loop || !by.isInside(loop) || loop.kind === "for_in_clause") return false;
  if (!/^(?:for|while)_statement$/.test(loop.kind)) return read.isInside(loop);
  // `for line in reader: … for line in reader:` goes on where it was.
  if (asFor(loop)?.iterable.text === read.text) return false;
  const body = loop.field("body");
  if (!body || !by.isInside(body)) return false;
  const ends = loop.descendants("break_statement", "return_statement", "raise_statement");
  return ends.length === 0;
}
