/** A costly call in a loop that gives the same in each of its turns. */

import {
  asAssignment,
  asCall,
  asComparison,
  asComprehension,
  asFor,
  asMethodCall,
  asSubscript,
  changesObject,
  columnsInDoubt,
  costlyCall,
  COSTLY_FUNCTIONS,
  COSTLY_METHODS,
  declined,
  defineRule,
  drawsCharts,
  excerpt,
  failsAbove,
  failsEarlier,
  fixOf,
  frameEvidence,
  functionAround,
  hangsOnTurn,
  hasComments,
  isChangedAhead,
  isCompiled,
  isConstant,
  isConsumedAtOnce,
  isInClassBody,
  isInLastTurn,
  itemsOf,
  knownTurns,
  lastIdentifier,
  lineAbove,
  LOOP_MAKERS,
  LOOP_METHODS,
  madeBy,
  operandsOf,
  partsOfReader,
  removeStatement,
  replace,
  rootOf,
  startsLine,
  statementOf,
  staysSame,
  unwrap,
  useOf,
  wrapped,
  type CostlyCall,
  type Facts,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

const LONGEST = 160;
/** A loop of more nodes is not read through for each call in it. */
const LONGEST_LOOP = 2500;
const FEW_TURNS = 8;
/** Of calls that read a file or ask a model. */
const FEW_LONG_TURNS = 2;
/** A dict of fewer pairs is made in no time. */
const LARGE_DICT = 4;
const LONGEST_DICT = 2000;

export default defineRule({
  title: "Costly work in a loop that gives the same in every turn",
  why: "Nothing that the call reads changes while the loop runs, so every turn works out the same once more. Worked out before the loop, it costs its time once.",
  guide: "code-level",
  level: "info",
  differs: { light: "off" },
  gain: "time",
  within: "loop",
  overrides: ["pandas/late-selection", "pandas/unused-columns-read", "pandas/whole-csv-read"],
  fixes: "review",

  examples: [
    {
      before: `
def shares(prices: list[int]) -> list[float]:
    return [price / sum(prices) for price in prices]
`,
      after: `
def shares(prices: list[int]) -> list[float]:
    prices_sum = sum(prices)
    return [price / prices_sum for price in prices]
`,
    },
  ],

  on: ["call", "list", "set", "dictionary", "subscript"],
  calls: [...COSTLY_FUNCTIONS, ...LOOP_MAKERS],
  methods: [...COSTLY_METHODS, ...LOOP_METHODS],

  find(node, { facts }) {
    if (facts.isTest || node.end - node.start > (node.kind === "dictionary" ? LONGEST_DICT : LONGEST)) return undefined;
    if (!mayBeCostly(node, facts)) return undefined;
    const loops = facts.loopsAround(node);
    const [inner] = loops;
    if (!inner || sizeOf(inner) > LONGEST_LOOP || isCompiled(node, facts)) return undefined;
    const costly = costOf(node, facts);
    if (!costly || isInLastTurn(node, inner)) return undefined;
    const instead = partsRead(node, inner, costly, facts);
    if (instead !== undefined)
      return {
        at: node,
        construct: node,
        evidence: costly.evidence,
        weight: facts.weightOf(node) === "light" ? "unknown" : "heavy",
        loop: inner,
        costly,
        instead,
      };
    if (isGivenAway(node, costly)) return undefined;
    if (costly.readsDisk && loops.some((it) => it.kind === "while_statement")) return undefined;
    if (node.kind === "call" && !costly.readsDisk && !hasOperands(node, facts)) return undefined;
    const same = loops.filter((it) => sizeOf(it) <= LONGEST_LOOP && isSameIn(node, it, costly, facts));
    if (same.some((it) => isLearnt(node, it, facts))) return undefined;
    const loop = same.at(-1);
    if (!same.includes(inner) || !loop) return undefined;
    const turns = same.map((it) => knownTurns(it, facts));
    const few = isLong(node, costly) ? FEW_LONG_TURNS : FEW_TURNS;
    if (turns.every((it) => it !== undefined) && turns.reduce((all, it) => all * it!, 1)! <= few) return undefined;
    return {
      at: node,
      construct: node,
      evidence: heldColumns(node, loop, facts).length > 0 ? "fair" : costly.evidence,
      weight: weightOf(node, costly, facts),
      loop,
      costly,
      instead: undefined,
    };
  },

  message: ({ at, loop, instead, costly }) => {
    if (instead !== undefined)
      return `The file \`${excerpt(asCall(at)?.args[0]?.text ?? "", 40)}\` is opened and parsed anew in every turn, for another part each time; ${instead}.`;
    const shown = excerpt(at.text.replace(/\s+/g, " "), 60);
    const over = (asFor(loop) ?? asComprehension(loop)?.clauses[0])?.iterable.text.replace(/\s+/g, " ");
    const turns = `in every turn${over ? ` over \`${excerpt(over, 40)}\`` : ""}`;
    if (isOfFold(at))
      return `\`${shown}\` copies all rows ${turns}, to take some of them; take the rows first, or the columns once before the loop.`;
    return costly.isPlan
      ? `\`${shown}\` makes the same groups ${turns}; one \`agg\` with the expressions of all turns makes them once.`
      : `\`${shown}\` gives the same ${turns}; work it out once before the loop.`;
  },

  fix({ at, loop, costly, instead }, { facts }) {
    if (instead !== undefined) return declined("what the turns take from the file has to be read another way");
    if (costly.isPlan)
      return declined("the groups are made where they are asked: what the turns ask has to be put together");
    if (isOfFold(at)) return declined("before the loop, the copy would stay in memory beside the whole table");
    if (hasComments(at) || at.text.includes("\n")) return declined("it goes over several lines");
    const statement = statementOf(loop);
    if (
      !startsLine(statement) ||
      /^(?:elif_clause|else_clause)$/.test(statement.kind) ||
      functionAround(statement) !== functionAround(at)
    )
      return declined("there is no room above the loop");
    if (isInClassBody(statement)) return declined("the name would become an attribute of the class");
    if (statement !== loop && !isFirst(loop, statement)) return declined("the loop may not be reached");
    if (statement !== loop && isChangedAhead(loop, statement, facts))
      return declined("the statement does something before the loop that this may hang on");
    if (loop.kind === "generator_expression" && !isConsumedAtOnce(loop, facts))
      return declined("the generator runs later, when this may be something else");
    const trained = mayBeTrained(at, loop, facts);
    if (trained) return declined(`the loop may change the tensors of \`${excerpt(trained, 40)}\` in place`);
    const changed = changedCopy(at, facts);
    if (changed) return declined(`\`${changed}\` is changed in the turn, which needs one of its own`);
    const obstacle = failsAbove(at, loop, facts);
    if (obstacle) return declined(obstacle);
    const doubts = [
      "it is worked out too where the loop has no turns",
      failsEarlier(at, loop, facts),
      hasOperands(at, facts) &&
        `${operandsOf(at, facts)
          .slice(0, 3)
          .map((it) => `\`${it.text}\``)
          .join(", ")} must stay the same while the loop runs`,
      costly.isObject && at.kind !== "list" && at.kind !== "set" && "all turns then see one object",
      ...heldColumns(at, loop, facts).map((it) => `\`${it}\` must not name a column that the loop writes to`),
    ];
    const own = ownName(at, loop, facts);
    const removed = own && removeStatement(own);
    if (own && removed) return fixOf("Work it out before the loop", doubts, [lineAbove(statement, own.text), removed]);
    const name = facts.freshName(nameFor(at), statement);
    return fixOf("Work it out before the loop", doubts, [
      lineAbove(statement, `${name} = ${at.text}`),
      replace(at, name),
    ]);
  },
});

/** By its form alone. */
function mayBeCostly(node: Node, facts: Facts): boolean {
  switch (node.kind) {
    case "call":
      return true;
    case "dictionary":
      return isTable(node);
    case "subscript":
      return facts.view.imports("pandas") && choosesColumns(node);
    default:
      return isMembersList(node);
  }
}

function costOf(node: Node, facts: Facts): CostlyCall | undefined {
  switch (node.kind) {
    case "call":
      return costlyCall(node, facts, true);
    case "dictionary":
      return made(node, true);
    case "subscript":
      return columnsChosen(node, facts);
    default:
      return members(node, facts);
  }
}

/** `df[names]`, `self.df[["a", "b"]]`, of which something is asked, or which a model is given. */
function choosesColumns(node: Node): boolean {
  const key = node.field("subscript");
  if (key?.kind !== "identifier" && key?.kind !== "list") return false;
  if (key.kind === "list" && key.children.length < 2) return false;
  const of = node.field("value")!;
  if (of.kind !== "identifier" && of.kind !== "attribute") return false;
  if (asSubscript(node)?.indices.length !== 1) return false;
  const use = useOf(node);
  return (
    (use.kind === "attribute" && /^(?:i?loc|values)$/.test(use.name ?? "")) ||
    (use.kind === "method" && use.name !== "copy") ||
    (use.kind === "argument" && LEARNS.test(asCall(use.call)?.callee.text ?? ""))
  );
}

/** `train[features].iloc[rows]` in a loop over folds: of a large table, whose rows are what is wanted. */
function isOfFold(node: Node): boolean {
  if (node.kind !== "subscript") return false;
  const use = useOf(node);
  if (use.kind !== "attribute" || !/^i?loc$/.test(use.name ?? "")) return false;
  for (let loop = node.ancestor("for_statement"); loop; loop = loop.ancestor("for_statement")) {
    const head = asFor(loop);
    if (head && FOLDS.test(`${head.target.text} in ${head.iterable.text}`)) return true;
  }
  return false;
}
const FOLDS = /\.split\(|(?:^|[\W_])(?:[ks]?folds?|splits?|cv)(?:[\W_\d]|$)/i;

const LEARNS =
  /\.(?:fit|predict\w*|transform|score|decision_function|DMatrix|Dataset|Pool)$|(?:^|\.)(?:train_test_split|add_constant)$/;

/** A list of columns makes a new table of them, with all rows. */
function columnsChosen(node: Node, facts: Facts): CostlyCall | undefined {
  const { value, indices } = asSubscript(node)!;
  const [key] = indices;
  const evidence = frameEvidence(value, facts);
  if (!evidence || !key) return undefined;
  if (key.kind === "list")
    return key.children.every((it) => it.kind === "string") ? { ...made(node, false), evidence } : undefined;
  const type = facts.typed(key, "fair")?.type.name;
  if (type !== undefined && type !== "list") return undefined;
  const held = facts.valueOf(key);
  const isList = type === "list" || (held !== undefined && /^(?:list|list_comprehension)$/.test(unwrap(held).kind));
  if (isList) return { ...made(node, false), evidence };
  return held === undefined && COLUMNS.test(key.text) ? { ...made(node, false), evidence: "fair" } : undefined;
}

/** Names of lists of columns. */
const COLUMNS = /(?:^|_)(?:cols|columns|feats|features|predictors|feature_names|column_names|col_names)$/i;

function hasOperands(node: Node, facts: Facts): boolean {
  return operandsOf(node, facts).length > 0;
}

/** `names = {…}` as a whole, if nothing else binds the name, and it may stand before the loop as it is. */
function ownName(node: Node, loop: Node, facts: Facts): Node | undefined {
  const statement = statementOf(node);
  const assigned = asAssignment(statement);
  const [target, more] = assigned?.targets ?? [];
  if (target?.kind !== "identifier" || more || !assigned?.value || unwrap(assigned.value) !== node) return undefined;
  const isBodyOfLoop = statement.parent?.parent === loop;
  return isBodyOfLoop &&
    functionAround(node) &&
    facts.writesOf(target).length === 1 &&
    facts.readsOf(target).every((it) => it.isInside(loop) && it.id > target.id)
    ? statement
    : undefined;
}

function sizeOf(loop: Node): number {
  return loop.tree.arrays.nexts[loop.id]! - loop.id;
}

/** `optimizer.step()`, `loss.backward()`, `weight.copy_(…)`: what changes tensors, by whichever name they are reached. */
function changesTensors(loop: Node, facts: Facts): boolean {
  if (!facts.view.imports("torch")) return false;
  return facts.memo("tensors changed in a loop", loop, () =>
    loop
      .descendants("attribute")
      .some(
        (it) =>
          it.parent?.kind === "call" &&
          /^(?:step|backward|minimize|[a-z]\w*_)$/.test(it.field("attribute")?.text ?? ""),
      ),
  );
}

const LEARNT = /\bParameter\(|requires_grad(?:=True|_\()|\.(?:weight|bias|grad)\b|\bparameters\(\)/;

const SHAPES = /\.numel\(|\.shape\b|\.size\(|^len\(/;

/** A parameter, or something made to be trained, in a loop that trains. */
const isLearnt = (node: Node, loop: Node, facts: Facts): boolean =>
  changesTensors(loop, facts) &&
  !SHAPES.test(node.text) &&
  operandsOf(node, facts).some((it) => it.kind === "identifier" && LEARNT.test(facts.valueOf(it)?.text ?? ""));

/** Of such a loop: the name of what may be a tensor that it changes. Shapes and lengths stay as they are. */
function mayBeTrained(node: Node, loop: Node, facts: Facts): string | undefined {
  if (!changesTensors(loop, facts)) return undefined;
  if (SHAPES.test(node.text)) return undefined;
  if (/\.(?:weight|bias|grad|data)\b|parameters\(|state_dict\(/.test(node.text)) return node.text;
  return operandsOf(node, facts).find((it) => facts.takenFor(it, "tensor") !== undefined)?.text;
}

/** The right side of `in`, with items that have to be looked up: one of constants is made once by the compiler. */
function isMembersList(node: Node): boolean {
  const test = asComparison(wrapped(node).parent);
  if (!test || (test.operator !== "in" && test.operator !== "not in") || wrapped(test.right) !== wrapped(node))
    return false;
  const items = itemsOf(node);
  return items.length > 1 && items.every((it) => it.kind === "subscript" || it.kind === "call");
}

function members(node: Node, facts: Facts): CostlyCall | undefined {
  const calls = node.descendants("call");
  const isPlain = calls.every(
    (it) =>
      asCall(it)?.args.every(isConstant) === true &&
      /(?:^|[._])(?:get|index|token_to_id|convert_tokens_to_ids|word2idx|str_to_idx|stoi)$/.test(
        asCall(it)!.callee.text,
      ),
  );
  return isPlain ? { ...made(node, false), evidence: "strong" } : undefined;
}

function made(node: Node, isObject: boolean): CostlyCall {
  return { call: node, cost: "pass", isObject, readsDisk: false, evidence: "proof" };
}

/** `names = {"a": 1, "b": 2, …}`, all of it constant: a table to look things up in. */
function isTable(node: Node): boolean {
  const pairs = node.children;
  if (pairs.length < LARGE_DICT || wrapped(node).parent?.kind !== "assignment") return false;
  return pairs.every(
    (it) => it.kind === "pair" && isConstant(unwrap(it.field("key")!)) && isConstant(unwrap(it.field("value")!)),
  );
}

/** It reads a file or asks a model. */
function isLong(node: Node, { readsDisk, cost }: CostlyCall): boolean {
  return (
    readsDisk || (cost === "work" && /^(?:predict|embed_)/.test(lastIdentifier(node.field("function")?.text ?? "")))
  );
}

/** `pd.read_excel(path, sheet_name=name)`: the file stays the same, and the turn says which part of it. How to read them all. */
function partsRead(node: Node, loop: Node, { readsDisk }: CostlyCall, facts: Facts): string | undefined {
  const call = readsDisk && loop.kind !== "while_statement" ? asCall(node) : undefined;
  const parts = call && partsOfReader(facts.nameOf(call.callee) ?? "");
  const [path] = call?.args ?? [];
  if (!parts || !path || (knownTurns(loop, facts) ?? Infinity) <= FEW_LONG_TURNS) return undefined;
  const named = Object.keys(parts).find((it) => call!.keywords.has(it));
  const part = named === undefined ? undefined : call!.keywords.get(named);
  const others = [...call!.args, ...call!.keywords.values()].filter((it) => it !== part);
  if (isOpenFile(path, facts)) return undefined;
  const isSame = (it: Node) => staysSame(it, [{ from: loop.id, to: loop.tree.arrays.nexts[loop.id]! }], facts);
  return part && hangsOnTurn(part, loop, facts) && others.every(isSame) ? parts[named!] : undefined;
}

/** `pd.ExcelFile(path)`, which is opened once and read part by part. */
function isOpenFile(path: Node, facts: Facts): boolean {
  const made = /^pandas\.(?:ExcelFile|HDFStore)$/;
  return made.test(facts.typed(path, "fair")?.type.name ?? "") || madeBy(path, made, facts) !== undefined;
}

const heldColumns = (node: Node, loop: Node, facts: Facts): readonly string[] =>
  columnsInDoubt(node, [{ from: loop.id, to: loop.tree.arrays.nexts[loop.id]! }], facts);

function isSameIn(node: Node, loop: Node, { readsDisk }: CostlyCall, facts: Facts): boolean {
  return staysSame(node, [{ from: loop.id, to: loop.tree.arrays.nexts[loop.id]! }], facts, readsDisk);
}

/** Each turn may want an object of its own: it is put somewhere, or given a name and changed. */
function isGivenAway(node: Node, { isObject, isShared, cost }: CostlyCall): boolean {
  if (!isObject || isShared || cost === "text") return false;
  const use = useOf(node);
  if (use.kind === "returned" || use.kind === "yielded" || use.kind === "element" || use.kind === "other") return true;
  // A table that is made of another: functions that are given one seldom change it.
  if (use.kind === "argument" && makesTable(node)) return PUTS.test(asCall(use.call)?.callee.text ?? "");
  if (use.kind === "argument")
    return !/^(?:len|sum|max|min|sorted|set|enumerate|zip|list|tuple|any|all|range|print|str|np\.\w+|isinstance)$/.test(
      asCall(use.call)?.callee.text ?? "",
    );
  if (use.kind === "assigned")
    return !/^(?:identifier)$/.test(use.in.field("left")?.kind ?? "") || isChangedLater(use.in.field("left")!);
  return false;
}

const makesTable = (node: Node): boolean =>
  /^(?:dropna|drop_duplicates|sort_values|fillna|pivot_table|melt|resample|groupby)$/.test(
    asMethodCall(node)?.method ?? "",
  );

/** It is kept, or is the material of an object. */
const PUTS = /(?:^|[._])(?:append|add\w*|put|set\w*|store|register|insert|extend|update|[A-Z]\w*)$/;

/** Methods that leave their object as it is, whatever it is of. */
const LOOKS = new Set(
  (
    "where mask clip gt lt ge le eq ne mean sum index get items keys values count join std var min max median rolling expanding ewm pow mul div sub shift diff pct_change " +
    "cumsum cumprod abs round astype isin isna notna fillna dropna groupby head tail nlargest nsmallest quantile unique nunique value_counts " +
    "merge reindex rename reset_index set_index sort_values sort_index to_numpy tolist to_list to_dict to_frame"
  ).split(" "),
);

/** `words = text.split()` where `words.pop()` follows. */
function changedCopy(node: Node, facts: Facts): string | undefined {
  const assigned = asAssignment(statementOf(node));
  const [target] = assigned?.targets ?? [];
  if (target?.kind !== "identifier" || !assigned?.value || unwrap(assigned.value) !== node) return undefined;
  return facts.readsSeeing(target).some(changesObject) ? target.text : undefined;
}

function isChangedLater(name: Node): boolean {
  const block = statementOf(name).parent;
  return (
    block === undefined ||
    block.identifiers(name.text).some((it) => {
      if (it.id <= name.id) return false;
      // Another value for the name.
      if (it.fieldName === "left" && it.parent?.kind === "assignment") return false;
      const use = useOf(it);
      return (
        use.kind !== "subscript" &&
        use.kind !== "membership" &&
        use.kind !== "iterated" &&
        use.kind !== "compared" &&
        use.kind !== "operand" &&
        use.kind !== "tested" &&
        use.kind !== "formatted" &&
        !(use.kind === "argument" && /^(?:len|print|sum|max|min|sorted)$/.test(asCall(use.call)?.callee.text ?? "")) &&
        !(use.kind === "method" && LOOKS.has(use.name ?? "") && !asCall(use.call)?.keywords.has("inplace"))
      );
    })
  );
}

function weightOf(node: Node, { cost, call, isPlan }: CostlyCall, facts: Facts): Weight {
  // Groups are made of whole tables: each turn that needs none of its own saves as much as all else that it does.
  if (isPlan) return facts.sizeOf(rootOf(node)) === "light" ? "unknown" : "heavy";
  // Which turns come here hangs on what the loop goes through: they may be few.
  const runs = isChosen(node, facts) && facts.weightOf(node) === "heavy" ? "unknown" : facts.weightOf(node);
  const around = facts.loopAround(node);
  // Each turn draws for longer, and there are as many as a chart has room for.
  const isDrawing = cost !== "work" && around !== undefined && drawsCharts(around.field("body") ?? around);
  if (isScalarTest(call, facts)) return "light";
  if (isDrawing) return runs === "light" ? "light" : "unknown";
  if (cost === "work") return runs === "light" ? "unknown" : runs;
  if (runs === "light" || cost === "text") return runs === "light" ? runs : "unknown";
  const [items] = asCall(call)?.args ?? [];
  if (call.kind === "dictionary") return "unknown";
  if (/^(?:sum|min|max|set|frozenset|list|tuple|dict)$/.test(asCall(call)?.callee.text ?? "") && items)
    return facts.sizeOf(items) === "light" ? "light" : "unknown";
  return call.kind === "call" &&
    /^(?:array|arange|tensor|constant|range|Draw)$/.test(lastIdentifier(asCall(call)?.callee.text ?? ""))
    ? "unknown"
    : runs;
}

function isChosen(node: Node, facts: Facts): boolean {
  const loop = facts.loopAround(node);
  for (let at = node; at !== loop && at.parent; at = at.parent) {
    const { kind } = at.parent;
    if (at.kind === "block" && /^(?:if_statement|elif_clause|else_clause)$/.test(kind)) return true;
    if (kind === "function_definition") return false;
  }
  return false;
}

/** `np.isinf(count)`: of one number. */
function isScalarTest(call: Node, facts: Facts): boolean {
  const view = call.kind === "call" ? asCall(call) : undefined;
  if (!view || !/^(?:np|numpy|math)\.is(?:inf|nan|finite)$/.test(view.callee.text)) return false;
  const type = view.args[0] && facts.typeOf(view.args[0])?.name;
  return type !== undefined && /^(?:int|float)$/.test(type);
}

/** Nothing in the statement runs before the loop or decides whether it does. */
function isFirst(loop: Node, statement: Node): boolean {
  if (!/^(?:expression_statement|return_statement|if_statement|for_statement)$/.test(statement.kind)) return false;
  for (let at: Node = loop; at !== statement; at = at.parent!)
    if (/^(?:boolean_operator|conditional_expression|lambda|block|elif_clause)$/.test(at.parent!.kind)) return false;
  return true;
}

function nameFor(node: Node): string {
  const call = asCall(node);
  const chosen = node.kind === "subscript" ? asSubscript(node) : undefined;
  if (chosen) {
    const [key] = chosen.indices;
    return `${lastIdentifier(chosen.value.text)}_${key?.kind === "identifier" ? lastIdentifier(key.text) : "columns"}`.toLowerCase();
  }
  if (!call)
    return node.kind === "dictionary" ? (asAssignment(statementOf(node))?.targets[0]?.text ?? "names") : "wanted";
  const word = lastIdentifier(call.callee.text);
  const object = call.callee.field("object")?.text ?? "";
  const isModule = /^(?:np|numpy|pd|json|re|os|glob|torch|tf|math)$/.test(object);
  const of = isModule || object === "" ? call.args[0]?.text : object;
  const base = of && /^[\w.]+$/.test(of) ? lastIdentifier(of).replace(/^_+/, "") : "";
  return (base === "" || /^\d/.test(base) ? `${word}_result` : `${base}_${word}`).toLowerCase();
}
