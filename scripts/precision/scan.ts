/** Runs the engine over folders and says what it found where, with ids that stay when lines move. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createAnalyzer, createParser, DEFAULT_SETTINGS, type Analyzer, type Finding, type Parser, type Rule, type Settings } from "../../analysis/analyzer.js";
import { guide } from "../../guide/index.generated.js";
import { rules } from "../../rules/index.generated.js";
import { isTest, linesIn, readPython, type Folder } from "./folders.js";

export interface Found {
  readonly id: string;
  readonly repository: string;
  readonly path: string;
  /** From 1; of a notebook, in its code cells one below the other. */
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly level: string;
  readonly isTest: boolean;
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
}

/** With the rules asked for come those they give way to. */
export async function startTools(wanted: (rule: string) => boolean = () => true, known: readonly Rule[] = rules): Promise<Tools> {
  const asked = known.filter((it) => wanted(it.name));
  const only = known.filter((it) => asked.includes(it) || asked.some(({ yieldsTo }) => yieldsTo.includes(it.name)));
  const bytes = (path: string) => readFileSync(`node_modules/${path}`);
  const parser = await createParser(bytes("web-tree-sitter/web-tree-sitter.wasm"), bytes("tree-sitter-python/tree-sitter-python.wasm"));
  const analyzer = createAnalyzer({ parser, rules: only, guide, guideUrl: (anchor) => anchor });
  return { analyzer, parser, asked };
}

/** At default levels; rules that are off by default speak as hints where they are asked for too. */
export function settingsFor({ asked }: Tools, { python }: Folder, withOff: boolean): Settings {
  const levels = withOff ? asked.filter((it) => it.level === "off").map((it) => [it.name, "hint"] as const) : [];
  return { ...DEFAULT_SETTINGS, python, levels };
}

/** The path an analysis is told: the same on every machine, and no folder above the repository can make a test of it. */
export function toldPath({ name }: Folder, path: string): string {
  return `${name}/${path}`;
}

/** What is found at default levels, and on request what the rules that are off would add. Two runs, because a rule that is on can silence another. */
export function scanFolder(tools: Tools, folder: Folder, withOff: boolean): FolderScan {
  const asked = new Set(tools.asked.map((it) => it.name));
  const off = new Set(tools.asked.filter((it) => it.level === "off").map((it) => it.name));
  const settings = [settingsFor(tools, folder, false), ...(withOff && off.size > 0 ? [settingsFor(tools, folder, true)] : [])];
  const problems: string[] = [];
  const findings: Found[] = [];
  let lines = 0;
  let testLines = 0;
  for (const path of folder.paths) {
    const read = readPython(folder, path);
    if ("problem" in read) {
      problems.push(`${folder.name}/${path}: ${read.problem}`);
      continue;
    }
    const count = linesIn(read.text);
    lines += count;
    if (isTest(path)) testLines += count;
    const found = !couldSpeak(tools.asked, read.text) ? [] : settings.flatMap((it, run) => {
      const report = tools.analyzer.report(tools.analyzer.open(read.text, it, toldPath(folder, path)));
      problems.push(...report.failures.map(({ rule, error }) => `${folder.name}/${path}: ${rule} failed: ${(error as Error).message}`));
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

function placed({ name: repository }: Folder, path: string, text: string, findings: readonly Finding[], off: ReadonlySet<string>): Found[] {
  if (findings.length === 0) return [];
  const starts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((it) => it.index + it[0].length)];
  const contents = starts.map((start, index) => text.slice(start, starts[index + 1]).trim());
  const alike = ordinals(contents);
  const onLine = new Map<string, number>();
  return findings.map(({ rule, level, range: { start, end } }) => {
    const index = starts.findLastIndex((it) => it <= start);
    const place = `${rule}:${index}`;
    const nth = onLine.get(place) ?? 0;
    onLine.set(place, nth + 1);
    const id = idOf(repository, path, rule, contents[index]!, alike[index]!, nth);
    return { id, repository, path, line: index + 1, column: start - starts[index]! + 1, rule, level, isTest: isTest(path), isOff: off.has(rule), start, end };
  });
}

/** Of each line how many of the same text stand above it: equal lines get different ids, whether or not a finding is on them. */
function ordinals(lines: readonly string[]): readonly number[] {
  const seen = new Map<string, number>();
  return lines.map((line) => {
    const count = seen.get(line) ?? 0;
    seen.set(line, count + 1);
    return count;
  });
}

const ID_LENGTH = 12;

/** Holds while the line's own text does, wherever it moves in its file, and says nothing of the text itself. */
function idOf(...parts: readonly (string | number)[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, ID_LENGTH);
}
