/** What an analysis says: findings, unused suppressions' places, and rules that failed. */

import type { GuideAnchor } from "../rule/anchors.generated.js";
import type { Level } from "../rule/rule.js";
import type { Range } from "../text/range.js";

export interface Finding {
  /** The rule's name: `pandas/iterrows`. */
  readonly rule: string;
  readonly level: Exclude<Level, "off">;
  readonly range: Range;
  /** One short line of plain text: what, and why it matters. */
  readonly message: string;
  readonly guide: GuideAnchor;
  readonly related: readonly { readonly range: Range; readonly message: string }[];
}

/** A rule that threw: it is told once and says nothing about the node it failed on. */
export interface RuleFailure {
  readonly rule: string;
  readonly error: unknown;
}

/** A mistake in a suppression comment, e.g. a rule that does not exist. */
export interface CommentProblem {
  readonly range: Range;
  readonly message: string;
}

export interface Report {
  readonly findings: readonly Finding[];
  readonly failures: readonly RuleFailure[];
  readonly comments: readonly CommentProblem[];
}
