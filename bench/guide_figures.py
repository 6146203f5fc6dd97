"""Measures every speed and memory figure that the guide states, and writes them to bench/guide-figures.json.

Run it with the environment that the tests make from test/python/requirements.txt (Linux, a few minutes):

    .venv-test/bin/python bench/guide_figures.py [part of a section's name]

What is measured stands in bench/figures/part_N.py, one module for each part of the guide.
The two forms of a figure must give the same result. They run in turn, at least seven times, and the median of the ratios
counts. Times are processor time, because the machine is shared; where waiting, threads or processes are the subject they
are elapsed time, and such a figure is good for its order of magnitude only.
"""

import datetime
import importlib
import json
import os
import platform
import random
import sys
from importlib.metadata import version
from pathlib import Path

from figures.measure import SECTIONS, compare

# Processes come first: a fork is safest before libraries have started threads of their own.
ORDER = ["part_4"]
LIBRARIES = ["numpy", "pandas", "numba", "scipy", "scikit-learn", "torch", "pydantic"]


def load() -> None:
    """Imports every module of figures; each registers its sections."""
    found = sorted(it.stem for it in Path(__file__).parent.glob("figures/part_*.py"))
    for name in sorted(found, key=lambda it: (it not in ORDER, it)):
        importlib.import_module(f"figures.{name}")


def main(part: str = "") -> None:
    random.seed(1)
    load()
    figures: dict[str, dict[str, object]] = {}
    for anchor, clock, subjects in SECTIONS:
        if part in anchor:
            for name, subject in subjects().items():
                figures[f"{anchor}: {name}"] = subject if isinstance(subject, dict) else compare(subject, clock)
                print(anchor, name, figures[f"{anchor}: {name}"], flush=True)
    if part:
        return  # The file always holds one complete run.
    versions = {"python": platform.python_version(), **{it: version(it) for it in LIBRARIES}}
    report = {"measured": datetime.date.today().isoformat(), **versions, "machine": f"{os.cpu_count()} cores, {platform.system()}", "figures": figures}
    Path(__file__).with_name("guide-figures.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
