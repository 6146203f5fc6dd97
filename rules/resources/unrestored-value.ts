/** A setting that is kept, changed and set back, with code in between whose exception leaves it changed. */

import {
  asAttribute,
  asAssignment,
  asCall,
  asFunction,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  expressionOf,
  fixOf,
  functionAround,
  indentLines,
  indentOf,
  indentUnit,
  insertBefore,
  nameAtRoot,
  nameGiven,
  startsLine,
  type Declined,
  type Facts,
  type Fix,
  type Node,
  type Span,
  type Weight,
} from "../../analysis/authoring.js";

/** What asks for a setting, and what sets it. */
const PAIRS: Readonly<Record<string, string>> = {
  "os.getcwd": "os.chdir",
  "pathlib.Path.cwd": "os.chdir",
  "sys.getrecursionlimit": "sys.setrecursionlimit",
  "signal.getsignal": "signal.signal",
  "locale.getlocale": "locale.setlocale",
  "socket.getdefaulttimeout": "socket.setdefaulttimeout",
  "random.getstate": "random.setstate",
  "numpy.geterr": "numpy.seterr",
  "numpy.random.get_state": "numpy.random.set_state",
  "numpy.get_printoptions": "numpy.set_printoptions",
  "torch.is_grad_enabled": "torch.set_grad_enabled",
  "torch.get_default_dtype": "torch.set_default_dtype",
  "torch.get_rng_state": "torch.set_rng_state",
  "torch.get_num_threads": "torch.set_num_threads",
};
/** Setters that give back what was set before. */
const SWAPS = new Set(["signal.signal", "numpy.seterr", "os.umask", "socket.setdefaulttimeout"]);
/** How calls end that give back a setting; asked before their names are resolved. */
const ASKS =
  /(?:^|[._])(?:getcwd|cwd|getrecursionlimit|getsignal|signal|getlocale|seterr|umask|getstate|geterr|is_grad_enabled|environ\.get|getenv)$|defaulttimeout$|(?:^|[._])get_\w/;
const FURTHEST = 40;
/** Of all these, and of what reads an environment variable. */
const WORDS = new Set(
  [...SWAPS, ...Object.keys(PAIRS), "os.environ.get", "os.getenv"].map((it) => it.slice(it.lastIndexOf(".") + 1)),
);

export default defineRule({
  title: "Setting that an exception leaves changed",
  why: "The old value is set back only if nothing in between raises. After an exception the setting keeps its new value, and whatever runs next, often far away, works with it. With try and finally it is set back however the code ends.",
  guide: "context-managers",
  level: "warning",
  gain: "safety",
  fixes: "review",

  examples: [
    {
      before: `
import os

def build(folder: str, steps) -> None:
    before = os.getcwd()
    os.chdir(folder)
    for step in steps:
        step()
    os.chdir(before)
`,
      after: `
import os

def build(folder: str, steps) -> None:
    before = os.getcwd()
    os.chdir(folder)
    try:
        for step in steps:
            step()
    finally:
        os.chdir(before)
`,
    },
  ],

  on: ["assignment"],
  values: { assignment: ["attribute", "subscript", "call"] },

  find(node, { facts }) {
    const value = node.field("right");
    if (!value || !/^(?:attribute|subscript|call)$/.test(value.kind) || value.text.length > 100) return undefined;
    if (value.kind === "call" && !ASKS.test(value.field("function")!.text)) return undefined;
    const name = nameGiven(value);
    const statement = node.parent;
    const block = statement?.parent;
    if (!name || !statement || !block || facts.isTest) return undefined;
    const setter = setterOf(value, facts);
    if (!setter) return undefined;
    const rest: Node[] = [];
    for (let it = statement.nextSibling; it && rest.length < FURTHEST; it = it.nextSibling) rest.push(it);
    const back = rest.findIndex(
      (it) => it.kind === "expression_statement" && it.text.includes(name.text) && setter.isBack(it, name.text),
    );
    if (back < 1) return undefined;
    const changed = setter.isSwap ? -1 : rest.slice(0, back).findIndex((it) => changes(it, setter));
    if (!setter.isSwap && changed < 0) return undefined;
    const between = rest.slice(changed + 1, back);
    // Someone else sees it while the generator waits: another rule's matter. A name that is bound anew is no kept value.
    if (!between.some((it) => mayRaise(it, name.text)) || between.some((it) => it.descendants("yield").length > 0))
      return undefined;
    if (
      facts.writesOf(name).length > 1 &&
      facts.writesOf(name, block).some((it) => it.name.start > name.start && it.name.end < rest[back]!.start)
    )
      return undefined;
    const owner = reach(value, facts);
    if (!owner) return undefined;
    // An object whose constructor failed is gone, with all that it holds.
    const isOwn = setter.place.startsWith("self.") && asFunction(functionAround(node))?.name === "__init__";
    return {
      at: node,
      weight: isOwn ? "light" : owner,
      evidence: "strong",
      related: [{ at: rest[back]!, message: "set back here" }],
      place: setter.place,
      between,
      back: rest[back]!,
    };
  },

  message: ({ place, back }) =>
    `An exception leaves \`${excerpt(place, 60)}\` changed: \`${excerpt(back.text.split("\n")[0]!, 50)}\` never runs; put it into a \`finally\`.`,

  fix: ({ between, back }, { facts }) => wrapped(between, back, facts),
});

interface Setter {
  readonly place: string;
  readonly isSwap: boolean;
  isBack(statement: Node, name: string): boolean;
  isSet(statement: Node): boolean;
}

function setterOf(value: Node, facts: Facts): Setter | undefined {
  const call = asCall(value);
  if (!call) {
    const place = value.text;
    const isMode = value.kind === "attribute" && value.field("attribute")!.text === "training";
    const model = isMode ? value.field("object")!.text : "";
    return {
      place,
      isSwap: false,
      isBack: (it, name) => {
        const assignment = asAssignment(it);
        if (assignment)
          return (
            assignment.targets.length === 1 && assignment.targets[0]!.text === place && assignment.value?.text === name
          );
        return isMode && asMethodCall(expressionOf(it), "train")?.object.text === model && it.text.includes(name);
      },
      isSet: (it) =>
        asAssignment(it)?.targets.some((target) => target.text === place) === true ||
        (isMode && asMethodCall(expressionOf(it), "eval", "train")?.object.text === model),
    };
  }
  // Most values come from some call: its last word tells nearly all of them apart.
  const word = asAttribute(call.callee)?.name ?? call.callee.text;
  if (!WORDS.has(word) && !word.startsWith("get_")) return undefined;
  const name = facts.nameOf(call.callee) ?? "";
  const isSwap = SWAPS.has(name) && call.args.length + call.keywords.size > 0;
  const setting = isSwap ? name : PAIRS[name];
  const isCall = (it: Node) => {
    const other = asCall(expressionOf(it));
    return other && setting !== undefined && facts.nameOf(other.callee) === setting ? other : undefined;
  };
  if (setting)
    return {
      place: setting === "os.chdir" ? "the working directory" : setting,
      isSwap,
      isBack: (it, saved) =>
        isCall(it)
          ?.argumentList.descendants("identifier")
          .some((inner) => inner.text === saved) === true,
      isSet: (it) => isCall(it) !== undefined,
    };
  // `get_tracking()` and `set_tracking(before)`, `os.environ.get("HOME")` and `os.environ["HOME"] = before`.
  const [, object = "", getter = ""] = /^((?:\w+\.)*)get_(\w+)$/.exec(call.callee.text) ?? [];
  if (getter && call.args.length + call.keywords.size === 0) {
    const wanted = `${object}set_${getter}`;
    const isOther = (it: Node) => asCall(expressionOf(it))?.callee.text === wanted;
    return {
      place: wanted,
      isSwap: false,
      isBack: (it, saved) => isOther(it) && asCall(expressionOf(it))!.args[0]?.text === saved,
      isSet: isOther,
    };
  }
  if (name !== "os.environ.get" && name !== "os.getenv") return undefined;
  const place = `os.environ[${call.args[0]?.text ?? ""}]`;
  const isStored = (it: Node) => asAssignment(it)?.targets.some((target) => target.text === place) === true;
  return {
    place,
    isSwap: false,
    isBack: (it, saved) => isStored(it) && asAssignment(it)!.value?.text === saved,
    isSet: isStored,
  };
}

/** It is changed in the statement, or in a branch of it. */
const changes = (statement: Node, setter: Setter): boolean =>
  setter.isSet(statement) ||
  (/^(?:if|with)_statement$/.test(statement.kind) &&
    statement.descendants("expression_statement").some((it) => setter.isSet(it)));

const QUIET =
  /^(?:print|len|str|int|float|bool|isinstance|range|list|dict|tuple|set|min|max|(?:\w+\.)*log(?:ger|ging)?\.\w+|time\.\w+|\w+\.append)$/;

/** It calls something whose exception would go past the line that sets it back. */
function mayRaise(statement: Node, saved: string): boolean {
  if (
    statement.kind === "function_definition" ||
    statement.kind === "class_definition" ||
    statement.kind === "decorated_definition"
  )
    return false;
  const calls = [...(statement.kind === "call" ? [statement] : []), ...statement.descendants("call")];
  return calls.some((it) => {
    const callee = it.field("function")!.text;
    if (QUIET.test(callee) || it.text.includes(`(${saved})`)) return false;
    const inner = functionAround(it);
    if (inner && inner.isInside(statement)) return false;
    const attempt = it.ancestor("try_statement");
    return (
      !attempt?.isInside(statement) ||
      !attempt
        .descendants("except_clause")
        .some(
          (clause) =>
            /^except(?:\s+(?:Base)?Exception\b[^:\n]*|\s*):/.test(clause.text) &&
            clause.descendants("raise_statement").length === 0,
        )
    );
  });
}

/** How far it is seen: by the whole program, by whoever holds the object, or by the function alone. */
function reach(value: Node, facts: Facts): Weight | undefined {
  const call = asCall(value);
  if (call) return "heavy";
  const root = nameAtRoot(value);
  if (!root) return undefined;
  const sites = facts.reachingSites(root);
  if (
    sites.some((it) => it.kind === "import") ||
    (sites.length > 0 && sites.every((it) => facts.scopeOf(it.name).parent === null && !functionAround(it.name)))
  ) {
    return functionAround(value) ? "heavy" : undefined;
  }
  // Only what outlives the function is left changed for others.
  const isGiven = sites.length > 0 && sites.every((it) => it.kind === "parameter");
  if (!isGiven) return undefined;
  // Nobody gets an object whose making has failed.
  return asFunction(functionAround(value))?.name === "__init__" ? "light" : "unknown";
}

function wrapped(between: readonly Node[], back: Node, facts: Facts): Fix | Declined {
  const first = between[0]!;
  if (![...between, back].every(startsLine)) return declined("a line holds several statements");
  const { tree } = back;
  const indent = indentOf(back);
  const unit = indentUnit(back, facts);
  const lineStart = (span: Span): Span => {
    const start = span.start - indent.length;
    return { tree, start, end: start };
  };
  const comments = tree.commentsIn({ start: between.at(-1)!.end, end: back.start }).filter(startsLine);
  const above = comments[0] ?? back;
  if (comments.some((it) => indentOf(it) !== indent)) return declined("a comment stands at another indentation");
  return fixOf(
    "Set it back in a finally block",
    ["the value is now set back after an exception too"],
    [
      insertBefore(lineStart(first), `${indent}try:\n`),
      ...indentLines({ tree, start: first.start, end: between.at(-1)!.end }, unit),
      insertBefore(lineStart(above), `${indent}finally:\n`),
      ...indentLines({ tree, start: above.start, end: back.end }, unit),
    ],
  );
}
