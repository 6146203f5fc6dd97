/** Starts the analyzer with everything the product ships: the wasm files beside the bundle, every rule, the guide. */

import { readFileSync } from "node:fs";
import { createAnalyzer, createParser, type Analyzer } from "../analysis/analyzer.js";
import { guideUrl } from "../guide/address.js";
import { guide } from "../guide/index.generated.js";
import { rules } from "../rules/index.generated.js";

export { guide, guideUrl, rules };

export async function startAnalyzer(): Promise<Analyzer> {
  const parser = await createParser(readFileSync(beside("web-tree-sitter.wasm")), readFileSync(beside("tree-sitter-python.wasm")));
  return createAnalyzer({ parser, rules, guide, guideUrl });
}

function beside(name: string): URL {
  return new URL(name, import.meta.url);
}
