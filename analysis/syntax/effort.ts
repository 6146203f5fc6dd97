/**
 * How much whoever asks is given to look at: nodes, in lists. What hands out lists counts their lengths here, so that a question which looks at
 * all of a long file again and again is stopped by a count, the same on every machine, and not by a clock.
 */

/** Set by whoever runs what may take too long: to nothing spent, and to what may be. Nothing is limited outside of that. */
export const effort = { spent: 0, limit: Infinity };

/** More was asked for than may be. */
export class TookTooLong extends Error {
  constructor() {
    super("it takes too long");
  }
}

export function spend(nodes: number): void {
  effort.spent += nodes;
  if (effort.spent > effort.limit) throw new TookTooLong();
}

/** The same list, counted. */
export function counted<T>(list: readonly T[]): readonly T[] {
  spend(list.length);
  return list;
}

/** Makes what is kept for all who ask: whoever is the first does not pay for it, and does not leave it half done. */
export function unlimited<T>(run: () => T): T {
  const { spent, limit } = effort;
  effort.limit = Infinity;
  try {
    return run();
  } finally {
    effort.spent = spent;
    effort.limit = limit;
  }
}
