"""Whether two frozen values are the same behaviour; where not, the first place that differs."""

from __future__ import annotations

import math
from typing import Any

#: A review fix may change the types of containers and numbers, and the order in which floats are added.
TOLERANCE = 1e-9
SEQUENCES = {"list", "tuple", "deque", "iterator", "ndarray", "series"}
COLLECTIONS = {"list", "tuple", "set", "frozenset"}
NUMBERS = {"int", "float", "scalar", "bool"}


def difference(before: Any, after: Any, strict: bool, path: str = "") -> str | None:
    if before == after:
        return None
    if strict or not (isinstance(before, list) and isinstance(after, list)):
        return strict_difference(before, after, strict, path)
    kinds = (before[0], after[0]) if before and after else (None, None)
    if all(isinstance(it, str) and it in NUMBERS for it in kinds):
        return close(*(number_of(it) for it in (before, after)), path)
    if all(isinstance(it, str) and it in SEQUENCES for it in kinds):
        return each(items_of(before), items_of(after), strict, path)
    if all(isinstance(it, str) and it in COLLECTIONS for it in kinds):
        return each(sorted(before[1:], key=repr), sorted(after[1:], key=repr), strict, path)
    if kinds == ("object", "object"):
        return objects(before, after, path)
    if kinds == ("raised", "raised") and before[1:2] == after[1:2]:
        return None
    return strict_difference(before, after, strict, path)


def strict_difference(before: Any, after: Any, strict: bool, path: str) -> str | None:
    if isinstance(before, list) and isinstance(after, list):
        return each(before, after, strict, path)
    if not strict and all(type(it) in (int, float) for it in (before, after)):
        return close(before, after, path)
    return None if before == after else f"{path or 'value'}: {before!r} became {after!r}"


def objects(before: list[Any], after: list[Any], path: str) -> str | None:
    """A fix to review may give an object an attribute of its own, a lock or a kept result, or take one away."""
    old, new = (dict(it[2:]) for it in (before, after))
    names = sorted(old.keys() & new.keys())
    return each([before[1], *(old[it] for it in names)], [after[1], *(new[it] for it in names)], False, f"{path}/{before[1]}")


def each(before: list[Any], after: list[Any], strict: bool, path: str) -> str | None:
    for index, (old, new) in enumerate(zip(before, after)):
        found = difference(old, new, strict, f"{path}/{old if index == 0 and isinstance(old, str) else index}")
        if found:
            return found
    return None if len(before) == len(after) else f"{path}: {len(before)} parts became {len(after)}: {str(before)[:300]} … {str(after)[:300]}"


def items_of(frozen: list[Any]) -> list[Any]:
    """The items alone, without dtype, shape or labels."""
    return frozen[{"ndarray": 3, "series": 3}.get(frozen[0], 1) :]


def number_of(frozen: list[Any]) -> Any:
    return number_of(frozen[2]) if frozen[0] == "scalar" else frozen[1]


def close(before: Any, after: Any, path: str) -> str | None:
    if before == after:
        return None
    if all(isinstance(it, (int, float)) for it in (before, after)) and math.isclose(before, after, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
        return None
    return f"{path or 'value'}: {before!r} became {after!r}"
