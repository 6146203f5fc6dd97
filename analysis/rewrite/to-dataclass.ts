/** A class whose `__init__` copies its parameters to attributes, written as a dataclass; what else `__init__` does goes to `__post_init__`. */

import { lineAbove, linesOf, replace } from "../rule/edits.js";
import { importName, type Import } from "../rule/importing.js";
import type { Edit, File } from "../rule/rule.js";
import type { ClassInfo, Facts } from "../semantics/facts.js";
import { isHashable } from "../semantics/types.js";
import { useOf } from "../semantics/uses.js";
import { asAttribute } from "../syntax/expressions.js";
import {
  asAssignment,
  asClass,
  expressionOf,
  functionAround,
  indentOf,
  startsLine,
  statementsOf,
  type FunctionDef,
  type Parameter,
} from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { knownType } from "./known-type.js";
import { importEdits } from "./placing.js";

interface Field {
  readonly parameter: Parameter;
  readonly copy: Node;
  readonly type: string | undefined;
}

/** What becomes of a class as a dataclass. */
export interface PlainRecord {
  readonly info: ClassInfo;
  readonly init: FunctionDef;
  readonly fields: readonly Field[];
  /** What `__init__` does beside copying. */
  readonly rest: readonly Node[];
}

/** What has to be imported for it. */
export interface RecordImports {
  readonly dataclass: Import;
  /** Where a type is unknown. */
  readonly any: Import | undefined;
}

/** Undefined where a dataclass would do something else, or a comment would be lost. */
export function plainRecord(node: Node, facts: Facts): PlainRecord | undefined {
  const info = facts.classInfo(node);
  const init = info?.methods[0]?.def;
  if (!info || init?.name !== "__init__" || !fitsDataclass(info, init, facts)) return undefined;
  const [self, ...parameters] = init.parameters;
  const body = statementsOf(facts.bodyOf(init));
  const fields = parameters.map((it) => fieldOf(it, body, self!, facts));
  if (
    fields.length === 0 ||
    !fields.every((it) => it !== undefined) ||
    parameters.some((it) => it.isKeywordOnly !== parameters[0]!.isKeywordOnly)
  )
    return undefined;
  if (parameters[0]!.isKeywordOnly && !facts.hasPython("3.10")) return undefined;
  const rest = body.filter((it) => fields.every((field) => field.copy !== it));
  if (!isUnambiguous(info, fields) || !canFollow(rest, fields, self!, info, facts)) return undefined;
  const span = wholeOf(init);
  const kept = body.flatMap((it) => [...above(it), ...behind(it), ...it.comments]);
  const comments = init.node.tree.root.comments.filter((it) => it.start >= span.start && it.end <= span.end);
  if (!comments.every((it) => kept.includes(it))) return undefined;
  return { info, init, fields, rest };
}

/** Undefined where a name means something else there. */
export function recordImports({ fields, info }: PlainRecord, file: File): RecordImports | undefined {
  const isOpen = fields.some((it) => it.type === undefined);
  const dataclass = importName(file, "dataclasses", "dataclass", info.def.node);
  const any = isOpen ? importName(file, "typing", "Any", info.def.node) : undefined;
  return dataclass && (any || !isOpen) ? { dataclass, any } : undefined;
}

/** What is different afterwards, in sentences. */
export function recordDoubts({ info, fields }: PlainRecord): readonly string[] {
  const defines = (name: string) => info.definesMethod(name);
  const untyped = fields.filter((it) => it.type === undefined).map((it) => `\`${it.parameter.name}\``);
  const equality = defines("__eq__")
    ? []
    : [
        `Instances of \`${info.name}\` then compare${defines("__repr__") ? "" : " and print"} by their fields${defines("__hash__") ? "" : ", and cannot be set elements or dict keys"}.`,
      ];
  return [
    ...equality,
    ...(untyped.length > 0 ? [`No type is known for ${untyped.join(", ")}: Any is used there.`] : []),
  ];
}

/** The imports, the decorator, and the fields in the place of `__init__`. */
export function recordEdits(
  { info, init, fields, rest }: PlainRecord,
  { dataclass, any }: RecordImports,
  facts: Facts,
): readonly Edit[] {
  const indent = indentOf(init.node);
  const inner = indentOf(fields[0]!.copy);
  const lines = fields.map(({ parameter: { name, defaultValue }, copy, type }) =>
    [
      ...above(copy).map((it) => it.text),
      `${name}: ${type ?? any?.name}${defaultValue ? ` = ${defaultValue.text}` : ""}${behind(copy)
        .map((it) => `  ${it.text}`)
        .join("")}`,
    ].join(`\n${indent}`),
  );
  const hook = `def __post_init__(${init.parameters[0]!.name})${init.returns ? " -> None" : ""}:`;
  const more = rest.map(
    (it, index) =>
      `${index > 0 && /\n[ \t]*\r?\n/.test(textAbove(it)) ? "\n" : ""}\n${inner}${moved(it, fields, init.parameters[0]!.name, inner, facts)}`,
  );
  const text = `${lines.join(`\n${indent}`)}${rest.length > 0 ? `\n\n${indent}${hook}${more.join("")}` : ""}`;
  const head = `@${dataclass.name}${init.parameters[1]!.isKeywordOnly ? "(kw_only=True)" : ""}`;
  return [
    ...importEdits(dataclass, ...(any ? [any] : [])),
    lineAbove(info.def.outer, head),
    replace(wholeOf(init), text),
  ];
}

/** Nothing about the class or its `__init__` is beyond a dataclass, and no subclass would inherit a comparison that leaves out its own attributes. */
function fitsDataclass(info: ClassInfo, init: FunctionDef, facts: Facts): boolean {
  const { def, methods, attributes } = info;
  const bases = new Set<unknown>(["builtins.object", "abc.ABC", "typing.Generic"]);
  if (
    def.decorators.length > 0 ||
    def.keywords.size > 0 ||
    !facts.basesOf(info).every((it) => bases.has(it)) ||
    info.slots !== undefined ||
    info.isDynamic
  )
    return false;
  if (
    attributes.some((it) => it.annotation && !/\bClassVar\b/.test(it.annotation.text)) ||
    methods.some((it) => ["__post_init__", "__new__", "__init_subclass__"].includes(it.def.name))
  )
    return false;
  const isBase = facts.readsOf(def.nameNode).some((it) => asClass(it.ancestor("argument_list")?.parent) !== undefined);
  if (isBase && !methods.some((it) => it.def.name === "__eq__")) return false;
  const isOdd =
    init.decorators.length > 0 ||
    init.isAsync ||
    init.node.isBroken ||
    !startsLine(init.outer) ||
    statementsOf(init.body).some((it) => !startsLine(it) || !linesOf(it));
  return (
    !isOdd &&
    init.parameters.length > 1 &&
    !init.node.field("parameters")!.children.some((it) => it.kind === "positional_separator")
  );
}

/** The one statement that copies a parameter to the attribute of the same name. */
function fieldOf(parameter: Parameter, body: readonly Node[], self: Parameter, facts: Facts): Field | undefined {
  const { name, defaultValue, annotation } = parameter;
  const copies = body.filter((it) => {
    const assignment = asAssignment(it);
    const target = asAttribute(assignment?.targets[0]);
    return (
      assignment?.targets.length === 1 &&
      assignment.value?.text === name &&
      target?.object.text === self.name &&
      target.name === name
    );
  });
  const [copy, more] = copies;
  if (
    !copy ||
    more ||
    parameter.star !== "" ||
    facts.writesOf(parameter.nameNode).length !== 1 ||
    (defaultValue && !isFixed(defaultValue, facts))
  )
    return undefined;
  const guess = defaultValue && defaultValue.kind !== "none" ? knownType(defaultValue, copy, facts) : undefined;
  const type = (asAssignment(copy)?.annotation ?? annotation)?.text ?? guess;
  return /\n/.test(`${type ?? ""}${defaultValue?.text ?? ""}`) ? undefined : { parameter, copy, type };
}

/** A dataclass refuses unhashable defaults: a shared list would be one. */
function isFixed(value: Node, facts: Facts): boolean {
  const owner = asAttribute(value)?.object;
  const info = owner?.kind === "identifier" ? facts.classNamed(owner.text) : undefined;
  return (
    isHashable(facts.typeOf(value)) ||
    (info !== undefined && facts.basesOf(info).some((it) => typeof it === "string" && it.startsWith("enum.")))
  );
}

/** In the class body a field hides what its name meant, and members above `__init__` are gone from sight. */
function isUnambiguous(info: ClassInfo, fields: readonly Field[]): boolean {
  const names = new Set([
    ...fields.map((it) => it.parameter.name),
    ...info.attributes.map((it) => it.name),
    ...info.methods.map((it) => it.def.name),
  ]);
  const isHidden = fields.some(({ parameter }) =>
    [...info.attributes.map((it) => it.name), ...info.methods.map((it) => it.def.name)].includes(parameter.name),
  );
  const texts = fields.map(
    ({ type, parameter }) =>
      `${type ?? ""} ${parameter.defaultValue?.kind === "string" ? "" : (parameter.defaultValue?.text ?? "")}`,
  );
  return !isHidden && !texts.some((it) => [...it.matchAll(/[A-Za-z_]\w*/g)].some(([word]) => names.has(word)));
}

/** The other statements do the same after all copies, with the attributes in place of the parameters. */
function canFollow(
  rest: readonly Node[],
  fields: readonly Field[],
  self: Parameter,
  info: ClassInfo,
  facts: Facts,
): boolean {
  if (
    rest.some(
      (it) =>
        expressionOf(it)?.kind === "string" ||
        it.descendants("return_statement", "yield", "await", "global_statement", "nonlocal_statement").length > 0,
    )
  )
    return false;
  if (rest.some((it) => it.descendants("identifier").some((name) => ["super", "locals"].includes(name.text))))
    return false;
  if (
    fields.some(
      ({ parameter }) =>
        info.writes.filter((it) => it.name === parameter.name && it.method.def.name === "__init__").length !== 1,
    )
  )
    return false;
  const reads = fields.flatMap(({ parameter, copy }) =>
    facts.readsOf(parameter.nameNode).filter((it) => !it.isInside(copy)),
  );
  const handsOn = facts
    .usesOf(self.nameNode)
    .filter((it) => rest.some((statement) => it.node.isInside(statement)) && !it.kind.startsWith("attribute"));
  const init = functionAround(rest[0] ?? fields[0]!.copy);
  return reads.every(
    (it) =>
      functionAround(it) === init &&
      it.ancestor("generator_expression") === undefined &&
      useOf(it).kind !== "deleted" &&
      it.tree.text[it.end] !== "=" &&
      handsOn.every((use) => use.node.start > it.start),
  );
}

/** A statement with its comments, the parameters read from the instance. */
function moved(statement: Node, fields: readonly Field[], self: string, indent: string, facts: Facts): string {
  const reads = fields
    .flatMap(({ parameter }) => facts.readsOf(parameter.nameNode))
    .filter((it) => it.isInside(statement))
    .sort((a, b) => b.start - a.start);
  const text = reads.reduce(
    (it, read) => `${it.slice(0, read.start - statement.start)}${self}.${it.slice(read.start - statement.start)}`,
    statement.text,
  );
  return [
    ...above(statement).map((it) => it.text),
    text + statement.tree.text.slice(statement.end, behind(statement).at(-1)?.end ?? statement.end),
  ].join(`\n${indent}`);
}

function textAbove(statement: Node): string {
  const siblings = statement.parent?.children ?? [];
  const before = siblings[siblings.indexOf(statement) - 1];
  return statement.tree.text.slice(before?.end ?? statement.start, statement.start);
}

/** The comment lines between the statement before and this one. */
function above(statement: Node): readonly Node[] {
  const siblings = statement.parent?.children ?? [];
  const from = siblings[siblings.indexOf(statement) - 1]?.end ?? functionAround(statement)?.start ?? 0;
  return statement.tree.root.comments.filter((it) => it.start >= from && it.end <= statement.start && startsLine(it));
}

function behind(statement: Node): readonly Node[] {
  return statement.tree.root.comments.filter(
    (it) => it.start >= statement.end && /^[ \t]*$/.test(statement.tree.text.slice(statement.end, it.start)),
  );
}

/** `__init__` with the comment on its last line. */
function wholeOf({ outer, body }: FunctionDef): {
  readonly tree: Node["tree"];
  readonly start: number;
  readonly end: number;
} {
  const last = statementsOf(body).at(-1);
  return {
    tree: outer.tree,
    start: outer.start,
    end: Math.max(outer.end, ...(last ? behind(last).map((it) => it.end) : [])),
  };
}
