/** The browser's server as it is built, in a real worker of a real Chromium: a client on this side speaks LSP with it through a page. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { normalize } from "node:path";
import { after, afterEach, before, describe, it } from "mocha";
import { chromium, type Browser, type Page } from "playwright-core";
import {
  createMessageConnection,
  Emitter,
  type CodeAction,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type Hover,
  type InitializeResult,
  type Message,
  type MessageConnection,
  type TextDocumentEdit,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import {
  READ_FILE,
  RULES,
  type InitializationOptions,
  type RuleSummary,
  SNIPPETS,
  type SnippetSummary,
} from "../../server/protocol.js";
import { FULL } from "../harness/lsp.js";
import { ITERROWS, ITERROWS_FIXED } from "../server/samples.js";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
/** Without a graphics card, without a first-run page, and without talking to anyone. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const FOLDER = "vscode-vfs://github/someone/project";
const FILE = `${FOLDER}/work.py`;
const TYPES: Readonly<Record<string, string>> = { js: "text/javascript", wasm: "application/wasm" };

/** How the worker gets the WebAssembly files. */
type Wasm = "bytes" | "addresses" | "nothing";

/** What the page has beyond a window: `toWorker` is set when the worker is started, the other two lead to this process. */
type NippyPage = Window & {
  toWorker(message: Message): void;
  fromWorker(message: Message): void;
  workerFailed(reason: string): void;
};

describe("the server in a browser's worker", function () {
  let files: Server | undefined;
  let browser: Browser | undefined;
  let client: Client | undefined;

  before(async function () {
    if (!existsSync(CHROMIUM)) {
      console.log(`skipped: there is no Chromium at ${CHROMIUM}; name one in CHROMIUM`);
      this.skip();
    }
    files = await serve("dist");
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  });
  afterEach(async () => {
    await client?.stop();
    client = undefined;
  });
  after(async () => {
    await browser?.close();
    files?.closeAllConnections();
    files?.close();
  });

  const start = async (wasm: Wasm, settings: Readonly<Record<string, string>> = {}) => {
    assert.ok(browser && files);
    const { port } = files.address() as AddressInfo;
    return (client = await startClient(await browser.newPage(), `http://127.0.0.1:${port}`, wasm, settings));
  };

  it("finds, explains and repairs, and forgets what is gone", async () => {
    const editor = await start("bytes");
    assert.equal(editor.initialized.serverInfo?.name, "nippy");
    await editor.open(ITERROWS);
    const [finding, ...more] = await editor.diagnostics();
    assert.deepEqual(more, []);
    assert.ok(finding);
    assert.equal(finding.code, "pandas/iterrows");
    assert.equal(finding.source, "nippy");
    assert.equal(finding.severity, 2);
    assert.deepEqual(finding.range, { start: { line: 5, character: 21 }, end: { line: 5, character: 29 } });
    assert.equal(finding.codeDescription?.href, "https://github.com/nippy-python/nippy/blob/main/guide/6-pandas.md");

    const hover = await editor.request<Hover | null>("textDocument/hover", {
      textDocument: { uri: FILE },
      position: { line: 5, character: 24 },
    });
    assert.match((hover?.contents as { value: string }).value, /builds a new Series for every row[^]*```diff/);

    const context = { diagnostics: [finding], only: ["quickfix"] };
    const [action] = await editor.request<CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri: FILE },
      range: finding.range,
      context,
    });
    assert.ok(action);
    assert.equal(action.edit, undefined, "the edit is made when the action is chosen");
    const resolved = await editor.request<CodeAction>("codeAction/resolve", action);
    const [change] = resolved.edit?.documentChanges ?? [];
    const { textDocument, edits } = change as TextDocumentEdit;
    assert.deepEqual(textDocument, { uri: FILE, version: 1 });
    assert.equal(
      TextDocument.applyEdits(TextDocument.create(FILE, "python", 1, ITERROWS), edits as []),
      ITERROWS_FIXED,
    );

    await editor.notify("textDocument/didChange", {
      textDocument: { uri: FILE, version: 2 },
      contentChanges: [{ range: finding.range, text: "itertuples" }],
    });
    assert.deepEqual(await editor.diagnostics(), []);
  });

  it("asks the client for the project's files and obeys them", async () => {
    const editor = await start("bytes", {
      [`${FOLDER}/pyproject.toml`]: '[tool.nippy.levels]\n"pandas/iterrows" = "error"\n',
    });
    await editor.open(ITERROWS);
    assert.deepEqual(
      (await editor.diagnostics()).map((it) => it.severity),
      [1],
    );
    assert.ok(editor.asked.includes(`${FOLDER}/nippy.toml`));
  });

  it("tells its rules, its snippets and what a word means", async () => {
    const editor = await start("bytes");
    await editor.open(ITERROWS);
    const known = await editor.request<readonly RuleSummary[]>(RULES);
    assert.ok(known.some((it) => it.name === "pandas/iterrows"));
    const snippets = await editor.request<readonly SnippetSummary[]>(SNIPPETS, {});
    assert.ok(snippets.some((it) => it.name === "gen-func" && it.body.includes("yield")));
    const note = await editor.request<Hover | null>("textDocument/hover", {
      textDocument: { uri: FILE },
      position: { line: 0, character: 1 },
    });
    assert.match((note?.contents as { value: string }).value, /guide\/1-cpython-execution\.md/);
  });

  for (const wasm of ["addresses", "nothing"] as const) {
    it(`fetches nothing: with ${wasm} of the WebAssembly files it says what is missing`, async () => {
      await assert.rejects(start(wasm), /initializationOptions\.wasm has no bytes of web-tree-sitter\.wasm/);
    });
  }
});

interface Client {
  readonly initialized: InitializeResult;
  /** The files that the server wanted to read. */
  readonly asked: readonly string[];
  request<T>(method: string, params?: unknown): Promise<T>;
  notify(method: string, params: unknown): Promise<void>;
  open(text: string): Promise<void>;
  diagnostics(): Promise<readonly Diagnostic[]>;
  /** Fails if the page or the worker failed without anyone noticing. */
  stop(): Promise<void>;
}

async function startClient(
  page: Page,
  origin: string,
  wasm: Wasm,
  projectFiles: Readonly<Record<string, string>>,
): Promise<Client> {
  const asked: string[] = [];
  const messages = new Emitter<Message>();
  let fail: (reason: Error) => void = () => undefined;
  // A dead worker answers nothing: whoever waits for it is told why instead.
  const failure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failure.catch(() => undefined);
  page.on("pageerror", fail);
  page.on("crash", () => fail(new Error("the page crashed")));
  await page.exposeFunction("fromWorker", (message: Message) => messages.fire(message));
  await page.exposeFunction("workerFailed", (reason: string) => fail(new Error(`the worker failed: ${reason}`)));
  await page.goto(origin);
  await page.evaluate(startWorker, wasm);

  const connection = connect(page, messages);
  connection.onRequest("workspace/configuration", ({ items }: { items: unknown[] }) => items.map(() => null));
  connection.onRequest("client/registerCapability", () => null);
  connection.onRequest(READ_FILE, ({ uri }: { uri: string }) => {
    asked.push(uri);
    return { text: projectFiles[uri] ?? null };
  });
  connection.listen();
  const request = <T>(method: string, params?: unknown): Promise<T> =>
    Promise.race([connection.sendRequest<T>(method, params), failure]);
  const close = async () => {
    connection.dispose();
    await page.close();
  };

  try {
    const initializationOptions: InitializationOptions = { readFile: true };
    const initialized = await request<InitializeResult>("initialize", {
      processId: null,
      rootUri: null,
      capabilities: FULL,
      initializationOptions,
      workspaceFolders: [{ uri: FOLDER, name: "project" }],
    });
    await connection.sendNotification("initialized", {});
    return {
      initialized,
      asked,
      request,
      notify: (method, params) => connection.sendNotification(method, params),
      open: (text) =>
        connection.sendNotification("textDocument/didOpen", {
          textDocument: { uri: FILE, languageId: "python", version: 1, text },
        }),
      async diagnostics() {
        const report = await request<DocumentDiagnosticReport>("textDocument/diagnostic", {
          textDocument: { uri: FILE },
          identifier: "nippy",
        });
        assert.equal(report.kind, "full");
        return report.kind === "full" ? report.items : [];
      },
      stop: () =>
        request("shutdown").then(close, async (error: unknown) => {
          await close();
          throw error;
        }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** JSON-RPC through the page: what the client writes is posted to the worker, what the worker posts is read. */
function connect(page: Page, messages: Emitter<Message>): MessageConnection {
  const [errors, closed, partial] = [new Emitter<Error>(), new Emitter<void>(), new Emitter<never>()];
  const reader = {
    onError: errors.event,
    onClose: closed.event,
    onPartialMessage: partial.event,
    listen: messages.event,
    dispose: () => messages.dispose(),
  };
  const writer = {
    onError: new Emitter<[Error, Message | undefined, number | undefined]>().event,
    onClose: closed.event,
    write: (message: Message) => page.evaluate((it) => (window as unknown as NippyPage).toWorker(it), message),
    end: () => undefined,
    dispose: () => undefined,
  };
  return createMessageConnection(reader, writer);
}

/** Runs in the page. The WebAssembly files cannot pass through JSON, so they join the first message here, as an editor would add them. */
async function startWorker(wasm: Wasm): Promise<void> {
  const page = window as unknown as NippyPage;
  const address = (name: string) => new URL(`/${name}`, location.href).href;
  const read = async (name: string) => {
    const response = await fetch(address(name));
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  const names = { runtime: "web-tree-sitter.wasm", grammar: "tree-sitter-python.wasm" };
  const given =
    wasm === "bytes"
      ? { runtime: await read(names.runtime), grammar: await read(names.grammar) }
      : wasm === "addresses"
        ? { runtime: address(names.runtime), grammar: address(names.grammar) }
        : undefined;

  const worker = new Worker("/web/server.js");
  worker.addEventListener("message", ({ data }) => page.fromWorker(data));
  worker.addEventListener("error", ({ message }) => page.workerFailed(message));
  page.toWorker = (message) => {
    const first = message as { method?: string; params?: { initializationOptions: object } };
    if (first.method === "initialize" && given) Object.assign(first.params!.initializationOptions, { wasm: given });
    worker.postMessage(message);
  };
}

/** The folder over HTTP on this machine alone, with an empty page at its root. */
async function serve(folder: string): Promise<Server> {
  const server = createServer(async ({ url = "/" }, response) => {
    const path = normalize(decodeURIComponent(new URL(url, "http://localhost").pathname));
    if (path === "/")
      return void response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Nippy</title>");
    try {
      const bytes = await readFile(`${folder}${path}`);
      response
        .writeHead(200, { "content-type": TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream" })
        .end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
