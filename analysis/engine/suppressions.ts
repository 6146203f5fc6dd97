/**
 * `# nippy: ignore[pandas/iterrows] reason` on a line, above a statement, or for the whole file (`ignore-file`);
 * `# nippy: off` or `# nippy: off[pandas/*]` for all that follows, up to `# nippy: on`.
 * `# noqa: PERF401` and `# ruff: ignore[PERF401]`, and for the file `# ruff: noqa: PERF401`, `# flake8: noqa: PERF401` or `# ruff: file-ignore[PERF401]`,
 * silence the rules that say the same: it was decided there.
 */

import { firstFrom } from "../text/ascending.js";
import { readGlob } from "../text/glob.js";
import { nearest } from "../text/nearest.js";
import { RangeIndex } from "../text/range-index.js";
import { rangeOf, type Range } from "../text/range.js";
import type { Rule } from "../rule/rule.js";
import { EXTRA, KIND_IDS, NAMED, type Node, type Tree } from "../syntax/tree.js";
import type { CommentProblem } from "./report.js";
import { quoted } from "./rule-names.js";

/** Offsets are those of the piece. */
export interface Suppression {
  /** `off` holds up to the next `on`; what others hold for is known from the comment alone. */
  readonly how: "ignore" | "off" | "on";
  readonly names: readonly { readonly text: string; readonly range: Range; readonly fits: (rule: string) => boolean }[];
  /** Rules of other tools, in a comment for those. */
  readonly codes: readonly string[];
  /** Findings that begin inside are silenced; undefined: in the whole file, or what `off` and `on` say together. */
  readonly governs: Range | undefined;
  readonly comment: Range;
  /** What goes if the suppression goes: with its reason, and with its line where it stands alone. */
  readonly extent: Range;
  readonly hasReason: boolean;
  /** How many names at the end of the list count for nothing. */
  readonly leftOut: number;
  /** Where a further name can be put: behind the last one. Undefined if the list is missing. */
  readonly listEnd: number | undefined;
}

const COMMENT = /#\s*nippy:\s*(ignore-file|ignore|off|on)(?![-\w])\s*(?:\[([^\]\n]*)\])?/;
const FOREIGN = /#\s*((?:ruff|flake8)\s*:\s*)?noqa\s*:\s*([A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+)*)/i;
const RUFF = /#\s*ruff\s*:\s*(file-)?ignore\s*\[([A-Z0-9,\s]*)\]/i;
const HINT = /nippy:|noqa|ruff/i;
const COMMENT_KIND = KIND_IDS.get("comment")!;

/** In source order. */
export function suppressionsIn(tree: Tree): readonly Suppression[] {
  // Every piece is asked: few hold such a comment. Most have no comment at all, which is sooner seen.
  if (!tree.text.includes("#") || !HINT.test(tree.text)) return NO_SUPPRESSIONS;
  const comments = commentsThatMay(tree);
  if (comments.length === 0) return NO_SUPPRESSIONS;
  const governed = governor(tree);
  // From the last to the first, as a comment on a line of its own holds for what follows.
  return comments
    .reverse()
    .flatMap((it) => [...foreignIn(it, governed), ...ownIn(it, governed)])
    .reverse();
}

const NO_SUPPRESSIONS: readonly Suppression[] = [];

/** Most comments say nothing to us: they get no handle. */
function commentsThatMay(tree: Tree): Node[] {
  const { kinds, starts, ends } = tree.arrays;
  const found: Node[] = [];
  for (let id = 0; id < tree.size; id++)
    if (kinds[id] === COMMENT_KIND && HINT.test(tree.text.slice(starts[id], ends[id]))) found.push(tree.node(id));
  return found;
}

function ownIn(comment: Node, governed: Governor): readonly Suppression[] {
  const match = COMMENT.exec(comment.text);
  if (!match) return [];
  const [whole, word, list] = match;
  const listEnd = list === undefined ? undefined : comment.start + match.index + whole.length - 1;
  const names = list === undefined ? [] : namesIn(list, listEnd! - list.length);
  const isBlock = word === "off" || word === "on";
  const start = comment.start + match.index;
  // Another tool's comment may follow in the same one.
  const next = comment.text.indexOf("#", match.index + whole.length);
  const end = next < 0 ? comment.end : comment.start + next;
  const reason = comment.text.slice(match.index + whole.length, next < 0 ? undefined : next);
  return [
    {
      how: isBlock ? word : "ignore",
      // Without a list a block is about every rule.
      names: isBlock && list === undefined ? everyRule(rangeOf(comment)) : names.slice(0, MOST_NAMES),
      leftOut: Math.max(0, names.length - MOST_NAMES),
      codes: [],
      governs: isBlock || word === "ignore-file" ? undefined : governed(comment),
      comment: rangeOf(comment),
      extent: extentOf(comment.tree.text, { start, end }),
      hasReason: /[^\s:,.\u2013\u2014-]/.test(reason),
      listEnd,
    },
  ];
}

function everyRule(range: Range): Suppression["names"] {
  return [{ text: "", range, fits: () => true }];
}

/** With the white space before it; a line that holds nothing else goes as a whole. */
function extentOf(text: string, { start, end }: Range): Range {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const newline = text.indexOf("\n", end);
  const isLineEnd = newline < 0 ? end === text.length : text.slice(end, newline).trim() === "";
  if (!isLineEnd) return { start, end };
  if (text.slice(lineStart, start).trim() === "")
    return { start: lineStart, end: newline < 0 ? text.length : newline + 1 };
  return { start: lineStart + text.slice(lineStart, start).trimEnd().length, end };
}

function foreignIn(comment: Node, governed: Governor): readonly Suppression[] {
  const match = FOREIGN.exec(comment.text) ?? RUFF.exec(comment.text);
  if (!match) return [];
  const [, isForFile, codes] = match;
  return [
    {
      how: "ignore",
      names: [],
      leftOut: 0,
      codes: codes!.toUpperCase().split(/[\s,]+/),
      governs: isForFile ? undefined : governed(comment),
      comment: rangeOf(comment),
      extent: rangeOf(comment),
      hasReason: true,
      listEnd: undefined,
    },
  ];
}

/** Nobody lists so many rules by hand: a glob is shorter, and so is to ignore the file. */
const MOST_NAMES = 100;
/** No rule's name is nearly as long, and a pattern of that length is no pattern. */
const LONGEST_NAME = 100;
const fitsNothing = () => false;

function namesIn(list: string, start: number): Suppression["names"] {
  let at = start;
  return list.split(",").flatMap((part) => {
    const text = part.trim();
    const range = { start: at + part.indexOf(text), end: at + part.indexOf(text) + text.length };
    at += part.length + 1;
    return text === "" ? [] : [{ text, range, fits: text.length > LONGEST_NAME ? fitsNothing : readGlob(text).fits }];
  });
}

/** What a comment holds for. Asked from the last comment to the first. */
type Governor = (comment: Node) => Range;

/** Behind code: the lines of that statement up to the comment. On its own line: the next statement. */
function governor(tree: Tree): Governor {
  const { text } = tree;
  const nextStatement = followers(tree);
  let heads: Heads | undefined;
  return (comment) => {
    const lineStart = text.lastIndexOf("\n", comment.start - 1) + 1;
    if (text.slice(lineStart, comment.start).trim() === "") return rangeOf(nextStatement(comment) ?? comment);
    heads ??= headsOf(tree);
    // The outermost statement whose head reaches into the comment's line.
    const outermost = firstFrom(heads.reach, lineStart);
    return { start: Math.min(lineStart, heads.starts[outermost] ?? lineStart), end: comment.end };
  };
}

interface Heads {
  /** Where the statements of a tree begin, in source order. */
  readonly starts: Int32Array;
  /** How far the head of a statement or of one before it reaches: where it has a body, to that. */
  readonly reach: Int32Array;
}

function headsOf(tree: Tree): Heads {
  const statements = tree.root.descendants().filter((it) => STATEMENT.test(it.kind));
  const reach = Int32Array.from(
    statements,
    (it) => (it.field("body") ?? it.field("consequence") ?? it.field("definition"))?.start ?? it.end,
  );
  for (let index = 1; index < reach.length; index++) reach[index] = Math.max(reach[index]!, reach[index - 1]!);
  return { starts: Int32Array.from(statements, (it) => it.start), reach };
}

const STATEMENT = /_statement$|_definition$|^decorator$|_clause$/;

/** The statement that follows a comment; what was found for later comments is not looked for again. */
function followers(tree: Tree): (comment: Node) => Node | undefined {
  const { flags, nexts, parents } = tree.arrays;
  const known = new Map<number, Node | undefined>();
  const find = (comment: number): Node | undefined => {
    for (let inner = comment, outer = parents[inner]!; outer >= 0; inner = outer, outer = parents[outer]!) {
      for (let id = nexts[inner]!; id < nexts[outer]!; id = nexts[id]!) {
        if (known.has(id)) return known.get(id);
        if ((flags[id]! & (NAMED | EXTRA)) !== NAMED) continue;
        const next = tree.node(id);
        return next.kind === "block" ? next.children[0] : next;
      }
    }
    return undefined;
  };
  return (comment) => {
    const found = find(comment.id);
    known.set(comment.id, found);
    return found;
  };
}

/** Holds in the whole file. */
export function isForFile({ how, governs }: Suppression): boolean {
  return how === "ignore" && !governs;
}

/** A stretch between `off` and `on`, in offsets of the file; what is silenced there is what `off` names. */
export interface Block extends Suppression {
  readonly governs: Range;
}

/**
 * The stretches of a file, in which an `on` ends all that is off, and each `on` that ends nothing.
 * @param marks in source order, in offsets of the file
 */
export function blocksOf(
  marks: readonly Suppression[],
  end: number,
): { readonly blocks: readonly Block[]; readonly loose: readonly Suppression[] } {
  const blocks: Block[] = [];
  const loose: Suppression[] = [];
  let open: Suppression[] = [];
  const close = (at: number) => {
    for (const it of open) blocks.push({ ...it, governs: { start: it.comment.start, end: at } });
    open = [];
  };
  for (const mark of marks) {
    if (mark.how === "off") open.push(mark);
    else if (open.length === 0) loose.push(mark);
    else close(mark.comment.start);
  }
  close(end);
  return { blocks, loose };
}

/** What a suppression is held against: the finding's range and that of all it is about. */
export interface Silenceable {
  readonly rule: Rule;
  readonly range: Range;
  readonly construct: Range;
}

/** Whether one of some suppressions silences a finding. What they say of a rule is put together once. */
export function silencer(suppressions: readonly Suppression[]): (finding: Silenceable) => boolean {
  if (suppressions.length === 0) return () => false;
  const byRule = new Map<Rule, Silence>();
  return ({ rule, range, construct }) => {
    let silence = byRule.get(rule);
    if (!silence) byRule.set(rule, (silence = silenceOf(suppressions, rule)));
    const { everywhere, named, coded } = silence;
    // Other tools may put the same finding on another line of the construct, so there any line of it will do.
    return everywhere || named.holds(range.start) || coded.overlaps(construct);
  };
}

interface Silence {
  readonly everywhere: boolean;
  readonly named: RangeIndex;
  readonly coded: RangeIndex;
}

function silenceOf(suppressions: readonly Suppression[], rule: Rule): Silence {
  const named = suppressions.filter(({ names }) => names.some(({ fits }) => fits(rule.name)));
  const coded = suppressions.filter(({ codes }) => codes.some((it) => rule.overlaps.includes(it)));
  const index = (all: readonly Suppression[]) => new RangeIndex(all.flatMap(({ governs }) => governs ?? []));
  return {
    everywhere: [...named, ...coded].some(({ governs }) => !governs),
    named: index(named),
    coded: index(coded),
  };
}

/** A file with more mistakes was not written by hand; they are counted, not told. */
export const MOST_TOLD = 50;
/** A guess costs a look at every rule. */
const MOST_GUESSES = 20;

/** What is wrong with the comments of a file, asked piece by piece. */
export function commentProblems(
  ruleNames: readonly string[],
  requireReason: boolean,
): (suppressions: readonly Suppression[]) => readonly CommentProblem[] {
  let told = 0;
  return (suppressions) => {
    const problems: CommentProblem[] = [];
    const tell = (range: Range, message: () => string) => {
      told++;
      if (told <= MOST_TOLD) problems.push({ range, message: message() });
      if (told === MOST_TOLD + 1) problems.push({ range, message: "Further mistakes in comments are not told." });
    };
    for (const { how, names, codes, comment, listEnd, leftOut, hasReason } of suppressions) {
      if (codes.length > 0 || told > MOST_TOLD) continue;
      if (how === "on") continue;
      if (requireReason && !hasReason) tell(comment, () => "Say why: this project wants a reason behind the comment.");
      if (how === "ignore" ? listEnd === undefined || names.length === 0 : names.length === 0)
        tell(comment, () => "Name the rules to ignore: # nippy: ignore[area/rule].");
      if (leftOut > 0) tell(comment, () => `This list is too long: its last ${leftOut} names count for nothing.`);
      for (const { text, range, fits } of names) {
        if (told > MOST_TOLD) break;
        if (!ruleNames.some(fits)) tell(range, () => unknown(text));
      }
    }
    return problems;
  };

  function unknown(text: string): string {
    const near = told <= MOST_GUESSES ? nearest(text, ruleNames) : undefined;
    return `No rule is called ${quoted(text)}.${near === undefined ? "" : ` Did you mean "${near}"?`}`;
  }
}
