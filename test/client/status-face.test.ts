/** What the language status says: the state, the count, the time and the configuration that holds. */

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { faceOf } from "../../client/status-face.js";
import type { Status } from "../../server/protocol.js";

const english = (text: string, ...values: (string | number)[]) =>
  values.reduce<string>((said, it, at) => said.replace(`{${at}}`, String(it)), text);
const shown = (uri: string) => uri.replace("file:///p/", "");
const news = (state: Status["state"], more: Partial<Status> = {}): Status => ({
  uri: "file:///p/a.py",
  state,
  milliseconds: 0,
  findings: 0,
  ...more,
});
const face = (...[server, status]: [Parameters<typeof faceOf>[0], Status?]) => faceOf(server, status, english, shown);

describe("client: the language status", () => {
  it("counts the findings, tells the time and names the configuration", () => {
    const configuration = "file:///p/sub/nippy.toml";
    assert.deepEqual(face("running", news("ready", { findings: 2, milliseconds: 3.14159, configuration })), {
      text: "2 findings",
      detail: "3.1 ms · sub/nippy.toml",
      does: "showLogs",
    });
    assert.deepEqual(face("running", news("ready", { findings: 1, milliseconds: 31.4159 })), {
      text: "1 finding",
      detail: "31 ms · no configuration file",
      does: "showLogs",
    });
  });

  it("says what state the server is in, and a click mends it", () => {
    assert.deepEqual(
      (["starting", "running", "failed", "stopped"] as const).map((it) => {
        const { text, severity, does } = face(it);
        return [text, severity, does];
      }),
      [
        ["starting", undefined, "showLogs"],
        ["ready", undefined, "showLogs"],
        ["could not start", "error", "showLogs"],
        ["not running", "warning", "start"],
      ],
    );
  });

  it("says why a file is not looked at, and leads to the setting", () => {
    assert.deepEqual(face("running", news("off")).does, { settings: "nippy.enable nippy.exclude" });
    assert.deepEqual(face("running", news("tooLarge")).does, { settings: "nippy.maxFileSize" });
    assert.equal(face("running", news("error")).severity, "error");
  });
});
