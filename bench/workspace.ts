/** `npm run bench -- workspace`: what 5,000 files that nobody opened cost: start, keystrokes while they are analysed and afterwards, and memory. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { spawn } from "node:child_process";
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type InitializeResult,
} from "vscode-languageserver/node";
import { median, ms } from "./measure.js";
import { writeSection } from "./results.js";
import { ANALYSE_WORKSPACE, type Analysed } from "../server/protocol.js";

const FILES = 5_000;

/** A hundred lines with two findings. */
const FILLER = Array.from(
  { length: 22 },
  (_, at) => `def helper_${at}(value: int) -> int:\n    return value + ${at}\n\n\n`,
);
const TEXT = `import time\n\nimport pandas as pd\n\n\n${FILLER.join("")}
def total(df: pd.DataFrame) -> float:
    result = 0.0
    for _, row in df.iterrows():
        result += row["price"] * row["count"]
    return result


def measure(work) -> float:
    start = time.time()
    work()
    return time.time() - start
`;

export async function measureWorkspace(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "nippy-bench-"));
  for (let at = 0; at < FILES; at++) {
    const package_ = join(folder, `package_${at % 200}`);
    mkdirSync(package_, { recursive: true });
    writeFileSync(join(package_, `module_${at}.py`), TEXT.replaceAll("helper", `helper_of_${at}`));
  }
  try {
    const starts: Record<"openFilesOnly" | "workspace", number[]> = { openFilesOnly: [], workspace: [] };
    for (let time = 0; time < STARTS; time++)
      for (const scope of ["openFilesOnly", "workspace"] as const) {
        const session = await startSession(folder, scope);
        starts[scope].push(session.first);
        session.end();
      }
    const session = await startSession(folder, "openFilesOnly");
    await pause(3_000);
    const before = megabytes(session.pid);
    await session.strokes(STROKES);
    const alone = await session.strokes(STROKES);
    const start = performance.now();
    let isOver = false;
    const analysis = session.analyse().finally(() => (isOver = true));
    const meanwhile: number[] = [];
    while (!isOver) {
      // In bursts: as long as somebody types, no other file is looked at.
      if (meanwhile.length < STROKES) meanwhile.push(...(await session.strokes(BURST)));
      await pause(REST);
    }
    const { files, findings } = await analysis;
    const seconds = (performance.now() - start) / 1000;
    await pause(3_000);
    const afterwards = await session.strokes(STROKES);
    const after = megabytes(session.pid);
    session.end();
    const rows = [
      "| what | open files only | workspace |",
      "| --- | ---: | ---: |",
      `| start to first findings, 400 lines (median of ${STARTS}) | ${ms(median(starts.openFilesOnly))} | ${ms(median(starts.workspace))} |`,
      `| keystroke to findings, 400 lines (median; longest) | ${both(alone)} | ${both(afterwards)} |`,
      `| the same while ${files} files are analysed | – | ${both(meanwhile)} |`,
      `| resident memory, with ${findings} findings | ${before} MB | ${after} MB |`,
    ];
    rows.forEach((it) => console.log(it));
    writeSection(
      "With the whole workspace",
      `${files} files of a hundred lines, analysed in ${seconds.toFixed(0)} s, in which ${meanwhile.length} letters are typed in bursts of ${BURST}: as long as somebody types, no other file is looked at. Milliseconds over LSP.`,
      rows,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const STARTS = 5;
const STROKES = 60;
const BURST = 5;
/** Between two letters and between two bursts, in milliseconds. */
const PAUSE = 100;
const REST = 1_500;
const OPEN = Array.from({ length: 4 }, (_, at) => TEXT.replaceAll("helper", `open_${at}`)).join("\n\n");

const pause = (time: number) => new Promise((resolve) => setTimeout(resolve, time));
const both = (times: readonly number[]) => `${ms(median(times))}; ${ms(Math.max(...times))}`;

/** A server of the folder, in which one file is open. */
async function startSession(folder: string, scope: "openFilesOnly" | "workspace") {
  const started = performance.now();
  const server = spawn(process.execPath, ["dist/server.mjs", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  connection.listen();
  await connection.sendRequest<InitializeResult>("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities: { textDocument: { diagnostic: {} } },
    initializationOptions: { settings: { scope } },
  });
  await connection.sendNotification("initialized", {});
  const uri = pathToFileURL(join(folder, "open.py")).href;
  const textDocument = { uri, languageId: "python", version: 1, text: OPEN };
  await connection.sendNotification("textDocument/didOpen", { textDocument });
  const pull = () => connection.sendRequest("textDocument/diagnostic", { textDocument: { uri } });
  await pull();
  const first = performance.now() - started;
  let version = 1;
  const line = OPEN.slice(0, OPEN.indexOf("result +=")).split("\n").length - 1;

  const stroke = async (): Promise<number> => {
    version++;
    const from = { line, character: 8 };
    const change =
      version % 2 === 0
        ? { range: { start: from, end: from }, text: "a" }
        : { range: { start: from, end: { line, character: 9 } }, text: "" };
    const start = performance.now();
    await connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version },
      contentChanges: [change],
    });
    await pull();
    return performance.now() - start;
  };
  return {
    pid: server.pid!,
    first,
    end: () => server.kill(),
    analyse: () => connection.sendRequest<Analysed>("workspace/executeCommand", { command: ANALYSE_WORKSPACE }),
    strokes: async (count: number) => {
      const times: number[] = [];
      for (let index = 0; index < count; index++) {
        times.push(await stroke());
        await pause(PAUSE);
      }
      return times;
    },
  };
}

function megabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1];
  return Math.round(Number(kilobytes) / 1024);
}
