/** Verdicts of earlier runs, in `.proof-cache/`: a program that nothing changed about is not run again. The folder may be deleted at any time. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { ENVIRONMENTS } from "../harness/python.js";
import type { Job, Verdict } from "./prover.js";

const FOLDER = ".proof-cache";
/** Entries of a file to which only parts of its programs were added. */
const MOST_ENTRIES = 1_000;

const digestOf = (...parts: readonly string[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length} `).update(part);
  return hash.digest("hex").slice(0, 32);
};

/** All code that has a say in a verdict, besides the program's own. */
function machineryOf(folder: string): readonly string[] {
  return ["prover", "ready"].flatMap((it) =>
    readdirSync(join(folder, it), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".py"))
      .sort()
      .flatMap((file) => [file, readFileSync(join(folder, it, file), "utf8")]),
  );
}

let machinery: string | undefined;
const interpreters = new Map<string, string>();

/** The version of an interpreter with its build; what is installed beside it follows from the pinned versions. */
function interpreterOf(python: string): string {
  const known = interpreters.get(python);
  if (known !== undefined) return known;
  const { stdout } = spawnSync(python, ["-c", "import sys; print(sys.version, sys.platform)"], { encoding: "utf8" });
  const version = stdout || "unknown";
  interpreters.set(python, version);
  return version;
}

/** A digest of all that a verdict rests on: the same digest, the same verdict. */
export function digestOfVerdict(python: string, preload: readonly string[], job: Job): string {
  machinery ??= digestOf(...machineryOf("test/proof"), ...ENVIRONMENTS.map(({ pins }) => readFileSync(pins, "utf8")));
  return digestOf(machinery, interpreterOf(python), preload.join(), JSON.stringify(job));
}

export type Kept = Map<string, Verdict>;

function pathOf(python: string, area: string, folder: string): string {
  const version = interpreterOf(python);
  return join(folder, `${version.split(" ")[0]!}-${digestOf(version, python).slice(0, 8)}`, `${area}.json`);
}

/** What is kept for an area's programs on one interpreter, by their digests. What cannot be read is not there. */
export function readKept(python: string, area: string, folder = FOLDER): Kept {
  try {
    const entries = Object.entries(JSON.parse(readFileSync(pathOf(python, area, folder), "utf8")) as object);
    return new Map(entries.filter((it): it is [string, Verdict] => isVerdict(it[1])));
  } catch {
    return new Map();
  }
}

/** @param isWhole whether these are all programs of the area: then nothing else is kept */
export function writeKept(python: string, area: string, kept: Kept, isWhole: boolean, folder = FOLDER): void {
  const before = isWhole ? [] : [...readKept(python, area, folder)].filter(([key]) => !kept.has(key));
  const path = pathOf(python, area, folder);
  mkdirSync(dirname(path), { recursive: true });
  const lines = [...before, ...kept]
    .slice(-MOST_ENTRIES)
    .map(([key, verdict]) => `${JSON.stringify(key)}: ${JSON.stringify(verdict)}`);
  // Another run may read it at the same time.
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, `{\n${lines.join(",\n")}\n}\n`);
  renameSync(fresh, path);
}

function isVerdict(it: unknown): it is Verdict {
  if (typeof it !== "object" || it === null || "failed" in it) return false;
  const { ran, reached, differences, missing } = it as Record<string, unknown>;
  return (
    Number.isInteger(ran) &&
    Array.isArray(reached) &&
    reached.every((one) => typeof one === "boolean") &&
    Array.isArray(differences) &&
    differences.every(
      (one) => Array.isArray(one) && one.length === 3 && one.every((text) => typeof text === "string"),
    ) &&
    (missing === null || typeof missing === "string")
  );
}
