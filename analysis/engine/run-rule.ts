/** Runs one rule on one node. The only `try` around a rule: one that throws says nothing and is told once. */

import type { File, Hit, Rule } from "../rule/rule.js";
import type { Node } from "../syntax/tree.js";
import type { RuleFailure } from "./report.js";

export function runRule(rule: Rule, node: Node, file: File, failures: RuleFailure[]): readonly Hit[] {
  try {
    return rule.check(node, file);
  } catch (error) {
    failures.push({ rule: rule.name, error });
    return [];
  }
}

/** The message and the fix are the rule's code too. */
export function guarded<T>(rule: Rule, failures: RuleFailure[], run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    failures.push({ rule: rule.name, error });
    return undefined;
  }
}
