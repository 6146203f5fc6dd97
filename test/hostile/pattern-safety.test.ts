/** No regular expression of ours takes the square of a text, or worse, as far as the analysis of scslre sees: it knows repeats that share characters, and starts that are tried one after the other. */
import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "acorn";
import { full } from "acorn-walk";
import { transformSync } from "esbuild";
import { analyse } from "scslre";

/** All that runs on a user's machine. */
const FOLDERS = ["analysis", "cli", "client", "guide", "host", "refactorings", "rules", "search", "server", "snippets"];

interface Pattern {
  readonly source: string;
  readonly flags: string;
  readonly file: string;
}

function patternsIn(file: string): readonly Pattern[] {
  const { code } = transformSync(readFileSync(file, "utf8"), { loader: "ts", target: "es2024" });
  const found: Pattern[] = [];
  full(parse(code, { ecmaVersion: "latest", sourceType: "module" }), (node) => {
    if (node.type !== "Literal" || !("regex" in node)) return;
    const { pattern, flags } = node.regex as { readonly pattern: string; readonly flags: string };
    found.push({ source: pattern, flags, file });
  });
  return found;
}

/** Why a pattern is slow, in words; undefined if it is not. */
function slow({ source, flags }: Pick<Pattern, "source" | "flags">): string | undefined {
  const { reports } = analyse({ source, flags }, { maxReports: 1 });
  const [report] = reports;
  return (
    report &&
    `${report.exponential ? "exponential" : "quadratic"} (${report.type}) on repeats of ${report.character.literal.source}`
  );
}

describe("our own patterns", () => {
  it("take time in proportion to the text", () => {
    const files = FOLDERS.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((it) => it.endsWith(".ts"))
        .map((it) => join(folder, it)),
    );
    const patterns = files.flatMap(patternsIn);
    assert.ok(patterns.length > 2_000, `only ${patterns.length} patterns were found`);
    const found = patterns.flatMap((it) => {
      const why = slow(it);
      return why === undefined ? [] : [`${it.file}: /${it.source}/${it.flags} is ${why}`];
    });
    assert.deepEqual(found, []);
  });

  it("would be told of if they did not", () => {
    assert.match(slow({ source: "(a+)+$", flags: "" })!, /exponential/);
    assert.match(slow({ source: "\\s+$", flags: "" })!, /quadratic/);
    assert.match(slow({ source: "^\\s*,?\\s*$", flags: "" })!, /quadratic/);
    assert.equal(slow({ source: "(?<!\\s)\\s+$", flags: "" }), undefined);
    assert.equal(slow({ source: "^\\s*(?:,\\s*)?$", flags: "" }), undefined);
  });
});
