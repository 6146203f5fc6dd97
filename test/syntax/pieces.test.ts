/** Holds the promise that slices parsed on their own give the tree of the whole file, node for node, on real Python. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createGrammarParser, createParser, type Parser } from "../../analysis/syntax/parser.js";
import { split, type Slice } from "../../analysis/syntax/splitter.js";
import type { Tree } from "../../analysis/syntax/tree.js";
import { random } from "../harness/random.js";
import { furtherFiles, readText, standardLibrary, wholeCorpus } from "./python-files.js";
import { withoutFalseAliases } from "./reader-cases.js";

const SAMPLE = 150;

/**
 * A subtree: below the root of a tree, or below a class that was cut into pieces. The nodes in between (the root, the
 * class, its block) span other pieces and cannot be equal.
 */
interface Part {
  readonly tree: Tree;
  readonly id: number;
  /** Where the tree's text starts in the file. */
  readonly base: number;
}

describe("pieces", () => {
  it("equal the whole file's tree, node for node", async function () {
    if (wholeCorpus) this.timeout(0);
    const library = standardLibrary(this);
    const paths = wholeCorpus ? library.concat(furtherFiles()) : sample(library, SAMPLE);
    const runtime = readFileSync("node_modules/web-tree-sitter/web-tree-sitter.wasm");
    const bytes = readFileSync("node_modules/tree-sitter-python/tree-sitter-python.wasm");
    // The whole file by tree-sitter alone, the pieces as they are read every day.
    const grammar = await createGrammarParser(runtime, bytes);
    const parser = await createParser(runtime, bytes);
    const counts = { files: 0, nodes: 0, pieces: 0, members: 0 };
    const differences: string[] = [];
    for (const path of paths) {
      const text = readText(path);
      if (text === undefined) continue;
      const whole = grammar.parse(withoutFalseAliases(text));
      // In broken code the damage is to stay inside its piece, so there the trees differ, as they should.
      if (whole.isBroken(0)) continue;
      const slices = split(text);
      const difference = compare(partsOfWhole(whole, slices), partsOfPieces(parser, text, slices));
      if (difference !== undefined) differences.push(`${path}: ${difference}`);
      counts.files++;
      counts.nodes += whole.size;
      counts.pieces += slices.length;
      counts.members += slices.filter((slice) => slice.role === "member").length;
    }
    if (wholeCorpus) console.log(counts);
    assert.deepEqual(differences, []);
    assert.ok(counts.files > paths.length / 2, `only ${counts.files} of ${paths.length} files could be compared`);
    assert.ok(counts.members > 0, "no long class was met");
  });
});

function sample(paths: readonly string[], size: number): string[] {
  const rest = [...paths];
  const { below } = random(1);
  const chosen: string[] = [];
  while (chosen.length < size && rest.length > 0) chosen.push(...rest.splice(below(rest.length), 1));
  return chosen;
}

function partsOfWhole(whole: Tree, slices: readonly Slice[]): Part[] {
  const heads = slices.filter((slice) => slice.role === "class-head");
  let head = 0;
  return childrenOf({ tree: whole, id: 0, base: 0 }).flatMap((part) => {
    const { start } = whole.node(part.id);
    while (head < heads.length && heads[head]!.end <= start) head++;
    return isClass(part) && head < heads.length && heads[head]!.start <= start ? partsOfClass(part) : [part];
  });
}

function partsOfPieces(parser: Parser, text: string, slices: readonly Slice[]): Part[] {
  return slices.flatMap((slice) => {
    const tree = parser.parse(text.slice(slice.start, slice.end));
    const parts = childrenOf({ tree, id: 0, base: slice.start });
    return slice.role === "class-head" ? parts.flatMap((part) => (isClass(part) ? partsOfClass(part) : [part])) : parts;
  });
}

function isClass({ tree, id }: Part): boolean {
  const node = tree.node(id);
  return (
    node.kind === "class_definition" ||
    (node.kind === "decorated_definition" && node.field("definition")?.kind === "class_definition")
  );
}

/** Decorators, the parts of the header, then the statements of the block. */
function partsOfClass(part: Part): Part[] {
  return childrenOf(part).flatMap((child) => {
    const { kind, fieldName } = child.tree.node(child.id);
    if (kind === "class_definition") return partsOfClass(child);
    return fieldName === "body" ? childrenOf(child) : [child];
  });
}

function childrenOf({ tree, id, base }: Part): Part[] {
  return tree.node(id).allChildren.map((child) => ({ tree, id: child.id, base }));
}

function compare(expected: readonly Part[], actual: readonly Part[]): string | undefined {
  for (let index = 0; index < expected.length; index++) {
    const a = expected[index]!;
    const b = actual[index];
    if (b === undefined) return `nothing for ${describePart(a)}`;
    if (!equal(a, b)) return `${describePart(a)} became ${describePart(b)}`;
  }
  const extra = actual[expected.length];
  return extra && `${describePart(extra)} is too much`;
}

/** Compares all that a tree knows of the nodes of a subtree: kind, field, flags, start, end, parent and next. */
function equal(a: Part, b: Part): boolean {
  const one = a.tree.arrays;
  const other = b.tree.arrays;
  const size = one.nexts[a.id]! - a.id;
  if (other.nexts[b.id]! - b.id !== size) return false;
  for (let step = 0; step < size; step++) {
    const i = a.id + step;
    const j = b.id + step;
    if (one.kinds[i] !== other.kinds[j] || one.fields[i] !== other.fields[j] || one.flags[i] !== other.flags[j])
      return false;
    if (one.starts[i]! + a.base !== other.starts[j]! + b.base || one.ends[i]! + a.base !== other.ends[j]! + b.base)
      return false;
    if (one.nexts[i]! - a.id !== other.nexts[j]! - b.id) return false;
    if (step > 0 && one.parents[i]! - a.id !== other.parents[j]! - b.id) return false;
  }
  return true;
}

function describePart({ tree, id, base }: Part): string {
  const node = tree.node(id);
  return `${node.kind} at ${node.start + base}-${node.end + base} ${JSON.stringify(node.text.slice(0, 60))}`;
}
