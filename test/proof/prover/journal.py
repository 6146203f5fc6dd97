"""What a program did to the world, in order: calls, writes, steps of iterations, lines printed, records logged."""

from __future__ import annotations

from collections.abc import Callable


class Interruption(Exception):
    """What an input raises half-way, so that the state it leaves behind is compared too."""


class Journal:
    """Entries are plain data. At the n-th entry it may raise, as the outside world does, and what is entered with `with` may swallow that."""

    def __init__(self, fails_at: int | None = None, swallows: bool = False) -> None:
        self.swallows = swallows
        self.entries: list[object] = []
        self._fails_at = fails_at
        self._events = 0
        #: What happens besides whenever the program calls something: told the number of calls so far.
        self.meddles: Callable[[int], None] | None = None
        self._calls = 0

    def print(self, text: str) -> None:
        """Neighbouring prints are one text: how a line is cut into writes is nobody's business."""
        if self.entries and isinstance(self.entries[-1], str):
            self.entries[-1] += text
        else:
            self.entries.append(text)

    def add(self, kind: str, *what: object) -> None:
        self.entries.append([kind, *what])
        self._events += 1
        if self.meddles is not None and kind in ("call", "await"):
            self._calls += 1
            self.meddles(self._calls)
        if self._events == self._fails_at:
            raise Interruption(f"at {kind} {self._events}")
