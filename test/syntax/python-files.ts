/** Real Python to test on: the standard library of the python3 on this machine, and on request more. */

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Context } from "mocha";

/** `NIPPY_CORPUS=all` asks for everything there is instead of a sample; `NIPPY_CORPUS_FOLDERS` adds folders to it. */
export const wholeCorpus = process.env["NIPPY_CORPUS"] === "all";

/** Folders of files that are broken on purpose or are made by other tools' tests. */
const SKIPPED_FOLDERS = ["site-packages", "lib2to3", "__pycache__"];

/** The paths of the standard library's modules with its tests. Without a python3 the test that asks is skipped. */
export function standardLibrary(test: Context): string[] {
  const folder = libraryFolder();
  if (folder !== undefined) return pythonFiles(folder, SKIPPED_FOLDERS);
  console.log("    skipped: there is no python3");
  return test.skip();
}

/** Where the python3 of this machine keeps its standard library. */
export function libraryFolder(): string | undefined {
  try {
    return execFileSync("python3", ["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"], {
      encoding: "utf8",
    }).trim();
  } catch {
    return undefined;
  }
}

/** The modules in the folders that `NIPPY_CORPUS_FOLDERS` names. */
export function furtherFiles(): string[] {
  const folders = (process.env["NIPPY_CORPUS_FOLDERS"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => pythonFiles(folder, []));
}

/** The text of a file, or undefined when it is not UTF-8. */
export function readText(path: string): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch {
    return undefined;
  }
}

export function pythonFiles(folder: string, skipped: readonly string[]): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return skipped.includes(entry.name) ? [] : pythonFiles(path, skipped);
      return entry.isFile() && entry.name.endsWith(".py") ? [path] : [];
    });
}
