/** A second front end beside tree-sitter: reads Python that is plainly valid, about as fast as it can be read, and leaves everything else to the grammar; but not all of a long text for one damaged place. */

import { arraysIn, BYTES_PER_NODE, markBroken, type TreeArrays } from "../tree.js";
import { readStatements } from "./compound.js";
import { EXPRESSIONS } from "./expressions.js";
import { K, T } from "./ids.generated.js";
import { startLine } from "./lines.js";
import {
  begin,
  giveUp,
  is,
  makeReader,
  NOT_UNDERSTOOD,
  type Damage,
  type Previous,
  type Reader,
  type Reading,
} from "./reader.js";
import { READ_AGAIN, readingOf } from "./resume.js";
import { inOrder, inOrderWithRuns, write } from "./writer.js";

/**
 * Gives the tree that tree-sitter would give, node for node, or undefined if that is not certain. A tree is given only for text without errors.
 * One thing is read as Python reads it and not as the grammar does: `type(x).y = z` is no alias. And some is read that the grammar
 * takes for errors: `return a, *[b]`, `x[*(a, b)]`, `*(a, b), c = d`, defaults of type parameters, `lazy import`, `{**a for a in b}`.
 *
 * @param deepest trees must be less deep than this
 * @param makeArrays where the nodes of a tree go
 */
export function makeReadTree(
  deepest: number,
  makeArrays: (size: number) => TreeArrays = ownArrays,
): (text: string) => TreeArrays | undefined {
  const reader = makeReader(deepest, EXPRESSIONS);
  return (text) => {
    try {
      readModule(reader, withLineFeeds(text));
      return inOrder(reader, makeArrays);
    } catch (error) {
      if (error !== NOT_UNDERSTOOD) throw error;
      return undefined;
    } finally {
      reader.text = "";
    }
  };
}

export interface ReadPast {
  readonly arrays: TreeArrays;
  /** The first stretch that became an ERROR. If the grammar understands it, the text is odd rather than damaged. */
  readonly damage: Damage | undefined;
  /** For reading the text after an edit. */
  readonly reading: Reading;
}

/**
 * The same, but damage is read past: what is not understood becomes ERROR nodes, which the grammar's trees need not agree on.
 *
 * @param previous how the text was read before an edit: saves time and changes nothing else
 */
export type ReadPastDamage = (text: string, previous?: Previous) => ReadPast | undefined;

export function makeReadPast(deepest: number): ReadPastDamage {
  const reader = makeReader(deepest, EXPRESSIONS);
  const read = (text: string, previous: Previous | undefined): ReadPast | undefined => {
    reader.recovers = true;
    reader.previous = previous;
    try {
      readModule(reader, withLineFeeds(text));
      const arrays = previous && reader.runs.length > 0 ? withRuns(reader, previous) : inOrder(reader, ownArrays);
      if (!arrays) return undefined;
      const { damage, runs } = reader;
      if (damage && runs.length === 0) markBroken(arrays);
      return { arrays, damage, reading: readingOf(reader) };
    } catch (error) {
      if (error !== NOT_UNDERSTOOD) throw error;
      return undefined;
    } finally {
      reader.text = "";
      reader.previous = undefined;
    }
  };
  return (text, previous) => {
    try {
      return read(text, previous);
    } catch (error) {
      if (error !== READ_AGAIN) throw error;
      return read(text, undefined);
    }
  };
}

function withRuns(reader: Reader, { arrays, reading }: Previous): TreeArrays {
  const made = inOrderWithRuns(reader, arrays, reading.deepest, ownArrays);
  if (!made) throw READ_AGAIN;
  return made;
}

function ownArrays(size: number): TreeArrays {
  return arraysIn(new ArrayBuffer(BYTES_PER_NODE * size), 0, size);
}

/** The grammar knows a lone carriage return as no line end; Python does. One unit for one unit keeps every offset. */
export function withLineFeeds(text: string): string {
  return text.includes("\r") ? text.replace(/\r(?!\n)/g, "\n") : text;
}

function readModule(r: Reader, text: string): void {
  // Wherever they stand, the grammar makes something of its own of these.
  if (text.includes("\0") || !text.isWellFormed()) giveUp();
  r.text = text;
  r.at = r.start = r.end = r.lastEnd = 0;
  r.brackets = r.column = r.columns.length = 0;
  r.count = r.extras = r.depth = r.deepestNesting = r.lists = r.runs.length = 0;
  r.beginsSoftly = r.mayGoOn = false;
  r.within = 0;
  r.damage = undefined;
  startLine(r);
  readStatements(r);
  if (!is(r, T.end)) giveUp();
  begin(r);
  // The module begins with its first node, but reaches to the end of the text, empty lines included.
  write(r, K.module, 0, r.count > 0 ? r.starts[0]! : text.length, text.length);
}
