/** Which thread, process or loop runs a function: by its definition, by what it is handed to, by its callers. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { askFacts } from "../harness/ask-facts.js";

const runners = (source: string, options = {}) => askFacts(source, (node, facts) => [...facts.runsIn(node)], options);

const HEAD = `import asyncio
import functools
import multiprocessing
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from fastapi import FastAPI

app = FastAPI()

def work(item):
    probe(item)

`;

describe("who runs a function", () => {
  const handed: Readonly<Record<string, readonly string[]>> = {
    "threading.Thread(target=work).start()": ["thread"],
    "threading.Thread(None, work).start()": ["thread"],
    "threading.Thread(target=other, args=(work,)).start()": [],
    "threading.Timer(5, work).start()": ["thread"],
    "multiprocessing.Process(target=work).start()": ["process"],
    "with multiprocessing.Pool() as pool:\n        pool.map(work, items)": ["process"],
    "with ThreadPoolExecutor() as pool:\n        pool.submit(work, 1)": ["thread"],
    "with ThreadPoolExecutor() as pool:\n        pool.submit(other, work)": [],
    "with ProcessPoolExecutor() as pool:\n        pool.map(functools.partial(work), items)": ["process"],
    "with ProcessPoolExecutor(initializer=work) as pool:\n        pass": ["process"],
    "thing.submit(work, 1)": [],
    "items.sort(key=work)": [],
    "callbacks.append(work)": [],
    "loop.run_in_executor(None, work, 1)": ["thread"],
    "with ProcessPoolExecutor() as pool:\n        loop.run_in_executor(pool, work, 1)": ["process"],
    "loop.call_soon(work)": ["loop"],
    "work(1)": [],
  };
  for (const [statement, expected] of Object.entries(handed))
    it(statement.replaceAll(/\s+/g, " "), async () => {
      assert.deepEqual(await runners(`${HEAD}def start(items, loop, thing):\n    ${statement}\n`), [expected]);
    });

  const cases: readonly (readonly [title: string, source: string, expected: readonly string[]])[] = [
    ["a coroutine", "async def f():\n    probe(1)\n", ["loop"]],
    ["a function that a coroutine calls", `${HEAD}async def f():\n    work(1)\n`, ["loop"]],
    ["one that it calls by way of another", `${HEAD}def g():\n    work(1)\nasync def f():\n    g()\n`, ["loop"]],
    ["one that it gives to a thread", `${HEAD}async def f():\n    await asyncio.to_thread(work, 1)\n`, ["thread"]],
    [
      "one that is run in both ways",
      `${HEAD}async def f():\n    work(1)\n    await asyncio.to_thread(work, 1)\n`,
      ["loop", "thread"],
    ],
    [
      "a lambda that a thread is given",
      "import threading\nthreading.Thread(target=lambda: probe(1)).start()\n",
      ["thread"],
    ],
    ["a lambda within a coroutine that sorts", "async def f(x):\n    sorted(x, key=lambda it: probe(it))\n", ["loop"]],
    ["a plain handler of FastAPI", `${HEAD}@app.get("/x")\ndef f():\n    work(1)\n`, ["thread"]],
    ["a getter that is no handler", `${HEAD}@cache.get("x")\ndef f():\n    work(1)\n`, []],
    ["a task of Celery", "from celery import shared_task\n@shared_task\ndef f():\n    probe(1)\n", ["process"]],
    ["code of the module", "probe(1)\n", ["import"]],
    ["a function that the module calls", `${HEAD}work(1)\n`, ["import"]],
    ["code under the main guard", 'if __name__ == "__main__":\n    probe(1)\n', []],
    ["a body of a class", "class A:\n    x = probe(1)\n", ["import"]],
    [
      "a method that its own object gives to a thread",
      "import threading\nclass A:\n    def start(self):\n        threading.Thread(target=self.run).start()\n    def run(self):\n        self.step()\n    def step(self):\n        probe(1)\n",
      ["thread"],
    ],
    [
      "run of a thread",
      "import threading\nclass A(threading.Thread):\n    def run(self):\n        probe(1)\n",
      ["thread"],
    ],
    ["another method of it", "import threading\nclass A(threading.Thread):\n    def go(self):\n        probe(1)\n", []],
    ["functions that call each other", "def f():\n    probe(1)\n    g()\ndef g():\n    f()\n", []],
    [
      "one of them is a coroutine's",
      "def f():\n    probe(1)\n    g()\ndef g():\n    f()\nasync def h():\n    g()\n",
      ["loop"],
    ],
    [
      "a function within a function that starts it",
      "import threading\ndef f():\n    def g():\n        probe(1)\n    threading.Thread(target=g).start()\n",
      ["thread"],
    ],
  ];
  for (const [title, source, expected] of cases)
    it(title, async () => {
      assert.deepEqual(await runners(source), [expected]);
    });

  it("cells of a notebook are imported by nobody", async () => {
    assert.deepEqual(await runners("probe(1)\n", { isNotebook: true }), [[]]);
  });
});
