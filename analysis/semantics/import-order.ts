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
  return statement.kind === "future_import_statement" ? 0 : groupOf(moduleOf(statement));
}

/** The module that an import statement names first. */
export function moduleOf(statement: Node): string {
  const module = statement.kind === "import_from_statement" ? statement.field("module_name") : statement.field("name");
  return (module?.kind === "aliased_import" ? module.field("name") : module)?.text ?? "";
}
