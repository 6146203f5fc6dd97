/** rules/gains.generated.ts: what the product tells of bench/gains.json. */
import { memoryRatio, readFigures, type Figures } from "../bench/gains/figures.js";
import { ruleNames } from "./rule-index.js";

export function gainIndexSource(): string {
  const figures = readFigures();
  const entries = ruleNames().flatMap((name) =>
    figures[name] ? [`  ${JSON.stringify(name)}: ${JSON.stringify(measured(figures[name]))},\n`] : [],
  );
  return `/** Made by scripts/generate.ts from bench/gains.json. Do not edit. */\n\nimport type { Measured } from "../analysis/rule/gain.js";\n\nexport const gains: Readonly<Record<string, Measured>> = {\n${entries.join("")}};\n`;
}

function measured({ unit, rows, exponents, python, libraries }: Figures): object {
  return {
    unit,
    sizes: rows.map((row) => {
      const memory = memoryRatio(row);
      return { n: row.n, time: row.ratio, memory: memory === null ? null : Number(memory.toPrecision(3)) };
    }),
    growth: exponents,
    python: short(python),
    libraries: Object.fromEntries(Object.entries(libraries).map(([name, version]) => [name, short(version)])),
  };
}

/** `3.0.6` becomes `3.0`. */
function short(version: string): string {
  return /^(\D*\d+(\.\d+)?)/.exec(version)?.[1] ?? version;
}
