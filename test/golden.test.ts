/** The command line and the editor say the same of the same files: the real ones, each in a process of its own, over one project. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, it } from "mocha";
import {
  createMessageConnection,
  StreamMessageWriter,
  type Diagnostic,
  type FullDocumentDiagnosticReport,
} from "vscode-languageserver/node";
import { formatOf } from "../analysis/analyzer.js";
import { CLI, inProject, jsonOf, type Project } from "./cli/nippy.js";
import { FULL } from "./harness/lsp.js";
import { messageReader } from "./harness/message-reader.js";

/** What both have of a finding; places count from 1. */
interface Said {
  readonly path: string;
  readonly rule: unknown;
  readonly level: string | undefined;
  readonly message: string;
  readonly place: readonly number[];
  readonly fingerprint: unknown;
  readonly evidence: unknown;
  readonly value: unknown;
}

const LEVELS = [undefined, "error", "warning", "info", "hint"];

/** The examples, the programs of the rule pages, and what the two hosts read in different ways. */
function fill({ write, path }: Project): readonly string[] {
  cpSync("examples", path("examples"), { recursive: true });
  const pages = readdirSync("test/rules", { recursive: true, encoding: "utf8" }).filter((it) => it.endsWith(".md"));
  for (const page of pages) {
    const blocks = readFileSync(join("test/rules", page), "utf8").matchAll(/^```python *\n([^]*?)^```/gm);
    let count = 0;
    for (const [, code = ""] of blocks) write(`pages/${page.replace(/\.md$/, "")}/case_${count++}.py`, code);
    // What describes a project would count for all that lies beside it.
    const described = readFileSync(join("test/rules", page), "utf8").matchAll(
      /^```(?:toml|ini|text) (\S+)\n([^]*?)^```/gm,
    );
    for (const [, name = "", code = ""] of described)
      write(`pages/${page.replace(/\.md$/, "")}/case_${count++}/${name}`, code);
  }
  const rows = "import pandas as pd\ndf = pd.DataFrame()\nfor _, row in df.iterrows():\n    print(row['ä\u{1f600}'])\n";
  write("odd/bom.py", `\ufeff${rows}`);
  write("odd/crlf.py", rows.replaceAll("\n", "\r\n"));
  write("odd/broken.py", `${rows}def f(:\n    pass\n\n\n${rows}`);
  write("odd/tests/test_it.py", rows);
  write("odd/hushed.py", rows.replace("():", "():  # nippy: ignore[pandas/iterrows] slow on purpose"));
  write(
    "legacy/nippy.toml",
    'python = "3.8"\nexclude = ["out.py"]\n[levels]\n"pandas/*" = "error"\n"strings/*" = "off"\n',
  );
  write("legacy/in.py", rows);
  write("legacy/out.py", rows);
  return readdirSync(path("."), { recursive: true, encoding: "utf8" })
    .filter((it) => it.endsWith(".py") || formatOf(it) !== undefined)
    .sort();
}

function fromCommandLine({ run }: Project): readonly Said[] {
  const { findings } = jsonOf(run("check", "--format", "json", "--min-level", "hint", "--no-cache"));
  return findings.map(({ path, rule, level, message, range: { start, end }, fingerprint, evidence, value }) => ({
    path,
    rule,
    level,
    // Lists of problems have no marks around code; a terminal has.
    message: message.replaceAll("`", ""),
    place: [start.line, start.column, end.line, end.column],
    fingerprint,
    evidence,
    value,
  }));
}

async function fromEditor({ folder, home, path }: Project, files: readonly string[]): Promise<readonly Said[]> {
  const env = { PATH: process.env["PATH"] ?? "", HOME: home };
  const server = spawn(process.execPath, [CLI, "lsp", "--stdio"], { env, stdio: ["pipe", "pipe", "inherit"] });
  const to = createMessageConnection(messageReader(server.stdout), new StreamMessageWriter(server.stdin));
  to.onRequest("workspace/configuration", ({ items }: { items: unknown[] }) => items.map(() => null));
  to.onRequest("client/registerCapability", () => null);
  to.onRequest("workspace/diagnostic/refresh", () => null);
  to.listen();
  try {
    const rootUri = pathToFileURL(folder).href;
    const workspaceFolders = [{ uri: rootUri, name: basename(folder) }];
    await to.sendRequest("initialize", { processId: null, rootUri, capabilities: FULL, workspaceFolders });
    await to.sendNotification("initialized", {});
    const said: Said[] = [];
    for (const file of files) {
      const uri = pathToFileURL(path(file)).href;
      // An editor shows the text without the mark that begins it.
      const text = readFileSync(path(file), "utf8").replace(/^\ufeff/, "");
      await to.sendNotification("textDocument/didOpen", {
        textDocument: { uri, languageId: file.endsWith(".py") ? "python" : "plaintext", version: 1, text },
      });
      const { items } = await to.sendRequest<FullDocumentDiagnosticReport>("textDocument/diagnostic", {
        textDocument: { uri },
      });
      said.push(...items.filter((it) => it.data !== undefined).map((it) => saidIn(file, it)));
      await to.sendNotification("textDocument/didClose", { textDocument: { uri } });
    }
    await to.sendRequest("shutdown");
    const end = once(server, "exit");
    await to.sendNotification("exit");
    await end;
    return said;
  } finally {
    to.dispose();
    server.kill("SIGKILL");
  }
}

function saidIn(path: string, { severity, message, range: { start, end }, data }: Diagnostic): Said {
  const { rule, fingerprint, evidence, value } = data as Record<string, unknown>;
  const place = [start.line + 1, start.character + 1, end.line + 1, end.character + 1];
  return { path, rule, level: LEVELS[severity ?? 0], message: String(message), place, fingerprint, evidence, value };
}

describe("the command line and the editor", () => {
  it(
    "have the same findings of the same files: rule, level, message, place, fingerprint, evidence and value",
    inProject({ ".git/HEAD": "" }, async (project) => {
      const files = fill(project);
      const [told, shown] = [fromCommandLine(project), await fromEditor(project, files)];
      const sorted = (all: readonly Said[]) => all.map((it) => JSON.stringify(it)).sort();
      assert.deepEqual(sorted(shown), sorted(told));

      assert.ok(
        told.length > 200 && new Set(told.map((it) => it.rule)).size > 40,
        `${told.length} findings of ${new Set(told.map((it) => it.rule)).size} rules`,
      );
      const inFolder = (name: string) => told.filter((it) => dirname(it.path) === name);
      assert.deepEqual(
        ["bom.py", "broken.py", "crlf.py"].filter((it) => !told.some(({ path }) => path === `odd/${it}`)),
        [],
      );
      assert.ok(inFolder("legacy").some((it) => it.level === "error"));
      assert.ok(inFolder("legacy").every((it) => it.path === "legacy/in.py"));
    }),
  );
});
