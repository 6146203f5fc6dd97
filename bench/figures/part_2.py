"""Figures of the guide's part 2: memory and generators."""

import gc
import re
import subprocess
import sys
import tracemalloc
from array import array
from collections import namedtuple
from dataclasses import make_dataclass

import numpy as np

from .measure import Form, Subject, section, traced


def peak(form: Form) -> int:
    """The most bytes that were allocated at one moment of the call."""
    gc.collect()
    tracemalloc.start()
    form()
    size = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return size


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


@section("memory-habits")
def memory_habits() -> dict[str, Subject]:
    values = np.ones(1_000_000)

    def plain() -> float:
        return float((values * 2.0 + 1.0 - values / 3.0).sum())

    def in_parts() -> float:
        return sum(float((part * 2.0 + 1.0 - part / 3.0).sum()) for part in np.split(values, 100))

    return {
        "peak while summing 100,000 squares, generator against list": {
            "before_bytes": peak(lambda: sum([n * n for n in range(100_000)])),
            "after_bytes": peak(lambda: sum(n * n for n in range(100_000))),
        },
        "peak of an array expression over a million float64, a hundred parts against plain": {"before_bytes": peak(plain), "after_bytes": peak(in_parts)},
    }


@section("compact-structures")
def compact_structures() -> dict[str, Subject]:
    count = 100_000
    numbers = list(range(1_000, count + 1_000))
    packed = array("q", numbers)
    row, frozen = namedtuple("Row", ["x", "y"]), make_dataclass("Frozen", ["x", "y"], slots=True)
    forms = {
        "dict": lambda: {"x": 0.0, "y": 1.0},
        "tuple": lambda: tuple([0.0, 1.0]),
        "named tuple": lambda: row(0.0, 1.0),
        "slotted dataclass": lambda: frozen(0.0, 1.0),
    }
    # Less the eight bytes of each object's place in the tuple.
    records = {name: {"bytes": round(traced(lambda: tuple(make() for _ in range(count))) / count) - 8} for name, make in forms.items()}
    return {
        "100,000 ints above 256, array against list": {"before_bytes": traced(lambda: list(range(1_000, count + 1_000))), "after_bytes": traced(lambda: array("q", range(1_000, count + 1_000)))},
        "100,000 floats, array against list": {"before_bytes": traced(lambda: [n / 3 for n in range(count)]), "after_bytes": traced(lambda: array("d", (n / 3 for n in range(count))))},
        "sum of 100,000 ints, list against array": (lambda: sum(packed), lambda: sum(numbers)),
        **{f"a record of two floats, {name}": size for name, size in records.items()},
    }


@section("refcount-and-gc")
def refcount_and_gc() -> dict[str, Subject]:
    def build() -> int:
        return len([[n] for n in range(300_000)])

    def without_collector() -> int:
        gc.disable()
        try:
            return build()
        finally:
            gc.enable()

    return {"building 300,000 small lists, collector off against on": (build, without_collector)}


@section("memory-profiling")
def memory_profiling() -> dict[str, Subject]:
    def build() -> int:
        return len([str(n) for n in range(50_000)])

    def traced_build() -> int:
        tracemalloc.start()
        try:
            return build()
        finally:
            tracemalloc.stop()

    return {"making 50,000 strings, without tracemalloc against with": (traced_build, build)}


@section("generators")
def generators() -> dict[str, Subject]:
    items = range(1_000)
    return {
        "sum of 20,000 squares, list against generator": (lambda: sum(n * n for n in range(20_000)), lambda: sum([n * n for n in range(20_000)])),
        "any over 1,000 items, first one matches, generator against list": (lambda: any([n == 0 for n in items]), lambda: any(n == 0 for n in items)),
        "any over 1,000 items, none matches, generator against list": (lambda: any([n < 0 for n in items]), lambda: any(n < 0 for n in items)),
    }
