"""Figures of the guide's part 5: performance craft."""

import cProfile
import functools
import heapq
import random
from collections import deque
from collections.abc import Callable
from itertools import chain

from .measure import Subject, section


@section("caching")
def caching() -> dict[str, Subject]:
    def plain(n: int) -> int:
        return n if n < 2 else plain(n - 1) + plain(n - 2)

    @functools.cache
    def cached(n: int) -> int:
        return n if n < 2 else cached(n - 1) + cached(n - 2)

    return {"Fibonacci at n = 22, cached against plain": (lambda: plain(22), lambda: cached.cache_clear() or cached(22))}


@section("code-level")
def code_level() -> dict[str, Subject]:
    names = ["name" * (n % 7) for n in range(10_000)]
    rows = [("name", n) for n in range(20_000)]

    class Page:
        text = ""

    def append_loop() -> list[int]:
        result = []
        for name in names:
            result.append(len(name))
        return result

    def indexed() -> str:
        for i in range(len(names)):
            name = names[i]
        return name

    def direct() -> str:
        for name in names:
            pass
        return name

    def local_text() -> str:
        text = ""
        for name, count in rows:
            text += f"{name}: {count}\n"
        return text

    def attribute_text() -> str:
        page = Page()
        for name, count in rows:
            page.text += f"{name}: {count}\n"
        return page.text

    def joined() -> str:
        return "".join([f"{name}: {count}\n" for name, count in rows])

    return {
        "comprehension against append loop, 10,000 items": (append_loop, lambda: [len(name) for name in names]),
        "direct iteration against indexing, 10,000 items": (indexed, direct),
        "join against += on a local, 20,000 pieces": (local_text, joined),
        "join against += on an attribute, 20,000 pieces": (attribute_text, joined),
    }


@section("complexity")
def complexity() -> dict[str, Subject]:
    customers = [{"id": f"c{n}", "city": f"city {n % 50}"} for n in range(1_000)]
    orders = [{"number": f"o{n}", "customer": f"c{random.randrange(1_000)}"} for n in range(1_000)]
    few, many = random.sample(range(10**6), 1_000), random.sample(range(10**6), 100_000)

    def nested() -> dict[str, str]:
        cities = {}
        for order in orders:
            for customer in customers:
                if order["customer"] == customer["id"]:
                    cities[order["number"]] = customer["city"]
        return cities

    def looked_up() -> dict[str, str]:
        by_id = {customer["id"]: customer for customer in customers}
        return {order["number"]: by_id[order["customer"]]["city"] for order in orders}

    return {
        "dict against nested loop, 1,000 by 1,000 rows": (nested, looked_up),
        "min against sorted, 1,000 items": (lambda: sorted(few)[0], lambda: min(few)),
        "nlargest against sorted, ten of 100,000 items": (lambda: sorted(many)[-10:][::-1], lambda: heapq.nlargest(10, many)),
    }


@section("data-structures")
def data_structures() -> dict[str, Subject]:
    def membership(size: int) -> Subject:
        known = [f"word {n}" for n in range(size)]
        words = [f"word {random.randrange(2 * size)}" for _ in range(1_000)]

        def tests(collection: list[str] | set[str]) -> list[bool]:
            return [word in collection for word in words]

        return lambda: tests(known), lambda: tests(set(known))

    def queue(size: int) -> Subject:
        def drain(take: Callable[[], int]) -> list[int]:
            return [take() for _ in range(size)]

        return lambda: drain(functools.partial(list(range(size)).pop, 0)), lambda: drain(deque(range(size)).popleft)

    groups = [list(range(10)) for _ in range(1_000)]
    return {
        "set against list, 1,000 tests, 1,000 items": membership(1_000),
        "set against list, 1,000 tests, ten items": membership(10),
        "deque against list.pop(0), 1,000 items": queue(1_000),
        "deque against list.pop(0), 20,000 items": queue(20_000),
        "chain.from_iterable against sum, 1,000 lists of ten": (lambda: sum(groups, []), lambda: list(chain.from_iterable(groups))),
    }


@section("profilers")
def profilers() -> dict[str, Subject]:
    def area(width: int, height: int) -> int:
        return width * height

    def many_calls() -> int:
        return sum(area(n, n) for n in range(10_000))

    def one_call() -> int:
        return sum([n * n for n in range(20_000)])

    def profiled(form: Callable[[], int]) -> Callable[[], int]:
        return lambda: cProfile.Profile().runcall(form)

    return {
        "cProfile against none, 10,000 calls of a tiny function": (profiled(many_calls), many_calls),
        "cProfile against none, one comprehension": (profiled(one_call), one_call),
    }


@section("algorithm-patterns")
def algorithm_patterns() -> dict[str, Subject]:
    source, target = "algorithm", "logarithm"

    def plain(i: int, j: int) -> int:
        if i == 0 or j == 0:
            return i + j
        return min(plain(i - 1, j) + 1, plain(i, j - 1) + 1, plain(i - 1, j - 1) + (source[i - 1] != target[j - 1]))

    def table() -> int:
        above = list(range(len(target) + 1))
        for i, letter in enumerate(source, start=1):
            row = [i]
            for j, other in enumerate(target, start=1):
                row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (letter != other)))
            above = row
        return above[-1]

    return {"edit distance of two nine-letter words, table against plain recursion": (lambda: plain(len(source), len(target)), table)}
