/** What hovers say of objects themselves: counts, sizes, identity, displays. */

import {
  asComparison,
  callOf,
  defineConstructs,
  isConstant,
  unwrap,
  type File,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "sys.getrefcount",
    guide: "refcount-and-gc",
    at: [{ name: "sys.getrefcount" }],
    says: "Mostly one higher than expected, since the argument itself is a reference; inside functions on 3.14 a borrowed load can leave that one out. Immortal objects such as None, True and the small ints report a fixed huge number since 3.12. Compare two counts around an operation instead of trusting one.",
    example: "import sys\n\nprint(sys.‸getrefcount([]))\n",
  },
  {
    name: "sys.getsizeof",
    guide: "memory-profiling",
    at: [{ name: "sys.getsizeof" }],
    says: "Covers the object's own block and nothing that it refers to: a list of strings weighs as much as its pointers. Adding the size of `__dict__` overstates an instance, because touching it makes a dictionary that most instances never have (3.11+). For true figures take `tracemalloc` snapshots or `pympler.asizeof`.",
    here: sizeNote,
    example: "import sys\n\nprint(sys.‸getsizeof([1, 2, 3]))\n",
  },
  {
    name: "id() / type()",
    guide: "object-model",
    at: [{ name: ["builtins.id", "builtins.type"] }],
    when: (node) => callOf(node)?.args.length === 1,
    says: "`id` is unique only among objects that live at the same time: in CPython it is the address, and a freed one is used again. `type` reads the pointer in the object's header, so a subclass is another type. None, True and small ints are shared and immortal since 3.12, so equal ids prove nothing about them.",
    here: identityNote,
    example: "rows = []\nprint(‸id(rows))\n",
    unlike: [
      "def find(rows: dict[‸type, int]) -> None: ...\n",
      "Point = ‸type('Point', (), {})\n",
      "def show(id):\n    return ‸id(3)\n",
    ],
  },
  {
    name: "is operator",
    guide: "object-model",
    at: [{ token: ["is", "is not"], of: "comparison_operator" }],
    says: "Tests identity, not value: right for None, enum members and sentinels of your own. CPython shares small ints and many strings, so on values the test may pass with literals and fail with computed data. Use `==` there.",
    here: isNote,
    example: "def first(rows=None):\n    return [] if rows ‸is None else rows[0]\n",
  },
  {
    name: "literal types",
    guide: "data-types",
    at: [{ token: ["[", "]", "{", "}", "(", ")"], of: ["list", "dictionary", "set", "tuple"] }],
    says: "Lists, dicts and sets can change and have no hash; tuples, frozensets, strings and numbers cannot change. A tuple is hashable only if all its items are. Each run of a display makes a new object, save for tuples of constants, which the compiler stores once.",
    here: displayNote,
    example: "rates = ‸{'low': 0.1}\n",
    unlike: [
      "rows = list(range(3))\nprint(rows‸[0])\n",
      "print‸(3)\n",
      "squares = ‸[n * n for n in range(3)]\n",
      "names: list‸[str] = []\n",
    ],
  },
]);

const ANSWERS: Readonly<Record<string, string>> = {
  "numpy.ndarray":
    "An array's data counts only if the array owns it, so a view looks tiny; `.nbytes` gives the bytes of the elements.",
  "pandas.DataFrame": "pandas answers with `memory_usage(deep=True)`, so strings of object columns count.",
  "pandas.Series": "pandas answers with `memory_usage(deep=True)`, so strings of an object column count.",
  "torch.Tensor": "Of a tensor only the Python wrapper counts; `.nbytes` gives the bytes of the elements.",
};

function sizeNote(node: Node, { facts }: File): string | undefined {
  const [value] = callOf(node)?.args ?? [];
  const type = value && facts.typeOf(value)?.name;
  if (type === undefined) return undefined;
  if (type === "generator") return "A generator holds its frame only; the items do not exist yet.";
  return ["list", "tuple", "dict", "set"].includes(type)
    ? `Here a ${type}: its table of pointers counts, the items do not.`
    : ANSWERS[type];
}

function identityNote(node: Node, { facts }: File): string | undefined {
  const call = callOf(node)!.node;
  const comparison = asComparison(call.parent);
  if (!comparison) return undefined;
  const { operator, left, right } = comparison;
  if (facts.nameOf(node) === "builtins.type")
    return ["is", "is not", "==", "!="].includes(operator) ? "`isinstance` would accept subclasses too." : undefined;
  const calls = [left, right].map((it) =>
    it.kind === "call" && facts.nameOf(it.field("function")!) === "builtins.id" ? it : undefined,
  );
  return calls.every((it) => it)
    ? `\`${operator === "!=" ? "is not" : "is"}\` asks the same and keeps both objects alive while it compares.`
    : undefined;
}

const NAN: ReadonlySet<string | undefined> = new Set(["numpy.nan", "math.nan"]);

function isNote(node: Node, { facts }: File): string | undefined {
  const comparison = node.parent!;
  const right = comparison.children.find((it) => it.start >= node.end);
  const left = comparison.children.findLast((it) => it.end <= node.start);
  if (!left || !right) return undefined;
  const operands = [unwrap(left), unwrap(right)];
  const never = node.token === "is" ? "always False" : "always True";
  if (operands.some((it) => it.kind === "none")) return undefined;
  if (operands.some((it) => it.kind === "integer" || it.kind === "float" || it.kind === "string"))
    return "Compared with a literal, which is a SyntaxWarning: write `==` or `!=`.";
  if (operands.some((it) => DISPLAYS.has(it.kind))) return `A display makes a new object, so this is ${never}.`;
  return operands.some((it) => NAN.has(facts.nameOf(it)))
    ? "Finds only this one NaN object; a computed NaN is another. Use `isnan`."
    : undefined;
}

const DISPLAYS: ReadonlySet<string> = new Set(["list", "dictionary", "set"]);
const NAMES: Readonly<Record<string, string>> = { list: "list", dictionary: "dict", set: "set", tuple: "tuple" };

function displayNote(node: Node): string | undefined {
  const display = node.parent!;
  const items = display.children;
  const isMutable = display.kind !== "tuple";
  const outer = display.parent;
  if (isMutable && outer && /default_parameter$/.test(outer.kind) && display.fieldName === "value")
    return "A default is made once, with the function: all calls that use it share this object.";
  if (isMutable && items.length > 0 && items.every(isConstant) && isSearched(display))
    return `Only constants after \`in\`: the compiler stores them once, as a ${display.kind === "set" ? "frozenset" : "tuple"}.`;
  if (display.kind === "dictionary" && items.length === 0) return "Empty braces make a dict; an empty set is `set()`.";
  if (isMutable) return `A ${NAMES[display.kind]}: can be changed in place, cannot be a dict key or set item.`;
  if (items.some((it) => DISPLAYS.has(unwrap(it).kind)))
    return "A tuple that holds a changeable object: it has no hash.";
  return items.length > 0 && items.every(isConstant)
    ? "A tuple of constants: made once, by the compiler."
    : "A tuple: cannot be changed; hashable if all its items are.";
}

function isSearched(display: Node): boolean {
  const comparison = asComparison(display.parent);
  return (
    comparison?.right === display &&
    (comparison.operator === "in" || comparison.operator === "not in") &&
    display.kind !== "dictionary"
  );
}
