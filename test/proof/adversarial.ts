/** Programs written to break fixes: by hand in adversarial/*.md, and put together from what fixes overlook. Only what a fix calls safe is held against it. */
import { readdirSync, readFileSync } from "node:fs";
import { applyEdits, type Analyzer } from "../../analysis/analyzer.js";
import type { PythonVersion } from "../../analysis/semantics/python-version.js";
import { allOn } from "../harness/check.js";
import { readSpec } from "../harness/spec.js";
import { madePrograms } from "./adversarial-made.js";
import type { Job } from "./prover.js";

export interface Attack {
  /** File and case: unique. */
  readonly name: string;
  readonly text: string;
  readonly setup: string;
  /** Uses the program, before and after. */
  readonly driver: string;
  readonly python: string | undefined;
  /** Whether it must get a safe fix: caution that goes too far is a defect too. */
  readonly staysSafe: boolean;
}

const FOLDER = "test/proof/adversarial";
/** Cases whose titles begin like this must get a safe fix. */
const STAYS_SAFE = "Stays safe";

export function attacks(): readonly Attack[] {
  const written = readdirSync(FOLDER)
    .filter((it) => it.endsWith(".md"))
    .sort()
    .flatMap((file) =>
      readSpec(readFileSync(`${FOLDER}/${file}`, "utf8")).map(
        ({ title, source, python, proof }): Attack => ({
          name: `${file.slice(0, -3)}: ${title}`,
          text: source,
          setup: proof.setup,
          driver: proof.driver,
          python,
          staysSafe: title.startsWith(STAYS_SAFE),
        }),
      ),
    );
  return [...written, ...madePrograms()];
}

/** The program with all safe fixes, and with each alone where there are several. */
export function safelyFixed({ text, setup, driver, python }: Attack, engine: Analyzer): readonly Job[] {
  const settings = python === undefined ? allOn() : allOn({ python: python as PythonVersion });
  const snapshot = engine.open(text, settings, "module.py");
  const fixes = engine
    .report(snapshot)
    .findings.flatMap((it) => engine.fix(snapshot, it) ?? [])
    .filter((it) => it.safety === "safe");
  const results = new Set([
    ...(fixes.length > 0 ? [engine.fixAll(snapshot).text] : []),
    ...(fixes.length > 1 ? fixes.map((it) => applyEdits(text, it.edits)) : []),
  ]);
  results.delete(text);
  return [...results].map((after) => ({ before: text, after, setup, driver, strict: true, findings: [] }));
}
