/** One piece of a document: its tree, its scopes, and what it contributes to the rest of the file. Made once, never changed. */

import { asAttribute } from "../syntax/expressions.js";
import type { Slice } from "../syntax/splitter.js";
import { asFunction } from "../syntax/statements.js";
import type { Node, Tree } from "../syntax/tree.js";
import { lineStartsOf } from "../text/line-index.js";
import { boundNames, freeReads, reachesOut } from "./bound-names.js";
import { definitionSite, pieceScopes, type Binding, type PieceScopes, type Site } from "./scopes.js";
import { useOf } from "./uses.js";
import { firstIdentifier } from "../text/identifiers.js";

/**
 * A class, not an object with getters of its own: V8 gives each of those a hidden class, which is made anew for every piece and, as it
 * outlives small collections, keeps the piece and all that hangs on it with it.
 */
export class Piece {
  /** Unique within a process: two pieces with the same text are still two. */
  readonly id = nextId++;
  readonly role: Slice["role"];
  /** The splitter cut it off early: an open bracket or string would have run on. */
  readonly isContained: boolean;
  readonly text: string;
  /** Its position in the document it was last looked for in: where a search begins, and nothing more. */
  lastSeen = 0;
  #scopes: PieceScopes | undefined = undefined;
  #bound: ReadonlySet<string> | undefined = undefined;
  /** Null once it is known that there is none. */
  #sole: Node | null | undefined = undefined;
  #sites: ReadonlyMap<string, readonly Site[]> | undefined = undefined;
  #writes: ReadonlyMap<string, string> | undefined = undefined;
  #reads: ReadonlySet<string> | undefined = undefined;
  #imports: ReadonlySet<string> | undefined = undefined;
  #foreignStores: ReadonlySet<string> | undefined = undefined;
  #asyncNames: ReadonlySet<string> | undefined = undefined;
  #lineStarts: Int32Array | undefined = undefined;

  constructor(
    readonly tree: Tree,
    { role, contained }: Pick<Slice, "role" | "contained">,
  ) {
    this.role = role;
    this.isContained = contained;
    this.text = tree.text;
    tree.owner = this;
  }

  get scopes(): PieceScopes {
    return (this.#scopes ??= pieceScopes(this.tree, this.role === "member" ? "class" : "module"));
  }

  /** The binding of an identifier within the piece, in whichever of its scopes. Where the name cannot be one of the piece's own, its scopes are not asked for. */
  bindingOf(identifier: Node): Binding | undefined {
    if (this.#scopes === undefined && identifier.kind === "identifier" && !this.mayBind(identifier.text)) return undefined;
    return this.scopes.bindingOf(identifier);
  }

  /** The function or class that is all there is to the piece, where nothing in it reaches out to bind names of the module: what those are is then known without its scopes. */
  get #definition(): Node | undefined {
    if (this.#sole === undefined) this.#sole = (this.role !== "member" && this.role !== "statements" && !this.#reachesOut && soleDefinition(this.tree)) || null;
    return this.#sole ?? undefined;
  }

  get #reachesOut(): boolean {
    return (this.text.includes("global") || this.text.includes(":=")) && reachesOut(this.tree);
  }

  /** The same, but for names of the module: what those are bound to, the whole file decides. */
  localBindingOf(identifier: Node): Binding | undefined {
    if (this.#scopes === undefined && identifier === this.#definition?.field("name")) return undefined;
    const own = this.bindingOf(identifier);
    return own && (own.scope.kind !== "module" || own.scope.parent) ? own : undefined;
  }

  /** Reads of a module-level name, in source order. */
  readsOf(name: string): readonly Node[] {
    if (!this.text.includes(name)) return NO_NODES;
    if (!this.tree.isBroken(0)) {
      const found = freeReads(this.tree.root, name);
      if (found.length === 0 || !this.mayBind(name)) return found;
      if (found.length === 1 && found[0] === this.#definition?.field("name")) return NO_NODES;
    }
    const own = this.role === "member" ? undefined : this.scopes.top.bindings.get(name);
    return [...(own?.reads ?? []), ...(this.scopes.free.get(name) ?? [])].sort((a, b) => a.id - b.id);
  }

  /** False only where no scope of the piece binds the name. */
  mayBind(name: string): boolean {
    return (this.#bound ??= boundNames(this.tree)).has(name);
  }

  /** The places that bind module-level names, by name. */
  get sites(): ReadonlyMap<string, readonly Site[]> {
    return (this.#sites ??= this.role === "member" ? (this.#reachesOut ? this.scopes.remote : NO_SITES) : moduleSites(this, this.#definition));
  }

  /** Module-level names the piece binds, with a print of how: what others may know without looking into the piece. */
  get writes(): ReadonlyMap<string, string> {
    return (this.#writes ??= printsOf(this.sites));
  }

  /** Modules of which it imports everything. */
  get stars(): readonly string[] {
    return this.text.includes("import") && this.text.includes("*") ? this.scopes.stars : NO_NAMES;
  }

  /** Module-level names it uses without binding them. */
  get reads(): ReadonlySet<string> {
    return (this.#reads ??= usedNames(this));
  }

  /** Top-level modules imported anywhere in the piece. */
  get imports(): ReadonlySet<string> {
    return (this.#imports ??= this.text.includes("import") ? importedModules(this.tree) : NO_WORDS);
  }

  /** Attributes stored on anything but a method's own `self`, and `__dict__` and `__setattr__` wherever they are used. */
  get foreignStores(): ReadonlySet<string> {
    return (this.#foreignStores ??= new Set(this.tree.root.descendants("attribute").flatMap((it) => foreignStore(it, this.role))));
  }

  /** What its `async def` are called, in whatever scope. */
  get asyncNames(): ReadonlySet<string> {
    return (this.#asyncNames ??= this.text.includes("async") ? new Set([...this.text.matchAll(ASYNC_DEF)].map(([, name]) => name!)) : NO_WORDS);
  }

  /** Where the lines inside the piece begin, the first one left out: one entry for each line end. */
  get lineStarts(): Int32Array {
    return (this.#lineStarts ??= Int32Array.from(lineStartsOf(this.text).slice(1)));
  }
}

let nextId = 1;
const ASYNC_DEF = /\basync[\s\\]+def[\s\\]+([\p{L}\p{N}_]+)/gu;
const NO_SITES: ReadonlyMap<string, readonly Site[]> = new Map();
const NO_NODES: readonly Node[] = [];
const NO_NAMES: readonly string[] = [];
const NO_WORDS: ReadonlySet<string> = new Set();

/** The function or class of a piece that holds nothing else. */
function soleDefinition(tree: Tree): Node | undefined {
  const [only, more] = tree.root.children;
  const definition = only?.kind === "decorated_definition" ? only.field("definition") : only;
  const isSole = more === undefined && !tree.isBroken(0) && (definition?.kind === "function_definition" || definition?.kind === "class_definition");
  return isSole ? definition : undefined;
}

export function pieceOf(tree: Tree): Piece {
  if (!tree.owner) throw new Error("this tree belongs to no document");
  return tree.owner as Piece;
}

function moduleSites(piece: Piece, definition: Node | undefined): ReadonlyMap<string, readonly Site[]> {
  const site = definition && definitionSite(definition);
  if (site) return new Map([[site.name.text, [site]]]);
  const bound = [...piece.scopes.top.bindings.values()].map((it) => [it.name, it.sites] as const);
  return new Map(bound.filter(([, sites]) => sites.length > 0));
}

function usedNames(piece: Piece): ReadonlySet<string> {
  const own = piece.role === "member" ? [] : piece.scopes.top.bindings.values();
  return new Set([...piece.scopes.free.keys(), ...[...own].filter((it) => it.reads.length > 0).map((it) => it.name)]);
}

function importedModules(tree: Tree): ReadonlySet<string> {
  const statements = tree.root.descendants("import_statement", "import_from_statement");
  const names = statements.flatMap((it) => (it.kind === "import_from_statement" ? [it.field("module_name")?.text ?? ""] : it.fieldAll("name").map((name) => name.text)));
  return new Set(names.map((it) => firstIdentifier(it)).filter((it) => it !== ""));
}

const REFLECTING = new Set(["__dict__", "__setattr__"]);

function foreignStore(node: Node, role: Slice["role"]): readonly string[] {
  const attribute = asAttribute(node);
  if (!attribute) return [];
  if (REFLECTING.has(attribute.name)) return [attribute.name];
  return useOf(attribute.object).kind === "attribute-store" && !isOwnSelf(attribute.object, role) ? [attribute.name] : [];
}

/** The first parameter of the method around it. */
function isOwnSelf(object: Node, role: Slice["role"]): boolean {
  for (let node = object.ancestor("function_definition"); node; node = node.ancestor("function_definition")) {
    const def = asFunction(node)!;
    const home = def.outer.parent;
    const isMethod = home?.parent?.kind === "class_definition" || (role === "member" && home === home?.tree.root);
    if (isMethod) return def.parameters[0]?.name === object.text;
  }
  return false;
}

function printsOf(sites: ReadonlyMap<string, readonly Site[]>): ReadonlyMap<string, string> {
  return new Map([...sites].map(([name, all]) => [name, all.map(printOf).join("\n")]));
}

/** Everything about a site that can be known without looking into a body. */
function printOf(site: Site): string {
  const { owner, value, imported } = site;
  if (imported) return `import ${imported.module} ${imported.name ?? ""}`;
  const definition = site.kind === "function" || site.kind === "class" ? value : undefined;
  const text = definition
    ? owner.tree.text.slice(owner.start, definition.field("body")?.start ?? owner.end)
    : `${site.annotation?.text ?? ""}=${value?.text ?? ""}`;
  return `${site.kind} ${site.isRemote} ${site.path.join(".")} ${text}`;
}
