/** A short name for a finding that survives edits elsewhere in the file: made of its rule, its text, and which of equal ones it is. */

import type { Finding, Report, Snapshot } from "../analysis/analyzer.js";

/** A report stays with its snapshot, and so do the names of its findings. */
const known = new WeakMap<Report, ReadonlyMap<Finding, string>>();

export function fingerprintsOf(snapshot: Snapshot, report: Report): ReadonlyMap<Finding, string> {
  const before = known.get(report);
  if (before) return before;
  const seen = new Map<string, number>();
  const prints = new Map<Finding, string>();
  for (const finding of report.findings) {
    const base = hash(`${finding.rule}\n${snapshot.textOf(finding.range)}`);
    const count = seen.get(base) ?? 0;
    seen.set(base, count + 1);
    prints.set(finding, count === 0 ? base : `${base}-${count}`);
  }
  known.set(report, prints);
  return prints;
}

/** FNV-1a, twice with different seeds: short, and good enough to tell the findings of one file apart. */
function hash(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36);
}
