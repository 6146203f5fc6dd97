/** Where a number ends. Only what Python 3 allows is read; `0777`, `5L` or `1if` are left to the other parser. */

import { CLASSES, DIGIT, DOT, NAME_PART, UNDERSCORE } from "./characters.js";

/** What `numberEnd` says besides: the number has a point or an exponent. */
export interface NumberEnd {
  isFloat: boolean;
}

/** The end of the number at `start`, which is a digit or a point before a digit; -1 if it is none for sure. */
export function numberEnd(text: string, start: number, found: NumberEnd): number {
  found.isFloat = false;
  let at = start;
  if (text.charCodeAt(at) === 48 /* 0 */) {
    const base = text.charCodeAt(at + 1) | 32;
    const digits = text.charCodeAt(at + 2) === UNDERSCORE ? at + 3 : at + 2;
    if (base === 120 /* x */) return closed(text, digitsEnd(text, digits, isHexadecimal));
    if (base === 111 /* o */) return closed(text, digitsEnd(text, digits, isOctal));
    if (base === 98 /* b */) return closed(text, digitsEnd(text, digits, isBinary));
  }
  if (text.charCodeAt(at) !== DOT) at = digitsEnd(text, at, isDecimal);
  if (at >= 0 && text.charCodeAt(at) === DOT) {
    found.isFloat = true;
    at++;
    if (isDecimal(text.charCodeAt(at))) at = digitsEnd(text, at, isDecimal);
  }
  if (at >= 0 && (text.charCodeAt(at) | 32) === 101 /* e */) {
    found.isFloat = true;
    at++;
    const sign = text.charCodeAt(at);
    if (sign === 43 /* + */ || sign === 45 /* - */) at++;
    at = digitsEnd(text, at, isDecimal);
  }
  if (at >= 0 && (text.charCodeAt(at) | 32) === 106 /* j */) at++;
  return closed(text, at);
}

/** Digits with single underscores between them; -1 if there is none at `start` or an underscore ends them. */
function digitsEnd(text: string, start: number, isDigit: (c: number) => boolean): number {
  let at = start;
  for (;;) {
    if (!isDigit(text.charCodeAt(at))) return -1;
    while (isDigit(text.charCodeAt(at))) at++;
    if (text.charCodeAt(at) !== UNDERSCORE) return at;
    at++;
  }
}

/** -1 if a letter or digit follows at once. */
function closed(text: string, end: number): number {
  if (end < 0 || end >= text.length) return end;
  const c = text.charCodeAt(end);
  return c > 127 || (CLASSES[c]! & NAME_PART) !== 0 ? -1 : end;
}

function isDecimal(c: number): boolean {
  return c >= 48 && c <= 57;
}

function isHexadecimal(c: number): boolean {
  return (c < 128 && CLASSES[c] === DIGIT) || ((c | 32) >= 97 && (c | 32) <= 102);
}

function isOctal(c: number): boolean {
  return c >= 48 && c <= 55;
}

function isBinary(c: number): boolean {
  return c === 48 || c === 49;
}
