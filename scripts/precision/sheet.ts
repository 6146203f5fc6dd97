/** The sheet that a judge fills in: a rule's sample with code and fixes, and one line a finding for the verdict. */
import { applyEdits, type Rule } from "../../analysis/analyzer.js";
import { unifiedDiff } from "../../cli/diff.js";
import { codeAround } from "./context.js";
import { readPython, type Folder } from "./folders.js";
import { grouped } from "./sample.js";
import { settingsFor, toldPath, type Found, type Tools } from "./scan.js";
import { VERDICTS, type Verdict, type Word } from "./verdicts.js";

export interface SheetOptions {
  readonly rule: Rule;
  /** All of them; the sample is what is shown. */
  readonly found: readonly Found[];
  readonly sample: readonly Found[];
  readonly seed: number;
  readonly folders: readonly Folder[];
  /** What was said before: it is filled in. */
  readonly known: readonly Verdict[];
}

const LONGEST_DIFF = 90;
/** Code may hold three backticks. */
const FENCE = "`````";

export function sheet(tools: Tools, { rule, found, sample, seed, folders, known }: SheetOptions): string {
  const inTests = found.filter((it) => it.isTest).length;
  const repositories = new Set(found.map((it) => it.repository));
  const shown = describeAll(tools, rule, sample, folders);
  const verdicts = new Map(known.map((it) => [it.id, it]));
  const entries = sample.map((it, index) => {
    const before = verdicts.get(it.id);
    const verdict = before ? ` ${before.verdict}${before.note === "" ? "" : ` - ${before.note}`}` : "";
    return `## ${index + 1} · ${it.id} · ${it.repository}\n\n${shown.get(it.id) ?? ""}\n\nverdict:${verdict}\n`;
  });
  return `# ${rule.name}

${rule.title}. Level ${rule.level}, ${rule.fixes ? `${rule.fixes} fix` : "no fix"}. ${found.length} findings in ${repositories.size} of ${folders.length} repositories, ${inTests} of them in tests; ${sample.length} of them here, by seed ${seed}.

${rule.why}

Write after each \`verdict:\` one of ${VERDICTS.join(", ")}; for the last two, and where it helps, a dash and the reason in your own words, without copying code.
Right: what the message says is true here, a careful maintainer would want to know, and the fix keeps what its safety promises.

${entries.join("\n")}`;
}

/** Everything under the headings; each file is analysed once. */
function describeAll(tools: Tools, rule: Rule, sample: readonly Found[], folders: readonly Folder[]): ReadonlyMap<string, string> {
  const byName = new Map(folders.map((it) => [it.name, it]));
  const parts = grouped(sample, (it) => `${it.repository}/${it.path}`).flatMap((inFile) => {
    const [{ repository, path }] = inFile as readonly [Found];
    return describeFile(tools, rule, byName.get(repository)!, path, inFile);
  });
  return new Map(parts);
}

function describeFile(tools: Tools, rule: Rule, folder: Folder, path: string, sample: readonly Found[]): readonly (readonly [string, string])[] {
  const read = readPython(folder, path);
  if ("problem" in read) return [];
  const { analyzer, parser } = tools;
  const snapshot = analyzer.open(read.text, settingsFor(tools, folder, rule.level === "off"), toldPath(folder, path));
  const tree = parser.parse(read.text);
  return analyzer.report(snapshot).findings.flatMap((finding) => {
    const own = sample.find((it) => it.rule === finding.rule && it.start === finding.range.start && it.end === finding.range.end);
    if (!own) return [];
    const fix = analyzer.fix(snapshot, finding);
    const related = finding.related.map((it) => `> line ${snapshot.lines.positionAt(it.range.start).line + 1}: ${it.message}`);
    const [underlined = ""] = snapshot.textOf(finding.range).split(/\r?\n/);
    const text = [
      `${folder.name}/${path}:${own.line}:${own.column}${own.isTest ? " (in tests)" : ""}, underlined: ${JSON.stringify(underlined)}`,
      [`> ${finding.message}`, ...related].join("\n"),
      `${FENCE}\n${codeAround(tree, own.start, own.end)}\n${FENCE}`,
      fix ? `${fix.safety}: ${fix.title}\n\n${FENCE}diff\n${shortDiff(unifiedDiff(path, read.text, applyEdits(read.text, fix.edits)))}\n${FENCE}` : "No fix offered.",
    ].join("\n\n");
    return [[own.id, text] as const];
  });
}

function shortDiff(diff: string): string {
  const lines = diff.trimEnd().split("\n").slice(2);
  return lines.length > LONGEST_DIFF ? [...lines.slice(0, LONGEST_DIFF), ` … ${lines.length - LONGEST_DIFF} more lines`].join("\n") : lines.join("\n");
}

export interface FilledSheet {
  readonly rule: string;
  readonly verdicts: readonly Verdict[];
  readonly empty: number;
  /** What could not be understood, each with its line. */
  readonly problems: readonly string[];
}

const HEADING = /^## \d+ · ([0-9a-f]+) · (.+)$/;
const PLACE = /^(.+?):(\d+):\d+(?: \(in tests\))?, underlined: /;
const VERDICT = new RegExp(`^verdict:\\s*(?:(${VERDICTS.join("|")})\\b)?[\\s:,.;–—-]*(.*)$`, "i");

/** Code and diffs are numbered or marked at the start of each line, so that none of their lines looks like one of ours. */
export function readSheet(text: string): FilledSheet {
  const lines = text.split(/\r?\n/);
  const rule = /^# (\S+)$/.exec(lines[0] ?? "")?.[1];
  if (rule === undefined) return { rule: "", verdicts: [], empty: 0, problems: ["line 1: a sheet begins with # and the rule's name"] };
  const verdicts: Verdict[] = [];
  const problems: string[] = [];
  let empty = 0;
  let at: { readonly id: string; readonly repository: string; path?: string; line?: number } | undefined;
  for (const [index, line] of lines.entries()) {
    const heading = HEADING.exec(line);
    const place = PLACE.exec(line);
    const said = VERDICT.exec(line);
    if (heading) at = { id: heading[1]!, repository: heading[2]! };
    else if (at && at.path === undefined && place?.[1]!.startsWith(`${at.repository}/`)) {
      at.path = place[1]!.slice(at.repository.length + 1);
      at.line = Number(place[2]);
    } else if (at?.path !== undefined && at.line !== undefined && said) {
      const [, word, first = ""] = said;
      const note = [first, ...untilHeading(lines, index + 1)].filter((it) => it !== "").join(" ").trim();
      const verdict = word?.toLowerCase() as Word | undefined;
      if (verdict === undefined && note === "") empty++;
      else if (verdict === undefined) problems.push(`line ${index + 1}: a verdict is one of ${VERDICTS.join(", ")}`);
      else if (verdict !== "right" && note === "") problems.push(`line ${index + 1}: "${verdict}" needs a reason`);
      else verdicts.push({ id: at.id, repository: at.repository, path: at.path, line: at.line, verdict, note });
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
