/** The contract of a rule: its description, and `find`, `message` and `fix`, which share one typed match. */

import type { Evidence, Weight } from "../semantics/evidence.js";
import type { Facts } from "../semantics/facts.js";
import type { LibraryGates } from "../semantics/libraries.js";
import type { PythonVersion } from "../semantics/python-version.js";
import type { Kind } from "../syntax/kinds.generated.js";
import type { Node, Span } from "../syntax/tree.js";
import { viewOf, type ViewOf } from "../syntax/views.js";
import type { GuideAnchor } from "./anchors.generated.js";
import type { Measured } from "./gain.js";

export type { Evidence, Weight };

/** `error`: fails at run time · `warning`: likely wrong or costly · `info`: a clear improvement · `hint`: a faint mark · `off`: available, but not on by default. */
export const LEVELS = ["error", "warning", "info", "hint", "off"] as const;
export type Level = (typeof LEVELS)[number];

/** `safe`: same behaviour, comments kept, no new name clash, parses. `review`: somebody has to check its doubts first. */
export type Safety = "safe" | "review";

/** What gets better: shorter runs, less memory, a lower order of growth, fewer failures, easier reading. */
export type Gain = "time" | "memory" | "complexity" | "safety" | "clarity";

/** What a rule looks at: Python, or the files that describe a project (see analysis/configuration). */
export type DocumentKind = "python" | "configuration";

export interface Example {
  /** Of a rule for configurations: the name of the file. */
  readonly file?: string;
  readonly before: string;
  /** The code after the fix. A rule without a fix may leave it out, or show what to write instead. */
  readonly after?: string;
}

/** A replacement inside one tree. If a fix needs an import, `importModule` and `importName` give the edits for it. */
export interface Edit {
  readonly at: Span;
  readonly text: string;
}

/** Made by `fixOf`. */
export interface Fix {
  /** What the fix does, in at most 60 characters, because menus cut longer titles. */
  readonly title: string;
  /** What may behave differently afterwards, one phrase each. A fix without doubts is `safe`, any other is `review`. */
  readonly doubts: readonly string[];
  readonly edits: readonly Edit[];
}

/** Why the fix is not offered for this finding. Shown after "No fix here:". */
export interface Declined {
  readonly declined: string;
}

/** @param doubts phrases; `false` and `undefined` are dropped, so that a doubt can be written as `condition && "phrase"` */
export function fixOf(title: string, doubts: readonly (string | false | undefined)[], edits: readonly Edit[]): Fix {
  return { title, doubts: doubts.filter((it): it is string => typeof it === "string" && it !== ""), edits };
}

/** @param reason a phrase about the code, without a full stop: "the list is returned" */
export function declined(reason: string): Declined {
  return { declined: reason };
}

export function safetyOf({ doubts }: Pick<Fix, "doubts">): Safety {
  return doubts.length === 0 ? "safe" : "review";
}

export interface Related {
  readonly at: Span;
  readonly message: string;
}

/** What `find` returns. `at` is underlined: the smallest part of the code that shows the problem. */
export interface Match {
  readonly at: Span;
  readonly related?: readonly Related[];
  /** The code that the finding is about, if that is more than `at`: a whole loop, for example. Only `overrides` uses it. */
  readonly construct?: Span;
  /** How certain it is that the finding is true. Default: `proof`. */
  readonly evidence?: Evidence;
  /** How much the finding matters here. Default: `heavy`. */
  readonly weight?: Weight;
}

/**
 * Exceptions of a rule from the common table of levels (see levels.ts): `kept` means that the level is not lowered, `off` that
 * such findings are not reported. `light: "off"` is for findings that do not matter for a handful of items.
 */
export interface LevelExceptions {
  readonly fair?: "kept" | "off";
  readonly unknown?: "kept" | "off";
  readonly light?: "kept" | "off";
}

/** What a rule can ask while it looks at a node. */
export interface File {
  readonly facts: Facts;
}

/** Kinds of which a rule can say whose values it is about. */
export type ValuedKind =
  | "assignment"
  | "default_parameter"
  | "typed_default_parameter"
  | "expression_statement"
  | "if_statement"
  | "elif_clause"
  | "while_statement";

export interface RuleSpec<K extends Kind, M extends Match> {
  readonly title: string;
  /** One to three sentences: what the code costs and why. They must be true for every finding of the rule. */
  readonly why: string;
  readonly guide: GuideAnchor;
  /** The level of a finding that is certain and heavy: `warning` for a lower order of growth or a factor of ten, `info` or `hint` for style or a few percent. */
  readonly level: Level;
  readonly differs?: LevelExceptions;
  /** Clarity is a matter of taste: such a rule is a hint, or off. */
  readonly gain: Gain;
  /** What it would take to measure the gain, where nobody here has it: "a graphics card". The page then needs no section `Gain`. */
  readonly unmeasured?: string;
  readonly examples: readonly [Example, ...Example[]];
  /** The documents that the rule is for; `python` where left out. Of a configuration `on` names the parts: `["requirement"]`. */
  readonly document?: DocumentKind;
  readonly on: readonly K[];
  /**
   * For `on: ["call"]`: only calls of these functions and classes, by their qualified names: `["time.time", "pandas.*"]`. The engine resolves imports and
   * aliases once for all rules, so a rule that names its calls costs nothing at all others.
   */
  readonly calls?: readonly string[];
  /** For `on: ["call"]`: only method calls of these names, on whatever object: `["iterrows"]`. With `calls`, either will do. */
  readonly methods?: readonly string[];
  /** For `on: ["attribute"]`: only attributes of these names, on whatever object: `["values"]`. */
  readonly attributes?: readonly string[];
  /** Only nodes whose text begins so. Looked at before the rule is given a node: for kinds that are most of a file, like strings. */
  readonly begins?: RegExp;
  /**
   * Of some kinds only nodes whose value is of these kinds: `{ assignment: ["call"] }`. The value is what an assignment or a default gives, what a statement
   * of one expression says, what `if` and `while` ask. Parentheses count: who looks through them names `parenthesized_expression` too.
   */
  readonly values?: Partial<Readonly<Record<ValuedKind, readonly Kind[]>>>;
  /** Only nodes that stand somewhere in a `for`, `while` or comprehension: the rule costs nothing elsewhere. It still has to ask which loops run the node again. */
  readonly within?: "loop";
  /** Top-level modules. A file that imports none of them is skipped, unless it contains one of `orWords`. */
  readonly imports?: readonly string[];
  /**
   * Words that replace `imports`: a file that contains one of them is checked although it imports none of the modules. Used for objects
   * of a library that arrive as parameters: `imports: ["pandas"], orWords: ["iterrows"]`. In a file with neither, the rule must find nothing
   * to report, even if it is asked.
   */
  readonly orWords?: readonly string[];
  /** Every file with a finding contains at least one of these words, whatever it imports; other files are skipped. Only saves time: it must not change what is reported. */
  readonly words?: readonly string[];
  /** The rule is off if the project's Python is older than `from`, or `until` or newer. */
  readonly python?: { readonly from?: PythonVersion; readonly until?: PythonVersion };
  /**
   * The rule is off if the project's version of a library, or the oldest version that the project allows, is known and is older than `from`,
   * or `until` or newer, and if the project allows only versions older than `from`. The key is the import name: `{ pandas: { from: "2.0" } }`.
   */
  readonly library?: LibraryGates;
  /** Codes of rules of Ruff or Pylint for the same pattern: a comment that silences them silences this rule, and people can name it so. */
  readonly overlaps?: readonly string[];
  /**
   * Whether Ruff, without preview, says the same of nearly every place that this rule reports: it then gives way where people leave such findings to Ruff.
   * Not where Ruff reports a part of them only, or something else about the same code. test/twins.test.ts asks Ruff.
   */
  readonly leftToRuff?: boolean;
  /** With `overlaps`: what this rule does that those do not, as a phrase for its page: "lists with a name count too". */
  readonly unlike?: string;
  /** Less specific rules whose findings are dropped where this rule reports the same construct. */
  readonly overrides?: readonly string[];
  /** The best safety that the fix can have; required with `fix`. A single fix may still be `review`. */
  readonly fixes?: Safety;
  /** `view` is the typed view of the node: a `Call` for `on: ["call"]`, a `ForLoop` for `on: ["for_statement"]`; kinds without one give the node. */
  find(node: Node, file: File, view: ViewOf<K>): M | readonly M[] | undefined;
  message(match: M, file: File): string;
  /** Called only when a fix is wanted. Questions that only the fix needs belong here, not into `find`. */
  fix?(match: M, file: File): Fix | Declined | undefined;
}

/** A match bound to the functions of its rule, so that the engine needs no type parameter. */
export interface Hit {
  readonly at: Span;
  readonly construct: Span | undefined;
  readonly related: readonly Related[];
  readonly evidence: Evidence;
  readonly weight: Weight;
  message(file: File): string;
  fix(file: File): Fix | Declined | undefined;
}

export interface RuleDefinition {
  readonly title: string;
  readonly why: string;
  readonly guide: GuideAnchor;
  readonly level: Level;
  readonly differs: LevelExceptions;
  readonly gain: Gain;
  readonly unmeasured?: string;
  readonly examples: readonly [Example, ...Example[]];
  readonly document: DocumentKind;
  readonly on: readonly Kind[];
  readonly calls: readonly string[];
  readonly methods: readonly string[];
  readonly attributes: readonly string[];
  /** Sticky: asked where a node begins. */
  readonly begins: RegExp | undefined;
  readonly values: Partial<Readonly<Record<ValuedKind, readonly Kind[]>>>;
  readonly within: "loop" | undefined;
  readonly imports: readonly string[];
  readonly orWords: readonly string[];
  readonly words: readonly string[];
  readonly python: { readonly from?: PythonVersion; readonly until?: PythonVersion };
  readonly library: LibraryGates;
  readonly overlaps: readonly string[];
  readonly leftToRuff: boolean;
  readonly unlike: string | undefined;
  readonly overrides: readonly string[];
  readonly fixes: Safety | null;
  check(node: Node, file: File): readonly Hit[];
}

/** A rule with its name, which comes from its path: `rules/pandas/iterrows.ts` is `pandas/iterrows`. */
export interface Rule extends RuleDefinition {
  readonly name: string;
  /** Missing if the gain was not measured. */
  readonly measured?: Measured;
}

/** The result for nearly every node. */
const NOTHING: readonly Hit[] = [];

export function defineRule<const K extends Kind, M extends Match>(spec: RuleSpec<K, M>): RuleDefinition {
  const {
    find,
    message,
    fix,
    document,
    calls,
    methods,
    attributes,
    begins,
    values,
    within,
    imports,
    orWords,
    words,
    python,
    library,
    overlaps,
    leftToRuff,
    unlike,
    overrides,
    differs,
    fixes,
    ...page
  } = spec;
  const wantsView = find.length > 2;
  return {
    ...page,
    document: document ?? "python",
    calls: calls ?? [],
    methods: methods ?? [],
    attributes: attributes ?? [],
    begins: begins && new RegExp(begins.source, `${begins.flags}y`),
    values: values ?? {},
    within,
    imports: imports ?? [],
    orWords: orWords ?? [],
    words: words ?? [],
    python: python ?? {},
    library: library ?? {},
    overlaps: overlaps ?? [],
    leftToRuff: leftToRuff ?? false,
    unlike,
    overrides: overrides ?? [],
    differs: differs ?? {},
    fixes: fix ? (fixes ?? "review") : null,
    check(node, file) {
      const view = wantsView ? viewOf(node) : node;
      const found = view && find(node, file, view as ViewOf<K>);
      if (!found) return NOTHING;
      const matches: readonly M[] = Array.isArray(found) ? (found as readonly M[]) : [found as M];
      return matches.map((match) => ({
        at: match.at,
        construct: match.construct,
        related: match.related ?? [],
        evidence: match.evidence ?? "proof",
        weight: match.weight ?? "heavy",
        message: (it) => message(match, it),
        fix: (it) => fix?.(match, it),
      }));
    },
  };
}

export function nameRule(name: string, definition: RuleDefinition, measured?: Measured): Rule {
  return { name, ...definition, ...(measured && { measured }) };
}
