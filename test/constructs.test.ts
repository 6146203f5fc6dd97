/** Constructs, unasked: each shows where its example points, stays silent at its look-alikes, and says two to four sentences. */
import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { createAnalyzer, DEFAULT_SETTINGS, type Analyzer, type ConstructNote } from "../analysis/analyzer.js";
import { constructs } from "../guide/constructs/index.generated.js";
import { guide } from "../guide/index.generated.js";
import { parser } from "./harness/check.js";
import { placeIn } from "./harness/places.js";
import { runPython } from "./harness/python.js";

/** A full stop, question mark or colon-free end that is followed by white space or the end; code and numbers have none such. */
const sentences = (text: string) => text.replace(/`[^`]*`/g, "code").split(/(?<=[.?!])\s+(?=[A-Z`*0-9c])/).length;

describe("constructs", () => {
  let engine: Analyzer;
  before(async () => {
    const onFixFailure = ({ error }: { readonly error: unknown }) => assert.fail((error as Error).stack);
    engine = createAnalyzer({
      parser: await parser(),
      rules: [],
      guide,
      guideUrl: (anchor) => anchor,
      constructs,
      onFixFailure,
    });
  });

  const noteAt = (marked: string): ConstructNote | undefined => {
    const { text, selection } = placeIn(marked);
    assert.equal(selection.start, selection.end, "one mark says where the cursor is");
    return engine.constructAt(engine.open(text, DEFAULT_SETTINGS, "module.py"), selection.start);
  };

  it("have each a name of its own", () => {
    const names = constructs.map((it) => it.name);
    assert.deepEqual(
      names.filter((it, index) => names.indexOf(it) !== index),
      [],
    );
  });

  for (const construct of constructs) {
    it(`${construct.name} shows at its example`, () => {
      assert.equal(noteAt(construct.example)?.name, construct.name);
    });
    (construct.unlike ?? []).forEach((code, index) => {
      it(`${construct.name} stays silent at look-alike ${index + 1}`, () => {
        assert.notEqual(noteAt(code)?.name, construct.name);
      });
    });
  }

  it("know the names that are asked about most", () => {
    const frame = "import pandas as pd\nframe = pd.DataFrame()\n";
    const torch = "import torch\nmodel = torch.nn.Linear(2, 1)\n";
    const asked: readonly (readonly [code: string, name: string])[] = [
      [`${frame}frame.‸groupby("a")`, "groupby"],
      [`${frame}frame.‸apply(sum, axis=1)`, "apply"],
      [`${frame}frame["a"].‸apply(abs)`, "apply"],
      [`${frame}pd.‸concat([frame])`, "pd.concat"],
      [`${frame}frame.‸merge(frame)`, "pd.merge"],
      ["import numpy as np\nnp.‸where([True], 1, 2)", "np.where"],
      [`${torch}with torch.‸inference_mode(): pass`, "torch.inference_mode"],
      [`${torch}@torch.‸no_grad()\ndef predict(): ...`, "torch.no_grad"],
      [`${torch}torch.amp.‸GradScaler()`, "GradScaler"],
      [`${torch}optimizer = torch.optim.AdamW(model.parameters())\noptimizer.‸zero_grad()`, "zero_grad"],
      [`${torch}def step(optimizer: torch.optim.Optimizer):\n    optimizer.‸zero_grad()`, "zero_grad"],
      [`${torch}torch.‸compile(model)`, "torch.compile"],
      ["from torch.utils.data import DataLoader\n‸DataLoader([1])", "DataLoader"],
      ["import asyncio\nasyncio.‸TaskGroup()", "asyncio.TaskGroup"],
      ["import asyncio\nasyncio.‸to_thread(print)", "asyncio.to_thread"],
      ["import asyncio\nasyncio.‸timeout(1)", "asyncio.timeout"],
      ["from multiprocessing import shared_memory\nshared_memory.‸SharedMemory('a')", "SharedMemory"],
      ["import contextlib\ncontextlib.‸ExitStack()", "ExitStack"],
      ["import contextlib\ncontextlib.‸suppress(OSError)", "contextlib.suppress"],
      [
        "from functools import cached_property\nclass A:\n    @‸cached_property\n    def b(self): ...",
        "@functools.cached_property",
      ],
      ["import collections\ncollections.‸Counter('a')", "collections.Counter"],
      ["import heapq\nheapq.‸heappush([], 1)", "heapq"],
      ["from bisect import insort\n‸insort([], 1)", "bisect"],
    ];
    assert.deepEqual(
      asked.map(([code]) => noteAt(code)?.name),
      asked.map(([, name]) => name),
    );
  });

  it("say two to four sentences, and no more than a hover can hold", () => {
    const wrong = constructs.filter(
      ({ says }) => sentences(says) < 2 || sentences(says) > 4 || says.length > 520 || /\n/.test(says),
    );
    assert.deepEqual(
      wrong.map(({ name, says }) => `${name}: ${sentences(says)} sentences, ${says.length} characters`),
      [],
    );
  });

  it("have examples that compile", function () {
    const program = `import json, sys, warnings\nwarnings.simplefilter("ignore")\nfor name, code in json.load(sys.stdin):\n    try:\n        compile(code, name, "exec")\n    except SyntaxError as error:\n        print(name, error)\n`;
    const codes = constructs.flatMap(({ name, example, unlike = [] }) =>
      [example, ...unlike].map((it) => [name, placeIn(it).text]),
    );
    assert.equal(runPython(this, ["-c", program], JSON.stringify(codes)).stdout, "");
  });
});
