/** The list of refactorings, found in the folder: a refactoring is registered by being there. */
import { readdirSync } from "node:fs";

export function refactoringIndexSource(): string {
  const names = readdirSync("refactorings").filter((it) => it.endsWith(".ts") && !it.endsWith(".generated.ts")).map((it) => it.slice(0, -3)).sort();
  const variable = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const imports = names.map((it) => `import ${variable(it)} from "./${it}.js";\n`);
  const entries = names.map((it) => `  nameRefactoring(${JSON.stringify(it)}, ${variable(it)}),\n`);
  return `/** Made by scripts/generate.ts from the files in refactorings/. Do not edit. */\n\nimport { nameRefactoring, type Refactoring } from "../analysis/rule/refactoring.js";\n${imports.join("")}\nexport const refactorings: readonly Refactoring[] = [\n${entries.join("")}];\n`;
}
