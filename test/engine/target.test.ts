/** What code is written for: the oldest Python and the versions of libraries, out of every kind of file that says something about them. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  mergeTargets,
  NO_TARGET,
  readTarget,
  searchInstalled,
  searchTarget,
  targetSettings,
  type Ask,
  type Search,
  type Target,
} from "../../analysis/analyzer.js";
import { compareReleases, fitsGate, LIBRARIES, libraryOf, releaseOf } from "../../analysis/semantics/libraries.js";
import { lowestOf, namedPython } from "../../analysis/semantics/python-version.js";
import { rules } from "../../rules/index.generated.js";
import { allOn, check } from "../harness/check.js";

const texts = (files: Readonly<Record<string, string>>) => new Map(Object.entries(files));
const pythonIn = (files: Readonly<Record<string, string>>) => readTarget(texts(files)).python?.value;
/** `numpy 1.26.4 uv.lock`, `pandas >= 1.5 pyproject.toml`, `pandas < 3 pyproject.toml`. */
const words = ({ libraries }: Target) =>
  Object.entries(libraries).flatMap(([name, { version, oldest, below }]) => [
    ...(version ? [`${name} ${version.value} ${version.from}`] : []),
    ...(oldest ? [`${name} >= ${oldest.value} ${oldest.from}`] : []),
    ...(below ? [`${name} < ${below.value} ${below.from}`] : []),
  ]);
const librariesIn = (files: Readonly<Record<string, string>>) => words(readTarget(texts(files)));
const only = (name: string, text: string) => librariesIn({ [name]: text }).map((it) => it.replace(` ${name}`, ""));

describe("the newest Python that a project can run on", () => {
  const at = (by: string) => `Python 3.7 at most, ${by}`;
  const below37 = (by: string) => [
    `matplotlib < 3.6 ${at(by)}`,
    `numpy < 1.22 ${at(by)}`,
    `pandas < 1.4 ${at(by)}`,
    `python < 3.8 ${at(by)}`,
    `scipy < 1.8 ${at(by)}`,
    `sklearn < 1.1 ${at(by)}`,
  ];

  it("follows from the wheels of a pinned library, and ends what the project says nothing of", () => {
    const by = "by tensorflow 1.14.0 in requirements.txt";
    assert.deepEqual(librariesIn({ "requirements.txt": "tensorflow-gpu==1.14.0\nnumpy\n" }), [
      ...below37(by),
      "tensorflow 1.14.0 requirements.txt",
      `torch < 2.0 ${at(by)}`,
    ]);
    assert.deepEqual(only("requirements.txt", "tensorflow==2.16.1\n"), ["tensorflow 2.16.1"]);
  });

  it("follows from an upper end of what Python itself may be", () => {
    const by = "pyproject.toml";
    const ends = [...below37(by), `tensorflow < 2.12 ${at(by)}`, `torch < 2.0 ${at(by)}`];
    for (const it of [">=3.6,<3.8", "==3.7.*", "~=3.7.4", ">=3.6,<=3.7", "<3.8.0"])
      assert.deepEqual(
        librariesIn({ "pyproject.toml": `[project]\nname = "x"\nrequires-python = "${it}"\n` }),
        ends,
        it,
      );
    for (const it of [">=3.7", "^3.7", ">=3.7,<4", "!=3.7.*", "<3.14"])
      assert.deepEqual(librariesIn({ "pyproject.toml": `[project]\nname = "x"\nrequires-python = "${it}"\n` }), [], it);
    const conda = "dependencies:\n  - python=3.7\n  - pandas\n";
    assert.ok(librariesIn({ "environment.yml": conda }).includes(`pandas < 1.4 ${at("environment.yml")}`));
    assert.ok(librariesIn({ ".python-version": "3.7.9\n" }).includes(`numpy < 1.22 ${at(".python-version")}`));
  });

  it("leaves what is known of a library alone", () => {
    const text = "tensorflow==1.14.0\nnumpy==1.16.4\npandas<1\nscikit-learn>=1.2\n";
    const found = only("requirements.txt", text);
    for (const it of ["numpy 1.16.4", "pandas < 1", "sklearn >= 1.2"]) assert.ok(found.includes(it), it);
    assert.ok(!found.some((it) => /^(?:numpy|sklearn) </.test(it)));
  });
});

describe("the project's line length", () => {
  const lineLength = (files: Readonly<Record<string, string>>) => readTarget(texts(files)).lineLength;

  it("comes from the formatter's or checker's table", () => {
    assert.equal(lineLength({ "pyproject.toml": "[tool.ruff]\nline-length = 119\n" }), 119);
    assert.equal(lineLength({ "pyproject.toml": "[tool.black]\nline-length = 100\n" }), 100);
    assert.equal(
      lineLength({ "pyproject.toml": "[tool.black]\nline-length = 100\n[tool.ruff]\nline-length = 90\n" }),
      90,
    );
    assert.equal(lineLength({ "setup.cfg": "[pycodestyle]\nmax-line-length = 110\n" }), 110);
    assert.equal(lineLength({ "setup.cfg": "[flake8]\nmax_line_length = 79\n" }), 79);
    assert.equal(
      lineLength({ ".flake8": "[flake8]\nmax-line-length = 100\n", "tox.ini": "[flake8]\nmax-line-length = 90\n" }),
      100,
    );
    assert.equal(lineLength({ "tox.ini": "[tox]\nenvlist = py311\n[flake8]\nmax-line-length = 90\n" }), 90);
    assert.equal(lineLength({ ".ruff.toml": "line-length = 99\n", "ruff.toml": "line-length = 98\n" }), 99);
    assert.equal(lineLength({ "ruff.toml": "line-length = 120\n" }), 120);
  });

  it("is unknown where nobody says it, or what is said is none", () => {
    assert.equal(lineLength({ "pyproject.toml": "[project]\nname = 'x'\n" }), undefined);
    assert.equal(lineLength({ "pyproject.toml": "[tool.ruff]\nline-length = 'long'\n" }), undefined);
    assert.equal(lineLength({ "pyproject.toml": "[tool.black]\nline-length = 5\n" }), undefined);
    assert.equal(lineLength({ "setup.cfg": "[flake8]\nmax-line-length = -1\n" }), undefined);
  });

  it("is a setting of the analysis, and the nearer folder's counts", () => {
    const [near, far] = [90, 120].map((it) => readTarget(texts({ "ruff.toml": `line-length = ${it}\n` })));
    assert.equal(targetSettings(mergeTargets(near!, far!)).lineLength, 90);
    assert.equal(targetSettings(mergeTargets(readTarget(texts({})), far!)).lineLength, 120);
  });
});

describe("the target Python", () => {
  for (const [specifier, version] of [
    [">=3.9,<4", "3.9"],
    ["<4,>= 3.11", "3.11"],
    ["~=3.10.2", "3.10"],
    ["~=3.9", "3.9"],
    ["==3.11.*", "3.11"],
    ["^3.10", "3.10"],
    ["~3.9", "3.9"],
    ["3.9.*", "3.9"],
    [">=3.9 <3.13", "3.9"],
    ["^3.8 || ^3.10", "3.8"],
    ["^2.7 || ^3.6", "3.6"],
    [">=3.8,!=3.8.*", "3.9"],
    [">=2.7, !=3.0.*, !=3.1.*", "3.2"],
    [">=3", "3.0"],
    [">=3.8,!=3.8.1", "3.8"],
    ["!=3.9.*", undefined],
    ["<3.12", undefined],
    ["==2.7.*", undefined],
    [">=4", undefined],
    ["*", undefined],
    ["", undefined],
    [`>=3.9${",!=3.9.1".repeat(1_000)}`, undefined],
  ] as const) {
    it(`is ${version} for ${specifier.slice(0, 40)}`, () => assert.equal(lowestOf(specifier), version));
  }

  for (const [name, version] of [
    ["3.11.4", "3.11"],
    ["3.11", "3.11"],
    ["pypy3.10-7.3.12", "3.10"],
    ["cpython-3.12.1-linux-x86_64-gnu", "3.12"],
    ["3.13t", "3.13t"],
    ["cpython-3.14.0+freethreaded-linux-x86_64-gnu", "3.14t"],
    ["3.12-dev", "3.12"],
    ["3.14.0rc2", "3.14"],
    ["miniconda3-4.7.12", undefined],
    ["anaconda3-2023.03", undefined],
    ["graalpy-23.1.0", undefined],
    ["jython-2.7.3", undefined],
    ["my-project-3.9", undefined],
    ["2.7.18", undefined],
    ["3", undefined],
    ["system", undefined],
  ] as const) {
    it(`of the name ${name} is ${version}`, () => assert.equal(namedPython(name), version));
  }

  const SOURCES: readonly (readonly [name: string, text: string, version: string, from: string])[] = [
    [
      "pyproject.toml",
      '[project]\nrequires-python = ">=3.9"\n[tool.poetry.dependencies]\npython = "^3.13"\n',
      "3.9",
      "requires-python in pyproject.toml",
    ],
    ["setup.cfg", "[metadata]\nname = x\n[options]\npython_requires = >=3.7\n", "3.7", "python_requires in setup.cfg"],
    ["setup.py", 'setup(\n    name="x",\n    python_requires=">=3.8",\n)\n', "3.8", "python_requires in setup.py"],
    [".python-version", "# ours\n3.12.1\n3.11.9\n", "3.11", ".python-version"],
    [
      "pyproject.toml",
      '[tool.poetry.dependencies]\npython = "^3.10"\n',
      "3.10",
      "tool.poetry.dependencies in pyproject.toml",
    ],
    [
      "pyproject.toml",
      '[project]\nclassifiers = ["Programming Language :: Python :: 3", "Programming Language :: Python :: 3.12", "Programming Language :: Python :: 3.9"]\n',
      "3.9",
      "classifiers in pyproject.toml",
    ],
    [
      "setup.cfg",
      "[metadata]\nclassifiers =\n    Programming Language :: Python :: 3.10\n    Programming Language :: Python :: 3.8\n",
      "3.8",
      "classifiers in setup.cfg",
    ],
    [
      "setup.py",
      'setup(classifiers=["Programming Language :: Python :: 3.11",\n    # "Programming Language :: Python :: 3.6",\n    "Programming Language :: Python :: 3.10"])\n',
      "3.10",
      "classifiers in setup.py",
    ],
  ];

  for (const [name, text, version, from] of SOURCES) {
    it(`is told by ${from}`, () =>
      assert.deepEqual(readTarget(texts({ [name]: text })).python, { value: version, from }));
  }

  it("is the free-threaded build where the pinned version is", () => {
    assert.equal(pythonIn({ ".python-version": "3.14t\n" }), "3.14t");
    const project = { "pyproject.toml": '[project]\nrequires-python = ">=3.13"\n', ".python-version": "3.14t\n" };
    assert.deepEqual(readTarget(texts(project)).python, {
      value: "3.13t",
      from: "requires-python in pyproject.toml, free-threaded by .python-version",
    });
    assert.equal(pythonIn({ ...project, ".python-version": "3.14\n" }), "3.13");
  });

  it("comes from the first of these that says anything", () => {
    for (let first = 0; first < SOURCES.length; first++) {
      // Of one name the earlier source's text is the one that stands there.
      const files = Object.fromEntries(SOURCES.slice(first).toReversed());
      assert.equal(readTarget(texts(files)).python?.from, SOURCES[first]![3]);
    }
  });

  it("of a setup.cfg may go on below, and has nothing to do with other sections", () => {
    assert.equal(pythonIn({ "setup.cfg": "[options]\npython_requires =\n    >=3.8\n    !=3.8.*\n" }), "3.9");
    assert.equal(
      pythonIn({ "setup.cfg": "[options]\n# python_requires = >=3.8\n[tox]\npython_requires = >=3.6\n" }),
      undefined,
    );
    assert.equal(pythonIn({ "setup.cfg": "[options]\r\npython_requires = >=3.8\r\n" }), "3.8");
  });

  for (const [code, version] of [
    ["setup(python_requires='>=3.8')", "3.8"],
    ["setup(**{'python_requires': '>=3.7', 'name': 'x'})", "3.7"],
    ["setup(python_requires = '>=3.7' ,\n)", "3.7"],
    ["setup(python_requires=f'>=3.{MINOR}')", undefined],
    ["setup(python_requires='>=3.' + MINOR)", undefined],
    ["setup(python_requires=REQUIRED)", undefined],
    ["    # python_requires='>=3.6',\nsetup(python_requires='>=3.9')", "3.9"],
    ["python_requires='>=3.6", undefined],
  ] as const) {
    it(`of ${code.slice(0, 60)} is ${version}`, () => assert.equal(pythonIn({ "setup.py": code }), version));
  }

  it("is nothing where files are broken or hold something else", () => {
    for (const text of [
      "not = [toml",
      "[project]\nrequires-python = 3.11\n",
      '[project]\nrequires-python = [">=3.11"]\n',
      "project = 7\n",
      "[project]\nclassifiers = 3\n",
      '[tool.poetry]\ndependencies = "x"\n',
      "__proto__ = { a = 1 }\nconstructor = 2\n",
      `a = ${"[".repeat(5_000)}`,
    ])
      assert.deepEqual(readTarget(texts({ "pyproject.toml": text })), NO_TARGET, text.slice(0, 40));
    assert.deepEqual(
      readTarget(texts({ "setup.cfg": "[[[\n= =\n\0", "setup.py": "\0(", ".python-version": "\n\n" })),
      NO_TARGET,
    );
  });

  it("of an environment counts only where nothing else says one", () => {
    const environment = { name: ".venv", config: "home = /usr/bin\nversion = 3.12.4\n", packages: [] };
    const { python, installed } = readTarget(new Map(), environment);
    assert.equal(python, undefined);
    assert.deepEqual(installed, { value: "3.12", from: ".venv" });
    assert.equal(targetSettings({ libraries: {}, installed: installed! }).python, "3.12");
    const above = readTarget(texts({ "setup.cfg": "[options]\npython_requires = >=3.9\n" }));
    assert.equal(targetSettings(mergeTargets(readTarget(new Map(), environment), above)).python, "3.9");
    const virtualenv = { ...environment, config: "version_info = 3.11.2.final.0\n" };
    assert.equal(readTarget(new Map(), virtualenv).installed?.value, "3.11");
    const conda = readTarget(texts({ "environment.yml": "name: x\ndependencies:\n  - python=3.10\n  - pip\n" }));
    assert.deepEqual(conda.installed, { value: "3.10", from: "environment.yml" });
  });
});

describe("the versions of libraries", () => {
  it("of what brings a module back count as any, where only its name is there", () => {
    assert.deepEqual(only("requirements.txt", "audioop-lts\nlegacy-cgi>=2\nstandard-uu==3.13\nnumpy\n").sort(), [
      "audioop >= 0",
      "cgi >= 2",
      "uu 3.13",
    ]);
  });

  it("are known by distribution and import name, however written", () => {
    for (const [distribution, name] of [
      ["scikit-learn", "sklearn"],
      ["Scikit_Learn", "sklearn"],
      ["opencv-python-headless", "cv2"],
      ["Pillow", "PIL"],
      ["PyYAML", "yaml"],
      ["beautifulsoup4", "bs4"],
      ["tensorflow-cpu", "tensorflow"],
      ["pytorch", "torch"],
      ["constructor", undefined],
      ["__proto__", undefined],
    ] as const)
      assert.equal(libraryOf(distribution), name);
    const all = Object.values(LIBRARIES).flat();
    assert.equal(new Set(all).size, all.length, "a distribution brings one library");
    for (const it of all) assert.match(it, /^[a-z0-9]+(-[a-z0-9]+)*$/, "written as PEP 503 normalises it");
  });

  it("are compared as releases, by their numbers alone", () => {
    assert.equal(releaseOf("2.1.0rc1+cu121"), "2.1.0");
    assert.equal(releaseOf("v2.1"), "2.1");
    assert.equal(releaseOf("1!2.0"), undefined);
    assert.equal(releaseOf("latest"), undefined);
    assert.equal(releaseOf(`${"9".repeat(400)}.1`), undefined);
    assert.ok(compareReleases("1.10", "1.9") > 0);
    assert.ok(compareReleases("2", "2.0.1") < 0);
    assert.equal(compareReleases("2", "2.0.0"), 0);
  });

  const UV = `version = 1
requires-python = ">=3.10"

[[package]]
name = "mine"
source = { editable = "." }
dependencies = [
    { name = "numpy" },
]

[package.metadata]
requires-dist = [{ name = "numpy", specifier = ">=1" }]

[[package]]
name = "numpy"
version = "2.2.6"
source = { registry = "https://pypi.org/simple" }
resolution-markers = [
    "python_full_version < '3.11'",
]

[[package]]
name = "numpy"
version = "2.3.1"

[[package]]
name = "opencv-python"
version = "4.10.0.84"

[[package]]
name = "torch"
version = "2.3.0+cu121"
`;

  it("come from uv.lock, of several the lowest", () => {
    assert.deepEqual(only("uv.lock", UV), ["cv2 4.10.0.84", "numpy 2.2.6", "torch 2.3.0"]);
    assert.deepEqual(only("uv.lock", UV.replaceAll("\n", "\r\n")), ["cv2 4.10.0.84", "numpy 2.2.6", "torch 2.3.0"]);
  });

  it("come from poetry.lock, where a dependency may be called version", () => {
    const lock = `# This file is automatically @generated by Poetry 1.8.3
[[package]]
name = "pandas"
version = "2.1.4"
description = "[[package]] of data structures"
optional = false

[package.dependencies]
numpy = {version = ">=1.22.4,<2", markers = "python_version < \\"3.11\\""}
version = ">=9"
name = "numpy"

[[package]]
name = "yaml-less"

[package.extras]
version = "3"
`;
    assert.deepEqual(only("poetry.lock", lock), ["pandas 2.1.4"]);
  });

  it("come from pdm.lock and pylock.toml", () => {
    assert.deepEqual(
      only("pdm.lock", '[metadata]\n[[package]]\nname = "PyYAML"\nversion = "6.0.1"\nrequires_python = ">=3.6"\n'),
      ["yaml 6.0.1"],
    );
    assert.deepEqual(only("pylock.toml", 'lock-version = "1.0"\n[[packages]]\nname = "scipy"\nversion = "1.11.4"\n'), [
      "scipy 1.11.4",
    ]);
  });

  it("come from Pipfile.lock", () => {
    const lock = JSON.stringify({
      _meta: { requires: { python_version: "3.11" } },
      default: { "scikit-learn": { version: "==1.4.2" }, mine: { editable: true }, numpy: { version: "*" }, torch: 7 },
      develop: { pytest: { version: "==8.1.1" } },
    });
    assert.deepEqual(only("Pipfile.lock", lock), ["pytest 8.1.1", "sklearn 1.4.2"]);
    for (const text of ["", "{", "[]", "null", '{"default": []}', '{"__proto__": {"numpy": {"version": "==1.2.3"}}}'])
      assert.deepEqual(only("Pipfile.lock", text), []);
  });

  it("come from conda-lock.yml, in whatever order an item's keys stand", () => {
    const lock = `version: 1
metadata:
  channels:
  - url: conda-forge
    name: pandas
    version: 9.9.9
package:
- name: numpy
  version: 1.26.4
  manager: conda
  platform: linux-64
  dependencies:
    name: '>=1'
    version: '>=9'
- category: main
  dependencies:
    numpy: '>=1.2'
  name: pytorch
  optional: false
  platforms:
  - linux-64
  version: '2.1.0'
other:
- name: scipy
  version: 1.0.0
`;
    assert.deepEqual(only("conda-lock.yml", lock), ["numpy 1.26.4", "torch 2.1.0"]);
    assert.deepEqual(only("conda-lock.yml", "package:\n  - name: numpy\n    version: 1.26.4\n"), ["numpy 1.26.4"]);
  });

  it("come from requirements: a pin is a version, a range tells the oldest and where it ends", () => {
    const text = `# made by hand
-r other.txt
--index-url https://example.invalid
numpy==1.26.4 \\
    --hash=sha256:${"0".repeat(64)}
pandas[excel, parquet] >=1.5,<3 ; python_version < "3.12"
pandas>=2.0; python_version >= "3.12"  # newer
scipy~=1.11
torch == 2.1.*
requests
httpx @ https://example.invalid/httpx-0.27.0.whl
pydantic!=2.0,<3
scikit-learn (==1.4.0)
matplotlib===3.8.2
PyYAML==6.0.1 --config-settings=x==9.9.9
`;
    assert.deepEqual(only("requirements.txt", text).sort(), [
      "matplotlib 3.8.2",
      "numpy 1.26.4",
      "pandas >= 1.5",
      "pydantic < 3",
      "scipy < 2",
      "scipy >= 1.11",
      "sklearn 1.4.0",
      "torch < 2.2",
      "torch >= 2.1",
      "yaml 6.0.1",
    ]);
  });

  it("come from environment.yml, for conda and for pip", () => {
    const text = `name: x
channels:
  - conda-forge
dependencies:
  - python=3.11
  - numpy=1.26.4=py311_0
  - conda-forge::pandas=2.1
  - "scipy>=1.10"
  - pip:
    - transformers==4.40.0
variables:
  - torch=2.0.0
`;
    assert.deepEqual(only("environment.yml", text), [
      "numpy 1.26.4",
      "pandas >= 2.1",
      "pandas < 2.2",
      "python < 3.12 Python 3.11 at most,",
      "scipy >= 1.10",
      "transformers 4.40.0",
    ]);
  });

  it("come from the other names that environments of conda are kept under", () => {
    for (const name of ["environment.yaml", "requirements.yml", "requirements.yaml", "conda.yml"])
      assert.deepEqual(only(name, "dependencies:\n  - pip:\n    - keras~=2.3.1\n"), ["keras >= 2.3.1", "keras < 2.4"]);
  });

  it("come from the dependencies of pyproject.toml and setup.cfg", () => {
    assert.deepEqual(
      only(
        "pyproject.toml",
        '[project]\ndependencies = ["pandas>=1.5", "numpy==1.26.4", 7]\n[project.optional-dependencies]\nml = ["torch>=2.0,!=2.0.1"]\n',
      ),
      ["numpy 1.26.4", "pandas >= 1.5", "torch >= 2.0"],
    );
    assert.deepEqual(
      only(
        "pyproject.toml",
        '[tool.poetry.dependencies]\npandas = "^2.1"\nnumpy = { version = "~1.26", optional = true }\ntorch = [{ version = "^2.0" }, { version = "^1.13" }]\nscipy = "*"\nopenai = { git = "x" }\n',
      ),
      ["numpy >= 1.26", "numpy < 1.27", "pandas >= 2.1", "pandas < 3", "torch >= 1.13", "torch < 3"],
    );
    assert.deepEqual(only("setup.cfg", "[options]\ninstall_requires =\n    numpy>=1.20\n    pandas==2.1.0\n"), [
      "numpy >= 1.20",
      "pandas 2.1.0",
    ]);
  });

  for (const [specifier, oldest, below] of [
    ["<3", undefined, "3"],
    ["<3.0.0a0", undefined, "3.0.0"],
    ["<=2.2.3", undefined, "2.2.4"],
    ["<=2.2", undefined, "2.2.1"],
    [">=1.5,<3,<2.5", "1.5", "2.5"],
    ["<3 , >= 2", "2", "3"],
    [">=2,!=2.0.1,!=3.*", "2", undefined],
    [">1.5", "1.5", undefined],
    ["==2.2.*", "2.2", "2.3"],
    ["==2.*,<2.2", "2", "2.2"],
    ["~=1.26", "1.26", "2"],
    ["~=1.26.2", "1.26.2", "1.27"],
    ["~=2", "2", undefined],
    ["~1", "1", "2"],
    ["~1.26", "1.26", "1.27"],
    ["~1.26.2", "1.26.2", "1.27"],
    ["^1.26", "1.26", "2"],
    ["^1.26.4", "1.26.4", "2"],
    ["^0.59.1", "0.59.1", "0.60"],
    ["^0.0.3", "0.0.3", "0.0.4"],
    ["^0.0", "0.0", "0.1"],
    ["^0", "0", "1"],
    ["2.*", "2", "3"],
    ["=1.26", "1.26", "1.27"],
    ["1.26", "1.26", "1.27"],
    ["^1.26 || ^2.1", "1.26", "3"],
    ["<1.26 | >=2", undefined, undefined],
    ["^1.26 || 2.1.0", "1.26", "2.1.1"],
    ["*", undefined, undefined],
    ["", undefined, undefined],
    [`<2${",<2".repeat(1_000)}`, undefined, undefined],
  ] as const) {
    const said = [oldest && `numpy >= ${oldest}`, below && `numpy < ${below}`].filter((it) => it !== undefined);
    it(`allowed by ${specifier.slice(0, 40)} are ${said.join(", ") || "any"}`, () => {
      assert.deepEqual(only("pyproject.toml", `[tool.poetry.dependencies]\nnumpy = "${specifier}"\n`), said);
    });
  }

  it("have an upper end wherever they have a lower one", () => {
    for (const [name, text] of [
      ["pyproject.toml", "[project]\ndependencies = [\"pandas[excel]<3 ; python_version < '4'\"]\n"],
      ["pyproject.toml", '[project]\ndependencies = ["numpy"]\n[project.optional-dependencies]\nx = ["pandas<3"]\n'],
      ["pyproject.toml", '[tool.poetry.dependencies]\npandas = { version = "<3", optional = true }\n'],
      ["pyproject.toml", '[tool.poetry.dependencies]\npandas = [{ version = "<2" }, { version = "<3" }]\n'],
      ["setup.cfg", "[options]\ninstall_requires =\n    pandas <3\n"],
      ["requirements.txt", "pandas<3  # not yet\n"],
      ["requirements.lock", "pandas < 3\n"],
      ["requirments.txt", "pandas<3\n"],
      ["environment.yml", "dependencies:\n  - conda-forge::pandas<3\n"],
      ["environment.yaml", "dependencies:\n  - pip:\n    - pandas<3\n"],
    ] as const)
      assert.deepEqual(only(name, text), ["pandas < 3"], text);
  });

  it("have no upper end where an entry leaves it open, but what the project always needs goes before its extras", () => {
    const inProject = (own: string, ...extras: readonly string[]) =>
      only(
        "pyproject.toml",
        `[project]\ndependencies = [${own}]\n[project.optional-dependencies]\n${extras.map((it, at) => `x${at} = [${it}]\n`).join("")}`,
      );
    assert.deepEqual(only("requirements.txt", "pandas<3; python_version<'3.11'\npandas\n"), []);
    assert.deepEqual(only("requirements.txt", "pandas<3\npandas<2.2\n"), ["pandas < 3"]);
    assert.deepEqual(only("requirements.txt", "pandas<3\npandas @ https://example.invalid/pandas.whl\n"), []);
    assert.deepEqual(inProject('"pandas<3"', '"pandas"', '"pandas[excel]>=1.5"'), ["pandas >= 1.5", "pandas < 3"]);
    assert.deepEqual(inProject('"pandas>=1.5"', '"pandas<3"'), ["pandas >= 1.5"]);
    assert.deepEqual(inProject("", '"pandas<3"', '"pandas"'), []);
    assert.deepEqual(inProject("", '"pandas<3"', '"pandas<2"'), ["pandas < 3"]);
  });

  it("have no upper end that what counts more does not keep to", () => {
    const far = readTarget(texts({ "requirements.txt": "pandas<3\nnumpy<2\n" }));
    const merged = (text: string) => words(mergeTargets(readTarget(texts({ "setup.cfg": text })), far)).sort();
    assert.deepEqual(merged("[options]\ninstall_requires = pandas>=3\n"), [
      "numpy < 2 requirements.txt",
      "pandas >= 3 setup.cfg",
    ]);
    assert.deepEqual(merged("[options]\ninstall_requires = pandas>=2\n"), [
      "numpy < 2 requirements.txt",
      "pandas < 3 requirements.txt",
      "pandas >= 2 setup.cfg",
    ]);
    const locked = (version: string) =>
      librariesIn({
        "uv.lock": `[[package]]\nname = "pandas"\nversion = "${version}"\n`,
        "requirements.txt": "pandas<3\n",
      });
    assert.deepEqual(locked("3.0.1"), ["pandas 3.0.1 uv.lock"]);
    assert.deepEqual(locked("2.2.0"), ["pandas 2.2.0 uv.lock", "pandas < 3 requirements.txt"]);
    assert.deepEqual(targetSettings(readTarget(texts({ "requirements.txt": "pandas>=1.5,<3\n" }))).libraries, {
      pandas: { oldest: "1.5", below: "3" },
    });
  });

  it("come from the names in an environment", () => {
    const packages = [
      "numpy-2.1.0.dist-info",
      "scikit_learn-1.5.0.dist-info",
      "PyYAML-6.0.1.dist-info",
      "torch-2.3.0+cu121.dist-info",
      "pandas",
      "pandas.dist-info",
      "-1.dist-info",
      "__proto__-1.0.dist-info",
    ];
    assert.deepEqual(words(readTarget(new Map(), { name: ".venv", config: "", packages })), [
      "numpy 2.1.0 .venv",
      "sklearn 1.5.0 .venv",
      "torch 2.3.0 .venv",
      "yaml 6.0.1 .venv",
    ]);
  });

  it("come from locks before requirements, from these before the environment, and from the nearest folder", () => {
    const files = {
      "uv.lock": '[[package]]\nname = "numpy"\nversion = "2.0.0"\n',
      "poetry.lock":
        '[[package]]\nname = "numpy"\nversion = "1.0.0"\n[[package]]\nname = "pandas"\nversion = "2.0.0"\n',
      "requirements.txt": "numpy==1.1.1\npandas==1.1.1\nscipy==1.1.1\n",
      "pyproject.toml": '[project]\ndependencies = ["numpy>=1.5", "torch==2.0.0"]\n',
    };
    const packages = ["numpy", "pandas", "scipy", "torch", "openai"].map((it) => `${it}-9.9.9.dist-info`);
    const far = readTarget(texts(files), { name: ".venv", config: "", packages }, (name) => `../${name}`);
    assert.deepEqual(words(far).sort(), [
      "numpy 2.0.0 ../uv.lock",
      "numpy >= 1.5 ../pyproject.toml",
      "openai 9.9.9 ../.venv",
      "pandas 2.0.0 ../poetry.lock",
      "scipy 1.1.1 ../requirements.txt",
      "torch 2.0.0 ../pyproject.toml",
    ]);
    const near = readTarget(texts({ "requirements.txt": "numpy==1.26.4\nscipy>=1.9\n" }));
    assert.deepEqual(words(mergeTargets(near, far)).sort(), [
      "numpy 1.26.4 requirements.txt",
      "numpy >= 1.5 ../pyproject.toml",
      "openai 9.9.9 ../.venv",
      "pandas 2.0.0 ../poetry.lock",
      "scipy 1.1.1 ../requirements.txt",
      "scipy >= 1.9 requirements.txt",
      "torch 2.0.0 ../pyproject.toml",
    ]);
  });

  it("are written in the order of their names, so that they are the same settings whatever order the files name them in", () => {
    const one = readTarget(texts({ "requirements.txt": "numpy==1.0.0\ntorch==2.0.0\n" }));
    const other = readTarget(texts({ "requirements.txt": "torch==2.0.0\nnumpy==1.0.0\n" }));
    assert.equal(JSON.stringify(targetSettings(one)), JSON.stringify(targetSettings(other)));
    assert.deepEqual(targetSettings(one).libraries, { numpy: { version: "1.0.0" }, torch: { version: "2.0.0" } });
  });

  it("take no longer than their files: ten times the text, about ten times the time", () => {
    const hostile: Readonly<Record<string, (size: number) => string>> = {
      "uv.lock": (size) => "[[package]]".repeat(size),
      "poetry.lock": (size) => `[[package]]\n${"x".repeat(size * 5)}${"\nname".repeat(size)}`,
      "pdm.lock": (size) => '[[package]]\nname = "numpy"\n'.repeat(size),
      "Pipfile.lock": (size) => '{"default":'.repeat(size),
      "conda-lock.yml": (size) => `package:\n${"- ".repeat(size)}\n${"- name: numpy\n".repeat(size)}`,
      "requirements.txt": (size) =>
        `${"a-".repeat(size)}\n${"numpy==1,".repeat(size)}\n${`a[${" ".repeat(20)}\n`.repeat(size)}`,
      "environment.yml": (size) => `dependencies:\n${`- ${"python ".repeat(20)}\n`.repeat(size)}${" ".repeat(size)}`,
      "setup.cfg": (size) =>
        `[${"a".repeat(size)}\n${"[options]\npython_requires\n".repeat(size)}${"key ".repeat(size)}`,
      "setup.py": (size) =>
        `${"python_requires = ".repeat(size)}${`python_requires${" ".repeat(20)}`.repeat(size)}${" #".repeat(size)}`,
      "pyproject.toml": (size) =>
        `[project]\nrequires-python = "${">=3.9,".repeat(size)}"\nclassifiers = [${'"Programming Language :: Python :: 3.9",'.repeat(size)}]`,
      ".python-version": (size) => "3.11 ".repeat(size),
    };
    for (const [name, make] of Object.entries(hostile)) {
      const time = (size: number) => {
        const files = texts({ [name]: make(size) });
        const start = performance.now();
        readTarget(files);
        return performance.now() - start;
      };
      time(500);
      const tried: string[] = [];
      // A machine that is busy just then makes one try slow, not all of them.
      const isLinear = () => {
        const small = Math.min(time(2_000), time(2_000), time(2_000));
        const large = Math.min(time(20_000), time(20_000));
        tried.push(`${small} ms, then ${large} ms`);
        return large < Math.max(20, small) * 40;
      };
      assert.ok(isLinear() || isLinear() || isLinear() || isLinear(), `${name}: ${tried.join("; ")}`);
    }
  });
});

describe("the search for what a folder says", () => {
  /** Answers as a host would whose files are these; a name that ends in a slash is a folder. */
  const answered = <T>(search: Search<T>, files: Readonly<Record<string, string>>, lists = true) => {
    const asked: Ask[] = [];
    const names = (folder: string) => {
      const start = folder === "" ? "" : `${folder}/`;
      const found = Object.keys(files).filter((it) => it.startsWith(start));
      return found.length === 0 ? undefined : [...new Set(found.map((it) => it.slice(start.length).split("/")[0]!))];
    };
    let step = search.next();
    while (!step.done) {
      const ask = step.value;
      asked.push(ask);
      step = search.next(
        "list" in ask ? (lists ? names(ask.list) : undefined) : ask.read.map(({ path }) => files[path]),
      );
    }
    return { value: step.value, asked };
  };
  const VENV = { ".venv/pyvenv.cfg": "version = 3.12.1\n" };

  it("reads only what is there, and at most so much of it", () => {
    const { value, asked } = answered(searchTarget(), {
      "a.py": "",
      "uv.lock": "",
      "setup.py": "setup(python_requires='>=3.9')",
      ".git/HEAD": "",
    });
    assert.deepEqual(asked, [
      { list: "" },
      {
        read: [
          { path: "setup.py", most: 256 * 1024 },
          { path: "uv.lock", most: 5 * 1024 * 1024 },
        ],
      },
    ]);
    assert.equal(value.isRoot, true);
    assert.equal(value.python?.value, "3.9");
  });

  it("asks nothing more of a folder that holds nothing of the kind", () => {
    const { value, asked } = answered(searchTarget(), { "a.py": "" });
    assert.deepEqual(value, { ...NO_TARGET, isRoot: false });
    assert.equal(asked.length, 1);
  });

  it("tries every name where a folder cannot be listed", () => {
    const { value } = answered(searchTarget(), { ".python-version": "3.12" }, false);
    assert.equal(value.python?.value, "3.12");
  });

  it("finds an environment as POSIX and as Windows lay it out, and takes no other folder for one", () => {
    const posix = { ...VENV, ".venv/lib/python3.12/site-packages/numpy-2.0.0.dist-info/METADATA": "" };
    assert.deepEqual(words(answered(searchTarget(), posix).value), ["numpy 2.0.0 .venv"]);
    const windows = {
      "venv/pyvenv.cfg": "version = 3.12.1\n",
      "venv/Lib/site-packages/numpy-2.0.0.dist-info/METADATA": "",
    };
    assert.deepEqual(words(answered(searchTarget(), windows).value), ["numpy 2.0.0 venv"]);
    const other = { "env/lib/python3.12/site-packages/numpy-2.0.0.dist-info/METADATA": "" };
    assert.deepEqual(answered(searchTarget(), other).value, { ...NO_TARGET, isRoot: false });
    assert.equal(answered(searchTarget(), VENV).value.installed?.value, "3.12");
    assert.deepEqual(words(answered(searchInstalled(".venv", "active"), posix).value), ["numpy 2.0.0 active"]);
  });
});

describe("a rule that is meant for some versions of a library", () => {
  it("is off only where what is known lies outside", () => {
    for (const [gate, known, answer] of [
      [{ from: "2.0" }, undefined, "unknown"],
      [{ from: "2.0" }, {}, "unknown"],
      [{ from: "2.0" }, { version: "2.0.0" }, "yes"],
      [{ from: "2.0" }, { version: "1.9.9" }, "no"],
      [{ from: "2.0" }, { version: "2.2.0", oldest: "1.5" }, "no"],
      [{ from: "2.0" }, { oldest: "2.0" }, "yes"],
      [{ until: "3.0" }, { version: "3.0.0" }, "no"],
      [{ until: "3.0" }, { version: "2.9" }, "yes"],
      [{ until: "3.0" }, { oldest: "1.5" }, "yes"],
      [{ from: "2", until: "3" }, { version: "2.5" }, "yes"],
      [{ from: "3.0" }, { below: "3" }, "no"],
      [{ from: "3.0" }, { oldest: "1.5", below: "3" }, "no"],
      [{ from: "3.0" }, { below: "4" }, "unknown"],
      [{ until: "3.0" }, { below: "3" }, "yes"],
      [{ until: "3.0" }, { below: "4" }, "unknown"],
      [{ from: "2.0", until: "3.0" }, { below: "3" }, "unknown"],
      [{ from: "2.0", until: "3.0" }, { oldest: "2.1", below: "3" }, "yes"],
    ] as const)
      assert.equal(fitsGate(gate, known), answer, JSON.stringify([gate, known]));
  });

  it("follows the settings of its file", async () => {
    const rule = rules.find((it) => it.name === "tensorflow/sequential-map")!;
    const found = async (libraries: Parameters<typeof allOn>[0]) =>
      (await check(rule.examples[0].before, [rule], allOn(libraries))).findings.length;
    assert.equal(await found({}), 1);
    assert.equal(await found({ libraries: { tensorflow: { version: "2.10.0" } } }), 1);
    assert.equal(await found({ libraries: { tensorflow: { version: "2.3.4" } } }), 0);
    assert.equal(await found({ libraries: { tensorflow: { oldest: "2.3" } } }), 0);
  });

  it("keeps back what is gone only from a version that the project does not allow yet", async () => {
    const levels = async (code: string, name: string, libraries: Parameters<typeof allOn>[0]) => {
      const rule = rules.find((it) => it.name === name)!;
      return (await check(code, [rule], allOn(libraries))).findings.map((it) => it.level);
    };
    const gone = "import pandas as pd\npd.DataFrame().iteritems()\n";
    const pandas = (libraries: Parameters<typeof allOn>[0]) => levels(gone, "pandas/removed-name", libraries);
    assert.deepEqual(await pandas({ libraries: { pandas: { below: "2" } } }), []);
    assert.deepEqual(await pandas({ libraries: { pandas: { oldest: "1.0", below: "1.6" } } }), []);
    assert.equal((await pandas({ libraries: { pandas: { below: "3" } } })).length, 1);
    assert.equal((await pandas({ libraries: { pandas: { oldest: "2.0", below: "3" } } })).length, 1);
    const numpy = "import numpy as np\nprint(np.in1d([1], [1]), np.Inf)\n";
    assert.deepEqual(await levels(numpy, "numpy/removed-name", { libraries: { numpy: { below: "2" } } }), []);
    assert.equal((await levels(numpy, "numpy/removed-name", { libraries: { numpy: { below: "2.1" } } })).length, 1);
  });

  it("names releases", () => {
    for (const { name, library } of rules)
      for (const gate of Object.values(library))
        for (const it of [gate.from, gate.until])
          if (it !== undefined) assert.equal(releaseOf(it), it, `${name}: "${it}" is no release`);
  });
});
