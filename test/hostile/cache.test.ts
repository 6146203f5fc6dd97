/** Results kept from run to run, as an attacker would have them: planted, linked, forged, damaged. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { CLEAN, jsonOf, ROWS } from "../cli/nippy.js";
import { readKept } from "../../cli/kept.js";
import { Misfit } from "../../cli/shapes.js";
import { inRepository, SECRET, type Repository } from "./repository.js";

const LONG_AGO = new Date(0);

function ownCache({ home }: Repository): string {
  return join(home, ".cache/nippy");
}

function below(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }).sort() : [];
}

function shelvesIn(folder: string): readonly string[] {
  return below(folder)
    .filter((it) => it.endsWith(".results"))
    .map((it) => join(folder, it));
}

function kept(shelf: string): { readonly text: string; readonly body: string } {
  const text = readFileSync(shelf, "utf8");
  return { text, body: text.slice(text.indexOf("\n") + 1) };
}

describe("a cache that comes with a repository", () => {
  it(
    "is neither read nor written nor swept",
    inRepository({ "a.py": ROWS }, (repository) => {
      const { survives, path, home, link } = repository;
      mkdirSync(join(home, "store"));
      const stored = join(home, "store", "0".repeat(32));
      writeFileSync(stored, "");
      utimesSync(stored, LONG_AGO, LONG_AGO);
      link(".nippy_cache/build-0123456789abcdef", join(home, "store"));
      const before = below(path("."));
      survives("check");
      assert.deepEqual(below(path(".")), before);
      assert.ok(existsSync(stored));
    }),
  );

  it(
    "is not used where it leads out of the repository, and that is said",
    inRepository({ "a.py": ROWS }, ({ survives, home, link }) => {
      mkdirSync(join(home, "private/deep"), { recursive: true });
      link("cache", join(home, "private"));
      link("nowhere", join(home, "private/new"));
      for (const [name, runs] of [
        ["cache", ["--cache-dir", "cache"]],
        ["cache/deep", ["--cache-dir", "cache/deep"]],
        ["cache/deep/new", ["--cache-dir", "cache/deep/new"]],
        ["nowhere", ["--cache-dir", "nowhere"]],
      ] as const) {
        const { status, stderr } = survives("check", ...runs);
        assert.equal(status, 1);
        assert.match(
          stderr,
          new RegExp(`^warning: No results are cached, because "[^"]*/${name}" leads out of the repository\\.$`, "m"),
        );
      }
      assert.deepEqual(below(join(home, "private")), ["deep"]);
    }),
  );

  it(
    "is not believed where it is named: nobody but the user can sign",
    inRepository({ "a.py": ROWS }, (repository) => {
      const { survives, path } = repository;
      const find = () => jsonOf(survives("check", "--format", "json", "--cache-dir", "cache")).findings.length;
      assert.equal(find(), 1);
      const [shelf] = shelvesIn(path("cache"));
      const { body } = kept(shelf!);
      const forged = body.replace(/"findings":\[.*?\],"failures"/s, '"findings":[],"failures"');
      assert.notEqual(forged, body);
      const digest = createHash("sha256").update(forged).digest("hex");
      const signed = createHmac("sha256", Buffer.alloc(32)).update(forged).digest("hex");
      for (const first of [digest, signed, "", kept(shelf!).text.split("\n")[0]!]) {
        writeFileSync(shelf!, `${first}\n${forged}`);
        assert.equal(find(), 1, `behind ${first}`);
      }
      // Somebody else's results, and somebody else's key beside them.
      cpSync(path("cache"), path("theirs"), { recursive: true });
      rmSync(ownCache(repository), { recursive: true });
      writeFileSync(path("theirs/key"), Buffer.alloc(32));
      rmSync(path("cache"), { recursive: true });
      cpSync(path("theirs"), path("cache"), { recursive: true });
      chmodSync(path("cache"), 0o700);
      writeFileSync(shelf!, `${signed}\n${forged}`);
      assert.equal(find(), 1);
    }),
  );
});

describe("the folder of the cache", () => {
  it(
    "is followed through no link, and nothing is written through one",
    inRepository({ "a.py": ROWS }, (repository) => {
      const { survives, home, write, victim } = repository;
      survives("check");
      const [shelf] = shelvesIn(ownCache(repository));
      const plant: Readonly<Record<string, (at: string) => void>> = {
        "a shelf": () => {
          rmSync(shelf!);
          symlinkSync(victim, shelf!);
        },
        "names that can be guessed": () => {
          for (let pid = 1; pid < 100; pid++)
            for (const at of [shelf!, shelf!.replace(".results", "")])
              if (!existsSync(`${at}.${pid}.tmp`)) symlinkSync(victim, `${at}.${pid}.tmp`);
        },
        "the folder of the build": () => {
          const folder = dirname(shelf!);
          rmSync(folder, { recursive: true });
          mkdirSync(join(home, "elsewhere"));
          symlinkSync(join(home, "elsewhere"), folder);
        },
        "the folder": () => {
          rmSync(ownCache(repository), { recursive: true });
          symlinkSync(join(home, "elsewhere"), ownCache(repository));
        },
      };
      for (const [what, act] of Object.entries(plant)) {
        act(what);
        write("a.py", `${ROWS}# ${what}\n`);
        for (const _ of ["first", "second"]) assert.equal(survives("check").status, 1, what);
        assert.equal(readFileSync(victim, "utf8"), SECRET, what);
        assert.deepEqual(below(join(home, "elsewhere")), [], what);
      }
    }),
  );

  it(
    "is not swept through links, and loses no file but its own",
    inRepository({ "a.py": ROWS }, (repository) => {
      const { survives, home, path } = repository;
      const store = join(home, "store");
      mkdirSync(store);
      const names = ["0".repeat(32), `${"1".repeat(32)}.results`];
      for (const it of names) {
        writeFileSync(join(store, it), "");
        utimesSync(join(store, it), LONG_AGO, LONG_AGO);
      }
      mkdirSync(path("cache"), { mode: 0o700 });
      symlinkSync(store, path("cache/build-0123456789abcdef"));
      const real = path("cache/build-fedcba9876543210");
      mkdirSync(real, { mode: 0o700 });
      for (const it of names) symlinkSync(join(store, it), join(real, it));
      mkdirSync(join(real, `${"2".repeat(32)}.results`));
      writeFileSync(join(real, "0".repeat(32)), "", { flag: "a" });
      survives("check", "--cache-dir", "cache");
      assert.ok(existsSync(path("cache/swept")));
      assert.deepEqual(below(store), names);
      assert.ok(names.every((it) => lstatSync(join(real, it)).isSymbolicLink()));
      assert.equal(lstatSync(join(real, `${"2".repeat(32)}.results`)).isDirectory(), true);
    }),
  );

  it(
    "is not used where others can write to it, and that is said of one that was named",
    inRepository({ "a.py": ROWS }, (repository) => {
      const { survives, path } = repository;
      const open = [(it: string) => chmodSync(it, 0o777), (it: string) => chmodSync(it, 0o770)];
      // Only root can give a folder away.
      if (process.geteuid?.() === 0) open.push((it) => chownSync(it, 65534, 65534));
      for (const make of open) {
        for (const name of ["cache", "cache/build"]) {
          rmSync(path("cache"), { recursive: true, force: true });
          survives("check", "--cache-dir", "cache");
          const build = below(path("cache")).find((it) => it.startsWith("build-"))!;
          make(path(name === "cache" ? name : join("cache", build)));
          const { status, stderr } = survives("check", "--cache-dir", "cache");
          assert.equal(status, 1);
          assert.match(
            stderr,
            /^warning: No results are cached, because ".*" is not a folder that only you can write to\.$/m,
          );
          assert.equal(survives("check", "--cache-dir", "cache", "--quiet").stderr, "");
        }
      }
      survives("check");
      chmodSync(ownCache(repository), 0o777);
      rmSync(path("a.py"));
      repository.write("b.py", ROWS);
      const before = below(ownCache(repository));
      assert.equal(survives("check").status, 1);
      assert.deepEqual(below(ownCache(repository)), before);
    }),
  );

  it(
    "may hold devices, pipes and endless files",
    inRepository({ "a.py": ROWS }, (repository) => {
      const { survives, home } = repository;
      survives("check");
      const [shelf] = shelvesIn(ownCache(repository));
      const key = join(home, ".cache/nippy/key");
      for (const at of [shelf!, key]) {
        for (const target of ["/dev/zero", "/dev/tty", "/proc/kmsg"]) {
          rmSync(at);
          symlinkSync(target, at);
          assert.equal(survives("check").status, 1);
          assert.equal(survives("check").status, 1);
        }
      }
    }),
  );
});

describe("an entry that is signed", () => {
  /** Whoever can sign is the user, or was: what a program wrote is still looked at before it is taken for a result. */
  function resigned({ home }: Repository, shelf: string, change: (result: Record<string, unknown>) => void): void {
    const content = JSON.parse(kept(shelf).body) as { files: Record<string, [string, Record<string, unknown>]> };
    change(content.files["a.py"]![1]);
    const body = JSON.stringify(content);
    const key = readFileSync(join(home, ".cache/nippy/key"));
    writeFileSync(shelf, `${createHmac("sha256", key).update(body).digest("hex")}\n${body}`);
  }

  it(
    "does not say where it belongs, and brings nothing that no result has",
    inRepository({ "a.py": ROWS, "b.py": CLEAN }, (repository) => {
      const json = ["check", "--format", "json"];
      const fresh = repository.survives(...json);
      const [shelf] = shelvesIn(ownCache(repository));
      resigned(repository, shelf!, (it) => {
        Object.assign(it, { path: "../../etc/passwd", diff: "-all", fixed: 7, hidden: [{ rule: "x", level: "hint" }] });
        Object.assign((it["findings"] as object[])[0]!, { path: "/etc/passwd", more: true });
      });
      assert.deepEqual(repository.survives(...json), fresh);
    }),
  );

  it(
    "is looked at anew where it has another shape, whatever field it is",
    inRepository({ "a.py": ROWS }, (repository) => {
      const run = () => repository.survives("check", "--format", "github");
      const fresh = run();
      const [shelf] = shelvesIn(ownCache(repository));
      const { text, body } = kept(shelf!);
      const { files } = JSON.parse(body) as { files: Record<string, [string, object]> };
      assert.doesNotThrow(() => readKept(files["a.py"]![1]));
      for (const damage of damaged(files["a.py"]![1]))
        assert.throws(() => readKept(damage), Misfit, JSON.stringify(damage));
      for (const findings of [null, [null], [{ rule: "\n::error::x" }]]) {
        writeFileSync(shelf!, text);
        resigned(repository, shelf!, (it) => (it["findings"] = findings));
        assert.deepEqual(run(), fresh, JSON.stringify(findings));
      }
    }),
  );
});

const WRONG = [undefined, -1, 1e10, 0.5, {}, "x".repeat(2e7), [null], true];

/** The value with each of its parts, one at a time, in another shape. */
function* damaged(value: unknown): Generator<unknown> {
  yield* WRONG;
  if (typeof value !== "object" || value === null) return;
  for (const [name, part] of Object.entries(value))
    for (const other of damaged(part))
      yield Array.isArray(value)
        ? value.map((it, index) => (String(index) === name ? other : it))
        : { ...value, [name]: other };
}
