/** The same costly call on the same values twice on one way through the code. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asComprehension,
  asMethodCall,
  asSubscript,
  changesObject,
  columnsInDoubt,
  costlyCall,
  COSTLY_FUNCTIONS,
  COSTLY_METHODS,
  declined,
  defineRule,
  excerpt,
  fixOf,
  frameEvidence,
  functionAround,
  hasComments,
  isChangedAhead,
  isInClassBody,
  lastIdentifier,
  lineAbove,
  onlyWorks,
  operandsOf,
  replace,
  startsLine,
  statementOf,
  staysSame,
  unwrap,
  wrapped,
  type Between,
  type CostlyCall,
  type Facts,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

/** Two places further apart than so many nodes are not read together. */
const FAR = 1200;
/** In the cells of a notebook. */
const NEAR = 120;
const LONGEST = 200;
/** Of one text so many places are looked at. */
const MOST = 24;

export default defineRule({
  title: "Same costly call twice on the same values",
  why: "Both calls go through the same data and come to the same result. Kept in a local variable, it is worked out once, and both places are sure to see the same.",
  guide: "code-level",
  level: "info",
  gain: "time",
  overrides: [
    "strings/split-for-one-part",
    "iteration/loop-invariant-expression",
    "strings/regex-in-loop",
    "strings/unicode-digit",
  ],
  fixes: "review",

  examples: [
    {
      before: `
import json

def title_of(text: str) -> str:
    if "title" in json.loads(text):
        return json.loads(text)["title"]
    return ""
`,
      after: `
import json

def title_of(text: str) -> str:
    text_data = json.loads(text)
    if "title" in text_data:
        return text_data["title"]
    return ""
`,
    },
  ],

  on: ["call", "function_definition", "module", "subscript"],
  calls: COSTLY_FUNCTIONS,
  methods: COSTLY_METHODS,

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    if (node.kind === "subscript") return ofSameRow(node, facts);
    if (node.kind !== "call") return ofOwnFunctions(node, facts);
    if (node.end - node.start > LONGEST) return undefined;
    const home = functionAround(node) ?? node.tree.root;
    const chain = chainsIn(home, facts).get(node);
    if (!chain) return undefined;
    return matchOf(node, chain, facts);
  },

  message: ({ at, all, kind, costly }) => {
    const shown = excerpt(at.text.replace(/\s+/g, " "), 60);
    const times = all.length === 2 ? "twice" : `${all.length} times`;
    if (kind === "row")
      return `\`${shown}\` is looked up and made anew ${times} in one statement; give it a name first.`;
    if (kind === "unused") return `Nothing reads what \`${shown}\` gives here: it is worked out again below.`;
    if (kind === "model") {
      const [first, second] = [all[0]!, at as Node].map((it) => asMethodCall(it));
      return `\`${excerpt(first!.object.text, 30)}\` runs twice on the same values, for \`${first!.method}\` and for \`${second!.method}\`; of most models the classes follow from the probabilities.`;
    }
    if (kind === "weights")
      return `The same texts are gone through ${times}, each time for other weights; with a list of weights one call gives all scores.`;
    if (costly.isPlan)
      return `\`${shown}\` makes the same groups ${times}; one \`agg\` with all the expressions makes them once.`;
    return `\`${shown}\` is worked out ${times} from the same values; keep the result in a local variable.`;
  },

  fix({ all, costly, kind }, { facts }) {
    if (kind === "unused") return declined("the first call may be there for what it does besides");
    if (kind !== "same") return declined("the results have to be taken apart");
    if (costly.isPlan) return declined("what is asked of the groups has to be put together");
    const first = all[0]!;
    if (all.some((it) => it.tree !== first.tree)) return declined("the calls stand in different parts of the file");
    if (all.some(hasComments) || first.text.includes("\n")) return declined("the call goes over several lines");
    const statement = statementOf(first);
    const doubts = [
      `${operandsOf(first, facts)
        .filter((it) => it.fieldName !== "function")
        .slice(0, 3)
        .map((it) => `\`${it.text}\``)
        .join(", ")} must stay the same in between`,
      costly.isObject && "both places then see one object",
      ...columnsInDoubt(first, stretchesBetween(first, all.at(-1)!, facts), facts).map(
        (it) => `\`${it}\` must not name a column that is written in between`,
      ),
    ];
    const assigned = asAssignment(statement);
    const target = assigned?.targets.length === 1 ? assigned.targets[0] : undefined;
    if (assigned && target?.kind === "identifier" && assigned.value && unwrap(assigned.value) === first) {
      const obstacle = changedBetween(target, first, all.at(-1)!, facts);
      if (obstacle) return declined(obstacle);
      return fixOf(
        "Use the result that is there",
        doubts,
        all.slice(1).map((it) => replace(it, target.text)),
      );
    }
    if (!startsLine(statement) || !standsFirst(first, statement)) return declined("the first call may not be reached");
    if (isInClassBody(statement)) return declined("the name would become an attribute of the class");
    if (isChangedAhead(first, statement, facts))
      return declined("the statement does something before the first call that this may hang on");
    const name = facts.freshName(nameFor(first), statement);
    return fixOf("Keep the result in a variable", doubts, [
      lineAbove(statement, `${name} = ${first.text}`),
      ...all.map((it) => replace(it, name)),
    ]);
  },
});

/** The name no longer stands for the result at the last place, or its object is another one. */
function changedBetween(target: Node, first: Node, last: Node, facts: Facts): string | undefined {
  const isBetween = (it: Node) => it.tree !== first.tree || (it.id > first.id && it.id < last.id);
  const home = functionAround(first);
  // Patterns of `case` bind it too, and functions that name it `global` or `nonlocal`.
  if (facts.writesOf(target).some(({ name }) => isBetween(name) || functionAround(name) !== home))
    return `\`${target.text}\` is given another value in between`;
  return facts.readsOf(target).some((it) => isBetween(it) && changesObject(it))
    ? `\`${target.text}\` is changed in between`
    : undefined;
}

/** Of one row of numbers they give an order or a quantile: a fraction of a second for millions. */
const ORDERS = /^(?:statistics\.\w+|numpy\.(?:nan)?(?:median|percentile|quantile)|numpy\.(?:arg)?sort)$/;

/** One pass over a few items is nothing; of builtins' arguments most are short. */
function weightOf(node: Node, { cost, readsDisk }: CostlyCall, facts: Facts): Weight {
  const runs = facts.weightOf(node);
  if (cost === "work" && ORDERS.test(facts.nameOf(asCall(node)!.callee) ?? "")) return runs;
  // Once or now and then, the second time is not noticed, but where a model is asked or a file is read.
  const isAsked = PREDICTS.test(methodOf(node)) && methodOf(node) !== "score";
  if (cost === "work") return runs === "heavy" || readsDisk || isAsked ? "heavy" : "unknown";
  if (runs === "light" || cost === "text") return runs === "light" ? runs : "unknown";
  const call = asCall(node)!;
  if (/^(?:sum|min|max|set|frozenset)$/.test(call.callee.text))
    return facts.sizeOf(call.args[0]!) === "heavy" ? "heavy" : "unknown";
  return runs;
}

/** What a row of a sparse matrix is asked for. */
const OF_SPARSE = /^(?:indices|indptr|nnz|toarray|todense|nonzero|tocoo|getnnz)$/;

/** `table.loc[user][table.loc[user] > 0]`, `zip(matrix[i].indices, matrix[i].data)`: the row is made of the table each time. */
function ofSameRow(node: Node, facts: Facts) {
  const part = asSubscript(node);
  const [key, more] = part?.indices ?? [];
  if (!part || !key || more || node.end - node.start > LONGEST) return undefined;
  const isPlace = asAttribute(part.value)?.name === "loc" && key.kind !== "slice" && !isChoice(key);
  if (!isPlace && !isSparseRow(node)) return undefined;
  const statement = statementOf(node);
  if (
    /^(?:for|while|if|with|try)_statement$/.test(statement.kind) ||
    functionAround(statement) !== functionAround(node)
  )
    return undefined;
  const same = facts.memo("rows that are looked up", statement, () => {
    const byText = new Map<string, Node[]>();
    for (const it of statement.descendants("subscript"))
      if (it.end - it.start <= LONGEST && !isStoredTo(it)) put(byText, it.text.replace(/\s+/g, " "), it);
    return byText;
  });
  const all = (same.get(node.text.replace(/\s+/g, " ")) ?? []).filter(
    (it) => functionAround(it) === functionAround(node) && facts.loopAround(it) === facts.loopAround(node),
  );
  // Of two branches of one expression only one is worked out.
  if (all[1] !== node || !areOnOneWay(all[0]!, node) || !isPlain(part.value) || !isPlain(key)) return undefined;
  if (isPlace && !frameEvidence(asAttribute(part.value)!.object, facts) && !facts.view.imports("pandas"))
    return undefined;
  const costly: CostlyCall = { call: node, cost: "pass", isObject: true, readsDisk: false, evidence: "strong" };
  const runs = facts.weightOf(node);
  return {
    at: node,
    construct: node,
    evidence: "strong" as const,
    weight: (runs === "light" ? "light" : "unknown") as Weight,
    related: all.filter((it) => it !== node).map((it) => ({ at: it, message: "looked up here as well" })),
    all,
    costly,
    kind: "row" as const,
  };
}

/** A list or a test takes several rows, which other rules speak of. */
const isChoice = (key: Node): boolean =>
  /^(?:list|tuple|comparison_operator|binary_operator|unary_operator|call|string|boolean_operator)$/.test(
    unwrap(key).kind,
  );

function isSparseRow(node: Node): boolean {
  const word = node.parent?.kind === "attribute" ? (node.parent.field("attribute")?.text ?? "") : "";
  return OF_SPARSE.test(word) || (word === "data" && OF_SPARSE_BESIDE.test(statementOf(node).text.slice(0, 400)));
}
const OF_SPARSE_BESIDE = /\]\.(?:indices|nonzero)\b/;

const isStoredTo = (node: Node): boolean =>
  node.fieldName === "left" || /^(?:augmented_assignment|delete_statement)$/.test(node.parent?.kind ?? "");

/** Names, attributes and items, and nothing that runs code. */
const isPlain = (value: Node): boolean => /^[\w.[\]"']+$/.test(value.text);

interface Chain {
  /** `unused`: of the first nothing is read · `model`: two questions to one model · `weights`: one function, all but the weights the same · `row`: one row of a table or a sparse matrix. */
  readonly kind: "same" | "unused" | "model" | "weights" | "row";
  readonly costly: CostlyCall;
  /** In source order; all on the way to the last. */
  readonly all: readonly Node[];
}

function matchOf(node: Node, { all, costly, kind }: Chain, facts: Facts) {
  const [first] = all;
  const runs = facts.weightOf(node);
  const weight: Weight = kind === "model" ? (runs === "heavy" ? "heavy" : "unknown") : weightOf(node, costly, facts);
  const related = all
    .filter((it) => it !== node)
    .map((it) => ({ at: it, message: it === first ? "worked out here first" : "and here again" }));
  return { at: node, construct: node, evidence: costly.evidence, weight, related, all, costly, kind };
}

/** By the second call of each chain, or by the first if its result is never read. */
function chainsIn(home: Node, facts: Facts): ReadonlyMap<Node, Chain> {
  return facts.memo("chains of the same costly call", home, () => {
    const byText = new Map<string, Node[]>();
    const byData = new Map<string, Node[]>();
    for (const it of home.descendants("call")) {
      const callee = it.field("function")!;
      const word = (callee.kind === "attribute" ? callee.field("attribute") : callee)!.text;
      if (it.end - it.start > LONGEST || !WORDS.has(word)) continue;
      put(byText, it.text.replace(/\s+/g, " "), it);
      const data = ASKS.test(word) ? dataOf(it) : undefined;
      if (data !== undefined) put(byData, data, it);
    }
    const found = new Map<Node, Chain>();
    for (const places of byText.values()) addChains(places, home, byText, facts, found);
    for (const places of byData.values()) addAsked(places, home, facts, found);
    return found;
  });
}

function put(all: Map<string, Node[]>, key: string, node: Node, most = MOST): void {
  const known = all.get(key);
  if (!known) all.set(key, [node]);
  else if (known.length < most) known.push(node);
}

function addChains(
  places: readonly Node[],
  home: Node,
  byText: ReadonlyMap<string, readonly Node[]>,
  facts: Facts,
  found: Map<Node, Chain>,
): void {
  if (places.length < 2) return;
  const own = ofHome(places, home);
  for (let from = 0; from + 1 < own.length; ) {
    const first = own[from]!;
    const all = [first];
    let costly: CostlyCall | undefined;
    for (const it of own.slice(from + 1)) {
      if (!areOnOneWay(first, it) || isInWaste(it, byText)) continue;
      costly ??= costlyCall(it, facts);
      if (!costly) break;
      if (!areSame(first, it, costly, facts)) {
        if (all.length === 1 && isUnread(first, facts)) found.set(first, { costly, all: [first, it], kind: "unused" });
        break;
      }
      all.push(it);
    }
    const [, second] = all;
    if (costly && second) {
      const isUnused = isUnread(first, facts);
      found.set(isUnused ? first : second, { costly, all, kind: isUnused ? "unused" : "same" });
      from = own.indexOf(all.at(-1)!) + 1;
    } else from++;
  }
}

function ofHome(places: readonly Node[], home: Node): readonly Node[] {
  return places.filter((it) => (functionAround(it) ?? it.tree.root) === home);
}

/** `rows = parse(text)` where nothing reads `rows` before it gets another value. */
function isUnread(node: Node, facts: Facts): boolean {
  const [target, more] = asAssignment(statementOf(node))?.targets ?? [];
  if (target?.kind !== "identifier" || more || !isBound(node) || !functionAround(node)) return false;
  return !facts.isRemote(target) && facts.readsSeeing(target).length === 0;
}

const ASKS = /^(?:predict|predict_proba|corpus_bleu|sentence_bleu)$/;

/** What is asked, but for the question: `model.predict(x)` and `model.predict_proba(x)` are asked of one thing. */
function dataOf(node: Node): string | undefined {
  const call = asCall(node);
  const method = asMethodCall(node);
  if (!call || call.args.length === 0) return undefined;
  const args = call.args.map((it) => it.text).join();
  if (/_bleu$/.test(call.callee.text)) {
    const others = [...call.keywords].filter(([name]) => name !== "weights").map(([name, it]) => name + it.text);
    return call.keywords.has("weights") ? [call.callee.text, args, ...others].join() : undefined;
  }
  // A row that is written down is an example.
  const isWritten = /^(?:list|tuple)$/.test(call.args[0]!.kind);
  return method && call.keywords.size === 0 && !isWritten ? `${method.object.text},${args}` : undefined;
}

function addAsked(places: readonly Node[], home: Node, facts: Facts, found: Map<Node, Chain>): void {
  if (places.length < 2 || (facts.isNotebook && !functionAround(places[0]!))) return;
  const own = ofHome(places, home).filter((it) => !isInnerOf(it, places));
  const [first, ...others] = own;
  const isBleu = first !== undefined && /_bleu$/.test(first.field("function")!.text);
  const rest = others.filter(
    (it) =>
      areOnOneWay(first!, it) &&
      it.text !== first!.text &&
      asCall(first)!.args.every((arg) => staysSame(arg, stretchesBetween(first!, it, facts), facts)) &&
      (isBleu || staysSame(asMethodCall(first)!.object, stretchesBetween(first!, it, facts), facts)),
  );
  const second = rest[0];
  if (!first || !second || found.has(second)) return;
  // The states of a hidden Markov model are the best way as a whole, not the likeliest state at each place.
  const isKnown = isBleu ? facts.nameOf(first.field("function")!) !== undefined : !facts.view.imports("hmmlearn");
  const evidence = isBleu ? "proof" : (costlyCall(second, facts)?.evidence ?? undefined);
  if (!isKnown || !evidence) return;
  const costly: CostlyCall = { call: second, cost: "work", isObject: false, readsDisk: false, evidence };
  found.set(second, { costly, all: isBleu ? [first, ...rest] : [first, second], kind: isBleu ? "weights" : "model" });
}

function isInnerOf(node: Node, places: readonly Node[]): boolean {
  return places.some((it) => it !== node && node.isInside(it));
}

/** Calls of functions of this file that only work something out. */
function ofOwnFunctions(node: Node, facts: Facts) {
  const home = node;
  // Most functions call nothing twice: what is called at all is not looked at before that is known.
  const byName = new Map<string, Node[]>();
  for (const it of home.descendants("call")) {
    const callee = it.field("function")!;
    if (callee.kind === "identifier" && it.end - it.start <= LONGEST) put(byName, callee.text, it, Infinity);
  }
  const byText = new Map<string, Node[]>();
  for (const [name, calls] of byName)
    if (calls.length > 1 && facts.view.answers(name))
      for (const it of calls) put(byText, it.text.replace(/\s+/g, " "), it);
  const found: ReturnType<typeof matchOf>[] = [];
  for (const places of byText.values()) {
    if (places.length < 2) continue;
    const [first, ...others] = ofHome(places, home);
    const call = asCall(first);
    if (!first || !call || call.hasSplat || call.args.length + call.keywords.size === 0) continue;
    const def = facts.functionNamed(call.callee);
    if (!def || !onlyWorks(def, facts) || operandsOf(first, facts).length === 0) continue;
    const costly: CostlyCall = { call: first, cost: "pass", isObject: true, readsDisk: false, evidence: "strong" };
    const isPlain = first.descendants("call").length === 1;
    const all = [
      first,
      ...others.filter((it) => isPlain && areOnOneWay(first, it) && areSame(first, it, costly, facts)),
    ];
    const [, second] = all;
    if (second) found.push(matchOf(second, { costly, all, kind: "same" }, facts));
  }
  return found;
}

const WORDS = new Set([...COSTLY_FUNCTIONS, ...COSTLY_METHODS].map((it) => lastIdentifier(it)));

/** A part of a longer call that is there twice too. */
function isInWaste(node: Node, byText: ReadonlyMap<string, readonly Node[]>): boolean {
  for (let at = node.parent; at && at.end - at.start <= LONGEST; at = at.parent)
    if (at.kind === "call" && (byText.get(at.text.replace(/\s+/g, " "))?.length ?? 0) > 1) return true;
  return false;
}

/** Whoever comes to the second has been at the first, and comes there on the usual way. */
function areOnOneWay(first: Node, second: Node): boolean {
  if (first.tree !== second.tree || second.id - first.id > FAR || second.isInside(first)) return false;
  if (isColdAt(second) || first.ancestor("assert_statement")) return false;
  let common: Node = first;
  while (!second.isInside(common)) {
    const parent = common.parent;
    if (!parent) return false;
    if (second.isInside(parent)) return isReached(common, parent, second);
    if (mayBeSkipped(common, parent)) return false;
    common = parent;
  }
  return false;
}

const BRANCHES = new Set([
  "elif_clause",
  "else_clause",
  "except_clause",
  "case_clause",
  "lambda",
  "function_definition",
  "class_definition",
  "finally_clause",
]);

/** The part of the parent may not be evaluated, although what stands around the parent is. */
function mayBeSkipped(part: Node, parent: Node): boolean {
  if (BRANCHES.has(parent.kind)) return true;
  if (parent.kind === "if_statement" || parent.kind === "while_statement") return part.fieldName !== "condition";
  if (parent.kind === "for_statement") return part.fieldName !== "right";
  if (parent.kind === "try_statement") return false;
  if (parent.kind === "boolean_operator") return part.fieldName === "right";
  if (parent.kind === "conditional_expression") return parent.children[1] !== part;
  return asComprehension(parent) !== undefined || parent.kind === "for_in_clause" || parent.kind === "if_clause";
}

/** The first part of what holds both is evaluated wherever the second is. */
function isReached(part: Node, parent: Node, second: Node): boolean {
  switch (parent.kind) {
    case "if_statement":
    case "while_statement":
    case "elif_clause":
      return part.fieldName === "condition";
    case "for_statement":
      return part.fieldName === "right";
    case "try_statement":
      return part.kind === "block" && !second.ancestor("except_clause")?.isInside(parent);
    case "conditional_expression":
      // `then if condition else otherwise`: the condition comes first, wherever it stands.
      return parent.children[1] === part || second.isInside(parent.children[1]!);
    case "boolean_operator":
      return true;
    case "match_statement":
      return part.fieldName === "subject";
    default: {
      if (!asComprehension(parent)) return !BRANCHES.has(parent.kind) || parent.kind === "function_definition";
      // What is tested of an item is worked out again for the item itself.
      const clause = second.ancestor("if_clause", "for_in_clause");
      return clause?.kind === "if_clause" && clause.parent === parent;
    }
  }
}

/** In a message of an error, or where one is handled. */
function isColdAt(node: Node): boolean {
  const cold = node.ancestor("raise_statement", "except_clause", "assert_statement");
  return cold !== undefined && functionAround(cold) === functionAround(node);
}

const methodOf = (node: Node): string => asMethodCall(node)?.method ?? "";

/** Whoever is given predictions seldom changes them. A score is one number, for which all of them are worked out. */
const PREDICTS = /^(?:predict|predict_proba|decision_function|predict_log_proba|score)$/;

function areSame(first: Node, second: Node, { isObject, readsDisk, cost }: CostlyCall, facts: Facts): boolean {
  const bound = operandsOf(first, facts);
  const other = operandsOf(second, facts);
  if (bound.length === 0 && !readsDisk) return false;
  if (bound.length !== other.length) return false;
  for (const [index, it] of bound.entries())
    if (facts.bindingOf(it)?.scope !== facts.bindingOf(other[index]!)?.scope) return false;
  const isAsked = PREDICTS.test(methodOf(first));
  // Each may want one of its own to change.
  if (isObject && !isAsked && cost !== "text" && !readsDisk && isBound(first) && isBound(second)) return false;
  // What cells of a notebook show is looked at one by one; a model that is asked again takes its time again.
  if (facts.isNotebook && !isAsked && !functionAround(first) && second.id - first.id > NEAR) return false;
  // The condition of a comprehension stands behind its element and runs before it.
  const clause = second.ancestor("if_clause");
  if (clause && first.isInside(clause.parent!)) return true;
  // The one that reads more columns: `table.groupby("shop").apply(…)` reads all of them.
  const widest = asSubscript(first.parent)?.value === first ? second : first;
  return staysSame(widest, stretchesBetween(first, second, facts), facts, readsDisk);
}

/** What runs between the two. */
function stretchesBetween(first: Node, second: Node, facts: Facts): readonly Between[] {
  const statement = statementOf(first);
  const from = second.isInside(statement) ? first.id : statement.id;
  const stretches: Between[] = [{ from: from === first.id ? first.tree.arrays.nexts[first.id]! : from, to: second.id }];
  // A loop that only the second stands in comes back to it.
  const outer = facts
    .loopsAround(second)
    .filter((it) => (!first.isInside(it) || isOfIterable(first, it)) && it.tree === second.tree)
    .at(-1);
  if (outer && outer.kind !== "list_comprehension")
    stretches.push({ from: second.id, to: outer.tree.arrays.nexts[outer.id]! });
  return stretches;
}

/** What a loop goes through is worked out once, and what stands in its body in each turn. */
function isOfIterable(node: Node, loop: Node): boolean {
  const iterable = loop.kind === "for_statement" ? loop.field("right") : undefined;
  return iterable !== undefined && node.isInside(iterable);
}

/** `x = call(…)`, and nothing more is done with it there. */
function isBound(node: Node): boolean {
  const whole = wrapped(node);
  const assigned = asAssignment(statementOf(node));
  return assigned?.value !== undefined && wrapped(assigned.value) === whole;
}

/** Evaluated whenever its statement is, and before anything that the statement does. */
function standsFirst(node: Node, statement: Node): boolean {
  if (
    !/^(?:expression_statement|return_statement|if_statement|for_statement|assert_statement|with_statement)$/.test(
      statement.kind,
    )
  )
    return false;
  for (let at = node; at !== statement; at = at.parent!) if (mayBeSkipped(at, at.parent!)) return false;
  return true;
}

const RESULTS: Readonly<Record<string, string>> = {
  loads: "data",
  json: "data",
  split: "parts",
  rsplit: "parts",
  splitlines: "lines",
  sorted: "sorted",
  listdir: "files",
  glob: "files",
  rglob: "files",
  search: "match",
  fullmatch: "match",
  findall: "matches",
  groupby: "groups",
  group_by: "groups",
  predict: "predictions",
  predict_proba: "probabilities",
  value_counts: "counts",
  read_text: "text",
  find: "found",
  find_all: "found",
  to_dict: "dict",
  tolist: "list",
  to_list: "list",
};

/** `prices_mean`, `text_data`. */
function nameFor(node: Node): string {
  const call = asCall(node)!;
  const method = asMethodCall(node);
  const word = lastIdentifier(call.callee.text);
  const [first] = call.args;
  const isModule =
    method !== undefined &&
    /^(?:np|numpy|pd|pandas|json|re|os|glob|statistics|torch|tf|F|math|ast)\b/.test(method.object.text);
  const of =
    method && !isModule
      ? method.object
      : // The text that is searched, the predictions that are scored.
        /^(?:search|match|fullmatch|findall|split|sub|\w+_score|\w+_error|log_loss)$/.test(word)
        ? call.args[1]
        : first;
  const column = asSubscript(of && unwrap(of));
  const key = column?.indices.length === 1 ? /^["'](\w+)["']$/.exec(column.indices[0]!.text)?.[1] : undefined;
  const base = (key ?? lastIdentifier(of && /^[\w.]+$/.test(of.text) ? of.text : "")).replace(/^_+/, "");
  const result = RESULTS[word] ?? word.replace(/_score$/, "");
  const name = base === "" || /^\d/.test(base) ? (RESULTS[word] ?? `${word}_result`) : `${base}_${result}`;
  return name.toLowerCase();
}
