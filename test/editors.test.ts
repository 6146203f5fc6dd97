/** Other editors, started with the settings of docs/editors.md: they find what there is, explain it and repair it. */

import { describe, it, type Context } from "mocha";
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  ConfigurationRequest,
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ConfigurationParams,
  type PublishDiagnosticsParams,
} from "vscode-languageserver/node";
import { CLI } from "./cli/nippy.js";
import { pythonIn, TOOLS } from "./harness/python.js";

const PAGE = readFileSync("docs/editors.md", "utf8");

/** The settings under a heading of the page, in the language of the editor. */
function settings(heading: string, language: string): readonly string[] {
  const [, section = ""] = new RegExp(`^## ${heading}\\n([^]*?)(?=^## )`, "m").exec(PAGE) ?? [];
  return [...section.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"))].map((it) => it[1]!);
}

const BEFORE = `import asyncio

import pandas as pd

for _, row in pd.DataFrame().iterrows():
    print(row)


async def pause() -> None:
    asyncio.sleep(1)


def lengths(words: list[str], sizes: list[int] = []) -> list[int]:
    sizes.extend(len(word) for word in words)
    return sizes
`;

interface Seen {
  readonly problem?: string;
  readonly before: readonly string[];
  readonly hover: string;
  readonly text: string;
  readonly after: readonly string[];
}

interface Editor {
  readonly command: string;
  /** What its user's file is called. */
  readonly init: string;
  /** What the editor reads as its user's file, which the settings are written into, and then the test. */
  words(init: string, file: string): readonly string[];
  /** Where it looks for programs, if not where everybody does. */
  readonly path?: string;
}

/** An editor runs in a home of its own, with `nippy` on its path as an installed one would be. */
function tried(editor: Editor, setting: string): Seen {
  const place = mkdtempSync(join(realpathSync(tmpdir()), "nippy-editor-"));
  try {
    const write = (name: string, text: string) => {
      const path = join(place, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    };
    const init = write(editor.init, setting);
    const file = write("project/work.py", BEFORE);
    write("project/nippy.toml", "");
    chmodSync(write("bin/nippy", `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`), 0o755);
    const { stdout, stderr, error } = spawnSync(editor.command, editor.words(init, file), {
      encoding: "utf8",
      timeout: 120_000,
      env: {
        PATH: [join(place, "bin"), editor.path ?? process.env["PATH"]].join(delimiter),
        HOME: place,
        LANG: "C.UTF-8",
        NIPPY_TRIED: file,
      },
    });
    if (error) throw error;
    const [answer] = /^\{.*\}$/m.exec(stdout) ?? assert.fail(`${stdout}\n${stderr}`);
    const seen = JSON.parse(answer) as Seen;
    assert.equal(seen.problem, undefined, stderr);
    return seen;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** The settings ask for `leaveToRuff`, so the default that all calls share is Ruff's to tell. */
function finds(seen: Seen): void {
  assert.deepEqual(seen.before, ["asyncio/missing-await:10", "pandas/iterrows:5"]);
  assert.match(seen.hover, /makes a Series|builds a new Series/);
  assert.match(seen.hover, /https:\/\/\S+\/guide\/6-pandas\.md/);
  assert.equal(seen.text, BEFORE.replace("    asyncio.sleep", "    await asyncio.sleep"));
  assert.deepEqual(seen.after, ["pandas/iterrows:5"]);
}

function skip(test: Context, reason: string): never {
  console.log(`skipped: ${reason}`);
  test.skip();
}

function neovim(test: Context): Editor {
  const python = pythonIn(TOOLS);
  if ("reason" in python) return skip(test, python.reason);
  const command = join(dirname(python.path), "nvim");
  return {
    command,
    init: "init.lua",
    words: (init, file) => ["--headless", "-u", init, file, "-c", `luafile ${resolve("test/editors/neovim.lua")}`],
  };
}

function emacs(test: Context, client: string): Editor {
  const command = "emacs";
  const { error, status } = spawnSync(command, ["--batch", "-q", "-l", client]);
  if (error ?? status !== 0) return skip(test, `there is no Emacs with ${client}`);
  return {
    command,
    init: "init.el",
    words: (init) => ["--batch", "-q", "-l", init, "-l", resolve(`test/editors/${client}.el`)],
  };
}

const isThere = (program: string) => spawnSync(program, ["--version"]).error === undefined;

/** Debian has it since version 13 only, so CI does without: where there is no `hx` there is no test of it. */
const HAS_HELIX = isThere("hx") && isThere("tmux");

function helix(): Editor {
  const where = spawnSync("sh", ["-c", "command -v hx tmux python3"], { encoding: "utf8" }).stdout.trim().split("\n");
  return {
    command: "python3",
    init: ".config/helix/languages.toml",
    words: (_, file) => [resolve("test/editors/helix.py"), file],
    // Without the other servers that the settings name: what they find would be counted too.
    path: [...where.map((it) => dirname(it)), "/usr/bin", "/bin"].join(delimiter),
  };
}

describe("with the settings of the page", function () {
  if (HAS_HELIX)
    it("works in Helix", () => {
      const [init = ""] = settings("Helix", "toml");
      const seen = tried(helix(), init);
      assert.deepEqual(seen.before, ["5", "10", "asyncio/missing-await", "pandas/iterrows"]);
      assert.match(seen.hover, /builds a new Series/);
      assert.equal(seen.text, BEFORE.replace("    asyncio.sleep", "    await asyncio.sleep"));
      assert.deepEqual(seen.after, ["5", "pandas/iterrows"]);
    });

  it("works in Neovim", function () {
    const editor = neovim(this);
    const [init = ""] = settings("Neovim", "lua");
    finds(tried(editor, init));
  });

  it("works in Emacs with lsp-mode", function () {
    const editor = emacs(this, "lsp-mode");
    const [init = ""] = settings("Emacs", "elisp");
    finds(tried(editor, init));
  });

  it("works in Emacs with Eglot", function () {
    const editor = emacs(this, "eglot");
    const [, init = ""] = settings("Emacs", "elisp");
    finds(tried(editor, init));
  });
});

/** How an editor that was not to be had starts the server, and what it answers when the server asks for `nippy`. */
interface Told {
  readonly command: readonly string[];
  readonly nippy: unknown;
}

interface Settings {
  readonly nippy?: unknown;
}

const TOLD: Readonly<Record<string, () => Told>> = {
  Zed: () => {
    const { lsp } = JSON.parse(settings("Zed", "json")[0]!) as {
      lsp: { pylsp: { binary: { path: string; arguments: string[] }; settings: Settings } };
    };
    const { binary, settings: sent } = lsp.pylsp;
    return { command: [binary.path, ...binary.arguments], nippy: sent.nippy };
  },
  "Sublime Text": () => {
    const { clients } = JSON.parse(settings("Sublime Text", "json")[0]!) as {
      clients: { nippy: { command: string[]; settings: Settings } };
    };
    return { command: clients.nippy.command, nippy: clients.nippy.settings.nippy };
  },
  JetBrains: () => {
    const [, command = ""] = /Command: `([^`]+)`/.exec(PAGE) ?? [];
    return { command: command.split(" "), nippy: (JSON.parse(settings("JetBrains", "json")[0]!) as Settings).nippy };
  },
};

/** The rules of the findings in the file that the tests of all editors share. The client has no more than these editors have in common. */
async function rulesFound({ command: [name, ...words], nippy }: Told): Promise<readonly string[]> {
  assert.equal(name, "nippy");
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "nippy-editor-"));
  const process_ = spawn(process.execPath, [CLI, ...words], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  const connection = createMessageConnection(
    new StreamMessageReader(process_.stdout),
    new StreamMessageWriter(process_.stdin),
  );
  try {
    const uri = pathToFileURL(join(folder, "work.py")).href;
    connection.onRequest(ConfigurationRequest.type.method, ({ items }: ConfigurationParams) =>
      items.map(({ section }) => (section === "nippy" ? nippy : null)),
    );
    const published = new Promise<PublishDiagnosticsParams>((done) => {
      connection.onNotification("textDocument/publishDiagnostics", done);
    });
    connection.listen();
    const workspaceFolders = [{ uri: pathToFileURL(folder).href, name: "project" }];
    await connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: workspaceFolders[0]!.uri,
      workspaceFolders,
      capabilities: { workspace: { configuration: true, workspaceFolders: true } },
    });
    await connection.sendNotification("initialized", {});
    const textDocument = { uri, languageId: "python", version: 1, text: BEFORE };
    await connection.sendNotification("textDocument/didOpen", { textDocument });
    const { diagnostics } = await published;
    await connection.sendRequest("shutdown");
    await connection.sendNotification("exit");
    return diagnostics.map((it) => String(it.code)).sort();
  } finally {
    connection.dispose();
    process_.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("the settings for editors that are not started here", () => {
  it("start a server", async () => {
    const told = { ...TOLD["Zed"]!(), nippy: null };
    assert.deepEqual(await rulesFound(told), ["asyncio/missing-await", "pandas/iterrows", "runtime/mutable-default"]);
  });

  for (const [editor, told] of Object.entries(TOLD))
    it(`hold for a server that ${editor} starts: what Ruff reports is left to it`, async () => {
      assert.deepEqual(await rulesFound(told()), ["asyncio/missing-await", "pandas/iterrows"]);
    });
});
