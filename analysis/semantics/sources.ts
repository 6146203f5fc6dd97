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

export const ALL_STRATA: readonly Stratum[] = [WRITTEN, DOCUMENTED, DEFAULTED, ...Object.values(STRATA)];
