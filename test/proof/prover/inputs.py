"""Inputs for a function, made from what its annotations, names and source say: each variation gives every parameter a value."""

from __future__ import annotations

import ast
import collections
import collections.abc
import enum
import inspect
import io
import re
import threading
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import libraries
from .journal import Interruption, Journal
from .probe import Probe, show
from .unusual import FAILING, Shared, derived, meddled

#: What each call varies. `raises` breaks inputs off half-way, `generator` gives iterables that can be walked once,
#: `unknown` gives everything without a library's type a value that writes down what is done with it. `shared` gives one object to all parameters that
#: can take it, `rows` puts one object into all places of a container, `subclass` gives objects of classes that derive from what is asked for,
#: the program's own where it has some; with `subclass raises` one of the items fails wherever it is computed with. `mutating` lets whatever
#: the program calls change the containers it was given, and `swallowed` lets unknown context managers swallow what fails inside them.
VARIATIONS = (
    "many", "empty", "one", "negative", "duplicates", "unicode", "nan", "none", "generator", "raises", "unknown", "unknown raises",
    "shared", "rows", "subclass", "subclass raises", "mutating", "swallowed",
)  # fmt: skip
#: Nothing is said of such parameters: they are alike where their values are of one type.
NOT_SHARED = (inspect.Parameter.empty, Any, object)
#: In these everything of unknown type writes down what is done with it.
OPEN = ("unknown", "unknown raises", "swallowed")

INTS = {"many": [5, 3, 8, 1, 9], "empty": [], "one": [4], "negative": [-3, 2, -7, 0], "duplicates": [2, 2, 1, 2, 1]}
FLOATS = {**{key: [it * 1.1 for it in values] for key, values in INTS.items()}, "nan": [1.5, float("nan"), -2.5, float("inf")]}
TEXTS = {"many": ["delta", "alpha 4", "echo,e", "3"], "empty": [], "one": ["solo"], "negative": ["-1", "", " "], "duplicates": ["b", "a", "b", "b"], "unicode": ["ünï 😀", "ß", "e\u0301", "日本"]}
SCALARS = {"many": 3, "empty": 0, "one": 1, "negative": -2, "duplicates": 2}

PATH_NAME = re.compile(r"(^|_)(path|file|filename|source|folder)$")
TEXT_NAME = re.compile(r"(^|_)(text|name|word|line|title|url|key|prefix|message|label|query|prompt|city)$")
NUMBER_NAME = re.compile(r"(^|_)(n|k|m|i|j|x|y|size|count|limit|number|total|width|depth|length|seed|steps|epochs|times|rounds|batch_size)$")
CALLED_ITERABLE = (collections.abc.Iterable, collections.abc.Iterator, collections.abc.Generator)


@dataclass
class Inputs:
    """Makes the values of one call. The same variation of the same program gives the same values."""

    variation: str
    journal: Journal
    #: The names of the program, for the classes it defines.
    names: dict[str, Any]
    #: The program as it was before the fix: what columns and dimensions it speaks of.
    source: str
    url: str
    #: What the page's setup gives for parameters of a name, by the variation.
    takes: dict[str, Callable[[str], Any]] = field(default_factory=dict)
    _made: int = field(default=0)
    _given: Shared = field(default_factory=Shared)

    def __post_init__(self) -> None:
        if self.variation == "mutating":
            self.journal.meddles = self._meddle

    def _meddle(self, calls: int) -> None:
        for it in self._given.containers:
            meddled(it, calls)

    def knows(self, kind: type, made: object) -> None:
        """An object of the program, which its own methods may be given too."""
        self._given.add(kind, made, 0)

    @property
    def sample(self) -> str:
        """The variation that plain lists and numbers follow."""
        return self.variation if self.variation in ("empty", "one", "negative", "duplicates", "unicode", "nan") else "many"

    def arguments(self, function: Any) -> tuple[list[Any], dict[str, Any]] | None:
        """None where the signature cannot be read."""
        try:
            parameters = list(inspect.signature(function).parameters.values())
        except (TypeError, ValueError):
            return None
        given: list[Any] = []
        named: dict[str, Any] = {}
        for parameter in parameters:
            if parameter.kind is parameter.VAR_POSITIONAL:
                given.extend(self.value(parameter.annotation, "item") for _ in range(2))
            elif parameter.kind is parameter.VAR_KEYWORD:
                named["extra"] = self.value(parameter.annotation, "extra")
            elif parameter.default is not parameter.empty and self.variation in ("empty", "none"):
                continue
            elif parameter.kind is parameter.KEYWORD_ONLY or len(given) < parameters.index(parameter):
                named[parameter.name] = self.value(parameter.annotation, parameter.name)
            else:
                given.append(self.value(parameter.annotation, parameter.name))
        return given, named

    def value(self, hint: Any, name: str, depth: int = 0) -> Any:
        if name in self.takes:
            return self.takes[name](self.variation)
        if isinstance(hint, str):
            hint = self._evaluated(hint)
        known = self._shared(hint, depth)
        if known is not None:
            return known
        made = self._value(hint, name, depth)
        if hint in NOT_SHARED:
            hint = type(made)
            made = self._shared(hint, depth) or made
        if self.variation.startswith("subclass"):
            made = derived(made, self.names)
        self._given.add(hint, made, depth)
        return made

    def _shared(self, hint: Any, depth: int) -> Any:
        return self._given.find(hint, depth) if self.variation == "shared" and hint not in NOT_SHARED else None

    def _value(self, hint: Any, name: str, depth: int) -> Any:
        if hint in (inspect.Parameter.empty, Any, object) or isinstance(hint, typing.TypeVar) or depth > 5:
            return self._unannotated(name)
        if self.variation in OPEN and self._is_open(hint):
            return Probe(name, self.journal)
        origin, args = typing.get_origin(hint), typing.get_args(hint)
        if origin in (typing.Union, types.UnionType):
            if self.variation == "none" and type(None) in args:
                return None
            return self.value(next((it for it in args if it is not type(None)), None), name, depth)
        if origin is typing.Literal:
            return args[0]
        if origin in (typing.Annotated, typing.Final, typing.ClassVar):
            return self.value(args[0], name, depth)
        known = libraries.value_of(hint, self.sample, self.source, name)
        if known is not None:
            return known
        return self._builtin(origin or hint, args, name, depth)

    def _evaluated(self, hint: str) -> Any:
        try:
            return eval(hint, self.names)  # noqa: S307 - annotations of our own test pages
        except Exception:
            return inspect.Parameter.empty

    def _is_open(self, hint: Any) -> bool:
        """A type that anything may stand for: an iterable, a function, a class of nobody's."""
        origin = typing.get_origin(hint) or hint
        return origin in (*CALLED_ITERABLE, collections.abc.Callable, collections.abc.Sequence)

    def _unannotated(self, name: str) -> Any:
        if self.variation in OPEN:
            return Probe(name, self.journal)
        if PATH_NAME.search(name) or TEXT_NAME.search(name):
            return self._text(name)
        if NUMBER_NAME.search(name):
            return self._scalar()
        if re.search(r"[^s]s$|^(data|todo|tree|pending|people)$", name):
            kinds = [str, int] if self._made % 2 else [int, str]
            return self.value(list[kinds[0]], name)
        return Probe(name, self.journal)

    def _scalar(self) -> int:
        return SCALARS.get(self.sample, 3)

    def _text(self, name: str) -> str:
        if PATH_NAME.search(name):
            return str(a_file(self.sample, "folder" in name))
        if "url" in name:
            return self.url
        return (TEXTS.get(self.sample) or [""])[0] if self.sample != "many" else "delta alpha"

    def _items(self, hint: Any, depth: int) -> list[Any]:
        if hint in (int, bool):
            return self._plain([hint(it) for it in INTS.get(self.sample, INTS["many"])])
        if hint is float:
            return self._plain(list(FLOATS.get(self.sample, FLOATS["many"])))
        if hint is str:
            return self._plain(list(TEXTS.get(self.sample, TEXTS["many"])))
        count = len(INTS.get(self.sample, INTS["many"]))
        items = []
        for index in range(min(count, 3)):
            self._made = index
            items.append(items[0] if items and self.variation == "rows" else self.value(hint, f"item{index}", depth + 1))
        return items

    def _plain(self, items: list[Any]) -> list[Any]:
        """Text and numbers; of derived classes, and one that fails, where the variation asks for it."""
        if not self.variation.startswith("subclass"):
            return items
        made = [derived(it, self.names) for it in items]
        if self.variation == "subclass raises" and len(made) > 2 and type(items[2]) in FAILING:
            made[2] = FAILING[type(items[2])](items[2])
        return made

    def _builtin(self, kind: Any, args: tuple[Any, ...], name: str, depth: int) -> Any:
        first = args[0] if args else int
        if kind is None or kind is type(None):
            return None
        if kind is bool:
            return self.sample != "empty"
        if kind is int:
            return self._scalar()
        if kind is float:
            return float("nan") if self.sample == "nan" else self._scalar() * 1.5
        if kind is str:
            return self._text(name)
        if kind in (bytes, bytearray):
            return kind(self._text("text").encode())
        if kind is range:
            return range(max(0, self._scalar()))
        if kind is complex:
            return complex(self._scalar(), 1)
        if kind is tuple:
            if args and args[-1] is not Ellipsis:
                return tuple(self.value(it, name, depth + 1) for it in args)
            return tuple(self._items(first, depth))
        if kind in CALLED_ITERABLE:
            return self._walked_once(self._items(first, depth), kind)
        if kind in (collections.abc.AsyncIterable, collections.abc.AsyncIterator, collections.abc.AsyncGenerator):
            return self._walked_async(self._items(first, depth))
        if kind in (list, set, frozenset, collections.deque):
            return kind(self._items(first, depth))
        if kind in (collections.abc.Sequence, collections.abc.MutableSequence, collections.abc.Collection):
            return self._items(first, depth)
        if kind in (collections.abc.Set, collections.abc.MutableSet):
            return set(self._items(first, depth))
        if inspect.isclass(kind) and issubclass(kind, collections.Counter):
            return kind(self._items(first, depth))
        if kind is collections.defaultdict or kind in (dict, collections.OrderedDict, collections.abc.Mapping, collections.abc.MutableMapping):
            return self._mapping(kind, args, depth)
        if kind is collections.abc.Callable:
            return self._function(name, args)
        if kind in (Path, io.TextIOBase, typing.TextIO, typing.IO):
            path = a_file(self.sample, "folder" in name)
            return Path(path) if kind is Path else open(path, encoding="utf-8")
        if kind is type(threading.Lock()) or kind is threading.Lock:
            return threading.Lock()
        return self._object(kind, name, depth)

    def _mapping(self, kind: Any, args: tuple[Any, ...], depth: int) -> Any:
        key, item = args if len(args) == 2 else (str, int)
        values = [self.value(item, "item", depth + 1) for _ in range(9)]
        pairs = zip(self._items(key, depth), values[:1] * 9 if self.variation == "rows" else values)
        plain = dict(pairs)
        if kind is collections.defaultdict:
            return collections.defaultdict(item if callable(item) else int, plain)
        return collections.OrderedDict(plain) if kind is collections.OrderedDict else plain

    def _object(self, kind: Any, name: str, depth: int) -> Any:
        if inspect.isclass(kind) and issubclass(kind, enum.Enum):
            return next(iter(kind))
        is_protocol = getattr(kind, "_is_protocol", False)
        if not inspect.isclass(kind) or is_protocol or inspect.isabstract(kind) or kind.__module__ != "__main__":
            return Probe(name, self.journal)
        given = self.arguments(kind)
        return kind(*given[0], **given[1]) if given else Probe(name, self.journal)

    def _walked_once(self, items: list[Any], kind: Any) -> Any:
        if self.variation not in ("generator", "raises") and kind is collections.abc.Iterable:
            return items

        def walk() -> Any:
            for index, item in enumerate(items):
                if self.variation == "raises" and index == 2:
                    raise Interruption("the input broke off")
                yield item

        return walk()

    async def _walked_async(self, items: list[Any]) -> Any:
        for index, item in enumerate(items):
            if self.variation == "raises" and index == 2:
                raise Interruption("the input broke off")
            yield item

    def _function(self, name: str, args: tuple[Any, ...]) -> Any:
        """Writes its calls down and answers by what it was given."""
        result = args[-1] if args else Any
        calls = 0

        def called(*given: object, **named: object) -> Any:
            nonlocal calls
            calls += 1
            self.journal.add("call", name, [show(it) for it in given], {key: show(it) for key, it in named.items()})
            if self.variation == "raises" and calls == 3:
                raise Interruption(f"{name} failed")
            if result in (int, float, bool):
                return result(sum(map(ord, show(given))) % 7)
            return f"{name}({', '.join(map(show, given))})" if result is str else None if result in (None, type(None)) else self.value(result, f"{name}()")

        if isinstance(typing.get_origin(result), type) and issubclass(typing.get_origin(result), collections.abc.Awaitable):
            inner = (typing.get_args(result) or (Any,))[-1]

            async def awaited(*given: object) -> Any:
                self.journal.add("await", name, [show(it) for it in given])
                return self.value(inner, f"{name}()")

            return awaited
        return called


def a_file(sample: str, is_folder: bool) -> Path:
    """A real file, or a folder of some, in the current folder."""
    lines = TEXTS.get(sample, TEXTS["many"])
    if is_folder:
        folder = Path("folder")
        folder.mkdir(exist_ok=True)
        for index, line in enumerate(lines):
            (folder / f"{index}.txt").write_text(line, encoding="utf-8")
        return folder
    path = Path(f"input-{sample}.txt")
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def unbound_names(source: str) -> set[str]:
    """Names that the program reads and neither binds nor finds among the builtins: its page left them open."""
    import builtins

    bound: set[str] = set(dir(builtins)) | {"__file__", "__name__"}
    read: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                read.add(name)
            case ast.Name(id=name) | ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
            case ast.alias(name=name, asname=other):
                bound.add(other or name.split(".")[0])
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                bound.add(name)
    return read - bound
