/** What is derived from the product's own tables: the pages of rules, snippets, refactorings and coverage, the table in the README. Bundled and called by generate.ts. */
import { readFileSync } from "node:fs";
import { rulePage } from "../analysis/rule/page.js";
import type { Rule } from "../analysis/rule/rule.js";
import { guide } from "../guide/index.generated.js";
import { rules } from "../rules/index.generated.js";
import { coveragePage } from "./coverage.js";
import { refactoringsPage, snippetsPage } from "./lists.js";

export function pages(): Record<string, () => string> {
  return {
    ...Object.fromEntries(rules.map((rule) => [`docs/rules/${rule.name}.md`, () => docPage(rule)])),
    "docs/coverage.md": coveragePage,
    "docs/snippets.md": snippetsPage,
    "docs/refactorings.md": refactoringsPage,
    "README.md": readme,
  };
}

function docPage(rule: Rule): string {
  const section = guide.find((it) => it.anchor === rule.guide)!;
  const url = `../../../guide/${section.part}-${section.anchor}.md`;
  return `<!-- Made by scripts/generate.ts from rules/${rule.name}.ts. Do not edit. -->\n\n# ${rule.title}\n\n${rulePage(rule, { guide: { title: section.title, url } }).replace(/^.*\n\n/, "")}\n`;
}

const TABLE = /<!-- rules -->[\s\S]*<!-- \/rules -->/;

function readme(): string {
  const text = readFileSync("README.md", "utf8");
  const row = (rule: Rule) => `| [\`${rule.name}\`](docs/rules/${rule.name}.md) | ${rule.title} | ${rule.level} | ${rule.fixes ?? "–"} |`;
  const table = ["| rule | what it finds | level | fix |", "| --- | --- | --- | --- |", ...rules.map(row)].join("\n");
  return text.replace(TABLE, `<!-- rules -->\n${table}\n<!-- /rules -->`);
}
