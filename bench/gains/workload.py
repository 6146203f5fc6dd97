"""A rule's workload: the two forms, what they are given at each size, and which clock counts."""

import ast
import asyncio
import importlib
import importlib.metadata
import inspect
import random
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

Function = Callable[..., object]
FUTURE = "from __future__"


class WorkloadError(Exception):
    """What the author of a Gain block has to mend."""


@dataclass(frozen=True)
class Workload:
    unit: str
    sizes: list[int]
    clock: str
    # The arguments are made for each call, because a form changes them.
    once: bool
    inputs: Callable[[int], tuple[object, ...]]
    before: Function
    after: Function
    # The text of all that was measured.
    source: str


def load(request: dict[str, str]) -> Workload:
    """The texts become modules in the working folder, so that functions can be sent to processes and compilers find their source."""
    block = module_of("workload", request["block"])
    own = [it for it in ("before", "after") if hasattr(block, it)]
    if len(own) == 1:
        raise WorkloadError(f"the block defines {own[0]} but not the other form")
    forms = {it: getattr(block, it) for it in own} or {it: last_function(it, request.get(it) or "") for it in ("before", "after")}
    workload = Workload(
        unit=checked(block, "unit", str),
        sizes=sizes_of(block),
        clock=clock_of(block),
        once=bool(getattr(block, "once", False)),
        inputs=lambda n: seeded(checked(block, "inputs", Callable), n),
        before=runnable(forms["before"]),
        after=runnable(forms["after"]),
        source=request["block"] if own else "\n".join(request[it] for it in ("block", "before", "after")),
    )
    # What is imported on the way cannot be seeded before.
    workload.inputs(workload.sizes[0])
    return workload


def module_of(name: str, source: str) -> ModuleType:
    Path(f"{name}.py").write_text(source, encoding="utf-8")
    return importlib.import_module(name)


def last_function(form: str, source: str) -> Function:
    """The last function of the example; names that the example leaves open come from the block."""
    names = [it.name for it in ast.parse(source).body if isinstance(it, (ast.FunctionDef, ast.AsyncFunctionDef))]
    if not names:
        raise WorkloadError(f"the example's form {form} has no function at the top: define before and after in the block")
    lines = source.split("\n")
    first = next((index + 1 for index, it in enumerate(lines) if it.startswith(FUTURE)), 0)
    return getattr(module_of(f"example_{form}", "\n".join([*lines[:first], "from workload import *", *lines[first:]])), names[-1])


def checked(block: ModuleType, name: str, kind: Any) -> Any:
    value = getattr(block, name, None)
    if not isinstance(value, kind):
        raise WorkloadError(f"the block must define {name}")
    return value


def sizes_of(block: ModuleType) -> list[int]:
    sizes = list(checked(block, "sizes", (list, tuple)))
    if len(sizes) != 3 or sizes != sorted(set(sizes)) or not all(isinstance(it, int) and it > 0 for it in sizes):
        raise WorkloadError("sizes must be three whole numbers that rise")
    return sizes


def clock_of(block: ModuleType) -> str:
    clock = getattr(block, "clock", "processor")
    if clock not in ("processor", "elapsed"):
        raise WorkloadError(f'clock is "elapsed" or "processor", not {clock!r}')
    return clock


def seeded(inputs: Callable[[int], object], n: int) -> tuple[object, ...]:
    """Both forms are given the same values."""
    random.seed(1)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(1)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(1)
    if "tensorflow" in sys.modules:
        sys.modules["tensorflow"].random.set_seed(1)
    made = inputs(n)
    if not isinstance(made, tuple):
        raise WorkloadError("inputs(n) must return the arguments as a tuple")
    return made


def runnable(form: Function) -> Function:
    """A coroutine runs in a loop of its own; what gives values one by one is run to its end."""
    if inspect.iscoroutinefunction(form):
        return lambda *args: asyncio.run(form(*args))
    if inspect.isasyncgenfunction(form):
        return lambda *args: asyncio.run(drain(form(*args)))
    return form


async def drain(values: AsyncIterator[object]) -> list[object]:
    return [it async for it in values]


def exhausting(form: Function) -> Function:
    def run(*args: object) -> None:
        for _ in form(*args):  # type: ignore[attr-defined]
            pass

    return run


def timed_form(form: Function, result: object) -> Function:
    return exhausting(form) if isinstance(result, Iterator) else form


def versions_of(source: str) -> dict[str, str]:
    """Of what is imported beside the standard library, by the names that are imported."""
    imports = [it for it in ast.walk(ast.parse(source)) if isinstance(it, (ast.Import, ast.ImportFrom))]
    modules = {name.split(".")[0] for it in imports for name in ([it.module or ""] if isinstance(it, ast.ImportFrom) else [alias.name for alias in it.names])}
    distributions = importlib.metadata.packages_distributions()
    return {it: importlib.metadata.version(distributions[it][0]) for it in sorted(modules - set(sys.stdlib_module_names)) if it in distributions}
