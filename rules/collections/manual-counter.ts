/** Finds `counts[key] = counts.get(key, 0) + 1` and the same with a test: a dict that counts by hand. */

import {
  asAssignment,
  asAugmented,
  asBinary,
  asComparison,
  asFor,
  asIf,
  asMethodCall,
  asSubscript,
  begunEmpty,
  comprehension,
  declined,
  defineRule,
  excerpt,
  expressionOf,
  fixOf,
  gatheringOf,
  hasComments,
  headOf,
  importName,
  insteadOfFilling,
  integerOf,
  isComprehensible,
  isConstant,
  onlyStatement,
  previousStatement,
  replace,
  statementOf,
  statementsOf,
  unwrap,
  type Edit,
  type Facts,
  type File,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Counting by hand in a dict",
  why: "collections.Counter is a dict for counting: a missing key counts as 0, and given an iterable it counts all of it in compiled code. By hand each step looks up the key twice and says how counting is done, not what is counted.",
  guide: "data-structures",
  level: "info",
  differs: { light: "off" },
  gain: "time",
  fixes: "review",

  examples: [
    {
      before: `
def frequencies(words: list[str]) -> list[tuple[str, int]]:
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts.items())
`,
      after: `from collections import Counter

def frequencies(words: list[str]) -> list[tuple[str, int]]:
    counts = Counter(words)
    return sorted(counts.items())
`,
    },
  ],

  on: ["assignment", "if_statement", "augmented_assignment"],
  within: "loop",

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const step =
      node.kind === "assignment" ? byGet(node) : node.kind === "if_statement" ? byTest(node) : byDefault(node);
    const loop = step && facts.loopAround(step.first);
    if (!step || !loop || step.counts.kind === "call") return undefined;
    const begun = beginOf(step.counts, facts);
    if (!begun) return undefined;
    // A handful of fixed keys is a record, not a count of something.
    if (isConstant(unwrap(step.key))) return undefined;
    const weight = facts.weightOf(step.first);
    // Beside all that such a turn does, counting in another way changes next to nothing.
    const isAside = statementsOf(loop.field("body") ?? loop).length > MOST_BESIDE;
    return {
      at: step.at,
      construct: node,
      evidence: "proof",
      weight: isAside && weight === "heavy" ? "unknown" : weight,
      step,
      begun,
    };
  },

  message: ({ step: { counts, key } }) =>
    `\`${excerpt(counts.text, 30)}\` counts by hand how often each \`${excerpt(key.text.replace(/\s+/g, " "), 30)}\` comes; a \`Counter\` begins at 0 by itself.`,

  fix({ step, begun }, file) {
    const { counts, key } = step;
    const { tree } = step.first;
    if (hasComments(step.first) || tree.text.slice(step.first.start, step.last.end).includes("#"))
      return declined("a comment would be lost");
    if (!begun.value) return declined(`\`${excerpt(counts.text, 30)}\` is made elsewhere`);
    const counter = importName(file, "collections", "Counter", begun.value);
    if (!counter) return declined("`Counter` cannot be imported here");
    const doubts = [
      "a missing key gives 0 instead of an error",
      "it is printed, compared with `-` and joined with `update` as a Counter",
    ];
    const whole = wholeLoop(step, counter.name, file);
    const hint = counterHint(begun.value, counter.name, file);
    if (whole) {
      const isApart = hint.every(({ at }) => whole.every((it) => it.at.end <= at.start || at.end <= it.at.start));
      return fixOf("Count with a Counter", doubts, [...counter.edits, ...(isApart ? hint : []), ...whole]);
    }
    const made = replace(begun.value, `${counter.name}()`);
    const put = `${counts.text}[${key.text}] += 1`;
    return fixOf("Count with a Counter", doubts, [...counter.edits, ...hint, made, ...stepEdits(step, put)]);
  },
});

/** The statements of a loop that counts, with what it counts worked out first. */
const MOST_BESIDE = 3;

/** `counts: dict[str, int] = {}` says what it counts; a Counter says it as `Counter[str]`. */
function counterHint(value: Node, name: string, { facts }: File): readonly Edit[] {
  const annotation = asAssignment(value.parent)?.annotation;
  const [, dict, keys] = (annotation && /^((?:typing\.)?[dD]ict)\[(.+), *int\]$/.exec(annotation.text)) ?? [];
  // What `dict[…]` runs under knows `Counter[…]` too.
  return keys === undefined || (dict !== "dict" && !facts.hasPython("3.9"))
    ? []
    : [replace(annotation!, `${name}[${keys}]`)];
}

interface Step {
  /** What is underlined. */
  readonly at: Node;
  readonly counts: Node;
  readonly key: Node;
  /** The statements that count: one, or one after the other. */
  readonly first: Node;
  readonly last: Node;
  /** How often the statements name the dict. */
  readonly reads: number;
}

/** `counts[key] = counts.get(key, 0) + 1`. */
function byGet(node: Node): Step | undefined {
  const assignment = asAssignment(node.parent);
  const [target, more] = assignment?.targets ?? [];
  const slot = asSubscript(target);
  const sum = asBinary(assignment?.value && unwrap(assignment.value));
  if (!slot || more || sum?.operator !== "+" || slot.indices.length !== 1) return undefined;
  const [got, one] = integerOf(sum.right) === 1 ? [sum.left, sum.right] : [sum.right, sum.left];
  const get = asMethodCall(unwrap(got), "get");
  if (integerOf(one) !== 1 || !get || get.args.length !== 2 || integerOf(get.args[1]) !== 0) return undefined;
  if (
    get.object.text !== slot.value.text ||
    get.args[0]!.text.replace(/^\(|\)$/g, "") !== slot.indices[0]!.text.replace(/^\(|\)$/g, "")
  )
    return undefined;
  const statement = statementOf(node);
  return { at: node, counts: slot.value, key: slot.indices[0]!, first: statement, last: statement, reads: 2 };
}

/** `if key in counts: counts[key] += 1`, `else: counts[key] = 1`, either way round. */
function byTest(node: Node): Step | undefined {
  const branch = asIf(node);
  const test = asComparison(branch?.condition && unwrap(branch.condition));
  if (!branch || !test || branch.elifs.length > 0 || (test.operator !== "in" && test.operator !== "not in"))
    return undefined;
  const counts = asMethodCall(unwrap(test.right), "keys")?.object ?? unwrap(test.right);
  const then = onlyStatement(branch.body);
  const otherwise =
    branch.orElse && onlyStatement(branch.orElse.kind === "else_clause" ? branch.orElse.field("body") : branch.orElse);
  const [more, one] = test.operator === "in" ? [then, otherwise] : [otherwise, then];
  if (!branch.orElse || !isStep(more, counts, test.left, "+=") || !isStep(one, counts, test.left, "="))
    return undefined;
  return { at: test.node, counts, key: test.left, first: node, last: node, reads: 3 };
}

/** `counts.setdefault(key, 0)` or `if key not in counts: counts[key] = 0`, and `counts[key] += 1` below. */
function byDefault(node: Node): Step | undefined {
  const grown = asAugmented(node);
  const slot = asSubscript(grown?.target);
  if (!slot || slot.indices.length !== 1 || grown?.operator !== "+=" || integerOf(grown.value) !== 1) return undefined;
  const last = statementOf(node);
  const first = previousStatement(last);
  const key = slot.indices[0]!;
  const set = first && asMethodCall(expressionOf(first), "setdefault");
  if (set && set.object.text === slot.value.text && set.args[0]?.text === key.text && integerOf(set.args[1]) === 0)
    return { at: node, counts: slot.value, key, first: first!, last, reads: 2 };
  const branch = asIf(first);
  const test = asComparison(branch?.condition && unwrap(branch.condition));
  if (!branch || !test || branch.orElse || branch.elifs.length > 0 || test.operator !== "not in") return undefined;
  const counts = asMethodCall(unwrap(test.right), "keys")?.object ?? unwrap(test.right);
  if (
    counts.text !== slot.value.text ||
    test.left.text !== key.text ||
    !isStep(onlyStatement(branch.body), counts, key, "=", 0)
  )
    return undefined;
  return { at: node, counts: slot.value, key, first: first!, last, reads: 3 };
}

/** `counts[key] += 1`, `counts[key] = 1`. */
function isStep(statement: Node | undefined, counts: Node, key: Node, operator: "=" | "+=", value = 1): boolean {
  const grown = operator === "+=" ? asAugmented(statement) : undefined;
  const set = operator === "=" ? asAssignment(statement) : undefined;
  const target = asSubscript(grown?.target ?? set?.targets[0]);
  const by = grown?.value ?? set?.value;
  if (
    !target ||
    !by ||
    target.value.text !== counts.text ||
    target.indices.length !== 1 ||
    target.indices[0]!.text !== key.text
  )
    return false;
  return integerOf(by) === value && (grown === undefined || grown.operator === "+=");
}

interface Begun {
  /** The `{}` that it begins with; undefined where it comes from elsewhere. */
  readonly value: Node | undefined;
}

/** A dict that is made empty here, of which all uses are in sight. */
function beginOf(counts: Node, facts: Facts): Begun | undefined {
  const place = facts.placeOf(counts);
  const type = facts.typed(counts)?.type.name;
  if (type !== undefined && type !== "dict") return undefined;
  const value = facts.valueOf(counts);
  const isEmpty = value !== undefined && (value.text === "{}" || value.text === "dict()");
  if (isEmpty && place) return { value };
  // `{task: 0 for task in tasks}`: the zeros are wanted.
  if (/^dictionary/.test(value?.kind ?? "") || /\bfromkeys\(/.test(value?.text ?? "")) return undefined;
  return type === "dict" && (counts.kind === "identifier" || counts.kind === "attribute")
    ? { value: undefined }
    : undefined;
}

/** `counts = Counter(words)`, where the loop does nothing else. */
function wholeLoop(step: Step, name: string, { facts }: File): readonly Edit[] | undefined {
  if (step.first !== step.last || step.counts.kind !== "identifier") return undefined;
  const around = facts.loopsAround(step.first).at(-1);
  const loop = asFor(around);
  const gathering = loop && !loop.isAsync && !loop.orElse ? gatheringOf(loop, true) : undefined;
  // `if key in counts … else …` is taken for the end of the turn.
  if (!loop || gathering?.statement !== step.first) return undefined;
  const begun = begunEmpty(step.counts, "dict", loop.node, facts);
  if (!begun || !isComprehensible(gathering, facts)) return undefined;
  const reads = facts.readsOf(step.counts, loop.node).length;
  if (reads !== step.reads || facts.isObserved(step.counts, loop.node)) return undefined;
  const isCopy =
    gathering.clauses.length === 1 && loop.target.kind === "identifier" && loop.target.text === step.key.text;
  if (hasComments(loop.node)) return undefined;
  if (isCopy) return insteadOfFilling({ gathering, ...begun }, `${name}(${loop.iterable.text})`);
  const text = comprehension(gathering, step.key, `${headOf(begun.assignment)}${name}`, facts.lineLength, ["(", ")"]);
  return text === undefined ? undefined : insteadOfFilling({ gathering, ...begun }, `${name}${text}`);
}

function stepEdits({ first, last }: Step, put: string): readonly Edit[] {
  return [replace(first === last ? first : { tree: first.tree, start: first.start, end: last.end }, put)];
}
