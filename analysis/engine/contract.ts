/** What hosts may ask: the analyzer and the shapes of its answers. */

import type { GuideAnchor } from "../rule/anchors.generated.js";
import type { Rule, Safety } from "../rule/rule.js";
import type { Parser } from "../syntax/parser.js";
import type { LineIndex } from "../text/line-index.js";
import type { Range, TextEdit } from "../text/range.js";
import type { Finding, Report, RuleFailure } from "./report.js";
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

export interface AnalyzerOptions {
  readonly parser: Parser;
  readonly rules: readonly Rule[];
  readonly guide: readonly GuideSection[];
  /** Where a link to a guide section points. */
  readonly guideUrl: (anchor: GuideAnchor) => string;
  /** Told when a rule throws while it builds a fix; failures in finding stand in the report. */
  readonly onFixFailure?: (failure: RuleFailure) => void;
}

export interface Analyzer {
  readonly rules: readonly Rule[];
  readonly guide: readonly GuideSection[];

  /** `path` is only used to tell stubs (`.pyi`) and tests; it may be any string. */
  open(text: string, settings: Settings, path: string): Snapshot;

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

  rule(name: string): Rule | undefined;

  /** What hover, `nippy explain` and the doc page print: Markdown without a leading heading level above two. */
  page(rule: Rule): string;
}
