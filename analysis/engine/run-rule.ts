/** Runs a rule, or whatever else the product's own tables bring, on a node. The only `try` around them: what throws says nothing and is told once. */

import type { File, Hit, Rule } from "../rule/rule.js";
import type { Node } from "../syntax/tree.js";
import type { RuleFailure } from "./report.js";

export function runRule(rule: Rule, node: Node, file: File, failures: RuleFailure[]): readonly Hit[] {
  try {
    return rule.check(node, file);
  } catch (error) {
    failures.push({ rule: rule.name, error });
    return NOTHING;
  }
}

const NOTHING: readonly Hit[] = [];

/** The message and the fix are the rule's code too; so is what a construct or a refactoring brings. */
export function guarded<T>(rule: { readonly name: string }, failures: RuleFailure[], run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    failures.push({ rule: rule.name, error });
    return undefined;
  }
}
