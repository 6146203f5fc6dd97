/** What is derived from the product's own tables: the pages of rules, snippets, refactorings and coverage, the list of areas in the README. Bundled and called by generate.ts. */
import { ruleDocument } from "../analysis/rule/page.js";
import type { Rule } from "../analysis/rule/rule.js";
import { guide } from "../guide/index.generated.js";
import { rules } from "../rules/index.generated.js";
import { coveragePage } from "./coverage.js";
import { proofPage } from "./proof-page.js";
import { refactoringsPage, snippetsPage } from "./lists.js";
import { precisionPage } from "./precision/report.js";
import { recallPage } from "./recall/report.js";
import { areaPage, areas, readme } from "./rule-lists.js";
import { configurationPage, settingsSchema } from "./settings-pages.js";

export function pages(): Record<string, () => string> {
  return {
    ...Object.fromEntries(rules.map((rule) => [`docs/rules/${rule.name}.md`, () => docPage(rule)])),
    ...Object.fromEntries(areas().map((it) => [`docs/rules/${it}.md`, () => areaPage(it)])),
    "assets/nippy.schema.json": settingsSchema,
    "docs/configuration.md": configurationPage,
    "docs/coverage.md": coveragePage,
    "docs/precision.md": precisionPage,
    "docs/proof.md": proofPage,
    "docs/recall.md": recallPage,
    "docs/snippets.md": snippetsPage,
    "docs/refactorings.md": refactoringsPage,
    "README.md": readme,
    "rules/levels.generated.ts": levels,
  };
}

function docPage(rule: Rule): string {
  const section = guide.find((it) => it.anchor === rule.guide)!;
  const url = `../../../guide/${section.part}-${section.anchor}.md`;
  const text = ruleDocument(rule, { guide: { title: section.title, url } });
  return `<!-- Made by scripts/generate.ts from rules/${rule.name}.ts. Do not edit. -->\n\n${text}`;
}

/** What the command line has to know of the rules before it needs one of them. */
function levels(): string {
  const rows = rules.map(
    ({ name, level, overlaps }) =>
      `  { name: ${JSON.stringify(name)}, level: ${JSON.stringify(level)}, overlaps: [${overlaps.map((it) => JSON.stringify(it)).join(", ")}] },\n`,
  );
  return `/** Made by scripts/generate.ts from rules/: the level that each rule has on its own and Ruff's codes for the same, for who must not load the rules to know it. Do not edit. */\n\nexport const ruleLevels = [\n${rows.join("")}] as const;\n`;
}
