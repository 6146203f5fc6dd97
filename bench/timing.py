"""How two forms are timed: in turn, at least seven times; medians count. Shared by the guide's figures and the rules' gains."""

import gc
import math
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

Form = Callable[[], object]
Clock = Callable[[], float]
# Seconds of one call, measured anew at each asking.
Sample = Callable[[], float]

SAMPLE_SECONDS = 0.02
FIGURE_SECONDS = 2.0
FEWEST_RUNS, MOST_RUNS = 7, 21
MOST_CALLS = 10_000


class Timing(NamedTuple):
    before: float
    after: float
    ratio: float


def time_of(form: Form, calls: int, clock: Clock) -> float:
    start = clock()
    for _ in range(calls):
        form()
    return (clock() - start) / calls


def calls_for(seconds: float, most: int = MOST_CALLS) -> int:
    """A short call repeats until its sample is long enough for the clock."""
    return min(most, max(1, math.ceil(SAMPLE_SECONDS / max(seconds, 1e-7))))


def in_turns(before: Sample, after: Sample) -> Timing:
    """The two meet the same weather; the ratio is the median of each turn's own."""
    gc.collect()
    runs: list[tuple[float, float]] = []
    end = time.perf_counter() + FIGURE_SECONDS
    while len(runs) < FEWEST_RUNS or (len(runs) < MOST_RUNS and time.perf_counter() < end):
        runs.append((before(), after()))
    return Timing(*(statistics.median(column) for column in zip(*runs)), statistics.median(old / max(new, 1e-9) for old, new in runs))


def rounded(value: float) -> float:
    """Three digits: more is noise."""
    return float(f"{value:.3g}")


def name_of(clock: Clock) -> str:
    return "processor" if clock is time.process_time else "elapsed"
