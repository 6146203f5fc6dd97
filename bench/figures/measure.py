"""How a figure of the guide is measured: two forms that agree, run in turn; the median of the ratios, or bytes kept alive."""

import gc
import math
import statistics
import time
import tracemalloc
from collections.abc import Callable

import numpy as np

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
