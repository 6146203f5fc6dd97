"""Figures of the guide's part 8: quality."""

import logging

from .measure import Subject, section


@section("logging")
def log_calls() -> dict[str, Subject]:
    log = logging.getLogger("guide.figures")
    log.setLevel(logging.INFO)

    def call(rows: object) -> Subject:
        return lambda: log.debug(f"read {rows} rows from {__file__}"), lambda: log.debug("read %s rows from %s", rows, __file__)

    return {"lazy against eager below the level, a number and a path": call(20_000), "lazy against eager below the level, a list of 100 numbers": call(list(range(100)))}
