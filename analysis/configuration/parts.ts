/** What a configuration consists of, whichever way it is written: tables, settings, the single entries of their values, requirements, comments. */

import type { Kind } from "../syntax/kinds.generated.js";
import type { FieldName } from "../syntax/kinds.generated.js";
import type { Range } from "../text/range.js";

export interface Part extends Range {
  readonly kind: Kind;
  readonly field?: FieldName;
  /** Of a table or a setting: from the root of the file on. */
  readonly path?: readonly string[];
}

/** Whether the values at a path are requirements: the tables of pyproject.toml, and the options of setup.cfg. */
export function holdsRequirements(path: readonly string[]): boolean {
  const [first, second, ...rest] = path;
  switch (first) {
    case "project":
      return second === "dependencies" ? rest.length === 0 : second === "optional-dependencies" && rest.length === 1;
    case "dependency-groups":
      return path.length === 2;
    case "build-system":
      return second === "requires" && rest.length === 0;
    case "options":
      return rest.length === 0 && /^(?:install|setup|tests)_requires?$/.test(second ?? "");
    case "options.extras_require":
      return path.length === 2;
    default:
      return false;
  }
}

/** Poetry's tables name the distribution by the key. */
export function isNamedByKey(path: readonly string[]): boolean {
  if (path[0] !== "tool" || path[1] !== "poetry" || path.at(-1) === "python") return false;
  const table = path.slice(2, -1);
  return table.length === 1
    ? /^(?:dev-)?dependencies$/.test(table[0]!)
    : table.length === 3 && table[0] === "group" && table[2] === "dependencies";
}
