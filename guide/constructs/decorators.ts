/** What hovers say of decorators: what the one at hand does, wrappers, properties, caches. */

import {
  asCall,
  asFunction,
  callOf,
  defineConstructs,
  dottedName,
  statementOf,
  type File,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";
import { decorated } from "./parts/places.js";

export default defineConstructs([
  {
    name: "@decorator",
    guide: "decorators",
    at: [{ token: "@", of: "decorator" }],
    says: "`@d` above `def f` means `f = d(f)`: it runs once, when the definition does, and the name then stands for whatever `d` returned. Stacked decorators apply from the bottom up, so the topmost one sees each call first. A wrapper adds one Python call to every use and hides name, docstring and signature unless it is made with `functools.wraps`.",
    here: decoratorNote,
    example: "import functools\n\n‸@functools.cache\ndef load(path: str) -> str:\n    return path\n",
    unlike: ["def product(a, b):\n    return a ‸@ b\n", "def scale(a, b):\n    a ‸@= b\n"],
  },
  {
    name: "functools.wraps",
    guide: "decorators",
    at: [{ name: "functools.wraps" }],
    says: "Copies to the wrapper the name, qualified name, module, docstring and annotations of the wrapped function and merges its `__dict__`. `__wrapped__` leads back to the original, and `inspect.signature` follows it. The wrapper's real parameters stay `*args, **kwargs`, so wrong calls fail inside. A call costs the same with it as without it.",
    example: `
import functools

def logged(function):
    @functools.‸wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper
`,
  },
  {
    name: "@property",
    guide: "descriptors",
    at: [{ name: "builtins.property" }],
    when: (node) => decorated(node) !== undefined,
    says: "Every read calls the function again and nothing is kept; `functools.cached_property` stores the value in the instance's `__dict__`, which a slotted class lacks, and since 3.12 takes no lock. An AttributeError raised inside makes Python try `__getattr__` and reads as a missing attribute. Readers expect an attribute to be cheap: loading or training belongs into a method.",
    here: setterNote,
    example: "class Box:\n    @‸property\n    def volume(self) -> float:\n        return 1.0\n",
    unlike: [
      "def property(function):\n    return function\n\n@‸property\ndef f(): ...\n",
      "class Box:\n    volume = ‸property(lambda self: 1.0)\n",
    ],
  },
  {
    name: "@functools.lru_cache",
    guide: "caching",
    at: [{ name: "functools.lru_cache" }],
    says: "Keeps the results of the last `maxsize` distinct argument lists, 128 by default; `None` removes the limit. Arguments must be hashable, `f(1)` and `f(a=1)` are two entries, and `typed=True` separates 1 from 1.0. All callers get the same object, so a changed list changes the cache. Two threads may compute one entry twice; `cache_info()` tells whether it pays.",
    here: cacheNote,
    example:
      "import functools\n\n@functools.‸lru_cache(maxsize=1024)\ndef score(word: str) -> int:\n    return len(word)\n",
    unlike: ["class Store:\n    def lru_cache(self): ...\n\nStore().‸lru_cache()\n"],
  },
  {
    name: "@functools.cache",
    guide: "caching",
    at: [{ name: "functools.cache" }],
    says: "An `lru_cache` without limit: every result and every argument stays until `cache_clear()` or the end of the process. Right for a closed set of arguments; for open input, such as user text or row ids, give `lru_cache` a `maxsize`. A deep recursion still ends in RecursionError, cached or not.",
    here: cacheNote,
    example:
      "import functools\n\n@functools.‸cache\ndef fib(n: int) -> int:\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n",
    unlike: ["from diskcache import cache\n\n@‸cache\ndef load(): ...\n"],
  },
  {
    name: "@functools.cached_property",
    guide: "caching",
    at: [{ name: "functools.cached_property" }],
    says: "Computes at the first access and stores the result in the instance's `__dict__` under the same name, so later reads cost no call and the value dies with the instance. A class with `__slots__` and no `__dict__` raises TypeError. Nothing notices that attributes it was made from have changed; `del` drops the value. Since 3.12 there is no lock, and two threads may both compute.",
    example:
      "import functools\n\nclass Text:\n    @functools.‸cached_property\n    def words(self) -> list[str]:\n        return []\n",
    unlike: ["import functools\n\n@functools.‸cache\ndef load() -> int:\n    return 1\n"],
  },
]);

const MEANINGS: Readonly<Record<string, string>> = {
  "builtins.property": "Reading the attribute calls this method.",
  "builtins.staticmethod": "Takes neither instance nor class: a plain function kept in the class.",
  "builtins.classmethod": "Gets the class as first argument, the subclass where it is called on one.",
  "functools.wraps": "Gives the wrapper below the metadata of the wrapped function.",
  "functools.cache": "Remembers every result, without limit.",
  "functools.lru_cache": "Remembers the latest results.",
  "functools.cached_property": "Computed at the first read, then stored in the instance's `__dict__`.",
  "functools.singledispatch": "Picks an implementation by the type of the first argument.",
  "functools.total_ordering": "Derives the missing comparisons; each then costs an extra Python call.",
  "contextlib.contextmanager": "Turns the generator function into one that makes context managers.",
  "contextlib.asynccontextmanager": "Turns the async generator function into one that makes managers for `async with`.",
  "dataclasses.dataclass": "Writes methods into the class from its annotated fields.",
  "abc.abstractmethod": "A subclass that does not define this cannot be instantiated.",
  "typing.overload": "For type checkers only: the last, undecorated definition is the one that runs.",
  "typing.override": "For type checkers only: they report when no base class has this method.",
  "typing.final": "For type checkers only: nothing stops a subclass at run time.",
  "typing.runtime_checkable": "Lets `isinstance` look for the protocol's members by name.",
  "atexit.register": "Runs the function when the interpreter ends; the function itself stays as it is.",
  "enum.unique": "Raises ValueError at class creation if two members share a value.",
  "numba.njit": "Compiled at the first call for each combination of argument types.",
  "numba.jit": "Compiled at the first call for each combination of argument types.",
  "torch.no_grad": "Gradients are not recorded while the function runs.",
  "torch.inference_mode": "Gradients are not recorded while the function runs.",
  "pytest.fixture": "pytest calls it for each test that names it as a parameter.",
};

function decoratorNote(node: Node, file: File): string | undefined {
  const decorator = node.parent!;
  const [expression] = decorator.children;
  const all = (decorator.parent?.children ?? []).filter((it) => it.kind === "decorator");
  if (!expression) return undefined;
  const callee = asCall(expression)?.callee ?? expression;
  const place =
    all.length < 2 ? undefined : `Number ${all.length - all.indexOf(decorator)} of ${all.length} to be applied.`;
  const notes = [place, MEANINGS[file.facts.nameOf(callee) ?? ""] ?? ownNote(expression, file)].filter(
    (it) => it !== undefined,
  );
  return notes.length > 0 ? notes.join(" ") : undefined;
}

/** A decorator of the file that returns a function which it defines. */
function ownNote(expression: Node, { facts }: File): string | undefined {
  const def = facts.functionNamed(expression);
  if (!def || def.isAsync) return undefined;
  const statements = facts.bodyOf(def).children;
  const last = statements.at(-1);
  const returned = last?.kind === "return_statement" ? last.children[0] : undefined;
  if (returned?.kind !== "identifier") return undefined;
  if (returned.text === def.parameters[0]?.name)
    return `Returns the very object it is given: \`${def.name}\` adds no wrapper.`;
  const inner = statements.map(asFunction).find((it) => it?.name === returned.text);
  if (!inner) return undefined;
  const isKept = inner.decorators.some((it) => facts.nameOf(asCall(it)?.callee ?? it) === "functools.wraps");
  const isUpdated = returned.tree.text.includes("update_wrapper");
  return `Calls go to \`${inner.name}\` inside \`${def.name}\`${isKept || isUpdated || inner.decorators.length > 0 ? "." : "; without `functools.wraps` the name and docstring are lost."}`;
}

function setterNote(node: Node, { facts }: File): string | undefined {
  const outer = decorated(node)!;
  const def = asFunction(outer);
  const info = facts.classOf(statementOf(outer));
  if (!def || !info) return undefined;
  const others = info.methods
    .filter((it) => it.def.name === def.name)
    .flatMap((it) => it.def.decorators.map((decorator) => decorator.text));
  const hasSetter = others.includes(`${def.name}.setter`) || info.attributes.some((it) => it.name === def.name);
  return hasSetter || info.def.bases.length > 0 ? undefined : "No setter: assigning raises AttributeError.";
}

function cacheNote(node: Node, { facts }: File): string | undefined {
  const outer = decorated(node);
  const def = asFunction(outer);
  if (!def || !outer) return undefined;
  const hidden = hiddenResult(def);
  if (hidden) return hidden;
  const method = facts.classOf(statementOf(outer))?.methods.find((it) => it.def.name === def.name);
  if (method?.kind === "instance" && method.self)
    return `On a method \`${method.self}\` is part of the key: the cache keeps every instance alive.`;
  if (facts.nameOf(dottedName(node)) !== "functools.lru_cache")
    return def.parameters.length === 0 ? "No parameters: computed once, at the first call." : undefined;
  const call = callOf(node);
  if (call?.hasSplat) return undefined;
  const size = call?.keywords.get("maxsize") ?? call?.args[0];
  if (!size) return "Here `maxsize` is the default, 128.";
  return size.kind === "none"
    ? "No limit here: the same as `functools.cache`."
    : size.text === "0"
      ? "A `maxsize` of 0 stores nothing."
      : undefined;
}

/** Results that are used up by the first caller. */
function hiddenResult(def: FunctionDef): string | undefined {
  if (def.isAsync)
    return "What is stored is the coroutine, which can be awaited only once: the second caller gets RuntimeError.";
  const yields = def.body.descendants("yield").some((it) => it.ancestor("function_definition", "lambda") === def.node);
  return yields ? "What is stored is the generator, which the first caller uses up." : undefined;
}
