/** Whether a value may be None although its type is said to be another: `str | None` counts as a text everywhere else, as code that uses it has ruled None out. */

import type { Facts } from "../semantics/facts.js";
import type { Site } from "../semantics/scopes.js";
import { asAttribute, asBinary, asCall, asConditional, asSubscript, unwrap } from "../syntax/expressions.js";
import { functionAround } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

const DEPTH = 4;

/** An annotation that None fits, or that holds what it fits. */
const ALLOWS_NONE = /\b(?:None|Optional)\b/;

/** Methods and functions that give None where there is nothing. */
const GIVES_NONE = /(?:^|\.)(?:get|getenv|group|which)$/;

/** False only where the code shows that None cannot be meant, or says nothing of it. */
export function mayBeNone(expression: Node, facts: Facts, depth = DEPTH): boolean {
  const node = unwrap(expression);
  if (depth === 0 || node.isBroken) return true;
  const again = (it: Node | undefined) => it !== undefined && mayBeNone(it, facts, depth - 1);
  switch (node.kind) {
    case "none":
      return true;
    case "identifier":
      if (isRuledOut(node, facts)) return false;
      return facts.isSetToNone(node) || facts.reachingSites(node).some((it) => mayBind(it, facts, depth));
    case "attribute": {
      const name = asAttribute(node)!.name;
      return facts.fileMatches(new RegExp(`\\b${name}\\s*(?::[^=\\n]*\\b(?:None|Optional)\\b|=\\s*None\\b)`));
    }
    case "subscript":
      return holdsNone(asSubscript(node)!.value, facts, depth - 1);
    case "call": {
      const call = asCall(node)!;
      const def = facts.functionNamed(call.callee);
      if (def?.returns) return ALLOWS_NONE.test(def.returns.text);
      return GIVES_NONE.test(call.callee.text) && call.args.length < 2;
    }
    case "conditional_expression": {
      const either = asConditional(node);
      return again(either?.then) || again(either?.otherwise);
    }
    case "boolean_operator": {
      const binary = asBinary(node);
      return again(binary?.right) || (binary?.operator === "and" && again(binary.left));
    }
    case "await":
      return again(node.children[0]);
    case "named_expression":
      return again(node.field("value"));
    default:
      return false;
  }
}

function mayBind(site: Site, facts: Facts, depth: number): boolean {
  const { kind, annotation, value, path } = site;
  if (annotation) return ALLOWS_NONE.test(annotation.text);
  if (!value || kind === "parameter") return false;
  return kind === "for" || path.length > 0 ? holdsNone(value, facts, depth - 1) : mayBeNone(value, facts, depth - 1);
}

/** `list[str] | None`, `Optional[list[str]]`: the collection may be None, and not its items. */
const ITSELF = /^(?:typing\.)?Optional\[|\|\s*None$/;

/** What the items of a collection are said to be. */
function holdsNone(collection: Node, facts: Facts, depth: number): boolean {
  const node = unwrap(collection);
  if (depth === 0 || node.isBroken) return true;
  if (node.kind === "identifier")
    return facts.reachingSites(node).some(({ annotation, value, kind }) => {
      if (annotation) return ALLOWS_NONE.test(annotation.text.replace(ITSELF, ""));
      return value !== undefined && kind !== "parameter" && holdsNone(value, facts, depth - 1);
    });
  if (node.kind === "attribute") return mayBeNone(node, facts, depth);
  if (node.kind === "call")
    return [asCall(node)!.callee, ...asCall(node)!.args].some(
      (it) => /^(?:identifier|attribute)$/.test(it.kind) && holdsNone(asAttribute(it)?.object ?? it, facts, depth - 1),
    );
  return /^(?:list|tuple|set|expression_list)$/.test(node.kind) && node.children.some((it) => it.kind === "none");
}

/** `if name is None: return` stands above, or the place is within `if name:`; nothing binds the name again in between. */
function isRuledOut(name: Node, facts: Facts): boolean {
  const home = functionAround(name);
  const isSet = (from: number) =>
    facts.writesOf(name).some((it) => it.isRemote || (it.name.tree === name.tree && it.name.start > from));
  for (let at = name; at.parent && at.parent !== home?.parent; at = at.parent) {
    const { parent } = at;
    if (parent.isBroken && parent.kind === "conditional_expression") return false;
    const condition = parent.field("condition");
    if (at.fieldName === "consequence" && condition && isThere(condition, name.text)) return !isSet(condition.start);
    if (
      parent.kind === "conditional_expression" &&
      parent.children[0] === at &&
      isThere(parent.children[1]!, name.text)
    )
      return true;
    const tested = asBinary(parent);
    if (tested?.operator === "and" && tested.right === at && isThere(tested.left, name.text)) return true;
    if (parent.kind !== "block" && parent.kind !== "module") continue;
    for (let above = at.previousSibling; above; above = above.previousSibling) {
      if (above.isBroken) continue;
      if (above.kind === "assert_statement" && isThere(above.children[0]!, name.text)) return !isSet(above.end);
      const test = above.kind === "if_statement" ? above.field("condition") : undefined;
      const body = above.field("consequence");
      if (!test || !body || !isMissing(test, name.text)) continue;
      const last = body.lastChild;
      const isFilled = last?.text.startsWith(`${name.text} = `) && !last.text.endsWith(" None");
      return (isFilled || LEAVES.has(last?.kind ?? "")) && !isSet(above.end);
    }
  }
  return false;
}

const LEAVES: ReadonlySet<string> = new Set([
  "raise_statement",
  "return_statement",
  "continue_statement",
  "break_statement",
]);

/** The condition holds only where the name stands for something: `name`, `name is not None`, `isinstance(name, str)`, or one of them with `and`. */
function isThere(condition: Node, name: string): boolean {
  const node = unwrap(condition);
  if (node.isBroken) return false;
  const binary = asBinary(node);
  if (binary?.operator === "and") return isThere(binary.left, name) || isThere(binary.right, name);
  return (
    node.text === name ||
    node.text === `${name} is not None` ||
    (node.kind === "call" && node.text.startsWith(`isinstance(${name}, `))
  );
}

/** The condition holds wherever the name is None. */
function isMissing(condition: Node, name: string): boolean {
  const node = unwrap(condition);
  if (node.isBroken) return false;
  const binary = asBinary(node);
  if (binary?.operator === "or") return isMissing(binary.left, name) || isMissing(binary.right, name);
  if (node.kind === "not_operator") return isThere(node.field("argument")!, name);
  return node.text === `${name} is None`;
}
