/** What the .gitignore files of a folder and of those above it leave out, by git's own rules. No pattern can hold a walk up: plain names are looked up, the others are matched in a time that grows with their length only. */

import { readSet, wildcardMatcher, type Part } from "../text/wildcards.js";

/** One .gitignore. Paths are relative to its folder, with forward slashes. */
export interface Gitignore {
  /** Undefined where no pattern fits; else whether the last one that fits ignores the path. */
  says(path: string, isFolder: boolean): boolean | undefined;
  /** Patterns that were left out, as there are too many. */
  readonly leftOut: number;
}

/** Patterns with wildcards are held against each path; more characters of them than this were not written by hand. */
const MOST_WILD_CHARACTERS = 20_000;

const WILD = /[*?[\\]/;

interface Rule {
  /** The later one wins. */
  readonly order: number;
  readonly ignores: boolean;
  readonly isForFolders: boolean;
}

interface WildRule extends Rule {
  /** Held against the whole path, or against the last name of it. */
  readonly isTied: boolean;
  readonly fits: (path: string) => boolean;
}

/** @param ignoresCase as the file system does */
export function readGitignore(text: string, ignoresCase: boolean): Gitignore {
  const names = new Map<string, Rule[]>();
  const paths = new Map<string, Rule[]>();
  const wild: WildRule[] = [];
  let room = MOST_WILD_CHARACTERS;
  let leftOut = 0;
  const cased = (it: string) => (ignoresCase ? it.toLowerCase() : it);

  for (const [order, line] of text
    .replace(/^\ufeff/, "")
    .split("\n")
    .entries()) {
    const pattern = readPattern(line.endsWith("\r") ? line.slice(0, -1) : line);
    if (!pattern) continue;
    const { isTied, ignores, isForFolders } = pattern;
    const glob = cased(pattern.glob);
    const rule = { order, ignores, isForFolders };
    if (!WILD.test(glob)) {
      const all = isTied ? paths : names;
      const same = all.get(glob);
      if (same) same.push(rule);
      else all.set(glob, [rule]);
    } else if ((room -= glob.length) < 0) leftOut++;
    else {
      const parts = partsOf(glob);
      if (parts)
        wild.push({ ...rule, isTied, fits: wildcardMatcher(parts, { hidesDots: false, includesBelow: false }) });
    }
  }
  wild.reverse();

  return {
    leftOut,
    says(given, isFolder) {
      const path = cased(given);
      const name = path.slice(path.lastIndexOf("/") + 1);
      const holds = (it: Rule) => isFolder || !it.isForFolders;
      let last = names.get(name)?.findLast(holds);
      const tied = paths.get(path)?.findLast(holds);
      if (tied && tied.order > (last?.order ?? -1)) last = tied;
      for (const rule of wild) {
        if (rule.order < (last?.order ?? -1)) break;
        if (holds(rule) && rule.fits(rule.isTied ? path : name)) return rule.ignores;
      }
      return last?.ignores;
    },
  };
}

/** A line of a .gitignore without its marks; undefined where it says nothing. */
function readPattern(line: string) {
  if (line.startsWith("#")) return undefined;
  const ignores = !line.startsWith("!");
  let glob = withoutSpaces(ignores ? line : line.slice(1));
  const isForFolders = glob.endsWith("/");
  if (isForFolders) glob = glob.slice(0, -1);
  // A slash anywhere but at the end ties a pattern to its folder; without one it holds at any depth.
  const isTied = glob.includes("/");
  if (glob.startsWith("/")) glob = glob.slice(1);
  return glob === "" ? undefined : { glob, ignores, isForFolders, isTied };
}

/** Spaces at the end count only behind a backslash. */
function withoutSpaces(line: string): string {
  let end = line.length;
  while (line[end - 1] === " " && !isEscaped(line, end - 1)) end--;
  return line.slice(0, end);
}

function isEscaped(line: string, at: number): boolean {
  let backslashes = 0;
  while (line[at - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 1;
}

const SLASH: Part = { is: "character", code: 47 };
const NAMES: Part = { is: "many", crosses: true };

/** Undefined for a pattern that git itself cannot read: it fits nothing. */
function partsOf(glob: string): readonly Part[] | undefined {
  const parts: Part[] = [];
  // Git compares what stands before the first wildcard on its own, so that what follows begins the pattern.
  const plain = glob.search(WILD);
  for (let at = 0; at < glob.length; ) {
    const mark = glob[at]!;
    if (mark === "*") {
      const start = at;
      while (glob[at] === "*") at++;
      const isAlone = (start === plain || glob[start - 1] === "/") && (at === glob.length || glob[at] === "/");
      if (at - start === 1 || !isAlone) parts.push({ is: "many", crosses: false });
      else if (at === glob.length) parts.push(NAMES);
      else {
        // Two stars and a slash: any folders, or none.
        parts.push({ is: "choice", of: [[NAMES, SLASH]], isOptional: true });
        at++;
      }
    } else if (mark === "?") {
      parts.push({ is: "one" });
      at++;
    } else if (mark === "[") {
      const set = readSet(glob, at);
      if (!set) return undefined;
      parts.push({ is: "set", holds: set.holds });
      at = set.end;
    } else {
      if (mark === "\\") at++;
      if (at === glob.length) return undefined;
      parts.push({ is: "character", code: glob.charCodeAt(at++) });
    }
  }
  return parts;
}
