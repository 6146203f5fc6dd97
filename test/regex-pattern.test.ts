/** The explanation of regular expressions: token by token, nothing for what `re` refuses. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { explainPattern, parsePattern } from "../guide/constructs/parts/regex-pattern.js";
import { runPython } from "./harness/python.js";

const EXPLAINED: readonly (readonly [pattern: string, flags: string, says: string])[] = [
  [
    "^(?P<year>\\d{4})-(?P<month>\\d\\d)$",
    "",
    "Matches start, group `year` (4 digits), `-`, group `month` (digit, digit), end.",
  ],
  ["cat|dog", "", "Matches `cat` or `dog`."],
  ["a1|b?", "", "Matches `a1` or optional `b`."],
  ["(?i)hello\\s+world", "", "Matches `hello`, one or more white space, `world`. Case is ignored."],
  [
    "<(\\w+)>.*?</\\1>",
    "s",
    "Matches `<`, group 1 (one or more word characters), `>`, any number of any characters or newlines (as few as possible), `</`, group 1 again, `>`.",
  ],
  [
    "(?<!\\d)\\d{1,3}(?=px)",
    "a",
    "Matches not preceded by digit, 1 to 3 digits, followed by `px`. Classes are ASCII only.",
  ],
  ["[^\\s,]+(?:; )?", "", "Matches one or more not of `\\s,`, optional `'; '`."],
  ["^x$", "m", "Matches start of a line, `x`, end of a line."],
  ["\\d+  # number\n [a-z]{2,}", "x", "Matches one or more digits, 2 or more of `a-z`."],
  ["a{,3}b{x}", "", "Matches 0 to 3 times `a`, `b{x}`."],
  ["[]a]\\]", "", "Matches one of `]a`, `]`."],
  ["\\x41\\n`", "", "Matches `` A\\n` ``."],
];

const REFUSED = [
  "(",
  "a)",
  "a**",
  "*a",
  "^*",
  "\\q",
  "[b-a]",
  "[a",
  "a{3,2}",
  "(?P<n>a)(?P<n>b)",
  "\\1",
  "(a\\1)",
  "(?<=a+)b",
  "(?P=n)",
  "a\\",
  "(?z)a",
  "[\\d-z]",
  "a(?i)b",
  "(?<=(a))\\2",
];

describe("regex patterns", () => {
  for (const [pattern, flags, says] of EXPLAINED)
    it(`explains ${JSON.stringify(pattern)}`, () => assert.equal(explainPattern(pattern, flags), says));

  it("says nothing of an empty pattern and of what it does not know", () => {
    assert.deepEqual(
      ["", "(?(1)a|b)", "\\N{DASH}"].map((it) => explainPattern(it)),
      [undefined, undefined, undefined],
    );
  });

  it("shortens a long pattern to what a hover can hold", () => {
    const long = Array.from({ length: 40 }, (_, index) => `(?P<field${index}>[a-z${index}]+)`).join(",");
    const text = explainPattern(long)!;
    assert.ok(text.length <= 220 && text.endsWith("and more."), text);
  });

  it("refuses what Python refuses and counts groups as Python does", function () {
    assert.deepEqual(
      REFUSED.filter((it) => parsePattern(it)),
      [],
    );
    const program = `import json, re, sys\nout = []\nfor pattern, flags in json.load(sys.stdin):\n    try:\n        out.append(re.compile(pattern, sum(getattr(re, it.upper()) for it in flags)).groups)\n    except re.error:\n        out.append(-1)\nprint(json.dumps(out))\n`;
    const all = [
      ...EXPLAINED.map(([pattern, flags]) => [pattern, flags] as const),
      ...REFUSED.map((it) => [it, ""] as const),
    ];
    const groups = JSON.parse(runPython(this, ["-c", program], JSON.stringify(all)).stdout) as readonly number[];
    assert.deepEqual(
      all.map(([pattern, flags]) => parsePattern(pattern, flags)?.groups ?? -1),
      groups,
    );
  });
});
