"""How a figure of the guide is measured: two forms that agree, run in turn; the median of the ratios, or bytes kept alive."""

import gc
import time
import tracemalloc
from collections.abc import Callable
from functools import partial

import numpy as np
from timing import Clock, Form, calls_for, in_turns, name_of, rounded, time_of

# Of one subject: the slow form and the fast one, or named byte counts.
Subject = tuple[Form, Form] | dict[str, int]
Section = Callable[[], dict[str, Subject]]

SECTIONS: list[tuple[str, Clock, Section]] = []


def section(anchor: str, clock: Clock = time.process_time) -> Callable[[Section], Section]:
    """Registers a function that prepares the data of one guide section and returns its subjects."""

    def register(subjects: Section) -> Section:
        SECTIONS.append((anchor, clock, subjects))
        return subjects

    return register


def compare(forms: tuple[Form, Form], clock: Clock) -> dict[str, object]:
    assert np.array_equal(*(np.asarray(form()) for form in forms)), "the two forms do not agree"
    before, after, ratio = in_turns(*(partial(time_of, form, calls_for(time_of(form, 1, clock)), clock) for form in forms))
    return {"ratio": rounded(ratio), "before_ms": rounded(before * 1e3), "after_ms": rounded(after * 1e3), "clock": name_of(clock)}


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
