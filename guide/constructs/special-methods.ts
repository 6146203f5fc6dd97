/** What hovers say of special methods: when Python calls the one at hand, and what it has to return. */

import { asFunction, defineConstructs, statementOf, type File, type Node } from "../../analysis/authoring.js";

/** Those with an entry of their own are left out: `__iter__`, `__exit__`, `__new__`, `__slots__`, the descriptors'. */
const CALLED: Readonly<Record<string, string>> = {
  __init__: "Called by `C(…)` on the object that `__new__` made; must return None.",
  __del__:
    "Called when the last reference goes or the collector breaks a cycle; maybe late, maybe never at exit, and errors are only printed.",
  __repr__:
    "Called by `repr`, `!r`, the debugger, containers that print their items, and `str` where there is no `__str__`; must return a str.",
  __str__: "Called by `str`, `print` and `format` without a format; must return a str.",
  __bytes__: "Called by `bytes(x)`; must return bytes.",
  __format__: "Called by `format` and the f-string `{x:…}` with the text behind the colon; must return a str.",
  __hash__:
    "Called for dict keys and set items; equal objects need equal hashes, so it may use only what never changes.",
  __bool__: "Called by `if`, `while`, `not`, `and`, `or`; must return a bool. Without it `__len__` decides.",
  __len__:
    "Called by `len`, and by truth tests where there is no `__bool__`; must return an int from 0 up, so an empty container is false.",
  __length_hint__: "Called by `list(x)` and the like to reserve room; a guess is enough.",
  __call__: "Called by `x(…)`; it must be on the class, not on the instance.",
  __getitem__:
    "Called by `x[i]`, with a slice object for `x[a:b]` and a tuple for `x[a, b]`. Without `__iter__`, `for` calls it with 0, 1, 2 … until IndexError.",
  __setitem__: "Called by `x[i] = value` and `x[i] += …`.",
  __delitem__: "Called by `del x[i]`.",
  __contains__: "Called by `in`; the result is turned into a bool. Without it `in` goes through all items.",
  __missing__: "Called by `dict.__getitem__` for an absent key, in subclasses of dict; not by `get` or `in`.",
  __reversed__: "Called by `reversed(x)`; without it `__len__` and `__getitem__` are used.",
  __getattr__:
    "Called only after normal lookup failed; must raise AttributeError for names it does not know. Reading an own missing field in it recurses.",
  __getattribute__:
    "Called for every attribute read, methods included, so it slows them all; read through `super().__getattribute__`.",
  __setattr__: "Called for every assignment to an attribute, in `__init__` too; store through `super().__setattr__`.",
  __delattr__: "Called by `del x.name`.",
  __dir__: "Called by `dir(x)`, and so by completion in a shell.",
  __enter__: "Called when a `with` block begins; what it returns is bound by `as`.",
  __aenter__: "Awaited when an `async with` block begins; its result is bound by `as`.",
  __await__: "Called by `await x`; must return an iterator.",
  __aiter__: "Called by `async for`; a plain method that returns an object with `__anext__`, or an async generator.",
  __anext__: "Awaited at each turn of an `async for`; raises StopAsyncIteration at the end.",
  __init_subclass__:
    "Called on the parent when a subclass is created, with the keywords of its class statement; a class method without decorator.",
  __class_getitem__: "Called by `C[…]` on the class itself; a class method without decorator.",
  __instancecheck__: "Called on the metaclass by `isinstance(x, C)`, unless `type(x)` is exactly C.",
  __subclasscheck__: "Called on the metaclass by `issubclass(D, C)`.",
  __subclasshook__: "Called by the ABC's check; returns True, False or NotImplemented for the usual answer.",
  __prepare__: "Called on the metaclass before the class body runs; returns the mapping that the body fills.",
  __copy__: "Called by `copy.copy`.",
  __deepcopy__: "Called by `copy.deepcopy` with the memo dict, to be handed on to inner calls.",
  __getstate__: "Called by `pickle` and `copy` for what is to be stored.",
  __setstate__: "Called by `pickle` and `copy` on the new object; `__init__` is not called.",
  __reduce__: "Called by `pickle` and `copy` for a recipe to build the object again.",
  __reduce_ex__: "Called by `pickle` and `copy` with the protocol number, in place of `__reduce__`.",
  __getnewargs__: "Called by `pickle` for the arguments of `__new__`; must return a tuple.",
  __getnewargs_ex__: "Called by `pickle` for the arguments of `__new__`: a tuple and a dict.",
  __sizeof__: "Called by `sys.getsizeof`, which may add the collector's header.",
  __fspath__: "Called by `open` and `os` functions for the path; must return str or bytes.",
  __index__: "Called where an exact int is needed: `x[i]`, slices, `range`, `hex`; must return an int.",
  __int__: "Called by `int(x)`; must return an int.",
  __float__: "Called by `float(x)` and most of `math`; must return a float.",
  __complex__: "Called by `complex(x)`; must return a complex.",
  __round__: "Called by `round(x)` without, or `round(x, n)` with a number of digits.",
  __trunc__: "Called by `math.trunc`.",
  __floor__: "Called by `math.floor`.",
  __ceil__: "Called by `math.ceil`.",
  __abs__: "Called by `abs(x)`.",
  __neg__: "Called for `-x`.",
  __pos__: "Called for `+x`.",
  __invert__: "Called for `~x`.",
  __eq__:
    "Called for `==`, by `in` and for dict and set keys of equal hash; `!=` is its negation unless `__ne__` exists.",
  __ne__: "Called for `!=`; without it Python negates `__eq__`, so it is rarely needed.",
  __lt__: "Called for `x < y`, by `sorted`, `min` and `max`, and as the mirror of `y > x`.",
  __le__: "Called for `x <= y`, and as the mirror of `y >= x`; not derived from `<` and `==`.",
  __gt__: "Called for `x > y`, and as the mirror of `y < x`.",
  __ge__: "Called for `x >= y`, and as the mirror of `y <= x`; not derived from `>` and `==`.",
  __buffer__: "Called from 3.12 on by `memoryview(x)` and C code that wants the bytes.",
};

const OPERATORS: Readonly<Record<string, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  matmul: "@",
  truediv: "/",
  floordiv: "//",
  mod: "%",
  pow: "**",
  lshift: "<<",
  rshift: ">>",
  and: "&",
  or: "|",
  xor: "^",
  divmod: "divmod",
};

const BINARY = Object.keys(OPERATORS);
const NAMES = [
  ...Object.keys(CALLED),
  ...BINARY.flatMap((it) => [`__${it}__`, `__r${it}__`]),
  ...BINARY.filter((it) => it !== "divmod").map((it) => `__i${it}__`),
];

export default defineConstructs([
  {
    name: "magic method",
    guide: "data-model",
    at: [{ defines: NAMES }],
    says: "Python looks it up on the type, so storing a function on one instance changes nothing. A binary operation or comparison returns `NotImplemented`, never raises it, for operands it does not know; then the other side is asked, and only then comes TypeError. Each use costs a Python call, far more than the same operation on a built-in.",
    here: calledNote,
    example: "class Money:\n    def ‸__add__(self, other):\n        return NotImplemented\n",
    unlike: [
      "def ‸__add__(a, b):\n    return a\n",
      "class Money:\n    def ‸__total__(self):\n        return 0\n",
      "class Rows:\n    def ‸__iter__(self):\n        yield 1\n",
    ],
  },
]);

function calledNote(node: Node, file: File): string | undefined {
  const name = node.text;
  const called = Object.hasOwn(CALLED, name) ? CALLED[name] : operatorNote(name);
  const extra = name === "__eq__" ? hashNote(node, file) : undefined;
  const none = node.parent?.kind === "assignment" && node.parent.field("right")?.kind === "none";
  if (none)
    return name === "__hash__"
      ? "None makes instances unhashable."
      : `None switches it off: the operation raises TypeError.`;
  return extra ? `${called} ${extra}` : called;
}

function operatorNote(name: string): string | undefined {
  const bare = name.slice(2, -2);
  const [base, side] = OPERATORS[bare] ? [bare, ""] : [bare.slice(1), bare[0]];
  const operator = OPERATORS[base];
  if (operator === undefined) return undefined;
  const used = operator === "divmod" ? ["divmod(x, y)", "divmod(y, x)"] : [`x ${operator} y`, `y ${operator} x`];
  if (side === "i")
    return `Called for \`x ${operator}= y\`; has to return the result, usually \`self\`. Without it \`x = x ${operator} y\` is done.`;
  if (side === "r")
    return `Called for \`${used[1]}\` after \`y\` declined, or first if its class is a subclass of the other's.`;
  return `Called for \`${used[0]}\`; returns a new object or NotImplemented.`;
}

function hashNote(node: Node, { facts }: File): string | undefined {
  const def = asFunction(node.parent);
  const info = def && facts.classOf(statementOf(def.outer));
  if (!info) return undefined;
  const names = [...info.methods.map((it) => it.def.name), ...info.attributes.map((it) => it.name)];
  return names.includes("__hash__") || info.def.decorators.length > 0
    ? undefined
    : "Without `__hash__` in the same class, instances cannot be dict keys or set items.";
}
