/** What a function does with the one value it is given, and how the same is written for a whole column of pandas. */

import { isNumber } from "../semantics/types.js";
import {
  asAttribute,
  asCall,
  asComparison,
  asMethodCall,
  asSubscript,
  isConstant,
  itemsOf,
  unwrap,
} from "../syntax/expressions.js";
import { asTry, statementsOf } from "../syntax/statements.js";
import { asString, textValue } from "../syntax/strings.js";
import type { Facts } from "../semantics/facts.js";
import type { Kind } from "../syntax/kinds.generated.js";
import type { Node } from "../syntax/tree.js";
import { DATE_FIELDS, TEXT_METHODS } from "../knowledge/column-accessors.js";
import { arrayExpression, inside, isTotal, type ArrayExpression, type Elementwise } from "./elementwise.js";
import type { Case, GivenFunction } from "./applied-function.js";

/** `parsing`: text becomes a date · `field`: a part of a date · `lookup`: the value is the key of a table · the others as they say. */
export type Deed = "arithmetic" | "condition" | "lookup" | "text" | "field" | "parsing";

/** What a function does with its value. */
export interface Work {
  readonly deed: Deed;
  /** The table, the function that parses, the field or the method, as the source writes it. */
  readonly by: string;
  /** Where values are looked up. */
  readonly table?: Node;
  /** What is not in the table has another value, as `get(value, default)` says. */
  readonly hasDefault?: boolean;
  /** It would fail for a whole column: the value is asked for its truth, or for what only a text or date has. */
  readonly needsOneValue: boolean;
  /** What is asked for is in no other objects than those of pandas: `.dayofweek`. */
  readonly isTelling: boolean;
  /** A list would take it as well as a text: `x[:3]`, `len(x)`, `"a" in x`. */
  readonly isGuess?: boolean;
}

/** How the work is to be written. */
export interface ColumnOptions {
  /** What stands for the column. */
  readonly base: string;
  readonly numpy?: string;
  /** An outer name or attribute that is used as one number or text. */
  isKnown(node: Node): boolean;
  /** To see whether it can be done at all: what a test guards is let through, and what has no one form. */
  readonly isLenient?: boolean;
  /** What a list can do as well is taken for the work of a text. */
  readonly isGuessing?: boolean;
  /** An array will not do. */
  readonly needsLabels?: boolean;
}

/** The work for a whole column, as source text. */
export interface ColumnForm extends ArrayExpression {
  /** It gives an array, without the labels of the column. */
  readonly isBare: boolean;
}

const ANY: ColumnOptions = { base: "it", numpy: "np", isKnown: () => true, isLenient: true };
const GUESS: ColumnOptions = { ...ANY, isGuessing: true };

/** Undefined for what has no known form for columns. */
export function columnWork(fn: GivenFunction, facts: Facts, method = "apply"): Work | undefined {
  const { parameter, cases } = fn;
  if (parameter === undefined) return workByName(fn, method, facts);
  const [first] = cases;
  if (!first) return triedNumber(fn, facts) ?? parsedByDef(fn, facts);
  const parser = parserIn(cases, parameter, facts);
  if (parser) return { deed: "parsing", by: parser.text, needsOneValue: false, isTelling: false };
  const lookup = lookupIn(cases, parameter, facts);
  if (lookup)
    return {
      deed: "lookup",
      by: lookup.table.text,
      table: lookup.table,
      hasDefault: lookup.otherwise !== undefined && !isMissing(lookup.otherwise),
      needsOneValue: false,
      isTelling: false,
    };
  const values = cases.map((it) => unwrap(it.value));
  if (cases.some((it) => asksSomething(it.value, parameter))) return undefined;
  if (!cases.some((it) => [it.test, it.value].some((part) => part && mentions(part, parameter)))) return undefined;
  const [only] = values;
  const isChoice = cases.length > 1;
  const guarded = guardedText(cases, parameter, facts);
  if (guarded) return { deed: "text", by: guarded.method, needsOneValue: true, isTelling: true };
  const dated = guardedField(cases, parameter, "it");
  if (dated) return { deed: "field", by: dated.name, needsOneValue: true, isTelling: true };
  const isKnownForm = columnForm(fn, ANY, facts) !== undefined;
  if (!isKnownForm && !columnForm(fn, GUESS, facts)) return undefined;
  const guess = isKnownForm ? {} : { isGuess: true };
  const text = textIn(only!, parameter, "it", facts) ?? guessedText(only!, parameter, "it", facts);
  if (!isChoice && only && text)
    return text.method === ""
      ? undefined
      : { deed: "text", by: text.method, needsOneValue: true, isTelling: !guess.isGuess, ...guess };
  const field = isChoice ? undefined : fieldOf(only!, parameter, "it");
  if (field) return { deed: "field", by: field.name, needsOneValue: true, isTelling: field.isTelling };
  if (only!.descendants("binary_operator").concat(only!).some(formatsText)) return undefined;
  const isTest = ["comparison_operator", "boolean_operator", "not_operator"].includes(only!.kind);
  if (isChoice || isTest || leafOf(only!, parameter, "it", facts)?.isTruth)
    return {
      deed: "condition",
      by: "",
      needsOneValue: isChoice || only!.kind !== "comparison_operator",
      isTelling: false,
      ...guess,
    };
  const isOfText = (it: Node) => textIn(it, parameter, "it", facts) !== undefined;
  const joinsTexts =
    only!.kind === "string" || only!.descendants("string").length > 0 || only!.descendants("call").some(isOfText);
  const isPlain = only!.kind === "identifier" || only!.kind === "attribute";
  if (isPlain) return undefined;
  return {
    deed: joinsTexts ? "text" : "arithmetic",
    by: joinsTexts ? "+" : conversionIn(only!, parameter, facts),
    needsOneValue: only!.kind === "string",
    isTelling: false,
    ...guess,
  };
}

/** `float(scores.get(x, 0))`: what is behind `scores` is not known, and no arithmetic. */
function asksSomething(value: Node, parameter: string): boolean {
  const cast = asCall(unwrap(value));
  const inner = cast && /^(?:int|float|str|bool|round)$/.test(cast.callee.text) ? cast.args[0] : value;
  const asked = inner && asMethodCall(unwrap(inner), "get");
  return asked?.args[0] !== undefined && isValue(asked.args[0], parameter);
}

/** `int` of `int(x)`, where nothing else is done; empty for any other work. */
function conversionIn(only: Node, parameter: string, facts: Facts): string {
  const call = asCall(only);
  const [first, more] = call?.args ?? [];
  const name = first && !more && isValue(first, parameter) ? facts.nameOf(call!.callee) : undefined;
  return name === "builtins.int" || name === "builtins.float" ? name.slice("builtins.".length) : "";
}

/** `try: return float(x)`, `except ValueError: return default`: what pd.to_numeric does with `errors="coerce"`. */
function triedNumber({ def, parameter }: GivenFunction, facts: Facts): Work | undefined {
  const body = def && facts.bodyOf(def);
  const statements = body ? statementsOf(body).filter((it) => it.children[0]?.kind !== "string") : [];
  const tried = asTry(statements[0]);
  const [only, more] = tried ? statementsOf(tried.body) : [];
  const call = only?.kind === "return_statement" ? asCall(only.children[0]) : undefined;
  const [value, another] = call?.args ?? [];
  if (!tried || more || !call || !value || another || statements.length > 2 || tried.handlers.length === 0)
    return undefined;
  if (!isValue(value, parameter!) || !/^builtins\.(int|float)$/.test(facts.nameOf(call.callee) ?? "")) return undefined;
  const isPlain = (it: Node | undefined) =>
    it === undefined || (it.descendants("call").length === 0 && it.kind !== "call" && !mentions(it, parameter!));
  const gives = [...tried.handlers.map((it) => statementsOf(it.body)), statements.slice(1)];
  const areDefaults = gives.every((it) =>
    it.every(
      (each) => each.kind === "pass_statement" || (each.kind === "return_statement" && isPlain(each.children[0])),
    ),
  );
  return areDefaults ? { deed: "arithmetic", by: "to_numeric", needsOneValue: false, isTelling: false } : undefined;
}

/** Functions of NumPy that `apply` hands the whole column to, but `map` only one value at a time. */
const ELEMENT_FUNCTIONS =
  /^numpy\.(sqrt|cbrt|square|exp|exp2|expm1|log|log2|log10|log1p|sin|cos|tan|arcsin|arccos|arctan|sinh|cosh|tanh|abs|absolute|fabs|floor|ceil|rint|trunc|sign|negative|deg2rad|rad2deg|radians|degrees)$/;

/** `apply(str.upper)`, `apply(math.sqrt)`, `apply(table.get)`, `apply(pd.Timestamp)`, `map(int)`, `map(np.floor)`. */
function workByName({ given, name }: GivenFunction, method: string, facts: Facts): Work | undefined {
  if (name !== undefined && PARSERS.has(name))
    return { deed: "parsing", by: given.text, needsOneValue: false, isTelling: false };
  if (name === "builtins.len") return { deed: "text", by: "len", needsOneValue: true, isTelling: false, isGuess: true };
  if (name === "builtins.int" || name === "builtins.float")
    return { deed: "arithmetic", by: given.text, needsOneValue: true, isTelling: false };
  if (name === "builtins.abs" || (method === "map" && name !== undefined && ELEMENT_FUNCTIONS.test(name)))
    return { deed: "arithmetic", by: "", needsOneValue: false, isTelling: false };
  const attribute = asAttribute(given);
  if (!attribute) return undefined;
  const { object } = attribute;
  if (attribute.name === "get" && isTable(object, facts))
    return { deed: "lookup", by: object.text, table: object, needsOneValue: false, isTelling: false };
  if (object.text === "str" && TEXT_METHODS.has(attribute.name) && facts.isBuiltin("str", object))
    return { deed: "text", by: attribute.name, needsOneValue: true, isTelling: true };
  if (name !== undefined && /^math\.(sqrt|exp|log|log2|log10|log1p|expm1|sin|cos|tan|fabs)$/.test(name))
    return { deed: "arithmetic", by: given.text, needsOneValue: false, isTelling: false };
  return undefined;
}

/** The same work on a whole column; undefined where some part of it is not in the tables. */
export function columnForm(fn: GivenFunction, options: ColumnOptions, facts: Facts): ColumnForm | undefined {
  const { parameter, cases } = fn;
  if (parameter === undefined) return formByName(fn, options);
  if (cases.length === 0) return undefined;
  const lookup = lookupIn(cases, parameter, facts);
  if (lookup) return lookupForm(lookup, parameter, options, facts);
  const dated = guardedField(cases, parameter, options.base);
  if (dated) return { text: dated.text, binding: 20, doubts: [], usesNumpy: false, isBare: false };
  const elements = elementsOf(parameter, options, facts);
  if (cases.length === 1) {
    const text = textIn(unwrap(cases[0]!.value), parameter, options.base, facts);
    if (text) return { text: text.text, binding: text.binding, doubts: [], usesNumpy: false, isBare: false };
    const whole = arrayExpression(cases[0]!.value, elements);
    return whole && { ...whole, isBare: false };
  }
  return choiceForm(cases, parameter, elements, options);
}

function formByName({ given, name }: GivenFunction, { base, numpy }: ColumnOptions): ColumnForm | undefined {
  const attribute = asAttribute(given);
  const plain = { binding: 20, doubts: [], usesNumpy: false, isBare: false };
  if (name === "builtins.abs") return { ...plain, text: `${base}.abs()` };
  if (name !== undefined && ELEMENT_FUNCTIONS.test(name))
    return { ...plain, text: `${given.text}(${/^\(([^()]*)\)$/.exec(base)?.[1] ?? base})` };
  if (!attribute) return undefined;
  if (attribute.name === "get") return { ...plain, text: `${base}.map(${attribute.object.text})` };
  const accessor = attribute.object.text === "str" ? TEXT_METHODS.get(attribute.name) : undefined;
  if (accessor !== undefined) return accessor === 0 ? { ...plain, text: `${base}.str.${attribute.name}()` } : undefined;
  const twin = name?.startsWith("math.") && numpy !== undefined ? attribute.name : undefined;
  return twin === undefined
    ? undefined
    : {
        ...plain,
        text: `${numpy}.${twin}(${base})`,
        usesNumpy: true,
        doubts: ["math errors give NaN or inf instead of raising"],
      };
}

function elementsOf(
  parameter: string,
  { base, numpy, isKnown, isLenient, isGuessing }: ColumnOptions,
  facts: Facts,
): Elementwise {
  const elements: Elementwise = {
    leaf(node) {
      if (isLenient && node.kind === "none") return "None";
      const known = leafOf(node, parameter, base, facts)?.text;
      if (known !== undefined || !isLenient || !mentions(node, parameter)) return known;
      const guessed = isGuessing ? guessedText(node, parameter, base, facts) : undefined;
      return guessed?.text ?? foundIn(node, parameter, base, facts) ?? numberOf(node, elements);
    },
    isInvariant: (node) =>
      !isFormat(node) &&
      (node.kind === "identifier" || node.kind === "attribute") &&
      !mentions(node, parameter) &&
      !isOther(node, facts) &&
      isKnown(node),
    isTruth: (node) =>
      (isLenient && isValue(node, parameter)) || (leafOf(node, parameter, base, facts)?.isTruth ?? false),
    isSafe: (call) => isLenient === true || leafOf(call, parameter, base, facts) !== undefined,
    nameOf: (callee) => facts.nameOf(callee),
    isNumpy: true,
    ...(numpy === undefined ? {} : { numpy }),
  };
  return elements;
}

/** `counts[x]` in the midst of an expression: the column is looked up as a whole. */
function foundIn(node: Node, parameter: string, base: string, facts: Facts): string | undefined {
  const found = asSubscript(node) || asMethodCall(node, "get") ? oneLookup(node, parameter, facts) : undefined;
  return found && `${base}.map(${found.table.text})`;
}

/** Functions of one number that columns have under other names, or that give other kinds of numbers there. */
const NUMBERS =
  /^(builtins\.(int|float|round)|math\.(ceil|floor|trunc|radians|degrees|isnan)|numpy\.(ceil|floor|rint|trunc|round|around|int64|int32|float64|float32|radians|degrees|isnan|cbrt))$/;

/** `int(x / 7)`, `math.ceil(x)`, `round(x, 2)`. */
function numberOf(node: Node, elements: Elementwise): string | undefined {
  const call = asCall(node);
  const [value, ...more] = call?.args ?? [];
  if (!call || !value || call.hasSplat || call.keywords.size > 0 || more.length > 1 || !more.every(isConstant))
    return undefined;
  if (!NUMBERS.test(elements.nameOf?.(call.callee) ?? "")) return undefined;
  const inner = arrayExpression(value, elements);
  return inner && `${call.callee.text}(${inner.text})`;
}

function formatsText(node: Node): boolean {
  const left = node.kind === "binary_operator" && node.field("operator")?.text === "%" ? node.field("left") : undefined;
  return left !== undefined && ["string", "concatenated_string"].includes(unwrap(left).kind);
}

/** `"%.2f" % x`, `template % x`: text is made, which columns have no operator for. */
function isFormat(node: Node): boolean {
  const { parent } = node;
  return parent?.kind === "binary_operator" && parent.field("operator")?.text === "%" && node.fieldName === "left";
}

/** Known to be something else than one number or text. */
function isOther(node: Node, facts: Facts): boolean {
  const type = facts.typeOf(node);
  return type !== undefined && !isNumber(type) && type.name !== "str";
}

function choiceForm(
  cases: readonly Case[],
  parameter: string,
  elements: Elementwise,
  { base, numpy, isLenient, needsLabels }: ColumnOptions,
): ColumnForm | undefined {
  const tests = cases.slice(0, -1).map(({ test }) => testForm(test!, elements));
  const values = cases.map(({ value }) => unwrap(value));
  const isTotalHere = (it: Node) => isLenient === true || isTotal(it, elements);
  if (tests.includes(undefined) || !values.every(isTotalHere)) return undefined;
  const [then, otherwise, more] = values;
  const [test] = tests;
  if (!more && isValue(then!, parameter) && isNothing(otherwise!))
    return {
      text: `${base}.where(${test!.text})`,
      binding: 20,
      doubts: test!.doubts,
      usesNumpy: test!.usesNumpy,
      isBare: false,
    };
  if (!more && isNothing(then!) && isValue(otherwise!, parameter))
    return {
      text: `${base}.mask(${test!.text})`,
      binding: 20,
      doubts: test!.doubts,
      usesNumpy: test!.usesNumpy,
      isBare: false,
    };
  const texts = values.filter((it) => it.kind === "string" || it.kind === "concatenated_string").length;
  // One array holds one kind of values: numbers beside texts become texts.
  if (!isLenient && texts > 0 && texts < values.length) return undefined;
  // Two texts, or two numbers where the labels are needed: a mask maps them at once, while NumPy's texts would have to be converted again.
  if (
    tests.length === 1 &&
    values.every((it) => isConstant(it)) &&
    (texts > 0 || needsLabels) &&
    !values.some(isNothing)
  ) {
    const choice = `{True: ${then!.text}, False: ${otherwise!.text}}`;
    return { ...test!, text: `${inside(test!, 20)}.map(${choice})`, binding: 20, isBare: false };
  }
  const chosen = values.map((it) => arrayExpression(it, elements));
  if (numpy === undefined || chosen.includes(undefined)) return undefined;
  const doubts = [...new Set([...tests, ...chosen].flatMap((it) => it!.doubts))];
  const rest = chosen.at(-1)!.text;
  const text =
    tests.length === 1
      ? `${numpy}.where(${test!.text}, ${chosen[0]!.text}, ${rest})`
      : `${numpy}.select([${tests.map((it) => it!.text).join(", ")}], [${chosen
          .slice(0, -1)
          .map((it) => it!.text)
          .join(", ")}], default=${rest})`;
  return { text, binding: 20, doubts, usesNumpy: true, isBare: true };
}

/** A condition: a comparison, a combination of such, or what holds truth values alone. */
function testForm(test: Node, elements: Elementwise): ArrayExpression | undefined {
  const node = unwrap(test);
  const isCondition = (it: Node): boolean => {
    const inner = unwrap(it);
    if (inner.kind === "not_operator") return isCondition(inner.field("argument")!);
    if (inner.kind === "boolean_operator")
      return isCondition(inner.field("left")!) && isCondition(inner.field("right")!);
    return inner.kind === "comparison_operator" || elements.isTruth!(inner);
  };
  return isCondition(node) ? arrayExpression(node, elements) : undefined;
}

function isNothing(node: Node): boolean {
  return node.kind === "none" || /^(np|numpy|math)\.nan$/.test(node.text) || node.text === "pd.NA";
}

interface Leaf {
  readonly text: string;
  readonly isTruth: boolean;
}

/** What stands for one part of the expression: the value itself, a text method of it, a field, a test that columns have a method for. */
function leafOf(part: Node, parameter: string, base: string, facts: Facts): Leaf | undefined {
  const node = unwrap(part);
  if (node.kind === "identifier") return node.text === parameter ? { text: base, isTruth: false } : undefined;
  if (!mentions(node, parameter)) return undefined;
  const missing = missingTest(node, parameter, base, facts);
  if (missing !== undefined) return { text: missing, isTruth: true };
  const member = memberTest(node, parameter, base, facts);
  if (member !== undefined) return { text: member, isTruth: true };
  const text = textIn(node, parameter, base, facts);
  if (text) return { text: inside(text, 20), isTruth: text.isTruth };
  const field = fieldOf(node, parameter, base);
  return field && { text: field.text, isTruth: false };
}

/** `pd.isna(x)`, `x is None`, `x is not None`. */
function missingTest(node: Node, parameter: string, base: string, facts: Facts): string | undefined {
  const call = asCall(node);
  const name =
    call && call.args.length === 1 && isValue(call.args[0]!, parameter) ? facts.nameOf(call.callee) : undefined;
  if (name !== undefined) {
    const found = /^(?:pandas|numpy|math)\.(isna|isnull|isnan|notna|notnull)$/.exec(name)?.[1];
    return found === undefined ? undefined : `${base}.${found.startsWith("not") ? "notna" : "isna"}()`;
  }
  const comparison = asComparison(node);
  if (!comparison || !isValue(comparison.left, parameter) || comparison.right.kind !== "none") return undefined;
  if (comparison.operator === "is") return `${base}.isna()`;
  return comparison.operator === "is not" ? `${base}.notna()` : undefined;
}

/** `x in ("a", "b")`, `x not in names`. */
function memberTest(node: Node, parameter: string, base: string, facts: Facts): string | undefined {
  const comparison = asComparison(node);
  if (!comparison || !isValue(comparison.left, parameter) || !/^(not )?in$/.test(comparison.operator)) return undefined;
  const all = unwrap(comparison.right);
  const isWritten = ["list", "tuple", "set"].includes(all.kind) && itemsOf(all).every(isConstant);
  const isNamed = (all.kind === "identifier" || all.kind === "attribute") && !mentions(all, parameter);
  if (!isWritten && !(isNamed && (holdsItems(all, facts) || namesMany(all, facts)))) return undefined;
  const test = `${base}.isin(${all.text})`;
  return comparison.operator === "in" ? test : `(~${test})`;
}

/** It is known to hold its items; what is not may work out the answer, and a Series looks among its labels. */
function holdsItems(all: Node, facts: Facts): boolean {
  return (
    ["set", "frozenset", "numpy.ndarray"].includes(facts.typed(all, "fair")?.type.name ?? "") ||
    facts.takenFor(all, "sequence") !== undefined ||
    facts.takenFor(all, "mapping") !== undefined
  );
}

/** By its name alone it holds several: `valid_ids`, `self.stopwords`, `keep_list`. */
const namesMany = (all: Node, facts: Facts): boolean =>
  /(?:[a-z]{2}s|_?(?:list|set))$/i.test(all.text) &&
  !/(?:ss|us|is|text|address|status|holidays)$/i.test(all.text) &&
  facts.typed(all, "fair") === undefined &&
  facts.likeness(all) === undefined;

/** What a test looks in by its name alone: `ids` of `x in ids`. */
export function looksIn(node: Node, facts: Facts): readonly Node[] {
  return [node, ...node.descendants("comparison_operator")].flatMap((it) => {
    const comparison = asComparison(it);
    const all = comparison && /^(?:not )?in$/.test(comparison.operator) ? unwrap(comparison.right) : undefined;
    const isNamed = all?.kind === "identifier" || all?.kind === "attribute";
    return all && isNamed && !holdsItems(all, facts) ? [all] : [];
  });
}

interface TextPart {
  readonly text: string;
  readonly binding: number;
  readonly isTruth: boolean;
  /** The last method that only a text has; empty where nothing shows that it is one. */
  readonly method: string;
}

/** `x.strip().lower()`, `x.upper()[:3]`, `"a" in x.lower()`, `re.sub(p, r, x)`, `"Q" + x`, `f"Q{x}"`: text work that pays on columns. */
function textIn(part: Node, parameter: string, base: string, facts: Facts): TextPart | undefined {
  const node = unwrap(part);
  if (isValue(node, parameter)) return undefined;
  const chain = textChain(node, parameter, base, facts);
  if (chain) return chain.method === "" ? undefined : chain;
  const comparison = asComparison(node);
  if (comparison && /^(not )?in$/.test(comparison.operator) && textValue(comparison.left) !== undefined) {
    const inner = textChain(unwrap(comparison.right), parameter, base, facts);
    // A list or set may hold it too.
    if (!inner || inner.method === "") return undefined;
    const test = `${inner.text}.str.contains(${comparison.left.text}, regex=False)`;
    return comparison.operator === "in"
      ? { text: test, binding: 20, isTruth: true, method: "contains" }
      : { text: `~${test}`, binding: 12, isTruth: true, method: "contains" };
  }
  return formatted(node, parameter, base, facts);
}

/** `x[:3]`, `len(x)`, `"a" in x`: done with a text or a list. */
function guessedText(part: Node, parameter: string, base: string, facts: Facts): TextPart | undefined {
  const node = unwrap(part);
  const known = { binding: 20, isTruth: false };
  const slice = asSubscript(node);
  const bounds = slice?.indices[0]?.text ?? "";
  if (slice && /^-?\d*:-?\d*$/.test(bounds) && bounds !== ":" && isValue(slice.value, parameter))
    return { ...known, text: `${base}.str[${bounds}]`, method: "slice" };
  const comparison = asComparison(node);
  if (comparison && /^(not )?in$/.test(comparison.operator) && isValue(comparison.right, parameter))
    return (textValue(comparison.left) ?? "") === ""
      ? undefined
      : {
          ...known,
          isTruth: true,
          text: `${base}.str.contains(${comparison.left.text}, regex=False)`,
          method: "contains",
        };
  const call = asCall(node);
  const [measured, more] = call?.args ?? [];
  return call && measured && !more && isValue(measured, parameter) && facts.nameOf(call.callee) === "builtins.len"
    ? { ...known, text: `${base}.str.len()`, method: "len" }
    : undefined;
}

/** `x.strip() if isinstance(x, str) else x`: what is no text is left as it is, or missing. */
function guardedText(cases: readonly Case[], parameter: string, facts: Facts): TextPart | undefined {
  const [first, second, more] = cases;
  const call = asCall(first?.test && unwrap(first.test));
  const [tested, type] = call?.args ?? [];
  if (!first || !second || more || !tested || type?.text !== "str") return undefined;
  if (!isValue(tested, parameter) || facts.nameOf(call!.callee) !== "builtins.isinstance") return undefined;
  const isLeft =
    isValue(second.value, parameter) || isConstant(unwrap(second.value)) || isNothing(unwrap(second.value));
  return isLeft ? textIn(first.value, parameter, "it", facts) : undefined;
}

function textChain(part: Node, parameter: string, base: string, facts: Facts): TextPart | undefined {
  const node = unwrap(part);
  if (isValue(node, parameter)) return { text: base, binding: 20, isTruth: false, method: "" };
  const after = (inner: TextPart | undefined, text: string, method: string, isTruth = false): TextPart | undefined =>
    inner && !inner.isTruth ? { text: `${inner.text}${text}`, binding: 20, isTruth, method } : undefined;
  const subscript = asSubscript(node);
  if (subscript) {
    const [index, more] = subscript.indices;
    const inner = textChain(subscript.value, parameter, base, facts);
    if (!index || more || !inner || !/^-?\d*(:-?\d*)?$/.test(index.text) || index.text === "") return undefined;
    return after(inner, `.str[${index.text}]`, inner.method);
  }
  const call = asCall(node);
  if (!call || call.hasSplat) return undefined;
  const method = asMethodCall(node);
  const inner = method && textChain(method.object, parameter, base, facts);
  if (method && inner) {
    const most = TEXT_METHODS.get(method.method);
    const isPlain = call.keywords.size === 0 && call.args.every((it) => isConstant(it) && it.kind !== "none");
    if (most === undefined || !isPlain || call.args.length > Math.max(most, 1)) return undefined;
    if (method.method === "replace") {
      const [from, to, more] = call.args;
      if (!from || !to || more || textValue(from) === undefined || textValue(to) === undefined) return undefined;
      return after(inner, `.str.replace(${from.text}, ${to.text}, regex=False)`, "replace");
    }
    return after(inner, `.str.${method.method}${call.argumentList.text}`, method.method, TRUTHS.test(method.method));
  }
  const name = facts.nameOf(call.callee);
  const [first, second, third] = call.args;
  if (name === "re.sub" && call.args.length === 3 && call.keywords.size === 0) {
    const subject = textChain(third!, parameter, base, facts);
    if (!subject || textValue(first) === undefined || textValue(second) === undefined) return undefined;
    return after(subject, `.str.replace(${first!.text}, ${second!.text}, regex=True)`, "sub");
  }
  if (call.args.length !== 1 || call.keywords.size > 0) return undefined;
  if (name === "builtins.str" && isValue(first!, parameter))
    return { text: `${base}.astype(str)`, binding: 20, isTruth: false, method: "" };
  if (name !== "builtins.len") return undefined;
  const measured = textChain(first!, parameter, base, facts);
  return measured && after(measured, ".str.len()", measured.method);
}

const TRUTHS = /^(is\w+|startswith|endswith)$/;

/** `f"Q{x}"`, with nothing in it but text and the value. */
function formatted(node: Node, parameter: string, base: string, facts: Facts): TextPart | undefined {
  const literal = asString(node);
  if (!literal?.isFormatted || literal.prefix !== "f" || literal.quote.length > 1) return undefined;
  const pieces: string[] = [];
  for (const part of literal.parts) {
    if (typeof part === "string") {
      if (/[{}]/.test(part)) return undefined;
      pieces.push(`${literal.quote}${part}${literal.quote}`);
      continue;
    }
    if (part.conversion !== undefined || part.format !== undefined || part.isDebug) return undefined;
    const chain = textChain(part.expression, parameter, base, facts);
    if (chain) pieces.push(chain.method === "" ? `${base}.astype(str)` : chain.text);
    else if (!mentions(part.expression, parameter) && part.expression.kind === "identifier")
      pieces.push(`f${literal.quote}{${part.expression.text}}${literal.quote}`);
    else return undefined;
  }
  return pieces.length > 1 && mentions(node, parameter)
    ? { text: pieces.join(" + "), binding: 13, isTruth: false, method: "+" }
    : undefined;
}

interface Field {
  readonly text: string;
  readonly name: string;
  readonly isTelling: boolean;
}

/** `x.month`, `x.day_name()`, `x.isocalendar()[1]`. */
function fieldOf(part: Node, parameter: string, base: string): Field | undefined {
  const node = unwrap(part);
  const call = asMethodCall(node);
  const isBare = call !== undefined && call.args.length === 0 && call.keywords.size === 0 && !call.hasSplat;
  const attribute = call ? asAttribute(call.callee) : asAttribute(node);
  if (attribute && isValue(attribute.object, parameter) && (isBare || !call)) {
    const known = DATE_FIELDS.get(isBare ? `${attribute.name}()` : attribute.name);
    return known && { text: `${base}.dt.${known.accessor}`, name: attribute.name, isTelling: known.isTelling };
  }
  const taken = asSubscript(node);
  const week = asMethodCall(taken?.value ?? asAttribute(node)?.object, "isocalendar");
  if (!week || !isValue(week.object, parameter) || week.args.length > 0) return undefined;
  const name = taken ? ["year", "week", "day"][Number(taken.indices[0]?.text)] : asAttribute(node)?.name;
  return name === undefined || !["year", "week", "weekday"].includes(name)
    ? undefined
    : {
        text: `${base}.dt.isocalendar().${name === "weekday" ? "day" : name}`,
        name: `isocalendar().${name}`,
        isTelling: true,
      };
}

/** `x.year if pd.notna(x) else None`: the accessor leaves out what is missing by itself. */
function guardedField(cases: readonly Case[], parameter: string, base: string): Field | undefined {
  const [first, second, more] = cases;
  if (!first?.test || !second || second.test || more) return undefined;
  const test = unwrap(first.test).text.replaceAll(/\s+/g, " ");
  const isOf = (pattern: string) => new RegExp(`^${pattern.replace("X", () => parameter)}$`).test(test);
  if (IS_THERE.some(isOf)) return isNothing(unwrap(second.value)) ? fieldOf(first.value, parameter, base) : undefined;
  return IS_MISSING.some(isOf) && isNothing(unwrap(first.value)) ? fieldOf(second.value, parameter, base) : undefined;
}

/** Ways to ask whether there is a date, which stands for X. */
const IS_THERE = [
  "(?:pd|pandas)\\.not(?:na|null)\\(X\\)",
  "not (?:pd|pandas)\\.is(?:na|null)\\(X\\)",
  "hasattr\\(X, [\"'](?:year|month|day|date|strftime)[\"']\\)",
  "isinstance\\(X, \\(?[\\w., ]*(?:date|datetime|Timestamp)[\\w., ]*\\)?\\)",
  "X is not (?:None|(?:pd|pandas)\\.NaT)",
];
const IS_MISSING = ["(?:pd|pandas)\\.is(?:na|null)\\(X\\)", "X is (?:None|(?:pd|pandas)\\.NaT)"];

/** Functions that make a date of a text, one at a time. */
export const PARSERS: ReadonlySet<string> = new Set([
  "pandas.to_datetime",
  "pandas.Timestamp",
  "pandas.to_timedelta",
  "pandas.Timedelta",
  "datetime.datetime.strptime",
  "datetime.datetime.fromisoformat",
  "datetime.date.fromisoformat",
  "datetime.datetime.fromtimestamp",
  "datetime.datetime.utcfromtimestamp",
  "datetime.date.fromtimestamp",
  "dateutil.parser.parse",
  "dateutil.parser.isoparse",
]);

/** A function of the file that does nothing but parse its value: in a `try`, behind a test, by one format and else by another. */
function parsedByDef({ def, parameter }: GivenFunction, facts: Facts): Work | undefined {
  const body = def && facts.bodyOf(def);
  if (!body || parameter === undefined || body.descendants(...GOES_ON).length > 0) return undefined;
  let parser: Node | undefined;
  for (const node of body.descendants("call")) {
    const call = asCall(node);
    const [first] = call?.args ?? [];
    if (!call) return undefined;
    const name = facts.nameOf(call.callee) ?? "";
    const isOfValue = first !== undefined && mentions(first, parameter);
    if (PARSERS.has(name) && isOfValue) parser ??= call.callee;
    else if (!AROUND_DATES.test(name) && !OF_DATES.has(asMethodCall(node)?.method ?? "")) return undefined;
  }
  const returns = body.descendants("return_statement").flatMap((it) => it.children[0] ?? []);
  return parser &&
    returns.some((it) => it.kind === "identifier" || it.descendants("call").length > 0 || it.kind === "call")
    ? { deed: "parsing", by: parser.text, needsOneValue: false, isTelling: false }
    : undefined;
}

const GOES_ON: readonly Kind[] = [
  "for_statement",
  "while_statement",
  "with_statement",
  "yield",
  "await",
  "global_statement",
  "nonlocal_statement",
  "lambda",
  "list_comprehension",
  "augmented_assignment",
  "raise_statement",
  "subscript",
];
/** What a function that parses a date may ask besides. */
const AROUND_DATES =
  /^builtins\.(isinstance|str|len|type)$|^pandas\.(isna|isnull|notna|notnull)$|^numpy\.isnan$|^datetime\.(timezone|timedelta)$|^zoneinfo\.ZoneInfo$|^pytz\.timezone$/;
const OF_DATES: ReadonlySet<string> = new Set(
  "replace astimezone date strip lower upper split tz_localize tz_convert normalize strftime isoformat to_pydatetime".split(
    " ",
  ),
);

/** The call that parses the value, wherever its result is asked for something more: `pd.Timestamp(x).date()`. */
function parserIn(cases: readonly Case[], parameter: string, facts: Facts): Node | undefined {
  for (const { value } of cases) {
    let node = unwrap(value);
    for (let steps = 0; steps < 6; steps++) {
      const call = asCall(node);
      const [first] = call?.args ?? [];
      const name = call && facts.nameOf(call.callee);
      if (call && name !== undefined && PARSERS.has(name))
        return first && (isValue(first, parameter) || textChain(first, parameter, "it", facts))
          ? call.callee
          : undefined;
      const below = asMethodCall(node)?.object ?? asAttribute(node)?.object ?? asSubscript(node)?.value;
      if (!below) break;
      node = unwrap(below);
    }
  }
  return undefined;
}

interface Lookup {
  readonly table: Node;
  readonly key: Node;
  /** What is given for a key that is not in the table. */
  readonly otherwise: Node | undefined;
}

/** `d[x]`, `d.get(x, default)`, `d[x] if x in d else default`. */
function lookupIn(cases: readonly Case[], parameter: string, facts: Facts): Lookup | undefined {
  const [first, second, more] = cases;
  const found = first && oneLookup(unwrap(first.value), parameter, facts);
  if (!found || !second) return found;
  const test = asComparison(unwrap(first.test!));
  const isTest = test?.operator === "in" && test.left.text === found.key.text && test.right.text === found.table.text;
  const isSimple = isValue(second.value, parameter) || isConstant(unwrap(second.value));
  return isTest && isSimple && !more && !found.otherwise ? { ...found, otherwise: unwrap(second.value) } : undefined;
}

function oneLookup(node: Node, parameter: string, facts: Facts): Lookup | undefined {
  const subscript = asSubscript(node);
  const method = asMethodCall(node, "get");
  const [key, other] = subscript?.indices ?? method?.args ?? [];
  const holder = subscript?.value ?? method?.object;
  if (!key || !holder || (subscript && other) || (method && method.keywords.size > 0)) return undefined;
  const isLoc = asAttribute(holder)?.name === "loc" && subscript !== undefined;
  const table = isLoc ? asAttribute(holder)!.object : holder;
  if (mentions(table, parameter) || !textChain(key, parameter, "it", facts)) return undefined;
  if (other && !isValue(other, parameter) && mentions(other, parameter)) return undefined;
  // With a default given, nothing but a table is asked like this.
  const isAsked = method !== undefined && other !== undefined && isHeldTable(table, facts);
  if (isLoc ? !facts.takenFor(table, "series") : !isTable(table, facts) && !isAsked) return undefined;
  return { table, key, otherwise: other };
}

/** Names under which a table goes from one value to another. */
const TABLE_NAME = /(map|mapping|dict|lookup|table)s?$|(_by_|_to_|2)\w|^(map|mapping|dict|lookup)_/i;

/** What has a `get` of its own kind. */
const ASKED_OTHERWISE = /(session|client|request|requests|redis|cache|api|http|queue|memo)$/i;

/** A name that may hold a table. */
function isHeldTable(node: Node, facts: Facts): boolean {
  const table = unwrap(node);
  if (table.kind !== "identifier" && table.kind !== "attribute") return false;
  if (facts.typed(table, "fair")) return isTable(table, facts);
  return !ASKED_OTHERWISE.test(table.text);
}

function isTable(node: Node, facts: Facts): boolean {
  const table = unwrap(node);
  if (table.kind === "dictionary") return true;
  if (table.kind !== "identifier" && table.kind !== "attribute") return false;
  if (facts.typed(table, "fair"))
    return facts.takenFor(table, "mapping") !== undefined || facts.isA(table, "pandas.Series", "fair");
  const name = asAttribute(table)?.name ?? table.text;
  // A constant of another file that is asked for a value is a table.
  if (facts.nameOf(table) !== undefined) return /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(name);
  return facts.takenFor(table, "mapping") !== undefined || TABLE_NAME.test(name);
}

/** What a lookup gives for a key that is not there, without being told. */
const isMissing = (otherwise: Node): boolean =>
  otherwise.kind === "none" || /^(?:(?:np|numpy|math)\.(?:nan|NaN)|float\(["']nan["']\))$/.test(otherwise.text);

function lookupForm(
  { table, key, otherwise }: Lookup,
  parameter: string,
  options: ColumnOptions,
  facts: Facts,
): ColumnForm | undefined {
  const keys = textChain(key, parameter, options.base, facts);
  if (!keys) return undefined;
  const plain = { binding: 20, doubts: [], usesNumpy: false, isBare: false };
  const found = `${keys.text}.map(${table.text})`;
  if (!otherwise || isMissing(otherwise)) return { ...plain, text: found };
  if (isValue(otherwise, parameter)) return { ...plain, text: `${found}.fillna(${options.base})` };
  if (!isConstant(otherwise) && !options.isKnown(otherwise)) return undefined;
  const doubts = otherwise.kind === "string" ? [] : ["whole numbers become floats where a value is not in the table"];
  return { ...plain, doubts, text: `${found}.fillna(${otherwise.text})` };
}

function isValue(node: Node, parameter: string): boolean {
  const inner = unwrap(node);
  return inner.kind === "identifier" && inner.text === parameter;
}

function mentions(node: Node, name: string): boolean {
  return (node.kind === "identifier" && node.text === name) || node.identifiers(name).length > 0;
}
