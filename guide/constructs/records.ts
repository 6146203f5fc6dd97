/** What hovers say of records: dataclasses, named tuples, typed dicts. */

import {
  asCall,
  asClass,
  callOf,
  defineConstructs,
  dottedName,
  type Call,
  type File,
  type Node,
} from "../../analysis/authoring.js";
import { decorated } from "./parts/places.js";

export default defineConstructs([
  {
    name: "@dataclass",
    guide: "records",
    at: [{ name: "dataclasses.dataclass" }],
    says: "Writes `__init__`, `__repr__` and `__eq__` from the annotated names; values are not checked against the annotations. `eq` without `frozen` takes the hash away. `frozen=True` makes creation slower; `slots=True` saves the attribute dictionary, but returns a new class, so plain `super()` in a method fails before 3.14. With `kw_only=True` fields without default may follow ones with.",
    here: dataclassNote,
    example: "from dataclasses import dataclass\n\n@‸dataclass\nclass Point:\n    x: float\n    y: float\n",
    unlike: ["from pydantic.dataclasses import dataclass\n\n@‸dataclass\nclass Point:\n    x: float\n"],
  },
  {
    name: "asdict / astuple",
    guide: "records",
    at: [{ name: ["dataclasses.asdict", "dataclasses.astuple"] }],
    says: "Goes down through nested dataclasses, lists, tuples and dicts and makes deep copies of everything else, arrays included: costly on large objects, and locks or open files in a field raise TypeError. For one level without copies build it from `dataclasses.fields(x)` and `getattr`; `vars(x)` does where there are no slots.",
    example:
      "from dataclasses import asdict, dataclass\n\n@dataclass\nclass Point:\n    x: float\n\nprint(‸asdict(Point(1.0)))\n",
    unlike: ["class Row:\n    def asdict(self): ...\n\nRow().‸asdict()\n"],
  },
  {
    name: "NamedTuple",
    guide: "records",
    at: [{ name: ["typing.NamedTuple", "collections.namedtuple"] }],
    says: "An immutable tuple with names: it unpacks, indexes, sorts and equals any plain tuple with the same items, even one of another meaning. A new field breaks everybody who unpacks. Two fields take 64 bytes against 48 for a slotted class. With array fields `==` raises ValueError and `hash` TypeError.",
    here: tupleNote,
    example: "from typing import NamedTuple\n\nclass Point(‸NamedTuple):\n    x: float\n    y: float\n",
    unlike: ["class NamedTuple:\n    pass\n\nclass Point(‸NamedTuple):\n    x: float\n"],
  },
  {
    name: "TypedDict",
    guide: "records",
    at: [{ name: ["typing.TypedDict", "typing_extensions.TypedDict"] }],
    says: "A plain dict when it runs: keys and values are checked by type checkers alone, and `isinstance` against it raises TypeError. Right for JSON and other data that stays a dict. `total=False` makes all keys optional, `NotRequired` (3.11) single ones, `ReadOnly` (3.13) forbids writing them. For data from outside use a validating model instead.",
    example: "from typing import TypedDict\n\nclass Metrics(‸TypedDict):\n    loss: float\n",
  },
]);

const isTrue = (call: Call | undefined, name: string) => call?.keywords.get(name)?.kind === "true";

function dataclassNote(node: Node, { facts }: File): string | undefined {
  const outer = decorated(node);
  const def = asClass(outer);
  const info = def && facts.classInfo(def.node);
  const call = callOf(node);
  if (!info || call?.hasSplat || (call && call.args.length > 0)) return undefined;
  const names = [...info.methods.map((it) => it.def.name), ...info.attributes.map((it) => it.name)];
  const isFrozen = isTrue(call, "frozen");
  const isPlain = [...(call?.keywords.values() ?? [])].every((it) => it.kind === "true" || it.kind === "false");
  if (!isPlain) return undefined;
  const hasEq = call?.keywords.get("eq")?.kind !== "false";
  const notes: string[] = [];
  if (hasEq && !isFrozen && !isTrue(call, "unsafe_hash") && !names.includes("__hash__") && !names.includes("__eq__"))
    notes.push("Instances are not hashable: `eq` without `frozen` sets `__hash__` to None.");
  else if (isFrozen)
    notes.push("Frozen: only the assignment of fields is refused, a list in one can still be changed.");
  const fields = info.attributes.filter(
    (it) => it.annotation && !/\b(ClassVar|InitVar|KW_ONLY)\b/.test(it.annotation.text),
  ).length;
  const isSlotted = isTrue(call, "slots") || names.includes("__slots__");
  if (!isSlotted && fields > 0 && def.bases.length === 0 && !def.hasSplat)
    notes.push(`\`slots=True\` would save about 40 bytes for each instance on CPython 3.11.`);
  return notes.length > 0 ? notes.join(" ") : undefined;
}

function tupleNote(node: Node, { facts }: File): string | undefined {
  if (facts.nameOf(dottedName(node)) === "collections.namedtuple")
    return asCall(callOf(node)?.node)
      ? "Fields without types; the `typing.NamedTuple` class form gives type checkers each field's type."
      : undefined;
  const list = dottedName(node).parent;
  const info = list?.parent?.kind === "class_definition" ? facts.classInfo(list.parent) : undefined;
  const arrays =
    info?.attributes
      .filter((it) => it.annotation && ARRAYS.has(facts.nameOf(it.annotation.children[0] ?? it.annotation) ?? ""))
      .map((it) => `\`${it.name}\``) ?? [];
  return arrays.length === 0
    ? undefined
    : `${arrays.join(", ")} ${arrays.length === 1 ? "is an array" : "are arrays"}: comparing two records with different arrays fails as soon as these have more than one element.`;
}

const ARRAYS = new Set(["numpy.ndarray", "torch.Tensor"]);
