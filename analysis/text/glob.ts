/**
 * The globs of settings and comments: `*` and `?` within a name, `**` over folders, `[a-z]`, `[!a-z]`, `{a,b}`, `{a..c}`, `(a|b)`, `@(a|b)`, `?(a)`, `*(a)`, `+(a)`,
 * a backslash before what is meant as it stands, and `!` in front for all that does not match. A wildcard does not match the dot of a hidden name.
 */

import { readSet, wildcardMatcher, type Part } from "./wildcards.js";

/** No glob that somebody wrote is nearly as long. */
const LONGEST_GLOB = 500;

export interface Glob {
  /** A glob that is not understood fits nothing. */
  readonly fits: (text: string) => boolean;
  /** Why it is not understood: the end of a sentence about it. */
  readonly problem?: string;
}

export interface GlobOptions {
  /** Whether a glob that fits a folder fits all that lies in it. */
  readonly includesBelow?: boolean;
}

/** Without a star it is a plain name. */
export function readGlob(glob: string, { includesBelow = false }: GlobOptions = {}): Glob {
  if (glob.length > LONGEST_GLOB) return refused(`is longer than ${LONGEST_GLOB} characters`);
  if (glob === "*") return { fits: () => true };
  if (!glob.includes("*"))
    return { fits: includesBelow ? (path) => path === glob || path.startsWith(`${glob}/`) : (text) => text === glob };
  const marks = /^!*(?!\()/.exec(glob)?.[0].length ?? 0;
  const { parts, problem } = new GlobReader(glob, marks).read();
  if (problem !== undefined) return refused(problem);
  const fits = wildcardMatcher(parts, { hidesDots: true, includesBelow });
  return { fits: marks % 2 === 0 ? fits : (text) => !fits(text) };
}

function refused(problem: string): Glob {
  return { fits: () => false, problem };
}

const SLASH: Part = { is: "character", code: 47 };
const NAMES: Part = { is: "many", crosses: true };
const WITHIN_NAME: Part = { is: "many", crosses: false };

class GlobReader {
  readonly #text: string;
  #at: number;
  #problem: string | undefined;

  constructor(text: string, start: number) {
    this.#text = text;
    this.#at = start;
  }

  read(): { readonly parts: readonly Part[]; readonly problem: string | undefined } {
    const parts = this.#sequence("");
    return { parts, problem: this.#problem };
  }

  /** Up to the end, or to one of the closing characters. */
  #sequence(closing: string): Part[] {
    const parts: Part[] = [];
    const start = this.#at;
    while (this.#at < this.#text.length && !closing.includes(this.#text[this.#at]!)) {
      const beginsName = this.#at === 0 || (this.#at === start && closing === "") || this.#text[this.#at - 1] === "/";
      parts.push(...this.#next(beginsName, parts));
    }
    return parts;
  }

  #next(beginsName: boolean, before: Part[]): readonly Part[] {
    const mark = this.#text[this.#at]!;
    if ("@?*+!".includes(mark) && this.#text[this.#at + 1] === "(") return this.#group(mark);
    if (mark === "*") return this.#stars(beginsName, before);
    if (mark === "?") return this.#step({ is: "one" });
    if (mark === "(") return this.#group("@");
    if (mark === "{") return this.#braces();
    if (mark === "[") return this.#set();
    if (mark === "\\" && this.#at + 1 < this.#text.length) this.#at++;
    return this.#step(characterAt(this.#text, this.#at));
  }

  #step(part: Part, length = 1): readonly Part[] {
    this.#at += length;
    return [part];
  }

  /** Two stars in place of a name stand for any folders, the slash around them included, and so they do before `{` and in `**.py`; all others are one star. */
  #stars(beginsName: boolean, before: Part[]): readonly Part[] {
    const start = this.#at;
    while (this.#text[this.#at] === "*" && this.#text[this.#at + 1] !== "(") this.#at++;
    const count = this.#at - start;
    const next = this.#text[this.#at];
    const crosses = next === undefined || next === "/" || next === "{" || /^\*\*\.\w+$/.test(this.#text);
    if (count !== 2 || !beginsName || !crosses) return [WITHIN_NAME];
    if (next === "/") {
      // `**/**/` says no more than `**/`.
      while (this.#text.startsWith("/**/", this.#at)) this.#at += 3;
      this.#at++;
      if (this.#text.slice(this.#at) !== "**") return [{ is: "choice", of: [[NAMES, SLASH]], isOptional: true }];
      this.#at += 2;
    }
    // `a/**` is `a` too; `*/**` asks for a folder.
    if (this.#at < this.#text.length || before.length < 2 || before.at(-2)!.is === "many") return [NAMES];
    before.pop();
    return [{ is: "choice", of: [[SLASH, NAMES]], isOptional: true }];
  }

  #set(): readonly Part[] {
    const set = readSet(this.#text, this.#at);
    return set ? this.#step({ is: "set", holds: set.holds }, set.end - this.#at) : this.#step(characterAt("[", 0));
  }

  #group(mark: string): readonly Part[] {
    const open = this.#at;
    if (mark === "!") this.#problem = "uses !(…), which is not supported";
    this.#at = this.#text.indexOf("(", open) + 1;
    const of = [this.#sequence("|)")];
    while (this.#text[this.#at] === "|") {
      this.#at++;
      of.push(this.#sequence("|)"));
    }
    if (this.#text[this.#at] !== ")") this.#problem ??= 'has a "(" that is not closed';
    this.#at++;
    return [{ is: "choice", of, isOptional: mark === "?" || mark === "*", repeats: mark === "*" || mark === "+" }];
  }

  #braces(): readonly Part[] {
    const range = /^\{(.)\.\.(.)\}/.exec(this.#text.slice(this.#at, this.#at + 6));
    if (range) {
      const [from, to] = [range[1]!.charCodeAt(0), range[2]!.charCodeAt(0)];
      return this.#step({ is: "set", holds: (code) => from <= code && code <= to }, range[0].length);
    }
    this.#at++;
    const of = [this.#sequence(",}")];
    while (this.#text[this.#at] === ",") {
      this.#at++;
      of.push(this.#sequence(",}"));
    }
    if (this.#text[this.#at] !== "}") this.#problem ??= 'has a "{" that is not closed';
    this.#at++;
    // With nothing to choose from the braces mean themselves.
    return of.length > 1 ? [{ is: "choice", of }] : [characterAt("{", 0), ...of[0]!, characterAt("}", 0)];
  }
}

function characterAt(text: string, at: number): Part {
  return { is: "character", code: text.charCodeAt(at) };
}
