/** docs/coverage.md: every technique that Nippy owes its reader, and where it is delivered; what is not built yet is marked. */
import { readFileSync } from "node:fs";
import { constructs } from "../guide/constructs/index.generated.js";
import { refactorings } from "../refactorings/index.generated.js";
import { rules } from "../rules/index.generated.js";
import { sections } from "./guide-index.js";
import { snippetNames } from "./snippet-index.js";

/** A row of guide/techniques.json: what is taught, in our words, and where it was planned to be delivered besides the guide. */
export interface Technique {
  readonly id: string;
  readonly says: string;
  readonly rules: readonly string[];
  readonly snippets: readonly string[];
  readonly hovers: readonly string[];
  readonly refactorings: readonly string[];
  readonly tools: readonly string[];
}

type Means = Exclude<keyof Technique, "id" | "says">;

const MEANS: readonly Means[] = ["rules", "snippets", "hovers", "refactorings", "tools"];

/** Tools that are there: commands, language-model tools and views. None of the profilers and runners is built yet. */
const TOOLS = new Set(["guide-view", "technique-index"]);

export function techniques(): readonly Technique[] {
  return JSON.parse(readFileSync("guide/techniques.json", "utf8")) as readonly Technique[];
}

/** What exists, by name. */
export function delivered(): Readonly<Record<Means, ReadonlySet<string>>> {
  return {
    rules: new Set(rules.map((it) => it.name)),
    snippets: new Set(snippetNames()),
    hovers: new Set(constructs.map((it) => it.name)),
    refactorings: new Set(refactorings.map((it) => it.name)),
    tools: TOOLS,
  };
}

export function coveragePage(): string {
  const rows = techniques();
  const there = delivered();
  const written = sections();
  const bySection = new Map<string, string[]>();
  for (const { anchor, part, rows: told } of written) for (const id of told) bySection.set(id, [...(bySection.get(id) ?? []), `[${anchor}](../guide/${part}-${anchor}.md)`]);

  const cell = (technique: Technique, means: Means) =>
    technique[means].map((name) => (there[means].has(name) ? (means === "rules" ? `[${name}](rules/${name}.md)` : `\`${name}\``) : `${name} (not yet)`)).join(", ");
  const lines = rows.map((it) => `| ${[it.id, it.says.replaceAll("|", "\\|"), (bySection.get(it.id) ?? []).join(", "), ...MEANS.map((means) => cell(it, means))].join(" | ")} |`);

  const count = (means: Means) => {
    const wanted = new Set(rows.flatMap((it) => it[means]));
    return `| ${means} | ${[...wanted].filter((it) => there[means].has(it)).length} | ${wanted.size} |`;
  };
  const told = rows.filter((it) => bySection.has(it.id)).length;
  return `<!-- Made by scripts/generate.ts from guide/techniques.json, the guide, rules, snippets, constructs and refactorings. Do not edit. -->

# Coverage

Every technique that Nippy set out to bring to the cursor, with where it is delivered.
What is planned and not built is marked "not yet".

| delivered by | built | planned |
| --- | ---: | ---: |
| guide (techniques told) | ${told} | ${rows.length} |
${MEANS.map(count).join("\n")}

| id | technique | guide | ${MEANS.join(" | ")} |
| --- | --- | --- | ${MEANS.map(() => "---").join(" | ")} |
${lines.join("\n")}
`;
}
