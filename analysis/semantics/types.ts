/** The small set of types that rules ask about. An unknown type is `undefined` everywhere. */

/** What is known of the type of a value. */
export interface Type {
  /** `list`, `str`, `numpy.ndarray`, `pandas.DataFrame`; `local.Name` for an instance of a class of this file; `type` for a class itself. */
  readonly name: string;
  /** Element types: `list[str]` has one, `dict[str, int]` two, a tuple one for each place. */
  readonly of: readonly (Type | undefined)[];
}

/** A type, or undefined where it is not known. */
export type Maybe = Type | undefined;

export function type(name: string, ...of: readonly Maybe[]): Type {
  return { name, of };
}

export const NONE = type("None");
export const STR = type("str");
export const INT = type("int");
export const FLOAT = type("float");
export const BOOL = type("bool");

/** What a value is that comes from one branch or the other. None beside something else is that something: code that uses it has ruled None out. */
export function join(a: Maybe, b: Maybe): Maybe {
  if (!a || !b) return undefined;
  if (a.name === "None") return b;
  if (b.name === "None") return a;
  if (a.name !== b.name) return isNumber(a) && isNumber(b) ? wider(a, b) : undefined;
  if (a.name === "tuple" && a.of.length !== b.of.length) return type("tuple");
  return type(a.name, ...joinElements(a.of, b.of));
}

/** An empty literal knows no elements: it takes those of the other side. */
function joinElements(a: readonly Maybe[], b: readonly Maybe[]): readonly Maybe[] {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return a.map((it, index) => join(it, b[index]));
}

export function joinAll(types: readonly Maybe[]): Maybe {
  const [first, ...rest] = types;
  return rest.reduce<Maybe>(join, first);
}

const NUMBERS = ["bool", "int", "float", "complex"];

/** int, float, complex, bool or a number of NumPy. */
export function isNumber(it: Maybe): boolean {
  return it !== undefined && NUMBERS.includes(it.name);
}

function wider(a: Type, b: Type): Type {
  return NUMBERS.indexOf(a.name) >= NUMBERS.indexOf(b.name) ? a : b;
}

/** Types of which nobody can change a value, so that it does not matter who else holds one. */
export const UNCHANGING: ReadonlySet<string> = new Set([
  "str",
  "bytes",
  "int",
  "float",
  "bool",
  "complex",
  "None",
  "tuple",
  "frozenset",
  "range",
  "type",
]);

const HASHABLE = new Set([
  "str",
  "bytes",
  "int",
  "float",
  "bool",
  "complex",
  "None",
  "range",
  "type",
  "pathlib.Path",
  "datetime.datetime",
  "datetime.date",
  "uuid.UUID",
  "decimal.Decimal",
  "fractions.Fraction",
]);

/** Whether every value of the type can be a set element or dict key. */
export function isHashable(it: Maybe): boolean {
  if (!it) return false;
  if (it.name === "tuple") return it.of.length > 0 && it.of.every(isHashable);
  if (it.name === "frozenset") return true;
  return HASHABLE.has(it.name);
}

const ITERATES_FIRST = new Set([
  "list",
  "set",
  "frozenset",
  "collections.deque",
  "iterator",
  "generator",
  "typing.Iterable",
  "typing.Iterator",
  "typing.Sequence",
  "typing.Collection",
  "dict",
  "collections.Counter",
  "collections.defaultdict",
  "pandas.TextFileReader",
  "tqdm.tqdm",
  "pandas.JsonReader",
]);

/** What a `for` over a value of the type yields. */
export function elementOf(it: Maybe): Maybe {
  if (!it) return undefined;
  if (it.name === "str") return STR;
  if (it.name === "bytes" || it.name === "range") return INT;
  if (it.name === "file") return STR;
  if (it.name === "tuple") return joinAll(it.of);
  return ITERATES_FIRST.has(it.name) ? it.of[0] : undefined;
}

/** One text for one type: equal prints mean equal types. */
export function printType(it: Maybe): string {
  if (!it) return "?";
  return it.of.length === 0 ? it.name : `${it.name}[${it.of.map(printType).join(", ")}]`;
}

/** Reads what `printType` writes; the form of the knowledge tables. */
export function parseType(text: string): Maybe {
  let at = 0;
  const read = (): Maybe => {
    const name = /^[^[\],\s]+/.exec(text.slice(at))?.[0] ?? "?";
    at += name.length;
    const of: Maybe[] = [];
    if (text[at] === "[") {
      while (text[at] === "[" || text[at] === ",") {
        at++;
        while (text[at] === " ") at++;
        of.push(read());
      }
      at++;
    }
    return name === "?" ? undefined : type(name, ...of);
  };
  return read();
}
