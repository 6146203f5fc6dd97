/** What the libraries do, as data; every table is keyed by qualified names as code that imports them would write them. */

import type { Table } from "./table.js";

/** A library that many programs do without: its tables are made when a name of it is first asked for. */
export interface Library {
  /** What all names in its tables begin with. */
  readonly roots: readonly string[];
  /** None of them gives a coroutine: see `mayGiveCoroutine`. */
  readonly facts: readonly (() => LibraryFacts)[];
}

/** One library's facts. Types are written as `printType` prints them; `?` is unknown, `self` is the receiver's own type. */
export interface LibraryFacts {
  /** Functions, constructors and methods (`pandas.DataFrame.head`), and what a call of them gives. */
  readonly returns: Table<string>;
  /**
   * What a call gives when it has a certain argument; asked before `returns`, the first that holds counts. `size/2: numpy.ndarray` holds for `size=` and for a third
   * argument, `/0: …` for any first argument, `dim/1=int: …` where the second is an integer. See `calls.ts`.
   */
  readonly given?: Table<string>;
  /** Attributes that are read without a call. */
  readonly attributes?: Table<string>;
  /** Classes and the classes they derive from. */
  readonly bases?: Table<readonly string[]>;
  /** Other spellings of a name: `pandas.core.frame.DataFrame`. */
  readonly aliases?: Table<string>;
  /** Methods that change the object they are called on, by type. */
  readonly mutators?: Table<readonly string[]>;
  /** Functions and methods that change nothing, print nothing and give the same answer for the same arguments. */
  readonly pure?: readonly string[];
  /** Calls that make their thread wait, and what a coroutine should await instead, where there is such a thing. */
  readonly blocking?: Table<string | null>;
}
