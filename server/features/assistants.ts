/** nippy/check, nippy/safeFixes and nippy/explain: what a language model asks. Nothing is written, and answers have bounds. */

import { formatOf, LEVELS, matcher, namedRules, visible, type Finding } from "../../analysis/analyzer.js";
import { unifiedDiff } from "../../host/unified-diff.js";
import { pause } from "../background.js";
import { tableOf } from "../capabilities.js";
import { openedOrRead } from "../closed.js";
import { partOf, toRange } from "../convert.js";
import type { Opened } from "../opened.js";
import { CHECK, EXPLAIN, SAFE_FIXES, type Checked, type CheckedFinding, type SafeFixes } from "../protocol.js";
import type { Session } from "../session.js";
import { isPythonFile, pathOf, relativeTo } from "../uris.js";
import { everyFile } from "./fix-workspace.js";

const LONGEST_MESSAGE = 500;
const MOST_FINDINGS = 200;

export function assistants(session: Session): void {
  const { connection } = session;
  connection.onRequest(CHECK, (params: unknown, token) =>
    check(session, tableOf(params), () => token.isCancellationRequested),
  );
  connection.onRequest(SAFE_FIXES, (params: unknown, token) =>
    safeFixes(session, tableOf(params), () => token.isCancellationRequested),
  );
  connection.onRequest(EXPLAIN, (params: unknown) => explain(session, tableOf(params)["name"]));
}

type Asked = Readonly<Record<string, unknown>>;

/** The findings that matter most, over all files that are asked for; the others are counted. */
async function check(session: Session, asked: Asked, isCancelled: () => boolean): Promise<Checked> {
  const { analyzer } = session;
  const most = Math.min(MOST_FINDINGS, Math.max(1, typeof asked["limit"] === "number" ? asked["limit"] : 30));
  const isWanted = levelFilter(asked["minLevel"]);
  let kept: CheckedFinding[] = [];
  let files = 0;
  let total = 0;
  for await (const opened of wantedFiles(session, asked["uris"])) {
    if (isCancelled()) return { files, total, findings: kept, isComplete: false };
    files++;
    const found = analyzer.report(opened.snapshot).findings.filter(isWanted);
    total += found.length;
    // Whether there is a fix takes longest to say, so only what gets into the list is asked.
    const least = kept.length === most ? kept.at(-1)!.value : -1;
    const first = found
      .filter((it) => it.value > least)
      .sort((a, b) => b.value - a.value)
      .slice(0, most);
    kept = [...kept, ...first.map((it) => shownFinding(session, opened, it))]
      .sort((a, b) => b.value - a.value)
      .slice(0, most);
  }
  return { files, total, findings: kept, isComplete: true };
}

function shownFinding({ analyzer }: Session, opened: Opened, finding: Finding): CheckedFinding {
  const part = partOf(opened, finding.range) ?? opened.part;
  const { start } = toRange(part, finding.range);
  const { rule, level, message, value } = finding;
  return {
    uri: part.uri,
    line: start.line + 1,
    column: start.character + 1,
    level,
    rule,
    // What the code calls things stands in it.
    message: visible(message, LONGEST_MESSAGE),
    value,
    fix: analyzer.fix(opened.snapshot, finding)?.safety ?? null,
  };
}

/** What "fix all" would change in these files, as diffs for whoever applies them. */
async function safeFixes(session: Session, asked: Asked, isCancelled: () => boolean): Promise<SafeFixes> {
  const { rules } = asked;
  const files: SafeFixes["files"][number][] = [];
  let fixes = 0;
  for await (const { uri, kind, snapshot, areas } of wantedFiles(session, asked["uris"])) {
    if (isCancelled()) break;
    // A notebook's cells are documents of their own, which a diff of their joined text does not fit.
    if (kind === "notebook") continue;
    const { text, applied } = session.analyzer.fixAll(snapshot, {
      areas,
      isOver: isCancelled,
      ...(Array.isArray(rules) && { rules: rules.map(String) }),
    });
    if (applied === 0) continue;
    fixes += applied;
    files.push({
      uri,
      diff: unifiedDiff(visible(pathOf(uri), LONGEST_MESSAGE).replace(/^\/+/, ""), snapshot.text, text),
    });
  }
  return { files, fixes };
}

/** Files by their addresses, folders with all that the command line would look at in them; everything where nothing is named. */
async function* wantedFiles(session: Session, uris: unknown): AsyncGenerator<Opened> {
  const seen = new Set<string>();
  for await (const uri of addresses(session, Array.isArray(uris) ? uris.map(String) : [])) {
    await pause();
    const opened = await openedOrRead(session, uri);
    // The cells of a notebook lead to the same one.
    if (!opened || seen.has(opened.uri)) continue;
    seen.add(opened.uri);
    yield opened;
  }
}

async function* addresses(session: Session, uris: readonly string[]): AsyncGenerator<string> {
  const isFile = (uri: string) =>
    isPythonFile(uri) || formatOf(pathOf(uri)) !== undefined || session.documents.uris().includes(uri);
  yield* uris.filter(isFile);
  const folders = uris.filter((it) => !isFile(it));
  if (uris.length > 0 && folders.length === 0) return;
  for await (const { uri } of everyFile(session))
    if (uris.length === 0 || folders.some((it) => relativeTo(it, uri) !== undefined)) yield uri;
}

function levelFilter(minLevel: unknown): (finding: Finding) => boolean {
  const named = LEVELS.findIndex((it) => it === minLevel);
  const last = named < 0 ? LEVELS.indexOf("info") : named;
  return ({ level }) => LEVELS.indexOf(level) <= last;
}

function explain({ analyzer }: Session, name: unknown): string {
  const named = namedRules(String(name), analyzer.rules);
  if ("problem" in named) return named.problem;
  const fits = named.names.map(matcher);
  const rules = analyzer.rules.filter((it) => fits.some((fit) => fit(it.name)));
  const [only] = rules;
  if (rules.length === 1 && only) return analyzer.page(only);
  return rules.map((it) => `- ${it.name}: ${it.title}`).join("\n");
}
