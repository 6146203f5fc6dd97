/** `if kind == "a": return A()`, `elif kind == "b": return B()` …: a table written as control flow. */

import {
  asCall,
  asFunction,
  asIf,
  asSubscript,
  between,
  branchOf,
  declined,
  defineRule,
  equality,
  equalityTests,
  excerpt,
  fixOf,
  functionAround,
  indentOf,
  isHashable,
  isPureCall,
  lineAbove,
  nextStatement,
  previousStatement,
  replace,
  statementsOf,
  textValue,
  type Branch,
  type Declined,
  type EqualityTests,
  type Facts,
  type Fix,
  type If,
  type Match,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

interface Chain extends Match {
  readonly subject: Node;
  readonly branches: readonly Branch[];
  readonly condition: If;
  /** The body of the last branch. */
  readonly last: Node;
}

export default defineRule({
  title: "Chain of comparisons that only chooses a class or function",
  why: "Branches that differ only in a key and the callable that belongs to it are a table. Written as a dict, the table can be listed, tested and extended without changing the code that uses it.",
  guide: "pattern-factory",
  level: "hint",
  gain: "clarity",
  overlaps: ["SIM116"],
  unlike: "chains that choose a class or a function count, and those that give constants are left alone",
  fixes: "review",

  examples: [
    {
      before: `
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

def make_scaler(kind: str):
    if kind == "standard":
        return StandardScaler()
    elif kind == "minmax":
        return MinMaxScaler()
    elif kind == "robust":
        return RobustScaler()
    raise ValueError(f"unknown scaler {kind!r}")
`,
      after: `
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

def make_scaler(kind: str):
    choices = {
        "standard": StandardScaler,
        "minmax": MinMaxScaler,
        "robust": RobustScaler,
    }
    if kind in choices:
        return choices[kind]()
    raise ValueError(f"unknown scaler {kind!r}")
`,
    },
  ],

  on: ["if_statement"],

  find(node, { facts }): Chain | undefined {
    const others = node.fieldAll("alternative").length;
    if (others < LEAST - 1 && (others > 0 || !mayGoOn(node))) return undefined;
    const condition = asIf(node);
    const arms = condition && (others > 0 ? [condition, ...condition.elifs] : returningArms(node));
    if (!condition || !arms || arms.length < LEAST) return undefined;
    const branches: Branch[] = [];
    let subject: Node | undefined;
    for (const arm of arms) {
      const test = equality(arm.condition);
      const branch = test && branchOf(test.key, arm.body);
      if (!test || !branch || (subject && subject.text !== test.subject.text)) return undefined;
      subject ??= test.subject;
      branches.push(branch);
    }
    const [first] = branches;
    const isUniform = branches.every((it) => it.before === first!.before && it.after === first!.after);
    const choices = distinct(branches, (it) => it.choice.text);
    if (
      !subject ||
      !isUniform ||
      choices < (branches.every(isFactory) ? LEAST : LEAST_CALLED) ||
      distinct(branches, (it) => textValue(it.key) ?? it.key.text) < branches.length
    )
      return undefined;
    if (
      !branches.every((it) => isCallable(it, facts)) ||
      callsOneMethod(branches) ||
      areMethodsOfOne(branches, facts) ||
      isInChain(node) ||
      choosesElsewhere(condition, first!) ||
      isCompiled(node, facts)
    )
      return undefined;
    return {
      at: condition.condition,
      construct: node,
      evidence: "proof",
      weight: weightOf(node, branches, facts),
      subject,
      branches,
      condition,
      last: arms.at(-1)!.body,
    };
  },

  message: ({ subject, branches }) => {
    const isCalled = branches.every((it) => it.after !== "");
    const [chosen, entry] = isCalled ? ["a callable", "callable"] : ["one of several", "choice"];
    return `\`${subject.text}\` is compared ${branches.length} times only to choose ${chosen}; a dict from value to ${entry} can replace the chain.`;
  },

  fix({ subject, branches, condition, last }, { facts }): Fix | Declined {
    const [first] = branches;
    const region = between(condition.node, last);
    if (!isHashable(facts.typeOf(subject)))
      return declined(`it is not known that \`${excerpt(subject.text, 40)}\` can be a key of a dict`);
    if (!first || !["string", "integer"].some((kind) => branches.every((it) => it.key.kind === kind)))
      return declined("the keys are not all texts or all whole numbers");
    if (region.tree.commentsIn(region).length > 0) return declined("there is a comment between the branches");
    if (
      indentOf(first.statement) === indentOf(condition.node) ||
      [first.before, first.after].some((it) => it.includes("\n"))
    )
      return declined("the branches are not laid out one statement a line");

    const table = facts.freshName("choices", condition.node);
    const step = indentOf(first.statement).slice(indentOf(condition.node).length);
    const entries = branches.map((it) => `${step}${it.key.text}: ${it.choice.text},\n`).join("");
    const chosen = `${first.before}${table}[${subject.text}]${first.after}`;
    return fixOf(
      "Look the choice up in a dict",
      [
        "all entries of the dict are evaluated, not only the chosen one",
        `\`${excerpt(subject.text, 40)}\` must be hashable, even where no entry fits`,
      ],
      [
        lineAbove(condition.node, `${table} = {\n${entries}}`),
        replace(region, `if ${subject.text} in ${table}:\n${indentOf(first.statement)}${chosen}`),
      ],
    );
  },
});

/** `if kind == "a": return A()` with another `if` right below: asked before anything else, of every `if`. */
function mayGoOn(node: Node): boolean {
  const body = node.field("consequence")?.children;
  return body?.length === 1 && body[0]!.kind === "return_statement" && nextStatement(node)?.kind === "if_statement";
}

/** The tests that stand one below the other, from the first of them on. */
function returningArms(node: Node): EqualityTests["arms"] | undefined {
  // All tests of a chain would go through all of it: the first one alone does.
  const subject = subjectOf(node);
  if (subject === undefined || subjectOf(previousStatement(node)) === subject) return undefined;
  const arms = equalityTests(node)?.arms;
  return arms?.[0]?.condition.isInside(node) ? arms : undefined;
}

function subjectOf(node: Node | undefined): string | undefined {
  const condition = node?.kind === "if_statement" ? node.field("condition") : undefined;
  return condition && equality(condition)?.subject.text;
}

/** From this many branches on a chain is long to go through. */
const MANY = 6;

/** A long chain that is gone through again and again; three branches are about as short as their table. */
function weightOf(node: Node, branches: readonly Branch[], facts: Facts): Weight {
  if (branches.length === LEAST || facts.isTest) return "light";
  return branches.length >= MANY && facts.weightOf(node) === "heavy" ? "heavy" : "unknown";
}

/** Numba and TorchScript compile chains, and no dicts of functions. */
function isCompiled(node: Node, facts: Facts): boolean {
  const decorators = asFunction(functionAround(node))?.decorators ?? [];
  return decorators.some((it) => /^(numba|torch\.jit)\./.test(facts.nameOf(asCall(it)?.callee ?? it) ?? ""));
}

/** Two branches are said best by `if` and `else`, three that do something by a chain as well. */
const LEAST = 3;
const LEAST_CALLED = 4;

/** A class or function is what it is all about: made into an object, or chosen for later. */
function isFactory({ choice, after }: Branch): boolean {
  return after === "" || /(?:^|\.)[A-Z][A-Z\d_]*[a-z]\w*$/.test(choice.text);
}

/** The `else` makes a choice too, and more than that: a table would hold only part of what there is to choose from. */
function choosesElsewhere({ orElse }: If, { before }: Branch): boolean {
  return orElse !== undefined && before !== "" && statementsOf(orElse).length > 1 && orElse.text.includes(before);
}

/** `first.append(x)`, `second.append(x)`: what is chosen is the object, not what is called. */
function callsOneMethod(branches: readonly Branch[]): boolean {
  return (
    branches[0]!.choice.kind === "attribute" &&
    distinct(branches, ({ choice }) => choice.field("attribute")?.text ?? "") === 1
  );
}

/** Methods of one object, bound to it: their table would have to be made anew for each object. What a module or class holds is there once. */
function areMethodsOfOne(branches: readonly Branch[], facts: Facts): boolean {
  const owners = branches.map(({ choice, after }) =>
    after !== "" && choice.kind === "attribute" ? choice.field("object") : undefined,
  );
  const [owner] = owners;
  if (!owner || owners.some((it) => it?.text !== owner.text) || facts.nameOf(owner) !== undefined) return false;
  const sites = owner.kind === "identifier" ? facts.writesOf(owner) : [];
  return !sites.some((it) => it.kind === "class" || it.kind === "import");
}

/** Inside a chain of the same kind it reads as its surroundings do. */
function isInChain(node: Node): boolean {
  const around = node.ancestor(
    "if_statement",
    "function_definition",
    "for_statement",
    "while_statement",
    "with_statement",
  );
  const chain = asIf(around);
  return (
    chain !== undefined &&
    chain.elifs.length >= LEAST - 1 &&
    [chain, ...chain.elifs].every((it) => equality(it.condition))
  );
}

const distinct = <T>(items: readonly T[], key: (item: T) => string): number => new Set(items.map(key)).size;

/** Modules of whose lower-case names all are functions. */
const FUNCTIONS_ALONE = /^(operator|torch\.nn\.functional)\.[a-z_]+$/;

/** Not of a class or other object that itself has a capital: those hold constants as well, `Level.High`. */
const CLASS = /^([^.A-Z][^.]*\.)*[A-Z](?=\w*[a-z])\w*$/;

const BUILTIN_CLASS =
  /^builtins\.(str|bytes|bytearray|int|float|complex|bool|list|dict|set|frozenset|tuple|type|object)$/;

/** What is called is callable; a bare name must be known as a class or function. */
function isCallable({ choice, after }: Branch, facts: Facts): boolean {
  if (after !== "") return true;
  const name = facts.nameOf(asSubscript(choice)?.value ?? choice);
  if (name !== undefined)
    return CLASS.test(name) || BUILTIN_CLASS.test(name) || isPureCall(name) || FUNCTIONS_ALONE.test(name);
  const sites = choice.kind === "identifier" ? facts.writesOf(choice) : [];
  return sites.length > 0 && sites.every((it) => it.kind === "class" || it.kind === "function");
}
