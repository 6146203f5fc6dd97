/** Programs that no rule may fail on or tire of: names that every object of JavaScript has, and one thing thousands of times. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { inRepository } from "./repository.js";

const repeated = (count: number, text: (number: number) => string) =>
  Array.from({ length: count }, (_, number) => text(number)).join("");

/** With what each was made of. */
const PROGRAMS: Readonly<Record<string, string>> = {
  "modules that are called as what objects have": `import sys\nimport pandas as pd\nimport constructor\nimport toString as text\nfrom valueOf import hasOwnProperty\n\n\ndef table():\n    return pd.read_csv(sys.argv[1])\n\n\ntable()\ntable()\ntable()\ntable()\ntable()\n`,
  "the same import thousands of times": repeated(
    4_000,
    () => "import pandas as pd\nfor i, r in df.items():\n    x = r\n",
  ),
  "a function of thousands of lists as defaults": `def f(${repeated(12_000, (it) => `a${it}=[], `)}):\n    return a1\n`,
  "thousands of handlers": `try:\n    a()\n${repeated(16_000, (it) => `except E${it}:\n    pass\n`)}`,
  "thousands of files opened by one statement": `with ${repeated(12_000, (it) => `open("a${it}") as f${it}, `)}open("b") as g:\n    pass\n`,
  "thousands of decorators": `${repeated(60_000, () => "@a\n")}def f():\n    pass\n`,
};

describe("an odd program", () => {
  for (const [what, text] of Object.entries(PROGRAMS))
    it(
      `with ${what} is looked at by every rule`,
      inRepository({ "a.py": text }, ({ survives }) => {
        assert.doesNotMatch(survives("check", "--no-cache").stderr, /failed here|takes too long/);
      }),
    );
});
