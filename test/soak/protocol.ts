/** Odd messages before the real server, one after the other: it refuses or answers each, says nothing on stderr, and finds what it found before. */
import type { Diagnostic } from "vscode-languageserver/node";
import { oddMessage, REFUSALS, spoiled } from "../harness/odd-messages.js";
import { random } from "../harness/random.js";
import { ITERROWS } from "../server/samples.js";
import { startServerProcess } from "./server-process.js";

export interface ProtocolOutcome {
  readonly sent: number;
  readonly refused: number;
  readonly problems: readonly string[];
}

const SETTINGS = {
  enable: true,
  levels: { "pandas/*": "warning" },
  python: "3.9",
  exclude: ["build/**"],
  leaveToRuff: false,
  run: "onType",
  maxFileSize: 2048,
  hover: { constructs: "constructs" },
  snippets: { complete: true },
  refactorings: { preview: "inDoubt" },
};
/** Nothing here takes longer, on any machine. */
const PATIENCE = 60_000;

export async function oddProtocol(seed: number, messages: number, program?: string): Promise<ProtocolOutcome> {
  const chance = random(seed);
  const server = await startServerProcess(program);
  const { connection } = server;
  const problems: string[] = [];
  let refused = 0;
  connection.onRequest("workspace/configuration", () => [spoiled(SETTINGS, chance)]);
  connection.onRequest("nippy/readFile", () => spoiled({ text: "[levels]\n" }, chance) ?? null);
  connection.onRequest("workspace/applyEdit", () => spoiled({ applied: true }, chance) ?? null);
  connection.onNotification("window/logMessage", ({ type, message }: { type: number; message: string }) => {
    if (type === 1) problems.push(`the log says: ${message}`);
  });
  let last = "";
  const inTime = async (work: Promise<unknown>) => {
    const late = new Promise<"late">((resolve) => setTimeout(() => resolve("late"), PATIENCE).unref());
    if ((await Promise.race([work, late])) === "late") problems.push("an answer did not come");
  };

  let sent = 0;
  for (; sent < messages && problems.length === 0 && server.exitCode() === undefined; sent++) {
    const { method, params, isRequest } = oddMessage(chance);
    last = `${method} ${JSON.stringify(params)?.slice(0, 300)}`;
    if (!isRequest) {
      await connection.sendNotification(method, params);
      continue;
    }
    const answer = connection.sendRequest(method, params).then(
      () => {},
      ({ code, message }: { readonly code: number; readonly message: string }) => {
        refused++;
        if (!REFUSALS.has(code)) problems.push(`${code}: ${message}`);
      },
    );
    if (chance.below(3) > 0) await inTime(answer);
  }

  connection.onRequest("workspace/configuration", () => [null]);
  await connection.sendNotification("workspace/didChangeConfiguration", { settings: {} });
  const uri = "file:///nippy-soak/after/all.py";
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "python", version: 1, text: ITERROWS },
  });
  await inTime(
    connection
      .sendRequest<{ readonly items: readonly Diagnostic[] }>("textDocument/diagnostic", { textDocument: { uri } })
      .then(({ items }) => {
        if (items.length !== 1) problems.push(`there are ${items.length} findings afterwards`);
      }),
  );
  if (server.exitCode() !== undefined) problems.push(`the server ended with ${server.exitCode()}`);
  else if ((await server.stop()) !== 0) problems.push("the server did not end well");
  if (server.errors() !== "") problems.push(`the server wrote to stderr: ${server.errors()}`);
  return { sent, refused, problems: problems.map((it) => `seed ${seed}, message ${sent} (${last}): ${it}`) };
}
