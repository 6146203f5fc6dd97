/** What to call one item of a collection, after the collection's own name: `names` gives `name`, `all_entries` gives `entry`. */

import type { Facts } from "../semantics/facts.js";
import { elementOf } from "../semantics/types.js";
import type { Node } from "../syntax/tree.js";
import { lastIdentifier } from "../text/identifiers.js";

const IRREGULAR: Readonly<Record<string, string>> = {
  children: "child",
  indices: "index",
  vertices: "vertex",
  matrices: "matrix",
  people: "person",
  men: "man",
  women: "woman",
  feet: "foot",
  mice: "mouse",
  axes: "axis",
  analyses: "analysis",
  bases: "base",
  caches: "cache",
  sizes: "size",
  leaves: "leaf",
};
/** Words that end like a plural and are none, or whose singular is a keyword or says nothing. */
const NOT_PLURAL = new Set([
  "series",
  "class",
  "is",
  "this",
  "its",
  "has",
  "was",
  "status",
  "classes",
  "args",
  "kwargs",
  "axis",
  "basis",
  "news",
  "species",
  "os",
  "as",
  "gas",
  "lens",
  "bias",
  "alias",
  "atlas",
  "canvas",
  "pandas",
  "keras",
  "chaos",
]);

/** Undefined where the name is no plural. */
export function singular(name: string): string | undefined {
  const [, base, suffix] = /^(.{3,}?)(_list|_lst|_seq|_array|_arr|_items)?$/.exec(name) ?? [];
  const stem = base ?? name;
  const word = /(?<![A-Za-z])[A-Za-z]+$/.exec(stem)?.[0] ?? "";
  const head = word === "" ? "" : stem.slice(0, -word.length);
  const one = singularWord(word.toLowerCase()) ?? (suffix ? word.toLowerCase() : undefined);
  return one === undefined ? undefined : `${head.replace(/^(all|the)_$/, "").replace(/^_+/, "")}${one}`;
}

function singularWord(word: string): string | undefined {
  const known = IRREGULAR[word];
  if (known !== undefined) return known;
  if (NOT_PLURAL.has(word) || !/[a-z]s$/.test(word) || /(ss|us|is)$/.test(word)) return undefined;
  if (/[a-z]{2}ies$/.test(word)) return `${word.slice(0, -3)}y`;
  return /(ss|sh|ch|x|zz)es$/.test(word) ? word.slice(0, -2) : word.slice(0, -1);
}

/** The name under which a value goes: the last part of `self.rows`. */
export function lastName(value: Node): string {
  return lastIdentifier(value.text);
}

/** A name for one item that is free near a place: `name` of `names`, else `item`, else what the item is, else what it belongs to. */
export function itemName(items: Node, facts: Facts, except: readonly string[] = []): string {
  const base = lastName(items);
  const kind = elementOf(facts.typeOf(items))?.name ?? "";
  const row = ROWS.has(kind) ? "row" : undefined;
  const own = `${base.replace(/^_+/, "")}_item`;
  const wanted = [
    singular(base),
    GRIDS.test(base) ? row : undefined,
    "item",
    row,
    base === "item" ? "value" : own,
    own,
  ];
  const free = wanted.find((it) => it !== undefined && !except.includes(it) && !facts.isTaken(it, items));
  return free ?? facts.freshName(own, items);
}

/** What is called so has rows. */
const GRIDS = /(?:^|_)(?:grid|matrix|board|table|maze)$/i;
/** Items that are themselves a row of values. */
const ROWS = new Set(["list", "tuple", "numpy.ndarray"]);
