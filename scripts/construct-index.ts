/** The list of constructs, found in the folder: a file of constructs is registered by being there. */
import { readdirSync } from "node:fs";

export function constructIndexSource(): string {
  const names = readdirSync("guide/constructs").filter((it) => it.endsWith(".ts") && !it.endsWith(".generated.ts")).map((it) => it.slice(0, -3)).sort();
  const variable = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const imports = names.map((it) => `import ${variable(it)} from "./${it}.js";\n`);
  return `/** Made by scripts/generate.ts from the files in guide/constructs/. Do not edit. */\n\nimport type { Construct } from "../../analysis/authoring.js";\n${imports.join("")}\nexport const constructs: readonly Construct[] = [${names.map((it) => `...${variable(it)}`).join(", ")}];\n`;
}
