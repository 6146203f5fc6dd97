/** docs/proof.md: which fixes are run before and after, their known differences, and what is not run and why. From the rules' pages. */
import { existsSync, readFileSync } from "node:fs";
import type { Rule } from "../analysis/rule/rule.js";
import { rules } from "../rules/index.generated.js";
import { readExampleNotes, readSpec, type ProofNotes } from "../test/harness/spec.js";

interface Proven {
  readonly title: string;
  readonly notes: ProofNotes;
}

const NO_NOTES: ProofNotes = { setup: "", driver: "", processes: "", differs: [], why: undefined, notRun: undefined };

/** The programs of a rule that its fixes change, as far as its page shows what becomes of them. */
function programsOf(rule: Rule): readonly Proven[] {
  const path = `test/rules/${rule.name}.md`;
  const page = existsSync(path) ? readFileSync(path, "utf8") : "";
  const notes = readExampleNotes(page);
  return [
    ...rule.examples.map((_, index) => ({ title: `Example ${index + 1}`, notes: notes.get(index + 1) ?? NO_NOTES })),
    ...readSpec(page)
      .filter((it) => it.fixed !== undefined && it.fixed !== it.source)
      .map(({ title, proof }) => ({ title, notes: proof })),
  ];
}

/** How many rules have a fix, how many programs show what becomes of them, and how many of those are run. */
export function proofTotals(): { readonly rules: number; readonly programs: number; readonly run: number } {
  const fixing = rules.filter((it) => it.fixes !== null);
  const programs = fixing.flatMap(programsOf);
  return {
    rules: fixing.length,
    programs: programs.length,
    run: programs.filter((it) => it.notes.notRun === undefined).length,
  };
}

export function proofPage(): string {
  const fixing = rules.filter((it) => it.fixes !== null).map((rule) => ({ rule, programs: programsOf(rule) }));
  const notRun = fixing.flatMap(({ rule, programs }) =>
    programs
      .filter(({ notes }) => notes.notRun !== undefined)
      .map(({ title, notes }) => `| \`${rule.name}\` | ${title} | ${notes.notRun} |`),
  );
  const known = fixing.flatMap(({ rule, programs }) =>
    programs
      .filter(({ notes }) => notes.differs.length > 0)
      .map(({ title, notes }) => `| \`${rule.name}\` | ${title} | ${notes.differs.join(", ")} | ${notes.why ?? ""} |`),
  );
  const row = ({ rule, programs }: (typeof fixing)[number]) => {
    const count = (holds: (notes: ProofNotes) => boolean) => programs.filter(({ notes }) => holds(notes)).length || "–";
    return `| [\`${rule.name}\`](rules/${rule.name}.md) | ${rule.fixes} | ${count((it) => it.notRun === undefined)} | ${count((it) => it.differs.length > 0)} | ${count((it) => it.notRun !== undefined)} |`;
  };
  return [
    "<!-- Made by scripts/generate.ts from test/rules/. Do not edit. -->",
    "# What is proven of the fixes",
    `\`npm test\` runs the programs on the rules' pages on CPython, before and after their fixes. Both versions must behave the same, also on every other CPython from 3.10 on that is at hand where only the standard library is needed. Programs that start processes are run as scripts, with \`spawn\` and with \`fork\`, and must print the same; [decision 007](decisions/007-how-fixes-are-proven.md) says how this is checked.\nA \`safe\` fix must not change behaviour at all. A \`review\` fix lists its doubts. Where a doubt shows with some inputs, the page names these inputs as a known difference, and the test fails if the difference does not appear.`,
    [
      "| rule | fix | programs run | of these with a known difference | not run |",
      "| --- | --- | ---: | ---: | ---: |",
      ...fixing.map(row),
    ].join("\n"),
    "## Known differences",
    ["| rule | program | inputs | why |", "| --- | --- | --- | --- |", ...known].join("\n"),
    "## Not run",
    notRun.length === 0 ? "None." : ["| rule | program | why |", "| --- | --- | --- |", ...notRun].join("\n"),
    "",
  ].join("\n\n");
}
