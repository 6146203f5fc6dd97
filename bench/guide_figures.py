"""Measures every speed and memory figure that the guide states, and writes them to bench/guide-figures.json.

Run it with the environment that the tests make from test/python/requirements.txt (Linux, about three minutes):

    .venv-test/bin/python bench/guide_figures.py

The two forms of a figure run in turn, at least seven times, and the median of the ratios counts. Both must give the same
result. Times are processor time, because the machine is shared; where waiting, threads or processes are the subject
they are elapsed time, and such a figure is only good for its order of magnitude.
"""

import asyncio
import datetime
import functools
import gc
import heapq
import json
import logging
import math
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import threading
import time
import tracemalloc
from collections import deque
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import numba
import numpy as np
import pandas as pd

Form = Callable[[], object]
Pair = tuple[Form, Form]
MEASURES: dict[str, Callable[[], dict[str, object]]] = {}
SAMPLE_SECONDS = 0.02
FIGURE_SECONDS = 2.0
FEWEST_RUNS, MOST_RUNS = 7, 21


def time_of(form: Form, calls: int, clock: Callable[[], float]) -> float:
    start = clock()
    for _ in range(calls):
        form()
    return (clock() - start) / calls


def same(first: object, second: object) -> bool:
    return bool(np.array_equal(np.asarray(first), np.asarray(second)))


def compare(pair: Pair, clock: Callable[[], float]) -> dict[str, object]:
    assert same(pair[0](), pair[1]()), "the two forms do not agree"
    # A short call repeats until its sample is long enough for the clock.
    calls = [min(10_000, max(1, math.ceil(SAMPLE_SECONDS / max(time_of(form, 1, clock), 1e-7)))) for form in pair]
    gc.collect()
    befores: list[float] = []
    afters: list[float] = []
    end = time.perf_counter() + FIGURE_SECONDS
    while len(befores) < FEWEST_RUNS or (len(befores) < MOST_RUNS and time.perf_counter() < end):
        befores.append(time_of(pair[0], calls[0], clock))
        afters.append(time_of(pair[1], calls[1], clock))
    ratio = statistics.median(before / after for before, after in zip(befores, afters, strict=True))
    return {
        "ratio": float(f"{ratio:.3g}"),
        "before_ms": float(f"{statistics.median(befores) * 1e3:.3g}"),
        "after_ms": float(f"{statistics.median(afters) * 1e3:.3g}"),
        "clock": "processor" if clock is time.process_time else "elapsed",
    }


def speed(name: str, clock: Callable[[], float] = time.process_time, **options: object):
    """Registers a function that prepares the data and returns the slow form and the fast one."""

    def register(prepare: Callable[..., Pair]) -> Callable[..., Pair]:
        MEASURES[name] = lambda: compare(prepare(**options), clock)
        return prepare

    return register


def memory(name: str):
    """Registers a function that returns named byte counts."""

    def register(measure: Callable[[], dict[str, object]]) -> Callable[[], dict[str, object]]:
        MEASURES[name] = measure
        return measure

    return register


def traced(build: Form) -> int:
    """The bytes that the result of `build` keeps alive."""
    gc.collect()
    tracemalloc.start()
    start = tracemalloc.get_traced_memory()[0]
    kept = build()
    gc.collect()
    size = tracemalloc.get_traced_memory()[0] - start
    tracemalloc.stop()
    del kept
    return size


# Processes first: a fork is safest before Numba has started threads of its own.


def double(number: int) -> int:
    return number * 2


def squares(limit: int) -> int:
    return sum(number * number for number in range(limit))


@speed("multiprocessing: chunksize=1000 against 1, 5,000 trivial calls", time.perf_counter)
def chunks() -> Pair:
    pool = ProcessPoolExecutor(max_workers=2)
    jobs = range(5_000)
    return lambda: list(pool.map(double, jobs)), lambda: list(pool.map(double, jobs, chunksize=1_000))


@speed("multiprocessing: one pool against a pool per turn, ten turns of four short jobs", time.perf_counter)
def pool_once() -> Pair:
    jobs = [10_000] * 4

    def before() -> list[int]:
        results = []
        for _ in range(10):
            with ProcessPoolExecutor(max_workers=2) as pool:
                results.extend(pool.map(squares, jobs))
        return results

    def after() -> list[int]:
        results = []
        with ProcessPoolExecutor(max_workers=2) as pool:
            for _ in range(10):
                results.extend(pool.map(squares, jobs))
        return results

    return before, after


@speed("threading: serial calls against four threads, pure Python", time.perf_counter)
def cpu_threads() -> Pair:
    jobs = [200_000] * 4
    pool = ThreadPoolExecutor(max_workers=4)
    return lambda: [squares(job) for job in jobs], lambda: list(pool.map(squares, jobs))


@speed("async-patterns: gather against sequential awaits, twenty of 10 ms", time.perf_counter)
def awaits() -> Pair:
    async def answer(number: int) -> int:
        await asyncio.sleep(0.01)
        return number

    async def one_by_one() -> list[int]:
        return [await answer(number) for number in range(20)]

    async def together() -> list[int]:
        return await asyncio.gather(*(answer(number) for number in range(20)))

    return lambda: asyncio.run(one_by_one()), lambda: asyncio.run(together())


@memory("concurrency-choice: one task, one idle thread, one bare interpreter")
def units() -> dict[str, object]:
    async def tasks(count: int) -> int:
        kept: list[object] = [None] * count
        event = asyncio.Event()

        async def wait() -> None:
            await event.wait()

        gc.collect()
        tracemalloc.start()
        for index in range(count):
            kept[index] = asyncio.create_task(wait())
        await asyncio.sleep(0)
        size = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        event.set()
        await asyncio.gather(*kept)
        return size // count

    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")

    def threads(count: int) -> int:
        leave = threading.Event()
        group = [threading.Thread(target=leave.wait) for _ in range(count)]
        start = resident()
        for thread in group:
            thread.start()
        time.sleep(0.2)
        size = resident() - start
        leave.set()
        for thread in group:
            thread.join()
        return size // count

    status = subprocess.run([sys.executable, "-c", "print(open('/proc/self/status').read())"], capture_output=True, text=True, check=True).stdout
    # The first threads also pay for what later ones reuse.
    threads(10)
    return {
        "task_bytes": asyncio.run(tasks(10_000)),
        "thread_bytes": statistics.median_low(threads(500) for _ in range(3)),
        "process_bytes": int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024,
    }


@memory("memory-model: largest request served from pools")
def pool_threshold() -> dict[str, object]:
    report = subprocess.run([sys.executable, "-c", "import sys; sys._debugmallocstats()"], capture_output=True, text=True, check=True).stderr
    return {"bytes": int(re.search(r"Small block threshold = (\d+)", report)[1])}


@memory("slots: an instance with two attributes, plain and slotted")
def slots() -> dict[str, object]:
    class Plain:
        def __init__(self, x: float, speed: float) -> None:
            self.x = x
            self.speed = speed

    class Slotted:
        __slots__ = ("x", "speed")
        __init__ = Plain.__init__

    def size(kind: type) -> int:
        kept: list[object] = [None] * 100_000

        def fill() -> None:
            for index in range(len(kept)):
                kept[index] = kind(0.0, 1.0)

        return round(traced(fill) / len(kept))

    return {"before_bytes": size(Plain), "after_bytes": size(Slotted)}


@speed("slots: reading an attribute, plain against slotted")
def slot_speed() -> Pair:
    class Plain:
        def __init__(self) -> None:
            self.x = 1

    class Slotted:
        __slots__ = ("x",)
        __init__ = Plain.__init__

    def reader(item: Plain | Slotted) -> Form:
        # Compiled per class: a function shared by both would adapt to neither.
        namespace: dict[str, Form] = {}
        exec("def read():\n    total = 0\n    for _ in range(20_000):\n        total += item.x\n    return total", {"item": item}, namespace)
        return namespace["read"]

    return reader(Plain()), reader(Slotted())


@speed("generators: sum of 20,000 squares, generator expression against list")
def squares_sum() -> Pair:
    return lambda: sum(n * n for n in range(20_000)), lambda: sum([n * n for n in range(20_000)])


@speed("generators: any over 1,000 items, first one matches, list against generator", match=0)
@speed("generators: any over 1,000 items, none matches, list against generator", match=-1)
def any_of(match: int) -> Pair:
    items = range(1_000)
    return lambda: any([n == match for n in items]), lambda: any(n == match for n in items)


@speed("caching: Fibonacci at 22, cached against plain")
def fibonacci() -> Pair:
    def plain(n: int) -> int:
        return n if n < 2 else plain(n - 1) + plain(n - 2)

    @functools.cache
    def cached(n: int) -> int:
        return n if n < 2 else cached(n - 1) + cached(n - 2)

    def after() -> int:
        cached.cache_clear()
        return cached(22)

    return lambda: plain(22), after


@speed("code-level: comprehension against append loop, 10,000 items")
def comprehension() -> Pair:
    lines = ["word" * (n % 7) for n in range(10_000)]

    def before() -> list[int]:
        result = []
        for line in lines:
            result.append(len(line))
        return result

    return before, lambda: [len(line) for line in lines]


@speed("code-level: attribute looked up before the loop against in it, 10,000 turns")
def attribute() -> Pair:
    def before() -> float:
        total = 0.0
        for number in range(10_000):
            total += math.sqrt(number)
        return total

    def after() -> float:
        total = 0.0
        root = math.sqrt
        for number in range(10_000):
            total += root(number)
        return total

    return before, after


@speed("code-level: direct iteration against indexing, 10,000 items")
def iteration() -> Pair:
    names = [f"name {n}" for n in range(10_000)]

    def before() -> str:
        for i in range(len(names)):
            name = names[i]
        return name

    def after() -> str:
        for name in names:
            pass
        return name

    return before, after


@speed("code-level: join against += on a local, 20,000 pieces", local=True)
@speed("code-level: join against += on an attribute, 20,000 pieces", local=False)
def text(local: bool) -> Pair:
    rows = [("name", n) for n in range(20_000)]

    class Page:
        text = ""

    def on_local() -> str:
        text = ""
        for name, count in rows:
            text += f"{name}: {count}\n"
        return text

    def on_attribute() -> str:
        page = Page()
        for name, count in rows:
            page.text += f"{name}: {count}\n"
        return page.text

    return on_local if local else on_attribute, lambda: "".join([f"{name}: {count}\n" for name, count in rows])
