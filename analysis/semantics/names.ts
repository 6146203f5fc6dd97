/** Qualified names: what an expression such as `np.random.rand` is called where it is defined, through imports, aliases and shadowing. */

import { BUILTIN_NAMES } from "../knowledge/builtins.js";
import { canonical } from "../knowledge/index.js";
import { asAttribute, unwrap } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";
import type { ModuleView } from "./module.js";
import { pieceOf } from "./piece.js";
import type { Binding, Site } from "./scopes.js";

export interface Names {
  /** `pandas.read_csv`, `builtins.len`; undefined for anything that is not certainly one imported or built-in thing. */
  nameOf(expression: Node): string | undefined;
  /** The binding of an identifier in its piece's own scopes; module-level ones joined over the whole file. */
  bindingOf(identifier: Node): Binding | undefined;
  /** The places that bind an identifier; for a module-level name those of the whole file. */
  sitesOf(identifier: Node): readonly Site[];
}

/** How far `f = g; g = h` is followed. */
const ALIAS_DEPTH = 4;

export function names(view: ModuleView): Names {
  const bindingOf = (identifier: Node): Binding | undefined => pieceOf(identifier.tree).localBindingOf(identifier) ?? view.bindingOf(identifier.text);

  const sitesOf = (identifier: Node): readonly Site[] => pieceOf(identifier.tree).localBindingOf(identifier)?.sites ?? view.sitesOf(identifier.text);

  const nameOf = (expression: Node, depth = 0): string | undefined => {
    const node = unwrap(expression);
    const attribute = asAttribute(node);
    if (attribute) {
      const object = nameOf(attribute.object, depth);
      return object === undefined || object.startsWith("builtins.") ? undefined : canonical(`${object}.${attribute.name}`);
    }
    if (node.kind !== "identifier") return undefined;

    const sites = sitesOf(node);
    if (sites.length === 0) return BUILTIN_NAMES.has(node.text) && view.stars().length === 0 ? `builtins.${node.text}` : starName(node.text);
    // `np = None` beside an import is how an optional dependency is told.
    const found = new Set(sites.filter((it) => it.value?.kind !== "none" || it.kind !== "assign").map((it) => siteName(it, depth)));
    const [only] = found;
    return found.size === 1 ? only : undefined;
  };

  /** `from math import *` may give the name, but nobody can tell unless the module is the only one. */
  const starName = (name: string): string | undefined => {
    const [only, more] = view.stars();
    return only !== undefined && more === undefined && !BUILTIN_NAMES.has(name) && STAR_SAFE.has(only) ? canonical(`${only}.${name}`) : undefined;
  };

  const siteName = (site: Site, depth: number): string | undefined => {
    if (site.imported) {
      const { module, name } = site.imported;
      return canonical(name === undefined ? module : `${module}.${name}`);
    }
    const isAlias = site.kind === "assign" && site.path.length === 0 && site.value && ALIASES.has(unwrap(site.value).kind);
    if (!isAlias || depth >= ALIAS_DEPTH || site.value!.text === site.name.text) return undefined;
    const name = nameOf(site.value!, depth + 1);
    return name === undefined || LAZY_MODULE_ATTRIBUTES.has(name) ? undefined : name;
  };

  /** Several rules ask for the name of one callee. */
  const jotted = (expression: Node): string | undefined => {
    const known = view.store.scratch?.names;
    if (!known) return nameOf(expression);
    const name = known.get(expression);
    if (name !== undefined || known.has(expression)) return name;
    const found = nameOf(expression);
    known.set(expression, found);
    return found;
  };

  return { nameOf: jotted, bindingOf, sitesOf };
}

const ALIASES = new Set(["identifier", "attribute"]);

/** Modules whose star import is an everyday idiom and gives no names of others. */
const STAR_SAFE = new Set(["math", "numpy", "tkinter", "turtle", "typing"]);

/** Attributes that are data, not the name of a thing. */
const LAZY_MODULE_ATTRIBUTES = new Set(["sys.argv", "os.environ", "sys.path"]);
