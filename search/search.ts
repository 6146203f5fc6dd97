/** One ranked search over all pages: forgives typing errors, knows endings and other words for a thing, and weighs where a word stands. */

import MiniSearch from "minisearch";
import { excerptOf, plain } from "./excerpt.js";
import { headingsText, proseOf, type Kind, type Page } from "./page.js";
import { meantBy, termOf, termsIn, wordsIn } from "./terms.js";

export interface Hit {
  readonly kind: Kind;
  readonly name: string;
  readonly title: string;
  /** Where to go: `caching#sizing-a-cache`, `rule:pandas/iterrows`. */
  readonly address: string;
  /** The heading above the line that fits best; empty where the page has none. */
  readonly heading: string;
  /** That line, without marks. */
  readonly line: string;
}

/** Without words: all pages of the kinds. */
export type Search = (query: string, kinds?: readonly Kind[]) => readonly Hit[];

const MOST_HITS = 30;

/** How much a word counts by where it stands. These figures were tuned on the questions of test/search.test.ts. */
const WEIGHTS = { name: 7, title: 3.5, asked: 4, headings: 3.5, lead: 1.2, text: 0.5 };

/** A section teaches, a rule or snippet answers one question, a construct or a word only says what a thing is. */
const KIND_WEIGHTS: Readonly<Record<Kind, number>> = {
  section: 1.55,
  rule: 1.15,
  snippet: 0.9,
  setting: 1,
  word: 0.6,
  construct: 0.4,
};

/** What another word for the same counts, against the user's own. */
const SYNONYM = 0.5;
/** What a word counts that only begins like the user's. */
const BEGINNING = 0.3;
/** The share of its letters that may be wrong in a word that is nowhere. */
const MISSPELT = 0.34;
/** From here on a word's score grows little: a page full of one word of the question does not beat one that has them all. */
const ENOUGH = 60;
/** How strongly a page loses that lacks words of the question. */
const LACKING = 0.5;

/** How much more a word counts that stands on few pages: of "dataloader slow" the second says little. */
const RARE = 0.5;

/** A page that scores less than this share of the best one is left out. */
const FAR_BEHIND = 0.35;

/** Made at the first search, so that nobody who does not search pays for it. */
export function createSearch(pages: readonly Page[]): Search {
  const index = new MiniSearch<Page>({
    fields: Object.keys(WEIGHTS),
    extractField,
    idField: "id",
    tokenize: (text) => [...wordsIn(text)],
    processTerm: (word) => termOf(word) ?? null,
    searchOptions: { boost: WEIGHTS, tokenize: (text) => [text], processTerm: (term) => term },
  });
  const byId = new Map(pages.map((it) => [it.id, it]));
  index.addAll(pages);

  /** The pages that have the term or what it is also called. A term that is nowhere is taken for a beginning or a typing error. */
  function found(term: string): ReadonlyMap<string, Found> {
    const isKnown = index.search(term).length > 0;
    const own = index.search(
      term,
      isKnown
        ? { prefix: term.length > 2, weights: { prefix: BEGINNING, fuzzy: 0 } }
        : { prefix: true, fuzzy: MISSPELT },
    );
    const others = meantBy(term).flatMap((it) =>
      index.search(it).map((hit) => ({ ...hit, score: hit.score * SYNONYM })),
    );
    const best = new Map<string, Found>();
    for (const { id, score, terms } of [...own, ...others]) {
      const before = best.get(id);
      best.set(id, {
        score: Math.max(score, before?.score ?? 0),
        terms: [...terms, ...(before?.terms ?? [])],
      });
    }
    return best;
  }

  return (query, kinds) => {
    if (query.trim() === "") return pages.filter((it) => kinds?.includes(it.kind)).map((page) => hitOn(page, []));
    // A word that is nowhere says nothing of where the answer is.
    const asked = [...new Set(termsIn(query))].map(found).filter((it) => it.size > 0);
    const rarity = asked.map((it) => Math.log(1 + pages.length / it.size) ** RARE);
    const ids = new Set(asked.flatMap((it) => [...it.keys()]));
    return [...ids]
      .map((id) => {
        const page = byId.get(id)!;
        const parts = asked.flatMap((it) => it.get(id) ?? []);
        const score =
          asked.reduce((sum, it, at) => sum + shareOf(it.get(id)?.score ?? 0) * rarity[at]!, 0) *
          (parts.length / asked.length) ** LACKING *
          KIND_WEIGHTS[page.kind];
        return { page, score, terms: parts.flatMap((it) => it.terms) };
      })
      .filter(({ page }) => kinds === undefined || kinds.includes(page.kind))
      .sort((a, b) => b.score - a.score)
      .filter(({ score }, _, [best]) => score >= best!.score * FAR_BEHIND)
      .slice(0, MOST_HITS)
      .map(({ page, terms }) => hitOn(page, terms));
  };
}

function shareOf(score: number): number {
  return score / (score + ENOUGH);
}

function extractField(page: Page, field: string): string {
  if (field === "headings") return headingsText(page);
  return field === "text" ? proseOf(page) : page[field as keyof Page];
}

interface Found {
  readonly score: number;
  /** The terms of the index that were met. */
  readonly terms: readonly string[];
}

function hitOn(page: Page, terms: readonly string[]): Hit {
  const { kind, name, title } = page;
  const { heading, line } = excerptOf(page, terms);
  const address = heading === undefined ? page.address : `${page.address}#${heading.id}`;
  return { kind, name, title: plain(title), address, heading: heading?.title ?? "", line };
}
