/**
 * `npm run recall -- PATH… [--rule NAME,…] [--sample 20] [--seed 1] [--out FOLDER]`: finds the candidates of rules in folders of Python, and writes a sheet of those that each rule is silent about.
 * `--record SHEET…`: merges filled-in sheets into test/corpus/recall. `--report [PATH…]`: counts the folders that are named again, and writes docs/recall.md.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { recordAll } from "../corpus/record.js";
import { countAgain, writeSheets } from "./commands.js";
import { recallPage } from "./report.js";
import { SILENCES } from "./verdicts.js";

const PAGE = "docs/recall.md";
const USAGE =
  "Usage: npm run recall -- PATH… [--rule NAME,…] [--sample 20] [--seed 1] [--out out/recall] | --record SHEET… | --report [PATH…]";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    record: { type: "boolean", default: false },
    report: { type: "boolean", default: false },
    rule: { type: "string", multiple: true, default: [] },
    sample: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    out: { type: "string", default: "out/recall" },
  },
});
const size = Number(values.sample);
const seed = Number(values.seed);
const isUnderstood = Number.isInteger(size) && size > 0 && Number.isInteger(seed);

if (values.report) {
  if (positionals.length > 0) await countAgain(positionals, console.error);
  writeFileSync(PAGE, recallPage());
  console.log(`${PAGE} is written.`);
} else if (positionals.length === 0 || !isUnderstood) {
  console.error(USAGE);
  process.exitCode = 2;
} else if (values.record) {
  recordAll(SILENCES, positionals);
} else {
  const wanted = values.rule.flatMap((it) => it.split(","));
  console.log(await writeSheets({ paths: positionals, rules: wanted, size, seed, out: values.out }, console.error));
}
