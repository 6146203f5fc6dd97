/** Finds which of many ranges meet a given one, without looking at all of them. */

import { firstFrom } from "./ascending.js";
import type { Range } from "./range.js";

/** Made once; each question costs the logarithm of the number of ranges. */
export class RangeIndex {
  /** Ascending. */
  readonly #starts: Int32Array;
  /** The largest end of a range and of all before it. */
  readonly #ends: Int32Array;

  constructor(ranges: readonly Range[]) {
    const sorted = ranges.toSorted((a, b) => a.start - b.start);
    this.#starts = Int32Array.from(sorted, (it) => it.start);
    this.#ends = Int32Array.from(sorted, (it) => it.end);
    for (let index = 1; index < sorted.length; index++)
      this.#ends[index] = Math.max(this.#ends[index]!, this.#ends[index - 1]!);
  }

  /** Some range has a character in common with this one. */
  overlaps({ start, end }: Range): boolean {
    const before = this.#startingBefore(end);
    return before > 0 && this.#ends[before - 1]! > start;
  }

  /** Some range holds the offset, its end included. */
  holds(offset: number): boolean {
    const before = this.#startingBefore(offset + 1);
    return before > 0 && this.#ends[before - 1]! >= offset;
  }

  /** How many ranges start before an offset. */
  #startingBefore(offset: number): number {
    return firstFrom(this.#starts, offset);
  }
}
