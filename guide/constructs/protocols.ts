/** What hovers say of interfaces: abstract base classes and protocols. */

import {
  asClass,
  defineConstructs,
  dottedName,
  type ClassInfo,
  type File,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "ABC class",
    guide: "oop-protocols",
    at: [{ name: ["abc.ABC", "abc.ABCMeta", "abc.abstractmethod"] }],
    says: "A class with an unimplemented abstract method raises TypeError when it is instantiated, not when it is defined; signatures are not compared. An abstract method may have a body, for `super()`. `@abstractmethod` goes below `@property` or `@classmethod`. `isinstance` against an ABC is slower than against a plain class, and `register` takes a class without any check.",
    here: abstractNote,
    example:
      "from abc import ABC, abstractmethod\n\nclass Store(‸ABC):\n    @abstractmethod\n    def load(self): ...\n",
    unlike: ["class ABC:\n    pass\n\nclass Store(‸ABC):\n    pass\n"],
  },
  {
    name: "Protocol class",
    guide: "oop-protocols",
    at: [{ name: ["typing.Protocol", "typing_extensions.Protocol"] }],
    says: "Any class with the right members fits, without inheriting: only type checkers compare names and signatures. At run time nothing is enforced, and `isinstance` raises TypeError unless the protocol is `@runtime_checkable`. Keep it to the one or two methods the caller needs. A class that inherits from it does get the bodies written here.",
    here: protocolNote,
    example: "from typing import Protocol\n\nclass Trainable(‸Protocol):\n    def fit(self) -> None: ...\n",
    unlike: ["from asyncio import Protocol\n\nclass Echo(‸Protocol):\n    pass\n"],
  },
  {
    name: "@runtime_checkable",
    guide: "oop-protocols",
    at: [{ name: ["typing.runtime_checkable", "typing_extensions.runtime_checkable"] }],
    says: "Lets `isinstance` ask whether every member exists by name: signatures, return types and attribute types are not looked at, so a match proves little. Each check looks up all members, far slower than a plain class test, above all before 3.12. `issubclass` works only if the protocol has methods alone.",
    example:
      "from typing import Protocol, runtime_checkable\n\n@‸runtime_checkable\nclass Trainable(Protocol):\n    def fit(self) -> None: ...\n",
  },
]);

/** The class in whose head a name stands. */
function headOf(node: Node, { facts }: File): ClassInfo | undefined {
  const name = dottedName(node);
  const list = name.parent?.kind === "keyword_argument" ? name.parent.parent : name.parent;
  const definition = list?.kind === "argument_list" ? list.parent : undefined;
  return asClass(definition) && definition?.kind === "class_definition" ? facts.classInfo(definition) : undefined;
}

function abstractNote(node: Node, file: File): string | undefined {
  const info = headOf(node, file);
  if (!info) return undefined;
  const names = info.methods
    .filter(({ def }) => def.decorators.some((it) => file.facts.nameOf(it) === "abc.abstractmethod"))
    .map((it) => `\`${it.def.name}\``);
  if (names.length === 0)
    return info.def.bases.length < 2 ? "No abstract method here: nothing stops instantiation." : undefined;
  return `A subclass has to define ${listed([...new Set(names)])}.`;
}

function protocolNote(node: Node, file: File): string | undefined {
  const info = headOf(node, file);
  if (!info || info.def.bases.length > 1) return undefined;
  const members = [
    ...info.attributes.filter((it) => it.annotation).map((it) => it.name),
    ...info.methods.map((it) => it.def.name),
  ].map((it) => `\`${it}\``);
  return members.length === 0 ? undefined : `Fits everything that has ${listed([...new Set(members)])}.`;
}

function listed(names: readonly string[]): string {
  if (names.length > 5) return `${names.slice(0, 4).join(", ")} and ${names.length - 4} more`;
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
