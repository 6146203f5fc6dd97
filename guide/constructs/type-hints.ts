/** What hovers say of annotations: modern spellings, callables, type parameters, new types. */

import {
  asCall,
  asSubscript,
  callOf,
  defineConstructs,
  dottedName,
  integerOf,
  isConstant,
  textValue,
  unwrap,
  type File,
  type Node,
} from "../../analysis/authoring.js";

const BUILT_IN = ["List", "Dict", "Set", "FrozenSet", "Tuple", "Type", "Text"];
const COLLECTIONS: Readonly<Record<string, string>> = {
  Deque: "deque",
  DefaultDict: "defaultdict",
  OrderedDict: "OrderedDict",
  ChainMap: "ChainMap",
};
const ABSTRACT = [
  "Iterable",
  "Iterator",
  "Sequence",
  "MutableSequence",
  "Collection",
  "Container",
  "Mapping",
  "MutableMapping",
  "MutableSet",
  "Generator",
  "Reversible",
  "Awaitable",
  "Coroutine",
  "AsyncIterable",
  "AsyncIterator",
  "AsyncGenerator",
  "KeysView",
  "ItemsView",
  "ValuesView",
];
const JOINED = ["Optional", "Union"];
const LEGACY: ReadonlySet<string> = new Set([
  ...BUILT_IN,
  ...Object.keys(COLLECTIONS),
  ...ABSTRACT,
  ...JOINED,
  "TypeAlias",
]);

export default defineConstructs([
  {
    name: "type annotation",
    guide: "type-hints",
    at: [
      {
        name: [
          ...[...LEGACY].map((it) => `typing.${it}`),
          ...["list", "dict", "set", "frozenset", "tuple", "type", "str"].map((it) => `builtins.${it}`),
          "collections.deque",
          "collections.defaultdict",
          "collections.OrderedDict",
          "collections.ChainMap",
        ],
      },
      { token: "->", of: "function_definition" },
      { token: ":", of: ["typed_parameter", "typed_default_parameter"] },
    ],
    when: (node, file) => !node.isNamed || isLegacy(node, file),
    says: "Read by checkers, editors and libraries such as pydantic; Python itself enforces nothing and loses no speed in calls. Built-in collections take parameters, and `X | None` stands for `Optional[X]`. Up to 3.13 annotations are evaluated with the definition, so names defined later need quotes; 3.14 evaluates them when asked for.",
    here: annotationNote,
    example: "from typing import ‸Optional\n\ndef load(path: Optional[str] = None) -> str: ...\n",
    unlike: [
      "from collections import ‸deque\n",
      "rows = ‸list(range(3))\n",
      "names = {'a'‸: 1}\n",
      "from collections.abc import ‸Iterable\n",
    ],
  },
  {
    name: "Callable type",
    guide: "type-hints",
    at: [{ name: ["typing.Callable", "collections.abc.Callable"] }],
    says: "`Callable[[int, str], bool]` lists positional parameters and the result; `Callable[..., bool]` leaves the parameters open. It cannot express keywords, defaults or overloads: a `Protocol` with `__call__` can. Import it from `collections.abc`, since the `typing` form is only kept as an alias. A `ParamSpec` carries the parameters through a decorator.",
    here: callableNote,
    example: "from collections.abc import ‸Callable\n\ndef run(job: Callable[[], None]) -> None: ...\n",
    unlike: ["print(‸callable(len))\n", "class Callable:\n    pass\n\njob: ‸Callable\n"],
  },
  {
    name: "TypeVar / Generic",
    guide: "type-hints",
    at: [
      {
        name: ["TypeVar", "Generic", "ParamSpec", "TypeVarTuple"].flatMap((it) => [
          `typing.${it}`,
          `typing_extensions.${it}`,
        ]),
      },
    ],
    says: "Ties types together: what comes out depends on what went in. A variable used once in a signature ties nothing and can be dropped. Since 3.12 type parameters stand in the head, `def first[T](rows: list[T]) -> T` and `class Box[T]`, are local to it and have their variance inferred; defaults came with 3.13. Nothing is checked at run time.",
    here: variableNote,
    example: "from typing import TypeVar\n\nT = ‸TypeVar('T')\n",
    unlike: ["class Generic:\n    pass\n\nclass Box(‸Generic):\n    pass\n"],
  },
  {
    name: "NewType",
    guide: "type-hints",
    at: [{ name: ["typing.NewType", "typing_extensions.NewType"] }],
    says: "Keeps user ids and order ids apart for the type checker, although both stay plain ints: no wrapper object exists, and `isinstance` against it raises TypeError. The only cost is the call `UserId(7)`, which returns its argument. Arithmetic gives the base type back. For checks or methods of its own take a small frozen class.",
    example: "from typing import NewType\n\nUserId = ‸NewType('UserId', int)\n",
  },
]);

/** The module that a name was taken from, as written: `typing` for both `typing.List` and `from typing import List`. */
function moduleOf(node: Node, { facts }: File): string | undefined {
  const statement = node.ancestor("import_from_statement");
  if (statement) return statement.field("module_name")?.text;
  const name = dottedName(node);
  if (name !== node) return facts.nameOf(name.field("object")!);
  const [only, more] = facts.writesOf(node);
  return more ? undefined : only?.imported?.module;
}

function isLegacy(node: Node, file: File): boolean {
  const module = moduleOf(node, file);
  return LEGACY.has(node.text) && (module === "typing" || module === "typing_extensions");
}

function annotationNote(node: Node, file: File): string | undefined {
  if (!node.isNamed) return node.token === ":" ? defaultNote(node, file) : undefined;
  const { text } = node;
  if (text === "TypeAlias")
    return file.facts.hasPython("3.12") ? "From 3.12 on: `type Name = …`, evaluated only when used." : undefined;
  if (ABSTRACT.includes(text))
    return `Import \`${text}\` from \`collections.abc\`; the \`typing\` form is only an alias.`;
  const name = dottedName(node);
  const modern = modernOf(
    name.parent?.kind === "generic_type" || (name.parent?.kind === "subscript" && name.fieldName === "value")
      ? name.parent
      : name,
    file,
  );
  if (modern !== undefined)
    return COLLECTIONS[text]
      ? `Today: \`${modern}\`, with \`${COLLECTIONS[text]}\` from \`collections\`.`
      : `Today: \`${modern}\`.`;
  const isBare = name.parent?.kind === "type" || name.ancestor("import_from_statement") !== undefined;
  return isBare && JOINED.includes(text) ? `Today: \`${text === "Optional" ? "X | None" : "X | Y"}\`.` : undefined;
}

const LONGEST = 80;

/** The modern spelling of a legacy name or of a legacy name with parameters. */
function modernOf(node: Node, file: File): string | undefined {
  const spelled = spell(node, file);
  return spelled === undefined || spelled.length > LONGEST || spelled.includes("\n") ? undefined : spelled;
}

function spell(node: Node, file: File): string | undefined {
  const inner = node.kind === "type" ? (node.children[0] ?? node) : unwrap(node);
  const { head, args } = parts(inner);
  const last = head?.kind === "attribute" ? head.field("attribute") : head;
  if (!head || last?.kind !== "identifier" || !isLegacy(last, file) || ABSTRACT.includes(last.text)) return inner.text;
  if (!args) return BUILT_IN.includes(last.text) ? lower(last.text) : COLLECTIONS[last.text];
  const spelled = args.map((it) => spell(it, file));
  if (!spelled.every((it) => it !== undefined)) return undefined;
  if (JOINED.includes(last.text)) {
    // A text cannot be joined by `|` where annotations are evaluated.
    if (args.some((it) => it.text.includes('"') || it.text.includes("'"))) return undefined;
    return (last.text === "Optional" ? [...spelled, "None"] : spelled).join(" | ");
  }
  return `${lower(last.text)}[${spelled.join(", ")}]`;
}

const lower = (name: string) => (name === "Text" ? "str" : (COLLECTIONS[name] ?? name.toLowerCase()));

function parts(node: Node): { readonly head: Node | undefined; readonly args: readonly Node[] | undefined } {
  if (node.kind === "generic_type") return { head: node.children[0], args: node.children[1]?.children };
  const subscript = asSubscript(node);
  return subscript ? { head: subscript.value, args: subscript.indices } : { head: node, args: undefined };
}

function defaultNote(node: Node, { facts }: File): string | undefined {
  const parameter = node.parent!;
  const [type, value] = [parameter.field("type"), parameter.field("value")];
  if (!type || value?.kind !== "none") return undefined;
  const annotation = type.children[0];
  const isOptional =
    !annotation ||
    annotation.kind !== "identifier" ||
    !["int", "str", "float", "bool", "bytes", "list", "dict", "set", "tuple"].includes(annotation.text) ||
    facts.nameOf(annotation) !== `builtins.${annotation.text}`;
  return isOptional ? undefined : `None is no \`${annotation.text}\`: write \`${annotation.text} | None\`.`;
}

function callableNote(node: Node, file: File): string | undefined {
  const name = dottedName(node);
  const { args } =
    name.parent?.kind === "generic_type" || name.parent?.kind === "subscript"
      ? parts(name.parent)
      : { args: undefined };
  const first = args?.[0]?.kind === "type" ? args[0].children[0] : args?.[0];
  const result = args?.[1]?.text;
  if (first?.kind === "list" && result)
    return `Takes ${first.children.length === 0 ? "nothing" : first.children.map((it) => `\`${it.text}\``).join(", ")} and gives \`${result}\`.`;
  if (first?.kind === "ellipsis" && result) return `Takes anything and gives \`${result}\`.`;
  return moduleOf(node, file) === "typing" ? "Here from `typing`, where it is an alias." : undefined;
}

function variableNote(node: Node, { facts }: File): string | undefined {
  if (!facts.hasPython("3.12")) return undefined;
  const call = callOf(node);
  const list = dottedName(node).parent?.parent;
  if (node.text === "Generic" && list?.parent?.kind === "class_definition") {
    const name = list.parent.field("name")?.text;
    const names = asSubscript(dottedName(node).parent)?.indices;
    return names?.every((it) => it.kind === "identifier")
      ? `On 3.12: \`class ${name}[${names.map((it) => it.text).join(", ")}]\`, without \`Generic\`.`
      : undefined;
  }
  const name = call && !call.hasSplat ? textValue(call.args[0]) : undefined;
  if (!call || name === undefined || call.keywords.has("default") || asCall(call.node) === undefined) return undefined;
  const bound = call.keywords.get("bound");
  const limits = call.args.slice(1);
  if (
    [bound, ...limits].some(
      (it) => it && (isConstant(it) || integerOf(it) !== undefined) && textValue(it) === undefined,
    )
  )
    return undefined;
  const star = node.text === "ParamSpec" ? "**" : node.text === "TypeVarTuple" ? "*" : "";
  const limit = bound
    ? `: ${textValue(bound) ?? bound.text}`
    : limits.length > 0
      ? `: (${limits.map((it) => textValue(it) ?? it.text).join(", ")})`
      : "";
  return `On 3.12: \`[${star}${name}${limit}]\` behind the name of the function or class.`;
}
