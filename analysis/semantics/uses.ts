/** What code does with a value at the place where it reads it: called, iterated, indexed, passed on, changed … */

import { asCall, asConditional, wrapped } from "../syntax/expressions.js";
import type { Kind } from "../syntax/kinds.generated.js";
import { asAssignment, asFor } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

export type UseKind =
  /** `value.method(…)`: `name` is the method, `call` the call. */
  | "method"
  /** `value.attribute` read, or stored into. */
  | "attribute"
  | "attribute-store"
  /** `value[i]` read, stored into (`+=` too), or deleted. */
  | "subscript"
  | "subscript-store"
  | "subscript-delete"
  | "call"
  /** Passed to a call; `call` is that call, `name` the keyword it goes by. */
  | "argument"
  /** The iterable of a `for` or comprehension. */
  | "iterated"
  /** The right side of `in` and `not in`. */
  | "membership"
  /** Compared otherwise, tested for truth, or an operand. */
  | "compared"
  | "tested"
  | "operand"
  /** `value += …`: changes a list in place, rebinds a number. */
  | "augmented"
  | "formatted"
  | "starred"
  | "awaited"
  /** Leaves by return, yield, or being put into another object or name. */
  | "returned"
  | "yielded"
  | "assigned"
  | "element"
  | "deleted"
  | "discarded"
  | "other";

/** One use of a value. */
export interface Use {
  readonly kind: UseKind;
  readonly node: Node;
  /** The whole expression in which the value is used this way. */
  readonly in: Node;
  readonly name: string | undefined;
  readonly call: Node | undefined;
}

/** What a use of a value means for a rewrite of it: it works as before, it may differ, or it would break. */
export type UseVerdict = "allowed" | "doubt" | "forbidden";

/** The worst verdict on the uses of a value: `forbidden` as soon as one is, else `doubt` if one leaves a doubt, else `allowed`. */
export function worstUse(uses: readonly Use[], judge: (use: Use) => UseVerdict): UseVerdict {
  let worst: UseVerdict = "allowed";
  for (const use of uses) {
    const verdict = judge(use);
    if (verdict === "forbidden") return verdict;
    if (verdict === "doubt") worst = verdict;
  }
  return worst;
}

/** What happens to the value of an expression where it stands: called, iterated, passed on, stored. */
export function useOf(read: Node): Use {
  const node = wrapped(read);
  const parent = node.parent;
  const use = (kind: UseKind, inside: Node | undefined = parent, name?: string, call?: Node): Use => ({
    kind,
    node: read,
    in: inside ?? node,
    name,
    call,
  });
  if (!parent) return use("other");
  const field = node.fieldName;

  switch (parent.kind) {
    case "attribute": {
      const name = parent.field("attribute")?.text;
      const outer = wrapped(parent);
      const call = asCall(outer.parent);
      if (call && outer.parent!.field("function") === outer) return use("method", outer.parent, name, outer.parent);
      return use(isStored(parent) ? "attribute-store" : "attribute", parent, name);
    }
    case "subscript":
      if (field !== "value") return use("operand");
      if (parent.ancestor("delete_statement") && isDeleted(parent)) return use("subscript-delete");
      return use(isStored(parent) ? "subscript-store" : "subscript");
    case "call":
      return use(field === "function" ? "call" : "other", parent, undefined, parent);
    case "argument_list":
      return argumentUse(parent.parent, use);
    case "keyword_argument":
      return argumentUse(parent.parent?.parent, use, parent.field("name")?.text);
    case "list_splat":
    case "dictionary_splat":
      return use("starred");
    case "for_statement":
      return use(asFor(parent)?.iterable === node ? "iterated" : "other");
    case "for_in_clause":
      return use(field === "right" ? "iterated" : "other");
    case "comparison_operator":
      return comparisonUse(node, parent, use);
    case "boolean_operator":
    case "conditional_expression":
      return use("operand");
    case "not_operator":
    case "if_clause":
    case "if_statement":
    case "elif_clause":
    case "while_statement":
      return use("tested");
    // Behind the comma stands what the error shows.
    case "assert_statement":
      return use(parent.children[0] === node ? "tested" : "other");
    case "binary_operator":
    case "unary_operator":
    case "slice":
      return use("operand");
    case "augmented_assignment":
      return use(field === "left" ? "augmented" : "operand");
    case "assignment":
      return use(asAssignment(parent) && field === "right" ? "assigned" : "other");
    case "named_expression":
      return use("assigned");
    case "interpolation":
    case "format_expression":
      return use("formatted");
    case "return_statement":
      return use("returned");
    case "yield":
      return use("yielded");
    case "await":
      return use("awaited");
    case "delete_statement":
      return use("deleted");
    case "expression_statement":
      return use("discarded");
    case "expression_list":
      return use("element", parent);
    default:
      return use(CONTAINERS.has(parent.kind) ? "element" : "other");
  }
}

const CONTAINERS: ReadonlySet<Kind> = new Set<Kind>([
  "list",
  "tuple",
  "set",
  "dictionary",
  "pair",
  "list_comprehension",
  "set_comprehension",
  "generator_expression",
]);

/** The bases of a class are no arguments, and a call that was not understood is none: whoever gets a call can read it. */
function argumentUse(
  given: Node | undefined,
  use: (kind: UseKind, inside?: Node, name?: string, call?: Node) => Use,
  name?: string,
): Use {
  return asCall(given) ? use("argument", given, name, given) : use("other", given, name);
}

function comparisonUse(node: Node, parent: Node, use: (kind: UseKind) => Use): Use {
  const parts = parent.allChildren;
  const before: string | undefined = parts[parts.indexOf(node) - 1]?.token;
  return use(before === "in" || before === "not in" ? "membership" : "compared");
}

/** Something is put where it stands: by `=`, `for`, `with … as`, alone or as one of several. */
export function isStored(target: Node): boolean {
  const node = wrapped(target);
  const { parent } = node;
  if (!parent) return false;
  if (parent.kind === "as_pattern_target") return true;
  // `with … as (a.b, c)` has a tuple there.
  if (parent.kind === "tuple" || parent.kind === "list")
    return parent.ancestor("as_pattern_target") !== undefined && isStored(parent);
  if (
    parent.kind === "assignment" ||
    parent.kind === "augmented_assignment" ||
    parent.kind === "for_statement" ||
    parent.kind === "for_in_clause"
  )
    return node.fieldName === "left";
  return STORES.has(parent.kind) && isStored(parent);
}

const STORES: ReadonlySet<Kind> = new Set<Kind>([
  "pattern_list",
  "tuple_pattern",
  "list_pattern",
  "list_splat_pattern",
]);

/** `del x.a`, alone or as one of several. */
export function isDeleted(target: Node): boolean {
  const { parent } = wrapped(target);
  if (parent?.kind === "delete_statement") return true;
  return parent !== undefined && SEVERAL.has(parent.kind) && isDeleted(parent);
}

const SEVERAL: ReadonlySet<Kind> = new Set<Kind>(["expression_list", "tuple", "list"]);

/** `a or b` and `a if c else b` give the very object, not a new value. */
export function isPassedOn({ node, in: inside }: Use): boolean {
  return (
    inside.kind === "boolean_operator" ||
    (inside.kind === "conditional_expression" && asConditional(inside)?.condition !== wrapped(node))
  );
}

/** Another name or a container stands for the same object from then on. */
export function isAliased(use: Use): boolean {
  if (use.kind === "operand" && isPassedOn(use)) return isAliased(useOf(use.in));
  return use.kind === "assigned" || use.kind === "element";
}
