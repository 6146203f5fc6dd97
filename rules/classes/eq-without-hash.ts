/** A class with `__eq__` and no `__hash__` whose objects are set elements or dict keys. */

import {
  asAttribute,
  asCall,
  asComparison,
  asFunction,
  between,
  declined,
  defineRule,
  excerpt,
  expressionOf,
  fixOf,
  hashedUse,
  indentUnit,
  insertAfter,
  itemsOf,
  lineBelow,
  startsLine,
  statementsOf,
  unwrap,
  withArgument,
  type ClassInfo,
  type Declined,
  type Facts,
  type Fix,
  type FunctionDef,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Unhashable extends Match {
  readonly info: ClassInfo;
  /** `__eq__`; undefined where a dataclass makes it. */
  readonly def: FunctionDef | undefined;
  readonly use: Node;
}

export default defineRule({
  title: "Class without `__hash__` used as a key",
  why: "A class that defines `__eq__` without `__hash__` gets `__hash__ = None`, and so does a dataclass that is not frozen: putting an object of it into a set, using it as a dict key or passing it to a cached function raises TypeError.",
  guide: "data-model",
  level: "warning",
  gain: "safety",
  overlaps: ["PLW1641"],
  unlike: "only classes whose objects are put into a set or used as a key are reported",
  words: ["__eq__", "dataclass"],
  fixes: "review",

  examples: [
    {
      before: `
class Point:
    def __init__(self, x: int, y: int) -> None:
        self.x = x
        self.y = y

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Point) and self.x == other.x and self.y == other.y

def seen() -> set[Point]:
    return {Point(1, 2), Point(1, 2)}
`,
      after: `
class Point:
    def __init__(self, x: int, y: int) -> None:
        self.x = x
        self.y = y

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Point) and self.x == other.x and self.y == other.y

    def __hash__(self) -> int:
        return hash((self.x, self.y))

def seen() -> set[Point]:
    return {Point(1, 2), Point(1, 2)}
`,
    },
  ],

  on: ["function_definition", "class_definition"],

  find(node, { facts }): Unhashable | undefined {
    const def = node.kind === "function_definition" ? asFunction(node) : undefined;
    if (def ? def.name !== "__eq__" : node.parent?.kind !== "decorated_definition") return undefined;
    const info = def ? facts.classOf(def.outer) : facts.classInfo(node);
    const compares =
      info &&
      (def ? info.def.decorators.every((it) => it.text.includes("total_ordering")) : isComparedDataclass(info, facts));
    if (!info || !compares || info.def.keywords.size > 0 || info.def.hasSplat) return undefined;
    // Of several methods of one name the last counts.
    if (def && info.methods.findLast((it) => it.def.name === "__eq__")?.def.node !== def.node) return undefined;
    const has = (name: string) => info.definesMethod(name) || info.attributes.some((it) => it.name === name);
    if (has("__hash__") || (!def && has("__eq__"))) return undefined;
    // Which of several classes of one name is a key is not told apart.
    if ((facts.bindingOf(info.def.nameNode)?.sites.length ?? 0) > 1) return undefined;
    const use = hashedUse(info, facts);
    if (!use) return undefined;
    return {
      at: def?.nameNode ?? info.def.nameNode,
      evidence: "proof",
      weight: facts.isTest ? "light" : "heavy",
      info,
      def,
      use,
      related: [{ at: use, message: "It has to be hashable here." }],
    };
  },

  message({ info, use, def }) {
    const needs = `so its objects cannot be hashed, as \`${excerpt(use.text, 50)}\` needs`;
    return def
      ? `\`${excerpt(info.name, 30)}\` defines \`__eq__\` without \`__hash__\`, ${needs}.`
      : `\`${excerpt(info.name, 30)}\` is a dataclass that is compared by value and not frozen, ${needs}.`;
  },

  fix({ info, def }, { facts }) {
    if (!def) return frozen(info, facts);
    const fields = comparedFields(def);
    if (!fields) return declined("what `__eq__` compares is not a plain list of attributes");
    const changed = changedField(info, fields, facts);
    if (changed !== undefined)
      return declined(`\`${excerpt(changed, 30)}\` is changed later, and a hash must not change`);
    if (!startsLine(def.outer)) return declined("the method shares its line");
    const self = def.parameters[0]?.name ?? "self";
    const values = fields.map((it) => `${self}.${it}`);
    const tuple = values.length === 1 ? `(${values[0]},)` : `(${values.join(", ")})`;
    const text = `\ndef __hash__(${self})${def.returns ? " -> int" : ""}:\n${indentUnit(def.outer, facts)}return hash(${tuple})`;
    return fixOf(
      "Add __hash__ of what __eq__ compares",
      ["the attributes must be hashable and stay as they are"],
      [lineBelow(between(def.outer, statementsOf(def.body).at(-1)!), text)],
    );
  },
});

const DATACLASS = "dataclasses.dataclass";

/** `@dataclass` that makes `__eq__` and no `__hash__`. */
function isComparedDataclass({ def: { decorators } }: ClassInfo, facts: Facts): boolean {
  const [only, more] = decorators;
  if (!only || more) return false;
  const call = asCall(only);
  if (facts.nameOf(call?.callee ?? only) !== DATACLASS || call?.hasSplat) return false;
  return !["frozen", "unsafe_hash", "eq"].some((it) => call?.keywords.has(it));
}

function frozen(info: ClassInfo, facts: Facts): Fix | Declined {
  const fields = info.attributes.map((it) => it.name);
  const changed = info.writes[0]?.name ?? fields.find((it) => facts.foreignStores().has(it));
  if (changed !== undefined)
    return declined(`\`${excerpt(changed, 30)}\` is changed later, and a hash must not change`);
  if (
    info.def.bases.length > 0 ||
    facts.readsOf(info.def.nameNode).some((it) => it.ancestor("argument_list")?.parent?.kind === "class_definition")
  )
    return declined("a frozen dataclass goes with frozen bases and subclasses only");
  const only = info.def.decorators[0]!;
  const call = asCall(only);
  const edit = call ? withArgument(call, "frozen=True") : insertAfter(only, "(frozen=True)");
  return edit
    ? fixOf(
        "Freeze the dataclass",
        ["its fields must be hashable, and code of other files can no longer set them"],
        [edit],
      )
    : declined("the decorator cannot take an argument");
}

/** What is set outside of the constructor. */
function changedField(info: ClassInfo, fields: readonly string[], facts: Facts): string | undefined {
  const set = info.writes.find(
    (it) => fields.includes(it.name) && !["__init__", "__new__"].includes(it.method.def.name),
  );
  return set?.name ?? fields.find((it) => facts.foreignStores().has(it));
}

/** The attributes that are compared with those of the other object, all with `and`; undefined where anything else is compared. */
function comparedFields(def: FunctionDef): readonly string[] | undefined {
  const self = def.parameters[0]?.name;
  const other = def.parameters[1]?.name;
  const last = statementsOf(def.body).at(-1);
  const value = last?.kind === "return_statement" ? last.children[0] : undefined;
  if (self === undefined || other === undefined || !value) return undefined;
  for (const it of statementsOf(def.body).slice(0, -1)) {
    if (expressionOf(it)?.kind === "string") continue;
    // `if not isinstance(other, Point): return NotImplemented`
    if (it.kind !== "if_statement" || !/^if\s(?:\s*(?:not\s+isinstance\(|type\(|self is )|.*__class__)/.test(it.text))
      return undefined;
  }
  const fields: string[] = [];
  const pairs = (left: Node, right: Node): boolean => {
    const a = unwrap(left);
    const b = unwrap(right);
    if (a.kind === "tuple" && b.kind === "tuple") {
      const others = itemsOf(b);
      return itemsOf(a).length === others.length && itemsOf(a).every((it, index) => pairs(it, others[index]!));
    }
    const own = asAttribute(a);
    const its = asAttribute(b);
    if (!own || !its || own.name !== its.name) return false;
    const both = [own.object.text, its.object.text];
    if (!both.includes(self) || !both.includes(other)) return false;
    fields.push(own.name);
    return true;
  };
  const visit = (node: Node): boolean => {
    const it = unwrap(node);
    if (it.kind === "boolean_operator") {
      return it.hasToken("and") && visit(it.field("left")!) && visit(it.field("right")!);
    }
    if (it.kind === "call") return /^isinstance\(/.test(it.text);
    const comparison = asComparison(it);
    if (!comparison) return false;
    if (/^type\(|__class__/.test(comparison.left.text)) return true;
    return comparison.operator === "==" && pairs(comparison.left, comparison.right);
  };
  return visit(value) && fields.length > 0 ? fields : undefined;
}
