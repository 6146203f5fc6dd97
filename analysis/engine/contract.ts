/** What hosts may ask: the analyzer and the shapes of its answers. */

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

/** One version of one text under certain settings. Never changes; everything asked about it is answered for this text. */
export interface Snapshot {
  readonly text: string;
  readonly path: string;
  readonly settings: Settings;
  readonly lines: LineIndex;
  /** The text of a range, without putting the whole text together. */
  textOf(range: Range): string;
}

/** A fix ready for the text of its snapshot. */
export interface ReadyFix {
  readonly title: string;
  readonly safety: Safety;
  readonly edits: readonly TextEdit[];
}

/** What "fix all" did: the new text, how many fixes went in, and the edit-minimal difference to the old text. */
export interface FixedText {
  readonly text: string;
  readonly applied: number;
  readonly edits: readonly TextEdit[];
}

export interface FixFilter {
  /** Only these rules; all when left out. */
  readonly rules?: readonly string[];
  /** `review` fixes too; they are left out unless asked for. */
  readonly review?: boolean;
}

/** A section of the guide as far as the analyzer needs it. */
export interface GuideSection {
  readonly anchor: GuideAnchor;
  readonly title: string;
  readonly part: number;
  readonly summary: string;
}

/** What a hover says of a construct in the code. */
export interface ConstructNote {
  readonly name: string;
  readonly guide: GuideAnchor;
  /** Sentences in Markdown, without the link to the guide. */
  readonly text: string;
  readonly range: Range;
}

/** A refactoring that applies at a selection. */
export interface OfferedRefactoring {
  readonly name: string;
  readonly title: string;
  readonly kind: Refactoring["kind"];
  readonly createsFiles: boolean;
}

/** A refactoring ready for the text of its snapshot. */
export interface ReadyRefactoring {
  readonly title: string;
  /** What may differ afterwards; undefined where behaviour stays the same. */
  readonly doubt: string | undefined;
  readonly edits: readonly TextEdit[];
  readonly files: readonly NewFile[];
}

export interface AnalyzerOptions {
  readonly parser: Parser;
  readonly rules: readonly Rule[];
  readonly guide: readonly GuideSection[];
  /** Where a link to a guide section points. */
  readonly guideUrl: (anchor: GuideAnchor) => string;
  /** What hovers explain; none where left out. */
  readonly constructs?: readonly Construct[];
  /** What can be changed without a finding; none where left out. */
  readonly refactorings?: readonly Refactoring[];
  /** Told when a rule throws while it builds a fix, or a construct while it is told; failures in finding stand in the report. */
  readonly onFixFailure?: (failure: RuleFailure) => void;
}

export interface Analyzer {
  readonly rules: readonly Rule[];
  readonly guide: readonly GuideSection[];

  /** A text, or what a text reader made of it. `path` is only used to tell stubs (`.pyi`) and tests; it may be any string. */
  open(text: string | ReadText, settings: Settings, path: string): Snapshot;

  /** The snapshot after changes, applied one after the other, each to the result of the one before. Costs what was edited. */
  edit(snapshot: Snapshot, changes: readonly TextEdit[]): Snapshot;

  /** Findings in source order. Kept with the snapshot: asking twice costs nothing. */
  report(snapshot: Snapshot): Report;

  findingsAt(snapshot: Snapshot, range: Range): readonly Finding[];

  /** Built when asked. Undefined where this finding cannot be repaired. */
  fix(snapshot: Snapshot, finding: Finding): ReadyFix | undefined;

  /** Applies fixes until none is left (at most ten rounds); what overlaps waits for the next round. */
  fixAll(snapshot: Snapshot, filter?: FixFilter): FixedText;

  /** The edit that silences a finding by a comment, on its line or for the whole file. */
  suppress(snapshot: Snapshot, finding: Finding, scope: "line" | "file"): TextEdit;

  /** Rule names inside a suppression comment at an offset, for hover and links. */
  suppressedNameAt(snapshot: Snapshot, offset: number): { readonly name: string; readonly range: Range } | undefined;

  /** The construct at an offset that the table knows. Costs what the piece around it costs, and nothing before it is asked. */
  constructAt(snapshot: Snapshot, offset: number): ConstructNote | undefined;

  /** What applies at a cursor or selection. Where a finding's fix does the same, the fix is enough. */
  refactoringsAt(snapshot: Snapshot, selection: Range): readonly OfferedRefactoring[];

  /** Undefined where it does not apply, or would leave a text that does not parse. */
  refactor(snapshot: Snapshot, selection: Range, name: string): ReadyRefactoring | undefined;

  /** The word that is being typed at an offset, and where it would stand. */
  wordBefore(snapshot: Snapshot, offset: number): TypedWord;

  rule(name: string): Rule | undefined;

  /** What hover, `nippy explain` and the doc page print: Markdown without a leading heading level above two. */
  page(rule: Rule): string;
}
