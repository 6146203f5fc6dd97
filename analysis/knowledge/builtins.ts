/** Facts about Python's built-in types and functions. */

import type { LibraryFacts } from "./library.js";

const STR_TO_STR = ["capitalize", "casefold", "center", "expandtabs", "format", "format_map", "join", "ljust", "lower", "lstrip", "removeprefix", "removesuffix", "replace", "rjust", "rstrip", "strip", "swapcase", "title", "translate", "upper", "zfill"];
const STR_TO_LIST = ["split", "rsplit", "splitlines"];
const STR_TO_BOOL = ["startswith", "endswith", "isdigit", "isalpha", "isalnum", "isspace", "isupper", "islower", "isidentifier", "isnumeric", "isdecimal", "isascii", "isprintable", "istitle"];
const STR_TO_INT = ["find", "rfind", "index", "rindex", "count"];

const every = (prefix: string, names: readonly string[], type: string) => names.map((it): [string, string] => [`${prefix}.${it}`, type]);

export const BUILTINS: LibraryFacts = {
  returns: [
    ...every("str", STR_TO_STR, "str"),
    ...every("str", STR_TO_LIST, "list[str]"),
    ...every("str", STR_TO_BOOL, "bool"),
    ...every("str", STR_TO_INT, "int"),
    ...Object.entries({
      "str.partition": "tuple[str, str, str]", "str.rpartition": "tuple[str, str, str]", "str.encode": "bytes",
      "bytes.decode": "str",
      "list.copy": "self", "list.index": "int", "list.count": "int", "list.append": "None", "list.extend": "None", "list.insert": "None", "list.remove": "None", "list.sort": "None", "list.reverse": "None", "list.clear": "None",
      "set.copy": "self", "set.union": "self", "set.intersection": "self", "set.difference": "self", "set.symmetric_difference": "self", "set.add": "None", "set.discard": "None", "set.update": "None",
      "dict.copy": "self", "dict.update": "None", "dict.clear": "None",
      "file.read": "str", "file.readline": "str", "file.readlines": "list[str]", "file.write": "int", "file.close": "None",
      "builtins.abs": "?", "builtins.all": "bool", "builtins.any": "bool", "builtins.ascii": "str", "builtins.bin": "str", "builtins.callable": "bool", "builtins.chr": "str",
      "builtins.format": "str", "builtins.hash": "int", "builtins.hasattr": "bool", "builtins.hex": "str", "builtins.id": "int", "builtins.input": "str", "builtins.isinstance": "bool", "builtins.issubclass": "bool", "builtins.len": "int",
      "builtins.oct": "str", "builtins.ord": "int", "builtins.print": "None", "builtins.repr": "str", "builtins.round": "?",
      "builtins.str": "str", "builtins.int": "int", "builtins.float": "float", "builtins.bool": "bool", "builtins.complex": "complex", "builtins.bytes": "bytes", "builtins.bytearray": "bytearray",
      "builtins.range": "range", "builtins.frozenset": "frozenset", "builtins.slice": "slice", "builtins.object": "object", "builtins.memoryview": "memoryview",
    }),
  ],
  aliases: Object.entries({
    "typing.List": "builtins.list", "typing.Dict": "builtins.dict", "typing.Set": "builtins.set", "typing.Tuple": "builtins.tuple", "typing.FrozenSet": "builtins.frozenset", "typing.Type": "builtins.type", "typing.Text": "builtins.str",
    "typing.DefaultDict": "collections.defaultdict", "typing.Deque": "collections.deque", "typing.Counter": "collections.Counter",
    "collections.abc.Iterable": "typing.Iterable", "collections.abc.Iterator": "typing.Iterator", "collections.abc.Sequence": "typing.Sequence", "collections.abc.Collection": "typing.Collection", "collections.abc.Mapping": "typing.Mapping",
    "collections.abc.Generator": "typing.Generator", "collections.abc.Callable": "typing.Callable", "collections.abc.AsyncIterator": "typing.AsyncIterator", "collections.abc.Awaitable": "typing.Awaitable", "collections.abc.Coroutine": "typing.Coroutine",
    "io.open": "builtins.open", "typing_extensions.Self": "typing.Self",
  }),
  mutators: Object.entries({
    list: ["append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "__setitem__", "__delitem__"],
    dict: ["update", "pop", "popitem", "clear", "setdefault", "__setitem__", "__delitem__"],
    set: ["add", "discard", "remove", "pop", "clear", "update", "intersection_update", "difference_update", "symmetric_difference_update"],
    bytearray: ["append", "extend", "insert", "remove", "pop", "clear", "reverse"],
    str: [], bytes: [], tuple: [], int: [], float: [], bool: [], complex: [], frozenset: [], range: [], None: [],
  }),
  pure: [
    ..."abs all any ascii bin bool bytes callable chr complex dict divmod enumerate filter float format frozenset hash hex int isinstance issubclass len list map max min oct ord pow range repr reversed round set slice sorted str sum tuple type zip id"
      .split(" ")
      .map((it) => `builtins.${it}`),
    ...[...STR_TO_STR, ...STR_TO_LIST, ...STR_TO_BOOL, ...STR_TO_INT, "partition", "rpartition", "encode"].map((it) => `str.${it}`),
    "list.copy", "list.index", "list.count", "dict.get", "dict.keys", "dict.values", "dict.items", "dict.copy", "set.copy", "set.union", "set.intersection", "set.difference", "set.issubset", "set.issuperset", "set.isdisjoint", "tuple.index", "tuple.count",
    ..."sqrt exp log log2 log10 sin cos tan asin acos atan atan2 sinh cosh tanh floor ceil fabs hypot pow isnan isinf isfinite isclose gcd factorial degrees radians trunc fmod copysign erf gamma dist prod fsum comb perm".split(" ").map((it) => `math.${it}`),
  ],
};

/** Every name that a Python without imports knows. */
export const BUILTIN_NAMES: ReadonlySet<string> = new Set(
  ("abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict dir divmod enumerate eval exec filter float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len list locals map max memoryview min next object oct open ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip __import__ " +
    "ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception ExceptionGroup False FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError None NotADirectoryError NotImplemented NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError True TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError __debug__ __doc__ __file__ __name__ __package__ __spec__ __loader__ __builtins__")
    .split(" "),
);
