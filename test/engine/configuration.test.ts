/** Configurations as documents: their trees, what comments in them silence, and that rules of one kind of document never see the other. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { applyEdits, formatOf, type SilenceScope } from "../../analysis/analyzer.js";
import { readConfiguration } from "../../analysis/configuration/settings-tree.js";
import { asRequirement, asSetting } from "../../analysis/configuration/views.js";
import { CONFIGURATIONS } from "../../server/protocol.js";
import picomatch from "picomatch";
import { allOn, analyzer } from "../harness/check.js";

const RULE = "packaging/standard-library-requirement";

const TOML = `# of the project
[project]
name = "shapes"
dependencies = [
    "numpy>=2",  # arrays
    "json",
]

[tool.poetry.group.dev.dependencies]
typing = { version = "*", optional = true }
`;

const INI = `[metadata]
name = shapes

[options]
install_requires =
    numpy
    ; read by hand
    json
[options.extras_require]
dev = typing; sys_platform == "linux"
`;

const TEXT = "-r base.txt\nnumpy>=2 ; python_version > '3.9'  # arrays\njson\ngit+https://example.invalid/x.git\n";

async function found(source: string, file: string) {
  const engine = await analyzer();
  const snapshot = engine.open(source, allOn(), file);
  const { findings, failures, comments } = engine.report(snapshot);
  assert.deepEqual(failures, []);
  return {
    engine,
    snapshot,
    findings,
    names: findings.map((it) => `${it.rule} ${source.slice(it.range.start, it.range.end)}`),
    problems: comments.map((it) => it.message),
  };
}

describe("configurations", () => {
  it("are told by their names", () => {
    const names = {
      toml: ["pyproject.toml"],
      ini: ["setup.cfg", "pytest.ini", "tox.ini", "mypy.ini", ".mypy.ini"],
      requirements: ["requirements.txt", "requirements-dev.txt", "dev-requirements.txt", "requirements.in"],
      none: ["nippy.toml", "Cargo.toml", "notes.txt", "requirements.py", "requirements.md", "php.ini"],
    };
    for (const [format, files] of Object.entries(names))
      for (const file of files) {
        assert.equal(formatOf(`/work/project/${file}`) ?? "none", format, file);
        assert.equal(formatOf(`C:\\work\\${file}`) ?? "none", format, file);
        if (format !== "none")
          assert.ok(picomatch.isMatch(file, CONFIGURATIONS, { dot: true }), `${file} is not watched`);
      }
  });

  it("have trees whose parts lie inside one another, whatever the text", () => {
    for (const [text, file] of [
      [TOML, "pyproject.toml"],
      [INI, "setup.cfg"],
      [TEXT, "requirements.txt"],
    ] as const)
      for (let end = 0; end <= text.length; end++) {
        const tree = readConfiguration(text.slice(0, end), file)!;
        const { starts, ends, parents, nexts } = tree.arrays;
        for (let id = 1; id < tree.size; id++) {
          const parent = parents[id]!;
          assert.ok(starts[parent]! <= starts[id]! && ends[id]! <= ends[parent]!, `${file} up to ${end}: ${id}`);
          assert.ok(nexts[id]! > id && nexts[id]! <= nexts[parent]!);
        }
      }
  });

  it("say what they require, and under which path", () => {
    const of = (text: string, file: string) =>
      readConfiguration(text, file)!
        .root.descendants("requirement")
        .flatMap((it) => asRequirement(it) ?? [])
        .map(({ name, specifier, marker, path }) => [name, specifier, marker, path.join(" ")]);
    assert.deepEqual(of(TOML, "pyproject.toml"), [
      ["numpy", ">=2", "", "project dependencies"],
      ["json", "", "", "project dependencies"],
      ["typing", "", "", "tool poetry group dev dependencies typing"],
    ]);
    assert.deepEqual(of(INI, "setup.cfg"), [
      ["numpy", "", "", "options install_requires"],
      ["json", "", "", "options install_requires"],
      ["typing", "", 'sys_platform == "linux"', "options.extras_require dev"],
    ]);
    assert.deepEqual(of(TEXT, "requirements.txt"), [
      ["numpy", ">=2", "python_version > '3.9'", ""],
      ["json", "", "", ""],
    ]);
  });

  it("have settings with the whole path, also below dotted keys and in inline tables", () => {
    const tree = readConfiguration('a.b = 1\n[c]\nd = { e = "x" }\n', "pyproject.toml")!;
    const settings = tree.root.descendants("setting").flatMap((it) => asSetting(it) ?? []);
    assert.deepEqual(
      settings.map((it) => [it.path.join(" "), it.value?.text]),
      [
        ["a b", "1"],
        ["c d", '{ e = "x" }'],
        ["c d e", '"x"'],
      ],
    );
  });

  it("have findings of their own rules and of no others", async () => {
    assert.deepEqual((await found(TOML, "pyproject.toml")).names, [`${RULE} json`, `${RULE} typing`]);
    assert.deepEqual((await found(INI, "setup.cfg")).names, [`${RULE} json`, `${RULE} typing`]);
    assert.deepEqual((await found(TEXT, "requirements.txt")).names, [`${RULE} json`]);
    assert.deepEqual((await found("json\ntyping\n", "module.py")).names, []);
    assert.deepEqual(
      (await found("import time\nstart = time.time()\nprint(time.time() - start)\n", "setup.cfg")).names,
      [],
    );
  });

  it("keep what stands on the same line far before a requirement that goes", async () => {
    const text = `[project]\ndependencies = [\n  "numpy",${" ".repeat(300)}"json",\n  "pandas",\n]\n`;
    const { engine, snapshot, findings } = await found(text, "pyproject.toml");
    const fix = engine.fix(snapshot, findings[0]!);
    assert.ok(fix && "edits" in fix);
    assert.equal(applyEdits(text, fix.edits), text.replace('"json",', ""));
  });

  it("that are no TOML say nothing, and nothing is said of them", async () => {
    const { names, snapshot, engine } = await found(`${TOML}\n[[[\n`, "pyproject.toml");
    assert.deepEqual(names, []);
    assert.equal(engine.report(snapshot).broken, undefined);
  });

  for (const [file, text] of [
    ["pyproject.toml", TOML],
    ["setup.cfg", INI],
    ["requirements.txt", TEXT],
  ] as const)
    for (const scope of ["line", "statement", "file"] satisfies SilenceScope[])
      it(`are silent in ${file} where a comment says so: ${scope}`, async () => {
        const { engine, snapshot, findings } = await found(text, file);
        const before = findings.filter((it) => it.rule === RULE);
        const edit = engine.suppress(snapshot, before[0]!, scope)!;
        const after = await found(applyEdits(text, [edit]), file);
        assert.equal(after.findings.length, scope === "file" ? 0 : before.length - 1, after.snapshot.text);
        assert.deepEqual(after.problems, []);
        if (scope === "file" || before.length < 2) return;
        const next = after.engine.suppress(after.snapshot, after.findings[0]!, scope)!;
        const both = applyEdits(after.snapshot.text, [next]);
        assert.deepEqual((await found(both, file)).names, []);
      });

  it("tell of comments that silence nothing, and of names that no rule has", async () => {
    const text =
      "numpy  # nippy: ignore[packaging/standard-library-requirement]\npandas  # nippy: ignore[packaging/x]\n";
    assert.deepEqual((await found(text, "requirements.txt")).problems, [
      "This comment silences nothing.",
      'No rule is called "packaging/x".',
    ]);
  });

  it("keep the names of their findings when lines move, and tell equal ones in different tables apart", async () => {
    const prints = async (text: string, file: string) => {
      const { engine, snapshot, findings } = await found(text, file);
      return findings.map((it) => engine.fingerprints(snapshot).get(it));
    };
    const before = await prints(TOML, "pyproject.toml");
    const moved = TOML.replace('    "json",\n', "").replace(
      '    "numpy>=2",',
      '    # first\n    "json",\n    "numpy>=2",',
    );
    assert.deepEqual(await prints(moved, "pyproject.toml"), before);
    const twice = await prints("[options]\ninstall_requires = json\nsetup_requires = json\n", "setup.cfg");
    assert.equal(new Set(twice).size, 2);
    assert.ok(twice.every((it) => !it!.includes("-")));
  });

  it("are repaired like any other file", async () => {
    const { engine, snapshot } = await found(TEXT, "requirements.txt");
    assert.deepEqual(engine.fixAll(snapshot).applied, 0);
    const fixed = engine.fixAll(snapshot, { review: true });
    assert.equal(fixed.text, TEXT.replace("json\n", ""));
    const edited = engine.edit(snapshot, fixed.edits);
    assert.deepEqual(engine.report(edited).findings, []);
  });

  it("take no longer than their length, whatever stands in them", async () => {
    const n = 200_000;
    const texts = [
      ["requirements.txt", `a${" ".repeat(n)}\\x\n`],
      ["requirements.txt", "json \n".repeat(n / 10)],
      ["setup.cfg", `[options]\ninstall_requires =\n${"    json\n".repeat(n / 10)}`],
      ["setup.cfg", `a${" ".repeat(n)}b\n[${"x".repeat(n)}\n${"k = v\n".repeat(n / 10)}`],
      ["pyproject.toml", `a = ${"[".repeat(n)}`],
      ["pyproject.toml", `[project]\ndependencies = [${'"json", '.repeat(n / 10)}]\n`],
    ] as const;
    for (const [file, text] of texts) {
      const tree = readConfiguration(text, file)!;
      assert.ok(tree.size <= 4 * (text.length / 6) + 10, file);
      for (const it of tree.root.descendants("requirement").slice(0, 100)) asRequirement(it);
    }
  });

  it("offer neither refactorings nor notes on constructs", async () => {
    const { engine, snapshot } = await found(TOML, "pyproject.toml");
    for (let at = 0; at < TOML.length; at += 7) {
      assert.deepEqual(engine.refactoringsAt(snapshot, { start: at, end: at }), []);
      assert.equal(engine.constructAt(snapshot, at) ?? engine.growthAt(snapshot, at), undefined);
    }
  });
});
