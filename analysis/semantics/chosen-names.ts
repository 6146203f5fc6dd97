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
  }
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

  isFree(choice: ChosenName): boolean {
    return this.#reserved?.has(choice) !== true;
  }

  note(choice: ChosenName): void {
    this.#made?.push(choice);
  }

  end(): readonly ChosenName[] {
    const made = this.#made ?? [];
    this.#made = this.#reserved = undefined;
    return made;
  }
}
