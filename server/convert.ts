/** The only file that knows both vocabularies: our offsets and findings, the protocol's lines, columns and diagnostics. */

import {
  DiagnosticSeverity,
  DiagnosticTag,
  type AnnotatedTextEdit,
  type ChangeAnnotation,
  type CreateFileOptions,
  type Diagnostic,
  type Location,
  type Position,
  type Range as ProtocolRange,
  type TextEdit as ProtocolEdit,
  type WorkspaceEdit,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import {
  fitsIn,
  type CommentProblem,
  type Finding,
  type LineIndex,
  type Range,
  type SettingsProblem,
  type TextEdit,
} from "../analysis/analyzer.js";
import type { FindingData } from "./protocol.js";
import type { Opened, Part, Place } from "./opened.js";

const SEVERITIES: Readonly<Record<Finding["level"], DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** The offset in the snapshot. */
export function toOffset(part: Part, position: Position): number {
  return part.start + part.lines.offsetAt(position);
}

export function toOurRange(part: Part, { start, end }: ProtocolRange): Range {
  return { start: toOffset(part, start), end: toOffset(part, end) };
}

export function toRange(part: Place, { start, end }: Range): ProtocolRange {
  return { start: part.lines.positionAt(start - part.start), end: part.lines.positionAt(end - part.start) };
}

/** The part that holds all of the range; a range between two cells belongs to neither. */
export function partOf<P extends Place>(
  opened: { readonly parts: readonly P[] },
  { start, end }: Range,
): P | undefined {
  return opened.parts.find((it) => it.start <= start && end <= it.end);
}

export function toLocation(opened: Shown, range: Range): Location | undefined {
  const part = partOf(opened, range);
  return part && { uri: part.uri, range: toRange(part, range) };
}

/** Lists of problems and menus show text as it is: the marks around code would only be noise there. */
export function plain(message: string): string {
  return message.replaceAll("`", "");
}

/** Texts whose places can be shown; the one that is asked for may be one of several. */
interface Shown {
  readonly parts: readonly Place[];
}

export interface DiagnosticExtras {
  readonly data: FindingData;
  readonly href: string;
  readonly withRelated: boolean;
}

export function toDiagnostic(
  opened: Shown & { readonly part: Place },
  finding: Finding,
  { data, href, withRelated }: DiagnosticExtras,
): Diagnostic {
  const related = withRelated
    ? finding.related.flatMap(({ range, message }) => {
        const location = toLocation(opened, range);
        return location ? [{ location, message: plain(message) }] : [];
      })
    : [];
  return {
    range: toRange(opened.part, finding.range),
    severity: SEVERITIES[finding.level],
    code: finding.rule,
    codeDescription: { href },
    source: "nippy",
    message: plain(finding.message),
    ...(related.length > 0 && { relatedInformation: related }),
    data,
  };
}

/** A mistake in a suppression comment; what silences nothing is shown faded, as unused code is. */
export function commentDiagnostic(
  opened: { readonly part: Place },
  { range, message, unused }: CommentProblem,
): Diagnostic {
  return {
    range: toRange(opened.part, range),
    severity: DiagnosticSeverity.Information,
    source: "nippy",
    message,
    ...(unused && { tags: [DiagnosticTag.Unnecessary] }),
  };
}

/** A mistake in a configuration file: on the key or value, or on the whole first line. */
export function configurationDiagnostic(lines: LineIndex, { message, range }: SettingsProblem): Diagnostic {
  const whole = { start: 0, end: lines.offsetAt({ line: 0, column: Infinity }) };
  return { range: toPlainRange(lines, range ?? whole), severity: DiagnosticSeverity.Warning, source: "nippy", message };
}

/** In a text that is a document by itself. */
export function toPlainRange(lines: LineIndex, { start, end }: Range): ProtocolRange {
  const at = (offset: number) => {
    const { line, column } = lines.positionAt(offset);
    return { line, character: column };
  };
  return { start: at(start), end: at(end) };
}

export function isSameRange(a: ProtocolRange, b: ProtocolRange): boolean {
  return (
    a.start.line === b.start.line &&
    a.start.character === b.start.character &&
    a.end.line === b.end.line &&
    a.end.character === b.end.character
  );
}

/** Undefined where an edit does not lie in one part, or touches a line that is not Python: then nothing may be changed at all. */
export function toWorkspaceEdit(
  opened: Pick<Opened, "parts" | "areas">,
  edits: readonly TextEdit[],
  isVersioned: boolean,
): WorkspaceEdit | undefined {
  if (!fitsIn(opened.areas)(edits)) return undefined;
  const byPart = new Map<Part, ProtocolEdit[]>();
  for (const edit of edits) {
    const part = partOf(opened, edit);
    if (!part) return undefined;
    const list = byPart.get(part) ?? [];
    list.push({ range: toRange(part, edit), newText: edit.text });
    byPart.set(part, list);
  }
  if (!isVersioned) return { changes: Object.fromEntries([...byPart].map(([part, list]) => [part.uri, list])) };
  return {
    documentChanges: [...byPart].map(([{ uri, version }, list]) => ({ textDocument: { uri, version }, edits: list })),
  };
}

const ANNOTATION = "nippy";

/** Every edit carries the same annotation: what the preview calls it, and whether the editor has to ask first. For versioned edits only. */
export function annotated(edit: WorkspaceEdit, annotation: ChangeAnnotation): WorkspaceEdit {
  const changes = (edit.documentChanges ?? []).map((change) =>
    "edits" in change
      ? { ...change, edits: change.edits.map((it) => ({ ...it, annotationId: ANNOTATION }) as AnnotatedTextEdit) }
      : { ...change, annotationId: ANNOTATION },
  );
  return { documentChanges: changes, changeAnnotations: { [ANNOTATION]: annotation } };
}

/** An edit of a file that may not be open; `version` is null then. */
export function fileEdit(
  uri: string,
  version: number | null,
  text: string,
  edits: readonly TextEdit[],
  isVersioned: boolean,
): WorkspaceEdit {
  const lines = TextDocument.create(uri, "toml", 0, text);
  const list = edits.map(
    (it): ProtocolEdit => ({
      range: { start: lines.positionAt(it.start), end: lines.positionAt(it.end) },
      newText: it.text,
    }),
  );
  return isVersioned
    ? { documentChanges: [{ textDocument: { uri, version }, edits: list }] }
    : { changes: { [uri]: list } };
}

export function newFile(uri: string, text: string): WorkspaceEdit {
  return withNewFiles({ documentChanges: [] }, [{ uri, text }], { ignoreIfExists: true });
}

/** Unless said otherwise a file that is there already makes the editor refuse the whole edit. */
export function withNewFiles(
  { documentChanges = [] }: WorkspaceEdit,
  files: readonly { readonly uri: string; readonly text: string }[],
  options: CreateFileOptions = {},
): WorkspaceEdit {
  const start = { line: 0, character: 0 };
  const made = files.flatMap(({ uri, text }) => [
    { kind: "create" as const, uri, options },
    { textDocument: { uri, version: null }, edits: [{ range: { start, end: start }, newText: text }] },
  ]);
  return { documentChanges: [...documentChanges, ...made] };
}
