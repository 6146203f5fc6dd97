/** Starts the analyzer with everything the product ships: the wasm files beside the bundle, every rule, the guide. */

import { readFileSync } from "node:fs";
import { createAnalyzer, createParser, type Analyzer, type Parser } from "../analysis/analyzer.js";
import { guideUrl } from "../guide/address.js";
import { guide } from "../guide/index.generated.js";
import { rules } from "../rules/index.generated.js";
import type { Engine } from "./check-file.js";

export { guide, guideUrl, rules };

export async function startAnalyzer(): Promise<Analyzer> {
  const { analyzer, loadGrammar } = makeEngine();
  await loadGrammar();
  return analyzer;
}

/** Ready at once for texts that were read before; the grammar takes longer to start than many files to check, and hardly any file needs it. */
export function makeEngine(): Engine {
  let loading: Promise<void> | undefined;
  let loaded: Parser | undefined;
  const parser: Parser = {
    parse(text) {
      if (!loaded) throw new Error("the grammar is not loaded");
      return loaded.parse(text);
    },
  };
  const load = async () => {
    loaded = await createParser(
      readFileSync(beside("web-tree-sitter.wasm")),
      readFileSync(beside("tree-sitter-python.wasm")),
    );
  };
  return { analyzer: createAnalyzer({ parser, rules, guide, guideUrl }), loadGrammar: () => (loading ??= load()) };
}

function beside(name: string): URL {
  return new URL(name, import.meta.url);
}
