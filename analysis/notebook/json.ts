/** Reads out of a JSON text what is asked for, with its place, and checks all the rest without keeping it: a notebook is mostly pictures, and may come from anybody. */

export interface JsonString {
  readonly kind: "string";
  readonly value: string;
  /** Between the quotes. */
  readonly start: number;
  readonly end: number;
}

export interface JsonList {
  readonly kind: "list";
  /** Behind the opening bracket. */
  readonly start: number;
  readonly items: readonly Json[];
}

export interface JsonTable {
  readonly kind: "table";
  /** The members that were asked for. As everywhere, of those with one name the last one counts. */
  readonly members: ReadonlyMap<string, Json>;
}

export type Json = JsonString | JsonList | JsonTable | { readonly kind: "other" };

/** The members that are asked for, and of these again. What holds for a list holds for each of its items. */
export interface Sieve {
  readonly [name: string]: Sieve;
}

export class BadJson extends Error {
  override readonly name = "BadJson";

  constructor(
    readonly what: "broken" | "deep" | "full",
    readonly offset: number,
  ) {
    super(what);
  }
}

/** No notebook nests so deeply. */
const DEEPEST = 250;
/** Values that are kept: each line of code is one. */
const MOST_KEPT = 1_000_000;

const [QUOTE, BACKSLASH, SPACE] = [34, 92, 32];
const BLANKS = /[ \t\r\n]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
/** Python writes numbers that are none, and Jupyter with it. */
const PLAIN = /true|false|null|NaN|-?Infinity|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** @throws BadJson */
export function readJson(text: string, sieve: Sieve): Json {
  let at = 0;
  let kept = 0;

  const fail = (what: BadJson["what"] = "broken"): never => {
    throw new BadJson(what, at);
  };
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.test(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const take = (sign: string): boolean => {
    skip(BLANKS);
    if (text[at] !== sign) return false;
    at++;
    return true;
  };

  const string = (isWanted: boolean): JsonString | undefined => {
    const start = ++at;
    let isPlain = true;
    for (let code = text.charCodeAt(at); code !== QUOTE; code = text.charCodeAt(at)) {
      if (code === BACKSLASH) {
        isPlain = false;
        if (!skip(ESCAPE)) fail();
      } else if (code >= SPACE) at++;
      // Also where the text is at its end.
      else fail();
    }
    const end = at++;
    if (!isWanted) return undefined;
    const value = isPlain ? text.slice(start, end) : (JSON.parse(text.slice(start - 1, at)) as string);
    return { kind: "string", value, start, end };
  };

  const list = (wanted: Sieve | undefined, depth: number): JsonList => {
    const start = ++at;
    const items: Json[] = [];
    if (take("]")) return { kind: "list", start, items };
    do {
      const item = value(wanted, depth);
      if (item) items.push(item);
    } while (take(","));
    return take("]") ? { kind: "list", start, items } : fail();
  };

  const table = (wanted: Sieve | undefined, depth: number): JsonTable => {
    at++;
    const members = new Map<string, Json>();
    if (take("}")) return { kind: "table", members };
    do {
      skip(BLANKS);
      const name = text.charCodeAt(at) === QUOTE ? string(wanted !== undefined) : fail();
      if (!take(":")) fail();
      const inner = wanted && name && Object.hasOwn(wanted, name.value) ? wanted[name.value] : undefined;
      const member = value(inner, depth);
      if (member && name) members.set(name.value, member);
    } while (take(","));
    return take("}") ? { kind: "table", members } : fail();
  };

  const value = (wanted: Sieve | undefined, depth: number): Json | undefined => {
    skip(BLANKS);
    if (depth > DEEPEST) fail("deep");
    if (wanted && ++kept > MOST_KEPT) fail("full");
    const sign = text[at];
    const found =
      sign === '"'
        ? string(wanted !== undefined)
        : sign === "["
          ? list(wanted, depth + 1)
          : sign === "{"
            ? table(wanted, depth + 1)
            : skip(PLAIN)
              ? OTHER
              : fail();
    return wanted && found;
  };

  const found = value(sieve, 0) ?? OTHER;
  skip(BLANKS);
  return at === text.length ? found : fail();
}

const OTHER: Json = { kind: "other" };
