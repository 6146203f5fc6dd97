/** A regular expression taken apart and told in words, as the hover over a pattern shows it. */

type Item =
  | { readonly kind: "text"; readonly text: string }
  /** What one character may be: alone, and after a number. */
  | { readonly kind: "one"; readonly alone: string; readonly many: string }
  | { readonly kind: "place"; readonly says: string }
  | { readonly kind: "again"; readonly label: string }
  | { readonly kind: "group"; readonly label: string; readonly branches: readonly Branch[] }
  | {
      readonly kind: "repeat";
      readonly item: Item;
      readonly least: number;
      readonly most: number;
      readonly how: string;
    };
type Branch = readonly Item[];

export interface ParsedPattern {
  readonly branches: readonly Branch[];
  readonly groups: number;
  readonly flags: string;
}

class NotUnderstood extends Error {}

const fail = (): never => {
  throw new NotUnderstood();
};

/** Undefined for what `re` would refuse or this does not know. */
export function parsePattern(source: string, flags = ""): ParsedPattern | undefined {
  try {
    const leading = /^(?:\(\?[aimsx]+\))*/.exec(source)![0];
    const all = flags + leading.replace(/[^aimsx]/g, "");
    const parser = new Parser(source.slice(leading.length), all);
    return { branches: parser.whole(), groups: parser.groups, flags: all };
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
}

const CATEGORIES: Readonly<Record<string, readonly [string, string]>> = {
  d: ["digit", "digits"],
  D: ["non-digit", "non-digits"],
  w: ["word character", "word characters"],
  W: ["non-word character", "non-word characters"],
  s: ["white space", "white space"],
  S: ["non-space", "non-spaces"],
};
const PLACES: Readonly<Record<string, string>> = {
  A: "start of text",
  Z: "very end of text",
  b: "word boundary",
  B: "no word boundary",
};
const CONTROLS: Readonly<Record<string, string>> = { a: "\x07", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };
const UNLIMITED = Infinity;
const DEEPEST = 40;

class Parser {
  groups = 0;
  private at = 0;
  private depth = 0;
  private readonly names = new Map<string, number>();
  private readonly closed = new Set<number>();
  private isBehind = false;

  constructor(
    private readonly source: string,
    private flags: string,
  ) {}

  whole(): readonly Branch[] {
    const branches = this.branches();
    return this.at < this.source.length ? fail() : branches;
  }

  private take(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** @param pattern a sticky one: it looks nowhere else */
  private takeAll(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private branches(): readonly Branch[] {
    if (++this.depth > DEEPEST) fail();
    const found = [this.branch()];
    while (this.take("|")) found.push(this.branch());
    this.depth--;
    return found;
  }

  private branch(): Branch {
    const items: Item[] = [];
    while (this.at < this.source.length && !"|)".includes(this.source[this.at]!)) {
      if (this.flags.includes("x") && this.takeAll(/[ \t\n\r\v\f]+|#(?:[^\n\\]|\\[\s\S])*/y) !== undefined) continue;
      const repeat = this.repeat();
      if (repeat) {
        const item = items.pop();
        if (!item || item.kind === "place" || item.kind === "repeat") return fail();
        items.push({ kind: "repeat", item, ...repeat });
        continue;
      }
      const item = this.item();
      if (item) items.push(item);
    }
    return items;
  }

  private repeat(): { readonly least: number; readonly most: number; readonly how: string } | undefined {
    const sign = this.takeAll(/[*+?]|\{(?:\d+(?:,\d*)?|,\d*)\}/y);
    if (sign === undefined) return undefined;
    const how = this.take("?") ? " (as few as possible)" : this.take("+") ? " (gives none back)" : "";
    const [first, second] = sign.slice(1, -1).split(",");
    const bounds =
      sign === "*"
        ? [0, UNLIMITED]
        : sign === "+"
          ? [1, UNLIMITED]
          : sign === "?"
            ? [0, 1]
            : [Number(first || 0), second === undefined ? Number(first) : second === "" ? UNLIMITED : Number(second)];
    const [least, most] = bounds as [number, number];
    return least > most || least > 1e9 || (most > 1e9 && most !== UNLIMITED) ? fail() : { least, most, how };
  }

  private item(): Item | undefined {
    const char = String.fromCodePoint(this.source.codePointAt(this.at)!);
    this.at += char.length;
    const isLines = this.flags.includes("m");
    if (char === "\\") return this.escape();
    if (char === "[") return this.set();
    if (char === "(") return this.group();
    if (char === "^") return { kind: "place", says: isLines ? "start of a line" : "start" };
    if (char === "$") return { kind: "place", says: isLines ? "end of a line" : "end" };
    if (char !== ".") return { kind: "text", text: char };
    return this.flags.includes("s")
      ? { kind: "one", alone: "any character or newline", many: "of any characters or newlines" }
      : { kind: "one", alone: "any character", many: "of any characters" };
  }

  private escape(): Item {
    const digits = this.takeAll(/[0-3][0-7]{2}|0[0-7]?/y);
    if (digits !== undefined) return { kind: "text", text: String.fromCharCode(parseInt(digits, 8)) };
    if (this.takeAll(/[4-7][0-7]{2}/y) !== undefined) fail();
    const number = this.takeAll(/[1-9]\d?/y);
    if (number !== undefined) return this.again(Number(number), number);
    const letter = this.source[this.at] ?? fail();
    if (Object.hasOwn(PLACES, letter)) {
      this.at++;
      return { kind: "place", says: PLACES[letter]! };
    }
    if (!Object.hasOwn(CATEGORIES, letter)) return { kind: "text", text: this.character() };
    this.at++;
    const [alone, many] = CATEGORIES[letter]!;
    return { kind: "one", alone, many };
  }

  /** One escaped character, as inside a set. */
  private character(): string {
    const hex = this.takeAll(/x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y);
    if (hex !== undefined)
      return parseInt(hex.slice(1), 16) > 0x10ffff ? fail() : String.fromCodePoint(parseInt(hex.slice(1), 16));
    const char = String.fromCodePoint(this.source.codePointAt(this.at) ?? fail());
    this.at += char.length;
    return Object.hasOwn(CONTROLS, char) ? CONTROLS[char]! : /[A-Za-z0-9]/.test(char) ? fail() : char;
  }

  private set(): Item {
    const from = this.at;
    const isNegated = this.take("^");
    for (let isFirst = true; isFirst || !this.take("]"); isFirst = false) {
      const low = this.member();
      if (this.source[this.at] !== "-" || this.source[this.at + 1] === "]") continue;
      this.at++;
      const high = this.member();
      if (low === undefined || high === undefined || low.codePointAt(0)! > high.codePointAt(0)!) fail();
    }
    const inner = code(this.source.slice(from + (isNegated ? 1 : 0), this.at - 1));
    return isNegated
      ? { kind: "one", alone: `one not of ${inner}`, many: `not of ${inner}` }
      : { kind: "one", alone: `one of ${inner}`, many: `of ${inner}` };
  }

  /** A character of a set; undefined for a category. */
  private member(): string | undefined {
    const char = String.fromCodePoint(this.source.codePointAt(this.at) ?? fail());
    this.at += char.length;
    if (char !== "\\") return char;
    if (this.takeAll(/[dDwWsS]/y)) return undefined;
    if (this.take("b")) return "\b";
    const octal = this.takeAll(/[0-3][0-7]{2}|[0-7]{1,2}/y);
    return octal === undefined
      ? this.character()
      : /\d/.test(this.source[this.at] ?? "")
        ? fail()
        : String.fromCharCode(parseInt(octal, 8));
  }

  private group(): Item | undefined {
    if (!this.take("?")) return this.capture();
    if (this.take("#")) return this.takeAll(/(?:[^)\\]|\\[\s\S])*\)/y) === undefined ? fail() : undefined;
    if (this.take("P=")) {
      const name = this.takeAll(/[A-Za-z_]\w*(?=\))/y) ?? fail();
      this.take(")");
      return this.again(this.names.get(name) ?? 0, code(name));
    }
    if (this.take("P<")) {
      const name = this.takeAll(/[A-Za-z_]\w*(?=>)/y) ?? fail();
      this.take(">");
      return this.names.has(name) ? fail() : this.capture(name);
    }
    if (this.take(":")) return this.body("");
    if (this.take(">")) return this.body("without going back");
    if (this.take("=")) return this.body("followed by");
    if (this.take("!")) return this.body("not followed by");
    const behind = this.takeAll(/<[=!]/y);
    if (behind !== undefined) return this.behind(behind === "<=" ? "preceded by" : "not preceded by");
    const scoped = this.takeAll(/[ims]+:/y);
    return scoped === undefined ? fail() : this.scoped(scoped.slice(0, -1));
  }

  /** A reference to a group, which has to be complete. */
  private again(number: number, label: string): Item {
    return this.closed.has(number) && !this.isBehind ? { kind: "again", label: `group ${label} again` } : fail();
  }

  private capture(name?: string): Item {
    const number = ++this.groups;
    if (name !== undefined) this.names.set(name, number);
    const item = this.body(name === undefined ? `group ${number}` : `group ${code(name)}`);
    this.closed.add(number);
    return item;
  }

  private body(label: string): Item {
    const branches = this.branches();
    return this.take(")") ? { kind: "group", label, branches } : fail();
  }

  private behind(label: string): Item {
    const outer = this.isBehind;
    this.isBehind = true;
    const item = this.body(label);
    this.isBehind = outer;
    return item.kind === "group" && widthOfAll(item.branches) === undefined ? fail() : item;
  }

  private scoped(letters: string): Item {
    const outer = this.flags;
    this.flags += letters;
    const item = this.body(letters.includes("i") ? "case ignored" : "");
    this.flags = outer;
    return item;
  }
}

/** The number of characters that an item takes, if it is always the same. */
function widthOf(item: Item): number | undefined {
  if (item.kind === "text") return [...item.text].length;
  if (item.kind === "one") return 1;
  if (item.kind === "place") return 0;
  if (item.kind === "again") return undefined;
  if (item.kind === "repeat") {
    const width = widthOf(item.item);
    return width === undefined || item.least !== item.most ? (width === 0 ? 0 : undefined) : width * item.least;
  }
  return LOOKS.test(item.label) ? 0 : widthOfAll(item.branches);
}

const LOOKS = /(followed|preceded) by$/;

function widthOfAll(branches: readonly Branch[]): number | undefined {
  const widths = branches.map((branch) =>
    branch.map(widthOf).reduce((sum, it) => (sum === undefined || it === undefined ? undefined : sum + it), 0),
  );
  return widths.every((it) => it === widths[0]) ? widths[0] : undefined;
}

const LONGEST = 190;

/** One sentence on a pattern, shorter where it is long; undefined where it is not understood. */
export function explainPattern(source: string, flags = ""): string | undefined {
  const parsed = parsePattern(source, flags);
  if (!parsed || parsed.branches.every((it) => it.length === 0)) return undefined;
  const texts = [UNLIMITED, 2, 1, 0].map((depth) => told(parsed.branches, depth));
  const text = texts.find((it) => it.length <= LONGEST) ?? shortened(texts.at(-1)!);
  const notes = [
    parsed.flags.includes("i") ? " Case is ignored." : "",
    parsed.flags.includes("a") ? " Classes are ASCII only." : "",
  ];
  return text && `Matches ${text}.${notes.join("")}`;
}

/** Up to the last part that still fits, if no code is cut in two. */
function shortened(text: string): string | undefined {
  const cut = text.lastIndexOf(", ", LONGEST);
  const kept = text.slice(0, Math.max(cut, 0));
  return kept === "" || kept.split("`").length % 2 === 0 ? undefined : `${kept}, and more`;
}

function told(branches: readonly Branch[], depth: number): string {
  const parts = branches.map((branch) => merged(branch).map((it) => phrase(it, depth)));
  return parts
    .map((it) => (it.length === 0 ? "nothing" : it.join(", ")))
    .join(parts.every((it) => it.length < 2) ? " or " : "; or ");
}

/** Characters in a row as one text. */
function merged(branch: Branch): readonly Item[] {
  const items: Item[] = [];
  for (const item of branch) {
    const last = items.at(-1);
    if (item.kind === "text" && last?.kind === "text")
      items[items.length - 1] = { kind: "text", text: last.text + item.text };
    else items.push(item);
  }
  return items;
}

function phrase(item: Item, depth: number): string {
  if (item.kind === "text") return code(item.text);
  if (item.kind === "one") return item.alone;
  if (item.kind === "place") return item.says;
  if (item.kind === "again") return item.label;
  if (item.kind === "repeat") return repeated(item, depth);
  if (depth <= 0) return item.label || "(…)";
  const inner = told(item.branches, depth - 1);
  const isSingle =
    !item.label.startsWith("group") && item.branches.length === 1 && merged(item.branches[0]!).length < 2;
  return [item.label, isSingle ? inner : `(${inner})`].filter((it) => it !== "").join(" ");
}

function repeated({ item, least, most, how }: Item & { readonly kind: "repeat" }, depth: number): string {
  if (least === 0 && most === 1) return `optional ${phrase(item, depth)}${how}`;
  const count =
    least === most
      ? `${least}`
      : most === UNLIMITED
        ? least === 0
          ? "any number"
          : least === 1
            ? "one or more"
            : `${least} or more`
        : `${least} to ${most}`;
  const of = count === "any number" ? " of" : "";
  if (item.kind === "one") return `${count}${/^(not )?of /.test(item.many) ? "" : of} ${item.many}${how}`;
  return `${count}${of || " times"} ${phrase(item, depth)}${how}`;
}

/** Text as code: control characters spelled out, blanks at the ends kept visible by quotes. */
function code(text: string): string {
  const shown = text.replace(
    /[\x00-\x1f\x7f]/g,
    (it) => SPELLED[it] ?? `\\x${it.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  const quoted = shown.trim() === shown && shown !== "" ? shown : `'${shown}'`;
  return quoted.includes("`") ? `\`\` ${quoted} \`\`` : `\`${quoted}\``;
}

const SPELLED: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t", "\f": "\\f", "\v": "\\v", "\r": "\\r" };
