/** How sure a fact is, and how much the place of a piece of code matters: the words, and how two of them are joined. */

/**
 * `proof`: assignment, construction, annotation, all callers in sight · `strong`: a documented type, or a method that only this kind has ·
 * `fair`: several weak signs that agree. Anything less is no evidence, and is `undefined` where it is asked for.
 */
export type Evidence = "proof" | "strong" | "fair";

/**
 * `heavy`: large for certain, or run per request, batch, step or row · `unknown`: a parameter, an attribute, a list from elsewhere ·
 * `light`: a literal, a handful, run once at import, in an error path, in tests.
 */
export type Weight = "heavy" | "unknown" | "light";

/** Surest first. */
export const EVIDENCE: readonly Evidence[] = ["proof", "strong", "fair"];

/** What rests on several facts is as sure as the least sure of them; undefined if one of them is. */
export function weakest(...all: readonly (Evidence | undefined)[]): Evidence | undefined {
  let index = 0;
  for (const evidence of all) {
    if (evidence === undefined) return undefined;
    index = Math.max(index, EVIDENCE.indexOf(evidence));
  }
  return EVIDENCE[index];
}
