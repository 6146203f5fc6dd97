/** Finds a Chromium-like browser on this machine and starts it without a window. */

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";
import type { Cleanup } from "./cleanup.js";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
const macApplications = [
  "Chromium.app/Contents/MacOS/Chromium",
  "Google Chrome.app/Contents/MacOS/Google Chrome",
  "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];
const windowsPrograms = ["Google\\Chrome\\Application\\chrome.exe", "Microsoft\\Edge\\Application\\msedge.exe"];

/** What makes Chromium run on a machine without a graphics card, and keeps it from talking to anyone. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The browser named by NIPPY_BROWSER, or the first one found where browsers are usually installed. */
export function findBrowser(): string | undefined {
  const named = process.env["NIPPY_BROWSER"];
  if (named !== undefined && named !== "") {
    if (!existsSync(named)) throw new Error(`NIPPY_BROWSER names ${named}, which does not exist.`);
    return named;
  }
  return candidates().find((path) => existsSync(path));
}

function candidates(): readonly string[] {
  if (process.platform === "darwin") return macApplications.map((path) => join("/Applications", path));
  if (process.platform === "win32") {
    const places = [process.env["ProgramFiles"], process.env["ProgramFiles(x86)"], process.env["LOCALAPPDATA"]];
    return places.flatMap((place) => (place === undefined ? [] : windowsPrograms.map((path) => join(place, path))));
  }
  return (process.env["PATH"] ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
}

export async function startBrowser(executablePath: string, cleanup: Cleanup): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath,
    args: flags,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  cleanup.add(() => browser.close());
  return browser;
}
