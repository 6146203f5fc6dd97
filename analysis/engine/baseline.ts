/** The findings that a project has decided to live with for now, as they stand in one file of it. */

import { isTable } from "../text/table.js";

/** Relative to the folder that its paths are counted from. */
export const BASELINE_FILE = ".nippy/baseline.json";

/** In bytes: a larger one is not what Nippy wrote. */
export const BASELINE_SIZE = 64 * 1024 * 1024;

/** Fingerprints by rule, by path with forward slashes. */
export type Baseline = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

const VERSION = 1;
const FINGERPRINT = /^[0-9a-f]{16}(-\d{1,9})?$/;

/** @returns what is wrong with the text, where it is no baseline: then it must not be taken for an empty one. */
export function readBaseline(text: string): Baseline | { readonly problem: string } {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return { problem: "it is not JSON" };
  }
  if (!isTable(content)) return { problem: "it is no table" };
  if (content["version"] !== VERSION) return { problem: `its version is not ${VERSION}` };
  const { findings } = content;
  if (!isTable(findings)) return { problem: '"findings" is no table' };
  const baseline = new Map<string, Map<string, readonly string[]>>();
  for (const [path, rules] of Object.entries(findings)) {
    if (!isTable(rules)) return { problem: "a path is not followed by a table of rules" };
    const byRule = new Map<string, readonly string[]>();
    for (const [rule, prints] of Object.entries(rules)) {
      if (!Array.isArray(prints) || !prints.every((it) => typeof it === "string" && FINGERPRINT.test(it)))
        return { problem: "a rule is not followed by a list of fingerprints" };
      byRule.set(rule, prints as string[]);
    }
    baseline.set(path, byRule);
  }
  return baseline;
}

/** One fingerprint a line and everything sorted, so that two people's changes seldom meet. */
export function writeBaseline(baseline: Baseline): string {
  const findings = sorted(baseline, (rules) => sorted(rules, (prints) => [...prints].sort()));
  return `${JSON.stringify({ version: VERSION, findings }, undefined, 2)}\n`;
}

export function countBaseline(baseline: Baseline): number {
  let count = 0;
  for (const rules of baseline.values()) for (const prints of rules.values()) count += prints.length;
  return count;
}

function sorted<T, U>(table: ReadonlyMap<string, T>, inner: (value: T) => U): Readonly<Record<string, U>> {
  const names = [...table.keys()].sort();
  return Object.fromEntries(names.map((it) => [it, inner(table.get(it)!)]));
}
