/** Asks the facts about marked expressions of a source: the first argument of each `probe(…)`. */
import { AnalysisState } from "../../analysis/engine/state.js";
import { openDocument } from "../../analysis/semantics/document.js";
import type { Facts } from "../../analysis/semantics/facts.js";
import type { Node } from "../../analysis/syntax/tree.js";
import { parser } from "./check.js";

export async function askFacts<T>(
  source: string,
  ask: (argument: Node, facts: Facts) => T,
  options: { readonly isTest?: boolean } = {},
): Promise<readonly T[]> {
  const document = openDocument(source, await parser());
  const state = new AnalysisState(document, { python: "3.10", isTest: false, isNotebook: false, ...options });
  const { facts } = state.file();
  return document.pieces.flatMap(({ tree }) =>
    tree.root
      .descendants("call")
      .filter((it) => it.field("function")!.text === "probe")
      .map((it) => ask(it.field("arguments")!.children[0]!, facts)),
  );
}
