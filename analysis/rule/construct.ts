/** The contract of a construct: which code it stands for, and the few sentences that a hover says of it. */

import type { Kind, Token } from "../syntax/kinds.generated.js";
import type { Node } from "../syntax/tree.js";
import type { GuideAnchor } from "./anchors.generated.js";
import type { File } from "./rule.js";

type OneOrMore<T extends string> = T | readonly T[];

/**
 * What the place under the cursor has to be. Names are qualified and resolved through imports, aliases and shadowing;
 * a name that ends in `.*` stands for everything below a module.
 */
export type Pattern =
  /** A name or dotted name that means one of these: `asyncio.gather`, `builtins.isinstance`. */
  | { readonly name: OneOrMore<string> }
  /** An attribute of a value known to be of one of the types: `iterrows` of `pandas.DataFrame`. */
  | { readonly attribute: OneOrMore<string>; readonly of: OneOrMore<string> }
  /** The name of a keyword argument in a call of one of these, or in the head of a class. */
  | { readonly argument: OneOrMore<string>; readonly of: OneOrMore<string> | "class" }
  /** The name of a method or attribute where a class defines it: `__exit__`, `__slots__`. */
  | { readonly defines: OneOrMore<string> }
  /** A module's name in an import statement. */
  | { readonly module: OneOrMore<string> }
  /** A keyword, operator or bracket that belongs to a node of one of the kinds: `yield` of `yield`, `@` of `decorator`. */
  | { readonly token: OneOrMore<Token>; readonly of: OneOrMore<Kind> }
  /** The innermost node is of one of the kinds: `identifier`, `integer`, `string`. Needs `when`. */
  | { readonly node: OneOrMore<Kind> };

/** An entry of a table in guide/constructs: where a hover shows, and what it says. */
export interface Construct {
  /** Its heading; unique. */
  readonly name: string;
  readonly guide: GuideAnchor;
  readonly at: readonly [Pattern, ...Pattern[]];
  /** Two to four sentences of Markdown: what it costs or brings, and the one thing to watch. True for Python 3.10 and later unless it says otherwise. */
  readonly says: string;
  /** What else has to hold. `node` is the identifier, token or innermost node under the cursor. */
  when?(node: Node, file: File): boolean;
  /** What is special at this very place, said first: a saving, a resolved name, a decoded pattern. Undefined where nothing is. */
  here?(node: Node, file: File): string | undefined;
  /** Code with `‸` before a place that shows this construct: the first test of the entry. */
  readonly example: string;
  /** Codes with `‸` before look-alikes that must not show it. */
  readonly unlike?: readonly string[];
}

/** Lets the compiler check the entries where they stand. */
export function defineConstructs(constructs: readonly Construct[]): readonly Construct[] {
  return constructs;
}
