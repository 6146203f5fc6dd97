/** `text = strip(text)`, `text = lower(text)`, `text = squeeze(text)` become a tuple of steps and a loop that applies them in order. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asFunction,
  asMethodCall,
  defineRefactoring,
  definitionAbove,
  functionAround,
  importName,
  indentOf,
  indentUnit,
  isCompiled,
  isConstant,
  isThereAbove,
  nextStatement,
  previousStatement,
  replace,
  startsLine,
  topStatement,
  unwrap,
  type Facts,
  type Import,
  type Node,
  type Span,
} from "../analysis/authoring.js";

interface Step {
  readonly statement: Node;
  /** Undefined where the value is returned. */
  readonly target: Node | undefined;
  readonly input: Node;
  /** A function, or a method of built-in text. */
  readonly callee: Node;
  readonly isTextMethod: boolean;
  readonly keywords: readonly Node[];
}

/** Two calls are said best by two calls. */
const LEAST = 3;

export default defineRefactoring({
  title: "Sequence of transforming calls to a pipeline",
  guide: "pattern-pipeline",
  kind: "rewrite",
  on: ["expression_statement", "return_statement"],
  reach: "inside",

  example: {
    before: `
import html

def squeezed(text: str) -> str:
    return " ".join(text.split())

def clean(text: str) -> str:
    text = html.unescape(text)
    ‸text = squeezed(text)
    text = text.lower()
    return text
`,
    after: `
import html

def squeezed(text: str) -> str:
    return " ".join(text.split())

CLEAN_STEPS = (
    html.unescape,
    squeezed,
    str.lower,
)

def clean(text: str) -> str:
    for step in CLEAN_STEPS:
        text = step(text)
    return text
`,
  },

  find(node, _selection, file) {
    const { facts } = file;
    const steps = stepsAround(node, facts);
    const [first] = steps;
    const last = steps.at(-1);
    if (
      !first ||
      !last ||
      steps.length < LEAST ||
      !startsLine(first.statement) ||
      facts.scopeOf(node).kind === "class" ||
      isCompiled(node, facts)
    )
      return undefined;
    const name = (last.target ?? last.input).text;
    const targets = new Set([name, ...steps.flatMap((it) => it.target?.text ?? [])]);
    const parts = steps.flatMap((it) => [
      ...(it.isTextMethod ? [] : [it.callee]),
      ...it.keywords.map((keyword) => keyword.field("value")!),
    ]);
    const read = parts.flatMap((it) => it.descendants("identifier")).filter((it) => it.fieldName !== "attribute");
    if (read.some((it) => targets.has(it.text)) || new Set(steps.map(textOf)).size < LEAST - 1) return undefined;
    const notes = notesOf(steps);
    const partial = steps.some((it) => it.keywords.length > 0)
      ? importName(file, "functools", "partial", node)
      : NOTHING;
    const def = asFunction(functionAround(node));
    const top = def && topStatement(def.outer, facts);
    const isShared =
      top !== undefined &&
      steps.every((it) => it.isTextMethod || isThereAbove(it.callee, top, facts)) &&
      steps.every((it) => it.keywords.every((keyword) => isConstant(keyword.field("value")!)));
    if (
      !notes ||
      !partial ||
      !(isShared || read.every((it) => noStepRebinds(it, facts))) ||
      !(facts.isBuiltin("str", node) || steps.every((it) => !it.isTextMethod))
    )
      return undefined;
    return { steps, first, last, name, notes, partial, def, top: isShared ? top : undefined };
  },

  offer: ({ steps, name }) =>
    name.length > 40
      ? `Turn ${steps.length} steps into a pipeline`
      : `Turn the ${steps.length} steps of \`${name}\` into a pipeline`,

  doubt({ top }) {
    const types = "A type checker expects every step to take and to give the same type.";
    return top
      ? `The steps are looked up when the module is loaded; names that are patched in the module later are not used. ${types}`
      : types;
  },

  apply({ steps, first, last, name, notes, partial, def, top }, { facts }) {
    const unit = indentUnit(def?.node ?? first.statement, facts);
    const indent = indentOf(first.statement);
    const table =
      top && def
        ? facts.freshName(`${def.name.replace(/^_+|(?<!_)_+$/g, "").toUpperCase()}_STEPS`, def.node)
        : facts.freshName("steps", first.statement);
    const step = facts.freshName("step", first.statement);
    const entries = (margin: string) =>
      steps
        .map((it, index) => {
          const { above, behind } = notes[index]!;
          return `${above.map((note) => `${margin}${unit}${note}\n`).join("")}${margin}${unit}${entryOf(it, partial)},${behind === "" ? "" : `  ${behind}`}\n`;
        })
        .join("");
    const tuple = (margin: string) => `${table} = (\n${entries(margin)}${margin})`;
    const lines = [
      ...(top ? [] : [tuple(indent)]),
      ...(first.input.text === name ? [] : [`${name} = ${first.input.text}`]),
      `for ${step} in ${table}:\n${indent}${unit}${name} = ${step}(${name})`,
      ...(last.target ? [] : [`return ${name}`]),
    ];
    const { tree, end } = last.statement;
    const behind = tree.root.comments.find((it) => it.start >= end && !tree.text.slice(end, it.start).includes("\n"));
    const region = {
      tree,
      start: first.statement.start,
      end: behind ? behind.start + behind.text.trimEnd().length : end,
    };
    return {
      edits: [
        ...partial.edits,
        ...(top ? [definitionAbove(top, tuple(""), facts, partial.edits)] : []),
        replace(region, lines.join(`\n${indent}`)),
      ],
    };
  },
});

const NOTHING: Import = { name: "partial", isThere: true, edits: [] };

/** The statements before and behind that take and give the value, too. */
function stepsAround(node: Node, facts: Facts): readonly Step[] {
  const own = stepOf(node, facts);
  if (!own) return [];
  const steps = [own];
  for (
    let it = previousStatement(node), step = it && stepOf(it, facts);
    it && step && areLinked(step, steps[0]!, facts);
    it = previousStatement(it), step = it && stepOf(it, facts)
  )
    steps.unshift(step);
  for (
    let it = nextStatement(node), step = it && stepOf(it, facts);
    it && step && areLinked(steps.at(-1)!, step, facts);
    it = nextStatement(it), step = it && stepOf(it, facts)
  )
    steps.push(step);
  return steps;
}

/** The next one takes what this one gives, under the same name or under a name that serves for nothing else. */
function areLinked(step: Step, next: Step, facts: Facts): boolean {
  if (
    !step.target ||
    next.input.kind !== "identifier" ||
    next.input.text !== step.target.text ||
    !startsLine(next.statement)
  )
    return false;
  if (!next.target || next.target.text === step.target.text) return true;
  return facts.writesOf(step.target).length === 1 && facts.readsOf(step.target).every((it) => it === next.input);
}

function stepOf(statement: Node, facts: Facts): Step | undefined {
  const assignment = asAssignment(statement.kind === "expression_statement" ? statement : undefined);
  const value = statement.kind === "return_statement" ? statement.children[0] : assignment?.value;
  const target = assignment?.targets[0];
  const call = asCall(value && unwrap(value));
  if (
    !call ||
    call.hasSplat ||
    statement.isBroken ||
    assignment?.annotation ||
    (assignment && (assignment.targets.length > 1 || target?.kind !== "identifier"))
  )
    return undefined;
  const [input, more] = call.args;
  if (more || call.argumentList.kind === "generator_expression") return undefined;
  const keywords = call.argumentList.children.filter((it) => it.kind === "keyword_argument");
  if (input && isDotted(call.callee)) {
    const isPlain = keywords.every((it) => isConstant(it.field("value")!) || it.field("value")!.kind === "identifier");
    return isPlain && input.kind !== "yield"
      ? { statement, target, input, callee: call.callee, isTextMethod: false, keywords }
      : undefined;
  }
  const method = asMethodCall(call.node);
  const isText = method && !input && keywords.length === 0 && facts.typeOf(method.object)?.name === "str";
  return isText
    ? { statement, target, input: method.object, callee: method.methodNode, isTextMethod: true, keywords }
    : undefined;
}

function isDotted(node: Node): boolean {
  const attribute = asAttribute(node);
  return node.kind === "identifier" || (attribute !== undefined && isDotted(attribute.object));
}

function textOf({ callee, isTextMethod }: Step): string {
  return isTextMethod ? `str.${callee.text}` : callee.text;
}

function entryOf(step: Step, partial: Import): string {
  if (step.keywords.length === 0) return textOf(step);
  return `${partial.name}(${[textOf(step), ...step.keywords.map((it) => it.text)].join(", ")})`;
}

/** No step can give the name another value: it is looked up before the first one runs. */
function noStepRebinds(identifier: Node, facts: Facts): boolean {
  const sites = facts.writesOf(identifier);
  return sites.length > 0 ? sites.every((it) => !it.isRemote) : facts.isBuiltin(identifier.text, identifier);
}

interface Notes {
  readonly above: readonly string[];
  readonly behind: string;
}

/** The comments that go into the table with their steps; those above the first step stay. */
function notesOf(steps: readonly Step[]): readonly Notes[] | undefined {
  const { comments } = steps[0]!.statement.tree.root;
  if (comments.some((it) => steps.some(({ statement }) => it.start > statement.start && it.end < statement.end)))
    return undefined;
  return steps.map(({ statement }, index): Notes => {
    const { tree, end } = statement;
    const isBehind = (it: Span, from: number) => it.start >= from && !tree.text.slice(from, it.start).includes("\n");
    const before = steps[index - 1]?.statement.end;
    const above =
      before === undefined
        ? []
        : comments.filter((it) => it.start >= before && it.end <= statement.start && !isBehind(it, before));
    return {
      above: above.map((it) => it.text.trimEnd()),
      behind: comments.find((it) => isBehind(it, end))?.text.trimEnd() ?? "",
    };
  });
}
