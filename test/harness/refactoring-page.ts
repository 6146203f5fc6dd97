/** Reads the test page of a refactoring: a heading is a case, `python offered` with `python result`, or `python silent`; `run` compares what both print. */
import assert from "node:assert/strict";
import { librariesIn } from "./python.js";

export interface Case {
  readonly title: string;
  /** With the marks of the cursor. */
  readonly source: string;
  /** Undefined where it must not be offered. */
  readonly result: string | undefined;
  /** Files that it makes, by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly runs: boolean;
  /** Third-party packages that the code imports. */
  readonly packages: readonly string[];
  /** The target Python, where the block's info names one: `python offered 3.12`. */
  readonly python: string | undefined;
}

export function readCases(markdown: string): readonly Case[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((section): Case => {
      const title = section.slice(0, section.indexOf("\n")).trim();
      const blocks = [...section.matchAll(/^```(\w+) ([^\n]*)\n([\s\S]*?)^```$/gm)].map(
        ([, language, info = "", code = ""]) => ({ language, words: info.trim().split(/\s+/), code }),
      );
      const source = blocks.find(({ words: [kind] }) => kind === "offered" || kind === "silent");
      const result = blocks.find(({ words: [kind] }) => kind === "result");
      assert.ok(
        source && (source.words[0] === "offered") === (result !== undefined),
        `"${title}" has an offered block with its result, or a silent one`,
      );
      return {
        title,
        source: source.code,
        result: result?.code,
        files: Object.fromEntries(
          blocks
            .filter(({ words: [kind] }) => kind === "creates")
            .map(({ words: [, path = ""], code }) => [path, code]),
        ),
        runs: source.words.includes("run"),
        packages: librariesIn(`${source.code}\n${result?.code ?? ""}`),
        python: source.words.find((it) => /^3\.\d+$/.test(it)),
      };
    });
}
