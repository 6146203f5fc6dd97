/** One piece of a document: its tree, its scopes, and what it contributes to the rest of the file. Made once, never changed. */

import { asAttribute } from "../syntax/expressions.js";
import type { Slice } from "../syntax/splitter.js";
import type { Kind } from "../syntax/kinds.generated.js";
import { unlimited } from "../syntax/effort.js";
import { asFunction } from "../syntax/statements.js";
import { FIELD_IDS, KIND_IDS, type Node, type Tree } from "../syntax/tree.js";
import { lineStartsOf } from "../text/line-index.js";
import { importsOf, libraryHandedOn } from "./bindings.js";
import { boundNames, freeReads, mayReadFree, reachesOut } from "./bound-names.js";
import { IS_LOOP } from "./loops.js";
import { definitionSite, pieceScopes, type Binding, type PieceScopes, type Site } from "./scopes.js";
import type { Star } from "./stars.js";
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
  #bodySites: ReadonlyMap<string, readonly Site[]> | undefined = undefined;
  #writes: ReadonlyMap<string, string> | undefined = undefined;
  #bodyWrites: ReadonlyMap<string, string> | undefined = undefined;
  #reads: ReadonlySet<string> | undefined = undefined;
  #imports: ReadonlySet<string> | undefined = undefined;
  #foreignStores: ReadonlySet<string> | undefined = undefined;
  #asyncNames: ReadonlySet<string> | undefined = undefined;
  #calledInLoops: ReadonlySet<string> | undefined = undefined;
  #called: ReadonlySet<string> | undefined = undefined;
  #answering: ReadonlySet<string> | undefined = undefined;
  #functionNames: ReadonlySet<string> | undefined = undefined;
  #attributeNames: ReadonlySet<string> | undefined = undefined;
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
    return (this.#scopes ??= unlimited(() => pieceScopes(this.tree, this.role === "member" ? "class" : "module")));
  }

  /** The binding of an identifier within the piece, in whichever of its scopes. Where the name cannot be one of the piece's own, its scopes are not asked for. */
  bindingOf(identifier: Node): Binding | undefined {
    if (this.#scopes === undefined && identifier.kind === "identifier" && !this.mayBind(identifier.text))
      return undefined;
    return this.scopes.bindingOf(identifier);
  }

  /** The function or class that is all there is to the piece, where nothing in it reaches out to bind names of the module: what those are is then known without its scopes. */
  get #definition(): Node | undefined {
    if (this.#sole === undefined)
      this.#sole =
        (this.role !== "member" && this.role !== "statements" && !this.#reachesOut && soleDefinition(this.tree)) ||
        null;
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
    return (this.#sites ??=
      this.role === "member" ? (this.#reachesOut ? this.scopes.remote : NO_SITES) : sitesAtTop(this, this.#definition));
  }

  /** Of a member of a class: the places that bind names in the class body. */
  get bodySites(): ReadonlyMap<string, readonly Site[]> {
    return (this.#bodySites ??= this.role === "member" ? sitesAtTop(this, this.#member) : NO_SITES);
  }

  /** The one function or class that a member consists of, where nothing else in it binds a name of the class body. */
  get #member(): Node | undefined {
    return this.text.includes(":=") ? undefined : soleDefinition(this.tree);
  }

  /** The same as `writes`, for names of the class body. */
  get bodyWrites(): ReadonlyMap<string, string> {
    return (this.#bodyWrites ??= printsOf(this.bodySites));
  }

  /** Names that a member of a class uses, in the class body or in a function in it, and perhaps does not bind. */
  get bodyReads(): ReadonlySet<string> {
    if (this.role !== "member") return NO_WORDS;
    const { free, top } = this.scopes;
    return new Set([
      ...free.keys(),
      ...[...top.bindings.values()].filter((it) => it.reads.length > 0).map((it) => it.name),
    ]);
  }

  /** Of a member of a class: reads of a name that the class body looks up, in source order. */
  bodyReadsOf(name: string): readonly Node[] {
    const { free, top } = this.scopes;
    return [
      ...(top.bindings.get(name)?.reads ?? []),
      ...(free.get(name) ?? []).filter((it) => this.runsInBody(it)),
    ].sort((a, b) => a.id - b.id);
  }

  /** False where a node surely runs in a method, not in the class body itself. Costs a short climb and no scopes. */
  mayRunInBody(node: Node): boolean {
    if (this.role !== "member") return false;
    for (let inner = node, outer = node.parent; outer; inner = outer, outer = outer.parent)
      if (inner.fieldName === "body" && OPENS_SCOPE.has(outer.kind)) return false;
    return true;
  }

  /** Whether a name is looked up in the class body that a member is part of: in a decorator, a default, an annotation, a statement between the methods. */
  runsInBody(node: Node): boolean {
    if (!this.mayRunInBody(node)) return false;
    const { top, bindingOf, scopeOf } = this.scopes;
    const own = bindingOf(node);
    return own ? own.scope === top : scopeOf(node) === top;
  }

  /** Module-level names the piece binds, with a print of how: what others may know without looking into the piece. */
  get writes(): ReadonlyMap<string, string> {
    return (this.#writes ??= printsOf(this.sites));
  }

  /** Its `from module import *`. */
  get stars(): readonly Star[] {
    return this.text.includes("import") && this.text.includes("*") ? this.scopes.stars : NO_STARS;
  }

  /** Module-level names it uses without binding them; of a large piece, whose scopes are not made for that alone, perhaps a few more. */
  get reads(): ReadonlySet<string> {
    if (this.#reads === undefined && this.#scopes === undefined && this.tree.isLarge) {
      const body = asFunction(this.#definition)?.body;
      if (body) this.#reads = mayReadFree(this.#definition!, body);
    }
    return (this.#reads ??= usedNames(this));
  }

  /** Top-level modules imported anywhere in the piece. */
  get imports(): ReadonlySet<string> {
    return (this.#imports ??= this.text.includes("import") ? importedModules(this.tree) : NO_WORDS);
  }

  /** Attributes stored on anything but a method's own `self`, and `__dict__` and `__setattr__` wherever they are used. */
  get foreignStores(): ReadonlySet<string> {
    return (this.#foreignStores ??= foreignStores(this.tree, this.role));
  }

  /** What its `async def` are called, in whatever scope. */
  get asyncNames(): ReadonlySet<string> {
    return (this.#asyncNames ??= this.text.includes("async")
      ? new Set([...this.text.matchAll(ASYNC_DEF)].map(([, name]) => name!))
      : NO_WORDS);
  }

  /** Names of functions and methods of the piece that give something back. */
  get answering(): ReadonlySet<string> {
    return (this.#answering ??= this.text.includes("return") ? answering(this.tree) : NO_WORDS);
  }

  /** What the functions of the piece are called, nested ones and methods too. */
  get functionNames(): ReadonlySet<string> {
    return (this.#functionNames ??= this.text.includes("def") ? functionNames(this.tree) : NO_WORDS);
  }

  /** Names that it calls, whatever they mean. */
  get called(): ReadonlySet<string> {
    return (this.#called ??= calledIn(this.tree, false));
  }

  /** Those that it calls in a loop or comprehension. */
  get calledInLoops(): ReadonlySet<string> {
    return (this.#calledInLoops ??=
      this.text.includes("for") || this.text.includes("while") ? calledIn(this.tree, true) : NO_WORDS);
  }

  /** The names of all attributes in it: `b` and `c` of `a.b.c`. */
  get attributeNames(): ReadonlySet<string> {
    return (this.#attributeNames ??= attributeNames(this.tree));
  }

  /** Every `object.name` in it. */
  attributesOf(name: string): readonly Node[] {
    if (!this.attributeNames.has(name)) return NO_NODES;
    return this.tree.root
      .identifiers(name)
      .filter((it) => it.fieldName === "attribute" && it.parent?.kind === "attribute")
      .map((it) => it.parent!);
  }

  /** Where the lines inside the piece begin, the first one left out: one entry for each line end. */
  get lineStarts(): Int32Array {
    return (this.#lineStarts ??= new Int32Array(lineStartsOf(this.text).slice(1)));
  }
}

let nextId = 1;
const ASYNC_DEF = /\basync[\s\\]+def[\s\\]+([\p{L}\p{N}_]+)/gu;
const NO_SITES: ReadonlyMap<string, readonly Site[]> = new Map();
const NO_NODES: readonly Node[] = [];
const NO_STARS: readonly Star[] = [];
const NO_WORDS: ReadonlySet<string> = new Set();

const OPENS_SCOPE: ReadonlySet<Kind> = new Set<Kind>(["function_definition", "class_definition", "lambda"]);

/** The function or class of a piece that holds nothing else. */
function soleDefinition(tree: Tree): Node | undefined {
  const [only, more] = tree.root.children;
  const definition = only?.kind === "decorated_definition" ? only.field("definition") : only;
  if (!definition || more) return undefined;
  if (definition.kind === "class_definition") return tree.isBroken(0) ? undefined : definition;
  return definition.kind === "function_definition" && hasSoundHeader(definition) ? definition : undefined;
}

/** What is damaged in the body of a function binds nothing outside of it. */
function hasSoundHeader(definition: Node): boolean {
  const { root } = definition.tree;
  if (!root.isBroken) return true;
  const def = asFunction(definition);
  if (!def) return false;
  const inside: readonly Node[] = [def.outer, definition, def.body];
  return [root, def.outer, definition].every((it) =>
    it.allChildren.every((child) => !child.isBroken || inside.includes(child)),
  );
}

export function pieceOf(tree: Tree): Piece {
  if (!tree.owner) throw new Error("this tree belongs to no document");
  return tree.owner as Piece;
}

function sitesAtTop(piece: Piece, definition: Node | undefined): ReadonlyMap<string, readonly Site[]> {
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
  const names = statements.flatMap((it) =>
    it.kind === "import_from_statement" ? namesOfSource(it) : it.fieldAll("name").map((name) => name.text),
  );
  return new Set(names.map((it) => firstIdentifier(it)).filter((it) => it !== ""));
}

/** The module of `from … import …`, and what one of the project hands on. */
function namesOfSource(statement: Node): readonly string[] {
  const module = statement.field("module_name")?.text ?? "";
  if (!module.startsWith(".")) return [module];
  const handedOn = importsOf(statement).flatMap(
    ({ bound, imported }) => (bound && libraryHandedOn(imported, bound.text)) ?? [],
  );
  return [module, ...handedOn];
}

const CALL = KIND_IDS.get("call")!;

function calledIn({ arrays: { kinds, nexts, starts, ends }, text }: Tree, inLoops: boolean): ReadonlySet<string> {
  const found = new Set<string>();
  let loopEnd = inLoops ? 0 : Infinity;
  for (let id = 0; id < kinds.length; id++) {
    if (id >= loopEnd && IS_LOOP[kinds[id]!] === 1) loopEnd = nexts[id]!;
    else if (id < loopEnd && kinds[id] === CALL && kinds[id + 1] === IDENTIFIER)
      found.add(text.slice(starts[id + 1], ends[id + 1]));
  }
  return found;
}

function functionNames(tree: Tree): ReadonlySet<string> {
  const { kinds } = tree.arrays;
  const found = new Set<string>();
  for (let id = 0; id < kinds.length; id++) if (kinds[id] === FUNCTION_DEFINITION) found.add(nameOfFunction(tree, id));
  return found;
}

function nameOfFunction({ arrays: { fields, starts, ends, nexts }, text }: Tree, id: number): string {
  for (let child = id + 1; child < nexts[id]!; child = nexts[child]!)
    if (fields[child] === NAME) return text.slice(starts[child], ends[child]);
  return "";
}

function answering(tree: Tree): ReadonlySet<string> {
  const { kinds, parents, starts, ends } = tree.arrays;
  const found = new Set<string>();
  for (let id = 0; id < kinds.length; id++) {
    if (kinds[id] !== RETURN || NOTHING_BACK.test(tree.text.slice(starts[id], ends[id]))) continue;
    let home = parents[id]!;
    while (home > 0 && kinds[home] !== FUNCTION_DEFINITION) home = parents[home]!;
    if (kinds[home] === FUNCTION_DEFINITION) found.add(nameOfFunction(tree, home));
  }
  return found;
}

const NOTHING_BACK = /^return(\s+None)?$/;
const RETURN = KIND_IDS.get("return_statement")!;
const FUNCTION_DEFINITION = KIND_IDS.get("function_definition")!;
const NAME = FIELD_IDS.get("name")!;
const IDENTIFIER = KIND_IDS.get("identifier")!;
const ATTRIBUTE = KIND_IDS.get("attribute")!;
const NAME_OF_ATTRIBUTE = FIELD_IDS.get("attribute")!;

/** By number: it is asked of every piece that is edited. */
function attributeNames({ arrays: { kinds, fields, parents, starts, ends }, text }: Tree): ReadonlySet<string> {
  const found = new Set<string>();
  for (let id = 1; id < kinds.length; id++)
    if (kinds[id] === IDENTIFIER && fields[id] === NAME_OF_ATTRIBUTE && kinds[parents[id]!] === ATTRIBUTE)
      found.add(text.slice(starts[id], ends[id]));
  return found;
}

const REFLECTING = new Set(["__dict__", "__setattr__"]);

/** Around what is stored; parentheses may stand between. */
const AROUND_STORED: ReadonlySet<number> = new Set(
  (
    [
      "as_pattern_target",
      "assignment",
      "augmented_assignment",
      "for_in_clause",
      "for_statement",
      "list",
      "list_pattern",
      "list_splat_pattern",
      "parenthesized_expression",
      "pattern_list",
      "tuple",
      "tuple_pattern",
    ] as const
  ).map((it) => KIND_IDS.get(it)!),
);

/** By number too: nearly all attributes are read. */
function foreignStores(tree: Tree, role: Slice["role"]): ReadonlySet<string> {
  const { kinds, parents } = tree.arrays;
  const mayReflect = [...REFLECTING].some((it) => tree.text.includes(it));
  const found = new Set<string>();
  for (let id = 1; id < kinds.length; id++)
    if (kinds[id] === ATTRIBUTE && (mayReflect || AROUND_STORED.has(kinds[parents[id]!]!)))
      for (const name of foreignStore(tree.node(id), role)) found.add(name);
  return found;
}

function foreignStore(node: Node, role: Slice["role"]): readonly string[] {
  const attribute = asAttribute(node);
  if (!attribute) return [];
  if (REFLECTING.has(attribute.name)) return [attribute.name];
  return useOf(attribute.object).kind === "attribute-store" && !isOwnSelf(attribute.object, role)
    ? [attribute.name]
    : [];
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
