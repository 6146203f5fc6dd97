/** `generator.next()`, which Python 3 does not have. */

import {
  asCall,
  asMethodCall,
  asTry,
  defineRule,
  excerpt,
  fixOf,
  declined,
  functionAround,
  hasComments,
  replace,
  textIn,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Method next() of an iterator",
  why: "Iterators of Python 3 have no method next(): the call fails with AttributeError. The built-in function next(iterator) asks for the next item, and takes a default for the end.",
  guide: "generators",
  level: "warning",
  gain: "safety",
  fixes: "review",

  examples: [
    {
      before: `
def first_word(text: str) -> str:
    words = iter(text.split())
    return words.next()
`,
      after: `
def first_word(text: str) -> str:
    words = iter(text.split())
    return next(words)
`,
    },
  ],

  on: ["call"],
  methods: ["next"],

  find(node, { facts }, call) {
    const method = asMethodCall(node, "next");
    if (!method || call.args.length + call.keywords.size > 0 || call.hasSplat) return undefined;
    const value = facts.valueOf(method.object) ?? method.object;
    if (!isIterator(value, facts) || isTried(node)) return undefined;
    return { at: method.methodNode, object: method.object, node };
  },

  message: ({ object }) =>
    `\`${excerpt(object.text, 40)}\` is an iterator, which has no method \`next\` in Python 3: \`next(${excerpt(object.text, 40)})\` gives the next item.`,

  fix({ node, object }, { facts }) {
    if (hasComments(node)) return declined("there is a comment inside the call");
    if (!facts.isBuiltin("next", node)) return declined("the name `next` means something else here");
    return fixOf("Call next()", ["the program goes on where it failed"], [replace(node, `next(${textIn(object, 0)})`)]);
  },
});

const MAKES =
  /^builtins\.(?:iter|map|filter|zip|enumerate|reversed)$|^itertools\.|^csv\.(?:reader|DictReader)$|^re\.finditer$/;

function isIterator(value: Node, facts: Facts): boolean {
  if (value.kind === "generator_expression") return true;
  const call = asCall(value);
  if (!call) return false;
  const name = facts.nameOf(call.callee);
  if (name !== undefined) return MAKES.test(name);
  const def = call.callee.kind === "identifier" ? facts.functionNamed(call.callee) : undefined;
  if (!def || def.isAsync || def.decorators.length > 0) return false;
  return facts
    .bodyOf(def)
    .descendants("yield")
    .some((it) => functionAround(it) === def.node);
}

/** Written for Python 2 as well. */
function isTried(node: Node): boolean {
  const attempt = asTry(node.ancestor("try_statement"));
  return attempt?.handlers.some(({ type }) => !type || /AttributeError|^Exception$/.test(type.text)) ?? false;
}
