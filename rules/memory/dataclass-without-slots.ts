/** A dataclass that is made in bulk without `slots=True`. */

import {
  asCall,
  declined,
  defineRule,
  fileQuestion,
  fixOf,
  importsWeak,
  insertAfter,
  PLAIN_BASES,
  useOf,
  withArgument,
  type ClassInfo,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Dataclass with many instances but no slots",
  why: "Every instance of a dataclass has room for a dictionary. With `slots=True` it has fixed fields for what the class declares: with two fields 88 bytes become 48 on CPython 3.11 and 3.13, 80 on 3.12 and 152 on 3.10, and a misspelt attribute raises an error.",
  guide: "slots",
  level: "hint",
  gain: "memory",
  words: ["dataclass"],
  python: { from: "3.10" },
  fixes: "review",

  examples: [
    {
      before: `
from dataclasses import dataclass

@dataclass
class Reading:
    place: int
    value: float

def readings(lines: list[str]) -> list[Reading]:
    return [Reading(place, float(line)) for place, line in enumerate(lines)]
`,
      after: `
from dataclasses import dataclass

@dataclass(slots=True)
class Reading:
    place: int
    value: float

def readings(lines: list[str]) -> list[Reading]:
    return [Reading(place, float(line)) for place, line in enumerate(lines)]
`,
    },
  ],

  on: ["class_definition"],

  find(node, { facts }) {
    const outer = node.parent;
    if (facts.isTest || outer?.kind !== "decorated_definition") return undefined;
    const name = node.field("name")?.text ?? "";
    if (!outer.tree.text.slice(outer.start, node.start).includes("dataclass") || !facts.view.isCalledInLoops(name))
      return undefined;
    const info = facts.classInfo(node);
    const [decorator, more] = info?.def.decorators ?? [];
    if (!info || !decorator || more || facts.nameOf(asCall(decorator)?.callee ?? decorator) !== "dataclasses.dataclass")
      return undefined;
    if (asCall(decorator)?.keywords.has("slots") || asCall(decorator)?.hasSplat || !canHaveSlots(info, facts))
      return undefined;
    return { at: info.def.nameNode, weight: "unknown" as const, info, decorator };
  },

  message: ({ info }) =>
    `Every \`${info.name}\` has room for a dictionary beside its fields; \`@dataclass(slots=True)\` saves it, which matters if there are many.`,

  fix({ decorator }) {
    const call = asCall(decorator);
    const edit = call ? withArgument(call, "slots=True") : insertAfter(decorator, "(slots=True)");
    return edit
      ? fixOf(
          "Add slots=True",
          [
            "setting other attributes and weak references to its instances then fail",
            "defaults are no longer found in the class itself",
          ],
          [edit],
        )
      : declined("the decorator takes no further argument");
  },
});

/** Nothing in sight needs a dictionary in the instances, or the class as it was before it was made anew. */
function canHaveSlots(info: ClassInfo, facts: Facts): boolean {
  const { def, methods, attributes, writes, isDynamic, slots } = info;
  const fields = new Set(attributes.filter((it) => it.annotation).map((it) => it.name));
  if (slots !== undefined || isDynamic || def.keywords.size > 0 || fields.size === 0 || importsWeak(facts))
    return false;
  if (!facts.basesOf(info).every((it) => typeof it === "string" && PLAIN_BASES.has(it))) return false;
  if (writes.some((it) => !fields.has(it.name)) || [...facts.foreignStores()].some((it) => !fields.has(it)))
    return false;
  if (
    methods.some((it) =>
      it.def.decorators.some(
        (decorator) => !/^(?:property|staticmethod|classmethod|\w+\.setter|abstractmethod)$/.test(decorator.text),
      ),
    )
  )
    return false;
  if (/\bsuper\(\)|__dict__|__class__|__getstate__|\bcached_property\b/.test(def.node.text)) return false;
  if (facts.fileMatches(/\b(?:vars|setattr|asdict_fast)\(|\.__dict__/)) return false;
  const binding = facts.bindingOf(def.nameNode);
  if (!binding) return false;
  // The same for all classes of a name, wherever they stand.
  const asked =
    binding.scope.kind === "module"
      ? facts.ofFile(ASKED, binding.name)
      : facts.memo("is asked as a class", binding, () => askedOfClass(binding.reads, facts.view));
  return asked.split(" ").every((it) => it !== BASE && !fields.has(it));
}

const BASE = "class";

/** What is asked of a class itself, such as the defaults of its fields; and that it has subclasses. With blanks between. */
const ASKED = fileQuestion(({ view }, name) => askedOfClass(view.readsOf(name), view));

function askedOfClass(reads: readonly Node[], view: Facts["view"]): string {
  return reads
    .flatMap((it) => {
      view.looksInto(it.tree);
      const use = useOf(it);
      if (it.ancestor("argument_list")?.parent?.kind === "class_definition") return BASE;
      return use.kind === "attribute" ? (use.name ?? []) : [];
    })
    .join(" ");
}
