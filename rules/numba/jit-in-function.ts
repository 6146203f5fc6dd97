/** A function that Numba compiles inside another function, and so again at each call of it. */

import {
  asAssignment,
  asCall,
  asFunction,
  declined,
  defineRule,
  definitionAbove,
  fixOf,
  functionAround,
  isThereAbove,
  linesOf,
  numbaDecorator,
  reindented,
  remove,
  statementOf,
  topStatement,
  unwrap,
  type Facts,
  type FunctionDef,
  type Node,
  type Span,
  type Use,
} from "../../analysis/authoring.js";

const COMPILERS = /^numba\.(n?jit|vectorize|guvectorize|stencil|cuda\.jit)$/;
/** Decorators that run the function around once, or once for each of its arguments. */
const REMEMBERS = /(^|\.)(cache|cached|lru_cache|cached_property|memoize|cache_resource|cache_data)$/;

export default defineRule({
  title: "Function compiled by Numba inside another function",
  why: "Each call of the outer function makes a new compiled function, and its first call compiles again: a tenth of a second to several seconds each time. A function of the module is compiled once for all calls.",
  guide: "jit-numba",
  level: "warning",
  gain: "time",
  imports: ["numba"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np
from numba import njit

def energy(signal: np.ndarray) -> float:
    @njit
    def total(values):
        result = 0.0
        for value in values:
            result += value * value
        return result

    return total(signal)
`,
      after: `
import numpy as np
from numba import njit

@njit
def total(values):
    result = 0.0
    for value in values:
        result += value * value
    return result

def energy(signal: np.ndarray) -> float:
    return total(signal)
`,
    },
  ],

  on: ["function_definition", "call"],
  calls: ["numba.*"],

  find(node, { facts }) {
    const def = asFunction(node);
    const made = def ? madeByDecorator(def, facts) : madeByCall(node, facts);
    const outer = made && functionAround(made.statement);
    if (!made || !outer || facts.isTest || isRemembered(outer, facts) || !isOnlyCalled(made, outer, facts))
      return undefined;
    const isInLoop = facts.loopAround(made.statement) !== undefined;
    return { ...made, weight: isInLoop ? "heavy" : facts.weightOf(made.statement), outer, isInLoop };
  },

  message: ({ name, outer, isInLoop }) => {
    const around = asFunction(outer)?.name;
    return isInLoop
      ? `\`${name}\` is compiled anew in every iteration; compiled once outside the loop, it is ready for all of them.`
      : `\`${name}\` is compiled anew at every call of \`${around ?? "the function around it"}\`; as a function of the module it is compiled once.`;
  },

  fix({ def, name, statement, outer }, { facts }) {
    if (!def) return declined("it is compiled by a call, not by a decorator");
    const lines = linesOf(statement);
    if (!lines) return declined("another statement stands on its line");
    const free = nameFrom(outer, def, facts);
    if (free !== undefined) return declined(`it reads \`${free}\`, a variable of the function around it`);
    if (facts.view.sitesOf(name).length > 0) return declined(`the module has a \`${name}\` already`);
    const top = topStatement(statement, facts);
    if (top.tree !== statement.tree) return declined("it stands in a method of a long class");
    const isHome =
      top.kind === "function_definition" || top.kind === "class_definition" || top.kind === "decorated_definition";
    const isReady = def.decorators.flatMap(partsOf).every((it) => isThereAbove(it, top, facts));
    if (!isHome || !isReady) return declined("what it is compiled with is not there above");
    return fixOf(
      "Move it to the module",
      [`\`${name}\` becomes a name of the module, made when it is imported`],
      [definitionAbove(top, reindented(statement, ""), facts), remove(withEmptyLines(lines))],
    );
  },
});

interface Made {
  readonly at: Node;
  /** What the compiled function is called. */
  readonly name: string;
  readonly nameNode: Node;
  readonly statement: Node;
  /** Where it is written with a decorator. */
  readonly def?: FunctionDef;
}

/** `@njit` or `@njit(cache=True)` above a function. */
function madeByDecorator(def: FunctionDef, facts: Facts): Made | undefined {
  const decorator = numbaDecorator(def, facts);
  if (!decorator || !COMPILERS.test(`numba.${decorator.name}`)) return undefined;
  return { at: def.nameNode, name: def.name, nameNode: def.nameNode, statement: def.outer, def };
}

/** What a decorator is, whether or not it is called with options. */
function decoratorName(decorator: Node, facts: Facts): string {
  const callee = asCall(decorator)?.callee ?? decorator;
  return facts.nameOf(callee) ?? callee.text;
}

/** `fast = njit(slow)` and `fast = njit(cache=True)(slow)`. */
function madeByCall(node: Node, facts: Facts): Made | undefined {
  const call = asCall(node);
  if (!call || node.parent?.kind === "decorator" || !COMPILERS.test(facts.nameOf(call.callee) ?? "")) return undefined;
  const configured = asCall(node.parent);
  const whole = configured?.callee === node ? configured.node : node;
  const statement = statementOf(whole);
  const assignment = asAssignment(statement);
  const [target, more] = assignment?.targets ?? [];
  if (!assignment?.value || unwrap(assignment.value) !== whole || target?.kind !== "identifier" || more)
    return undefined;
  return { at: call.callee, name: target.text, nameNode: target, statement };
}

/** A function around it runs once, or once for each of its arguments. */
function isRemembered(outer: Node, facts: Facts): boolean {
  for (let around: Node | undefined = outer; around; around = functionAround(around))
    if (asFunction(around)?.decorators.some((it) => REMEMBERS.test(decoratorName(it, facts)))) return true;
  return false;
}

/** It is called where it was made and goes nowhere else: what is returned or kept may be made once and called often. */
function isOnlyCalled({ nameNode, statement }: Made, outer: Node, facts: Facts): boolean {
  const uses = facts.usesOf(nameNode);
  const isOwn = facts.writesOf(nameNode).every((it) => it.name === nameNode);
  // Another compiled function that is made here and calls it takes it along; where that goes is asked of that one.
  return (
    isOwn &&
    uses.some((it) => isCalled(it) && functionAround(it.node) === outer) &&
    uses.every((it) => isCalled(it) || it.node.isInside(statement))
  );
}

/** `kernel(x)`, and `kernel[blocks, threads](x)` for CUDA. */
function isCalled({ kind, in: whole }: Use): boolean {
  return kind === "call" || (kind === "subscript" && asCall(whole.parent)?.callee === whole);
}

/** A name other than its own that it reads from the function around it; undefined if there is none. */
function nameFrom(outer: Node, { outer: statement, nameNode }: FunctionDef, facts: Facts): string | undefined {
  const isFree = (it: Node) => {
    const scope = facts.bindingOf(it)?.scope.node;
    return scope?.isInside(outer) === true && !scope.isInside(statement) && it.text !== nameNode.text;
  };
  return statement.descendants("identifier").find(isFree)?.text;
}

/** What is evaluated for a decorator: `nb.njit(parallel=FAST)` asks for `nb.njit` and `FAST`. */
function partsOf(decorator: Node): readonly Node[] {
  const call = asCall(decorator);
  return call ? [call.callee, ...call.args, ...call.keywords.values()] : [decorator];
}

/** The lines, with the empty ones below that parted them from what follows. */
function withEmptyLines(lines: Span): Span {
  const [empty = ""] = /^(?:[ \t\f]*\r?\n)*/.exec(lines.tree.text.slice(lines.end)) ?? [];
  return { ...lines, end: lines.end + empty.length };
}
