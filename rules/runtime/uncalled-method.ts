/** A method that is tested, compared or named as if it had been called. */

import {
  asAttribute,
  asBinary,
  asComparison,
  asFunction,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  insertAfter,
  knowsMethod,
  unwrap,
  statementsOf,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Uncalled extends Match {
  readonly at: Node;
  readonly how: "tested" | "compared" | "stated";
  /** The function of the file, if it is one. */
  readonly def: FunctionDef | undefined;
}

export default defineRule({
  title: "Method that is not called",
  why: "Without parentheses a method is an object of its own: it is always true, equals nothing, and does nothing when its name stands alone. The branch is taken whatever the method would have said.",
  guide: "debugging",
  level: "error",
  gain: "safety",
  overlaps: ["B018"],
  unlike: "it knows functions of libraries and methods of the file, and leaves hooks and properties alone",
  fixes: "review",

  examples: [
    {
      before: `
def numbers(fields: list[str]) -> list[int]:
    found = []
    for field in fields:
        if field.isdigit:
            found.append(len(field))
    return found
`,
      after: `
def numbers(fields: list[str]) -> list[int]:
    found = []
    for field in fields:
        if field.isdigit():
            found.append(len(field))
    return found
`,
    },
  ],

  on: [
    "if_statement",
    "elif_clause",
    "while_statement",
    "conditional_expression",
    "assert_statement",
    "expression_statement",
  ],
  values: { expression_statement: ["attribute"] },

  find(node, { facts }): Uncalled[] {
    if (node.kind === "expression_statement") {
      const [only] = node.children;
      // The last line of a cell shows the help of what it names.
      if (only?.kind !== "attribute" || facts.isTest || isTried(node)) return [];
      const found = uncalled(only, facts);
      return found ? [{ at: only, how: "stated", ...found }] : [];
    }
    const condition =
      node.kind === "conditional_expression" || node.kind === "assert_statement"
        ? node.children[node.kind === "assert_statement" ? 0 : 1]
        : node.field("condition");
    if (!condition) return [];
    const found = operandsOf(condition).flatMap((it) => testedIn(it, facts));
    // Who calls it if it is there asks whether it is there.
    return found.filter(({ at, how }) => how !== "tested" || !node.text.includes(`${at.text}(`));
  },

  message: ({ at, how }) =>
    how === "stated"
      ? `\`${excerpt(at.text, 50)}\` is named and not called: nothing happens here.`
      : how === "compared"
        ? `\`${excerpt(at.text, 50)}\` is compared without being called: a method equals nothing.`
        : `\`${excerpt(at.text, 50)}\` is tested without being called: a ${at.kind === "identifier" ? "function" : "method"} is always true.`,

  fix({ at, def }) {
    const needed = def?.parameters.filter(
      (it, index) => !it.defaultValue && !it.star && !(index === 0 && at.kind === "attribute"),
    );
    if (needed && needed.length > 0) return declined("what it should be called with cannot be seen");
    return fixOf("Call it", ["it runs, and its answer counts, from now on"], [insertAfter(at, "()")]);
  },
});

/** What a condition asks: both sides of `and` and `or`, without `not`. */
function operandsOf(condition: Node): readonly Node[] {
  const node = unwrap(condition);
  if (node.kind === "not_operator") return operandsOf(node.field("argument") ?? node.children[0]!);
  const binary = node.kind === "boolean_operator" ? asBinary(node) : undefined;
  return binary ? [...operandsOf(binary.left), ...operandsOf(binary.right)] : [node];
}

function testedIn(node: Node, facts: Facts): Uncalled[] {
  if (node.kind === "attribute" || node.kind === "identifier") {
    const found = uncalled(node, facts);
    return found ? [{ at: node, how: "tested", ...found }] : [];
  }
  if (node.kind !== "comparison_operator" || !node.children.some((it) => it.kind === "attribute")) return [];
  const comparison = asComparison(node);
  if (!comparison || /\bis\b/.test(comparison.operator)) return [];
  const { left, right } = comparison;
  return [
    [left, right],
    [right, left],
  ].flatMap(([it, other]) => {
    const attribute = asAttribute(it);
    // Two methods may well be compared with each other.
    const found = attribute && VALUES.has(other!.kind) ? uncalled(attribute.node, facts) : undefined;
    return found ? [{ at: attribute!.node, how: "compared" as const, ...found }] : [];
  });
}

const VALUES = new Set(["string", "integer", "float", "list", "tuple", "set", "true", "false", "concatenated_string"]);

function uncalled(node: Node, facts: Facts): { evidence: Evidence; def: FunctionDef | undefined } | undefined {
  if (node.kind === "identifier") {
    const def = facts.functionNamed(node);
    // A function that is there on one machine and not on another is asked for like this.
    return def && def.decorators.length === 0 && !isChosen(def) && !isStub(def)
      ? { evidence: "proof", def }
      : undefined;
  }
  const attribute = asAttribute(node);
  if (!attribute) return undefined;
  const { object, name } = attribute;
  if (FUNCTIONS.has(name) && MODULES.has(facts.nameOf(node) ?? "")) return { evidence: "proof", def: undefined };
  if (object.kind === "identifier" && (object.text === "self" || object.text === "cls"))
    return ownMethod(node, name, facts);
  if (!METHODS.has(name)) return undefined;
  const typed = facts.typed(object, "strong");
  return typed && typed.type.name !== "dict" && isMethod(typed.type.name, name)
    ? { evidence: typed.evidence, def: undefined }
    : undefined;
}

const isMethod = (type: string, name: string): boolean => !type.startsWith("local.") && knowsMethod(type, name);

/** A plain method of the file's class, which nothing sets and no other class of the file sets to something else. */
function ownMethod(node: Node, name: string, facts: Facts): { evidence: Evidence; def: FunctionDef } | undefined {
  const around = asFunction(functionAround(node));
  const info = around && facts.classOf(around.outer);
  if (!info) return undefined;
  const method = info.methodNamed(name);
  if (!method || method.def.decorators.length > 0 || isChosen(method.def)) return undefined;
  const isSet =
    info.isDynamic ||
    info.attributes.some((it) => it.name === name) ||
    info.writes.some((it) => it.name === name) ||
    facts.foreignStores().has(name) ||
    facts.view.sitesOf(name).length > 0 ||
    facts.fileMatches(new RegExp(`\\b${name}\\b\\s*(?::[^=:\\n]+)?=\\s*None\\b`));
  return isSet ? undefined : { evidence: "proof", def: method.def };
}

/** It stands for something that is still to be written. */
const isStub = ({ body }: FunctionDef): boolean =>
  statementsOf(body).every((it) => it.kind === "pass_statement" || /^(?:\.\.\.|"|')/.test(it.text));

/** Defined under a condition, or in a handler. */
const isChosen = (def: FunctionDef): boolean =>
  def.outer.ancestor("if_statement", "try_statement") !== undefined &&
  functionAround(def.outer.ancestor("if_statement", "try_statement")!) === functionAround(def.outer);

/** `try: module.name` asks whether it is there. */
const isTried = (node: Node): boolean => {
  const attempt = node.ancestor("try_statement", "with_statement");
  return attempt !== undefined && functionAround(attempt) === functionAround(node);
};

const words = (text: string) => new Set(text.split(" "));
const FUNCTIONS = words(
  "is_available is_initialized is_built show close clf cla tight_layout legend draw empty_cache synchronize collect",
);
const MODULES = words(
  "torch.cuda.is_available torch.backends.mps.is_available torch.backends.mps.is_built torch.distributed.is_available torch.distributed.is_initialized " +
    "torch.cuda.is_initialized torch.cuda.empty_cache torch.cuda.synchronize matplotlib.pyplot.show matplotlib.pyplot.close matplotlib.pyplot.clf " +
    "matplotlib.pyplot.cla matplotlib.pyplot.tight_layout matplotlib.pyplot.legend matplotlib.pyplot.draw gc.collect",
);
const METHODS = words(
  "isdigit isalpha isnumeric isalnum isspace isupper islower isdecimal isidentifier strip lower upper lstrip rstrip casefold split splitlines items keys values " +
    "close flush read readline readlines write start join is_alive clear sort reverse pop append exists is_file is_dir is_absolute as_posix unlink mkdir read_text " +
    "step zero_grad backward all any item isnull isna notna notnull dropna reset_index info describe head tail sum mean commit rollback fetchall fetchone total_seconds isoformat",
);
