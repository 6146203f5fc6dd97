"""Values as plain data that can be sent, kept and compared: no identities, no addresses."""

from __future__ import annotations

import collections
import enum
import io
import logging
import math
import sys
import types
from collections.abc import Iterator
from typing import Any

from . import of_tensorflow
from .probe import Probe
from .unusual import plain

DEEPEST = 12
MOST_ITEMS = 500


def freeze(value: Any, depth: int = 0) -> list[Any]:
    """[kind, content…], where the content is made of frozen values, texts and numbers."""
    if depth > DEEPEST:
        return ["deep"]
    inner = lambda it: freeze(it, depth + 1)  # noqa: E731
    if value is None or isinstance(value, bool) or type(value) in (str, int):
        return [type(value).__name__, value]
    if isinstance(value, Probe):
        return ["probe", value._path]
    if isinstance(value, enum.Enum):
        return ["enum", str(value)]
    if type(value) is float:
        return ["float", number(value)]
    numpy = sys.modules.get("numpy")
    if isinstance(value, (str, int, float)) and not (numpy is not None and isinstance(value, numpy.generic)):
        return [kind_of(value), number(plain(value)) if isinstance(value, float) else plain(value)]
    if isinstance(value, (bytes, bytearray, complex, range)):
        return [type(value).__name__, repr(value)]
    if isinstance(value, BaseException):
        return ["exception", type(value).__name__, str(value)]
    if isinstance(value, (list, collections.deque)) or (isinstance(value, tuple) and not hasattr(value, "_fields")):
        return [kind_of(value), *map(inner, list(value)[:MOST_ITEMS])]
    if isinstance(value, tuple):
        return ["namedtuple", *([name, inner(item)] for name, item in zip(value._fields, value))]
    if isinstance(value, (set, frozenset)):
        return [kind_of(value), *sorted(map(inner, value), key=repr)]
    if isinstance(value, dict):
        return [kind_of(value), *([inner(key), inner(item)] for key, item in list(value.items())[:MOST_ITEMS])]
    frozen = of_library(value, inner)
    if frozen is not None:
        return frozen
    if isinstance(value, io.IOBase):
        return ["file"]  # Whether it is closed is what fixes are about; what was written shows on the disk.
    if isinstance(value, Iterator):
        return iterated(value, inner)
    if isinstance(value, (type, types.ModuleType)):
        return ["type" if isinstance(value, type) else "module"]
    if isinstance(value, logging.Logger):
        return ["logger", value.name]
    if callable(value) and not hasattr(value, "__dict__"):
        return ["callable"]
    if isinstance(value, (types.FunctionType, types.MethodType)):
        return ["callable"]
    # What a library keeps inside its objects is its own business.
    return ["object", type(value).__name__, *(state_of(value, inner) if type(value).__module__ == "__main__" else [])]


def kind_of(value: object) -> str:
    return type(value).__name__


def number(value: float) -> object:
    """JSON has no NaN and no infinity."""
    return value if math.isfinite(value) else str(value)


def iterated(value: Iterator[Any], inner: Any) -> list[Any]:
    """What is still to come; an exception on the way belongs to it."""
    items: list[Any] = []
    try:
        for item in value:
            items.append(inner(item))
            if len(items) >= MOST_ITEMS:
                break
    except Exception as error:
        items.append(["raised", type(error).__name__, str(error)])
    return ["iterator", *items]


def of_library(value: Any, inner: Any) -> list[Any] | None:
    """NumPy, pandas, PyTorch and TensorFlow, where the program imported them."""
    numpy, pandas, torch = (sys.modules.get(it) for it in ("numpy", "pandas", "torch"))
    if numpy is not None and isinstance(value, numpy.ndarray):
        return ["ndarray", str(value.dtype), list(value.shape), *map(inner, value.ravel().tolist()[:MOST_ITEMS])]
    if numpy is not None and isinstance(value, numpy.generic):
        return ["scalar", str(value.dtype), inner(value.item())]
    if pandas is not None and (value is pandas.NA or value is pandas.NaT):
        return ["missing"]
    if pandas is not None and isinstance(value, pandas.DataFrame):
        return ["frame", inner(list(value.index)), *([inner(value.columns[it]), inner(value.iloc[:, it])] for it in range(value.shape[1]))]
    if pandas is not None and isinstance(value, (pandas.Series, pandas.Index)):
        return ["series", str(value.dtype), inner(list(value.index)) if isinstance(value, pandas.Series) else None, *map(inner, value.tolist()[:MOST_ITEMS])]
    if torch is not None and isinstance(value, torch.Tensor):
        return ["tensor", str(value.dtype), list(value.shape), value.requires_grad, *map(inner, value.detach().cpu().flatten().tolist()[:MOST_ITEMS])]
    if torch is not None and isinstance(value, torch.nn.Module):
        return ["module", value.training, *([name, inner(item)] for name, item in value.state_dict().items())]
    return of_tensorflow.freeze(value, inner)


def state_of(value: object, inner: Any) -> list[Any]:
    """The attributes of an object, those in slots included."""
    names = list(getattr(value, "__dict__", {}))
    processes = sys.modules.get("multiprocessing.process")
    if processes is not None and isinstance(value, processes.BaseProcess):
        names = [it for it in names if not it.startswith("_")]  # Numbers and keys that each run draws anew.
    for kind in type(value).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        names.extend(it for it in ((slots,) if isinstance(slots, str) else slots) if not it.startswith("__") and hasattr(value, it))
    return [[name, inner(getattr(value, name, None))] for name in sorted(set(names))]
