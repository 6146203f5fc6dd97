/** A list, dict or set as default value: one object for all calls, or a dataclass that cannot be made. */

import {
  asAssignment, asCall, asFunction, defineRule, functionAround, hasComments, importName, indentOf, insertAfter, isConstant, mutates, parametersOf, replace, statementsOf, textValue, unwrap, useOf,
  type Edit, type Facts, type File, type Fix, type FunctionDef, type Node, type Parameter, type Use,
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
    if (!parameter || REMEMBERS.test(parameter.name) || isCell(value, facts)) return undefined;
    const harm = harmOf(parameter.nameNode, kind, facts);
    return harm === undefined ? undefined : { at: value, name: parameter.name, kind, harm, value, place: { def, parameter } };
  },

  message({ name, kind, harm, place }) {
    if (!place) return `A dataclass refuses the ${kind} as default of \`${name}\`: making the class raises ValueError.`;
    return `All calls share the one ${kind} that is the default of \`${name}\`, and this function ${harm}.`;
  },

  fix(match, file) {
    if (!isSameAnywhere(match.value, file.facts) || hasComments(match.value)) return undefined;
    return match.place ? noneGuard(match.place.def, match.place.parameter, match.value, file) : defaultFactory(match.at, match.value, file);
  },
});

/** A parameter that is meant to remember. */
const REMEMBERS = /^_|(^|_)(cache|memo)(_|$)/i;

/** `def tick(count=[start])` inside a function: a state that is made on purpose with each definition. */
function isCell(value: Node, facts: Facts): boolean {
  return value.descendants("identifier").some((it) => facts.bindingOf(it)?.scope.kind === "function");
}

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

/** What the function does with the default that the next call or another part of the program will notice. */
function harmOf(name: Node, kind: string, facts: Facts, depth = 0): string | undefined {
  const reads = facts.readsOf(name).filter((read) => facts.reachingSites(read).some((it) => it.name === name));
  const uses = reads.map(useOf);
  if (uses.some((it) => isChange(it, kind))) return "changes it";
  for (const use of uses) {
    if (use.kind === "returned" || use.kind === "yielded") return "hands it out";
    const assignment = use.kind === "assigned" ? asAssignment(use.in) : undefined;
    for (const target of assignment?.targets ?? []) {
      if (target.kind === "attribute" || target.kind === "subscript") return `stores it in \`${target.text}\``;
      const harm = target.kind === "identifier" && depth < 2 ? harmOf(target, kind, facts, depth + 1) : undefined;
      if (harm) return harm;
    }
  }
  return undefined;
}

function isChange(use: Use, kind: string): boolean {
  if (use.kind === "method") return mutates(kind === "deque" ? "collections.deque" : kind, use.name!) === true;
  return use.kind === "subscript-store" || use.kind === "subscript-delete" || use.kind === "augmented";
}

/** `scores: list[float] = []` and `= field(default=[])` in the body of a dataclass. */
function dataclassField(node: Node, value: Node, facts: Facts) {
  const call = asCall(value);
  const inner = call?.keywords.get("default") ?? value;
  const kind = LITERALS[unwrap(inner).kind] || asCall(unwrap(inner)) ? kindOf(inner, facts) : undefined;
  const assignment = asAssignment(node);
  const [target] = assignment?.targets ?? [];
  if (!kind || !assignment?.annotation || target?.kind !== "identifier" || functionAround(node) || !node.parent) return undefined;
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

function noneGuard(def: FunctionDef, { name, annotation, node }: Parameter, value: Node, file: File): Fix | undefined {
  const optional = annotation ? optionalType(annotation, file) : [];
  const [first, second] = statementsOf(def.body);
  if (!optional || !first || indentOf(first) === indentOf(def.node)) return undefined;
  const docstring = second && textValue(first.children[0]) !== undefined && first.kind === "expression_statement" ? first : undefined;
  const end = endOfLine(docstring ?? { tree: def.node.tree, end: headerEnd(def) });
  const indent = indentOf(first);
  if (end === undefined || (!docstring && end > first.start)) return undefined;
  const step = indent.slice(indentOf(def.node).length);
  const guard = `\n${indent}if ${name} is None:\n${indent}${step}${name} = ${value.text}`;
  return {
    title: "Default to None and make it in the call (review: each call then starts anew)",
    safety: "review",
    edits: [...optional, replace(value, "None"), insertAfter({ tree: node.tree, start: end, end }, guard)],
  };
}

/** Where the colon of a `def` ends. */
function headerEnd(def: FunctionDef): number {
  return def.node.allChildren.find((it) => it.token === ":")?.end ?? def.body.start;
}

/** The end of the line behind a place; undefined if there is more code on it. */
function endOfLine({ tree, end }: Pick<Node, "tree" | "end">): number | undefined {
  const rest = /^[ \t\f]*(#[^\r\n]*)?(?=\r?\n)/.exec(tree.text.slice(end));
  return rest ? end + rest[0].length : undefined;
}

function optionalType(annotation: Node, file: File): readonly Edit[] | undefined {
  const { text } = annotation;
  if (/\b(Optional|None|Any|object)\b/.test(text)) return [];
  if (/\bAnnotated\b/.test(text) || text.includes("\n")) return undefined;
  const quoted = textValue(annotation.children[0]);
  if (file.facts.hasPython("3.10")) return [quoted === undefined ? insertAfter(annotation, " | None") : replace(annotation, `${text.slice(0, -1)} | None${text.at(-1)!}`)];
  const optional = importName(file, "typing", "Optional", annotation);
  return optional && [...optional.edits, replace(annotation, `${optional.name}[${text}]`)];
}

function defaultFactory(at: Node, value: Node, file: File): Fix | undefined {
  const node = unwrap(value);
  const call = asCall(node);
  const isEmpty = call ? call.args.length + call.keywords.size === 0 : node.children.length === 0;
  const made = call ? call.callee.text : LITERALS[node.kind]!;
  if (isEmpty && !call && !file.facts.isBuiltin(made, at)) return undefined;
  const factory = `default_factory=${isEmpty ? made : `lambda: ${node.text}`}`;
  const title = "Use default_factory (review: every instance gets its own)";
  const argument = at.parent?.kind === "keyword_argument" ? at.parent : undefined;
  if (argument) return { title, safety: "review", edits: [replace(argument, factory)] };
  const field = importName(file, "dataclasses", "field", at);
  return field && { title, safety: "review", edits: [...field.edits, replace(value, `${field.name}(${factory})`)] };
}
