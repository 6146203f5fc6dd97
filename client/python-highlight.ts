/** Colours Python in the guide: enough to read an example at ease, not a tokenizer. */

const KEYWORDS =
  "and as assert async await break case class continue def del elif else except finally for from global if import in is lambda " +
  "match nonlocal not or pass raise return try type while with yield False None True";

const TOKEN = new RegExp(
  [
    String.raw`(?<comment>#[^\n]*)`,
    String.raw`(?<string>(?<!\w)[rbfut]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))`,
    String.raw`(?<decorator>(?<=^[ \t]*)@[\w.]+)`,
    String.raw`(?<number>\b(?:0[xob][\da-f_]+|\d[\d_]*(?:\.[\d_]*)?(?:e[+-]?\d+)?)j?\b)`,
    String.raw`(?<name>(?<=\b(?:def|class)[ ]+)\w+)`,
    String.raw`(?<word>\b[A-Za-z_]\w*\b)`,
  ].join("|"),
  "gim",
);

const keywords = new Set(KEYWORDS.split(" "));
/** Words that are keywords only where a statement starts. */
const soft = new Set(["match", "case", "type"]);

export function highlightPython(code: string): string {
  let html = "";
  let end = 0;
  for (const token of code.matchAll(TOKEN)) {
    html += escapeHtml(code.slice(end, token.index));
    end = token.index + token[0].length;
    const kind = kindOf(token, code);
    const text = escapeHtml(token[0]);
    html += kind === undefined ? text : `<span class="py-${kind}">${text}</span>`;
  }
  return html + escapeHtml(code.slice(end));
}

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function kindOf(token: RegExpExecArray, code: string): string | undefined {
  const { word } = token.groups ?? {};
  if (word === undefined) return Object.entries(token.groups ?? {}).find(([, text]) => text !== undefined)?.[0];
  if (!keywords.has(word)) return undefined;
  if (!soft.has(word)) return "keyword";
  const line = code.slice(code.lastIndexOf("\n", token.index) + 1, token.index);
  const next = code.slice(token.index + word.length).match(/^ +(\S)/)?.[1];
  return line.trim() === "" && next !== undefined && !"=.),:".includes(next) ? "keyword" : undefined;
}
