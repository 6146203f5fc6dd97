/** Runs the suite in the desktop VS Code that `@vscode/test-electron` downloads. */

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { downloadAndUnzipVSCode, runVSCodeCommand, SilentReporter, type DownloadOptions } from "@vscode/test-electron";
import { temporaryFolder, type Cleanup } from "./cleanup.js";
import { startProgram } from "./program.js";
import type { Report } from "./report.js";
import type { SuiteRun } from "./suite-run.js";

/** Kept beside the VS Code from npm, so that one ignored folder holds them all. */
function downloadOptions(root: string): Partial<DownloadOptions> {
  return {
    version: "stable",
    cachePath: join(root, ".vscode-host", "desktop"),
    reporter: new SilentReporter(),
    timeout: 30_000,
  };
}

/** Downloads the newest desktop VS Code, or says why there is none. */
export async function findDesktop(
  root: string,
): Promise<{ readonly executable: string } | { readonly trouble: string }> {
  if (process.platform === "linux" && process.env["DISPLAY"] === undefined && findXvfb() === undefined) {
    return { trouble: "there is no display and no xvfb-run" };
  }
  try {
    console.log("Looking for the newest desktop VS Code (a download of some 150 MB, once a version)…");
    return { executable: await downloadAndUnzipVSCode(downloadOptions(root)) };
  } catch (error) {
    return {
      trouble: `desktop VS Code could not be downloaded (${error instanceof Error ? error.message : String(error)})`,
    };
  }
}

export async function runInElectron(
  run: SuiteRun,
  executable: string,
  report: Report,
  cleanup: Cleanup,
): Promise<void> {
  const temporary = temporaryFolder(cleanup);
  const profile = [`--user-data-dir=${join(temporary, "data")}`, `--extensions-dir=${join(temporary, "extensions")}`];
  if (run.vsix !== undefined) {
    await runVSCodeCommand(["--install-extension", run.vsix, ...profile], {
      ...downloadOptions(run.root),
      reuseMachineInstall: true,
    });
  }
  const args = [
    run.workspace,
    ...profile,
    ...[
      "--no-sandbox",
      "--disable-gpu-sandbox",
      "--disable-updates",
      "--skip-welcome",
      "--skip-release-notes",
      "--disable-workspace-trust",
    ],
    `--extensionDevelopmentPath=${run.extension}`,
    `--extensionTestsPath=${run.suite}`,
  ];
  const xvfb = process.platform === "linux" && process.env["DISPLAY"] === undefined ? findXvfb() : undefined;
  const program = xvfb === undefined ? startProgram(executable, args) : startProgram(xvfb, ["-a", executable, ...args]);
  cleanup.add(program.stop);
  program.onLine(report.read);
  console.log(`Desktop VS Code at ${executable}`);
  const code = await program.exited;
  if (code !== 0) report.failRun(`VS Code ended the test run with code ${code}.`);
}

function findXvfb(): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "xvfb-run"))
    .find((path) => existsSync(path));
}
