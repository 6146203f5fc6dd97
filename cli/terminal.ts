/** What a terminal needs to know: colours, how wide a character is, and what must never reach it raw. */

import type { ColorMode } from "./options.js";

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
  cyan(text: string): string;
  green(text: string): string;
}

export function paint(on: boolean): Paint {
  const style = (open: number, close: number) => (text: string) =>
    on && text !== "" ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    yellow: style(33, 39),
    blue: style(34, 39),
    cyan: style(36, 39),
    green: style(32, 39),
  };
}

/** The option first, then FORCE_COLOR and NO_COLOR, then whether anybody looks at a terminal. */
export function wantsColor(mode: ColorMode, isTerminal: boolean, env: NodeJS.ProcessEnv = process.env): boolean {
  if (mode !== "auto") return mode === "always";
  if (env["FORCE_COLOR"] !== undefined && env["FORCE_COLOR"] !== "")
    return env["FORCE_COLOR"] !== "0" && env["FORCE_COLOR"] !== "false";
  if (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") return false;
  return isTerminal && env["TERM"] !== "dumb";
}

/** One column each. The ellipsis stands where a long line is cut. */
const PLAIN = /^[\u0020-\u007e\u2026]*$/;
const TAB_STOP = 4;
/** What stands for a character that must not be shown. */
const SIGN = "\ufffd";

/**
 * A piece of a line as a terminal or a log may show it, and the column after it. Tabs become spaces; control characters and marks that
 * reorder text, which could hide or forge what is on the screen, become a visible sign, and so do those that a build server would obey.
 */
export function shown(given: string, column = 0): { readonly text: string; readonly end: number } {
  const text = given.includes("##") ? given.replace(LOG_COMMAND, `#${SIGN}`) : given;
  if (PLAIN.test(text)) return { text, end: column + text.length };
  let result = "";
  let end = column;
  graphemes ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  for (const { segment } of graphemes.segment(text)) {
    const drawn = segment === "\t" ? " ".repeat(TAB_STOP - (end % TAB_STOP)) : segment.replace(UNSAFE, SIGN);
    result += drawn;
    end += segment === "\t" ? drawn.length : widthOf(drawn);
  }
  return { text: result, end };
}

/** Made on first need: it takes milliseconds, and most source lines are plain. */
let graphemes: Intl.Segmenter | undefined;

/** A path that begins a line. Behind `::` a build server would look for a command. */
export function shownPathFirst(path: string): string {
  return shown(/^\s*::/.test(path) ? `./${path}` : path).text;
}

/** A text of several lines, with its tabs. */
export function shownLines(text: string): string {
  return text.replace(UNSAFE_IN_LINES, SIGN).replace(LOG_COMMAND, `#${SIGN}`);
}

/** JSON means the same with its characters written as numbers. One line where nothing is indented. */
export function jsonText(value: unknown, indent: 0 | 2 = 2): string {
  const text = JSON.stringify(value, undefined, indent)
    .replace(UNSAFE_IN_LINES, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replace(LOG_COMMAND, "#\\u0023");
  return `${text}\n`;
}

const UNSAFE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const UNSAFE_IN_LINES = /(?!\t|\r?\n)[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
/** Logs of build servers obey `##[…`, `##vso[…` and `##teamcity[…` wherever it stands. */
const LOG_COMMAND = /##(?=\w{0,20}\[)/g;
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3/u;
/** Hangul, CJK and the full-width forms: two columns each. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u;

function widthOf(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0;
  return EMOJI.test(grapheme) || WIDE.test(grapheme) ? 2 : 1;
}
