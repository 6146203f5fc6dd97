/** Cuts Python text into slices, each of which is parsed on its own: functions, classes, members of long classes, runs of statements. */

import {
  continuesStatement,
  isComment,
  isDecorator,
  isLineEnd,
  nextLine,
  opensClass,
  opensFunction,
  opensString,
  scannerOf,
  skipIndentation,
  skipLogicalLine,
  type Scanner,
} from "./scanner.js";

/** A part of the text that is parsed on its own. Slices tile the text: each starts where the one before it ends. */
export interface Slice {
  /** UTF-16 offsets in the whole text. */
  readonly start: number;
  readonly end: number;
  readonly role: "statements" | "function" | "class" | "class-head" | "member";
  /** For a "class-head" the number of "member" slices that follow it, else 0. */
  readonly members: number;
  /** True when an unclosed bracket or string would have run on and was cut off: the tree will have errors. */
  readonly contained: boolean;
}

/** A longer class is cut into its head and its members. */
export const LONGEST_WHOLE_CLASS = 3000;

/** A run of statements that has reached this length ends before the next statement. */
export const LONG_RUN = 4000;

/**
 * Asked before each statement at column 0 whether the cutting may stop there. `joins` says that the statement would
 * still join the run before it if it is neither a function nor a class.
 */
export type StopBefore = (start: number, joins: boolean) => boolean;

/** The slices of a text, at least one. A pure function of the text; `resplit` gives the same after an edit, sooner. */
export function split(text: string): Slice[] {
  return splitFrom(text, 0, () => false);
}

/** The slices from `from`, which must be where a slice at column 0 starts, up to where `stopBefore` says stop. */
export function splitFrom(text: string, from: number, stopBefore: StopBefore): Slice[] {
  const slices: Slice[] = [];
  const scanner = scannerOf(text);
  let run: Run | undefined;
  let at = from;
  do {
    if (run !== undefined && at - run.start >= LONG_RUN) run = closeRun(run, at, "statements", slices);
    if (stopBefore(at, run !== undefined)) break;
    const unit = readUnit(scanner, at, 0);
    if (unit.kind === "statement") {
      run = extendRun(run, unit);
    } else {
      run = closeRun(run, at, "statements", slices);
      if (unit.kind === "function") slices.push(sliceOf("function", unit.start, unit.end, unit.contained));
      else pushClass(unit, slices);
    }
    at = unit.end;
  } while (at < text.length);
  closeRun(run, at, "statements", slices);
  return slices;
}

/** A statement with the comments and decorators before it and the empty lines after it. */
interface Unit {
  readonly start: number;
  end: number;
  kind: "statement" | "function" | "class";
  contained: boolean;
  /** Of a member: whether the class ends with it. */
  last: boolean;
  /** Of a class with a body: where its head ends and what follows. */
  headEnd: number;
  headContained: boolean;
  members: Unit[];
}

/**
 * Reads one unit of the block at column `base`: the module (0) or the body of a class. It depends on nothing before
 * `start`, and after the unit only on the comments and the first word of what follows; `resplit` relies on that. (A
 * contained unit may depend on all that follows.)
 */
function readUnit(scanner: Scanner, start: number, base: number): Unit {
  const { text } = scanner;
  const unit: Unit = {
    start,
    end: text.length,
    kind: "statement",
    contained: false,
    last: true,
    headEnd: start,
    headContained: false,
    members: [],
  };
  if (base === 0) scanner.bodyColumn = 0;
  // A run of comments goes with what follows it. The grammar ends a block before the first comment that is indented
  // less than the block, and takes none of the later ones back, however deep; so the first one decides. `comments` is
  // where the run starts, `joining` what of it may go to the next unit of this block, `leaving` what may leave it.
  let comments = -1;
  let joining = -1;
  let leaving = -1;
  let begun = false;
  let at = start;
  while (at < text.length) {
    const first = skipIndentation(scanner, at);
    const { column } = scanner;
    if (isLineEnd(text, first)) {
      at = nextLine(text, first);
      continue;
    }
    if (isComment(text, first)) {
      if (comments < 0) comments = at;
      if (joining < 0 && column <= base && begun) joining = at;
      if (leaving < 0 && column < base) leaving = at;
      at = nextLine(text, first);
      continue;
    }
    // A decorator waits for its function, but not beyond the end of its class.
    const outside = column === 0 && base > 0;
    if (((begun && column === base) || outside) && !continuesStatement(text, first)) {
      const run = outside ? leaving : joining;
      unit.end = run < 0 ? at : run;
      unit.last = outside;
      return unit;
    }
    if (begun) {
      if (unit.kind === "class" && base === 0 && column > 0) {
        readBody(scanner, unit, comments < 0 ? at : comments, first);
        return unit;
      }
    } else if (!isDecorator(text, first)) {
      begun = true;
      if (column === base)
        unit.kind = opensFunction(text, first) ? "function" : opensClass(text, first) ? "class" : "statement";
    }
    comments = -1;
    joining = -1;
    leaving = -1;
    at = skipLogicalLine(scanner, first);
    if (scanner.contained) unit.contained = true;
  }
  const run = base === 0 ? joining : leaving;
  if (run >= 0) unit.end = run;
  return unit;
}

/**
 * Reads the body of a class at column 0: `start` is where it starts with its comments, `first` its first word, whose
 * column the scanner has just measured. A docstring stays with the head.
 */
function readBody(scanner: Scanner, unit: Unit, start: number, first: number): void {
  const base = scanner.column;
  scanner.bodyColumn = base;
  unit.headContained = unit.contained;
  let at = start;
  let last = false;
  if (opensString(scanner.text, first)) {
    const docstring = readUnit(scanner, start, base);
    unit.headContained ||= docstring.contained;
    ({ end: at, last } = docstring);
  }
  unit.headEnd = at;
  unit.contained = unit.headContained;
  while (!last) {
    const member = readUnit(scanner, at, base);
    unit.members.push(member);
    unit.contained ||= member.contained;
    ({ end: at, last } = member);
  }
  unit.end = at;
}

function pushClass(unit: Unit, slices: Slice[]): void {
  if (unit.end - unit.start <= LONGEST_WHOLE_CLASS || unit.members.length === 0) {
    slices.push(sliceOf("class", unit.start, unit.end, unit.contained));
    return;
  }
  const members: Slice[] = [];
  let run: Run | undefined;
  for (const member of unit.members) {
    const joins = member.kind === "statement" && run !== undefined && member.start - run.start < LONG_RUN;
    if (!joins) run = closeRun(run, member.start, "member", members);
    if (member.kind === "statement") run = extendRun(run, member);
    else members.push(sliceOf("member", member.start, member.end, member.contained));
  }
  closeRun(run, unit.end, "member", members);
  slices.push({ ...sliceOf("class-head", unit.start, unit.headEnd, unit.headContained), members: members.length });
  for (const member of members) slices.push(member);
}

/** Consecutive statements that become one slice. */
interface Run {
  readonly start: number;
  contained: boolean;
}

function extendRun(run: Run | undefined, unit: Unit): Run {
  if (run === undefined) return { start: unit.start, contained: unit.contained };
  run.contained ||= unit.contained;
  return run;
}

/** Gives back what is open afterwards: nothing. */
function closeRun(run: Run | undefined, end: number, role: "statements" | "member", slices: Slice[]): undefined {
  if (run !== undefined) slices.push(sliceOf(role, run.start, end, run.contained));
}

function sliceOf(role: Slice["role"], start: number, end: number, contained: boolean): Slice {
  return { start, end, role, members: 0, contained };
}
