/** Qualified names: what an expression such as `np.random.rand` is called where it is defined, through imports, aliases and shadowing. */

import { BUILTIN_NAMES } from "../knowledge/builtins.js";
import { canonical } from "../knowledge/index.js";
import { asAttribute, unwrap } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";
import { libraryHandedOn } from "./bindings.js";
import type { ModuleView } from "./module.js";
import { pieceOf } from "./piece.js";
import type { Binding, Scope, Site } from "./scopes.js";
import { boundByStar, type StarBinding } from "./stars.js";
import { jottings, makeScratch } from "./store.js";

export interface Names {
  /** `pandas.read_csv`, `builtins.len`; undefined for anything that is not certainly one imported or built-in thing. */
  nameOf(expression: Node): string | undefined;
  /** Computes what the store keeps as `name:…`, for module-level names with many sites. */
  moduleName(name: string): string | undefined;
  /** The binding of an identifier in its piece's own scopes; module-level ones joined over the whole file, those of a class body over all of it. */
  bindingOf(identifier: Node): Binding | undefined;
  /** A name is looked up at that place in the body of a class that is cut into pieces, and bound there. */
  isOfBody(place: Node, name?: string): boolean;
  /** The binding of such an identifier, joined over the pieces. */
  bodyBindingOf(identifier: Node): Binding | undefined;
  /** The places that bind an identifier; for a module-level name those of the whole file. */
  sitesOf(identifier: Node): readonly Site[];
  /** A built-in's name that means the built-in at that place. */
  isBuiltin(name: string, near: Node): boolean;
}

/** How far `f = g; g = h` is followed. */
const ALIAS_DEPTH = 4;

export function names(view: ModuleView): Names {
  /** For whoever asks outside of any question of the store. */
  const scratch = makeScratch();

  const bindingOf = (identifier: Node): Binding | undefined =>
    bodyBindingOf(identifier) ?? pieceOf(identifier.tree).localBindingOf(identifier) ?? view.bindingOf(identifier.text);

  const sitesOf = (identifier: Node): readonly Site[] => localSitesOf(identifier) ?? view.sitesOf(identifier.text);

  /** Undefined for names of the module. */
  const localSitesOf = (identifier: Node): readonly Site[] | undefined => {
    const piece = pieceOf(identifier.tree);
    return isOfBody(identifier) ? view.bodySitesOf(identifier.text, piece) : piece.localBindingOf(identifier)?.sites;
  };

  const bodyBindingOf = (identifier: Node): Binding | undefined =>
    isOfBody(identifier) ? view.bodyBindingOf(identifier.text, pieceOf(identifier.tree)) : undefined;

  /** Scopes are made last: most members of classes need none. */
  const isOfBody = (place: Node, name = place.text): boolean => {
    const piece = pieceOf(place.tree);
    return piece.mayRunInBody(place) && view.bodySitesOf(name, piece).length > 0 && piece.runsInBody(place);
  };

  const nameOf = (expression: Node, depth = 0): string | undefined => {
    const node = unwrap(expression);
    const attribute = asAttribute(node);
    if (attribute) {
      const object = nameOf(attribute.object, depth);
      return object === undefined || object.startsWith("builtins.")
        ? undefined
        : canonical(`${object}.${attribute.name}`);
    }
    if (node.kind !== "identifier") return undefined;

    const own = localSitesOf(node);
    const all = own ?? view.sitesOf(node.text);
    const star = own ? undefined : starOf(node.text, node);
    if (star && star.name === undefined) return undefined;
    const sites = star ? star.later : all;
    if (sites.length === 0)
      return star ? star.name : BUILTIN_NAMES.has(node.text) ? `builtins.${node.text}` : undefined;
    if (star || sites.length < MANY_SITES) return nameOfSites(sites, star, depth);
    // A name that is imported again in each of a thousand places is worked out once, not at each of its reads.
    if (depth === 0 && !own) return view.store.ask<string | undefined>("name", node.text);
    const known = jottings(view.store.scratch ?? scratch, `names ${depth}`) as Map<object, string | undefined>;
    if (known.has(sites)) return known.get(sites);
    const found = nameOfSites(sites, undefined, depth);
    known.set(sites, found);
    return found;
  };

  const nameOfSites = (sites: readonly Site[], star: StarBinding | undefined, depth: number): string | undefined => {
    const [sole, more] = sites;
    if (sole && !more && !star) return siteName(sole, depth);
    // `np = None` beside an import is how an optional dependency is told.
    const found = new Set(
      sites.filter((it) => it.value?.kind !== "none" || it.kind !== "assign").map((it) => siteName(it, depth)),
    );
    if (star) found.add(star.name);
    const [only] = found;
    return found.size === 1 ? only : undefined;
  };

  const starOf = (name: string, near: Node): StarBinding | undefined => {
    const stars = view.stars();
    return stars.length === 0 ? undefined : boundByStar(name, near, view.sitesOf(name), stars, view.document);
  };

  /** Nothing in the file and no star that is known to binds the name, neither in the scopes around the place nor in the module. */
  const isBuiltin = (name: string, near: Node): boolean => {
    if (!BUILTIN_NAMES.has(name)) return false;
    const piece = pieceOf(near.tree);
    if (piece.mayBind(name))
      for (let scope: Scope | undefined = piece.scopes.scopeOf(near); scope; scope = scope.parent)
        if (scope.bindings.has(name)) return false;
    if (isOfBody(near, name)) return false;
    return view.sitesOf(name).length === 0 && starOf(name, near) === undefined;
  };

  const siteName = (site: Site, depth: number): string | undefined => {
    if (site.imported) {
      const { module, name } = site.imported;
      const library = libraryHandedOn(site.imported, site.name.text);
      if (library !== undefined) return library;
      return canonical(name === undefined ? module : `${module}.${name}`);
    }
    const isAlias =
      site.kind === "assign" && site.path.length === 0 && site.value && ALIASES.has(unwrap(site.value).kind);
    if (!isAlias || depth >= ALIAS_DEPTH || site.value!.text === site.name.text) return undefined;
    const name = nameOf(site.value!, depth + 1);
    return name === undefined || LAZY_MODULE_ATTRIBUTES.has(name) ? undefined : name;
  };

  /** Several rules ask for the name of one callee. */
  const jotted = (expression: Node): string | undefined => {
    const known = (view.store.scratch ?? scratch).names;
    const name = known.get(expression);
    if (name !== undefined || known.has(expression)) return name;
    const found = nameOf(expression);
    known.set(expression, found);
    return found;
  };

  return {
    nameOf: jotted,
    bindingOf,
    bodyBindingOf,
    isOfBody,
    sitesOf,
    isBuiltin,
    moduleName: (name) => nameOfSites(view.sitesOf(name), undefined, 0),
  };
}

/** Fewer are gone through as quickly as they are looked up. */
const MANY_SITES = 8;

const ALIASES = new Set(["identifier", "attribute"]);

/** Attributes that are data, not the name of a thing. */
const LAZY_MODULE_ATTRIBUTES = new Set(["sys.argv", "os.environ", "sys.path"]);
