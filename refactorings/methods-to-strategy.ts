/** `if mode == "a": …`, `elif mode == "b": …` with steps of their own in each branch: every branch becomes a function, and a table says which one a mode means. */

import {
  asFunction,
  branchOf,
  defineRefactoring,
  definitionAbove,
  emptyLines,
  equalityTests,
  functionAround,
  haveDistinctKeys,
  indentOf,
  indentUnit,
  insertAfter,
  isCompiled,
  isHashable,
  isThereAbove,
  reindented,
  replace,
  startsLine,
  statementOf,
  textValue,
  topStatement,
  type Binding,
  type Edit,
  type EqualityTests,
  type Facts,
  type FunctionDef,
  type Node,
  type Span,
} from "../analysis/authoring.js";

interface Strategy {
  readonly key: Node;
  readonly name: string;
  /** The branch with the comments that stand in it. */
  readonly body: Span;
}

export default defineRefactoring({
  title: "Mode flag with branches to strategies",
  guide: "pattern-strategy",
  kind: "extract",
  on: ["if_statement"],
  reach: "inside",

  example: {
    before: `
def scale(values: list[float], mode: str) -> list[float]:
    ‸if mode == "range":
        low, high = min(values), max(values)
        return [(value - low) / (high - low) for value in values]
    elif mode == "peak":
        peak = max(abs(value) for value in values)
        return [value / peak for value in values]
    raise ValueError(f"unknown mode {mode!r}")
`,
    after: `
def _scale_range(values: list[float]) -> list[float]:
    low, high = min(values), max(values)
    return [(value - low) / (high - low) for value in values]


def _scale_peak(values: list[float]) -> list[float]:
    peak = max(abs(value) for value in values)
    return [value / peak for value in values]


SCALE_STRATEGIES = {
    "range": _scale_range,
    "peak": _scale_peak,
}


def scale(values: list[float], mode: str) -> list[float]:
    if mode in SCALE_STRATEGIES:
        return SCALE_STRATEGIES[mode](values)
    raise ValueError(f"unknown mode {mode!r}")
`,
  },

  find(node, _selection, { facts }) {
    const def = asFunction(functionAround(node));
    const tests = def && node.parent === def.body ? equalityTests(node) : undefined;
    if (
      !def ||
      !tests ||
      tests.arms.length < 2 ||
      !haveDistinctKeys(tests.arms.map((it) => it.key)) ||
      def.isAsync ||
      def.node.field("type_parameters")
    )
      return undefined;
    const owner = facts.classOf(def.node);
    const self = owner?.methods.find((it) => it.def.node === def.node && it.kind === "instance")?.self;
    const top = topStatement(def.outer, facts);
    const isHome = owner
      ? self !== undefined && def.decorators.length === 0 && owner.def.outer === top
      : top === def.outer;
    if (
      !isHome ||
      isCompiled(node, facts) ||
      isTable(tests) ||
      !tests.arms.every((it) => isThereAbove(it.key, top, facts))
    )
      return undefined;
    const ending = endingOf(tests, def);
    const strategies = strategiesOf(tests, def, (name) =>
      owner
        ? [
            ...owner.methods.map((it) => it.def.name),
            ...owner.attributes.map((it) => it.name),
            ...owner.writes.map((it) => it.name),
          ].includes(name)
        : facts.isTaken(name, node),
    );
    const inputs = inputsOf(tests, def, facts);
    return ending !== undefined && strategies && inputs
      ? { def, tests, top, self, ending, strategies, inputs: inputs.filter((it) => it !== self) }
      : undefined;
  },

  offer: ({ def, tests }) =>
    `Move the ${tests.arms.length} branches${def.name.length < 40 ? ` of \`${def.name}\`` : ""} to functions of their own`,

  doubt: ({ tests: { subject } }, { facts }) =>
    isHashable(facts.typeOf(subject)) ? undefined : `\`${subject.text}\` must be hashable: it becomes a key of a dict.`,

  apply({ def, tests: { subject, region }, top, self, ending, strategies, inputs }, { facts }) {
    const unit = indentUnit(def.node, facts);
    const outer = indentOf(def.node);
    const inner = indentOf(region);
    const gap = "\n".repeat(self === undefined ? emptyLines(facts) + 1 : 2);
    const returns = def.returns ? ` -> ${def.returns.text}` : "";
    const parameters = [...(self === undefined ? [] : [self]), ...inputs.map((it) => declared(it, def))].join(", ");
    const functions = strategies.map(
      ({ name, body }) => `def ${name}(${parameters})${returns}:\n${outer}${unit}${reindented(body, outer + unit)}`,
    );
    const table = facts.freshName(
      self === undefined ? `${bare(def.name).toUpperCase()}_STRATEGIES` : "strategies",
      def.body,
    );
    const entries = (indent: string, owner: string) =>
      `${table} = {\n${strategies.map((it) => `${indent}${unit}${it.key.text}: ${owner}${it.name},\n`).join("")}${indent}}`;
    const use = `if ${subject.text} in ${table}:\n${inner}${unit}${ending}${table}[${subject.text}](${inputs.join(", ")})`;
    const whole = { ...region, end: strategies.at(-1)!.body.end };
    const edits: readonly Edit[] =
      self === undefined
        ? [definitionAbove(top, [...functions, entries("", "")].join(gap), facts), replace(whole, use)]
        : [
            replace(whole, `${entries(inner, `${self}.`)}\n${inner}${use}`),
            insertAfter(endOfLine(def.outer), functions.map((it) => `${gap}${outer}${it}`).join("")),
          ];
    return { edits };
  },
});

/** Branches that differ in a name or value alone are a table of their own: `dispatch-to-registry`. */
function isTable({ arms }: EqualityTests): boolean {
  const branches = arms.map((it) => branchOf(it.key, it.body, true));
  return branches.every(
    (it) => it !== undefined && it.before === branches[0]?.before && it.after === branches[0]?.after,
  );
}

/** What stands before the call of a strategy. Undefined where a branch would have to go on behind the chain. */
function endingOf({ arms }: EqualityTests, def: FunctionDef): string | undefined {
  const leaves = arms.every((it) => ["return_statement", "raise_statement"].includes(it.body.lastChild!.kind));
  if (leaves) return "return ";
  if (def.body.lastChild !== arms[0]?.condition.parent) return undefined;
  const hasValue = def.body
    .descendants("return_statement")
    .some((it) => functionAround(it) === def.node && it.children.length > 0);
  return hasValue ? "return " : "";
}

function bare(name: string): string {
  return name.replace(/^_+|(?<!_)_+$/g, "");
}

function strategiesOf(
  { arms, region }: EqualityTests,
  def: FunctionDef,
  isTaken: (name: string) => boolean,
): readonly Strategy[] | undefined {
  const strategies = arms.map(({ key, condition, body }): Strategy | undefined => {
    const told =
      textValue(key) ?? (key.kind === "attribute" ? key.field("attribute")!.text : key.text.replace("-", "minus_"));
    const slug = told
      .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^_+|(?<!_)_+$/g, "");
    const name = `_${bare(def.name)}_${slug}`;
    const span = withComments(condition, body);
    return slug === "" || isTaken(name) || !span ? undefined : { key, name, body: span };
  });
  if (!strategies.every((it) => it !== undefined) || new Set(strategies.map((it) => it.name)).size < strategies.length)
    return undefined;
  const comments = def.node.tree.commentsIn(region);
  return comments.every((it) => strategies.some(({ body }) => body.start <= it.start && it.start < body.end))
    ? strategies
    : undefined;
}

/** From the first comment below the header to the comment behind the last statement. */
function withComments(condition: Node, body: Node): Span | undefined {
  if (!startsLine(body)) return body;
  const { tree } = body;
  const first = tree.commentsIn({ start: condition.end, end: body.start })[0];
  if (first && (!startsLine(first) || indentOf(first) !== indentOf(body))) return undefined;
  return endOfLine({ tree, start: first?.start ?? body.start, end: body.end });
}

function endOfLine({ tree, start, end }: Span): Span {
  // In files with CRLF the carriage return belongs to a comment.
  const newline = tree.text.indexOf("\n", end);
  return { tree, start, end: start + tree.text.slice(start, newline < 0 ? undefined : newline).trimEnd().length };
}

const UNMOVABLE = ["yield", "await", "global_statement", "nonlocal_statement", "delete_statement"] as const;
const FRAME_READERS = new Set(["locals", "vars", "dir", "eval", "exec", "globals"]);

/** The names of the function that its branches read, and that have a value before: in order, parameters first. */
function inputsOf({ arms, region }: EqualityTests, def: FunctionDef, facts: Facts): readonly string[] | undefined {
  const isInArm = (it: Node) => arms.some(({ body }) => it.isInside(body));
  const names = arms.flatMap((it) => it.body.descendants("identifier"));
  if (
    arms.some((it) => it.body.descendants(...UNMOVABLE).length > 0) ||
    names.some((it) => FRAME_READERS.has(it.text) && facts.isBuiltin(it.text, it))
  )
    return undefined;
  if (names.some((it) => it.text === "super" && !facts.classOf(def.node))) return undefined;
  const bindings = new Set(names.map((it) => facts.bindingOf(it)).filter((it): it is Binding => it !== undefined));
  const inputs: { readonly name: string; readonly at: number }[] = [];
  for (const binding of bindings) {
    const isWritten = binding.sites.some((it) => isInArm(it.name));
    if (isWritten && binding.sites.some((it) => it.isRemote)) return undefined;
    if (binding.scope.node !== def.node || binding.scope.node.tree !== def.node.tree) {
      if (isWritten && binding.scope.kind === "module") return undefined;
      continue;
    }
    // A function made outside the branch sees what the branch assigns.
    if (isWritten && binding.reads.some((it) => !isInArm(it) && functionAround(it) !== def.node)) return undefined;
    const before = binding.sites.filter((it) => it.name.start < region.start);
    if (before.length === 0 || !binding.reads.some(isInArm)) continue;
    const isCertain = before.some(
      (it) =>
        it.kind === "parameter" ||
        (it.kind !== "delete" && it.kind !== "annotate" && statementOf(it.name).parent === def.body),
    );
    if (!isCertain || before.some((it) => it.kind === "delete")) return undefined;
    inputs.push({ name: binding.name, at: before[0]!.name.start });
  }
  return inputs.sort((a, b) => a.at - b.at).map((it) => it.name);
}

function declared(name: string, def: FunctionDef): string {
  const parameter = def.parameters.find((it) => it.name === name && it.star === "");
  return parameter?.annotation ? `${name}: ${parameter.annotation.text}` : name;
}
