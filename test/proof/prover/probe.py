"""A value that nothing is known of: it takes part in everything and writes down what was done with it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

from .journal import Interruption, Journal

ITEMS = 3
TRUE_FOR = 6


class Probe:
    """Its path says where it came from, and stands for its identity: equal paths are equal values."""

    def __init__(self, path: str, journal: Journal) -> None:
        self.__dict__.update(_path=path, _journal=journal, _asked=0)

    def _child(self, path: str) -> Probe:
        return Probe(path, self._journal)

    @property
    def _number(self) -> int:
        return zlib.crc32(self._path.encode()) % 89

    # What changes something or may be seen from outside is written down.
    def __call__(self, *args: object, **named: object) -> Probe:
        given = ", ".join([*map(show, args), *(f"{name}={show(value)}" for name, value in named.items())])
        path = f"{self._path}({given})"
        self._journal.add("call", path)
        return self._child(path)

    def __setattr__(self, name: str, value: object) -> None:
        self._journal.add("set", f"{self._path}.{name}", show(value))
        self.__dict__[name] = value

    def __delattr__(self, name: str) -> None:
        self._journal.add("delete", f"{self._path}.{name}")
        self.__dict__.pop(name, None)

    def __setitem__(self, key: object, value: object) -> None:
        self._journal.add("set", f"{self._path}[{show(key)}]", show(value))

    def __delitem__(self, key: object) -> None:
        self._journal.add("delete", f"{self._path}[{show(key)}]")

    def __tf_tensor__(self, *_: object, **__: object) -> None:
        """TensorFlow would go into it without end."""
        raise TypeError("nothing is known of this value, not even that it is a tensor")

    def __iter__(self) -> Iterator[Probe]:
        for index in range(ITEMS):
            self._journal.add("next", self._path)
            yield self._child(f"{self._path}[{index}]")

    def __enter__(self) -> Probe:
        self._journal.add("enter", self._path)
        return self

    def __exit__(self, kind: type | None, *_: object) -> bool:
        self._journal.add("exit", self._path, kind.__name__ if kind else None)
        return self._journal.swallows and kind is Interruption

    async def __aenter__(self) -> Probe:
        return self.__enter__()

    async def __aexit__(self, kind: type | None, *_: object) -> bool:
        return self.__exit__(kind)

    def __await__(self) -> Iterator[Any]:
        import asyncio

        self._journal.add("await", self._path)
        yield from asyncio.sleep(0).__await__()
        return self._child(f"(await {self._path})")

    async def __aiter__(self) -> Any:
        for index in range(ITEMS):
            self._journal.add("next", self._path)
            yield self._child(f"{self._path}[{index}]")

    # What only asks is not: how often a program asks is its own business.
    def __getattr__(self, name: str) -> Probe:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return self._child(f"{self._path}.{name}")

    def __getitem__(self, key: object) -> Probe:
        if isinstance(key, int) and not -ITEMS <= key < ITEMS:
            raise IndexError("probe index out of range")
        return self._child(f"{self._path}[{show(key)}]")

    def __len__(self) -> int:
        return ITEMS

    def __bool__(self) -> bool:
        """True a few times only, so that loops end."""
        self.__dict__["_asked"] += 1
        return self._asked <= TRUE_FOR

    def __contains__(self, item: object) -> bool:
        return zlib.crc32(f"{self._path} {show(item)}".encode()) % 2 == 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Probe) and other._path == self._path

    def __hash__(self) -> int:
        return zlib.crc32(self._path.encode())

    def __lt__(self, other: object) -> bool:
        return self._order < order_of(other)

    def __gt__(self, other: object) -> bool:
        return self._order > order_of(other)

    def __le__(self, other: object) -> bool:
        return self._order <= order_of(other)

    def __ge__(self, other: object) -> bool:
        return self._order >= order_of(other)

    @property
    def _order(self) -> tuple[float, str]:
        return (self._number, self._path)

    def __int__(self) -> int:
        return self._number

    def __index__(self) -> int:
        return self._number % 5

    def __float__(self) -> float:
        return float(self._number)

    def __str__(self) -> str:
        return self._path

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return f"{self._path}:{spec}" if spec else self._path


def order_of(value: object) -> tuple[float, str]:
    if isinstance(value, Probe):
        return value._order
    if isinstance(value, (int, float)):
        return (float(value), "")
    return (zlib.crc32(show(value).encode()) % 89, show(value))


def show(value: object) -> str:
    """A value in a path: no addresses, which differ from run to run."""
    if isinstance(value, Probe):
        return value._path
    if isinstance(value, (list, tuple, set, frozenset)):
        inner = ", ".join(sorted(map(show, value)) if isinstance(value, (set, frozenset)) else map(show, value))
        return f"{type(value).__name__}({inner})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{show(key)}: {show(item)}" for key, item in value.items()) + "}"
    if callable(value):
        return "<callable>"
    text = repr(value)
    return f"<{type(value).__name__}>" if " at 0x" in text else text


def _operator(name: str, sign: str) -> None:
    setattr(Probe, f"__{name}__", lambda self, other: self._child(f"({self._path} {sign} {show(other)})"))
    setattr(Probe, f"__r{name}__", lambda self, other: self._child(f"({show(other)} {sign} {self._path})"))


for _name, _sign in {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**", "and": "&", "or": "|", "xor": "^", "lshift": "<<", "rshift": ">>", "matmul": "@"}.items():
    _operator(_name, _sign)
for _name, _sign in {"neg": "-", "pos": "+", "invert": "~"}.items():
    setattr(Probe, f"__{_name}__", lambda self, sign=_sign: self._child(f"({sign}{self._path})"))
