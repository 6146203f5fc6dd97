/** The engine with every rule on: what is off by default has to be quick too. */
import { readFileSync } from "node:fs";
import { createAnalyzer } from "../analysis/engine/analyzer.js";
import type { Analyzer } from "../analysis/engine/contract.js";
import { DEFAULT_SETTINGS, type Settings } from "../analysis/engine/settings.js";
import { createParser, type Parser } from "../analysis/syntax/parser.js";
import { guide } from "../guide/index.generated.js";
import { rules } from "../rules/index.generated.js";

export const EVERY_RULE: Settings = {
  ...DEFAULT_SETTINGS,
  levels: rules.map((it) => [it.name, it.level === "off" ? "info" : it.level] as const),
};

export async function engineOfAll(): Promise<{ readonly parser: Parser; readonly analyzer: Analyzer }> {
  const wasm = (name: string) => readFileSync(`dist/${name}.wasm`);
  const parser = await createParser(wasm("web-tree-sitter"), wasm("tree-sitter-python"));
  return { parser, analyzer: createAnalyzer({ parser, rules, guide, guideUrl: (anchor) => anchor }) };
}
