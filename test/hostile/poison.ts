/** Puts what an attacker writes into programs and configurations that work: behind their texts, into their names. */

import type { Node, Tree } from "../../analysis/syntax/tree.js";

const STRING = /(?<prefix>\b[rbu]{0,2})(?<quote>"""|'''|"|')(?<text>(?:\\[^]|(?!\k<quote>)[^\\\n])*)\k<quote>/gi;
const BOUND = /\b(?:def|class|for|as|lambda)\s+(\w+)|[(,]\s*(\w+)(?=[:,)]| = )|^\s*(\w+)(?=(?:: [^\n=]+)? = )/gm;

/** Puts a payload behind every text of a program; `‸` stays where it is. */
export function withTexts(code: string, payload: string): string {
  const quoted = payload.replaceAll("\\", "/").replaceAll("'''", "' ' '");
  return code.replace(STRING, (...all) => {
    const { prefix = "", text = "" } = all.at(-1) as { prefix?: string; text?: string };
    return `${prefix}'''${text.trim()}${quoted}'''`;
  });
}

/** Lengthens every name that a program binds itself. */
export function withNames(code: string, payload: string): string {
  const names = new Set([...code.matchAll(BOUND)].flatMap((it) => it.slice(1)).filter((it) => it !== undefined));
  return code.replace(/(?<![.\w'"/])[a-z]\w*\b(?!["'])/gi, (it) =>
    names.has(it) && !/^(self|cls|__)/.test(it) ? `${it}${payload}` : it,
  );
}

/** Puts a payload behind what stands in the strings and comments of a program that `isWanted` says, so that it still parses. */
export function withTextsIn(tree: Tree, payload: string, isWanted: (text: Node) => boolean): string {
  const lines = payload.replace(/["'\\{}\0\r]/g, "`");
  const line = lines.replace(/[\n\u2028\u2029\u0085\f\v]/g, " ");
  const places = tree.root.descendants("string", "comment").flatMap((it) => {
    if (!isWanted(it) || it.isBroken) return [];
    if (it.kind === "comment") return [{ at: it.end, text: ` ${line}` }];
    const close = it.allChildren.at(-1);
    if (close?.kind !== "string_end" || it.ancestor("string")) return [];
    return [{ at: close.start, text: close.end - close.start === 3 ? lines : line }];
  });
  return [...places, { at: tree.text.length, text: "" }]
    .map(({ at, text }, index) => tree.text.slice(places[index - 1]?.at ?? 0, at) + text)
    .join("");
}

/** Puts a payload into every part of a configuration that may hold any text: between quotes, and behind what stands on a line. */
export function withValues(code: string, payload: string, isToml: boolean): string {
  const line = payload.replace(/["'\\]|[^\P{Cc}\t]/gu, "`");
  return isToml
    ? code.replace(/(["'])([^"'\n]*)\1/g, (_, quote: string, text: string) => `${quote}${text}${line}${quote}`)
    : code.replace(/(?<=\w)[ \t]*$/gm, (blank) => `${blank} ; ${line}`);
}
