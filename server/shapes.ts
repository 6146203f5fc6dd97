/** What the parameters of each message must look like to be of use. A client may send anything; features read only what fits here. */

import { CHECK, EFFECTIVE_CONFIGURATION, SAFE_FIXES, SNIPPETS } from "./protocol.js";

type Shape = (value: unknown) => boolean;

/** Longer ones name no file, and every folder above one is looked into. */
const LONGEST_URI = 8192;

const string: Shape = (value) => typeof value === "string";
const integer: Shape = (value) => Number.isSafeInteger(value);
export const isUri = (value: unknown): value is string => typeof value === "string" && value.length <= LONGEST_URI;
const uri: Shape = isUri;
const list =
  (item: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(item);
const optional =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || shape(value);
/** `null` where the protocol or a client has it for "nothing". */
const nullable =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || value === null || shape(value);
const table =
  (fields: Readonly<Record<string, Shape>>): Shape =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(fields).every(([name, fits]) => fits((value as Record<string, unknown>)[name]));

const position = table({ line: integer, character: integer });
const range = table({ start: position, end: position });
const named = table({ uri });
const versioned = table({ uri, version: nullable(integer) });
const item = table({ uri, languageId: string, version: integer, text: string });
const change = table({ range: optional(range), text: string });
const cell = table({ document: uri });

/** What language models ask about. */
const wanted = { uris: nullable(list(uri)), rules: nullable(list(string)) };

const atPosition = table({ textDocument: named, position });

const PARAMS: ReadonlyMap<string, Shape> = new Map([
  ["initialize", table({ capabilities: table({}) })],
  ["initialized", nullable(table({}))],
  ["$/setTrace", table({})],
  ["$/cancelRequest", table({})],
  ["$/progress", table({})],
  ["textDocument/didOpen", table({ textDocument: item })],
  ["textDocument/didChange", table({ textDocument: versioned, contentChanges: list(change) })],
  ["textDocument/didSave", table({ textDocument: named })],
  ["textDocument/didClose", table({ textDocument: named })],
  [
    "notebookDocument/didOpen",
    table({ notebookDocument: table({ uri, cells: list(cell) }), cellTextDocuments: list(item) }),
  ],
  [
    "notebookDocument/didChange",
    table({
      notebookDocument: named,
      change: table({
        cells: nullable(
          table({
            structure: optional(
              table({
                array: table({ start: integer, deleteCount: integer, cells: optional(list(cell)) }),
                didOpen: nullable(list(item)),
                didClose: nullable(list(named)),
              }),
            ),
            data: optional(list(cell)),
            textContent: optional(list(table({ document: versioned, changes: list(change) }))),
          }),
        ),
      }),
    }),
  ],
  ["notebookDocument/didSave", table({ notebookDocument: named })],
  ["notebookDocument/didClose", table({ notebookDocument: named })],
  ["workspace/didChangeConfiguration", table({})],
  ["workspace/didChangeWatchedFiles", table({ changes: list(named) })],
  ["workspace/didChangeWorkspaceFolders", table({ event: table({ added: list(named), removed: list(named) }) })],
  ["textDocument/diagnostic", table({ textDocument: named })],
  ["workspace/diagnostic", table({ previousResultIds: list(table({ uri, value: string })) })],
  ["workspace/executeCommand", table({ command: string, arguments: nullable(Array.isArray) })],
  ["textDocument/willSaveWaitUntil", table({ textDocument: named })],
  ["textDocument/hover", atPosition],
  ["textDocument/completion", atPosition],
  ["completionItem/resolve", table({})],
  [
    "textDocument/codeAction",
    table({
      textDocument: named,
      range,
      context: table({ diagnostics: list(table({ range })), only: nullable(list(string)) }),
    }),
  ],
  ["codeAction/resolve", table({})],
  [SNIPPETS, nullable(table({ uri: optional(uri) }))],
  [EFFECTIVE_CONFIGURATION, named],
  [CHECK, table(wanted)],
  [SAFE_FIXES, table(wanted)],
]);

/** Methods that nobody here reads parameters of fit always. */
export function areUsable(method: string, params: unknown): boolean {
  return PARAMS.get(method)?.(params) ?? true;
}
