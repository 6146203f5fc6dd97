/** How the doubts of a fix are told where there is room for them: in hovers and in the preview of an edit. */

/** @param doubts phrases without full stops, as a rule gives them; at least one */
export function sentenceOf(doubts: readonly string[]): string {
  return `Check first: ${doubts.join("; ")}.`;
}
