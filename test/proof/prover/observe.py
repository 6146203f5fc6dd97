"""Runs one program in this process and writes down all it does: at import, in its driver, and when each of its functions and classes is used."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import io
import logging
import os
import re
import signal
import sys
import threading
import time
import types
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time
from typing import Any

from . import of_tensorflow
from .freeze import freeze
from .inputs import VARIATIONS, Inputs, unbound_names
from .journal import Journal
from .libraries import columns_in, column
from .probe import Probe

PROGRAM = "<program>"
#: Lines of the program in one call: beyond them an input makes it run for ever.
MOST_LINES = 20_000
#: For what hangs without running lines of the program. Generous: it only loses a call.
MOST_SECONDS = 8
#: For what is still at work by then, because the machine is busy: it is asked again after each MOST_SECONDS.
MOST_SECONDS_AT_WORK = 24
#: Whoever uses less of a processor than this share waits for something.
LEAST_SHARE = 0.02
#: The folder of what was installed.
LIBRARIES = "site-packages"
#: Probes are small numbers too.
LOW_NUMBERS = 10
FILE_NAME = re.compile(r"""["']([\w./-]+\.(?:csv|txt|json|jsonl|log|tsv|dat))["']""")


#: What is observed of a call that runs too many lines; nothing is observed of one that takes too long, which may be the machine's fault.
ENDLESS = "endless"


class Endless(BaseException):
    """No exception that programs catch. Says what is observed of the call."""

    def __init__(self, observed: str | None) -> None:
        super().__init__()
        self.observed = observed


class Observer:
    """Everything observed of one program; `lines` are those of it that ran."""

    def __init__(self, before: str, url: str, parts: Sequence[str] = ()) -> None:
        self.before = before
        self.parts = parts
        self.url = url
        self.observations: list[list[Any]] = []
        self.lines: set[int] = set()
        self.completed = 0
        self.names: dict[str, Any] = {}
        self.takes: dict[str, Callable[[str], Any]] = {}
        self._left = MOST_LINES

    def run(self, source: str, setup: str, driver: str, variations: Sequence[str]) -> None:
        main = sys.modules["__main__"].__dict__
        for name in [it for it in main if not it.startswith("__")]:
            del main[name]
        self.names = main
        journal = Journal()
        for name in unbound_names(self.before):
            main[name] = Probe(name, journal)
        make_files(self.before)
        if "tensorflow" in source:
            of_tensorflow.show_source(PROGRAM, source)
        exec(compiled(setup, "<setup>"), main)
        self.takes = main.pop("takes", {})
        self._observe("import", "", journal, lambda: exec(compiled(source, PROGRAM), main), state=main)
        if driver:
            journal = Journal()
            self._observe("driver", "", journal, lambda: exec(compiled(driver, "<driver>"), main))
        defined = [(name, it) for name, it in list(main.items()) if is_of_program(it)]
        for variation in variations:
            for name, it in defined:
                self._use(name, it, variation)
        for _, it in defined:
            self._see_compiled(it)

    def _see_compiled(self, it: Any) -> None:
        """The lines of compiled code cannot be watched: a function that was compiled for a call has run."""
        code = getattr(getattr(it, "py_func", None), "__code__", None)
        if code is not None and it.signatures:
            self.lines.update(line for *_, line in code.co_lines() if line is not None)

    def _use(self, name: str, it: Any, variation: str) -> None:
        journal = Journal(fails_at=4 if variation in ("unknown raises", "swallowed") else None, swallows=variation == "swallowed")
        inputs = Inputs(variation, journal, self.names, self._source_of(name), self.url, self.takes)
        if inspect.isclass(it):
            self._use_class(name, it, inputs)
        else:
            self._call(name, it, inputs)

    def _source_of(self, name: str) -> str:
        """What else stands in an assembled program says nothing of the columns and dimensions that one of its parts takes."""
        defines = re.compile(rf"\b(?:def|class)\s+{re.escape(name)}\b")
        return next((it for it in self.parts if defines.search(it)), self.before)

    def _call(self, name: str, function: Any, inputs: Inputs, subject: object = None) -> Any:
        try:
            given = inputs.arguments(function)
        except Exception:
            return None  # A class of the program that takes other values.
        if given is None:
            return None
        args, named = given
        return self._observe(inputs.variation, name, inputs.journal, lambda: function(*args, **named), state=[args, named, subject])

    def _use_class(self, name: str, kind: type, inputs: Inputs) -> None:
        made = self._call(name, kind, inputs)
        if made is None or isinstance(made, BaseException):
            return
        inputs.knows(kind, made)
        for attribute, member in list(vars(kind).items()):
            if isinstance(member, types.FunctionType) and (not attribute.startswith("__") or attribute == "__call__"):
                self._call(f"{name}.{attribute}", getattr(made, attribute), inputs, made)

    def _observe(self, variation: str, name: str, journal: Journal, action: Callable[[], Any], state: Any = None) -> Any:
        self._left = MOST_LINES
        hold_low_numbers()
        result: Any = None
        entries_before = len(journal.entries)
        with captured(journal):
            try:
                with self._watched():
                    result = settled(action())
                    frozen = ["returned", self._frozen(result, journal)]
            except Endless as error:
                self.observations.append([variation, name, error.observed])
                return None
            except SystemExit as error:
                frozen = ["raised", "SystemExit", str(error.code)]
            except BaseException as error:
                frozen = ["raised", type(error).__name__, of_tensorflow.message_of(error)]
                result = None
        if frozen[0] == "returned":
            self.completed += 1
        left = variables(state) if state is self.names else freeze(state)
        self.observations.append([variation, name, [frozen, journal.entries[entries_before:], left, files()]])
        return result

    def _frozen(self, result: Any, journal: Journal) -> list[Any]:
        """A function that is returned is used too, as a decorator's result would be."""
        frozen = freeze(result)
        if isinstance(result, types.FunctionType) and result.__code__.co_filename == PROGRAM:
            for args in ([], [Probe("given", journal)]):
                try:
                    frozen.append(freeze(settled(result(*args))))
                except Exception as error:
                    frozen.append(["raised", type(error).__name__, str(error)])
        return frozen

    @contextlib.contextmanager
    def _watched(self) -> Any:
        def on_line(frame: types.FrameType, event: str, _: object) -> Any:
            if event == "line":
                made_of = of_tensorflow.LINES.get(frame.f_code.co_filename)
                self.lines.add(frame.f_lineno if made_of is None else made_of.get(frame.f_lineno, 0))
                self._left -= 1
                if self._left < 0:
                    raise Endless(ENDLESS)
            return on_line

        def on_call(frame: types.FrameType, event: str, _: object) -> Any:
            file = frame.f_code.co_filename
            return on_line(frame, "line", None) if file == PROGRAM or file in of_tensorflow.LINES else None

        left = MOST_SECONDS_AT_WORK
        used = process_time()

        def on_alarm(*_: object) -> None:
            nonlocal left, used
            left -= MOST_SECONDS
            before, used = used, process_time()
            if left <= 0 or not (used - before > LEAST_SHARE * MOST_SECONDS or has_children()):
                raise Endless(None)
            signal.alarm(MOST_SECONDS)

        signal.signal(signal.SIGALRM, on_alarm)
        signal.alarm(MOST_SECONDS)
        threading.settrace(on_call)
        sys.settrace(on_call)
        try:
            yield
        finally:
            sys.settrace(None)
            threading.settrace(None)  # type: ignore[arg-type]
            signal.alarm(0)


def has_children() -> bool:
    """Whether processes that this one started still run, or ended and were not waited for."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def compiled(source: str, file: str) -> types.CodeType:
    """Without what this module imports from `__future__`: else the program's annotations would be text, which names of a function cannot be found for."""
    return compile(source, file, "exec", dont_inherit=True)


def is_of_program(it: Any) -> bool:
    code = getattr(inspect.unwrap(it) if callable(it) and not isinstance(it, Probe) else it, "__code__", None)
    if isinstance(code, types.CodeType):
        return code.co_filename == PROGRAM
    wrapped = getattr(it, "py_func", None)  # a function that Numba compiles
    return wrapped is not None or (inspect.isclass(it) and it.__module__ == "__main__")


def settled(result: Any) -> Any:
    """What a coroutine comes to, and what an asynchronous generator gives."""
    if inspect.iscoroutine(result):
        return asyncio.run(result)
    if inspect.isasyncgen(result):

        async def gathered() -> list[Any]:
            return [it async for it in result]

        return asyncio.run(gathered())
    return result


class JournalWriter(io.TextIOBase):
    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._journal.print(text)
        return len(text)


class JournalHandler(logging.Handler):
    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal = journal

    def emit(self, record: logging.LogRecord) -> None:
        if LIBRARIES in Path(record.pathname).parts:
            return  # What a library tells of its own work, as Numba does of compiling.
        self._journal.entries.append(["log", record.levelname, record.name, record.getMessage()])


@contextlib.contextmanager
def captured(journal: Journal) -> Any:
    """Output and log records go to the journal; sleeping is shortened, nothing else is changed."""
    handler = JournalHandler(journal)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG)
    logging.getLogger("numba").setLevel(logging.WARNING)  # Else it writes every step of compiling down, which takes longer than compiling.
    logging.raiseExceptions = False
    sleep, sleep_in_loop = time.sleep, asyncio.sleep
    time.sleep = lambda seconds: sleep(0 if seconds >= 0 else seconds)
    asyncio.sleep = lambda seconds, result=None: sleep_in_loop(0, result)
    writer = JournalWriter(journal)
    try:
        with contextlib.redirect_stdout(writer), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        time.sleep, asyncio.sleep = sleep, sleep_in_loop
        root.handlers[:] = []


def hold_low_numbers() -> None:
    """A program that opened a number it was given may have closed it: the next call finds it as the first one did."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in range(LOW_NUMBERS):
        if number != nowhere:
            os.dup2(nowhere, number)
    if nowhere >= LOW_NUMBERS:
        os.close(nowhere)


def set_clocks() -> None:
    """Clocks that tick at each reading: what is measured is then the same in both forms, whichever clock they read."""
    readings = 0

    def clock(start: float, unit: float) -> Callable[[], Any]:
        def read() -> Any:
            nonlocal readings
            readings += 1
            return type(unit)(start + readings / 8 * unit)

        return read

    time.time, time.perf_counter, time.process_time = clock(2.0**30, 1.0), clock(2.0**10, 1.0), clock(0.0, 1.0)
    time.time_ns, time.perf_counter_ns, time.process_time_ns = clock(2.0**40, 1000), clock(2.0**20, 1000), clock(0.0, 1000)


def variables(names: dict[str, Any]) -> dict[str, Any]:
    """The program's own variables as they are left."""
    return {name: freeze(it) for name, it in list(names.items()) if not name.startswith("__") and not isinstance(it, (types.ModuleType, types.FunctionType, type))}


def files() -> list[list[str]]:
    """What stands in the current folder."""
    return [[str(path), path.read_bytes().decode("latin1")] for path in sorted(Path().rglob("*")) if path.is_file() and path.stat().st_size < 100_000]


def make_files(source: str) -> None:
    """Files that the program names, with the columns it speaks of."""
    columns = columns_in(source)
    for name in dict.fromkeys(FILE_NAME.findall(source)):
        path = Path(name)
        if path.is_absolute() or ".." in path.parts:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".json":
            path.write_text('{"a": 1, "b": [1, 2]}', encoding="utf-8")
        elif path.suffix == ".jsonl":
            path.write_text('{"a": 1}\n{"a": 2}\n', encoding="utf-8")
        elif path.suffix == ".csv":
            cells = [column("many", it, shift) for shift, it in enumerate(columns)]
            rows = [columns, *zip(*cells)]
            path.write_text("".join(",".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
        else:
            path.write_text("delta 4\nalpha 2\n\nünï 😀\n", encoding="utf-8")


def statement_lines(source: str, first: int, last: int) -> set[int]:
    """The lines on which the statement that holds a finding may be seen to run: the innermost statement's own lines."""
    best: tuple[int, int] | None = None
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.stmt) or not (node.lineno <= first and last <= (node.end_lineno or node.lineno)):
            if not (isinstance(node, ast.stmt) and node.lineno <= first <= (node.end_lineno or node.lineno)):
                continue
        span = (node.lineno, node.end_lineno or node.lineno)
        if best is None or span[1] - span[0] <= best[1] - best[0]:
            best = span
    return set(range(best[0], best[1] + 1)) if best else set()


def observed(job: dict[str, Any], which: str, url: str) -> dict[str, Any]:
    os.environ.setdefault("MPLBACKEND", "Agg")
    observer = Observer(job["before"], url, job.get("parts", ()))
    set_clocks()
    observer.run(job[which], job["setup"], job["driver"], job.get("variations", VARIATIONS))
    return {"observations": observer.observations, "lines": sorted(observer.lines), "completed": observer.completed}
