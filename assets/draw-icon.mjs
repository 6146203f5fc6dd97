// Draws icon.png (256 by 256, the size the Marketplace shows sharply) from icon.svg. Run it after changing the drawing.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const size = 256;
const folder = import.meta.dirname;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>body { margin: 0 } svg { display: block }</style>${readFileSync(`${folder}/icon.svg`, "utf8")}`,
  );
  await page.screenshot({ path: `${folder}/icon.png`, omitBackground: true });
} finally {
  await browser.close();
}
