/** Reads string literals: their contents, escapes and, in format strings, the fields with their expressions. */

import { BACKSLASH, CARRIAGE_RETURN, CLOSE_BRACE, LINE_FEED, OPEN_BRACE } from "./characters.js";
import { escapeEnd } from "./escapes.js";
import { F, K, T } from "./ids.generated.js";
import { begin, close, enter, flush, giveUp, is, leave, type Reader, setField } from "./reader.js";
import { advance, setToken, shift, shiftWithField } from "./tokens.js";
import { write } from "./writer.js";

/** Reads what a field shows, up to `=`, `!`, `:` or the closing brace. */
type ReadField = (r: Reader) => void;

const FORMAT = 1;
const RAW = 2;
const BYTES = 4;

const PREFIXES: ReadonlyMap<string, number> = new Map([
  ["", 0],
  ["u", 0],
  ["b", BYTES],
  ["r", RAW],
  ["f", FORMAT],
  ["t", FORMAT],
  ["br", BYTES | RAW],
  ["rb", BYTES | RAW],
  ["fr", FORMAT | RAW],
  ["rf", FORMAT | RAW],
  ["tr", FORMAT | RAW],
  ["rt", FORMAT | RAW],
]);

/** One string or several that are joined by standing side by side. */
export function readStrings(r: Reader, readField: ReadField): void {
  const mark = begin(r);
  readString(r, readField);
  if (!is(r, K.stringStart)) return;
  while (is(r, K.stringStart)) readString(r, readField);
  close(r, K.concatenatedString, mark);
}

/** The present token is the prefix, which may be empty; the opening quote follows it. */
function readString(r: Reader, readField: ReadField): void {
  const { text, start, end: quote } = r;
  const prefix = quote === start ? 0 : PREFIXES.get(text.slice(start, quote).toLowerCase());
  if (prefix === undefined) giveUp();
  const mark = begin(r);
  const delimiter = text.charCodeAt(quote);
  const isTriple = text.charCodeAt(quote + 1) === delimiter && text.charCodeAt(quote + 2) === delimiter;
  const first = quote + (isTriple ? 3 : 1);
  write(r, K.stringStart, mark, start, first);
  const isPlain = (prefix & (FORMAT | RAW)) === 0;
  const end = !isPlain
    ? readSpecial(r, first, delimiter, isTriple, prefix, readField)
    : isTriple
      ? readTriple(r, first, prefix)
      : readPlain(r, first, delimiter, prefix);
  r.lastEnd = end;
  close(r, K.string, mark);
  r.at = end;
  advance(r);
}

function readPlain(r: Reader, first: number, delimiter: number, prefix: number): number {
  const { text } = r;
  const mark = r.count;
  let at = first;
  for (;;) {
    if (at >= text.length) giveUp();
    const c = text.charCodeAt(at);
    if (c === delimiter) {
      writeContent(r, mark, first, at);
      return writeEnd(r, at, at + 1);
    }
    if (c === BACKSLASH) {
      at = readEscape(r, at, prefix);
    } else {
      if (c === LINE_FEED) giveUp();
      at++;
    }
  }
}

/** A docstring, mostly: it is searched, not walked through. */
function readTriple(r: Reader, first: number, prefix: number): number {
  const { text } = r;
  const mark = r.count;
  const quotes = text.slice(first - 3, first);
  let end = -1;
  for (let at = first; ; ) {
    if (end < at) end = text.indexOf(quotes, at);
    if (end < 0) giveUp();
    const escape = text.slice(at, end).indexOf("\\");
    if (escape >= 0) {
      at = readEscape(r, at + escape, prefix);
      continue;
    }
    writeContent(r, mark, first, end);
    return writeEnd(r, end, end + 3);
  }
}

/**
 * A raw string, a format string or both. The grammar's scanner does not count an escaped pair at the beginning of a stretch of a raw
 * string as content: if nothing else follows, the pair goes to the closing quote. `stretch` and `hasContent` are for that.
 */
function readSpecial(
  r: Reader,
  first: number,
  delimiter: number,
  isTriple: boolean,
  prefix: number,
  readField: ReadField,
): number {
  const { text } = r;
  const isFormat = (prefix & FORMAT) !== 0;
  const isRaw = (prefix & RAW) !== 0;
  let mark = r.count;
  let content = first;
  let stretch = first;
  let hasContent = false;
  let at = first;
  for (;;) {
    if (at >= text.length) giveUp();
    const c = text.charCodeAt(at);
    if (c === delimiter) {
      if (isTriple && !(text.charCodeAt(at + 1) === delimiter && text.charCodeAt(at + 2) === delimiter)) {
        at += text.charCodeAt(at + 1) === delimiter ? 2 : 1;
        stretch = at;
        hasContent = false;
        continue;
      }
      const end = isRaw && !hasContent ? stretch : at;
      writeContent(r, mark, content, end);
      return writeEnd(r, end, isTriple ? at + 3 : at + 1);
    }
    if (c === BACKSLASH) {
      if (isRaw) {
        at = skipRawEscape(text, at, delimiter, isTriple);
      } else {
        at = readEscape(r, at, prefix);
      }
      continue;
    }
    if (isFormat && (c === OPEN_BRACE || c === CLOSE_BRACE)) {
      if (isRaw && !hasContent && at > stretch) giveUp();
      if (text.charCodeAt(at + 1) === c) {
        write(r, K.escapeInterpolation, r.count, at, at + 2);
        at += 2;
      } else {
        if (c === CLOSE_BRACE) giveUp();
        writeContent(r, mark, content, at);
        at = readInterpolation(r, at, K.interpolation, readField);
        mark = r.count;
        content = at;
      }
      stretch = at;
      hasContent = false;
      continue;
    }
    if (c === LINE_FEED && !isTriple) giveUp();
    at++;
    hasContent = true;
  }
}

function writeContent(r: Reader, mark: number, start: number, end: number): void {
  if (end > start) write(r, K.stringContent, mark, start, end);
}

function writeEnd(r: Reader, start: number, end: number): number {
  write(r, K.stringEnd, r.count, start, end);
  return end;
}

/** An escape sequence, or a backslash that is none. */
function readEscape(r: Reader, at: number, prefix: number): number {
  const next = r.text.charCodeAt(at + 1);
  const isName = next === 78 /* N */ || next === 117 /* u */ || next === 85; /* U */
  // The grammar reads these past their ends in bytes.
  if (isName && (prefix & BYTES) !== 0) giveUp();
  const end = escapeEnd(r.text, at);
  if (end > 0) {
    write(r, K.escapeSequence, r.count, at, end);
    return end;
  }
  if (next === 78 && (prefix & FORMAT) !== 0) giveUp();
  write(r, T.backslash, r.count, at, at + 1);
  return at + 1;
}

/** After a backslash of a raw string and what it keeps from meaning something. */
function skipRawEscape(text: string, backslash: number, delimiter: number, isTriple: boolean): number {
  let at = backslash + 1;
  const c = text.charCodeAt(at);
  if (c === delimiter || c === BACKSLASH) at++;
  const isBreak = text.charCodeAt(at) === LINE_FEED || text.charCodeAt(at) === CARRIAGE_RETURN;
  if (!isBreak) return at;
  if (at > backslash + 1 && !isTriple) giveUp();
  return text.charCodeAt(at) === CARRIAGE_RETURN ? at + 2 : at + 1;
}

/** A replacement field from its opening brace; the result is where the text goes on. */
function readInterpolation(r: Reader, brace: number, kind: number, readField: ReadField): number {
  enter(r);
  const mark = r.count;
  write(r, T.openBrace, mark, brace, brace + 1);
  r.brackets++;
  r.at = brace + 1;
  r.lastEnd = brace + 1;
  advance(r);
  readField(r);
  setField(r, F.expression);
  if (is(r, T.equal)) shift(r);
  if (is(r, K.typeConversion)) shiftWithField(r, F.typeConversion);
  if (is(r, T.colon)) readFormat(r, readField);
  if (!is(r, T.closeBrace)) giveUp();
  if (r.extras > 0) flush(r);
  write(r, T.closeBrace, r.count, r.start, r.end);
  r.brackets--;
  r.lastEnd = r.end;
  close(r, kind, mark);
  leave(r);
  return r.end;
}

/** What stands between a field's colon and its closing brace, which becomes the present token. */
function readFormat(r: Reader, readField: ReadField): void {
  const { text } = r;
  const mark = begin(r);
  const colon = r.start;
  write(r, T.colon, mark, colon, colon + 1);
  let at = colon + 1;
  for (;;) {
    if (at >= text.length) giveUp();
    const c = text.charCodeAt(at);
    if (c === CLOSE_BRACE) break;
    if (c === OPEN_BRACE) {
      at = readInterpolation(r, at, K.formatExpression, readField);
    } else {
      if (c === LINE_FEED || c === CARRIAGE_RETURN || c === BACKSLASH) giveUp();
      at++;
    }
  }
  write(r, K.formatSpecifier, mark, colon, at);
  setField(r, F.formatSpecifier);
  setToken(r, T.closeBrace, at, at + 1);
}
