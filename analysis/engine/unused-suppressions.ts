/** Comments that silence nothing, told with the edit that takes them away. */

import { firstFrom } from "../text/ascending.js";
import type { TextEdit } from "../text/range.js";
import type { CommentProblem } from "./report.js";
import type { Suppression } from "./suppressions.js";

/** What was silenced in a piece or in a file: where each rule's findings begin. */
export class Silenced {
  readonly #starts = new Map<string, number[]>();
  #isSorted = true;

  add(rule: string, start: number): void {
    const starts = this.#starts.get(rule);
    if (starts) starts.push(start);
    else this.#starts.set(rule, [start]);
    this.#isSorted = false;
  }

  /** Whether a rule that fits was silenced there; anywhere where no range is given. */
  has(fits: (rule: string) => boolean, range: { readonly start: number; readonly end: number } | undefined): boolean {
    if (!this.#isSorted) for (const starts of this.#starts.values()) starts.sort((a, b) => a - b);
    this.#isSorted = true;
    for (const [rule, starts] of this.#starts)
      if (fits(rule) && (!range || isWithin(starts, range.start, range.end))) return true;
    return false;
  }
}

function isWithin(starts: readonly number[], from: number, to: number): boolean {
  const first = firstFrom(starts, from);
  return first < starts.length && starts[first]! <= to;
}

/**
 * What of a comment of ours silences nothing.
 * @param isJudged whether every rule that a name stands for was asked: of the others nobody knows what they would have said
 */
export function unusedIn(
  { names, leftOut, governs, comment, extent }: Suppression,
  silenced: Silenced,
  isJudged: (fits: (rule: string) => boolean) => boolean,
): readonly CommentProblem[] {
  const isUnused = ({ fits }: Suppression["names"][number]) => isJudged(fits) && !silenced.has(fits, governs);
  const unused = names.filter(isUnused);
  if (unused.length === 0) return [];
  if (unused.length === names.length && leftOut === 0)
    return [{ range: comment, message: "This comment silences nothing.", unused: { ...extent, text: "" } }];
  return unused.map((name) => ({
    range: name.range,
    message: `"${name.text}" silences nothing here.`,
    unused: withoutName(names, name),
  }));
}

/** With the comma that parts it from its neighbour. */
function withoutName(names: Suppression["names"], name: Suppression["names"][number]): TextEdit {
  const index = names.indexOf(name);
  const before = names[index - 1];
  const after = names[index + 1];
  if (before) return { start: before.range.end, end: name.range.end, text: "" };
  return { start: name.range.start, end: after?.range.start ?? name.range.end, text: "" };
}
