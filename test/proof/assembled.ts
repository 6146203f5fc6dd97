/** Programs put together from the rules' own pages by seeded chance, and what each fix on them has to keep. */
import assert from "node:assert/strict";
import { applyEdits, type Analyzer } from "../../analysis/analyzer.js";
import type { Parser } from "../../analysis/syntax/parser.js";
import { allOn } from "../harness/check.js";
import { random } from "../harness/random.js";
import { commented, indented, inFours, nested, renamed } from "./disguise.js";
import type { Program } from "./programs.js";
import type { Job } from "./prover.js";

const VARIATIONS = [
  "empty",
  "one",
  "negative",
  "duplicates",
  "unicode",
  "nan",
  "none",
  "generator",
  "raises",
  "unknown",
  "unknown raises",
  "shared",
  "rows",
  "subclass",
  "subclass raises",
  "mutating",
  "swallowed",
];

/** One program with the pages it was made from. */
export interface Assembled {
  readonly seed: number;
  readonly text: string;
  readonly parts: readonly Program[];
  /** The text of each part, with the names it has in the whole. */
  readonly texts: readonly string[];
}

/** The page's own code that uses a program knows its names: such programs take no part here. */
export function canTakePart({ notes: { setup, driver, processes, notRun } }: Program): boolean {
  return setup + driver + processes === "" && notRun === undefined;
}

/** The program that draws the highest lot: a new program, or one taken away, changes what a few seeds draw and not all. */
function drawn(programs: readonly Program[], ticket: string): Program {
  const start = mixed(0, ticket);
  let best = programs[0]!;
  let highest = -1;
  for (const program of programs) {
    const lot = mixed(start, program.name);
    if (lot > highest) [best, highest] = [program, lot];
  }
  return best;
}

/** FNV-1a on top of what was mixed before, with a last round that spreads it over all bits. */
function mixed(start: number, text: string): number {
  let hash = start ^ 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

export function assemble(seed: number, programs: readonly Program[], parser: Parser): Assembled {
  const chance = random(seed);
  const parts = Array.from({ length: 1 + chance.below(3) }, (_, index) => drawn(programs, `${seed} ${index}`));
  const texts = parts.map(({ before }, index) => {
    const mark = `${index + 1}`;
    const text = nested(
      renamed(inFours(before.replace(/^\n/, ""), parser), chance, parser, mark),
      chance,
      parser,
      mark,
    );
    return commented(text, chance, parser);
  });
  const text = indented(texts.join("\n\n"), chance, parser);
  return { seed, text: chance.below(4) === 0 ? text.replaceAll("\n", "\r\n") : text, parts, texts };
}

/** Fixes each finding by itself, then all that are safe, then all; holds every result to what a text owes. Gives the jobs that prove the behaviour. */
export function repairs(
  { seed, text, parts, texts }: Assembled,
  engine: Analyzer,
  parser: Parser,
): { readonly woken: number; readonly jobs: readonly Job[] } {
  const chance = random(seed);
  const snapshot = engine.open(text, allOn(), "module.py");
  const { findings, failures } = engine.report(snapshot);
  assert.deepEqual(
    failures.map((it) => `${it.rule}: ${(it.error as Error).stack}`),
    [],
  );
  const rules = new Set(parts.map((it) => it.rule));
  const fixes = findings
    .filter((it) => rules.has(it.rule))
    .flatMap((finding) => {
      const fix = engine.fix(snapshot, finding);
      return fix ? [{ fix, lines: [lineAt(text, finding.range.start), lineAt(text, finding.range.end)] as const }] : [];
    });
  for (const { fix } of fixes) owes(text, applyEdits(text, fix.edits), parser, fix.title);

  const safe = engine.fixAll(snapshot);
  const reviewed = engine.fixAll(snapshot, { rules: [...rules], review: true });
  for (const [title, fixed, filter] of [
    ["all safe fixes", safe, {}],
    ["all fixes", reviewed, { rules: [...rules], review: true }],
  ] as const) {
    owes(text, fixed.text, parser, title);
    const again = engine.fixAll(engine.open(fixed.text, allOn(), "module.py"), filter);
    assert.equal(again.text, fixed.text, `${title} do not converge`);
  }

  const variations = [...new Set(["many", chance.pick(VARIATIONS), chance.pick(VARIATIONS)])];
  const job = (after: string, strict: boolean, lines: Job["findings"] = []): Job => ({
    before: plain(text),
    after: plain(after),
    setup: "",
    driver: "",
    strict,
    findings: lines,
    variations,
    parts: texts,
  });
  const single =
    fixes.length > 0
      ? [chance.pick(fixes)].map(({ fix, lines }) => job(applyEdits(text, fix.edits), fix.safety === "safe", [lines]))
      : [];
  const jobs = [
    ...single,
    ...(safe.applied > 0 ? [job(safe.text, true)] : []),
    ...(reviewed.applied > 0 ? [job(reviewed.text, false)] : []),
  ];
  return { woken: fixes.length, jobs };
}

const plain = (text: string) => text.replaceAll("\r\n", "\n");
const lineAt = (text: string, offset: number) => text.slice(0, offset).split("\n").length;

/** A repaired text parses, keeps every comment and its kind of line ends. */
function owes(before: string, after: string, parser: Parser, title: string): void {
  assert.ok(!parser.parse(after).isBroken(0), `${title}: the syntax broke:\n${after}`);
  if (before.includes("\r\n")) assert.ok(!/[^\r]\n/.test(after), `${title}: line ends were mixed:\n${after}`);
  const comments = (text: string) => parser.parse(text).root.comments.map((it) => it.text.trimEnd());
  const left = comments(after);
  for (const comment of comments(before)) {
    const at = left.indexOf(comment);
    assert.ok(at >= 0, `${title}: a comment was lost: ${comment}\n${before}\n${after}`);
    left.splice(at, 1);
  }
}
