/** What no rule should have to think of: a fix whose text would be read differently where it goes, or has no line of its own, is declined. */

import { NoPlace } from "../rule/edits.js";
import { declined, type Declined, type Edit, type File, type Fix } from "../rule/rule.js";

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
  return made.edits.some((it) => isMisreadInside(it, isNew))
    ? declined("in an f-string it would be read differently")
    : made;
}

/** In the braces of an f-string `{{` is a brace, and before Python 3.12 its quotes end it there too. */
function isMisreadInside({ at, text }: Edit, isNew: boolean): boolean {
  if (text === "") return false;
  const { tree } = at;
  const node = tree.node(tree.holding(at.start, at.end));
  for (
    let part = node.kind === "interpolation" ? node : node.ancestor("interpolation");
    part;
    part = part.ancestor("interpolation")
  ) {
    if (text.startsWith("{") && at.start === part.start + 1) return true;
    const quotes = /^[a-zA-Z]*("""|'''|"|')/.exec(part.ancestor("string")?.text ?? "")?.[1];
    if (isNew || quotes === undefined) continue;
    if (text.includes(quotes) || text.includes("\\") || (quotes.length === 1 && text.includes("\n"))) return true;
  }
  return false;
}
