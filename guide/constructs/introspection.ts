/** What hovers say of asking objects what they are. */

import {
  asMethodCall,
  callOf,
  defineConstructs,
  dottedName,
  textValue,
  unwrap,
  type File,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "hasattr / getattr",
    guide: "introspection",
    at: [{ name: ["builtins.hasattr", "builtins.getattr"] }],
    says: "Really reads the attribute: a property runs, and an AttributeError raised inside it counts as absence; other errors come through. A default of `getattr` is evaluated in any case. Asking and then reading does the lookup twice, where `getattr(x, name, None)` or `try` does it once. Type checkers and renaming tools do not see the name.",
    here: attributeNote,
    example: "def shape(data):\n    return ‸getattr(data, 'shape', None)\n",
    unlike: [
      "def getattr(a, b):\n    return a\n\n‸getattr(1, 'x')\n",
      "class A:\n    def hasattr(self, n): ...\n\nA().‸hasattr('x')\n",
    ],
  },
  {
    name: "isinstance",
    guide: "introspection",
    at: [{ name: ["builtins.isinstance", "builtins.issubclass"] }],
    says: "Accepts subclasses, which `type(x) is C` does not. The second argument may be a tuple or a union such as `int | str`. Plain classes are tested in C; an ABC or a runtime protocol goes through Python code, which is slower. A long chain of such tests is usually a missing method, `match` or `functools.singledispatch`.",
    here: instanceNote,
    example: "def size(x):\n    return len(x) if ‸isinstance(x, (list, tuple)) else 1\n",
    unlike: ["def isinstance(a, b):\n    return True\n\n‸isinstance(1, int)\n"],
  },
  {
    name: "callable()",
    guide: "introspection",
    at: [{ name: "builtins.callable" }],
    says: "True for functions, methods, classes and objects whose type defines `__call__`; one stored on the instance does not count. Tells nothing of the arguments: ask `inspect.signature(f).bind(…)`. For an annotation use `Callable` of `collections.abc`, since this is a function and no type.",
    here: (node) =>
      dottedName(node).parent?.kind === "type"
        ? "As an annotation this names the built-in function, not a type."
        : undefined,
    example: "def run(job):\n    if ‸callable(job):\n        job()\n",
    unlike: ["def callable(x):\n    return True\n\n‸callable(1)\n"],
  },
  {
    name: "inspect.signature",
    guide: "introspection",
    at: [{ name: "inspect.signature" }],
    says: "Follows `__wrapped__`, so a wrapper made with `functools.wraps` shows the parameters of the original, not those it really takes; `follow_wrapped=False` shows its own. Some built-ins raise ValueError because they have no signature. It builds objects at each call: take it once per function, not once per call. Text annotations are resolved with `eval_str=True`.",
    example: "import inspect\n\ninspect.‸signature(print)\n",
    unlike: ["class Form:\n    def signature(self): ...\n\nForm().‸signature()\n"],
  },
]);

function attributeNote(node: Node, { facts }: File): string | undefined {
  const call = callOf(node);
  if (!call || call.hasSplat) return undefined;
  const [object, name, fallback] = call.args;
  const text = name && textValue(name);
  if (!object || !name) return undefined;
  const isGet = facts.nameOf(node) === "builtins.getattr";
  if (text === "__call__" && !isGet)
    return "`callable` asks the type, as a call does; this also looks at the instance.";
  if (!isGet || call.args.length > 3) return undefined;
  if (text !== undefined && !fallback && /^[A-Za-z_]\w*$/.test(text))
    return text.startsWith("__")
      ? undefined
      : `The name is fixed and there is no default: \`${object.kind === "identifier" ? object.text : "x"}.${text}\` says the same.`;
  return fallback && unwrap(fallback).kind === "call"
    ? "The default is computed even where the attribute exists."
    : undefined;
}

const SLOW = new Set([
  "typing.Iterable",
  "typing.Sequence",
  "typing.Mapping",
  "typing.Callable",
  "typing.Iterator",
  "typing.Collection",
  "numbers.Number",
  "numbers.Real",
  "numbers.Integral",
  "collections.abc.MutableMapping",
  "collections.abc.MutableSequence",
  "collections.abc.Sized",
  "collections.abc.Hashable",
]);

function instanceNote(node: Node, { facts }: File): string | undefined {
  const call = callOf(node);
  const second = call?.args[1] && unwrap(call.args[1]);
  if (!call || call.hasSplat || !second || asMethodCall(call.node)) return undefined;
  const classes = second.kind === "tuple" ? second.children : [second];
  const generic = classes.find(
    (it) =>
      it.kind === "subscript" &&
      /^(builtins\.(list|dict|set|tuple|frozenset|type)|typing\.\w+)$/.test(facts.nameOf(it.field("value")!) ?? "") &&
      !/^typing\.(Union|Optional)$/.test(facts.nameOf(it.field("value")!)!),
  );
  if (generic) return `\`${generic.text}\` has parameters: raises TypeError. Item types cannot be tested this way.`;
  const names = classes.map((it) => facts.nameOf(it));
  if (
    facts.nameOf(node) === "builtins.isinstance" &&
    names.includes("builtins.int") &&
    !names.includes("builtins.bool")
  )
    return "True and False count as int here.";
  return names.some((it) => it !== undefined && SLOW.has(it))
    ? "An abstract class: slower than a plain one, though the answer is kept for each type."
    : undefined;
}
