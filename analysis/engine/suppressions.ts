/**
 * `# nippy: ignore[pandas/iterrows] reason` on a line, above a statement, or for the whole file (`ignore-file`).
 * `# noqa: PERF401` and, for the file, `# ruff: noqa: PERF401` or `# flake8: noqa: PERF401` silence the rules that say the same: it was decided there.
 */

import { nearest } from "../text/nearest.js";
import { overlaps, rangeOf, type Range } from "../text/range.js";
import type { Rule } from "../rule/rule.js";
import type { Node, Tree } from "../syntax/tree.js";
import type { CommentProblem } from "./report.js";
import { matcher } from "./settings.js";

/** Offsets are those of the piece. */
export interface Suppression {
  readonly names: readonly { readonly text: string; readonly range: Range; readonly fits: (rule: string) => boolean }[];
  /** Rules of other tools, in a comment for those. */
  readonly codes: readonly string[];
  /** Findings that begin inside are silenced; undefined: in the whole file. */
  readonly governs: Range | undefined;
  readonly comment: Range;
  /** Where a further name can be put: behind the last one. Undefined if the list is missing. */
  readonly listEnd: number | undefined;
}

const COMMENT = /#\s*nippy:\s*(ignore-file|ignore)(?![-\w])\s*(?:\[([^\]\n]*)\])?/;
const FOREIGN = /#\s*((?:ruff|flake8)\s*:\s*)?noqa\s*:\s*([A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+)*)/i;
/** Every piece is asked: few hold such a comment. */
const HINT = /#[^\n]*?(?:nippy:|noqa)/i;

export function suppressionsIn(tree: Tree): readonly Suppression[] {
  if (!HINT.test(tree.text)) return NO_SUPPRESSIONS;
  return tree.root.comments.flatMap((it) => [...ownIn(it), ...foreignIn(it)]);
}

const NO_SUPPRESSIONS: readonly Suppression[] = [];

function ownIn(comment: Node): readonly Suppression[] {
  const match = COMMENT.exec(comment.text);
  if (!match) return [];
  const [whole, how, list] = match;
  const listEnd = list === undefined ? undefined : comment.start + match.index + whole.length - 1;
  const names = list === undefined ? [] : namesIn(list, listEnd! - list.length);
  return [{ names, codes: [], governs: how === "ignore-file" ? undefined : governed(comment), comment: rangeOf(comment), listEnd }];
}

function foreignIn(comment: Node): readonly Suppression[] {
  const match = FOREIGN.exec(comment.text);
  if (!match) return [];
  const [, isForFile, codes] = match;
  return [{ names: [], codes: codes!.toUpperCase().split(/[\s,]+/), governs: isForFile ? undefined : governed(comment), comment: rangeOf(comment), listEnd: undefined }];
}

function namesIn(list: string, start: number): Suppression["names"] {
  let at = start;
  return list.split(",").flatMap((part) => {
    const text = part.trim();
    const range = { start: at + part.indexOf(text), end: at + part.indexOf(text) + text.length };
    at += part.length + 1;
    return text === "" ? [] : [{ text, range, fits: matcher(text) }];
  });
}

/** Behind code: the lines of that statement up to the comment. On its own line: the next statement. */
function governed(comment: Node): Range {
  const { text } = comment.tree;
  const lineStart = text.lastIndexOf("\n", comment.start - 1) + 1;
  if (text.slice(lineStart, comment.start).trim() === "") {
    const next = nextStatement(comment);
    return next ? { start: next.start, end: next.end } : { start: comment.start, end: comment.end };
  }
  let start = lineStart;
  for (const statement of comment.tree.root.descendants()) {
    if (statement.start >= comment.start) break;
    if (!STATEMENT.test(statement.kind) || !isHeader(statement, lineStart, comment.start)) continue;
    start = Math.min(start, statement.start);
  }
  return { start, end: comment.end };
}

const STATEMENT = /_statement$|_definition$|^decorator$|_clause$/;

/** The comment stands on the last line of the statement, or of the head of a compound statement. */
function isHeader(statement: Node, lineStart: number, comment: number): boolean {
  const body = statement.field("body") ?? statement.field("consequence") ?? statement.field("definition");
  const end = body ? body.start : statement.end;
  return statement.start < comment && (body ? end > comment || end >= lineStart : end >= lineStart) && (!body || statement.tree.text.slice(comment, body.start).trim().startsWith("#") || body.start >= lineStart);
}

function nextStatement(comment: Node): Node | undefined {
  let parent: Node | undefined = comment.parent;
  while (parent) {
    const next = parent.children.find((it) => it.start >= comment.end);
    if (next) return next.kind === "block" ? next.children[0] : next;
    parent = parent.parent;
  }
  return undefined;
}

/** What a suppression is held against: the finding's range and that of all it is about. */
export interface Silenceable {
  readonly rule: Rule;
  readonly range: Range;
  readonly construct: Range;
}

/** Other tools may put the same finding on another line of the construct, so there any line of it will do. */
export function silences({ names, codes, governs }: Suppression, { rule, range, construct }: Silenceable): boolean {
  if (names.some(({ fits }) => fits(rule.name))) return !governs || (governs.start <= range.start && range.start <= governs.end);
  return codes.some((it) => rule.overlaps.includes(it)) && (!governs || overlaps(governs, construct));
}

export function commentProblems(suppressions: readonly Suppression[], ruleNames: readonly string[]): readonly CommentProblem[] {
  return suppressions.flatMap(({ names, codes, comment, listEnd }) => {
    if (codes.length > 0) return [];
    if (listEnd === undefined || names.length === 0) return [{ range: comment, message: "Name the rules to ignore: # nippy: ignore[area/rule]." }];
    return names.flatMap(({ text, range, fits }) => {
      if (ruleNames.some(fits)) return [];
      const near = nearest(text, ruleNames);
      return [{ range, message: `No rule is called "${text}".${near === undefined ? "" : ` Did you mean "${near}"?`}` }];
    });
  });
}
