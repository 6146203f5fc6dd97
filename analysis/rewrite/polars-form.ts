/** What a function does with one value of a column, as an expression of Polars; Spark has a twin for the same work. */

import type { Facts } from "../semantics/facts.js";
import {
  asBinary,
  asCall,
  asComparison,
  asMethodCall,
  asSubscript,
  bindingStrength,
  integerOf,
  isConstant,
  itemsOf,
  unwrap,
} from "../syntax/expressions.js";
import { asString, textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import type { Case, GivenFunction } from "./applied-function.js";

/** How an expression of Polars is to be written. */
export interface PolarsOptions {
  /** What stands for the value: `pl.col("a")`. Undefined where the value is a row, of which items are taken. */
  readonly base: string | undefined;
  /** What the module is called: `pl`. */
  readonly polars: string;
  /** An outer name that is one number or text. */
  isKnown(node: Node): boolean;
}

/** An expression of Polars as source text. */
export interface PolarsForm {
  readonly text: string;
  readonly binding: number;
  readonly kind: "number" | "text" | "list" | "truth" | "any";
  readonly doubts: readonly string[];
  /** It is named after the column, or after the first of them. */
  readonly keepsName: boolean;
}

const ATOM = 20;
const ANY: PolarsOptions = { base: "it", polars: "pl", isKnown: () => true };

/** In a few words what the function does; undefined where no expression is known for it. */
export function expressionWork(fn: GivenFunction, ofRow: boolean, facts: Facts): string | undefined {
  if (fn.parameter === undefined) return namedTwin(fn, ANY)?.twin;
  const form = polarsForm(fn, { ...ANY, base: ofRow ? undefined : ANY.base }, facts);
  const [first, more] = withoutGuard(fn);
  if (!form || !first) return undefined;
  if (more) return "when";
  const { value } = first;
  // What gives its own value, or always the same one, is something else.
  if (unwrap(value).kind === "identifier" || isConstant(unwrap(value)) || !mentions(value, fn.parameter))
    return undefined;
  const [, method] = /\.((?:str|list|dt)\.\w+|\w+)\([^()]*\)$/.exec(form.text) ?? [];
  return method ?? "operators";
}

/** Undefined where some part of it is not in the tables. */
export function polarsForm(fn: GivenFunction, options: PolarsOptions, facts: Facts): PolarsForm | undefined {
  const { parameter } = fn;
  if (parameter === undefined) return namedTwin(fn, options)?.form;
  const cases = withoutGuard(fn);
  const [first] = cases;
  if (!first) return undefined;
  const writer = writerOf(parameter, options, facts);
  if (cases.length === 1) return writer.value(first.value);
  let text = options.polars;
  const doubts = ["missing values get what is left when no test holds"];
  for (const { test, value } of cases) {
    const chosen = writer.literal(value) ?? writer.value(value);
    if (!chosen) return undefined;
    doubts.push(...chosen.doubts);
    if (!test) text += `.otherwise(${chosen.text})`;
    else {
      const condition = writer.value(test);
      if (condition?.kind !== "truth") return undefined;
      doubts.push(...condition.doubts);
      text += `.when(${condition.text}).then(${chosen.text})`;
    }
  }
  return { text, binding: ATOM, kind: "any", doubts: [...new Set(doubts)], keepsName: false };
}

/** `None if x is None else …`: columns leave missing values missing by themselves. */
function withoutGuard({ parameter, cases }: GivenFunction): readonly Case[] {
  const [first, second, more] = cases;
  const isNone = (it: Case | undefined) => it !== undefined && unwrap(it.value).kind === "none";
  const test = first?.test?.text;
  if (test === `${parameter} is None` && isNone(first)) return cases.slice(1);
  if (first && test === `${parameter} is not None` && isNone(second) && !more) return [{ ...first, test: undefined }];
  return cases;
}

/** Methods of text with their twins; the number says how many constant texts they take. */
const TEXT = new Map<string, readonly [string, number, PolarsForm["kind"]]>([
  ["lower", ["to_lowercase", 0, "text"]],
  ["upper", ["to_uppercase", 0, "text"]],
  ["title", ["to_titlecase", 0, "text"]],
  ["strip", ["strip_chars", 0, "text"]],
  ["lstrip", ["strip_chars_start", 0, "text"]],
  ["rstrip", ["strip_chars_end", 0, "text"]],
  ["removeprefix", ["strip_prefix", 1, "text"]],
  ["removesuffix", ["strip_suffix", 1, "text"]],
  ["startswith", ["starts_with", 1, "truth"]],
  ["endswith", ["ends_with", 1, "truth"]],
  ["split", ["split", 1, "list"]],
]);
const NUMBER_FUNCTIONS = /^(?:math|numpy)\.(sqrt|exp|log|log10|log1p|sin|cos|tan|floor|ceil)$/;
const OPERATORS: Readonly<Record<string, number>> = { "+": 11, "-": 11, "*": 12, "/": 12, "//": 12, "%": 12, "**": 14 };

interface Writer {
  value(node: Node): PolarsForm | undefined;
  /** A constant where a name would be a column. */
  literal(node: Node): PolarsForm | undefined;
}

function writerOf(parameter: string, { base, polars, isKnown }: PolarsOptions, facts: Facts): Writer {
  const atom = (text: string, kind: PolarsForm["kind"], ...doubts: string[]): PolarsForm => ({
    text,
    binding: ATOM,
    kind,
    doubts,
    keepsName: true,
  });
  const tight = (form: PolarsForm): string => (form.binding < ATOM ? `(${form.text})` : form.text);
  const on = (form: PolarsForm, rest: string, kind: PolarsForm["kind"], ...doubts: string[]): PolarsForm => ({
    ...form,
    text: `${tight(form)}${rest}`,
    binding: ATOM,
    kind,
    doubts: [...form.doubts, ...doubts],
  });
  const literal = (node: Node): PolarsForm | undefined => {
    const it = unwrap(node);
    if (it.kind === "none") return atom("None", "any");
    if (!isConstant(it)) return undefined;
    return { ...atom(`${polars}.lit(${it.text})`, asString(it) ? "text" : "number"), keepsName: false };
  };
  const isValue = (node: Node): boolean => mentions(node, parameter);

  const leaf = (node: Node): PolarsForm | undefined => {
    if (base !== undefined)
      return node.kind === "identifier" && node.text === parameter ? atom(base, "any") : undefined;
    const item = asSubscript(node);
    const column = item?.value.text === parameter && item.indices.length === 1 ? item.indices[0]! : undefined;
    return column && textValue(column) !== undefined ? atom(`${polars}.col(${column.text})`, "any") : undefined;
  };

  const value = (node: Node): PolarsForm | undefined => {
    const it = unwrap(node);
    const own = leaf(it);
    if (own) return own;
    if (!isValue(it)) {
      const isPlain = isConstant(it) || ((it.kind === "identifier" || it.kind === "attribute") && isKnown(it));
      if (!isPlain || it.kind === "none") return undefined;
      const kind = asString(it) ? "text" : integerOf(it) !== undefined || it.kind === "float" ? "number" : "any";
      return { text: it.text, binding: bindingStrength(it), kind, doubts: [], keepsName: false };
    }
    return operation(it) ?? test(it) ?? called(it) ?? part(it);
  };

  const operation = (it: Node): PolarsForm | undefined => {
    const binary = asBinary(it);
    const strength = OPERATORS[binary?.operator ?? ""];
    if (binary && strength !== undefined) {
      const [left, right] = [value(binary.left), value(binary.right)];
      if (!left || !right || left.kind === "list" || right.kind === "list") return undefined;
      // `"%s" % x` writes a text, `"-" * x` repeats one.
      if (/^[%*]$/.test(binary.operator) && (left.kind === "text" || right.kind === "text")) return undefined;
      const joins = left.kind === "text" || right.kind === "text";
      // A constant in front gives the column its name otherwise.
      const text = `${left.binding < strength ? `(${left.text})` : left.text} ${binary.operator} ${right.binding <= strength ? `(${right.text})` : right.text}`;
      const divides = /^[/%]/.test(binary.operator) && !isConstant(unwrap(binary.right));
      return {
        text,
        binding: strength,
        kind: joins ? "text" : "number",
        doubts: [
          ...left.doubts,
          ...right.doubts,
          ...(divides ? ["a division by zero gives inf or a missing value"] : []),
          ...(joins ? [] : ["numbers stay within the type of the column, which may wrap around"]),
        ],
        keepsName: left.keepsName,
      };
    }
    if (it.kind !== "unary_operator" || !it.text.startsWith("-")) return undefined;
    const operand = value(it.field("argument")!);
    return operand && { ...operand, text: `-${tight(operand)}`, binding: 13, kind: "number" };
  };

  const test = (it: Node): PolarsForm | undefined => {
    if (it.kind === "not_operator") {
      const operand = value(it.field("argument")!);
      return operand?.kind === "truth" ? { ...operand, text: `~${tight(operand)}`, binding: 13 } : undefined;
    }
    const both = asBinary(it);
    if (both && (both.operator === "and" || both.operator === "or")) {
      const [left, right] = [value(both.left), value(both.right)];
      if (left?.kind !== "truth" || right?.kind !== "truth") return undefined;
      return {
        text: `${tight(left)} ${both.operator === "and" ? "&" : "|"} ${tight(right)}`,
        binding: both.operator === "and" ? 9 : 7,
        kind: "truth",
        doubts: [...left.doubts, ...right.doubts],
        keepsName: left.keepsName,
      };
    }
    const comparison = asComparison(it);
    if (comparison) return compared(comparison.left, comparison.operator, comparison.right);
    // `0 <= x < 10`.
    const [low, middle, high] = it.kind === "comparison_operator" && it.children.length === 3 ? it.children : [];
    const column = middle && value(middle);
    const bounds = [low, high].map((bound) => (bound && !isValue(bound) ? value(bound) : undefined));
    if (!column?.keepsName || !bounds[0] || !bounds[1]) return undefined;
    const [first, second] = [signBetween(it, low!, middle!), signBetween(it, middle!, high!)];
    const closed = (
      { "<=<=": "", "<<": ', closed="none"', "<=<": ', closed="left"', "<<=": ', closed="right"' } as const
    )[`${first}${second}` as "<<"] as string | undefined;
    return closed === undefined
      ? undefined
      : on(column, `.is_between(${bounds[0].text}, ${bounds[1].text}${closed})`, "truth");
  };

  const compared = (left: Node, operator: string, right: Node): PolarsForm | undefined => {
    const [a, list] = [value(left), unwrap(right)];
    if (operator === "in" || operator === "not in") {
      const text = textValue(left);
      const holder = isValue(right) ? value(right) : undefined;
      // `"x" in text` looks into each text.
      if (text !== undefined && holder && holder.kind !== "list")
        return not(
          operator,
          on(holder, `.str.contains(${unwrap(left).text}, literal=True)`, "truth", "a value that is no text fails"),
        );
      const isListed = ["list", "tuple", "set"].includes(list.kind) && itemsOf(list).every(isConstant);
      if (!a || !isValue(left) || (!isListed && !(isKnown(list) && list.kind === "identifier"))) return undefined;
      return not(
        operator,
        on(
          a,
          `.is_in(${
            isListed
              ? `[${itemsOf(list)
                  .map((item) => item.text)
                  .join(", ")}]`
              : list.text
          })`,
          "truth",
        ),
      );
    }
    const b = value(right);
    if (!a || !b || !/^(?:[<>]=?|[=!]=)$/.test(operator)) return undefined;
    const text = `${a.binding <= 6 ? `(${a.text})` : a.text} ${operator} ${b.binding <= 6 ? `(${b.text})` : b.text}`;
    const isOfNumbers = a.kind === "number" || b.kind === "number";
    const doubts = isOfNumbers ? ["NaN counts as the largest number, and equals itself"] : [];
    return { text, binding: 6, kind: "truth", doubts: [...a.doubts, ...b.doubts, ...doubts], keepsName: a.keepsName };
  };
  const not = (operator: string, form: PolarsForm): PolarsForm =>
    operator === "in" ? form : { ...form, text: `~${form.text}`, binding: 13 };

  const called = (it: Node): PolarsForm | undefined => {
    const call = asCall(it);
    if (!call || call.hasSplat || call.keywords.size > 0) return undefined;
    const [first, second, more] = call.args;
    if (more) return undefined;
    const method = asMethodCall(it);
    if (method) {
      const object = isValue(method.object) ? value(method.object) : undefined;
      const twin = TEXT.get(method.method);
      if (object && object.kind !== "list" && object.kind !== "number" && object.kind !== "truth") {
        if (
          twin &&
          !second &&
          call.args.length === twin[1] &&
          call.args.every((given) => textValue(given) !== undefined)
        )
          return on(object, `.str.${twin[0]}(${first?.text ?? ""})`, twin[2]);
        if (
          method.method === "replace" &&
          first &&
          second &&
          [first, second].every((given) => textValue(given) !== undefined)
        )
          return on(object, `.str.replace_all(${first.text}, ${second.text}, literal=True)`, "text");
      }
      const separator = textValue(method.object);
      const parts = method.method === "join" && first && !second && isValue(first) ? value(first) : undefined;
      if (separator !== undefined && parts?.kind === "list")
        return on(parts, `.list.join(${unwrap(method.object).text})`, "text");
      // `table.get(x, default)`.
      if (method.method === "get" && !isValue(method.object) && first && isValue(first) && isTable(method.object)) {
        const key = value(first);
        const otherwise = second ? (isConstant(unwrap(second)) ? second.text : undefined) : "None";
        return key && otherwise !== undefined
          ? on(key, `.replace_strict(${method.object.text}, default=${otherwise})`, "any")
          : undefined;
      }
    }
    const name = facts.nameOf(call.callee);
    const given = first && isValue(first) ? value(first) : undefined;
    if (name === undefined || !given) return undefined;
    const [, twin] = NUMBER_FUNCTIONS.exec(name) ?? [];
    if (twin && !second) return on(given, `.${twin}()`, "number", "what the function refuses gives nan");
    if (name === "builtins.abs" && !second) return on(given, ".abs()", "number");
    if (name === "builtins.round")
      return !second || integerOf(second) !== undefined
        ? on(given, `.round(${second?.text ?? ""})`, "number", "halves may be rounded the other way")
        : undefined;
    if (name === "builtins.len" && !second)
      return given.kind === "list"
        ? on(given, ".list.len()", "number")
        : on(given, ".str.len_chars()", "number", "the values must be texts");
    return undefined;
  };

  /** `table[x]`, `x[:3]`, `x.split(" ")[0]`. */
  const part = (it: Node): PolarsForm | undefined => {
    const item = asSubscript(it);
    const [index, more] = item?.indices ?? [];
    if (!item || !index || more) return undefined;
    if (!isValue(item.value)) {
      const key = isTable(item.value) ? value(index) : undefined;
      return key && on(key, `.replace_strict(${item.value.text})`, "any");
    }
    const object = value(item.value);
    if (!object || object.kind === "number" || object.kind === "truth") return undefined;
    const isList = object.kind === "list";
    if (index.kind === "slice") {
      const [start = "", stop, step] = index.text.split(":").map((it) => it.trim());
      if (stop === undefined || step !== undefined || !/^\d*$/.test(start) || !/^\d*$/.test(stop)) return undefined;
      const from = Number(start || 0);
      const count = stop === "" ? "" : `, ${Math.max(Number(stop) - from, 0)}`;
      return on(
        object,
        `.${isList ? "list" : "str"}.slice(${from}${count})`,
        isList ? "list" : "text",
        ...(isList ? [] : ["the values must be texts"]),
      );
    }
    const position = integerOf(index);
    if (position === undefined || !isList) return undefined;
    return on(object, `.list.get(${position})`, "text");
  };
  const isTable = (node: Node): boolean => {
    const table = unwrap(node);
    if (table.kind !== "identifier" && table.kind !== "attribute") return table.kind === "dictionary";
    const type = facts.typed(table, "fair")?.type.name;
    return type === undefined ? /map|table|lookup|dict|names|codes|labels|_to_/i.test(table.text) : type === "dict";
  };

  return { value, literal };
}

/** `map_elements(str.upper)`, `map_elements(len)`, `map_elements(table.get)`. */
function namedTwin(
  { given, name }: GivenFunction,
  { base }: PolarsOptions,
): { twin: string; form: PolarsForm } | undefined {
  const of = (rest: string, kind: PolarsForm["kind"], ...doubts: string[]) => ({
    twin: rest.slice(1, rest.indexOf("(")),
    form: { text: `${base ?? "it"}${rest}`, binding: ATOM, kind, doubts, keepsName: true },
  });
  if (base === undefined) return undefined;
  const [, method] = /^str\.(\w+)$/.exec(given.text) ?? [];
  const twin = method === undefined ? undefined : TEXT.get(method);
  if (twin?.[1] === 0) return of(`.str.${twin[0]}()`, twin[2]);
  if (name === "builtins.len") return of(".str.len_chars()", "number", "the values must be texts");
  if (name === "builtins.abs") return of(".abs()", "number");
  const [, fn] = NUMBER_FUNCTIONS.exec(name ?? "") ?? [];
  if (fn) return of(`.${fn}()`, "number", "what the function refuses gives nan");
  if (given.text.endsWith(".get")) return of(`.replace_strict(${given.text.slice(0, -4)}, default=None)`, "any");
  return undefined;
}

const mentions = (node: Node, name: string): boolean =>
  (node.kind === "identifier" && node.text === name) || node.identifiers(name).length > 0;

function signBetween(whole: Node, left: Node, right: Node): string {
  return whole.tree.text.slice(left.end, right.start).replace(/[\s()]/g, "");
}
