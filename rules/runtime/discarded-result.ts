/** Something that is made and dropped in the same statement: an error that is not raised, a changed copy that nobody takes. */

import {
  asAttribute,
  asBinary,
  asCall,
  asComparison,
  asFunction,
  asMethodCall,
  asTry,
  declined,
  defineRule,
  endsCell,
  excerpt,
  expressionOf,
  fixOf,
  functionAround,
  isCaught,
  functionCalled,
  functionQuestion,
  insertBefore,
  isConstant,
  isPureCall,
  nameAtRoot,
  replace,
  statementsOf,
  unwrap,
  type Call,
  type Evidence,
  type Facts,
  type Match,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

type How = "error" | "warning" | "compared" | "paired" | "lazy" | "changed" | "shown" | "own";

interface Dropped extends Match {
  readonly value: Node;
  readonly how: How;
  /** What the changed copy would be given to: `x` of `x.strip()` and of `sorted(x)`. */
  readonly target: Node | undefined;
}

export default defineRule({
  title: "Outcome that is made and dropped",
  why: "Making an exception raises nothing, and a method that gives a changed copy leaves the object as it was. The statement looks as if it did its work, and the program goes on without it.",
  guide: "debugging",
  level: "warning",
  differs: { unknown: "kept" },
  gain: "safety",
  overlaps: ["B015", "PLW0133"],
  unlike: "it knows methods that only return, of texts, tables, arrays and tensors",
  overrides: ["sklearn/single-job"],
  fixes: "review",

  examples: [
    {
      before: `
def middle(values: list[float]) -> float:
    if not values:
        ValueError("no values")
    return sorted(values)[len(values) // 2]
`,
      after: `
def middle(values: list[float]) -> float:
    if not values:
        raise ValueError("no values")
    return sorted(values)[len(values) // 2]
`,
    },
  ],

  on: ["expression_statement"],
  values: { expression_statement: ["call", "comparison_operator", "attribute"] },

  find(node, { facts }): Dropped | undefined {
    const value = expressionOf(node);
    if (!value) return facts.isTest ? undefined : pairIn(node, facts);
    if (value.kind === "attribute" || facts.isTest) return undefined;
    const found = value.kind === "call" ? droppedCall(value, facts) : droppedComparison(value, facts);
    if (!found || isMeantSo(node, value, found.how, facts)) return undefined;
    return { at: value, value, ...found };
  },

  message: ({ value, how, target }) =>
    how === "error"
      ? `\`${nameOf(value)}\` is made here and not raised, so the program goes on as if nothing had happened.`
      : how === "warning"
        ? `\`${nameOf(value)}\` is made here and dropped: nobody is warned.`
        : how === "paired"
          ? `This makes a pair and drops it: nothing is given to \`${excerpt(target!.text, 40)}\`; \`=\` instead of the comma would set it.`
          : how === "compared"
            ? `This compares \`${excerpt(asComparison(value)!.left.text, 40)}\` and drops the answer; \`=\` would set it, \`assert\` would check it.`
            : how === "lazy"
              ? `Nobody asks this \`${nameOf(value)}\` for its items, so its function is never called.`
              : how === "own"
                ? `What this call finds is dropped: \`${nameOf(value)}\` does nothing but return its answer.`
                : how === "shown"
                  ? `Only a notebook would show what \`${nameOf(value)}\` gives; here it is dropped.`
                  : `\`${nameOf(value)}\` gives a changed copy, which is dropped: \`${excerpt(target!.text, 40)}\` stays as it was.`,

  fix({ value, how, target }, { facts }) {
    const alias = handlerAlias(value);
    switch (how) {
      case "error":
        return fixOf(
          "Raise it",
          ["what went on in silence ends here with an error"],
          [replace(value, `raise ${value.text}${alias ? ` from ${alias}` : ""}`)],
        );
      case "warning":
        return declined("whether warnings.warn or an error was meant cannot be seen");
      case "paired":
        return declined("whether it should be set or go cannot be seen");
      case "compared":
        return declined("whether it should be set or checked cannot be seen");
      case "shown":
        return declined("whether it should be printed or go cannot be seen");
      case "own":
        if (!answers(functionAround(value)!)) return declined("where the answer should go cannot be seen");
        return fixOf("Return it", ["code below no longer runs after it"], [insertBefore(value, "return ")]);
      case "lazy":
        return declined("a `for` loop would do it: what should come of its results cannot be seen");
      default:
    }
    const call = asCall(value)!;
    if (!target || !(KEEPS_KIND.has(lastWord(call)) || OF_ACCESSORS.has(lastWord(call))))
      return declined("where the outcome should be kept cannot be seen");
    const root = nameAtRoot(target);
    const isGiven =
      root !== undefined &&
      root === target &&
      facts.writesOf(root).some((it) => it.kind === "parameter") &&
      !facts.readsOf(root).some((it) => it.start > value.end);
    return fixOf(
      "Assign the outcome",
      [
        `\`${excerpt(target.text, 40)}\` holds the outcome from here on`,
        isGiven && "whoever passed it in still has what it was",
      ],
      [insertBefore(value, `${target.text} = `)],
    );
  },
});

/** The function gives something back. */
const answers = (def: Node): boolean =>
  def
    .descendants("return_statement")
    .some((it) => it.children[0] && it.children[0].kind !== "none" && functionAround(it) === def);

const MADE_ERROR = /^_?[A-Z]\w*(?:Error|Exception)$/;
const OTHER_ERRORS = new Set([
  "StopIteration",
  "StopAsyncIteration",
  "KeyboardInterrupt",
  "SystemExit",
  "GeneratorExit",
]);
const WARNINGS =
  /^builtins\.(?:Deprecation|PendingDeprecation|User|Runtime|Future|Syntax|Import|Unicode|Bytes|Resource|Encoding)?Warning$/;

type Found = Pick<Dropped, "how" | "target"> & { readonly evidence: Evidence; readonly weight?: Weight };

function droppedCall(node: Node, facts: Facts): Found | undefined {
  const callee = node.field("function");
  if (!callee) return undefined;
  const word = callee.kind === "identifier" ? callee.text : (asAttribute(callee)?.name ?? "");
  if (MADE_ERROR.test(word) || OTHER_ERRORS.has(word)) {
    const evidence = errorEvidence(callee, facts);
    return evidence && { how: "error", target: undefined, evidence };
  }
  if (word.endsWith("Warning"))
    return WARNINGS.test(facts.nameOf(callee) ?? "")
      ? { how: "warning", target: undefined, evidence: "proof" }
      : undefined;
  const accessor = OF_ACCESSORS.has(word) ? asAttribute(asAttribute(callee)?.object) : undefined;
  if (accessor && /^(?:dt|str)$/.test(accessor.name) && facts.view.imports("pandas"))
    return { how: "changed", target: startOf(accessor.object), evidence: "strong" };
  const isChanged = CHANGED.has(word);
  if (isChanged || SHOWN.has(word)) {
    // Lists grow in nearly every function: nothing more is asked to tell them from arrays.
    if (GROW_LISTS.has(word) && !facts.view.imports("numpy")) return undefined;
    return droppedCopy(asCall(node), word, isChanged, facts);
  }
  if ((word === "map" || word === "filter") && callee.kind === "identifier")
    return facts.nameOf(callee) === `builtins.${word}` && asCall(node)?.args.length === 2
      ? { how: "lazy", target: undefined, evidence: "proof" }
      : undefined;
  if (SCORES.test(word) && SCORING.test(facts.nameOf(callee) ?? ""))
    return { how: "shown", target: undefined, evidence: "proof" };
  const evidence = ownAnswer(node, callee, word, facts);
  return evidence && { how: "own", target: undefined, evidence };
}

/** A class of built-in errors, of the file, or one that is imported: what it is called is a sign that the libraries keep to. */
function errorEvidence(callee: Node, facts: Facts): Evidence | undefined {
  const name = facts.nameOf(callee);
  if (name?.startsWith("builtins.")) return "proof";
  if (callee.kind === "identifier") {
    if (facts.functionNamed(callee)) return undefined;
    const own = facts.classNamed(callee.text);
    if (own) {
      const init = own.methodNamed("__init__");
      // What a class does when it is made may be all that is wanted of it.
      const acts = init && init.def.body.descendants("call").some((it) => !/^super\(/.test(it.text));
      return acts ? undefined : "strong";
    }
    return facts.reachingSites(callee).some((it) => it.kind === "import") ? "strong" : undefined;
  }
  return name !== undefined ? "strong" : undefined;
}

/** They give a changed copy, and do nothing else. */
const CHANGED = new Set(
  (
    "strip lstrip rstrip lower upper title capitalize casefold swapcase replace removeprefix removesuffix zfill expandtabs " +
    "dropna fillna ffill bfill drop drop_duplicates drop_nulls fill_null reset_index set_index sort_values sort_index rename astype round clip " +
    "assign interpolate explode with_columns cast unique sort filter " +
    "detach cpu cuda to float half long double unsqueeze squeeze permute transpose reshape view contiguous repeat expand clamp flatten " +
    "union intersection difference symmetric_difference with_suffix with_name append delete insert sorted reversed to_datetime to_numeric"
  ).split(" "),
);
/** `df["day"].dt.strftime("%Y")`, `df.name.str.strip()`: nothing but a column has these, and it stays as it was. */
const OF_ACCESSORS = new Set(
  (
    "strftime normalize floor ceil round tz_localize tz_convert to_period to_timestamp as_unit " +
    "strip lstrip rstrip lower upper title capitalize casefold swapcase replace zfill slice pad removeprefix removesuffix"
  ).split(" "),
);
/** They change things in place where the object is another one, so only what a module's function is called counts. */
const FUNCTIONS = new Set(
  "append delete insert sort sorted reversed round clip reshape transpose squeeze to_datetime to_numeric".split(" "),
);
/** Methods of lists that are functions of NumPy too. */
const GROW_LISTS = new Set(["append", "insert", "delete", "sort"]);
/** What a model is worth: many fits for a number that nobody sees. */
const SCORES = /_(?:score|scores|error|loss|report|matrix|predict)$|^cross_validate$/;
const SCORING = /^sklearn\.(?:metrics\.\w+|model_selection\.cross_val\w+)$/;
/** They only look. */
const SHOWN = new Set(
  "most_common head tail describe isna isnull sum mean median value_counts nunique corr std to_string".split(" "),
);
/** Those after which a name may go on to stand for it. */
const KEEPS_KIND = new Set(
  (
    "strip lstrip rstrip lower upper title capitalize casefold swapcase replace removeprefix removesuffix zfill expandtabs dropna fillna ffill bfill drop " +
    "drop_duplicates drop_nulls fill_null reset_index set_index sort_values sort_index rename astype round clip assign interpolate explode with_columns sort filter detach " +
    "cpu cuda to float half long double unsqueeze squeeze permute transpose reshape view contiguous repeat expand clamp flatten union intersection " +
    "difference symmetric_difference with_suffix with_name append delete insert to_datetime to_numeric sorted"
  ).split(" "),
);

function droppedCopy(call: Call | undefined, word: string, isChanged: boolean, facts: Facts): Found | undefined {
  if (!call || call.hasSplat) return undefined;
  const inplace = call.keywords.get("inplace");
  if (call.keywords.has("out") || (inplace && inplace.kind !== "false")) return undefined;
  const name = facts.nameOf(call.callee);
  if (name !== undefined && !name.startsWith("builtins.str.")) {
    const library = /^(builtins|numpy|pandas)\./.exec(name)?.[1];
    const [first] = call.args;
    if (!library || !FUNCTIONS.has(word) || !isPureCall(name) || !first || !nameAtRoot(unwrap(first))) return undefined;
    return { how: "changed", target: unwrap(first), evidence: "proof" };
  }
  const method = GROW_LISTS.has(word) ? undefined : asMethodCall(call.node);
  const receiver = method && receiverOf(method.object, word, facts);
  if (!receiver) return undefined;
  const { evidence, type } = receiver;
  // `x.to()` of a module moves it; those of a tensor and a table are in the tables.
  if (!isPureCall(`${type}.${word}`) && !PURE_TOO.has(`${type}.${word}`)) return undefined;
  // What groups, counts or sums on the way is no changed form of what the chain begins with: its outcome is only looked at.
  if (!isChanged || type === "polars.Expr" || !keepsAllSteps(method.object))
    return type.startsWith("pandas.") || type === "collections.Counter"
      ? { how: "shown", target: undefined, evidence, weight: "light" }
      : undefined;
  // `clip` and the like of a chain that begins with a call change what nobody has.
  const root = startOf(method.object);
  return root ? { how: "changed", target: root, evidence } : undefined;
}

const PURE_TOO = new Set(["torch.Tensor.to", "torch.Tensor.cuda", "set.symmetric_difference", "str.title"]);
for (const it of "with_columns drop drop_nulls fill_null rename sort filter cast unique explode".split(" "))
  for (const type of ["DataFrame", "LazyFrame"]) PURE_TOO.add(`polars.${type}.${it}`);

function receiverOf(object: Node, word: string, facts: Facts): { type: string; evidence: Evidence } | undefined {
  const typed = facts.typed(object, "fair");
  if (typed) return { type: typed.type.name, evidence: typed.evidence };
  if (asCall(object)) return undefined;
  // Other objects have an index, rows or a head too.
  if (!OF_FRAMES.has(word) || !facts.view.imports("pandas")) return undefined;
  const frame = facts.takenFor(object, "frame", "strong") ?? (isJoined(object, facts) ? "strong" : undefined);
  return frame && { type: "pandas.DataFrame", evidence: frame };
}

const OF_FRAMES = new Set(
  "dropna fillna drop drop_duplicates reset_index set_index sort_values sort_index rename head tail describe".split(
    " ",
  ),
);

/** Tables or columns put together: either has the methods of both. */
function isJoined(object: Node, facts: Facts): boolean {
  const call = asCall(unwrap(facts.valueOf(object) ?? object));
  return call !== undefined && facts.nameOf(call.callee) === "pandas.concat";
}

/** Each method of the chain gives its object in another form, so the outcome may stand for it. */
function keepsAllSteps(object: Node): boolean {
  for (let step = asMethodCall(unwrap(object)); step; step = asMethodCall(unwrap(step.object)))
    if (!KEEPS_KIND.has(step.method) && !CHANGED.has(step.method)) return false;
  return true;
}

/** `df` of `df.dropna().reset_index()`, `df["c"]` of `df["c"].fillna(0)`; undefined where it begins with a call of something else. */
function startOf(object: Node): Node | undefined {
  let at = unwrap(object);
  for (let step = asMethodCall(at); step; step = asMethodCall(at)) at = unwrap(step.object);
  for (let it = asAttribute(at); it && /^(?:str|dt)$/.test(it.name); it = asAttribute(at)) at = unwrap(it.object);
  return nameAtRoot(at) ? at : undefined;
}

/** A function of the file that only looks and returns, most often called by itself: what it found is dropped. */
function ownAnswer(node: Node, callee: Node, word: string, facts: Facts): Evidence | undefined {
  if (!facts.view.answers(word)) return undefined;
  const around = functionAround(node);
  const def = around && functionCalled(callee, facts);
  if (!def || def.isAsync || def.decorators.length > 0) return undefined;
  const found = answerOnly(def, facts);
  if (found === "") return undefined;
  return def.node === around ? "strong" : found === "checks" ? undefined : "fair";
}

/** Whether a function does nothing but answer, and whether it may be called for what it raises. */
const answerOnly = functionQuestion((def, facts): "" | "checks" | "answers" => {
  const body = facts.bodyOf(def);
  if (!onlyAnswers(body, def.name, facts)) return "";
  // What checks, or is there for classes below to fill in, is called for something else.
  const given = body
    .descendants("return_statement")
    .flatMap((it) => (it.children[0] && it.children[0].text !== "self" ? [it.children[0]] : []));
  // One of two constants is an answer, too.
  const returned = given.some((it) => !isConstant(it)) || new Set(given.map((it) => it.text)).size > 1;
  return returned && body.descendants("raise_statement", "assert_statement").length === 0 ? "answers" : "checks";
});

function onlyAnswers(body: Node, own: string, facts: Facts): boolean {
  if (
    body.descendants(
      "yield",
      "await",
      "global_statement",
      "nonlocal_statement",
      "augmented_assignment",
      "delete_statement",
      "with_statement",
    ).length > 0
  )
    return false;
  const answers = body
    .descendants("return_statement")
    .some((it) => it.children.length > 0 && it.children[0]!.kind !== "none");
  const stores = body.descendants("assignment").some((it) => it.field("left")?.kind !== "identifier");
  return (
    answers &&
    !stores &&
    body.descendants("call").every((it) => {
      const callee = it.field("function")!;
      const word = callee.kind === "identifier" ? callee.text : asAttribute(callee)?.name;
      if (/\bout=/.test(it.field("arguments")?.text ?? "")) return false;
      // A recursion; a method of that name of another object may do anything.
      const isOwn = word === own && (callee.kind === "identifier" || /^(?:self|cls|super\(\))\.\w+$/.test(callee.text));
      return isOwn || isPureCall(facts.nameOf(callee) ?? "") || facts.isPure(it) === "yes";
    })
  );
}

/** `self.count == 0` where something is set around it: not for `x == y` of objects that define it to build something. */
function droppedComparison(value: Node, facts: Facts): Found | undefined {
  const comparison = asComparison(value);
  if (comparison?.operator !== "==") return undefined;
  const { left, right } = comparison;
  if (!["identifier", "attribute", "subscript"].includes(left.kind) || isConstant(left)) return undefined;
  if (asBinary(right) || !isConstant(right)) {
    const type = facts.typed(left, "strong")?.type.name ?? facts.typed(right, "strong")?.type.name;
    if (type === undefined || !/^(?:int|float|str|bool|list|dict|set|tuple|numpy\.ndarray|torch\.Tensor)$/.test(type))
      return undefined;
  }
  return { how: "compared", target: undefined, evidence: "strong" };
}

/** `self.rate, rate`: a comma where `=` was meant. Attributes and names alone are read, and nothing comes of it. */
function pairIn(statement: Node, facts: Facts): Dropped | undefined {
  const [target, given, more] = statement.children;
  if (target?.kind !== "attribute" || !given || more || !functionAround(statement)) return undefined;
  if (given.kind !== "identifier" && !isConstant(given)) return undefined;
  const attribute = asAttribute(target);
  if (attribute?.object.text !== "self" || isCaught(statement)) return undefined;
  // Of the same name, it is what the attribute was to be given.
  const isNamedAlike =
    given.kind === "identifier" && given.text.replace(/^_+/, "") === attribute.name.replace(/^_+/, "");
  const isParameter = facts.writesOf(given).some((it) => it.kind === "parameter");
  const evidence = isNamedAlike ? "proof" : isParameter || isConstant(given) ? "strong" : "fair";
  return { at: statement, value: statement, how: "paired", target, evidence };
}

/** It is tried out, timed or shown. */
function isMeantSo(statement: Node, value: Node, how: How, facts: Facts): boolean {
  const def = functionAround(statement);
  const isTop = def === undefined && statement.parent === statement.tree.root;
  if (isTop && how !== "error" && how !== "lazy" && (endsCell(statement, facts) || facts.fileMatches(CELLS)))
    return true;
  if (facts.isNotebook && how !== "error" && facts.fileMatches(SHOWS_ALL)) return true;
  if (how === "error") return false;
  if (isCaught(statement)) return true;
  if (
    statement.ancestor("with_statement") &&
    /\b(?:raises|suppress|timer?|profile|catch_warnings)\b/i.test(headOf(statement.ancestor("with_statement")!))
  )
    return true;
  const around = asFunction(def);
  // All that the function does is what is timed.
  if (around && statement.parent === around.body && statementsOf(around.body).length === 1 && how !== "changed")
    return true;
  const loop = statement.ancestor("for_statement");
  if (loop && statementsOf(loop.field("body")!).length === 1 && TIMED.test((around?.body ?? loop.parent!).text))
    return true;
  return around !== undefined && /^(?:bench|time_|test|warm)/i.test(around.name);
}

const headOf = (node: Node) => node.text.slice(0, 200).split("\n", 1)[0]!;
const TIMED = /\b(?:perf_counter|timeit|process_time|synchronize|monotonic|time\.time)\b/;
/** Scripts that are shown cell by cell. */
const CELLS = /^# (?:%%|In\[|\+)/m;
const SHOWS_ALL = /ast_node_interactivity/;

const lastWord = ({ callee }: Call): string => asAttribute(callee)?.name ?? callee.text;

/** `ValueError`, `fillna()`. */
function nameOf(value: Node): string {
  const callee = value.field("function")!;
  const word = asAttribute(callee)?.name ?? callee.text;
  return excerpt(/^[A-Z]/.test(word) ? word : `${word}()`, 40);
}

/** `error` in the handler `except OSError as error:` that the statement stands in. */
function handlerAlias(value: Node): string | undefined {
  const handler = value.ancestor("except_clause");
  const attempt = asTry(handler?.parent);
  const found = attempt?.handlers.find((it) => it.node === handler);
  return found && functionAround(value) === functionAround(handler!) ? found.alias?.text : undefined;
}
