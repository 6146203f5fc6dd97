/** A wrapper that takes the first argument for data, put on a method, whose first argument is `self`. */

import {
  asFunction,
  asMethodCall,
  asSubscript,
  defineRule,
  excerpt,
  useOf,
  wrapperBy,
  type Facts,
  type Node,
  type Wrapper,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Wrapper that takes self for data",
  why: "The wrapper of a method gets the object itself first. One that checks, converts or remembers what comes first looks at `self` then: the check passes, the key is the object, and the data is never looked at.",
  guide: "decorators",
  level: "warning",
  gain: "safety",

  examples: [
    {
      before: `
import functools

def positive(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        if args[0] < 0:
            raise ValueError(args[0])
        return func(*args, **kwargs)

    return wrapper

class Account:
    @positive
    def pay(self, amount: float) -> float:
        return amount
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }) {
    if (node.parent?.kind !== "decorated_definition") return undefined;
    const def = asFunction(node);
    if (!def || def.decorators.length === 0 || facts.isTest || !facts.classOf(def.outer)) return undefined;
    if (def.decorators.some((it) => it.text === "staticmethod")) return undefined;
    for (const decorator of def.decorators) {
      const wrapper = wrapperBy(decorator, facts);
      const read = wrapper && dataRead(wrapper, facts);
      if (read)
        return {
          at: decorator,
          evidence: "proof" as const,
          related: [{ at: read, message: "On a method this is the object itself." }],
          read,
          def,
          first: def.parameters[0]?.name ?? "self",
        };
    }
    return undefined;
  },

  message: ({ read, def, first }) =>
    `\`${excerpt(read.text, 40)}\` in the wrapper is \`${excerpt(first, 20)}\` on the method \`${excerpt(def.name, 40)}\`, and not its first value.`,
});

/** The place where the wrapper looks at its first argument as at a value. */
function dataRead({ inner, calls }: Wrapper, facts: Facts): Node | undefined {
  const [first] = inner.parameters;
  if (!first) return undefined;
  if (first.star === "*") {
    if (/\bargs\[1\]|len\(args\)|hasattr\(|is_method|inspect\./.test(inner.body.text)) return undefined;
    return facts
      .readsOf(first.nameNode)
      .map((it) => (it.parent?.kind === "subscript" && it.fieldName === "value" ? it.parent : undefined))
      .find((it) => it !== undefined && asSubscript(it)?.indices[0]?.text === "0" && isData(it));
  }
  if (first.star !== "" || MEANT.test(first.name)) return undefined;
  // What is handed on as it is may be anything.
  return facts
    .readsOf(first.nameNode)
    .find((it) => it.isInside(inner.body) && isData(it) && !calls.some((call) => call.args.includes(it)));
}

/** Meant for methods, or for what both have. */
const MEANT =
  /^_?(?:self|cls|obj|object|instance|inst|this|that|other|owner|ctx|context|request|app|bot|client|event|update|handler|view|model|module|node)$|_self$/;

/** A number, text or collection: compared, computed with, measured, converted, indexed. */
function isData(read: Node): boolean {
  const use = useOf(read);
  const { parent } = read;
  switch (use.kind) {
    case "compared":
      return !/\bis\b/.test(parent?.text ?? "");
    case "operand":
      return parent?.kind === "binary_operator";
    case "iterated":
      return true;
    case "argument":
      return /^(?:len|int|float|abs|round|sum|sorted|min|max|list|set|tuple)$/.test(
        use.call?.field("function")?.text ?? "",
      );
    case "method":
      return /^(?:strip|lower|upper|split|encode|items|keys|startswith|endswith|append)$/.test(
        asMethodCall(use.call)?.method ?? use.name ?? "",
      );
    default:
      return (
        parent?.kind === "subscript" &&
        (read.fieldName === "value" || read.fieldName === "subscript") &&
        use.kind.startsWith("subscript")
      );
  }
}
