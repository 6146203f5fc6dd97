/** A list, dict or set as default value: one object for all calls, or a dataclass that cannot be made. */

import {
  asAssignment, asAttribute, asCall, asComparison, asFunction, asSubscript, defineRule, functionAround, hasComments, importName, integerOf, isConstant, mutates, noneGuard, parametersOf, replace, unwrap, useOf,
  type Facts, type File, type Fix, type FunctionDef, type Node, type Use,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Mutable default value shared by all calls",
  why: "A default is made once, when the function is defined, so a list, dict or set that is changed or handed out carries over from one call to the next. A dataclass refuses such a default outright.",
  guide: "data-types",
  level: "warning",
  gain: "safety",
  overlaps: ["B006", "RUF008"],
  fixes: "review",

  examples: [
    {
      before: `
def add_tag(tag: str, tags: list[str] = []) -> list[str]:
    tags.append(tag)
    return tags
`,
      after: `
def add_tag(tag: str, tags: list[str] | None = None) -> list[str]:
    if tags is None:
        tags = []
    tags.append(tag)
    return tags
`,
    },
  ],

  on: ["default_parameter", "typed_default_parameter", "assignment"],

  find(node, { facts }) {
    const value = node.kind === "assignment" ? node.field("right") : node.field("value");
    if (!value) return undefined;
    if (node.kind === "assignment") return dataclassField(node, value, facts);
    const kind = kindOf(value, facts);
    const def = kind && asFunction(node.parent?.parent);
    const parameter = def && parametersOf(node.parent).find((it) => it.node === node);
    // In a function inside a function it is made anew with each definition: a state that is kept on purpose.
    if (!parameter || REMEMBERS.test(parameter.name) || functionAround(def!.node)) return undefined;
    if (isMemory(parameter.nameNode, kind, facts)) return undefined;
    const harm = harmOf(parameter.nameNode, { kind, isEmpty: isEmpty(value) }, def!, facts);
    return harm === undefined ? undefined : { at: value, name: parameter.name, kind, harm, value, place: { def, parameter } };
  },

  message({ name, kind, harm, place }) {
    if (!place) return `A dataclass refuses the ${kind} as default of \`${name}\`: making the class raises ValueError.`;
    return `All calls share the one ${kind} that is the default of \`${name}\`, and this function ${harm}.`;
  },

  fix(match, file) {
    if (!isSameAnywhere(match.value, file.facts) || hasComments(match.value)) return undefined;
    if (!match.place) return defaultFactory(match.at, match.value, file);
    const edits = noneGuard(match.place.def, match.place.parameter, match.value, file);
    return edits && { title: "Default to None and make it in the call (review: each call then starts anew)", safety: "review", edits };
  },
});

/**
 * All the function does with it makes sense only from call to call: a key found in it is answered from it and each
 * new answer is stored under its key, or one place of a list is counted up and the list goes nowhere.
 */
function isMemory(name: Node, kind: string, facts: Facts): boolean {
  const reads = facts.readsOf(name);
  const uses = reads.map(useOf);
  if (kind !== "dict" && kind !== "list") return false;
  if (!uses.every((it) => it.kind === "subscript" || it.kind === "subscript-store" || (it.kind === "membership" && kind === "dict"))) return false;
  const keysOf = (use: Use["kind"]) => new Set(uses.filter((it) => it.kind === use).map((it) => asSubscript(it.in)?.indices.map((index) => index.text).join()));
  const stored = keysOf("subscript-store");
  if (kind === "list") return uses.length > 0 && stored.size > 0 && uses.every((it) => integerOf(asSubscript(it.in)?.indices[0]) !== undefined);
  const tested = uses.filter((it) => it.kind === "membership").map((it) => asComparison(it.in)?.left.text);
  const answered = uses.filter((it) => it.kind === "subscript" && it.node.ancestor("return_statement")).map((it) => asSubscript(it.in)?.indices.map((index) => index.text).join());
  return tested.some((it) => it !== undefined && stored.has(it) && answered.includes(it));
}

/** A parameter that is meant to remember. */
const REMEMBERS = /^_|(^|_)(cache|memo)(_|$)/i;

const CONSTRUCTORS: Readonly<Record<string, string>> = {
  "builtins.list": "list", "builtins.dict": "dict", "builtins.set": "set", "builtins.bytearray": "bytearray", "collections.deque": "deque", "collections.defaultdict": "dict", "collections.OrderedDict": "dict", "collections.Counter": "dict",
};
const LITERALS: Readonly<Record<string, string>> = {
  list: "list", list_comprehension: "list", dictionary: "dict", dictionary_comprehension: "dict", set: "set", set_comprehension: "set",
};

/** Which mutable container an expression makes anew whenever it runs. */
function kindOf(value: Node, facts: Facts): string | undefined {
  const node = unwrap(value);
  const call = asCall(node);
  return call ? CONSTRUCTORS[facts.nameOf(call.callee) ?? ""] : LITERALS[node.kind];
}

interface Shared {
  readonly kind: string;
  readonly isEmpty: boolean;
}

/** What the function does with the default that the next call or another part of the program will notice. */
function harmOf(name: Node, shared: Shared, def: FunctionDef, facts: Facts, depth = 0): string | undefined {
  const reads = facts.readsOf(name).filter((read) => facts.reachingSites(read).some((it) => it.name === name));
  const uses = reads.map(useOf);
  if (uses.some((it) => isChange(it, shared))) return "changes it";
  for (const use of uses) {
    if (!facts.isTest && (use.kind === "returned" || use.kind === "yielded")) return "hands it out";
    const assignment = use.kind === "assigned" ? asAssignment(use.in) : undefined;
    for (const target of assignment?.targets ?? []) {
      if (target.kind === "attribute" && isChangedLater(target, shared, def, facts)) return `stores it in \`${target.text}\`, which is changed`;
      const harm = target.kind === "identifier" && depth < 2 ? harmOf(target, shared, def, facts, depth + 1) : undefined;
      if (harm) return harm;
    }
  }
  return undefined;
}

/** A method of the class changes what `self.name` holds. Where all only read it, it may as well be shared. */
function isChangedLater(target: Node, shared: Shared, def: FunctionDef, facts: Facts): boolean {
  const owner = facts.classOf(def.node);
  const { object, name } = asAttribute(target)!;
  if (!owner?.methods.some((it) => it.def.node === def.node && it.self === object.text)) return false;
  return owner.methods.some((method) => {
    const held = facts.bodyOf(method.def).descendants("attribute").filter((it) => asAttribute(it)?.name === name && asAttribute(it)?.object.text === method.self);
    return held.some((it) => isChange(useOf(it), shared)) || owner.writes.some((it) => it.name === name && it.kind === "augment");
  });
}

/** Of what is empty nothing can be taken. */
const TAKING = new Set("pop popitem popleft remove discard clear sort reverse rotate difference_update intersection_update".split(" "));

function isChange(use: Use, { kind, isEmpty }: Shared): boolean {
  if (use.kind === "method") return !(isEmpty && TAKING.has(use.name!)) && mutates(kind === "deque" ? "collections.deque" : kind, use.name!) === true;
  return use.kind === "subscript-store" || (use.kind === "subscript-delete" && !isEmpty) || use.kind === "augmented";
}

/** `scores: list[float] = []` and `= field(default=[])` in the body of a dataclass. */
function dataclassField(node: Node, value: Node, facts: Facts) {
  const assignment = asAssignment(node);
  const [target] = assignment?.targets ?? [];
  if (!assignment?.annotation || target?.kind !== "identifier" || functionAround(node) || !node.parent) return undefined;
  const call = asCall(value);
  const inner = call?.keywords.get("default") ?? value;
  const kind = LITERALS[unwrap(inner).kind] || asCall(unwrap(inner)) ? kindOf(inner, facts) : undefined;
  if (!kind) return undefined;
  if (inner !== value && facts.nameOf(call!.callee) !== "dataclasses.field") return undefined;
  // A deque has no place in the check before 3.11, which looks for anything that cannot be hashed.
  if ((kind === "deque" || kind === "bytearray") && !facts.hasPython("3.11")) return undefined;
  if (NO_FIELD.test(assignment.annotation.text)) return undefined;
  const isDataclass = facts.classOf(node.parent)?.def.decorators.some((it) => facts.nameOf(asCall(it)?.callee ?? it) === "dataclasses.dataclass");
  return isDataclass ? { at: inner, name: target.text, kind, harm: "", value: inner, place: undefined } : undefined;
}

const NO_FIELD = /^["']?(\w+\.)?(ClassVar|InitVar)\b/;

/** Everything in it means the same wherever and whenever it is evaluated. */
function isSameAnywhere(value: Node, facts: Facts): boolean {
  const node = unwrap(value);
  if (isConstant(node)) return true;
  const call = asCall(node);
  if (call) return facts.nameOf(call.callee) !== undefined && kindOf(node, facts) !== undefined && !call.hasSplat && [...call.args, ...call.keywords.values()].every((it) => isSameAnywhere(it, facts));
  if (node.kind === "identifier") return facts.nameOf(node) !== undefined;
  return CONTAINERS.has(node.kind) && node.children.every((it) => isSameAnywhere(it, facts));
}

const CONTAINERS = new Set(["list", "dictionary", "set", "tuple", "pair"]);

/** Nothing is in it to begin with. */
function isEmpty(value: Node): boolean {
  const node = unwrap(value);
  const call = asCall(node);
  return call ? call.args.length + call.keywords.size === 0 : node.children.length === 0;
}

function defaultFactory(at: Node, value: Node, file: File): Fix | undefined {
  const node = unwrap(value);
  const call = asCall(node);
  const made = call ? call.callee.text : LITERALS[node.kind]!;
  if (isEmpty(node) && !call && !file.facts.isBuiltin(made, at)) return undefined;
  const factory = `default_factory=${isEmpty(node) ? made : `lambda: ${node.text}`}`;
  const title = "Use default_factory (review: every instance gets its own)";
  const argument = at.parent?.kind === "keyword_argument" ? at.parent : undefined;
  if (argument) return { title, safety: "review", edits: [replace(argument, factory)] };
  const field = importName(file, "dataclasses", "field", at);
  return field && { title, safety: "review", edits: [...field.edits, replace(value, `${field.name}(${factory})`)] };
}
