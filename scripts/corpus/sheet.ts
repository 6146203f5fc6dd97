/** Sheets that a judge fills in: one entry a place, with a line for the verdict; and how they are read again. */
import type { Finding } from "../../analysis/analyzer.js";
import type { Judged, Question } from "./judged.js";
import type { Place } from "./places.js";

/** Code may hold three backticks. */
export const FENCE = "`````";

/** @param shown what comes between the line of the place and the one for the verdict; none of its lines may begin as ours do */
export function entry(
  index: number,
  { id, repository, path, line, column, isTest }: Place,
  title: string,
  shown: string,
  before: Judged | undefined,
): string {
  const verdict = before ? ` ${before.verdict}${before.note === "" ? "" : ` - ${before.note}`}` : "";
  const place = `${repository}/${path}:${line}:${column}${isTest ? " (in tests)" : ""}, ${title}`;
  return `## ${index + 1} · ${id} · ${repository}\n\n${place}\n\n${shown}\n\nverdict:${verdict}\n`;
}

export interface FilledSheet<Word extends string = string> {
  readonly rule: string;
  readonly verdicts: readonly Judged<Word>[];
  readonly empty: number;
  /** What could not be understood, each with its line. */
  readonly problems: readonly string[];
}

const HEADING = /^## \d+ · ([0-9a-f]+) · (.+)$/;
const PLACE = /^(.+?):(\d+):\d+(?: \(in tests\))?, /;
const LEVEL = /^level (error|warning|info|hint), /;

/** Code and diffs are numbered or marked at the start of each line, so that none of their lines looks like one of ours. */
export function readSheet<Word extends string>(text: string, question: Question<Word>): FilledSheet<Word> {
  const lines = text.split(/\r?\n/);
  const rule = /^# (\S+)$/.exec(lines[0] ?? "")?.[1];
  if (rule === undefined)
    return { rule: "", verdicts: [], empty: 0, problems: ["line 1: a sheet begins with # and the rule's name"] };
  const verdictLine = new RegExp(`^verdict:\\s*(?:(${question.words.join("|")})\\b)?[\\s:,.;–—-]*(.*)$`, "i");
  const verdicts: Judged<Word>[] = [];
  const problems: string[] = [];
  let empty = 0;
  let at:
    | { readonly id: string; readonly repository: string; path?: string; line?: number; level?: Finding["level"] }
    | undefined;
  for (const [index, line] of lines.entries()) {
    const heading = HEADING.exec(line);
    const place = PLACE.exec(line);
    const level = LEVEL.exec(line)?.[1];
    const said = verdictLine.exec(line);
    if (heading) at = { id: heading[1]!, repository: heading[2]! };
    else if (at && at.path === undefined && place?.[1]!.startsWith(`${at.repository}/`)) {
      at.path = place[1]!.slice(at.repository.length + 1);
      at.line = Number(place[2]);
    } else if (at && level !== undefined) {
      at.level ??= level as Finding["level"];
    } else if (at?.path !== undefined && at.line !== undefined && said) {
      const [, word, first = ""] = said;
      const note = [first, ...untilHeading(lines, index + 1)]
        .filter((it) => it !== "")
        .join(" ")
        .trim();
      const verdict = word?.toLowerCase() as Word | undefined;
      const { id, repository, path, line: row, level: judgedAt } = at;
      if (verdict === undefined && note === "") empty++;
      else if (verdict === undefined)
        problems.push(`line ${index + 1}: a verdict is one of ${question.words.join(", ")}`);
      else if (question.reasoned.includes(verdict) && note === "")
        problems.push(`line ${index + 1}: "${verdict}" needs a reason`);
      else
        verdicts.push({
          id,
          repository,
          path,
          line: row,
          ...(judgedAt !== undefined && { level: judgedAt }),
          verdict,
          note,
        });
      at = undefined;
    }
  }
  return { rule, verdicts, empty, problems };
}

/** A reason may go over several lines. */
function untilHeading(lines: readonly string[], from: number): readonly string[] {
  const end = lines.findIndex((it, index) => index >= from && HEADING.test(it));
  return lines.slice(from, end < 0 ? undefined : end).map((it) => it.trim());
}
