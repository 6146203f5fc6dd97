/** Runs a rule, or whatever else the product's own tables bring, on a node. The only `try` around them: what throws or takes too long says nothing and is told once. */

import { NoPlace } from "../rule/edits.js";
import type { File, Hit, Rule } from "../rule/rule.js";
import { effort, TookTooLong } from "../syntax/effort.js";
import type { Node } from "../syntax/tree.js";
import { LIMITS, UNNOTICED, type Budget } from "./budget.js";
import type { RuleFailure } from "./report.js";

export function runRule(rule: Rule, node: Node, file: File, failures: RuleFailure[], budget: Budget): readonly Hit[] {
  const left = budget.leftFor(rule);
  if (left <= 0) {
    budget.wait(rule);
    rest(rule, new TookTooLong(), failures);
    return NOTHING;
  }
  const since = budget.watch();
  effort.spent = 0;
  effort.limit = left;
  try {
    return rule.check(node, file);
  } catch (error) {
    if (error instanceof TookTooLong) {
      budget.exhaust(rule);
      rest(rule, error, failures);
    } else failures.push({ rule: rule.name, error });
    return NOTHING;
  } finally {
    effort.limit = Infinity;
    if (effort.spent > UNNOTICED) budget.charge(rule, effort.spent);
    if (since !== undefined && budget.isOver(rule, since)) budget.exhaust(rule);
  }
}

const NOTHING: readonly Hit[] = [];

/** Told once, however many nodes it is asked about. */
function rest(rule: Rule, error: TookTooLong, failures: RuleFailure[]): void {
  if (!failures.some((it) => it.rule === rule.name && it.error instanceof TookTooLong))
    failures.push({ rule: rule.name, error });
}

/** The message and the fix are the rule's code too; so is what a construct or a refactoring brings. */
export function guarded<T>(
  rule: { readonly name: string },
  failures: RuleFailure[],
  run: () => T,
  most = LIMITS.nodes,
): T | undefined {
  effort.spent = 0;
  effort.limit = most;
  try {
    return run();
  } catch (error) {
    // A refactoring without a place for its lines is not offered.
    if (!(error instanceof NoPlace)) failures.push({ rule: rule.name, error });
    return undefined;
  } finally {
    effort.limit = Infinity;
  }
}
