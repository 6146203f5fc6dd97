/** Turns Python text into a flat tree: our own reader where it is sure, else tree-sitter. The only file that touches web-tree-sitter: it owns every wasm object and frees them. */

import { Language, Parser as WasmParser, type TreeCursor } from "web-tree-sitter";
import { FIELDS, KINDS, TOKENS } from "./kinds.generated.js";
import { makeReadPast, makeReadTree, withLineFeeds } from "./reader/read.js";
import type { Damage, Reading } from "./reader/reader.js";
import type { Replacement } from "./resplit.js";
import {
  arraysIn,
  BROKEN,
  BYTES_PER_NODE,
  DEEPEST,
  EXTRA,
  FIELD_IDS,
  markBroken,
  MISSING,
  NAMED,
  Tree,
  type TreeArrays,
} from "./tree.js";

export interface Parser {
  /**
   * Never fails: what cannot be understood becomes ERROR nodes.
   *
   * @param before the tree of the text before an edit: it saves time and changes nothing else
   */
  parse(text: string, before?: Before): Tree;
}

export interface Before extends Replacement {
  readonly tree: Tree;
}

const ERROR_SYMBOL = 65535;
const ERROR = KINDS.indexOf("ERROR");
const COMMENT = KINDS.indexOf("comment");
const BLOCK = KINDS.indexOf("block");
const CLASS_DEFINITION = KINDS.indexOf("class_definition");
const LINE_CONTINUATION = KINDS.indexOf("line_continuation");

/** What tree-sitter reads at once, in UTF-16 units. */
const CHUNK = 5119;

/** Tree-sitter's ids change with the grammar; ours do not. */
interface IdTables {
  readonly kinds: Uint16Array;
  readonly fields: Uint8Array;
}

/** Tree-sitter takes about a millisecond for a thousand characters of damaged text. So of a longer piece, whatever is damaged in it, only that is given up: docs/decisions/020. */
const LONG = 20_000;

/**
 * Valid Python is read by our own reader, whatever it is not sure of by tree-sitter: both give the same trees (docs/decisions/006).
 *
 * @param runtime bytes of web-tree-sitter.wasm
 * @param grammar bytes of tree-sitter-python.wasm
 */
export async function createParser(runtime: Uint8Array, grammar: Uint8Array): Promise<Parser> {
  return withReader(await createGrammarParser(runtime, grammar));
}

/** Our reader before the grammar's parser. */
export function withReader(byGrammar: Parser): Parser {
  const readTree = makeReadTree(DEEPEST);
  const readPast = makeReadPast(DEEPEST);
  const isOdd = ({ before, after }: Damage, stretch: string) =>
    stretch.length <= LONG && !byGrammar.parse(`${before}${stretch}${after}`).isBroken(0);
  const readLong = (text: string, before: Before | undefined): Tree | undefined => {
    const reading = before?.tree.reading as Reading | undefined;
    const read = readPast(text, before && reading && { ...before, arrays: before.tree.arrays, reading });
    if (!read) return undefined;
    const { damage, arrays } = read;
    if (damage && isOdd(damage, text.slice(damage.start, damage.end))) return undefined;
    const tree = new Tree(text, arrays);
    tree.reading = read.reading;
    return tree;
  };
  const readShort = (text: string): Tree | undefined => {
    const arrays = readTree(text);
    return arrays && new Tree(text, arrays);
  };
  return {
    parse: (text, before) => (text.length > LONG ? readLong(text, before) : readShort(text)) ?? byGrammar.parse(text),
  };
}

/** Tree-sitter alone: what the reader is measured by. */
export async function createGrammarParser(runtime: Uint8Array, grammar: Uint8Array): Promise<Parser> {
  // The bytes are given, so nothing is ever located; without the function a web worker looks for a file all the same.
  await WasmParser.init({ wasmBinary: runtime, locateFile: (name: string) => name } as Parameters<
    typeof WasmParser.init
  >[0]);
  const language = await Language.load(grammar);
  const parser = new WasmParser();
  parser.setLanguage(language);
  const tables = idTables(language);
  return { parse: (text) => parse(parser, tables, text) };
}

function idTables(language: Language): IdTables {
  const kinds = new Uint16Array(language.nodeTypeCount);
  for (let id = 0; id < kinds.length; id++) {
    const name = language.nodeTypeForId(id) ?? "";
    const index = language.nodeTypeIsNamed(id)
      ? KINDS.indexOf(name as never)
      : KINDS.length + TOKENS.indexOf(name as never);
    kinds[id] = Math.max(index, 0);
  }
  const fields = new Uint8Array(language.fieldCount + 1);
  for (const name of FIELDS) {
    const id = language.fieldIdForName(name);
    if (id !== null) fields[id] = FIELD_IDS.get(name)!;
  }
  return { kinds, fields };
}

function parse(parser: WasmParser, tables: IdTables, text: string): Tree {
  const source = withLineFeeds(text);
  const tree = parser.parse((index) => chunk(source, index));
  if (!tree) throw new Error("the parser has no language");
  const cursor = tree.walk();
  try {
    return copy(text, cursor, tree.rootNode.descendantCount, tables);
  } finally {
    cursor.delete();
    tree.delete();
  }
}

/** Never cuts a surrogate pair: 0.27.1 turns an identifier whose pair straddles two chunks into an ERROR. */
function chunk(text: string, index: number): string {
  let end = index + CHUNK;
  if (end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end--;
  return text.slice(index, end);
}

function copy(text: string, cursor: TreeCursor, size: number, tables: IdTables): Tree {
  const arrays = arraysOf(size);
  const { kinds, fields, flags, starts, ends, parents, nexts } = arrays;

  let at = -1;
  let parent = -1;
  let depth = 0;
  for (;;) {
    at++;
    const symbol = cursor.nodeTypeId;
    const kind = symbol === ERROR_SYMBOL || depth >= DEEPEST ? ERROR : tables.kinds[symbol]!;
    kinds[at] = kind;
    fields[at] = tables.fields[cursor.currentFieldId]!;
    starts[at] = cursor.startIndex;
    ends[at] = cursor.endIndex;
    parents[at] = parent;
    flags[at] =
      (cursor.nodeIsNamed ? NAMED : 0) |
      (kind === COMMENT || kind === LINE_CONTINUATION ? EXTRA : 0) |
      (cursor.nodeIsMissing ? MISSING | BROKEN : 0) |
      (kind === ERROR ? BROKEN : 0);

    if (depth < DEEPEST && cursor.gotoFirstChild()) {
      parent = at;
      depth++;
      continue;
    }
    nexts[at] = at + 1;
    while (!cursor.gotoNextSibling()) {
      if (!cursor.gotoParent()) {
        markEmptyBlocks(kinds, flags, parents, nexts, at + 1);
        markBroken(arrays);
        return new Tree(text, at + 1 === size ? arrays : shortened(arrays, at + 1));
      }
      depth--;
      nexts[parent] = at + 1;
      parent = parents[parent]!;
    }
  }
}

/** Of the same form as those of the other reader's trees: to V8, what reads both would otherwise be two kinds of code. */
function arraysOf(size: number): TreeArrays {
  return arraysIn(new ArrayBuffer(BYTES_PER_NODE * size), 0, size);
}

function shortened(arrays: TreeArrays, size: number): TreeArrays {
  const shorter = arraysOf(size);
  for (const name of ["kinds", "fields", "flags", "starts", "ends", "parents", "nexts"] as const)
    shorter[name].set(arrays[name].subarray(0, size));
  return shorter;
}

/** The grammar takes a header without a body; Python does not. Only the head of a class may lack one: its members are other pieces. */
function markEmptyBlocks(
  kinds: Uint16Array,
  flags: Uint8Array,
  parents: Int32Array,
  nexts: Int32Array,
  size: number,
): void {
  for (let id = 1; id < size; id++) {
    if (kinds[id] !== BLOCK || kinds[parents[id]!] === CLASS_DEFINITION) continue;
    let child = id + 1;
    while (child < nexts[id]! && (flags[child]! & (NAMED | EXTRA)) !== NAMED) child = nexts[child]!;
    if (child >= nexts[id]!) flags[id]! |= BROKEN;
  }
}
