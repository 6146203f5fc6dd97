/** The Python that a file runs with, as far as it shows it by what it uses. */

import type { Facts } from "../semantics/facts.js";

/** The project is for Python 3.11 and later, or the file uses what came with it. */
export function runsAsOf311(facts: Facts): boolean {
  return facts.hasPython("3.11") || facts.fileMatches(CAME_WITH_311);
}

const CAME_WITH_311 =
  /\basyncio\.(?:timeout|timeout_at|TaskGroup|Runner|Barrier)\(|^[ \t]*except[ \t]*\*|^[ \t]*import tomllib\b/m;

/** The file is written for Python 2: what newer releases took out it never meets, and what Python 3 brought it cannot use. */
export function isPython2(facts: Facts): boolean {
  return facts.fileMatches(OF_PYTHON2);
}

/** `print "text"`, `print total` alone in its line, `except Error, error:`. */
const OF_PYTHON2 =
  /^[ \t]*(?:print[ \t]+(?:["']|[A-Za-z_][\w.]{0,80}[ \t]*$)|except[ \t]+[\w.]{1,80}[ \t]*,[ \t]*\w+[ \t]*:)/m;
