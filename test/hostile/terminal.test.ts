/** What a repository is called and says, on its way to terminals and logs of build servers: no control character and no command gets there. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { unifiedDiff } from "../../host/unified-diff.js";
import { shown, shownLines } from "../../cli/terminal.js";
import { CLOCK, ROWS, type Outcome } from "../cli/nippy.js";
import { inRepository, type Repository } from "./repository.js";
import { assertSafe, FORBIDDEN, LOG_COMMAND } from "./safe-output.js";

/** Title, colour, bell, one-byte CSI, backspace, DEL, marks that reorder, other line ends, commands of build servers. */
const EVIL =
  "\u001b]0;title\u0007\u001b[31m\u009b31m\b\u007f\u0085\u202e\u2066\u2028\u2029\r\n::set-output name=a::b\n::stop-commands::x\r##[add-mask]y ##vso[z]1 ##teamcity[x]";
function assertAllSafe(what: string, { stdout, stderr }: Outcome, isGithub = false): void {
  assertSafe(`${what}, standard output`, stdout, isGithub);
  assertSafe(`${what}, standard error`, stderr);
}

const FORMATS = ["text", "concise", "json", "json-lines", "sarif", "github", "gitlab", "junit", "rdjson"];
const EVIL_NAME = EVIL.replaceAll("/", "");

/** Every way to show a check. */
function checkAll({ survives, runWith, path, write }: Repository, ...words: readonly string[]): void {
  for (const format of FORMATS)
    assertAllSafe(format, survives("check", "--format", format, "--color", "always", ...words), format === "github");
  survives("check", "--output-file", "report", ...words);
  if (existsSync(path("report"))) assertSafe("a file", readFileSync(path("report"), "utf8"));
  assertAllSafe("statistics", survives("check", "--statistics", ...words));
  write("summary.md", "");
  runWith({ env: { GITHUB_STEP_SUMMARY: path("summary.md") } }, "check", "--format", "github", ...words);
  assertSafe("step summary", readFileSync(path("summary.md"), "utf8"));
  for (const format of ["text", "json"])
    assertAllSafe(`settings ${format}`, survives("settings", "--lenient", "--format", format));
  for (const command of ["baseline", "check"])
    assertAllSafe(command, survives(command, "--baseline", `${EVIL_NAME}.json`));
  assertSafe("diff, standard error", survives("check", "--diff").stderr);
}

/** As it stands in TOML. */
const quoted = (text: string) =>
  JSON.stringify(text).replace(/[\u007f-\u009f]/g, (it) => `\\u00${it.charCodeAt(0).toString(16)}`);

describe("what reaches a terminal or a log", () => {
  it(
    "from names of files and folders",
    inRepository(
      {
        [`${EVIL_NAME}.py`]: ROWS,
        "::error::x.py": ROWS,
        "  ::error::y.py": CLOCK,
        [`${EVIL_NAME}/a.py`]: `${ROWS}x = 1  # nippy: ignore[${"no-rule"}]\n`,
        [`${EVIL_NAME}/b.py`]: "\0",
        [`${EVIL_NAME}/.gitignore/x`]: "",
        [`${EVIL_NAME}/pyproject.toml/x`]: "",
      },
      (repository) => {
        checkAll(repository);
        assertAllSafe("named", repository.survives("check", "./::error::x.py"));
        assertAllSafe("fixed", repository.survives("check", "--fix"));
      },
    ),
  );

  it(
    "from the name of a folder whose configuration ends the run",
    inRepository({ "a.py": ROWS }, (repository) => {
      for (const content of ["[[[", `x = ${EVIL}`, `"${EVIL}`, `[${EVIL}]`]) {
        repository.write(`${EVIL_NAME}/nippy.toml`, content);
        repository.write(`${EVIL_NAME}/a.py`, ROWS);
        for (const command of ["check", "settings"]) {
          const outcome = repository.survives(command, "--config", `${EVIL_NAME}/nippy.toml`);
          assert.equal(outcome.status, 2);
          assertAllSafe(command, outcome);
        }
      }
    }),
  );

  it(
    "from a configuration and what tells the Python and the libraries",
    inRepository({ "a.py": ROWS, "src/a.py": ROWS }, (repository) => {
      const evil = quoted(EVIL);
      repository.write(
        "nippy.toml",
        `${evil} = 1\npython = ${evil}\nmin-level = ${evil}\nexclude = [${evil}]\n[levels]\n${evil} = "off"\n"pandas/iterrows" = ${evil}\n"pandas/*" = "error"\n`,
      );
      repository.write(
        "pyproject.toml",
        `[project]\nrequires-python = ${evil}\ndependencies = [${evil}, "numpy == 1.0"]\n`,
      );
      repository.write(".python-version", `3.12${EVIL}`);
      repository.write("requirements.txt", `pandas==1.0${EVIL}\n${EVIL}==1\n`);
      mkdirSync(repository.path(".git/objects"), { recursive: true });
      assertAllSafe("mistakes", repository.survives("check"));
      checkAll(repository, "--lenient");
    }),
  );

  it(
    "from code, comments and messages about them",
    inRepository(
      {
        "a.py": `import pandas as pd\ndef f(df: pd.DataFrame):\n    s = 0\n    for _, r in df.iterrows():  # \u001b[31m\u009b\u202e ##[add-mask]x\n        s += r["\u001b]0;x\u0007\u202e ##vso[a]"]\n    return s\n`,
        "b.py": `x = 1  # nippy: ignore[\u001b[31m\u009b\u202e##[x]]\ny = 2  # nippy: ignore[pandas/\u001bx]\n`,
        "c.py": `# coding: \u001b[31m\nx = "\u009b"\n`,
        "d.py": `# coding: ::x##[y]\n`,
      },
      (repository) => checkAll(repository),
    ),
  );

  it(
    "from words on the command line",
    inRepository({ "a.py": ROWS }, ({ survives, runWith }) => {
      const commands = [
        [EVIL],
        [`--${EVIL}`],
        ["check", EVIL, `${EVIL}2`],
        ["check", `--${EVIL}`],
        ["check", "--format", EVIL],
        ["check", "--select", EVIL],
        ["check", "--ignore", EVIL],
        ["check", "--python", EVIL],
        ["check", "--config", EVIL],
        ["check", "--jobs", EVIL],
        ["check", "--output-file", `nowhere/${EVIL}`],
        ["check", "--cache-dir", `a.py/${EVIL}`],
        ["settings", EVIL],
        ["explain", EVIL],
        ["guide", EVIL],
        ["rules", EVIL],
      ];
      for (const words of commands) assertAllSafe(JSON.stringify(words), survives(...words));
      for (const format of FORMATS)
        assertAllSafe(
          `standard input, ${format}`,
          runWith({ input: ROWS }, "check", "-", "--stdin-filename", `${EVIL}.py`, "--format", format),
          format === "github",
        );
    }),
  );

  it("from a diff on a screen", () => {
    const diff = unifiedDiff(`${EVIL_NAME}.py`, `a\r\n\tb ${EVIL}\n`, `a\r\n\tc ${EVIL}\n`);
    const screen = shownLines(diff);
    assert.equal(FORBIDDEN.exec(screen.replaceAll("\r\n", "\n").replaceAll("\t", "")), null);
    assert.equal(LOG_COMMAND.exec(screen), null);
    assert.match(screen, /^-\tb /m);
  });

  it("keeps its width, so that marks stand below what they mark", () => {
    for (const text of ["##[x]", "a ##vso[y", "\u202eab", "###[", "a##b"]) assert.equal(shown(text).end, text.length);
    assert.equal(shown("a##b [c]").text, "a##b [c]");
  });
});
