/** Findings of files that are not open: which files, how a client gets them, what keeps them fresh, and that typing comes first. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, it } from "mocha";
import {
  CancellationToken,
  CancellationTokenSource,
  FileChangeType,
  type Diagnostic,
  type PublishDiagnosticsParams,
  type WorkspaceDiagnosticReport,
  type WorkspaceDocumentDiagnosticReport,
} from "vscode-languageserver/node";
import {
  ANALYSE_WORKSPACE,
  FIX_WORKSPACE,
  SILENCE,
  type Analysed,
  type FindingData,
  type Fixed,
} from "../../server/protocol.js";
import { FULL, PLAIN, startClient, type Client } from "../harness/lsp.js";
import { ITERROWS, WALL_CLOCK } from "./samples.js";

const PUBLISH = "textDocument/publishDiagnostics";

describe("server: the whole workspace", () => {
  let folder: string;
  let client: Client | undefined;
  const started: CancellationTokenSource[] = [];
  const uriOf = (path: string) => pathToFileURL(join(folder, path)).href;
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const start = async (settings: unknown, capabilities = FULL) =>
    (client = await startClient({ capabilities, settings, folders: [pathToFileURL(folder).href] }));
  const tell = (uri: string, type: FileChangeType) =>
    client!.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri, type }] });
  /** What a client that shows partial results knows, as it grows. */
  const follow = (previousResultIds: { uri: string; value: string }[] = []) => {
    const known = new Map<string, WorkspaceDocumentDiagnosticReport>();
    const { connection } = client!;
    const reported = { count: 0 };
    let news: () => void = () => undefined;
    const take = ({ items }: WorkspaceDiagnosticReport) => {
      reported.count += items.length;
      for (const item of items) known.set(item.uri, item);
      news();
    };
    connection.onNotification("$/progress", ({ token, value }: { token: string; value: WorkspaceDiagnosticReport }) => {
      if (token === "partial") take(value);
    });
    const source = new CancellationTokenSource();
    started.push(source);
    const answer = ask(previousResultIds, source.token, "partial").then(take, () => undefined);
    const codes = (path: string) => {
      const report = known.get(uriOf(path));
      return report?.kind === "full" ? report.items.map((it) => it.code) : undefined;
    };
    const until = (isSo: () => boolean) =>
      new Promise<void>((resolve) => {
        news = () => {
          if (isSo()) resolve();
        };
        news();
      });
    return { known, codes, until, reported, answer, cancel: () => source.cancel() };
  };
  const ask = (
    previousResultIds: { uri: string; value: string }[],
    token?: CancellationToken,
    partialResultToken?: string,
  ) =>
    client!.connection.sendRequest<WorkspaceDiagnosticReport>(
      "workspace/diagnostic",
      { identifier: "nippy", previousResultIds, ...(partialResultToken && { partialResultToken }) },
      token ?? CancellationToken.None,
    );
  const analyse = (token?: CancellationToken) =>
    client!.connection.sendRequest<Analysed>(
      "workspace/executeCommand",
      { command: ANALYSE_WORKSPACE, workDoneToken: "work" },
      token ?? CancellationToken.None,
    );

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nippy-workspace-"));
    write("work.py", ITERROWS);
    write("a b/[c]#d.py", ITERROWS);
  });
  afterEach(async () => {
    for (const it of started.splice(0)) it.cancel();
    await client?.stop();
    client = undefined;
    rmSync(folder, { recursive: true });
  });

  it("is left alone as long as nobody asks", async () => {
    await start({});
    const seen = follow();
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.equal(seen.reported.count, 0);
    assert.ok(!JSON.stringify(client!.registrations).includes("*.pyi"), "Python files are not watched");
  });

  it("is reported to a client that pulls, with what the command line would look at and no more", async () => {
    write(".gitignore", "generated/\n*_pb2.py\n");
    write("generated/x.py", ITERROWS);
    write("y_pb2.py", ITERROWS);
    write(".venv/lib/z.py", ITERROWS);
    write("build/z.py", ITERROWS);
    write("left/out.py", ITERROWS);
    write("nippy.toml", 'exclude = ["left"]\n');
    write("notes.txt", ITERROWS);
    write("damaged.ipynb", ITERROWS);
    write(".ipynb_checkpoints/book.ipynb", notebookOf(ITERROWS));
    write("fine.py", "x = 1\n");
    write("last.py", ITERROWS);
    await start({ scope: "workspace" });
    const seen = follow();
    await seen.until(() => seen.known.size >= 3);
    const { files } = await analyse();
    assert.equal(files, 5);
    assert.deepEqual([...seen.known.keys()].sort(), [
      // Escaped as VS Code does it.
      `${pathToFileURL(folder).href}/a%20b/%5Bc%5D%23d.py`,
      uriOf("last.py"),
      uriOf("work.py"),
    ]);
    const report = seen.known.get(uriOf("work.py"));
    const [found] = (report?.kind === "full" ? report.items : []) as Diagnostic[];
    await client!.open(uriOf("work.py"), ITERROWS);
    const [same] = await client!.diagnostics(uriOf("work.py"));
    assert.deepEqual(found, same, "a closed file's finding is that of the open one");
  });

  it("is followed by file events, and nothing else is sent again", async () => {
    await start({ scope: "workspace" });
    const seen = follow();
    await seen.until(() => seen.known.size === 2);

    write("work.py", WALL_CLOCK);
    await tell(uriOf("work.py"), FileChangeType.Changed);
    await seen.until(() => seen.codes("work.py")?.length === 2);
    write("new/one.py", ITERROWS);
    await tell(uriOf("new/one.py"), FileChangeType.Created);
    await seen.until(() => seen.codes("new/one.py")?.length === 1);
    rmSync(join(folder, "new"), { recursive: true });
    await tell(uriOf("new"), FileChangeType.Deleted);
    await seen.until(() => seen.codes("new/one.py")?.length === 0);
    write("moved/here/one.py", ITERROWS);
    await tell(uriOf("moved"), FileChangeType.Created);
    await seen.until(() => seen.codes("moved/here/one.py")?.length === 1);
    write(".gitignore", "work.py\n");
    await tell(uriOf(".gitignore"), FileChangeType.Created);
    await seen.until(() => seen.codes("work.py")?.length === 0);
    assert.equal(seen.reported.count, 7);
  });

  for (const part of ["part", ".part"])
    it(`forgets a baseline or a configuration that goes with its folder, of which nothing but the name is told: ${part}`, async () => {
      write(`${part}/nippy.toml`, '[levels]\niterrows = "off"\n');
      write(`${part}/work.py`, ITERROWS);
      await start({ scope: "workspace" });
      const seen = follow();
      await seen.until(() => seen.known.size >= 2);
      await analyse();
      assert.ok(!seen.codes(`${part}/work.py`)?.includes("pandas/iterrows"));
      rmSync(join(folder, part), { recursive: true });
      await tell(uriOf(part), FileChangeType.Deleted);
      write(`${part}/work.py`, ITERROWS);
      await tell(uriOf(`${part}/work.py`), FileChangeType.Created);
      await seen.until(() => seen.codes(`${part}/work.py`)?.includes("pandas/iterrows") === true);
    });

  it("is sent once: who has a result by its name does not get it again", async () => {
    await start({ scope: "workspace" });
    const seen = follow();
    await seen.until(() => seen.known.size === 2);
    seen.cancel();
    await seen.answer;
    const previous = [...seen.known.values()].map((it) => ({ uri: it.uri, value: it.resultId ?? "" }));
    const again = follow([...previous, { uri: uriOf("gone.py"), value: "before" }]);
    await again.until(() => again.known.size > 0);
    assert.deepEqual([...again.known.keys()], [uriOf("gone.py")]);
    assert.deepEqual(again.codes("gone.py"), []);
  });

  it("is answered at once to a client that takes no partial results, and waits for news where it has all", async () => {
    await start({});
    await analyse();
    const { items } = await ask([]);
    assert.equal(items.length, 2);
    const waiting = ask(items.map((it) => ({ uri: it.uri, value: it.resultId ?? "" })));
    write("work.py", "x = 1\n");
    await tell(uriOf("work.py"), FileChangeType.Changed);
    assert.deepEqual(
      (await waiting).items.map((it) => [it.uri, it.kind === "full" && it.items.length]),
      [[uriOf("work.py"), 0]],
    );
  });

  it("has the levels for some files hold for those that are not open", async () => {
    write("nippy.toml", '[per-file-levels]\n"drafts/**" = { iterrows = "off" }\n');
    write("drafts/work.py", ITERROWS);
    write("drafts/other.py", WALL_CLOCK);
    await start({ scope: "workspace" });
    const { codes, until } = follow();
    await until(() => ["work.py", "drafts/other.py"].every((it) => codes(it) !== undefined));
    assert.deepEqual(codes("work.py"), ["pandas/iterrows"]);
    await analyse();
    assert.ok(!codes("drafts/work.py")?.includes("pandas/iterrows"));
  });

  it("leaves open documents to themselves, and takes a file over when it is closed", async () => {
    await start({ scope: "workspace" });
    const seen = follow();
    await seen.until(() => seen.known.size === 2);
    await client!.open(uriOf("work.py"), ITERROWS);
    const { count } = seen.reported;
    write("work.py", WALL_CLOCK);
    await tell(uriOf("work.py"), FileChangeType.Changed);
    await analyse();
    assert.equal(seen.reported.count, count);
    await client!.close(uriOf("work.py"));
    assert.deepEqual(
      (await client!.diagnostics(uriOf("work.py"))).map((it) => it.code),
      ["profiling/wall-clock-duration", "profiling/wall-clock-duration"],
    );
  });

  it("has the findings in notebooks that are not open, where they stand in the file, and gives them up to its cells", async () => {
    const uri = uriOf("deep/book.ipynb");
    write("deep/book.ipynb", notebookOf("# Title", "%matplotlib inline\nimport pandas as pd", CELL));
    await start({ scope: "workspace" });
    const seen = follow();
    await seen.until(() => seen.known.size === 3);
    const report = seen.known.get(uri);
    const [found, more] = (report?.kind === "full" ? report.items : []) as Diagnostic[];
    assert.equal(more, undefined);
    assert.match(String(found?.message), / \(cell 3\)$/);
    assert.equal((found?.data as FindingData).cell, 3);
    const { line, character } = found!.range.start;
    const written = readFileSync(join(folder, "deep/book.ipynb"), "utf8").split("\n")[line]!;
    assert.equal(written.slice(character, found!.range.end.character), "iterrows");

    const cells = ["import pandas as pd", CELL].map((text, index) => ({
      uri: `vscode-notebook-cell:${new URL(uri).pathname}#c${index}`,
      languageId: "python",
      version: 1,
      text,
    }));
    await client!.connection.sendNotification("notebookDocument/didOpen", {
      notebookDocument: {
        uri,
        notebookType: "jupyter-notebook",
        version: 1,
        cells: cells.map((it) => ({ kind: 2, document: it.uri })),
      },
      cellTextDocuments: cells,
    });
    await seen.until(() => seen.codes("deep/book.ipynb")?.length === 0);
    const [inCell] = await client!.diagnostics(cells[1]!.uri);
    assert.equal((inCell?.data as FindingData).fingerprint, (found?.data as FindingData).fingerprint);
    await analyse();
    assert.deepEqual(seen.codes("deep/book.ipynb"), []);
    await client!.connection.sendNotification("notebookDocument/didClose", {
      notebookDocument: { uri },
      cellTextDocuments: cells.map((it) => ({ uri: it.uri })),
    });
    await seen.until(() => seen.codes("deep/book.ipynb")?.length === 1);
  });

  it("offers no edit of a notebook that is not open: it would be one of its JSON", async () => {
    write("book.ipynb", notebookOf(ITERROWS + WALL_CLOCK));
    await start({ scope: "workspace" });
    const seen = follow();
    await seen.until(() => (seen.codes("book.ipynb")?.length ?? 0) > 0);
    const report = seen.known.get(uriOf("book.ipynb"));
    const [found] = (report?.kind === "full" ? report.items : []) as Diagnostic[];
    const { rule, fingerprint } = found!.data as FindingData;
    const silence = { uri: uriOf("book.ipynb"), rule, fingerprint, where: "line" };
    const run = (command: string, argument: object) =>
      client!.connection.sendRequest("workspace/executeCommand", { command, arguments: [argument] });
    assert.equal(await run(SILENCE, silence), false);
    const request = { files: [{ uri: uriOf("book.ipynb"), fingerprints: [fingerprint] }] };
    assert.equal(((await run(FIX_WORKSPACE, request)) as Fixed).fixes, 0);
  });

  it("follows settings, and is taken back when they say so", async () => {
    await start({ scope: "workspace" });
    const seen = follow();
    await seen.until(() => seen.known.size === 2);
    client!.configure({ scope: "openFilesOnly" });
    await client!.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    await seen.until(() => [...seen.known.values()].every((it) => it.kind === "full" && it.items.length === 0));
  });

  it("is published to a client that cannot pull", async () => {
    await start(undefined, PLAIN_WITH_FOLDERS);
    await analyse();
    const found = await client!.seen<PublishDiagnosticsParams>(PUBLISH, (it) => it.uri === uriOf("work.py"));
    assert.deepEqual(
      found.diagnostics.map((it) => it.code),
      ["pandas/iterrows"],
    );
    write("work.py", "x = 1\n");
    await tell(uriOf("work.py"), FileChangeType.Changed);
    await client!.seen<PublishDiagnosticsParams>(
      PUBLISH,
      (it) => it.uri === uriOf("work.py") && it.diagnostics.length === 0,
    );
  });

  it("can be left half done", async () => {
    for (let index = 0; index < 300; index++) write(`many/${index}.py`, ITERROWS.repeat(20));
    await start({});
    const source = new CancellationTokenSource();
    const steps: string[] = [];
    client!.connection.onNotification("$/progress", ({ value }: { value: { kind: string; message?: string } }) => {
      steps.push(value.message ?? value.kind);
      if (value.kind === "report") source.cancel();
    });
    const { isComplete, findings } = await analyse(source.token);
    assert.equal(isComplete, false);
    assert.ok(findings > 0 && findings < 6000, `${findings} findings`);
    assert.match(steps.join(), /of 302 files/);
    await client!.open("untitled:1", ITERROWS);
    assert.equal((await client!.diagnostics("untitled:1")).length, 1);
  });

  it("waits while somebody types: a keystroke looks at no other file", async () => {
    for (let index = 0; index < 60; index++) write(`many/${index}.py`, ITERROWS);
    await start({});
    await client!.open(uriOf("work.py"), ITERROWS);
    const seen = follow();
    const done = analyse();
    const end = { line: 0, character: 0 };
    for (let keystroke = 0; keystroke < 10; keystroke++) {
      await client!.change(uriOf("work.py"), [{ range: { start: end, end }, text: "#\n" }]);
      await client!.pull(uriOf("work.py"));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.equal(seen.reported.count, 0, "nothing was looked at meanwhile");
    assert.equal((await done).files, 62);
    await seen.until(() => seen.known.size === 61);
  });
});

const CELL = `def total(df: pd.DataFrame) -> float:
    return sum(row["price"] for _, row in df.iterrows())
`;

/** As Jupyter writes it: the first cell is text, where it is a heading. */
function notebookOf(...cells: readonly string[]): string {
  const written = cells.map((it) => ({
    cell_type: it.startsWith("# ") ? "markdown" : "code",
    metadata: {},
    source: it.split(/(?<=\n)/),
    ...(!it.startsWith("# ") && { execution_count: null, outputs: [] }),
  }));
  const metadata = { language_info: { name: "python" } };
  return JSON.stringify({ cells: written, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1);
}

const PLAIN_WITH_FOLDERS = { ...PLAIN, workspace: { workspaceFolders: true } };
