/** What hosts can ask: the analyzer and the types of its answers. */

import type { Limits } from "./budget.js";
import type { GuideAnchor } from "../rule/anchors.generated.js";
import type { Construct } from "../rule/construct.js";
import type { NewFile, Refactoring } from "../rule/refactoring.js";
import type { Rule, Safety } from "../rule/rule.js";
import type { Parser } from "../syntax/parser.js";
import type { LineIndex } from "../text/line-index.js";
import type { ReadText } from "../syntax/text-reader.js";
import type { Range, TextEdit } from "../text/range.js";
import type { Finding, Report, RuleFailure } from "./report.js";
import type { TypedWord } from "./place.js";
import type { Settings } from "./settings.js";
import type { SilenceScope } from "./suppress.js";

/** One version of a text with its settings. It never changes; every answer about a snapshot is about its text. */
export interface Snapshot {
  readonly text: string;
  readonly path: string;
  readonly settings: Settings;
  readonly lines: LineIndex;
  /** The text of a range. Does not build the whole text. */
  textOf(range: Range): string;
}

/** A fix whose edits fit the text of its snapshot. */
export interface ReadyFix {
  readonly title: string;
  readonly safety: Safety;
  /** What may behave differently afterwards. Empty if and only if the fix is safe. */
  readonly doubts: readonly string[];
  readonly edits: readonly TextEdit[];
}

export interface WantedFix extends ReadyFix {
  readonly rule: string;
}

/** The result of "fix all": the new text, the number of fixes applied, and the smallest edits that lead from the old text to the new one. */
export interface FixedText {
  readonly text: string;
  readonly applied: number;
  readonly edits: readonly TextEdit[];
  /** Where the areas that were given lie in the new text. */
  readonly areas: readonly Range[];
}

export interface FixFilter {
  /** Only these rules; all when left out. */
  readonly rules?: readonly string[];
  /** Also apply `review` fixes. Default: only `safe` ones. */
  readonly review?: boolean;
  /** Only findings of this level or a more severe one; all when left out. */
  readonly minLevel?: Finding["level"];
  /** Also take away what of comments silences nothing. */
  readonly comments?: boolean;
  /** Asked before each fix is built: once it is true, no more are taken in. */
  readonly isOver?: () => boolean;
  /** Only fixes all of whose edits lie in one of these, which are in order and do not touch one another; the whole text when left out. */
  readonly areas?: readonly Range[];
}

/** The part of a guide section that the analyzer needs. */
export interface GuideSection {
  readonly anchor: GuideAnchor;
  readonly title: string;
  readonly part: number;
  readonly summary: string;
}

/** What a hover says about a construct in the code. */
export interface ConstructNote {
  readonly name: string;
  readonly guide: GuideAnchor;
  /** What is special at this very place: sentences of plain text, with code between backticks. */
  readonly here: string | undefined;
  /** Sentences in Markdown, without the link to the guide. */
  readonly says: string;
  readonly range: Range;
}

/** A refactoring that applies at a selection. */
export interface OfferedRefactoring {
  readonly name: string;
  readonly title: string;
  readonly kind: Refactoring["kind"];
  readonly createsFiles: boolean;
}

/** A refactoring whose edits fit the text of its snapshot. */
export interface ReadyRefactoring {
  readonly title: string;
  /** What may behave differently afterwards; undefined if behaviour stays the same. */
  readonly doubt: string | undefined;
  readonly edits: readonly TextEdit[];
  readonly files: readonly NewFile[];
}

export interface AnalyzerOptions {
  readonly parser: Parser;
  readonly rules: readonly Rule[];
  readonly guide: readonly GuideSection[];
  /** The address of a guide section, for links. */
  readonly guideUrl: (anchor: GuideAnchor) => string;
  /** What hovers explain; none where left out. */
  readonly constructs?: readonly Construct[];
  /** The refactorings that are offered; none where left out. */
  readonly refactorings?: readonly Refactoring[];
  /** Called when a rule throws while it builds a fix, or a construct while its text is built. Failures of `find` are part of the report. */
  readonly onFixFailure?: (failure: RuleFailure) => void;
  /** What a rule may look at in one file; enough for all that is not made to take long where left out. */
  readonly limits?: Limits;
}

export interface Analyzer {
  readonly rules: readonly Rule[];
  readonly guide: readonly GuideSection[];

  /**
   * Opens a text, or what a text reader made of one. `path` is only used to recognise stubs (`.pyi`) and tests; it may be any string.
   * Findings whose fingerprint is `known` are not reported.
   */
  open(text: string | ReadText, settings: Settings, path: string, known?: ReadonlySet<string>): Snapshot;

  /** The snapshot after the changes, each applied to the result of the one before. Only the edited pieces are parsed again. */
  edit(snapshot: Snapshot, changes: readonly TextEdit[]): Snapshot;

  /** Findings in source order. The report is kept with the snapshot, so a second call is free. */
  report(snapshot: Snapshot): Report;

  /** A name for each finding of the report that stays when code moves or is formatted anew: for baselines, code scanning and whoever refers to a finding later. Unique within the file. */
  fingerprints(snapshot: Snapshot): ReadonlyMap<Finding, string>;

  findingsAt(snapshot: Snapshot, range: Range): readonly Finding[];

  /** The fix of a finding, built on request. Undefined if there is none. */
  fix(snapshot: Snapshot, finding: Finding): ReadyFix | undefined;

  /** Why this finding has no fix although its rule has one, as a phrase. Undefined if there is a fix, or no reason is known. */
  whyNoFix(snapshot: Snapshot, finding: Finding): string | undefined;

  /** All of the code that a finding of this analyzer is about: what is underlined, or for example the whole loop. */
  constructOf(finding: Finding): Range;

  /** Applies fixes until none is left, in at most ten rounds. Overlapping fixes wait for the next round. */
  fixAll(snapshot: Snapshot, filter?: FixFilter): FixedText;

  /** Fixes of the findings that are wanted which can go in together, the safe ones first. An import that several need is part of the first. */
  fixesTogether(snapshot: Snapshot, wanted: (finding: Finding) => boolean): readonly WantedFix[];

  /** The edit that suppresses a finding by a comment, on its line or for the whole file. */
  suppress(snapshot: Snapshot, finding: Finding, scope: SilenceScope): TextEdit | undefined;

  /** Rule names inside a suppression comment at an offset, for hover and links. */
  suppressedNameAt(snapshot: Snapshot, offset: number): { readonly name: string; readonly range: Range } | undefined;

  /** The construct at an offset, if the table has it. Only the piece around the offset is analysed. */
  constructAt(snapshot: Snapshot, offset: number): ConstructNote | undefined;

  /** How the function grows whose name stands at an offset, where it is defined and holds a finding about its time. */
  growthAt(snapshot: Snapshot, offset: number): ConstructNote | undefined;

  /** The refactorings that apply at a cursor or selection. Those that a finding's fix already offers are left out. */
  refactoringsAt(snapshot: Snapshot, selection: Range): readonly OfferedRefactoring[];

  /** Undefined if the refactoring does not apply, or if its result would not parse. */
  refactor(snapshot: Snapshot, selection: Range, name: string): ReadyRefactoring | undefined;

  /** The word that is being typed before an offset, and the kind of place it is in. */
  wordBefore(snapshot: Snapshot, offset: number): TypedWord;

  rule(name: string): Rule | undefined;

  /** What `nippy explain` and the doc page print: Markdown without a leading heading level above two. */
  page(rule: Rule): string;

  /** The same as a document of its own, with its heading and the levels of its findings. */
  document(rule: Rule): string;

  /** The same in short, for a hover. `url` leads to the page. */
  note(rule: Rule, url: string, menu?: string): string;
}
