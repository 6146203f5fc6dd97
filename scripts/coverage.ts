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

const REFUSED = "docs/decisions/028-rules-that-are-not-built.md";

/** Rules that were measured and are not built, with the reason in the decision that names them. */
export function refusedRules(): ReadonlySet<string> {
  const [refusals = ""] = readFileSync(REFUSED, "utf8").split("## Widenings");
  const entries = refusals.match(/^- .*?:/gm) ?? [];
  return new Set(entries.flatMap((it) => [...it.matchAll(/`([a-z]+\/[a-z0-9-]+)`/g)].map(([, name = ""]) => name)));
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

/** Of each means: what is planned, and what of it is not built yet. */
export function coverageTotals(): readonly {
  readonly means: Means;
  readonly planned: number;
  readonly missing: readonly string[];
}[] {
  const there = delivered();
  return MEANS.map((means) => {
    const planned = new Set(techniques().flatMap((it) => it[means]));
    return { means, planned: planned.size, missing: [...planned].filter((it) => !there[means].has(it)).sort() };
  });
}

export function coveragePage(): string {
  const rows = techniques();
  const there = delivered();
  const written = sections();
  const bySection = new Map<string, string[]>();
  for (const { anchor, part, rows: told } of written)
    for (const id of told)
      bySection.set(id, [...(bySection.get(id) ?? []), `[${anchor}](../guide/${part}-${anchor}.md)`]);

  const refused = refusedRules();
  const cell = (technique: Technique, means: Means) =>
    technique[means]
      .map((name) =>
        there[means].has(name) ? `\`${name}\`` : `${name} (${refused.has(name) ? "refused" : "not yet"})`,
      )
      .join(", ");
  const planned = [...new Set(rows.flatMap((it) => it.rules))];
  const built = planned.filter((it) => there.rules.has(it));
  const off = rules.filter((it) => it.level === "off" && built.includes(it.name));
  const left = planned.length - built.length;
  const lines = rows.map(
    (it) =>
      `| ${[it.id, it.says.replaceAll("|", "\\|"), (bySection.get(it.id) ?? []).join(", "), ...MEANS.map((means) => cell(it, means))].join(" | ")} |`,
  );

  return `<!-- Made by scripts/generate.ts from guide/techniques.json, the guide, rules, snippets, constructs and refactorings. Do not edit. -->

# Coverage

Every technique that Nippy is meant to cover, and where it is covered.
Of the ${planned.length} rules that it names, ${built.length} are [built](rules), ${off.length} of them off unless they are wanted, and ${left} were measured and are [refused](decisions/028-rules-that-are-not-built.md).
What is not built yet is marked "not yet".

| id | technique | guide | ${MEANS.join(" | ")} |
| --- | --- | --- | ${MEANS.map(() => "---").join(" | ")} |
${lines.join("\n")}
`;
}
