/** The edit behind a code action, made from the very snapshot the action was offered for. */

import type { WorkspaceEdit } from "vscode-languageserver";
import { SILENCE_SCOPES, type Range } from "../../analysis/analyzer.js";
import { tableOf } from "../capabilities.js";
import { toWorkspaceEdit } from "../convert.js";
import { sentenceOf } from "../doubts.js";
import type { Opened } from "../opened.js";
import type { Session } from "../session.js";
import { ANSWER, within } from "../within.js";
import { withPreview } from "./preview.js";
import { intoBaseline, turnOff } from "./project-level.js";
import { refactoringEdit } from "./refactorings.js";

const KINDS = ["fix", "rule", "all", ...SILENCE_SCOPES, "baseline", "project", "refactoring"] as const;

/** What an offered action carries until it is chosen. */
export interface ActionData {
  readonly uri: string;
  /** The snapshot's. */
  readonly id: string;
  /** One finding's fix, all of one rule, all safe ones; a comment on the line, above it or for the file; an entry in the baseline; a level in the configuration; a refactoring. */
  readonly what: (typeof KINDS)[number];
  /** Or the refactoring's name. */
  readonly rule?: string;
  /** What a refactoring was asked for, in the snapshot. */
  readonly selection?: Range;
  readonly fingerprint?: string;
  /** What may differ after a fix: for clients that show it, and not read back. */
  readonly doubts?: readonly string[];
}

/** Undefined for the data of another server, or of none. */
export function readActionData(data: unknown): ActionData | undefined {
  const { uri, id, what, rule, fingerprint, selection } = tableOf(data);
  const kind = KINDS.find((it) => it === what);
  if (typeof uri !== "string" || typeof id !== "string" || kind === undefined) return undefined;
  const { start, end } = tableOf(selection);
  const range = typeof start === "number" && typeof end === "number" ? { selection: { start, end } } : {};
  return {
    uri,
    id,
    what: kind,
    ...range,
    ...(typeof rule === "string" && { rule }),
    ...(typeof fingerprint === "string" && { fingerprint }),
  };
}

/** Undefined where there is nothing to do, or where it would touch what must not be touched. */
export async function editFor(
  session: Session,
  opened: Opened,
  { what, rule, fingerprint, selection }: ActionData,
): Promise<WorkspaceEdit | undefined> {
  const { analyzer, client } = session;
  const { snapshot, areas } = opened;
  const fixAll = (rules?: readonly string[]) => {
    const { edits } = analyzer.fixAll(snapshot, { areas, isOver: within(ANSWER), ...(rules && { rules }) });
    return toWorkspaceEdit(opened, edits, client.versionedEdits);
  };
  if (what === "all") return fixAll();
  if (rule === undefined) return undefined;
  if (what === "rule") return fixAll([rule]);
  if (what === "refactoring") return selection && refactoringEdit(session, opened, rule, selection);
  if (what === "project") return (await turnOff(session, opened, rule))?.edit;

  const report = analyzer.report(snapshot);
  const prints = analyzer.fingerprints(snapshot);
  const finding = report.findings.find((it) => it.rule === rule && prints.get(it) === fingerprint);
  if (!finding) return undefined;
  if (what === "baseline") return intoBaseline(session, opened, finding.rule, fingerprint);
  if (what !== "fix") {
    const edit = analyzer.suppress(snapshot, finding, what);
    return edit && toWorkspaceEdit(opened, [edit], client.versionedEdits);
  }
  const fix = analyzer.fix(snapshot, finding);
  const edit = fix && toWorkspaceEdit(opened, fix.edits, client.versionedEdits);
  if (!edit || fix.safety === "safe") return edit;
  return withPreview(session, opened, edit, fix.title, sentenceOf(fix.doubts));
}
