"""Writes analysis/knowledge/generated/*.generated.ts and libraries.generated.ts from the stubs that the libraries ship.

Last run on Python 3.11 with numpy 2.4.6, pandas 3.1.1, pandas-stubs 3.1.0.261029 and torch 2.13.0+cpu:

    python -m venv venv && venv/bin/pip install numpy==2.4.6 pandas==3.1.1 pandas-stubs==3.1.0.261029 torch==2.13.0
    venv/bin/python scripts/knowledge.py

Nothing is imported from the libraries; their files are read. What no stub says (which methods change their object, what is random, what
older versions had) stands below and in the hand-kept files beside the generated ones.
"""

from __future__ import annotations

import ast
import re
import sysconfig
from collections import defaultdict
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from knowledge_stubs import UNKNOWN, Module, Place, Signature, Stubs, agreed

SITE = Path(sysconfig.get_paths()["purelib"])
TARGET = Path(__file__).parent.parent / "analysis" / "knowledge"
WIDTH = 150

SWITCHES = ["inplace", "chunksize", "iterator", "return_index", "return_inverse", "return_counts", "return_indices", "retstep", "size", "dim", "win_type", "sheet_name", "full", "cov", "returned", "expand", "y", "*"]
"""Arguments that may change what a call gives. An overload that needs one of them does not speak for calls without it."""

OVERRIDES = {
    # Lists before NumPy 2, tuples since.
    "numpy.meshgrid": UNKNOWN, "numpy.broadcast_arrays": UNKNOWN,
    # A number for an array without dimensions; such arrays are rare in NumPy and everyday in PyTorch.
    "numpy.ndarray.tolist": "list", "torch.Tensor.tolist": UNKNOWN,
    # Whatever the function that is handed over gives.
    "numpy.apply_along_axis": UNKNOWN, "numpy.apply_over_axes": UNKNOWN, "numpy.piecewise": UNKNOWN, "pandas.Series.map": "pandas.Series", "pandas.Series.apply": UNKNOWN,
    # The Python type of the values is whatever the file or column holds.
    "pandas.Series.item": UNKNOWN, "pandas.Series.values": UNKNOWN, "pandas.Index.values": UNKNOWN, "pandas.Series.tolist": "list", "pandas.Series.to_list": "list", "pandas.Index.tolist": "list", "pandas.Index.to_list": "list",
}
OLDER = {
    # Gone from the newest pandas, alive in much code.
    "pandas.DataFrame": {"self": "append applymap pad backfill swapaxes first last tshift slice_shift", "pandas.Series": "mad", "iterator[tuple[?, pandas.Series]]": "iteritems"},
    "pandas.Series": {"self": "append pad backfill swapaxes first last tshift slice_shift", "numpy.ndarray": "ravel", "iterator": "iteritems"},
    "numpy": {"numpy.ndarray": "in1d"},
}


@dataclass
class Facts:
    """One library's tables, by qualified name."""

    name: str
    versions: str
    returns: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    bases: dict[str, list[str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    pure: dict[str, list[str]] = field(default_factory=dict)


def answer(signatures: list[Signature]) -> tuple[str, str]:
    """What plain calls give, and what calls with a switch give where that differs."""
    signatures = [it for it in signatures if not needs_none(it)] or signatures
    switches = [name for name in SWITCHES if any(name in it.parameters for it in signatures) and any(may_lack(it, name) for it in signatures)]
    plain = [it for it in signatures if all(may_lack(it, name) for name in switches)]
    usual = agreed([it.gives for it in plain])
    given = []
    for name in switches:
        rows = [it for it in signatures if name in it.parameters and it.parameters[name].admits_value]
        # Older versions of pandas give None where newer ones give the object.
        gives = UNKNOWN if name == "inplace" else agreed([it.gives for it in rows])
        positions = [at for it in rows if (at := it.parameters[name].position) is not None]
        if rows and gives != usual:
            given.append(f"{'' if name == '*' else name}{f'/{min(positions)}' if positions else ''}: {gives}")
    return usual, "; ".join(given)


def needs_none(it: Signature) -> bool:
    """The overload for an explicit None (`axis=None` of a frame's `mean`), which next to nobody writes."""
    return any(not each.has_default and not each.admits_value for each in it.parameters.values())


def may_lack(it: Signature, name: str) -> bool:
    return name == "*" or name not in it.parameters or it.parameters[name].has_default


class Reader:
    """Fills one library's tables from its stubs."""

    def __init__(self, stubs: Stubs, facts: Facts) -> None:
        self.stubs, self.facts = stubs, facts

    def publish(self, module: str, names: list[str] | None = None, known_as: str | None = None) -> None:
        """Makes the classes of a module known by the path that users write."""
        source = self.module(module)
        for name in names or self.exported(source):
            found = self.stubs.find(source, name)
            if isinstance(found, Place) and isinstance(found.nodes[-1], ast.ClassDef):
                path = f"{known_as or module}.{name}"
                canonical = self.stubs.public.setdefault(found.path, path)
                for other in {found.path, f"{module}.{name}"} - {canonical}:
                    self.facts.aliases[other] = canonical

    def module(self, name: str) -> Module:
        module = self.stubs.load(name)
        if module is None:
            raise SystemExit(f"No stubs for {name}")
        return module

    def exported(self, module: Module) -> list[str]:
        """What `__all__` lists, else every public name that is defined or imported."""
        for node in module.names.get("__all__", []):
            if isinstance(node, ast.Assign):
                return [it for it in ast.literal_eval(node.value) if not it.startswith("_")]
        names = [*module.names, *(name for name, (_, attribute) in module.imports.items() if attribute is not None)]
        return sorted(it for it in names if not it.startswith("_"))

    def functions(self, module: str, keep: re.Pattern[str] | None = None, known_as: str | None = None) -> list[str]:
        """Facts about a module's functions and constructors; the functions' names."""
        source = self.module(module)
        owner, found_names = known_as or module, []
        for name in self.exported(source):
            found = self.stubs.find(source, name)
            if not isinstance(found, Place) or (keep and not keep.fullmatch(name)):
                continue
            if isinstance(found.nodes[-1], ast.ClassDef):
                if self.stubs.public.get(found.path) == f"{owner}.{name}":
                    self.facts.returns[f"{owner}.{name}"] = f"{owner}.{name}"
                continue
            signatures = self.signatures_of(found)
            if signatures:
                found_names.append(name)
                self.note(f"{owner}.{name}", signatures)
        return found_names

    def signatures_of(self, place: Place, depth: int = 0) -> list[Signature]:
        """Also of `concat = concatenate`, `zeros: Final[_Constructor]` and `normal = _rand.normal`."""
        node = place.nodes[-1]
        value = node.value if isinstance(node, ast.Assign) else node.annotation if isinstance(node, ast.AnnAssign) else None
        if isinstance(value, ast.Subscript) and ast.unparse(value.value) == "Final":
            value = value.slice
        if value is None or depth > 4:
            return self.stubs.signatures(place.module, list(place.nodes), is_method=False)
        if isinstance(node, ast.Assign) and isinstance(value, ast.Attribute):
            holder = self.stubs.resolve(place.module, value.value)
            cls = self.class_of(holder.module, holder.nodes[-1].annotation) if isinstance(holder, Place) and isinstance(holder.nodes[-1], ast.AnnAssign) else None
            return self.method(cls, value.attr)
        target = self.stubs.resolve(place.module, value.value if isinstance(value, ast.Subscript) else value)
        if isinstance(target, Place) and isinstance(target.nodes[-1], ast.ClassDef):
            return self.method(target, "__call__") if isinstance(node, ast.AnnAssign) else []
        return self.signatures_of(target, depth + 1) if isinstance(target, Place) and isinstance(node, ast.Assign) else []

    def class_of(self, module: Module, annotation: ast.expr) -> Place | None:
        found = self.stubs.resolve(module, annotation)
        return found if isinstance(found, Place) else None

    def method(self, cls: Place | None, name: str) -> list[Signature]:
        module, nodes = self.stubs.members(cls).get(name, (None, [])) if cls else (None, [])
        return self.stubs.signatures(module, nodes, is_method=True) if module else []

    def note(self, name: str, signatures: list[Signature], owner: str = "") -> None:
        if owner and len({it.gives for it in signatures}) > 1:
            signatures = [Signature(it.parameters, re.sub(r"\bself\b", owner, it.gives)) for it in signatures]
        gives, given = answer(signatures)
        if name in OVERRIDES:
            gives, given = OVERRIDES[name], ""
        if owner and gives != "self":
            gives = re.sub(r"\bself\b", owner, gives)
        if gives not in (UNKNOWN, self.inherited(name, self.facts.returns)):
            self.facts.returns[name] = gives
        if given:
            self.facts.given[name] = given

    def inherited(self, name: str, table: dict[str, str]) -> str | None:
        """What the tables say already, by a base class that was read before."""
        owner, _, member = name.rpartition(".")
        for base in self.facts.bases.get(owner, []):
            found = table.get(f"{base}.{member}") or self.inherited(f"{base}.{member}", table)
            if found:
                return found
        return None

    def cls(self, module: str, name: str) -> list[str]:
        """Facts about one class: its bases, methods and attributes; the methods' names."""
        place = self.stubs.find(self.module(module), name)
        if not isinstance(place, Place):
            raise SystemExit(f"No class {module}.{name}")
        owner = self.stubs.public[place.path]
        self.base(place, owner)
        methods = []
        for member, (source, nodes) in self.stubs.members(place).items():
            if member.startswith("_") and member != "__call__":
                continue
            node = nodes[-1]
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
                source, nodes = self.stubs.members(place).get(node.value.id, (source, []))
            if isinstance(node, ast.AnnAssign):
                self.attribute(owner, member, self.stubs.type_text(source, node.annotation))
            elif nodes and isinstance(nodes[0], ast.FunctionDef):
                signatures = self.stubs.signatures(source, nodes, is_method=True)
                if any(re.search(r"\b(cached?_)?(read)?property(_read)?\b|cache_readonly", ast.unparse(it)) for it in nodes[0].decorator_list):
                    self.attribute(owner, member, agreed([it.gives for it in signatures]))
                else:
                    methods.append(member)
                    self.note(f"{owner}.{member}", signatures, owner)
        return methods

    def base(self, place: Place, owner: str) -> None:
        """The nearest bases that have a public name."""
        for cls in list(self.stubs.lineage(place))[1:]:
            public = self.stubs.public.get(cls.path)
            if public and public != owner:
                self.facts.bases[owner] = [public]
                return

    def attribute(self, owner: str, name: str, gives: str) -> None:
        gives = OVERRIDES.get(f"{owner}.{name}", gives)
        if gives not in (UNKNOWN, "None", self.inherited(f"{owner}.{name}", self.facts.attributes)):
            self.facts.attributes[f"{owner}.{name}"] = gives if gives == "self" else re.sub(r"\bself\b", owner, gives)
