"""Reads type stubs as a type checker would, as far as `knowledge.py` needs: names followed through imports, aliases and overloads, types as Nippy writes them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

UNKNOWN = "?"
PYTHON = (3, 14)
"""The Python whose branches of `if sys.version_info` are read."""

BUILTIN = {"str", "int", "float", "bool", "bytes", "bytearray", "complex", "list", "dict", "set", "frozenset", "tuple", "range", "slice", "memoryview"}
GENERIC = {
    "typing.List": "list", "typing.Dict": "dict", "typing.Set": "set", "typing.Tuple": "tuple",
    "collections.abc.Iterator": "iterator", "typing.Iterator": "iterator", "collections.abc.Generator": "generator", "typing.Generator": "generator",
    "collections.abc.Iterable": "typing.Iterable", "typing.Iterable": "typing.Iterable", "collections.abc.Sequence": "typing.Sequence", "typing.Sequence": "typing.Sequence",
    "collections.abc.Mapping": "typing.Mapping", "collections.abc.KeysView": "typing.Collection", "collections.abc.ValuesView": "typing.Collection",
    "datetime.datetime": "datetime.datetime", "datetime.date": "datetime.date", "datetime.time": "datetime.time", "datetime.timedelta": "datetime.timedelta", "datetime.tzinfo": "datetime.tzinfo",
}
NDARRAY = {"numpy.ndarray", "numpy.typing.NDArray", "numpy._typing.NDArray"}
NEVER = {"typing.Never", "typing.NoReturn", "typing_extensions.Never"}
"""What an overload gives that is there to forbid a call."""
BOOLEAN = {"typing.TypeGuard", "typing.TypeIs", "typing_extensions.TypeIs", "typing_extensions.TypeGuard"}
WRAPPERS = {"typing.Final", "typing.ClassVar", "typing.Annotated", "typing.Optional", "typing_extensions.Annotated"}


@dataclass(frozen=True)
class Parameter:
    name: str
    position: int | None
    has_default: bool
    type: str
    admits_value: bool
    """False where only None, False or a filler may be passed: an overload for the argument's absence."""


@dataclass(frozen=True)
class Signature:
    parameters: dict[str, Parameter]
    gives: str


@dataclass(frozen=True)
class Place:
    """A definition: the module that holds it, its name there, and its statements (several where it is overloaded)."""

    module: Module
    name: str
    nodes: tuple[ast.AST, ...]

    @property
    def path(self) -> str:
        return f"{self.module.name}.{self.name}"


class Module:
    def __init__(self, name: str, path: Path) -> None:
        self.name, self.path = name, path
        self.package = name if path.stem == "__init__" else name.rpartition(".")[0]
        self.names: dict[str, list[ast.AST]] = {}
        self.imports: dict[str, tuple[str, str | None]] = {}
        self.stars: list[str] = []
        self._collect(ast.parse(path.read_text("utf-8")).body)

    def _collect(self, body: list[ast.stmt]) -> None:
        for it in body:
            match it:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    self.names.setdefault(name, []).append(it)
                case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                    self.names.setdefault(name, []).append(it)
                case ast.AugAssign(target=ast.Name(id="__all__")):
                    self.names.setdefault("__all__", []).append(it)
                case ast.ImportFrom(names=names):
                    source = self._absolute(it)
                    for alias in names:
                        if alias.name == "*":
                            self.stars.append(source)
                        else:
                            self.imports[alias.asname or alias.name] = (source, alias.name)
                case ast.Import(names=names):
                    for alias in names:
                        self.imports[alias.asname or alias.name.partition(".")[0]] = (alias.name if alias.asname else alias.name.partition(".")[0], None)
                case ast.If(test=test, body=inner, orelse=other):
                    self._collect(inner if holds(test) else other)
                case ast.Try(body=inner):
                    self._collect(inner)

    def _absolute(self, it: ast.ImportFrom) -> str:
        if it.level == 0:
            return it.module or ""
        parts = self.package.split(".")
        parts = parts[: len(parts) - it.level + 1]
        return ".".join([*parts, *([it.module] if it.module else [])])


def holds(test: ast.expr) -> bool:
    """Whether a stub's condition is true on the Python that is read for; platforms and flags count as true."""
    match test:
        case ast.Compare(left=ast.Attribute(attr="version_info"), ops=[op], comparators=[ast.Tuple() as version]):
            wanted = ast.literal_eval(version)
            return wanted <= PYTHON if isinstance(op, ast.GtE) else wanted > PYTHON
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not holds(operand)
    return True


class Stubs:
    """The stubs of one library, found below `root` (`pandas-stubs`) and imported as `package` (`pandas`)."""

    def __init__(self, root: Path, package: str) -> None:
        self.root, self.package = root, package
        self.public: dict[str, str] = {}
        """Where a class is defined, and the name users know it by."""
        self.bound: dict[str, str] = {}
        """What type variables stand for in the class at hand: `NDFrameT` is a frame in the groups of a frame."""
        self.load = cache(self._load)

    def _load(self, name: str) -> Module | None:
        if name.partition(".")[0] != self.package:
            return None
        base = self.root.joinpath(*name.split(".")[1:])
        for path in (base / "__init__.pyi", base.with_suffix(".pyi"), base / "__init__.py", base.with_suffix(".py")):
            if path.is_file() and (base != self.root or path.stem == "__init__"):
                return Module(name, path)
        return None

    def find(self, module: Module, name: str, depth: int = 0) -> Place | str | None:
        """A definition in the library, or the dotted name of something outside it."""
        if depth > 12:
            return None
        if name in module.names:
            return Place(module, name, tuple(module.names[name]))
        if name in module.imports:
            source, attribute = module.imports[name]
            target = self.load(source)
            if attribute is None:
                return source
            if target is None:
                return f"{source}.{attribute}"
            return self.find(target, attribute, depth + 1) or f"{source}.{attribute}"
        for star in module.stars:
            target = self.load(star)
            found = target and self.find(target, name, depth + 1)
            if found:
                return found
        return f"builtins.{name}" if name in BUILTIN else None

    def resolve(self, module: Module, node: ast.expr) -> Place | str | None:
        if isinstance(node, ast.Name):
            return self.find(module, node.id)
        if isinstance(node, ast.Attribute):
            owner = self.resolve(module, node.value)
            if isinstance(owner, str):
                target = self.load(owner)
                return (target and self.find(target, node.attr)) or f"{owner}.{node.attr}"
        return None

    def type_text(self, module: Module, node: ast.expr | None, depth: int = 0) -> str:
        """A type as Nippy's tables write it; `?` for what rules have no use for."""
        if node is None or depth > 12:
            return UNKNOWN
        match node:
            case ast.Constant(value=None):
                return "None"
            case ast.Constant(value=str(text)):
                return self.type_text(module, ast.parse(text, mode="eval").body, depth + 1)
            case ast.BinOp(op=ast.BitOr(), left=left, right=right):
                return union([self.type_text(module, left, depth + 1), self.type_text(module, right, depth + 1)])
            case ast.Subscript(value=base, slice=inner):
                return self._generic(module, base, inner.elts if isinstance(inner, ast.Tuple) else [inner], depth)
            case ast.Name() | ast.Attribute():
                return self._named(module, node, depth)
        return UNKNOWN

    def _generic(self, module: Module, base: ast.expr, arguments: list[ast.expr], depth: int) -> str:
        name = self.resolve(module, base)
        if name in BOOLEAN:
            return "bool"
        if name in WRAPPERS:
            return self.type_text(module, arguments[0], depth + 1)
        if name == "typing.Union":
            return union([self.type_text(module, it, depth + 1) for it in arguments])
        if name == "typing.Literal":
            kinds = {type(it.value).__name__ for it in arguments if isinstance(it, ast.Constant)}
            return kinds.pop() if len(kinds) == 1 and kinds <= BUILTIN else UNKNOWN
        text = self._named(module, base, depth)
        if text == "tuple" and any(isinstance(it, ast.Constant) and it.value is Ellipsis for it in arguments):
            return text
        if text in {"list", "set", "frozenset", "dict", "tuple", "iterator", "typing.Iterable", "typing.Sequence", "typing.Mapping", "typing.Collection"}:
            inner = [self.type_text(module, it, depth + 1) for it in arguments]
            return text if all(it == UNKNOWN for it in inner) else f"{text}[{', '.join(inner)}]"
        if text == "generator":
            inner_text = self.type_text(module, arguments[0], depth + 1)
            return text if inner_text == UNKNOWN else f"{text}[{inner_text}]"
        return text

    def _named(self, module: Module, node: ast.expr, depth: int) -> str:
        found = self.resolve(module, node)
        if isinstance(found, str):
            short = found.removeprefix("builtins.")
            if short in BUILTIN:
                return short
            if found in NEVER:
                return "never"
            if found in NDARRAY:
                return "numpy.ndarray"
            return "self" if found in {"typing.Self", "typing_extensions.Self"} else GENERIC.get(found, UNKNOWN)
        if found is None:
            return UNKNOWN
        if found.name in self.bound:
            return self.bound[found.name]
        match found.nodes[-1]:
            case ast.ClassDef(bases=[ast.Subscript(value=ast.Name(id="tuple")) as named_tuple]) if found.path not in self.public:
                return self.type_text(found.module, named_tuple, depth + 1)
            case ast.ClassDef():
                return self.public.get(found.path, UNKNOWN)
            case ast.Assign(value=ast.Call(func=ast.Name(id="TypeVar"), args=[_, *constraints], keywords=keywords)):
                bounds = [it.value for it in keywords if it.arg == "bound"] or constraints
                return agreed([self.type_text(found.module, it, depth + 1) for it in bounds])
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                return self.type_text(found.module, value, depth + 1)
        return UNKNOWN

    def lineage(self, place: Place, depth: int = 0) -> Iterator[Place]:
        """The class and what it derives from within the library, nearest first."""
        yield place
        for node in place.nodes:
            for base in node.bases if isinstance(node, ast.ClassDef) and depth < 10 else []:
                found = self.resolve(place.module, base.value if isinstance(base, ast.Subscript) else base)
                if isinstance(found, Place) and isinstance(found.nodes[0], ast.ClassDef):
                    yield from self.lineage(found, depth + 1)

    def members(self, place: Place) -> dict[str, tuple[Module, list[ast.AST]]]:
        """What instances of a class have: the nearest definition of each name, all overloads of it."""
        result: dict[str, tuple[Module, list[ast.AST]]] = {}
        for cls in self.lineage(place):
            scratch = object.__new__(Module)
            scratch.names, scratch.imports, scratch.stars, scratch.package = {}, {}, [], cls.module.package
            for node in cls.nodes:
                scratch._collect(node.body)
            for name, nodes in scratch.names.items():
                result.setdefault(name, (cls.module, nodes))
        return result

    def signatures(self, module: Module, nodes: list[ast.AST], is_method: bool) -> list[Signature]:
        functions = [it for it in nodes if isinstance(it, (ast.FunctionDef, ast.AsyncFunctionDef)) and not decorated(it, "setter", "deleter")]
        overloads = [it for it in functions if decorated(it, "overload") and self.is_for_bound(module, it)] or functions[-1:]
        return [it for it in (self._signature(module, each, is_method) for each in overloads) if it.gives != "never"]

    def is_for_bound(self, module: Module, it: ast.FunctionDef) -> bool:
        """False for the overload that groups of a Series take where groups of a frame are read: `self: GroupBy[Series]`."""
        first = (it.args.posonlyargs + it.args.args)[:1]
        annotation = first[0].annotation if first else None
        if not self.bound or not isinstance(annotation, ast.Subscript):
            return True
        inner = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
        named = {self.type_text(module, each) for each in inner} & set(self.public.values())
        return not named or bool(named & set(self.bound.values()))

    def _signature(self, module: Module, it: ast.FunctionDef, is_method: bool) -> Signature:
        positional = it.args.posonlyargs + it.args.args
        first_default = len(positional) - len(it.args.defaults)
        skip = 1 if is_method and not decorated(it, "staticmethod") else 0
        parameters = {
            arg.arg: Parameter(arg.arg, index - skip, index >= first_default, self.type_text(module, arg.annotation), self._admits(module, arg.annotation))
            for index, arg in enumerate(positional)
            if index >= skip
        }
        if it.args.vararg:
            parameters["*"] = Parameter("*", len(positional) - skip, False, UNKNOWN, True)
        for arg, default in zip(it.args.kwonlyargs, it.args.kw_defaults, strict=True):
            parameters[arg.arg] = Parameter(arg.arg, None, default is not None, self.type_text(module, arg.annotation), self._admits(module, arg.annotation))
        return Signature(parameters, self.type_text(module, it.returns))

    def _admits(self, module: Module, annotation: ast.expr | None) -> bool:
        match annotation:
            case ast.Constant(value=None):
                return False
            case ast.Subscript(value=base, slice=ast.Constant(value=None | False)):
                return self.resolve(module, base) != "typing.Literal"
            case ast.BinOp(op=ast.BitOr(), left=left, right=right):
                return self._admits(module, left) or self._admits(module, right)
            case ast.Name(id=name):
                return not name.endswith(("NoValueType", "NoDefault"))
        return True


def decorated(it: ast.FunctionDef, *names: str) -> bool:
    last = {ast.unparse(each).rpartition(".")[2] for each in it.decorator_list}
    return bool(last.intersection(names))


def agreed(types: list[str]) -> str:
    """The one type that all name; of containers that differ in their elements, the container."""
    distinct = set(types)
    if len(distinct) == 1:
        return distinct.pop()
    heads = {it.partition("[")[0] for it in distinct}
    return heads.pop() if len(heads) == 1 and types else UNKNOWN


def union(types: list[str]) -> str:
    """None beside something else is that something, as in the analysis itself."""
    return agreed([it for it in types if it != "None"] or ["None"])
