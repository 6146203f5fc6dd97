/**
 * `npm run precision -- PATH… [--rule NAME,…] [--sample 25] [--seed 1] [--all-levels] [--out FOLDER]`: scans folders of Python, writes a summary and a sheet for each rule.
 * `--record SHEET…`: merges filled-in sheets into test/corpus/verdicts. `--report [PATH…]`: measures again where folders are named, and writes docs/precision.md; with `--rule`, for these rules alone.
 */
import { runTool } from "../corpus/command.js";
import { measureAgain, writeSheets } from "./commands.js";
import { precisionPage } from "./report.js";
import { FINDINGS } from "./verdicts.js";

await runTool({
  name: "precision",
  sample: 25,
  hasLevels: true,
  question: FINDINGS,
  writeSheets,
  countAgain: measureAgain,
  page: precisionPage,
});
