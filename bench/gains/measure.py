"""What is measured at one size: that both forms agree, their times in turn, and the peak of the memory they take."""

import gc
import io
import math
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from itertools import accumulate

from timing import Clock, calls_for, in_turns, rounded, time_of

from .agree import difference
from .workload import Function, Workload, WorkloadError, timed_form

CLOCKS: dict[str, Clock] = {"processor": time.process_time, "elapsed": time.perf_counter}
# Making the arguments of one sample may take so long, where each call has its own.
INPUT_SECONDS = 0.25
MOST_INPUTS = 1_000
# Below this a call is mostly the call itself, and says nothing about growth.
TOO_SHORT_MS = 0.005


def measured_at(workload: Workload, n: int) -> dict[str, object]:
    before, after = agreeing(workload, n)
    clock = CLOCKS[workload.clock]
    timing = in_turns(*(sample(form, workload, n, clock) for form in (before, after)))
    return {
        "n": n,
        "before_ms": rounded(timing.before * 1e3),
        "after_ms": rounded(timing.after * 1e3),
        "ratio": rounded(timing.ratio),
        "before_bytes": peak(before, workload, n),
        "after_bytes": peak(after, workload, n),
    }


def memory_at(workload: Workload, n: int) -> dict[str, object]:
    before, after = agreeing(workload, n)
    return {"before_bytes": peak(before, workload, n), "after_bytes": peak(after, workload, n)}


def agreeing(workload: Workload, n: int) -> tuple[Function, Function]:
    """The two forms as they are timed; the first calls also warm up what compiles or caches."""
    results, printed = [], []
    for name in ("before", "after"):
        form, arguments, output = getattr(workload, name), workload.inputs(n), io.StringIO()
        if not workload.once and any(isinstance(it, Iterator) for it in arguments):
            raise WorkloadError("an argument is an iterator, which one call uses up: say once = True")
        with redirect_stdout(output):
            result = form(*arguments)
            results.append((timed_form(form, result), list(result) if isinstance(result, Iterator) else result))
        printed.append(output.getvalue())
        if not workload.once and (changed := difference(arguments, workload.inputs(n), "arguments", is_result=False)):
            raise WorkloadError(f"{name} changes its arguments, or inputs({n}) does not give the same twice ({changed}): say once = True, or seed")
    (before, old), (after, new) = results
    found = difference(old, new, "result") or difference(*printed, "output")
    if found:
        raise WorkloadError(f"the two forms do not agree at {n:,} {workload.unit}: {found}")
    return before, after


def sample(form: Function, workload: Workload, n: int, clock: Clock) -> Callable[[], float]:
    """Gives the seconds of one call; where a form changes its arguments they are made outside the timing."""
    start = time.perf_counter()
    arguments = workload.inputs(n)
    making = time.perf_counter() - start
    first = time_of(lambda: form(*arguments), 1, clock)
    if not workload.once:
        calls = calls_for(first)
        return lambda: time_of(lambda: form(*arguments), calls, clock)
    most = min(MOST_INPUTS, max(1, int(INPUT_SECONDS / max(making, 1e-6))))
    calls = calls_for(first, most)

    def anew() -> float:
        waiting = iter([workload.inputs(n) for _ in range(calls)])
        return time_of(lambda: form(*next(waiting)), calls, clock)

    return anew


def peak(form: Function, workload: Workload, n: int) -> int:
    """The most memory that one call has at a time, its result included, its arguments not."""
    arguments = workload.inputs(n)
    gc.collect()
    tracemalloc.start()
    form(*arguments)
    traced = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return traced + (peak_of_tensors(form, workload.inputs(n)) if "torch" in sys.modules else 0)


def peak_of_tensors(form: Function, arguments: tuple[object, ...]) -> int:
    """PyTorch takes the memory of its tensors past Python; its profiler tells of each piece taken and given back."""
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiled:
        form(*arguments)
    changes = [(it.start_ns(), it.nbytes()) for it in profiled.profiler.kineto_results.events() if it.name() == "[memory]"]
    return max(0, *accumulate((change for _, change in sorted(changes, key=lambda it: it[0])), initial=0))


def exponent(rows: list[dict[str, float]], key: str) -> float | None:
    """How the time grows: the slope of a line through the logarithms. None where too little is long enough to tell."""
    points = [(math.log(it["n"]), math.log(it[key])) for it in rows if it[key] >= TOO_SHORT_MS]
    if len(points) < 2:
        return None
    middle_x, middle_y = (sum(column) / len(points) for column in zip(*points))
    return round(sum((x - middle_x) * (y - middle_y) for x, y in points) / sum((x - middle_x) ** 2 for x, _ in points), 2)
