/** Reads the parameters of a function or lambda. */

import { F, K, T } from "./ids.generated.js";
import { begin, close, giveUp, is, type Reader, setField } from "./reader.js";
import { accept, expect, shift } from "./tokens.js";

type Read = (r: Reader) => void;

/** Up to `closing`, which is left to the caller. Only with `readType` may parameters be annotated. */
export function readParameters(r: Reader, closing: number, readValue: Read, readType: Read | undefined): void {
  while (!is(r, closing)) {
    readParameter(r, readValue, readType);
    if (!accept(r, T.comma)) return;
  }
}

function readParameter(r: Reader, readValue: Read, readType: Read | undefined): void {
  const mark = begin(r);
  switch (r.token) {
    case K.identifier:
      return readPlainParameter(r, mark, readValue, readType);
    case T.slash:
      shift(r);
      return close(r, K.positionalSeparator, mark);
    case T.star:
      shift(r);
      if (!is(r, K.identifier)) return close(r, K.keywordSeparator, mark);
      shift(r);
      close(r, K.listSplatPattern, mark);
      return readAnnotation(r, mark, readType);
    case T.starStar:
      shift(r);
      expect(r, K.identifier);
      close(r, K.dictionarySplatPattern, mark);
      return readAnnotation(r, mark, readType);
    default:
      giveUp();
  }
}

function readPlainParameter(r: Reader, mark: number, readValue: Read, readType: Read | undefined): void {
  shift(r);
  const isTyped = readType !== undefined && is(r, T.colon);
  const name = r.count - 1;
  if (isTyped) {
    shift(r);
    readType(r);
    setField(r, F.type);
  }
  if (!is(r, T.equal)) {
    if (isTyped) close(r, K.typedParameter, mark);
    return;
  }
  r.fields[name] = F.name;
  shift(r);
  readValue(r);
  setField(r, F.value);
  close(r, isTyped ? K.typedDefaultParameter : K.defaultParameter, mark);
}

function readAnnotation(r: Reader, mark: number, readType: Read | undefined): void {
  if (readType === undefined || !is(r, T.colon)) return;
  shift(r);
  readType(r);
  setField(r, F.type);
  close(r, K.typedParameter, mark);
}
