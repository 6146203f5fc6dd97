/** A message that was put together from values, as what a logger takes: a %-style template and the values. */

import type { Facts } from "../semantics/facts.js";
import { asBinary, asMethodCall, unwrap, type MethodCall } from "../syntax/expressions.js";
import { asString, textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import { placeholders, templateOf } from "./percent.js";

/** A %-template with its arguments, for a logger to format when it is wanted. */
export interface LazyMessage {
  /** Source text of the template; percent signs are doubled in it only if there are arguments. */
  readonly text: string;
  readonly args: readonly Node[];
  /** `format`: `%` may format a value in another way than the text did; `tuple`: the one value must not be a tuple; `later`: a value may have changed, or fail, by the time it is formatted. */
  readonly doubt: "format" | "tuple" | "later" | undefined;
}

/** An f-string, a plain text, `text.format(values)`, `text % values`, or texts joined by `+`; undefined where there is no exact twin. */
export function lazyMessage(node: Node, facts: Facts): LazyMessage | undefined {
  if (isText(node)) {
    const template = templateOf(node);
    if (!template) return undefined;
    const { args, marks } = template;
    return {
      text: args.length > 0 ? template.text : node.text,
      args,
      doubt: args.every((it, index) => agrees(marks[index]!, it, facts)) ? laterDoubt(marks, args, facts) : "format",
    };
  }
  const format = asMethodCall(node, "format");
  if (format) return fromFormat(format, facts);
  const binary = asBinary(node);
  if (binary?.operator === "%") return fromPercent(unwrap(binary.left), unwrap(binary.right), facts);
  return binary?.operator === "+" ? fromConcatenation(node, facts) : undefined;
}

/** A string literal, or several side by side. */
export function isText(node: Node): boolean {
  return node.kind === "string" || node.kind === "concatenated_string";
}

/** Types whose `format(x)` is `str(x)`, and whose values never change. */
const FIXED = new Set([
  "str",
  "int",
  "float",
  "bool",
  "None",
  "bytes",
  "pathlib.Path",
  "datetime.datetime",
  "datetime.date",
]);
const PLAIN = new Set([...FIXED, "list", "dict", "set", "tuple"]);
const TAKES: readonly (readonly [marks: RegExp, types: ReadonlySet<string>])[] = [
  [/^%[sra]$/, FIXED],
  [/s$/, new Set(["str"])],
  [/[dixXo]$/, new Set(["int", "bool"])],
  [/[eEfFgG]$/, new Set(["int", "float", "bool"])],
];

/** The text formatted the value as the mark does. */
function agrees(mark: string, value: Node, facts: Facts): boolean {
  return (
    /^%[ra]$/.test(mark) ||
    (mark === "%s"
      ? PLAIN.has(facts.typeOf(value)?.name ?? "") && !mayBeOfLibrary(value, facts)
      : isTaken(mark, value, facts))
  );
}

/** `loss: float` may well be a number of NumPy or a tensor, which `{}` prints as a Python number does and `%s` in its own way. */
function mayBeOfLibrary(value: Node, facts: Facts): boolean {
  if (!/^(?:int|float|bool)$/.test(facts.typeOf(value)?.name ?? "")) return false;
  return value.kind === "identifier"
    ? facts
        .reachingSites(value)
        .some(
          (it) =>
            it.kind === "parameter" || (it.kind === "for" && !/^t?range\(|^enumerate\(/.test(it.value?.text ?? "")),
        )
    : value.kind === "attribute" || value.kind === "subscript";
}

/** Formatting the value by the mark cannot fail, and gives the same whenever it is done. */
function isTaken(mark: string, value: Node, facts: Facts): boolean {
  return TAKES.find(([marks]) => marks.test(mark))?.[1].has(facts.typeOf(value)?.name ?? "") ?? false;
}

function laterDoubt(marks: readonly string[], values: readonly Node[], facts: Facts): "later" | undefined {
  return values.every((it, index) => isTaken(marks[index]!, it, facts)) ? undefined : "later";
}

/** `"… {} …".format(value)`, with nothing inside the braces. */
function fromFormat({ object, args, keywords, hasSplat }: MethodCall, facts: Facts): LazyMessage | undefined {
  const text = unwrap(object);
  const value = isText(text) ? textValue(text) : undefined;
  if (value === undefined || keywords.size > 0 || hasSplat || /\\N\{/.test(text.text)) return undefined;
  const braces = value.match(/\{\{|\}\}|\{\}|[{}]/g) ?? [];
  if (braces.some((it) => it.length === 1) || braces.filter((it) => it === "{}").length !== args.length)
    return undefined;
  const written = text.text.replace(/\{\{|\}\}|\{\}|%/g, (it) => (it === "{}" ? "%s" : it === "%" ? "%%" : it[0]!));
  const marks = args.map(() => "%s");
  const isSame = args.every((it) => agrees("%s", it, facts));
  return { text: written, args, doubt: isSame ? laterDoubt(marks, args, facts) : "format" };
}

/** `"… %s …" % values`: the template stays, the values become arguments. */
function fromPercent(text: Node, values: Node, facts: Facts): LazyMessage | undefined {
  const wanted =
    text.kind === "string" && !asString(text)?.isFormatted ? placeholders(textValue(text) ?? "%?") : undefined;
  if (!wanted) return undefined;
  if (values.kind === "tuple") {
    const items = values.children;
    return items.length === wanted.length && items.every((it) => it.kind !== "list_splat")
      ? { text: text.text, args: items, doubt: laterDoubt(wanted, items, facts) }
      : undefined;
  }
  const type = facts.typeOf(values)?.name;
  if (wanted.length !== 1 || type === "tuple" || type === "dict") return undefined;
  return { text: text.text, args: [values], doubt: type === undefined ? "tuple" : laterDoubt(wanted, [values], facts) };
}

/** `"read " + name + "…"`: only where all that is joined is known to be text. */
function fromConcatenation(node: Node, facts: Facts): LazyMessage | undefined {
  const parts = joinedParts(node);
  const values = parts.filter((it) => !isText(it));
  if (!values.every((it) => facts.typeOf(it)?.name === "str")) return undefined;
  const texts = parts.map((it) => (isText(it) ? textValue(it) : "\0"));
  if (!texts.every((it) => it !== undefined)) return undefined;
  const template = texts.join("").replaceAll("%", "%%").replaceAll("\0", "%s");
  if (/["\\\n\r\t]|[^\x20-\x7e]/.test(template)) return undefined;
  return { text: `"${template}"`, args: values, doubt: undefined };
}

/** The operands of a chain of `+`. */
export function joinedParts(node: Node): readonly Node[] {
  const binary = asBinary(node);
  return binary?.operator === "+"
    ? [...joinedParts(unwrap(binary.left)), ...joinedParts(unwrap(binary.right))]
    : [node];
}
