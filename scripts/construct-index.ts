/** The list of constructs, found in the folder: a file of constructs is registered by being there. */
import { modulesIn, variableOf } from "./modules.js";

export function constructIndexSource(): string {
  const names = modulesIn("guide/constructs");
  const imports = names.map((it) => `import ${variableOf(it)} from "./${it}.js";\n`);
  return `/** Made by scripts/generate.ts from the files in guide/constructs/. Do not edit. */\n\nimport type { Construct } from "../../analysis/authoring.js";\n${imports.join("")}\nexport const constructs: readonly Construct[] = [${names.map((it) => `...${variableOf(it)}`).join(", ")}];\n`;
}
