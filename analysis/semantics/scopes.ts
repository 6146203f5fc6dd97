/** The scopes of one piece and what each name in it is bound to, as Python decides it: by the places that bind it. */

import { asComprehension } from "../syntax/expressions.js";
import { KINDS, type Kind } from "../syntax/kinds.generated.js";
import { asClass, asFunction, parametersOf } from "../syntax/statements.js";
import { EXTRA, FIELD_IDS, KIND_IDS, NAMED, type Node, type Tree } from "../syntax/tree.js";
import type { BindingIndex } from "./binding-index.js";
import type { Imported } from "./bindings.js";
import { NAMING } from "./naming.js";
import type { Star } from "./stars.js";

export type ScopeKind = "module" | "class" | "function" | "lambda" | "comprehension";

/** A region in which names are bound: the module, a class, a function, a lambda, a comprehension. */
export interface Scope {
  readonly kind: ScopeKind;
  /** The tree's root for a piece's top scope. */
  readonly node: Node;
  readonly parent: Scope | undefined;
  readonly bindings: ReadonlyMap<string, Binding>;
}

export type SiteKind =
  | "import"
  | "assign"
  | "annotate"
  | "augment"
  | "for"
  | "with"
  | "except"
  | "function"
  | "class"
  | "parameter"
  | "walrus"
  | "match"
  | "delete"
  | "type";

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

/** A name in its scope, with every place that binds it and every read of it. */
export interface Binding {
  readonly name: string;
  readonly scope: Scope;
  readonly sites: readonly Site[];
  readonly reads: readonly Node[];
  /** Put together when somebody asks: binding-index.ts keeps it here. */
  index: BindingIndex | undefined;
}

export interface PieceScopes {
  readonly top: Scope;
  /** Modules of which everything is imported. */
  readonly stars: readonly Star[];
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
  reads: Node[];
}
export interface OpenScope extends Scope {
  readonly bindings: Map<string, OpenBinding>;
  readonly parent: OpenScope | undefined;
  declared: Map<string, "global" | "nonlocal"> | undefined;
}
type SiteDetails = Partial<Pick<Site, "value" | "annotation" | "imported">>;

const NO_DETAILS: SiteDetails = {};
const WHOLE: readonly number[] = [];

export function pieceScopes(tree: Tree, topKind: "module" | "class"): PieceScopes {
  const reader = new ScopeReader(tree, topKind);
  reader.settle();
  const { top, stars, free, remote, scopes } = reader;
  return {
    top,
    stars,
    free,
    remote,
    bindingOf: (node) => (node.kind === "identifier" ? (node.view as Binding | undefined) : undefined),
    scopeOf(node) {
      for (let inner: Node | undefined = node; inner; inner = inner.parent) {
        const scope = scopes.get(inner.id);
        if (scope && (inner === node ? scope === top : runsInside(node, inner))) return scope;
      }
      return top;
    },
  };
}

/** How a function or class binds its name in the scope it stands in. */
export function definitionSite(definition: Node): Site | undefined {
  const def = asFunction(definition) ?? asClass(definition);
  return (
    def && {
      kind: definition.kind === "class_definition" ? "class" : "function",
      name: def.nameNode,
      owner: def.outer,
      value: definition,
      annotation: undefined,
      path: WHOLE,
      imported: undefined,
      isRemote: false,
    }
  );
}

interface PendingSite {
  readonly scope: OpenScope;
  readonly site: Site;
}

/** One walk over a piece: opens scopes, notes which names are bound and read where, and puts them together once all declarations are known. */
export class ScopeReader {
  readonly scopes = new Map<number, OpenScope>();
  readonly free = new Map<string, Node[]>();
  readonly remote = new Map<string, Site[]>();
  readonly stars: Star[] = [];
  readonly top: OpenScope;
  readonly #pending: PendingSite[] = [];
  readonly #reads: Node[] = [];
  /** Where each of them stands. */
  readonly #readIn: OpenScope[] = [];

  constructor(
    readonly tree: Tree,
    topKind: "module" | "class",
  ) {
    this.top = this.open(topKind, tree.root, undefined);
    this.walkChildren(tree.root, this.top);
  }

  open(kind: ScopeKind, node: Node, parent: OpenScope | undefined): OpenScope {
    const scope: OpenScope = { kind, node, parent, bindings: new Map(), declared: undefined };
    this.scopes.set(node.id, scope);
    return scope;
  }

  bind(
    scope: OpenScope,
    kind: SiteKind,
    name: Node,
    owner: Node,
    details: SiteDetails = NO_DETAILS,
    path: readonly number[] = WHOLE,
  ): void {
    const { value, annotation, imported } = details;
    this.#pending.push({ scope, site: { kind, name, owner, value, annotation, path, imported, isRemote: false } });
  }

  /** Binds every name in a target; what is read inside it (`a[i].b = …`) is walked. */
  bindTarget(
    scope: OpenScope,
    kind: SiteKind,
    target: Node,
    owner: Node,
    details: SiteDetails,
    path: readonly number[] = WHOLE,
  ): void {
    if (target.kind === "identifier") this.bind(scope, kind, target, owner, details, path);
    else if (PATTERNS.has(target.kind))
      target.children.forEach((it, index) => this.bindTarget(scope, kind, it, owner, details, [...path, index]));
    else this.walk(target, scope);
  }

  bindParameters(list: Node | undefined, inner: OpenScope, outer: OpenScope): void {
    for (const parameter of parametersOf(list)) {
      this.walk(parameter.annotation, outer);
      this.walk(parameter.defaultValue, outer);
      this.bind(inner, "parameter", parameter.nameNode, parameter.node, {
        value: parameter.defaultValue,
        annotation: parameter.annotation,
      });
    }
  }

  declare(node: Node, scope: OpenScope, how: "global" | "nonlocal"): void {
    scope.declared ??= new Map();
    for (const name of node.children) scope.declared.set(name.text, how);
  }

  read(node: Node, scope: OpenScope): void {
    this.#reads.push(node);
    this.#readIn.push(scope);
  }

  walk(node: Node | undefined, scope: OpenScope): void {
    if (node) this.#visit(node.id, scope);
  }

  walkAll(nodes: readonly Node[], scope: OpenScope): void {
    for (const node of nodes) this.#visit(node.id, scope);
  }

  walkChildren(node: Node | undefined, scope: OpenScope): void {
    if (node) this.#visitChildren(node.id, scope);
  }

  /** By number: most nodes neither bind nor read a name, and need no handle. */
  #visit(id: number, scope: OpenScope): void {
    const kind = this.tree.arrays.kinds[id]!;
    if (kind === ERROR) return;
    const handler = HANDLERS[kind];
    if (!handler?.(this, this.tree.node(id), scope)) this.#visitChildren(id, scope);
  }

  /** A node without a handler makes room for those in it, which stand right behind it: a long literal is walked in one loop. */
  #visitChildren(id: number, scope: OpenScope): void {
    const { tree } = this;
    const { fields, flags, kinds, nexts } = tree.arrays;
    const end = nexts[id]!;
    for (let child = id + 1; child < end; ) {
      if ((flags[child]! & (NAMED | EXTRA)) !== NAMED) {
        child = nexts[child]!;
        continue;
      }
      const kind = kinds[child]!;
      // Its name is neither bound nor read: the rest is walked as what stands in brackets is.
      if (kind === KEYWORD_ARGUMENT && fields[child + 1] === NAME) {
        child = nexts[child + 1]!;
        continue;
      }
      const handler = HANDLERS[kind];
      child = kind === ERROR || handler?.(this, tree.node(child), scope) ? nexts[child]! : child + 1;
    }
  }

  /** Declarations hold for the whole scope, so bindings are placed only when all are known. */
  settle(): void {
    for (const { scope, site } of this.#pending) this.#place(scope, site);
    for (let index = 0; index < this.#reads.length; index++) {
      const node = this.#reads[index]!;
      const name = node.text;
      const binding = lookUp(this.#readIn[index]!, name);
      if (binding) {
        if (binding.reads.length > 0) binding.reads.push(node);
        else binding.reads = [node];
        node.view ??= binding;
      } else enter(this.free, name, node);
    }
  }

  #place(scope: OpenScope, site: Site): void {
    const { top } = this;
    const name = site.name.text;
    const declared = scope.declared?.get(name);
    if (declared === "global" && (top.kind === "class" || scope !== top)) {
      const far = asRemote(site);
      if (top.kind === "class") enter(this.remote, name, far);
      else this.#enter(top, name, far);
      return;
    }
    const home = declared === "nonlocal" ? enclosingFunction(scope, name, this.#pending) : scope;
    this.#enter(home, name, home === scope ? site : asRemote(site));
  }

  #enter(scope: OpenScope, name: string, site: Site): void {
    let binding = scope.bindings.get(name);
    if (binding) {
      binding.sites.push(site);
    } else {
      binding = { name, scope, sites: [site], reads: NO_READS, index: undefined };
      scope.bindings.set(name, binding);
    }
    // The typed view on an identifier is what it means.
    site.name.view = binding;
  }
}

function asRemote({ kind, name, owner, value, annotation, path, imported }: Site): Site {
  return { kind, name, owner, value, annotation, path, imported, isRemote: true };
}

/** Replaced by the first one. Most lists here have one element; one that begins empty makes room for seventeen. */
const NO_READS: Node[] = [];

function enter<T>(lists: Map<string, T[]>, name: string, one: T): void {
  const known = lists.get(name);
  if (known) known.push(one);
  else lists.set(name, [one]);
}

/** By kind id. */
const HANDLERS = KINDS.map((kind) => NAMING[kind]);
const ERROR = KIND_IDS.get("ERROR")!;
const KEYWORD_ARGUMENT = KIND_IDS.get("keyword_argument")!;
const NAME = FIELD_IDS.get("name")!;

function lookUp(scope: OpenScope, name: string): OpenBinding | undefined {
  for (let at: OpenScope | undefined = scope; at; at = at.parent) {
    if (at.declared?.get(name) === "global") {
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

function enclosingFunction(
  scope: OpenScope,
  name: string,
  pending: readonly { readonly scope: OpenScope; readonly site: Site }[],
): OpenScope {
  for (let at = scope.parent; at; at = at.parent) {
    const binds =
      at.kind === "function" &&
      !at.declared?.has(name) &&
      pending.some((it) => it.scope === at && it.site.name.text === name);
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
  if (inner.kind === "parameters" || inner.kind === "lambda_parameters")
    return node.kind === "identifier" && node.parent?.field("name") === node;
  return inner.fieldName === "body" || inner.kind === "comment";
}

const COMPREHENSIONS: ReadonlySet<Kind> = new Set<Kind>([
  "list_comprehension",
  "set_comprehension",
  "dictionary_comprehension",
  "generator_expression",
]);
const PATTERNS: ReadonlySet<Kind> = new Set<Kind>([
  "pattern_list",
  "tuple_pattern",
  "list_pattern",
  "list_splat_pattern",
  "tuple",
  "list",
  "expression_list",
  "parenthesized_expression",
  "list_splat",
]);
