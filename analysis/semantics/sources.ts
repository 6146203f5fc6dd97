/** Where an inference may take a parameter's type from, besides what the code itself states. Each stratum sees more than the one before, and is less sure. */

import type { Evidence } from "./evidence.js";

/**
 * One inference works with one stratum, and its answers are kept apart from those of all others: what is known for certain can therefore
 * never depend on a guess, and what nobody asks for is never computed.
 */
export interface Stratum {
  /** Before the names of its facts in the store: `type:x` for what is written, `strong.type:x` for what is documented too. */
  readonly prefix: string;
  /** How sure the least sure source is that it takes. */
  readonly floor: Evidence;
  /** What the arguments of callers are typed with; undefined where callers are not asked. One below, so that no question leads back to itself. */
  readonly callers: Stratum | undefined;
  /** Where nothing states a type, what the code does with a value counts, if it shows at least this much. */
  readonly likeness?: "strong" | "fair";
}

/** Assignments, constructions, annotations. */
export const WRITTEN: Stratum = { prefix: "", floor: "proof", callers: undefined };
const DOCUMENTED: Stratum = { prefix: "documented.", floor: "strong", callers: undefined };
const DEFAULTED: Stratum = { prefix: "defaulted.", floor: "fair", callers: undefined };

/** What may be asked for: by the least evidence that is good enough. */
export const STRATA: Readonly<Record<Evidence, Stratum>> = {
  proof: { prefix: "proof.", floor: "proof", callers: WRITTEN },
  strong: { prefix: "strong.", floor: "strong", callers: DOCUMENTED },
  fair: { prefix: "fair.", floor: "fair", callers: DEFAULTED },
};

/** What follows from what values are like: `frame["price"].dt` is asked of a column if `frame` is taken for a frame. Asked only by whoever goes by likeness anyway. */
export const LIKELY: Readonly<Record<"strong" | "fair", Stratum>> = {
  strong: { prefix: "strong.likely.", floor: "strong", callers: DOCUMENTED, likeness: "strong" },
  fair: { prefix: "fair.likely.", floor: "fair", callers: DEFAULTED, likeness: "fair" },
};

export const ALL_STRATA: readonly Stratum[] = [
  WRITTEN,
  DOCUMENTED,
  DEFAULTED,
  ...Object.values(STRATA),
  ...Object.values(LIKELY),
];
