"""Reads one rule's workload as JSON from standard input and writes what was measured, or what went wrong, to the file that is named."""

import json
import os
import platform
import sys
import traceback
import warnings
from contextlib import redirect_stdout
from pathlib import Path

from .measure import exponent, measured_at, memory_at
from .workload import WorkloadError, load, versions_of


def measure(request: dict[str, str]) -> dict[str, object]:
    assert platform.python_implementation() == "CPython", "gains are measured on CPython"
    workload = load(request)
    python = f"CPython {platform.python_version()}"
    if "memory_alone" in request:
        return {"python": python, **memory_at(workload, workload.sizes[-1])}
    rows = []
    for n in workload.sizes:
        row = measured_at(workload, n)
        print(f"{request['name']}: {row['ratio']}× in {row['before_ms']} ms at {n:,} {workload.unit}", file=sys.stderr, flush=True)
        rows.append(row)
    return {
        "unit": workload.unit,
        "clock": workload.clock,
        "rows": rows,
        "exponents": {form: exponent(rows, f"{form}_ms") for form in ("before", "after")},
        "python": python,
        "libraries": versions_of(workload.source),
        "machine": f"{os.cpu_count()} cores, {platform.system()}, {platform.machine()}",
    }


def main(result: str) -> None:
    request = json.load(sys.stdin)
    warnings.simplefilter("ignore")
    try:
        # What the forms print goes nowhere: a terminal's speed is not the subject.
        with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
            answer: dict[str, object] = measure(request)
    except WorkloadError as error:
        answer = {"error": str(error)}
    except Exception:
        answer = {"error": traceback.format_exc(limit=-6)}
    Path(result).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
