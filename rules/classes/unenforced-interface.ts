/** A base whose methods only raise NotImplementedError: that a subclass lacks one shows when it is called, not when the object is made. */

import {
  asCall,
  asClass,
  declined,
  defineRule,
  excerpt,
  expressionOf,
  fixOf,
  importEdits,
  importName,
  indentOf,
  insertAfter,
  insertBefore,
  replace,
  startsLine,
  statementsOf,
  type ClassInfo,
  type Facts,
  type FunctionDef,
  type Match,
} from "../../analysis/authoring.js";

interface Open extends Match {
  readonly info: ClassInfo;
  readonly stubs: readonly FunctionDef[];
}

export default defineRule({
  title: "Base class that does not enforce its methods",
  why: "A subclass that forgets one of these methods can be made, and fails only when the method is called. With ABC and @abstractmethod it cannot be made at all, and readers and tools see what a subclass has to bring.",
  guide: "oop-protocols",
  level: "hint",
  gain: "safety",
  words: ["NotImplementedError"],
  fixes: "review",

  examples: [
    {
      before: `
import math

class Shape:
    def area(self) -> float:
        raise NotImplementedError

class Circle(Shape):
    def area(self) -> float:
        return math.pi

print(Circle().area())
`,
      after: `
import math
from abc import ABC, abstractmethod

class Shape(ABC):
    @abstractmethod
    def area(self) -> float:
        raise NotImplementedError

class Circle(Shape):
    def area(self) -> float:
        return math.pi

print(Circle().area())
`,
    },
  ],

  on: ["class_definition"],

  find(node, { facts }): Open | undefined {
    const def = asClass(node);
    if (!def || facts.isTest || def.hasSplat || def.keywords.size > 0 || def.decorators.length > 0) return undefined;
    if (!def.bases.every((it) => it.text === "object")) return undefined;
    const info = facts.classInfo(node);
    const stubs = info?.methods.map((it) => it.def).filter((it) => isStub(it, facts)) ?? [];
    if (!info || stubs.length === 0) return undefined;
    // Which of several classes of one name has the subclasses is not told apart.
    if ((facts.bindingOf(def.nameNode)?.sites.length ?? 0) > 1) return undefined;
    const reads = facts.readsOf(def.nameNode);
    if (reads.some((it) => asCall(it.parent)?.callee === it)) return undefined;
    const heirs = reads
      .filter((it) => it.ancestor("argument_list")?.parent?.kind === "class_definition")
      .flatMap((it) => facts.classInfo(it.ancestor("class_definition")!) ?? []);
    // What one of them leaves out may be optional.
    const needed = stubs.filter((stub) => heirs.every((it) => defines(it, stub.name)));
    if (heirs.length === 0 || needed.length === 0) return undefined;
    return { at: def.nameNode, evidence: "proof", weight: "heavy", info, stubs: needed };
  },

  message: ({ info, stubs }) =>
    `A subclass of \`${excerpt(info.name, 30)}\` without \`${excerpt(stubs[0]!.name, 30)}\` fails only when that is called; \`@abstractmethod\` says so when it is made.`,

  fix({ info, stubs }, file) {
    const { facts } = file;
    if (!stubs.every((it) => startsLine(it.outer)) || stubs.some((it) => /^__\w+__$/.test(it.name)))
      return declined("a method is written in a form of its own");
    const base = importName(file, "abc", "ABC", info.def.node);
    const mark = importName(file, "abc", "abstractmethod", info.def.node);
    if (!base || !mark) return declined("`ABC` or `abstractmethod` means something else here");
    const [only] = info.def.bases;
    const list = info.def.node.field("superclasses");
    if (list && !only) return declined("the class has empty brackets");
    const head = only ? replace(only, base.name) : insertAfter(info.def.nameNode, `(${base.name})`);
    return fixOf(
      "Make it an abstract class",
      [
        "the class itself, and subclasses elsewhere that leave a method out, can no longer be made",
        facts.fileMatches(/\bmetaclass\s*=\s*(?!(?:abc\.)?ABCMeta\b)/) &&
          "a class with a metaclass of its own can no longer derive from it",
      ],
      [
        ...importEdits(base, mark),
        head,
        ...stubs.map((it) => insertBefore(it.node, `@${mark.name}\n${indentOf(it.outer)}`)),
      ],
    );
  },
});

function defines({ methods, attributes }: ClassInfo, name: string): boolean {
  return methods.some((it) => it.def.name === name) || attributes.some((it) => it.name === name);
}

/** The method does nothing but raise, under a docstring. */
function isStub(def: FunctionDef, facts: Facts): boolean {
  const statements = statementsOf(facts.bodyOf(def)).filter((it) => expressionOf(it)?.kind !== "string");
  return (
    statements.length === 1 &&
    /^raise\s+NotImplementedError\b/.test(statements[0]!.text) &&
    // A class that must not be made itself refuses in its `__init__`.
    def.name !== "__init__" &&
    !def.decorators.some((it) => it.text.includes("abstract"))
  );
}
