"""Figures of the guide's part 1: how Python runs."""

import argparse
import ctypes
import ctypes.util
import marshal
import math
from pathlib import Path

import numpy as np
from numba import njit

from .measure import Subject, section


@section("cpython-execution")
def cpython_execution() -> dict[str, Subject]:
    source = Path(argparse.__file__).read_text(encoding="utf-8")
    cached = marshal.dumps(compile(source, "argparse.py", "exec"))
    return {
        "code of argparse, read from the cached form against compiled from source": (
            lambda: len(compile(source, "argparse.py", "exec").co_consts),
            lambda: len(marshal.loads(cached).co_consts),
        )
    }


@section("jit-numba")
def jit_numba() -> dict[str, Subject]:
    readings = np.random.default_rng(1).normal(size=100_000)

    def smoothed(values: np.ndarray, weight: float) -> np.ndarray:
        result = np.empty_like(values)
        level = values[0]
        for i in range(values.size):
            level += weight * (values[i] - level)
            result[i] = level
        return result

    def smoothed_list(values: list[float], weight: float) -> list[float]:
        result = []
        level = values[0]
        for value in values:
            level += weight * (value - level)
            result.append(level)
        return result

    compiled = njit(smoothed)
    compiled(readings, 0.1)  # The first call compiles.
    as_list = readings.tolist()
    return {
        "exponential smoothing of 100,000 values, compiled against a loop over the array": (lambda: smoothed(readings, 0.1), lambda: compiled(readings, 0.1)),
        "exponential smoothing of 100,000 values, compiled against a loop over a list": (lambda: smoothed_list(as_list, 0.1), lambda: compiled(readings, 0.1)),
    }


@section("c-extensions")
def c_extensions() -> dict[str, Subject]:
    library = ctypes.CDLL(ctypes.util.find_library("m"))
    foreign = library.sqrt
    foreign.argtypes, foreign.restype = [ctypes.c_double], ctypes.c_double
    values = [float(n) for n in range(10_000)]

    def roots(function) -> list[float]:
        return [function(value) for value in values]

    return {"square roots of 10,000 values, math.sqrt against a ctypes call each": (lambda: roots(foreign), lambda: roots(math.sqrt))}
