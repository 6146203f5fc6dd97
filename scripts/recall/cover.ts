/** Which candidates a rule speaks of: what is left are those that it is silent about. */
import type { Range } from "../../analysis/analyzer.js";
import type { Candidate } from "./query.js";

/** What a finding underlines, and all of the code that it is about. */
export interface Spoken {
  readonly at: Range;
  readonly construct: Range;
}

export interface Covered {
  readonly spoken: ReadonlySet<Candidate>;
  /** Findings that no candidate stands for: the query is not wider than the rule. */
  readonly outside: readonly Spoken[];
}

/** A finding speaks of the candidates that its construct overlaps, and of the innermost one that it lies in. */
export function coverage(candidates: readonly Candidate[], findings: readonly Spoken[]): Covered {
  const spoken = new Set<Candidate>();
  const outside = findings.filter(({ at, construct }) => {
    const met = candidates.filter((it) => overlaps(it, construct) || overlaps(it, at));
    const around = candidates.filter(({ node }) => node.start <= at.start && at.start < node.end);
    const innermost = around.reduce<Candidate | undefined>(
      (best, it) => (best && best.node.end - best.node.start <= it.node.end - it.node.start ? best : it),
      undefined,
    );
    for (const it of [...met, ...(innermost ? [innermost] : [])]) spoken.add(it);
    return met.length === 0 && !innermost;
  });
  return { spoken, outside };
}

function overlaps(a: Range, b: Range): boolean {
  return a.start < Math.max(b.end, b.start + 1) && b.start < Math.max(a.end, a.start + 1);
}
