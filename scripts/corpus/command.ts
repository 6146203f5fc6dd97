/** What the tools that judge real code have in common: their command line, and which rules and folders a run is about. */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { matcher, unknownName } from "../../analysis/analyzer.js";
import { rules } from "../../rules/index.generated.js";
import type { Question } from "./judged.js";
import { recordAll } from "./record.js";
import { startTools, type Tools } from "./scan.js";

export interface SheetsRequest {
  readonly paths: readonly string[];
  /** Names or globs; none means all. */
  readonly rules: readonly string[];
  /** How many places a sheet shows at most. */
  readonly size: number;
  readonly seed: number;
  /** Rules that are off by default are asked too. */
  readonly allLevels?: boolean;
  /** The folder for the sheets. */
  readonly out: string;
}

export type Tell = (progress: string) => void;

export interface JudgingTool<Word extends string> {
  readonly name: string;
  readonly sample: number;
  readonly hasLevels: boolean;
  readonly question: Question<Word>;
  /** Scans folders, writes a sheet for each rule, and returns a summary. */
  writeSheets(request: SheetsRequest, tell: Tell): Promise<string>;
  /** Counts the named folders again: for all rules, or for the named ones alone. */
  countAgain(paths: readonly string[], tell: Tell, corpus: string | undefined, rules: readonly string[]): Promise<void>;
  page(): string;
}

/** Runs the tool as its command line says; exits with 2 where that is not understood. */
export async function runTool<Word extends string>(tool: JudgingTool<Word>): Promise<void> {
  const { name } = tool;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      record: { type: "boolean", default: false },
      report: { type: "boolean", default: false },
      rule: { type: "string", multiple: true, default: [] },
      sample: { type: "string", default: String(tool.sample) },
      seed: { type: "string", default: "1" },
      out: { type: "string", default: `out/${name}` },
      ...(tool.hasLevels && { "all-levels": { type: "boolean", default: false } as const }),
    },
  });
  const [size, seed] = [Number(values.sample), Number(values.seed)];
  const wanted = values.rule.flatMap((it) => it.split(","));
  const isUnderstood = Number.isInteger(size) && size > 0 && Number.isInteger(seed);
  if (values.report) {
    if (positionals.length > 0) await tool.countAgain(positionals, console.error, undefined, wanted);
    const page = `docs/${name}.md`;
    writeFileSync(page, tool.page());
    console.log(`${page} is written.`);
  } else if (positionals.length === 0 || !isUnderstood) {
    const levels = tool.hasLevels ? " [--all-levels]" : "";
    console.error(
      `Usage: npm run ${name} -- PATH… [--rule NAME,…] [--sample ${tool.sample}] [--seed 1]${levels} [--out out/${name}] | --record SHEET… | --report [PATH… [--rule NAME,…]]`,
    );
    process.exitCode = 2;
  } else if (values.record) {
    recordAll(tool.question, positionals);
  } else {
    const allLevels = "all-levels" in values && values["all-levels"] === true;
    const request = { paths: positionals, rules: wanted, size, seed, allLevels, out: values.out };
    console.log(await tool.writeSheets(request, console.error));
  }
}

/** The tools with the rules that are asked for. Throws where a name is none of a rule. */
export async function toolsFor(wanted: readonly string[]): Promise<Tools> {
  const problems = wanted.flatMap((it) => unknownName(it, rules) ?? []);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const fits = wanted.map(matcher);
  return startTools((rule) => fits.length === 0 || fits.some((it) => it(rule)));
}

/** The day and the version that counts are kept with. */
export function stamp(): { readonly date: string; readonly nippy: string } {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };
  return { date: new Date().toISOString().slice(0, 10), nippy: version };
}
