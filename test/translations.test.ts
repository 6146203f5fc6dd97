/** Every text that the extension shows by itself can be translated, and the translations keep what is no text: links, code, places of values. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { clientStrings, manifestSource, manifestStrings } from "../scripts/translations.js";

type Strings = Readonly<Record<string, string>>;

const read = (path: string): Strings => JSON.parse(readFileSync(path, "utf8")) as Strings;
const languagesOf = (folder: string, pattern: RegExp) =>
  readdirSync(folder).flatMap((file) => pattern.exec(file)?.[1] ?? []);

/** In any order: a translation may turn a sentence round. */
const kept = (text: string) => (text.match(/\]\([^)]*\)|`[^`]*`|\{\d\}/g) ?? []).sort();

function assertTranslates(own: Strings, theirs: Strings): void {
  assert.deepEqual(Object.keys(theirs).sort(), Object.keys(own).sort());
  for (const [key, text] of Object.entries(own)) {
    assert.deepEqual(kept(theirs[key]!), kept(text), key);
    assert.notEqual(theirs[key]!.trim(), "", key);
  }
}

describe("translations", () => {
  it("have every text of package.json, which itself holds keys alone", () => {
    assert.equal(readFileSync("package.json", "utf8"), manifestSource(), "npm run generate takes texts out");
    assert.equal(readFileSync("package.nls.json", "utf8"), manifestStrings());
    const strings = read("package.nls.json");
    assert.equal(strings["commands.nippy.openGuide.title"], "Open Guide");
    assert.ok(Object.values(strings).every((it) => !/^%.*%$/.test(it)));
  });

  it("have every text of the client", () => {
    assert.equal(readFileSync("l10n/bundle.l10n.json", "utf8"), clientStrings());
    assert.ok("{0} fixes applied" in read("l10n/bundle.l10n.json"));
  });

  it("are asked for wherever the client shows a text", () => {
    /** A literal with words, handed to what shows it. */
    const SHOWN =
      /(?:show(?:Information|Warning|Error)Message\(|\b(?:title|placeHolder|placeholder|prompt|tooltip|detail|text):)\s*(["'`](?:(?!Nippy["'`])[^"'`$]*[a-z]{2}[^"'`]*)["'`])/g;
    const left = readdirSync("client")
      // The guide is English, and so is the frame around it.
      .filter((it) => it.endsWith(".ts") && it !== "guide-page.ts" && !it.endsWith(".generated.ts"))
      .flatMap((file) => {
        const text = readFileSync(join("client", file), "utf8");
        assert.doesNotMatch(text, /l10n\.t\(\s*[`']/, `${file}: a text with its values in it cannot be looked up`);
        return [...text.matchAll(SHOWN)].map((it) => `${file}: ${it[1]}`);
      });
    assert.deepEqual(left, []);
  });

  it("keep links, code and the places of values", () => {
    const languages = languagesOf(".", /^package\.nls\.(.+)\.json$/);
    assert.ok(languages.includes("de"));
    assert.deepEqual(languagesOf("l10n", /^bundle\.l10n\.(.+)\.json$/), languages);
    for (const language of languages) {
      assertTranslates(read("package.nls.json"), read(`package.nls.${language}.json`));
      assertTranslates(read("l10n/bundle.l10n.json"), read(`l10n/bundle.l10n.${language}.json`));
    }
  });
});
