/** An `assert` that the program needs: it checks what comes from outside, does something, or is caught. */

import {
  asAttribute,
  asCall,
  callsUnder,
  asComparison,
  asFunction,
  asSubscript,
  asTry,
  declined,
  defineRule,
  fixOf,
  frameEvidence,
  functionAround,
  isCaught,
  hasComments,
  indentOf,
  indentUnit,
  isConstant,
  negated,
  replace,
  seriesEvidence,
  startsLine,
  statementsOf,
  unwrap,
  isStarted,
  type Facts,
  type Match,
  type Call,
  type Node,
} from "../../analysis/authoring.js";

type Why = "acts" | "caught" | "swallowed" | "outside" | "argument" | "data";

interface Needed extends Match {
  readonly statement: Node;
  readonly condition: Node;
  readonly why: Why;
}

export default defineRule({
  title: "Check that vanishes under python -O",
  why: "Python drops assert statements when it runs with -O or PYTHONOPTIMIZE, with whatever they do. What comes from outside or from a caller is checked by an exception of its own, which says what was wrong.",
  guide: "debugging",
  level: "warning",
  gain: "safety",
  words: ["assert"],
  overlaps: ["S101"],
  leftToRuff: true,
  unlike: "narrowing for a type checker, shapes and lengths, and private functions are left alone",
  fixes: "review",

  examples: [
    {
      before: `
import os

def size(path: str) -> int:
    assert os.path.exists(path), f"{path} is missing"
    return os.path.getsize(path)
`,
      after: `
import os

def size(path: str) -> int:
    if not os.path.exists(path):
        raise FileNotFoundError(f"{path} is missing")
    return os.path.getsize(path)
`,
    },
  ],

  on: ["assert_statement"],

  find(node, { facts }): Needed | undefined {
    const [condition, message] = node.children;
    if (!condition || facts.isTest || facts.isNotebook) return undefined;
    if (isConstant(condition) || condition.kind === "tuple") return undefined;
    const why = whyNeeded(node, condition, message, facts);
    if (!why || isSelfTest(node)) return undefined;
    return {
      at: { tree: node.tree, start: node.start, end: condition.end },
      evidence: why === "argument" || why === "data" ? "fair" : "proof",
      // A script stops either way, before the eyes of whoever started it.
      weight:
        why === "acts" || why === "caught"
          ? "heavy"
          : why === "swallowed" || ((why === "outside" || why === "data") && isScript(facts))
            ? "light"
            : "unknown",
      construct: node,
      statement: node,
      condition,
      why,
    };
  },

  message: ({ why }) =>
    why === "acts"
      ? "`python -O` drops this line with what it does; call it first, and check what it gave."
      : why === "caught"
        ? "The handler below waits for this assert, which `python -O` drops: test the condition instead."
        : why === "swallowed"
          ? "The handler below takes this assert for any other error, and `python -O` drops it: test the condition ahead of the try."
          : why === "outside"
            ? "This checks what comes from outside, and `python -O` drops it: raise an exception of its own."
            : why === "data"
              ? "This checks data that the program was given, and `python -O` drops it: raise an exception of its own."
              : "This checks what a caller passes, and `python -O` drops it: raise an exception of its own.",

  fix({ statement, condition, why }, { facts }) {
    if (why === "acts") return declined("what it does has to stand in a statement of its own");
    if (why === "caught" || why === "swallowed") return declined("the handler has to change with it");
    if (hasComments(statement) || !startsLine(statement)) return declined("a comment would be lost");
    const message = statement.children.filter((it) => it.kind !== "comment")[1];
    const indent = indentOf(statement);
    const error = errorFor(condition, facts);
    const text = `if ${negated(condition, indent)}:\n${indent}${indentUnit(statement, facts)}raise ${error}(${message ? unwrap(message).text : ""})`;
    return fixOf(
      `Raise ${error}`,
      [`callers that catch AssertionError get ${error}`, "it is checked under python -O too"],
      [replace(statement, text)],
    );
  },
});

/** A file that tests itself, or a function that is a check. */
function isSelfTest(node: Node): boolean {
  const def = asFunction(functionAround(node));
  if (!def) return node.ancestor("if_statement")?.field("condition")?.text.includes("__name__") === true;
  return /(?:^|_)(?:test|assert|verify|check|demo|example|main|selftest|sanity)s?(?:_|$)/i.test(def.name);
}

function whyNeeded(node: Node, condition: Node, message: Node | undefined, facts: Facts): Why | undefined {
  const own = asCall(condition);
  const calls = [...(own ? [own] : []), ...callsUnder(condition)];
  if (condition.descendants("named_expression", "await").length > 0 || calls.some((it) => acts(it, facts)))
    return "acts";
  if (isCaught(node, (type) => /\bAssertionError\b/.test(type?.text ?? ""))) return "caught";
  if (isSwallowed(node)) return "swallowed";
  // Beside the code of a script an assert without a message is what its author looked at, once.
  if (!message && !functionAround(node)) return undefined;
  if (calls.some((it) => OUTSIDE.test(facts.nameOf(it.callee) ?? it.callee.text))) return "outside";
  if (ANSWER.test(condition.text)) return "outside";
  if (functionAround(node) && isOfData(node, condition, facts)) return "data";
  return message && isOfArgument(node, condition, facts) ? "argument" : undefined;
}

/** Columns and values of a table, keys of what a file or server gave, keys that rows have put into a dict. */
function isOfData(node: Node, condition: Node, facts: Facts): boolean {
  const test = unwrap(condition);
  const asked = OF_TABLE.exec(test.text);
  if (asked) {
    const frame = condition
      .descendants("identifier")
      .find((it) => it.fieldName !== "attribute" && (frameEvidence(it, facts) ?? seriesEvidence(it, facts)));
    return frame !== undefined && isGiven(frame, facts);
  }
  const comparison = asComparison(test);
  if (!comparison) return false;
  if (/^(?:not )?in$/.test(comparison.operator))
    return isConstant(unwrap(comparison.left)) && isParsed(unwrap(comparison.right), facts);
  // `list(groups.keys()) == ["a", "b"]`, `set(groups) <= KNOWN`
  const keys = keysOf(comparison.left);
  return keys !== undefined && isFilledByRows(keys, node, facts);
}

const OF_TABLE =
  /\.columns\b|\.(?:isna|isnull|notna|notnull|duplicated|between|isin)\(|\.(?:is_unique|empty|is_monotonic_increasing|hasnans)\b/;

/** A parameter, or read from a file here. */
function isGiven(name: Node, facts: Facts): boolean {
  const sites = facts.reachingSites(name);
  return (
    sites.length > 0 &&
    sites.every(
      (it) => it.kind === "parameter" || /(?:^|\.)(?:read_\w+|load\w*)$/.test(asCall(it.value)?.callee.text ?? ""),
    )
  );
}

/** `data = json.load(file)`, `yaml.safe_load(text)`, `response.json()`. */
function isParsed(value: Node, facts: Facts): boolean {
  const made = asCall(value.kind === "identifier" ? facts.valueOf(value) : value);
  return (
    made !== undefined &&
    /^(?:json\.loads?|yaml\.(?:safe_)?load|tomllib\.loads?|toml\.loads?)$|\.json$/.test(made.callee.text)
  );
}

/** `groups` of `list(groups.keys())`, `set(groups)`, `len(groups)`. */
function keysOf(value: Node): Node | undefined {
  const call = asCall(unwrap(value));
  const [only, more] = call?.args ?? [];
  if (!call || !only || more || !/^(?:list|set|sorted|len|tuple)$/.test(call.callee.text)) return undefined;
  const view = asCall(unwrap(only));
  const inner = view && asAttribute(view.callee)?.name === "keys" ? asAttribute(view.callee)!.object : unwrap(only);
  return inner.kind === "identifier" ? inner : undefined;
}

/** `groups[str(key)] = …` in a loop further up, into a dict that has its keys written out. */
function isFilledByRows(groups: Node, node: Node, facts: Facts): boolean {
  const made = facts.valueOf(groups);
  if (made?.kind !== "dictionary" || made.children.length === 0) return false;
  return facts.readsOf(groups, functionAround(node)).some((it) => {
    const part = asSubscript(it.parent);
    const [key] = part?.value === it ? part.indices : [];
    const loop = key && facts.loopAround(it);
    return (
      key !== undefined &&
      !isConstant(unwrap(key)) &&
      loop !== undefined &&
      loop.end < node.start &&
      it.parent?.fieldName === "left"
    );
  });
}

const ACTS = /^(?:subprocess\.(?:call|check_call|run)|os\.(?:system|remove|mkdir|makedirs|rename|kill))$/;
const CHANGES = new Set(
  "pop popitem popleft remove add append extend write send sendall recv connect login acquire commit execute put setdefault unlink mkdir".split(
    " ",
  ),
);

/** It changes something, or runs something. */
function acts(call: Call, facts: Facts): boolean {
  if (ACTS.test(facts.nameOf(call.callee) ?? "")) return true;
  const method = asAttribute(call.callee);
  if (!method || !CHANGES.has(method.name)) return false;
  // `lock.acquire(False)` and `sock.send(data)` of whatever object; `pop` of something that is a collection.
  return !/^(?:np|numpy|torch|tf|jnp|pd)$/.test(method.object.text) && method.name !== "add";
}

/** It stands at the start of a `try` that goes on with something else whatever the error is. */
function isSwallowed(node: Node): boolean {
  const tried = asTry(node.parent?.parent);
  if (!tried || node.parent !== tried.body || !functionAround(node)) return false;
  return tried.handlers.some(
    (it) =>
      (!it.type || /^(?:Base)?Exception$/.test(it.type.text)) &&
      it.body.descendants("raise_statement").length === 0 &&
      it.body.descendants("return_statement").length > 0,
  );
}

const OUTSIDE =
  /^(?:os\.path\.(?:exists|isfile|isdir)|os\.access|pathlib\.Path\.(?:exists|is_file|is_dir)|shutil\.which|os\.getenv|os\.environ\.get|input|builtins\.input)$|\.(?:is_file|is_dir|exists)$/;
/** What a server answered, and how the program was started. */
const ANSWER =
  /\b(?:response|resp|res|reply|r)\.(?:status_code|status|ok)\b|\bsys\.argv\b|\bos\.environ\b|\brequest\.(?:user|args|form|json|method|headers)\b|\.is_(?:admin|staff|superuser|authenticated)\b/;
/** Shapes are checked by assert in all numerical code, which breaks soon enough without. */
const OF_SHAPES = /\.(?:shape|ndim|dim|size|dtype|device|is_cuda|numel)\b|%/;

/** `assert mode in ("r", "w"), "…"` of a parameter, in a function that others may call. */
function isOfArgument(node: Node, condition: Node, facts: Facts): boolean {
  const def = asFunction(functionAround(node));
  if (!def || (def.name.startsWith("_") && def.name !== "__init__")) return false;
  if (node.parent !== def.body || OF_SHAPES.test(condition.text)) return false;
  const comparison = asComparison(unwrap(condition));
  if (!comparison || /\bis\b/.test(comparison.operator)) return false;
  const sides = [comparison.left, comparison.right];
  const ofConstants = sides.some(
    (it) => isConstant(it) || (/^(?:list|tuple|set)$/.test(it.kind) && it.children.every(isConstant)),
  );
  const names = new Set(def.parameters.map((it) => it.name));
  const asked = sides.find((it) => it.kind === "identifier" && names.has(it.text) && it.text !== "self");
  if (!asked || !ofConstants || facts.writesOf(asked).length !== 1) return false;
  // The first of a function says it for all of them.
  return (
    facts.memo("first assert of arguments", def.body, () => {
      const first = statementsOf(def.body).find((it) => {
        const [test, message] = it.kind === "assert_statement" ? it.children : [];
        return (
          test &&
          message &&
          !OF_SHAPES.test(test.text) &&
          [...names].some((name) => test.text.includes(name)) &&
          test.kind === "comparison_operator"
        );
      });
      return first?.start ?? -1;
    }) === node.start
  );
}

function errorFor(condition: Node, facts: Facts): string {
  if (/^not\b.*\bexists\(/.test(condition.text)) return "FileExistsError";
  const test = asCall(unwrap(condition));
  const name = test ? (facts.nameOf(test.callee) ?? test.callee.text) : "";
  if (/(?:exists|isfile|isdir|is_file|is_dir)$/.test(name) || /^[\w.]+\.exists\(\)/.test(condition.text))
    return "FileNotFoundError";
  if (name === "builtins.isinstance") return "TypeError";
  if (/\.is_(?:admin|staff|superuser|authenticated)\b/.test(condition.text)) return "PermissionError";
  return ANSWER.test(condition.text) && !/argv|environ|request/.test(condition.text) ? "RuntimeError" : "ValueError";
}

const isScript = (facts: Facts): boolean => isStarted(facts) || facts.fileMatches(/^# %%/m);
