/** The scopes of one piece and what each name in it is bound to, as Python decides it: by the places that bind it. */

import { asComprehension } from "../syntax/expressions.js";
import type { Kind } from "../syntax/kinds.generated.js";
import { asAssignment, asAugmented, asClass, asFor, asFunction, asTry, asWith, parametersOf } from "../syntax/statements.js";
import type { Node, Tree } from "../syntax/tree.js";
import { captures, importsOf, type Imported } from "./bindings.js";

export type ScopeKind = "module" | "class" | "function" | "lambda" | "comprehension";

export interface Scope {
  readonly kind: ScopeKind;
  /** The tree's root for a piece's top scope. */
  readonly node: Node;
  readonly parent: Scope | undefined;
  readonly bindings: ReadonlyMap<string, Binding>;
}

export type SiteKind =
  | "import" | "assign" | "annotate" | "augment" | "for" | "with" | "except" | "function" | "class" | "parameter" | "walrus" | "match" | "delete" | "type";

/** One place that binds, rebinds or unbinds a name. */
export interface Site {
  readonly kind: SiteKind;
  /** The identifier itself. */
  readonly name: Node;
  /** What does the binding: the statement, parameter, clause or expression. */
  readonly owner: Node;
  /** What is bound or iterated, where the source shows it: the right side, the iterable, the context expression, the default. */
  readonly value: Node | undefined;
  readonly annotation: Node | undefined;
  /** Position within an unpacked target, outermost first; empty when the name takes the whole value. */
  readonly path: readonly number[];
  readonly imported: Imported | undefined;
  /** Written from a function by way of `global` or `nonlocal`. */
  readonly isRemote: boolean;
}

export interface Binding {
  readonly name: string;
  readonly scope: Scope;
  readonly sites: readonly Site[];
  readonly reads: readonly Node[];
}

export interface PieceScopes {
  readonly top: Scope;
  /** Modules of which everything is imported. */
  readonly stars: readonly string[];
  scopeOf(node: Node): Scope;
  /** What an identifier that reads or binds a name means; undefined for attribute names, keywords and the like. */
  bindingOf(identifier: Node): Binding | undefined;
  /** Names that the piece uses but does not bind in any scope of its own. */
  readonly free: ReadonlyMap<string, readonly Node[]>;
  /** Names that functions of the piece declare global and bind. */
  readonly remote: ReadonlyMap<string, readonly Site[]>;
}

interface OpenBinding extends Binding {
  readonly sites: Site[];
  readonly reads: Node[];
}
interface OpenScope extends Scope {
  readonly bindings: Map<string, OpenBinding>;
  readonly parent: OpenScope | undefined;
  readonly declared: Map<string, "global" | "nonlocal">;
}
type SiteDetails = Partial<Pick<Site, "value" | "annotation" | "path" | "imported">>;

/** Kinds whose children hold no names of the surrounding scope in a special place: they are simply walked. */
export function pieceScopes(tree: Tree, topKind: "module" | "class"): PieceScopes {
  const scopes = new Map<number, OpenScope>();
  const reads: { readonly node: Node; readonly scope: OpenScope }[] = [];
  const meaning = new Map<number, OpenBinding>();
  const free = new Map<string, Node[]>();
  const remote = new Map<string, Site[]>();
  const stars: string[] = [];

  const open = (kind: ScopeKind, node: Node, parent: OpenScope | undefined): OpenScope => {
    const scope: OpenScope = { kind, node, parent, bindings: new Map(), declared: new Map() };
    scopes.set(node.id, scope);
    return scope;
  };
  const top = open(topKind, tree.root, undefined);

  const pending: { readonly scope: OpenScope; readonly site: Site }[] = [];
  const bind = (scope: OpenScope, kind: SiteKind, name: Node, owner: Node, details: SiteDetails = {}) => {
    const { value, annotation, path = [], imported } = details;
    pending.push({ scope, site: { kind, name, owner, value, annotation, path, imported, isRemote: false } });
  };

  /** Binds every name in a target; what is read inside it (`a[i].b = …`) is walked. */
  const bindTarget = (scope: OpenScope, kind: SiteKind, target: Node, owner: Node, details: SiteDetails, path: readonly number[] = []): void => {
    if (target.kind === "identifier") bind(scope, kind, target, owner, { ...details, path });
    else if (PATTERNS.has(target.kind)) target.children.forEach((it, index) => bindTarget(scope, kind, it, owner, details, [...path, index]));
    else walk(target, scope);
  };

  const walkAll = (nodes: readonly Node[], scope: OpenScope) => nodes.forEach((it) => walk(it, scope));

  const parameters = (list: Node | undefined, inner: OpenScope, outer: OpenScope) => {
    for (const parameter of parametersOf(list)) {
      if (parameter.annotation) walk(parameter.annotation, outer);
      if (parameter.defaultValue) walk(parameter.defaultValue, outer);
      bind(inner, "parameter", parameter.nameNode, parameter.node, { value: parameter.defaultValue, annotation: parameter.annotation });
    }
  };

  /** Walrus targets leave comprehensions. */
  const walrusScope = (scope: OpenScope): OpenScope => {
    let holder = scope;
    while (holder.kind === "comprehension" && holder.parent) holder = holder.parent;
    return holder;
  };

  const special: Partial<Record<Kind, (node: Node, scope: OpenScope) => boolean>> = {
    identifier(node, scope) {
      reads.push({ node, scope });
      return true;
    },
    attribute(node, scope) {
      const object = node.field("object");
      if (object) walk(object, scope);
      return true;
    },
    keyword_argument(node, scope) {
      const value = node.field("value");
      if (value) walk(value, scope);
      return true;
    },
    function_definition(node, scope) {
      const def = asFunction(node);
      if (!def) return false;
      bind(scope, "function", def.nameNode, def.outer, { value: node });
      if (def.returns) walk(def.returns, scope);
      const inner = open("function", node, scope);
      parameters(node.field("parameters"), inner, scope);
      walkAll(def.body.children, inner);
      return true;
    },
    lambda(node, scope) {
      const inner = open("lambda", node, scope);
      parameters(node.field("parameters"), inner, scope);
      const body = node.field("body");
      if (body) walk(body, inner);
      return true;
    },
    class_definition(node, scope) {
      const def = asClass(node);
      if (!def) return false;
      bind(scope, "class", def.nameNode, def.outer, { value: node });
      walkAll(node.field("superclasses")?.children ?? [], scope);
      const inner = open("class", node, scope);
      walkAll(def.body?.children ?? [], inner);
      return true;
    },
    assignment(node, scope) {
      const assignment = asAssignment(node);
      if (!assignment) return false;
      const { value, annotation } = assignment;
      if (value) walk(value, scope);
      if (annotation) walk(annotation, scope);
      const details = { value, annotation };
      for (const target of assignment.targets) bindTarget(scope, value ? "assign" : "annotate", target, assignment.node, details);
      return true;
    },
    augmented_assignment(node, scope) {
      const augmented = asAugmented(node);
      if (!augmented) return false;
      walk(augmented.value, scope);
      walk(augmented.target, scope);
      if (augmented.target.kind === "identifier") bind(scope, "augment", augmented.target, node, { value: augmented.value });
      return true;
    },
    named_expression(node, scope) {
      const [name, value] = [node.field("name"), node.field("value")];
      if (value) walk(value, scope);
      if (name) bind(walrusScope(scope), "walrus", name, node, { value });
      return true;
    },
    for_statement(node, scope) {
      const loop = asFor(node);
      if (!loop) return false;
      walk(loop.iterable, scope);
      bindTarget(scope, "for", loop.target, node, { value: loop.iterable });
      walkAll(loop.body.children, scope);
      if (loop.orElse) walk(loop.orElse, scope);
      return true;
    },
    with_statement(node, scope) {
      const block = asWith(node);
      if (!block) return false;
      for (const item of block.items) {
        walk(item.value, scope);
        if (item.alias) bindTarget(scope, "with", item.alias, node, { value: item.value });
      }
      walkAll(block.body.children, scope);
      return true;
    },
    try_statement(node, scope) {
      const attempt = asTry(node);
      if (!attempt) return false;
      walkAll(attempt.body.children, scope);
      for (const handler of attempt.handlers) {
        if (handler.type) walk(handler.type, scope);
        if (handler.alias?.kind === "identifier") bind(scope, "except", handler.alias, handler.node, { value: handler.type });
        walkAll(handler.body.children, scope);
      }
      if (attempt.orElse) walk(attempt.orElse, scope);
      if (attempt.finalizer) walk(attempt.finalizer, scope);
      return true;
    },
    delete_statement(node, scope) {
      const targets = node.children.flatMap((it) => (it.kind === "expression_list" ? it.children : [it]));
      for (const target of targets) {
        if (target.kind === "identifier") bind(scope, "delete", target, node);
        else walk(target, scope);
      }
      return true;
    },
    case_clause(node, scope) {
      for (const child of node.children) {
        if (child.kind !== "case_pattern") walk(child, scope);
        else {
          const { names, values } = captures(child);
          for (const name of names) bind(scope, "match", name, node);
          walkAll(values, scope);
        }
      }
      return true;
    },
    global_statement: (node, scope) => declare(node, scope, "global"),
    nonlocal_statement: (node, scope) => declare(node, scope, "nonlocal"),
    import_statement: (node, scope) => bindImports(node, scope),
    import_from_statement: (node, scope) => bindImports(node, scope),
    future_import_statement: () => true,
    type_alias_statement(node, scope) {
      const [left, right] = [node.field("left"), node.field("right")];
      if (right) walk(right, scope);
      const name = left?.descendants("identifier")[0];
      if (name) bind(scope, "type", name, node, { value: right });
      return true;
    },
  };

  function declare(node: Node, scope: OpenScope, how: "global" | "nonlocal"): boolean {
    for (const name of node.children) scope.declared.set(name.text, how);
    return true;
  }

  function bindImports(node: Node, scope: OpenScope): boolean {
    for (const { bound, imported } of importsOf(node)) {
      if (bound) bind(scope, "import", bound, node, { imported });
      else stars.push(imported.module);
    }
    return true;
  }

  function walkComprehension(node: Node, scope: OpenScope): boolean {
    const comprehension = asComprehension(node);
    if (!comprehension) return false;
    const inner = open("comprehension", node, scope);
    comprehension.clauses.forEach(({ target, iterable }, index) => {
      walk(iterable, index === 0 ? scope : inner);
      bindTarget(inner, "for", target, target.parent!, { value: iterable });
    });
    walkAll(comprehension.conditions, inner);
    walk(comprehension.element, inner);
    return true;
  }

  function walk(node: Node, scope: OpenScope): void {
    if (node.kind === "ERROR") return;
    const done = COMPREHENSIONS.has(node.kind) ? walkComprehension(node, scope) : special[node.kind]?.(node, scope);
    if (!done) walkAll(node.children, scope);
  }

  walkAll(tree.root.children, top);

  const bindingIn = (scope: OpenScope, name: string): OpenBinding => {
    const existing = scope.bindings.get(name);
    if (existing) return existing;
    const made: OpenBinding = { name, scope, sites: [], reads: [] };
    scope.bindings.set(name, made);
    return made;
  };

  /** Declarations hold for the whole scope, so bindings are placed only now. */
  for (const { scope, site } of pending) {
    const name = site.name.text;
    const declared = scope.declared.get(name);
    if (declared === "global" && (top.kind === "class" || scope !== top)) {
      const far: Site = { ...site, isRemote: true };
      if (top.kind === "class") remote.set(name, [...(remote.get(name) ?? []), far]);
      else {
        const binding = bindingIn(top, name);
        binding.sites.push(far);
        meaning.set(site.name.id, binding);
      }
      continue;
    }
    const home = declared === "nonlocal" ? enclosingFunction(scope, name, pending) : scope;
    const binding = bindingIn(home, name);
    binding.sites.push(home === scope ? site : { ...site, isRemote: true });
    meaning.set(site.name.id, binding);
  }

  for (const { node, scope } of reads) {
    const name = node.text;
    const binding = lookUp(scope, name);
    if (binding) {
      binding.reads.push(node);
      if (!meaning.has(node.id)) meaning.set(node.id, binding);
    } else free.set(name, [...(free.get(name) ?? []), node]);
  }

  return {
    top,
    stars,
    free,
    remote,
    bindingOf: (identifier) => meaning.get(identifier.id),
    scopeOf(node) {
      for (let inner: Node | undefined = node; inner; inner = inner.parent) {
        const scope = scopes.get(inner.id);
        if (scope && (inner === node ? scope === top : runsInside(node, inner))) return scope;
      }
      return top;
    },
  };
}

function lookUp(scope: OpenScope, name: string): OpenBinding | undefined {
  for (let at: OpenScope | undefined = scope; at; at = at.parent) {
    if (at.declared.get(name) === "global") {
      let root = at;
      while (root.parent) root = root.parent;
      return root.kind === "module" ? root.bindings.get(name) : undefined;
    }
    if (at.kind === "class" && at !== scope) continue;
    const binding = at.bindings.get(name);
    if (binding) return binding;
  }
  return undefined;
}

function enclosingFunction(scope: OpenScope, name: string, pending: readonly { readonly scope: OpenScope; readonly site: Site }[]): OpenScope {
  for (let at = scope.parent; at; at = at.parent) {
    const binds = at.kind === "function" && !at.declared.has(name) && pending.some((it) => it.scope === at && it.site.name.text === name);
    if (binds) return at;
  }
  return scope;
}

/** Decorators, defaults, annotations, base classes and a comprehension's first iterable run outside the scope they belong to. */
function runsInside(node: Node, scopeNode: Node): boolean {
  if (scopeNode.parent === undefined) return true;
  let inner = node;
  while (inner.parent && inner.parent !== scopeNode) inner = inner.parent;
  if (COMPREHENSIONS.has(scopeNode.kind)) {
    const first = asComprehension(scopeNode)?.clauses[0];
    return !first || !node.isInside(first.iterable);
  }
  if (inner.kind === "parameters" || inner.kind === "lambda_parameters") return node.kind === "identifier" && node.parent?.field("name") === node;
  return inner.fieldName === "body" || inner.kind === "comment";
}

const COMPREHENSIONS: ReadonlySet<Kind> = new Set<Kind>(["list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"]);
const PATTERNS: ReadonlySet<Kind> = new Set<Kind>([
  "pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern", "tuple", "list", "expression_list", "parenthesized_expression", "list_splat",
]);
