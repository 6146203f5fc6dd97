/** What each rule costs over real files: nanoseconds for each node it is woken by and for each finding, and its share of the whole analysis. In one process, warm, rules in turns. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { concerns } from "../analysis/engine/calls.js";
import { dispatchFor } from "../analysis/engine/dispatch.js";
import { Budget, LIMITS } from "../analysis/engine/budget.js";
import { guarded, runRule } from "../analysis/engine/run-rule.js";
import { DEFAULT_SETTINGS, type Settings } from "../analysis/engine/settings.js";
import { AnalysisState } from "../analysis/engine/state.js";
import type { File, Rule } from "../analysis/rule/rule.js";
import { openDocument, type Document } from "../analysis/semantics/document.js";
import { createParser, type Parser } from "../analysis/syntax/parser.js";
import { split } from "../analysis/syntax/splitter.js";
import type { Node } from "../analysis/syntax/tree.js";
import { rules } from "../rules/index.generated.js";
import { copyLibrary, pythonBelow } from "./corpus.js";
import { timed } from "./measure.js";
import { writeSection } from "./results.js";

/** The first is for the compiler to warm up and counts for nothing. */
const ROUNDS = 4;
/** A rule that takes more of the whole is marked. */
const MOST = 0.05;

/** Every rule is on. */
const SETTINGS: Settings = {
  ...DEFAULT_SETTINGS,
  levels: rules.map((it) => [it.name, it.level === "off" ? "info" : it.level] as const),
};
const OPTIONS = { python: SETTINGS.python, isTest: false, isNotebook: false };
const NO_RULES = dispatchFor([], SETTINGS, { has: () => false });

interface Cost {
  milliseconds: number;
  nodes: number;
  findings: number;
}

/** What every file pays, whatever the rules. */
interface Shared {
  split: number;
  parse: number;
  names: number;
  walk: number;
  rules: number;
}

/** Rules under other names that do the same: a bound for what more rules will cost. They share what the facts remember, as rules that ask the same do. */
const COPIES = 7;
const copies: readonly Rule[] = rules.flatMap((rule) => [
  rule,
  ...Array.from({ length: COPIES }, (_, index) => ({ ...rule, name: `${rule.name}-${index + 2}` })),
]);
const COPIED_SETTINGS: Settings = {
  ...SETTINGS,
  levels: copies.map((it) => [it.name, it.level === "off" ? "info" : it.level] as const),
};

export async function measureRules(paths: readonly string[]): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "nippy-bench-"));
  const wasm = (name: string) => readFileSync(`dist/${name}.wasm`);
  const parser = await createParser(wasm("web-tree-sitter"), wasm("tree-sitter-python"));
  const measured = (what: string, folders: readonly string[]) => {
    const texts = folders.flatMap(pythonBelow).map((it) => readFileSync(it, "utf8"));
    const rows = measure(texts, parser);
    for (const it of rows) console.log(it);
    const lines = texts.reduce((sum, it) => sum + it.split("\n").length, 0);
    const note = `${texts.length} files of ${what}, ${lines.toLocaleString("en")} lines, one thread; the mean of ${ROUNDS - 1} rounds in a warm process.`;
    return { note, rows };
  };
  try {
    if (paths.length > 0) {
      measured(paths.join(", "), paths);
      return;
    }
    copyLibrary(scratch);
    const library = measured("CPython's library", [scratch]);
    writeSection("What the rules cost", library.note, library.rows);
    // The standard library uses none of the libraries that most rules are about.
    const folder = process.env["NIPPY_CORPUS_AI"];
    if (folder === undefined) return;
    const ai = measured(`${readdirSync(folder).sort().join(", ")}`, [folder]);
    writeSection("What the rules cost on AI code", ai.note, ai.rows);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function measure(texts: readonly string[], parser: Parser): readonly string[] {
  const shared: Shared = { split: 0, parse: 0, names: 0, walk: 0, rules: 0 };
  const many = { milliseconds: 0 };
  const costs = new Map<Rule, Cost>(rules.map((it) => [it, { milliseconds: 0, nodes: 0, findings: 0 }]));
  for (let round = 0; round < ROUNDS; round++) {
    texts.forEach((text, index) => {
      const document = measureShared(text, parser, round > 0 ? shared : undefined, many);
      // In another order each time: a fact that several rules ask is paid by the first of them.
      const from = (index * 17 + round * 7) % rules.length;
      measureEach([...rules.slice(from), ...rules.slice(0, from)], document, round > 0 ? costs : undefined);
    });
  }
  return table(shared, many.milliseconds, costs);
}

function measureShared(
  text: string,
  parser: Parser,
  into: Shared | undefined,
  many: { milliseconds: number },
): Document {
  const slices = split(text);
  const splitting = timed(() => split(text));
  const parsing = timed(() => slices.forEach((it) => parser.parse(text.slice(it.start, it.end))));
  const [bare, full] = [openDocument(text, parser), openDocument(text, parser)];

  const empty = new AnalysisState(bare, OPTIONS);
  const walking = timed(() => empty.results(NO_RULES));
  let state: AnalysisState | undefined;
  const naming = timed(() => (state = new AnalysisState(full, OPTIONS)));
  const dispatch = dispatchFor(rules, SETTINGS, state!.imports, (it) => state!.wordsAmong(it));
  const looking = timed(() => state!.results(dispatch));
  const copied = new AnalysisState(openDocument(text, parser), OPTIONS);
  const wide = dispatchFor(copies, COPIED_SETTINGS, copied.imports, (it) => copied.wordsAmong(it));
  const lookingWide = timed(() => copied.results(wide));

  if (into) {
    many.milliseconds += Math.max(0, lookingWide - walking);
    into.split += splitting;
    into.parse += parsing;
    into.names += naming;
    into.walk += walking;
    into.rules += Math.max(0, looking - walking);
  }
  return full;
}

/** Piece by piece as in the product, one rule after the other. Asleep in the files where they are asleep anyway. */
function measureEach(inTurn: readonly Rule[], document: Document, into: ReadonlyMap<Rule, Cost> | undefined): void {
  const state = new AnalysisState(document, OPTIONS);
  const file = state.file();
  const awake = inTurn.filter((it) =>
    dispatchFor(only(it), SETTINGS, state.imports, (words) => state.wordsAmong(words)).inLoops.table.some(
      (woken) => woken !== undefined,
    ),
  );
  for (const { tree } of document.pieces) {
    state.store.record("bench", () => {
      const woken = awake.map((it) =>
        tree.root.descendants(...it.on).filter((node) => !node.isBroken && concerns(it, node, file.facts)),
      );
      awake.forEach((rule, index) => {
        const nodes = woken[index]!;
        if (nodes.length === 0) return;
        let findings = 0;
        const milliseconds = timed(() => (findings = findingsIn(rule, nodes, file)));
        const cost = into?.get(rule);
        if (!cost) return;
        cost.milliseconds += milliseconds;
        cost.nodes += nodes.length;
        cost.findings += findings;
      });
    });
  }
}

function findingsIn(rule: Rule, nodes: readonly Node[], file: File): number {
  let found = 0;
  const budget = new Budget(LIMITS);
  for (const node of nodes)
    for (const hit of runRule(rule, node, file, [], budget))
      if (guarded(rule, [], () => hit.message(file)) !== undefined) found++;
  return found;
}

/** The same list for the same rule: what is known of a list of rules is kept with it. */
const alone = new Map(rules.map((it) => [it, [it]]));
const only = (rule: Rule): readonly Rule[] => alone.get(rule)!;

function table(shared: Shared, many: number, costs: ReadonlyMap<Rule, Cost>): readonly string[] {
  const counted = ROUNDS - 1;
  const whole = Object.values(shared).reduce((sum, it) => sum + it, 0);
  const share = (value: number) => `${((100 * value) / whole).toFixed(1)} %`;
  const ns = (milliseconds: number, count: number) =>
    count === 0 ? "–" : Math.round((1e6 * milliseconds) / count).toLocaleString("en");
  const part = (name: string, value: number) => `| ${name} | ${(value / counted).toFixed(0)} ms | ${share(value)} |`;
  const sorted = [...costs].sort(([, a], [, b]) => b.milliseconds - a.milliseconds);
  return [
    "| part | time | share |",
    "| --- | ---: | ---: |",
    part("split into pieces", shared.split),
    part("parse", shared.parse),
    part("names and scopes", shared.names),
    part("walk over the nodes, suppressions, what is noted", shared.walk),
    part(`all ${rules.length} rules with the facts they ask`, shared.rules),
    part("whole analysis", whole),
    `| ${copies.length} rules: ${COPIES} copies of each beside it | ${(many / counted).toFixed(0)} ms | ${share(many)} |`,
    "",
    `Rule after rule over each piece, in changing order, on warm trees. Over ${100 * MOST} % of the whole is marked.`,
    "",
    "| rule | nodes | ns a node | findings | ns a finding | share |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...sorted.map(([{ name }, { milliseconds, nodes, findings }]) => {
      const cells = [
        (nodes / counted).toLocaleString("en"),
        ns(milliseconds, nodes),
        (findings / counted).toLocaleString("en"),
        ns(milliseconds, findings),
      ];
      const isDear = milliseconds > MOST * whole;
      return `| ${isDear ? `**${name}**` : name} | ${cells.join(" | ")} | ${isDear ? `**${share(milliseconds)}**` : share(milliseconds)} |`;
    }),
  ];
}
