/** docs/proof.md: which fixes are run before and after, what they own up to, and what is not run and why. From the rules' pages. */
import { existsSync, readFileSync } from "node:fs";
import type { Rule } from "../analysis/rule/rule.js";
import { rules } from "../rules/index.generated.js";
import { readExampleNotes, readSpec, type ProofNotes } from "../test/harness/spec.js";

interface Proven {
  readonly title: string;
  readonly notes: ProofNotes;
}

const NO_NOTES: ProofNotes = { setup: "", driver: "", differs: [], why: undefined, notRun: undefined };

/** The programs of a rule that its fixes change, as far as its page shows what becomes of them. */
function programsOf(rule: Rule): readonly Proven[] {
  const path = `test/rules/${rule.name}.md`;
  const page = existsSync(path) ? readFileSync(path, "utf8") : "";
  const notes = readExampleNotes(page);
  return [
    ...rule.examples.map((_, index) => ({ title: `Example ${index + 1}`, notes: notes.get(index + 1) ?? NO_NOTES })),
    ...readSpec(page).filter((it) => it.fixed !== undefined && it.fixed !== it.source).map(({ title, proof }) => ({ title, notes: proof })),
  ];
}

export function proofPage(): string {
  const fixing = rules.filter((it) => it.fixes !== null).map((rule) => ({ rule, programs: programsOf(rule) }));
  const notRun = fixing.flatMap(({ rule, programs }) => programs.filter(({ notes }) => notes.notRun !== undefined).map(({ title, notes }) => `| \`${rule.name}\` | ${title} | ${notes.notRun} |`));
  const owned = fixing.flatMap(({ rule, programs }) => programs.filter(({ notes }) => notes.differs.length > 0).map(({ title, notes }) => `| \`${rule.name}\` | ${title} | ${notes.differs.join(", ")} | ${notes.why ?? ""} |`));
  const total = fixing.reduce((sum, { programs }) => sum + programs.length, 0);
  const row = ({ rule, programs }: (typeof fixing)[number]) => {
    const count = (holds: (notes: ProofNotes) => boolean) => programs.filter(({ notes }) => holds(notes)).length || "–";
    return `| [\`${rule.name}\`](rules/${rule.name}.md) | ${rule.fixes} | ${count((it) => it.notRun === undefined)} | ${count((it) => it.differs.length > 0)} | ${count((it) => it.notRun !== undefined)} |`;
  };
  return [
    "<!-- Made by scripts/generate.ts from test/rules/. Do not edit. -->",
    "# What is proven of the fixes",
    `${fixing.length} rules have a fix. ${total - notRun.length} of the ${total} programs on their pages are run before and after it on CPython, by \`npm test\`, and have to do the same; [decision 007](decisions/007-how-fixes-are-proven.md) says how.\nA \`safe\` fix may differ in nothing. A fix to review says in its title what to look at; where that shows with some inputs, the page owns up to it, and the test fails if it does not show.`,
    ["| rule | fix | programs run | of these owning up to a difference | not run |", "| --- | --- | ---: | ---: | ---: |", ...fixing.map(row)].join("\n"),
    "## Differences owned up to",
    ["| rule | program | inputs | why |", "| --- | --- | --- | --- |", ...owned].join("\n"),
    "## Not run",
    notRun.length === 0 ? "None." : ["| rule | program | why |", "| --- | --- | --- |", ...notRun].join("\n"),
    "",
  ].join("\n\n");
}
