/** textDocument/codeAction: what can be done here. Edits are made when an action is chosen, or at once for clients that cannot wait. */

import { CodeActionKind, type CodeAction, type CodeActionContext, type Diagnostic } from "vscode-languageserver";
import { fitsIn, type Finding, type Range, type ReadyFix } from "../../analysis/analyzer.js";
import { tableOf } from "../capabilities.js";
import { isSameRange, partOf, plain, toOurRange, toRange, toWorkspaceEdit } from "../convert.js";
import type { Opened } from "../opened.js";
import { FIX_ALL, FIX_WORKSPACE, OPEN_GUIDE } from "../protocol.js";
import type { Session } from "../session.js";
import { editFor, type ActionData } from "./action-edits.js";
import { turnOff } from "./project-level.js";
import { isAskedFor, offeredAt, refactoringKind } from "./refactorings.js";

/** A selection may hold hundreds of findings; nobody reads a menu of hundreds. */
const MOST_FINDINGS = 20;

type Offer = Omit<CodeAction, "data"> & { readonly data?: ActionData };

export function codeActions(session: Session): void {
  const { connection, documents, client } = session;

  connection.onCodeAction(async ({ textDocument: { uri }, range, context }, token) => {
    if (!client.readsActions) return [];
    const found = await documents.find(uri);
    if (found?.state !== "ready" || token.isCancellationRequested) return [];

    const selection = toOurRange(found.part, range);
    const here = session.analyzer
      .findingsAt(found.snapshot, selection)
      .filter((it) => partOf(found, it.range) === found.part)
      .slice(0, MOST_FINDINGS);
    const all = [...refactorings(session, found, selection, context), ...fixAll(session, found, context)];
    const quick = wants(context, CodeActionKind.QuickFix)
      ? await quickFixes(session, found, here, context.diagnostics)
      : [];
    const offers = [...quick, ...unusedComments(session, found, selection, context), ...all];
    return client.resolvesEdits ? offers : await withEdits(session, found, offers);
  });
}

/** All that needs the snapshot comes first, in one go: once something is waited for, the document may move on. */
async function quickFixes(
  session: Session,
  opened: Opened,
  here: readonly Finding[],
  known: readonly Diagnostic[],
): Promise<Offer[]> {
  const { analyzer } = session;
  const report = analyzer.report(opened.snapshot);
  const prints = analyzer.fingerprints(opened.snapshot);
  const seen = new Set<string>();
  const spots = here.map((finding): Spot => {
    const isFirst = !seen.has(finding.rule);
    seen.add(finding.rule);
    const fingerprint = prints.get(finding) ?? "";
    return {
      finding,
      fingerprint,
      isFirst,
      diagnostics: known.filter((it) => isAbout(it, opened, finding, fingerprint)),
    };
  });
  const fixes = spots.flatMap((spot) => {
    const { rule } = spot.finding;
    const fix = analyzer.fix(opened.snapshot, spot.finding);
    const one = fix && fitsIn(opened.areas)(fix.edits) && offerFix(opened, spot, fix);
    const isFamily =
      spot.isFirst &&
      analyzer.rule(rule)?.fixes === "safe" &&
      report.findings.filter((it) => it.rule === rule).length > 1;
    return [
      ...(one ? [one] : []),
      ...(isFamily ? [offer(opened, spot, "rule", `Fix all ${rule} in this ${opened.kind}`)] : []),
      ...(spot.isFirst && isFixedEverywhere(session, rule) ? [fixEverywhere(spot)] : []),
    ];
  });

  const comments = spots.map((spot) => silencers(session, opened, spot));
  const places = new Map(
    await Promise.all([...seen].map(async (rule) => [rule, (await turnOff(session, opened, rule))?.place] as const)),
  );
  const hasBaseline = (await session.settings.baseline(opened.uri)) !== undefined;
  return [
    ...fixes,
    ...spots.flatMap((spot, index) => [
      ...comments[index]!,
      ...forEverybody(session, opened, spot, places.get(spot.finding.rule), hasBaseline),
    ]),
  ];
}

/** Takes a comment away that silences nothing. */
function unusedComments(
  { analyzer, client }: Session,
  opened: Opened,
  { start, end }: Range,
  context: CodeActionContext,
): Offer[] {
  if (!wants(context, CodeActionKind.QuickFix)) return [];
  return analyzer.report(opened.snapshot).comments.flatMap(({ range, message, unused }): Offer[] => {
    if (!unused || range.end < start || end < range.start || partOf(opened, range) !== opened.part) return [];
    const edit = toWorkspaceEdit(opened, [unused], client.versionedEdits);
    const shown = toRange(opened.part, range);
    const diagnostics = context.diagnostics.filter((it) => it.message === message && isSameRange(it.range, shown));
    const title = "Remove what silences nothing";
    return edit ? [{ kind: CodeActionKind.QuickFix, title, diagnostics, isPreferred: true, edit }] : [];
  });
}

function isFixedEverywhere({ analyzer, client, settings }: Session, rule: string): boolean {
  return client.appliesEdits && settings.folders().length > 0 && (analyzer.rule(rule)?.fixes ?? null) !== null;
}

function fixEverywhere({ finding: { rule }, diagnostics }: Spot): Offer {
  const title = `Fix all ${rule} in the workspace…`;
  const command = { title, command: FIX_WORKSPACE, arguments: [{ rules: [rule] }] };
  return { kind: CodeActionKind.QuickFix, title, diagnostics, command };
}

/** One finding under the cursor, and what the client already knows of it. */
interface Spot {
  readonly finding: Finding;
  readonly fingerprint: string;
  /** The first one of its rule: what concerns the rule is offered once. */
  readonly isFirst: boolean;
  readonly diagnostics: Diagnostic[];
}

function offer(
  opened: Opened,
  { finding: { rule }, fingerprint, diagnostics }: Spot,
  what: ActionData["what"],
  title: string,
): Offer {
  return {
    kind: CodeActionKind.QuickFix,
    title: plain(title),
    diagnostics,
    data: { uri: opened.part.uri, id: opened.id, what, rule, fingerprint },
  };
}

/** The title says that a fix is to review and no more: menus cut what is long. Hover and preview say why. */
function offerFix(opened: Opened, spot: Spot, { title, safety, doubts }: ReadyFix): Offer {
  if (safety === "safe") return { ...offer(opened, spot, "fix", title), isPreferred: true };
  const { data, ...shown } = offer(opened, spot, "fix", `${title} (review)`);
  return { ...shown, ...(data && { data: { ...data, doubts } }) };
}

/** A comment above the statement only where one behind the line would make it too long: menus are read from end to end. */
function silencers({ analyzer }: Session, opened: Opened, spot: Spot): Offer[] {
  const { rule } = spot.finding;
  const { snapshot, settings } = opened;
  const onLine = analyzer.suppress(snapshot, spot.finding, "line");
  const room = settings.analysis.lineLength;
  const isLong = onLine !== undefined && onLine.text.length + columnOf(snapshot.text, onLine.start) > room;
  const can = (scope: "statement" | "function") => analyzer.suppress(snapshot, spot.finding, scope) !== undefined;
  const line = [
    offer(opened, spot, "line", `Ignore ${rule} on this line`),
    ...(isLong && can("statement")
      ? [offer(opened, spot, "statement", `Ignore ${rule} by a comment above this line`)]
      : []),
  ];
  if (!spot.isFirst) return line;
  return [
    ...line,
    ...(can("function") ? [offer(opened, spot, "function", `Ignore ${rule} in this function`)] : []),
    offer(opened, spot, "file", `Ignore ${rule} in this ${opened.kind}`),
  ];
}

function columnOf(text: string, at: number): number {
  return at - text.lastIndexOf("\n", at - 1) - 1;
}

function forEverybody(
  { client }: Session,
  opened: Opened,
  spot: Spot,
  place: string | undefined,
  hasBaseline: boolean,
): Offer[] {
  const { rule, guide } = spot.finding;
  const known = hasBaseline ? [offer(opened, spot, "baseline", "Add this finding to the baseline")] : [];
  if (!spot.isFirst) return known;
  const { diagnostics } = spot;
  const command = { title: "Open Guide", command: OPEN_GUIDE, arguments: [guide] };
  return [
    ...known,
    ...(place === undefined ? [] : [offer(opened, spot, "project", `Turn off ${rule} in ${place}`)]),
    ...(client.opensGuide
      ? [{ kind: CodeActionKind.QuickFix, title: `Read about ${rule} in the guide`, diagnostics, command }]
      : []),
  ];
}

function refactorings(session: Session, opened: Opened, selection: Range, context: CodeActionContext): Offer[] {
  const isWanted =
    isAskedFor(context) &&
    (!context.only || context.only.some((it) => it === "" || it === "refactor" || it.startsWith("refactor.")));
  if (!isWanted) return [];
  return offeredAt(session, opened, selection)
    .map(
      (it): Offer => ({
        kind: refactoringKind(it),
        title: plain(it.title),
        data: { uri: opened.part.uri, id: opened.id, what: "refactoring", rule: it.name, selection },
      }),
    )
    .filter((it) => wants(context, it.kind!));
}

/** For a cell only the notebook's kind: editors run plain `source` kinds cell by cell, and the edits would meet each other. */
function fixAll({ analyzer, client }: Session, opened: Opened, context: CodeActionContext): Offer[] {
  const kind = opened.kind === "notebook" ? `notebook.${FIX_ALL}` : FIX_ALL;
  if (!wants(context, kind)) return [];
  // Unasked, on every move of the cursor, it may cost nothing; and nobody asks for a notebook's kind unasked.
  if (!context.only && (!client.resolvesEdits || opened.kind === "notebook")) return [];
  const isOfUse = analyzer.report(opened.snapshot).findings.some((it) => analyzer.rule(it.rule)?.fixes === "safe");
  return isOfUse
    ? [{ kind, title: "Fix all safe Nippy findings", data: { uri: opened.part.uri, id: opened.id, what: "all" } }]
    : [];
}

async function withEdits(session: Session, opened: Opened, offers: readonly Offer[]): Promise<CodeAction[]> {
  const ready = await Promise.all(
    offers.map(async ({ data, ...offer }) => {
      const edit = data && (await editFor(session, opened, data));
      // What needs no snapshot later carries its edit from the start.
      return data && !edit ? [] : [{ ...offer, ...(edit && { edit }) }];
    }),
  );
  return ready.flat();
}

/** Kinds are a hierarchy: who wants `source` wants `source.fixAll.nippy`. */
function wants({ only }: CodeActionContext, kind: string): boolean {
  return !only || only.some((it) => it === "" || kind === it || kind.startsWith(`${it}.`));
}

/** Some editors send the diagnostics of every server; one that carries no data is known by its place. */
function isAbout(diagnostic: Diagnostic, opened: Opened, finding: Finding, fingerprint: string): boolean {
  if (diagnostic.source !== "nippy" || diagnostic.code !== finding.rule) return false;
  const data = tableOf(diagnostic.data);
  if (diagnostic.data === undefined || diagnostic.data === null)
    return isSameRange(diagnostic.range, toRange(opened.part, finding.range));
  return data["rule"] === finding.rule && data["fingerprint"] === fingerprint;
}
