/** All libraries' facts merged into the tables that the semantics asks. Those of the large libraries are made when a name of theirs comes up: most programs use few of them. */

import { parseType, type Maybe } from "../semantics/types.js";
import { BUILTINS } from "./builtins.js";
import { CLIENTS } from "./clients.js";
import type { Library, LibraryFacts } from "./library.js";
import { LIBRARIES } from "./libraries.generated.js";
import { PACKAGES } from "./packages.js";
import { STDLIB } from "./stdlib.js";
import type { Table } from "./table.js";

const returns = new Map<string, string>();
const given = new Map<string, string>();
const attributes = new Map<string, string>();
const bases = new Map<string, readonly string[]>();
const aliases = new Map<string, string>();
const mutators = new Map<string, readonly string[]>();
const blocking = new Map<string, string | null>();
const pure = new Map<string, true>();
/** By the name of a thing, the last words of the names it also goes by, where they differ from its own. */
const otherWords = new Map<string, string[]>();

function learn(facts: LibraryFacts): void {
  const add = <T>(table: Map<string, T>, entries: Table<T> = []) => {
    for (const [name, fact] of entries) table.set(name, fact);
  };
  add(returns, facts.returns);
  add(given, facts.given);
  add(attributes, facts.attributes);
  add(bases, facts.bases);
  add(aliases, facts.aliases);
  add(mutators, facts.mutators);
  add(blocking, facts.blocking);
  for (const name of facts.pure ?? []) pure.set(name, true);
  for (const [alias, name] of facts.aliases ?? []) {
    const word = lastWord(alias);
    if (word === lastWord(name)) continue;
    const known = otherWords.get(name);
    if (known) known.push(word);
    else otherWords.set(name, [word]);
  }
}

const ALWAYS: readonly LibraryFacts[] = [BUILTINS, STDLIB, CLIENTS, PACKAGES];
ALWAYS.forEach(learn);
/** By the first part of their names. */
const unread = new Map(LIBRARIES.flatMap((library) => library.roots.map((root) => [root, library] as const)));

/** What a table says about a name. */
function ask<T>(table: ReadonlyMap<string, T>, name: string): T | undefined {
  const known = table.get(name);
  return known === undefined && readLibraryOf(name) ? table.get(name) : known;
}

/** True if there was something to read. */
function readLibraryOf(name: string): boolean {
  if (unread.size === 0) return false;
  const dot = name.indexOf(".");
  return readLibrary(unread.get(dot < 0 ? name : name.slice(0, dot)));
}

/** For who has time now and will not have it later. @returns false when all libraries have been read */
export function readNextLibrary(): boolean {
  return readLibrary(unread.values().next().value);
}

function readLibrary(library: Library | undefined): boolean {
  if (!library) return false;
  for (const root of library.roots) unread.delete(root);
  for (const facts of library.facts) learn(facts());
  return true;
}

/** The name a thing is known by, whatever path it was imported from. */
function lastWord(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/**
 * The last words of names that `canonical` turns into this one, where they differ from its own: a call of the thing ends in its own last word or in one of
 * these. The tables of large libraries are not read for it: they have no such names but of classes that nobody calls (a test holds that).
 */
export function otherWordsFor(name: string): readonly string[] {
  return otherWords.get(name) ?? [];
}

export function canonical(name: string): string {
  return ask(aliases, name) ?? name;
}

export function returnOf(name: string): Maybe {
  const text = ask(returns, name);
  return text === undefined ? undefined : typeIn(text);
}

/** Many functions give the same, and the tables hold no more than some thousand texts. */
const parsed = new Map<string, Maybe>();

function typeIn(text: string): Maybe {
  if (!parsed.has(text)) parsed.set(text, parseType(text));
  return parsed.get(text);
}

const awaited = new Set<string>();
for (const table of [returns, given])
  for (const [name, gives] of table)
    if (gives.includes("coroutine")) awaited.add(name.slice(name.lastIndexOf(".") + 1));

/** Whether some library has a function or method of that name whose call only makes a coroutine. */
export function mayGiveCoroutine(name: string): boolean {
  return awaited.has(name);
}

/** What certain arguments change about it; read by `calls.ts`. */
export function givenRules(name: string): string | undefined {
  return ask(given, name);
}

/** What a method gives; looked up along the receiver's known base classes. */
export function methodReturn(receiver: NonNullable<Maybe>, method: string): Maybe {
  const text = alongBases(receiver.name, (it) => ask(returns, `${it}.${method}`));
  return text === "self" ? receiver : text === undefined ? undefined : typeIn(text);
}

export function attributeOf(receiver: NonNullable<Maybe>, name: string): Maybe {
  const text = alongBases(receiver.name, (it) => ask(attributes, `${it}.${name}`));
  return text === "self" ? receiver : text === undefined ? undefined : typeIn(text);
}

/** The type is the named one or derives from it, as far as the tables tell. */
export function derivesFrom(name: string, base: string): boolean {
  return alongBases(name, (it) => (it === base ? true : undefined)) === true;
}

/** yes, no, or undefined where the type is not in the tables. */
export function mutates(receiver: string, method: string): boolean | undefined {
  let known = false;
  const found = alongBases(receiver, (it) => {
    const methods = ask(mutators, it);
    if (methods) known = true;
    return methods?.includes(method) ? true : undefined;
  });
  return found ?? (known ? false : undefined);
}

/** Whether a call of the function, by its qualified name, is known to have no effects. */
export function isPureCall(name: string): boolean {
  return ask(pure, name) === true;
}

/** Undefined: not known to block. Null: blocks, and there is no other form to await. */
export function blockingCall(name: string): string | null | undefined {
  return ask(blocking, name);
}

/** The tables say something of a call of the function or class, if only that nothing can be said of what it gives. For tools that look for gaps. */
export function knowsCall(name: string): boolean {
  return [returns, given, bases, blocking, pure].some((it) => ask<unknown>(it, name) !== undefined);
}

/** The tables say something of a call of the method, on the type or one that it derives from: it is no plain attribute. */
export function knowsMethod(type: string, method: string): boolean {
  const isKnown = alongBases(type, (it) => (knowsCall(`${it}.${method}`) ? true : undefined));
  return isKnown === true || mutates(type, method) === true;
}

export function alongBases<T>(name: string, look: (name: string) => T | undefined, depth = 0): T | undefined {
  const found = look(name);
  if (found !== undefined || depth > 8) return found;
  for (const base of ask(bases, name) ?? []) {
    const inherited = alongBases(base, look, depth + 1);
    if (inherited !== undefined) return inherited;
  }
  return undefined;
}
