/** The guide's page in a real Chromium: everything on it can be reached by keyboard, and forced colours leave nothing invisible. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "mocha";
import { chromium, type Browser, type Page } from "playwright-core";
import type { Book } from "../../client/guide-book.js";
import { frameHtml, sectionHtml } from "../../client/guide-page.js";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

const section = (anchor: string, text = "") => ({ part: 1, order: 1, anchor, title: `About ${anchor}`, text });
const shown = section("one", "# One\n\n```python before\nx = 1\n```\n\n[two](#two) and `code`\n");
const sections = [section("zero"), shown, section("two")];
const book = {
  sections,
  parts: [{ title: "Part", sections }],
  section: (anchor: string) => sections.find((it) => it.anchor === anchor),
} as unknown as Book;

describe("the guide's page", function () {
  this.timeout(120_000);
  let browser: Browser;
  let page: Page;
  before(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
    page = await browser.newPage();
    const html = frameHtml(book, { nonce: "n", style: "", script: "", source: "" });
    // The policy lets files of the extension through; here they are put in.
    await page.setContent(html.replace(/<meta http-equiv[^>]*>|<link[^>]*>|<script.*<\/script>/g, ""));
    await page.addStyleTag({ content: readFileSync("assets/guide/view.css", "utf8") });
    await page.evaluate("globalThis.acquireVsCodeApi = () => ({ postMessage() {}, setState() {}, getState() {} })");
    await page.addScriptTag({ content: readFileSync("assets/guide/view.js", "utf8") });
    const message = { type: "show", address: "one", heading: "", html: sectionHtml(book, shown) };
    await page.evaluate((data) => window.postMessage(data, "*"), message);
    await page.locator("main .copy").waitFor({ state: "attached" });
  });
  after(() => browser?.close());

  it("leads the Tab key to every control", async () => {
    const names = () => page.evaluate(() => document.activeElement?.outerHTML ?? "");
    const reached = new Set<string>();
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press("Tab");
      reached.add(await names());
    }
    const controls = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>("a[href], button:enabled, input, summary")]
        .filter((it) => it.checkVisibility())
        .map((it) => it.outerHTML),
    );
    assert.ok(controls.length >= 9, controls.join("\n"));
    assert.deepEqual(
      controls.filter((it) => !reached.has(it)),
      [],
    );
  });

  it("says with lines and words what forced colours take away", async () => {
    const looks = (selector: string, property: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((it, name) => getComputedStyle(it).getPropertyValue(name), property);
    await page.locator("main").focus();
    assert.equal(await looks(".copy", "opacity"), "0");
    await page.emulateMedia({ forcedColors: "active" });
    assert.equal(await looks(".copy", "opacity"), "1");
    assert.equal(await looks(".code.before", "border-left-style"), "dashed");
    assert.match(await looks("main article a", "text-decoration-line"), /underline/);
    assert.notEqual(
      await looks("#side a[aria-current]", "background-color"),
      await looks("#side a:not([aria-current])", "background-color"),
    );
  });
});
