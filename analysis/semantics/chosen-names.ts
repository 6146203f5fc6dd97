/** Names that fixes choose. Fixes that go in together must not choose the same one: each is made for the text as it is, where the name is still free. */

import type { Node } from "../syntax/tree.js";

export interface ChosenName {
  readonly name: string;
  /** The function in which the name was asked for. Undefined: the module. */
  readonly scope: Node | undefined;
  /** What a constant of the module holds: those that hold the same may be one. */
  readonly value?: string | undefined;
}

/** What the fixes that go in together have chosen so far. */
export class Reserved {
  readonly #names = new Map<string, Map<Node | undefined, string | undefined>>();
  /** The names of constants by what they hold. */
  readonly #holders = new Map<string, Set<string>>();
  /** For each scope and wanted name: from a number on, the first that is free. What is chosen stays so, and many fixes want the same name. */
  readonly #free = new Map<Node | "module" | "anywhere", Map<string, Map<number, number>>>();

  /** A name of the module is seen in every function. */
  has({ name, scope, value }: ChosenName): boolean {
    const scopes = this.#names.get(name);
    if (!scopes || (value !== undefined && scopes.size === 1 && scopes.get(undefined) === value)) return false;
    return scopes.has(undefined) || scopes.has(scope) || scope === undefined;
  }

  add({ name, scope, value }: ChosenName): void {
    const scopes = this.#names.get(name);
    if (scopes) scopes.set(scope, value);
    else this.#names.set(name, new Map([[scope, value]]));
    if (value === undefined) return;
    const holders = this.#holders.get(value);
    if (holders) holders.add(name);
    else this.#holders.set(value, new Set([name]));
  }

  /** The names that may be chosen instead of the wanted one, and itself: lowest number first, without end. */
  *freeNames({ name, scope, value }: ChosenName): Generator<string, never> {
    // What holds the same may be shared, although it is chosen.
    const shared = value === undefined ? [] : [...(this.#holders.get(value) ?? [])];
    const numbers = shared.flatMap((it) => numberIn(it, name) ?? []).sort((a, b) => a - b);
    for (let last = 0, next: number; ; last = next) {
      next = this.#firstFree(name, scope, last + 1);
      for (const number of numbers)
        if (last < number && number < next && !this.has({ name: numbered(name, number), scope, value }))
          yield numbered(name, number);
      yield numbered(name, next);
    }
  }

  #firstFree(name: string, scope: Node | undefined, from: number): number {
    const step = (number: number) => this.#skip("module", name, number, (it) => this.#names.get(it)?.has(undefined));
    return this.#skip(scope ?? "anywhere", name, from, (it) => this.has({ name: it, scope }), step);
  }

  /** @param step over what is chosen in any case */
  #skip(
    where: Node | "module" | "anywhere",
    name: string,
    from: number,
    isChosen: (name: string) => boolean | undefined,
    step = (number: number) => number,
  ): number {
    let byName = this.#free.get(where);
    if (!byName) this.#free.set(where, (byName = new Map()));
    let known = byName.get(name);
    if (!known) byName.set(name, (known = new Map()));
    let number = step(known.get(from) ?? from);
    while (isChosen(numbered(name, number))) number = step(number + 1);
    known.set(from, number);
    return number;
  }
}

function numbered(name: string, number: number): string {
  return number === 1 ? name : `${name}_${number}`;
}

function* likeIt(name: string): Generator<string, never> {
  for (let number = 1; ; number++) yield numbered(name, number);
}

/** Undefined where it is not that name with a number. */
function numberIn(given: string, name: string): number | undefined {
  const number = given === name ? 1 : Number(given.slice(name.length + 1));
  return number >= 1 && given === numbered(name, number) ? number : undefined;
}

/** The choices of one fix, from its first question to its last. */
export class Choices {
  /** Undefined while no fix is made: then nobody asks for them. */
  #made: ChosenName[] | undefined;
  #reserved: Reserved | undefined;

  begin(reserved: Reserved | undefined): void {
    this.#made = [];
    this.#reserved = reserved;
  }

  /** Chooses the wanted name, or one like it that is not taken. */
  choose(wanted: ChosenName, isTaken: (name: string) => boolean): string {
    const names = this.#reserved?.freeNames(wanted) ?? likeIt(wanted.name);
    let { value: name } = names.next();
    while (isTaken(name)) ({ value: name } = names.next());
    this.#made?.push({ ...wanted, name });
    return name;
  }

  end(): readonly ChosenName[] {
    const made = this.#made ?? [];
    this.#made = this.#reserved = undefined;
    return made;
  }
}
