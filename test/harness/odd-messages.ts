/** Messages that no editor should send: right ones with some part of them turned into something else. */
import { FILE, ITERROWS } from "../server/samples.js";
import type { Random } from "./random.js";

export interface Sent {
  readonly method: string;
  readonly params: unknown;
  readonly isRequest: boolean;
}

const start = { line: 0, character: 0 };
const range = { start, end: { line: 9, character: 3 } };
const textDocument = { uri: FILE };
const NOTEBOOK = "file:///nippy-tests/notes.ipynb";
const CELL = "vscode-notebook-cell:///nippy-tests/notes.ipynb#a";
const cell = { kind: 2, document: CELL };
const text = { uri: CELL, languageId: "python", version: 1, text: ITERROWS };
const notebookDocument = { uri: NOTEBOOK, notebookType: "jupyter-notebook", version: 1, cells: [cell] };

/** All but workspace/diagnostic, which is answered when there is news. */
export const REQUESTS: Readonly<Record<string, unknown>> = {
  "textDocument/diagnostic": { textDocument, identifier: "nippy", previousResultId: "x" },
  "textDocument/hover": { textDocument, position: { line: 3, character: 8 } },
  "textDocument/completion": { textDocument, position: start, context: { triggerKind: 2, triggerCharacter: "-" } },
  "completionItem/resolve": { label: "x", data: { snippet: "main", python: "3.9" } },
  "textDocument/codeAction": {
    textDocument,
    range,
    context: {
      diagnostics: [{ range, message: "x", source: "nippy", code: "pandas/iterrows", data: { rule: "x" } }],
      only: ["quickfix", "source.fixAll.nippy", "refactor"],
      triggerKind: 1,
    },
  },
  "codeAction/resolve": {
    title: "x",
    data: { uri: FILE, id: "x", what: "refactoring", rule: "pandas/iterrows", selection: { start: 0, end: 9 } },
  },
  "textDocument/willSaveWaitUntil": { textDocument, reason: 1 },
  "workspace/executeCommand": {
    command: "nippy.server.silence",
    arguments: [{ uri: FILE, rule: "pandas/iterrows", fingerprint: "x", where: "line" }],
  },
  "nippy/rules": null,
  "nippy/pages": null,
  "nippy/snippets": { uri: FILE },
  "nippy/guideFiles": undefined,
  "nippy/rulePage": { name: "pandas/iterrows" },
  "nippy/explain": { name: "pandas/*" },
  "nippy/check": { uris: [FILE], minLevel: "hint", limit: 3 },
  "nippy/safeFixes": { uris: [FILE], rules: ["pandas/iterrows"] },
  "nippy/fixesHere": { uri: FILE },
  "nippy/effectiveConfiguration": { uri: FILE },
};
const NOTIFICATIONS: Readonly<Record<string, unknown>> = {
  "textDocument/didOpen": { textDocument: { uri: FILE, languageId: "python", version: 1, text: ITERROWS } },
  "textDocument/didChange": {
    textDocument: { uri: FILE, version: 2 },
    contentChanges: [{ range, rangeLength: 3, text: "x" }, { text: ITERROWS }],
  },
  "textDocument/didSave": { textDocument },
  "textDocument/didClose": { textDocument },
  "notebookDocument/didOpen": { notebookDocument, cellTextDocuments: [text] },
  "notebookDocument/didChange": {
    notebookDocument: { uri: NOTEBOOK, version: 2 },
    change: {
      cells: {
        structure: { array: { start: 0, deleteCount: 1, cells: [cell] }, didOpen: [text], didClose: [{ uri: CELL }] },
        data: [cell],
        textContent: [{ document: { uri: CELL, version: 3 }, changes: [{ range, text: "y" }] }],
      },
    },
  },
  "notebookDocument/didSave": { notebookDocument: { uri: NOTEBOOK } },
  "notebookDocument/didClose": { notebookDocument: { uri: NOTEBOOK }, cellTextDocuments: [{ uri: CELL }] },
  "workspace/didChangeConfiguration": { settings: { nippy: { levels: { "pandas/*": "off" } } } },
  "workspace/didChangeWatchedFiles": { changes: [{ uri: "file:///nippy-tests/nippy.toml", type: 2 }] },
  "workspace/didChangeWorkspaceFolders": { event: { added: [{ uri: "file:///a", name: "a" }], removed: [] } },
  "$/setTrace": { value: "off" },
  "$/cancelRequest": { id: 3 },
  "$/progress": { token: 1, value: {} },
  initialized: {},
};

const ODD: readonly unknown[] = [
  null,
  undefined,
  true,
  0,
  -1,
  1.5,
  1e300,
  2 ** 31,
  "",
  "text",
  "\0\ud800",
  "é".repeat(20_000),
  `file://${"/a".repeat(50_000)}/b.py`,
  "file:///%zz",
  "untitled:Untitled-1",
  [],
  [null],
  [[[]]],
  {},
  { length: 3 },
  { toString: null },
  JSON.parse('{"__proto__": {"uri": 3}, "constructor": null}'),
  Array.from({ length: 2000 }, () => null),
];

/** One message in five is right, so that there is something to spoil. */
export function oddMessage(chance: Random): Sent {
  const isRequest = chance.below(2) === 0;
  const from = isRequest ? REQUESTS : NOTIFICATIONS;
  const method = chance.pick(Object.keys(from));
  const params = structuredClone(from[method]);
  return { method, isRequest, params: chance.below(5) === 0 ? params : spoiled(params, chance) };
}

/** A value with one part of it, at whatever depth, turned into something else, taken out or doubled. */
export function spoiled(value: unknown, chance: Random): unknown {
  const isLeaf = typeof value !== "object" || value === null;
  if (isLeaf || chance.below(4) === 0) return chance.pick(ODD);
  if (Array.isArray(value)) {
    const at = chance.below(value.length + 1);
    const rest = at < value.length ? [spoiled(value[at], chance)] : [chance.pick(ODD)];
    return [...(value as unknown[]).slice(0, at), ...rest, ...(value as unknown[]).slice(at + chance.below(2))];
  }
  const keys = Object.keys(value);
  if (keys.length === 0) return chance.pick(ODD);
  const key = chance.pick(keys);
  const { [key]: part, ...others } = value as Record<string, unknown>;
  return chance.below(6) === 0 ? others : { ...others, [key]: spoiled(part, chance) };
}

/** What a server may refuse a message with: all but a failure of its own. */
export const REFUSALS: ReadonlySet<number> = new Set([-32600, -32601, -32602, -32800, -32801, -32802, -32803]);
