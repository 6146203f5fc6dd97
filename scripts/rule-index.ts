/** The list of rules, found in the folder: a rule is registered by being there. */
import { readdirSync } from "node:fs";
import { modulesIn, variableOf } from "./modules.js";

export function ruleNames(): readonly string[] {
  const areas = readdirSync("rules", { withFileTypes: true }).filter((it) => it.isDirectory());
  return areas.flatMap(({ name }) => modulesIn(`rules/${name}`).map((it) => `${name}/${it}`)).sort();
}

export function ruleIndexSource(): string {
  const names = ruleNames();
  const imports = names.map((it) => `import ${variableOf(it)} from "./${it}.js";\n`);
  const entries = names.map(
    (it) => `  nameRule(${JSON.stringify(it)}, ${variableOf(it)}, gains[${JSON.stringify(it)}]),\n`,
  );
  return `/** Made by scripts/generate.ts from the files in rules/. Do not edit. */\n\nimport { nameRule, type Rule } from "../analysis/rule/rule.js";\n${imports.join("")}import { gains } from "./gains.generated.js";\n\nexport const rules: readonly Rule[] = [\n${entries.join("")}];\n`;
}
