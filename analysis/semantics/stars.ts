/** Names that `from module import *` gives to a file, and where a later binding takes them over. */

import { firstWhere } from "../text/ascending.js";
import { BUILTIN_NAMES } from "../knowledge/builtins.js";
import { canonical } from "../knowledge/index.js";
import { broughtByStar } from "../knowledge/stars.js";
import { functionAround } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { indexOf, type Document } from "./document.js";
import { pieceOf } from "./piece.js";
import type { Site } from "./scopes.js";

export interface Star {
  readonly module: string;
  readonly statement: Node;
}

/** The last star that may have bound a name of the module. */
export interface StarBinding {
  /** Undefined where it is not certain that the star binds the name, or to what. */
  readonly name: string | undefined;
  /** The sites of the name that come later: none of them surely takes it over. */
  readonly later: readonly Site[];
}

/**
 * Undefined if no star has a say in what a module-level name stands for. Nothing is known of what the modules of a project bind:
 * they are taken to bind neither the name of a built-in nor one that the file binds itself.
 * @param read where the name is read
 */
export function boundByStar(
  name: string,
  read: Node,
  sites: readonly Site[],
  stars: readonly Star[],
  document: Document,
): StarBinding | undefined {
  const isFree = sites.length === 0 && !BUILTIN_NAMES.has(name);
  const runsInOrder = functionAround(read) === undefined;
  let index = (runsInOrder ? countBefore(stars, read, document) : stars.length) - 1;
  const mayBring = ({ module }: Star) => {
    const brought = broughtByStar(module, name);
    return brought === undefined ? isFree : brought !== "no";
  };
  while (index >= 0 && !mayBring(stars[index]!)) index--;
  const last = stars[index];
  if (!last) return undefined;

  const { statement, module } = last;
  const isCertain = broughtByStar(module, name) === "yes" && isUnconditional(statement);
  const later = sites.filter((it) => isBefore(statement, it.name, document));
  const isTakenOver = later.some(
    (it) =>
      !it.isRemote &&
      it.kind !== "delete" &&
      isUnconditional(it.owner) &&
      !(runsInOrder && isBefore(read, it.name, document)),
  );
  return isTakenOver ? undefined : { name: isCertain ? canonical(`${module}.${name}`) : undefined, later };
}

/** How many of some stars, in source order, do not stand behind a read. */
function countBefore(stars: readonly Star[], read: Node, document: Document): number {
  return firstWhere(stars.length, (it) => isBefore(read, stars[it]!.statement, document));
}

function isBefore(a: Node, b: Node, document: Document): boolean {
  return a.tree === b.tree
    ? a.start < b.start
    : indexOf(document, pieceOf(a.tree)) < indexOf(document, pieceOf(b.tree));
}

/** Not within `if`, `try` and the like. */
function isUnconditional(statement: Node): boolean {
  const outer = statement.parent?.kind === "expression_statement" ? statement.parent : statement;
  return outer.parent === statement.tree.root;
}
