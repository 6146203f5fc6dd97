/** A chain of `if kind == "a": return A()` becomes a table of the module, from key to class, function or value, and one look into it. */

import {
  asFunction,
  branchOf,
  defineRefactoring,
  definitionAbove,
  equalityTests,
  functionAround,
  haveDistinctKeys,
  indentOf,
  indentUnit,
  isCompiled,
  isConstant,
  isHashable,
  isThereAbove,
  lastIdentifierIn,
  replace,
  startsLine,
  topStatement,
  type Branch,
  type Facts,
  type FunctionDef,
  type Node,
} from "../analysis/authoring.js";

const LEAST = 2;

export default defineRefactoring({
  title: "Chain of comparisons to a registry",
  guide: "pattern-factory",
  kind: "rewrite",
  on: ["if_statement"],
  reach: "inside",

  example: {
    before: `
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler


def make_scaler(kind: str):
    ‸if kind == "standard":
        return StandardScaler()
    elif kind == "minmax":
        return MinMaxScaler()
    elif kind == "robust":
        return RobustScaler()
    raise ValueError(f"unknown scaler {kind!r}")
`,
    after: `
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler


SCALERS = {
    "standard": StandardScaler,
    "minmax": MinMaxScaler,
    "robust": RobustScaler,
}


def make_scaler(kind: str):
    if kind in SCALERS:
        return SCALERS[kind]()
    raise ValueError(f"unknown scaler {kind!r}")
`,
  },

  find(node, _selection, { facts }) {
    const def = asFunction(functionAround(node));
    const tests = def && equalityTests(node);
    if (!def || !tests || isCompiled(node, facts) || !haveDistinctKeys(tests.arms.map((it) => it.key)))
      return undefined;
    const { subject, arms, region } = tests;
    const branches = arms.flatMap((it) => branchOf(it.key, it.body, true) ?? []);
    const top = topStatement(def.outer, facts);
    if (
      branches.length < Math.max(LEAST, arms.length) ||
      !areUniform(branches) ||
      new Set(branches.map((it) => it.choice.text)).size < LEAST
    )
      return undefined;
    if (!branches.every((it) => isThereAbove(it.choice, top, facts) && isThereAbove(it.key, top, facts)))
      return undefined;
    if (node.tree.root.comments.some((it) => it.start >= region.start && it.start < region.end)) return undefined;
    return { def, top, subject, branches, region, table: tableName(def, subject, facts) };
  },

  offer: ({ branches, def, table }) =>
    def.name.length + table.length > 50
      ? `Move ${branches.length} choices to a table`
      : `Move the ${branches.length} choices of \`${def.name}\` to \`${table}\``,

  doubt({ branches, subject }, { facts }) {
    const doubts = [
      ...(branches.every((it) => isConstant(it.choice))
        ? []
        : [
            "The names in the table are looked up when the module is loaded; names that are patched in the module later are not used.",
          ]),
      ...(isHashable(facts.typeOf(subject)) ? [] : [`\`${subject.text}\` must be hashable.`]),
    ];
    return doubts.length > 0 ? doubts.join(" ") : undefined;
  },

  apply({ def, top, subject, branches, region, table }, { facts }) {
    const unit = indentUnit(def.node, facts);
    const { before, after, statement } = branches[0]!;
    const entries = branches.map((it) => `${unit}${it.key.text}: ${it.choice.text},\n`).join("");
    const indent = startsLine(statement) ? indentOf(statement) : `${indentOf(region)}${unit}`;
    return {
      edits: [
        definitionAbove(top, `${table} = {\n${entries}}`, facts),
        replace(region, `if ${subject.text} in ${table}:\n${indent}${before}${table}[${subject.text}]${after}`),
      ],
    };
  },
});

/** They differ in nothing but the choice, and what is around it is short. */
function areUniform([first, ...rest]: readonly Branch[]): boolean {
  return (
    first !== undefined &&
    rest.every((it) => it.before === first.before && it.after === first.after) &&
    !`${first.before}${first.after}`.includes("\n")
  );
}

/** `make_scaler` has SCALERS, `reader_for` READERS; else the subject names the table. */
function tableName({ name, node }: FunctionDef, subject: Node, facts: Facts): string {
  const made =
    /^_?(?:make|create|build|get|load|choose|select|pick|new|resolve|find)_(\w+)$/
      .exec(name)?.[1]
      ?.replace(/(?!^)_(?:for|by|from)_\w.*/, "") ?? /^_?(\w+)_(?:for|factory)(?:_\w|$)/.exec(name)?.[1];
  const told = lastIdentifierIn(subject.text) || "key";
  const wanted =
    made === undefined
      ? `${told.toUpperCase()}_CHOICES`
      : plural(made.replace(/_(class|type|fn|func|function)$/, "").toUpperCase());
  const other = `${name.replace(/^_+/, "").toUpperCase()}_CHOICES`;
  return [wanted, other].find((it) => !facts.isTaken(it, node)) ?? facts.freshName(wanted, node);
}

function plural(word: string): string {
  if (/[^S]S$/.test(word)) return word;
  if (/(SS|X|Z|CH|SH)$/.test(word)) return `${word}ES`;
  return /[^AEIOU]Y$/.test(word) ? `${word.slice(0, -1)}IES` : `${word}S`;
}
