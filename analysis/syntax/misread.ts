/** Where the grammar reads more than Python does: statements of Python 2, lines that are indented like none before them, and what Python refuses once it is read. */

import { KINDS, TOKENS } from "./kinds.generated.js";
import { whyRefused } from "./refused.js";
import { KIND_IDS, type Tree, type TreeArrays } from "./tree.js";

export interface Misread {
  readonly at: number;
  readonly why: "python2" | "indentation" | "refused";
  /** Of what is refused, why. */
  readonly says?: string;
}

const idOf = (kind: Parameters<typeof KIND_IDS.get>[0]): number => KIND_IDS.get(kind)!;
const [MODULE, BLOCK, CLASS, IDENTIFIER, PRINT, EXEC, RAISE, LIST, STRING_START] = [
  idOf("module"),
  idOf("block"),
  idOf("class_definition"),
  idOf("identifier"),
  idOf("print_statement"),
  idOf("exec_statement"),
  idOf("raise_statement"),
  idOf("expression_list"),
  idOf("string_start"),
] as const;
const UNEQUAL = KINDS.length + TOKENS.indexOf("<>");
/** Those that end a block and begin a line of the statement around it. */
const CLAUSES = new Set([idOf("elif_clause"), idOf("else_clause"), idOf("except_clause"), idOf("finally_clause")]);
const COMMENTS = new Set([idOf("comment"), idOf("line_continuation")]);
const BACKTICK = 96;
const TAB = 8;

/** The first such place in a tree without errors, which is the head of a class alone where its members are trees of their own. A cell of a notebook may begin at any column, and its magics are no statements: nothing is said of how it is indented. */
export function firstMisread(tree: Tree, isNotebook: boolean, isHead = false): Misread | undefined {
  return tree.index.kept("misread", () => look(tree, isNotebook, isHead));
}

function look(tree: Tree, isNotebook: boolean, isHead: boolean): Misread | undefined {
  const { text, arrays, size } = tree;
  const { kinds, parents, starts } = arrays;
  let first: Misread | undefined;
  for (let id = 0; id < size; id++) {
    const kind = kinds[id]!;
    if (first !== undefined && starts[id]! >= first.at) break;
    if (isOfPython2(text, arrays, id)) first = { at: starts[id]!, why: "python2" };
    else {
      const says = whyRefused(tree, id, isNotebook);
      if (says !== undefined) first = { at: starts[id]!, why: "refused", says };
      else if (kind === IDENTIFIER && isKeyword(text, arrays, id))
        first = { at: starts[id]!, why: "refused", says: "async and await are no names since Python 3.7" };
      else if (kind === CLASS && !isHead && isEmptyClass(arrays, id))
        first = { at: starts[id]!, why: "refused", says: "the class has no body" };
    }
    if (isNotebook) continue;
    if (kind === BLOCK || kind === MODULE) {
      const at = firstMisplaced(text, arrays, id);
      if (at !== undefined && (first === undefined || at < first.at)) first = { at, why: "indentation" };
    } else if (CLAUSES.has(kind)) {
      const [own, around] = [indentationAt(text, starts[id]!), indentationAt(text, starts[parents[id]!]!)];
      if (own !== undefined && around !== undefined && !isSame(own, around))
        first = { at: starts[id]!, why: "indentation" };
    }
  }
  return first;
}

/** Names are most of a tree: their length tells nearly all of them apart. */
function isKeyword(text: string, { starts, ends }: TreeArrays, id: number): boolean {
  const start = starts[id]!;
  return (
    ends[id]! - start === 5 && text.charCodeAt(start) === 97 && /^(?:async|await)$/.test(text.slice(start, start + 5))
  );
}

/** With nothing but comments in it: the reader takes it, because members may be trees of their own. */
function isEmptyClass({ kinds, nexts }: TreeArrays, id: number): boolean {
  for (let child = id + 1; child < nexts[id]!; child = nexts[child]!) {
    if (kinds[child] !== BLOCK) continue;
    let inner = child + 1;
    while (inner < nexts[child]! && COMMENTS.has(kinds[inner]!)) inner = nexts[inner]!;
    return inner >= nexts[child]!;
  }
  return false;
}

/** The first statement of a block that begins a line elsewhere than the block. A piece may be the method of a class, so its column is that of its first statement. */
function firstMisplaced(text: string, { kinds, nexts, starts }: TreeArrays, block: number): number | undefined {
  let expected: string | undefined;
  for (let id = block + 1; id < nexts[block]!; id = nexts[id]!) {
    if (COMMENTS.has(kinds[id]!)) continue;
    const own = indentationAt(text, starts[id]!);
    if (own === undefined) continue;
    expected ??= own;
    if (!isSame(own, expected)) return starts[id]!;
  }
  return undefined;
}

/** Where a file begins with a statement that is indented. To be asked of its first pieces only: a later one may be the method of a class. */
export function firstIndented({ text, arrays: { kinds, starts, nexts } }: Tree): number | "none" | undefined {
  for (let id = 1; id < nexts[0]!; id = nexts[id]!) {
    if (COMMENTS.has(kinds[id]!)) continue;
    return indentationAt(text, starts[id]!) ? starts[id]! : "none";
  }
  return undefined;
}

/** What stands before the first token of a line, behind form feeds; undefined for any other token. */
function indentationAt(text: string, start: number): string | undefined {
  let at = start;
  while (at > 0 && isBlank(text.charCodeAt(at - 1))) at--;
  const before = at === 0 ? "\n" : text[at - 1]!;
  if (before !== "\n" && before !== "\r" && before !== "\f") return undefined;
  // Behind a backslash the line goes on.
  if (at > 1 && text[at - 2] === "\\") return undefined;
  return text.slice(at, start);
}

function isBlank(c: number): boolean {
  return c === 32 || c === 9;
}

/** As Python compares them: tabs reach to the next eighth column, and have to stand where they stood before. */
function isSame(one: string, other: string): boolean {
  return one === other || (one.length === other.length && widthOf(one) === widthOf(other));
}

function widthOf(indentation: string): number {
  let width = 0;
  for (const c of indentation) width = c === "\t" ? (Math.floor(width / TAB) + 1) * TAB : width + 1;
  return width;
}

function isOfPython2(text: string, { kinds, parents, starts, ends }: TreeArrays, id: number): boolean {
  switch (kinds[id]!) {
    case PRINT:
    case EXEC:
      // `print >>f, x` and `exec (x) in y` are expressions to Python 3.
      return /^\w+[ \t]+[\w"'{~`]/.test(text.slice(starts[id]!, Math.min(ends[id]!, starts[id]! + 200)));
    case STRING_START:
      return text.charCodeAt(starts[id]!) === BACKTICK;
    case LIST:
      return kinds[parents[id]!] === RAISE;
    default:
      return kinds[id] === UNEQUAL;
  }
}
