/** Attacks put together by tables: loops that fixes rewrite, other ways to reach the object they are about, and what is done to it there. */
import type { Attack } from "./adversarial.js";

/** Another way to reach an object that goes by a name. */
interface Alias {
  readonly name: string;
  /** Lines behind the place where the object got its name; `$` is that name. */
  readonly lines: readonly string[];
  /** What the object goes by then. */
  readonly other: string;
}

const ALIASES: readonly Alias[] = [
  { name: "a second name", lines: ["other = $"], other: "other" },
  { name: "a holder", lines: ['holder = {"kept": $}'], other: 'holder["kept"]' },
  { name: "a name taken from a holder", lines: ["rows = [$, []]", "other = rows[0]"], other: "other" },
  { name: "the items of a loop", lines: ["for other in [$]:", "    pass"], other: "other" },
  { name: "unpacking", lines: ["other, count = $, 1"], other: "other" },
  { name: "unpacking of a list", lines: ["[*_, other] = [1, $]"], other: "other" },
  { name: "a walrus", lines: ["if (other := $) is None:", "    return None"], other: "other" },
  { name: "a context manager", lines: ["with contextlib.nullcontext($) as other:", "    pass"], other: "other" },
  { name: "a match", lines: ["match $:", "    case other:", "        pass"], other: "other" },
  { name: "or", lines: ["other = $ or []", "if not other:", "    other = $"], other: "other" },
  { name: "a choice", lines: ["other = $ if True else []"], other: "other" },
  { name: "a function that hands it back", lines: ["other = same($)"], other: "other" },
  { name: "an attribute", lines: ["box = Box($)"], other: "box.items" },
  { name: "a stored attribute", lines: ["box = Box([])", "box.items = $"], other: "box.items" },
  { name: "a default argument", lines: ["def reach(known=$):", "    return known"], other: "reach()" },
  { name: "a nested function", lines: ["def reach():", "    return $"], other: "reach()" },
  { name: "a lambda", lines: ["reach = lambda: $"], other: "reach()" },
  { name: "a class body", lines: ["class Holder:", "    items = $"], other: "Holder.items" },
  { name: "a name of the module", lines: ["KEPT.append($)"], other: "KEPT[-1]" },
  { name: "a generator", lines: ["walk = (it for it in [$])", "other = next(walk)"], other: "other" },
  { name: "a comprehension", lines: ["others = [it for it in ($, [])]"], other: "others[0]" },
  { name: "a partial function", lines: ["reach = functools.partial(same, $)"], other: "reach()" },
  { name: "setdefault", lines: ["known = {}", 'other = known.setdefault("key", $)'], other: "other" },
  { name: "a starred argument", lines: ["other = first(*[$])"], other: "other" },
  { name: "a yield", lines: ["walk = handed($)", "other = next(walk)"], other: "other" },
  {
    name: "an exception",
    lines: ["try:", "    raise LookupError($)", "except LookupError as error:", "    other = error.args[0]"],
    other: "other",
  },
  { name: "max of several", lines: ["other = max([$], key=len)"], other: "other" },
  { name: "a named tuple", lines: ["other = Pair($, 1).items"], other: "other" },
  { name: "an iterator that goes on", lines: ["walk = iter([$])", "for other in walk:", "    break"], other: "other" },
  { name: "a copy of what holds it", lines: ["outer = [$]", "other = outer[:][0]"], other: "other" },
];

/** `@` is the object. */
const CHANGES: readonly (readonly [name: string, line: string])[] = [
  ["grows", "if len(@) < 9: @.append(7)"],
  ["shrinks", "if @: @.pop()"],
  ["loses its first", "if len(@) > 1: del @[0]"],
  ["is emptied", "@.clear()"],
  ["is overwritten", "if @: @[-1] = 0"],
  ["is replaced inside", "@[:] = [4, 4]"],
  ["is turned round", "@.reverse()"],
  ["is shown", "print(len(@), @)"],
  ["takes one in front", "if len(@) < 9: @.insert(0, 6)"],
  ["is sorted", "@.sort()"],
];

/** `{alias}` and `{act}` are lines; the object under attack is `given` or made in the function. */
interface Shape {
  readonly name: string;
  readonly object: string;
  readonly text: string;
  readonly call: string;
}

const SHAPES: readonly Shape[] = [
  {
    name: "range-len",
    object: "given",
    text: `
def use(given: list[int]):
    {alias}
    for i in range(len(given)):
        {act}
        print(given[i])
    return given
`,
    call: "use([3, 1, 2, 5])",
  },
  {
    name: "range-len, counted",
    object: "given",
    text: `
def use(given: list[int]):
    {alias}
    for i in range(len(given)):
        print(i, given[i])
        {act}
        print(given[i])
    return given
`,
    call: "use([3, 1, 2, 5])",
  },
  {
    name: "range-len of a list made here",
    object: "given",
    text: `
def use(size: int):
    given = [it * 3 for it in range(size)]
    {alias}
    for i in range(len(given)):
        {act}
        print(given[i])
    return given
`,
    call: "use(4)",
  },
  {
    name: "list-built for a loop",
    object: "given",
    text: `
def use(given: list[str]):
    {alias}
    for size in [len(str(it)) for it in given]:
        {act}
        print(size)
    return given
`,
    call: 'use(["a", "bcd", "", "ef"])',
  },
  {
    name: "append-in-loop",
    object: "found",
    text: `
def use(given: list[int]):
    found = []
    {alias}
    def look():
        {act}
        return 1
    for it in given:
        found.append(it + look())
    return found
`,
    call: "use([3, 1, 2, 5])",
  },
  {
    name: "append-in-loop over what changes",
    object: "given",
    text: `
def use(given: list[int]):
    {alias}
    def look():
        {act}
        return 1
    found = []
    for it in given:
        found.append(it + look())
    return found, given
`,
    call: "use([3, 1, 2, 5])",
  },
  {
    name: "repeated-list-concat",
    object: "found",
    text: `
def use(given: list[int]):
    found = []
    {alias}
    for it in given:
        {act}
        found = found + [it]
    {act}
    return found
`,
    call: "use([3, 1, 2, 5])",
  },
  {
    name: "repeated-list-concat, held in the loop",
    object: "found",
    text: `
def use(given: list[int]):
    found = [0]
    for it in given:
        {alias}
        found = found + [it]
        {act}
    return found
`,
    call: "use([3, 1, 2, 5])",
  },
  {
    name: "list-as-queue",
    object: "queue",
    text: `
def use(given: list[int]):
    queue = list(given)
    {alias}
    while queue:
        first = queue.pop(0)
        print(first)
        {act}
        if first > 2 and len(queue) < 6:
            queue.append(first - 2)
    return None
`,
    call: "use([3, 1, 2, 5])",
  },
  {
    name: "sort-for-extreme",
    object: "given",
    text: `
def use(given: list[int]):
    {alias}
    if given:
        {act}
        return sorted(given)[0], sorted(given)[-1]
    return None
`,
    call: "use([3, 1, 2, 5])",
  },
  {
    name: "list-membership-in-loop",
    object: "known",
    text: `
def use(given: list[int], many: list[int]):
    known = [it * 2 for it in many]
    {alias}
    count = 0
    for it in given:
        {act}
        if it in known:
            count += 1
    return count
`,
    call: "use([3, 1, 2, 4, 6, 7, 0], list(range(5)))",
  },
];

const PRELUDE = `import contextlib
import functools
from typing import NamedTuple

KEPT: list = []

class Box:
    def __init__(self, items):
        self.items = items

class Pair(NamedTuple):
    items: list
    count: int

def same(it):
    return it

def first(*items):
    return items[0]

def handed(it):
    yield it
`;

/** Ways to see the caller's variables; `@` is the name of one. */
const FRAMES: readonly (readonly [name: string, line: string])[] = [
  ["locals", 'print(locals().get("@", "none"))'],
  ["vars", 'print(vars().get("@", "none"))'],
  ["the number of locals", "print(len(locals()))"],
  ["eval", 'print(eval("@"))'],
  ["exec", 'exec("print(@)")'],
  ["format", 'print("{@}".format(**locals()))'],
  ["format_map", 'print("{@}".format_map(vars()))'],
  ["a frame", 'print(sys._getframe().f_locals.get("@", "none"))'],
  ["inspect", 'print(inspect.currentframe().f_locals.get("@", "none"))'],
  ["a helper", 'print(peek("@"))'],
  ["dir", 'print("@" in dir())'],
  ["a template", 'print(string.Template("$@").safe_substitute(locals()))'],
  ["the caller's names in %", 'print("%(@)s" % locals())'],
];

const FRAME_PRELUDE = `import inspect
import string
import sys
import time

def peek(name):
    return sys._getframe(1).f_locals.get(name, "none")
`;

/** `{act}` looks at the variable named by `sees`. */
const FRAME_SHAPES: readonly (Shape & { readonly sees: readonly string[] })[] = [
  {
    name: "range-len",
    object: "",
    sees: ["i", "given", "it"],
    text: `
def use(given: list[int]):
    for i in range(len(given)):
        print(given[i])
        {act}
`,
    call: "use([3, 1, 2])",
  },
  {
    name: "append-in-loop",
    object: "",
    sees: ["it", "found"],
    text: `
def use(given: list[int]):
    found = []
    for it in given:
        found.append(it + 1)
    {act}
    return found
`,
    call: "use([3, 1, 2])",
  },
  {
    name: "concat-in-loop",
    object: "",
    sees: ["it", "text", "parts"],
    text: `
def use(given: list[str]):
    text = ""
    for it in given:
        text = text + it + ","
    {act}
    return text
`,
    call: 'use(["a", "b"])',
  },
  {
    name: "concat-in-loop, by parts",
    object: "",
    sees: ["text", "parts"],
    text: `
def use(given: list[str]):
    text = "<"
    for it in given:
        if it:
            text = text + it + ","
        {act}
    return text
`,
    call: 'use(["a", "b"])',
  },
  {
    name: "wall-clock-duration",
    object: "",
    sees: ["start"],
    text: `
def use(given: list[int]):
    start = time.time()
    print(sorted(given))
    {act}
    return time.time() - start > 0
`,
    call: "use([3, 1])",
  },
  {
    name: "list-as-queue",
    object: "",
    sees: ["queue"],
    text: `
def use(given: list[int]):
    queue = list(given)
    while queue:
        first = queue.pop(0)
        {act}
        if first > 2:
            queue.append(first - 2)
`,
    call: "use([3, 1, 5])",
  },
  {
    name: "list-membership-in-loop",
    object: "",
    sees: ["known"],
    text: `
def use(given: list[int], many: list[int]):
    known = [it * 2 for it in many]
    count = 0
    for it in given:
        if it in known:
            count += 1
    {act}
    return count
`,
    call: "use([3, 1, 2], list(range(4)))",
  },
];

/** What swallows exceptions, or not: the lines around a body. */
const MANAGERS: readonly (readonly [name: string, header: string])[] = [
  ["suppress", "with contextlib.suppress(Exception):"],
  ["a class of the file", "with Quiet():"],
  ["a function of the file", "with quiet():"],
  ["a parameter", "with manager:"],
  ["an exit stack", "with contextlib.ExitStack() as stack:\n    stack.push(Quiet())"],
  ["two of them", "with contextlib.nullcontext(), Quiet():"],
];

const MANAGER_PRELUDE = `import contextlib

class Quiet:
    def __enter__(self):
        return self
    def __exit__(self, kind, error, trace):
        return True

@contextlib.contextmanager
def quiet():
    try:
        yield
    except Exception:
        pass
`;

const MANAGER_SHAPES: readonly Shape[] = [
  {
    name: "append-in-loop",
    object: "",
    text: `
def use(given: list[int], manager):
    found = []
    {with}
        for it in given:
            found.append(6 // it)
    return found
`,
    call: "use([3, 1, 0, 2], Quiet())",
  },
  {
    name: "append-in-loop, begun inside",
    object: "",
    text: `
def use(given: list[int], manager):
    found = None
    {with}
        found = []
        for it in given:
            found.append(6 // it)
    return found
`,
    call: "use([3, 1, 0, 2], Quiet())",
  },
  {
    name: "concat-in-loop",
    object: "",
    text: `
def use(given: list[int], manager):
    text = ""
    {with}
        for it in given:
            text = text + str(6 // it) + ","
    return text
`,
    call: "use([3, 1, 0, 2], Quiet())",
  },
  {
    name: "concat-in-loop, begun inside",
    object: "",
    text: `
def use(given: list[int], manager):
    text = None
    {with}
        text = ""
        for it in given:
            text = text + str(6 // it) + ","
    return text
`,
    call: "use([3, 1, 0, 2], Quiet())",
  },
  {
    name: "list-built",
    object: "",
    text: `
def use(given: list[int], manager):
    {with}
        for part in [6 // it for it in given]:
            print(part)
    return None
`,
    call: "use([3, 1, 0, 2], Quiet())",
  },
  {
    name: "repeated-list-concat",
    object: "",
    text: `
def use(given: list[int], manager):
    found = []
    {with}
        for it in given:
            found = found + [it, 6 // it]
    return found
`,
    call: "use([3, 1, 0, 2], Quiet())",
  },
  {
    name: "range-len",
    object: "",
    text: `
def use(given: list[int], manager):
    i = -1
    {with}
        for i in range(len(given)):
            print(6 // given[i])
    return i
`,
    call: "use([3, 1, 0, 2], Quiet())",
  },
  {
    name: "unmanaged-resource",
    object: "",
    text: `
def use(given: list[int], manager):
    {with}
        file = open("out.txt", "w")
        for it in given:
            file.write(str(6 // it))
        file.close()
    return None
`,
    call: "use([3, 1, 0, 2], Quiet())",
  },
];

/** Modules that fixes import, imported where it does not serve the use. */
const LATE: readonly (readonly [name: string, text: string, call: string])[] = [
  ["heapq", "def use(given: list[int]):\n    return sorted(given)[:3]\n", "use([3, 1, 2, 5])"],
  [
    "from itertools import chain",
    "def use(given: list[list[int]]):\n    return sum(given, [])\n",
    "use([[3], [1, 2]])",
  ],
  ["itertools", "def use(given: list[list[int]]):\n    return sum(given, [])\n", "use([[3], [1, 2]])"],
  [
    "from collections import deque",
    "def use(given: list[int]):\n    queue = list(given)\n    while queue:\n        first = queue.pop(0)\n        print(first)\n        if first > 2:\n            queue.append(first - 2)\n",
    "use([3, 1, 5])",
  ],
  [
    "collections",
    "def use(given: list[int]):\n    queue = list(given)\n    while queue:\n        first = queue.pop(0)\n        print(first)\n        if first > 2:\n            queue.append(first - 2)\n",
    "use([3, 1, 5])",
  ],
  [
    "from time import perf_counter",
    "import time\ndef use(given: list[int]):\n    start = time.time()\n    print(sorted(given))\n    return time.time() - start > 0\n",
    "use([3, 1])",
  ],
];

export function madePrograms(): readonly Attack[] {
  return [...aliased(), ...observed(), ...swallowing(), ...imported()];
}

/** Each alias with each loop, and by turns another change. */
function aliased(): readonly Attack[] {
  return SHAPES.flatMap((shape, row) =>
    ALIASES.map((alias, column) => {
      const [change, line] = CHANGES[(row * 3 + column) % CHANGES.length]!;
      const text = filled(shape.text, {
        alias: alias.lines.map((it) => it.replaceAll("$", shape.object)),
        act: [line.replaceAll("@", alias.other)],
      });
      return attack(`made: ${shape.name}; by ${alias.name} it ${change}`, PRELUDE + text, shape.call);
    }),
  );
}

function observed(): readonly Attack[] {
  return FRAME_SHAPES.flatMap((shape) =>
    FRAMES.flatMap(([reader, line], index) => {
      const seen = shape.sees[index % shape.sees.length]!;
      const text = filled(shape.text, { act: [line.replaceAll("@", seen)] });
      return attack(`made: ${shape.name}; ${reader} sees ${seen}`, FRAME_PRELUDE + text, shape.call);
    }),
  );
}

function swallowing(): readonly Attack[] {
  return MANAGER_SHAPES.flatMap((shape) =>
    MANAGERS.map(([name, header]) => {
      const [first = "", ...more] = header.split("\n");
      const text = shape.text.replace("    {with}", [first, ...more].map((it) => `    ${it}`).join("\n"));
      return attack(`made: ${shape.name}; ${name} swallows`, MANAGER_PRELUDE + text, shape.call);
    }),
  );
}

/** The import below the use, in a branch that is not taken, in another function, and one that may fail. */
function imported(): readonly Attack[] {
  return LATE.flatMap(([name, text, call]) => {
    const line = name.startsWith("from") ? name : `import ${name}`;
    const print = `print(${call})\n`;
    return [
      attack(`made: ${line} stands below the use`, `${text}\n${print}\n${line}\n`, call),
      attack(`made: ${line} stands below the use in the module's code`, `${unrolled(text, call)}\n${line}\n`, "None"),
      attack(`made: ${line} is not taken`, `import sys\nif sys.argv == []:\n    ${line}\n\n${text}\n${print}`, call),
      attack(
        `made: ${line} stands in another function`,
        `def other():\n    ${line}\n    return 1\n\n${text}\n${print}`,
        call,
      ),
      attack(`made: ${line} is deleted`, `${line}\n\n${text}\n${print}\ndel ${line.split(" ").at(-1)!}\n`, call),
      attack(
        `made: ${line} stands behind a call of the function`,
        `${text}\n${print}try:\n    ${line}\nexcept ImportError:\n    pass\n`,
        call,
      ),
    ];
  });
}

/** The body of a function as code of the module. */
function unrolled(text: string, call: string): string {
  const [, head = "", name = "", body = ""] = /^([\s\S]*?)def use\((\w+): [^\n]*\):\n([\s\S]*)$/.exec(text) ?? [];
  const lines = body
    .split("\n")
    .map((it) => it.replace(/^ {4}/, "").replace(/^return (.*)/, "print($1)"))
    .join("\n");
  return `${head}${name} = ${call.slice("use(".length, -1)}\n${lines}`;
}

/** Lines in the place of a mark, indented like it. */
function filled(text: string, marks: Readonly<Record<string, readonly string[]>>): string {
  return text.replace(/^( *)\{(\w+)\}$/gm, (_, indent: string, mark: string) =>
    (marks[mark] ?? []).map((it) => indent + it).join("\n"),
  );
}

function attack(name: string, text: string, call: string): Attack {
  const driver = `try:\n    print(repr(${call}))\nexcept Exception as error:\n    print(type(error).__name__, error)\n`;
  return { name, text, setup: "", driver, python: undefined, staysSafe: false };
}
