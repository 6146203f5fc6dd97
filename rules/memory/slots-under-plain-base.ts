/** `__slots__` in a class whose base has a dictionary: its instances have one anyway. */

import { defineRule, PLAIN_BASES, slotsValue, type ClassInfo, type Facts } from "../../analysis/authoring.js";

export default defineRule({
  title: "Slots under a base without slots",
  why: "Instances have a dictionary as soon as one base gives them one. `__slots__` in the class below saves next to nothing then, and on CPython 3.13 makes the dictionary a larger one; it does not keep anybody from setting other attributes either. Slots save memory only where all bases have them.",
  guide: "slots",
  level: "info",
  gain: "memory",
  words: ["__slots__"],

  examples: [
    {
      before: `
class Shape:
    def __init__(self, name: str) -> None:
        self.name = name

class Circle(Shape):
    __slots__ = ("radius",)

    def __init__(self, name: str, radius: float) -> None:
        super().__init__(name)
        self.radius = radius

def circles(count: int) -> list[Circle]:
    return [Circle("circle", 1.0) for _ in range(count)]
`,
      after: `
class Shape:
    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

class Circle(Shape):
    __slots__ = ("radius",)

    def __init__(self, name: str, radius: float) -> None:
        super().__init__(name)
        self.radius = radius

def circles(count: int) -> list[Circle]:
    return [Circle("circle", 1.0) for _ in range(count)]
`,
    },
  ],

  on: ["class_definition"],

  find(node, { facts }) {
    if (facts.isTest || (node.field("superclasses")?.children.length ?? 0) === 0) return undefined;
    const info = facts.classInfo(node);
    if (!Array.isArray(info?.slots) || info.def.keywords.size > 0) return undefined;
    const fields = info.slots.filter((it) => !/^__\w+__$/.test(it));
    const value = slotsValue(info);
    if (!value || fields.length === 0 || info.slots.includes("__dict__")) return undefined;
    const base = facts.basesOf(info).find((it) => givesDictionary(it, facts));
    if (base === undefined) return undefined;
    const isMade = facts.view.isCalledInLoops(info.name);
    const name = typeof base === "string" ? base.slice(base.lastIndexOf(".") + 1) : base.name;
    return { at: value, weight: isMade ? ("heavy" as const) : ("unknown" as const), name, info };
  },

  message: ({ name, info }) =>
    `\`${name}\` has no \`__slots__\`, so each \`${info.name}\` has a dictionary anyway: the slots save nothing here.`,
});

/** Bases of libraries whose instances have a dictionary. */
const OPEN =
  /^(?:builtins\.(?:BaseException|Exception|\w+Error|\w+Warning)|torch\.nn\.Module|threading\.Thread|unittest\.TestCase|enum\.Enum|logging\.(?:Handler|Formatter|Filter|Logger)|collections\.User(?:Dict|List|String)|argparse\.\w+)$/;

/** Made by `type` itself, as far as can be seen. */
const isPlain = (it: ClassInfo | string | undefined): boolean =>
  typeof it === "string" ? OPEN.test(it) || PLAIN_BASES.has(it) : it !== undefined && it.def.keywords.size === 0;

function givesDictionary(base: ClassInfo | string | undefined, facts: Facts): boolean {
  if (typeof base === "string") return OPEN.test(base);
  // A decorator or metaclass may give it slots.
  return (
    base !== undefined &&
    base.slots === undefined &&
    base.def.decorators.length === 0 &&
    base.def.keywords.size === 0 &&
    facts.basesOf(base).every(isPlain)
  );
}
