/** What an analysis says: findings, unused suppressions' places, and rules that failed. */

import type { Misread } from "../syntax/misread.js";
import type { GuideAnchor } from "../rule/anchors.generated.js";
import type { Evidence, Level, Weight } from "../rule/rule.js";
import { TookTooLong } from "../syntax/effort.js";
import type { Range, TextEdit } from "../text/range.js";

export interface Finding {
  /** The rule's name: `pandas/iterrows`. */
  readonly rule: string;
  /** By the rule's level, the evidence and the weight. */
  readonly level: Exclude<Level, "off">;
  readonly evidence: Evidence;
  readonly weight: Weight;
  /** From 0 to 100: what to look at first. */
  readonly value: number;
  readonly range: Range;
  /** One short line of plain text: what, and why it matters. */
  readonly message: string;
  readonly guide: GuideAnchor;
  readonly related: readonly { readonly range: Range; readonly message: string }[];
}

/** A rule that threw, and says nothing about the node it failed on, or that took too long, and rests in the file. Told once. */
export interface RuleFailure {
  readonly rule: string;
  readonly error: unknown;
}

export function tookTooLong({ error }: RuleFailure): boolean {
  return error instanceof TookTooLong;
}

/** A mistake in a suppression comment, e.g. a rule that does not exist. */
export interface CommentProblem {
  readonly range: Range;
  readonly message: string;
  /** Of what silences nothing: the edit that takes it away. */
  readonly unused?: TextEdit;
}

export interface Report {
  readonly findings: readonly Finding[];
  readonly failures: readonly RuleFailure[];
  readonly comments: readonly CommentProblem[];
  /** The first place that is no Python. Around it nothing is found, unless `why` says that it is understood all the same. */
  readonly broken: (Range & Partial<Pick<Misread, "why" | "says">>) | undefined;
}
