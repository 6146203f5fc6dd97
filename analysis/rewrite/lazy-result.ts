/** Results of lazy queries that are asked for once per turn of a loop: Polars, Dask, Spark. One reading for all rules about them. */

import type { Evidence, Facts } from "../semantics/facts.js";
import {
  asBinary,
  asComparison,
  asComprehension,
  asMethodCall,
  asSubscript,
  asAttribute,
  asCall,
  unwrap,
  type MethodCall,
} from "../syntax/expressions.js";
import { asAssignment, asFor, statementOf } from "../syntax/statements.js";
import { declined, fixOf, type Declined, type Edit, type Fix } from "../rule/rule.js";
import { hasComments, insertAfter, insertBefore, lineBelow, remove } from "../rule/edits.js";
import type { Node } from "../syntax/tree.js";

/** One request per turn. */
export interface AskedPerTurn {
  readonly call: MethodCall;
  /** What is asked for its result. */
  readonly query: Node;
  readonly loop: Node;
  /** The query is made of something that is there before the loop: its data is read and worked out again in every turn. */
  readonly isSameSource: boolean;
  /** Where the results go: into a comprehension, a list that is appended to, an item of something; undefined where a turn uses its own. */
  readonly kept: "comprehension" | "list" | "item" | undefined;
}

/** Undefined where no loop runs it, or where the next query hangs on this result. */
export function askedPerTurn(call: MethodCall, facts: Facts): AskedPerTurn | undefined {
  const loop = facts.loopAround(call.node);
  if (!loop || loop.kind === "while_statement") return undefined;
  const query = unwrap(call.object);
  let root = rootOf(query);
  const isOfLoop = () => root.kind === "identifier" && facts.writesOf(root, wholeOf(loop)).length > 0;
  if (isOfLoop() && isFedBack(root, call, loop, facts)) return undefined;
  // `part = frame.filter(…)` in the loop: what it is made of counts.
  for (let steps = 0; steps < 4 && isOfLoop(); steps++) {
    const [site, more] = facts.writesOf(root);
    if (!site?.value || more || site.kind !== "assign" || site.path.length > 0) break;
    root = rootOf(site.value);
  }
  const isName = (root.kind === "identifier" || root.kind === "attribute") && !isOfLoop();
  return { call, query, loop, isSameSource: isName && isData(root, facts), kept: keptBy(call, facts) };
}

const wholeOf = (loop: Node): Node => (loop.kind === "for_in_clause" ? (loop.parent ?? loop) : loop);
const MOST_STEPS = 60;

/** `lf` of `lf.filter(…).select(…)`, `ddf` of `ddf[ddf.x > 1]["y"]`; a call where the chain begins with one. */
export function rootOf(query: Node): Node {
  let at = unwrap(query);
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    if (asAttribute(at)?.object.text === "self") return at;
    const next =
      asMethodCall(at)?.object ??
      asSubscript(at)?.value ??
      asBinary(at)?.left ??
      asComparison(at)?.left ??
      (at.kind === "attribute" ? asAttribute(at)?.object : undefined);
    if (!next) return at;
    at = unwrap(next);
  }
  return at;
}

/** A name of data, not of a module, a class or a service. */
function isData(root: Node, facts: Facts): boolean {
  return (
    facts.nameOf(root) === undefined &&
    !/^(?:self|cls|storage|store|client|session|spark|sc|db|(?:self\\.)?_?dm_\w+|\w*(?:provider|manager|storage))$/i.test(
      root.text,
    )
  );
}

/** `lf = lf.filter(…).collect().lazy()`: the next turn goes on from this one. */
function isFedBack(root: Node, { node }: MethodCall, loop: Node, facts: Facts): boolean {
  const [target] = asAssignment(statementOf(node))?.targets ?? [];
  return (
    loop.kind === "for_statement" &&
    target !== undefined &&
    facts.writesOf(root, loop).some((it) => it.name.start === target.start)
  );
}

function keptBy({ node }: MethodCall, facts: Facts): AskedPerTurn["kept"] {
  const { parent } = node;
  const comprehension = asComprehension(parent);
  if (comprehension && unwrap(comprehension.element) === node) return "comprehension";
  // `{key: query.collect() for …}`.
  if (parent?.kind === "pair" && parent.fieldName === "body") return "comprehension";
  if (parent?.kind === "argument_list" && asMethodCall(parent.parent, "append")) return "list";
  const assignment = asAssignment(statementOf(node));
  const [target, more] = assignment?.targets ?? [];
  if (!target || more || unwrap(assignment?.value ?? target) !== node) return undefined;
  if (target.kind === "subscript") return "item";
  // `part = query.collect()` and `parts.append(part)`.
  const [read, another] = target.kind === "identifier" ? facts.readsSeeing(target) : [];
  return read && !another && asMethodCall(read.parent?.parent, "append")?.args[0] === read ? "list" : undefined;
}

/** The root of a chain, through names that hold another chain: a call, or a parameter. */
export function originOf(query: Node, facts: Facts): Node {
  let root = rootOf(query);
  for (let steps = 0; steps < 4 && root.kind === "identifier"; steps++) {
    const held = facts.valueOf(root);
    if (!held) return root;
    root = rootOf(held);
  }
  return root;
}

/** By which evidence the beginning of a chain is a library's: `dask.dataframe.read_csv(…)`, by its qualified name. */
export function madeBy(query: Node, library: RegExp, facts: Facts): Evidence | undefined {
  const root = originOf(query, facts);
  const call = asCall(root);
  const callee = call?.callee ?? root;
  const name = facts.nameOf(callee) ?? facts.nameOf(rootOf(callee)) ?? "";
  return library.test(name) ? "strong" : undefined;
}

/** The list that the results are appended to, where nothing in the loop looks at it otherwise. */
function gatheringList({ call, loop, kept }: AskedPerTurn, facts: Facts): Node | undefined {
  const append = kept === "list" ? asMethodCall(call.node.parent?.parent, "append") : undefined;
  if (append && unwrap(append.args[0] ?? append.object) !== call.node) return undefined;
  const list = append && unwrap(append.object);
  if (!list || list.kind !== "identifier" || !asFor(loop) || facts.loopsAround(call.node).length !== 1)
    return undefined;
  const held = facts.valueOf(list);
  const isEmpty =
    held !== undefined &&
    unwrap(held).kind === "list" &&
    unwrap(held).children.filter((it) => it.kind !== "comment").length === 0;
  return isEmpty && facts.readsOf(list, loop).length === 1 && facts.writesOf(list).length === 1 ? list : undefined;
}

/** All queries of a comprehension, or of a list that is filled, are asked at once. `asked` writes that for the queries. */
export function askedTogether(
  it: AskedPerTurn,
  title: string,
  doubts: readonly string[],
  { open, close }: { readonly open: string; readonly close: string },
  imports: readonly Edit[],
  facts: Facts,
): Fix | Declined {
  const { call } = it;
  if (call.args.length + call.keywords.size > 0) return declined("the request has options of its own");
  if (hasComments(call.node)) return declined("a comment would be lost");
  const lazy = remove({ tree: call.node.tree, start: call.object.end, end: call.node.end });
  const whole = asComprehension(call.node.parent);
  if (it.kept === "comprehension")
    return whole?.kind === "list"
      ? fixOf(title, doubts, [...imports, insertBefore(whole.node, open), lazy, insertAfter(whole.node, close)])
      : declined("the results go into something other than a list");
  const list = gatheringList(it, facts);
  if (!list) return declined("each turn goes on with its own result");
  return fixOf(title, doubts, [...imports, lazy, lineBelow(it.loop, `${list.text} = ${open}${list.text}${close}`)]);
}
