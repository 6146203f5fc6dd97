"""Writes analysis/knowledge/generated/stars.generated.ts: what `from module import *` brings, found by importing the modules.

Last run on Python 3.11 with numpy 2.4.6, pandas 3.0.6, scikit-learn, scipy and torch 2.13.0+cpu, and once more with numpy 1.26.4, matplotlib, jax, sympy,
polars, mpmath, fastcore, pygame, scapy and z3:

    python scripts/stars.py --print > other.json      in one environment
    python scripts/stars.py other.json                in the other

A name is listed as exported where every environment that has the module exports it, and a built-in as hidden where one of them hides it.
Only modules that are there are known: of all others the analysis takes it that they hide no built-in's name.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import importlib.metadata
import importlib.util
import io
import json
import pkgutil
import platform
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

TARGET = Path(__file__).parent.parent / "analysis" / "knowledge" / "generated" / "stars.generated.ts"
WIDTH = 148

EXPORTING = (
    "array cmath collections ctypes datetime decimal fractions functools itertools json math numpy numpy.linalg numpy.random os os.path pathlib random re "
    "shutil socket statistics string struct subprocess threading time tkinter tkinter.ttk turtle typing"
).split()
"""Modules whose names code takes with a star, as counted in public repositories, and of which the tables know something."""

LIBRARIES = (
    "fastcore.all fastcore.basics fastcore.foundation fastcore.imports jax jax.lax jax.numpy jax.random matplotlib matplotlib.cbook matplotlib.pylab matplotlib.pyplot mpmath numba "
    "numpy numpy.fft numpy.lib numpy.linalg numpy.ma numpy.matlib numpy.random numpy.testing pandas polars pygame pygame.locals pylab requests scapy.all scipy scipy.fft "
    "scipy.integrate scipy.linalg scipy.optimize scipy.signal scipy.special scipy.stats sklearn sklearn.metrics sympy sympy.abc sympy.functions sympy.physics.units torch "
    "torch.autograd torch.distributed torch.distributions torch.fft torch.linalg torch.nn torch.nn.functional torch.optim torch.special torch.utils.data yaml z3"
).split()
"""Modules of libraries, looked at where they are installed. Of the standard library all are."""

NOT_HERE = {"pyspark.sql.functions": "abs ascii bin filter hash hex max min pow round slice sum"}
"""Read from the `__all__` of a library that is too large to install for this: Apache Spark 4."""

UNWANTED = {"tests", "testing", "test", "conftest", "antigravity", "this", "idlelib", "lib2to3", "__main__"}
BUILTINS = set(dir(builtins))


def modules() -> Iterator[str]:
    for root in sorted(sys.stdlib_module_names):
        module = None if root.startswith("_") or root in UNWANTED else imported(root)
        if module is None:
            continue
        yield root
        for info in pkgutil.iter_modules(getattr(module, "__path__", ())):
            if not info.name.startswith("_") and info.name not in UNWANTED:
                yield f"{root}.{info.name}"
    yield from LIBRARIES


def imported(name: str) -> ModuleType | None:
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            return importlib.import_module(name)
        except (Exception, SystemExit):  # whatever a module does when its needs are not met
            return None


def exported(module: ModuleType) -> list[str]:
    told = vars(module).get("__all__")
    return sorted(told) if told is not None else sorted(it for it in vars(module) if not it.startswith("_"))


def hides(module: ModuleType, name: str) -> bool:
    return name in BUILTINS and not name.startswith("_") and getattr(module, name, None) is not getattr(builtins, name)


def found() -> dict[str, dict[str, list[str]]]:
    hidden: dict[str, list[str]] = {}
    names: dict[str, list[str]] = {}
    for name in modules():
        module = imported(name)
        if module is None:
            continue
        all_names = exported(module)
        taken = [it for it in all_names if hides(module, it)]
        if taken:
            hidden[name] = taken
        if name in EXPORTING:
            # Constants in capitals are of no interest to any rule, and many.
            names[name] = [it for it in all_names if not it.isupper() and not it.startswith("_")]
    return {"hidden": hidden, "names": names}


def versions() -> str:
    there = {it: importlib.metadata.version(it) for it in ("numpy", "pandas", "scikit-learn", "scipy", "torch") if importlib.util.find_spec(it.replace("scikit-learn", "sklearn"))}
    return ", ".join([f"Python {platform.python_version()}", *(f"{name} {number}" for name, number in there.items())])


def merged(all_found: list[dict]) -> dict:
    hidden: dict[str, set[str]] = {module: set(names.split()) for module, names in NOT_HERE.items()}
    names: dict[str, set[str]] = {}
    for each in all_found:
        for module, taken in each["hidden"].items():
            hidden.setdefault(module, set()).update(taken)
        for module, exports in each["names"].items():
            names[module] = names[module] & set(exports) if module in names else set(exports)
    return {"hidden": {it: sorted(hidden[it]) for it in sorted(hidden)}, "names": {it: sorted(names[it]) for it in sorted(names)}}


def table(name: str, doc: str, entries: dict[str, list[str]]) -> str:
    lines = [f"/** {doc} */", f"export const {name}: Readonly<Record<string, string>> = {{"]
    for module, words in entries.items():
        key = module if module.isidentifier() else json.dumps(module)
        lines.append(f"  {key}: {json.dumps(' '.join(words))},")
    return "\n".join([*lines, "};"])


def main() -> None:
    if sys.argv[1:] == ["--print"]:
        print(json.dumps({"versions": versions(), **found()}, indent=1))
        return
    others = [json.loads(Path(it).read_text("utf-8")) for it in sys.argv[1:]]
    everything = [{"versions": versions(), **found()}, *others]
    told = " and ".join(it["versions"] for it in everything)
    tables = merged(everything)
    text = "\n\n".join([
        f"/** What star imports bring, found by importing the modules ({told}) with scripts/stars.py; change that, not this. */",
        table("HIDDEN_BY_STAR", "Built-ins whose names a star of the module binds to something else.", tables["hidden"]),
        table("STAR_NAMES", "All names that a star of the module binds, those in capitals left out.", tables["names"]),
    ])
    TARGET.write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    main()
