/** Words as they are compared: small, without ending, without those that carry no meaning; and what else people call them. */

import { stemmer } from "stemmer";
import synonyms from "../guide/synonyms.json" with { type: "json" };

const EMPTY = new Set(
  (
    "a an and are as at be been but by can do does doing for from get has have how i if in into is it its me my not of on " +
    "one or our over own program should so some than that the their them then there this to too two use using want was we what when where " +
    "which while why will with without would you your"
  ).split(" "),
);

/** Dots and underscores hold names together, as in `np.where` and `read_csv`, and part them too: both forms are kept. */
export function wordsIn(text: string): readonly string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}_.+@#-]+/gu) ?? []).flatMap((it) => {
    const word = it.replace(/^[^\p{L}\p{N}@]+/u, "").replace(/(?<![^\p{L}\p{N}+#])[^\p{L}\p{N}+#]+$/u, "");
    const parts = word.split(/[._-]+/).filter((part) => part !== "");
    return parts.length > 1 ? [word, ...parts] : [word];
  });
}

const terms = new Map<string, string | undefined>();

/** Undefined for a word that says nothing. */
export function termOf(word: string): string | undefined {
  if (!terms.has(word)) terms.set(word, stemOf(word));
  return terms.get(word);
}

function stemOf(word: string): string | undefined {
  if (word === "" || EMPTY.has(word)) return undefined;
  // Vectorise and vectorize are one word.
  return /^[a-z]+$/.test(word) ? stemmer(word.replace("iz", "is")) : word;
}

export function termsIn(text: string): readonly string[] {
  return wordsIn(text)
    .map(termOf)
    .filter((it) => it !== undefined);
}

/** What the guide says for a word of the user's: `fast` for `speed`. */
const meant: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries<readonly string[]>(synonyms).map(([word, others]) => [termOf(word) ?? word, others.flatMap(termsIn)]),
);

export function meantBy(term: string): readonly string[] {
  return meant.get(term) ?? [];
}
