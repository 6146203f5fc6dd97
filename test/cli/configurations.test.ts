/** pyproject.toml, setup.cfg, requirements files and their like: found, reported, silenced, kept, repaired and left out as Python files are. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { CLEAN, inProject, jsonOf, type Project } from "./nippy.js";

const RULE = "packaging/standard-library-requirement";
const PROJECT = '[project]\nname = "shapes"\ndependencies = [\n    "numpy",\n    "json",\n]\n';
const FILES = {
  ".git/HEAD": "",
  ".gitignore": "/legacy/\n",
  "a.py": CLEAN,
  "pyproject.toml": PROJECT,
  "deep/requirements-dev.txt": "pytest\nasyncio\n",
  "legacy/requirements.txt": "json\n",
  "venv/requirements.txt": "json\n",
  "notes.txt": "json\n",
};

const found = (project: Project, ...words: readonly string[]) =>
  jsonOf(project.run("check", "--format", "json", ...words)).findings.map(
    ({ path, rule, range }) => `${path}:${range.start.line}:${range.start.column} ${rule}`,
  );
const BOTH = [`deep/requirements-dev.txt:2:1 ${RULE}`, `pyproject.toml:5:6 ${RULE}`];

describe("nippy check on configurations", () => {
  it(
    "finds them where it finds Python files, and names their places, from the cache too",
    inProject(FILES, (project) => {
      assert.deepEqual(found(project, "--no-cache"), BOTH);
      assert.deepEqual(found(project), BOTH);
      assert.deepEqual(found(project), BOTH);
      project.write("deep/requirements-dev.txt", "pytest\n");
      assert.deepEqual(found(project), BOTH.slice(1));
      assert.deepEqual(found(project, "deep", "legacy/requirements.txt"), [`legacy/requirements.txt:1:1 ${RULE}`]);
    }),
  );

  it(
    "heeds levels, levels of some files, what is excluded, and comments",
    inProject(FILES, (project) => {
      project.write(
        "nippy.toml",
        `[levels]\n"packaging/*" = "error"\n[per-file-levels]\n"deep/**" = { "${RULE}" = "off" }\n`,
      );
      const { findings } = jsonOf(project.run("check", "--format", "json"));
      assert.deepEqual(
        findings.map((it) => [it.path, it.level]),
        [["pyproject.toml", "error"]],
      );
      project.write("nippy.toml", 'exclude = ["pyproject.toml"]\n');
      assert.deepEqual(found(project), BOTH.slice(0, 1));
      project.write("nippy.toml", "");
      project.write("pyproject.toml", PROJECT.replace('"json",', `"json",  # nippy: ignore[${RULE}] on purpose`));
      assert.deepEqual(found(project), BOTH.slice(0, 1));
    }),
  );

  it(
    "shows them in every report",
    inProject(FILES, (project) => {
      const of = (...words: readonly string[]) => project.run("check", ...words).stdout;
      assert.match(of(), /pyproject\.toml:5:6[^]*"json",[^]*2 findings in 2 of 3 files/);
      for (const format of ["concise", "json-lines", "sarif", "github", "gitlab", "junit", "rdjson"])
        assert.match(of("--format", format), /pyproject\.toml/, format);
    }),
  );

  it(
    "repairs them, one by one or as a diff, with the line ends they have",
    inProject({ ...FILES, "requirements.txt": "numpy\r\njson\r\npandas\r\n" }, (project) => {
      const { stdout } = project.run("check", "--diff", "--unsafe-fixes", "pyproject.toml");
      assert.match(stdout, /^-    "json",$/m);
      project.run("check", "--fix", "--unsafe-fixes");
      assert.equal(readFileSync(project.path("pyproject.toml"), "utf8"), PROJECT.replace('    "json",\n', ""));
      assert.equal(readFileSync(project.path("requirements.txt"), "utf8"), "numpy\r\npandas\r\n");
      assert.deepEqual(found(project), []);
    }),
  );

  it(
    "knows those that a baseline lists",
    inProject(FILES, (project) => {
      project.run("baseline");
      assert.deepEqual(found(project), []);
      project.write("pyproject.toml", PROJECT.replace('"numpy",', '"numpy",\n    "typing",'));
      assert.deepEqual(found(project), [`pyproject.toml:5:6 ${RULE}`]);
    }),
  );

  it(
    "takes one from standard input by its name",
    inProject({}, ({ runWith }) => {
      const { stdout } = runWith(
        { input: "json\n" },
        "check",
        "--format",
        "json",
        "--stdin-filename",
        "requirements.txt",
        "-",
      );
      assert.deepEqual(
        jsonOf({ status: 0, stdout, stderr: "" }).findings.map((it) => it.rule),
        [RULE],
      );
    }),
  );

  it(
    "says of what is not UTF-8 that it is left out, and goes on",
    inProject({ ...FILES, "requirements.txt": Buffer.from("\ufeffjson\n", "utf16le") }, (project) => {
      const outcome = project.run("check", "--format", "json");
      assert.equal(outcome.status, 1, outcome.stderr);
      const { findings, skipped } = jsonOf(outcome);
      assert.deepEqual(
        skipped.map((it) => it.path),
        ["requirements.txt"],
      );
      assert.equal(findings.length, 2);
    }),
  );
});
