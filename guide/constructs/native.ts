/** What hovers say of code below Python: ctypes, Cython, the allocator's switch. */

import {
  asAttribute,
  asCall,
  asSubscript,
  defineConstructs,
  dottedName,
  textValue,
  unwrap,
  type File,
  type Node,
} from "../../analysis/authoring.js";

const LIBRARIES = [
  "ctypes.CDLL",
  "ctypes.PyDLL",
  "ctypes.WinDLL",
  "ctypes.OleDLL",
  "ctypes.cdll.LoadLibrary",
  "ctypes.windll.LoadLibrary",
];

export default defineConstructs([
  {
    name: "ctypes.CDLL",
    guide: "c-extensions",
    at: [{ name: LIBRARIES }],
    says: "Loads a shared library without compiled glue. The GIL is released during each call, so other threads run; `PyDLL` keeps it, for functions that use Python objects. Arguments are converted at every call, so let one call do much work. Declare `argtypes` and `restype` first: a wrong signature does not raise, it reads the wrong bytes or ends the process.",
    here: (node, { facts }) =>
      facts.nameOf(dottedName(node)) === "ctypes.PyDLL"
        ? "Keeps the GIL: no other thread runs Python during a call."
        : undefined,
    example: "import ctypes\n\nlib = ctypes.‸CDLL('libm.so.6')\n",
  },
  {
    name: "argtypes / restype",
    guide: "c-extensions",
    at: [{ node: "identifier" }],
    when: isSignature,
    says: "Without `restype` the result is taken as a C int: a 64-bit pointer or size loses its upper half, a double is nonsense. Without `argtypes` an int beyond 32 bits is cut off silently and a float raises ArgumentError. A function that returns void gets `restype = None`. Set both once, right after loading.",
    example: "import ctypes\n\nlib = ctypes.CDLL('libm.so.6')\nlib.sqrt.‸restype = ctypes.c_double\n",
    unlike: [
      "class Signature:\n    restype = int\n\nsignature = Signature()\nsignature.‸restype = float\n",
      "restype = 3\nprint(‸restype)\n",
    ],
  },
  {
    name: "cython types",
    guide: "cython",
    at: [{ name: "cython.*" }, { module: "cython" }],
    says: "Typed locals and memoryviews (`cython.double[:, :]`) keep a loop in C; one variable without a type brings Python objects back, which `cython -a` shows in yellow. Bounds and wraparound checks stay on until `boundscheck(False)` and `wraparound(False)`, and without them a bad index damages memory. A `nogil` block may not touch Python objects. Uncompiled, the file runs as plain Python.",
    example: "import cython\n\ndef square(x: cython.‸double) -> cython.double:\n    return x * x\n",
    unlike: ["class cython:\n    double = float\n\nprint(cython.‸double)\n"],
  },
  {
    name: "PYTHONMALLOC",
    guide: "memory-model",
    at: [{ node: "string" }],
    when: isAllocatorVariable,
    says: "Read once, when the interpreter starts. `pymalloc` is the default, `malloc` takes the C allocator, as tools like Valgrind want, and `debug` adds checks for overruns and use after free, as `-X dev` does too. A free-threaded build allocates with mimalloc only.",
    here: (node) =>
      isStored(node) ? "Set here it reaches child processes only; this interpreter has chosen already." : undefined,
    example: "import os\n\nos.environ[‸'PYTHONMALLOC'] = 'debug'\n",
    unlike: ["print(‸'PYTHONMALLOC')\n", "labels = ['PYTHONMALLOC', ‸'other']\n"],
  },
]);

const SIGNATURE: ReadonlySet<string> = new Set(["argtypes", "restype", "errcheck"]);

function isSignature(node: Node, { facts }: File): boolean {
  if (!SIGNATURE.has(node.text) || node.parent?.kind !== "attribute" || node.fieldName !== "attribute") return false;
  const object = node.parent.field("object");
  return object !== undefined && isForeign(unwrap(object), facts);
}

/** `lib.name`, `lib["name"]`, or a name for one of them. */
function isForeign(expression: Node, facts: File["facts"]): boolean {
  const library = asAttribute(expression)?.object ?? asSubscript(expression)?.value;
  if (library) return isLibrary(library, facts);
  const value = onlyValue(expression, facts);
  const inner = value && (asAttribute(value)?.object ?? asSubscript(value)?.value);
  return inner !== undefined && isLibrary(inner, facts);
}

function isLibrary(expression: Node, facts: File["facts"]): boolean {
  const name = facts.nameOf(expression);
  if (name !== undefined) return /^ctypes\.(cdll|windll|oledll|pydll)\.\w+$|^ctypes\.pythonapi$/.test(name);
  const call = asCall(onlyValue(expression, facts) ?? expression);
  return (
    facts.isA(expression, "ctypes.CDLL") || (call !== undefined && LIBRARIES.includes(facts.nameOf(call.callee) ?? ""))
  );
}

/** What the one assignment of a name gives it. */
function onlyValue(expression: Node, facts: File["facts"]): Node | undefined {
  if (expression.kind !== "identifier") return undefined;
  const [only, more] = facts.writesOf(expression);
  return only?.kind === "assign" && only.path.length === 0 && !more && only.value ? unwrap(only.value) : undefined;
}

/** The variable's name as a key of the environment, of a dict of settings, or as the argument that asks for it. */
function isAllocatorVariable(node: Node, { facts }: File): boolean {
  const { parent } = node;
  if (!parent || textValue(node) !== "PYTHONMALLOC") return false;
  if (parent.kind === "subscript") return node.fieldName === "subscript";
  if (parent.kind === "pair") return node.fieldName === "key";
  const callee =
    parent.kind === "argument_list" && parent.children[0] === node ? asCall(parent.parent)?.callee : undefined;
  return (
    callee !== undefined &&
    /^os\.(getenv|putenv|unsetenv|environ\.(get|setdefault|pop))$/.test(facts.nameOf(callee) ?? "")
  );
}

function isStored(node: Node): boolean {
  const { parent } = node;
  return (
    parent?.kind === "subscript" &&
    parent.fieldName === "left" &&
    parent.parent?.kind === "assignment" &&
    asAttribute(parent.field("value"))?.name === "environ"
  );
}
