/** Functions that begin and end with the same statements around what they do: these become a decorator on all of them. */

import {
  asClass,
  asFunction,
  defineRefactoring,
  definitionAbove,
  expressionOf,
  functionAround,
  importModule,
  importName,
  indentOf,
  indentUnit,
  isCompiled,
  isConstant,
  lineAbove,
  linesAtEnd,
  linesOf,
  remove,
  startsLine,
  statementsOf,
  topStatement,
  withFunctionName,
  withoutName,
  type Edit,
  type Facts,
  type FunctionDef,
  type Import,
  type Node,
  type Span,
} from "../analysis/authoring.js";

interface Framed {
  readonly def: FunctionDef;
  readonly before: readonly Node[];
  readonly after: readonly Node[];
}

interface Group {
  readonly chosen: FunctionDef;
  readonly members: readonly Framed[];
  readonly opening: readonly string[];
  readonly closing: readonly string[];
  readonly name: string;
  readonly wraps: Import;
}

export default defineRefactoring({
  title: "Repeated first and last statements to a decorator",
  guide: "decorators",
  kind: "extract",
  on: ["function_definition"],
  reach: "head",

  example: {
    before: `
import functools
from time import perf_counter

def ‸train(model):
    start = perf_counter()
    model.fit()
    print(f"train: {perf_counter() - start:.2f} s")

def score(model):
    start = perf_counter()
    result = model.score()
    print(f"score: {perf_counter() - start:.2f} s")
    return result
`,
    after: `
import functools
from time import perf_counter

def timed(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        start = perf_counter()
        result = func(*args, **kwargs)
        print(f"{func.__name__}: {perf_counter() - start:.2f} s")
        return result

    return wrapper

@timed
def train(model):
    model.fit()

@timed
def score(model):
    result = model.score()
    return result
`,
  },

  find(node, _selection, file): Group | undefined {
    const { facts } = file;
    const all = functionsOf(facts);
    const chosen = all.find((it) => it.node === node);
    const shape = chosen && shapeOf(chosen, facts);
    if (!chosen || !shape) return undefined;
    const alike = all
      .filter((it) => beginningOf(it) === beginningOf(chosen))
      .map((it) => (it === chosen ? shape : shapeOf(it, facts)))
      .flatMap((it) => (it && it.texts[0] === shape.texts[0] && it.texts.at(-1) === shape.texts.at(-1) ? [it] : []));
    if (alike.length < 2) return undefined;
    const found = framed(alike, facts);
    const top = found && topStatement(found[0]!.def.node, facts);
    const mine = found?.find((it) => it.def === chosen);
    const direct = top && importName(file, "functools", "wraps", top);
    const whole = top && importModule(file, "functools", top);
    const wraps = direct?.isThere ? direct : whole && { ...whole, name: `${whole.name}.wraps` };
    if (!found || !mine || !top || !wraps || !startsLine(top)) return undefined;
    const unit = indentUnit(mine.before[0]!, facts);
    const [opening, closing] = [textsOf(mine.before, chosen.name, unit), textsOf(mine.after, chosen.name, unit)];
    if (!opening || !closing) return undefined;
    const text = [...opening, ...closing].join("\n");
    const wanted = /\b(perf_counter|monotonic|time\.time|process_time)/.test(text)
      ? "timed"
      : /\b(log|logger|logging|print)\b/i.test(text)
        ? "logged"
        : "framed";
    return { chosen, members: found, opening, closing, name: facts.freshName(wanted, top), wraps };
  },

  offer: ({ members, name, chosen }) =>
    `Extract \`@${name}\` from \`${chosen.name}\` and ${members.length === 2 ? `\`${members.find((it) => it.def !== chosen)!.def.name}\`` : `${members.length - 1} other functions`}`,

  doubt: ({ opening, closing }) =>
    /\b(log|logger|logging|warnings)\b/i.test([...opening, ...closing].join("\n"))
      ? "Log records and warnings then show the function and line of the wrapper."
      : undefined,

  apply({ members, opening, closing, name, wraps }, { facts }) {
    const top = topStatement(members[0]!.def.node, facts);
    const unit = indentUnit(members[0]!.before[0]!, facts);
    const inner = [...opening, "result = func(*args, **kwargs)", ...closing, "return result"].map(
      (it) => `${unit}${unit}${it}`,
    );
    const text = [
      `def ${name}(func):`,
      `${unit}@${wraps.name}(func)`,
      `${unit}def wrapper(*args, **kwargs):`,
      ...inner,
      "",
      `${unit}return wrapper`,
    ].join("\n");
    const edits = members.flatMap(({ def, before, after }): readonly Edit[] => [
      lineAbove(def.node, `@${name}`),
      remove(linesAround(before, "below")),
      remove(linesAround(after, "above")),
    ]);
    return { edits: [...wraps.edits, definitionAbove(top, text, facts, wraps.edits), ...edits] };
  },
});

/** The statements with the function's name taken out, their further lines indented for the wrapper. */
function textsOf(statements: readonly Node[], name: string, unit: string): readonly string[] | undefined {
  const texts = statements.map((it) => withFunctionName(it, name)?.replaceAll(`\n${indentOf(it)}`, `\n${unit}${unit}`));
  const isFrozen = statements.some((it) =>
    [it, ...it.descendants("string")].some((part) => part.kind === "string" && part.text.includes("\n")),
  );
  return !isFrozen && texts.every((it) => it !== undefined) ? texts : undefined;
}

/** Functions of the module and methods of its classes, in the order of the file. */
function functionsOf(facts: Facts): readonly FunctionDef[] {
  return facts.view.document.pieces.flatMap(({ tree }) =>
    tree.root.children.flatMap(
      (it) =>
        asFunction(it) ??
        statementsOf(asClass(it)?.body ?? it).flatMap((member) => (asClass(it) && asFunction(member)) || []),
    ),
  );
}

/** Seen at a glance: functions that differ in it need no closer look. */
function beginningOf({ body }: FunctionDef): string {
  const [first, second] = statementsOf(body);
  const start = first && expressionOf(first)?.kind === "string" ? second : first;
  return start ? `${start.kind} ${/^\w*/.exec(start.text)![0]}` : "";
}

interface Shape {
  readonly def: FunctionDef;
  /** Without the docstring and a last `return`. */
  readonly statements: readonly Node[];
  readonly texts: readonly string[];
}

/** Undefined for functions that cannot be taken apart: they leave in more than one place, or what they return is computed last. */
function shapeOf(def: FunctionDef, facts: Facts): Shape | undefined {
  if (def.isAsync || def.node.isBroken || !startsLine(def.node) || isCompiled(def.body, facts)) return undefined;
  const own = def.body.descendants("return_statement", "yield").filter((it) => functionAround(it) === def.node);
  const all = statementsOf(def.body);
  const [first, last] = [all[0], all.at(-1)];
  const returned = last?.kind === "return_statement" ? last : undefined;
  if (own.some((it) => it !== returned) || (returned && !mayBeReadLater(returned.children[0]))) return undefined;
  const statements = all.filter((it) => it !== returned && !(it === first && expressionOf(it)?.kind === "string"));
  const isWhole = statements.every((it) => linesOf(it) !== undefined);
  return isWhole && statements.length > 2
    ? { def, statements, texts: statements.map((it) => withoutName(it, def.name)) }
    : undefined;
}

/** It is the same whether it is looked at before or after the last statements. */
function mayBeReadLater(value: Node | undefined): boolean {
  return (
    value === undefined ||
    value.kind === "identifier" ||
    isConstant(value) ||
    (["tuple", "expression_list"].includes(value.kind) && value.children.every(mayBeReadLater))
  );
}

/** Statements at either end: more of them are no frame but the function, and each pair of lengths has to be tried. */
const LONGEST_FRAME = 10;

/** The longest stretches at both ends that are alike in all and stand apart from what is between them. */
function framed(shapes: readonly Shape[], facts: Facts): readonly Framed[] | undefined {
  const [first] = shapes;
  const least = Math.min(...shapes.map((it) => it.texts.length));
  const longest = Math.min(least - 1, LONGEST_FRAME);
  const count = (at: (shape: Shape, index: number) => string | undefined): number => {
    let index = 0;
    while (index < longest && shapes.every((it) => at(it, index) === at(first!, index))) index++;
    return index;
  };
  const [most, mostBehind] = [count((it, index) => it.texts[index]), count((it, index) => it.texts.at(-1 - index))];
  for (let head = most; head > 0; head--) {
    for (let tail = Math.min(mostBehind, least - head - 1); tail > 0; tail--) {
      const parts = shapes.map(({ def, statements }) => ({
        def,
        before: statements.slice(0, head),
        after: statements.slice(-tail),
      }));
      if (parts.every((it) => standsApart(it, facts))) return parts;
    }
  }
  return undefined;
}

const OURS = new Set(["func", "args", "kwargs", "result", "wrapper", "super", "__class__", "locals", "vars"]);

/** The frame reads and binds nothing of the function but its own names, the function none of these; no comment would be lost. */
function standsApart({ def, before, after }: Framed, facts: Facts): boolean {
  const frame = [...before, ...after];
  const within = (it: Node) =>
    frame.some((part) => it.tree === part.tree && it.start >= part.start && it.end <= part.end);
  if (
    frame.some(
      (it) =>
        it.descendants(
          "yield",
          "await",
          "global_statement",
          "nonlocal_statement",
          "function_definition",
          "class_definition",
        ).length > 0,
    )
  )
    return false;
  const spans = [
    linesAround(before, "below"),
    linesAround(after, "above"),
    { start: def.body.start, end: before[0]!.start },
  ];
  if (def.node.tree.root.comments.some((it) => spans.some(({ start, end }) => it.start >= start && it.end <= end)))
    return false;
  return frame
    .flatMap((it) => it.descendants("identifier"))
    .every((node) => {
      if (OURS.has(node.text) || /^__\w*[^_]$/.test(node.text)) return false;
      const binding = facts.bindingOf(node);
      if (!binding || binding.scope.kind === "module" || within(binding.scope.node)) return true;
      return (
        binding.scope.kind === "function" &&
        binding.sites.every((it) => within(it.name) && !it.isRemote) &&
        binding.reads.every(within)
      );
    });
}

/** In characters: comments further above stay where they are. */
const FARTHEST = 4_000;

/** The lines of statements, with the comments and empty lines up to the code that stays. */
function linesAround(statements: readonly Node[], side: "above" | "below"): Span {
  const { tree } = statements[0]!;
  const [first, last] = [linesOf(statements[0]!)!, linesOf(statements.at(-1)!)!];
  const blankAbove =
    side === "above"
      ? linesAtEnd(tree.text.slice(Math.max(0, first.start - FARTHEST), first.start), (it) => /^\s*(?:#|$)/.test(it))
      : "";
  const blankBelow = side === "below" ? /^(?:[ \t]*\r?\n)*/.exec(tree.text.slice(last.end))![0] : "";
  return { tree, start: first.start - blankAbove.length, end: last.end + blankBelow.length };
}
