"""Figures of the guide's part 3: language constructs."""

import random
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple, Protocol, runtime_checkable

from .measure import Form, Subject, section, traced


@section("functions-closures")
def functions_closures() -> dict[str, Subject]:
    numbers = list(range(10_000))
    names = [f"name {n}" for n in numbers]
    return {
        "comprehension against map with a lambda, 10,000 items": (lambda: list(map(lambda n: n * 2, numbers)), lambda: [n * 2 for n in numbers]),
        "comprehension against filter with a lambda, 10,000 items": (lambda: list(filter(lambda n: n % 2, numbers)), lambda: [n for n in numbers if n % 2]),
        "map with a built-in against map with a lambda around it, 10,000 items": (lambda: list(map(lambda name: len(name), names)), lambda: list(map(len, names))),
    }


@section("oop-protocols")
def oop_protocols() -> dict[str, Subject]:
    @runtime_checkable
    class Scores(Protocol):
        def fit(self) -> None: ...

        def score(self) -> float: ...

    class Scorer(ABC):
        @abstractmethod
        def fit(self) -> None: ...

        @abstractmethod
        def score(self) -> float: ...

    class Constant(Scorer):
        def fit(self) -> None:
            return None

        def score(self) -> float:
            return 0.5

    model = Constant()

    def tests(kind: type) -> Form:
        return lambda: [isinstance(model, kind) for _ in range(1_000)]

    return {"isinstance with an abstract class against a runtime protocol of two methods": (tests(Scores), tests(Scorer))}


@dataclass
class Plain:
    x: float
    y: float


@dataclass(slots=True)
class Slotted:
    x: float
    y: float


class Named(NamedTuple):
    x: float
    y: float


@section("records")
def records() -> dict[str, Subject]:
    count = 10_000

    def each(make: Form) -> int:
        def build() -> list[object]:
            kept: list[object] = [None] * count
            for n in range(count):
                kept[n] = make()
            return kept

        build()
        return round((traced(build) - traced(lambda: [None] * count)) / count)

    return {
        "one record of two fields": {
            "dict_bytes": each(lambda: {"x": 1.0, "y": 2.0}),
            "dataclass_bytes": each(lambda: Plain(1.0, 2.0)),
            "namedtuple_bytes": each(lambda: Named(1.0, 2.0)),
            "slotted_dataclass_bytes": each(lambda: Slotted(1.0, 2.0)),
        },
        "creating 1,000 records, plain dataclass against frozen": frozen_creation(),
    }


def frozen_creation() -> Subject:
    @dataclass(frozen=True)
    class Frozen:
        x: float
        y: float

    def sums(kind: type) -> float:
        return sum(kind(1.0, 2.0).x for _ in range(1_000))

    return lambda: sums(Frozen), lambda: sums(Plain)


@section("itertools")
def itertools_tools() -> dict[str, Subject]:
    points = list(range(300))
    return {
        "all pairs of 300 items, list against iterator": {
            "before_bytes": traced(lambda: list(product(points, repeat=2))),
            "after_bytes": traced(lambda: product(points, repeat=2)),
        }
    }


@section("regex")
def regex() -> dict[str, Subject]:
    words = [f"word{n}" for n in range(200)]
    lines = [" ".join(random.choices(words, k=12)) for _ in range(1_000)]
    text = "\n".join(lines)
    inner, word = re.compile("word77 "), re.compile(r"\w+")
    doubtful, plain = re.compile(r"(?:\d+)+x"), re.compile(r"\d+x")

    def search() -> list[bool]:
        return [re.search("word77 ", line) is not None for line in lines]

    return {
        "compiled pattern against re.search, 1,000 lines": (search, lambda: [inner.search(line) is not None for line in lines]),
        "in against re.search for a fixed text, 1,000 lines": (search, lambda: ["word77 " in line for line in lines]),
        "one repeat against a repeat in a repeat, 22 digits and no match": (
            lambda: doubtful.match("1" * 22) is None,
            lambda: plain.match("1" * 22) is None,
        ),
        "12,000 words found in a text, findall against finditer": {"before_bytes": traced(lambda: word.findall(text)), "after_bytes": traced(lambda: word.finditer(text))},
    }
