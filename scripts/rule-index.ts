/** The list of rules, found in the folder: a rule is registered by being there. */
import { readdirSync } from "node:fs";

export function ruleNames(): readonly string[] {
  const areas = readdirSync("rules", { withFileTypes: true }).filter((it) => it.isDirectory());
  return areas.flatMap(({ name }) => readdirSync(`rules/${name}`).filter((it) => it.endsWith(".ts")).map((it) => `${name}/${it.slice(0, -3)}`)).sort();
}

export function ruleIndexSource(): string {
  const names = ruleNames();
  const variable = (name: string) => name.replace(/[/-](\w)/g, (_, letter: string) => letter.toUpperCase());
  const imports = names.map((it) => `import ${variable(it)} from "./${it}.js";\n`);
  const entries = names.map((it) => `  nameRule(${JSON.stringify(it)}, ${variable(it)}),\n`);
  return `/** Made by scripts/generate.ts from the files in rules/. Do not edit. */\n\nimport { nameRule, type Rule } from "../analysis/rule/rule.js";\n${imports.join("")}\nexport const rules: readonly Rule[] = [\n${entries.join("")}];\n`;
}
