/** Questions in users' words: the first hit is the page that answers them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { constructs } from "../guide/constructs/index.generated.js";
import { rules } from "../rules/index.generated.js";
import { sections } from "../scripts/guide-index.js";
import {
  constructPage,
  rulePage,
  allPages,
  settingPages,
  snippetPage,
  type Manifest,
  type Texts,
  type Page,
} from "../search/page.js";
import { createSearch } from "../search/search.js";
import { readSnippets } from "./harness/snippet.js";

const pages: readonly Page[] = allPages(sections(), [
  ...rules.map(rulePage),
  ...constructs.map(constructPage),
  ...readSnippets().map(snippetPage),
  ...settingPages(
    JSON.parse(readFileSync("package.json", "utf8")) as Manifest,
    JSON.parse(readFileSync("package.nls.json", "utf8")) as Texts,
  ),
]);
const search = createSearch(pages);

/** What is asked, and the names of the pages that answer it. */
const QUESTIONS: readonly (readonly [query: string, ...answers: string[]])[] = [
  ["race condition", "concurrency-pitfalls", "thread-sync", "concurrency/unlocked-shared-state"],
  ["csv too big", "pandas-scale", "pd-chunks"],
  ["how to cache", "caching"],
  ["iterows", "pandas/iterrows"],
  ["dataframe slow loop", "pandas", "pandas/iterrows"],
  ["gpu", "pytorch"],
  ["memory leak", "memory-profiling"],
  ["my program is slow", "profiling-method", "profilers"],
  ["out of memory", "memory-habits", "memory-profiling", "pandas-scale"],
  ["read a large file line by line", "generators", "memory-habits", "generators/whole-file-read"],
  ["retry failed request", "dec-retry"],
  ["singleton", "pattern-singleton"],
  ["timer", "cm-timer", "dec-timing", "benchmarking"],
  ["measure how long a function takes", "benchmarking", "profilers", "dec-timing", "prof-cprofile"],
  ["multiprocessing pool", "multiprocessing", "par-mp-pool"],
  ["threads or processes?", "concurrency-choice"],
  ["threads do not make it faster", "gil", "threading", "concurrency/cpu-work-in-threads"],
  ["what is the GIL", "gil"],
  ["deadlock", "concurrency-pitfalls", "Deadlock"],
  ["many http requests at once", "async-patterns", "async-fetch", "networking"],
  ["async await tutorial", "asyncio"],
  ["vectorise a loop", "numpy", "numpy/elementwise-loop"],
  ["np.append slow", "numpy/append-in-loop"],
  ["string concatenation in a loop", "strings/concat-in-loop"],
  ["checking if item in list is slow", "collections/list-membership-in-loop", "data-structures"],
  ["pytorch mixed precision", "pytorch", "torch-train-amp"],
  ["dataloader num_workers", "torch-data", "DataLoader", "pytorch/loader-options-without-workers"],
  ["gradient accumulation", "torch-accumulate"],
  ["checkpoint training", "torch-checkpoint"],
  ["mutable default argument", "runtime/mutable-default"],
  ["unit tests", "testing"],
  ["logging configuration", "logging", "log-dictconfig"],
  ["dataclass or namedtuple", "records"],
  ["decorator with arguments", "decorators", "dec-args"],
  ["close file automatically", "context-managers", "resources/unmanaged-resource"],
  ["pyproject.toml", "packaging", "pkg-pyproject"],
  ["upload package to pypi", "publishing"],
  ["virtual environment", "environments"],
  ["type hints", "type-hints"],
  ["slow regex", "regex"],
  ["is eval dangerous", "dynamic-code", "dynamic/eval-or-exec"],
  ["share array between processes", "ipc"],
  ["groupby", "pandas", "pandas/filter-per-key", "pandas/groupby-lambda"],
  ["join two dataframes", "pd-merge", "pandas", "pd.merge"],
  ["weak reference cache", "memory-habits", "mem-weak-cache"],
  ["__slots__", "slots"],
  ["where does my memory go", "memory-profiling", "memory-habits", "memory-model"],
  ["big o notation", "complexity"],
  ["chain of thought prompt", "chain-of-thought"],
  ["retrieval augmented generation", "agents", "llm-rag"],
  ["turn off a rule", "how-to-use", "nippy.levels"],
  ["which python version does nippy check for", "nippy.python"],
  ["nested loops over two lists", "algorithms/nested-loop-join", "complexity"],
  ["too many columns, wrong dtypes", "pandas-scale"],
  ["import takes long", "cpython-execution"],
  ["copy dataframe warning", "pandas/chained-assignment", "pandas"],
  ["compile python to machine code", "jit-numba", "cython", "c-extensions", "other-runtimes"],
  ["dataframe too slow", "pandas", "pandas/iterrows", "pandas-scale"],
  ["too many open files", "resources/unmanaged-resource", "context-managers"],
  [
    "cuda out of memory",
    "pytorch",
    "torch-recompute",
    "cm-gpu-memory",
    "pytorch/inference-with-gradients",
    "pytorch/retained-graph",
  ],
  ["dataloader slow", "torch-data", "pytorch/single-process-loading", "pytorch/unpinned-loader"],
  ["numba", "jit-numba"],
  ["training is slow", "pytorch", "torch-data", "tensorflow", "tensorflow/eager-train-step"],
  ["event loop blocked", "asyncio", "asyncio/blocking-call", "concurrency-pitfalls"],
  ["model inference too slow", "pytorch", "transformers", "model-api", "pytorch/inference-with-gradients"],
];

describe("search", () => {
  it("knows what is asked most", () => assert.ok(QUESTIONS.length >= 50));

  for (const [query, ...answers] of QUESTIONS)
    it(`answers "${query}"`, () => {
      const names = new Set(pages.map((it) => it.name));
      assert.ok(
        answers.every((it) => names.has(it)),
        answers.join(),
      );
      const hits = search(query);
      assert.ok(
        hits[0] !== undefined && answers.includes(hits[0].name),
        `first were ${hits
          .slice(0, 6)
          .map((it) => it.name)
          .join(", ")}`,
      );
    });

  it("forgives letters that are missing, swapped or doubled", () => {
    for (const query of ["itertuplse", "generater", "asynco", "vectorizaton", "multiprocesing"])
      assert.ok(search(query).length > 0, query);
    assert.equal(search("generater")[0]!.name, "generators");
  });

  it("leaves out what fits far worse than the best", () => {
    assert.ok(search("iterows").length < 20);
    assert.ok(search("shared memory").length < 25);
  });

  it("finds nothing for what is no word at all", () => assert.deepEqual(search("qwertyuiop"), []));

  it("finds nothing for words without meaning", () => assert.deepEqual(search("how do I the"), []));

  it("leads to the heading above the line that fits", () => {
    const hit = search("lazy import").find((it) => it.name === "cpython-execution");
    assert.equal(hit?.address, "cpython-execution#imports-that-wait");
    assert.match(hit.line, /lazy import/);
  });

  it("keeps to a kind where one is asked for", () => {
    const hits = search("slow loop", ["rule"]);
    assert.ok(hits.length > 3);
    assert.deepEqual(new Set(hits.map((it) => it.kind)), new Set(["rule"]));
  });
});
