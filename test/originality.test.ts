/** What Nippy says and inserts is its own: no run of eight words stands in the texts it was taught from. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { constructs } from "../guide/constructs/index.generated.js";
import { refactorings } from "../refactorings/index.generated.js";
import { fingerprint, readFingerprints, runsIn, wordsOf, type Word } from "../scripts/originality.js";
import { expandedSnippets } from "./harness/snippet.js";

const taught = readFingerprints();

function borrowed(where: string, text: string, isCode: boolean): readonly string[] {
  return inRuns(where, wordsOf(text, isCode));
}

function inRuns(where: string, words: readonly Word[]): readonly string[] {
  return runsIn(words)
    .filter((it) => taught.has(fingerprint(it.text)))
    .map((it) => `${where}:${it.line}: ${it.text}`);
}

describe("originality", () => {
  it("has fingerprints to compare with", () => {
    assert.ok(taught.size > 20_000);
  });

  it("holds for the guide, its prose and its code", () => {
    const found = readdirSync("guide")
      .filter((it) => it.endsWith(".md"))
      .flatMap((file) => {
        const text = readFileSync(`guide/${file}`, "utf8");
        let inCode = false;
        const words = text.split("\n").flatMap((line, index): readonly Word[] => {
          if (line.startsWith("```")) {
            inCode = !inCode;
            return [];
          }
          return wordsOf(line, inCode).map((it) => ({ text: it.text, line: index + 1 }));
        });
        return inRuns(file, words);
      });
    assert.deepEqual(found, []);
  });

  it("holds for hovers", () => {
    assert.deepEqual(
      constructs.flatMap(({ name, says, example }) => [
        ...borrowed(name, says, false),
        ...borrowed(`${name}, example`, example, true),
      ]),
      [],
    );
  });

  it("holds for snippets", () => {
    const found = expandedSnippets().flatMap(({ name, code, snippet }) => [
      ...borrowed(name, code, true),
      ...borrowed(`${name}, description`, snippet.description, false),
    ]);
    assert.deepEqual(found, []);
  });

  it("holds for the examples of refactorings", () => {
    assert.deepEqual(
      refactorings.flatMap(({ name, example }) => borrowed(name, example.before, true)),
      [],
    );
  });
});
