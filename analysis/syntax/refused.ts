/** What the grammar reads and every Python 3 refuses: numbers, texts, arguments, parameters and statements in a wrong place. Only what is certain is told. */

import { KINDS, type Kind } from "./kinds.generated.js";
import { EXTRA, FIELD_IDS, KIND_IDS, NAMED, type Tree } from "./tree.js";

type Check = (tree: Tree, id: number, isNotebook: boolean) => string | undefined;

const idOf = (kind: Kind): number => KIND_IDS.get(kind)!;
const FUNCTION = idOf("function_definition");
const CLASS = idOf("class_definition");
const GENERATOR = idOf("generator_expression");
const LAMBDA = idOf("lambda");
const LOOPS: ReadonlySet<number> = new Set([idOf("for_statement"), idOf("while_statement")]);
const [BODY, LEFT, RIGHT, VALUE, GUARD] = [
  FIELD_IDS.get("body")!,
  FIELD_IDS.get("left")!,
  FIELD_IDS.get("right")!,
  FIELD_IDS.get("value")!,
  FIELD_IDS.get("guard")!,
] as const;

/** Direct children but comments. */
function* children({ arrays: { nexts, flags } }: Tree, id: number): Generator<number> {
  for (let child = id + 1; child < nexts[id]!; child = nexts[child]!) if ((flags[child]! & EXTRA) === 0) yield child;
}

function kindOf({ arrays }: Tree, id: number): Kind | undefined {
  return KINDS[arrays.kinds[id]!];
}

function textOf({ text, arrays }: Tree, id: number): string {
  return text.slice(arrays.starts[id]!, arrays.ends[id]!);
}

const WHOLE = /^(?:0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?0)*|[1-9](?:_?\d)*)$/;
const FLOAT = /^(?:\d(?:_?\d)*\.(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*|\d(?:_?\d)*(?=[eEjJ]))(?:[eE][+-]?\d(?:_?\d)*)?[jJ]?$/;

function number(tree: Tree, id: number): string | undefined {
  const text = textOf(tree, id);
  if (WHOLE.test(text) || FLOAT.test(text)) return undefined;
  if (/^0\d+$/.test(text)) return "a number that begins with 0 is written 0o17 if it is octal";
  if (/^\d+[lL]$/.test(text)) return "only Python 2 has an L behind numbers";
  return "this is no number";
}

const PREFIXES: ReadonlySet<string> = new Set(["", "r", "u", "b", "br", "rb", "f", "fr", "rf", "t", "tr", "rt"]);

function string(tree: Tree, id: number): string | undefined {
  const { kinds, starts, ends, nexts } = tree.arrays;
  if (kinds[id + 1] !== STRING_START) return undefined;
  const first = tree.text.charCodeAt(starts[id]!);
  const isPlain = first === QUOTE || first === DOUBLE_QUOTE;
  const prefix = isPlain
    ? ""
    : textOf(tree, id + 1)
        .replace(/['"`]/g, "")
        .toLowerCase();
  if (!PREFIXES.has(prefix)) return prefix === "ur" ? "only Python 2 has ur in front of a text" : "no text begins so";
  const [isBytes, isRaw, isFormatted] = [prefix.includes("b"), prefix.includes("r"), /[ft]/.test(prefix)];
  if (isRaw && !isBytes) return undefined;
  for (let child = id + 2; child < nexts[id]!; child = nexts[child]!) {
    if (kinds[child] !== CONTENT) continue;
    const text = tree.text.slice(starts[child], ends[child]);
    if (isBytes && NOT_ASCII.test(text)) return "bytes are written in ASCII";
    if (!isRaw && hasBrokenEscape(text, isBytes, isFormatted)) return "an escape in a text is not complete";
  }
  return undefined;
}

const STRING_START = idOf("string_start");
const CONTENT = idOf("string_content");
const QUOTE = 39;
const DOUBLE_QUOTE = 34;
const NOT_ASCII = /[^\0-\x7f]/;

function hasBrokenEscape(text: string, isBytes: boolean, isFormatted: boolean): boolean {
  for (let at = text.indexOf("\\"); at >= 0; at = text.indexOf("\\", at + 2)) {
    const letter = text[at + 1];
    const digits = letter === "x" ? 2 : isBytes ? 0 : letter === "u" ? 4 : letter === "U" ? 8 : 0;
    const code = text.slice(at + 2, at + 2 + digits);
    if (digits > 0 && (code.length < digits || !/^[\da-fA-F]+$/.test(code) || Number.parseInt(code, 16) > 0x10_ffff))
      return true;
    // In a text with values the braces are told apart elsewhere.
    if (letter === "N" && !isBytes && !isFormatted && !/^\{[^}]+\}/.test(text.slice(at + 2, at + 102))) return true;
  }
  return false;
}

function callArguments(tree: Tree, id: number): string | undefined {
  const { kinds, nexts, flags } = tree.arrays;
  let names: Set<string> | undefined;
  let hasSpread = false;
  for (let child = id + 1; child < nexts[id]!; child = nexts[child]!) {
    if ((flags[child]! & (NAMED | EXTRA)) !== NAMED) continue;
    const kind = kinds[child];
    if (kind === NAMED_ARGUMENT) {
      const name = textOf(tree, child + 1);
      names ??= new Set();
      if (names.has(name)) return `the argument ${name} is given twice`;
      names.add(name);
    } else if (kind === SPREAD) hasSpread = true;
    else if (kind === UNPACKED) {
      if (hasSpread) return "what stands behind ** needs a name";
    } else if (names || hasSpread) return "an argument without a name follows one with a name";
  }
  return undefined;
}

const NAMED_ARGUMENT = idOf("keyword_argument");
const SPREAD = idOf("dictionary_splat");
const UNPACKED = idOf("list_splat");

function parameters(tree: Tree, id: number): string | undefined {
  const { nexts, flags } = tree.arrays;
  const names = new Set<string>();
  let hasDefault = false;
  let hasSlash = false;
  let hasStar = false;
  let hasRest = false;
  let isBare = false;
  let count = 0;
  for (let child = id + 1; child < nexts[id]!; child = nexts[child]!) {
    const kind = (flags[child]! & EXTRA) === 0 ? kindOf(tree, child) : undefined;
    if (kind === undefined) continue;
    if (hasRest) return "nothing may follow the ** parameter";
    // A star with a type is a parameter with one, around it.
    const inner = kind === "typed_parameter" ? kindOf(tree, child + 1) : kind;
    count++;
    if (kind === "positional_separator") {
      if (hasSlash || hasStar || count === 1) return "the / stands once, behind a parameter and before any *";
      hasSlash = true;
      continue;
    }
    if (inner === "dictionary_splat_pattern") {
      if (isBare) return "a parameter with a name has to follow the *";
      hasRest = true;
    } else if (kind === "keyword_separator" || inner === "list_splat_pattern") {
      if (hasStar) return "there is a second *";
      hasStar = true;
      isBare = kind === "keyword_separator";
      if (isBare) continue;
    } else if (kind === "default_parameter" || kind === "typed_default_parameter") {
      hasDefault = true;
      isBare = false;
    } else if (inner === "identifier") {
      if (hasDefault && !hasStar) return "a parameter without a default follows one with a default";
      isBare = false;
    } else return inner === "tuple_pattern" ? "only Python 2 unpacks parameters" : undefined;
    const name = firstName(tree, child);
    if (name === undefined) continue;
    if (names.has(name)) return `there are two parameters ${name}`;
    names.add(name);
  }
  return isBare ? "a parameter with a name has to follow the *" : undefined;
}

const IDENTIFIER = idOf("identifier");

function firstName(tree: Tree, id: number): string | undefined {
  const { kinds, nexts } = tree.arrays;
  for (let inner = id; inner < nexts[id]!; inner++) if (kinds[inner] === IDENTIFIER) return textOf(tree, inner);
  return undefined;
}

/** The function around, asked from its body; "unknown" where what stands between decides. */
function functionAround({ arrays }: Tree, id: number, through: (kind: number) => boolean): number | "none" | "unknown" {
  const { kinds, parents, fields } = arrays;
  for (let [from, at] = [id, parents[id]!]; at >= 0; [from, at] = [at, parents[at]!]) {
    const kind = kinds[at]!;
    if (kind === LAMBDA || (kind === GENERATOR && !through(kind))) return "unknown";
    if (kind === FUNCTION) return fields[from] === BODY ? at : "unknown";
    if (kind === CLASS) return fields[from] === BODY ? "none" : "unknown";
  }
  return "none";
}

const outsideFunction =
  (word: string): Check =>
  (tree, id) =>
    functionAround(tree, id, () => true) === "none" ? `${word} stands outside of a function` : undefined;

/** A class in a function may name what is the function's. */
const atTop: Check = ({ arrays: { kinds, parents } }, id) => {
  for (let at = parents[id]!; at >= 0; at = parents[at]!) if (kinds[at] === FUNCTION) return undefined;
  return "nonlocal stands outside of a function";
};

/** Notebooks wait at the top of a cell. */
const waiting: Check = (tree, id, isNotebook) => {
  const found = functionAround(tree, id, () => false);
  if (found === "unknown" || (found === "none" && isNotebook)) return undefined;
  if (found !== "none" && isAsync(tree, found)) return undefined;
  return "only an async function can wait";
};

function isAsync({ text, arrays }: Tree, id: number): boolean {
  return text.startsWith("async", arrays.starts[id]);
}

const asyncOutside: Check = (tree, id, isNotebook) =>
  isAsync(tree, id) && /^async\s/.test(tree.text.slice(tree.arrays.starts[id]!, tree.arrays.starts[id]! + 6))
    ? waiting(tree, id, isNotebook)
    : undefined;

/** An async function that yields gives no value back, and takes nothing over with `yield from`. Asked once for each function. */
const yielded: Check = (tree, id, isNotebook) => {
  const outside = outsideFunction("yield")(tree, id, isNotebook);
  if (outside !== undefined) return outside;
  const around = functionAround(tree, id, () => true);
  if (typeof around !== "number" || !isAsync(tree, around)) return undefined;
  const { kinds, nexts } = tree.arrays;
  if (/^yield\s+from\b/.test(tree.text.slice(tree.arrays.starts[id]!, tree.arrays.starts[id]! + 40)))
    return "there is no yield from in an async function";
  const known = tree.index.kept("async generators", () => new Set<number>());
  if (known.has(around)) return undefined;
  known.add(around);
  for (let inner = around + 1; inner < nexts[around]!; inner++) {
    if (SCOPES.has(kinds[inner]!)) inner = nexts[inner]! - 1;
    else if (kinds[inner] === RETURN && [...children(tree, inner)].some((it) => (tree.arrays.flags[it]! & NAMED) !== 0))
      return "an async function that yields returns no value";
  }
  return undefined;
};

const RETURN = idOf("return_statement");

const outsideLoop =
  (word: string): Check =>
  ({ arrays: { kinds, parents, fields } }, id) => {
    for (let [from, at] = [id, parents[id]!]; at >= 0; [from, at] = [at, parents[at]!]) {
      if (LOOPS.has(kinds[at]!) && fields[from] === BODY) return undefined;
      if (kinds[at] === FUNCTION || kinds[at] === CLASS) break;
    }
    return `${word} stands outside of a loop`;
  };

const starImport: Check = ({ arrays: { kinds, parents } }, id) => {
  for (let at = parents[id]!; at >= 0; at = parents[at]!)
    if (kinds[at] === FUNCTION || kinds[at] === CLASS) return "import * stands at the top of a module only";
  return undefined;
};

/** `for x in a, b` was Python 2's in a comprehension; a generator beside other arguments is read like it. A generator may be asynchronous everywhere. */
const comprehended: Check = (tree, id, isNotebook) => {
  if (tree.arrays.kinds[tree.arrays.parents[id]!] !== GENERATOR && isAsync(tree, id)) {
    const why = asyncOutside(tree, id, isNotebook);
    if (why !== undefined) return why;
  }
  let count = 0;
  for (const child of children(tree, id)) if (tree.arrays.fields[child] === RIGHT) count++;
  return count > 1 ? "a generator beside other arguments, and a tuple behind in, stand in parentheses" : undefined;
};

const handlers: Check = (tree, id) => {
  let isOver = false;
  let isStarred: boolean | undefined;
  for (const child of children(tree, id)) {
    if (kindOf(tree, child) !== "except_clause") continue;
    if (isOver) return "except without a class stands last";
    const starred = /^except\s*\*/.test(tree.text.slice(tree.arrays.starts[child]!, tree.arrays.starts[child]! + 40));
    if (isStarred !== undefined && isStarred !== starred) return "except and except* do not stand together";
    isStarred = starred;
    isOver = !starred && ![...children(tree, child)].some((it) => tree.arrays.fields[it] === VALUE);
  }
  return undefined;
};

/** `case _:` and `case name:` take all that is left. */
const lastCase: Check = (tree, id) => {
  const { nexts, parents, kinds, fields } = tree.arrays;
  const next = nexts[id]!;
  if (next >= nexts[parents[id]!]! || kinds[next] !== kinds[id]) return undefined;
  const parts = [...children(tree, id)];
  if (parts.some((it) => fields[it] === GUARD)) return undefined;
  const patterns = parts.filter((it) => kindOf(tree, it) === "case_pattern");
  if (patterns.length !== 1 || !/^[^\W\d]\w*$/.test(textOf(tree, patterns[0]!))) return undefined;
  if (/^(None|True|False)$/.test(textOf(tree, patterns[0]!))) return undefined;
  // With a comma behind it the name is a sequence of one.
  const [, behind = ""] = /^\s*(.)/s.exec(tree.text.slice(tree.arrays.ends[patterns[0]!]!)) ?? [];
  return behind === ":" ? "the cases behind this one are never reached" : undefined;
};

const STATEMENT = idOf("expression_statement");
const ASSIGNMENT = idOf("assignment");
const CLAUSE = idOf("for_in_clause");
const COMPREHENSIONS: ReadonlySet<number> = new Set([
  GENERATOR,
  idOf("list_comprehension"),
  idOf("set_comprehension"),
  idOf("dictionary_comprehension"),
]);

/** `:=` as a statement of its own, in what a comprehension goes through, or for a name that the comprehension binds. */
const named: Check = (tree, id) => {
  const { kinds, parents, fields } = tree.arrays;
  const around = kinds[parents[id]!];
  if (around === STATEMENT || around === ASSIGNMENT) return ":= stands in parentheses there, or is a plain =";
  const name = firstName(tree, id);
  let isOwn = true;
  for (let [from, at] = [id, parents[id]!]; at >= 0; [from, at] = [at, parents[at]!]) {
    const kind = kinds[at]!;
    if (kind === STATEMENT || kind === FUNCTION || kind === CLASS) return undefined;
    if (kind === LAMBDA) isOwn = false;
    if (kind === CLAUSE && fields[from] === RIGHT) return "there is no := in what a comprehension goes through";
    if (isOwn && name !== undefined && COMPREHENSIONS.has(kind) && binds(tree, at, name))
      return `:= changes ${name}, which the comprehension goes through`;
  }
  return undefined;
};

const TARGETS: ReadonlySet<number> = new Set([idOf("pattern_list"), idOf("tuple_pattern"), idOf("list_pattern")]);

/** One name in parentheses is read as a tuple without a comma. */
function isGroup(tree: Tree, id: number): boolean {
  return TARGETS.has(tree.arrays.kinds[id]!) && [...children(tree, id)].some((it) => textOf(tree, it) === ",");
}

/** Whether a comprehension gives a name its values. */
function binds(tree: Tree, comprehension: number, name: string): boolean {
  const { kinds, fields } = tree.arrays;
  const isTarget = (id: number): boolean =>
    kinds[id] === IDENTIFIER
      ? textOf(tree, id) === name
      : TARGETS.has(kinds[id]!) && [...children(tree, id)].some(isTarget);
  return [...children(tree, comprehension)]
    .filter((it) => kinds[it] === CLAUSE)
    .some((clause) => [...children(tree, clause)].some((it) => fields[it] === LEFT && isTarget(it)));
}

const KEPT: ReadonlySet<number> = new Set([idOf("identifier"), idOf("attribute"), idOf("subscript")]);
const GROUPS: ReadonlySet<number> = new Set([
  idOf("expression_list"),
  idOf("tuple"),
  idOf("list"),
  idOf("parenthesized_expression"),
]);

function isKept(tree: Tree, id: number): boolean {
  const { kinds, flags } = tree.arrays;
  if (KEPT.has(kinds[id]!)) return true;
  if (!GROUPS.has(kinds[id]!)) return false;
  return [...children(tree, id)].every((it) => (flags[it]! & NAMED) === 0 || isKept(tree, it));
}

const deleted: Check = (tree, id) =>
  [...children(tree, id)].every((it) => (tree.arrays.flags[it]! & NAMED) === 0 || isKept(tree, it))
    ? undefined
    : "del takes names, attributes and items";

const augmented: Check = (tree, id) => (isGroup(tree, id + 1) ? "one name at a time is changed in place" : undefined);

const CALL = idOf("call");
const AS = idOf("as_pattern");
const EXCEPT = idOf("except_clause");

const target: Check = ({ arrays: { kinds, parents } }, id) => {
  const [kind, around] = [kinds[id + 1], parents[parents[id]!]!];
  if (kind === CALL) return "a call cannot be given a value";
  return kinds[parents[id]!] === AS && kinds[around] === EXCEPT && kind !== IDENTIFIER
    ? "what is caught gets a plain name"
    : undefined;
};

const SPLAT_TYPE = idOf("splat_type");

const annotation: Check = (tree, id) => {
  const { kinds, parents, fields } = tree.arrays;
  const around = parents[id]!;
  if (kinds[around] !== ASSIGNMENT) return undefined;
  if (kinds[id + 1] === SPLAT_TYPE) return "no * begins a type";
  if (isGroup(tree, around + 1)) return "one name at a time has a type";
  const isChained =
    kinds[parents[around]!] === ASSIGNMENT ||
    [...children(tree, around)].some((it) => fields[it] === RIGHT && kinds[it] === ASSIGNMENT);
  return isChained ? "one name at a time has a type" : undefined;
};

const UNSPREAD: ReadonlySet<number> = new Set([STATEMENT, ASSIGNMENT, idOf("slice")]);

/** With a comma behind it, it is in a tuple. */
const spread: Check = ({ text, arrays: { kinds, parents, ends } }, id) =>
  UNSPREAD.has(kinds[parents[id]!]!) && !/^\s*,/.test(text.slice(ends[id]!, ends[id]! + 40))
    ? "a * stands in a list, a tuple or a call"
    : undefined;

const joined: Check = (tree, id) => {
  const isBytes = [...children(tree, id)].map((it) => /^\w*b/i.test(textOf(tree, it).slice(0, 2)));
  return isBytes.includes(true) && isBytes.includes(false) ? "bytes and text are not joined" : undefined;
};

const imported: Check = (tree, id) =>
  tree.text[tree.arrays.ends[id]! - 1] === "," ? "names with a comma behind the last stand in parentheses" : undefined;

/** What opens a scope of its own: names in it are passed over. */
const SCOPES: ReadonlySet<number> = new Set([FUNCTION, CLASS, LAMBDA, ...COMPREHENSIONS]);
/** Of these the name is no variable. */
const OTHER_NAMES: ReadonlySet<number> = new Set([
  idOf("attribute"),
  NAMED_ARGUMENT,
  idOf("dotted_name"),
  idOf("aliased_import"),
  idOf("global_statement"),
  idOf("nonlocal_statement"),
]);

/** `global x` behind the first use of x, or for a parameter. */
const declared: Check = (tree, id) => {
  const { kinds, nexts, parents, fields } = tree.arrays;
  const names = new Set([...children(tree, id)].filter((it) => kinds[it] === IDENTIFIER).map((it) => textOf(tree, it)));
  let [from, at] = [id, parents[id]!];
  while (at >= 0 && kinds[at] !== FUNCTION && kinds[at] !== CLASS) [from, at] = [at, parents[at]!];
  if (at < 0 || fields[from] !== BODY || kinds[at] !== FUNCTION) return undefined;
  for (const child of children(tree, at)) {
    if (kinds[child] !== PARAMETERS) continue;
    for (const parameter of children(tree, child)) {
      const name = firstName(tree, parameter);
      if (name !== undefined && names.has(name)) return `${name} is a parameter`;
    }
  }
  for (let inner = from + 1; inner < id; inner++) {
    if (SCOPES.has(kinds[inner]!)) inner = nexts[inner]! - 1;
    else if (kinds[inner] === IDENTIFIER && !OTHER_NAMES.has(kinds[parents[inner]!]!) && names.has(textOf(tree, inner)))
      return `${textOf(tree, inner)} was used before`;
  }
  return undefined;
};

const PARAMETERS = idOf("parameters");

const CHECKS = new Array<Check | undefined>(KINDS.length);
for (const [kind, check] of Object.entries({
  integer: number,
  float: number,
  string,
  argument_list: callArguments,
  parameters,
  lambda_parameters: parameters,
  return_statement: outsideFunction("return"),
  yield: yielded,
  nonlocal_statement: atTop,
  await: waiting,
  for_statement: asyncOutside,
  with_statement: asyncOutside,
  break_statement: outsideLoop("break"),
  continue_statement: outsideLoop("continue"),
  wildcard_import: starImport,
  for_in_clause: comprehended,
  try_statement: handlers,
  case_clause: lastCase,
  named_expression: named,
  delete_statement: deleted,
  augmented_assignment: augmented,
  as_pattern_target: target,
  type: annotation,
  list_splat: spread,
  concatenated_string: joined,
  import_from_statement: imported,
  global_statement: declared,
} satisfies Partial<Record<Kind, Check>>))
  CHECKS[idOf(kind as Kind)] = check;

/** Why Python refuses a node; undefined if it does not, or nobody can say. */
export function whyRefused(tree: Tree, id: number, isNotebook: boolean): string | undefined {
  return CHECKS[tree.arrays.kinds[id]!]?.(tree, id, isNotebook);
}
