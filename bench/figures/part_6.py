"""Figures of the guide's part 6: libraries."""

import functools
import random

import numba
import numpy as np
import pandas as pd
from threadpoolctl import ThreadpoolController

from .measure import Subject, section, traced


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


@section("numpy-advanced")
def numpy_advanced() -> dict[str, Subject]:
    source = np.random.default_rng(1)
    # Whole numbers make the two forms agree to the last bit.
    left, right = source.integers(0, 10, (2, 32, 128, 128)).astype(float)
    a, b, c = source.integers(0, 10, (3, 60, 60)).astype(float)
    table = source.integers(0, 10, (1_000, 1_000)).astype(float)
    signal = source.random(100_000)
    libraries = ThreadpoolController()

    def product() -> np.ndarray:
        # The threads of BLAS wait for each other busily on a shared machine, which would count as processor time.
        with libraries.limit(limits=1, user_api="blas"):
            return left @ right

    def column_sums() -> np.ndarray:
        return np.array([table[:, n].sum() for n in range(table.shape[1])])

    def window_copies() -> np.ndarray:
        return np.stack([signal[start : start + 50] for start in range(len(signal) - 49)])

    def windows() -> np.ndarray:
        return np.lib.stride_tricks.sliding_window_view(signal, 50)

    return {
        "@ against default einsum, batch of 32 of 128 by 128, one BLAS thread": (lambda: np.einsum("bij,bjk->bik", left, right), product),
        "einsum with optimize against without, three matrices of 60 by 60": (
            lambda: np.einsum("ij,jk,kl->il", a, b, c),
            lambda: np.einsum("ij,jk,kl->il", a, b, c, optimize=True),
        ),
        "axis sum against a sum per column, 1,000 by 1,000 in C order": (lambda: column_sums(), lambda: table.sum(axis=0)),
        "windows of 50 over 100,000 numbers, view against copies": {"before_bytes": traced(window_copies), "after_bytes": traced(windows)},
    }
