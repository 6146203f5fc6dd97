"""Measures every speed and memory figure that the guide states, and writes them to bench/guide-figures.json.

Run it with the environment that the tests make from test/python/requirements.txt (Linux, about a minute):

    .venv-test/bin/python bench/guide_figures.py [part of a section's name]

The two forms of a figure must give the same result. They run in turn, at least seven times, and the median of the ratios
counts. Times are processor time, because the machine is shared; where waiting, threads or processes are the subject they
are elapsed time, and such a figure is good for its order of magnitude only.
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
import time
import tracemalloc
from collections import deque
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import make_dataclass
from itertools import chain
from pathlib import Path

import numba
import numpy as np
import pandas as pd

Form = Callable[[], object]
Clock = Callable[[], float]
# Of one subject: the slow form and the fast one, or named byte counts.
Subject = tuple[Form, Form] | dict[str, int]
Section = Callable[[], dict[str, Subject]]

SECTIONS: list[tuple[str, Clock, Section]] = []
SAMPLE_SECONDS = 0.02
FIGURE_SECONDS = 2.0
FEWEST_RUNS, MOST_RUNS = 7, 21


def section(anchor: str, clock: Clock = time.process_time) -> Callable[[Section], Section]:
    """Registers a function that prepares the data of one guide section and returns its subjects."""

    def register(subjects: Section) -> Section:
        SECTIONS.append((anchor, clock, subjects))
        return subjects

    return register


def time_of(form: Form, calls: int, clock: Clock) -> float:
    start = clock()
    for _ in range(calls):
        form()
    return (clock() - start) / calls


def compare(forms: tuple[Form, Form], clock: Clock) -> dict[str, object]:
    assert np.array_equal(*(np.asarray(form()) for form in forms)), "the two forms do not agree"
    # A short call repeats until its sample is long enough for the clock.
    calls = [min(10_000, max(1, math.ceil(SAMPLE_SECONDS / max(time_of(form, 1, clock), 1e-7)))) for form in forms]
    gc.collect()
    runs: list[tuple[float, float]] = []
    end = time.perf_counter() + FIGURE_SECONDS
    while len(runs) < FEWEST_RUNS or (len(runs) < MOST_RUNS and time.perf_counter() < end):
        runs.append((time_of(forms[0], calls[0], clock), time_of(forms[1], calls[1], clock)))
    before, after = (statistics.median(column) for column in zip(*runs))
    ratio = statistics.median(before / after for before, after in runs)
    figures = {"ratio": ratio, "before_ms": before * 1e3, "after_ms": after * 1e3}
    return {**{key: float(f"{value:.3g}") for key, value in figures.items()}, "clock": "processor" if clock is time.process_time else "elapsed"}


def traced(build: Form) -> int:
    """The bytes that the result of `build` keeps alive."""
    gc.collect()
    tracemalloc.start()
    kept = build()
    gc.collect()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del kept
    return size


# Processes come first: a fork is safest before libraries have started threads of their own.


def squares(limit: int) -> int:
    return sum(number * number for number in range(limit))


@section("multiprocessing", time.perf_counter)
def multiprocessing() -> dict[str, Subject]:
    pool, calls, jobs = ProcessPoolExecutor(max_workers=2), range(5_000), [10_000] * 4

    def pool_per_turn() -> list[int]:
        results = []
        for _ in range(10):
            with ProcessPoolExecutor(max_workers=2) as fresh:
                results.extend(fresh.map(squares, jobs))
        return results

    def one_pool() -> list[int]:
        with ProcessPoolExecutor(max_workers=2) as shared:
            return [result for _ in range(10) for result in shared.map(squares, jobs)]

    return {
        "chunksize=1000 against 1, 5,000 trivial calls": (lambda: list(pool.map(abs, calls)), lambda: list(pool.map(abs, calls, chunksize=1_000))),
        "one pool against a pool per turn, ten turns of four short jobs": (pool_per_turn, one_pool),
    }


@section("threading", time.perf_counter)
def cpu_threads() -> dict[str, Subject]:
    pool, jobs = ThreadPoolExecutor(max_workers=4), [200_000] * 4
    return {"four threads against serial calls, pure Python": (lambda: [squares(job) for job in jobs], lambda: list(pool.map(squares, jobs)))}


@section("async-patterns", time.perf_counter)
def awaits() -> dict[str, Subject]:
    async def one_by_one() -> None:
        for _ in range(20):
            await asyncio.sleep(0.01)

    async def together() -> None:
        await asyncio.gather(*(asyncio.sleep(0.01) for _ in range(20)))

    return {"gather against sequential awaits, twenty of 10 ms": (lambda: asyncio.run(one_by_one()), lambda: asyncio.run(together()))}


@section("memory-model")
def memory_model() -> dict[str, Subject]:
    report = subprocess.run([sys.executable, "-c", "import sys; sys._debugmallocstats()"], capture_output=True, text=True, check=True).stderr
    return {"largest request served from pools": {"bytes": int(re.search(r"Small block threshold = (\d+)", report)[1])}}


@section("slots")
def slots() -> dict[str, Subject]:
    def size(**options: bool) -> int:
        kind = make_dataclass("Kind", ["x", "speed"], **options)
        # Less the eight bytes of each object's place in the tuple.
        return round(traced(lambda: tuple(kind(0.0, 1.0) for _ in range(100_000))) / 100_000) - 8

    return {"an instance with two attributes, slotted against plain": {"before_bytes": size(), "after_bytes": size(slots=True)}}


@section("generators")
def generators() -> dict[str, Subject]:
    items = range(1_000)
    return {
        "sum of 20,000 squares, list against generator": (lambda: sum(n * n for n in range(20_000)), lambda: sum([n * n for n in range(20_000)])),
        "any over 1,000 items, first one matches, generator against list": (lambda: any([n == 0 for n in items]), lambda: any(n == 0 for n in items)),
        "any over 1,000 items, none matches, generator against list": (lambda: any([n < 0 for n in items]), lambda: any(n < 0 for n in items)),
    }


@section("caching")
def caching() -> dict[str, Subject]:
    def plain(n: int) -> int:
        return n if n < 2 else plain(n - 1) + plain(n - 2)

    @functools.cache
    def cached(n: int) -> int:
        return n if n < 2 else cached(n - 1) + cached(n - 2)

    return {"Fibonacci at n = 22, cached against plain": (lambda: plain(22), lambda: cached.cache_clear() or cached(22))}


@section("code-level")
def code_level() -> dict[str, Subject]:
    names = ["name" * (n % 7) for n in range(10_000)]
    rows = [("name", n) for n in range(20_000)]

    class Page:
        text = ""

    def append_loop() -> list[int]:
        result = []
        for name in names:
            result.append(len(name))
        return result

    def indexed() -> str:
        for i in range(len(names)):
            name = names[i]
        return name

    def direct() -> str:
        for name in names:
            pass
        return name

    def local_text() -> str:
        text = ""
        for name, count in rows:
            text += f"{name}: {count}\n"
        return text

    def attribute_text() -> str:
        page = Page()
        for name, count in rows:
            page.text += f"{name}: {count}\n"
        return page.text

    def joined() -> str:
        return "".join([f"{name}: {count}\n" for name, count in rows])

    return {
        "comprehension against append loop, 10,000 items": (append_loop, lambda: [len(name) for name in names]),
        "direct iteration against indexing, 10,000 items": (indexed, direct),
        "join against += on a local, 20,000 pieces": (local_text, joined),
        "join against += on an attribute, 20,000 pieces": (attribute_text, joined),
    }


@section("complexity")
def complexity() -> dict[str, Subject]:
    customers = [{"id": f"c{n}", "city": f"city {n % 50}"} for n in range(1_000)]
    orders = [{"number": f"o{n}", "customer": f"c{random.randrange(1_000)}"} for n in range(1_000)]
    few, many = random.sample(range(10**6), 1_000), random.sample(range(10**6), 100_000)

    def nested() -> dict[str, str]:
        cities = {}
        for order in orders:
            for customer in customers:
                if order["customer"] == customer["id"]:
                    cities[order["number"]] = customer["city"]
        return cities

    def looked_up() -> dict[str, str]:
        by_id = {customer["id"]: customer for customer in customers}
        return {order["number"]: by_id[order["customer"]]["city"] for order in orders}

    return {
        "dict against nested loop, 1,000 by 1,000 rows": (nested, looked_up),
        "min against sorted, 1,000 items": (lambda: sorted(few)[0], lambda: min(few)),
        "nlargest against sorted, ten of 100,000 items": (lambda: sorted(many)[-10:][::-1], lambda: heapq.nlargest(10, many)),
    }


@section("data-structures")
def data_structures() -> dict[str, Subject]:
    def membership(size: int) -> Subject:
        known = [f"word {n}" for n in range(size)]
        words = [f"word {random.randrange(2 * size)}" for _ in range(1_000)]

        def tests(collection: list[str] | set[str]) -> list[bool]:
            return [word in collection for word in words]

        return lambda: tests(known), lambda: tests(set(known))

    def queue(size: int) -> Subject:
        def drain(take: Callable[[], int]) -> list[int]:
            return [take() for _ in range(size)]

        return lambda: drain(functools.partial(list(range(size)).pop, 0)), lambda: drain(deque(range(size)).popleft)

    groups = [list(range(10)) for _ in range(1_000)]
    return {
        "set against list, 1,000 tests, 1,000 items": membership(1_000),
        "set against list, 1,000 tests, ten items": membership(10),
        "deque against list.pop(0), 1,000 items": queue(1_000),
        "deque against list.pop(0), 20,000 items": queue(20_000),
        "chain.from_iterable against sum, 1,000 lists of ten": (lambda: sum(groups, []), lambda: list(chain.from_iterable(groups))),
    }


@section("numpy")
def numpy() -> dict[str, Subject]:
    a, b = np.random.default_rng(1).random((2, 100_000))
    numbers, falses = np.random.default_rng(1).permutation(100_000), np.zeros(100_000, dtype=bool)

    def elementwise() -> np.ndarray:
        result = np.zeros(len(a))
        for i in range(len(a)):
            result[i] = a[i] + b[i]
        return result

    def append(steps: int) -> Subject:
        def copied() -> np.ndarray:
            return functools.reduce(lambda path, step: np.append(path, step * 0.5), range(steps), np.array([]))

        return copied, lambda: np.array([step * 0.5 for step in range(steps)])

    return {
        "a + b against a loop over the index, 100,000 elements": (elementwise, lambda: a + b),
        "sum, method against built-in, 100,000 elements": (lambda: sum(numbers), numbers.sum),
        "max, method against built-in, 100,000 elements": (lambda: max(numbers), numbers.max),
        "any, method against built-in, 100,000 elements, none true": (lambda: any(falses), falses.any),
        "list converted once against np.append, 1,000 items": append(1_000),
        "list converted once against np.append, 10,000 items": append(10_000),
    }


def orders(rows: int) -> pd.DataFrame:
    source = np.random.default_rng(1)
    return pd.DataFrame({"city": source.integers(0, 100, rows), "price": source.random(rows), "quantity": source.integers(1, 9, rows)})


@section("pandas")
def pandas() -> dict[str, Subject]:
    small, large = orders(20_000), orders(100_000)
    named = small.assign(city="city " + small["city"].astype(str))

    def column() -> pd.Series:
        return small["price"] * small["quantity"]

    def iterrows() -> list[float]:
        return [row["price"] * row["quantity"] for _, row in small.iterrows()]

    def itertuples() -> list[float]:
        return [row.price * row.quantity for row in small.itertuples()]

    return {
        "column expression against iterrows, 20,000 rows": (iterrows, column),
        "column expression against apply(axis=1), 20,000 rows": (lambda: small.apply(lambda row: row["price"] * row["quantity"], axis=1), column),
        "itertuples against iterrows, 20,000 rows": (iterrows, itertuples),
        "zip over the columns against itertuples, 20,000 rows": (itertuples, lambda: [each * count for each, count in zip(small["price"], small["quantity"])]),
        "groupby against a filter per key, 100 keys, 20,000 rows": (
            lambda: {city: named[named["city"] == city]["price"].mean() for city in named["city"].unique()},
            lambda: {city: part["price"].mean() for city, part in named.groupby("city", sort=False)},
        ),
        "mask against query, 100,000 rows, without numexpr": (
            lambda: large.query("price > 0.5 and quantity < 4"),
            lambda: large[(large["price"] > 0.5) & (large["quantity"] < 4)],
        ),
    }


@section("pandas-scale")
def pandas_scale() -> dict[str, Subject]:
    parts = [orders(100) for _ in range(300)]

    def column(dtype: str) -> pd.Series:
        # Joined anew for every row, because text that was just read is not shared between rows.
        return pd.Series(["".join(("city ", "ABC"[n % 3])) for n in range(20_000)], dtype=dtype)

    return {
        "one concat against one per part, 300 parts of 100 rows": (
            lambda: functools.reduce(lambda table, part: pd.concat([table, part], ignore_index=True), parts),
            lambda: pd.concat(parts, ignore_index=True),
        ),
        "20,000 strings with three distinct values, category against object": {
            "before_bytes": traced(lambda: column("object")),
            "after_bytes": traced(lambda: column("category")),
        },
    }


@section("numba-parallel-gpu")
def numba_ufunc() -> dict[str, Subject]:
    measured, expected = np.random.default_rng(1).random((2, 1_000_000)) + 1.0

    def relative_error(measured: float, expected: float) -> float:
        return abs(measured - expected) / abs(expected)

    slow, fast = np.vectorize(relative_error), numba.vectorize(["float64(float64, float64)"])(relative_error)
    return {"@vectorize against np.vectorize, a million elements": (lambda: slow(measured, expected), lambda: fast(measured, expected))}


@section("logging")
def log_calls() -> dict[str, Subject]:
    log = logging.getLogger("guide.figures")
    log.setLevel(logging.INFO)

    def call(rows: object) -> Subject:
        return lambda: log.debug(f"read {rows} rows from {__file__}"), lambda: log.debug("read %s rows from %s", rows, __file__)

    return {"lazy against eager below the level, a number and a path": call(20_000), "lazy against eager below the level, a list of 100 numbers": call(list(range(100)))}


def main(part: str = "") -> None:
    random.seed(1)
    figures: dict[str, dict[str, object]] = {}
    for anchor, clock, subjects in SECTIONS:
        if part in anchor:
            for name, subject in subjects().items():
                figures[f"{anchor}: {name}"] = subject if isinstance(subject, dict) else compare(subject, clock)
                print(anchor, name, figures[f"{anchor}: {name}"], flush=True)
    if part:
        return  # The file always holds one complete run.
    versions = {"python": platform.python_version(), "numpy": np.__version__, "pandas": pd.__version__, "numba": numba.__version__}
    report = {"measured": datetime.date.today().isoformat(), **versions, "machine": f"{os.cpu_count()} cores, {platform.system()}", "figures": figures}
    Path(__file__).with_name("guide-figures.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
