/** The tables of analysis/knowledge: they hold together, and they say what the libraries do. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { buildSync } from "esbuild";
import { describe, it } from "mocha";
import { BUILTINS } from "../../analysis/knowledge/builtins.js";
import { CLIENTS } from "../../analysis/knowledge/clients.js";
import { functionGives, methodGives, type Arguments } from "../../analysis/knowledge/calls.js";
import {
  attributeOf,
  blockingCall,
  canonical,
  derivesFrom,
  isPureCall,
  methodReturn,
  mutates,
  readNextLibrary,
  returnOf,
} from "../../analysis/knowledge/index.js";
import { LIBRARIES } from "../../analysis/knowledge/libraries.generated.js";
import type { Library, LibraryFacts } from "../../analysis/knowledge/library.js";
import { PACKAGES } from "../../analysis/knowledge/packages.js";
import { STDLIB } from "../../analysis/knowledge/stdlib.js";
import { parseType, printType, type, type Maybe } from "../../analysis/semantics/types.js";

const ALWAYS: readonly LibraryFacts[] = [BUILTINS, STDLIB, CLIENTS, PACKAGES];
const factsOf = (library: Library) => library.facts.map((make) => make());
const ALL: readonly LibraryFacts[] = [...ALWAYS, ...LIBRARIES.flatMap(factsOf)];
const LARGEST_BUNDLE = 132 * 1024;
const RULE = /^(?<condition>(\w+(\/\d+(=\w+)?)?)|\/\d+(=\w+)?): (?<answer>.+)$/;

type Table = "returns" | "given" | "attributes" | "bases" | "aliases" | "mutators" | "blocking";
const entries = (table: Table): readonly (readonly [string, string | null | readonly string[]])[] =>
  ALL.flatMap((it): readonly (readonly [string, string | null | readonly string[]])[] => it[table] ?? []);
const texts = (table: "returns" | "given" | "attributes" | "aliases") =>
  entries(table) as readonly (readonly [string, string])[];
const pure = ALL.flatMap((it) => it.pure ?? []);

const rulesOf = (text: string) => text.split("; ").map((it) => RULE.exec(it)?.groups);
const answers = [
  ...texts("returns"),
  ...texts("attributes"),
  ...texts("given").flatMap(([name, text]) =>
    rulesOf(text).map((it): [string, string] => [name, it?.["answer"] ?? text]),
  ),
];

function namesIn(it: Maybe): readonly string[] {
  return it ? [it.name, ...it.of.flatMap(namesIn)] : [];
}

describe("knowledge: the tables hold together", () => {
  it("has type texts that parse and print as they are written", () => {
    assert.deepEqual(
      answers.filter(([, text]) => printType(parseType(text)) !== text),
      [],
    );
  });

  it("writes what arguments change in the form that calls.ts reads", () => {
    assert.deepEqual(
      texts("given").filter(([, text]) => rulesOf(text).includes(undefined)),
      [],
    );
  });

  it("names everything by its canonical name", () => {
    const owner = (name: string) => name.slice(0, Math.max(0, name.lastIndexOf(".")));
    const keys = (["returns", "given", "attributes", "bases", "mutators", "blocking"] as const).flatMap((table) =>
      entries(table).map(([name]) => name),
    );
    const named = [
      ...keys,
      ...pure,
      ...answers.flatMap(([, text]) => namesIn(parseType(text))),
      ...texts("aliases").map(([, name]) => name),
    ];
    assert.deepEqual(
      [...new Set(named.filter((it) => canonical(it) !== it || canonical(owner(it)) !== owner(it)))],
      [],
    );
  });

  it("has no answer that another table overwrites with a different one", () => {
    const conflicts = (["returns", "given", "attributes", "bases", "aliases", "mutators", "blocking"] as const).flatMap(
      (table) => {
        const seen = new Map<string, string>();
        return entries(table).filter(([name, value]) => {
          const text = JSON.stringify(value);
          const before = seen.get(name);
          seen.set(name, text);
          return before !== undefined && before !== text;
        });
      },
    );
    assert.deepEqual(conflicts, []);
  });

  it("keeps the libraries that are read when they are asked for apart by their names, and without coroutines", () => {
    const namesOf = (facts: LibraryFacts) =>
      Object.values(facts).flatMap((table: readonly (string | readonly [string, unknown])[]) =>
        table.map((it) => (typeof it === "string" ? it : it[0])),
      );
    const rootOf = (name: string) => name.split(".", 1)[0]!;
    const roots = LIBRARIES.flatMap((it) => it.roots);
    assert.equal(new Set(roots).size, roots.length);
    for (const library of LIBRARIES) {
      const names = factsOf(library).flatMap(namesOf);
      assert.ok(names.length > 100);
      assert.deepEqual(
        names.filter((it) => !library.roots.includes(rootOf(it))),
        [],
      );
      assert.deepEqual(
        factsOf(library)
          .flatMap((it) => [...it.returns, ...(it.given ?? [])])
          .filter(([, gives]) => gives.includes("coroutine")),
        [],
      );
    }
  });

  it("reads one library after the other on request, until none is left", () => {
    let read = 0;
    while (readNextLibrary()) read++;
    assert.ok(read <= LIBRARIES.length);
    assert.equal(readNextLibrary(), false);
    assert.equal(canonical("pandas.core.frame.DataFrame"), "pandas.DataFrame");
    assert.ok(derivesFrom("torch.nn.Linear", "torch.nn.Module"));
  });

  it("calls nothing pure that waits or that changes its object", () => {
    assert.deepEqual(
      pure.filter((it) => blockingCall(it) !== undefined),
      [],
    );
    assert.deepEqual(
      pure.filter((it) => mutates(it.slice(0, it.lastIndexOf(".")), it.slice(it.lastIndexOf(".") + 1)) === true),
      [],
    );
  });

  it("has no class among its own bases", () => {
    const names = entries("bases").map(([name]) => name);
    assert.deepEqual(
      names.filter((name) =>
        (entries("bases").find(([it]) => it === name)![1] as readonly string[]).some((base) => derivesFrom(base, name)),
      ),
      [],
    );
  });

  it("stays small", () => {
    const { outputFiles } = buildSync({
      entryPoints: ["analysis/knowledge/calls.ts"],
      bundle: true,
      minify: true,
      write: false,
      format: "esm",
      logLevel: "error",
    });
    assert.ok(outputFiles[0]!.contents.length < LARGEST_BUNDLE, `${outputFiles[0]!.contents.length} bytes`);
  });

  it("says in each generated file which versions it was read from, the same as the script's", () => {
    const folder = "analysis/knowledge/generated";
    for (const file of readdirSync(folder)) {
      const first = readFileSync(`${folder}/${file}`, "utf8").split("\n")[0]!;
      const script = readFileSync(/\bscripts\/\w+\.py\b/.exec(first)![0], "utf8").slice(0, 1000);
      const versions = [...first.matchAll(/\b(numpy|pandas|pandas-stubs|torch) (\d[\w.+]*)/g)].map(([text]) => text);
      assert.ok(versions.length > 0, file);
      assert.deepEqual(
        versions.filter((it) => !script.includes(it)),
        [],
        file,
      );
    }
  });
});

/** One line: an expression in the tables' words, and the type it has. `?` must stay unknown. */
const GIVES = `
  builtins.len → int
  numpy.zeros → numpy.ndarray
  numpy.concatenate → numpy.ndarray
  numpy.where → tuple
  numpy.sum → ?
  numpy.max → ?
  numpy.dot → ?
  numpy.exp → ?
  numpy.load → ?
  numpy.lexsort → ?
  numpy.random.default_rng → numpy.random.Generator
  numpy.ndarray.copy → numpy.ndarray
  numpy.ndarray.tolist → list
  numpy.ndarray.sort → None
  numpy.ndarray.sum → ?
  numpy.ndarray.max → ?
  numpy.ndarray.item → ?
  pandas.read_csv → pandas.DataFrame
  pandas.concat → ?
  pandas.to_datetime → ?
  pandas.DataFrame.dropna → pandas.DataFrame
  pandas.DataFrame.append → pandas.DataFrame
  pandas.DataFrame.iterrows → iterator[tuple[?, pandas.Series]]
  pandas.DataFrame.groupby → pandas.DataFrameGroupBy
  pandas.DataFrame.sum → pandas.Series
  pandas.DataFrame.apply → ?
  pandas.DataFrame.pipe → ?
  pandas.DataFrame.squeeze → ?
  pandas.DataFrame.agg → ?
  pandas.Series.sum → ?
  pandas.Series.apply → ?
  pandas.Series.unique → ?
  pandas.Series.to_numpy → numpy.ndarray
  pandas.Series.value_counts → pandas.Series
  pandas.DataFrameGroupBy.mean → pandas.DataFrame
  pandas.DataFrameGroupBy.size → pandas.Series
  pandas.DataFrameGroupBy.apply → ?
  pandas.SeriesGroupBy.mean → pandas.Series
  pandas.StringMethods.upper → pandas.Series
  pandas.DatetimeIndex.unique → pandas.DatetimeIndex
  torch.zeros → torch.Tensor
  torch.cat → torch.Tensor
  torch.topk → tuple[torch.Tensor, torch.Tensor]
  torch.load → ?
  torch.linalg.inv → torch.Tensor
  torch.fft.fft → torch.Tensor
  torch.device → torch.device
  torch.Tensor.detach → torch.Tensor
  torch.accelerator.current_accelerator → torch.device
  torch.accelerator.device_count → int
  pandas.DataFrame.add_prefix → pandas.DataFrame
  pandas.DataFrame.add_suffix → pandas.DataFrame
  pandas.TextFileReader.get_chunk → pandas.DataFrame
  pandas.read_pickle → ?
  torch.LongTensor.clone → torch.Tensor
  torch.optim.AdamW.zero_grad → None
  torch.optim.Adam.step → ?
  builtins.ValueError → ValueError
  sklearn.preprocessing.StandardScaler.fit → sklearn.preprocessing.StandardScaler
  sklearn.preprocessing.StandardScaler.transform → ?
  sklearn.ensemble.RandomForestClassifier.predict → numpy.ndarray
  sklearn.metrics.accuracy_score → float
  sklearn.metrics.f1_score → float
  sklearn.model_selection.KFold.split → iterator[tuple[numpy.ndarray, numpy.ndarray]]
  polars.read_csv → polars.DataFrame
  polars.DataFrame.filter → polars.DataFrame
  polars.LazyFrame.collect → polars.DataFrame
  polars.DataFrame.group_by → polars.GroupBy
  polars.DataFrame.item → ?
  transformers.AutoModelForCausalLM.from_pretrained → transformers.PreTrainedModel
  transformers.PreTrainedModel.eval → transformers.PreTrainedModel
  transformers.PreTrainedModel.generate → ?
  torchvision.models.resnet50 → torch.nn.Module
  argparse.ArgumentParser.add_subparsers → argparse._SubParsersAction
  bs4.BeautifulSoup → bs4.BeautifulSoup
  bs4.BeautifulSoup.find_all → list[bs4.Tag]
  bs4.Tag.select → list[bs4.Tag]
  bs4.Tag.find → bs4.Tag
  bs4.Tag.get_text → str
  torch.Tensor.numpy → numpy.ndarray
  torch.Tensor.item → ?
  torch.Tensor.tolist → ?
  torch.nn.functional.cross_entropy → torch.Tensor
  torch.nn.CrossEntropyLoss.__call__ → torch.Tensor
  torch.nn.ReLU6.__call__ → torch.Tensor
  torch.nn.Linear.eval → torch.nn.Linear
  torch.nn.LSTM.parameters → iterator[torch.nn.Parameter]
  torch.utils.data.DataLoader → torch.utils.data.DataLoader
  tensorflow.data.Dataset.from_tensor_slices → tensorflow.data.Dataset
  tensorflow.data.TFRecordDataset.map → tensorflow.data.Dataset
  tensorflow.keras.Sequential.predict → ?
  pathlib.Path.read_text → str
  pathlib.Path.with_suffix → pathlib.Path
  binary-file.read → ?
  file.read → str
  asyncio.sleep → coroutine[None]
  asyncio.gather → asyncio.Future[list]
  concurrent.futures.ProcessPoolExecutor.submit → concurrent.futures.Future
  sqlite3.connect → sqlite3.Connection
  logging.getLogger → logging.Logger
  re.sub → ?
  datetime.datetime.now → datetime.datetime
`;

const called = (positional: readonly string[] = [], keywords: readonly string[] = []): Arguments => ({
  positional: positional.map(parseType),
  keywords,
  hasSplat: false,
});

/** As the analysis asks: a method by the receiver's type, anything else by its name. */
function gives(name: string, args: Arguments): Maybe {
  const dot = name.lastIndexOf(".");
  const owner = name.slice(0, dot);
  const isClass =
    /(^|\.)[A-Z_]\w*$/.test(owner) || ["numpy.ndarray", "file", "binary-file", "datetime.datetime"].includes(owner);
  return isClass ? methodGives(type(owner), name.slice(dot + 1), args) : functionGives(name, args);
}

describe("knowledge: what calls give", () => {
  for (const line of GIVES.trim().split("\n")) {
    const [name = "", expected] = line.trim().split(" → ");
    it(line.trim(), () => {
      assert.equal(printType(gives(name, called())), expected);
    });
  }

  const GIVEN: readonly (readonly [string, string, Arguments])[] = [
    ["numpy.ndarray", "numpy.random.rand", called(["int"])],
    ["numpy.ndarray", "numpy.random.Generator.normal", called([], ["size"])],
    ["numpy.ndarray", "numpy.random.normal", called(["?", "?", "int"])],
    ["?", "numpy.random.normal", called(["?", "?"])],
    ["numpy.ndarray", "numpy.exp", called(["numpy.ndarray"])],
    ["pandas.Series", "numpy.exp", called(["pandas.Series"])],
    ["pandas.Series", "numpy.maximum", called(["int", "pandas.Series"])],
    ["?", "numpy.exp", called(["float"])],
    ["?", "numpy.exp", called(["torch.Tensor"])],
    ["?", "numpy.maximum", called(["numpy.ndarray", "?"])],
    ["?", "numpy.maximum", called(["numpy.ndarray", "pandas.Series"])],
    ["?", "numpy.cumsum", called(["pandas.Series"])],
    ["numpy.ndarray", "numpy.where", called(["?", "?", "?"])],
    ["tuple[numpy.ndarray, numpy.ndarray]", "numpy.unique", called(["?"], ["return_counts"])],
    ["?", "pandas.read_csv", called(["str"], ["chunksize"])],
    ["?", "pandas.read_excel", called(["str"], ["sheet_name"])],
    ["polars.LazyFrame", "polars.concat", called(["list[polars.LazyFrame]"])],
    ["polars.Expr", "polars.Expr.alias", called(["str"])],
    ["?", "sklearn.metrics.f1_score", called(["?", "?"], ["average"])],
    ["?", "sklearn.gaussian_process.GaussianProcessRegressor.predict", called(["?"], ["return_std"])],
    ["?", "transformers.AutoModel.from_pretrained", called(["str"], ["output_loading_info"])],
    ["?", "pandas.DataFrame.dropna", called([], ["inplace"])],
    ["pandas.DataFrame", "pandas.DataFrame.reset_index", called([], ["drop"])],
    ["?", "pandas.DataFrame.groupby", called(["str"], ["as_index"])],
    ["pandas.DataFrame", "pandas.concat", called(["list[pandas.DataFrame]"])],
    ["?", "pandas.concat", called(["list[pandas.Series]"], ["axis"])],
    ["pandas.Series", "pandas.to_datetime", called(["pandas.Series"])],
    ["?", "pandas.to_datetime", called(["str"])],
    ["tuple[torch.Tensor, torch.Tensor]", "torch.max", called(["torch.Tensor", "int"])],
    ["torch.Tensor", "torch.max", called(["torch.Tensor", "torch.Tensor"])],
    ["?", "torch.max", called(["torch.Tensor", "?"])],
    ["int", "torch.Tensor.size", called(["int"])],
    ["torch.Tensor", "torch.nn.functional.relu", called(["torch.Tensor"], ["inplace"])],
    ["str", "re.sub", called(["str", "str", "?"])],
    ["binary-file", "pathlib.Path.open", called(["str"])],
    ["list[int]", "copy.deepcopy", called(["list[int]"])],
    ["?", "copy.deepcopy", called(["local.Node"])],
    ["?", "numpy.random.rand", { positional: [], keywords: [], hasSplat: true }],
  ];
  for (const [expected, name, args] of GIVEN) {
    it(`${name}(${[...args.positional.map(printType), ...args.keywords.map((it) => `${it}=`)].join(", ")}) → ${expected}`, () => {
      assert.equal(printType(gives(name, args)), expected);
    });
  }
});

describe("knowledge: what else the tables say", () => {
  it("knows a class by every path it is imported from", () => {
    assert.equal(canonical("pandas.core.frame.DataFrame"), "pandas.DataFrame");
    assert.equal(canonical("torch.utils.data.dataloader.DataLoader"), "torch.utils.data.DataLoader");
    assert.equal(canonical("torch.nn.modules.linear.Linear"), "torch.nn.Linear");
    assert.equal(canonical("concurrent.futures.thread.ThreadPoolExecutor"), "concurrent.futures.ThreadPoolExecutor");
    assert.equal(canonical("multiprocessing.pool.Pool"), "multiprocessing.Pool");
    assert.equal(canonical("keras.layers.Dense"), "tensorflow.keras.layers.Dense");
    assert.equal(canonical("numpy.typing.NDArray"), "numpy.ndarray");
  });

  it("knows what derives from what", () => {
    assert.ok(derivesFrom("torch.nn.LSTM", "torch.nn.Module"));
    assert.ok(derivesFrom("torch.nn.MSELoss", "torch.nn.Module"));
    assert.ok(derivesFrom("torch.optim.AdamW", "torch.optim.Optimizer"));
    assert.ok(derivesFrom("concurrent.futures.ProcessPoolExecutor", "concurrent.futures.Executor"));
    assert.ok(derivesFrom("collections.Counter", "dict"));
    assert.ok(derivesFrom("tensorflow.keras.Sequential", "tensorflow.keras.layers.Layer"));
    assert.ok(!derivesFrom("torch.Tensor", "torch.nn.Module"));
  });

  it("knows attributes", () => {
    assert.equal(printType(attributeOf(type("pandas.DataFrame"), "columns")), "pandas.Index");
    assert.equal(printType(attributeOf(type("pandas.Series"), "str")), "pandas.StringMethods");
    assert.equal(printType(attributeOf(type("numpy.ndarray"), "T")), "numpy.ndarray");
    assert.equal(printType(attributeOf(type("torch.nn.Parameter"), "grad")), "torch.Tensor");
    assert.equal(printType(attributeOf(type("pathlib.Path"), "parent")), "pathlib.Path");
    assert.equal(attributeOf(type("pandas.Series"), "values"), undefined);
  });

  it("knows which methods change their object", () => {
    assert.equal(mutates("numpy.ndarray", "sort"), true);
    assert.equal(mutates("numpy.ndarray", "sum"), false);
    assert.equal(mutates("torch.Tensor", "add_"), true);
    assert.equal(mutates("torch.Tensor", "add"), false);
    assert.equal(mutates("pandas.DataFrame", "insert"), true);
    assert.equal(mutates("pandas.DataFrame", "sort_values"), false);
    assert.equal(mutates("collections.deque", "popleft"), true);
    assert.equal(mutates("file", "read"), true);
    assert.equal(mutates("sqlite3.Connection", "execute"), undefined);
  });

  it("calls pure what gives the same answer again and nothing else", () => {
    for (const name of [
      "numpy.zeros",
      "numpy.sum",
      "numpy.ndarray.mean",
      "numpy.linalg.norm",
      "pandas.DataFrame.merge",
      "pandas.StringMethods.lower",
      "torch.matmul",
      "torch.Tensor.detach",
      "os.path.join",
      "re.compile",
      "pathlib.Path.with_suffix",
    ]) {
      assert.ok(isPureCall(name), name);
    }
    for (const name of [
      "numpy.random.rand",
      "numpy.empty",
      "numpy.load",
      "numpy.copyto",
      "numpy.ndarray.sort",
      "pandas.read_csv",
      "pandas.DataFrame.sample",
      "pandas.DataFrame.apply",
      "pandas.DataFrame.to_csv",
      "torch.rand",
      "torch.manual_seed",
      "torch.Tensor.add_",
      "torch.nn.functional.dropout",
      "time.time",
      "os.path.exists",
      "datetime.datetime.now",
      "random.random",
    ]) {
      assert.ok(!isPureCall(name), name);
    }
  });

  it("knows what makes a coroutine's thread wait, and what to await instead", () => {
    assert.equal(blockingCall("time.sleep"), "asyncio.sleep");
    assert.equal(blockingCall("subprocess.run"), "asyncio.create_subprocess_exec");
    assert.equal(blockingCall("requests.get"), null);
    assert.equal(blockingCall("builtins.open"), null);
    assert.equal(blockingCall("pandas.read_parquet"), null);
    assert.equal(blockingCall("openai.resources.chat.completions.Completions.create"), "openai.AsyncOpenAI");
    assert.equal(blockingCall("asyncio.sleep"), undefined);
    assert.equal(blockingCall("numpy.zeros"), undefined);
  });

  it("follows attributes to the method of a client that waits", () => {
    const chat = attributeOf(type("openai.AzureOpenAI"), "chat");
    const completions = chat && attributeOf(chat, "completions");
    assert.equal(completions?.name, "openai.resources.chat.completions.Completions");
    assert.equal(printType(methodReturn(type("torch.nn.Sequential"), "to")), "torch.nn.Sequential");
    assert.equal(printType(returnOf("requests.Session")), "requests.Session");
  });
});
