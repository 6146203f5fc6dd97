/** What a function takes of its group, and functions that only set columns of it: `g.assign(step=g["x"].diff())`, `g["step"] = g["x"].diff()`. */

import {
  asAssignment,
  asBinary,
  asLambda,
  asMethodCall,
  asSubscript,
  isConstant,
  parametersOf,
  statementsRun,
  textValue,
  unwrap,
  type Facts,
  type GivenFunction,
  type Node,
} from "../../../analysis/authoring.js";

/** Results of a whole group, as the methods of groups and of a Series are called. */
export const REDUCTIONS = new Set(
  "sum mean median min max std var sem count nunique prod any all skew first last size".split(" "),
);
/** What gives a value for each row; groups know the order within each of them. */
export const RUNNING = new Set("cumsum cumprod cummax cummin shift diff rank ffill bfill pct_change".split(" "));
/** They work on the values of a column one by one, whichever group these are of. */
const ELEMENTWISE = new Set("fillna div truediv mul sub add rdiv rsub abs round clip astype".split(" "));

/** The group itself, or one column of it. */
export function groupPart(part: Node, group: string): { readonly column: string | undefined } | undefined {
  const node = unwrap(part);
  if (node.kind === "identifier") return node.text === group ? { column: undefined } : undefined;
  const subscript = asSubscript(node);
  const [key, more] = subscript?.indices ?? [];
  return subscript && key && !more && textValue(key) !== undefined && subscript.value.text === group
    ? { column: key.text }
    : undefined;
}

/** The methods whose results a function sets as columns of its group, where it does nothing else. */
export function setColumns({ cases, parameter, def }: GivenFunction, facts: Facts): readonly string[] {
  const uses = new Set<string>();
  const [only, more] = cases;
  const isSound =
    parameter !== undefined &&
    (only && !more
      ? isAssigned(only.value, parameter, uses)
      : def !== undefined && isSetOneByOne(facts.bodyOf(def), parameter, uses));
  return isSound ? [...uses] : [];
}

/** `g.assign(step=g["x"].diff()).assign(share=lambda it: it["step"] / it["x"])`. */
function isAssigned(body: Node, group: string, uses: Set<string>): boolean {
  let node = unwrap(body);
  for (let method = asMethodCall(node, "assign"); method; method = asMethodCall(node, "assign")) {
    if (method.args.length > 0 || method.hasSplat) return false;
    for (const it of method.keywords.values()) {
      const lambda = asLambda(unwrap(it));
      const [parameter] = lambda ? parametersOf(lambda.node.field("parameters")) : [];
      if (!isColumnWork(lambda ? lambda.body : it, parameter?.name ?? group, uses)) return false;
    }
    node = unwrap(method.object);
  }
  return node.kind === "identifier" && node.text === group;
}

/** `g["step"] = g["x"].diff()`, and the group is given back. */
function isSetOneByOne(block: Node, group: string, uses: Set<string>): boolean {
  const statements = statementsRun(block);
  const last = statements.at(-1);
  if (last?.kind !== "return_statement" || last.children[0]?.text !== group) return false;
  return statements.slice(0, -1).every((it) => {
    const assignment = asAssignment(it);
    const [target, more] = assignment?.targets ?? [];
    if (!assignment?.value || !target || more) return false;
    // `g = g.copy()`, which whole columns need not.
    if (target.text === group) return asMethodCall(assignment.value, "copy")?.object.text === group;
    return groupPart(target, group)?.column !== undefined && isColumnWork(assignment.value, group, uses);
  });
}

/** Made of columns of the group by arithmetic and by methods that groups have too. */
function isColumnWork(value: Node, group: string, uses: Set<string>): boolean {
  const node = unwrap(value);
  if (isConstant(node) || groupPart(node, group)) return true;
  const inner = (it: Node) => isColumnWork(it, group, uses);
  const binary = node.kind === "binary_operator" ? asBinary(node) : undefined;
  if (binary) return /^(\+|-|\*|\/|\/\/|%|\*\*)$/.test(binary.operator) && inner(binary.left) && inner(binary.right);
  const method = asMethodCall(node);
  if (!method || method.hasSplat || !inner(method.object)) return false;
  const given = [...method.args, ...method.keywords.values()];
  if (ELEMENTWISE.has(method.method)) return given.every((it) => inner(it) || it.kind === "identifier");
  if (!(RUNNING.has(method.method) || REDUCTIONS.has(method.method)) || !given.every((it) => isConstant(it)))
    return false;
  uses.add(method.method);
  return true;
}
