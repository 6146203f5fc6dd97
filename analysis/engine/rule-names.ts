/** How people name rules: in full, by a glob, by the area, by the part after the slash where only one rule has it, or by Ruff's code for the same pattern. */

import type { Rule } from "../rule/rule.js";
import { readGlob } from "../text/glob.js";
import { nearest } from "../text/nearest.js";
import { visible } from "../text/visible.js";

/** All that is needed to know a rule by its names; `overlaps` are codes of Ruff and Pylint. */
export type NamedRule = Pick<Rule, "name" | "overlaps">;

/** Either the full names and globs that a word stands for, or a sentence why it stands for none. */
export type Named = { readonly names: readonly string[] } | { readonly problem: string };

const LONGEST_SHOWN = 80;

export function namedRules(word: string, rules: readonly NamedRule[]): Named {
  if (rules.some((it) => it.name === word)) return { names: [word] };
  const { fits, problem } = readGlob(word);
  if (problem !== undefined) return { problem: `The name ${quoted(word)} ${problem}.` };
  if (rules.some((it) => fits(it.name))) return { names: [word] };
  if (rules.some((it) => areaOf(it) === word)) return { names: [`${word}/*`] };
  const coded = rules.filter((it) => it.overlaps.includes(word.toUpperCase()));
  if (coded.length > 0) return { names: coded.map((it) => it.name) };
  const short = rules.filter((it) => shortName(it) === word).map((it) => it.name);
  if (short.length === 1) return { names: short };
  return {
    problem:
      short.length > 1
        ? `Several rules are called ${quoted(word)}: write ${short.map(quoted).join(" or ")}.`
        : `No rule is called ${quoted(word)}.${guess(word, rules)}`,
  };
}

/** A sentence if a word stands for no rule. */
export function unknownName(word: string, rules: readonly NamedRule[]): string | undefined {
  const named = namedRules(word, rules);
  return "problem" in named ? named.problem : undefined;
}

/** Every word that stands for something, for those who offer them. */
export function areaOf({ name }: Pick<Rule, "name">): string {
  return name.slice(0, name.indexOf("/"));
}

function shortName({ name }: Pick<Rule, "name">): string {
  return name.slice(name.indexOf("/") + 1);
}

function guess(word: string, rules: readonly NamedRule[]): string {
  const full = suggestion(
    word,
    rules.map((it) => it.name),
  );
  if (full !== "") return full;
  const short = nearest(word, rules.map(shortName));
  const rule = rules.find((it) => shortName(it) === short);
  return rule ? ` Did you mean "${rule.name}"?` : suggestion(word, [...new Set(rules.map(areaOf))]);
}

/** "Did you mean", with a space before it; nothing where no known word is near. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? "" : ` Did you mean "${near}"?`;
}

/** A name as a message may show it. */
export function quoted(name: string): string {
  return `"${visible(name, LONGEST_SHOWN)}"`;
}
