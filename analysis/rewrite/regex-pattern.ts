/** Reads patterns of Python's `re` into a tree, over an alphabet of the signs that can make a difference in them. */

/** A set of signs: one bit for each place in the alphabet of the pattern. */
export type Signs = bigint;

/** A part of a pattern: one sign, a place, or what is made of parts. */
export type Part =
  | { readonly kind: "sign"; readonly signs: Signs; readonly text: string; readonly merges: boolean }
  | { readonly kind: "sequence"; readonly parts: readonly Part[] }
  | { readonly kind: "choice"; readonly options: readonly Part[] }
  | {
      readonly kind: "repeat";
      readonly part: Part;
      readonly least: number;
      readonly most: number;
      readonly isLazy: boolean;
      readonly isPossessive: boolean;
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: "group"; readonly part: Part; readonly index: number }
  | { readonly kind: "atomic"; readonly part: Part }
  | { readonly kind: "place"; readonly place: string }
  | { readonly kind: "look"; readonly part: Part; readonly isBehind: boolean; readonly isNegative: boolean }
  | { readonly kind: "back"; readonly index: number };

export type RepeatPart = Extract<Part, { kind: "repeat" }>;

/** A pattern as a tree. */
export interface Pattern {
  readonly root: Part;
  /** The signs, as code points; a set is made of places in it. */
  readonly alphabet: readonly number[];
  readonly groups: number;
  readonly flags: string;
}

/** A letter, a digit, a space and another sign beyond ASCII stand for all that the pattern does not name. */
const BEYOND = [0xe9, 0x663, 0x2003, 0x2603];
const LONGEST = 2000;

/**
 * The tree of a pattern. Undefined for what Python does not take, or takes by rules that are not known here.
 * @param flags the letters of the flags: `i` for re.IGNORECASE, `x` for re.VERBOSE …
 */
export function parsePattern(source: string, flags = ""): Pattern | undefined {
  if (source.length > LONGEST) return undefined;
  const leading = /^\(\?([aiLmsux]+)\)/.exec(source)?.[1] ?? "";
  try {
    return new Reader(source, flags + leading).read();
  } catch (error) {
    if (error instanceof NotRead) return undefined;
    throw error;
  }
}

class NotRead extends Error {}

class Reader {
  private at = 0;
  private groups = 0;
  private depth = 0;
  private readonly names = new Map<string, number>();
  private readonly alphabet: readonly number[];

  constructor(
    private readonly source: string,
    private readonly flags: string,
  ) {
    const named = [...source].map((it) => it.codePointAt(0)!).filter((it) => it > 127);
    for (const [, four, eight] of source.matchAll(/\\u([\dA-Fa-f]{4})|\\U([\dA-Fa-f]{8})/g)) {
      const code = parseInt(four ?? eight ?? "", 16);
      if (code > 127 && code <= 0x10ffff) named.push(code);
    }
    this.alphabet = [...new Set([...Array.from({ length: 128 }, (_, index) => index), ...BEYOND, ...named])];
    if (this.alphabet.length > 250) throw new NotRead();
  }

  read(): Pattern {
    const root = this.choice();
    if (this.at < this.source.length) throw new NotRead();
    return { root, alphabet: this.alphabet, groups: this.groups, flags: this.flags };
  }

  private get next(): string {
    return this.source[this.at] ?? "";
  }

  private eats(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private upTo(text: string): string {
    const end = this.source.indexOf(text, this.at);
    if (end < 0) throw new NotRead();
    const found = this.source.slice(this.at, end);
    this.at = end + text.length;
    return found;
  }

  private choice(): Part {
    if (++this.depth > 60) throw new NotRead();
    const options: Part[][] = [this.sequence()];
    while (this.eats("|")) options.push(this.sequence());
    this.depth--;
    if (options.length === 1) return sequenceOf(options[0]!);
    // As Python does it: what all begin with is tried once, and single signs become one set.
    const common: Part[] = [];
    while (options.every((it) => it.length > 0 && isSame(it[0]!, options[0]![0]!))) {
      common.push(options[0]![0]!);
      for (const it of options) it.shift();
    }
    const single = options.map((it) =>
      it.length === 1 && it[0]!.kind === "sign" && it[0]!.merges ? it[0]! : undefined,
    );
    if (single.every((it) => it !== undefined)) {
      const signs = single.reduce((all, it) => all | (it.kind === "sign" ? it.signs : 0n), 0n);
      return sequenceOf([...common, { kind: "sign", signs, text: "", merges: false }]);
    }
    return sequenceOf([...common, { kind: "choice", options: options.map(sequenceOf) }]);
  }

  private sequence(): Part[] {
    const parts: Part[] = [];
    while (this.at < this.source.length && this.next !== "|" && this.next !== ")") {
      const start = this.at;
      const part = this.item();
      if (part) parts.push(this.repeated(part, start));
    }
    return parts;
  }

  private skipsSpace(): boolean {
    if (!this.flags.includes("x")) return false;
    const before = this.at;
    while (/\s/.test(this.next)) this.at++;
    if (this.next === "#") {
      const end = this.source.indexOf("\n", this.at);
      this.at = end < 0 ? this.source.length : end + 1;
    }
    return this.at > before;
  }

  private repeated(part: Part, start: number): Part {
    let found = part;
    for (;;) {
      while (this.skipsSpace());
      const bounds = this.bounds();
      if (!bounds) return found;
      // A repeat of a repeat, or of a place, needs a group around it.
      if (found !== part || (part.kind === "place" && this.source[start] !== "(") || bounds.most < bounds.least)
        throw new NotRead();
      const isLazy = this.eats("?");
      const isPossessive = !isLazy && this.eats("+");
      found = { kind: "repeat", part: found, ...bounds, isLazy, isPossessive, start, end: this.at };
    }
  }

  private bounds(): { least: number; most: number } | undefined {
    if (this.eats("*")) return { least: 0, most: Infinity };
    if (this.eats("+")) return { least: 1, most: Infinity };
    if (this.eats("?")) return { least: 0, most: 1 };
    const match = /^\{(\d*)(?:(,)(\d*))?\}/.exec(this.source.slice(this.at, this.at + 16));
    if (!match || (match[1] === "" && match[2] === undefined)) return undefined;
    this.at += match[0].length;
    const least = Number(match[1]);
    return { least, most: match[2] === undefined ? least : match[3] === "" ? Infinity : Number(match[3]) };
  }

  private item(): Part | undefined {
    if (this.skipsSpace()) return undefined;
    const start = this.at;
    const sign = String.fromCodePoint(this.source.codePointAt(this.at)!);
    this.at += sign.length;
    switch (sign) {
      case "(":
        return this.group();
      case "[":
        return this.set(start);
      case ".":
        return this.sign((code) => code !== 10 || this.flags.includes("s"), ".", false);
      case "^":
        return { kind: "place", place: this.flags.includes("m") ? "line start" : "start" };
      case "$":
        return { kind: "place", place: this.flags.includes("m") ? "line end" : "end" };
      case "\\":
        return this.escape();
      case "*":
      case "+":
      case "?":
        throw new NotRead();
      default:
        return this.literal(sign.codePointAt(0)!, sign);
    }
  }

  private literal(code: number, text: string): Part {
    const place = this.alphabet.indexOf(code);
    if (place >= 0 && !this.flags.includes("i"))
      return { kind: "sign", signs: 1n << BigInt(place), text, merges: true };
    return this.sign((it) => it === code, text, true);
  }

  private sign(has: (code: number) => boolean, text: string, merges: boolean): Part {
    return { kind: "sign", signs: this.signsOf(has), text, merges };
  }

  private signsOf(has: (code: number) => boolean): Signs {
    const either = this.flags.includes("i")
      ? (code: number) => {
          const letter = String.fromCodePoint(code);
          return has(code) || has(letter.toLowerCase().codePointAt(0)!) || has(letter.toUpperCase().codePointAt(0)!);
        }
      : has;
    return this.alphabet.reduce((all, code, index) => (either(code) ? all | (1n << BigInt(index)) : all), 0n);
  }

  private group(): Part | undefined {
    if (!this.eats("?")) return this.closed({ kind: "group", index: ++this.groups, part: this.choice() });
    if (this.eats("#")) {
      this.upTo(")");
      return undefined;
    }
    if (this.eats(":")) return this.closed(this.choice());
    if (this.eats(">")) return this.closed({ kind: "atomic", part: this.choice() });
    if (this.eats("P<")) {
      const name = this.upTo(">");
      if (this.names.has(name) || !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) throw new NotRead();
      this.names.set(name, ++this.groups);
      return this.closed({ kind: "group", index: this.groups, part: this.choice() });
    }
    if (this.eats("P=")) {
      const index = this.names.get(this.upTo(")"));
      if (index === undefined) throw new NotRead();
      return { kind: "back", index };
    }
    for (const [mark, isBehind, isNegative] of LOOKS)
      if (this.eats(mark)) {
        const part = this.choice();
        if (isBehind && widthOf(part) === undefined) throw new NotRead();
        return this.closed({ kind: "look", isBehind, isNegative, part });
      }
    const global = /^[aimsux]+\)/.exec(this.source.slice(this.at, this.at + 10));
    if (!global || this.at !== 2) throw new NotRead();
    this.at += global[0].length;
    return undefined;
  }

  private closed(part: Part): Part {
    if (!this.eats(")")) throw new NotRead();
    return part;
  }

  private escape(): Part {
    const sign = this.next;
    const start = this.at - 1;
    if (/[AZz]/.test(sign)) {
      this.at++;
      return { kind: "place", place: sign === "A" ? "start" : "very end" };
    }
    if (sign === "b" || sign === "B") {
      this.at++;
      return { kind: "place", place: sign === "b" ? "word edge" : "no word edge" };
    }
    if (/[1-9]/.test(sign)) {
      this.at++;
      if (/\d/.test(this.next) || Number(sign) > this.groups) throw new NotRead();
      return { kind: "back", index: Number(sign) };
    }
    const has = this.escaped();
    const text = this.source.slice(start, this.at);
    return typeof has === "number" ? this.literal(has, text) : this.sign(has, text, true);
  }

  /** A code point, or a kind of signs. Stands behind the backslash. */
  private escaped(): number | ((code: number) => boolean) {
    const sign = this.next;
    this.at++;
    const kind = this.kindOf(sign);
    if (kind) return kind;
    const length = { x: 2, u: 4, U: 8 }[sign];
    if (length) {
      const digits = this.source.slice(this.at, this.at + length);
      this.at += length;
      if (!/^[\dA-Fa-f]+$/.test(digits) || digits.length < length) throw new NotRead();
      return parseInt(digits, 16);
    }
    const plain = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7, "0": 0 }[sign];
    if (plain !== undefined) return plain;
    if (sign === "" || /[A-Za-z\d]/.test(sign)) throw new NotRead();
    return sign.codePointAt(0)!;
  }

  private kindOf(sign: string): ((code: number) => boolean) | undefined {
    const isAscii = this.flags.includes("a");
    const of = (kind: RegExp) => (code: number) => (!isAscii || code < 128) && kind.test(String.fromCodePoint(code));
    const kinds: Readonly<Record<string, RegExp>> = { w: /[\p{L}\p{N}_]/u, d: /\p{Nd}/u, s: /\s/ };
    const kind = kinds[sign.toLowerCase()];
    if (!kind || !/[wdsWDS]/.test(sign)) return undefined;
    const has = of(kind);
    return sign === sign.toLowerCase() ? has : (code) => !has(code);
  }

  private set(start: number): Part {
    const isNegative = this.eats("^");
    const ranges: ((code: number) => boolean)[] = [];
    let isFirst = true;
    while (isFirst || this.next !== "]") {
      if (this.at >= this.source.length) throw new NotRead();
      isFirst = false;
      const low = this.member();
      const isRange = this.next === "-" && this.source[this.at + 1] !== "]" && this.at + 1 < this.source.length;
      if (isRange && typeof low !== "number") throw new NotRead();
      if (!isRange || typeof low !== "number") {
        ranges.push(typeof low === "number" ? (code) => code === low : low);
        continue;
      }
      this.at++;
      const high = this.member();
      if (typeof high !== "number" || high < low) throw new NotRead();
      ranges.push((code) => low <= code && code <= high);
    }
    this.at++;
    const has = (code: number) => ranges.some((it) => it(code));
    const signs = this.signsOf(has);
    const all = (1n << BigInt(this.alphabet.length)) - 1n;
    return {
      kind: "sign",
      signs: isNegative ? all & ~signs : signs,
      text: this.source.slice(start, this.at),
      merges: !isNegative,
    };
  }

  private member(): number | ((code: number) => boolean) {
    if (this.eats("\\")) {
      if (this.eats("b")) return 8;
      return this.escaped();
    }
    const code = this.source.codePointAt(this.at)!;
    this.at += code > 0xffff ? 2 : 1;
    return code;
  }
}

const LOOKS: readonly (readonly [string, boolean, boolean])[] = [
  ["=", false, false],
  ["!", false, true],
  ["<=", true, false],
  ["<!", true, true],
];

/** How many signs it takes, where that is one number: what a look-behind needs. */
function widthOf(part: Part): number | undefined {
  const sumOf = (widths: readonly (number | undefined)[]) =>
    widths.reduce((sum, it) => (sum === undefined || it === undefined ? undefined : sum + it), 0);
  switch (part.kind) {
    case "sign":
      return 1;
    case "sequence":
      return sumOf(part.parts.map(widthOf));
    case "choice": {
      const [first, ...others] = part.options.map(widthOf);
      return others.every((it) => it === first) ? first : undefined;
    }
    case "repeat": {
      const width = widthOf(part.part);
      return part.least === part.most && width !== undefined ? width * part.least : width === 0 ? 0 : undefined;
    }
    case "group":
    case "atomic":
      return widthOf(part.part);
    case "place":
    case "look":
      return 0;
    case "back":
      return undefined;
  }
}

function sequenceOf(parts: readonly Part[]): Part {
  return parts.length === 1 ? parts[0]! : { kind: "sequence", parts };
}

function isSame(a: Part, b: Part): boolean {
  return a.kind === "sign" && b.kind === "sign" && a.text !== "" && a.text === b.text;
}
