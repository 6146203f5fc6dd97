/** The list of refactorings, found in the folder: a refactoring is registered by being there. */
import { modulesIn, variableOf } from "./modules.js";

export function refactoringIndexSource(): string {
  const names = modulesIn("refactorings");
  const imports = names.map((it) => `import ${variableOf(it)} from "./${it}.js";\n`);
  const entries = names.map((it) => `  nameRefactoring(${JSON.stringify(it)}, ${variableOf(it)}),\n`);
  return `/** Made by scripts/generate.ts from the files in refactorings/. Do not edit. */\n\nimport { nameRefactoring, type Refactoring } from "../analysis/rule/refactoring.js";\n${imports.join("")}\nexport const refactorings: readonly Refactoring[] = [\n${entries.join("")}];\n`;
}
