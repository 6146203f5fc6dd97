/** The contract of a refactoring: a change of form that is offered where it applies, without a diagnostic. */

import type { PythonVersion } from "../semantics/python-version.js";
import type { Kind } from "../syntax/kinds.generated.js";
import type { Node, Span } from "../syntax/tree.js";
import type { GuideAnchor } from "./anchors.generated.js";
import type { Edit, File } from "./rule.js";

/** A file that a refactoring makes, beside the one it was asked in. */
export interface NewFile {
  /** Relative to the folder of the file at hand, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** The edits of a refactoring, and the files it makes. */
export interface Outcome {
  readonly edits: readonly Edit[];
  readonly files?: readonly NewFile[];
}

export interface RefactoringSpec<K extends Kind, M> {
  /** What it does, as a list of all refactorings says it: "List-building function to generator". */
  readonly title: string;
  readonly guide: GuideAnchor;
  /** `rewrite` changes the form of what is there, `extract` takes something out of it. */
  readonly kind: "rewrite" | "extract";
  /** The nodes that it looks at: those at or around the cursor, the innermost first. */
  readonly on: readonly K[];
  /** `head`: only where the selection touches the first lines of the node, up to its body; `inside`: anywhere in it. */
  readonly reach: "head" | "inside";
  /** Not offered in files that import none of these top-level modules. */
  readonly imports?: readonly string[];
  /** Not offered when the project's Python is older. */
  readonly python?: PythonVersion;
  /** Rules whose fix does the same: where one of them has a finding, its quick fix is enough. */
  readonly rules?: readonly string[];
  /** Makes files: not offered by hosts that cannot. */
  readonly createsFiles?: boolean;
  /** `before` has `‸` where the cursor is, or two around a selection. */
  readonly example: { readonly before: string; readonly after: string };
  /** Cheap questions first: it runs whenever somebody opens the menu. `selection` may be empty: a cursor. */
  find(node: Node, selection: Span, file: File): M | undefined;
  /** The menu's line, with the reader's own names: "Turn `load` into a generator". */
  offer(match: M, file: File): string;
  /** What may differ afterwards, for the reader to look at; undefined where behaviour stays the same. */
  doubt(match: M, file: File): string | undefined;
  apply(match: M, file: File): Outcome | undefined;
}

/** What was found, with the functions of its refactoring bound to it. */
export interface Proposal {
  offer(file: File): string;
  doubt(file: File): string | undefined;
  apply(file: File): Outcome | undefined;
}

export interface RefactoringDefinition {
  readonly title: string;
  readonly guide: GuideAnchor;
  readonly kind: "rewrite" | "extract";
  readonly on: readonly Kind[];
  readonly reach: "head" | "inside";
  readonly imports: readonly string[];
  readonly python: PythonVersion | undefined;
  readonly rules: readonly string[];
  readonly createsFiles: boolean;
  readonly example: { readonly before: string; readonly after: string };
  propose(node: Node, selection: Span, file: File): Proposal | undefined;
}

/** A refactoring with the name that its path gives it: `refactorings/add-slots.ts` is `add-slots`. */
export interface Refactoring extends RefactoringDefinition {
  readonly name: string;
}

/** Makes a refactoring of what a file in refactorings/ says of it. */
export function defineRefactoring<const K extends Kind, M>(spec: RefactoringSpec<K, M>): RefactoringDefinition {
  const { find, offer, doubt, apply, imports, python, rules, createsFiles, ...rest } = spec;
  return {
    ...rest,
    imports: imports ?? [],
    python,
    rules: rules ?? [],
    createsFiles: createsFiles ?? false,
    propose(node, selection, file) {
      const match = find(node, selection, file);
      return match === undefined
        ? undefined
        : { offer: (it) => offer(match, it), doubt: (it) => doubt(match, it), apply: (it) => apply(match, it) };
    },
  };
}

export function nameRefactoring(name: string, definition: RefactoringDefinition): Refactoring {
  return { name, ...definition };
}
