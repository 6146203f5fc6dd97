/** What can be found: one page for each section, rule, construct, snippet, word of the glossary and setting. */

import { headingsOf } from "../guide/headings.js";

export const KINDS = ["section", "rule", "construct", "snippet", "word", "setting"] as const;
export type Kind = (typeof KINDS)[number];

export interface Page {
  /** Its kind and name. */
  readonly id: string;
  readonly kind: Kind;
  /** Unique within its kind: `caching`, `pandas/iterrows`, `np.einsum`, `dec-cache`, `Race`, `nippy.levels`. */
  readonly name: string;
  readonly title: string;
  /** Where it is to be read in the guide view: `caching`, `rule:pandas/iterrows`, `setting:nippy.levels`. */
  readonly address: string;
  /** Other words by which people ask for it: aliases, problems it solves. */
  readonly asked: string;
  /** What it says first. */
  readonly lead: string;
  /** All that it says, in Markdown. */
  readonly text: string;
}

/** A page of one idea: all that it says is its lead. */
function shortPage(kind: Kind, name: string, parts: Partial<Page> & Pick<Page, "address" | "lead">): Page {
  return { id: `${kind} ${name}`, kind, name, title: name, asked: "", text: "", ...parts };
}

interface Section {
  readonly anchor: string;
  readonly title: string;
  /** Markdown without front matter. */
  readonly text: string;
}

/**
 * Everything: the sections, the words that the glossary among them explains, and the others. The technique index says in
 * users' words which problem a section, rule or snippet solves.
 */
export function allPages(sections: readonly Section[], others: readonly Page[]): readonly Page[] {
  const textOf = (anchor: string) => sections.find((it) => it.anchor === anchor)?.text ?? "";
  const problems = problemsIn(textOf("technique-index"));
  return [...sections.map(sectionPage), ...wordPages(textOf("glossary")), ...others].map((page) => ({
    ...page,
    asked: [page.asked, ...(problems.get(page.name) ?? [])].join("\n"),
  }));
}

function sectionPage({ anchor, title, text }: Section): Page {
  return {
    id: `section ${anchor}`,
    kind: "section",
    name: anchor,
    title,
    address: anchor,
    asked: "",
    lead: /^(?!#)\S.*$/m.exec(text)?.[0] ?? "",
    text: LISTS.has(anchor) ? "" : text,
  };
}

/** They name nearly everything and explain little, so their own text would win every search. */
const LISTS = new Set(["technique-index", "glossary", "learning-path", "quick-reference", "further-reading"]);

/** The rows of the technique index: what the first two columns say, by the sections, rules and snippets that the others name. */
function problemsIn(index: string): ReadonlyMap<string, readonly string[]> {
  const problems = new Map<string, string[]>();
  for (const [, problem = "", technique = "", named = ""] of index.matchAll(/^\| ([^|\n]+) \| ([^|\n]+) \| (.+)\|$/gm))
    for (const [, anchor, code] of named.matchAll(/\(#([\w-]+)\)|`([^`]+)`/g)) {
      const name = anchor ?? code ?? "";
      problems.set(name, [...(problems.get(name) ?? []), `${problem}: ${technique}`]);
    }
  return problems;
}

function wordPages(glossary: string): readonly Page[] {
  return glossary.split("\n").flatMap((line) => {
    const [, word, says = "", anchor = ""] = /^- \*\*([^*]+)\*\*: (.+) \[[^\][]+\]\(#([\w-]+)\)$/.exec(line) ?? [];
    return word === undefined ? [] : [shortPage("word", word.replaceAll("`", ""), { address: anchor, lead: says })];
  });
}

interface Rule {
  readonly name: string;
  readonly gain: keyof typeof COMPLAINTS;
  readonly title: string;
  readonly why: string;
}

/** What people complain of, by what following a rule brings. */
const COMPLAINTS = {
  time: "slow",
  complexity: "slow",
  memory: "memory",
  safety: "bug error",
  clarity: "unreadable",
} as const;

export function rulePage({ name, title, why, gain }: Rule): Page {
  return shortPage("rule", name, { title, address: `rule:${name}`, asked: COMPLAINTS[gain], lead: why });
}

interface Construct {
  readonly name: string;
  readonly guide: string;
  readonly says: string;
}

export function constructPage({ name, guide, says }: Construct): Page {
  return shortPage("construct", name, { address: guide, lead: says });
}

interface Snippet {
  readonly prefixes: readonly [string, ...string[]];
  readonly title: string;
  readonly description: string;
  readonly guide: string;
}

export function snippetPage({ prefixes: [name, ...aliases], title, description, guide }: Snippet): Page {
  return shortPage("snippet", name, { title, address: guide, asked: aliases.join(" "), lead: description });
}

/** The part of package.json that declares settings. */
export interface Manifest {
  readonly contributes: {
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { readonly description?: string; readonly markdownDescription?: string }>
      >;
    };
  };
}

/** The texts of package.nls.json by their keys. */
export type Texts = Readonly<Record<string, string>>;

/** @param texts none where VS Code has put them in already */
export function settingPages({ contributes }: Manifest, texts: Texts = {}): readonly Page[] {
  return Object.entries(contributes.configuration.properties).map(([name, { description, markdownDescription }]) => {
    const lead = markdownDescription ?? description ?? "";
    return shortPage("setting", name, {
      address: `setting:${name}`,
      asked: "setting option configuration",
      lead: texts[lead.slice(1, -1)] ?? lead,
    });
  });
}

/** What a page says in prose: code has the words of its example. */
export function proseOf({ text }: Page): string {
  return text
    .split(/^```/m)
    .filter((_, index) => index % 2 === 0)
    .join("");
}

/** The headings of a page in one text. */
export function headingsText({ text }: Page): string {
  return headingsOf(text)
    .filter((it) => it.level > 1)
    .map((it) => it.title)
    .join("\n");
}
