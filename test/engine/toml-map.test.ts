/** Where the keys and values of a TOML text stand: checked against what a TOML reader finds, and in texts that are being typed. */

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { parse } from "smol-toml";
import { mapToml } from "../../analysis/text/toml-map.js";

const TEXT = `# first
title = "a # b" # comment
'lit.eral'.x = 'c:\\dir'
"q\\"uoted" . y = 3.5
list = [ 1, # one
  "two", [ 3, { deep = true } ],
]
inline = { a = 1, b.c = "]", "d e" = [{}, {}] }
long = """
[not.a.table]
"""
date = 1979-05-27 07:32:00

[ tool . "nippy" ]
python="3.11"
[tool.nippy.levels] # levels
"pandas/*" = "off"
[[many]]
it = '''x'''
[empty]
`;

/** Every leaf of a value, by its path. */
function leaves(value: unknown, path: readonly string[] = []): readonly string[] {
  const isNode = typeof value === "object" && value !== null && !(value instanceof Date);
  if (!isNode || Object.keys(value).length === 0) return [JSON.stringify(path)];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

describe("the map of a TOML text", () => {
  it("knows every key and value that a reader finds", () => {
    const { many: _, empty: __, ...value } = parse(TEXT);
    const map = mapToml(TEXT);
    for (const name of leaves(value)) {
      const path = JSON.parse(name) as string[];
      const range = map.valueOf(path);
      assert.ok(range, name);
      const text = TEXT.slice(range.start, range.end);
      assert.deepEqual(leaves(parse(`it = ${text}`)), ['["it"]'], `${name}: ${text}`);
    }
    const at = (...path: string[]) => {
      const { start, end } = map.keyOf(path)!;
      return TEXT.slice(start, end);
    };
    assert.equal(at("lit.eral"), "'lit.eral'");
    assert.equal(at('q"uoted', "y"), "y");
    assert.equal(at("tool", "nippy"), '"nippy"');
    assert.equal(at("tool", "nippy", "levels", "pandas/*"), '"pandas/*"');
    assert.equal(at("inline", "b", "c"), "c");
  });

  it("is made of a text that is being typed, line by line", () => {
    for (let end = 0; end <= TEXT.length; end++) {
      const { entries } = mapToml(TEXT.slice(0, end));
      for (const { parts, value, body } of entries)
        for (const range of [...parts, value, body]) assert.ok(!range || (0 <= range.start && range.end <= end));
    }
    const map = mapToml('pyth\npython = \n[lev\n"pandas/ = "x"\niter = "off"\n');
    assert.deepEqual(
      map.entries.map((it) => it.path),
      [["pyth"], ["python"], ["lev"], ["lev", "pandas/ = "], ["lev", "iter"]],
    );
  });

  it("costs no more for a text that nobody wrote", () => {
    for (const text of [
      "[".repeat(200_000),
      "a=[".repeat(100_000),
      "a={b=".repeat(50_000),
      `a${".a".repeat(200_000)}`,
      "[a]\n".repeat(50_000),
    ])
      assert.ok(mapToml(text).entries.length <= text.length);
  });
});
