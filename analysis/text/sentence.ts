/**
 * Sentences that speak of the code at hand, as rules, refactorings and constructs write them: plain text in which code stands between backticks.
 * The code is a stranger's, and may hold anything: backticks, line breaks, links, marks that turn text round, a megabyte.
 */

import { visible } from "./visible.js";

const LONGEST_CODE = 160;
const LONGEST = 1_000;
const ORDINARY = /^[\u0020-\u007e]*$/;

/** One line of bounded length without a character that could deceive: what every host is given. */
export function sentence(text: string): string {
  if (text.length <= LONGEST_CODE && ORDINARY.test(text)) return text;
  const pieces = text.split("`").map((it, index) => (index % 2 === 1 ? visible(it, LONGEST_CODE) : it));
  return visible(pieces.join("`"), LONGEST);
}

/** The same as Markdown: code in spans that nothing ends early, all else as it stands. Nothing in it is a link, an image, a heading or HTML. */
export function inMarkdown(text: string): string {
  const pieces = sentence(text).split(/(`+)/);
  let result = "";
  for (let index = 0; index < pieces.length; index++) {
    const piece = pieces[index]!;
    const close = piece.startsWith("`") ? pieces.indexOf(piece, index + 1) : -1;
    if (close < 0) result += escaped(piece);
    else {
      result += codeSpan(pieces.slice(index + 1, close).join(""));
      index = close;
    }
  }
  // A list or a line across begins with the first character, or not at all.
  return result.trimStart().replace(/^\d+(?=[.)](?:\s|$))|^(?=[-+](?:\s|$)|--|=)/, "$&\\");
}

/** Everything that begins a mark, and what would make a link of an address. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>&~|$#@]|:(?=\/\/)|(?<=www)\./gi, "\\$&");
}

/** Between more backticks than stand together inside. */
function codeSpan(inside: string): string {
  const code = isPadded(inside) ? inside.slice(1, -1) : inside;
  const longest = Math.max(0, ...(code.match(/`+/g) ?? []).map((it) => it.length));
  const fence = "`".repeat(longest + 1);
  const room = /^`|`$/.test(code) || isPadded(code) ? " " : "";
  return `${fence}${room}${code}${room}${fence}`;
}

/** One space on each side is not shown. */
function isPadded(code: string): boolean {
  return code.startsWith(" ") && code.endsWith(" ") && code.trim() !== "";
}
