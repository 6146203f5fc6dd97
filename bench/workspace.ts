/** `npm run bench -- workspace`: what a server holds that has looked at 5,000 files nobody opened. Prints the figures. */

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
  const server = spawn(process.execPath, ["dist/server.mjs", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  connection.listen();
  try {
    await connection.sendRequest<InitializeResult>("initialize", {
      processId: process.pid,
      rootUri: pathToFileURL(folder).href,
      capabilities: { textDocument: { diagnostic: {} } },
    });
    await connection.sendNotification("initialized", {});
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const before = megabytes(server.pid!);
    const start = performance.now();
    const { files, findings } = await connection.sendRequest<Analysed>("workspace/executeCommand", {
      command: ANALYSE_WORKSPACE,
    });
    const seconds = (performance.now() - start) / 1000;
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const after = megabytes(server.pid!);
    console.log(`${files} files, ${findings} findings in ${seconds.toFixed(1)} s`);
    console.log(`resident: ${before} MB before, ${after} MB after`);
  } finally {
    server.kill();
    rmSync(folder, { recursive: true });
  }
}

function megabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1];
  return Math.round(Number(kilobytes) / 1024);
}
