"""Turns what the stubs say into Nippy's tables: what plain calls give, what an argument changes, bases, aliases; and prints them as TypeScript."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from knowledge_stubs import UNKNOWN, Module, Place, Signature, Stubs, agreed

SWITCHES = [
    "inplace", "as_index", "chunksize", "iterator", "typ", "sheet_name", "win_type", "expand", "drop", "sparse",
    "return_index", "return_inverse", "return_counts", "return_indices", "retstep", "size", "full", "cov", "returned", "y", "dim", "*",
]
"""Arguments that may change what a call gives. An overload that needs one of them does not speak for calls without it."""

WIDTH = 150
LONG = 25
"""So many names in two tables are worth a constant."""


@dataclass
class Facts:
    """One library's tables, by qualified name."""

    constant: str
    title: str
    versions: str
    overrides: dict[str, str]
    untold: set[str] = field(default_factory=set)
    """Switches after which nothing is told: older versions differ, or what comes of it shows only later."""
    returns: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    bases: dict[str, list[str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    mutators: dict[str, list[str]] = field(default_factory=dict)
    pure: dict[str, list[str]] = field(default_factory=dict)
    blocking: dict[str, list[str]] = field(default_factory=dict)


def answer(signatures: list[Signature], untold: set[str]) -> tuple[str, str]:
    """What plain calls give, and what calls with a switch give where that differs."""
    signatures = [it for it in signatures if not needs_none(it)] or signatures
    switches = [name for name in SWITCHES if any(name in it.parameters for it in signatures) and any(may_lack(it, name) for it in signatures)]
    plain = [it for it in signatures if all(may_lack(it, name) for name in switches)]
    usual = agreed([it.gives for it in plain])
    given = []
    for name in switches:
        told = [it for it in signatures if name in it.parameters and it.parameters[name].admits_value]
        rows = [it for it in told if all(may_lack(it, other) for other in switches if other != name)] or told
        gives = UNKNOWN if name in untold else agreed([it.gives for it in rows])
        if rows and gives != usual:
            given.append(f"{'' if name == '*' else name}{place(signatures, rows, name)}: {gives}")
    return usual, "; ".join(given)


def place(signatures: list[Signature], rows: list[Signature], name: str) -> str:
    """`/1` where the switch may be the second argument; `/1=int` where something else may stand there too (`max(a, b)`, `max(a, 0)`)."""
    at = min((position for it in rows if (position := it.parameters[name].position) is not None), default=None)
    if at is None:
        return ""
    others = {other.name for it in signatures for other in it.parameters.values() if other.position == at and other.name != name and name not in it.parameters}
    return f"/{at}={rows[0].parameters[name].type}" if others else f"/{at}"


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
        lists = [it.value for it in module.names.get("__all__", []) if isinstance(it, (ast.Assign, ast.AugAssign)) and isinstance(it.value, ast.List)]
        if lists:
            return sorted({it for each in lists for it in ast.literal_eval(each) if not it.startswith("_")})
        names = [*module.names, *(name for name, (_, attribute) in module.imports.items() if attribute is not None)]
        return sorted(it for it in names if not it.startswith("_"))

    def functions(self, module: str, known_as: str | None = None, documented: bool = False) -> list[str]:
        """Facts about a module's functions and constructors; the functions' names. Undocumented ones may be left out."""
        source = self.module(module)
        owner, found_names = known_as or module, []
        for name in self.exported(source):
            found = self.stubs.find(source, name)
            if not isinstance(found, Place):
                continue
            if isinstance(found.nodes[-1], ast.ClassDef):
                if self.stubs.public.get(found.path) == f"{owner}.{name}":
                    self.facts.returns[f"{owner}.{name}"] = f"{owner}.{name}"
                continue
            signatures = self.signatures_of(found)
            is_told = not documented or any(isinstance(it, ast.FunctionDef) and ast.get_docstring(it) for it in found.nodes)
            if signatures and is_told:
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
        gives, given = answer(signatures, self.facts.untold)
        if name in self.facts.overrides:
            gives, given = self.facts.overrides[name], ""
        if owner and gives != "self":
            gives = re.sub(r"\bself\b", owner, gives)
        if gives != (self.inherited(name, self.facts.returns) or UNKNOWN):
            self.facts.returns[name] = gives
        if given and given != self.inherited(name, self.facts.given):
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

    def classes(self, module: str) -> list[str]:
        """The public classes of a module."""
        source = self.module(module)
        places = ((name, self.stubs.find(source, name)) for name in self.exported(source))
        return [name for name, found in places if isinstance(found, Place) and self.stubs.public.get(found.path, "").endswith(f".{name}")]

    def base_of(self, module: str, name: str) -> str:
        """Notes a class's base alone; the name it is known by."""
        place = self.stubs.find(self.module(module), name)
        if not isinstance(place, Place):
            raise SystemExit(f"No class {module}.{name}")
        owner = self.stubs.public[place.path]
        self.base(place, owner)
        return owner

    def ufuncs(self, module: str) -> list[str]:
        """Functions that NumPy applies to each element, by the type that the stub declares them with, and their other names."""
        source = self.module(module)
        declared = {name for name, nodes in source.names.items() if isinstance(nodes[-1], ast.AnnAssign) and re.match(r"_UFunc_Nin\d_Nout1\b", ast.unparse(nodes[-1].annotation))}
        other = {name for name, nodes in source.names.items() if isinstance(nodes[-1], ast.Assign) and ast.unparse(nodes[-1].value) in declared}
        return sorted(it for it in declared | other if not it.startswith("_"))

    def told_in_docs(self, module: str, gives: str) -> list[str]:
        """Built-in functions have no annotations; the first line of their documentation ends in what they give."""
        source, names = self.module(module), []
        for name, nodes in source.names.items():
            value = nodes[-1].value if isinstance(nodes[-1], ast.Assign) else None
            texts = [it.value for it in ast.walk(value) if isinstance(it, ast.Constant) and isinstance(it.value, str)] if isinstance(value, ast.Call) else []
            told = re.compile(rf"\s*(\w+\.)*{name}\(.*\) -> {gives.rpartition('.')[2]}\s*\n")
            if not name.startswith("_") and any(told.match(it) for it in texts):
                names.append(name)
                self.facts.returns[f"{module}.{name}"] = gives
        return sorted(names)

    def base(self, place: Place, owner: str) -> None:
        """The nearest bases that have a public name."""
        for cls in list(self.stubs.lineage(place))[1:]:
            public = self.stubs.public.get(cls.path)
            if public and public != owner:
                self.facts.bases[owner] = [public]
                return

    def attribute(self, owner: str, name: str, gives: str) -> None:
        gives = self.facts.overrides.get(f"{owner}.{name}", gives)
        if gives not in (UNKNOWN, "None", self.inherited(f"{owner}.{name}", self.facts.attributes)):
            self.facts.attributes[f"{owner}.{name}"] = gives if gives == "self" else re.sub(r"\bself\b", owner, gives)


def grouped(table: dict[str, str]) -> dict[str, dict[str, list[str]]]:
    """Owner, then answer, then names: the form that `spread` reads."""
    groups: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, gives in sorted(table.items()):
        owner, _, member = name.rpartition(".")
        if member == "__call__":
            owner, _, cls = owner.rpartition(".")
            member = f"{cls}.__call__"
        groups[owner][gives].append(member)
    return groups


def turned(table: dict[str, str]) -> dict[str, dict[str, list[str]]]:
    """Base class or public module, then module, then classes: the form that `derived` and `moved` read."""
    groups: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, home in sorted(table.items()):
        module, _, cls = name.rpartition(".")
        groups[home][module].append(cls)
    return dict(sorted(groups.items()))


class Shared:
    """Lists of names that stand in two tables (what gives a tensor, and what is pure) are written once, as constants."""

    def __init__(self, told: list[dict[str, dict[str, list[str]]]], said: dict[str, dict[str, list[str]]]) -> None:
        self.constants: dict[str, list[str]] = {}
        for word, table in said.items():
            for owner, names in sorted(table.items()):
                groups = [group for groups in told for group in groups.get(owner, {}).values()]
                common = [sorted({*names} & {*group}) for group in groups]
                for number, each in enumerate(it for it in common if len(it) >= LONG):
                    self.constants[re.sub(r"\W+", "_", f"{word}_{owner}_{number}").upper()] = each

    def declarations(self) -> str:
        constants = "".join(f"const {name} ={names_text(names, 2)};\n" for name, names in self.constants.items())
        return constants and f"// Names that stand in two tables.\n{constants}\n"

    def text(self, names: Iterable[str], indent: int) -> str:
        """The names as one string expression."""
        left, used = sorted(set(names)), []
        for constant, shared in self.constants.items():
            if set(shared) <= set(left):
                left = [it for it in left if it not in set(shared)]
                used.append(constant)
        if not used:
            return names_text(left, indent)
        return " " + ' + " " + '.join(used) + (f' + " " +{names_text(left, indent)}' if left else "")

    def nested(self, groups: dict[str, dict[str, list[str]]]) -> str:
        blocks = []
        for owner, answers in groups.items():
            lines = [f"      {quoted(answer)}:{self.text(names, 8)},\n" for answer, names in answers.items()]
            blocks.append(f"    {quoted(owner)}: {{\n{''.join(lines)}    }},\n")
        return "{\n" + "".join(blocks) + "  }"

    def flat(self, table: dict[str, list[str]]) -> str:
        return "{\n" + "".join(f"    {quoted(key)}:{self.text(names, 6)},\n" for key, names in sorted(table.items())) + "  }"


def names_text(names: Iterable[str], indent: int) -> str:
    """One string, over several lines where it is long."""
    lines, line = [], ""
    for name in names:
        if len(line) + len(name) > WIDTH:
            lines.append(line + " ")
            line = ""
        line += f"{' ' if line else ''}{name}"
    lines.append(line)
    start = " " if len(lines) == 1 else f"\n{' ' * indent}"
    return start + f" +\n{' ' * indent}".join(f'"{it}"' for it in lines)


def singles(table: dict[str, str]) -> str:
    entries = ", ".join(f'{quoted(key)}: "{value}"' for key, value in sorted(table.items()))
    return f"...Object.entries({{ {entries} }}), " if entries else ""


def quoted(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z_]\w*", key) else f'"{key}"'


def typescript(facts: Facts) -> str:
    """The file of one library; empty tables are left out."""
    made: dict[str, list[str]] = defaultdict(list)
    for name in sorted(name for name, gives in facts.returns.items() if gives == name):
        made[name.rpartition(".")[0]].append(name.rpartition(".")[2])
    returns = {name: gives for name, gives in facts.returns.items() if gives != name}
    aliases = {path: public for path, public in facts.aliases.items() if "._" not in path}
    renamed = {path: public for path, public in aliases.items() if path.rpartition(".")[2] != public.rpartition(".")[2]}
    told, given = grouped(returns), grouped(facts.given)
    shared = Shared([told, given], {"pure": facts.pure, "changing": facts.mutators})
    parts = {
        "returns": f"[...constructors({shared.flat(made)}), ...spread({shared.nested(told)})]",
        "given": given and f"spread({shared.nested(given)})",
        "attributes": facts.attributes and f"spread({shared.nested(grouped(facts.attributes))})",
        "bases": facts.bases and f"derived({shared.nested(turned({name: base for name, (base, *_) in facts.bases.items()}))})",
        "aliases": aliases and f"[{singles(renamed)}...moved({shared.nested(turned({path: public.rpartition('.')[0] for path, public in aliases.items() if path not in renamed}))})]",
        "mutators": facts.mutators and f"lists({shared.flat(facts.mutators)})",
        "pure": facts.pure and f"members({shared.flat(facts.pure)})",
        "blocking": facts.blocking and f"waiting({shared.flat(facts.blocking)})",
    }
    body = "".join(f"  {key}: {text},\n" for key, text in parts.items() if text)
    helpers = sorted(set(re.findall(r"\b(constructors|spread|derived|moved|lists|members|waiting)\(", body)))
    return (
        f"/** {facts.title}, read from {facts.versions} by scripts/knowledge.py; change that, not this. */\n\n"
        f'import type {{ LibraryFacts }} from "../library.js";\nimport {{ {", ".join(helpers)} }} from "../table.js";\n\n{shared.declarations()}'
        f"export const {facts.constant} = (): LibraryFacts => ({{\n{body}}});\n"
    )
