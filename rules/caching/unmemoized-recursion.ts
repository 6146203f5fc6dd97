/** A pure function that calls itself twice on one path with shifted arguments: the same subproblems are solved again and again. */

import {
  asAssignment, asAttribute, asBinary, asCall, asFunction, asSubscript, defineRule, functionAround, importModule, importName, integerOf, isHashable, lineAbove, unwrap, useOf,
  type Call, type Facts, type File, type Fix, type FunctionDef, type Kind, type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Recursion that solves the same subproblems again",
  why: "Two calls with shifted arguments meet the same arguments on different ways, so the number of calls grows exponentially; with the results kept, each subproblem is solved once.",
  guide: "caching",
  level: "info",
  gain: "complexity",
  fixes: "review",

  examples: [
    {
      before: `
def ways_to_climb(steps: int) -> int:
    if steps < 2:
        return 1
    return ways_to_climb(steps - 1) + ways_to_climb(steps - 2)
`,
      after: `import functools

@functools.cache
def ways_to_climb(steps: int) -> int:
    if steps < 2:
        return 1
    return ways_to_climb(steps - 1) + ways_to_climb(steps - 2)
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }) {
    const def = asFunction(node);
    if (!def || def.isAsync || def.outer !== node || def.parameters.length === 0 || def.parameters.some((it) => it.star !== "") || facts.isTest) return undefined;
    const calls = def.body.descendants("call").filter((it) => isSelfCall(it, def));
    if (calls.length < 2 || facts.classOf(node) || !isOneFunction(def, facts)) return undefined;
    const pair = overlapping(calls.filter((it) => isShifted(asCall(it), def, facts)));
    if (!pair || !isPureFunction(def, facts) || !isValueFunction(def, facts)) return undefined;
    return { at: def.nameNode, def, related: pair.map((it) => ({ at: it, message: "the same arguments are met on both ways" })) };
  },

  message: ({ def }, { facts }) => `\`${def.name}\` is called again and again with the same arguments; \`${cacheOf(facts)}\` solves each subproblem once.`,

  fix({ def }, file): Fix | undefined {
    const cache = importedCache(file, def.node);
    return cache && {
      title: "Keep the results (review: the cache holds every result for as long as the function lives)",
      safety: "review",
      edits: [...cache.edits, lineAbove(def.node, `@${cache.name}`)],
    };
  },
});

function cacheOf(facts: Facts): string {
  return facts.hasPython("3.9") ? "functools.cache" : "functools.lru_cache(maxsize=None)";
}

function importedCache(file: File, near: Node) {
  const [name, options] = file.facts.hasPython("3.9") ? ["cache", ""] : ["lru_cache", "(maxsize=None)"];
  const direct = importName(file, "functools", name!, near);
  if (direct?.edits.length === 0) return { ...direct, name: `${direct.name}${options}` };
  const module = importModule(file, "functools", near);
  return module && { ...module, name: `${module.name}.${name}${options}` };
}

function isSelfCall(node: Node, def: FunctionDef): boolean {
  const callee = asCall(node)?.callee;
  return callee?.kind === "identifier" && callee.text === def.name && functionAround(node) === def.node;
}

/** The name means this function alone, and the file does nothing with it but call it. */
function isOneFunction(def: FunctionDef, facts: Facts): boolean {
  return facts.writesOf(def.nameNode).length === 1 && facts.usesOf(def.nameNode).every((it) => it.kind === "call");
}

/** Each argument is its parameter, moved by a constant, and one at least is moved; such calls reach the same arguments in either order. */
function isShifted(call: Call | undefined, def: FunctionDef, facts: Facts): boolean {
  if (!call || call.hasSplat || call.args.length + call.keywords.size !== def.parameters.length) return false;
  let moved = 0;
  const isInPlace = def.parameters.every(({ name, nameNode }, index) => {
    const argument = call.keywords.get(name) ?? call.args[index];
    const shift = argument && shiftOf(unwrap(argument), name);
    if (shift !== undefined && shift !== "") moved++;
    return shift !== undefined && facts.writesOf(nameNode).length === 1;
  });
  return isInPlace && moved > 0;
}

/** `n - 1`, `n + 2`, `text[1:]`; empty for the parameter itself. */
function shiftOf(argument: Node, name: string): string | undefined {
  if (argument.kind === "identifier") return argument.text === name ? "" : undefined;
  const binary = asBinary(argument);
  if (binary && (binary.operator === "+" || binary.operator === "-")) {
    return binary.left.text === name && integerOf(binary.right) !== undefined ? argument.text : undefined;
  }
  const slice = asSubscript(argument);
  const [only, more] = slice?.indices ?? [];
  return slice?.value.text === name && !more && /^(\d+:|:-\d+)$/.test(only?.text ?? "") ? argument.text : undefined;
}

function overlapping(calls: readonly Node[]): readonly [Node, Node] | undefined {
  for (const [index, first] of calls.entries()) {
    const second = calls.slice(index + 1).find((it) => onOnePath(first, it));
    if (second) return [first, second];
  }
  return undefined;
}

const BRANCHES: ReadonlySet<Kind> = new Set<Kind>(["block", "else_clause", "elif_clause", "case_clause"]);
const ENDS: ReadonlySet<Kind> = new Set<Kind>(["return_statement", "raise_statement", "continue_statement", "break_statement"]);

/** Both may run in one call of the function, `first` standing before `second`. */
function onOnePath(first: Node, second: Node): boolean {
  for (let inner = first, outer = first.parent; outer; inner = outer, outer = outer.parent) {
    if (second.isInside(outer)) return !areApart(inner, outer, second);
    if (ENDS.has(outer.kind) || (outer.kind === "block" && ENDS.has(outer.children.at(-1)!.kind))) return false;
  }
  return false;
}

/** In two branches of the node that holds both. */
function areApart(inner: Node, outer: Node, second: Node): boolean {
  const other = outer.children.find((it) => second.isInside(it))!;
  if (outer.kind === "conditional_expression") return outer.children.indexOf(inner) !== 1 && outer.children.indexOf(other) !== 1;
  return outer.kind !== "try_statement" && BRANCHES.has(inner.kind) && BRANCHES.has(other.kind);
}

const EFFECTS: readonly Kind[] = [
  "yield", "await", "global_statement", "nonlocal_statement", "delete_statement", "with_statement", "import_statement", "import_from_statement", "function_definition", "class_definition", "lambda",
];

/** It reads its arguments and what never changes, and changes nothing. */
function isPureFunction(def: FunctionDef, facts: Facts): boolean {
  const { body } = def;
  if (body.descendants(...EFFECTS).length > 0) return false;
  if (facts.unknownCallsIn(body).some((it) => !isSelfCall(it, def) && !it.ancestor("raise_statement")?.isInside(body))) return false;
  if (body.descendants("attribute", "subscript").some((it) => useOf(it.children[0]!).kind.endsWith("-store"))) return false;
  return body.descendants("identifier").every((it) => isOwnOrConstant(it, def, facts));
}

function isOwnOrConstant(name: Node, def: FunctionDef, facts: Facts): boolean {
  const isLabel = (name.fieldName === "attribute" && asAttribute(name.parent) !== undefined) || (name.fieldName === "name" && name.parent?.kind === "keyword_argument");
  if (isLabel || name.text === def.name) return true;
  const binding = facts.bindingOf(name);
  if (!binding) return facts.nameOf(name) !== undefined;
  if (binding.scope.node.isInside(def.node)) return true;
  const [site, more] = binding.sites;
  if (!site || more || site.isRemote) return false;
  if (site.kind === "import") return useOf(name).kind === "method" || useOf(name).kind === "call" || name.ancestor("raise_statement") !== undefined || useOf(name).kind === "attribute";
  if (site.kind === "class") return name.ancestor("raise_statement") !== undefined;
  if (site.kind !== "assign" && site.kind !== "parameter") return false;
  return isHashable(facts.typeOf(name)) || binding.reads.map(useOf).every((it) => facts.isHarmless(it));
}

const CONTAINERS: readonly Kind[] = ["list", "dictionary", "set", "list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"];

/** Its arguments can be keys, and its results can be shared, as nobody can change them. */
function isValueFunction(def: FunctionDef, facts: Facts): boolean {
  if (!def.parameters.every((it) => isHashable(facts.typeOf(it.nameNode)))) return false;
  if (def.returns) return isHashable(facts.returnType(def));
  return def.body.descendants("return_statement").every(({ children: [value] }) => {
    if (!value) return true;
    const type = facts.typeOf(value);
    const isRecursive = value.descendants("call").some((it) => isSelfCall(it, def)) && value.descendants(...CONTAINERS).length === 0;
    return type ? isHashable(type) : isRecursive;
  });
}
