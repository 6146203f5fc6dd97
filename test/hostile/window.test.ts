/** A real VS Code opens a folder that nobody trusts, from a repository that attacks: Nippy finds what it always finds, loads nothing and stays alive. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { findBrowser, startBrowser } from "../../scripts/vscode-host/browser.js";
import { cleanupOnExit, temporaryFolder } from "../../scripts/vscode-host/cleanup.js";
import { installVsCode } from "../../scripts/vscode-host/install.js";
import { linkExtension, serve, type Served } from "../../scripts/vscode-host/serve.js";

const PATIENCE = 120_000;
const SQUIGGLE = ".squiggly-error, .squiggly-warning, .squiggly-info";

/** The hover of the first line shows the bound of the type variable, and that is written by whoever wrote the file. */
const ATTACK = `from typing import TypeVar
T = TypeVar("T", bound='''int]\`

# Security alert

[Sign in](https://evil.example/login) ![x](https://evil.example/beacon.png) <img src="https://evil.example/tag.png">''')
`;
const FINDING = `import pandas as pd

frame = pd.read_csv("a.csv")
total = 0
for index, row in frame.iterrows():
    total += row["a"] * row["b"]
`;

describe("a hostile repository in an untrusted window", function () {
  this.timeout(4 * PATIENCE);
  const cleanup = cleanupOnExit(130);
  let folder = "";
  let served: Served;
  let browser: Browser;

  before(async function () {
    const executable = findBrowser();
    if (executable === undefined) {
      console.log("skipped: no browser was found (NIPPY_BROWSER names one)");
      this.skip();
    }
    const vscode = await installVsCode(resolve("."), console.log);
    const temporary = temporaryFolder(cleanup);
    folder = join(temporary, "repository");
    writeRepository(folder);
    const extensions = join(temporary, "extensions");
    linkExtension(resolve("."), extensions);
    const options = { folder, data: join(temporary, "data"), extensions, isUntrusted: true };
    served = await serve(vscode, options, cleanup);
    browser = await startBrowser(executable, cleanup);
  });
  after(() => cleanup.run());

  /** A window of its own with one file open; every address that it asks for. */
  const open = async (file: string): Promise<{ readonly page: Page; readonly asked: string[] }> => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(PATIENCE);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    const payload = [["openFile", served.fileUri(join(folder, file))]];
    await page.goto(`${served.url}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    return { page, asked };
  };

  it("shows findings in Restricted Mode", async () => {
    const { page } = await open(join("fine", "frame.py"));
    await page.locator(SQUIGGLE).first().waitFor();
    await page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
    await page.close();
  });

  it("shows text of the program as text, and loads nothing", async () => {
    const { page, asked } = await open(join("fine", "attack.py"));
    await page.locator(".view-line span span", { hasText: "TypeVar(" }).first().waitFor();
    const call = page.locator(".view-line", { hasText: "bound=" }).locator("span span", { hasText: "TypeVar" }).first();
    await hoverUntilShown(page, call);
    const hover = page.locator(".monaco-hover:visible").first();
    assert.match(await hover.innerText(), /On 3\.12.*evil\.example/s);
    assert.equal(await hover.locator("img").count(), 0);
    assert.equal(await hover.locator("h1", { hasText: "Security" }).count(), 0);
    assert.equal(await hover.locator("a", { hasText: "Sign in" }).count(), 0);
    assert.deepEqual(
      asked.filter((it) => it.includes("evil.example")),
      [],
    );
    await page.close();
  });

  it("goes on in the folder beside one whose configuration never ends", async () => {
    const { page } = await open(join("endless", "frame.py"));
    // The configuration cannot be used; the file is looked at without it.
    await page.locator(SQUIGGLE).first().waitFor();
    await page.close();
    const { page: next } = await open(join("fine", "frame.py"));
    await next.locator(SQUIGGLE).first().waitFor();
    await next.close();
  });

  it("is no place for strangers: without the token nothing is served", async () => {
    const { origin } = new URL(served.url);
    assert.equal((await fetch(origin)).status, 403);
  });
});

/** Hovers are asked for again until the extension has started. */
async function hoverUntilShown(page: Page, place: ReturnType<Page["locator"]>): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    await page.mouse.move(5, 5);
    await place.hover();
    const link = page.locator('.monaco-hover a[data-href^="command:nippy.openGuide"]').first();
    if (await link.waitFor({ timeout: 3_000 }).then(...YES_OR_NO)) return;
    assert.ok(Date.now() < deadline, "no hover was shown");
  }
}

const YES_OR_NO = [() => true, () => false] as const;

function writeRepository(folder: string): void {
  for (const name of ["fine", "endless"]) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, "frame.py"), FINDING);
  }
  writeFileSync(join(folder, "fine", "attack.py"), ATTACK);
  writeFileSync(join(folder, "fine", "nippy.toml"), `python = "3.12"\nexclude = ["${"*a".repeat(40)}*b"]\n`);
  if (process.platform === "win32") return;
  symlinkSync("/dev/zero", join(folder, "endless", "nippy.toml"));
  execFileSync("mkfifo", [join(folder, "endless", "pyproject.toml")]);
}
