/** Odd Python for the reader: what it has to read like tree-sitter, what it has to leave alone, and stars in all places. */

/** Each must be read, and give tree-sitter's tree. */
export const READ: readonly string[] = [
  // Layout.
  "", "  ", "\n\n", "# a\n", "\n# a\n x\n \n", "x", "x # a", "x\r\ny # a\r\n", "\ufeffx = 1\n", "\f\nx\n\fy\n", "if x:\n\ty\n\n\t# a\n  # b\n# c\nz\n", "if x:\n        a\n    b\n",
  "if a: # b\n  # c\n  d # e\n  # f\n# g\nelif h: i # j\n# k\nelse:\n  l", "def f():\n    x\n# left\n    y\n", "def f():\n  if x:\n    y\n  # a\n# b\n", "if x: a; b;\ny", "class A:\n", "class A: # a\n", "class A:\n  # a\n", "  x = 1\n  y = 2\n",
  "a \\\n + b", "a = \\\n  'b'", "a = (b + \\\n  f'c' \\\n  'd')", "f(a, # b\n  # c\n  d # e\n)", "[ # a\n]", "@a.b(c) # d\n# e\ndef f(): pass", "try: # a\n  b\n# c\nexcept D: # e\n  # f\n  g\n  # h\nfinally:\n  i", "x = 1;\n",
  // Operators.
  "a & b ^ c | d", "-a ** -b ** c", "await a ** b", "a ** -b * c", "not a and b or c", "a < b == c not in d is not e", "a if b else c if d else e", "lambda: a if b else c", "x = y = z", "x = y, = z", "x = a,\nb = c", "self.x = y = a, b,\n# c\nb.c, d = e\n", "x += a(b),\n*c, d = e", "x: int = a,\nb: int", "a @ b @ c", "~a.b(c)[d]", "-1 .real", "a << b + c", "not not a in b",
  "(a := b)", "(a := b if c else d)", "f(a := b)", "[a := b, c]", "while a := b: pass", "x[a := b]", "lambda a, *b, c=1, **d: 0", "lambda *, a: a", "lambda: (yield)", "a if b else lambda: c",
  // Literals.
  "0, 00, 1_000, 0x_fF, 0o17, 0b1, 1., .5, 1.5e-3, 1E5, 2j, 1_0.0_1e1_0J", "None, True, False, ...", "1..real", "'a' \"b\" '''c\n''' \"\"\"d\"e\"\"\"", "''", "'''a''b'c'''", "r'\\d\\'', rb'\\\\', R'''\\'a\\\\'''", "r'\\\\'", "u'a', b'\\x00\\777', Br'\\d'",
  "'\\n\\x41\\u1234\\U00012345\\N{DASH}\\1234\\8\\q\\\nx'", "'\\u12', '\\N', '\\x1'", "f''", "f'a{b}c{{d}}{{{e}}}'", "f'{a!r:>{b}}{c=}{d = !s}{e:#x}{f: }{g:%H:%M}{h:a{i!s:{j}}k}'", "f'''{\n a # b\n}'''", "f'{a[\"b\"]}' f\"{'c' 'd'}\"", "f'{f'{a}'}'", "f'{ {1: 2}[1] }'", "f'{a, b}'", "f'{yield}'", "f'{lambda: 1}'",
  "f'{a if b else c}{d!=e}'", "fr'\\d{a}b\\{{c', rf'a\\{b}'", "t'{a}'", "f'\\N{DASH}{a}'", "f'{(a := 1)}'", "'é' + '😀\u2028'", "é = 名 = ñ1", "f'{a:\"}'",
  // Triple quotes are searched for: quotes and backslashes right before, in and behind the end.
  '"""a\\""""', '"""a\\\\"""', '"""\\"""b"""', '"""\\\n"""', '"""a"b""c\\"""\'\'\'"""', "'''\\\\\\'''' 'a'", '""""a"""', '"""a""" \'b\' """c\\d"""', '""""""', '"""\\q"""', 'b"""\\x00\\""""', '"""é\\"""😀"""', '"""# not a comment\r\n""" # one\r\n',
  // Brackets.
  "()", "(a,)", "(a, b,)", "[]", "{}", "{a}", "{a: b, **c}", "{**a}", "{a, *b}", "(*a, b)", "(yield)", "(yield a, b)", "(yield from a)", "[a for b, in c for (d, e), [f] in g, h if i if j]", "{a: b async for a in c}", "{a for b in c}", "(a for b in c)", "f(a for b in c)", "f(a, *b, c=d, **e)", "f(*a.b, *c[1:], *d(e))",
  "f(a)(b)[c].d", "x[a:b, ::c, :, d:, ...]", "x[*a]", "x[a, *b]", "x[()]", "[a, *b.c]", "[*a]", "[*(a.b)]", "print(*a, sep='')", "print(a % b, *c)",
  // Statements.
  "a, b = b, a", "a, *b = c", "(a, [b, *c]), d.e, f[g] = h", "(a.b,\n *c.d) = e", "[a, *b[0].c] = d", "for (a, *b.c) in d: pass", "(a) = b", "[a] = b", "a, = b", "() = a", "x: int", "(x): int = y", "self.x: int = yield", "x += yield", "x @= a, b", "x = yield a", "x = *a, b", "return *a, b", "return a,", "return", "yield", "yield a,", "del a, b", "del (a), b[c]", "raise", "raise A from b", "assert a, b", "global a, b", "nonlocal a",
  "import a.b as c, d", "from . import a", "from ...a.b import (c as d, # e\n  f,)", "from .... import *", "from __future__ import a, b", "for a, b.c in d, *e: pass\nelse: pass", "for (a, b), *c in d: pass", "for a, in b: pass", "while a: pass\nelse: pass", "async def f():\n  async for a in b: await c\n  async with d as e: return [f async for f in g]",
  "try: pass\nexcept: pass", "try: pass\nexcept* A as b: pass", "try: pass\nexcept (A, B) as c.d: pass\nexcept E, F: pass\nelse: pass\nfinally: pass", "with a: pass", "with a as b, c as (d, e): pass", "with (a as b): pass", "with (a, b as c,): pass", "with (a): pass", "with (a) as b, (c): pass", "with (a, b) as c: pass", "with (a).b: pass", "with (yield): pass",
  "with a if b else c as d: pass", "def f(a, /, b: int, *c: str, d: int = 3, **e) -> 'x': pass", "def f(a=1, *, b): ...", "def f() -> int: ...", "def f() -> int: return 1", "class A(B, *c, d=e): pass", "@a\n@b.c\nasync def f(): pass", "@a[b](c) or d\nclass E: pass",
  // Types.
  "x: A[b]", "x: A[b] | C[d] | e", "x: a | A[b]", "x: a.B[c]", "x: A[[b], C[d, ...], 'e']", "x: A[*B, ()]", "x: type[a]", "x: (A[b])", "x: a if b else c", "x: A[b or c, -1]", "def f(*a: *B): pass", "def f[T: int, *A, **B](x: T) -> A[T]:\n  pass", "class A[T: B[c] | D, E]: pass", "type X = int", "type X[T] = A[T] | None",
  // Names that are words elsewhere.
  "print", "print = 1", "print, x", "print(x), y", "print (x) if y else z", "print -1", "print.x", "exec(x)", "exec = y", "match = 1", "match.group(1)", "match(x)", "match[x]", "match[x]: int", "match, x = y", "match -x, y", "match * a", "type(x)", "type(x) == y", "type(x).y = z", "type [x] = y", "type(x).y.z = type(a)(b)", "type(self).n += 1", "x; type(x).y = z; y", "def f():\n  type(x).y = z\n  # a\n  return b", "type = 1", "type.x = 1", "type: int = 3", "type, x = y", "case = _ = 1", "print(lambda print: print)",
  "import print, match.type as exec", "def match(type, *case, **print): pass", "x.print.match.type(exec=1)", "class type(match): print = 1", "for match in type: print(match)",
  "match x:\n  case 1: pass", "match x, y:\n  case 1, *_: pass", "match (x):\n  case (a): pass\n  # b\n# c\n", "match x: # a\n  # b\n  case _: pass", "match -x:\n  case -1 | 2.0 | -1+2j | 'a' 'b' | None: pass", "match x:\n  case A.b | C(): pass\n  case D(e, f=1, g=[*_, h]): pass\n  case {'a': 1, b.c: _, **d}: pass", "match x:\n  case (a | b) as c if d: pass\n  case [a, (b, c), *d] if e := f: pass",
  "match x:\n  case a if b if c else d: pass", "match a,:\n  case (1,): pass", "match x:\n  case a:\n    match y:\n      case b: pass\n  case c: pass\nz",
];

/** Each must be left to tree-sitter: it reads them in a way of its own, or finds errors, or they are not worth the trouble. */
export const LEFT: readonly string[] = [
  // Damaged or not Python 3.
  "(", "f(", "x =", "x = = 1", "'a", "'a\nb'", "'''a", "'''a\\'''", '"""a""', '"""a\\"""', "f'{'", "f'{}'", "f'a}'", "if x:", "if x:\ny", "def f():\n", "else: pass", "  x\n y z", "x y", "a b = c", "1 = x", "f() = 1", "a + b = c", "x = 1 = 2", "(a b)", "[a,, b]", "f(a=b for c in d)", "import", "import a,", "from a import ()", "from a import b,\n", "class A(x for x in y): pass", "def f(a, 1): pass", "lambda 1: x",
  "print 'a'", "print x, y", "print >>a, b", "print >> a", "print \\\n >> a", "exec 'a'", "exec 'a' in b", "0777L", "5L", "0x", "1__0", "1_", "1if x else y", "`a`", "a <> b", "x = $", "a ? b", "\0", "'\0'", "# \0", "\ud800", "'\ud800'", "# \udc00", "raise A, b", "with: pass", "match x:\n  case 1", "match x:\n  pass", "@a\nx", "async x", "await", "return = 1", "x.None", "x = yield = y", "for x in: pass", "x: int: str",
  // Blocks that tree-sitter ends inside brackets.
  "if x:\n  y = (a +\nb)", "if x:\n    y = f(a,\n  b + # c\n# d\n  e)", "class A:\n  @b\n# c\n  def f(self): pass",
  // Two readings.
  "type(x)\n(a).b = c", "a,\nb = c", "x = a,\n[b] = c", "x = a, b\n[c] = d", "a, b\n(c).d = e", "x = [a, *b], c", "x = c, ((a, [*b, d]),)", "x += (a, *b), c", "x: T = [a, *b], c", "x = [(a, *b), c],;", "def f() -> a: b[c]", "[*a.b]", "x = *a.b, c", "return *a(), b", "*a.b, c = d", "print(a, *b.c)", "[*a if b else c, d]", "with (a, *b): pass", "with (a := b, c): pass", "x: A[b][c]", "x: A[b].c", "x: A[*print]", "x: match[a]", "f'{a:=5}'", "f'{*a, b}'",
  // Strings with a turn of their own.
  "rf'\\{a}'", "rf'{a}\\{{'", "b'\\u1234'", "'\\N{a", "f'{a:\\n}'", "f'''{a:\n}'''", "'\\\u0663'", "buf'a'", "ff'a'",
  // Letters on which Unicode tables may differ; line ends in odd places.
  "\u1c89 = 1", "𝒙 = 1", "a\u00a0= 1", "a\u000b= 1", "\\\nx", "x = 1 \\\n\ny", "x \\", "\ufeff# a\n",
];

/** `STAR` stands for one of the operands below. */
export const STARRED_PLACES: readonly string[] = [
  "[STAR]", "x = [STAR]", "[STAR, c]", "x = [c, STAR]", "(STAR,)", "x = (c, STAR, d)", "{STAR}", "{c, STAR}", "f(STAR)", "f(a, STAR)", "f(k=1, STAR)", "f(STAR, STAR)", "print(STAR)", "print(a, STAR)", "print(STAR, a)", "print(a, STAR, sep=b)", "print(f(a, STAR))", "print([STAR, a])", "print(a)(STAR, b)",
  "exec(a, STAR)", "match(a, STAR)", "type(a, STAR)", "type(STAR).x = 1", "return STAR", "return STAR, a", "return [STAR]", "x[STAR]", "x[a, STAR]", "for x in STAR, a: pass", "for x in [STAR, 1]: pass", "for a, STAR in x: pass", "for [a, STAR] in x: pass", "x = STAR", "x = STAR, b", "x += b, STAR", "x = y = STAR, a", "x = STAR, a = y",
  "x = [a, STAR], c", "x = c, (a, STAR)", "x = y = d, [[a, STAR]], e", "x += (a, STAR), c", "x: T = [a, STAR], c", "x = 1, [a, STAR]", "x = f([a, STAR]), c", "x = {a, STAR}, c", "x = [f(STAR)], c", "x = [a, STAR][0], c", "return [a, STAR], c", "yield (a, STAR), c", "[a, STAR], c", "for x in [a, STAR], c: pass", "f'{[a, STAR], c}'",
  "STAR = b", "STAR, = b", "STAR, a = b", "[a, STAR] = b", "(a, STAR) = b", "x = [(STAR, a), b] = c", "STAR", "a, STAR", "[STAR for x in y]", "[a for a, STAR in x]", "class A(STAR): pass", "@f(a, STAR)\ndef g(): pass", "{1: [STAR, 2]}", "del [STAR, a]", "with f(STAR) as x: pass", "with (f(a, STAR), g(STAR)): pass", "with a as (b, STAR): pass", "with (a, STAR): pass",
  "with (a, STAR) as b: pass", "yield STAR, a", "x: T[STAR]", "x: T[STAR, a]", "x: STAR", "def f(STAR): pass", "def f(*a: STAR): pass", "lambda STAR: a", "match [STAR, a]:\n  case 1: pass", "match a, STAR:\n  case 1: pass", "match f(a, STAR):\n  case 1: pass", "f'{STAR}'", "f'{[STAR, a]}'", "f(a, STAR).b, c = d", "[f(a, STAR).b, c] = d", "(f(a, STAR), b)",
];

export const STARRED_OPERANDS: readonly string[] = [
  "*a", "*a.b", "*a[0]", "*a()", "*a.b()", "*a.b[0].c", "*a + b", "*a or b", "*a == b", "*a if b else c", "*(a)", "*[a]", "*(a).b", "*[a](b)", "*{a}", "*[x for x in y]", "*not a", "*-a", "*a ** b", "*await a", '*"a".b()', "*'a'", "*lambda: x", "*1", "*(a, b)", "*(yield)", "*print", "*type(a)",
];

/** To the grammar `type(x).y = z` is an alias. Under any other name of that length it reads what Python reads, and our reader too. */
export function withoutFalseAliases(text: string): string {
  return text.replace(/\btype(?=[ \t]*[([])/g, "kind");
}
