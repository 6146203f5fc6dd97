/** The sheet of one rule: a sample of the places where it is silent, with the code around. */
import type { Rule } from "../../analysis/analyzer.js";
import { codeAround } from "../corpus/context.js";
import { readText, type Folder } from "../corpus/folders.js";
import { grouped } from "../corpus/sample.js";
import type { Tools } from "../corpus/scan.js";
import { entry, FENCE } from "../corpus/sheet.js";
import type { Query } from "./query.js";
import type { Count, Silent } from "./scan.js";
import { WORDS, type Verdict } from "./verdicts.js";

export interface SheetOptions {
  readonly rule: Rule;
  readonly queries: readonly Query[];
  readonly count: Count;
  readonly sample: readonly Silent[];
  readonly seed: number;
  readonly folders: readonly Folder[];
  /** What was said before: it is filled in. */
  readonly known: readonly Verdict[];
}

export function sheet({ parser }: Tools, { rule, queries, count, sample, seed, folders, known }: SheetOptions): string {
  const [candidates, reported, inTests] = count;
  const verdicts = new Map(known.map((it) => [it.id, it]));
  const byName = new Map(folders.map((it) => [it.name, it]));
  const shown = new Map(
    grouped(sample, (it) => `${it.repository}/${it.path}`).flatMap((inFile) => {
      const read = readText(byName.get(inFile[0]!.repository)!, inFile[0]!.path);
      if ("problem" in read) return [];
      const tree = parser.parse(read.text);
      return inFile.map(({ id, kind, node, start, end }) => {
        const [first = ""] = read.text.slice(node.start, node.end).split(/\r?\n/);
        const code = `${FENCE}\n${codeAround(tree, start, end)}\n${FENCE}`;
        return [id, { title: `${kind}: ${JSON.stringify(first)}`, code }] as const;
      });
    }),
  );
  const entries = sample.map((it, index) => {
    const { title, code } = shown.get(it.id) ?? { title: it.kind, code: "" };
    return entry(index, it, title, code, verdicts.get(it.id));
  });
  return `# ${rule.name}

${rule.title}. Level ${rule.level}. ${candidates} candidates in ${folders.length} folders, ${inTests} of them in tests; ${reported} are reported. Here are ${sample.length} of the ${candidates - reported} others, by seed ${seed}.

${rule.why}

${queries.map((it) => `Candidates: ${it.text}`).join("\n")}

Write after each \`verdict:\` one of ${WORDS.join(", ")}; for the last two, and where it helps, a dash and the reason in your own words, without copying code.
Silent: a careful reviewer would not say this here. Speak: the rule should report it, at some level, whether or not it can offer a fix.

${entries.join("\n")}`;
}
