/** `Optional[X]` and `Union[X, Y]`, which are `X | None` and `X | Y` since Python 3.10. */

import {
  asClass,
  asString,
  declined,
  defineRule,
  fixOf,
  hasComments,
  isNeededInText,
  lastName,
  remove,
  replace,
  typingNames,
  withoutNames,
  type Edit,
  type Facts,
  type Match,
  type Node,
  type TypingName,
} from "../../analysis/authoring.js";

interface Legacy extends Match {
  readonly names: readonly TypingName[];
  readonly statement: Node;
}

const WANTED = new Set(["Optional", "Union"]);

export default defineRule({
  title: "Union written by `typing`",
  why: "Since Python 3.10 `X | None` says what `Optional[X]` says, without an import, and without the look of an argument that may be left out.",
  guide: "type-hints",
  level: "hint",
  gain: "clarity",
  python: { from: "3.10" },
  overlaps: ["UP007", "UP045"],
  leftToRuff: true,
  unlike: "what may have no bar is left as it is, and quotes are kept",
  words: [...WANTED],
  fixes: "review",

  examples: [
    {
      before: `
import math
from typing import Optional, Union

def first(values: list[int], default: Optional[int] = None) -> Union[int, str]:
    return math.trunc(values[0]) if values else default or "nothing"
`,
      after: `
import math

def first(values: list[int], default: int | None = None) -> int | str:
    return math.trunc(values[0]) if values else default or "nothing"
`,
    },
  ],

  on: ["import_from_statement"],

  find(node, { facts }): Legacy | undefined {
    const names = typingNames(node, WANTED, facts);
    const [first] = names;
    return (
      first && { at: first.node, evidence: "proof", weight: facts.isTest ? "light" : "unknown", names, statement: node }
    );
  },

  message({ names }) {
    const places = names.reduce((sum, it) => sum + it.reads.length, 0);
    const shown = names
      .map((it) => (it.name === "Optional" ? "`Optional[X]` can be `X | None`" : "`Union[X, Y]` can be `X | Y`"))
      .join(", ");
    return `${shown}, in ${places === 1 ? "one place" : `${places} places`}.`;
  },

  fix({ names, statement }, { facts }) {
    const all = names.map((it) => ({ name: it.name, edits: it.reads.map((read) => asBar(read, it.name, facts)) }));
    const edits = all.flatMap((it) => it.edits.flatMap((edit) => edit ?? []));
    if (edits.length === 0)
      return declined("what stands in the brackets is in quotes, computed, or may not be a class");
    const gone = all.filter((it) => it.edits.every((edit) => edit) && !isNeededInText(it.name, facts));
    return fixOf(
      "Write unions with |",
      [
        "code that reads annotations sees other objects",
        gone.length > 0 && "another file may import the names from here",
      ],
      [...withoutNames(statement, new Set(gone.map((it) => it.name)), facts), ...edits],
    );
  },
});

/** The edits of one use, which leave what stands in the brackets to others; undefined where it has to stay. */
function asBar(read: Node, name: string, facts: Facts): readonly Edit[] | undefined {
  const whole = read.parent;
  if ((whole?.kind !== "generic_type" && whole?.kind !== "subscript") || whole.isBroken || hasComments(whole))
    return undefined;
  const list = whole.children.find((it) => it.kind === "type_parameter");
  const parts = list ? list.children : whole.fieldAll("subscript");
  const [first] = parts;
  const last = parts.at(-1);
  if (!first || !last || (whole.kind === "subscript" && whole.field("value") !== read)) return undefined;
  if (name === "Optional" ? parts.length !== 1 : parts.length < 2) return undefined;
  // `Union[A, B].__args__`, `Optional[X]()`: an object of its own is meant.
  if (["attribute", "call", "comparison_operator"].includes(whole.parent?.kind ?? "")) return undefined;
  const inner = parts.map((it) => (it.kind === "type" ? (it.children[0] ?? it) : it));
  if (name === "Optional") {
    const quoted = asString(inner[0]!);
    if (quoted)
      return /^["'][\w.]+["']$/.test(quoted.node.text) &&
        whole.parent?.kind === "type" &&
        whole.parent.parent?.kind !== "type_parameter"
        ? [replace(whole, `${quoted.node.text.slice(0, -1)} | None${quoted.node.text.at(-1)!}`)]
        : undefined;
  }
  if (!inner.every((it) => isType(it)) || inner.some((it) => isNoClass(it, facts))) return undefined;
  // Two of None have no `|`.
  const nones = inner.filter((it) => it.kind === "none").length + (name === "Optional" ? 1 : 0);
  if (nones > 1) return undefined;
  const { tree } = whole;
  const edits = [remove({ tree, start: whole.start, end: first.start })];
  for (const [index, it] of parts.slice(1).entries())
    edits.push(replace({ tree, start: parts[index]!.end, end: it.start }, " | "));
  return [...edits, replace({ tree, start: last.end, end: whole.end }, name === "Optional" ? " | None" : "")];
}

/** Functions with the names of classes. */
const FUNCTIONS =
  /^(?:threading\.(?:Lock|RLock)|multiprocessing\.(?:Array|Barrier|BoundedSemaphore|Condition|Event|JoinableQueue|Lock|Manager|Pipe|Pool|Queue|RawArray|RawValue|RLock|Semaphore|SimpleQueue|Value)|tempfile\.(?:Named)?TemporaryFile|PIL\.Image)$/;

/** A function, a module, a text, or a class that has a `|` of its own. A name that is known to be none of these may still be one. */
function isNoClass(node: Node, facts: Facts): boolean {
  if (node.kind !== "identifier" && node.kind !== "attribute") return false;
  const name = facts.nameOf(node);
  // A class since Python 3.13.
  if (name === "threading.Lock" && facts.hasPython("3.13")) return false;
  if (name !== undefined && FUNCTIONS.test(name)) return true;
  if (node.kind !== "identifier") return false;
  return facts.writesOf(node).some((site) => {
    if (site.imported) return site.imported.name === undefined;
    if (site.kind === "function") return true;
    if (site.kind === "class") return isOddClass(site.owner, facts);
    const value = site.kind === "assign" ? site.value : undefined;
    if (!value) return false;
    return value.kind === "identifier" && value.text !== node.text
      ? isNoClass(value, facts)
      : ["string", "integer", "float", "list", "dictionary", "lambda", "none"].includes(value.kind);
  });
}

/** A decorator may give something else back, and a metaclass may have its own `|`. */
function isOddClass(definition: Node, facts: Facts): boolean {
  const def = asClass(definition);
  if (!def) return true;
  const decorators = def.decorators.map((it) => it.text.replace(/^@\s*/, ""));
  const isOwn = (it: string) => facts.fileMatches(new RegExp(`\\bdef ${/^\w*/.exec(it)![0]}\\b`));
  return (
    decorators.some((it) => isOwn(it) || /^(?:functools\.)?(?:lru_cache|cache)\b/.test(it)) ||
    (def.keywords.has("metaclass") && facts.fileMatches(/\bdef __r?or__\b/))
  );
}

const LOWER = new Set(
  "int str float bool bytes list dict set tuple frozenset type object complex bytearray memoryview range slice ndarray dtype device datetime date timedelta time timezone deque defaultdict generic floating integer number".split(
    " ",
  ),
);

/** Something that has `|`: a class, another union, None. A function, a text or a name in small letters may have none. */
function isType(node: Node): boolean {
  switch (node.kind) {
    case "none":
    case "generic_type":
    case "union_type":
      return true;
    case "subscript":
      return node.field("value") !== undefined && isType(node.field("value")!);
    case "binary_operator":
      return node.hasToken("|");
    case "identifier":
    case "attribute": {
      const last = lastName(node);
      return LOWER.has(last) || /^_*[A-Z]/.test(last);
    }
    default:
      return false;
  }
}
