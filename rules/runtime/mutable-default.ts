/** A list, dict or set as default value: one object for all calls, or a dataclass that cannot be made. */

import {
  asAssignment,
  asAttribute,
  asBinary,
  asCall,
  asComparison,
  asFunction,
  asSubscript,
  declined,
  defineRule,
  fixOf,
  functionAround,
  hasComments,
  importName,
  integerOf,
  isConstant,
  mutates,
  givenNone,
  noneGuard,
  replace,
  statementOf,
  unwrap,
  useOf,
  type Edit,
  type Evidence,
  type Facts,
  type File,
  type Fix,
  type FunctionDef,
  type Match,
  type Node,
  type Parameter,
  type Use,
  type Weight,
} from "../../analysis/authoring.js";

/** What may make a container: displays, calls and `[0] * 8`. */
const MAKING = [
  "list",
  "list_comprehension",
  "dictionary",
  "dictionary_comprehension",
  "set",
  "set_comprehension",
  "call",
  "binary_operator",
  "parenthesized_expression",
] as const;

export default defineRule({
  title: "Mutable default argument shared by all calls",
  why: "A default is created once, when the function is defined, so a list, dict or set that is changed or returned carries over from one call to the next. A dataclass rejects such a default outright.",
  guide: "data-types",
  level: "warning",
  gain: "safety",
  overlaps: ["B006", "RUF008"],
  leftToRuff: true,
  unlike: "defaults that nobody changes, keeps or hands on are left alone, and the fix keeps the annotation",
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
  values: { default_parameter: MAKING, typed_default_parameter: MAKING, assignment: MAKING },

  find(node, { facts }): Default | undefined {
    const value = node.kind === "assignment" ? node.field("right") : node.field("value");
    if (!value) return undefined;
    if (node.kind === "assignment") return dataclassField(node, value, facts);
    const kind = kindOf(value, facts);
    const def = kind && asFunction(node.parent?.parent);
    const parameter = def && parametersByNode(def, facts).get(node);
    // In a function inside a function it is made anew with each definition: a state that is kept on purpose.
    if (!parameter || REMEMBERS.test(parameter.name) || functionAround(def!.node)) return undefined;
    if (isMemory(parameter.nameNode, kind, facts)) return undefined;
    const shared = { kind, isEmpty: isEmpty(value), annotation: parameter.annotation?.text ?? "" };
    const harm = harmOf(parameter.nameNode, shared, def!, facts) ?? exposureOf(parameter.nameNode, shared, def!, facts);
    if (!harm) return undefined;
    return {
      at: value,
      evidence: harm.evidence,
      weight: facts.isTest && harm.weight === "heavy" ? "unknown" : harm.weight,
      name: parameter.name,
      kind,
      harm: harm.what,
      value,
      place: { def: def!, parameter },
    };
  },

  message({ name, kind, harm, place }) {
    if (!place) return `A dataclass rejects the ${kind} as default of \`${name}\`: making the class raises ValueError.`;
    return `All calls share the one ${kind} that is the default of \`${name}\`, and this function ${harm}.`;
  },

  fix(match, file) {
    if (hasComments(match.value)) return declined("there is a comment inside the default");
    if (!isSameAnywhere(match.value, file.facts))
      return declined("the default may mean something else inside the function, or later");
    if (!match.place)
      return (
        defaultFactory(match.at, match.value, file) ?? declined("`field` or the name of the type means something else")
      );
    const given = givenNone(match.place.def, match.place.parameter, file.facts);
    if (typeof given === "object") return given;
    const edits = noneGuard(match.place.def, match.place.parameter, match.value, file);
    return edits
      ? fixOf("Default to None and create it in the call", ["each call then starts with a new one", given], edits)
      : declined("there is no room for the test at the start of the function");
  },
});

interface Default extends Match {
  readonly at: Node;
  readonly name: string;
  readonly kind: string;
  /** What the function does with it, in words. */
  readonly harm: string;
  readonly value: Node;
  readonly place: { readonly def: FunctionDef; readonly parameter: Parameter } | undefined;
}

/**
 * All the function does with it makes sense only from call to call: a key found in it is answered from it and each
 * new answer is stored under its key, or one place of a list is counted up and the list goes nowhere.
 */
function isMemory(name: Node, kind: string, facts: Facts): boolean {
  const reads = facts.readsOf(name);
  const uses = reads.map(useOf);
  if (kind !== "dict" && kind !== "list") return false;
  if (
    !uses.every(
      (it) => it.kind === "subscript" || it.kind === "subscript-store" || (it.kind === "membership" && kind === "dict"),
    )
  )
    return false;
  const keysOf = (use: Use["kind"]) =>
    new Set(
      uses
        .filter((it) => it.kind === use)
        .map((it) =>
          asSubscript(it.in)
            ?.indices.map((index) => index.text)
            .join(),
        ),
    );
  const stored = keysOf("subscript-store");
  if (kind === "list")
    return (
      uses.length > 0 && stored.size > 0 && uses.every((it) => integerOf(asSubscript(it.in)?.indices[0]) !== undefined)
    );
  const tested = uses.filter((it) => it.kind === "membership").map((it) => asComparison(it.in)?.left.text);
  const answered = uses
    .filter((it) => it.kind === "subscript" && it.node.ancestor("return_statement"))
    .map((it) =>
      asSubscript(it.in)
        ?.indices.map((index) => index.text)
        .join(),
    );
  return tested.some((it) => it !== undefined && stored.has(it) && answered.includes(it));
}

/** A parameter that is meant to remember. */
const REMEMBERS = /^_|(^|_)(cache|memo)(_|$)/i;

const CONSTRUCTORS: Readonly<Record<string, string>> = {
  "builtins.list": "list",
  "builtins.dict": "dict",
  "builtins.set": "set",
  "builtins.bytearray": "bytearray",
  "collections.deque": "deque",
  "collections.defaultdict": "dict",
  "collections.OrderedDict": "dict",
  "collections.Counter": "dict",
  "numpy.array": "array",
  "numpy.zeros": "array",
  "numpy.ones": "array",
  "numpy.full": "array",
  "numpy.empty": "array",
};
const LITERALS: Readonly<Record<string, string>> = {
  list: "list",
  list_comprehension: "list",
  dictionary: "dict",
  dictionary_comprehension: "dict",
  set: "set",
  set_comprehension: "set",
};

/** Which mutable container an expression makes anew whenever it runs. */
function kindOf(value: Node, facts: Facts): string | undefined {
  const node = unwrap(value);
  const call = asCall(node);
  const repeated = asBinary(node);
  if (repeated) return repeated.operator === "*" && repeated.left.kind === "list" ? "list" : undefined;
  return call ? CONSTRUCTORS[facts.nameOf(call.callee) ?? ""] : LITERALS[node.kind];
}

interface Shared {
  readonly kind: string;
  readonly isEmpty: boolean;
  readonly annotation: string;
}

interface Harm {
  readonly what: string;
  readonly evidence: Evidence;
  readonly weight: Weight;
}

const certain = (what: string): Harm => ({ what, evidence: "proof", weight: "heavy" });

/** How far a default is followed, through names, functions and classes of the file. */
const DEPTH = 2;

/** What the function does with the default that the next call or another part of the program will notice. */
function harmOf(name: Node, shared: Shared, def: FunctionDef, facts: Facts, depth = 0): Harm | undefined {
  const uses = usesOf(name, facts);
  if (uses.some((it) => isChange(it, shared))) return certain("changes it");
  // Whoever gets an array back seldom changes it in place.
  const isHandedOut = (it: Use) =>
    !facts.isTest && shared.kind !== "array" && (it.kind === "returned" || it.kind === "yielded");
  for (const use of uses) {
    if (isHandedOut(use)) return certain(HANDED_OUT);
    for (const target of targetsOf(use)) {
      if (target.kind === "attribute" && isChangedLater(target, shared, def, facts))
        return certain(`stores it in \`${target.text}\`, which is changed`);
      const harm =
        target.kind === "identifier" && depth < DEPTH ? harmOf(target, shared, def, facts, depth + 1) : undefined;
      if (harm) return harm;
    }
    const given = depth < DEPTH ? receiverOf(use, facts) : undefined;
    const harm =
      given && given.def.node !== def.node ? harmOf(given.name, shared, given.def, facts, depth + 1) : undefined;
    if (harm && harm.what !== HANDED_OUT) return certain(`hands it to \`${given!.callee}\`, which ${harm.what}`);
  }
  return undefined;
}

/** Where the default may arrive: not under `isinstance` of what no default here can be. */
function usesOf(name: Node, facts: Facts): readonly Use[] {
  return facts.readsSeeing(name).flatMap((it) => (isOfAnotherKind(it) ? [] : [useOf(it)]));
}

function isOfAnotherKind(read: Node): boolean {
  for (let at = read.ancestor("if_statement", "elif_clause"); at; at = at.ancestor("if_statement", "elif_clause")) {
    const test = at.field("condition")?.text ?? "";
    const [, tested, type = ""] = /^isinstance\((\w+), ([\w.]+)\)$/.exec(test) ?? [];
    const body = at.field("consequence");
    if (tested === read.text && body && read.isInside(body) && !MAY_BE_DEFAULT.test(type)) return true;
  }
  return false;
}

/** Classes that a list, dict, set or array is an instance of. */
const MAY_BE_DEFAULT =
  /(list|dict|set|array|sequence|mapping|iterable|collection|container|sized|reversible|hashable|object|deque|counter)$/i;

const HANDED_OUT = "gives it to its caller";

/** Nothing in sight changes it, but it can be reached from outside: an object keeps it under a public name. */
function exposureOf(name: Node, shared: Shared, def: FunctionDef, facts: Facts, depth = 0): Harm | undefined {
  if (facts.isTest || shared.kind === "array" || READ_ONLY.test(shared.annotation)) return undefined;
  const weight = "unknown";
  for (const use of usesOf(name, facts)) {
    const kept = targetsOf(use).find((it) => isPublicAttribute(it, def, facts));
    if (kept) {
      // What begins empty and is not used by the class itself is meant to be filled by others; what is written out is mostly read.
      const evidence = shared.isEmpty && !isUsedByClass(kept, def, facts) ? "proof" : "fair";
      return { what: `stores it in \`${kept.text}\`, where other code can change it`, evidence, weight };
    }
    const given = depth < DEPTH ? receiverOf(use, facts) : undefined;
    if (!given || given.def.name !== "__init__" || given.def.node === def.node) continue;
    const harm = exposureOf(given.name, shared, given.def, facts, depth + 1);
    if (harm) return { ...harm, what: `hands it to \`${given.callee}\`, which ${harm.what}` };
  }
  return undefined;
}

const READ_ONLY = /\b(Mapping|Sequence|Iterable|Collection|Tuple|tuple|frozenset|FrozenSet|AbstractSet|Final)\b/;

/** Where an assignment puts the value: `self.items = items`, `self.a, self.b = a, b`. */
function targetsOf(use: Use): readonly Node[] {
  if (use.kind === "assigned") return asAssignment(use.in)?.targets ?? [];
  if (use.kind !== "element") return [];
  const values = unwrap(use.in);
  const assignment = asAssignment(statementOf(values));
  const place = values.children.indexOf(use.node);
  return (assignment?.value && unwrap(assignment.value) === values ? assignment.targets : []).flatMap((it) =>
    (it.kind === "pattern_list" || it.kind === "tuple_pattern") && it.children.length === values.children.length
      ? [it.children[place]!]
      : [],
  );
}

interface Receiver {
  readonly callee: string;
  readonly def: FunctionDef;
  readonly name: Node;
}

/** The parameter of a function or class of the file that the value is handed to. */
function receiverOf(use: Use, facts: Facts): Receiver | undefined {
  const call = use.kind === "argument" ? asCall(use.call) : undefined;
  if (call?.callee.kind !== "identifier" || call.hasSplat) return undefined;
  const made = facts.nameOf(call.callee) === undefined ? facts.classNamed(call.callee.text) : undefined;
  const def = made ? made.methodNamed("__init__")?.def : facts.functionNamed(call.callee);
  const position = call.args.findIndex((it) => use.node === unwrap(it));
  const parameters = def?.parameters.slice(made ? 1 : 0) ?? [];
  const parameter =
    use.name !== undefined
      ? parameters.find((it) => it.name === use.name)
      : parameters[position]?.isKeywordOnly
        ? undefined
        : parameters[position];
  if (!def || !parameter || parameter.star !== "") return undefined;
  facts.bodyOf(def);
  return { callee: call.callee.text, def, name: parameter.nameNode };
}

/** `self.items` of the method's own object. */
function isPublicAttribute(target: Node, def: FunctionDef, facts: Facts): boolean {
  const attribute = asAttribute(target);
  return (
    attribute !== undefined &&
    !attribute.name.startsWith("_") &&
    facts.classOf(def.outer)?.methods.some((it) => it.def.node === def.node && it.self === attribute.object.text) ===
      true
  );
}

/** A method of the class changes what `self.name` holds. Where all only read it, it may as well be shared. */
function isChangedLater(target: Node, shared: Shared, def: FunctionDef, facts: Facts): boolean {
  const owner = facts.classOf(def.node);
  const { object, name } = asAttribute(target)!;
  if (!owner?.methods.some((it) => it.def.node === def.node && it.self === object.text)) return false;
  return owner.methods.some((method) => {
    const held = facts
      .bodyOf(method.def)
      .descendants("attribute")
      .filter((it) => asAttribute(it)?.name === name && asAttribute(it)?.object.text === method.self);
    return (
      held.some((it) => isChange(useOf(it), shared)) ||
      owner.writes.some((it) => it.name === name && it.kind === "augment")
    );
  });
}

/** Some method of the class looks at the attribute, or one of a base class may. */
function isUsedByClass(target: Node, def: FunctionDef, facts: Facts): boolean {
  const { name } = asAttribute(target)!;
  const owner = facts.classOf(def.outer);
  if (!owner || owner.def.hasSplat || owner.def.bases.some((it) => facts.nameOf(it) !== "builtins.object")) return true;
  return owner.methods.some((method) =>
    facts
      .bodyOf(method.def)
      .descendants("attribute")
      .some((it) => {
        const attribute = asAttribute(it)!;
        return (
          attribute.name === name &&
          attribute.object.text === method.self &&
          useOf(attribute.object).kind !== "attribute-store"
        );
      }),
  );
}

/** Of what is empty nothing can be taken. */
const TAKING = new Set(
  "pop popitem popleft remove discard clear sort reverse rotate difference_update intersection_update".split(" "),
);

function isChange(use: Use, { kind, isEmpty }: Shared): boolean {
  if (use.kind === "method")
    return (
      !(isEmpty && TAKING.has(use.name!)) && mutates(kind === "deque" ? "collections.deque" : kind, use.name!) === true
    );
  return use.kind === "subscript-store" || (use.kind === "subscript-delete" && !isEmpty) || use.kind === "augmented";
}

/** `scores: list[float] = []` and `= field(default=[])` in the body of a dataclass. */
function dataclassField(node: Node, value: Node, facts: Facts): Default | undefined {
  if (!node.field("type")) return undefined;
  const assignment = asAssignment(node);
  const [target] = assignment?.targets ?? [];
  if (!assignment?.annotation || target?.kind !== "identifier" || functionAround(node) || !node.parent)
    return undefined;
  const call = asCall(value);
  const inner = call?.keywords.get("default") ?? value;
  const kind = LITERALS[unwrap(inner).kind] || asCall(unwrap(inner)) ? kindOf(inner, facts) : undefined;
  if (!kind) return undefined;
  if (inner !== value && facts.nameOf(call!.callee) !== "dataclasses.field") return undefined;
  // Whether an array can be a default depends on how it compares.
  if (kind === "array") return undefined;
  // A deque has no place in the check before 3.11, which looks for anything that cannot be hashed.
  if ((kind === "deque" || kind === "bytearray") && !facts.hasPython("3.11")) return undefined;
  if (NO_FIELD.test(assignment.annotation.text)) return undefined;
  const isDataclass = facts
    .classOf(node.parent)
    ?.def.decorators.some((it) => facts.nameOf(asCall(it)?.callee ?? it) === "dataclasses.dataclass");
  return isDataclass ? { at: inner, name: target.text, kind, harm: "", value: inner, place: undefined } : undefined;
}

const NO_FIELD = /^["']?(\w+\.)?(ClassVar|InitVar)\b/;

/** Everything in it means the same wherever and whenever it is evaluated. */
function isSameAnywhere(value: Node, facts: Facts): boolean {
  const node = unwrap(value);
  if (isConstant(node)) return true;
  const call = asCall(node);
  if (call)
    return (
      facts.nameOf(call.callee) !== undefined &&
      kindOf(node, facts) !== undefined &&
      !call.hasSplat &&
      [...call.args, ...call.keywords.values()].every((it) => isSameAnywhere(it, facts))
    );
  if (node.kind === "identifier") return facts.nameOf(node) !== undefined;
  const repeated = asBinary(node);
  if (repeated) return [repeated.left, repeated.right].every((it) => isSameAnywhere(it, facts));
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
  const factoryName = call ? call.callee.text : LITERALS[node.kind]!;
  if (isEmpty(node) && !call && !file.facts.isBuiltin(factoryName, at)) return undefined;
  const factory = `default_factory=${isEmpty(node) ? factoryName : `lambda: ${node.text}`}`;
  const made = (edits: readonly Edit[]) => fixOf("Use default_factory", ["every instance gets its own"], edits);
  const argument = at.parent?.kind === "keyword_argument" ? at.parent : undefined;
  if (argument) return made([replace(argument, factory)]);
  const field = importName(file, "dataclasses", "field", at);
  return field && made([...field.edits, replace(value, `${field.name}(${factory})`)]);
}

/** A hostile function has thousands. */
const parametersByNode = (def: FunctionDef, facts: Facts): ReadonlyMap<Node, Parameter> =>
  facts.memo("parameters by node", def.node, () => new Map(def.parameters.map((it) => [it.node, it])));
