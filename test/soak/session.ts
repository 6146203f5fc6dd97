/** An editor that behaves badly, before the real server: requests out of order, cancelled, for closed documents, with stale versions and impossible places. */
import { isDeepStrictEqual } from "node:util";
import {
  CancellationTokenSource,
  type Diagnostic,
  type Position,
  type Range,
  type TextDocumentContentChangeEvent,
} from "vscode-languageserver/node";
import { random, type Random } from "../harness/random.js";
import { typist } from "../harness/typist.js";
import { pageTexts } from "./files.js";
import { applied, placeOf } from "./places.js";
import { startServerProcess, type ServerProcess } from "./server-process.js";

export interface SessionOptions {
  readonly seed: number;
  readonly moves: number;
  /** After so many moves everything is held against a server that was just started. */
  readonly between: number;
  readonly texts: readonly string[];
  readonly server?: string;
  onMove?(move: number): void;
}

export interface SessionOutcome {
  readonly moves: number;
  readonly answered: number;
  readonly cancelled: number;
  readonly compared: number;
  readonly problems: readonly string[];
}

interface Open {
  text: string;
  version: number;
}

const URIS = [
  "file:///nippy-soak/a.py",
  "file:///nippy-soak/with%20space/b.py",
  "file:///nippy-soak/test_c.py",
  "untitled:Untitled-1",
  "file:///nippy-soak/d.pyi",
  "file:///nippy-soak/notes.md",
  "vscode-vfs://github/owner/repo/e.py",
];
const UNKNOWN = [
  "file:///nippy-soak/never-opened.py",
  "",
  "not a uri",
  "file:///nippy-soak/a.py#fragment",
  "git:/nippy-soak/a.py",
];
const CANCELLED = new Set([-32800, -32801, -32802]);
/** Nothing this session does takes longer, on any machine. */
const PATIENCE = 60_000;

export async function badSession({
  seed,
  moves,
  between,
  texts,
  server: program,
  onMove,
}: SessionOptions): Promise<SessionOutcome> {
  const chance = random(seed);
  const { below, pick } = chance;
  const hand = typist(chance, pageTexts());
  const server = await startServerProcess(program);
  const { connection } = server;
  const open = new Map<string, Open>();
  const problems: string[] = [];
  const pending = new Set<Promise<unknown>>();
  const counts = { answered: 0, cancelled: 0, compared: 0 };
  let resultId: string | undefined;

  const tell = (method: string, params: unknown) => void connection.sendNotification(method, params);
  /** Sent and not waited for. */
  const ask = (method: string, params: unknown, isCancelled = false) => {
    const source = new CancellationTokenSource();
    const answer = connection.sendRequest<unknown>(method, params, source.token).then(
      (it) => {
        counts.answered++;
        if (method === "textDocument/diagnostic") resultId = (it as { resultId?: string }).resultId;
      },
      (error: { code?: number; message?: string }) => {
        if (isCancelled && CANCELLED.has(error.code ?? 0)) counts.cancelled++;
        else problems.push(`${method} failed with ${error.code}: ${error.message}`);
      },
    );
    const settled = answer.finally(() => pending.delete(settled));
    pending.add(settled);
    if (!isCancelled) return;
    if (below(2) === 0) source.cancel();
    else setTimeout(() => source.cancel(), below(5));
  };
  const known = () => pick([...URIS, pick(UNKNOWN)]);
  const place = (uri: string) => anyPlace(open.get(uri)?.text ?? "x = 1\n", chance);
  const range = (uri: string): Range => ({ start: place(uri), end: place(uri) });

  const change = (uri: string, contentChanges: readonly TextDocumentContentChangeEvent[], version: number) => {
    tell("textDocument/didChange", { textDocument: { uri, version }, contentChanges });
    const document = open.get(uri);
    if (document) document.text = contentChanges.reduce(applied, document.text);
  };
  const actions: readonly (readonly [weight: number, act: (uri: string) => void])[] = [
    [
      6,
      (uri) => {
        const text = pick(texts);
        open.set(uri, { text, version: 1 });
        tell("textDocument/didOpen", {
          textDocument: { uri, languageId: uri.endsWith(".md") ? "markdown" : "python", version: 1, text },
        });
      },
    ],
    [
      3,
      (uri) => {
        if (below(2) === 0) ask("textDocument/diagnostic", { textDocument: { uri } });
        tell("textDocument/didClose", { textDocument: { uri } });
        open.delete(uri);
      },
    ],
    [
      30,
      (uri) => {
        const document = open.get(uri);
        if (!document) return change(uri, [{ text: "x" }], 3);
        const text = document.text;
        const edits = hand.next(text);
        // As the client would send it: in lines and columns of the text at that moment.
        let now = text;
        const changes = edits.map((edit): TextDocumentContentChangeEvent => {
          const sent = { range: { start: placeOf(now, edit.start), end: placeOf(now, edit.end) }, text: edit.text };
          now = applied(now, sent);
          return sent;
        });
        change(uri, changes, ++document.version);
      },
    ],
    // Beyond the end, turned round, inside surrogate pairs and line ends; hundreds at once; versions of yesterday.
    [
      12,
      (uri) =>
        change(
          uri,
          Array.from({ length: pick([1, 3, 3, 20, 300]) }, () => ({
            range: range(uri),
            text: pick(["", "", "x", "\n", "🐍", "\ud83d", "\r\n", "(", '"""', "    pass\n"]),
          })),
          below(3) - 5,
        ),
    ],
    [
      2,
      (uri) => change(uri, [{ text: pick(texts) }, { range: range(uri), text: "" }], (open.get(uri)?.version ?? 0) + 7),
    ],
    [1, (uri) => change(uri, [], -1)],
    [
      20,
      (uri) =>
        ask(
          "textDocument/diagnostic",
          { textDocument: { uri }, ...(below(3) === 0 && resultId !== undefined && { previousResultId: resultId }) },
          below(3) === 0,
        ),
    ],
    [6, (uri) => ask("textDocument/hover", { textDocument: { uri }, position: place(uri) }, below(4) === 0)],
    [5, (uri) => ask("textDocument/completion", { textDocument: { uri }, position: place(uri) }, below(4) === 0)],
    [
      6,
      (uri) =>
        ask(
          "textDocument/codeAction",
          {
            textDocument: { uri },
            range: range(uri),
            context: { diagnostics: [], ...(below(3) === 0 && { only: ["source.fixAll.nippy"] }) },
          },
          below(4) === 0,
        ),
    ],
    [2, (uri) => tell("textDocument/didSave", { textDocument: { uri } })],
    [1, () => tell("workspace/didChangeConfiguration", { settings: {} })],
    [
      1,
      () =>
        tell("workspace/didChangeWatchedFiles", { changes: [{ uri: "file:///nippy-soak/pyproject.toml", type: 2 }] }),
    ],
    [2, () => tell("$/cancelRequest", { id: pick([below(100_000), "unheard-of", -1]) })],
    [1, (uri) => tell(pick(["$/unheardOf", "$/setTrace"]), { uri, value: "off" })],
  ];
  const total = actions.reduce((sum, [weight]) => sum + weight, 0);

  const isQuiet = async () => {
    const late = new Promise<"late">((resolve) => setTimeout(() => resolve("late"), PATIENCE).unref());
    return (await Promise.race([Promise.all(pending), late])) !== "late";
  };
  let made = 0;
  for (; made < moves && problems.length === 0 && server.exitCode() === undefined; made++) {
    onMove?.(made);
    let left = below(total);
    const uri = known();
    actions.find(([weight]) => (left -= weight) < 0)![1](uri);
    // Sometimes the server is given time to fall behind, sometimes to catch up.
    if (below(12) === 0) await new Promise((resolve) => setTimeout(resolve, below(20)));
    if (made % between !== between - 1 && made !== moves - 1) continue;
    if (!(await isQuiet())) problems.push(`${pending.size} requests were not answered`);
    else problems.push(...(await differences(server, open, chance, program)));
    counts.compared++;
  }
  if (server.exitCode() !== undefined) problems.push(`the server ended with ${server.exitCode()}`);
  else {
    const code = await server.stop();
    if (code !== 0) problems.push(`the server ended with ${code}`);
  }
  if (server.errors() !== "") problems.push(`the server wrote to stderr: ${server.errors()}`);
  return { moves: made, ...counts, problems: problems.map((it) => `seed ${seed}, move ${made}: ${it}`) };
}

/** What is said of the open documents that a new server would not say. */
async function differences(
  { connection }: ServerProcess,
  open: ReadonlyMap<string, Open>,
  chance: Random,
  program: string | undefined,
): Promise<readonly string[]> {
  const fresh = await startServerProcess(program);
  const problems: string[] = [];
  for (const [uri, { text }] of open) {
    await fresh.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: uri.endsWith(".md") ? "markdown" : "python", version: 1, text },
    });
    const position = anyPlace(text, chance);
    const [mine, theirs] = await Promise.all(
      [connection, fresh.connection].map(async (it) => ({
        findings: (
          await it.sendRequest<{ items: readonly Diagnostic[] }>("textDocument/diagnostic", { textDocument: { uri } })
        ).items,
        hover: await it.sendRequest<unknown>("textDocument/hover", { textDocument: { uri }, position }),
      })),
    );
    if (!isDeepStrictEqual(mine, theirs))
      problems.push(
        `${uri} is seen differently by a new server\n  text: ${JSON.stringify(text.slice(0, 2000))}\n  here: ${JSON.stringify(mine).slice(0, 1500)}\n  new: ${JSON.stringify(theirs).slice(0, 1500)}`,
      );
  }
  await fresh.stop();
  return problems;
}

/** Often in the text, at times beyond it. */
function anyPlace(text: string, { below, pick }: Random): Position {
  const inside = placeOf(text, below(text.length + 1));
  return pick([
    inside,
    inside,
    inside,
    { line: inside.line, character: inside.character + 1 },
    { line: inside.line, character: 900 },
    { line: inside.line + below(5000), character: 3 },
    { line: 2 ** 31 - 1, character: 2 ** 31 - 1 },
  ]);
}
