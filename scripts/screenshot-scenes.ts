/** Pictures of the guide, of hovers on constructs, of refactorings and templates; screenshots.ts takes them. */

import type { FrameLocator, Page } from "playwright-core";

/** One picture. `take` ends when what the picture is about is visible, and fails when it does not become visible. */
export interface Scene {
  readonly name: string;
  readonly take: (page: Page) => Promise<void>;
}

export const moreScenes: readonly Scene[] = [
  { name: "8-learning-path", take: tickLearningPath },
  { name: "9-guide-search", take: searchGuide },
  { name: "10-guide-narrow", take: showNarrowGuide },
  { name: "11-guide-light", take: showLightGuide },
  { name: "12-technique-index", take: filterTechniques },
  { name: "13-construct-hover", take: hoverConstruct },
  { name: "14-refactoring-menu", take: openRefactorings },
  { name: "15-refactoring-preview", take: previewRefactoring },
  { name: "16-templates", take: listTemplates },
  { name: "17-new-package", take: makePackage },
  { name: "18-surround-with", take: listSurroundings },
  { name: "19-status", take: showStatus },
  { name: "20-search", take: searchEverything },
  { name: "21-findings-view", take: showFindingsView },
  { name: "22-fix-workspace", take: previewWorkspaceFix },
  { name: "23-walkthrough", take: showWalkthrough },
  { name: "24-guide-forced-colors", take: showGuideInForcedColors },
];

export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget:visible input").fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().waitFor();
  await page.keyboard.press("Enter");
}

/** The link in the explanation, not the one behind the rule's name, which is there a moment earlier. */
export const guideLink = '.monaco-hover a[data-href^="command:nippy.openGuide"]';

/** The page inside the guide's panel. */
export function guideFrame(page: Page): FrameLocator {
  return page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
}

async function openSection(page: Page, title: string): Promise<FrameLocator> {
  await runCommand(page, "Nippy: Open Guide");
  await page.locator(".quick-input-widget:visible input").fill(title);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().waitFor();
  await page.keyboard.press("Enter");
  const frame = guideFrame(page);
  await frame.locator("h1", { hasText: title }).waitFor();
  return frame;
}

async function maximizeGuide(page: Page): Promise<void> {
  await runCommand(page, "View: Maximize Editor Group and Hide Side Bars");
  await page.locator(".quick-input-widget").first().waitFor({ state: "hidden" });
}

async function tickLearningPath(page: Page): Promise<void> {
  const frame = await openSection(page, "Learning path from beginner to architect");
  await maximizeGuide(page);
  for (const index of [0, 1, 2]) await frame.locator("main input[data-read]").nth(index).check();
  await frame.locator("#progress", { hasText: "3 of" }).waitFor();
}

async function searchGuide(page: Page): Promise<void> {
  await runCommand(page, "Nippy: Search the Guide");
  await page.locator(".quick-input-widget:visible input").fill("shared memory");
  await page.keyboard.press("Enter");
  await guideFrame(page).locator("#results li").first().waitFor();
}

async function searchEverything(page: Page): Promise<void> {
  await runCommand(page, "Nippy: Search…");
  await page.locator(".quick-input-widget:visible input").fill("dataframe slow loop");
  await page.locator(".quick-input-list", { hasText: "Row" }).first().waitFor();
}

async function showNarrowGuide(page: Page): Promise<void> {
  const frame = await openSection(page, "Slots");
  await page.setViewportSize({ width: 760, height: 1_000 });
  await maximizeGuide(page);
  await frame.locator("figure.code").first().waitFor();
}

async function showLightGuide(page: Page): Promise<void> {
  await runCommand(page, "Preferences: Toggle between Light/Dark Themes");
  const frame = await openSection(page, "Decorators");
  await maximizeGuide(page);
  await frame.locator("#page").evaluate(() => window.scrollTo(0, 600));
  await frame.locator("figure.code").first().waitFor();
}

async function filterTechniques(page: Page): Promise<void> {
  const frame = await openSection(page, "Technique index");
  await maximizeGuide(page);
  await frame.locator("input.filter").first().waitFor();
  await frame.locator("input.filter").first().fill("memory");
  await frame.locator("main tr:visible", { hasText: "memory" }).nth(1).waitFor();
}

async function hoverConstruct(page: Page): Promise<void> {
  const text = await typed(
    page,
    "import functools\n\ndef numbers(limit):\n    for n in range(limit):\n        yield n\n",
    "yield",
  );
  await text.hover();
  await page.locator(guideLink).first().waitFor();
}

async function openRefactorings(page: Page): Promise<void> {
  const text = await typed(page, LOOP, "run_until_complete");
  const offer = page.locator(".action-widget .monaco-list-row", { hasText: "asyncio.run" }).first();
  // On a busy machine VS Code still makes up its mind about the language of the new text, and nothing is offered at the first call.
  for (let times = 0; times < 6; times++) {
    await text.click();
    await page.keyboard.press("Control+Shift+R");
    const isThere = await offer.waitFor({ timeout: 20_000 }).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await page.keyboard.press("Escape");
  }
  await offer.waitFor();
}

async function previewRefactoring(page: Page): Promise<void> {
  await openRefactorings(page);
  await page.keyboard.press("Enter");
  await page.locator(".refactor-preview, [aria-label*='Refactor Preview']").first().waitFor();
  await page.locator(".monaco-list-row", { hasText: "cancels the tasks" }).first().waitFor();
}

async function listTemplates(page: Page): Promise<void> {
  await runCommand(page, "Nippy: New File from Template");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "pkg-pyproject" }).first().waitFor();
}

async function makePackage(page: Page): Promise<void> {
  await runCommand(page, "Nippy: New File from Template");
  await page.locator(".quick-input-widget:visible input").fill("Python package");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "Python package" }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".quick-input-widget:visible", { hasText: "installed by" }).waitFor();
  await page.locator(".quick-input-widget:visible input").fill("shop-data");
  await page.keyboard.press("Enter");
  await page.locator(".tab.active", { hasText: "pyproject.toml" }).waitFor();
  await page.locator(".view-line", { hasText: "shop-data" }).first().waitFor();
}

async function listSurroundings(page: Page): Promise<void> {
  const text = await typed(page, "total = sum(range(10))\n", "total");
  await text.click();
  await page.keyboard.press("Control+a");
  await runCommand(page, "Snippets: Surround with Snippet");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "A with block" }).first().waitFor();
}

/** Without an indented line: the editor would indent all that follows. */
const LOOP =
  "\nimport asyncio\n\nasync def main(): await asyncio.sleep(0)\n\nloop = asyncio.new_event_loop()\nloop.run_until_complete(main())\nloop.close()\n";

/** Puts code into a new Python file, and finds a word of it. */
async function typed(page: Page, code: string, word: string) {
  await runCommand(page, "Nippy: Open a Sample File");
  await page.locator(".tab.active", { hasText: "Untitled" }).first().waitFor();
  await page.locator(".editor-group-container.active .view-lines").first().click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(code);
  const found = page.locator(".editor-group-container.active .view-line span span", { hasText: word }).first();
  await found.waitFor();
  return found;
}

/** What Nippy says of the file and of the project's Python, beside the name of the language. */
async function showStatus(page: Page): Promise<void> {
  const status = page.locator('.statusbar-item[id="status.languageStatus"]');
  await status.waitFor();
  await status.hover();
  await page.locator(".hover-language-status", { hasText: "Python 3" }).first().waitFor();
}

async function showFindingsView(page: Page): Promise<void> {
  await runCommand(page, "Nippy: Analyse Workspace");
  await runCommand(page, "Focus on Findings by Value View");
  const group = page.locator(".pane-body .monaco-list-row", { hasText: "pandas/iterrows" }).first();
  await group.waitFor();
  await group.locator(".monaco-tl-twistie").click();
  await group.hover();
}

async function showWalkthrough(page: Page): Promise<void> {
  await runCommand(page, "Nippy: Show Walkthrough");
  await page.locator(".gettingStartedContainer", { hasText: "See what Nippy finds" }).first().waitFor();
}

/** As Windows shows it to those who choose their own colours. */
async function showGuideInForcedColors(page: Page): Promise<void> {
  await page.emulateMedia({ forcedColors: "active" });
  const frame = await openSection(page, "Decorators");
  await maximizeGuide(page);
  await frame.locator("figure.code").first().waitFor();
}

async function previewWorkspaceFix(page: Page): Promise<void> {
  await runCommand(page, "Nippy: Fix a Rule Across the Workspace");
  await page.locator(".quick-input-widget:visible input").fill("wall-clock");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "wall-clock" }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".refactor-preview, [aria-label*='Refactor Preview']").first().waitFor();
  await page.locator(".monaco-list-row", { hasText: "perf_counter" }).first().waitFor();
}
