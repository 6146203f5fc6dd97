/** What the server says of itself when it is started. */

import { ANALYSE_WORKSPACE, CLEAR_WORKSPACE, FIX_WORKSPACE, SILENCE } from "../../server/protocol.js";
import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import { readFileSync } from "node:fs";
import { FULL, PLAIN, startClient, type Client } from "../harness/lsp.js";

describe("server: initialize", () => {
  let client: Client | undefined;
  afterEach(() => client?.stop());

  it("offers what a full client can use", async () => {
    client = await startClient();
    assert.deepEqual(client.initialized, {
      capabilities: {
        positionEncoding: "utf-16",
        textDocumentSync: { openClose: true, change: 2, save: { includeText: false } },
        notebookDocumentSync: { notebookSelector: [{ cells: [{ language: "python" }] }], save: true },
        hoverProvider: true,
        codeActionProvider: {
          codeActionKinds: [
            "quickfix",
            "refactor.rewrite",
            "refactor.extract",
            "source.fixAll.nippy",
            "notebook.source.fixAll.nippy",
          ],
          resolveProvider: true,
        },
        diagnosticProvider: { identifier: "nippy", interFileDependencies: false, workspaceDiagnostics: true },
        executeCommandProvider: {
          commands: [ANALYSE_WORKSPACE, CLEAR_WORKSPACE, FIX_WORKSPACE, SILENCE],
          workDoneProgress: true,
        },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
      serverInfo: { name: "nippy", version: "0.0.0-test" },
    });
  });

  it("offers a plain client neither pulling nor resolving", async () => {
    client = await startClient({ capabilities: PLAIN });
    const { capabilities } = client.initialized;
    assert.equal(capabilities.diagnosticProvider, undefined);
    assert.equal(capabilities.workspace, undefined);
    assert.deepEqual(capabilities.codeActionProvider, {
      codeActionKinds: [
        "quickfix",
        "refactor.rewrite",
        "refactor.extract",
        "source.fixAll.nippy",
        "notebook.source.fixAll.nippy",
      ],
      resolveProvider: false,
    });
  });

  it("starts for a client that says nothing of itself and sends nonsense as options", async () => {
    client = await startClient({
      capabilities: {},
      initializationOptions: { commands: "all", settings: 7, status: "yes" },
    });
    assert.equal(client.initialized.serverInfo?.name, "nippy");
  });

  it("watches the configuration files of each folder, and settings of every section", async () => {
    client = await startClient({ folders: ["file:///a", "file:///b"] });
    const { registrations } = client;
    await client.hover("file:///a/not-open.py", { line: 0, character: 0 });
    assert.deepEqual(
      registrations.map(({ method, registerOptions }) => [method, registerOptions]),
      [
        ["workspace/didChangeConfiguration", {}],
        [
          "workspace/didChangeWatchedFiles",
          {
            watchers: ["file:///a", "file:///b"].flatMap((baseUri) =>
              [
                "**/{*.toml,setup.cfg,setup.py,.ruff.toml,.flake8,tox.ini,.python-version,uv.lock,poetry.lock,pdm.lock,Pipfile.lock,conda-lock.yml,requirements.lock,requirements.txt,requirement.txt,requirments.txt,environment.yml,environment.yaml,requirements.yml,requirements.yaml,conda.yml,pyvenv.cfg}",
                "**/.nippy/baseline.json",
                "**/site-packages/*.dist-info",
              ].map((pattern) => ({ globPattern: { baseUri, pattern } })),
            ),
          },
        ],
      ],
    );
  });

  it("says once that it cannot watch files where the client cannot", async () => {
    client = await startClient({ capabilities: { ...FULL, workspace: {} } });
    await client.seen("window/logMessage", ({ message }: { message: string }) => /cannot watch files/.test(message));
    assert.deepEqual(client.registrations, []);
  });

  it("lists its rules and the files of its guide", async () => {
    client = await startClient();
    const rules = await client.connection.sendRequest<{ name: string; fixes: string | null }[]>("nippy/rules");
    assert.equal(rules.find((it) => it.name === "pandas/iterrows")?.fixes, "review");
    const pages = await client.connection.sendRequest<{ kind: string; name: string; lead: string }[]>("nippy/pages");
    for (const [kind, name] of [
      ["rule", "pandas/iterrows"],
      ["construct", "np.einsum"],
      ["snippet", "dec-retry"],
    ])
      assert.ok(pages.find((it) => it.kind === kind && it.name === name)!.lead.length > 20, name);
    const files = await client.connection.sendRequest<string[]>("nippy/guideFiles");
    assert.ok(files.includes("6-pandas.md"), files.join(" "));
  });

  it("makes the page of a rule when it is asked for", async () => {
    client = await startClient();
    const pageOf = (params: unknown): Promise<string | null> =>
      client!.connection.sendRequest("nippy/rulePage", params);
    const page = (await pageOf({ name: "pandas/iterrows" })) ?? "";
    // The page in the repository is the same text; only what its links lead to differs, and the line that says it is generated.
    const words = (text: string): string => text.replace(/\]\([^)]*\)/g, "]").trim();
    const written = readFileSync("docs/rules/pandas/iterrows.md", "utf8").replace(/^<!--.*-->\n/, "");
    assert.equal(words(page), words(written));
    assert.match(page, /\]\([^)]*\/guide\/6-pandas\.md/);
    for (const wrong of [
      undefined,
      null,
      "pandas/iterrows",
      {},
      { name: "pandas/none" },
      { name: ["pandas/iterrows"] },
    ])
      assert.equal(await pageOf(wrong), null, JSON.stringify(wrong));
  });
});
