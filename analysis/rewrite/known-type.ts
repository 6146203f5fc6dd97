/** The annotation that certainly fits a value, as text: of built-in types, classes of the file and what is declared. Undefined where it might also be something else, None included. */

import type { Facts } from "../semantics/facts.js";
import type { Site } from "../semantics/scopes.js";
import type { Type } from "../semantics/types.js";
import {
  asAttribute,
  asBinary,
  asCall,
  asComprehension,
  asConditional,
  asMethodCall,
  unwrap,
} from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";
import { standsAbove } from "./placing.js";

const SCALARS = new Set(["int", "str", "float", "bool", "bytes", "complex"]);
const CONTAINERS = new Set(["list", "dict", "set", "frozenset", "tuple"]);
const DEPTH = 12;
/** Built-in functions with one type of result, whatever they are given. */
const SURE = new Set(
  "int str float bool bytes complex list dict set frozenset tuple sorted len repr ascii chr ord hex bin oct isinstance issubclass callable hasattr any all hash id input format".split(
    " ",
  ),
);

/**
 * The annotation for a value, written as it can be written at that place; undefined where the type is not known.
 * @param near where the annotation is to stand
 * @param given annotations that parameters are about to get
 */
export function knownType(
  value: Node,
  near: Node,
  facts: Facts,
  given: ReadonlyMap<Node, string> = new Map(),
): string | undefined {
  const of = (expression: Node | undefined, depth: number): string | undefined => {
    const node = expression && unwrap(expression);
    if (!node || node.isBroken || depth > DEPTH) return undefined;
    const inner = (it: Node | undefined) => of(it, depth + 1);
    switch (node.kind) {
      case "none":
        return "None";
      case "list":
      case "set":
        return container(node.kind, [joined(node.children.map(inner))]);
      case "tuple":
      case "expression_list":
        return container("tuple", node.children.map(inner));
      case "dictionary":
        return container("dict", [
          joined(node.children.map((it) => inner(it.field("key")))),
          joined(node.children.map((it) => inner(it.field("value")))),
        ]);
      case "list_comprehension":
        return container("list", [inner(asComprehension(node)?.element)]);
      case "set_comprehension":
        return container("set", [inner(asComprehension(node)?.element)]);
      case "dictionary_comprehension": {
        const pair = asComprehension(node)?.element;
        return container("dict", [inner(pair?.field("key")), inner(pair?.field("value"))]);
      }
      case "conditional_expression": {
        const conditional = asConditional(node);
        return conditional && union([inner(conditional.then), inner(conditional.otherwise)]);
      }
      case "boolean_operator":
        return joined(node.children.map(inner));
      case "binary_operator": {
        const binary = asBinary(node);
        const [left, right] = [binary && inner(binary.left), binary && inner(binary.right)];
        const isPlain =
          [left, right].every((it) => it !== undefined && SCALARS.has(it)) ||
          (left === "str" && binary?.operator === "%");
        return isPlain && binary?.operator !== "**" ? plain(node) : undefined;
      }
      case "call":
        return called(node, inner);
      case "attribute":
        return declared(node);
      case "identifier":
        return named(node, inner);
      case "integer":
      case "float":
      case "true":
      case "false":
      case "string":
      case "concatenated_string":
      case "comparison_operator":
      case "not_operator":
        return plain(node);
      case "unary_operator":
        return inner(node.field("argument")) === undefined ? undefined : plain(node);
      default:
        return undefined;
    }
  };

  const plain = (node: Node): string | undefined => {
    const found = facts.typeOf(node);
    return found && SCALARS.has(found.name) ? found.name : undefined;
  };

  const called = (node: Node, inner: (it: Node | undefined) => string | undefined): string | undefined => {
    const call = asCall(node);
    const name = call && facts.nameOf(call.callee);
    const found = facts.typeOf(node);
    if (!call) return undefined;
    if (name !== undefined) {
      if (!found || !(name.startsWith("math.") || SURE.has(name.replace(/^builtins\./, "")))) return undefined;
      return SCALARS.has(found.name) || CONTAINERS.has(found.name) ? found.name : undefined;
    }
    if (call.callee.kind === "identifier") {
      const def = facts.functionNamed(call.callee);
      if (def)
        return def.decorators.length === 0 && !def.isAsync && SCALARS.has(def.returns?.text ?? "")
          ? def.returns?.text
          : undefined;
      return found?.name === `local.${call.callee.text}` ? own(call.callee.text) : undefined;
    }
    const method = asMethodCall(node);
    const receiver = method && inner(method.object);
    return receiver === "str" || receiver === "bytes" ? written(found) : undefined;
  };

  /** A class of this file; in quotes where it is made later than the annotation is read. */
  const own = (name: string): string | undefined => {
    const info = facts.classNamed(name);
    const scope = facts.scopeOf(near);
    if (!info || (scope.parent && scope.bindings.has(name))) return undefined;
    const isMade =
      standsAbove(info.def.outer, near, facts) &&
      !near.isInside(info.def.node) &&
      facts.classOf(near)?.def.node !== info.def.node;
    return isMade ? name : `"${name}"`;
  };

  const declared = (node: Node): string | undefined => {
    const attribute = asAttribute(node);
    const owner = attribute && facts.typeOf(attribute.object)?.name;
    const info = owner?.startsWith("local.") ? facts.classNamed(owner.slice(6)) : undefined;
    const found =
      info && [...info.attributes, ...info.writes].filter((it) => it.name === attribute?.name && it.annotation);
    return found?.length === 1 ? readable(found[0]!.annotation!) : undefined;
  };

  const named = (node: Node, inner: (it: Node | undefined) => string | undefined): string | undefined => {
    const reaching = facts.reachingSites(node);
    const sites = reaching.length > 0 ? reaching : facts.writesOf(node);
    if (sites.length === 0) return undefined;
    const starts = sites.filter((it) => it.kind !== "augment");
    const found = joined(starts.map((it) => siteType(it, inner)));
    if (found === undefined || starts.length === sites.length)
      return found === undefined ? undefined : filled(found, starts);
    const after = facts.typeOf(node);
    return SCALARS.has(found) && after && SCALARS.has(after.name) ? after.name : undefined;
  };

  /** What a list holds that was given a name may have changed since; a declaration holds. */
  const filled = (found: string, sites: readonly Site[]): string =>
    sites.every((it) => it.annotation) ? found : (/^(list|dict|set)\b(?=\[)/.exec(found)?.[0] ?? found);

  const siteType = (site: Site, inner: (it: Node | undefined) => string | undefined): string | undefined => {
    const added = given.get(site.name);
    if (added !== undefined) return added;
    const loop = site.kind === "for" ? facts.nameOf(asCall(site.value)?.callee ?? site.name) : undefined;
    if (loop === "builtins.range" || (loop === "builtins.enumerate" && site.path.length === 1 && site.path[0] === 0))
      return "int";
    if (site.path.length > 0 || !["assign", "annotate", "parameter"].includes(site.kind)) return undefined;
    if (site.kind === "parameter" && /^\*/.test(site.owner.text)) return undefined;
    if (site.annotation) return readable(site.annotation);
    return site.kind === "assign" ? inner(site.value) : undefined;
  };

  /** At the top of the module, not under a condition: `TYPE_CHECKING` imports are not there when the code runs. */
  const isImported = (name: string): boolean => {
    const [site, more] = facts.view.sitesOf(name);
    return site?.kind === "import" && !more && site.owner.parent === site.owner.tree.root;
  };

  /** A declaration can be repeated where all its names mean the same there; Final and the like belong to the declared name. */
  const readable = (annotation: Node): string | undefined => {
    const { text } = annotation;
    if (/\n|\b(Final|ClassVar|InitVar|Annotated|TypeVar|Any|Self|Literal)\b/.test(text)) return undefined;
    const names = annotation.kind === "identifier" ? [annotation] : annotation.descendants("identifier");
    const isKnown = names.every(
      (it) => facts.isBuiltin(it.text, near) || it.fieldName === "attribute" || isImported(it.text),
    );
    if (isKnown) return text;
    return annotation.descendants("identifier").length === 1 && /^\w+$/.test(text) ? own(text) : undefined;
  };

  return of(value, 0);
}

/** Types that come together: equal ones, or numbers of which the wider holds all. */
function joined(types: readonly (string | undefined)[]): string | undefined {
  const [first, ...rest] = types;
  const numbers = ["int", "float"];
  return rest.reduce(
    (a, b) =>
      a === b
        ? a
        : a !== undefined && b !== undefined && numbers.includes(a) && numbers.includes(b)
          ? "float"
          : undefined,
    first,
  );
}

/** The union of results, None last. Undefined where one is unknown, or there are too many to be meant. */
export function union(types: readonly (string | undefined)[]): string | undefined {
  const all = [...new Set(types.flatMap((it) => (it === undefined ? [undefined] : it.split(" | "))))];
  if (all.includes(undefined)) return undefined;
  // The wider type holds the narrower: a float may be whole, a bare list may hold anything.
  const merged = all.filter(
    (it) =>
      !(it === "int" && all.includes("float")) && !(it?.includes("[") && all.includes(it.slice(0, it.indexOf("[")))),
  );
  const rest = merged.filter((it) => it !== "None");
  const isQuoted = rest.some((it) => it?.includes('"'));
  if (rest.length > 2 || (isQuoted && merged.length > 1)) return undefined;
  return [...rest, ...(merged.includes("None") ? ["None"] : [])].join(" | ");
}

function container(name: string, of: readonly (string | undefined)[]): string {
  return of.length > 0 && of.every((it) => it !== undefined) ? `${name}[${of.join(", ")}]` : name;
}

function written(found: Type | undefined): string | undefined {
  if (!found || !(SCALARS.has(found.name) || CONTAINERS.has(found.name))) return undefined;
  const of = found.of.map(written);
  return container(found.name, of);
}
