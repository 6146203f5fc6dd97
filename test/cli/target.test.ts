/** The Python and the libraries of a project, from its files to the findings of a run, and in what `nippy settings` shows. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { inProject, jsonOf, ROWS, type Files, type Project } from "./nippy.js";

/** Something for `iteration/range-len`, whose fix zips strictly where the project's Python can: from 3.10 on. */
const ZIP = `def pairs(names: list[str], ages: list[int]) -> None:
    for i in range(len(names)):
        print(names[i], ages[i])
`;

/** Something for `tensorflow/sequential-map`, which is about TensorFlow 2.4 and later. */
const TENSORFLOW = `import tensorflow as tf


def loaded(path: tf.Tensor) -> tf.Tensor:
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    return tf.image.random_flip_left_right(image)


def images(paths: list[str]) -> tf.data.Dataset:
    return tf.data.Dataset.from_tensor_slices(paths).map(loaded)
`;

interface Shown {
  readonly path: string;
  readonly configuration: string | null;
  readonly python: { readonly version: string; readonly from: string | null };
  readonly libraries: Readonly<
    Record<string, { readonly version: string | null; readonly from: string | null; readonly oldest: string | null }>
  >;
}

const settings = ({ runWith }: Project, env: Record<string, string> = {}, ...words: readonly string[]) => {
  const { stdout, stderr, status } = runWith({ env }, "settings", "--format", "json", ...words);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Shown;
};
const pythonOf = (project: Project, ...words: readonly string[]) => settings(project, {}, ...words).python;
const rulesFound = ({ run }: Project, ...words: readonly string[]) =>
  jsonOf(run("check", "--format", "json", ...words)).findings.map((it) => `${it.path} ${it.rule}`);

const lock = (...packages: readonly string[]) =>
  packages.map((it) => `[[package]]\nname = "${it.split(" ")[0]}"\nversion = "${it.split(" ")[1]}"\n\n`).join("");

describe("the target of a run", () => {
  const SOURCES: readonly (readonly [Files, string, string])[] = [
    [{ "pyproject.toml": '[project]\nrequires-python = ">=3.9"\n' }, "3.9", "requires-python in pyproject.toml"],
    [{ "setup.cfg": "[options]\npython_requires = >=3.9\n" }, "3.9", "python_requires in setup.cfg"],
    [{ "setup.py": 'setup(python_requires=">=3.9")\n' }, "3.9", "python_requires in setup.py"],
    [{ ".python-version": "3.9.18\n" }, "3.9", ".python-version"],
    [
      { "pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.9"\n' },
      "3.9",
      "tool.poetry.dependencies in pyproject.toml",
    ],
    [
      { "setup.py": 'setup(classifiers=["Programming Language :: Python :: 3.9"])\n' },
      "3.9",
      "classifiers in setup.py",
    ],
    [{ ".venv/pyvenv.cfg": "version = 3.9.2\n" }, "3.9", ".venv"],
  ];
  for (const [files, version, from] of SOURCES) {
    it(
      `is ${version} by ${from}, and fixes keep to it`,
      inProject({ ...files, "a.py": ZIP }, (project) => {
        assert.deepEqual(pythonOf(project), { version, from });
        const fixed = (...words: readonly string[]) =>
          project.run(
            "check",
            "a.py",
            "--diff",
            "--unsafe-fixes",
            "--select",
            "iteration/range-len",
            "--min-level",
            "hint",
            ...words,
          ).stdout;
        assert.doesNotMatch(fixed(), /strict=True/);
        assert.match(fixed("--python", "3.10"), /strict=True/);
      }),
    );
  }

  it(
    "is what the configuration says, before what the project says elsewhere",
    inProject(
      {
        "pyproject.toml": '[project]\nrequires-python = ">=3.9"\n[tool.nippy]\npython = "3.12"\n',
        "given.toml": 'python = "3.13"\n',
        "plain.toml": "",
        "conf/pyproject.toml": '[project]\nrequires-python = ">=3.8"\n[tool.nippy]\n',
      },
      (project) => {
        assert.deepEqual(pythonOf(project), { version: "3.12", from: "pyproject.toml" });
        assert.deepEqual(pythonOf(project, "--config", "given.toml"), { version: "3.13", from: "given.toml" });
        assert.equal(pythonOf(project, "--config", "plain.toml").version, "3.9");
        assert.equal(pythonOf(project, "--config", "conf/pyproject.toml").version, "3.8");
      },
    ),
  );

  it(
    "is that of the nearest folder that says it, up to the repository's root",
    inProject(
      {
        "pyproject.toml": '[project]\nrequires-python = ">=3.9"\n',
        "uv.lock": lock("numpy 2.0.0", "tensorflow 2.10.0"),
        "packages/a/pyproject.toml": '[project]\nname = "a"\ndependencies = ["numpy>=1.26"]\n',
        "packages/a/src/a.py": "",
        "packages/b/setup.cfg": "[options]\npython_requires = >=3.12\n",
        "packages/b/requirements.txt": "numpy==1.26.4\n",
        "packages/b/b.py": "",
        "other/.git/HEAD": "",
        "other/c.py": "",
      },
      (project) => {
        const a = settings(project, {}, "packages/a/src/a.py");
        assert.deepEqual(a.python, { version: "3.9", from: "requires-python in pyproject.toml" });
        assert.equal(a.libraries["numpy"]?.version, "2.0.0");
        assert.equal(a.libraries["numpy"]?.oldest, "1.26");
        const b = settings(project, {}, "packages/b");
        assert.deepEqual(b.python, { version: "3.12", from: "python_requires in packages/b/setup.cfg" });
        assert.deepEqual(b.libraries["numpy"]?.from, "packages/b/requirements.txt");
        assert.equal(b.libraries["tensorflow"]?.version, "2.10.0");
        assert.deepEqual(settings(project, {}, "other/c.py").libraries, {});
        assert.deepEqual(settings(project, {}, "other/c.py").python, { version: "3.10", from: null });
      },
    ),
  );

  it(
    "switches rules off by the versions of libraries, folder by folder, and results kept for others are not used",
    inProject(
      {
        "a/uv.lock": lock("tensorflow 2.3.4"),
        "a/a.py": TENSORFLOW,
        "b/requirements.txt": "tensorflow==2.10.0\n",
        "b/b.py": TENSORFLOW,
      },
      (project) => {
        const b = ["b/b.py tensorflow/sequential-map"];
        const only = ["--select", "tensorflow/sequential-map"];
        assert.deepEqual(rulesFound(project, ...only), b);
        assert.deepEqual(rulesFound(project, ...only), b, "from the cache");
        project.write("a/uv.lock", lock("tensorflow 2.8.0"));
        assert.deepEqual(rulesFound(project, ...only), ["a/a.py tensorflow/sequential-map", ...b]);
        project.write("b/requirements.txt", "tensorflow>=2.1\n");
        assert.deepEqual(rulesFound(project, ...only), ["a/a.py tensorflow/sequential-map"]);
        rmSync(project.path("b/requirements.txt"));
        assert.deepEqual(rulesFound(project, ...only), ["a/a.py tensorflow/sequential-map", ...b]);
        assert.deepEqual(rulesFound(project, ...only, "--jobs", "2", "--no-cache"), [
          "a/a.py tensorflow/sequential-map",
          ...b,
        ]);
      },
    ),
  );

  it(
    "keeps back what is gone from a version that the project does not allow yet",
    inProject(
      {
        "pyproject.toml": '[project]\ndependencies = ["pandas<2"]\n',
        "a.py": "import pandas as pd\n\npd.DataFrame().iteritems()\n",
      },
      (project) => {
        const only = ["--select", "pandas/removed-name"];
        assert.deepEqual(rulesFound(project, ...only), []);
        project.write("pyproject.toml", '[project]\ndependencies = ["pandas<3"]\n');
        assert.deepEqual(rulesFound(project, ...only), ["a.py pandas/removed-name"]);
      },
    ),
  );

  it(
    "takes installed versions from the names in an environment, the project's own before the active one",
    inProject(
      {
        ".venv/pyvenv.cfg": "version = 3.12.1\n",
        ".venv/lib/python3.12/site-packages/numpy-2.1.0.dist-info/METADATA": "",
        "elsewhere/pyvenv.cfg": "version = 3.13.1\n",
        "elsewhere/lib/python3.13/site-packages/numpy-1.0.0.dist-info/METADATA": "",
        "elsewhere/lib/python3.13/site-packages/tensorflow-2.16.0.dist-info/METADATA": "",
        "a.py": "",
      },
      (project) => {
        const { python, libraries } = settings(project, { VIRTUAL_ENV: project.path("elsewhere") });
        assert.deepEqual(python, { version: "3.12", from: ".venv" });
        assert.deepEqual(
          Object.entries(libraries).map(([name, it]) => `${name} ${it.version} ${it.from}`),
          ["numpy 2.1.0 .venv", "tensorflow 2.16.0 elsewhere"],
        );
        assert.deepEqual(Object.keys(settings(project, { VIRTUAL_ENV: "elsewhere" }).libraries), ["numpy"]);
        assert.deepEqual(Object.keys(settings(project, { VIRTUAL_ENV: project.path("a.py") }).libraries), ["numpy"]);
      },
    ),
  );

  it(
    "reads only regular files of a bearable size, and is not held up by anything else",
    inProject({ "a.py": ROWS, "b/a.py": ROWS, "c/setup.py/x": "", "d/a.py": ROWS }, (project) => {
      assert.equal(spawnSync("mkfifo", ["setup.py", "uv.lock"], { cwd: project.folder }).status, 0);
      symlinkSync("/dev/zero", project.path("requirements.txt"));
      project.write("setup.cfg", `[options]\npython_requires = >=3.9\n${"#".repeat(300 * 1024)}`);
      project.write("b/uv.lock", `${lock("numpy 1.0.0")}${"#".repeat(6 * 1024 * 1024)}`);
      mkdirSync(project.path("d/pyproject.toml"));
      symlinkSync(".", project.path("d/.venv"));
      assert.deepEqual(pythonOf(project, "."), { version: "3.10", from: null });
      assert.deepEqual(settings(project, {}, "b").libraries, {});
      assert.equal(pythonOf(project, "c").version, "3.10");
      assert.equal(project.run("check", "--select", "pandas/iterrows").status, 1);
    }),
  );

  it(
    "is nothing where files are damaged",
    inProject(
      {
        "pyproject.toml": "[[[",
        "setup.cfg": "[options",
        "uv.lock": "\0".repeat(1000),
        "Pipfile.lock": "{",
        ".python-version": "\ufffd",
        "a.py": ROWS,
      },
      (project) => {
        assert.deepEqual(pythonOf(project), { version: "3.10", from: null });
        assert.equal(project.run("check").status, 1);
      },
    ),
  );
});

describe("nippy settings", () => {
  it(
    "says what holds, and where it comes from",
    inProject(
      {
        "pyproject.toml":
          '[project]\nrequires-python = ">=3.11"\ndependencies = ["pandas>=1.5,<3", "torch<2.6"]\n[tool.nippy]\nexclude = ["old/**"]\n[tool.nippy.levels]\n"pandas/*" = "error"\n',
        "uv.lock": lock("numpy 2.0.0", "pandas 2.2.0"),
        "src/a.py": "",
      },
      ({ run }) => {
        assert.deepEqual(run("settings", "src/a.py"), {
          status: 0,
          stderr: "",
          stdout: [
            "src/a.py",
            "  configuration  pyproject.toml",
            "  analysed       yes",
            "  Python         3.11 (requires-python in pyproject.toml)",
            "  libraries      numpy   2.0.0 (uv.lock)",
            "                 pandas  2.2.0 (uv.lock), 1.5 or later and below 3 allowed (pyproject.toml)",
            "                 torch   below 2.6 allowed (pyproject.toml)",
            "  levels         pandas/* = error (pyproject.toml:7)",
            "  exclude        old/** (pyproject.toml:5)",
            "  shown from     info",
            "  reasons        not required",
            "  complexity     up to 15 ways",
            "  leave to Ruff  no",
            "",
          ].join("\n"),
        });
      },
    ),
  );

  it(
    "says so where a project says nothing",
    inProject({}, ({ run }) => {
      const { stdout } = run("settings");
      assert.match(stdout, /Python +3\.10 \(assumed: the project does not say\)/);
      assert.match(stdout, /configuration +none\n/);
      assert.match(stdout, /libraries +none\n/);
    }),
  );

  it(
    "reads requirements in UTF-16, as older PowerShells write them",
    inProject({ "requirements.txt": Buffer.from("\ufeffnumpy==1.26.4\r\npandas==2.2.3\r\n", "utf16le") }, (project) => {
      const { libraries } = settings(project);
      assert.deepEqual([libraries["numpy"]?.version, libraries["pandas"]?.version], ["1.26.4", "2.2.3"]);
    }),
  );

  it(
    "has one public JSON shape",
    inProject({ "requirements.txt": "numpy>=1.26\npandas<3\n" }, ({ run }) => {
      assert.deepEqual(JSON.parse(run("settings", "--format", "json").stdout), {
        path: ".",
        configuration: null,
        configurations: [],
        excluded: false,
        python: { version: "3.10", from: null },
        libraries: {
          numpy: {
            version: null,
            from: null,
            oldest: "1.26",
            oldestFrom: "requirements.txt",
            below: null,
            belowFrom: null,
          },
          pandas: {
            version: null,
            from: null,
            oldest: null,
            oldestFrom: null,
            below: "3",
            belowFrom: "requirements.txt",
          },
        },
        levels: [],
        levelsFrom: [],
        exclude: [],
        excludeFrom: null,
        leaveToRuff: false,
        leaveToRuffFrom: null,
        requireReason: false,
        requireReasonFrom: null,
        maxComplexity: 15,
        maxComplexityFrom: null,
        minLevel: "info",
        minLevelFrom: null,
      });
    }),
  );

  it(
    "refuses a path that is not there",
    inProject({}, ({ run }) => {
      const { status, stderr } = run("settings", "nowhere");
      assert.equal(status, 2);
      assert.match(stderr, /^error: There is no file or folder "nowhere"\./);
    }),
  );
});
