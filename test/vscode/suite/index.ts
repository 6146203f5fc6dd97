/** Entry of the tests that run inside VS Code: runs every test file next to it and reports each result as one line. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { extensions } from "vscode";
import { marker, type TestEvent } from "../../../scripts/vscode-host/report.js";

/** The source folder of this file, seen from the bundle in out/test/vscode/suite. */
const suiteFolder = join(__dirname, "..", "..", "..", "..", "test", "vscode", "suite");

/** VS Code calls this once the window is ready, and closes the window when the promise settles. */
export async function run(): Promise<void> {
  try {
    const nothing = await activated("nippy.test-host");
    const milliseconds = await activated("nippy.nippy");
    tell({ event: "activated", milliseconds: milliseconds ?? 0, nothing });
    await runMocha();
    tell({ event: "end" });
  } catch (error) {
    tell({ event: "failed", title: "the suite starts", message: describe(error) });
  }
}

/** How long it takes; undefined where the extension is not there. */
async function activated(id: string): Promise<number | undefined> {
  const extension = extensions.getExtension(id);
  const started = performance.now();
  await extension?.activate();
  return extension && performance.now() - started;
}

async function runMocha(): Promise<void> {
  // Mocha is an ES module and this bundle is not, which is why it is imported here and not above.
  const { default: Mocha } = await import("mocha");
  const mocha = new Mocha({ ui: "bdd", timeout: 120_000 });
  mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, "", mocha);
  for (const file of readdirSync(suiteFolder).sort()) {
    // The bundler turns this pattern into the list of test files, so a new file needs no line here.
    if (file.endsWith(".test.ts")) await import(`./${file.slice(0, -".test.ts".length)}.test.ts`);
  }
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on("pass", (test) => tell({ event: "passed", title: test.fullTitle(), milliseconds: test.duration ?? 0 }));
    runner.on("pending", (test) => tell({ event: "skipped", title: test.fullTitle() }));
    runner.on("fail", (test, error: unknown) =>
      tell({ event: "failed", title: test.fullTitle(), message: describe(error) }),
    );
  });
}

function tell(event: TestEvent): void {
  console.log(marker + JSON.stringify(event));
}

/** The message, and of the stack what lies in this suite: the rest is VS Code's own and says nothing here. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const lines = (error.stack ?? error.message).split("\n");
  return lines.filter((line) => !/^\s+at /.test(line) || line.includes("suite")).join("\n");
}
