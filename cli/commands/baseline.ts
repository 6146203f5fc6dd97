/** `nippy baseline`: writes down the findings that there are now, so that from then on only new ones are shown. */

import { join, resolve } from "node:path";
import { BASELINE_FILE, countBaseline } from "../../analysis/analyzer.js";
import type { BaselineRequest } from "../arguments.js";
import {
  baselineFinder,
  baseOf,
  openBaseline,
  renewed,
  saveBaseline,
  type Looked,
  type OpenedBaseline,
} from "../baseline.js";
import { tellProblems } from "../output.js";
import { repositoryRoot, shownPath } from "../paths.js";
import { counted } from "../result.js";
import { shown } from "../terminal.js";
import { checkFiles } from "./check.js";

export async function baseline({ check: request }: BaselineRequest): Promise<number> {
  const folder = process.cwd();
  const before = openOrNew(request.baseline, folder);
  const { jobs, results, failures } = await checkFiles(request, folder);
  const files = [...results, ...failures];
  tellProblems({ files, folder, sort: "path", staleBaseline: false }, request.quiet);
  // A file that could not be looked at keeps what is written of it.
  const looked = jobs.flatMap(({ absolute }, index): readonly Looked[] => {
    const { findings, failures: own } = results[index]!;
    return own.length === 0 ? [{ absolute, findings }] : [];
  });
  const entries = renewed(before, looked);
  saveBaseline(before.file, entries);
  if (!request.quiet) {
    const [was, now] = [countBaseline(before.entries), countBaseline(entries)];
    process.stdout.write(
      `${counted(now, "finding")} in ${counted(entries.size, "file")} written to ${shown(shownPath(before.file, folder)).text} (${was} before).\n`,
    );
  }
  return files.some((it) => it.failures.some(({ rule }) => rule === null)) ? 2 : 0;
}

function openOrNew(given: string | undefined, folder: string): OpenedBaseline {
  const file = given === undefined ? undefined : resolve(folder, given);
  const found = file === undefined ? baselineFinder(undefined, folder)(folder) : undefined;
  if (found) return found;
  const made = file ?? join(repositoryRoot(folder), BASELINE_FILE);
  return openBaseline(made) ?? { file: made, base: baseOf(made), entries: new Map() };
}
