/** Texts as they come: every encoding Python reads, odd line ends, and files that are no Python at all. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { chmodSync, readFileSync } from "node:fs";
import { CLEAN, CLOCK, inProject, jsonOf, ONLY_CLOCK, ONLY_ROWS, ROWS, type Project } from "./nippy.js";

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

function latin1(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

/** Where `pandas/iterrows` is found in `a.py`. */
function places(project: Project): readonly string[] {
  const { findings, failures } = jsonOf(project.run("check", "a.py", "--format", "json", ...ONLY_ROWS));
  assert.deepEqual(failures, []);
  return findings.map(({ range: { start, end } }) => `${start.line}:${start.column}-${end.line}:${end.column}`);
}

describe("texts nippy reads", () => {
  const same: Readonly<Record<string, string | Uint8Array>> = {
    "UTF-8": ROWS,
    "a byte order mark": Buffer.concat([BOM, Buffer.from(ROWS)]),
    CRLF: ROWS.replaceAll("\n", "\r\n"),
    "lone carriage returns": ROWS.replaceAll("\n", "\r"),
    "no newline at the end": ROWS.trimEnd(),
    "a form feed between functions": ROWS.replace("\n\n\n", "\n\f\n\n"),
  };
  for (const [name, content] of Object.entries(same)) {
    it(
      `with ${name} give the same place`,
      inProject({ "a.py": content }, (project) => {
        const [found, ...more] = places(project);
        assert.deepEqual(more, []);
        assert.match(found ?? "", /^6:\d+-6:\d+$/);
      }),
    );
  }

  const declared: Readonly<Record<string, Uint8Array>> = {
    "latin-1 on line 1": latin1(`# -*- coding: latin-1 -*-\nname = "caf\u00e9 \u0085"\n${ROWS}`),
    "latin-1 on line 2": latin1(
      `#!/usr/bin/env python\n# vim: set fileencoding=iso-8859-1 :\nname = "caf\u00e9"\n${ROWS}`,
    ),
    cp1252: Buffer.concat([latin1('# coding: cp1252\nprice = "'), Buffer.from([0x80]), latin1(`"\n${ROWS}`)]),
    "koi8-r": Buffer.concat([latin1('# coding=koi8-r\nname = "'), Buffer.from([0xf0, 0xf2]), latin1(`"\n${ROWS}`)]),
    "utf8 by another name": Buffer.from(`# coding: UTF_8\nname = "é"\n${ROWS}`),
  };
  for (const [name, content] of Object.entries(declared)) {
    it(
      `may declare ${name}`,
      inProject({ "a.py": content }, (project) => assert.equal(places(project).length, 1)),
    );
  }

  it(
    "count columns in UTF-16 units and underline what stands there",
    inProject({ "a.py": ROWS.replace("df.iterrows():", "df.iterrows():  # 漢字 😀") }, (project) => {
      assert.equal(places(project).length, 1);
      assert.match(project.run("check", "a.py", ...ONLY_ROWS).stdout, /漢字 😀/);
    }),
  );

  it(
    "may be empty, or nothing but white space",
    inProject({ "empty.py": "", "blank.py": "\n\f\t\n", "bom.py": BOM }, ({ run }) => {
      const { status, stdout } = run("check");
      assert.equal(status, 0);
      assert.equal(stdout, "Nothing found in 3 files.\n");
    }),
  );
});

describe("files nippy cannot check", () => {
  const refused: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ["NUL bytes", Buffer.from("x = 1\0\n"), /holds NUL bytes, so it is not Python source/],
    ["UTF-16", Buffer.from(`\ufeff${CLEAN}`, "utf16le"), /is UTF-16, which Python does not read: save it as UTF-8/],
    [
      "broken UTF-8",
      Buffer.concat([Buffer.from('a = 1\nb = 2\nc = "'), Buffer.from([0xe9, 0x22, 0x0a])]),
      /Line 3 is not valid UTF-8: save the file as UTF-8, or declare its encoding/,
    ],
    [
      "other bytes than declared",
      Buffer.concat([Buffer.from('# coding: ascii\n\nx = "'), Buffer.from([0xe9, 0x22])]),
      /Line 3 is not valid ASCII, which its first lines declare/,
    ],
    ["an unknown encoding", Buffer.from("# coding: klingon\n"), /declare an unknown encoding, "klingon"/],
    ["more than 10 MB", Buffer.alloc(10 * 1024 * 1024 + 1, "#"), /is larger than 10 MB, so it is not checked/],
  ];
  for (const [name, content, reason] of refused) {
    it(
      `are told and skipped: ${name}`,
      inProject({ "bad.py": content, "good.py": ROWS }, ({ run }) => {
        const outcome = run("check", "--format", "json", ...ONLY_ROWS);
        assert.equal(outcome.status, 2, "trouble outweighs findings");
        assert.match(outcome.stderr, new RegExp(`^error: bad\\.py: .*${reason.source}`));
        const { findings, failures, files } = jsonOf(outcome);
        assert.deepEqual(
          findings.map((it) => it.path),
          ["good.py"],
          "the other file is checked all the same",
        );
        assert.deepEqual(
          failures.map((it) => [it.path, it.rule]),
          [["bad.py", null]],
        );
        assert.match(failures[0]?.message ?? "", reason);
        assert.equal(files, 2);
      }),
    );
  }

  it(
    "take a size of exactly 10 MB",
    inProject({ "big.py": `x = 1\n#${"y".repeat(10 * 1024 * 1024 - 7)}` }, ({ run }) => {
      assert.equal(run("check", "big.py", ...ONLY_ROWS).status, 0);
    }),
  );

  it(
    "count in the summary",
    inProject({ "bad.py": "\0", "good.py": ROWS }, ({ run }) => {
      assert.match(run("check", ...ONLY_ROWS).stdout, /1 finding in 1 of 2 files.*1 file could not be checked\.\n$/);
      assert.equal(run("check", "bad.py").stdout, "1 file could not be checked.\n");
    }),
  );

  it(
    "may be without permission",
    inProject({ "secret.py": ROWS, "good.py": CLEAN }, ({ run, path }) => {
      chmodSync(path("secret.py"), 0);
      const { status, stderr } = run("check");
      // The administrator may read everything.
      if (process.getuid?.() === 0) assert.doesNotMatch(stderr, /error/);
      else {
        assert.equal(status, 2);
        assert.match(stderr, /error: secret\.py: You have no permission to read this file/);
      }
    }),
  );
});

describe("a repaired file", () => {
  const kept: Readonly<Record<string, readonly [Buffer, BufferEncoding]>> = {
    "a byte order mark": [Buffer.concat([BOM, Buffer.from(CLOCK)]), "utf8"],
    CRLF: [Buffer.from(CLOCK.replaceAll("\n", "\r\n")), "utf8"],
    "latin-1": [latin1(`# coding: latin-1\n# caf\u00e9 \u0085\n${CLOCK}`), "latin1"],
    emoji: [Buffer.from(`# 😀 漢字\n${CLOCK}`), "utf8"],
    "a missing last newline": [Buffer.from(CLOCK.trimEnd()), "utf8"],
  };
  for (const [name, [before, encoding]] of Object.entries(kept)) {
    it(
      `keeps ${name}`,
      inProject({ "a.py": before }, ({ run, path }) => {
        assert.equal(run("check", "--fix", ...ONLY_CLOCK).status, 0);
        const expected = before.toString(encoding).replaceAll("time.time()", "time.perf_counter()");
        assert.deepEqual(readFileSync(path("a.py")), Buffer.from(expected, encoding));
      }),
    );
  }

  it(
    "keeps cp1252, whose characters have other numbers than Unicode's",
    inProject(
      { "a.py": Buffer.concat([latin1("# coding: cp1252\n# "), Buffer.from([0x80, 0x93, 0x0a]), latin1(CLOCK)]) },
      ({ run, path }) => {
        assert.equal(run("check", "--fix", ...ONLY_CLOCK).status, 0);
        const after = readFileSync(path("a.py"));
        assert.ok(after.includes(Buffer.from([0x80, 0x93])));
        assert.ok(after.includes("time.perf_counter()"));
      },
    ),
  );
});
