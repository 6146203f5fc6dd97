/** A wrapper that takes `*args` alone: what it wraps can no longer be called by keyword. */

import {
  asCall,
  asFunction,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  insertAfter,
  useOf,
  wrapperOf,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Wrapper that takes no keywords",
  why: "Whatever stands above a function should not change how it is called. Behind a wrapper that takes *args alone every call with a keyword raises TypeError, also calls that worked before.",
  guide: "decorators",
  level: "info",
  gain: "safety",
  fixes: "review",

  examples: [
    {
      before: `
import functools

def shown(func):
    @functools.wraps(func)
    def wrapper(*args):
        print(func.__name__)
        return func(*args)

    return wrapper
`,
      after: `
import functools

def shown(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        print(func.__name__)
        return func(*args, **kwargs)

    return wrapper
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }) {
    if (!/^\(\s*\*\w/.test(node.field("parameters")?.text.slice(0, 40) ?? "")) return undefined;
    const inner = asFunction(node);
    const [only, more] = inner?.parameters ?? [];
    if (!inner || !only || more || only.star !== "*" || facts.isTest) return undefined;
    const outer = asFunction(functionAround(node));
    const wrapper = outer && wrapperOf(outer, facts);
    if (!wrapper || wrapper.inner.node !== node) return undefined;
    const calls = wrapper.calls.filter((it) => it.argumentList.text.replaceAll(/\s/g, "") === `(*${only.name})`);
    if (calls.length !== wrapper.calls.length) return undefined;
    const decorated = functionsUnder(outer, facts);
    const isDecorator = decorated.length > 0 || inner.decorators.some((it) => /\bwraps\b/.test(it.text));
    if (!isDecorator) return undefined;
    // What takes no arguments by name loses nothing.
    if (
      decorated.length > 0 &&
      decorated.every(
        (it) => it.parameters.filter((one) => one.star === "" && !/^(?:self|cls)$/.test(one.name)).length === 0,
      )
    )
      return undefined;
    const broken = decorated.find((it) => isCalledByKeyword(it, facts));
    return {
      at: only.node,
      evidence: "proof" as const,
      weight: broken ? ("heavy" as const) : ("unknown" as const),
      inner,
      only,
      calls,
      wrapped: calls[0]!.callee.text,
      broken,
    };
  },

  message: ({ inner, wrapped, broken, only }) =>
    broken
      ? `\`${excerpt(inner.name, 40)}\` takes \`*${excerpt(only.name, 20)}\` alone, and \`${excerpt(broken.name, 40)}()\` is called by keyword: that raises TypeError.`
      : `\`${excerpt(inner.name, 40)}\` takes \`*${excerpt(only.name, 20)}\` alone: what it wraps as \`${excerpt(wrapped, 40)}\` can no longer be called by keyword.`,

  fix({ inner, only, calls }, { facts }) {
    const { body } = inner;
    const others = facts.readsOf(only.nameNode).filter((it) => it.isInside(body) && it.parent?.kind !== "list_splat");
    if (others.length > 0)
      return declined(
        `\`${only.name}\` is used otherwise too, for a key or a message, which would have to take the keywords in`,
      );
    if (calls.some((it) => hasComments(it.argumentList))) return declined("a comment stands in the call");
    const name = facts.isTaken("kwargs", body) && /\bkwargs\b/.test(body.text) ? undefined : "kwargs";
    if (!name) return declined("the name `kwargs` means something else here");
    return fixOf(
      "Take and pass on **kwargs",
      ["calls by keyword work, where they raised TypeError"],
      [
        insertAfter(only.node, `, **${name}`),
        ...calls.map((it) => insertAfter(it.argumentList.lastChild!, `, **${name}`)),
      ],
    );
  },
});

/** The functions of the file that the decorator stands above. */
function functionsUnder(outer: FunctionDef, facts: Facts): readonly FunctionDef[] {
  const home = asFunction(functionAround(outer.node)) ?? outer;
  return facts.readsOf(home.nameNode).flatMap((it) => {
    const top: Node = it.parent?.kind === "call" && it.fieldName === "function" ? it.parent : it;
    return top.parent?.kind === "decorator" ? (asFunction(top.parent.parent) ?? []) : [];
  });
}

function isCalledByKeyword(def: FunctionDef, facts: Facts): boolean {
  const reads = facts.classOf(def.outer) ? facts.view.attributesOf(def.name) : facts.readsOf(def.nameNode);
  return reads.some((it) => {
    const use = useOf(it);
    const call = asCall(use.kind === "call" ? use.in : it.parent);
    return (
      call !== undefined &&
      (call.callee === it || asMethodCall(call.node)?.method === def.name) &&
      call.keywords.size > 0
    );
  });
}
