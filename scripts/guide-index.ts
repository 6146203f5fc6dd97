/** Reads the guide's files: their names give part and anchor, their front matter title, order and rows, their first sentence the summary. */
import { readdirSync, readFileSync } from "node:fs";

export interface Section {
  readonly anchor: string;
  readonly part: number;
  readonly order: number;
  readonly title: string;
  readonly summary: string;
  readonly rows: readonly string[];
  readonly text: string;
}

export function sections(): readonly Section[] {
  return readdirSync("guide")
    .filter((it) => it.endsWith(".md"))
    .map(readSection)
    .sort((a, b) => a.part - b.part || a.order - b.order);
}

function readSection(file: string): Section {
  const name = /^(\d)-([\w-]+)\.md$/.exec(file);
  const source = readFileSync(`guide/${file}`, "utf8");
  const match = /^---\n([\s\S]*?)\n---\n\n# ([^\n]+)\n\n([^\n]+)\n/.exec(source);
  if (!name || !match) throw new Error(`guide/${file}: a section starts with front matter, a heading and one sentence`);
  const field = (key: string) => new RegExp(`^${key}:\\s*(.*?)\\s*(?:#.*)?$`, "m").exec(match[1]!)?.[1] ?? "";
  const title = field("title").replace(/^"(.*)"$/, "$1");
  if (title !== match[2]) throw new Error(`guide/${file}: the title in the front matter is not the heading`);
  return {
    part: Number(name[1]),
    anchor: name[2]!,
    order: Number(field("order")),
    title,
    summary: match[3]!,
    rows: field("rows")
      .replace(/[[\]\s]/g, "")
      .split(",")
      .filter((it) => it !== ""),
    text: source.slice(match[0].indexOf("# ")),
  };
}

export function anchorsSource(): string {
  const anchors = sections().map((it) => `  | ${JSON.stringify(it.anchor)}`);
  return `/** Made by scripts/generate.ts from the names of the guide's files: a rule that names a section which does not exist does not compile. Do not edit. */\n\nexport type GuideAnchor =\n${anchors.join("\n")};\n`;
}

export function guideIndexSource(): string {
  const entries = sections().map(
    ({ anchor, title, part, summary }) =>
      `  { anchor: ${JSON.stringify(anchor)}, part: ${part}, title: ${JSON.stringify(title)}, summary: ${JSON.stringify(summary)} },\n`,
  );
  return `/** Made by scripts/generate.ts from guide/*.md: the sections of the guide in order. Do not edit. */\n\nimport type { GuideSection } from "../analysis/analyzer.js";\n\nexport const guide: readonly GuideSection[] = [\n${entries.join("")}];\n`;
}
