/**
 * `npm run recall -- PATH… [--rule NAME,…] [--sample 20] [--seed 1] [--out FOLDER]`: finds the candidates of rules in folders of Python, and writes a sheet of those that each rule is silent about.
 * `--record SHEET…`: merges filled-in sheets into test/corpus/recall. `--report [PATH…]`: counts the folders that are named again, and writes docs/recall.md; with `--rule`, for these rules alone.
 */
import { runTool } from "../corpus/command.js";
import { countAgain, writeSheets } from "./commands.js";
import { recallPage } from "./report.js";
import { SILENCES } from "./verdicts.js";

await runTool({
  name: "recall",
  sample: 20,
  hasLevels: false,
  question: SILENCES,
  writeSheets,
  countAgain,
  page: recallPage,
});
