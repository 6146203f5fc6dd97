/**
 * `npm run precision -- PATH… [--rule NAME,…] [--sample 25] [--seed 1] [--all-levels] [--out FOLDER]`: scans folders of Python, writes a summary and a sheet for each rule.
 * `--record SHEET…`: merges filled-in sheets into test/corpus/verdicts. `--report [PATH…]`: measures again where folders are named, and writes docs/precision.md.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { recordAll } from "../corpus/record.js";
import { measureAgain, writeSheets } from "./commands.js";
import { precisionPage } from "./report.js";
import { FINDINGS } from "./verdicts.js";

const PAGE = "docs/precision.md";
const USAGE =
  "Usage: npm run precision -- PATH… [--rule NAME,…] [--sample 25] [--seed 1] [--all-levels] [--out out/precision] | --record SHEET… | --report [PATH…]";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    record: { type: "boolean", default: false },
    report: { type: "boolean", default: false },
    rule: { type: "string", multiple: true, default: [] },
    sample: { type: "string", default: "25" },
    seed: { type: "string", default: "1" },
    "all-levels": { type: "boolean", default: false },
    out: { type: "string", default: "out/precision" },
  },
});
const size = Number(values.sample);
const seed = Number(values.seed);
const isUnderstood = Number.isInteger(size) && size > 0 && Number.isInteger(seed);

if (values.report) {
  if (positionals.length > 0) await measureAgain(positionals, console.error);
  writeFileSync(PAGE, precisionPage());
  console.log(`${PAGE} is written.`);
} else if (positionals.length === 0 || !isUnderstood) {
  console.error(USAGE);
  process.exitCode = 2;
} else if (values.record) {
  recordAll(FINDINGS, positionals);
} else {
  const wanted = values.rule.flatMap((it) => it.split(","));
  console.log(
    await writeSheets(
      { paths: positionals, rules: wanted, size, seed, allLevels: values["all-levels"], out: values.out },
      console.error,
    ),
  );
}
