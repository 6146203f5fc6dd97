/** The guide's page in a real Chromium: everything on it can be reached by keyboard, and forced colours leave nothing invisible. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "mocha";
import { chromium, type Browser, type Page } from "playwright-core";
import type { Book } from "../../client/guide-book.js";
import { frameHtml, sectionHtml } from "../../client/guide-page.js";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** The colours of VS Code's own themes, as webviews get them. */
const THEMES = {
  dark: theme("#cccccc", "#1f1f1f", "#4daafc", "#d0d0d0", "#0078d4", "#ffffff", "#9d9d9d", "#04395e", "#ffffff"),
  light: theme("#3b3b3b", "#ffffff", "#005fb8", "#3b3b3b", "#005fb8", "#ffffff", "#6f6f6f", "#e8e8e8", "#000000"),
  "high contrast": theme(
    "#ffffff",
    "#000000",
    "#21a6ff",
    "#d4d4d4",
    "#000000",
    "#ffffff",
    "#ffffff",
    "#000000",
    "#ffffff",
  ),
};

function theme(
  foreground: string,
  background: string,
  link: string,
  code: string,
  button: string,
  onButton: string,
  faint: string,
  selected: string,
  onSelected: string,
): Readonly<Record<string, string>> {
  return {
    foreground,
    "editor-foreground": foreground,
    "editor-background": background,
    "sideBar-background": background,
    "sideBar-foreground": foreground,
    "textLink-foreground": link,
    "textLink-activeForeground": link,
    "textPreformat-foreground": code,
    "textPreformat-background": background,
    "textCodeBlock-background": background,
    "button-background": button,
    "button-foreground": onButton,
    "button-secondaryBackground": background,
    "button-secondaryForeground": foreground,
    descriptionForeground: faint,
    "list-activeSelectionBackground": selected,
    "list-activeSelectionForeground": onSelected,
    "list-inactiveSelectionBackground": selected,
  };
}

/** As WCAG counts it: 4.5 is wanted of text. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [one, other].map(luminance).sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((it) => {
    const part = Number(it) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const section = (anchor: string, text = "") => ({ part: 1, order: 1, anchor, title: `About ${anchor}`, text });
const shown = section("one", "# One\n\n```python before\nx = 1\n```\n\n[two](#two) and `code`\n");
const sections = [section("zero"), shown, section("two")];
const book = {
  sections,
  parts: [{ title: "Part", sections }],
  section: (anchor: string) => sections.find((it) => it.anchor === anchor),
} as unknown as Book;

describe("the guide's page", () => {
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

  it("has a name and a role for everything that a screen reader meets", async () => {
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>("a, button, input, summary, nav, section, main, img, svg")]
        .filter((it) => it.checkVisibility() && it.id !== "page")
        .filter((it) => {
          const labels = it instanceof HTMLInputElement ? [...(it.labels ?? [])] : [];
          const words = [
            it.getAttribute("aria-label"),
            it.title,
            it.textContent,
            ...labels.map((label) => label.textContent),
          ];
          return words.every((word) => (word ?? "").trim() === "");
        })
        .map((it) => it.outerHTML),
    );
    assert.deepEqual(nameless, []);
    assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
    const tree = await page.locator("body").ariaSnapshot();
    for (const part of [
      "banner",
      'searchbox "Search the guide"',
      'navigation "Sections"',
      "main",
      'heading "One" [level=1]',
    ])
      assert.ok(tree.includes(part), `${part} in\n${tree}`);
  });

  it("can be read in the colours of VS Code's dark, light and high contrast themes", async () => {
    for (const [theme, colors] of Object.entries(THEMES)) {
      const set = Object.entries(colors).map(([name, value]) => `--vscode-${name}: ${value};`);
      await page.addStyleTag({
        content: `:root { ${set.join(" ")} background-color: ${colors["editor-background"]}; }`,
      });
      const pairs = await page.evaluate(() => {
        const backgroundOf = (it: Element | null): string => {
          const own = it ? getComputedStyle(it).backgroundColor : "rgb(255, 255, 255)";
          return own === "rgba(0, 0, 0, 0)" && it ? backgroundOf(it.parentElement) : own;
        };
        return [...document.querySelectorAll("main h1, main p, main a, main code, #side a, summary, button:enabled")]
          .filter((it) => it.checkVisibility({ opacityProperty: true }))
          .map((it) => [it.outerHTML.slice(0, 80), getComputedStyle(it).color, backgroundOf(it)] as const);
      });
      assert.ok(pairs.length >= 6);
      for (const [what, color, background] of pairs) {
        const ratio = contrast(color, background);
        assert.ok(ratio >= 4.5, `${theme}: ${ratio.toFixed(1)} for ${color} on ${background}: ${what}`);
      }
    }
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
