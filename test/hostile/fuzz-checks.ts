/** What holds for anything that chance writes, one seed at a time: the short form runs in `npm test`, the long one in `npm run soak -- --only hostile`. */

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHmac } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { excluder, readSettings, readToml } from "../../analysis/analyzer.js";
import { openCache, type Place } from "../../cli/cache.js";
import { fileChecker } from "../../cli/check-file.js";
import { githubReport } from "../../cli/reports/github.js";
import { jsonReport } from "../../cli/reports/json.js";
import { statisticsReport } from "../../cli/reports/statistics.js";
import { stepSummary } from "../../cli/reports/step-summary.js";
import { mostImportant, textReport } from "../../cli/reports/text.js";
import type { CheckResult, FileResult } from "../../cli/result.js";
import { rules } from "../../rules/index.generated.js";
import { CLOCK, ROWS } from "../cli/nippy.js";
import { NOTEBOOK } from "../cli/notebook-cells.js";
import { allOn, analyzer } from "../harness/check.js";
import { random, type Random } from "../harness/random.js";
import { commentsOf, configurationOf, ODD, valueOf } from "./fuzz.js";
import { assertSafe } from "./safe-output.js";

/** Each throws if something does not hold for the seed. */
export interface FuzzChecks {
  configuration(seed: number): void;
  comments(seed: number): void;
  entries(seed: number): void;
  notebooks(seed: number): Promise<void>;
  /** Takes away what was written. */
  end(): void;
}

export async function fuzzChecks(): Promise<FuzzChecks> {
  const engine = await analyzer();
  const settings = allOn();
  const folder = mkdtempSync(join(tmpdir(), "nippy-fuzz-"));
  const entries = await entryCheck(folder, { absolute: join(folder, "a.py"), path: "a.py", settings });
  const notebooks = await notebookCheck();
  return {
    configuration(seed) {
      const text = configurationOf(seed);
      const reads = [readToml(text, "nippy.toml", rules), readToml(text, "pyproject.toml", rules)];
      reads.push(readSettings(valueOf(random(seed)), rules));
      for (const { message } of reads.flatMap((it) => it?.problems ?? []))
        assert.match(message, /^[^\p{Cc}\u202a-\u202e]{1,600}$/u, `seed ${seed}`);
      for (const read of reads) excluder(read?.settings.exclude ?? [])(`${"a".repeat(seed % 300)}/b.py`);
    },
    comments(seed) {
      const text = `${ROWS}${commentsOf(seed)}`;
      const report = engine.report(engine.open(text, settings, "m.py"));
      assert.deepEqual(report.failures, [], `seed ${seed}`);
      assert.ok(report.comments.length <= 51, `seed ${seed}`);
      for (const { message } of report.comments)
        assert.match(message, /^[^\p{Cc}\u202a-\u202e]{1,400}$/u, `seed ${seed}`);
      const isSilenced = /ignore-file|ruff|flake8/i.test(text);
      assert.ok(isSilenced || report.findings.some((it) => it.rule === "pandas/iterrows"), `seed ${seed}`);
    },
    entries,
    notebooks,
    end: () => rmSync(folder, { recursive: true }),
  };
}

const BUILD = "0123456789abcdef";
const KEYS = ["path", "findings", "failures", "comments", "hidden", "fixed"].sort();

/** An entry that was damaged is not found; one that was changed and signed anew is a result of that file all the same, or not found. */
async function entryCheck(folder: string, place: Place): Promise<(seed: number) => void> {
  writeFileSync(place.absolute, ROWS + CLOCK);
  const cachePlace = { root: folder, own: folder };
  const setup = {
    settings: [place.settings],
    fix: "no",
    review: false,
    repaired: [],
    isKept: true,
    isCompared: false,
  } as const;
  const check = fileChecker({ analyzer: await analyzer(), loadGrammar: () => Promise.resolve() }, setup);
  const fresh = await check({ ...place, settings: 0 });
  const cache = openCache(cachePlace, BUILD);
  cache.keep(place, fresh);
  cache.save();
  const build = join(folder, `build-${BUILD}`);
  const shelf = join(build, readdirSync(build)[0]!);
  const text = readFileSync(shelf);
  const body = JSON.parse(text.toString("utf8").split("\n").slice(1).join("\n")) as unknown;
  const key = readFileSync(join(folder, "key"));
  const found = (content: string | Uint8Array) => {
    writeFileSync(shelf, content);
    return openCache(cachePlace, BUILD).find(place);
  };
  assert.equal(found(text)?.findings.length, fresh.findings.length);

  return (seed) => {
    const chance = random(seed);
    const bytes = damaged(text, chance);
    if (!text.equals(bytes)) assert.equal(found(bytes), undefined, `seed ${seed}: a damaged entry was believed`);
    const changed = JSON.stringify(mutated(body, chance)) ?? "";
    const result = found(`${createHmac("sha256", key).update(changed).digest("hex")}\n${changed}`);
    if (result) assertShows(seed, result);
  };
}

/** Damaged bytes and changed values of a notebook: it is checked, or why not is said; and a repair changes sources of code cells alone. */
async function notebookCheck(): Promise<(seed: number) => Promise<void>> {
  const engine = { analyzer: await analyzer(), loadGrammar: () => Promise.resolve() };
  const setup = { settings: [allOn()], review: true, repaired: [], isKept: true, isCompared: false } as const;
  const look = fileChecker(engine, { ...setup, fix: "no" });
  const repair = fileChecker(engine, { ...setup, fix: "write" });
  const good = Buffer.from(NOTEBOOK);

  return async (seed) => {
    const chance = random(seed);
    const changed = () => Buffer.from(JSON.stringify(mutated(JSON.parse(NOTEBOOK), chance)) ?? "");
    const bytes = seed % 2 === 0 ? damaged(good, chance) : changed();
    const job = { absolute: "/p/a.ipynb", path: "a.ipynb", settings: 0, bytes };
    for (const { findings, failures, comments, skipped } of [await look(job), await repair(job)]) {
      for (const it of [...failures.map(({ message }) => message), ...comments.map(({ message }) => message)])
        assert.match(it, /^[^\p{Cc}\u202a-\u202e]{1,400}$/u, `seed ${seed}`);
      if (skipped !== undefined) assert.deepEqual([findings, failures], [[], []], `seed ${seed}`);
    }
    const { fixedBytes, fixed } = await repair(job);
    assert.equal(fixedBytes !== undefined, fixed > 0, `seed ${seed}`);
    if (!fixedBytes) return;
    const [before, after] = [bytes, Buffer.from(fixedBytes)].map((it) => withoutSources(JSON.parse(it.toString())));
    assert.deepEqual(after, before, `seed ${seed}: more than sources changed`);
  };
}

function withoutSources(value: unknown): unknown {
  const { cells, ...rest } = value as { readonly cells: readonly (Readonly<Record<string, unknown>> | null)[] };
  return { ...rest, cells: cells.map((it) => (it?.["cell_type"] === "code" ? { ...it, source: "" } : it)) };
}

function assertShows(seed: number, file: FileResult): void {
  assert.deepEqual(
    [Object.keys(file).sort(), file.path, file.hidden, file.fixed],
    [KEYS, "a.py", [], 0],
    `seed ${seed}`,
  );
  const result: CheckResult = { files: [file], folder: "/", sort: "path", staleBaseline: false };
  const ink = { color: false };
  const shown = [textReport, mostImportant, statisticsReport, jsonReport, stepSummary].map((it) => it(result, ink));
  for (const it of shown) assertSafe(`seed ${seed}`, it);
  assertSafe(`seed ${seed}`, githubReport(result, { root: "/" }), true);
}

/** Bytes cut off, put in or turned into others. */
function damaged(bytes: Uint8Array, { below, pick }: Random): Uint8Array {
  const from = below(bytes.length);
  const to = Math.min(bytes.length, from + below(pick([2, 20, 2000])));
  const between = Buffer.from(Array.from({ length: below(pick([1, 3, 50])) }, () => below(256)));
  return Buffer.concat([bytes.subarray(0, from), between, bytes.subarray(to)]);
}

/** A value with one of its parts changed into something that looks more or less like it. */
function mutated(value: unknown, chance: Random): unknown {
  const { below, pick } = chance;
  if (typeof value !== "object" || value === null || below(12) === 0) return replaced(value, chance);
  const names = Object.keys(value);
  const name = pick(names);
  if (name === undefined) return replaced(value, chance);
  if (Array.isArray(value)) {
    const others = value.map((it: unknown, index) => (String(index) === name ? mutated(it, chance) : it));
    return below(20) === 0 ? [...others, ...others] : others;
  }
  const { [name]: part, ...rest } = value as Record<string, unknown>;
  if (below(20) === 0) return rest;
  const left = { ...rest, [name]: mutated(part, chance) };
  return below(20) === 0
    ? { ...left, [pick(["path", "__proto__", "diff", "constructor"])]: replaced(part, chance) }
    : left;
}

function replaced(value: unknown, chance: Random): unknown {
  const { below, pick } = chance;
  if (typeof value === "number") return pick([value + below(5), -value, 0, 2 ** 31, 1e300, 0.5, null, String(value)]);
  if (typeof value === "string")
    return pick([`${value}${pick(ODD)}`, pick(ODD), `::error::${value}`, `##[x]${value}\n::y::`, "", 7]);
  return valueOf(chance);
}
