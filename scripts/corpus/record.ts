/** Takes the verdicts of a filled-in sheet into the data. */
import { readFileSync } from "node:fs";
import { merged, readJudged, writeJudged, type Question } from "./judged.js";
import { CORPUS, readRepositories } from "./repositories.js";
import { readSheet, type FilledSheet } from "./sheet.js";

/** What can be read of a sheet is kept, whatever is wrong with the rest of it. Only verdicts on code that is pinned can be looked up by others. */
export function record<Word extends string>(
  question: Question<Word>,
  path: string,
  corpus = CORPUS,
): FilledSheet<Word> {
  const filled = readSheet(readFileSync(path, "utf8"), question);
  const pinned = new Set(readRepositories(corpus).map((it) => it.name));
  const verdicts = filled.verdicts.filter((it) => pinned.has(it.repository));
  const unpinned = new Set(filled.verdicts.map((it) => it.repository).filter((it) => !pinned.has(it)));
  if (verdicts.length > 0) {
    const known = readJudged(question, corpus).get(filled.rule) ?? [];
    writeJudged(question, filled.rule, merged(known, verdicts), corpus);
  }
  return {
    ...filled,
    verdicts,
    problems: [
      ...filled.problems,
      ...[...unpinned].map((it) => `${it} is not in repositories.json: its verdicts are not kept`),
    ],
  };
}

/** Records several sheets and says what became of them. */
export function recordAll<Word extends string>(question: Question<Word>, paths: readonly string[]): void {
  for (const path of paths) {
    const { rule, verdicts, empty, problems } = record(question, path);
    for (const problem of problems) console.error(`${path}, ${problem}`);
    if (problems.length > 0) process.exitCode = 1;
    console.log(`${rule}: ${verdicts.length} recorded, ${empty} still empty`);
  }
}
