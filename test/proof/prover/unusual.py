"""Values that are allowed and seldom thought of: one object in several places, objects of derived classes, containers that others change meanwhile."""

from __future__ import annotations

import collections
import enum
from typing import Any

from .journal import Interruption

#: Growing stops here, so that a loop over what grows ends.
MOST_ITEMS = 20
#: Asked of text and numbers, these compute with them. Comparing is not among them: how often, and with which item, is nobody's promise.
COMPUTING = ("add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "floordiv", "mod", "neg", "format", "str", "len", "bool", "iter")
#: What derived classes can be made of.
PLAIN = (str, int, float, list, dict, set, tuple, collections.deque)
CHANGING = (list, dict, set, collections.deque)


class Shared:
    """The objects given so far, by what was asked for."""

    def __init__(self) -> None:
        self._known: list[tuple[Any, Any, int]] = []

    def find(self, hint: Any, depth: int) -> Any:
        """An object that was given for the same hint: an item of a container only where a whole argument is asked for, or the other way round."""
        return next((it for asked, it, at in self._known if asked == hint and (depth == 0 or at == 0)), None)

    def add(self, hint: Any, value: Any, depth: int) -> None:
        if not isinstance(value, (str, bytes, int, float, complex, tuple, frozenset, range, type(None))):
            self._known.append((hint, value, depth))

    @property
    def containers(self) -> list[Any]:
        return [it for _, it, _ in self._known if isinstance(it, CHANGING)]


def meddled(container: Any, number: int) -> None:
    """One change to a container, as code elsewhere may do it: it grows at first, then loses what it has."""
    grows = number % 3 < 2 and len(container) < MOST_ITEMS
    if isinstance(container, dict):
        if container:
            first = next(iter(container))
            container[first] = list(container.values())[-1]
    elif isinstance(container, set):
        return  # No code that goes through a set stands its change.
    elif grows and container:
        container.append(container[0])
    elif container:
        container.pop()


class Items(list): ...


class Table(dict): ...


class Members(set): ...


class Text(str): ...


class Whole(int): ...


class Fraction(float): ...


class Record(tuple): ...


class Line(collections.deque): ...


OWN = {list: Items, dict: Table, set: Members, str: Text, int: Whole, float: Fraction, tuple: Record, collections.deque: Line}


def failing(kind: type) -> type:
    """A derived class whose object fails where it is computed with."""

    def fail(self: Any, *_: Any) -> Any:
        raise Interruption("an item failed")

    members = {f"__{it}__": fail for it in COMPUTING if hasattr(kind, f"__{it}__") or it.startswith("r")}
    return type(f"Failing{OWN[kind].__name__}", (OWN[kind],), members)


# By these names a worker process finds them.
FailingText, FailingWhole, FailingFraction = (failing(it) for it in (str, int, float))
FAILING = {str: FailingText, int: FailingWhole, float: FailingFraction}


def derived(value: Any, names: dict[str, Any]) -> Any:
    """The same value as an object of a class that derives from its own: one of the program's, else one of ours."""
    kind = type(value)
    if kind not in PLAIN:
        return value
    own = [it for it in names.values() if isinstance(it, type) and it.__module__ == "__main__" and issubclass(it, kind) and not issubclass(it, enum.Enum)]
    for made in [*own, OWN[kind]]:
        try:
            return made(value)
        except Exception:  # noqa: S112 - it takes other values
            continue
    return value


def plain(value: Any) -> Any:
    """Text and numbers of derived classes as they are without what those add."""
    if isinstance(value, str):
        return str.__getitem__(value, slice(None))
    return int.__int__(value) if isinstance(value, int) else float.__float__(value)
