/**
 * Where the keys and values of a TOML text stand. What they mean is for a TOML reader to say; this one is asked for places, also in a text that is being typed:
 * a line that it does not understand is passed over.
 */

import type { Range } from "./range.js";

export interface TomlEntry {
  /** From the root on; an element of a list is named by its number. */
  readonly path: readonly string[];
  /** What is written here of the path, part by part with its quotes: the last ones of it. Empty for an element of a list. */
  readonly parts: readonly Range[];
  /** Undefined for the header of a table, and where there is no `=` yet. */
  readonly value?: Range;
  /** What stands for a table: from a header to the next one, or between braces. */
  readonly body?: Range;
}

export interface TomlMap {
  /** In the order of the text. */
  readonly entries: readonly TomlEntry[];
  /** In the order of the text. */
  readonly comments: readonly Range[];
  /** The key that ends a path, wherever it is written first. */
  keyOf(path: readonly string[]): Range | undefined;
  valueOf(path: readonly string[]): Range | undefined;
}

/** Nobody nests or joins more. */
const DEEPEST = 30;

export function mapToml(text: string): TomlMap {
  const { entries, comments } = new TomlScanner(text);
  const keys = new Map<string, Range>();
  const values = new Map<string, Range>();
  for (const { path, parts, value } of entries) {
    const above = path.length - parts.length;
    parts.forEach((range, index) => {
      const name = nameOf(path.slice(0, above + index + 1));
      if (!keys.has(name)) keys.set(name, range);
    });
    if (value && !values.has(nameOf(path))) values.set(nameOf(path), value);
  }
  return {
    entries,
    comments,
    keyOf: (path) => keys.get(nameOf(path)),
    valueOf: (path) => values.get(nameOf(path)),
  };
}

function nameOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

interface Key {
  readonly names: readonly string[];
  readonly parts: readonly Range[];
}

class TomlScanner {
  readonly entries: TomlEntry[] = [];
  readonly comments: Range[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    let table: readonly string[] = [];
    /** The header whose table is being read: its end is known at the next one. */
    let open: { readonly header: Omit<TomlEntry, "body">; readonly start: number } | undefined;
    const close = (end: number) => open && this.entries.push({ ...open.header, body: { start: open.start, end } });
    for (this.#skip(/[\s]|#/y); this.#at < text.length; this.#skip(/[\s]|#/y)) {
      const start = this.#at;
      if (text[start] === "[") {
        close(start);
        this.#at += text[start + 1] === "[" ? 2 : 1;
        const { names, parts } = this.#key();
        this.#toLineEnd();
        table = names;
        open = { header: { path: names, parts }, start: this.#at };
      } else if (this.#entry(table, 0)) this.#toLineEnd();
      else this.#toLineEnd();
    }
    close(text.length);
    this.entries.sort((a, b) => startOf(a) - startOf(b));
  }

  /** `key = value`; false where there is no key. */
  #entry(above: readonly string[], depth: number): boolean {
    const { names, parts } = this.#key();
    if (names.length === 0) return false;
    const path = [...above, ...names];
    this.#skip(/[ \t]/y);
    if (this.#text[this.#at] !== "=") {
      this.entries.push({ path, parts });
      return true;
    }
    this.#at++;
    this.#skip(/[ \t]/y);
    this.#value(path, parts, depth);
    return true;
  }

  #value(path: readonly string[], parts: readonly Range[], depth: number): void {
    const start = this.#at;
    const mark = this.#text[start];
    const nested: TomlEntry[] = [];
    const isDeep = depth >= DEEPEST;
    if ((mark === "[" || mark === "{") && !isDeep) {
      const closing = mark === "[" ? "]" : "}";
      const before = this.entries.length;
      this.#at++;
      for (let index = 0; ; index++) {
        this.#skip(/[\s,]|#/y);
        const here = this.#at;
        if (here >= this.#text.length || this.#text[here] === closing) break;
        if (mark === "[") this.#value([...path, String(index)], [], depth + 1);
        else this.#entry(path, depth + 1);
        // What is neither key nor value, and what belongs to somebody else.
        if (this.#at === here) break;
      }
      if (this.#text[this.#at] === closing) this.#at++;
      nested.push(...this.entries.splice(before));
    } else if (mark === '"' || mark === "'") this.#string();
    else this.#take(/[^,\]}#\r\n]*/y);
    const end = start + this.#text.slice(start, this.#at).trimEnd().length;
    const value = { start, end };
    this.entries.push({ path, parts, value, ...(mark === "{" && { body: value }) });
    this.entries.push(...nested);
  }

  #key(): Key {
    const names: string[] = [];
    const parts: Range[] = [];
    while (names.length < DEEPEST) {
      this.#skip(/[ \t]/y);
      const start = this.#at;
      const mark = this.#text[start];
      if (mark === '"' || mark === "'") this.#string();
      else this.#take(/[\w-]*/y);
      if (this.#at === start) break;
      parts.push({ start, end: this.#at });
      names.push(unquoted(this.#text.slice(start, this.#at)));
      this.#skip(/[ \t]/y);
      if (this.#text[this.#at] !== ".") break;
      this.#at++;
    }
    return { names, parts };
  }

  /** Of one line, unless it has three quotes. */
  #string(): void {
    const mark = this.#text[this.#at]!;
    if (this.#text.startsWith(mark.repeat(3), this.#at)) {
      this.#at += 3;
      const end = this.#text.indexOf(mark.repeat(3), this.#at);
      this.#at = end < 0 ? this.#text.length : end + 3;
      this.#take(mark === '"' ? /"{0,2}/y : /'{0,2}/y);
      return;
    }
    this.#at++;
    this.#take(mark === '"' ? /(?:[^"\\\r\n]|\\[^\r\n])*"?/y : /[^'\r\n]*'?/y);
  }

  #take(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    this.#at += pattern.exec(this.#text)?.[0].length ?? 0;
  }

  /** Characters that fit, and whole comments where they may stand. */
  #skip(pattern: RegExp): void {
    for (; this.#at < this.#text.length; this.#at++) {
      pattern.lastIndex = this.#at;
      if (!pattern.test(this.#text)) return;
      if (this.#text[this.#at] === "#") this.#comment();
    }
  }

  #comment(): void {
    const start = this.#at;
    this.#take(/[^\r\n]*/y);
    this.comments.push({ start, end: this.#at });
  }

  #toLineEnd(): void {
    this.#take(/[^#\r\n]*/y);
    if (this.#text[this.#at] === "#") this.#comment();
    this.#take(/[^\r\n]*(?:\r\n|\r|\n)?/y);
  }
}

function startOf({ parts, value }: TomlEntry): number {
  return parts[0]?.start ?? value?.start ?? 0;
}

function unquoted(key: string): string {
  if (key.startsWith('"')) {
    try {
      return JSON.parse(key) as string;
    } catch {
      return key.replace(/^"|"$/g, "");
    }
  }
  return key.replace(/^'|'$/g, "");
}
