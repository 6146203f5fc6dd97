/** Notebooks for tests, written as Jupyter writes them. */

import { CLOCK, ROWS } from "./nippy.js";

export interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly [name: string]: unknown;
}

/** As a list of lines, each with its end. */
export function lines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

export function code(text: string, more: Readonly<Record<string, unknown>> = {}): Cell {
  return { cell_type: "code", execution_count: 1, metadata: {}, outputs: [], source: lines(text), ...more };
}

export function markdown(text: string): Cell {
  return { cell_type: "markdown", metadata: {}, source: lines(text) };
}

export const PYTHON = { kernelspec: { language: "python" }, language_info: { name: "python", version: "3.13.1" } };

export function notebook(cells: readonly Cell[], more: Readonly<Record<string, unknown>> = {}): string {
  return `${JSON.stringify({ cells, metadata: PYTHON, nbformat: 4, nbformat_minor: 5, ...more }, undefined, 1)}\n`;
}

/** A title, a magic with `pandas`, one finding of `pandas/iterrows` in line 5 of cell 3, and a safe fix for the clock in cell 4. */
export const NOTEBOOK = notebook([
  markdown("# A title\n\n    for _, row in df.iterrows(): pass"),
  code("%load_ext autoreload\n!pip install pandas \\\n  numpy\nimport pandas as pd\nimport time"),
  code(`%%time\n${ROWS.slice(ROWS.indexOf("def"), -1)}\n\n!ls`),
  code(CLOCK.slice(CLOCK.indexOf("def"))),
]);
