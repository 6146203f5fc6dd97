/** Refactorings among the code actions: offered when somebody asks for a menu, made when chosen, shown before they are applied. */

import {
  CodeActionKind,
  CodeActionTriggerKind,
  type CodeActionContext,
  type WorkspaceEdit,
} from "vscode-languageserver";
import type { OfferedRefactoring, Range } from "../../analysis/analyzer.js";
import { toWorkspaceEdit, withNewFiles } from "../convert.js";
import type { Opened } from "../opened.js";
import type { Session } from "../session.js";
import { folderAt, joined } from "../uris.js";
import { withPreview } from "./preview.js";

const KINDS: Readonly<Record<OfferedRefactoring["kind"], CodeActionKind>> = {
  rewrite: CodeActionKind.RefactorRewrite,
  extract: CodeActionKind.RefactorExtract,
};

/** `refactor.rewrite.nippy.add-slots`: a key can be bound to it. */
export function refactoringKind({ kind, name }: Pick<OfferedRefactoring, "kind" | "name">): CodeActionKind {
  return `${KINDS[kind]}.nippy.${name}`;
}

/** Unasked, on every move of the cursor, they would only light the bulb. */
export function isAskedFor({ only, triggerKind }: CodeActionContext): boolean {
  return only !== undefined || triggerKind !== CodeActionTriggerKind.Automatic;
}

export function offeredAt(
  { analyzer, client }: Session,
  { snapshot, kind }: Opened,
  selection: Range,
): readonly OfferedRefactoring[] {
  return analyzer
    .refactoringsAt(snapshot, selection)
    .filter((it) => !it.createsFiles || (client.createsFiles && kind === "file"));
}

export function refactoringEdit(
  session: Session,
  opened: Opened,
  name: string,
  selection: Range,
): WorkspaceEdit | undefined {
  const { analyzer, client } = session;
  const ready = analyzer.refactor(opened.snapshot, selection, name);
  const edit = ready && toWorkspaceEdit(opened, ready.edits, client.versionedEdits);
  if (!ready || !edit) return undefined;
  const files = ready.files.map(({ path, text }) => ({ uri: joined(folderAt(opened.uri), path), text }));
  const whole = files.length > 0 ? withNewFiles(edit, files) : edit;
  return withPreview(session, opened, whole, ready.title, ready.doubt);
}
