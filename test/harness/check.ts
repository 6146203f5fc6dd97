/** The only way tests reach the engine: text in, findings out. A rule that throws fails the test. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  applyEdits,
  createAnalyzer,
  createParser,
  DEFAULT_SETTINGS,
  type Analyzer,
  type Finding,
  type Parser,
  type ReadyFix,
  type Rule,
  type Settings,
} from "../../analysis/analyzer.js";
import { readConfiguration } from "../../analysis/configuration/settings-tree.js";
import type { Tree } from "../../analysis/syntax/tree.js";
import { guide } from "../../guide/index.generated.js";
import { rules } from "../../rules/index.generated.js";

const bytes = (path: string) => readFileSync(`node_modules/${path}`);

let made: Promise<Parser> | undefined;

export function parser(): Promise<Parser> {
  return (made ??= createParser(
    bytes("web-tree-sitter/web-tree-sitter.wasm"),
    bytes("tree-sitter-python/tree-sitter-python.wasm"),
  ));
}

export async function analyzer(only: readonly Rule[] = rules): Promise<Analyzer> {
  return createAnalyzer({
    parser: await parser(),
    rules: only,
    guide,
    guideUrl: (anchor) => `https://example.invalid/${anchor}`,
    onFixFailure: ({ rule, error }) => assert.fail(`the fix of ${rule} failed: ${(error as Error).stack}`),
  });
}

/** Every rule at its own level, those that are off by default as hints: tests speak of rules, not of defaults. */
export function allOn(settings: Partial<Settings> = {}): Settings {
  const off = rules.filter((it) => it.level === "off").map((it) => [it.name, "hint"] as const);
  return { ...DEFAULT_SETTINGS, levels: off, ...settings };
}

/** As people have it who set nothing, with some rules on that are off: for texts that people are shown, in which matters of taste need not be told. */
export function asShipped(on: readonly string[] = [], settings: Partial<Settings> = {}): Settings {
  const off = rules.filter((it) => it.level === "off" && on.includes(it.name)).map((it) => [it.name, "hint"] as const);
  return { ...DEFAULT_SETTINGS, levels: off, ...settings };
}

export interface FixedCase extends Pick<ReadyFix, "title" | "safety" | "doubts"> {
  readonly text: string;
}

export interface Checked {
  readonly findings: readonly Finding[];
  /** The text after one finding's fix; undefined if it has none. */
  fixed(finding: Finding): FixedCase | undefined;
  /** Why it has none, if its rule says so. */
  declined(finding: Finding): string | undefined;
}

export async function check(
  source: string,
  only: readonly Rule[] = rules,
  settings: Settings = allOn(),
  path = "module.py",
): Promise<Checked> {
  const engine = await analyzer(only);
  const snapshot = engine.open(source, settings, path);
  const { findings, failures } = engine.report(snapshot);
  const [failure] = failures;
  if (failure) throw new Error(`${failure.rule} failed`, { cause: failure.error });
  return {
    findings,
    fixed(finding) {
      const fix = engine.fix(snapshot, finding);
      return fix && { ...fix, text: applyEdits(source, fix.edits) };
    },
    declined: (finding) => engine.whyNoFix(snapshot, finding),
  };
}

/** True if the whole text is free of ERROR and MISSING nodes; of TOML, if it has parts. */
export async function parses(source: string, file?: string): Promise<boolean> {
  const tree = await treeOf(source, file);
  return !tree.isBroken(0) && (file?.endsWith(".toml") !== true || tree.size > 1);
}

/** The tree of a whole text as rules see it. */
export async function treeOf(source: string, file = "module.py"): Promise<Tree> {
  return readConfiguration(source, file) ?? (await parser()).parse(source);
}
