/** Nobody is interrupted: whatever goes wrong is told in the log, in the status or where it stands, never in a box. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, it } from "mocha";
import { startClient } from "../harness/lsp.js";
import { ITERROWS } from "./samples.js";

const BOX = /^window\/show(Message|MessageRequest|Document)$/;

describe("notifications", () => {
  it("do not come from the server, whatever is wrong with settings, configurations and files", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nippy-"));
    const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;
    writeFileSync(join(folder, "nippy.toml"), "levels = [\n");
    mkdirSync(join(folder, ".nippy"));
    writeFileSync(join(folder, ".nippy", "baseline.json"), "{");
    const client = await startClient({
      folders: [uriOf("")],
      settings: { run: 3, levels: { "pandas/iterow": "loud" }, maxFileSize: 1 },
    });
    try {
      const shown: string[] = [];
      for (const method of ["window/showMessageRequest", "window/showDocument"])
        client.connection.onRequest(method, () => void shown.push(method));
      await client.open(uriOf("a.py"), ITERROWS);
      await client.diagnostics(uriOf("a.py"));
      await client.open(uriOf("large.py"), "# filler\n".repeat(200));
      await client.diagnostics(uriOf("large.py"));
      await client.open(uriOf("broken.py"), "def f(:\n");
      await client.diagnostics(uriOf("broken.py"));
      await assert.rejects(client.connection.sendRequest("nippy/none", {}));
      assert.ok(client.notifications.some((it) => it.method === "window/logMessage"));
      assert.deepEqual([...shown, ...client.notifications.map((it) => it.method).filter((it) => BOX.test(it))], []);
    } finally {
      await client.stop();
      rmSync(folder, { recursive: true });
    }
  });

  it("of the client only answer commands: what runs by itself has no means to show one", () => {
    /** They hold what a command does. */
    const answering = ["commands.ts", "findings-view.ts", "guide-view.ts", "new-package.ts", "snippets.ts"];
    const showing = readdirSync("client").filter((it) =>
      /\bshow(Information|Warning|Error)Message\(/.test(readFileSync(join("client", it), "utf8")),
    );
    assert.deepEqual(showing, answering);
    const options = readFileSync("client/client-options.ts", "utf8");
    assert.match(options, /revealOutputChannelOn: RevealOutputChannelOn\.Never/);
  });
});
