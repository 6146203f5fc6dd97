/** What is measured of a rule: its example and the Gain block of its page, and a digest by which a figure tells whether it is of today's. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Rule } from "../../analysis/rule/rule.js";
import { readGain } from "../../test/harness/spec.js";

export const PAGES = "test/rules";

export interface Workload {
  readonly name: string;
  readonly before: string;
  readonly after: string | null;
  readonly block: string;
}

/** Undefined where the rule's page has no Gain block. */
export function workloadOf({ name, examples: [{ before, after }] }: Rule, pages = PAGES): Workload | undefined {
  const page = join(pages, `${name}.md`);
  const block = existsSync(page) ? readGain(readFileSync(page, "utf8")) : undefined;
  return block === undefined ? undefined : { name, before, after: after ?? null, block };
}

export function digestOf({ before, after, block }: Workload): string {
  return createHash("sha256")
    .update(JSON.stringify([before, after, block]))
    .digest("hex")
    .slice(0, 16);
}

/** Whether the rule says that following it saves time, memory or both. */
export const savesSomething = ({ gain }: Rule) => gain === "time" || gain === "memory" || gain === "complexity";

/** And that this can be measured here. */
export const claimsGain = (rule: Rule) => savesSomething(rule) && rule.unmeasured === undefined;
