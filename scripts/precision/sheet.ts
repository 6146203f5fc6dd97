/** The sheet that a judge fills in: a rule's sample with code and fixes, and one line a finding for the verdict. */
import { applyEdits, type Rule } from "../../analysis/analyzer.js";
import { unifiedDiff } from "../../host/unified-diff.js";
import { codeAround } from "../corpus/context.js";
import { readText, type Folder } from "../corpus/folders.js";
import { grouped } from "../corpus/sample.js";
import { settingsFor, toldPath, type Found, type Tools } from "../corpus/scan.js";
import { entry, FENCE } from "../corpus/sheet.js";
import { VERDICTS, type Verdict } from "./verdicts.js";

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

export function sheet(tools: Tools, { rule, found, sample, seed, folders, known }: SheetOptions): string {
  const inTests = found.filter((it) => it.isTest).length;
  const repositories = new Set(found.map((it) => it.repository));
  const shown = describeAll(tools, rule, sample, folders);
  const verdicts = new Map(known.map((it) => [it.id, it]));
  const entries = sample.map((it, index) => {
    const { title, text } = shown.get(it.id) ?? { title: "underlined: ?", text: "" };
    return entry(index, it, title, text, verdicts.get(it.id));
  });
  return `# ${rule.name}

${rule.title}. Level ${rule.level}, ${rule.fixes ? `${rule.fixes} fix` : "no fix"}. ${found.length} findings in ${repositories.size} of ${folders.length} repositories, ${inTests} of them in tests; ${sample.length} of them here, by seed ${seed}.

${rule.why}

Write after each \`verdict:\` one of ${VERDICTS.join(", ")}; for the last two, and where it helps, a dash and the reason in your own words, without copying code.
Right: what the message says is true here, it is worth a careful maintainer's time at this level, and the fix keeps what its safety promises. Trivial: all of this is so, but it is not worth the time.

${entries.join("\n")}`;
}

interface Shown {
  readonly title: string;
  readonly text: string;
}

/** Everything under the headings; each file is analysed once. */
function describeAll(
  tools: Tools,
  rule: Rule,
  sample: readonly Found[],
  folders: readonly Folder[],
): ReadonlyMap<string, Shown> {
  const byName = new Map(folders.map((it) => [it.name, it]));
  const parts = grouped(sample, (it) => `${it.repository}/${it.path}`).flatMap((inFile) => {
    const [{ repository, path }] = inFile as readonly [Found];
    return describeFile(tools, rule, byName.get(repository)!, path, inFile);
  });
  return new Map(parts);
}

function describeFile(
  tools: Tools,
  rule: Rule,
  folder: Folder,
  path: string,
  sample: readonly Found[],
): readonly (readonly [string, Shown])[] {
  const read = readText(folder, path);
  if ("problem" in read) return [];
  const { analyzer, parser } = tools;
  const snapshot = analyzer.open(read.text, settingsFor(tools, folder, rule.level === "off"), toldPath(folder, path));
  const tree = parser.parse(read.text);
  return analyzer.report(snapshot).findings.flatMap((finding) => {
    const own = sample.find(
      (it) => it.rule === finding.rule && it.start === finding.range.start && it.end === finding.range.end,
    );
    if (!own) return [];
    const fix = analyzer.fix(snapshot, finding);
    const related = finding.related.map(
      (it) => `> line ${snapshot.lines.positionAt(it.range.start).line + 1}: ${it.message}`,
    );
    const [underlined = ""] = snapshot.textOf(finding.range).split(/\r?\n/);
    const { level, evidence, weight, value } = finding;
    const text = [
      `level ${level}, evidence ${evidence}, weight ${weight}, value ${value}`,
      [`> ${finding.message}`, ...related].join("\n"),
      `${FENCE}\n${codeAround(tree, own.start, own.end)}\n${FENCE}`,
      fix
        ? `${[`${fix.safety}: ${fix.title}`, ...fix.doubts.map((it) => `- ${it}`)].join("\n")}\n\n${FENCE}diff\n${shortDiff(unifiedDiff(path, read.text, applyEdits(read.text, fix.edits)))}\n${FENCE}`
        : noFix(analyzer.whyNoFix(snapshot, finding)),
    ].join("\n\n");
    return [[own.id, { title: `underlined: ${JSON.stringify(underlined)}`, text }] as const];
  });
}

function noFix(reason: string | undefined): string {
  return reason === undefined ? "No fix." : `No fix here: ${reason}.`;
}

function shortDiff(diff: string): string {
  const lines = diff.trimEnd().split("\n").slice(2);
  return lines.length > LONGEST_DIFF
    ? [...lines.slice(0, LONGEST_DIFF), ` … ${lines.length - LONGEST_DIFF} more lines`].join("\n")
    : lines.join("\n");
}
