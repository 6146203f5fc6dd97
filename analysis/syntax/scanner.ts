/** Reads Python text line by line without parsing it: where a logical line ends, how far a line is indented, which word opens it. */

/**
 * What one pass over a text remembers. The fields change while the pass runs, so that the loops below allocate nothing.
 */
export interface Scanner {
  readonly text: string;
  /** The column of the line last measured. */
  column: number;
  /** The column of the body of the class being read, 0 outside a class. Containment listens there too. */
  bodyColumn: number;
  /** True when the logical line last read had to be closed by containment. */
  contained: boolean;
  /** Where the text ends for the logical line being read: the end of the text until containment lowers it. */
  limit: number;
  /** True when the text ended inside a triple-quoted string of the logical line being read. */
  unterminated: boolean;
  /**
   * By delimiter, where a plain triple-quoted string starts that is never closed. Then none that starts later is closed
   * either, and looking for its end once is enough: reading stays linear in the length of the text.
   */
  readonly neverClosed: Map<number, number>;
}

export function scannerOf(text: string): Scanner {
  return {
    text,
    column: 0,
    bodyColumn: 0,
    contained: false,
    limit: text.length,
    unterminated: false,
    neverClosed: new Map(),
  };
}

const TAB = 9;
const LINE_FEED = 10;
const FORM_FEED = 12;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const SINGLE_QUOTE = 39;
const COLON = 58;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const BYTE_ORDER_MARK = 0xfeff;

/** The characters that mean something to `skipCode`; every other character is stepped over. */
const SPECIAL = new Uint8Array(128);
for (const character of "\n\r\"#'()[]{}:\\") SPECIAL[character.charCodeAt(0)] = 1;

/** CPython gives up at 150 f-strings inside each other; beyond a depth nobody writes, fields are read as plain text. */
const DEEPEST_NESTING = 100;

/**
 * The first character of a line that is not indentation; `column` becomes its column. Columns are counted as the
 * grammar counts them (a tab is eight, a form feed starts over, a backslash at the end of an empty line adds the next
 * line), because a slice must be cut where the grammar sees a block end.
 */
export function skipIndentation(scanner: Scanner, lineStart: number): number {
  const { text } = scanner;
  let column = 0;
  let at = lineStart;
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === SPACE) column++;
    else if (c === TAB) column += 8;
    else if (c === FORM_FEED) column = 0;
    else if (c === BACKSLASH && isLineBreak(text, at + 1)) at = afterLineBreak(text, at + 1) - 1;
    else if (c !== BYTE_ORDER_MARK) break;
  }
  scanner.column = column;
  return at;
}

/** True at a line break or at the end of the text. A lone carriage return counts as a line break, as in Python. */
export function isLineEnd(text: string, at: number): boolean {
  return at >= text.length || isLineBreak(text, at);
}

export function isComment(text: string, at: number): boolean {
  return text.charCodeAt(at) === HASH;
}

/** The start of the next physical line. */
export function nextLine(text: string, at: number): number {
  return afterLineBreak(text, lineEnd(text, at));
}

/**
 * The start of the physical line after the logical line whose first character is at `first`. Strings, brackets,
 * comments and joined lines are understood. Two things that are never valid Python end it early (`contained`), so
 * that one missing bracket or quote does not swallow the rest of the file while it is being typed:
 * - inside brackets, a line that opens with a word only a statement can open with;
 * - a triple quote that is never closed: it ends before the next such line.
 */
export function skipLogicalLine(scanner: Scanner, first: number): number {
  scanner.contained = false;
  scanner.limit = scanner.text.length;
  scanner.unterminated = false;
  return skipCode(scanner, first, 0);
}

/** True for a line that carries on the statement before it, although it is not indented deeper. */
export function continuesStatement(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  if (c === 101 /* e */) return isWord(text, at, "else") || isWord(text, at, "elif") || isWord(text, at, "except");
  return c === 102 /* f */ && isWord(text, at, "finally");
}

export function isDecorator(text: string, at: number): boolean {
  return text.charCodeAt(at) === 64; /* @ */
}

export function opensFunction(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  if (c === 100 /* d */) return isWord(text, at, "def");
  if (c !== 97 /* a */ || !isWord(text, at, "async")) return false;
  let next = at + 5;
  while (text.charCodeAt(next) === SPACE || text.charCodeAt(next) === TAB) next++;
  return isWord(text, next, "def");
}

export function opensClass(text: string, at: number): boolean {
  return text.charCodeAt(at) === 99 /* c */ && isWord(text, at, "class");
}

export function opensString(text: string, at: number): boolean {
  let quote = at;
  while (isPrefixLetter(text.charCodeAt(quote))) quote++;
  const c = text.charCodeAt(quote);
  return c === DOUBLE_QUOTE || c === SINGLE_QUOTE;
}

/**
 * Steps over code. In a logical line (`nesting` 0) the result is the start of the next line; in a replacement field of
 * an f-string it is the character that ends the expression: the closing brace or the colon of the format.
 */
function skipCode(scanner: Scanner, from: number, nesting: number): number {
  const { text } = scanner;
  const inField = nesting > 0;
  let depth = 0;
  let braces = 0;
  let at = from;
  while (at < scanner.limit) {
    const c = text.charCodeAt(at);
    if (c > 127 || SPECIAL[c] === 0) {
      at++;
      continue;
    }
    switch (c) {
      case LINE_FEED:
      case CARRIAGE_RETURN:
        at = afterLineBreak(text, at);
        if (depth === 0 && !inField) return at;
        if (!opensStatement(scanner, skipIndentation(scanner, at))) break;
        scanner.contained = true;
        scanner.limit = at;
        break;
      case DOUBLE_QUOTE:
      case SINGLE_QUOTE: {
        const quote = at;
        at = skipString(scanner, quote, nesting);
        if (scanner.unterminated && !scanner.contained && !inField) return containString(scanner, quote);
        break;
      }
      case HASH:
        at = lineEnd(text, at);
        break;
      case BACKSLASH:
        at = isLineBreak(text, at + 1) ? afterLineBreak(text, at + 1) : at + 1;
        break;
      case COLON:
        if (inField && depth === 0) return at;
        at++;
        break;
      case OPEN_BRACE:
        braces++;
        depth++;
        at++;
        break;
      case CLOSE_BRACE:
        // The brace of a field closes it whatever else is still open inside.
        if (inField && braces === 0) return at;
        if (braces > 0) braces--;
        if (depth > 0) depth--;
        at++;
        break;
      case 40: /* ( */
      case 91 /* [ */:
        depth++;
        at++;
        break;
      default:
        // A closing parenthesis or bracket. It closes whatever is open, so that a line with the wrong one still ends.
        if (depth > 0) depth--;
        at++;
    }
  }
  return scanner.limit;
}

/**
 * The position after the string whose opening quote is at `quote`. A string in single quotes ends at its line's end at
 * the latest. Format strings follow PEP 701: a field is code, may hold any quote and span lines.
 */
function skipString(scanner: Scanner, quote: number, nesting: number): number {
  const { text } = scanner;
  const delimiter = text.charCodeAt(quote);
  const triple = text.charCodeAt(quote + 1) === delimiter && text.charCodeAt(quote + 2) === delimiter;
  const fields = nesting < DEEPEST_NESTING && hasFormatPrefix(text, quote);
  if (triple && !fields) return skipTriple(scanner, quote, delimiter);
  let at = quote + (triple ? 3 : 1);
  // How many format specifications (the part after the colon of a field) we are in: there a lone brace closes.
  let specifications = 0;
  while (at < scanner.limit) {
    const c = text.charCodeAt(at);
    if (c === delimiter) {
      if (!triple) return at + 1;
      if (text.charCodeAt(at + 1) === delimiter && text.charCodeAt(at + 2) === delimiter) return at + 3;
      at++;
    } else if (c === BACKSLASH) {
      at = skipEscape(text, at, fields);
    } else if (c === LINE_FEED || c === CARRIAGE_RETURN) {
      if (!triple) return at;
      at++;
    } else if (fields && c === OPEN_BRACE) {
      if (specifications === 0 && text.charCodeAt(at + 1) === OPEN_BRACE) {
        at += 2;
        continue;
      }
      at = skipCode(scanner, at + 1, nesting + 1);
      if (text.charCodeAt(at) === COLON && at < scanner.limit) specifications++;
      if (at < scanner.limit) at++;
    } else if (fields && c === CLOSE_BRACE) {
      if (specifications > 0) specifications--;
      at++;
    } else {
      at++;
    }
  }
  if (triple) scanner.unterminated = true;
  return scanner.limit;
}

/** The same for a plain string in triple quotes: a docstring, mostly. It is searched, not walked through. */
function skipTriple(scanner: Scanner, quote: number, delimiter: number): number {
  const { text, limit } = scanner;
  if (quote <= (scanner.neverClosed.get(delimiter) ?? text.length)) {
    const quotes = text.slice(quote, quote + 3);
    let end = -1;
    for (let at = quote + 3; at < limit; ) {
      if (end < at) end = text.indexOf(quotes, at);
      if (end < 0) end = text.length;
      const escape = text.slice(at, end).indexOf("\\");
      if (escape >= 0) at = skipEscape(text, at + escape, false);
      else if (end < limit) return end + 3;
      else break;
    }
    scanner.neverClosed.set(delimiter, quote);
  }
  scanner.unterminated = true;
  return limit;
}

/** The position after a backslash and what it escapes: any character, in raw strings too, but the brace of a field. */
function skipEscape(text: string, backslash: number, fields: boolean): number {
  const next = backslash + 1;
  if (isLineBreak(text, next)) return afterLineBreak(text, next);
  const c = text.charCodeAt(next);
  return fields && (c === OPEN_BRACE || c === CLOSE_BRACE) ? next : next + 1;
}

/** Ends a string that is never closed before the next line that can only open a statement, if there is one. */
function containString(scanner: Scanner, quote: number): number {
  const { text } = scanner;
  let line = nextLine(text, quote);
  while (line < text.length) {
    const first = skipIndentation(scanner, line);
    if (opensStatement(scanner, first)) {
      scanner.contained = true;
      return line;
    }
    line = nextLine(text, first);
  }
  return text.length;
}

/**
 * True for a line at column 0, or at the column of the class body, that opens with a word which no expression can hold
 * (`from` can: `yield from`). The line is the one last measured, and its first character is at `first`.
 */
function opensStatement(scanner: Scanner, first: number): boolean {
  const { text, column } = scanner;
  if (column !== 0 && column !== scanner.bodyColumn) return false;
  return opensFunction(text, first) || opensClass(text, first) || isWord(text, first, "import");
}

/** True for the quote of an f-string or t-string. */
function hasFormatPrefix(text: string, quote: number): boolean {
  let format = false;
  let at = quote - 1;
  for (; at >= 0 && isPrefixLetter(text.charCodeAt(at)); at--) {
    const letter = text.charCodeAt(at) | 32;
    if (letter === 102 /* f */ || letter === 116 /* t */) format = true;
  }
  // `print"x"` of Python 2 ends in such a letter, but the word is no prefix.
  return format && !(at >= 0 && isIdentifierCharacter(text.charCodeAt(at)));
}

/** b, f, r, t, u in either case. */
function isPrefixLetter(c: number): boolean {
  const letter = c | 32;
  return letter === 98 || letter === 102 || letter === 114 || letter === 116 || letter === 117;
}

function isIdentifierCharacter(c: number): boolean {
  return c > 127 || c === 95 || (c >= 48 && c <= 57) || ((c | 32) >= 97 && (c | 32) <= 122);
}

function isWord(text: string, at: number, word: string): boolean {
  return text.startsWith(word, at) && !isIdentifierCharacter(text.charCodeAt(at + word.length));
}

function isLineBreak(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  return c === LINE_FEED || c === CARRIAGE_RETURN;
}

/** The line break that ends the line, or the end of the text. */
function lineEnd(text: string, from: number): number {
  let at = from;
  while (!isLineEnd(text, at)) at++;
  return at;
}

/** The position after the line break at `at`, if there is one. */
function afterLineBreak(text: string, at: number): number {
  if (at >= text.length) return text.length;
  return text.charCodeAt(at) === CARRIAGE_RETURN && text.charCodeAt(at + 1) === LINE_FEED ? at + 2 : at + 1;
}
