/** Reads imports. */

import { F, K, T } from "./ids.generated.js";
import { begin, close, giveUp, is, isWord, type Reader, setField } from "./reader.js";
import { accept, advance, closeBracket, expect, open, shift, shiftAs, shiftWithField, shiftWrapped } from "./tokens.js";
import { write } from "./writer.js";

/** The statement began at `mark`, perhaps with a word before `import`. */
export function readImport(r: Reader, mark = begin(r)): void {
  shift(r);
  readImportedNames(r);
  close(r, K.importStatement, mark);
}

export function readFromImport(r: Reader, mark = begin(r)): void {
  shift(r);
  const isFuture = isWord(r, "__future__");
  if (isFuture) {
    shiftAs(r, T.future);
  } else {
    readModuleName(r);
    setField(r, F.moduleName);
  }
  expect(r, T.import);
  if (is(r, T.star)) {
    if (isFuture) giveUp();
    shiftWrapped(r, K.wildcardImport);
  } else if (is(r, T.openParenthesis)) {
    open(r);
    if (is(r, T.closeParenthesis)) giveUp();
    readImportedNames(r);
    closeBracket(r, T.closeParenthesis);
  } else {
    readImportedNames(r);
  }
  close(r, isFuture ? K.futureImportStatement : K.importFromStatement, mark);
}

function readModuleName(r: Reader): void {
  if (!is(r, T.dot) && !is(r, K.ellipsis)) return readDottedName(r);
  const mark = begin(r);
  while (is(r, T.dot) || is(r, K.ellipsis)) readDots(r);
  close(r, K.importPrefix, mark);
  if (is(r, K.identifier)) readDottedName(r);
  close(r, K.relativeImport, mark);
}

/** Three dots are one token elsewhere, here they are three. */
function readDots(r: Reader): void {
  begin(r);
  for (let dot = r.start; dot < r.end; dot++) write(r, T.dot, r.count, dot, dot + 1);
  r.lastEnd = r.end;
  advance(r);
}

export function readDottedName(r: Reader): void {
  const mark = begin(r);
  expect(r, K.identifier);
  while (accept(r, T.dot)) expect(r, K.identifier);
  close(r, K.dottedName, mark);
}

function readImportedNames(r: Reader): void {
  do {
    if (is(r, T.closeParenthesis)) return;
    readImportedName(r);
    setField(r, F.name);
  } while (accept(r, T.comma));
}

function readImportedName(r: Reader): void {
  const mark = begin(r);
  readDottedName(r);
  if (!is(r, T.as)) return;
  setField(r, F.name);
  shift(r);
  if (!is(r, K.identifier)) giveUp();
  shiftWithField(r, F.alias);
  close(r, K.aliasedImport, mark);
}
