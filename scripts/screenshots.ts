/** `npm run screenshots`: drives VS Code on the examples the way a user would and takes a picture of each thing Nippy shows. */

import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { guideFrame, guideLink, moreScenes, runCommand, type Scene } from "./screenshot-scenes.js";
import { findBrowser, startBrowser } from "./vscode-host/browser.js";
import { cleanupOnExit, temporaryFolder, type Cleanup } from "./vscode-host/cleanup.js";
import { installVsCode } from "./vscode-host/install.js";
import { linkExtension, serve, type Served } from "./vscode-host/serve.js";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const pictures = join(root, "screenshots");
const example = join("reviews", "pipeline.py");
/** The finding that the pictures are about, by the text it is under. */
const spot = "iterrows";
const squiggle = ".squiggly-error, .squiggly-warning, .squiggly-info";
/** Generous: a busy machine is slow, and what does not come at all is looked at by a person anyway. */
const patience = 180_000;

const scenes: readonly Scene[] = [
  { name: "1-findings", take: showFindings },
  { name: "2-hover", take: hoverFinding },
  { name: "3-quick-fixes", take: openQuickFixes },
  { name: "4-guide", take: openGuideFromHover },
  { name: "5-rules", take: searchRules },
  { name: "6-problems", take: showProblems },
  // From here on, because VS Code keeps unsaved text and would show it in the pictures before.
  { name: "7-snippets", take: completeSnippet },
  ...moreScenes,
];

const cleanup = cleanupOnExit(130);
try {
  process.exitCode = await takeAll(cleanup);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  await cleanup.run();
}

async function takeAll(cleanup: Cleanup): Promise<number> {
  const executable = findBrowser();
  if (executable === undefined)
    throw new Error("Pictures need Chromium, Chrome or Edge. None was found; NIPPY_BROWSER can name one.");
  const vscode = await installVsCode(root, console.log);
  const temporary = temporaryFolder(cleanup);
  // A copy: the scenes type into files, and the path of this machine does not belong into a picture.
  const folder = join(temporary, "examples");
  cpSync(join(root, "examples"), folder, { recursive: true });
  const extensions = join(temporary, "extensions");
  linkExtension(root, extensions);
  const served = await serve(vscode, { folder, data: join(temporary, "data"), extensions }, cleanup);
  const browser = await startBrowser(executable, cleanup);
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures);
  let failed = 0;
  // A word after the command takes only the pictures whose names hold it.
  const wanted = process.argv[2] ?? "";
  for (const scene of scenes.filter((it) => it.name.includes(wanted))) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 });
    context.setDefaultTimeout(patience);
    const page = await context.newPage();
    try {
      await openExample(page, served, join(folder, example));
      await scene.take(page);
      console.log(`  ✓ screenshots/${scene.name}.png`);
    } catch (error) {
      failed += 1;
      console.log(`  ✗ screenshots/${scene.name}.png failed and shows the screen at that moment: ${firstLines(error)}`);
    }
    await page.screenshot({ path: join(pictures, `${scene.name}.png`) });
    await context.close();
  }
  return failed === 0 ? 0 : 1;
}

/** What was waited for; the rest of Playwright's message is a log. */
function firstLines(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n").slice(0, 3).join(" ");
}

/** Opens the example at the finding and waits until the window shows what Nippy says of it. */
async function openExample(page: Page, served: Served, file: string): Promise<void> {
  const line =
    readFileSync(file, "utf8")
      .split("\n")
      .findIndex((text) => text.includes(spot)) + 1;
  if (line === 0) throw new Error(`${example} no longer has "${spot}", which the pictures are about.`);
  const payload = [
    ["openFile", `${served.fileUri(file)}:${line}:1`],
    ["gotoLineMode", "true"],
  ];
  await page.goto(`${served.url}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
  await page.locator(squiggle).first().waitFor();
}

function textOfSpot(page: Page): Locator {
  return page.locator(".view-line span span", { hasText: spot }).first();
}

async function showFindings(page: Page): Promise<void> {
  await textOfSpot(page).waitFor();
}

async function hoverFinding(page: Page): Promise<void> {
  const text = textOfSpot(page);
  const box = await text.boundingBox();
  if (box === null) throw new Error(`"${spot}" is not visible.`);
  // The coloured piece of text may begin before the finding; both end at the same place.
  await text.hover({ position: { x: box.width - 10, y: box.height / 2 } });
  await page.locator(guideLink).first().waitFor();
}

async function openQuickFixes(page: Page): Promise<void> {
  await textOfSpot(page).click();
  // VS Code asks for fixes by itself a moment after a click, and drops a menu that is asked for at that same moment.
  await page.locator(".lightBulbWidget").waitFor();
  await page.keyboard.press("Control+.");
  await page.locator(".action-widget .monaco-list-row").first().waitFor();
}

async function openGuideFromHover(page: Page): Promise<void> {
  await hoverFinding(page);
  await page.locator(guideLink).first().click();
  const heading = guideFrame(page).locator("h1").first();
  await heading.waitFor();
  await heading.click();
  await page.locator(guideLink).first().waitFor({ state: "hidden" });
}

async function completeSnippet(page: Page): Promise<void> {
  await textOfSpot(page).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("cm-tim");
  // Whether the list came up while typing depends on the speed of the typing, so it is asked for.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Space");
  await page.locator(".suggest-widget.visible .monaco-list-row", { hasText: "cm-timer" }).waitFor();
  // The second press opens the details, where the snippet's code is.
  await page.keyboard.press("Control+Space");
  await page.locator(".suggest-details:visible").waitFor();
}

async function searchRules(page: Page): Promise<void> {
  await runCommand(page, "Nippy: Search Rules");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "/" }).first().waitFor();
  await page.keyboard.type("pandas");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "pandas/" }).first().waitFor();
}

async function showProblems(page: Page): Promise<void> {
  await runCommand(page, "View: Focus Problems");
  await page.locator(".markers-panel .monaco-list-row", { hasText: "nippy" }).first().waitFor();
}
