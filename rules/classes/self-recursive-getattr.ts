/** `__getattr__` that reads an attribute of its own object which `__init__` sets: before that, it calls itself without end. */

import {
  asAttribute,
  asFunction,
  declined,
  defineRule,
  excerpt,
  expressionOf,
  fixOf,
  functionAround,
  indentOf,
  indentUnit,
  insertBefore,
  isStored,
  startsLine,
  statementsOf,
  textValue,
  unwrap,
  type ClassInfo,
  type Facts,
  type FunctionDef,
  type Match,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

interface Recursive extends Match {
  readonly at: Node;
  readonly names: readonly string[];
  readonly def: FunctionDef;
  readonly info: ClassInfo;
}

export default defineRule({
  title: "`__getattr__` that can call itself without end",
  why: "`__getattr__` is asked for every attribute that is missing. `copy` and `pickle` make an object without `__init__` and ask it for special methods: an attribute that `__getattr__` itself reads is missing then too, so it calls itself until RecursionError.",
  guide: "data-model",
  level: "warning",
  gain: "safety",
  words: ["__getattr__"],
  fixes: "review",

  examples: [
    {
      before: `
class Proxy:
    def __init__(self, model: object) -> None:
        self.model = model

    def __getattr__(self, name: str) -> object:
        return getattr(self.model, name)
`,
      after: `
class Proxy:
    def __init__(self, model: object) -> None:
        self.model = model

    def __getattr__(self, name: str) -> object:
        if name == "model":
            raise AttributeError(name)
        return getattr(self.model, name)
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }): Recursive | undefined {
    const def = asFunction(node);
    if (def?.name !== "__getattr__" || def.parameters.length !== 2) return undefined;
    const info = facts.classOf(def.outer);
    const name = def.parameters[1]!.name;
    if (!info || def.parameters[0]!.name === "cls" || info.def.keywords.size > 0) return undefined;
    // An object of such a class is copied and pickled in ways of its own.
    if (OWN_WAYS.some(info.definesMethod)) return undefined;
    const bases = facts.basesOf(info);
    if (bases.some((it) => typeof it === "string" && !PLAIN.has(it))) return undefined;
    const reads = unguardedReads(def, name).filter((it) => isSetLater(asAttribute(it)!.name, info, bases, facts));
    if (reads.length === 0) return undefined;
    const [at] = reads;
    return {
      at: at!,
      evidence: bases.includes(undefined) ? "fair" : "proof",
      weight: weightOf(def, facts),
      names: [...new Set(reads.map((it) => asAttribute(it)!.name))],
      def,
      info,
    };
  },

  message: ({ at, names }) =>
    `Without \`${excerpt(names[0]!, 30)}\`, as while it is copied or unpickled, \`${excerpt(at.text, 40)}\` runs \`__getattr__\` again, without end.`,

  fix({ names, def }, { facts }) {
    const name = def.parameters[1]!.name;
    const first = statementsOf(facts.bodyOf(def)).find((it) => expressionOf(it)?.kind !== "string");
    if (!first || !startsLine(first)) return declined("the method stands on one line");
    if (names.some((it) => /^__/.test(it))) return declined("the name is mangled");
    const test =
      names.length === 1 ? `${name} == "${names[0]}"` : `${name} in (${names.map((it) => `"${it}"`).join(", ")})`;
    return fixOf(
      "Raise AttributeError for its own attribute",
      ["copying and unpickling then work, where they failed before"],
      [
        insertBefore(
          first,
          `if ${test}:\n${indentOf(first)}${indentUnit(first, facts)}raise AttributeError(${name})\n${indentOf(first)}`,
        ),
      ],
    );
  },
});

const PLAIN = new Set(["builtins.object", "abc.ABC", "typing.Generic"]);
const OWN_WAYS = ["__new__", "__reduce__", "__reduce_ex__", "__setstate__", "__getattribute__"];
const COPYING = ["copy", "pickle", "multiprocessing", "joblib"];
/** Libraries that copy what they are given, or send it to other processes. */
const HANDING_ON = ["torch", "sklearn", "dask", "ray", "tensorflow", "concurrent"];

function weightOf(def: FunctionDef, facts: Facts): Weight {
  // A class in a function cannot be pickled anyway.
  if (facts.isTest || functionAround(def.outer)) return "light";
  if (COPYING.some((it) => facts.view.imports(it))) return "heavy";
  return HANDING_ON.some((it) => facts.view.imports(it)) ? "unknown" : "light";
}

/** What the method reads of its object whatever name is asked for: up to the first test of the name. */
function unguardedReads(def: FunctionDef, name: string): readonly Node[] {
  const self = def.parameters[0]!.name;
  const mentions = (node: Node) => node.identifiers(name).length > 0;
  const reads: Node[] = [];
  const checked = new Set<string>();
  const take = (node: Node) => {
    for (const it of [...(node.kind === "attribute" ? [node] : []), ...node.descendants("attribute")]) {
      const attribute = asAttribute(it);
      if (
        attribute?.object.text === self &&
        !isStored(it) &&
        !checked.has(attribute.name) &&
        !/^__\w+__$/.test(attribute.name) &&
        functionAround(it) === def.node
      )
        reads.push(it);
    }
  };
  const visit = (statements: readonly Node[]): boolean => {
    for (const it of statements) {
      const condition = it.kind === "if_statement" ? it.field("condition")! : undefined;
      if (condition) {
        take(firstAsked(condition));
        // `if name.startswith("_"): raise AttributeError(name)`: what comes below is asked for other names only.
        if (mentions(condition)) return false;
        if (asksDict(condition) && leaves(it)) for (const name of stringsIn(condition)) checked.add(name);
      }
      // `__getattribute__` of the base, or the dict, is asked first: a name that is missing raises there.
      else if (/\b__dict__\b|\bobject\.__getattribute__|\bsuper\(\)/.test(it.text)) return false;
      else if (it.kind === "try_statement") {
        if (!visit(statementsOf(it.field("body")!))) return false;
      } else if (it.kind === "match_statement") return false;
      else take(it);
    }
    return true;
  };
  visit(statementsOf(def.body));
  return reads;
}

/** `self.__dict__.get("inner") is None`, `"inner" not in self.__dict__`: asked without `__getattr__`. */
const asksDict = (condition: Node): boolean =>
  /\b__dict__\b/.test(condition.text) && /\bnot\b|\bis None$/.test(condition.text);

const leaves = (test: Node): boolean =>
  /^(?:raise|return)_statement$/.test(statementsOf(test.field("consequence")!).at(-1)?.kind ?? "");

const stringsIn = (node: Node): readonly string[] => node.descendants("string").flatMap((it) => textValue(it) ?? []);

/** Of `name == "a" or name in self.b` the first operand: what stands behind it is asked for some names only. */
function firstAsked(condition: Node): Node {
  let first = unwrap(condition);
  while (first.kind === "boolean_operator" || first.kind === "not_operator")
    first = unwrap(first.field(first.kind === "not_operator" ? "argument" : "left")!);
  return first;
}

/** Methods set it, and nothing gives it to the class. */
function isSetLater(
  name: string,
  info: ClassInfo,
  bases: readonly (ClassInfo | string | undefined)[],
  facts: Facts,
): boolean {
  const all = [info, ...bases.filter((it) => typeof it === "object")];
  if (all.some((it) => it.attributes.some((has) => has.name === name && has.value) || it.definesMethod(name)))
    return false;
  if (all.some((it) => OWN_WAYS.some(it.definesMethod))) return false;
  return all.some((it) => {
    if (it.writes.some((has) => has.name === name && has.kind !== "delete")) return true;
    const init = it.methodNamed("__init__");
    return (
      init !== undefined && [`"${name}"`, `'${name}'`].some((quoted) => facts.bodyOf(init.def).text.includes(quoted))
    );
  });
}
