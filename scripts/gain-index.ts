/** rules/gains.generated.ts: what the product tells of bench/gains.json. */
import { memoryRatio, readFigures, type Figures, type Row } from "../bench/gains/figures.js";
import { ruleNames } from "./rule-index.js";

export function gainIndexSource(): string {
  const figures = readFigures();
  const entries = ruleNames().flatMap((name) =>
    figures[name] ? [`  ${JSON.stringify(name)}: ${JSON.stringify(measured(figures[name]))},\n`] : [],
  );
  return `/** Made by scripts/generate.ts from bench/gains.json. Do not edit. */\n\nimport type { Measured } from "../analysis/rule/gain.js";\n\nexport const gains: Readonly<Record<string, Measured>> = {\n${entries.join("")}};\n`;
}

function measured({ unit, rows, exponents, python, libraries, elsewhere = [] }: Figures): object {
  return {
    unit,
    sizes: rows.map((row) => ({ n: row.n, time: row.ratio, memory: memoryOf(row) })),
    growth: exponents,
    python: short(python),
    ...(elsewhere.length > 0 && {
      elsewhere: elsewhere.map((it) => ({ python: short(it.python), memory: memoryOf(it) })),
    }),
    libraries: Object.fromEntries(Object.entries(libraries).map(([name, version]) => [name, short(version)])),
  };
}

function memoryOf(row: Pick<Row, "before_bytes" | "after_bytes">): number | null {
  const memory = memoryRatio(row);
  return memory === null ? null : Number(memory.toPrecision(3));
}

/** `3.0.6` becomes `3.0`. */
function short(version: string): string {
  return /^(\D*\d+(\.\d+)?)/.exec(version)?.[1] ?? version;
}
