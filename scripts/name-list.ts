/** The names of rules and snippets, for the guide view: it makes links of them without asking the server. */
import { ruleNames } from "./rule-index.js";
import { snippetNames } from "./snippet-index.js";

export function nameListSource(): string {
  const list = (names: readonly string[]) => names.map((it) => `  ${JSON.stringify(it)},\n`).join("");
  return `/** Made by scripts/generate.ts from rules/ and snippets/: the names that the guide view turns into links. Do not edit. */\n\nexport const RULE_NAMES: readonly string[] = [\n${list(ruleNames())}];\n\nexport const SNIPPET_NAMES: readonly string[] = [\n${list(snippetNames())}];\n`;
}
