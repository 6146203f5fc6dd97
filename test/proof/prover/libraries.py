"""Inputs of NumPy, pandas, PyTorch and TensorFlow types, where the program imported them."""

from __future__ import annotations

import re
import sys
import typing
from typing import Any

from . import of_tensorflow

ROWS = {"many": 6, "empty": 0, "one": 1, "negative": 5, "duplicates": 6, "unicode": 3, "nan": 4}
TEXT_COLUMN = re.compile(r"name|city|street|text|title|country|category|kind|word|label|group|key|user|region|product|email|code")


def value_of(hint: Any, sample: str, source: str, name: str) -> Any:
    """None where the type is none of theirs."""
    kind = typing.get_origin(hint) or hint
    module = getattr(kind, "__module__", "").split(".")[0]
    kind_name = getattr(kind, "__name__", "")
    if module == "pandas":
        return {"DataFrame": frame, "Series": series}.get(kind_name, lambda *_: None)(sample, source)
    if module == "numpy":
        return array(sample, source) if kind_name == "ndarray" else kind(ROWS[sample]) if kind_name.startswith(("float", "int")) else None
    if module == "tensorflow":
        return of_tensorflow.value_of(kind_name, numbers(sample, 1))
    if module == "torch":
        return of_torch(kind_name, sample, source, name)
    return None


def columns_in(source: str) -> list[str]:
    """Names that the program looks up, which may be columns; more of them do no harm."""
    quoted = re.findall(r"""\[\s*["']([A-Za-z_][\w ]*)["']""", source) + re.findall(r"""["']([A-Za-z_]\w*)["']\s*[\],]""", source)
    read = re.findall(r"(?:\b|_)(?:row|order|person|item|record|r|x)\.([a-z_]\w*)\b(?!\()", source)
    found = dict.fromkeys([*quoted, *read])
    return list(found) or ["a", "b"]


def numbers(sample: str, shift: int) -> list[float]:
    rows = ROWS[sample]
    values: list[float] = [((index + shift) * 7) % 5 + 0.5 for index in range(rows)]
    if sample == "negative":
        values = [-it if index % 2 else it for index, it in enumerate(values)]
    if sample == "duplicates":
        values = [values[index // 2] for index in range(rows)]
    if sample == "nan":
        values[shift % rows] = float("nan")
    return values


def column(sample: str, name: str, shift: int) -> list[Any]:
    if not TEXT_COLUMN.search(name):
        return [int(it) for it in numbers(sample, shift)] if shift % 2 and sample != "nan" else numbers(sample, shift)
    words = ["Oslo", "Bern", "Oslo", "Rome", "Łódź", "日本"] if sample == "unicode" else ["b", "a", "b", "c", "a", "d"]
    return words[: ROWS[sample]]


def frame(sample: str, source: str) -> Any:
    import pandas

    made = pandas.DataFrame({name: column(sample, name, shift) for shift, name in enumerate(columns_in(source))})
    if sample == "duplicates":
        made.index = [index // 2 for index in range(len(made))]
    return made


def series(sample: str, source: str) -> Any:
    import pandas

    return pandas.Series(column(sample, "text" if ".str." in source else "value", 0), dtype=object if ".str." in source else None)


def array(sample: str, source: str) -> Any:
    import numpy

    values = numpy.array(numbers(sample, 1))
    # Types that take two are no places: `dict[str, int]`, `Union[list, None]`.
    is_matrix = re.search(r"\b(?!dict\b|tuple\b|defaultdict\b|[A-Z][a-z])\w+\[\w+, ?[\w:]+\]|\.shape\[1\]|axis=1|rows, columns|columns = |height, width", source)
    return numpy.stack([values, values + 1, values * 2], axis=1) if is_matrix else values


def of_torch(kind: str, sample: str, source: str, name: str) -> Any:
    import torch

    if kind == "Tensor":
        return torch.tensor(numbers(sample, 1)).reshape(-1, 1).repeat(1, 4)
    if kind == "device":
        return torch.device("cpu")
    torch.manual_seed(1)
    if kind == "Module":
        return torch.nn.Linear(4, 4)
    if kind == "Optimizer":
        return torch.optim.SGD(torch.nn.Linear(4, 4).parameters(), lr=0.1)
    if kind in ("Dataset", "TensorDataset", "DataLoader"):
        data = torch.utils.data.TensorDataset(torch.randn(8, 4), torch.randn(8, 4))
        return torch.utils.data.DataLoader(data, batch_size=4) if kind == "DataLoader" else data
    if kind == "Generator":
        return torch.Generator().manual_seed(1)
    return None


def is_imported(name: str) -> bool:
    return name in sys.modules
