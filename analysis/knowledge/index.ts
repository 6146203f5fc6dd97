/** All libraries' facts merged into the tables that the semantics asks. */

import { parseType, type Maybe } from "../semantics/types.js";
import { BUILTINS } from "./builtins.js";
import type { LibraryFacts } from "./library.js";
import { LIBRARIES } from "./libraries.generated.js";
import { STDLIB } from "./stdlib.js";

const ALL: readonly LibraryFacts[] = [BUILTINS, STDLIB, ...LIBRARIES];

function merged<T>(pick: (library: LibraryFacts) => Readonly<Record<string, T>> | undefined): ReadonlyMap<string, T> {
  const all = new Map<string, T>();
  for (const library of ALL) for (const [name, fact] of Object.entries(pick(library) ?? {})) all.set(name, fact);
  return all;
}

const returns = merged((it) => it.returns);
const given = merged((it) => it.given);
const attributes = merged((it) => it.attributes);
const bases = merged((it) => it.bases);
const aliases = merged((it) => it.aliases);
const mutators = merged((it) => it.mutators);
const blocking = merged((it) => it.blocking);
const pure: ReadonlySet<string> = new Set(ALL.flatMap((it) => it.pure ?? []));

/** The name a thing is known by, whatever path it was imported from. */
export function canonical(name: string): string {
  return aliases.get(name) ?? name;
}

export function returnOf(name: string): Maybe {
  const text = returns.get(name);
  return text === undefined ? undefined : parseType(text);
}

const awaited: ReadonlySet<string> = new Set([...returns, ...given].flatMap(([name, gives]) => (gives.includes("coroutine") ? [name.slice(name.lastIndexOf(".") + 1)] : [])));

/** Whether some library has a function or method of that name whose call only makes a coroutine. */
export function mayGiveCoroutine(name: string): boolean {
  return awaited.has(name);
}

/** What certain arguments change about it; read by `calls.ts`. */
export function givenRules(name: string): string | undefined {
  return given.get(name);
}

/** What a method gives; looked up along the receiver's known base classes. */
export function methodReturn(receiver: NonNullable<Maybe>, method: string): Maybe {
  const text = alongBases(receiver.name, (it) => returns.get(`${it}.${method}`));
  return text === "self" ? receiver : text === undefined ? undefined : parseType(text);
}

export function attributeOf(receiver: NonNullable<Maybe>, name: string): Maybe {
  const text = alongBases(receiver.name, (it) => attributes.get(`${it}.${name}`));
  return text === "self" ? receiver : text === undefined ? undefined : parseType(text);
}

/** The type is the named one or derives from it, as far as the tables tell. */
export function derivesFrom(name: string, base: string): boolean {
  return alongBases(name, (it) => (it === base ? true : undefined)) === true;
}

/** yes, no, or undefined where the type is not in the tables. */
export function mutates(receiver: string, method: string): boolean | undefined {
  let known = false;
  const found = alongBases(receiver, (it) => {
    const methods = mutators.get(it);
    if (methods) known = true;
    return methods?.includes(method) ? true : undefined;
  });
  return found ?? (known ? false : undefined);
}

export function isPureCall(name: string): boolean {
  return pure.has(name);
}

/** Undefined: not known to block. Null: blocks, and there is no other form to await. */
export function blockingCall(name: string): string | null | undefined {
  return blocking.get(name);
}

export function alongBases<T>(name: string, look: (name: string) => T | undefined, depth = 0): T | undefined {
  const found = look(name);
  if (found !== undefined || depth > 8) return found;
  for (const base of bases.get(name) ?? []) {
    const inherited = alongBases(base, look, depth + 1);
    if (inherited !== undefined) return inherited;
  }
  return undefined;
}
