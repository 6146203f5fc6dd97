/** What no rule should have to think of: a fix whose text would be read differently where it goes, or has no line of its own, is declined; one whose names a star import may have taken over is not safe. */

import { NoPlace } from "../rule/edits.js";
import { declined, type Declined, type Edit, type File, type Fix } from "../rule/rule.js";
import { starDoubt } from "./starred-names.js";

export function soundFix(make: (file: File) => Fix | Declined | undefined, file: File): Fix | Declined | undefined {
  let made: Fix | Declined | undefined;
  try {
    made = make(file);
  } catch (error) {
    if (error instanceof NoPlace) return declined(error.message);
    throw error;
  }
  if (!made || "declined" in made) return made;
  const isNew = file.facts.hasPython("3.12");
  if (made.edits.some((it) => isMisreadInside(it, isNew)))
    return declined("in an f-string it would be read differently");
  const doubt = starDoubt(made.edits, file);
  const edits = made.edits.map((it) => apart(it, made.edits));
  return { ...made, doubts: doubt === undefined ? made.doubts : [...made.doubts, doubt], edits };
}

const WORD = /[\p{L}\p{M}\p{N}_]/u;
/** Words that an expression may follow without a blank. */
const KEYWORD =
  /(?<![\p{L}\p{M}\p{N}_.])(?:and|as|assert|await|del|elif|else|except|from|if|in|is|lambda|match|case|not|or|raise|return|while|with|yield)$/u;
const LONGEST_KEYWORD = 8;

/** `return(x)` without its brackets is no `returnx`: what is replaced may have been all that kept two words apart. */
function apart(edit: Edit, all: readonly Edit[]): Edit {
  const { at, text } = edit;
  const source = at.tree.text;
  const [before, replaced] = [source[at.start - 1], source[at.start]];
  if (before === undefined || replaced === undefined || !WORD.test(before) || WORD.test(replaced)) return edit;
  if (at.start === at.end || all.some((it) => it !== edit && it.at.tree === at.tree && it.at.end === at.start))
    return edit;
  const next = text[0] ?? source[at.end];
  if (next === undefined || !WORD.test(next)) return edit;
  const isCode = !/^string/.test(at.tree.node(at.tree.holding(at.start, at.end)).kind);
  const isBehindWord = KEYWORD.test(source.slice(Math.max(0, at.start - LONGEST_KEYWORD - 1), at.start));
  return isCode && isBehindWord ? { ...edit, text: ` ${text}` } : edit;
}

/** In the braces of an f-string `{{` is a brace, before Python 3.12 its quotes end it there too, and `{x=}` shows its own code. */
function isMisreadInside({ at, text }: Edit, isNew: boolean): boolean {
  const { tree } = at;
  const node = tree.node(tree.holding(at.start, at.end));
  for (
    let part = node.kind === "interpolation" ? node : node.ancestor("interpolation");
    part;
    part = part.ancestor("interpolation")
  ) {
    if (part.hasToken("=")) return true;
    if (text === "") continue;
    if (text.startsWith("{") && at.start === part.start + 1) return true;
    const quotes = /^[a-zA-Z]*("""|'''|"|')/.exec(part.ancestor("string")?.text ?? "")?.[1];
    if (isNew || quotes === undefined) continue;
    if (text.includes(quotes) || text.includes("\\") || (quotes.length === 1 && text.includes("\n"))) return true;
  }
  return false;
}
