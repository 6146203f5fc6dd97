/** What hovers say of imports, constants, optimised mode and code objects. */

import { asBinary, defineConstructs, functionAround, unwrap, type File, type Node } from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "import statement",
    guide: "cpython-execution",
    at: [{ token: ["import", "from"], of: ["import_statement", "import_from_statement"] }],
    says: "The first import in a process runs the whole module; later ones only look it up in `sys.modules`. Imported modules keep their bytecode in `__pycache__`, while the main script is compiled at every start. `python -X importtime` shows which imports make a start slow.",
    here: importNote,
    example: "‸import json\n",
    unlike: [
      "def pairs(rows):\n    yield ‸from rows\n",
      `
try:
    limit = int("7")
except ValueError as error:
    raise RuntimeError("no limit") ‸from error
`,
    ],
  },
  {
    name: "constant arithmetic",
    guide: "bytecode",
    at: [{ token: ["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^"], of: "binary_operator" }],
    when: (node) => isLiteral(node.parent),
    says: "Computed once, by the compiler, and stored as one constant, so the spelled-out form costs nothing at run time. A name breaks the chain: `DAY * 7` is computed at every turn, and `n * 60 * 60` groups as `(n * 60) * 60`. Integers of more than about 128 bits are left to run time.",
    here: foldNote,
    example: "SECONDS_PER_DAY = 24 ‸* 60 * 60\n",
    unlike: [
      "def seconds(days):\n    return days ‸* 24\n",
      'print("total" ‸+ " of three")\n',
      "def rest(*values, scale=2 * 3):\n    return print(‸*values)\n",
    ],
  },
  {
    name: "if __debug__",
    guide: "bytecode",
    at: [{ name: "builtins.__debug__" }],
    when: (node) => conditionOf(node) !== undefined,
    says: "The compiler knows this constant: under `python -O` or `PYTHONOPTIMIZE=1` the block is left out of the bytecode, otherwise only the test is. Assigning to the name is a SyntaxError. Keep side effects out of such a block, because optimised runs skip them.",
    here: (node) =>
      conditionOf(node)?.kind === "not_operator" ? "Negated: this block runs only under `-O`." : undefined,
    example: "if ‸__debug__:\n    print('checked run')\n",
    unlike: ["print(‸__debug__)\n"],
  },
  {
    name: "assert statement",
    guide: "bytecode",
    at: [{ token: "assert", of: "assert_statement" }],
    says: "Under `python -O` it disappears together with everything it computes, side effects such as `assert queue.pop()` included. So it states what the author holds for certain; input is checked with `if` and `raise`. The error carries only the text after the comma, unless pytest has rewritten the test module.",
    here: assertNote,
    example: "def half(n: int) -> int:\n    ‸assert n % 2 == 0\n    return n // 2\n",
  },
  {
    name: "py_compile",
    guide: "bytecode",
    at: [{ name: ["py_compile.*", "compileall.*"] }, { module: ["py_compile", "compileall"] }],
    says: "Writes bytecode ahead of the first import, which pays for container images and read-only installs; running code gets no faster. `py_compile.compile` prints a syntax error and returns None unless `doraise=True`. Level 1 drops asserts, level 2 docstrings too, and each has a file of its own (`tool.cpython-312.opt-2.pyc`), loaded only by an interpreter started at the same level.",
    example: "import py_compile\n\npy_compile.‸compile('tool.py', doraise=True)\n",
    unlike: ["import re\n\nre.‸compile('a+')\n"],
  },
  {
    name: "dis.dis",
    guide: "bytecode",
    at: [{ name: ["dis.dis", "dis.Bytecode", "dis.get_instructions", "dis.disassemble"] }],
    says: "Read the listing as work on a stack: loads push a value, an operation takes its operands from the top and pushes the result. Opcodes change with every minor version, so use the interpreter that will run the code. Specialised instructions show with `adaptive=True` (3.11+), after the function has run for a while. Fewer instructions are not less time: one `CALL` may hide a loop.",
    here: (_, { facts }) => opcodesOf(facts.python),
    example: "import dis\n\ndis.‸dis(len)\n",
  },
  {
    name: "__code__",
    guide: "bytecode",
    at: [{ node: "identifier" }],
    when: isCodeOfFunction,
    says: "Holds the compiled body: `co_consts` the folded constants, `co_varnames` parameters and locals, `co_names` globals and attributes, `co_freevars` the names taken from enclosing functions. These attributes are stable, the bytes in `co_code` change with each minor version. `co_lnotab` warns since 3.12; use `co_lines()`. The object is immutable, and `code.replace(…)` makes a changed copy.",
    example: "def area(width, height):\n    return width * height\n\nprint(area.‸__code__.co_varnames)\n",
    unlike: [
      "class Lock:\n    def __init__(self):\n        self.__code__ = 1234\n\nprint(Lock().‸__code__)\n",
      "__code__ = 7\nprint(‸__code__)\n",
    ],
  },
]);

function importNote(node: Node, { facts }: File): string | undefined {
  const statement = node.parent!;
  if (statement.children.some((it) => it.kind === "wildcard_import"))
    return "Binds every public name of the module, so nothing here shows where a name comes from.";
  for (let inner: Node = statement, outer = statement.parent; outer; inner = outer, outer = outer.parent) {
    const condition =
      outer.kind === "if_statement" && inner.fieldName === "consequence" ? outer.field("condition") : undefined;
    if (condition && facts.nameOf(condition) === "typing.TYPE_CHECKING")
      return "Never runs: `TYPE_CHECKING` is true for type checkers only.";
  }
  return functionAround(statement)
    ? "Inside a function: the first call pays for the import, every call for the lookup."
    : undefined;
}

const ARITHMETIC: ReadonlySet<string> = new Set(["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^"]);

/** Built from number literals alone. */
function isLiteral(node: Node | undefined): boolean {
  if (!node || node.isBroken) return false;
  const inner = unwrap(node);
  if (inner.kind === "integer" || inner.kind === "float") return true;
  if (inner.kind === "unary_operator") return isLiteral(inner.field("argument"));
  const binary = inner.kind === "binary_operator" ? asBinary(inner) : undefined;
  return binary !== undefined && ARITHMETIC.has(binary.operator) && isLiteral(binary.left) && isLiteral(binary.right);
}

function foldNote(node: Node): string | undefined {
  let whole = node.parent!;
  while (whole.parent && isLiteral(whole.parent)) whole = whole.parent;
  try {
    const value = valueOf(whole);
    return value === undefined ? undefined : `Folded to \`${typeof value === "bigint" ? value : pythonFloat(value)}\`.`;
  } catch (error) {
    return error instanceof NotFolded ? error.message : undefined;
  }
}

class NotFolded extends Error {}

/** As Python computes it; a bigint is an `int`, a number a `float`. Undefined where the last digit may differ from C's. */
function valueOf(node: Node): bigint | number | undefined {
  const inner = unwrap(node);
  const text = inner.text.replaceAll("_", "");
  if (/[jJ]$/.test(text) && inner.kind !== "binary_operator") return undefined;
  if (inner.kind === "integer") return BigInt(text);
  if (inner.kind === "float") return Number(text);
  if (inner.kind === "unary_operator") {
    const value = valueOf(inner.field("argument")!);
    const operator = inner.field("operator")?.text;
    if (value === undefined || operator === "+") return value;
    return operator === "-" ? -value : typeof value === "bigint" ? ~value : undefined;
  }
  const binary = asBinary(inner);
  const [left, right] = [binary && valueOf(binary.left), binary && valueOf(binary.right)];
  if (!binary || left === undefined || right === undefined) return undefined;
  if (["/", "//", "%"].includes(binary.operator) && Number(right) === 0)
    throw new NotFolded("Division by zero: raises ZeroDivisionError when it runs.");
  return typeof left === "bigint" && typeof right === "bigint"
    ? ofIntegers(left, binary.operator, right)
    : ofFloats(left, binary.operator, right);
}

/** What CPython's compiler refuses to make: beyond it the operation stays in the bytecode. */
const LONGEST_BITS = 128;

const bitsOf = (value: bigint) => (value === 0n ? 0 : (value < 0n ? -value : value).toString(2).length);

function ofIntegers(left: bigint, operator: string, right: bigint): bigint | number | undefined {
  const floor = () => left / right - (left % right !== 0n && left < 0n !== right < 0n ? 1n : 0n);
  const within = (bits: number) => {
    if (bits > LONGEST_BITS) throw new NotFolded("Too large to be folded: computed each time it runs.");
  };
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      within(bitsOf(left) + bitsOf(right));
      return left * right;
    case "/":
      return [left, right].every((it) => Number.isSafeInteger(Number(it))) ? Number(left) / Number(right) : undefined;
    case "//":
      return floor();
    case "%":
      return left - right * floor();
    case "**":
      if (right < 0n) return undefined;
      within(bitsOf(left) * Number(right));
      return left ** right;
    case "<<":
    case ">>":
      if (right < 0n) return undefined;
      if (operator === ">>") return left >> right;
      within(bitsOf(left) + Number(right));
      return left << right;
    case "&":
      return left & right;
    case "|":
      return left | right;
    default:
      return left ^ right;
  }
}

function ofFloats(left: bigint | number, operator: string, right: bigint | number): number | undefined {
  const [a, b] = [Number(left), Number(right)];
  if ([left, right].some((it) => typeof it === "bigint" && !Number.isSafeInteger(Number(it)))) return undefined;
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    default:
      return undefined;
  }
}

/** `repr` of a float. */
function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "inf" : value < 0 ? "-inf" : "nan";
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power < -4 || power >= 16) return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  const plain = Object.is(value, -0) ? "-0" : String(value);
  return plain.includes(".") ? plain : `${plain}.0`;
}

/** The whole condition of an `if` or `elif` that `__debug__`, or its negation, is. */
function conditionOf(node: Node): Node | undefined {
  const isWhole = (it: Node): boolean =>
    it.fieldName === "condition" && (it.parent?.kind === "if_statement" || it.parent?.kind === "elif_clause");
  let condition = node;
  while (
    condition.parent &&
    !isWhole(condition) &&
    (condition.parent.kind === "not_operator" || condition.parent.kind === "parenthesized_expression")
  )
    condition = condition.parent;
  return isWhole(condition) ? unwrap(condition) : undefined;
}

function assertNote(node: Node): string | undefined {
  const [condition] = node.parent!.children;
  if (!condition) return undefined;
  if (condition.kind === "tuple" && condition.children.length > 0)
    return "A tuple is always true, so this check never fails: take the parentheses away.";
  return condition.descendants("named_expression").length > 0
    ? "The name bound by `:=` is missing under `-O`."
    : undefined;
}

const OPCODES: readonly (readonly [version: `3.${number}`, says: string])[] = [
  ["3.14", "`LOAD_FAST_BORROW` loads a local without taking a reference, and `LOAD_SMALL_INT` replaces many constants"],
  ["3.13", "two loads in a row are fused into `LOAD_FAST_LOAD_FAST`, and jumps name labels such as `L1`"],
  ["3.12", "list, dict and set comprehensions stand inline in their function"],
  ["3.11", "a listing opens with `RESUME`, and `BINARY_OP` stands for all arithmetic"],
];

function opcodesOf(python: string): string | undefined {
  const known = OPCODES.find(([version]) => version === python.replace(/t$/, ""));
  return known && `On ${known[0]}, the lowest version of this project, ${known[1]}.`;
}

/** Names with double underscores belong to the language; only a value known to be something else is left out. */
function isCodeOfFunction(node: Node, { facts }: File): boolean {
  const object =
    node.text === "__code__" && node.parent?.kind === "attribute" && node.fieldName === "attribute"
      ? node.parent.field("object")
      : undefined;
  if (!object) return false;
  const type = facts.typeOf(object);
  return type === undefined || type.name === "function";
}
