/** Decorators that keep the results of a function, by their arguments. */

import type { Facts } from "../semantics/facts.js";
import { asCall, integerOf, unwrap } from "../syntax/expressions.js";
import type { FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

/** A decorator that keeps the results of its function. */
export interface CacheDecorator {
  /** `functools`: as long as the program runs, by hashable arguments · `streamlit`: by arguments that it hashes itself · `other`: some library. */
  readonly kind: "functools" | "streamlit" | "other";
  readonly decorator: Node;
  /** `lru_cache` of `@functools.lru_cache(maxsize=None)`. */
  readonly callee: Node;
  /** How many results it keeps at most. */
  readonly places: number;
  /** Results are thrown away after some time. */
  readonly expires: boolean;
}

const DEFAULT_PLACES = 128;

/** The decorator of a function that keeps its results; undefined if none is known to. */
export function cacheDecorator(def: FunctionDef, facts: Facts): CacheDecorator | undefined {
  if (def.decorators.length === 0) return undefined;
  return facts.memo("cache decorator", def.node, () => firstCache(def, facts));
}

function firstCache(def: FunctionDef, facts: Facts): CacheDecorator | undefined {
  for (const decorator of def.decorators) {
    const expression = unwrap(decorator);
    const call = asCall(expression);
    const callee = call?.callee ?? expression;
    const name = facts.nameOf(callee);
    const kind = kindOf(name, callee.text);
    if (!kind) continue;
    const size = call?.keywords.get("maxsize") ?? call?.keywords.get("max_entries") ?? call?.args[0];
    const isAll = name === "functools.cache" || size?.kind === "none" || kind === "streamlit";
    const places = isAll && integerOf(size) === undefined ? Infinity : (integerOf(size) ?? DEFAULT_PLACES);
    return { kind, decorator, callee, places, expires: /ttl|expire|TTL/.test(expression.text) };
  }
  return undefined;
}

function kindOf(name: string | undefined, text: string): CacheDecorator["kind"] | undefined {
  if (name === "functools.cache" || name === "functools.lru_cache") return "functools";
  if (
    /^st(?:reamlit)?\.(?:cache_data|cache_resource|cache|experimental_memo|experimental_singleton)$/.test(name ?? text)
  )
    return "streamlit";
  return /(?:^|\.)(?:cachetools(?:\.func)?\.\w+|async_lru\.alru_cache|alru_cache|memory\.cache|cachetools\.cached|diskcache\.\w+|ttl_cache|memoize|cached|aiocache\.cached)$/.test(
    name ?? text,
  )
    ? "other"
    : undefined;
}
