/** bench/RESULTS.md: each measurement writes its own section, and leaves the others as their last run left them. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { machine } from "./measure.js";

const FILE = "bench/RESULTS.md";
const HEAD =
  "<!-- Written by npm run bench. Do not edit. -->\n\n# What was measured last\n\nShared machines: read ratios, not absolute times.\n";
/** In the order in which they are shown. */
const SECTIONS = [
  "Next to Ruff",
  "What the rules cost",
  "What the rules cost on AI code",
  "Repeated constructs",
  "Keystrokes in huge pieces",
  "With the whole workspace",
] as const;

export function writeSection(title: (typeof SECTIONS)[number], note: string, rows: readonly string[]): void {
  const kept = existsSync(FILE) ? sectionsOf(readFileSync(FILE, "utf8")) : new Map<string, string>();
  kept.set(title, `${new Date().toISOString().slice(0, 10)}, ${machine()}. ${note}\n\n${rows.join("\n")}\n`);
  const sections = SECTIONS.flatMap((it) => (kept.has(it) ? [`\n## ${it}\n\n${kept.get(it)!.trim()}\n`] : []));
  writeFileSync(FILE, HEAD + sections.join(""));
}

function sectionsOf(text: string): Map<string, string> {
  const [, ...parts] = text.split(/^## /m);
  return new Map(parts.map((it) => [it.slice(0, it.indexOf("\n")), it.slice(it.indexOf("\n") + 1)]));
}
