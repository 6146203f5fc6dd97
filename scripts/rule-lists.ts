/** docs/rules/<area>.md lists the rules of an area, README.md the areas. A new rule changes the list of its area by one line, and nothing else. */
import { readFileSync } from "node:fs";
import { gainFigure } from "../analysis/rule/gain.js";
import type { Rule } from "../analysis/rule/rule.js";
import { rules } from "../rules/index.generated.js";
import { AREAS } from "./areas.js";
import { editorSettings } from "./editor-settings.js";

export function areas(): readonly string[] {
  return [...new Set(rules.map((it) => it.name.split("/")[0]!))];
}

function aboutOf(area: string): string {
  const about = AREAS[area];
  if (about === undefined) throw new Error(`scripts/areas.ts must say what the area ${area} is about`);
  return about;
}

export function areaPage(area: string): string {
  const row = (it: Rule) =>
    `| [\`${it.name}\`](${it.name}.md) | ${it.title} | ${it.level} | ${it.fixes ?? "–"} | ${gainFigure(it) ?? "–"} |`;
  const about = aboutOf(area);
  return [
    `<!-- Made by scripts/generate.ts from rules/${area}/. Do not edit. -->`,
    `# Rules: ${area}`,
    `${about[0]!.toUpperCase()}${about.slice(1)}.`,
    [
      "| rule | what it finds | level | fix | measured |",
      "| --- | --- | --- | --- | --- |",
      ...rules.filter((it) => it.name.startsWith(`${area}/`)).map(row),
    ].join("\n"),
    "",
  ].join("\n\n");
}

const SETTINGS_TABLE = /<!-- settings -->[\s\S]*<!-- \/settings -->/;
const TABLE = /<!-- rules -->[\s\S]*<!-- \/rules -->/;

/** README.md with the list of areas and the table of the editor's settings between their marks. */
export function readme(): string {
  const rows = areas().map((it) => `| [${it}](docs/rules/${it}.md) | ${aboutOf(it)} |`);
  const table = ["| area | what its rules are about |", "| --- | --- |", ...rows].join("\n");
  return readFileSync("README.md", "utf8")
    .replace(TABLE, () => `<!-- rules -->\n${table}\n<!-- /rules -->`)
    .replace(SETTINGS_TABLE, () => `<!-- settings -->\n${editorSettings()}\n<!-- /settings -->`);
}
