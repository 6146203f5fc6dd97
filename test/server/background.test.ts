/** What runs beside the requests: its failures are told once, and it ends with the session. */

import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, it } from "mocha";
import {
  createConnection,
  createMessageConnection,
  StreamMessageWriter,
  type Connection,
  type MessageConnection,
} from "vscode-languageserver/node";
import { createBackground, type Background } from "../../server/background.js";
import { createLog, type Log } from "../../server/log.js";
import { messageReader } from "../harness/message-reader.js";

describe("server: log and background work", () => {
  let server: Connection;
  let client: MessageConnection;
  let log: Log;
  let background: Background;
  let messages: string[];
  beforeEach(() => {
    const [up, down] = [new PassThrough(), new PassThrough()];
    server = createConnection(messageReader(up), new StreamMessageWriter(down));
    client = createMessageConnection(messageReader(down), new StreamMessageWriter(up));
    log = createLog(server);
    background = createBackground(server, log);
    messages = [];
    client.onNotification("window/logMessage", ({ message }: { message: string }) => void messages.push(message));
    server.listen();
    client.listen();
  });
  afterEach(() => {
    client.dispose();
    server.dispose();
  });
  /** A round trip: what the server sent before has arrived when the answer has, however busy the machine is. */
  const arrived = () => client.sendRequest("nobody/answers").catch(() => undefined);
  const rest = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  it("tells the same failure once, with its trace, and another one too", async () => {
    for (const rule of ["a/b", "a/b", "c/d"]) log.failOnce(rule, `The rule ${rule} failed.`, new Error("boom"));
    log.warnOnce("careful");
    log.warnOnce("careful");
    await arrived();
    assert.deepEqual(
      messages.map((it) => it.split("\n")[0]),
      ["The rule a/b failed.", "The rule c/d failed.", "careful"],
    );
    assert.match(messages[0] ?? "", /Error: boom\n +at /);
  });

  it("logs work that fails, at once or later, and goes on", async () => {
    background.run("It threw.", () => {
      throw new Error("at once");
    });
    background.run("It rejected.", () => Promise.reject(new Error("later")));
    background.run("It rejected.", () => Promise.reject(new Error("again")));
    await arrived();
    assert.deepEqual(
      messages.map((it) => it.split("\n")[0]),
      ["It threw.", "It rejected."],
    );
  });

  it("does once what is asked for several times within its rest", async () => {
    const done: string[] = [];
    const later = (key: string, value: string) =>
      background.later(key, 10, "failed", async () => void done.push(value));
    later("a", "a1");
    later("b", "b1");
    later("a", "a2");
    await rest(60);
    assert.deepEqual(done.sort(), ["a2", "b1"]);
  });

  it("begins nothing after the shutdown", async () => {
    const done: string[] = [];
    background.later("a", 20, "failed", async () => void done.push("waiting"));
    await client.sendRequest("shutdown");
    background.run("failed", async () => void done.push("run"));
    background.later("b", 0, "failed", async () => void done.push("later"));
    await rest(60);
    assert.deepEqual(done, []);
  });
});
