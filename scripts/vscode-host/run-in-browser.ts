/** Runs the suite in a VS Code made of npm packages, served to a browser without a window. */

import { join } from "node:path";
import type { Page } from "playwright-core";
import { startBrowser } from "./browser.js";
import { temporaryFolder, type Cleanup } from "./cleanup.js";
import { installVsCode } from "./install.js";
import type { Report } from "./report.js";
import { installVsix, serve } from "./serve.js";
import type { SuiteRun } from "./suite-run.js";

export async function runInBrowser(
  run: SuiteRun,
  browserPath: string,
  report: Report,
  cleanup: Cleanup,
): Promise<void> {
  const vscode = await installVsCode(run.root, console.log);
  const temporary = temporaryFolder(cleanup);
  const data = join(temporary, "data");
  const extensions = join(temporary, "extensions");
  if (run.vsix !== undefined) await installVsix(vscode, run.vsix, data, extensions);
  const served = await serve(vscode, { folder: run.workspace, data, extensions }, cleanup);
  const browser = await startBrowser(browserPath, cleanup);
  console.log(`${vscode.version} from npm, in ${browserPath} ${browser.version()}`);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const payload = [
    ["extensionDevelopmentPath", served.fileUri(run.extension)],
    ["extensionTestsPath", served.fileUri(run.suite)],
  ];
  const finished = watchSuite(page, report);
  await page.goto(`${served.url}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
  await finished;
}

/** VS Code's window calls two functions of its page: one with everything the tests print, one when they are done. */
async function watchSuite(page: Page, report: Report): Promise<void> {
  let finish: (code: number) => void = () => undefined;
  let abort: (error: Error) => void = () => undefined;
  const exitCode = new Promise<number>((resolve, reject) => {
    finish = resolve;
    abort = reject;
  });
  page.once("crash", () => abort(new Error("The browser page that shows VS Code crashed.")));
  await page.exposeFunction("codeAutomationLog", (_level: string, values: readonly unknown[]) => {
    for (const value of values) if (typeof value === "string") report.read(value);
  });
  await page.exposeFunction("codeAutomationExit", (code: number) => finish(code));
  const code = await exitCode;
  if (code !== 0) report.failRun(`VS Code ended the test run with code ${code}.`);
}
