/** What each kind of node does to names: binds them, reads them, or runs part of what it holds in a scope of its own. */

import { asComprehension } from "../syntax/expressions.js";
import type { Kind } from "../syntax/kinds.generated.js";
import { asAssignment, asAugmented, asClass, asFor, asFunction, asTry, asWith } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { captures, importsOf } from "./bindings.js";
import type { OpenScope, ScopeReader } from "./scopes.js";

/** Returns false where the children are simply to be walked. */
export type Handler = (reader: ScopeReader, node: Node, scope: OpenScope) => boolean;

function walkComprehension(reader: ScopeReader, node: Node, scope: OpenScope): boolean {
  const comprehension = asComprehension(node);
  if (!comprehension) return false;
  const inner = reader.open("comprehension", node, scope);
  comprehension.clauses.forEach(({ target, iterable }, index) => {
    reader.walk(iterable, index === 0 ? scope : inner);
    reader.bindTarget(inner, "for", target, target.parent!, { value: iterable });
  });
  reader.walkAll(comprehension.conditions, inner);
  reader.walk(comprehension.element, inner);
  return true;
}

function bindImports(reader: ScopeReader, node: Node, scope: OpenScope): boolean {
  for (const { bound, imported } of importsOf(node)) {
    if (bound) reader.bind(scope, "import", bound, node, { imported });
    else reader.stars.push({ module: imported.module, statement: node });
  }
  return true;
}

/** Kinds that are not in it are simply walked. */
export const NAMING: Readonly<Partial<Record<Kind, Handler>>> = {
  identifier(reader, node, scope) {
    reader.read(node, scope);
    return true;
  },
  attribute(reader, node, scope) {
    reader.walk(node.field("object"), scope);
    return true;
  },
  keyword_argument(reader, node, scope) {
    reader.walk(node.field("value"), scope);
    return true;
  },
  function_definition(reader, node, scope) {
    const def = asFunction(node);
    if (!def) return false;
    reader.bind(scope, "function", def.nameNode, def.outer, { value: node });
    reader.walk(def.returns, scope);
    const inner = reader.open("function", node, scope);
    reader.bindParameters(node.field("parameters"), inner, scope);
    reader.walkChildren(def.body, inner);
    return true;
  },
  lambda(reader, node, scope) {
    const inner = reader.open("lambda", node, scope);
    reader.bindParameters(node.field("parameters"), inner, scope);
    reader.walk(node.field("body"), inner);
    return true;
  },
  class_definition(reader, node, scope) {
    const def = asClass(node);
    if (!def) return false;
    reader.bind(scope, "class", def.nameNode, def.outer, { value: node });
    reader.walkChildren(node.field("superclasses"), scope);
    reader.walkChildren(def.body, reader.open("class", node, scope));
    return true;
  },
  assignment(reader, node, scope) {
    const assignment = asAssignment(node);
    if (!assignment) return false;
    const { value, annotation } = assignment;
    reader.walk(value, scope);
    reader.walk(annotation, scope);
    for (const target of assignment.targets)
      reader.bindTarget(scope, value ? "assign" : "annotate", target, assignment.node, { value, annotation });
    return true;
  },
  augmented_assignment(reader, node, scope) {
    const augmented = asAugmented(node);
    if (!augmented) return false;
    reader.walk(augmented.value, scope);
    reader.walk(augmented.target, scope);
    if (augmented.target.kind === "identifier")
      reader.bind(scope, "augment", augmented.target, node, { value: augmented.value });
    return true;
  },
  named_expression(reader, node, scope) {
    const [name, value] = [node.field("name"), node.field("value")];
    reader.walk(value, scope);
    // Its target leaves comprehensions.
    let holder = scope;
    while (holder.kind === "comprehension" && holder.parent) holder = holder.parent;
    if (name) reader.bind(holder, "walrus", name, node, { value });
    return true;
  },
  for_statement(reader, node, scope) {
    const loop = asFor(node);
    if (!loop) return false;
    reader.walk(loop.iterable, scope);
    reader.bindTarget(scope, "for", loop.target, node, { value: loop.iterable });
    reader.walkChildren(loop.body, scope);
    reader.walk(loop.orElse, scope);
    return true;
  },
  with_statement(reader, node, scope) {
    const block = asWith(node);
    if (!block) return false;
    for (const item of block.items) {
      reader.walk(item.value, scope);
      if (item.alias) reader.bindTarget(scope, "with", item.alias, node, { value: item.value });
    }
    reader.walkChildren(block.body, scope);
    return true;
  },
  try_statement(reader, node, scope) {
    const attempt = asTry(node);
    if (!attempt) return false;
    reader.walkChildren(attempt.body, scope);
    for (const handler of attempt.handlers) {
      reader.walk(handler.type, scope);
      if (handler.alias?.kind === "identifier")
        reader.bind(scope, "except", handler.alias, handler.node, { value: handler.type });
      reader.walkChildren(handler.body, scope);
    }
    reader.walk(attempt.orElse, scope);
    reader.walk(attempt.finalizer, scope);
    return true;
  },
  delete_statement(reader, node, scope) {
    const targets = node.children.flatMap((it) => (it.kind === "expression_list" ? it.children : [it]));
    for (const target of targets) {
      if (target.kind === "identifier") reader.bind(scope, "delete", target, node);
      else reader.walk(target, scope);
    }
    return true;
  },
  case_clause(reader, node, scope) {
    for (const child of node.children) {
      if (child.kind !== "case_pattern") reader.walk(child, scope);
      else {
        const { names, values } = captures(child);
        for (const name of names) reader.bind(scope, "match", name, node);
        reader.walkAll(values, scope);
      }
    }
    return true;
  },
  global_statement(reader, node, scope) {
    reader.declare(node, scope, "global");
    return true;
  },
  nonlocal_statement(reader, node, scope) {
    reader.declare(node, scope, "nonlocal");
    return true;
  },
  import_statement: bindImports,
  import_from_statement: bindImports,
  future_import_statement: () => true,
  type_alias_statement(reader, node, scope) {
    const [left, right] = [node.field("left"), node.field("right")];
    reader.walk(right, scope);
    const name = left?.descendants("identifier")[0];
    if (name) reader.bind(scope, "type", name, node, { value: right });
    return true;
  },
  list_comprehension: walkComprehension,
  set_comprehension: walkComprehension,
  dictionary_comprehension: walkComprehension,
  generator_expression: walkComprehension,
};
