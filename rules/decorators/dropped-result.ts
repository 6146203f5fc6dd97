/** A decorator whose wrapper calls the function and forgets what it returned. */

import {
  asAssignment,
  asCall,
  asFunction,
  asIf,
  asTry,
  declined,
  defineRule,
  fixOf,
  functionAround,
  indentOf,
  insertBefore,
  lineBelow,
  nextStatement,
  replace,
  statementOf,
  statementsOf,
  useOf,
  type Declined,
  type Edit,
  type Evidence,
  type Facts,
  type Fix,
  type FunctionDef,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Dropped extends Match {
  readonly inner: FunctionDef;
  readonly statement: Node;
  /** The call, with the `await` in front of it. */
  readonly value: Node;
  /** The name that takes the result, where there is one. */
  readonly target: Node | undefined;
}

export default defineRule({
  title: "Decorator that drops the function's result",
  why: "A function without a return statement returns None, so every function with this decorator returns None, whatever it computes.",
  guide: "decorators",
  level: "warning",
  gain: "safety",
  fixes: "review",

  examples: [
    {
      before: `
import functools

def announced(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        func(*args, **kwargs)
        print("done", func.__name__)

    return wrapper
`,
      after: `
import functools

def announced(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        result = func(*args, **kwargs)
        print("done", func.__name__)
        return result

    return wrapper
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }): Dropped | undefined {
    const inner = asFunction(node);
    const outer = inner && asFunction(functionAround(node));
    if (!inner || !outer || (node.parent !== outer.body && node.parent?.parent !== outer.body)) return undefined;
    // What a test decorates itself is what it tests.
    if (GIVE_NONE.test(inner.name) || (facts.isTest && functionAround(outer.node))) return undefined;
    if (
      inner.body.descendants("return_statement", "yield").some((it) => functionAround(it) === node && !isBareReturn(it))
    )
      return undefined;
    if (
      isNone(inner.returns) ||
      /\bNone\]*["']?$/.test(outer.returns?.text ?? "") ||
      !facts.ofUses(inner.nameNode, "some are returned", (uses) => uses.some((it) => it.kind === "returned"))
    )
      return undefined;

    const calls = inner.body.descendants("call").filter((it) => isWrappedCall(it, outer, facts));
    const [call, more] = calls;
    if (!call || more || functionAround(call) !== node || facts.loopAround(call)) return undefined;
    const value = call.parent?.kind === "await" ? call.parent : call;
    const target = unreadName(value, facts);
    if (useOf(value).kind !== "discarded" && !target) return undefined;
    const evidence = resultsEvidence(inner, outer, facts);
    if (!evidence) return undefined;
    return {
      at: asCall(call)!.callee,
      evidence,
      weight: facts.isTest ? "light" : "heavy",
      inner,
      statement: statementOf(call),
      value,
      target,
    };
  },

  message: ({ inner, at }) =>
    `\`${inner.name}\` calls \`${at.tree.text.slice(at.start, at.end)}\` and returns None, so every function it wraps loses its result.`,

  fix({ inner, statement, value, target }, { facts }): Fix | Declined {
    const edits = target
      ? returnAtEnd(inner, statement, target.text)
      : isLast(statement, inner.body)
        ? [insertBefore(statement, "return ")]
        : named(inner, statement, value, facts);
    return edits
      ? fixOf("Return the result", ["callers get a value instead of None"], edits)
      : declined("the call is not the last step, and some ways through the wrapper do not reach its end");
  },
});

/** Python calls these for what they do. */
const GIVE_NONE = /^__(init|init_subclass|post_init|set_name|del|setattr|delattr|setitem|delitem|set|delete)__$/;

function isBareReturn(node: Node): boolean {
  return node.kind === "return_statement" && (node.children.length === 0 || node.children[0]!.kind === "none");
}

function isNone(annotation: Node | undefined): boolean {
  return annotation !== undefined && /^["']?(None|NoReturn|Never)\b/.test(annotation.text);
}

/** A call of the decorator's parameter, which is not said to return None. */
function isWrappedCall(node: Node, outer: FunctionDef, facts: Facts): boolean {
  const callee = asCall(node)?.callee;
  const parameter = callee?.kind === "identifier" ? outer.parameters.find((it) => it.name === callee.text) : undefined;
  if (!callee || !parameter || parameter.star !== "" || /\bNone\]*["']?$/.test(parameter.annotation?.text ?? ""))
    return false;
  const [only, more] = facts.writesOf(callee);
  return only?.name === parameter.nameNode && !more;
}

/** `result = func(…)` where nothing ever reads the result. A name with an underscore says that it is dropped on purpose. */
function unreadName(value: Node, facts: Facts): Node | undefined {
  const assignment = asAssignment(statementOf(value));
  const [target, more] = assignment?.targets ?? [];
  if (!target || more || assignment!.value !== value || target.kind !== "identifier" || target.text.startsWith("_"))
    return undefined;
  const binding = facts.bindingOf(target);
  return binding?.reads.length === 0 && binding.sites.length === 1 && !binding.sites[0]!.isRemote ? target : undefined;
}

/** A decorator for certain, and not one that the file puts on functions without results alone. */
function resultsEvidence(inner: FunctionDef, outer: FunctionDef, facts: Facts): Evidence | undefined {
  const isWraps = inner.decorators.some((it) => facts.nameOf(asCall(it)?.callee ?? it) === "functools.wraps");
  const decorated = [outer, asFunction(functionAround(outer.node))]
    .flatMap((maker) => (maker ? facts.readsOf(maker.nameNode) : []))
    .flatMap((read) => {
      const top = asCall(read.parent)?.callee === read ? read.parent! : read;
      const def = top.parent?.kind === "decorator" ? asFunction(top.parent.parent) : undefined;
      return def ? [def] : [];
    });
  if (decorated.length === 0) return isWraps ? "strong" : undefined;
  return decorated.some((it) => givesValue(it, facts)) ? "proof" : undefined;
}

function givesValue(def: FunctionDef, facts: Facts): boolean {
  if (def.returns) return !isNone(def.returns);
  return facts
    .bodyOf(def)
    .descendants("return_statement", "yield")
    .some((it) => functionAround(it) === def.node && !isBareReturn(it));
}

/** Nothing runs after the statement before the function ends: then it can return on the spot. */
function isLast(statement: Node, body: Node): boolean {
  if (nextStatement(statement)) return false;
  const block = statement.parent;
  if (block === body) return true;
  const around = block?.parent;
  if (!block || !around) return false;
  if (around.kind === "with_statement" || asIf(around)) return isLast(around, body);
  if (around.kind === "elif_clause" || (around.kind === "else_clause" && around.parent?.kind === "if_statement"))
    return isLast(around.parent!, body);
  const attempt = asTry(around);
  return attempt?.body === block && !attempt.orElse && isLast(around, body);
}

/** The call's value gets a name where it stands and is returned at the end. */
function named(inner: FunctionDef, statement: Node, value: Node, facts: Facts): readonly Edit[] | undefined {
  const name = facts.freshName("result", statement);
  const end = returnAtEnd(inner, statement, name);
  return end && [replace(value, `${name} = ${value.text}`), ...end];
}

function returnAtEnd(inner: FunctionDef, statement: Node, name: string): readonly Edit[] | undefined {
  const last = statementsOf(inner.body).at(-1);
  if (
    !last ||
    statement.parent !== inner.body ||
    indentOf(last) === indentOf(inner.node) ||
    last.kind === "raise_statement"
  )
    return undefined;
  if (inner.body.descendants("return_statement").some((it) => functionAround(it) === inner.node)) return undefined;
  return [lineBelow(last, `return ${name}`)];
}
