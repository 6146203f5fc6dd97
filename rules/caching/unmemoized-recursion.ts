/** A pure recursion that meets the same subproblems again and again, and keeps none of its results. */

import {
  asAssignment,
  asAugmented,
  asBinary,
  asCall,
  asComprehension,
  asConditional,
  asFunction,
  asSubscript,
  declined,
  defineRule,
  elementOf,
  functionAround,
  importModule,
  importName,
  integerOf,
  isConstant,
  isHashable,
  isNumber,
  lineAbove,
  unwrap,
  useOf,
  type Call,
  type Facts,
  type FunctionDef,
  type Node,
  type Parameter,
  type Site,
  type Use,
} from "../../analysis/authoring.js";

/** A name that tells this way from another, or a docstring that mentions the cost: the function is there to show it. */
const TELLS_WAY = /(^|_)(recursive|recursion|recursively|naive|brute)(_|$)/;
const TELLS_COST = /^r?("""|''')(?:(?!\1)[^])*(\bexponential|\bO\(\s*\d\s*(\^|\*\*))/i;

export default defineRule({
  title: "Recursion that computes the same results again and again",
  why: "A function that calls itself more than once on smaller arguments reaches the same arguments on many paths, so the number of calls grows exponentially. If its results are kept, each argument is computed only once.",
  guide: "caching",
  level: "warning",
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
    const whole = asFunction(node);
    // Nearly every function ends here, so nothing else is looked at before. An `__init__` that names itself calls that of its base.
    if (!whole || whole.name.startsWith("__") || !whole.body.text.includes(`${whole.name}(`)) return undefined;
    const names = whole.body.identifiers(whole.name);
    if (names.length === 0 || whole.isAsync || whole.decorators.length > 0 || whole.parameters.length === 0)
      return undefined;
    const self = selfOf(whole, facts);
    const { nameNode, name, body } = whole;
    const parameters = self === undefined ? whole.parameters : whole.parameters.slice(1);
    const def: Recursion = { node, nameNode, name, body, parameters, whole };
    const calls = names.flatMap((it) => asCall(self === undefined ? it.parent : it.parent?.parent) ?? []);
    if (
      calls.length < names.length ||
      (self === undefined
        ? facts.functionNamed(calls[0]!.callee)?.node !== node ||
          facts.usesOf(def.nameNode).some((it) => it.kind !== "call")
        : !asksOnlyItself(def, self, calls))
    )
      return undefined;
    if (!repeats(calls, node, facts) || !calls.every((it) => stepsDown(it, def, facts))) return undefined;
    if (
      !def.parameters.every((it) => isPlainParameter(it, def, calls, facts)) ||
      !isPureBody(def, calls, facts) ||
      !givesImmutableValues(def, calls, facts)
    )
      return undefined;
    const passed = def.parameters.filter((it) => isPassedAlong(it, def, calls) && !isKey(it, facts));
    // A name or a docstring that tells this way from a better one shows it on purpose.
    const isShown = [def, asFunction(node.ancestor("function_definition"))].some(
      (it) => it && (TELLS_WAY.test(it.name) || TELLS_COST.test(it.body.text)),
    );
    // Growth without bound matters at any size but in a test, which was seen to end.
    const weight = facts.isTest || isShown ? "light" : "heavy";
    return { at: def.nameNode, evidence: "proof", weight, def, calls, passed, isMethod: self !== undefined };
  },

  message({ def, calls, passed, isMethod }) {
    const said = `\`${def.name}\` is called with the same arguments again and again: each call makes ${calls.length === 2 ? "two" : "several"} more`;
    const keys = def.parameters.filter((it) => !passed.includes(it)).map((it) => `\`${it.name}\``);
    return passed.length > 0 || isMethod
      ? `${said}; a dict by ${keys.join(" and ")} keeps the results.`
      : `${said}; functools.cache keeps the results.`;
  },

  fix({ def, passed, isMethod }, file) {
    if (isMethod) return declined("functools.cache on a method keeps every object alive that it was called on");
    if (passed.length > 0)
      return declined(`\`${passed[0]!.name}\` is no key of a cache; keep it outside and cache by what changes`);
    const wanted = file.facts.hasPython("3.9") ? "cache" : "lru_cache";
    const direct = importName(file, "functools", wanted, def.node);
    const cache = direct?.isThere ? direct : importModule(file, "functools", def.node);
    if (!cache) return declined("the name `functools` means something else here");
    const decorator = `@${cache === direct ? "" : `${cache.name}.`}${cache === direct ? cache.name : wanted}${wanted === "cache" ? "" : "(maxsize=None)"}`;
    return {
      title: `Add ${decorator}`,
      doubts: ["the results stay in memory", "every argument must be hashable"],
      edits: [...cache.edits, lineAbove(def.node, decorator)],
    };
  },
});

/** A function or method, with the parameters that its own calls give. */
interface Recursion extends Pick<FunctionDef, "node" | "nameNode" | "name" | "body" | "parameters"> {
  readonly whole: FunctionDef;
}

/** What a method calls its object; undefined for a function, and for other kinds of methods. */
function selfOf(def: FunctionDef, facts: Facts): string | undefined {
  const method = facts.classOf(def.node)?.methodOf(def.node);
  return method?.kind === "instance" ? method.self : undefined;
}

/** The method needs its object for nothing but to call itself. */
function asksOnlyItself({ body }: Recursion, self: string, calls: readonly Call[]): boolean {
  const isOwn = (it: Node) => calls.some(({ callee }) => callee.kind === "attribute" && callee.field("object") === it);
  return body.identifiers(self).every(isOwn) && calls.every(({ callee }) => callee.field("object")?.text === self);
}

/** Every call gives it on as it came, and nothing is done to it but to look into it. */
function isPassedAlong(parameter: Parameter, def: Recursion, calls: readonly Call[]): boolean {
  const index = def.parameters.indexOf(parameter);
  return calls.every(
    (it) => unwrap(it.keywords.get(parameter.name) ?? it.args[index] ?? it.node).text === parameter.name,
  );
}

/** It is known to be hashable, or is counted like a number. */
function isKey(parameter: Parameter, facts: Facts): boolean {
  const [read] = facts.readsOf(parameter.nameNode);
  return read !== undefined && isHashable(facts.typeOf(read));
}

const LOOKS = new Set(["subscript", "iterated", "membership", "compared", "tested"]);

/** Two of the calls run in one run of the function, or one of them runs in each turn of a loop. */
function repeats(calls: readonly Call[], def: Node, facts: Facts): boolean {
  if (
    calls.some((it) =>
      facts
        .loopsAround(it.node)
        .some((loop) => loop.isInside(def) && loop.kind !== "while_statement" && !leaves(it.node, loop)),
    )
  )
    return true;
  return calls.some((a, index) => calls.slice(index + 1).some((b) => !excludes(a.node, b.node)));
}

const EXITS = new Set(["return_statement", "raise_statement", "continue_statement", "break_statement"]);

/** The turn that makes the call is the last one. */
function leaves(call: Node, loop: Node): boolean {
  for (let node: Node | undefined = call; node && node !== loop; node = node.parent) {
    if (
      EXITS.has(node.kind) ||
      (node.kind === "block" && EXITS.has(node.lastChild!.kind) && node.lastChild!.kind !== "continue_statement")
    )
      return true;
  }
  return false;
}

/** Where the first ran, the second does not run any more: another arm, or the first one's arm leaves. */
function excludes(a: Node, b: Node): boolean {
  let inner = a;
  let outer = a.parent!;
  for (; !b.isInside(outer); inner = outer, outer = outer.parent!)
    if (outer.kind === "block" && EXITS.has(outer.lastChild!.kind)) return true;
  const other = outer.children.find((it) => b.isInside(it))!;
  if (outer.kind === "try_statement" || inner.kind === "case_clause") return true;
  const conditional = asConditional(outer);
  if (conditional) return inner !== conditional.condition && other !== conditional.condition;
  if (outer.kind === "if_statement") return !isTest(a, inner);
  return EXITS.has(inner.kind) && inner !== other;
}

/** The node is part of the condition of an `if` or `elif`, not of what runs under it. */
function isTest(node: Node, arm: Node): boolean {
  const condition = arm.kind === "elif_clause" ? arm.field("condition") : arm;
  return condition?.fieldName === "condition" && node.isInside(condition);
}

/** Each argument is the parameter itself, moved by some amount, or counted by a loop: such steps lead to one place on many ways. Halves, children and permutations do not. */
function stepsDown(call: Call, def: Recursion, facts: Facts): boolean {
  if (call.hasSplat || call.args.length > def.parameters.length) return false;
  const passed = def.parameters.map((it, index) => call.keywords.get(it.name) ?? call.args[index]);
  return (
    passed.every((it, index) => it !== undefined && isStep(it, def.parameters[index]!, facts)) &&
    passed.some((it, index) => unwrap(it!).text !== def.parameters[index]!.name)
  );
}

function isStep(argument: Node, parameter: Parameter, facts: Facts): boolean {
  const node = unwrap(argument);
  if (node.kind === "identifier") {
    const sites = facts.writesOf(node);
    return (
      sites.some((it) => it.name === parameter.nameNode) ||
      (sites.length > 0 && sites.every((it) => isRangeLoop(it, facts)))
    );
  }
  const subscript = asSubscript(node);
  if (subscript)
    return (
      subscript.value.text === parameter.name &&
      subscript.indices.every(
        (it) => it.kind === "slice" && it.children.every((bound) => integerOf(bound) !== undefined),
      )
    );
  const binary = asBinary(node);
  return (
    binary !== undefined &&
    STEPS.has(binary.operator) &&
    isStep(binary.left, parameter, facts) &&
    binary.right.descendants("call").every((it) => facts.isPure(it) === "yes")
  );
}

const STEPS = new Set(["+", "-", "|", "&", "^"]);

function isRangeLoop({ kind, value }: Site, facts: Facts): boolean {
  const call = value && asCall(unwrap(value));
  return kind === "for" && call !== undefined && facts.nameOf(call.callee) === "builtins.range";
}

/** Declared as a number, text or another hashable value, or shown to be a number: counted up or down and compared. */
function isPlainParameter(parameter: Parameter, def: Recursion, calls: readonly Call[], facts: Facts): boolean {
  if (parameter.star !== "" || facts.writesOf(parameter.nameNode).length !== 1) return false;
  const reads = facts.readsOf(parameter.nameNode);
  const looksInto = (it: Use) =>
    LOOKS.has(it.kind) ||
    (it.kind === "argument" &&
      (calls.some((call) => call.node === it.call) ||
        facts.nameOf(asCall(it.call)?.callee ?? it.in) === "builtins.len"));
  if (isPassedAlong(parameter, def, calls) && reads.map(useOf).every(looksInto)) return true;
  const type = reads[0] && facts.typeOf(reads[0]);
  const steps = calls.flatMap(
    (it) => asBinary(unwrap(it.keywords.get(parameter.name) ?? it.args[def.parameters.indexOf(parameter)]!)) ?? [],
  );
  if (parameter.annotation) return isHashable(type) && (steps.length === 0 || isNumber(type));
  if (reads.some((it) => facts.nameOf(asCall(useOf(it).call)?.callee ?? it) === "builtins.range")) return true;
  const compared = reads
    .map(useOf)
    .filter((it) => it.kind === "compared")
    .map((it) => it.in);
  return (
    steps.length > 0 &&
    compared.some(
      (it) =>
        steps.some(({ right }) => integerOf(right) !== undefined) ||
        it.children.some((side) => integerOf(side) !== undefined),
    )
  );
}

const IMPURE = [
  "yield",
  "await",
  "global_statement",
  "nonlocal_statement",
  "function_definition",
  "class_definition",
  "lambda",
  "delete_statement",
  "with_statement",
  "import_statement",
  "import_from_statement",
] as const;

/** It changes nothing, and what it reads from outside does not change either. */
function isPureBody({ node, body, name }: Recursion, calls: readonly Call[], facts: Facts): boolean {
  const stores = body
    .descendants("assignment", "augmented_assignment")
    .flatMap((it) => asAugmented(it)?.target ?? asAssignment(it)?.targets ?? []);
  if (
    body.descendants(...IMPURE).length > 0 ||
    stores.some((it) => it.kind !== "identifier" && it.descendants("subscript", "attribute").length > 0)
  )
    return false;
  if (
    !facts
      .unknownCallsIn(body)
      .every((call) => calls.some((it) => it.node === call) || call.ancestor("raise_statement") !== undefined)
  )
    return false;
  return body.descendants("identifier").every((it) => {
    const binding = facts.bindingOf(it);
    const isOwn = binding !== undefined && (binding.scope.node === node || binding.scope.node.isInside(body));
    return (
      isOwn ||
      it.text === name ||
      facts.nameOf(it) !== undefined ||
      it.fieldName === "attribute" ||
      it.parent?.field("name") === it ||
      (binding !== undefined && keepsItsValue(it, node, facts))
    );
  });
}

/** A name of the surroundings that has its value before the function is made, and whose value nothing changes. */
function keepsItsValue(identifier: Node, def: Node, facts: Facts): boolean {
  const binding = facts.bindingOf(identifier)!;
  const isBefore = (it: Node) => it.tree === def.tree && it.start < def.start;
  const isModule = binding.scope.parent === undefined;
  const isSet = isModule
    ? binding.sites.length === 1 && binding.sites[0]!.kind === "assign"
    : binding.sites.every((it) => isBefore(it.name));
  return (
    isSet &&
    !binding.sites.some((it) => it.isRemote) &&
    binding.reads.every((it) => {
      const use = useOf(it);
      const isStillPrivate = !isModule && use.kind === "method" && isBefore(it);
      const isOutside = !it.isInside(def);
      return (
        isStillPrivate ||
        (facts.isHarmless(use) &&
          (use.kind !== "attribute" || isOutside) &&
          (!isOutside || isBefore(it) || leavesAlone(use, facts)))
      );
    })
  );
}

/** Nor does it change what the value holds: `grid[0][0] = 1`. */
function leavesAlone(use: Use, facts: Facts): boolean {
  if (use.kind === "iterated") return isHashable(elementOf(facts.typeOf(use.node)));
  return use.kind === "subscript"
    ? isHashable(facts.typeOf(use.in)) || leavesAlone(useOf(use.in), facts)
    : facts.isHarmless(use);
}

/** What it returns can be shared: numbers, text, truth values, not a list that somebody may change. */
function givesImmutableValues(def: Recursion, calls: readonly Call[], facts: Facts): boolean {
  if (def.whole.returns && !isHashable(facts.returnType(def.whole))) return false;
  const values = def.body
    .descendants("return_statement")
    .filter((it) => functionAround(it) === def.node)
    .flatMap((it) => it.children);
  return values.some((it) => isRoot(it, facts)) && values.every((it) => isImmutable(it, calls, facts, []));
}

/** A result that does not come from another call: what all others are made of. */
function isRoot(value: Node, facts: Facts): boolean {
  const node = unwrap(value);
  const conditional = asConditional(node);
  if (conditional) return isRoot(conditional.then, facts) || isRoot(conditional.otherwise, facts);
  return (
    isConstant(node) ||
    isHashable(facts.typeOf(node)) ||
    (node.kind === "identifier" &&
      facts.writesOf(node).some((it) => it.kind === "parameter" || (it.value !== undefined && isConstant(it.value))))
  );
}

const PICKS = new Set(["builtins.min", "builtins.max", "builtins.sum", "builtins.abs", "builtins.round"]);
const OPERATORS = new Set([
  "binary_operator",
  "unary_operator",
  "boolean_operator",
  "not_operator",
  "comparison_operator",
  "conditional_expression",
]);

function isImmutable(
  expression: Node,
  calls: readonly Call[],
  facts: Facts,
  seen: readonly Node[],
  isPart = false,
): boolean {
  const node = unwrap(expression);
  const isImmutablePart = (it: Node) => isImmutable(it, calls, facts, seen, true);
  if (isConstant(node) || node.kind === "not_operator" || isHashable(facts.typeOf(node))) return true;
  if (node.kind === "subscript") return isPart;
  if (OPERATORS.has(node.kind)) return node.children.every(isImmutablePart);
  const call = asCall(node);
  if (call)
    return (
      calls.some((it) => it.node === call.node) ||
      (PICKS.has(facts.nameOf(call.callee) ?? "") &&
        call.args.every((it) => isImmutablePart(asComprehension(it)?.element ?? it)))
    );
  if (node.kind !== "identifier" || seen.some((it) => it.text === node.text)) return node.kind === "identifier";
  return facts
    .writesOf(node)
    .every(
      (it) =>
        it.kind === "parameter" ||
        isRangeLoop(it, facts) ||
        (it.value !== undefined &&
          it.path.length === 0 &&
          it.kind !== "for" &&
          isImmutable(it.value, calls, facts, [...seen, node], true)),
    );
}
