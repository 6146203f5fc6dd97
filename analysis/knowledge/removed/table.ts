/** The form of the tables of what libraries took out: names, methods, arguments and values of arguments, with the first release that is without them and what to write now. */

import type { LibraryName } from "../library-names.js";
import type { Likeness } from "../likeness-signs.js";

/** What to write now. */
export interface Present {
  /** `same`: a new name for the same thing · `like`: mostly the same, with a doubt · `drop`: an argument that says what holds anyway · `words`: no plain rename. */
  readonly kind: "same" | "like" | "drop" | "words";
  /** A qualified name, a method, an argument or a value, as `what` is one; for `words` a clause: "build a list and concat once". */
  readonly text: string;
  readonly doubt?: string;
}

/**
 * `what` is `numpy.float`, `pandas.DataFrame.append` (the class stands in `objects`), `pandas.read_csv(squeeze)`, `sklearn.svm.SVC(gamma='auto_deprecated')`, or
 * `pandas.DataFrame.resample(rule@0='M')` for an argument that also goes by its position. `{a|b}` stands for several of them, in any part.
 * `since` is the first release without it; `0` for an argument that none has had, and that is passed over without a word. `scripts/removed.py` looks both up in the released wheels.
 */
export type Removal = readonly [what: string, since: string, present: Present];

export interface RemovedTable {
  /** By the first part of a name: the library that brings it, and what people call it. */
  readonly roots: Readonly<Record<string, readonly [library: LibraryName, title: string]>>;
  /** Where the releases are described; `*` stands for the release. */
  readonly source: Readonly<Partial<Record<LibraryName, string>>>;
  /**
   * Classes whose methods are in the table: what their objects are like; "word" where the name of the method or argument says enough in a file that imports the
   * library; what such objects are called; "made" where the class has to be seen.
   */
  readonly objects?: Readonly<Record<string, Likeness | "word" | "made" | "accessor" | RegExp>>;
  /** Other paths to the same modules: each name that begins with the first is looked up with the second. */
  readonly paths?: readonly (readonly [from: string, to: string])[];
  /** The release in which a library has what another one of these names took out: TensorFlow 2.16 brings Keras 3. */
  readonly bundled?: {
    readonly root: string;
    readonly by: LibraryName;
    readonly title: string;
    readonly release: (since: string) => string;
  };
  /** Beginnings of names that are gone from the library itself, and still there where it is bundled. */
  readonly alone?: readonly string[];
  /** Names that programs set: to set one that is gone does nothing. */
  readonly settings?: readonly string[];
  /** What a value that is gone raises, where none of the usual errors says it. */
  readonly raises?: string;
  /** Members that are no methods. Others may be columns of that name where they are not called. */
  readonly uncalled?: RegExp;
  /** What was an attribute and no method: what is called by this name is something else. */
  readonly neverCalled?: RegExp;
  /** Values that hold where the file has these words. */
  readonly kept?: { readonly value: RegExp; readonly by: RegExp };
  /** Modules that their package no longer loads: gone as its attributes unless the file has these words, and still there for an import. */
  readonly unloaded?: Readonly<Record<string, RegExp>>;
  /** Functions that take so many arguments by their place and no more, since a release, with the names that all of them had in their order; `-` for one that may stay as it is. */
  readonly places?: Readonly<Record<string, readonly [since: string, allowed: number, names: string]>>;
  readonly removals: readonly Removal[];
}

export const same = (text: string): Present => ({ kind: "same", text });
export const like = (text: string, doubt: string): Present => ({ kind: "like", text, doubt });
export const words = (text: string): Present => ({ kind: "words", text });
export const DROP: Present = { kind: "drop", text: "" };
export const drop = (doubt: string): Present => ({ ...DROP, doubt });
