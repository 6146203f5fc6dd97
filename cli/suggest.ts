/** "Did you mean …?" for a mistyped command, option or value. */

/** A sentence with a space before it, or nothing when no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const ranked = known.map((it) => ({ it, changes: changesBetween(word.toLowerCase(), it.toLowerCase()) })).sort((a, b) => a.changes - b.changes);
  const best = ranked[0];
  return best && best.changes <= Math.max(1, Math.floor(word.length / 3)) ? ` Did you mean "${best.it}"?` : "";
}

/** `a, b or c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** Letters to add, drop or replace to get from one word to the other. */
function changesBetween(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...from].entries()) {
    const line = [row + 1];
    for (let column = 0; column < to.length; column++) {
      const replaced = above[column]! + (letter === to[column] ? 0 : 1);
      line.push(Math.min(replaced, above[column + 1]! + 1, line[column]! + 1));
    }
    above = line;
  }
  return above[to.length]!;
}
