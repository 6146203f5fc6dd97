"""Whether two results are the same: floats closely, containers item by item; where not, the first place that differs."""

import math
import numbers
import sys
from collections import deque
from collections.abc import Iterable, Mapping, Set
from typing import Any

TOLERANCE = 1e-9
# Of numbers that have half the digits.
SINGLE_TOLERANCE = 1e-4
SEQUENCES = (list, tuple, deque, range)
PLAIN = (str, bytes, bytearray, bool, type(None), int, complex)
# What the workload defines itself is looked into; what a library keeps inside its objects is its own business.
OWN_MODULES = {"workload", "example_before", "example_after"}


def difference(old: Any, new: Any, path: str, is_result: bool = True) -> str | None:
    """None if the same. Arguments that cannot be looked into count as the same; results do not."""
    if old is new:
        return None
    library = of_library(old, new, path)
    if library is not NotImplemented:
        return library
    if isinstance(old, numbers.Real) and isinstance(new, numbers.Real):
        return None if same_number(float(old), float(new)) else unlike(old, new, path)
    if isinstance(old, PLAIN) or isinstance(new, PLAIN):
        return None if old == new else unlike(old, new, path)
    if are_equal(old, new):
        return None
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        if old.keys() != new.keys():
            return unlike(list(old), list(new), f"keys of {path}")
        return first_of(difference(old[it], new[it], f"{path}[{it!r}]", is_result) for it in old)
    if isinstance(old, SEQUENCES) and isinstance(new, SEQUENCES):
        if len(old) != len(new):
            return f"{path} has {len(old)} items, then {len(new)}"
        return first_of(difference(before, after, f"{path}[{index}]", is_result) for index, (before, after) in enumerate(zip(old, new)))
    if isinstance(old, Set) and isinstance(new, Set):
        return None if old == new else unlike(old, new, path)
    if type(old).__name__ != type(new).__name__:
        return unlike(old, new, path)
    if type(old).__module__ in OWN_MODULES:
        return difference(state_of(old), state_of(new), f"{path}.{type(old).__name__}", is_result)
    if not is_result:
        return None
    return f"{path} is a {type(old).__name__}, which cannot be compared: let both forms return what they made of it"


def are_equal(old: Any, new: Any) -> bool:
    """Quick where nothing differs. What holds arrays cannot say it in one word."""
    try:
        return type(old) is type(new) and bool(old == new)
    except Exception:
        return False


def first_of(found: Iterable[str | None]) -> str | None:
    return next((it for it in found if it is not None), None)


def unlike(old: object, new: object, path: str) -> str:
    return f"{path}: {str(old)[:200]} ({type(old).__name__}) is not {str(new)[:200]} ({type(new).__name__})"


def same_number(old: float, new: float, tolerance: float = TOLERANCE) -> bool:
    return old == new or (math.isnan(old) and math.isnan(new)) or math.isclose(old, new, rel_tol=tolerance, abs_tol=tolerance)


def of_library(old: Any, new: Any, path: str) -> Any:
    """NumPy, pandas, PyTorch and TensorFlow, where the workload imported them; NotImplemented for all else."""
    numpy, pandas, torch, tensorflow = (sys.modules.get(it) for it in ("numpy", "pandas", "torch", "tensorflow"))
    if pandas is not None and isinstance(old, (pandas.DataFrame, pandas.Series, pandas.Index)) and type(old) is type(new):
        return of_pandas(pandas, old, new, path)
    if torch is not None and isinstance(old, torch.nn.Module) and isinstance(new, torch.nn.Module):
        return difference(old.state_dict(), new.state_dict(), path)
    if torch is not None and isinstance(old, torch.Tensor) and isinstance(new, torch.Tensor):
        return difference(old.detach().cpu().numpy(), new.detach().cpu().numpy(), path)
    if tensorflow is not None and isinstance(old, tensorflow.Tensor) and isinstance(new, tensorflow.Tensor):
        return difference(old.numpy(), new.numpy(), path)
    if numpy is not None and isinstance(old, numpy.ndarray) and isinstance(new, numpy.ndarray):
        return of_numpy(numpy, old, new, path)
    return NotImplemented


def of_numpy(numpy: Any, old: Any, new: Any, path: str) -> str | None:
    if old.shape != new.shape:
        return f"the shape of {path}: {old.shape} is not {new.shape}"
    if old.dtype.kind in "fc" or new.dtype.kind in "fc":
        tolerance = SINGLE_TOLERANCE if min(old.dtype.itemsize, new.dtype.itemsize) < 8 else TOLERANCE
        same = numpy.allclose(old, new, rtol=tolerance, atol=tolerance, equal_nan=True)
    else:
        same = numpy.array_equal(old, new)
    return None if same else unlike(old, new, path)


def of_pandas(pandas: Any, old: Any, new: Any, path: str) -> str | None:
    same = getattr(pandas.testing, f"assert_{'frame' if isinstance(old, pandas.DataFrame) else 'series' if isinstance(old, pandas.Series) else 'index'}_equal")
    options = {"exact": False} if isinstance(old, pandas.Index) else {"check_dtype": False, "check_index_type": False}
    try:
        same(old, new, check_names=False, rtol=TOLERANCE, **options)
    except AssertionError as error:
        return f"{path}: {' '.join(str(error).split())[:400]}"
    return None


def state_of(value: object) -> dict[str, object]:
    """The attributes of an object, those in slots included."""
    slots = [it for kind in type(value).__mro__ for it in ([kind.__dict__["__slots__"]] if isinstance(kind.__dict__.get("__slots__"), str) else kind.__dict__.get("__slots__", ()))]
    return {**getattr(value, "__dict__", {}), **{it: getattr(value, it) for it in slots if not it.startswith("__") and hasattr(value, it)}}
