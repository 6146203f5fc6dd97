/** The shape of a dict literal, or of a list of such, becomes a TypedDict: a class with its keys, and an annotation where the dict gets its name. */

import {
  asAssignment,
  asFunction,
  defineRefactoring,
  definitionAbove,
  functionAround,
  importEdits,
  importName,
  indentUnit,
  insertAfter,
  knownType,
  replace,
  singular,
  startsLine,
  statementOf,
  statementsOf,
  textValue,
  topStatement,
  union,
  wrapped,
  type Edit,
  type Facts,
  type File,
  type FunctionDef,
  type Import,
  type Node,
  type Use,
} from "../analysis/authoring.js";

interface Shape {
  /** By key; undefined where no type is known. */
  readonly fields: ReadonlyMap<string, string | undefined>;
  readonly name: string;
  /** What is annotated: a name, or the result of a function. */
  readonly of: string;
  readonly isResult: boolean;
  readonly isPassedOn: boolean;
  readonly top: Node;
  annotate(type: string): Edit;
}

const KEYWORDS = new Set(
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".split(
    " ",
  ),
);

export default defineRefactoring({
  title: "Dict literal to TypedDict",
  guide: "records",
  kind: "extract",
  on: ["dictionary"],
  reach: "inside",

  example: {
    before: `
import math

def summarize(losses: list[float]):
    return {‸"steps": len(losses), "mean": math.fsum(losses) / len(losses)}
`,
    after: `
import math
from typing import TypedDict

class Summary(TypedDict):
    steps: int
    mean: float

def summarize(losses: list[float]) -> Summary:
    return {"steps": len(losses), "mean": math.fsum(losses) / len(losses)}
`,
  },

  find(node, _selection, file): Shape | undefined {
    const { facts } = file;
    const list = wrapped(node).parent;
    const isList = list?.kind === "list";
    const rows = isList ? list.children : [node];
    const holder = wrapped(isList ? list : node);
    const statement = statementOf(holder);
    const top = topStatement(node, facts);
    if (!rows.every((it) => it.kind === "dictionary") || !startsLine(top) || holder.isBroken) return undefined;
    const shape =
      statement.kind === "return_statement"
        ? returned(statement, holder, rows, isList, top, facts)
        : assigned(statement, holder, rows, isList, top, facts);
    return shape && importsFor(shape, file) ? shape : undefined;
  },

  offer: ({ of, isResult }) =>
    isResult ? `Describe what \`${of}\` returns with a TypedDict` : `Describe \`${of}\` with a TypedDict`,

  doubt({ fields, isPassedOn }) {
    const open = [...fields].filter(([, type]) => type === undefined).map(([key]) => `"${key}"`);
    const any = open.length > 0 ? [`No type is known for ${open.join(", ")}: Any is used there.`] : [];
    const passed = isPassedOn ? ["A type checker does not accept a TypedDict where a plain dict is expected."] : [];
    return [...any, ...passed].join(" ") || undefined;
  },

  apply(shape, file) {
    const { fields, name, top, annotate } = shape;
    const needed = importsFor(shape, file);
    if (!needed) return undefined;
    const { typed, any } = needed;
    const imports = importEdits(typed, any);
    const unit = indentUnit(top, file.facts);
    const entries = [...fields].map(([key, type]) => [key, type ?? any.name] as const);
    const text = entries.every(([key]) => /^[A-Za-z_]\w*$/.test(key) && !/^__/.test(key) && !KEYWORDS.has(key))
      ? `class ${name}(${typed.name}):\n${entries.map(([key, type]) => `${unit}${key}: ${type}`).join("\n")}`
      : functional(name, typed.name, entries, unit, file.facts.lineLength);
    return { edits: [...imports, definitionAbove(top, text, file.facts, imports), annotate(name)] };
  },
});

function importsFor({ fields, top }: Shape, file: File): { readonly typed: Import; readonly any: Import } | undefined {
  const typed = importName(file, "typing", "TypedDict", top);
  const any = [...fields.values()].includes(undefined)
    ? importName(file, "typing", "Any", top)
    : { name: "", isThere: true, edits: [] };
  return typed && any && { typed, any };
}

/** Keys that are no names need the form of a call. */
function functional(
  name: string,
  maker: string,
  entries: readonly (readonly [string, string])[],
  unit: string,
  lineLength: number,
): string {
  const pairs = entries.map(([key, type]) => `${JSON.stringify(key)}: ${type}`);
  const line = `${name} = ${maker}("${name}", {${pairs.join(", ")}})`;
  return line.length <= lineLength
    ? line
    : `${name} = ${maker}(\n${unit}"${name}",\n${unit}{\n${pairs.map((it) => `${unit}${unit}${it},\n`).join("")}${unit}},\n)`;
}

function assigned(
  statement: Node,
  holder: Node,
  rows: readonly Node[],
  isList: boolean,
  top: Node,
  facts: Facts,
): Shape | undefined {
  const assignment = asAssignment(statement);
  const [target, more] = assignment?.targets ?? [];
  if (
    !assignment ||
    !target ||
    more ||
    target.kind !== "identifier" ||
    assignment.value !== holder ||
    !saysNoMore(assignment.annotation, isList)
  )
    return undefined;
  const [site, other] = facts.writesOf(target);
  if (!site || other || site.isRemote || facts.scopeOf(target).kind === "class") return undefined;
  const fields = fieldsOf(rows, top, facts);
  const uses = facts.usesOf(target);
  if (
    !fields ||
    (isList ? uses.some((it) => growsOtherwise(it, fields)) : !uses.every((it) => fits(it, fields, top, facts)))
  )
    return undefined;
  const base = /^[A-Z0-9_]+$/.test(target.text) ? target.text.toLowerCase() : target.text;
  const name = className(isList ? (singular(base) ?? `${base}_item`) : base, top, facts);
  if (![...fields.values()].some((it) => it !== undefined)) return undefined;
  const isPassedOn = uses.some(
    (it) => it.kind === "argument" && facts.nameOf(it.call!.field("function")!) !== "builtins.print",
  );
  const annotate = (type: string) =>
    assignment.annotation
      ? replace(assignment.annotation, listOf(type, isList))
      : insertAfter(target, `: ${listOf(type, isList)}`);
  return { fields, name, of: target.text, isResult: false, isPassedOn, top, annotate };
}

function returned(
  statement: Node,
  holder: Node,
  rows: readonly Node[],
  isList: boolean,
  top: Node,
  facts: Facts,
): Shape | undefined {
  const def = asFunction(functionAround(statement));
  if (
    !def ||
    statement.children[0] !== holder ||
    !saysNoMore(def.returns, isList) ||
    statementsOf(def.body).at(-1)?.kind !== "return_statement"
  )
    return undefined;
  const own = def.body.descendants("return_statement", "yield").filter((it) => functionAround(it) === def.node);
  const values = own.map((it) => it.children[0]);
  if (isList ? own.length > 1 : values.some((it) => it?.kind !== "dictionary")) return undefined;
  const fields = fieldsOf(isList ? rows : values.flatMap((it) => it ?? []), top, facts);
  if (!fields || ![...fields.values()].some((it) => it !== undefined)) return undefined;
  const head = def.node.field("parameters")!;
  const annotate = (type: string) =>
    def.returns ? replace(def.returns, listOf(type, isList)) : insertAfter(head, ` -> ${listOf(type, isList)}`);
  return {
    fields,
    name: className(resultName(def, isList), top, facts),
    of: def.name,
    isResult: true,
    isPassedOn: false,
    top,
    annotate,
  };
}

const listOf = (type: string, isList: boolean): string => (isList ? `list[${type}]` : type);

/** No annotation, or one that says no more than what is there. */
function saysNoMore(annotation: Node | undefined, isList: boolean): boolean {
  const plain = /^(typing\.)?[Dd]ict(\[str, *(typing\.)?(Any|object)\])?$/;
  const item = isList ? /^(?:typing\.)?[Ll]ist(?:\[(.*)\])?$/.exec(annotation?.text ?? "") : undefined;
  return (
    annotation === undefined ||
    (isList ? item !== null && (item?.[1] === undefined || plain.test(item[1])) : plain.test(annotation.text))
  );
}

/** The keys with the types of their values in all rows; undefined where the keys differ or are no plain text. */
function fieldsOf(rows: readonly Node[], near: Node, facts: Facts): Map<string, string | undefined> | undefined {
  const fields = new Map<string, string | undefined>();
  for (const [index, row] of rows.entries()) {
    const pairs = row.children;
    const keys = pairs.map((it) => textValue(it.field("key")));
    if (
      pairs.length < 2 ||
      new Set(keys).size < pairs.length ||
      keys.some((it) => it === undefined || (index > 0 && !fields.has(it))) ||
      (index > 0 && keys.length !== fields.size)
    )
      return undefined;
    pairs.forEach((it, at) => {
      const found = knownType(it.field("value")!, near, facts);
      const type = found === "None" ? undefined : found;
      fields.set(keys[at]!, index === 0 ? type : union([fields.get(keys[at]!), type]));
    });
  }
  return fields;
}

const READS = new Set(["items", "keys", "values", "copy"]);

/** The use keeps to the keys; what is stored widens the type of its key. */
function fits(use: Use, fields: Map<string, string | undefined>, near: Node, facts: Facts): boolean {
  if (["subscript-delete", "augmented", "deleted"].includes(use.kind)) return false;
  if (use.kind === "method") {
    const key = textValue(use.call?.field("arguments")?.children[0]);
    return READS.has(use.name ?? "") || (use.name === "get" && key !== undefined && fields.has(key));
  }
  if (use.kind !== "subscript" && use.kind !== "subscript-store") return true;
  const key = textValue(use.in.field("subscript"));
  if (key === undefined || !fields.has(key)) return false;
  const stored = use.kind === "subscript-store" ? use.in.parent?.field("right") : undefined;
  if (use.kind === "subscript-store")
    fields.set(key, union([fields.get(key), stored && knownType(stored, near, facts)]));
  return true;
}

/** Items of another shape are added to the list. */
function growsOtherwise(use: Use, fields: ReadonlyMap<string, unknown>): boolean {
  if (use.kind !== "method" || !["append", "insert", "extend"].includes(use.name ?? "")) return false;
  return (use.call?.descendants("dictionary") ?? []).some(
    (it) =>
      it.children.length !== fields.size ||
      !it.children.every((pair) => fields.has(textValue(pair.field("key")) ?? "")),
  );
}

/** `load_config` returns a config, `summarize` a summary. */
function resultName(def: FunctionDef, isList: boolean): string {
  const noun =
    /^_*(?:get|load|read|make|build|create|compute|calculate|collect|fetch|parse|to|as|find)_(\w+)$/.exec(
      def.name,
    )?.[1] ?? def.name.replace(/mari[sz]e$/, "mary");
  const base = noun === def.name ? `${noun}_result` : noun;
  return isList ? (singular(base) ?? `${base}_item`) : base;
}

function className(words: string, near: Node, facts: Facts): string {
  const name =
    words
      .split("_")
      .filter((it) => it !== "")
      .map((it) => it[0]!.toUpperCase() + it.slice(1))
      .join("") || "Shape";
  const good = /^\d/.test(name) ? `Shape${name}` : name;
  return facts.isTaken(good, near) ? facts.freshName(`${good}Dict`, near) : good;
}
