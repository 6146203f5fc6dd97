/** Devices, pipes and endless files in the place of what Nippy reads by name: told, and never waited for. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { truncateSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { jsonOf, ROWS } from "../cli/nippy.js";
import { startClient } from "../harness/lsp.js";
import { inRepository, type Repository } from "./repository.js";

const ONLY = ["--format", "json", "--select", "pandas/iterrows"];
/** Kinds of files that never end, or never begin. */
const KINDS: Readonly<Record<string, (repository: Repository, name: string) => void>> = {
  "a link to a device that never ends": ({ link }, name) => link(name, "/dev/zero"),
  "a link to a terminal": ({ link }, name) => link(name, "/dev/tty"),
  "a pipe": ({ pipe }, name) => pipe(name),
  "a link to a pipe": ({ pipe, link }, name) => {
    pipe("the-pipe");
    link(name, "the-pipe");
  },
  "a file of 3 GB": ({ write, path }, name) => {
    write(name, "");
    truncateSync(path(name), 3 * 2 ** 30);
  },
};
/** Without an error: what such a file would have said counts as not said. */
const TOLD = [
  "pyproject.toml",
  ".gitignore",
  "setup.cfg",
  "setup.py",
  ".python-version",
  "requirements.txt",
  "uv.lock",
  ".venv/pyvenv.cfg",
];

describe("a special file", () => {
  for (const [kind, make] of Object.entries(KINDS)) {
    it(
      `${kind}, as nippy.toml ends the run with its name`,
      inRepository({ "a.py": ROWS }, (repository) => {
        make(repository, "nippy.toml");
        for (const command of [["check"], ["settings"], ["check", "--config", "nippy.toml"]]) {
          const { status, stderr } = repository.survives(...command);
          assert.equal(status, 2);
          assert.match(
            stderr,
            /^error: The configuration "nippy.toml" cannot be used: it is (no regular file|larger than 1 MB)\.\n$/,
          );
        }
      }),
    );

    it(
      `${kind}, as any other file that is looked for leaves the findings as they are`,
      inRepository({ "a.py": ROWS }, (repository) => {
        for (const name of TOLD) make(repository, name);
        const outcome = repository.survives("check", ...ONLY);
        assert.deepEqual(
          jsonOf(outcome).findings.map((it) => it.path),
          ["a.py"],
        );
        assert.match(outcome.stderr, /^warning: pyproject\.toml: It is [^\n]+, so it is not read\.$/m);
        assert.match(outcome.stderr, /^warning: \.gitignore: It is [^\n]+, so nothing is ignored by it\.$/m);
      }),
    );

    it(
      `${kind}, named on the command line is told and fails nothing else`,
      inRepository({ "a.py": ROWS }, (repository) => {
        make(repository, "b.py");
        for (const words of [[], ["--fix"], ["--no-cache", "--jobs", "2"]]) {
          const outcome = repository.survives("check", ...ONLY, ...words, "b.py", "a.py");
          const { findings, failures } = jsonOf(outcome);
          assert.equal(outcome.status, 2);
          assert.deepEqual([findings.map((it) => it.path), failures.map((it) => it.path)], [["a.py"], ["b.py"]]);
          assert.match(
            failures[0]!.message,
            /^This (is no regular file|file is larger than 10 MB), so it is not checked\.$/,
          );
        }
      }),
    );

    it(
      `${kind}, as each configuration does not keep the server from answering`,
      inRepository({ "a.py": ROWS, "deep/nippy.toml": "", "deep/b.py": ROWS }, async (repository) => {
        for (const name of ["nippy.toml", ...TOLD]) make(repository, name);
        const uriOf = (name: string) => pathToFileURL(repository.path(name)).href;
        const client = await startClient({ folders: [uriOf("")] });
        try {
          // More folders than the process has threads for files.
          for (const name of ["a.py", "deep/b.py", "x/c.py", "y/d.py", "z/e.py", "x/y/f.py"]) {
            await client.open(uriOf(name), ROWS);
            assert.equal((await client.diagnostics(uriOf(name))).length, 1);
          }
          await client.seen<{ message: string }>(
            "window/logMessage",
            ({ message }) => message.includes("nippy.toml is ") && message.endsWith(", so it is not read."),
          );
        } finally {
          await client.stop();
        }
      }),
    );
  }
});
