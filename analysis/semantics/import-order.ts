/** The groups that imports are sorted into, as isort and Ruff do it by default: `__future__`, the standard library, the rest, the own package. */

import { STDLIB_MODULES } from "../knowledge/stdlib-modules.js";
import type { Node } from "../syntax/tree.js";

export function groupOf(module: string): number {
  if (module.startsWith(".")) return 3;
  const top = /^\w*/.exec(module)![0];
  return top === "__future__" ? 0 : STDLIB_MODULES.has(top) ? 1 : 2;
}

/** Of an import statement, by its first module. */
export function groupOfStatement(statement: Node): number {
  if (statement.kind === "future_import_statement") return 0;
  const module = statement.kind === "import_from_statement" ? statement.field("module_name") : statement.field("name");
  return groupOf((module?.kind === "aliased_import" ? module.field("name") : module)?.text ?? "");
}
