/** A decorator whose wrapper does not take over the name, docstring and signature of the function it wraps. */

import {
  asAttribute,
  asCall,
  asClass,
  asFunction,
  declined,
  defineRule,
  functionAround,
  importModule,
  importName,
  lineAbove,
  textValue,
  unwrap,
  useOf,
  type Call,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Node,
  type Use,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Decorator without functools.wraps",
  why: "The wrapper replaces the function but keeps its own name, docstring and signature, so tracebacks, logs, documentation, pickling and everything that inspects the function see the wrapper.",
  guide: "decorators",
  level: "info",
  gain: "safety",
  fixes: "review",

  examples: [
    {
      before: `
import functools
import logging

log = logging.getLogger(__name__)

def traced(func):
    def wrapper(*args, **kwargs):
        log.debug("enter %s", func.__name__)
        return func(*args, **kwargs)

    return wrapper
`,
      after: `
import functools
import logging

log = logging.getLogger(__name__)

def traced(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        log.debug("enter %s", func.__name__)
        return func(*args, **kwargs)

    return wrapper
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }) {
    const inner = asFunction(node);
    const outer = inner && asFunction(functionAround(node));
    // In the one branch or the other it is returned as well, but each turn of a loop makes another one.
    if (!inner || !outer || inner.decorators.length > 0 || facts.loopAround(node) || !isPassedOut(inner, facts))
      return undefined;
    const calls = inner.body
      .descendants("call")
      .flatMap((it) => (functionAround(it) === node ? (asCall(it) ?? []) : []))
      .filter((it) => isOfParameter(it, inner, outer, facts));
    const exact = calls.find((it) => forwards(it, inner, outer));
    const [call] = exact ? [exact] : calls;
    const evidence = call && decoratorEvidence(outer, inner, facts);
    // A wrapper with arguments of its own has another signature on purpose; its name and docstring are lost all the same.
    const isSame = exact !== undefined && !changesArguments(inner, facts);
    if (!evidence || (!exact && evidence !== "proof")) return undefined;
    const weight = facts.isTest || wrapsMethods(outer!, facts) ? "light" : isSame ? "heavy" : "unknown";
    return { at: inner.nameNode, evidence, weight, inner, wrapped: wrappedIn(call, outer!).text, isSame };
  },

  message: ({ inner, wrapped, isSame }) =>
    `\`${inner.name}\` hides the ${isSame ? "name, docstring and signature" : "name and docstring"} of \`${wrapped}\`; functools.wraps(${wrapped}) keeps them.`,

  fix({ inner, wrapped }, file) {
    const present = importName(file, "functools", "wraps", inner.node);
    const wraps = present?.isThere ? present : importModule(file, "functools", inner.node);
    if (!wraps) return declined("the name `functools` means something else here");
    const name = wraps === present ? wraps.name : `${wraps.name}.wraps`;
    return {
      title: `Add @${name}(${wrapped})`,
      doubts: ["code that inspects the function sees the name, signature and attributes of the wrapped one"],
      edits: [...wraps.edits, lineAbove(inner.node, `@${name}(${wrapped})`)],
    };
  },
});

/** A method that is only called, with methods of objects: `answer.read = self.limited(answer.read)`. Nobody looks at the name of what it gives. */
function wrapsMethods(outer: FunctionDef, { view }: Facts): boolean {
  const reads = view.classOf(outer.outer) ? view.attributesOf(outer.name) : [];
  return (
    reads.length > 0 &&
    reads.every((it) => asCall(it.parent)?.callee === it && asCall(it.parent)!.args.every(asAttribute))
  );
}

/** The wrapper is what the outer function returns, and nobody has given it a name or signature by other means. */
function isPassedOut(inner: FunctionDef, facts: Facts): boolean {
  if (facts.writesOf(inner.nameNode).length !== 1) return false;
  const uses = facts.usesOf(inner.nameNode);
  const isReturned = (use: Use): boolean => use.kind === "returned" || isCastAndReturned(use, facts);
  return (
    uses.some(isReturned) &&
    // A wrapper that tries again may call itself.
    uses.every(
      (it) =>
        isReturned(it) ||
        isOwnAttribute(it) ||
        isSetByName(it, facts) ||
        (it.kind === "call" && it.in.isInside(inner.body)),
    )
  );
}

/** `return cast(F, wrapper)`. */
function isCastAndReturned(use: Use, facts: Facts): boolean {
  const call = use.kind === "argument" ? asCall(use.call) : undefined;
  return call !== undefined && facts.nameOf(call.callee) === "typing.cast" && useOf(call.node).kind === "returned";
}

/** `wrapper.calls = 0`, but not `wrapper.__name__ = …`. */
function isOwnAttribute(use: Use): boolean {
  const name = asAttribute(use.in)?.name ?? use.name;
  return (use.kind === "attribute-store" || use.kind === "attribute") && name !== undefined && !name.startsWith("__");
}

/** `setattr(wrapper, "calls", 0)`. */
function isSetByName({ kind, node, call }: Use, facts: Facts): boolean {
  const set = kind === "argument" ? asCall(call) : undefined;
  const name = set?.args[0] === node ? textValue(set.args[1]) : undefined;
  return name !== undefined && !name.startsWith("__") && facts.nameOf(set!.callee) === "builtins.setattr";
}

/** A call of the outer function's parameter, or of what another maker gives for it: `run_on(index)(func)(*args)`. */
function isOfParameter(call: Call, inner: FunctionDef, outer: FunctionDef, facts: Facts): boolean {
  const callee = wrappedIn(call, outer);
  // What takes the function beside other values may do anything with it.
  if (callee.parent === call.argumentList && !forwards(call, inner, outer)) return false;
  const parameter = outer.parameters.find((it) => it.name === callee.text && it.star === "");
  if (callee.kind !== "identifier" || !parameter || isClass(parameter.name, parameter.annotation?.text)) return false;
  const sites = facts.writesOf(callee);
  // A decorator that may be used with and without options may bind its own parameter anew.
  return sites.length === 1 ? sites[0]!.name === parameter.nameNode : callee !== call.callee && saysDecorator(outer);
}

/** The name of what is wrapped: what is called, or the function that is handed to what gives what is called, or to what calls it: `to_thread(func, *args, **kwargs)`. */
function wrappedIn({ callee, args }: Call, outer: FunctionDef): Node {
  const [first] = asCall(callee)?.args ?? args;
  const isGiven = (it: Node | undefined): boolean =>
    it?.kind === "identifier" && outer.parameters.some((own) => own.name === it.text && own.star === "");
  return first && isGiven(first) && !isGiven(callee) ? first : callee;
}

/** The outer function is said to be a decorator. */
function saysDecorator({ body }: FunctionDef): boolean {
  const text = body.firstChild?.children[0];
  return text?.kind === "string" && /\bdecorator\b/i.test(text.text.slice(0, FIRST_WORDS));
}

const FIRST_WORDS = 200;

/** With all that the wrapper was called with, and nothing else. */
function forwards(call: Call, inner: FunctionDef, outer: FunctionDef): boolean {
  const wrapped = wrappedIn(call, outer);
  const passed = call.argumentList.children.filter((it) => it !== wrapped).map((it) => it.text.replaceAll(/\s/g, ""));
  const wanted = inner.parameters.map((it) =>
    it.isKeywordOnly && it.star === "" ? `${it.name}=${it.name}` : it.star + it.name,
  );
  return wanted.length > 0 && passed.join() === wanted.join();
}

/** `wraps` would copy a class's whole namespace to the wrapper. */
function isClass(name: string, annotation = ""): boolean {
  return (
    /^(cls|klass|class_|.*_class|.*_cls|[a-z]*Class|[A-Z]\w*)$/.test(name) || /^(typing\.)?[tT]ype\b/.test(annotation)
  );
}

/** Makers of callbacks and sort keys look alike. A decorator takes whatever comes, or is put on a function with `@`; nobody looks up the names of functions inside a function. */
function decoratorEvidence(outer: FunctionDef, inner: FunctionDef, facts: Facts): Evidence | undefined {
  const uses = facts.readsOf(outer.nameNode);
  if (functionAround(outer.node) && !uses.some((it) => useOf(it).kind === "returned")) return undefined;
  const isAt = (read: Node) => {
    const top = asCall(read.parent)?.callee === read ? read.parent! : read;
    return top.parent?.kind === "decorator";
  };
  if (uses.some(isAt)) return uses.some((it) => isAt(it) && isOnClass(it)) ? undefined : "proof";
  const isHandedOn = (read: Node) =>
    useOf(read).kind === "returned" ||
    (useOf(read).kind === "call" &&
      useOf(read.parent!).kind === "returned" &&
      functionAround(read) === functionAround(outer.node));
  if (saysDecorator(outer) && inner.parameters.some((it) => it.star === "*")) return "strong";
  if (facts.classOf(outer.node) && outer.name !== "__call__") return undefined;
  const own = facts.classOf(outer.node) ? outer.parameters.slice(1) : outer.parameters;
  const needed = own.filter((it) => it.star === "" && !it.defaultValue);
  if (needed.length > 1 || !uses.every(isHandedOn)) return undefined;
  if (inner.parameters.some((it) => it.star === "*")) return "strong";
  // A maker of decorators. What stands alone may join two functions as well.
  const isMade = functionAround(outer.node) !== undefined;
  return isMade && own.some((it) => FUNCTION_NAME.test(it.name)) && WRAPPER_NAME.test(inner.name) ? "fair" : undefined;
}

/** The one is called what a decorator's parameter is called, and the other what it gives back. */
const FUNCTION_NAME = /^(f|fn|func|function|method|test_?(func|function|method|case)|wrapped|decorated)$/;
const WRAPPER_NAME = /^_*(?:wrap|wrapper|wrapped(?:_\w+)?|decorated|new_?func(?:tion)?)$|\w_wrapper$/i;

/** `@singleton` above a class: `wraps` would copy the whole namespace of the class. */
function isOnClass(read: Node): boolean {
  return asClass(read.ancestor("decorated_definition")?.field("definition")) !== undefined;
}

/** A wrapper that takes arguments out or puts some in has another signature on purpose. */
function changesArguments(inner: FunctionDef, facts: Facts): boolean {
  return inner.parameters.some((parameter) => {
    if (facts.writesOf(parameter.nameNode).length > 1) return true;
    const uses = facts.usesOf(parameter.nameNode).filter((it) => it.in.isInside(inner.body));
    return (
      parameter.star === "**" &&
      uses.some(
        (it) => it.kind.startsWith("subscript-") || (it.kind === "method" && CHANGES.has(it.name!)) || isOwnName(it),
      )
    );
  });
}

const CHANGES = new Set(["pop", "popitem", "setdefault", "update", "clear"]);

/** `options = kwargs`: what happens to it there is not looked at. */
function isOwnName(use: Use): boolean {
  return use.kind === "assigned" && unwrap(use.in.field("right") ?? use.node) === use.node;
}
