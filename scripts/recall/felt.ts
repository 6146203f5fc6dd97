/**
 * Felt recall: what reviewers of whole files said before they saw our output, and whether Nippy says it. The rows of test/corpus/felt.json.
 * Those of test/corpus/holdout.json are about files of other repositories, and no rule is changed for their sake.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CORPUS } from "../corpus/repositories.js";

export interface FeltFile {
  /** A name of repositories.json; `owner/name` in the hold-out. */
  readonly repository: string;
  /** In the hold-out, which no other list pins. */
  readonly commit?: string;
  readonly path: string;
  readonly remarks: readonly Remark[];
}

export interface Remark {
  readonly line: number;
  /** The rule that is meant for this, or `none`. */
  readonly rule: string;
  /** What kind of remark it is, in a few words: for those that no rule is meant for. */
  readonly kind?: string;
  readonly said: boolean;
  readonly severity?: "must fix" | "should" | "nice";
  /** What the reviewer wrote. */
  readonly remark?: string;
}

export const NO_RULE = "none";

export const FELT = "felt.json";
export const HOLDOUT = "holdout.json";

export function readFelt(corpus = CORPUS, list = FELT): readonly FeltFile[] {
  const path = join(corpus, list);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as readonly FeltFile[]) : [];
}

/** Rules are written after the remarks: one that was named only as a kind has its rule by now. */
export function meantFor(remark: Remark, names: ReadonlySet<string>): Remark {
  const { kind, ...others } = remark;
  return remark.rule === NO_RULE && kind !== undefined && names.has(kind) ? { ...others, rule: kind } : remark;
}

/** A finding answers a remark on the same rule that stands at most so many lines away. */
const NEAR = 3;

/** Marks the remarks that the findings of the file answer. One finding answers one remark, the nearest first. */
export function answered(
  remarks: readonly Remark[],
  findings: readonly { readonly rule: string; readonly line: number }[],
): readonly Remark[] {
  const pairs = remarks.flatMap((remark, at) =>
    findings.flatMap(({ rule, line }, by) => {
      const apart = Math.abs(line - remark.line);
      return rule === remark.rule && apart <= NEAR ? [{ at, by, apart }] : [];
    }),
  );
  const said = new Set<number>();
  const used = new Set<number>();
  for (const { at, by } of pairs.sort((a, b) => a.apart - b.apart)) {
    if (said.has(at) || used.has(by)) continue;
    said.add(at);
    used.add(by);
  }
  return remarks.map((it, index) => ({ ...it, said: said.has(index) }));
}

/** A remark a line, in the order they have. */
export function writeFelt(files: readonly FeltFile[], corpus = CORPUS, list = FELT): void {
  const spaced = (it: object) =>
    `{${Object.entries(it)
      .map(([key, value]) => `"${key}": ${JSON.stringify(value)}`)
      .join(", ")}}`;
  const rows = files.map(({ remarks, ...file }) => {
    const lines = remarks.map((it) => `    ${spaced(it)}`).join(",\n");
    return `  ${spaced(file).slice(0, -1)}, "remarks": [\n${lines}\n  ]}`;
  });
  writeFileSync(join(corpus, list), `[\n${rows.join(",\n")}\n]\n`);
}
