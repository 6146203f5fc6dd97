/** One piece of a document: its tree, its scopes, and what it contributes to the rest of the file. Made once, never changed. */

import { asAttribute } from "../syntax/expressions.js";
import type { Slice } from "../syntax/splitter.js";
import { asFunction } from "../syntax/statements.js";
import type { Node, Tree } from "../syntax/tree.js";
import { lineStartsOf } from "../text/line-index.js";
import { pieceScopes, type PieceScopes, type Site } from "./scopes.js";
import { useOf } from "./uses.js";
import { firstIdentifier } from "../text/identifiers.js";

export interface Piece {
  /** Unique within a process: two pieces with the same text are still two. */
  readonly id: number;
  readonly role: Slice["role"];
  /** The splitter cut it off early: an open bracket or string would have run on. */
  readonly isContained: boolean;
  readonly tree: Tree;
  readonly scopes: PieceScopes;
  /** The places that bind module-level names, by name. */
  readonly sites: ReadonlyMap<string, readonly Site[]>;
  /** Module-level names the piece binds, with a print of how: what others may know without looking into the piece. */
  readonly writes: ReadonlyMap<string, string>;
  /** Module-level names it uses without binding them. */
  readonly reads: ReadonlySet<string>;
  /** Top-level modules imported anywhere in the piece. */
  readonly imports: ReadonlySet<string>;
  /** Attributes stored on anything but a method's own `self`, and `__dict__` and `__setattr__` wherever they are used. */
  readonly foreignStores: ReadonlySet<string>;
  /** Where the lines inside the piece begin, the first one left out: one entry for each line end. */
  readonly lineStarts: Int32Array;
  readonly text: string;
}

let nextId = 1;

export function makePiece(tree: Tree, { role, contained }: Pick<Slice, "role" | "contained">): Piece {
  let scopes: PieceScopes | undefined;
  let sites: ReadonlyMap<string, readonly Site[]> | undefined;
  let writes: ReadonlyMap<string, string> | undefined;
  let reads: ReadonlySet<string> | undefined;
  let imports: ReadonlySet<string> | undefined;
  let foreignStores: ReadonlySet<string> | undefined;
  let lineStarts: Int32Array | undefined;
  const piece: Piece = {
    id: nextId++,
    role,
    isContained: contained,
    tree,
    text: tree.text,
    get scopes() {
      return (scopes ??= pieceScopes(tree, role === "member" ? "class" : "module"));
    },
    get sites() {
      return (sites ??= moduleSites(this));
    },
    get writes() {
      return (writes ??= printsOf(this.sites));
    },
    get reads() {
      return (reads ??= usedNames(this));
    },
    get imports() {
      return (imports ??= importedModules(tree));
    },
    get foreignStores() {
      return (foreignStores ??= new Set(tree.root.descendants("attribute").flatMap((it) => foreignStore(it, role))));
    },
    get lineStarts() {
      return (lineStarts ??= Int32Array.from(lineStartsOf(tree.text).slice(1)));
    },
  };
  tree.owner = piece;
  return piece;
}

export function pieceOf(tree: Tree): Piece {
  if (!tree.owner) throw new Error("this tree belongs to no document");
  return tree.owner as Piece;
}

function moduleSites(piece: Piece): ReadonlyMap<string, readonly Site[]> {
  if (piece.role === "member") return piece.scopes.remote;
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
