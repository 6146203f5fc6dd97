/** Which of the places that bind a name can have given it the value that one read sees. */

import { functionAround } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import type { Binding, Site } from "./scopes.js";

/** All sites when the read runs in another function than the binding: then any of them may have run last. */
export function reachingSites(binding: Binding, read: Node): readonly Site[] {
  const sites = binding.sites.filter((it) => it.kind !== "delete");
  const here = sites.filter((it) => it.name.tree === read.tree && !it.isRemote);
  const runsElsewhere = functionAround(read) !== home(binding) || here.length !== sites.length;
  if (runsElsewhere || sites.length === 1) return sites;

  const before = here.filter((it) => it.name.start < read.start && !isBehind(it, read));
  const last = before.findLast((it) => dominates(it, read));
  const carried = here.filter((it) => !before.includes(it) && shareLoop(it, read) && !(last && shareLoop(last, read) && sameLoop(last, read)));
  const reaching = last ? before.slice(before.indexOf(last)) : before;
  return [...reaching, ...carried];
}

/** Code outside a region may see what the name stands for while the region runs, or after the region failed half-way: other functions, and what runs behind a `try` around it. */
export function isObserved(binding: Binding, region: Node): boolean {
  if (binding.sites.some((it) => it.isRemote)) return true;
  const here = functionAround(region);
  const rescued = rescuesAround(region);
  return binding.reads.some((read) => !read.isInside(region) && (functionAround(read) !== here || rescued.some((it) => !read.isInside(it))));
}

/** What is left when a node fails and the function goes on all the same: bodies of `try` statements and of `with suppress(…)`. */
function rescuesAround(node: Node): readonly Node[] {
  const bodies: Node[] = [];
  for (let inner = node, outer = node.parent; outer && outer.kind !== "function_definition"; inner = outer, outer = outer.parent) {
    if (outer.kind === "try_statement" && inner.fieldName === "body") bodies.push(inner);
    if (outer.kind === "with_statement" && inner.fieldName === "body" && /\b(suppress|raises|assertRaises)\b/.test(outer.tree.text.slice(outer.start, inner.start))) bodies.push(inner);
  }
  return bodies;
}

function home(binding: Binding): Node | undefined {
  const { kind, node } = binding.scope;
  return kind === "function" || kind === "lambda" ? node : undefined;
}

/** The read is part of the statement that binds: `x = x + 1` reads the value from before. */
function isBehind(site: Site, read: Node): boolean {
  if (site.kind === "for" || site.kind === "with" || site.kind === "except") return site.value !== undefined && read.isInside(site.value);
  if (site.kind === "parameter" || site.kind === "function" || site.kind === "class" || site.kind === "walrus" || site.kind === "match") return false;
  return read.isInside(site.owner);
}

/** Whenever the read runs, the site has run before it, with nothing conditional between them. */
function dominates(site: Site, read: Node): boolean {
  if (site.kind === "parameter") return true;
  if (site.kind === "for" || site.kind === "except" || site.kind === "match") return read.isInside(site.owner) && !read.isInside(site.owner.field("alternative") ?? site.name);
  let statement = site.owner;
  while (statement.parent && statement.parent.kind !== "block" && statement.parent.kind !== "module") {
    if (CONDITIONAL.has(statement.parent.kind)) return false;
    statement = statement.parent;
  }
  return statement.parent !== undefined && read.isInside(statement.parent);
}

const CONDITIONAL = new Set(["boolean_operator", "conditional_expression", "if_clause", "for_in_clause"]);

function loopsOf(node: Node): readonly Node[] {
  const loops: Node[] = [];
  for (let at = node.parent; at && at.kind !== "function_definition" && at.kind !== "lambda"; at = at.parent) {
    if (at.kind === "for_statement" || at.kind === "while_statement") loops.push(at);
  }
  return loops;
}

function shareLoop(site: Site, read: Node): boolean {
  const around = loopsOf(read);
  return loopsOf(site.name).some((it) => around.includes(it));
}

/** The site stands in the innermost loop of the read, so each turn sets the name anew before it is read. */
function sameLoop(site: Site, read: Node): boolean {
  const [innermost] = loopsOf(read);
  return innermost !== undefined && site.name.isInside(innermost);
}

/** In the `else` of `if True:` or the body of `if False:`, within its function: the other half of code that tools generate from one source. */
export function neverRuns(node: Node): boolean {
  for (let inner = node, outer = node.parent; outer && outer.kind !== "function_definition"; inner = outer, outer = outer.parent) {
    const condition = outer.kind === "if_statement" ? outer.field("condition")?.kind : undefined;
    if ((condition === "true" && inner.fieldName === "alternative") || (condition === "false" && inner.fieldName === "consequence")) return true;
  }
  return false;
}
