/** One edit with many fixes in many files, made to be looked at: safe fixes are ticked, the others wait for a yes. */

import type { AnnotatedTextEdit, ChangeAnnotation, TextDocumentEdit, WorkspaceEdit } from "vscode-languageserver";
import type { WantedFix } from "../../analysis/analyzer.js";
import { pause } from "../background.js";
import { tableOf } from "../capabilities.js";
import { openedOrRead } from "../closed.js";
import { plain, toWorkspaceEdit } from "../convert.js";
import { sentenceOf } from "../doubts.js";
import { NOTE, noteAbove } from "./preview.js";
import type { Opened } from "../opened.js";
import type { FixRequest } from "../protocol.js";
import type { Session } from "../session.js";
import { isUri } from "../shapes.js";
import { keyOf } from "../uris.js";

export interface WorkspaceFixes {
  readonly edit: WorkspaceEdit;
  readonly fixes: number;
  readonly files: number;
}

/** Arguments come over the wire: what is wrong in them counts as left out. */
export function readFixRequest(argument: unknown): FixRequest {
  const { rules, files } = tableOf(argument);
  return {
    ...(isStrings(rules) && { rules }),
    ...(Array.isArray(files) && {
      files: files.flatMap((it) => {
        const { uri, fingerprints } = tableOf(it);
        return isUri(uri) ? [{ uri, ...(isStrings(fingerprints) && { fingerprints }) }] : [];
      }),
    }),
  };
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((it) => typeof it === "string");
}

/** Undefined where there is nothing to repair. Ends early, with what there is, once it is cancelled. */
export async function fixesFor(
  session: Session,
  { rules, files }: FixRequest,
  isCancelled: () => boolean,
): Promise<WorkspaceFixes | undefined> {
  const annotations = new Map<string, ChangeAnnotation>();
  const changes: TextDocumentEdit[] = [];
  let fixes = 0;
  let first: Opened | undefined;
  for await (const { uri, fingerprints } of files ?? everyFile(session)) {
    await pause();
    if (isCancelled()) return undefined;
    const opened = await openedOrRead(session, uri);
    if (!opened) continue;
    const prints = fingerprints && session.analyzer.fingerprints(opened.snapshot);
    const found = session.analyzer.fixesTogether(
      opened.snapshot,
      (it) => (!rules || rules.includes(it.rule)) && (!prints || fingerprints.includes(prints.get(it) ?? "")),
    );
    // Without a preview nobody could say no.
    const wanted = session.client.annotatesEdits ? found : found.filter((it) => it.safety === "safe");
    for (const fix of wanted) {
      const own = changesOf(opened, fix, annotations);
      if (own.length === 0) continue;
      fixes++;
      first ??= opened;
      changes.push(...own);
    }
  }
  if (!first || changes.length === 0) return undefined;
  const uris = new Set(changes.map((it) => it.textDocument.uri));
  const result = { fixes, files: uris.size };
  if (!session.client.annotatesEdits)
    return {
      ...result,
      edit: session.client.versionedEdits ? { documentChanges: merged(changes) } : unversioned(changes),
    };
  return { ...result, edit: withPreview(first, merged(changes), annotations) };
}

/** The files of the workspace; documents that are open elsewhere too. */
export async function* everyFile({
  survey,
  documents,
}: Session): AsyncGenerator<{ uri: string; fingerprints?: undefined }> {
  const open = new Map(documents.uris().map((it) => [keyOf(it), it]));
  for (const uri of open.values()) yield { uri };
  for await (const uri of survey.files()) if (!open.has(keyOf(uri))) yield { uri };
}

function changesOf(opened: Opened, fix: WantedFix, annotations: Map<string, ChangeAnnotation>): TextDocumentEdit[] {
  const edit = toWorkspaceEdit(opened, fix.edits, true);
  const isSafe = fix.safety === "safe";
  const label = plain(`${fix.title} (${fix.rule})`);
  const description = isSafe ? "Behaviour stays the same." : sentenceOf(fix.doubts);
  const annotationId = `${label} ${description}`;
  annotations.set(annotationId, { label, description, needsConfirmation: !isSafe });
  return ((edit?.documentChanges ?? []) as TextDocumentEdit[]).map(({ textDocument, edits }) => ({
    textDocument,
    edits: edits.map((it) => ({ ...it, annotationId }) as AnnotatedTextEdit),
  }));
}

/** One entry for each document. */
function merged(changes: readonly TextDocumentEdit[]): TextDocumentEdit[] {
  const byUri = new Map<string, TextDocumentEdit>();
  for (const { textDocument, edits } of changes) {
    const known = byUri.get(textDocument.uri);
    byUri.set(textDocument.uri, { textDocument, edits: [...(known?.edits ?? []), ...edits] });
  }
  return [...byUri.values()];
}

function unversioned(changes: readonly TextDocumentEdit[]): WorkspaceEdit {
  return { changes: Object.fromEntries(merged(changes).map((it) => [it.textDocument.uri, it.edits as never[]])) };
}

/**
 * Editors show a preview only of edits that need to be confirmed, and leave those unticked. Where all fixes are safe, and so ticked, a comment
 * beside them brings it up: its row says what to do, and whoever ticks it keeps it in the code.
 */
function withPreview(
  opened: Opened,
  [first, ...others]: TextDocumentEdit[],
  annotations: ReadonlyMap<string, ChangeAnnotation>,
): WorkspaceEdit {
  const changeAnnotations = Object.fromEntries(annotations);
  const asks = Object.values(changeAnnotations).some((it) => it.needsConfirmation);
  const note = asks ? undefined : noteAbove(opened, first!, "Nippy: untick what should stay as it is, then apply.");
  if (!note) return { documentChanges: [first!, ...others], changeAnnotations };
  return {
    documentChanges: [{ ...first!, edits: [note, ...first!.edits] }, ...others],
    changeAnnotations: {
      ...changeAnnotations,
      [NOTE]: {
        label: "Keep this as a comment",
        description: "Not part of the fixes: it is not added unless it is ticked.",
        needsConfirmation: true,
      },
    },
  };
}
