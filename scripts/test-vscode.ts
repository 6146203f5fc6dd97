/** `npm run test:vscode`: runs test/vscode/suite inside a real VS Code, desktop or served to a browser. */

import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findBrowser } from "./vscode-host/browser.js";
import { cleanupOnExit, temporaryFolder, type Cleanup } from "./vscode-host/cleanup.js";
import { createReport, type Report } from "./vscode-host/report.js";
import { runInBrowser } from "./vscode-host/run-in-browser.js";
import { findDesktop, runInElectron } from "./vscode-host/run-in-electron.js";
import type { SuiteRun } from "./vscode-host/suite-run.js";

const patience = 5 * 60_000;
const root = resolve(fileURLToPath(import.meta.url), "../../..");
const suiteFolder = join(root, "test", "vscode", "suite");

const cleanup = cleanupOnExit(130);
const report = createReport(console.log);
try {
  const { values: options } = parseArgs({ options: { vsix: { type: "string" } } });
  await withinPatience(runSuite(prepare(options.vsix, cleanup), report, cleanup));
} catch (error) {
  report.failRun(error instanceof Error ? error.message : String(error));
} finally {
  await cleanup.run();
}
process.exit(report.summarize(process.env["NIPPY_NO_SKIPS"] === "1"));

/** The tests write the files they need, so they start from an empty folder. */
function prepare(vsix: string | undefined, cleanup: Cleanup): SuiteRun {
  if (vsix !== undefined && !existsSync(vsix))
    throw new Error(`There is no file ${vsix}. \`npm run package\` makes it.`);
  const suite = join(root, "out", "test", "vscode", "suite", "index.cjs");
  if (!existsSync(suite)) throw new Error(`There is no ${suite}. \`node esbuild.mjs --tests\` makes it.`);
  const workspace = join(temporaryFolder(cleanup), "workspace");
  mkdirSync(workspace);
  const extension = vsix === undefined ? root : join(root, "test", "vscode", "helper-extension");
  return { root, workspace, suite, extension, vsix: vsix === undefined ? undefined : resolve(vsix) };
}

/** NIPPY_VSCODE_HOST decides (`npm` or `electron`); otherwise the first VS Code that this machine can show. */
async function runSuite(run: SuiteRun, report: Report, cleanup: Cleanup): Promise<void> {
  const host = process.env["NIPPY_VSCODE_HOST"];
  if (host !== undefined && host !== "npm" && host !== "electron")
    throw new Error(`NIPPY_VSCODE_HOST is "${host}"; it can be "npm" or "electron".`);
  const browser = host === "electron" ? undefined : findBrowser();
  if (browser !== undefined) {
    await runInBrowser(run, browser, report, cleanup);
  } else {
    const noBrowser = "no browser was found (NIPPY_BROWSER names one)";
    const desktop = host === "npm" ? { trouble: noBrowser } : await findDesktop(run.root);
    if ("trouble" in desktop) {
      report.skip(`skipped: ${host === undefined ? `${noBrowser}, and ` : ""}${desktop.trouble}`, countTests());
      return;
    }
    await runInElectron(run, desktop.executable, report, cleanup);
  }
  if (!report.ended()) throw new Error("VS Code closed before the suite had ended.");
}

/** How many tests were not run, told from their source, because only VS Code can load them. */
function countTests(): number {
  const files = readdirSync(suiteFolder).filter((name) => name.endsWith(".test.ts"));
  return files.reduce(
    (sum, name) => sum + (readFileSync(join(suiteFolder, name), "utf8").match(/^\s*it\(/gm)?.length ?? 0),
    0,
  );
}

async function withinPatience(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The suite was stopped after ${patience / 60_000} minutes.`)), patience);
  });
  await Promise.race([work, tooLate]).finally(() => clearTimeout(timer));
}
