/** Puts what an attacker writes into programs that work: behind their texts, into their names. */

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
