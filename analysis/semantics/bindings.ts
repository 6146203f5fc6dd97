/** What import statements and match patterns bind, read off the syntax. */

import type { Node } from "../syntax/tree.js";

export interface Imported {
  /** Dotted; leading dots for relative imports. */
  readonly module: string;
  /** What is taken from the module; undefined when the module itself is bound. */
  readonly name: string | undefined;
}

/** Libraries that a module of the project hands on, which imports them when they are asked for: by the name that everybody gives them there. */
const HANDED_ON: Readonly<Record<string, string>> = { pd: "pandas", np: "numpy" };

/** `pandas` of `from .._extras import pandas as pd`: the name it is taken by and the name it gets say together what it is. */
export function libraryHandedOn({ module, name }: Imported, bound: string): string | undefined {
  return module.startsWith(".") && name !== undefined && Object.hasOwn(HANDED_ON, bound) && HANDED_ON[bound] === name
    ? name
    : undefined;
}

/** `bound` is absent for `from module import *`. */
export interface ImportedName {
  readonly bound: Node | undefined;
  readonly imported: Imported;
}

/** `import a.b` binds `a` to the module `a`; `import a.b as c` binds `c` to `a.b`. */
export function importsOf(statement: Node): readonly ImportedName[] {
  const module = statement.field("module_name")?.text.replaceAll(/\s/g, "");
  const names = statement.fieldAll("name").flatMap((it): ImportedName[] => {
    const alias = it.kind === "aliased_import" ? it.field("alias") : undefined;
    const dotted = it.kind === "aliased_import" ? it.field("name") : it;
    const first = dotted?.children[0];
    if (!dotted || !first) return [];
    if (module !== undefined) return [{ bound: alias ?? first, imported: { module, name: dotted.text } }];
    return [{ bound: alias ?? first, imported: { module: alias ? dotted.text : first.text, name: undefined } }];
  });
  const star = statement.children.some((it) => it.kind === "wildcard_import");
  return star && module !== undefined ? [{ bound: undefined, imported: { module, name: "*" } }] : names;
}

/** Captured names of a pattern, and the names it compares with (classes, dotted constants). */
export function captures(pattern: Node): { readonly names: readonly Node[]; readonly values: readonly Node[] } {
  const names: Node[] = [];
  const values: Node[] = [];
  const visit = (node: Node): void => {
    const { children } = node;
    if (node.kind === "dotted_name") {
      const [first, second] = children;
      if (!first) return;
      if (second) values.push(first);
      else if (first.text !== "_") names.push(first);
    } else if (node.kind === "class_pattern") {
      const [name, ...rest] = children;
      const first = name?.children[0];
      if (first) values.push(first);
      rest.forEach(visit);
    } else if (node.kind === "keyword_pattern") children.slice(1).forEach(visit);
    else if (node.kind === "identifier") {
      if (node.text !== "_") names.push(node);
    } else children.forEach(visit);
  };
  visit(pattern);
  return { names, values };
}
