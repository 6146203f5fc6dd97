/** `self.assertEqual(a, b)` and its like as plain `assert` statements, and with `pytest.raises`. */

import { reindented } from "../rule/edits.js";
import { asCall, asLambda, bindingStrength, integerOf, unwrap, type Call } from "../syntax/expressions.js";
import { indentOf, startsLine } from "../syntax/statements.js";
import type { Kind } from "../syntax/kinds.generated.js";
import type { Node } from "../syntax/tree.js";

/** What the modules are called where the assert stands. */
export interface TestNames {
  readonly pytest: string;
  readonly re: string;
  readonly Counter: string;
  readonly Iterator: string;
}

export interface PlainAssert {
  readonly text: string;
  readonly needs: readonly (keyof TestNames)[];
}

const COMPARISONS: Readonly<Record<string, string>> = {
  assertEqual: "==",
  assertNotEqual: "!=",
  assertIs: "is",
  assertIsNot: "is not",
  assertIn: "in",
  assertNotIn: "not in",
  assertGreater: ">",
  assertGreaterEqual: ">=",
  assertLess: "<",
  assertLessEqual: "<=",
  assertListEqual: "==",
  assertTupleEqual: "==",
  assertSetEqual: "==",
  assertDictEqual: "==",
  assertMultiLineEqual: "==",
};

/** Of a `self.assert…` call that is a statement, `method` being the name. Undefined where there is no twin. */
export function plainAssert(statement: Node, call: Call, method: string, names: TestNames): PlainAssert | undefined {
  const known = new Set(["msg", "places", "delta"]);
  if (call.hasSplat || [...call.keywords.keys()].some((it) => !known.has(it))) return undefined;
  const { args, keywords } = call;
  const arity = ARITY[method] ?? (method in COMPARISONS ? 2 : 0);
  const isRounded = method === "assertAlmostEqual" || method === "assertNotAlmostEqual";
  if (
    arity === 0 ||
    args.length < arity ||
    args.length > arity + 1 + Number(isRounded) ||
    (!isRounded && (keywords.has("places") || keywords.has("delta")))
  )
    return undefined;
  const message = keywords.get("msg") ?? args[arity + Number(isRounded)];
  const suffix = message && message.kind !== "none" ? `, ${operand(message, 1, statement)}` : "";
  const made = (text: string, ...needs: PlainAssert["needs"]): PlainAssert => ({
    text: `assert ${text}${suffix}`,
    needs,
  });
  const [first, second] = args as [Node, Node | undefined];
  const at = (node: Node | undefined, least: number) => operand(node!, least, statement);

  const operator = COMPARISONS[method];
  if (operator !== undefined) return made(`${at(first, 6)} ${operator} ${at(second, 6)}`);
  switch (method) {
    case "assertTrue":
      // `assert (a, b)` is always true, and Python warns of it.
      return unwrap(first).kind === "tuple" ? undefined : made(at(first, 2));
    case "assertFalse":
      return made(`not ${at(first, first.kind === "comparison_operator" ? 20 : 4)}`);
    case "assertIsNone":
      return made(`${at(first, 6)} is None`);
    case "assertIsNotNone":
      return made(`${at(first, 6)} is not None`);
    case "assertIsInstance":
      return made(`isinstance(${at(first, 0)}, ${at(second, 0)})`);
    case "assertNotIsInstance":
      return made(`not isinstance(${at(first, 0)}, ${at(second, 0)})`);
    case "assertRegex":
      return made(`${names.re}.search(${at(second, 0)}, ${at(first, 0)})`, "re");
    case "assertNotRegex":
      return made(`not ${names.re}.search(${at(second, 0)}, ${at(first, 0)})`, "re");
    case "assertCountEqual":
      return made(`${names.Counter}(${at(first, 0)}) == ${names.Counter}(${at(second, 0)})`, "Counter");
    default:
      break;
  }
  if (!isRounded || !second) return undefined;
  const isSame = method === "assertAlmostEqual";
  const delta = keywords.get("delta");
  const places = keywords.get("places") ?? args[2];
  if (delta && delta.kind !== "none")
    return places
      ? undefined
      : made(`abs(${at(first, 10)} - ${at(second, 11)}) ${isSame ? "<=" : ">"} ${at(delta, 6)}`);
  const digits = places === undefined || places.kind === "none" ? 7 : integerOf(places);
  if (digits === undefined || digits < 0 || digits > 15) return undefined;
  return made(
    `${at(first, 6)} ${isSame ? "==" : "!="} ${names.pytest}.approx(${at(second, 0)}, abs=5e-${digits + 1})`,
    "pytest",
  );
}

const ARITY: Readonly<Record<string, number>> = {
  assertTrue: 1,
  assertFalse: 1,
  assertIsNone: 1,
  assertIsNotNone: 1,
  assertIsInstance: 2,
  assertNotIsInstance: 2,
  assertRegex: 2,
  assertNotRegex: 2,
  assertCountEqual: 2,
  assertAlmostEqual: 2,
  assertNotAlmostEqual: 2,
};

export const PLAIN_ASSERTS: ReadonlySet<string> = new Set([...Object.keys(COMPARISONS), ...Object.keys(ARITY)]);

/** What is expected by a context manager of a test case, and what pytest calls it. */
export const EXPECTATIONS: Readonly<
  Record<string, { readonly name: "raises" | "warns"; readonly hasPattern: boolean }>
> = {
  assertRaises: { name: "raises", hasPattern: false },
  assertRaisesRegex: { name: "raises", hasPattern: true },
  assertWarns: { name: "warns", hasPattern: false },
  assertWarnsRegex: { name: "warns", hasPattern: true },
};

/** `self.assertRaises(ValueError, int, "x")` as a `with` statement: the line, and what is called in it. */
export function expectedCall(
  call: Call,
  method: string,
  names: TestNames,
): { readonly head: string; readonly body: string } | undefined {
  const expectation = EXPECTATIONS[method];
  const [type, ...rest] = call.args;
  const pattern = expectation?.hasPattern ? rest.shift() : undefined;
  const [callable] = rest;
  if (
    !expectation ||
    !type ||
    !callable ||
    (expectation.hasPattern && !pattern) ||
    call.argumentList.text.includes("#")
  )
    return undefined;
  const head = `with ${names.pytest}.${expectation.name}(${type.text}${pattern ? `, match=${pattern.text}` : ""}):`;
  const all = call.argumentList.children;
  const passed = all.slice(all.indexOf(callable) + 1);
  const text = passed.length === 0 ? "" : callable.tree.text.slice(passed[0]!.start, passed.at(-1)!.end);
  const lambda = asLambda(unwrap(callable));
  if (lambda)
    return passed.length === 0 && lambda.parameters.length === 0 && !text.includes("\n")
      ? { head, body: bracketed(lambda.body) }
      : undefined;
  return bindingStrength(callable) < 20 || head.includes("\n")
    ? undefined
    : { head, body: `${callable.text}(${text})` };
}

/** The text of an argument where it stands without the brackets of its call. */
function operand(node: Node, least: number, statement: Node): string {
  const text = startsLine(node) ? reindented(node, indentOf(statement)) : node.text;
  const isOpen = least > 0 && breaksOutsideBrackets(node);
  return bindingStrength(node) < least || isOpen ? `(${text})` : text;
}

function bracketed(node: Node): string {
  return breaksOutsideBrackets(node) ? `(${node.text})` : node.text;
}

const BRACKETS: readonly Kind[] = [
  "argument_list",
  "list",
  "tuple",
  "dictionary",
  "set",
  "parenthesized_expression",
  "subscript",
  "list_comprehension",
  "set_comprehension",
  "dictionary_comprehension",
  "generator_expression",
  "string",
];

function breaksOutsideBrackets(node: Node): boolean {
  let outside = "";
  let at = node.start;
  for (const inner of node.descendants(...BRACKETS)) {
    if (inner.start < at && inner !== node) continue;
    const start = inner.kind === "subscript" ? inner.field("value")!.end : inner.start;
    if (start < at) continue;
    outside += node.tree.text.slice(at, start);
    at = inner.end;
  }
  return `${outside}${node.tree.text.slice(at, node.end)}`.includes("\n");
}

/** The call of a method of `self` that a statement or `with` item consists of. */
export function ownCall(
  node: Node | undefined,
  self: string,
): { readonly call: Call; readonly method: string } | undefined {
  const call = asCall(node);
  const method =
    call?.callee.kind === "attribute" && call.callee.field("object")?.text === self
      ? call.callee.field("attribute")?.text
      : undefined;
  return call && method !== undefined ? { call, method } : undefined;
}
