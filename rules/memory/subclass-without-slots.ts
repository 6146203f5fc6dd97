/** A subclass of classes with slots that has none itself: its instances have a dictionary again. */

import {
  declined,
  defineRule,
  fixOf,
  importsWeak,
  inheritedSlots,
  isSlottable,
  slotKey,
  slotsEdit,
  type ClassInfo,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Subclass without slots of classes that have them",
  why: "A class without `__slots__` gives its instances room for a dictionary, whatever its bases list. That is 16 bytes more per instance on CPython 3.10 and 3.13 and 32 to 40 on 3.11 and 3.12, and a whole dictionary where it sets what they do not list. It lists the names that it adds, or none: `__slots__ = ()`.",
  guide: "slots",
  level: "info",
  gain: "memory",
  words: ["__slots__"],
  fixes: "review",

  examples: [
    {
      before: `
class Point:
    __slots__ = ("x", "y")

    def __init__(self, x: float, y: float) -> None:
        self.x = x
        self.y = y

class Vertex(Point):
    """A point of a mesh."""

    def moved(self, by: float) -> "Vertex":
        return Vertex(self.x + by, self.y + by)

def vertices(count: int) -> list[Vertex]:
    return [Vertex(number, 1.0) for number in range(count)]
`,
      after: `
class Point:
    __slots__ = ("x", "y")

    def __init__(self, x: float, y: float) -> None:
        self.x = x
        self.y = y

class Vertex(Point):
    """A point of a mesh."""

    __slots__ = ()

    def moved(self, by: float) -> "Vertex":
        return Vertex(self.x + by, self.y + by)

def vertices(count: int) -> list[Vertex]:
    return [Vertex(number, 1.0) for number in range(count)]
`,
    },
  ],

  on: ["class_definition"],

  find(node, { facts }) {
    if (facts.isTest || (node.field("superclasses")?.children.length ?? 0) === 0) return undefined;
    if (node.parent?.kind === "decorated_definition") return undefined;
    const info = facts.classInfo(node);
    if (!info || !isSlottable(info, facts)) return undefined;
    const inherited = inheritedSlots(info, facts);
    // Where no base has a slot with a name, nothing shows that instances are meant to be small.
    if (!inherited || inherited.size === 0) return undefined;
    const names = added(info, inherited);
    if (!names) return undefined;
    const isMade = facts.view.isCalledInLoops(info.name);
    return { at: info.def.nameNode, weight: isMade ? ("heavy" as const) : ("unknown" as const), info, names };
  },

  message: ({ info, names }) =>
    names.length === 0
      ? `\`${info.name}\` has no \`__slots__\`, so its instances have room for a dictionary although all its bases do without.`
      : `\`${info.name}\` lists no \`__slots__\` for what it adds, so its instances have room for a dictionary, which its bases save.`,

  fix({ info, names }, { facts }) {
    const edit = slotsEdit(info, names, facts);
    const needsWeak = importsWeak(facts);
    return edit
      ? fixOf(
          "Add __slots__",
          [
            "setting other attributes from outside then fails",
            needsWeak && "weak references to its instances then fail",
          ],
          [edit],
        )
      : declined("the class stands on one line");
  },
});

/** The names that its methods set and no base lists. Undefined where one of them has a value in the body, or code outside sets others. */
function added(info: ClassInfo, inherited: ReadonlySet<string>): readonly string[] | undefined {
  const names = [...new Set(info.writes.filter((it) => it.kind !== "delete").map((it) => it.name))].filter(
    (it) => !inherited.has(slotKey(it, info)),
  );
  const inBody = new Set([
    ...info.methods.map((it) => it.def.name),
    ...info.attributes.filter((it) => it.value).map((it) => it.name),
  ]);
  // A value in the body that hides a slot of a base means the class is made to be different.
  return names.some((it) => inBody.has(it) || /^__\w+__$/.test(it)) || [...inBody].some((it) => inherited.has(it))
    ? undefined
    : names;
}
