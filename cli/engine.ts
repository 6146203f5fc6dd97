/** Starts the analyzer with everything the product ships: the wasm files beside the bundle, every rule, the guide. */

import { readFileSync } from "node:fs";
import { createAnalyzer, createParser, type Analyzer } from "../analysis/analyzer.js";
import { guide } from "../guide/index.generated.js";
import { rules } from "../rules/index.generated.js";

export { guide, rules };

export async function startAnalyzer(): Promise<Analyzer> {
  const parser = await createParser(readFileSync(beside("web-tree-sitter.wasm")), readFileSync(beside("tree-sitter-python.wasm")));
  return createAnalyzer({ parser, rules, guide, guideUrl });
}

/** Where a section is to be read in a browser: its file is named after its part and anchor. */
export function guideUrl(anchor: string): string {
  const part = guide.find((it) => it.anchor === anchor)?.part ?? 0;
  return `https://github.com/nippy-python/nippy/blob/main/guide/${part}-${anchor}.md`;
}

function beside(name: string): URL {
  return new URL(name, import.meta.url);
}
