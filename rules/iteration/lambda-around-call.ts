/** `lambda x: f(x)`: a function around a function. */

import {
  asAttribute,
  asCall,
  asFunction,
  asLambda,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  replace,
  replacedDoubt,
  textValue,
  unwrap,
  useOf,
  type Call,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** It does nothing with a function but call it with so many values: what else is given a function may look at its name, or at how many it takes. */
function givesAsMany(taker: Call, count: number, facts: Facts): boolean {
  const method = asMethodCall(taker.node);
  const name = facts.nameOf(taker.callee) ?? (method && `${facts.typeOf(method.object)?.name}.${method.method}`);
  if (taker.hasSplat) return false;
  if (name === "functools.reduce") return count === 2;
  if (name === "builtins.map") return taker.args.length === count + 1;
  return /^(?:builtins\.(?:filter|sorted|min|max)|list\.sort)$/.test(name ?? "") && count === 1;
}

/** `"{:.2f}".format`, the method of a text that is written out: it ignores what else it is given. */
function isFormat(callee: Node): boolean {
  const method = asAttribute(callee);
  return method?.name === "format" && method.object.kind === "string" && textValue(method.object) !== undefined;
}

/** The lambdas among the values of a dict that only format. */
function formatsIn(table: Node, facts: Facts): readonly Node[] {
  return facts.memo("lambdas that format", table, () =>
    table.children.flatMap((it) => {
      const value = it.kind === "pair" ? it.field("value") : undefined;
      const lambda = asLambda(value);
      const call = lambda && asCall(unwrap(lambda.body));
      const [parameter, more] = value?.field("parameters")?.children ?? [];
      const [given, second] = call?.args ?? [];
      const isOnly = call && !call.hasSplat && call.keywords.size === 0 && isFormat(call.callee);
      return isOnly && parameter?.kind === "identifier" && !more && given?.text === parameter.text && !second
        ? [value!]
        : [];
    }),
  );
}

/** They call what they are given with one value, or with as many as they were given lists. */
const TAKES_FUNCTION =
  /^(?:map|filter|sorted|min|max|apply|map_elements|applymap|transform|sort|defaultdict|reduce|submit)$/;

/** They are done with what they are given when they return. */
const AT_ONCE = /^(?:sorted|min|max|sort)$/;

/** `self.rank`, where the class has a method of that name. */
function isOwnMethod(callee: Node, node: Node, facts: Facts): boolean {
  const attribute = asAttribute(callee);
  const method = attribute?.object.text === "self" ? asFunction(functionAround(node)) : undefined;
  const name = method && facts.classNameOf(method.node);
  return name !== undefined && facts.classNamed(name)?.definesMethod(attribute!.name) === true;
}

export default defineRule({
  title: "Lambda that only calls a function",
  why: "The lambda takes the arguments and hands them on to a function that takes the same ones. The function itself does, with one call less for each use.",
  guide: "code-level",
  level: "hint",
  gain: "time",
  overlaps: ["PLW0108", "W0108"],
  leftToRuff: true,
  unlike: "callbacks that may be given more, and names that may be set later, are left alone",
  overrides: ["iteration/map-filter-lambda"],
  fixes: "safe",

  examples: [
    {
      before: `
def lengths(names: list[str]) -> list[str]:
    return sorted(names, key=lambda name: len(name))
`,
      after: `
def lengths(names: list[str]) -> list[str]:
    return sorted(names, key=len)
`,
    },
  ],

  on: ["lambda"],

  find(node, { facts }) {
    const lambda = asLambda(node);
    const call = lambda && asCall(unwrap(lambda.body));
    const parameters = node.field("parameters")?.children ?? [];
    if (!call || call.hasSplat || call.keywords.size > 0 || parameters.length === 0) return undefined;
    if (parameters.length !== call.args.length) return undefined;
    if (!parameters.every((it, index) => it.kind === "identifier" && call.args[index]!.text === it.text))
      return undefined;
    const callee = call.callee;
    if (parameters.length === 1 && isFormat(callee)) {
      const pair = node.parent?.kind === "pair" && node.parent.field("value") === node ? node.parent : undefined;
      if (!pair && useOf(node).kind !== "argument") return undefined;
      // One finding for a table of formats.
      const others = pair ? formatsIn(pair.parent!, facts) : [node];
      if (others[0] !== node) return undefined;
      const related = others.slice(1, 6).map((it) => ({ at: it, message: "another one" }));
      const weight = facts.weightOf(node);
      return { at: node, weight, related, call, callee, taker: pair ? undefined : asCall(useOf(node).call) };
    }
    const use = useOf(node);
    const taker = use.kind === "argument" ? (asCall(use.call)?.callee.text.split(".").at(-1) ?? "") : "";
    // An attribute may be another one when the lambda is called, but not where it is called at once.
    if (
      callee.kind === "attribute" &&
      isOwnMethod(callee, node, facts) &&
      AT_ONCE.test(taker) &&
      parameters.length === 1
    )
      return { at: node, weight: facts.weightOf(node), related: [], call, callee, taker: asCall(use.call)! };
    // A name of the module may be set later.
    if (callee.kind !== "identifier" || parameters.some((it) => it.text === callee.text)) return undefined;
    if (!TAKES_FUNCTION.test(taker)) return undefined;
    const isKnown =
      facts.isBuiltin(callee.text, node) ||
      facts.functionNamed(callee) !== undefined ||
      facts.nameOf(callee) !== undefined;
    if (!isKnown) return undefined;
    return { at: node, weight: facts.weightOf(node), related: [], call, callee, taker: asCall(use.call)! };
  },

  message: ({ callee, at, related }) =>
    `\`${excerpt(at.text.replace(/\s+/g, " "), 50)}\` only calls \`${excerpt(callee.text, 40)}\`: give ${related.length > 0 ? "that" : `\`${excerpt(callee.text, 40)}\``} itself${related.length > 0 ? ", and so with the others here" : ""}.`,

  fix({ at, call, callee, taker }, { facts }) {
    if (hasComments(at)) return declined("a comment would be lost");
    if (!taker || isFormat(callee))
      return fixOf(
        `Give ${excerpt(callee.text, 40)} itself`.slice(0, 60),
        ["what takes it must only call it"],
        [replace(at, callee.text)],
      );
    const def = facts.functionNamed(callee);
    const own = asAttribute(callee);
    if (own)
      return fixOf(
        `Give ${excerpt(callee.text, 40)} itself`.slice(0, 60),
        [`\`${callee.text}\` must not be set to another function meanwhile`],
        [replace(at, callee.text)],
      );
    return fixOf(
      `Give ${callee.text} itself`.slice(0, 60),
      [
        !facts.isBuiltin(callee.text, at) && `\`${callee.text}\` must not be set to another function later`,
        (def?.parameters.length ?? 1) > 1 && "further arguments that it is called with are taken too",
        !givesAsMany(taker, call.args.length, facts) &&
          `\`${excerpt(taker.callee.text, 30)}\` must only call it, and with as many values`,
        facts.readsCallersFrame(call.node) && `\`${callee.text}\` looks at the variables of what calls it`,
        replacedDoubt(`builtins.${callee.text}`, facts),
      ],
      [replace(at, callee.text)],
    );
  },
});
