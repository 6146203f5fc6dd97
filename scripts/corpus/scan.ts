/** Runs the engine over folders and says what it found where, with ids that stay when lines move. */
import { readFileSync } from "node:fs";
import {
  createAnalyzer,
  createParser,
  DEFAULT_SETTINGS,
  type Analyzer,
  type Finding,
  type Parser,
  type Rule,
  type Settings,
} from "../../analysis/analyzer.js";
import { guide } from "../../guide/index.generated.js";
import { rules } from "../../rules/index.generated.js";
import { isTest, pythonLinesIn, readText, type Folder } from "./folders.js";
import { placesIn, type Place } from "./places.js";

export interface Found extends Place {
  readonly level: Finding["level"];
  readonly evidence: Finding["evidence"];
  readonly weight: Finding["weight"];
  readonly value: number;
  /** The rule is off by default. */
  readonly isOff: boolean;
  readonly start: number;
  readonly end: number;
}

export interface FolderScan {
  readonly folder: Folder;
  readonly files: number;
  readonly lines: number;
  readonly testLines: number;
  readonly findings: readonly Found[];
  /** Files that could not be read, rules that failed. */
  readonly problems: readonly string[];
}

export interface Tools {
  readonly analyzer: Analyzer;
  readonly parser: Parser;
  /** Whose findings are wanted. */
  readonly asked: readonly Rule[];
  /** All that run. */
  readonly rules: readonly Rule[];
}

/** With the rules asked for come those that override them. */
export async function startTools(
  wanted: (rule: string) => boolean = () => true,
  known: readonly Rule[] = rules,
): Promise<Tools> {
  const asked = known.filter((it) => wanted(it.name));
  const only = known.filter((it) => asked.includes(it) || it.overrides.some(wanted));
  const bytes = (path: string) => readFileSync(`node_modules/${path}`);
  const parser = await createParser(
    bytes("web-tree-sitter/web-tree-sitter.wasm"),
    bytes("tree-sitter-python/tree-sitter-python.wasm"),
  );
  const analyzer = createAnalyzer({ parser, rules: only, guide, guideUrl: (anchor) => anchor });
  return { analyzer, parser, asked, rules: only };
}

/** At default levels; rules that are off by default speak as hints where they are asked for too. */
export function settingsFor({ asked }: Tools, { python, libraries }: Folder, withOff: boolean): Settings {
  const levels = withOff ? asked.filter((it) => it.level === "off").map((it) => [it.name, "hint"] as const) : [];
  return { ...DEFAULT_SETTINGS, python, libraries, levels };
}

/** The path an analysis is told: the same on every machine, and no folder above the repository can make a test of it. */
export function toldPath({ name }: Folder, path: string): string {
  return `${name}/${path}`;
}

/** What is found at default levels, and on request what the rules that are off would add. Two runs, because a rule that is on can silence another. */
export function scanFolder(tools: Tools, folder: Folder, withOff: boolean): FolderScan {
  const asked = new Set(tools.asked.map((it) => it.name));
  const off = new Set(tools.asked.filter((it) => it.level === "off").map((it) => it.name));
  const settings = [
    settingsFor(tools, folder, false),
    ...(withOff && off.size > 0 ? [settingsFor(tools, folder, true)] : []),
  ];
  const problems: string[] = [];
  const findings: Found[] = [];
  let lines = 0;
  let testLines = 0;
  for (const path of folder.paths) {
    const read = readText(folder, path);
    if ("problem" in read) {
      problems.push(`${folder.name}/${path}: ${read.problem}`);
      continue;
    }
    const count = pythonLinesIn(path, read.text);
    lines += count;
    if (isTest(path)) testLines += count;
    const found = !couldSpeak(tools.asked, read.text)
      ? []
      : settings.flatMap((it, run) => {
          const report = tools.analyzer.report(tools.analyzer.open(read.text, it, toldPath(folder, path)));
          problems.push(
            ...report.failures.map(
              ({ rule, error }) => `${folder.name}/${path}: ${rule} failed: ${(error as Error).message}`,
            ),
          );
          return report.findings.filter(({ rule }) => (run === 0 ? asked : off).has(rule));
        });
    findings.push(...placed(folder, path, read.text, found, off));
  }
  return { folder, files: folder.paths.length, lines, testLines, findings, problems };
}

/** A file without the name of any module that the rules ask for imports none of them: most files need no look when a few rules are asked for. */
function couldSpeak(asked: readonly Rule[], text: string): boolean {
  return asked.some(({ imports }) => imports.length === 0 || imports.some((it) => text.includes(it)));
}

function placed(
  { name: repository }: Folder,
  path: string,
  text: string,
  findings: readonly Finding[],
  off: ReadonlySet<string>,
): Found[] {
  if (findings.length === 0) return [];
  const placeOf = placesIn(repository, path, text);
  return findings.map(({ rule, level, evidence, weight, value, range: { start, end } }) => ({
    ...placeOf(rule, start),
    level,
    evidence,
    weight,
    value,
    isOff: off.has(rule),
    start,
    end,
  }));
}
