/** A `tf.function` that TensorFlow traces anew again and again: for each Python number or shape that it is given, or because it is made anew itself. */

import {
  argumentOf,
  asAssignment,
  asBinary,
  asCall,
  asFunction,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  importModule,
  insertAfter,
  isConstant,
  isTracer,
  itemsOf,
  knownTurns,
  replace,
  statementOf,
  tracedAround,
  tracedCallee,
  unwrap,
  useOf,
  withArgument,
  type Call,
  type Facts,
  type File,
  type Fix,
  type FunctionDef,
  type Match,
  type Node,
  type Parameter,
  type Site,
  type Traced,
  type Weight,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "TensorFlow function that is traced again and again",
  why: "TensorFlow traces a function once for each combination of the kinds of its arguments. A Python number is a kind of its own for each value, a tensor of another shape is another kind, and a tf.function that is made anew has no traces yet. Tracing takes far longer than a call.",
  guide: "tensorflow",
  level: "warning",
  differs: { light: "off" },
  gain: "time",
  imports: ["tensorflow"],
  words: ["function"],
  fixes: "review",

  examples: [
    {
      before: `
import tensorflow as tf

@tf.function
def weighted(loss: tf.Tensor, step: tf.Tensor) -> tf.Tensor:
    return loss * tf.cast(step, tf.float32)

def total(losses: list[float]) -> float:
    result = 0.0
    for step, loss in enumerate(losses, start=1):
        result += float(weighted(tf.constant(loss), step))
    return result
`,
      after: `
import tensorflow as tf

@tf.function
def weighted(loss: tf.Tensor, step: tf.Tensor) -> tf.Tensor:
    return loss * tf.cast(step, tf.float32)

def total(losses: list[float]) -> float:
    result = 0.0
    for step, loss in enumerate(losses, start=1):
        result += float(weighted(tf.constant(loss), tf.constant(step)))
    return result
`,
    },
  ],

  on: ["call", "function_definition"],

  find(node, { facts }): Retracing | undefined {
    if (facts.isTest) return undefined;
    const def = asFunction(node);
    if (def) return madeByDecorator(def, facts);
    const call = asCall(node);
    if (!call) return undefined;
    return isTracer(node, facts) ? madeByCall(call, facts) : givenAnew(call, facts);
  },

  message({ kind, at, name }) {
    const short = excerpt(name, 40);
    const given = excerpt(at.tree.text.slice(at.start, at.end), 40);
    switch (kind) {
      case "number":
        return `\`${given}\` is a Python number: TensorFlow traces \`${short}\` anew for each of its values; a tensor is traced once.`;
      case "shape":
        return `\`${given}\` has another shape each time, and TensorFlow traces \`${short}\` for each; reduce_retracing=True helps.`;
      case "made":
        return `\`${short}\` is a new tf.function each time and is traced each time; made once, it keeps its traces.`;
    }
  },

  fix(match, file) {
    if (match.kind === "made") return declined("where it can be made once depends on what it uses");
    return match.kind === "number" ? asTensor(match, file) : relaxed(match);
  },
});

interface Retracing extends Match {
  readonly kind: "number" | "shape" | "made";
  readonly at: Node;
  /** What the traced function is called. */
  readonly name: string;
  /** The argument, where one is the reason. */
  readonly given?: { readonly traced: Traced; readonly parameter: Parameter | undefined };
}

/** So few traces do not matter. */
const FEW = 5;

/** A call whose argument is something new for TensorFlow each time. */
function givenAnew(call: Call, facts: Facts): Retracing | undefined {
  if (call.args.length + call.keywords.size === 0 || call.hasSplat) return undefined;
  const traced = tracedCallee(call, facts);
  // With a signature, numbers become tensors. In a graph the call is a part of that.
  if (!traced || asCall(traced.tracer)?.keywords.has("input_signature") || tracedAround(call.node, facts))
    return undefined;
  const { parameters } = traced.def;
  const own = traced.isMethod ? parameters.slice(1) : parameters;
  const given = [
    ...call.args.map((value, index) => ({ value, parameter: own[index] })),
    ...[...call.keywords].map(([name, value]) => ({ value, parameter: own.find((it) => it.name === name) })),
  ];
  for (const { value, parameter } of given) {
    const number = numberOfTurn(value, facts);
    const loop = number ?? (isRelaxed(traced) ? undefined : shapeOfTurn(value, facts));
    if (!loop) continue;
    const weight = weightOf(loop, call.node, facts);
    const kind = number ? "number" : "shape";
    return { kind, at: value, name: call.callee.text, weight, given: { traced, parameter } };
  }
  return undefined;
}

function isRelaxed({ tracer }: Traced): boolean {
  const keywords = asCall(tracer)?.keywords;
  return (keywords?.has("reduce_retracing") || keywords?.has("experimental_relax_shapes")) ?? false;
}

function weightOf(loop: Node, node: Node, facts: Facts): Weight {
  const turns = knownTurns(loop, facts);
  if (turns !== undefined) return turns < FEW ? "light" : "heavy";
  return facts.weightOf(node) === "heavy" ? "heavy" : "unknown";
}

/** How far a value is followed back. */
const STEPS = 3;

/** The loop in each turn of which an expression is another Python number. */
function numberOfTurn(value: Node, facts: Facts, depth = 0): Node | undefined {
  const node = unwrap(value);
  if (depth > STEPS) return undefined;
  if (node.kind === "identifier") return numberNamed(node, facts, depth);
  const binary = asBinary(node);
  if (binary && node.kind === "binary_operator") {
    const sides = [binary.left, binary.right];
    const loop = sides.map((it) => numberOfTurn(it, facts, depth + 1)).find((it) => it !== undefined);
    return loop && sides.every((it) => isPythonNumber(it, facts, depth + 1)) ? loop : undefined;
  }
  const call = asCall(node);
  const name = call && facts.nameOf(call.callee);
  if (!call || name === undefined) return undefined;
  if (DRAWS.has(name)) return facts.loopAround(node);
  return CONVERTS.has(name) && call.args[0] ? changesInLoop(call.args[0], facts) : undefined;
}

const DRAWS = new Set([
  "random.random",
  "random.uniform",
  "random.randint",
  "random.randrange",
  "random.gauss",
  "time.time",
  "time.perf_counter",
]);
/** They give a number of Python, whatever they are given. */
const CONVERTS = new Set(["builtins.int", "builtins.float", "builtins.len"]);

/** A value of which the loop around makes another one in each turn. */
function changesInLoop(value: Node, facts: Facts): Node | undefined {
  const loop = facts.loopAround(value);
  const names = value.kind === "identifier" ? [value] : value.descendants("identifier");
  const isBoundThere = names.some(
    (it) => it.fieldName !== "attribute" && facts.reachingSites(it).some((site) => isOfLoop(site, loop)),
  );
  return isBoundThere ? loop : undefined;
}

const isOfLoop = ({ name, owner }: Site, loop: Node | undefined) =>
  loop !== undefined && (name.isInside(loop) || owner === loop);

function isPythonNumber(value: Node, facts: Facts, depth: number): boolean {
  const node = unwrap(value);
  if (isConstant(node)) return true;
  const type = facts.typeOf(node)?.name;
  return type === "int" || type === "float" || numberOfTurn(node, facts, depth) !== undefined;
}

function numberNamed(name: Node, facts: Facts, depth: number): Node | undefined {
  const sites = facts.reachingSites(name);
  const [site, more] = sites;
  if (!site) return undefined;
  if (site.kind === "parameter") return more ? undefined : numberPassedOn(name, site, facts, depth);
  const counted = sites.find((it) => it.kind === "augment");
  if (counted) {
    const loop = facts.loopsAround(name).find((it) => counted.name.isInside(it));
    const isCounter = sites.every(
      (it) => (it.kind === "augment" || it.kind === "assign") && it.path.length === 0 && isNumber(it.value),
    );
    return isCounter ? loop : undefined;
  }
  if (more) return undefined;
  if (site.kind === "for") {
    const loop = site.owner.kind === "for_in_clause" ? site.owner.parent : site.owner;
    return loop && countsTurns(site, facts) && name.isInside(loop) ? loop : undefined;
  }
  const isPlain = site.kind === "assign" && site.path.length === 0 && site.value !== undefined;
  return isPlain ? numberOfTurn(site.value, facts, depth + 1) : undefined;
}

const isNumber = (value: Node | undefined): boolean =>
  value !== undefined && /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(unwrap(value).text);

/** `for i in range(…)`, `for i, x in enumerate(…)`. */
function countsTurns({ value, path }: Site, facts: Facts): boolean {
  const call = asCall(value && unwrap(value));
  const name = call && facts.nameOf(call.callee);
  return (name === "builtins.range" && path.length === 0) || (name === "builtins.enumerate" && path.join() === "0");
}

/** A parameter of the function around: what a caller in this file gives it in each turn of a loop. */
function numberPassedOn(name: Node, site: Site, facts: Facts, depth: number): Node | undefined {
  const around = asFunction(functionAround(name));
  const position = around?.parameters.findIndex((it) => it.nameNode === site.name) ?? -1;
  if (!around || position < 0 || depth > 0 || around.outer.parent?.kind === "block") return undefined;
  for (const use of facts.usesOf(around.nameNode)) {
    const call = use.kind === "call" ? asCall(use.call ?? use.in) : undefined;
    const value = call && !call.hasSplat ? argumentOf(call, site.name.text, position) : undefined;
    const loop = value && numberOfTurn(value, facts, depth + 1);
    if (loop) return loop;
  }
  return undefined;
}

/** The loop in each turn of which an array has another length: `tokens[:, :i]`, or what is joined with more in each turn. */
function shapeOfTurn(value: Node, facts: Facts): Node | undefined {
  const node = unwrap(value);
  const part = asSubscript(node);
  if (part) {
    const cut = part.indices.find((it) => it.kind === "slice" && it.children.length === 1);
    return cut && numberOfTurn(cut.children[0]!, facts);
  }
  if (node.kind !== "identifier") return undefined;
  for (const { kind, value: given, name, path } of facts.reachingSites(node)) {
    const joined = kind === "assign" && path.length === 0 ? asCall(given && unwrap(given)) : undefined;
    const [parts] = joined && JOINS.has(facts.nameOf(joined.callee) ?? "") ? joined.args : [];
    const grows =
      parts && (unwrap(parts).text === node.text || itemsOf(unwrap(parts)).some((it) => it.text === node.text));
    const loop = grows ? facts.loopsAround(node).find((it) => name.isInside(it)) : undefined;
    if (loop) return loop;
  }
  return undefined;
}

const JOINS = new Set(["tensorflow.concat", "numpy.concatenate", "numpy.append", "numpy.vstack", "numpy.hstack"]);

/** `@tf.function` on a function that is made in a loop, or in a function that runs in one, and is only called there. */
function madeByDecorator(def: FunctionDef, facts: Facts): Retracing | undefined {
  const tracer = def.decorators.find((it) => isTracer(it, facts));
  return tracer && made(def.nameNode, def.outer, def.nameNode, facts);
}

function madeByCall(call: Call, facts: Facts): Retracing | undefined {
  const { node, args } = call;
  const [given] = args;
  if (!given || node.parent?.kind === "decorator") return undefined;
  // `tf.function(f)(x)`
  if (asCall(node.parent)?.callee === node) {
    const outer = functionAround(node);
    const loop = facts.loopAround(node);
    if (tracedAround(node, facts) || (!loop && !outer) || (loop && isOwnOfTurn(given, loop, facts))) return undefined;
    const weight = loop ? weightOf(loop, node, facts) : facts.weightOf(node);
    return { kind: "made", at: call.callee, name: node.text, weight };
  }
  const statement = statementOf(node);
  const assignment = asAssignment(statement);
  const [target, more] = assignment?.targets ?? [];
  const isPlain = assignment?.value && unwrap(assignment.value) === node && target?.kind === "identifier" && !more;
  return isPlain ? made(call.callee, statement, target, facts) : undefined;
}

function made(at: Node, statement: Node, name: Node, facts: Facts): Retracing | undefined {
  const outer = functionAround(statement);
  const loop = facts.loopAround(statement) ?? loopOfCaller(outer, facts);
  if (!loop || tracedAround(statement, facts)) return undefined;
  const region = statement.isInside(loop) ? loop : outer!;
  const weight = weightOf(loop, statement, facts);
  // What is returned or kept may be made once and called often; what uses something of the turn has to be made anew.
  const uses = facts.usesOf(name);
  const isOnlyCalled = uses.length > 0 && uses.every((it) => it.kind === "call" && it.node.isInside(region));
  if (!isOnlyCalled || isOwnOfTurn(statement, region, facts)) return undefined;
  return { kind: "made", at, name: name.text, weight };
}

/** The loop in which the file calls a function. */
function loopOfCaller(outer: Node | undefined, facts: Facts): Node | undefined {
  const def = asFunction(outer);
  const calls = def ? facts.usesOf(def.nameNode).filter((it) => it.kind === "call") : [];
  return calls.map((it) => facts.loopAround(it.node)).find((it) => it !== undefined);
}

/** It uses something that is bound in the turn, or in the call of the function around, and needs traces of its own. */
function isOwnOfTurn(value: Node, region: Node, facts: Facts): boolean {
  const names = value.kind === "identifier" ? [value] : value.descendants("identifier");
  const isBuilt = (it: Node) => {
    if (it.fieldName === "attribute" || it.fieldName === "name") return false;
    const binding = facts.bindingOf(it);
    return binding?.sites.some(({ name }) => name.isInside(region) && !name.isInside(value)) ?? false;
  };
  return names.some(isBuilt);
}

/** `step` becomes `tf.constant(step)`. */
function asTensor({ at, given }: Retracing, file: File): Fix | ReturnType<typeof declined> {
  const { traced, parameter } = given!;
  if (!parameter || parameter.star !== "") return declined("it is not in sight what the function does with it");
  const other = file.facts.readsOf(parameter.nameNode).find((it) => !worksWithTensor(it, file.facts));
  if (other)
    return declined(`\`${traced.def.name}\` may need \`${excerpt(parameter.name, 30)}\` as a number of Python`);
  const tensorflow = importModule(file, "tensorflow", at, "tf");
  if (!tensorflow) return declined("the name of TensorFlow means something else here");
  return fixOf(
    "Pass a tensor",
    [
      `\`${excerpt(parameter.name, 30)}\` is then a tensor in \`${excerpt(traced.def.name, 30)}\``,
      "last digits may differ where the graph had the number built in",
    ],
    [...tensorflow.edits, replace(at, `${tensorflow.name}.constant(${at.text})`)],
  );
}

/** What takes a tensor as well as a number, and gives the same for both. */
const EITHER =
  /^tensorflow\.(cast|print|gather|gather_nd|one_hot|constant|convert_to_tensor|(math\.)?(equal|not_equal|greater|greater_equal|less|less_equal)|summary\.\w+)$/;

function worksWithTensor(read: Node, facts: Facts): boolean {
  const use = useOf(read);
  if (use.kind === "compared") return true;
  const call = use.kind === "argument" ? asCall(use.call) : undefined;
  return call !== undefined && EITHER.test(facts.nameOf(call.callee) ?? "");
}

/** `@tf.function` becomes `@tf.function(reduce_retracing=True)`. */
function relaxed({ given }: Retracing): Fix | ReturnType<typeof declined> {
  const { tracer, def } = given!.traced;
  const call = asCall(tracer);
  const edit = call ? withArgument(call, "reduce_retracing=True") : insertAfter(tracer, "(reduce_retracing=True)");
  return edit
    ? fixOf("Relax the shapes", [`\`${excerpt(def.name, 30)}\` is then traced without knowing the shape`], [edit])
    : declined("the arguments cannot be added to");
}
