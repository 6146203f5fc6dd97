/** The contract of a rule: what it says of itself, and how searching, wording and repair are joined by one typed match. */

import type { Facts } from "../semantics/facts.js";
import type { PythonVersion } from "../semantics/python-version.js";
import type { Kind } from "../syntax/kinds.generated.js";
import type { Node, Span } from "../syntax/tree.js";
import type { GuideAnchor } from "./anchors.generated.js";
import type { Measured } from "./gain.js";

/** `error` breaks at run time · `warning` likely wrong or costly · `info` clear improvement · `hint` faint · `off` available, not on by default. */
export const LEVELS = ["error", "warning", "info", "hint", "off"] as const;
export type Level = (typeof LEVELS)[number];

/** `safe`: same behaviour, comments kept, no new name clash, parses. `review`: the title names the doubt. */
export type Safety = "safe" | "review";

/** What gets better: shorter runs, less memory, a lower order of growth, fewer failures, easier reading. */
export type Gain = "time" | "memory" | "complexity" | "safety" | "clarity";

export interface Example {
  readonly before: string;
  /** Left out where the rule has no fix; then it shows what to write instead, in the guide. */
  readonly after?: string;
}

/** A replacement inside one tree. An import that a fix needs is an edit too, made by `importing`. */
export interface Edit {
  readonly at: Span;
  readonly text: string;
}

export interface Fix {
  readonly title: string;
  readonly safety: Safety;
  readonly edits: readonly Edit[];
}

export interface Related {
  readonly at: Span;
  readonly message: string;
}

/** What `find` returns. `at` is underlined: the narrowest stretch a careful engineer would point at. */
export interface Match {
  readonly at: Span;
  readonly related?: readonly Related[];
  /** The code the finding is about where that is more than what is underlined: a whole loop. Only `yieldsTo` looks at it. */
  readonly construct?: Span;
}

/** What a rule may ask while it looks at one node. */
export interface File {
  readonly facts: Facts;
}

export interface RuleSpec<K extends Kind, M extends Match> {
  readonly title: string;
  /** One to three sentences: what it costs and why, true for every finding of the rule. */
  readonly why: string;
  readonly guide: GuideAnchor;
  readonly level: Level;
  readonly gain: Gain;
  readonly examples: readonly [Example, ...Example[]];
  readonly on: readonly K[];
  /** Asleep in files that import none of these top-level modules. */
  readonly imports?: readonly string[];
  /** Words of which a file that it can speak about holds at least one: the others are not looked at. Saves time and decides nothing. */
  readonly words?: readonly string[];
  /** Asleep when the project's Python is older than `from` or as new as `until`. */
  readonly python?: { readonly from?: PythonVersion; readonly until?: PythonVersion };
  /** Names of the nearest rules of other tools (Ruff codes), so that users can leave an overlap to them. */
  readonly overlaps?: readonly string[];
  /** Rules that speak instead of this one where both speak of the same construct. */
  readonly yieldsTo?: readonly string[];
  /** The best safety the fix can have; required with `fix`. A single fix may still be less safe. */
  readonly fixes?: Safety;
  find(node: Node, file: File): M | readonly M[] | undefined;
  message(match: M, file: File): string;
  fix?(match: M, file: File): Fix | undefined;
}

/** A match with its rule's functions bound to it, so that the engine needs no type parameter. */
export interface Hit {
  readonly at: Span;
  readonly construct: Span | undefined;
  readonly related: readonly Related[];
  message(file: File): string;
  fix(file: File): Fix | undefined;
}

export interface RuleDefinition {
  readonly title: string;
  readonly why: string;
  readonly guide: GuideAnchor;
  readonly level: Level;
  readonly gain: Gain;
  readonly examples: readonly [Example, ...Example[]];
  readonly on: readonly Kind[];
  readonly imports: readonly string[];
  readonly words: readonly string[];
  readonly python: { readonly from?: PythonVersion; readonly until?: PythonVersion };
  readonly overlaps: readonly string[];
  readonly yieldsTo: readonly string[];
  readonly fixes: Safety | null;
  check(node: Node, file: File): readonly Hit[];
}

/** A rule with the name that its path gives it: `rules/pandas/iterrows.ts` is `pandas/iterrows`. */
export interface Rule extends RuleDefinition {
  readonly name: string;
  /** Left out where nobody measured it. */
  readonly measured?: Measured;
}

/** What nearly every look gives. */
const NOTHING: readonly Hit[] = [];

export function defineRule<const K extends Kind, M extends Match>(spec: RuleSpec<K, M>): RuleDefinition {
  const { find, message, fix, imports, words, python, overlaps, yieldsTo, fixes, ...page } = spec;
  return {
    ...page,
    imports: imports ?? [],
    words: words ?? [],
    python: python ?? {},
    overlaps: overlaps ?? [],
    yieldsTo: yieldsTo ?? [],
    fixes: fix ? (fixes ?? "review") : null,
    check(node, file) {
      const found = find(node, file);
      if (!found) return NOTHING;
      const matches: readonly M[] = Array.isArray(found) ? (found as readonly M[]) : [found as M];
      return matches.map((match) => ({
        at: match.at,
        construct: match.construct,
        related: match.related ?? [],
        message: (it) => message(match, it),
        fix: (it) => fix?.(match, it),
      }));
    },
  };
}

export function nameRule(name: string, definition: RuleDefinition, measured?: Measured): Rule {
  return { name, ...definition, ...(measured && { measured }) };
}
