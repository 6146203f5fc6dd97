/** What hovers say of freeing and measuring memory: the collector, del, weak references, tracemalloc and its helpers. */

import {
  asAttribute,
  asFunction,
  asSubscript,
  callOf,
  defineConstructs,
  functionAround,
  integerOf,
  statementOf,
  type File,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "gc.collect",
    guide: "refcount-and-gc",
    at: [{ name: "gc.collect" }],
    says: "Frees groups of objects that refer to each other; everything else went already when its last reference did. A full run visits every container that is alive, so its cost grows with the heap and not with the garbage. Freed memory need not go back to the operating system. `gc.freeze()` takes what is loaded at start out of later runs.",
    here: collectNote,
    example: "import gc\n\ngc.‸collect()\n",
    unlike: ["class Crawler:\n    def collect(self): ...\n\nCrawler().‸collect()\n"],
  },
  {
    name: "gc.set_threshold",
    guide: "refcount-and-gc",
    at: [{ name: ["gc.set_threshold", "gc.get_threshold"] }],
    says: "Defaults are (700, 10, 10) up to 3.12 and (2000, 10, 10) on 3.13; 3.14.0 to 3.14.4 had an incremental collector with two generations, and 3.14.5 went back to three. The first number counts new containers minus freed ones before a young collection; raise it for programs that build many objects at once. Zero switches automatic collection off.",
    here: thresholdNote,
    example: "import gc\n\ngc.‸set_threshold(50_000, 20, 20)\n",
  },
  {
    name: "del statement",
    guide: "refcount-and-gc",
    at: [{ token: "del", of: "delete_statement" }],
    says: "Removes a name or an item; the object is freed at once if that was its last reference, and otherwise stays. Locals go anyway when the function returns, so it pays for a large intermediate before a long rest. A view, a closure, a caught exception's traceback or a caller's variable can still hold the object.",
    here: deleteNote,
    example: "rows = [1, 2]\n‸del rows\n",
  },
  {
    name: "weakref.ref",
    guide: "memory-habits",
    at: [
      {
        name: [
          "weakref.ref",
          "weakref.proxy",
          "weakref.WeakValueDictionary",
          "weakref.WeakKeyDictionary",
          "weakref.WeakSet",
        ],
      },
    ],
    says: "Does not keep its target alive, as caches and back references want. Call a `ref` once, bind the result and test it for None, since the target may go between two calls. Instances of list, dict, tuple, int and str cannot be targets, nor those of a slotted class without `__weakref__` (`@dataclass(slots=True, weakref_slot=True)`, 3.11).",
    here: weakNote,
    example: "import weakref\n\nclass Node: ...\n\nnode = Node()\nparent = weakref.‸ref(node)\n",
    unlike: ["def ref(x):\n    return x\n\n‸ref(3)\n"],
  },
  {
    name: "tracemalloc",
    guide: "memory-profiling",
    at: [{ name: "tracemalloc.*" }, { module: "tracemalloc" }],
    says: 'Sees allocations made after `start()`, by Python and NumPy but not by torch or other native code. Two snapshots and `later.compare_to(earlier, "lineno")` name the lines that grew; `start(25)` keeps 25 frames of each traceback. Every allocation costs more time and memory while it runs, so stop it after the measurement.',
    example: "import tracemalloc\n\ntracemalloc.‸start()\n",
  },
  {
    name: "objgraph",
    guide: "memory-profiling",
    at: [{ name: "objgraph.*" }, { module: "objgraph" }],
    says: "Counts and draws what the cycle collector tracks, so strings, numbers and other objects without references do not appear. `show_growth()` before and after a round names the type that leaks, `show_backrefs` draws who holds an object (needs Graphviz). Each call walks all tracked objects: for debugging only.",
    example: "import objgraph\n\nobjgraph.‸show_growth()\n",
  },
  {
    name: "pympler.asizeof",
    guide: "memory-profiling",
    at: [{ name: ["pympler.asizeof", "pympler.asizeof.*"] }, { module: "pympler.asizeof" }],
    says: "Adds up everything reachable from the object, each part once per call. What two objects share counts in full in both of their calls, and a NumPy view counts its whole base array. On large graphs it is slow, so measure a sample and multiply.",
    example: "from pympler import asizeof\n\nprint(asizeof.‸asizeof([1, 2]))\n",
    unlike: ["def asizeof(x):\n    return 0\n\n‸asizeof(3)\n"],
  },
]);

function collectNote(node: Node, { facts }: File): string | undefined {
  const call = callOf(node);
  if (call && facts.loopAround(call.node)) return "In a loop: every turn visits the whole heap.";
  const generation = integerOf(call?.args[0] ?? call?.keywords.get("generation"));
  return generation === 0 ? "Generation 0: only objects made since the last collection." : undefined;
}

function thresholdNote(node: Node): string | undefined {
  const given = callOf(node)?.args.map(integerOf) ?? [];
  if (given[0] === 0) return "Zero: no automatic collection from here on.";
  const text = given.join(", ");
  return text === "700, 10, 10"
    ? "These are the defaults up to 3.12."
    : text === "2000, 10, 10"
      ? "These are the defaults of 3.13."
      : undefined;
}

function deleteNote(node: Node, { facts }: File): string | undefined {
  const [target, more] = node.parent!.children;
  const subscript = more ? undefined : asSubscript(target);
  if (!subscript) return undefined;
  if (facts.isA(subscript.value, "list"))
    return integerOf(subscript.indices[0]) === -1
      ? undefined
      : "In a list every later item moves up: the cost grows with the length.";
  return facts.isA(subscript.value, "pandas.DataFrame")
    ? "Drops the column in place, for every name that holds this frame."
    : undefined;
}

const NOT_WEAK: ReadonlySet<string> = new Set(["list", "dict", "tuple", "int", "str", "float", "bool", "bytes"]);

function weakNote(node: Node, { facts }: File): string | undefined {
  const [target] = callOf(node)?.args ?? [];
  if (!target || (node.text !== "ref" && node.text !== "proxy")) return undefined;
  const type = facts.typeOf(target)?.name;
  if (type !== undefined && NOT_WEAK.has(type)) return `A ${type} cannot be a target: TypeError.`;
  return isOwnMethod(target, facts)
    ? "A bound method is made at each access and gone at once: use `weakref.WeakMethod`."
    : undefined;
}

/** `self.method`, where the class around defines the method. */
function isOwnMethod(target: Node, facts: File["facts"]): boolean {
  const attribute = asAttribute(target);
  const def = asFunction(functionAround(target));
  const owner = def && facts.classOf(statementOf(def.outer));
  const method = owner?.methods.find((it) => it.def.node === def?.node);
  return (
    attribute !== undefined &&
    attribute.object.kind === "identifier" &&
    method?.self === attribute.object.text &&
    owner!.methods.some((it) => it.def.name === attribute.name && it.def.decorators.length === 0)
  );
}
