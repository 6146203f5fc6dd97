/** Several percentiles of one array, each with a call of its own. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asComprehension,
  asFor,
  asLambda,
  asMethodCall,
  between,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  functionCalled,
  groupedOf,
  hasComments,
  isConstant,
  lastIdentifier,
  nextStatement,
  replace,
  seriesEvidence,
  statementOf,
  statementsOf,
  unwrap,
  type Call,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Node,
  type Related,
  type Weight,
} from "../../analysis/authoring.js";

const FUNCTIONS = ["percentile", "quantile", "nanpercentile", "nanquantile"].map((it) => `numpy.${it}`);
const WORD = /(?:percentile|quantile)$/;
/** Names of lists of quantiles. */
const MANY = /(^|[._])(q|quantile|percentile|perc|prob|level|alpha|p|place|pct|tau)s$/i;
/** Calls with more statements than this between them are no pair. */
const FAR = 5;

export default defineRule({
  title: "Several quantiles of one array, one call each",
  why: "Each call copies the array and partitions it from the beginning. One call with a list of quantiles copies it once and finds all of them in it.",
  guide: "numpy",
  level: "info",
  gain: "time",
  imports: ["numpy", "pandas", "torch"],
  orWords: ["quantile"],
  fixes: "safe",

  examples: [
    {
      before: `
import numpy as np

def spread(delays: np.ndarray) -> float:
    low = np.percentile(delays, 25)
    high = np.percentile(delays, 75)
    return high - low
`,
      after: `
import numpy as np

def spread(delays: np.ndarray) -> float:
    low, high = np.percentile(delays, [25, 75])
    return high - low
`,
    },
  ],

  on: ["call"],
  calls: [...FUNCTIONS, "torch.quantile", "torch.nanquantile"],
  methods: ["quantile", "agg", "aggregate"],

  find(node, { facts }): Found | undefined {
    const gathered = facts.isTest ? undefined : ofAggregate(node, facts);
    if (gathered) return gathered;
    const quantile = facts.isTest ? undefined : quantileOf(node, facts);
    if (!quantile) return undefined;
    const rest = {
      at: quantile.call.callee,
      construct: node,
      evidence: quantile.evidence,
      quantile,
      gathered: undefined,
    };
    const loop = loopOver(quantile, facts);
    if (loop) return { ...rest, weight: facts.weightOf(loop), loop, others: [] };
    const block = statementOf(node).parent;
    const group = block && groupsIn(block, facts).find((it) => it[0]?.call.node === node);
    if (!group) return undefined;
    const others = group.slice(1);
    const related = others.map((it) => ({ at: it.call.callee, message: "another quantile of the same array" }));
    return { ...rest, weight: facts.weightOf(node), related, loop: undefined, others };
  },

  message: ({ quantile, loop, others, gathered }) => {
    if (gathered)
      return `\`${excerpt(gathered.object.text.replace(/\s+/g, " "), 30)}\` is sorted anew by a function of Python's for each of ${gathered.count} quantiles; \`.quantile([…])\` gives all of them in one call.`;
    const { call, array, method } = quantile!;
    const of = excerpt(array.text.replace(/\s+/g, " "), 30);
    const name = method ? `.${method}` : call.callee.text;
    if (loop) return `\`${of}\` is partitioned again for every quantile; \`${name}\` takes all of them in one call.`;
    const count = others.length === 1 ? "twice" : `${others.length + 1} times`;
    return `\`${of}\` is partitioned ${count}, once for each quantile; one call of \`${name}\` takes a list of them.`;
  },

  fix({ quantile, loop, others }, { facts }) {
    if (!quantile) return declined("the quantiles get other labels than the functions");
    if (loop) return fixLoop(quantile, loop);
    if (others[0]?.each) return declined("the quantiles of each part have to be taken apart");
    if (quantile.method !== undefined && !seriesEvidence(quantile.array, facts))
      return declined("the quantiles of a table come as a table");
    const all = [quantile, ...others];
    const statements = all.map((it) => statementOf(it.call.node));
    const names = statements.map((it, index) => nameSetTo(it, all[index]!.call.node));
    const follow = statements.every((it, index) => index === 0 || nextStatement(statements[index - 1]!) === it);
    if (!follow || names.some((it) => it === undefined))
      return declined("the quantiles are no plain assignments, one below the other");
    const [first, last] = [statements[0]!, statements.at(-1)!];
    if (first.tree !== last.tree) return declined("the quantiles are in different parts of the file");
    const range = between(first, last);
    if (first.tree.text.slice(range.start, range.end).includes("#")) return declined("a comment would be lost");
    if (new Set(names).size < names.length || all.some((it) => names.some((name) => mentions(it, name!))))
      return declined("one quantile is needed for the next");
    const list = `[${all.map((it) => it.wanted.text).join(", ")}]`;
    const { text, start } = quantile.call.node;
    const call = `${text.slice(0, quantile.wanted.start - start)}${list}${text.slice(quantile.wanted.end - start)}`;
    const { args, keywords } = quantile.call;
    if (keywords.has("out") || args.length > 3) return declined("each of them is written to a place of its own");
    const isArray = facts.isA(quantile.array, "numpy.ndarray");
    const listed = facts.typeOf(quantile.array);
    const isList = listed?.name === "list";
    const isPlain = args.length + keywords.size <= 2 || (keywords.has("method") && args.length + keywords.size === 3);
    return fixOf(
      "Ask for all of them at once",
      [
        /^nan/.test(lastIdentifier(quantile.call.callee.text)) && "an empty array gives a single NaN",
        !areAlike(all) && "each quantile must be a number in its range, and all of them whole or none",
        quantile.method !== undefined &&
          "a column gives Python floats then: a division by zero raises, and they have no methods of NumPy",
        isArray && "an array of float16 or float32 gives quantiles of float64",
        isList && listed.of[0]?.name !== "float" && "the list must hold floats",
        !isPlain && "the quantiles may share their memory",
        !isArray && !isList && `\`${excerpt(quantile.array.text, 30)}\` must be an array or a column`,
      ],
      [replace(range, `${names.join(", ")} = ${call}`)],
    );
  },
});

interface Found {
  readonly at: Node;
  readonly construct: Node;
  readonly evidence: Evidence;
  readonly weight: Weight;
  readonly related?: readonly Related[];
  /** Undefined for functions that a table is given for its quantiles. */
  readonly quantile: Quantile | undefined;
  readonly loop: Node | undefined;
  readonly others: readonly Quantile[];
  readonly gathered: { readonly object: Node; readonly count: number } | undefined;
}

/** `df.agg(["mean", q(0.25), q(0.75)])` and the same with lambdas: one function for each quantile. What groups are given has a rule of its own. */
function ofAggregate(node: Node, facts: Facts): Found | undefined {
  const call = asMethodCall(node, "agg", "aggregate");
  const list = call && !call.hasSplat ? unwrap(call.args[0] ?? call.keywords.get("func") ?? node) : undefined;
  if (!call || list?.kind !== "list" || list.children.length < 2) return undefined;
  const isGrouped = groupedOf(call.object, facts) !== undefined;
  const asked = list.children.filter((it) => isQuantileFunction(unwrap(it), isGrouped, facts));
  const [first] = asked;
  if (!first || asked.length < 2) return undefined;
  const evidence =
    groupedOf(call.object, facts)?.evidence ?? frameOf(call.object, facts) ?? seriesEvidence(call.object, facts);
  if (!evidence && !facts.view.imports("pandas")) return undefined;
  return {
    at: first,
    construct: node,
    evidence: evidence ?? "fair",
    weight: facts.weightOf(node) === "light" ? "light" : "unknown",
    related: asked.slice(1).map((it) => ({ at: it, message: "another quantile" })),
    quantile: undefined,
    loop: undefined,
    others: [],
    gathered: { object: call.object, count: asked.length },
  };
}

/** `lambda x: x.quantile(0.25)`, or a call that gives a function with such a line. */
function isQuantileFunction(given: Node, isGrouped: boolean, facts: Facts): boolean {
  const lambda = asLambda(given);
  if (lambda) return !isGrouped && asksQuantile(lambda.body);
  const call = asCall(given);
  const def =
    call && call.args.length === 1
      ? (functionCalled(call.callee, facts) ?? inheritedMethod(call.callee, facts))
      : undefined;
  if (!def) return false;
  const body = facts.bodyOf(def);
  const inner = body.descendants("function_definition", "lambda");
  return inner.length === 1 && asksQuantile(inner[0]!.field("body") ?? inner[0]!);
}

/** `self.q` of a base class of the file. */
function inheritedMethod(callee: Node, facts: Facts): FunctionDef | undefined {
  const attribute = asAttribute(callee);
  const home = attribute && /^(?:self|cls)$/.test(attribute.object.text) ? functionAround(callee) : undefined;
  const info = home && facts.classOf(home);
  if (!info) return undefined;
  for (const base of facts.basesOf(info)) {
    const method = typeof base === "object" ? base.methodNamed(attribute!.name) : undefined;
    if (method) return method.def;
  }
  return undefined;
}

/** `x.quantile(n)`, `np.percentile(x, n)`, and nothing else. */
const asksQuantile = (body: Node): boolean =>
  /^\s*(?:return\s+)?[\w.]*(?:quantile|percentile)\([^()]*\)\s*$/.test(body.text.slice(0, 200));

interface Quantile {
  readonly call: Call;
  readonly array: Node;
  readonly wanted: Node;
  readonly method: string | undefined;
  /** What two calls have in common that may be one. */
  readonly key: string;
  readonly evidence: Evidence;
  /** `[np.quantile(part, 0.25) for part in parts]`: the list that asks each of its turns for this quantile and nothing else. */
  readonly each?: Node;
}

/** `np.percentile(x, 25)`, `column.quantile(0.5)`. */
function quantileOf(node: Node, facts: Facts): Quantile | undefined {
  const call = asCall(node);
  if (!call || call.hasSplat || !WORD.test(call.callee.text)) return undefined;
  const name = facts.nameOf(call.callee);
  const method = name === undefined || name.startsWith("pandas.") ? asMethodCall(node, "quantile") : undefined;
  const isFunction = name !== undefined && /^(numpy|torch)\./.test(name);
  if (!method && !isFunction) return undefined;
  const array = method ? method.object : call.args[0];
  const wanted = call.keywords.get("q") ?? call.args[method ? 0 : 1];
  if (!array || !wanted || !isRepeatable(array) || !isOne(wanted, facts)) return undefined;
  const evidence = method ? (seriesEvidence(method.object, facts) ?? frameOf(method.object, facts)) : "proof";
  if (!evidence) return undefined;
  const text = node.text;
  // A tensor is asked for by a tensor: only numbers are one quantile.
  if (name?.startsWith("torch.") && !isConstant(wanted)) return undefined;
  const key = `${text.slice(0, wanted.start - node.start)}|${text.slice(wanted.end - node.start)}`.replace(/\s+/g, "");
  return { call, array: unwrap(array), wanted, method: method?.method, key, evidence };
}

const frameOf = (object: Node, facts: Facts): Evidence | undefined => facts.takenFor(object, "frame", "strong");

/** Nothing in it gives something else the second time. */
const isRepeatable = (array: Node): boolean =>
  /^[\w.[\]"', :]+$/.test(array.text) || array.kind === "list_comprehension";

/** A number, not a list of them. */
function isOne(wanted: Node, facts: Facts): boolean {
  const node = unwrap(wanted);
  if (["list", "tuple", "list_comprehension", "call"].includes(node.kind)) return false;
  const type = facts.typed(node)?.type.name;
  if (type !== undefined) return type === "int" || type === "float";
  const value = node.kind === "identifier" ? facts.valueOf(node) : undefined;
  if (value && ["list", "tuple", "call", "list_comprehension"].includes(value.kind)) return false;
  return !MANY.test(node.text);
}

/** Groups of calls in the statements of one block that could be one call. */
function groupsIn(block: Node, facts: Facts): readonly (readonly Quantile[])[] {
  return facts.memo("numpy/repeated-quantile", block, () => {
    const open = new Map<string, { readonly all: Quantile[]; last: number }>();
    const groups: Quantile[][] = [];
    for (const [index, statement] of statementsOf(block).entries()) {
      if (statement.field("body") || !/(?:percentile|quantile)\(/.test(statement.text)) continue;
      for (const node of statement.descendants("call")) {
        const plain = quantileOf(node, facts);
        if (!plain || statementOf(node) !== statement) continue;
        const isOnce = facts.loopAround(node) === facts.loopAround(statement);
        const quantile = isOnce ? plain : ofEach(plain, statement, facts);
        if (!quantile) continue;
        const group = open.get(quantile.key);
        const first = group?.all[0];
        if (group && first && index - group.last <= FAR && !changesBetween(first, quantile, facts)) {
          if (group.all.length === 1) groups.push(group.all);
          group.all.push(quantile);
          group.last = index;
        } else open.set(quantile.key, { all: [quantile], last: index });
      }
    }
    return groups;
  });
}

/** The same of a list of parts, all of which are asked for one quantile. */
function ofEach(quantile: Quantile, statement: Node, facts: Facts): Quantile | undefined {
  const [loop, outer] = facts.loopsAround(quantile.call.node);
  const made = asComprehension(loop);
  const [clause, more] = made?.clauses ?? [];
  if (!loop || made?.kind !== "list" || !clause || more || unwrap(made.element) !== quantile.call.node)
    return undefined;
  if (outer !== facts.loopAround(statement) || !isConstant(quantile.wanted) || !isRepeatable(clause.iterable))
    return undefined;
  const { wanted } = quantile;
  const key = `${loop.text.slice(0, wanted.start - loop.start)}|${loop.text.slice(wanted.end - loop.start)}`;
  return { ...quantile, key: key.replace(/\s+/g, ""), each: loop };
}

/** The array is bound or written to between the two calls. */
function changesBetween(first: Quantile, second: Quantile, facts: Facts): boolean {
  const [start, end] = [(first.each ?? first.call.node).end, (second.each ?? second.call.node).start];
  const isBetween = (it: Node) => it.start >= start && it.start < end && it.tree === first.call.node.tree;
  return [first.array, ...(first.each ?? first.array).descendants("identifier")]
    .filter((it) => it.kind === "identifier")
    .some(
      (it) =>
        facts.writesOf(it).some((site) => isBetween(site.name)) ||
        facts.usesOf(it).some((use) => CHANGES.has(use.kind) && isBetween(use.node)),
    );
}

const CHANGES = new Set(["subscript-store", "subscript-delete", "augmented", "attribute-store"]);

/** Numbers that give the same as a list as they do one by one: none raises an error, and none changes the type of another. */
function areAlike(all: readonly Quantile[]): boolean {
  const most = /percentile$/.test(all[0]!.call.callee.text) ? 100 : 1;
  const isInRange = ({ wanted }: Quantile) =>
    isConstant(wanted) && Number(wanted.text) >= 0 && Number(wanted.text) <= most;
  return all.every(isInRange) && new Set(all.map((it) => unwrap(it.wanted).kind)).size === 1;
}

/** The loop that goes through the quantiles, with the array the same in each turn. */
function loopOver({ call, array, wanted }: Quantile, facts: Facts): Node | undefined {
  const loop = facts.loopAround(call.node);
  if (!loop || unwrap(wanted).kind !== "identifier") return undefined;
  const targets = asFor(loop)?.target ?? asComprehension(loop)?.clauses.at(-1)?.target;
  const isWanted = targets && [targets, ...targets.descendants("identifier")].some((it) => it.text === wanted.text);
  const names = [array, ...array.descendants("identifier")].filter((it) => it.kind === "identifier");
  const isSame = names.every((it) => facts.writesOf(it, loop).length === 0);
  return isWanted && isSame && names.length > 0 ? loop : undefined;
}

/** `[np.percentile(x, p) for p in places]`. */
function fixLoop({ call, wanted, method }: Quantile, loop: Node) {
  const made = asComprehension(loop);
  const [clause, more] = made?.clauses ?? [];
  if (made?.kind !== "list" || !clause || more || made.conditions.length > 0 || unwrap(made.element) !== call.node)
    return declined("the loop does more with each quantile");
  if (hasComments(loop)) return declined("a comment would be lost");
  if (method !== undefined || clause.target.text !== wanted.text)
    return declined("the quantiles of a column come with their labels");
  const { text, start } = call.node;
  const given = `${text.slice(0, wanted.start - start)}${clause.iterable.text}${text.slice(wanted.end - start)}`;
  return fixOf(
    "Ask for all of them at once",
    [`\`${excerpt(clause.iterable.text, 30)}\` must be a list or an array of numbers`],
    [replace(loop, `list(${given})`)],
  );
}

/** `low` of `low = np.percentile(x, 25)`. */
function nameSetTo(statement: Node, call: Node): string | undefined {
  const assignment = asAssignment(statement);
  const [target, more] = assignment?.targets ?? [];
  const isPlain = target?.kind === "identifier" && !more && !assignment?.annotation;
  return isPlain && assignment?.value && unwrap(assignment.value) === call ? target.text : undefined;
}

const mentions = ({ call }: Quantile, name: string): boolean =>
  call.node.descendants("identifier").some((it) => it.text === name);
