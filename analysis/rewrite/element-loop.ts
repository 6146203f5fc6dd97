/** Loops that do nothing but compute with the elements of NumPy arrays or tensors, one or one row at a time, whether or not a rewrite of them is known. */

import { behindProgress } from "../semantics/progress.js";
import { EVIDENCE } from "../semantics/evidence.js";
import type { Evidence, Facts } from "../semantics/facts.js";
import {
  asAttribute,
  asBinary,
  asCall,
  asComparison,
  asComprehension,
  asMethodCall,
  asSubscript,
  callsUnder,
  integerOf,
  isConstant,
  unwrap,
  type Call,
} from "../syntax/expressions.js";
import type { Kind } from "../syntax/kinds.generated.js";
import {
  asAssignment,
  asAugmented,
  asFor,
  asFunction,
  asIf,
  statementsOf,
  type FunctionDef,
} from "../syntax/statements.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import type { Use } from "../semantics/uses.js";
import { seriesEvidence } from "./applied-function.js";
import { holdsObjects } from "./array-numbers.js";
import { startsAsNumber } from "./array-statements.js";
import { arrayShape } from "./array-shape.js";
import { clauseTurns } from "./known-turns.js";
import { givenOnce } from "./given-once.js";
import { looksAround } from "./place-helper.js";

/** What a loop works out. */
export interface LoopResult {
  readonly kind: "cells" | "counts" | "sum" | "extreme" | "list";
  /** The array, name or list that it goes into. */
  readonly name: Node;
}

/** A loop, or loops one inside the other, over the elements of arrays; no turn needs what another one worked out, sums and extremes apart. */
export interface ElementLoop {
  readonly node: Node;
  readonly results: readonly LoopResult[];
  /** An array whose elements are read: the one that is known best to be an array. */
  readonly array: Node;
  /** That it is an array. */
  readonly evidence: Evidence;
  /** What a turn reads: numbers, a stretch of numbers around a place, or whole rows, which may be long enough to be worth a turn each; items are one or the other. With `calls` a function of the file looks at a place of the array. */
  readonly form: "elements" | "windows" | "rows" | "items" | "calls";
  /** A turn works something out: it does more than to copy rows, and what it does with rows gives numbers. */
  readonly isThorough: boolean;
  /** What the loops run over, each with the number of loops around it. */
  readonly heads: readonly { readonly over: Node; readonly depth: number }[];
  /** How many turns all the loops have together, where the source says it. */
  readonly turns: number | undefined;
}

/** Loops one inside the other that are looked into. */
const DEEPEST = 8;
/** Statements of one loop: what is longer is no plain computation. */
const LONGEST = 60;

/** Undefined where it does anything else than to compute, store, add up and compare. Asked once for each loop. */
export function elementLoop(node: Node, facts: Facts): ElementLoop | undefined {
  return facts.memo("element-loop", node, () => new Reading(node, facts).result());
}

/** Whether all statements are of the kinds that can be read at all. */
function mayBeReadAll(statements: readonly Node[]): boolean {
  return statements.length <= LONGEST && statements.every(mayBeRead);
}

function mayBeRead(statement: Node): boolean {
  switch (statement.kind) {
    case "pass_statement":
    case "continue_statement":
      return true;
    case "for_statement": {
      const loop = asFor(statement);
      return loop !== undefined && mayBeReadAll(statementsOf(loop.body));
    }
    case "if_statement": {
      const branch = asIf(statement);
      if (!branch) return false;
      const bodies = [branch.body, ...branch.elifs.map((it) => it.body), ...(branch.orElse ? [branch.orElse] : [])];
      return bodies.every((it) => mayBeReadAll(statementsOf(it)));
    }
    case "expression_statement": {
      const [only] = statement.children;
      return (
        only !== undefined &&
        (only.kind === "assignment" ||
          only.kind === "augmented_assignment" ||
          only.kind === "string" ||
          asMethodCall(only, "append") !== undefined)
      );
    }
    default:
      return false;
  }
}

type Certainty = Evidence | "other" | undefined;

interface Access {
  readonly node: Node;
  readonly array: Node;
  readonly text: string;
  readonly indices: readonly Node[];
  readonly isStore: boolean;
  readonly kind: "element" | "row" | "window" | "column";
}

class Reading {
  private isPlain = true;
  private statements = 0;
  private readonly accesses: Access[] = [];
  private readonly items: { readonly name: Node; readonly array: Node }[] = [];
  private readonly counters = new Set<string>();
  /** Those of them that are another number in each turn. */
  private readonly counted = new Set<string>();
  /** Whether they count up (1) or down (-1). */
  private readonly ways = new Map<string, number>();
  /** Items of what nothing is known of: they may be labels. */
  private readonly strangers = new Set<string>();
  private readonly locals = new Map<string, Node>();
  private readonly lists = new Map<string, { readonly name: Node; readonly isComputed: boolean }>();
  /** Arrays that each turn writes to at the same places, by their names. */
  private readonly notes = new Map<string, readonly Node[]>();
  private readonly heads: { readonly over: Node; readonly depth: number }[] = [];
  private readonly certainties = new Map<string, Certainty>();
  /** Arrays of which some place has several indices at once, none of them a slice: `x[i, j]`. */
  private readonly manyIndexed = new Set<string>();
  /** Arrays that are counted into at places which a dict tells for what a turn reads. */
  private readonly tallies = new Set<string>();
  /** Arrays that a function of the file looks at, at the place that it is called for. */
  private readonly lookedAt: Node[] = [];
  private depth = 0;
  private turns: number | undefined = 1;
  private isReduced = false;
  private asked: ReadonlySet<string> | undefined;
  /** Something is done with numbers: more than to store what is written out. */
  private isComputing = false;
  /** A turn reads what is known to be a list: beside it what nothing is known of may be one too. */
  private hasLists = false;
  /** A turn works with a whole array, apart from its elements. */
  private isWide = false;

  constructor(
    private readonly loop: Node,
    private readonly facts: Facts,
  ) {}

  result(): ElementLoop | undefined {
    const { loop, heads } = this;
    // Most loops end here, before any question about names and types.
    if (!mayBeRead(loop)) return undefined;
    this.readLoop(loop, 0);
    if (!this.isPlain) return undefined;
    const stored = this.areOwnNotes() ? this.storedCells() : undefined;
    const carried = stored && this.carriedNames();
    if (!carried) return undefined;
    const lists = [...this.lists.values()];
    const isGathered = lists.length > 0 && lists.every(({ name }) => this.becomesArray(name));
    if (!isGathered && !lists.every((it) => it.isComputed)) return undefined;
    const results = [...stored, ...carried, ...lists.map(({ name }) => ({ kind: "list" as const, name }))];
    const hasColumns = this.accesses.some((it) => it.kind === "column");
    const isRead = (it: Access) =>
      it.kind !== "column" && (!it.isStore || (!hasColumns && asAugmented(it.node.parent) !== undefined));
    const reads = [
      ...this.accesses.filter(isRead).map((it) => it.array),
      ...this.items.map((it) => it.array),
      ...this.lookedAt,
    ];
    const certainty = (it: Node) => this.certainty(it);
    const form = this.form();
    const read =
      bestOf(reads, certainty) ??
      (form === "elements" ? (this.computedFrom() ?? this.filled()) : undefined) ??
      (isGathered && form !== "calls" ? this.gathered() : undefined);
    if (results.length === 0 || !read) return undefined;
    const stores = this.accesses.filter((it) => it.isStore && it.kind !== "column").map((it) => it.array);
    // What is read may be no array, and what the loop fills may be a list.
    const isSure =
      (this.tallies.size === 0 || this.strangers.size === 0) &&
      certainty(read.node) !== undefined &&
      stored.every((it) => certainty(it.name) !== undefined);
    const evidence = isSure ? bestOf([read.node, ...stores], certainty)!.evidence : "fair";
    const isThorough = this.isThorough(form, results);
    if (this.tallies.size > 0 && this.items.length === 0) return undefined;
    return { node: loop, results, array: read.node, evidence, form, isThorough, heads, turns: this.turns };
  }

  // Heads

  private readLoop(node: Node, depth: number): void {
    const loop = asFor(node);
    if (!loop || loop.isAsync || loop.orElse || depth >= DEEPEST) return this.give();
    this.depth = depth;
    this.readHead(loop.target, loop.iterable, clauseTurns(node, this.facts));
    this.readBlock(loop.body, depth);
    this.depth = depth - 1;
  }

  private readHead(target: Node, iterable: Node, written: number | undefined): void {
    const { facts } = this;
    this.heads.push({ over: iterable, depth: this.depth });
    const source = this.withoutBar(unwrap(iterable));
    const call = asCall(source);
    const name = call && facts.nameOf(call.callee);
    this.count(written ?? this.rangeTurns(call, name));
    if (
      call &&
      name !== undefined &&
      (call.keywords.size === 0 || name === "builtins.zip" || name === "builtins.enumerate")
    ) {
      if (call.hasSplat && name !== "numpy.ndindex") return this.give();
      if (name === "builtins.range" || name === "numpy.arange") {
        for (const it of call.args) this.read(it);
        // The outermost loop only repeats the others: they are the ones to rewrite.
        const isRead = () => this.loop.field("body")!.identifiers(target.text).length > 0;
        if (target.kind !== "identifier" || (this.depth === 0 && !isRead())) return this.give();
        this.counters.add(target.text);
        const step = call.args[2] ? integerOf(call.args[2]) : 1;
        if (step) this.ways.set(target.text, Math.sign(step));
        return void this.counted.add(target.text);
      }
      if (name === "numpy.ndindex" || (name === "itertools.product" && call.args.every((it) => this.isRange(it)))) {
        for (const it of target.kind === "identifier" ? [target] : target.children) this.counters.add(it.text);
        return;
      }
      if (name === "builtins.enumerate" || name === "numpy.ndenumerate") {
        const [index, item, more] = PATTERNS.has(target.kind) ? target.children : [];
        if (!index || !item || more || !call.args[0]) return this.give();
        for (const it of index.kind === "identifier" ? [index] : index.children) this.counters.add(it.text);
        return this.readItems(item, call.args[0]);
      }
      if (name === "numpy.nditer" && call.args[0]) return this.readItems(target, call.args[0]);
    }
    this.readItems(target, source);
  }

  /** `x`, or `zip(x, y)`: each an array, or of unknown kind beside one. */
  private readItems(target: Node, iterable: Node): void {
    const call = asCall(unwrap(iterable));
    const isZip = call && this.facts.nameOf(call.callee) === "builtins.zip";
    const sources = isZip ? call.args : [iterable];
    const names = isZip ? target.children : [target];
    if (sources.length !== names.length || (isZip && call.hasSplat)) return this.give();
    for (const [index, it] of names.entries()) {
      const source = unwrap(sources[index]!);
      if (isZip && this.isRange(source)) {
        this.counters.add(it.text);
        continue;
      }
      const certainty = this.certainty(source);
      // A column holds texts and lists as well; what is computed with its places are numbers.
      if (this.columnEvidence(source)) return this.give();
      if (certainty === "other" || (certainty === undefined && !PLACES.has(source.kind))) return this.give();
      // `for x, y in points`: the places of a row.
      const parts = it.kind === "identifier" ? [it] : PATTERNS.has(it.kind) ? it.children : [];
      if (parts.length === 0 || !parts.every((part) => part.kind === "identifier")) return this.give();
      for (const part of parts) {
        this.counters.add(part.text);
        if (certainty !== undefined) this.items.push({ name: part, array: source });
        else this.strangers.add(part.text);
      }
    }
  }

  private isRange(node: Node): boolean {
    const call = asCall(unwrap(node));
    return call !== undefined && this.facts.nameOf(call.callee) === "builtins.range";
  }

  /** Behind `tqdm(…)`. */
  private withoutBar(node: Node): Node {
    return behindProgress(node, (it) => this.facts.nameOf(it));
  }

  /** Through names that stand for numbers, as well. */
  private rangeTurns(call: Call | undefined, name: string | undefined): number | undefined {
    if (!call || (name !== "builtins.range" && name !== "numpy.arange") || call.args.length === 0) return undefined;
    const numbers = call.args.map((it) => this.numberOf(it));
    // Down to a place: what it starts from is what counts.
    const [start, stop = 0, step = 1] = numbers;
    if (step < 0) return start === undefined ? undefined : Math.max(0, start - stop);
    // From a place to the end counted there is at most the whole.
    const end = numbers.length > 1 ? numbers[1] : numbers[0];
    return end === undefined ? undefined : Math.max(0, end - (numbers.length > 1 ? (numbers[0] ?? 0) : 0));
  }

  /** `10 + 1`, `size - 1`. */
  private numberOf(node: Node): number | undefined {
    const given = givenOnce(unwrap(node), this.facts) ?? unwrap(node);
    const binary = asBinary(given);
    if (!binary || (binary.operator !== "+" && binary.operator !== "-")) return integerOf(given);
    const [left, right] = [binary.left, binary.right].map((it) => integerOf(givenOnce(unwrap(it), this.facts) ?? it));
    return left === undefined || right === undefined
      ? undefined
      : binary.operator === "+"
        ? left + right
        : left - right;
  }

  private count(turns: number | undefined): void {
    this.turns = turns === undefined || this.turns === undefined ? undefined : this.turns * turns;
  }

  // Statements

  private readBlock(block: Node, depth: number): void {
    for (const statement of statementsOf(block)) {
      if (!this.isPlain || ++this.statements > LONGEST) return this.give();
      this.readStatement(statement, depth);
    }
  }

  private readStatement(statement: Node, depth: number): void {
    if (statement.kind === "for_statement") return this.readLoop(statement, depth + 1);
    if (statement.kind === "pass_statement" || statement.kind === "continue_statement") return;
    const branch = asIf(statement);
    if (branch) {
      for (const it of [branch, ...branch.elifs]) {
        this.isComputing = true;
        this.read(it.condition);
        this.readBlock(it.body, depth);
      }
      if (branch.orElse) this.readBlock(branch.orElse, depth);
      return;
    }
    const augmented = asAugmented(statement);
    if (augmented) {
      if (!UPDATES.has(augmented.operator)) return this.give();
      this.isComputing = true;
      this.read(augmented.value);
      if (augmented.target.kind === "identifier") this.locals.set(augmented.target.text, augmented.target);
      else this.store(augmented.target);
      return;
    }
    const assignment = asAssignment(statement);
    if (assignment) return this.readAssignment(assignment.targets, assignment.value);
    const only = statement.kind === "expression_statement" ? statement.children[0] : undefined;
    const append = asMethodCall(only, "append");
    if (append) return this.readAppend(append.object, append.args, append.keywords.size > 0 || append.hasSplat);
    if (only?.kind !== "string") this.give();
  }

  private readAssignment(targets: readonly Node[], value: Node | undefined): void {
    const [target, more] = targets;
    if (!target || more || !value) return this.give();
    if (PATTERNS.has(target.kind)) {
      // `a[i], a[j] = a[j], a[i]` needs its turns one after the other.
      if (!target.children.every((it) => it.kind === "identifier")) return this.give();
      for (const it of target.children) this.locals.set(it.text, it);
      return this.read(value);
    }
    this.isComputing ||= !isConstant(value);
    const seen = this.seenByHelper(target, value);
    if (seen) this.lookedAt.push(seen);
    else this.read(value);
    if (target.kind === "identifier") this.locals.set(target.text, target);
    else this.store(target);
  }

  /** `out[i, j] = around(image, i, j)`: the array, where the function only looks at it. */
  private seenByHelper(target: Node, value: Node): Node | undefined {
    const { facts } = this;
    const call = asCall(unwrap(value));
    const def = call && !call.hasSplat && call.keywords.size === 0 ? facts.functionNamed(call.callee) : undefined;
    if (!call || !def || call.args.length < 3) return undefined;
    const places: string[] = [];
    for (let cell = asSubscript(target); cell; cell = asSubscript(unwrap(cell.value)))
      places.push(...cell.indices.map((it) => it.text));
    const isPlace = (it: Node) => this.counted.has(it.text) && places.includes(it.text);
    const others = call.args.filter((it) => !isPlace(it));
    const [array, more] = others;
    if (places.length < 2 || call.args.length - others.length !== places.length || !array || more) return undefined;
    const isArrayGiven =
      array.kind === "identifier" && !this.isOwn(array) && !["other", undefined].includes(this.certainty(array));
    return isArrayGiven && looksAround(def, call.args.indexOf(array), facts) ? array : undefined;
  }

  /** A list of numbers that are worked out, in one branch of the turn at least: what only copies elements into a list makes a list, and wants one. */
  private readAppend(list: Node, args: readonly Node[], isOdd: boolean): void {
    const [value, more] = args;
    if (!value || more || isOdd || list.kind !== "identifier") return this.give();
    const isComputed = this.isComputed(value);
    if (!isComputed && value.kind !== "subscript" && !isConstant(value)) return this.give();
    if (isComputed) this.isComputing = true;
    const known = this.lists.get(list.text);
    this.lists.set(list.text, { name: known?.name ?? list, isComputed: isComputed || known?.isComputed === true });
    this.read(value);
  }

  private isComputed(value: Node): boolean {
    const node = unwrap(value);
    if (node.kind === "binary_operator" || node.kind === "unary_operator") return true;
    const call = asCall(node);
    const name = (call && this.facts.nameOf(call.callee)) ?? "";
    return /^(numpy|math|scipy)\./.test(name) && !/^numpy\.(array|asarray|copy|u?int\d+|float\d+)$/.test(name);
  }

  private store(target: Node): void {
    if (target.kind !== "subscript") return this.give();
    this.access(target, true);
  }

  // Expressions

  private read(expression: Node): void {
    if (!this.isPlain) return;
    const node = unwrap(expression);
    if (node.kind === "binary_operator" && node.hasToken("@")) this.isReduced = true;
    if (isConstant(node) || textValue(node) !== undefined) return;
    if (node.kind === "identifier") {
      this.isWide ||= !this.isOwn(node) && isArray(node, this.facts);
      return;
    }
    if (node.kind === "subscript") return this.access(node, false);
    if (node.kind === "attribute") {
      // Of a row that is taken for an object, or of a frame.
      const { name, object } = asAttribute(node)!;
      if (LABELS.has(name)) return this.give();
      if (MEASURES.has(name)) return;
      this.isWide ||= isArray(node, this.facts);
      return object.kind === "identifier" ? undefined : this.read(object);
    }
    if (PARTS.has(node.kind)) {
      for (const it of node.children) this.read(it);
      return;
    }
    const comprehension = asComprehension(node);
    if (comprehension) {
      if (comprehension.kind !== "generator" && comprehension.kind !== "list") return this.give();
      this.depth++;
      for (const it of comprehension.clauses) {
        if (it.isAsync) return this.give();
        this.readHead(it.target, it.iterable, undefined);
      }
      for (const it of comprehension.conditions) this.read(it);
      this.read(comprehension.element);
      this.depth--;
      return;
    }
    const call = asCall(node);
    if (call?.callee.text === "len" || asMethodCall(node, ...SIZES)) return;
    if (!call || call.hasSplat || !this.mayBeWhole(call)) return this.give();
    for (const it of [...call.args, ...call.keywords.values()]) this.read(it);
  }

  /** The function works on whole arrays too, or is made of what does. */
  private mayBeWhole(call: Call): boolean {
    const name = this.facts.nameOf(call.callee);
    if (name !== undefined) {
      if (REDUCING.test(name)) this.isReduced = true;
      return WHOLE.test(name);
    }
    const method = asMethodCall(call.node);
    if (method) {
      if (REDUCING_METHODS.has(method.method)) this.isReduced = true;
      this.read(method.object);
      return WHOLE_METHODS.has(method.method) || REDUCING_METHODS.has(method.method);
    }
    const def = this.facts.functionNamed(call.callee);
    return def !== undefined && computesAlone(def, this.facts);
  }

  /** One place, one stretch or one row of something, told by what stands between its brackets. */
  private access(node: Node, isStore: boolean): void {
    const indices: Node[] = [];
    let array = node;
    for (let subscript = asSubscript(array); subscript; subscript = asSubscript(array)) {
      indices.unshift(...subscript.indices.map(unwrap));
      array = unwrap(subscript.value);
    }
    // By labels: a dict, a frame, a record.
    if (indices.some((it) => it.kind !== "slice" && textValue(it) !== undefined)) return this.give();
    for (const it of indices)
      if (it.kind === "slice") for (const part of it.children) this.read(part);
      else if (isStore && this.isLookedUp(it, node)) this.tallies.add(array.text);
      else if (it.kind !== "ellipsis") {
        if (this.isChoice(it, array, indices.length)) return this.give();
        this.read(it);
      }
    const attribute = asAttribute(array);
    if (attribute && MEASURES.has(attribute.name)) return;
    if (attribute ? LABELS.has(attribute.name) : false) return this.give();
    if (!attribute && array.kind !== "identifier") this.read(array);
    const own = asSubscript(node)!.indices;
    if (own.length > 1 && own.every((it) => it.kind !== "slice" && it.kind !== "ellipsis"))
      this.manyIndexed.add(array.text);
    const kind = this.kindOf(array, indices);
    if (kind === "expanding") return this.give();
    if (kind === undefined) return isStore ? this.storeFixed(node, array, indices) : undefined;
    if (kind === "window" && isStore) return this.give();
    const certainty = this.certainty(array);
    if (holdsObjects(array, this.facts)) return this.give();
    if (certainty === "other" && (isStore || !this.isSequence(array))) return this.give();
    this.hasLists ||= certainty === "other";
    if (certainty !== "other" || isStore) this.accesses.push({ node, array, text: array.text, indices, isStore, kind });
  }

  /** `counts[index[label]] += 1`: the dict tells the place for what the turn reads. */
  private isLookedUp(place: Node, store: Node): boolean {
    const found = asSubscript(place);
    const [key, more] = found?.indices ?? [];
    return (
      asAugmented(store.parent)?.operator === "+=" &&
      found?.value.kind === "identifier" &&
      !this.isOwn(found.value) &&
      key?.kind === "identifier" &&
      !more &&
      this.isOwn(key) &&
      this.facts.takenFor(found.value, "mapping") !== undefined
    );
  }

  /** The same place in all turns: to be added to, or for what this turn alone reads. */
  private storeFixed(node: Node, array: Node, indices: readonly Node[]): void {
    if (this.certainty(array) === "other") return this.give();
    if (asAugmented(node.parent)) {
      this.accesses.push({ node, array, text: array.text, indices, isStore: true, kind: "element" });
      return;
    }
    if (array.kind !== "identifier" || this.certainty(array) === undefined) return this.give();
    const written = this.notes.get(array.text) ?? [];
    this.notes.set(array.text, [...written, array]);
  }

  /** Each turn writes all of its notes before it reads the first of them, so that none reads those of the turn before. */
  private areOwnNotes(): boolean {
    const body = this.loop.field("body")!;
    return [...this.notes].every(([text, written]) => {
      const block = written[0]!.ancestor("block");
      const last = written.at(-1)!;
      return (
        block !== undefined &&
        written.every((it) => it.ancestor("block") === block) &&
        !this.accesses.some((it) => it.isStore && it.text === text) &&
        body.identifiers(text).every((it) => written.includes(it) || (it.start > last.end && it.isInside(block)))
      );
    });
  }

  private isSequence(node: Node): boolean {
    return SEQUENCES.has(this.facts.typed(node, "fair")?.type.name ?? "");
  }

  /** Undefined where the loop does not move it. */
  private kindOf(array: Node, indices: readonly Node[]): Access["kind"] | "expanding" | undefined {
    const moves = indices.map((it) => this.isMoved(it));
    const first = moves.indexOf(true);
    // `x[index]` of a name that the loop sets: a part of an array that moves as a whole.
    if (first < 0) return undefined;
    const windows = indices.filter((it, place) => moves[place] && it.kind === "slice");
    if (windows.some((it) => !this.isWindow(it))) return "expanding";
    const isPart = (it: Node) => it.kind === "slice" || it.kind === "ellipsis" || this.isManyPlaces(it);
    if (indices.slice(0, first).some(isPart)) return "column";
    if (windows.length > 0) return "window";
    const { axes } = arrayShape(array, this.facts);
    const isRow =
      indices.some((it) => it.kind === "slice" || it.kind === "ellipsis") ||
      (axes !== undefined && axes > indices.length);
    return isRow ? "row" : "element";
  }

  /** Picks as many as there happen to be: a mask, a list of places; or an item by its label, unless an array has as many axes. */
  private isChoice(index: Node, array: Node, places: number): boolean {
    if (index.kind === "comparison_operator" || index.kind === "list") return true;
    if (index.kind === "identifier")
      return (
        (this.strangers.has(index.text) && arrayShape(array, this.facts).axes !== places) ||
        (this.locals.has(index.text) && this.isManyPlaces(index))
      );
    const call = asCall(index);
    return (
      call !== undefined &&
      !/^(builtins\.(int|abs|min|max|len|round)|math\.\w+|numpy\.u?int\d+)$/.test(this.facts.nameOf(call.callee) ?? "")
    );
  }

  /** A mask, or an array of places. */
  private isManyPlaces(index: Node): boolean {
    const { facts } = this;
    if (isArray(index, facts)) return true;
    let value = index.kind === "identifier" ? facts.valueOf(index) : index;
    while (value?.kind === "subscript") value = value.field("value");
    const name = value?.kind === "call" ? facts.nameOf(value.field("function")!) : undefined;
    return /^numpy\.(is\w+|nonzero|flatnonzero|where|argsort|logical_\w+|arange|unique)$/.test(name ?? "");
  }

  private isMoved(index: Node): boolean {
    return index.kind === "identifier"
      ? this.isOwn(index)
      : index.descendants("identifier").some((it) => this.isOwn(it));
  }

  /** As long in each turn, and moved by the counter alone: `i - 3 : i + 4`, `i : i + width`. */
  private isWindow(slice: Node): boolean {
    const colon = slice.allChildren.findIndex((it) => it.token === ":");
    const [from] = slice.allChildren.slice(0, colon).filter((it) => it.isNamed);
    const [to] = slice.allChildren.slice(colon + 1).filter((it) => it.isNamed);
    const isCounted = (it: Node | undefined) =>
      it !== undefined &&
      this.isMoved(it) &&
      [it, ...it.descendants("identifier", "call", "subscript")].every(
        (part) =>
          (part.kind !== "subscript" || asAttribute(asSubscript(part)!.value)?.name === "shape") &&
          part.kind !== "call" &&
          !this.locals.has(part.text) &&
          !this.strangers.has(part.text) &&
          !this.items.some(({ name }) => name.text === part.text),
      );
    return isCounted(from) && isCounted(to);
  }

  private certainty(array: Node): Certainty {
    const known = this.certainties.has(array.text) ? this.certainties.get(array.text) : this.judged(array);
    this.certainties.set(array.text, known);
    return known ?? (this.isUsedAsArray(array) ? "fair" : undefined);
  }

  /** Nothing but an array has several indices at once, a shape or a transpose, or is multiplied with `@`; a dict has pairs for keys, a frame a shape. */
  private isUsedAsArray(array: Node): boolean {
    const { facts } = this;
    if (!facts.view.imports("numpy") || RIVALS.some((it) => facts.view.imports(it)) || this.isOwn(array)) return false;
    // `x[:, 0]`: a frame has such places only by way of an attribute.
    const part = asSubscript(array);
    if (part && part.indices.length > 1 && part.indices.some((it) => it.kind === "slice"))
      return !LABELS.has(asAttribute(part.value)?.name ?? "");
    const uses = facts.placeOf(array)?.uses ?? [];
    return (
      (this.manyIndexed.has(array.text) ||
        uses.some((it) => this.isArrayUse(it)) ||
        this.givenToNumpy().has(array.text)) &&
      !uses.some(
        (it) =>
          it.kind === "membership" ||
          (it.kind === "method" && OF_DICTS.has(it.name ?? "")) ||
          (it.kind === "attribute" && LABELS.has(it.name ?? "")),
      )
    );
  }

  /** What functions of NumPy are asked about, one element at a time: `np.log(p[i])`, `np.exp(-v)` of `for v in x`. A list of numbers would do as well, and be made an array. */
  private givenToNumpy(): ReadonlySet<string> {
    this.asked ??= new Set(this.askedElements());
    return this.asked;
  }

  private askedElements(): readonly string[] {
    const { facts, loop } = this;
    // `basis[:, i] = …`: each turn works on many numbers already.
    if (/\[\s*:\s*,|,\s*:\s*\]/.test(loop.text)) return [];
    return callsUnder(loop).flatMap((call) => {
      if (!OF_ELEMENTS.test(facts.nameOf(call.callee) ?? "")) return [];
      const operands = call.args.flatMap(operandsIn);
      // So does one that stands beside a whole array.
      if (operands.some((it) => it.kind === "identifier" && facts.takenFor(it, "array") !== undefined)) return [];
      return operands.flatMap((it) => asSubscript(it)?.value.text ?? this.goneThrough(it) ?? []);
    });
  }

  /** `x` of `for v in x`. */
  private goneThrough(item: Node): string | undefined {
    if (item.kind !== "identifier") return undefined;
    const [site, more] = this.facts.reachingSites(item);
    const own = site?.kind === "for" && !more ? asFor(site.owner) : undefined;
    return own?.target === site?.name ? own?.iterable.text : undefined;
  }

  /** `x.shape`, `x.T`, `x @ y`, `np.zeros_like(x)`, `x[:, j]`, and rows that are multiplied: `(x[i] - y) @ z`. */
  private isArrayUse(use: Use): boolean {
    const isFactor = (it: Node | undefined): boolean =>
      it !== undefined &&
      (it.kind === "binary_operator" || it.kind === "parenthesized_expression") &&
      (it.hasToken("@") || isFactor(it.parent));
    if (use.kind === "attribute") return use.name === "shape" || use.name === "T";
    if (use.kind === "operand") return isFactor(use.in);
    if (use.kind === "argument") return LIKE.test(this.facts.nameOf(asCall(use.call)!.callee) ?? "");
    const indices = use.kind === "subscript" ? (asSubscript(use.in)?.indices ?? []) : [];
    return (
      (indices.length > 1 && indices.some((it) => it.kind === "slice")) ||
      (indices.length > 0 && isFactor(use.in.parent))
    );
  }

  private judged(array: Node): Certainty {
    const { facts } = this;
    // A name that the loop sets is a row, or worked out of one: it tells nothing by itself.
    if (array.kind === "identifier" && this.isOwn(array)) {
      const known = facts.typed(array, "fair");
      return known && !isArray(array, facts) && !NUMBERS.has(known.type.name) ? "other" : undefined;
    }
    // A column is asked for its values one by one as well, each by its label, which costs more still.
    const column = this.columnEvidence(array);
    if (column) return column;
    const known = facts.typed(array, "fair");
    if (known) return isArray(array, facts) ? known.evidence : "other";
    const alike = facts.likeness(array);
    if (alike) return alike.kind === "array" ? alike.evidence : alike.kind === "sequence" ? undefined : "other";
    return undefined;
  }

  private columnEvidence(array: Node): Evidence | undefined {
    return this.facts.view.imports("pandas") ? seriesEvidence(array, this.facts) : undefined;
  }

  private axesOf(array: Node): number | undefined {
    return arrayShape(array, this.facts).axes ?? (this.columnEvidence(array) ? 1 : undefined);
  }

  // What one turn leaves to the next

  /** The arrays into which the loop stores; undefined where a turn reads what another one stored. */
  private storedCells(): readonly LoopResult[] | undefined {
    const stores = this.accesses.filter((it) => it.isStore);
    const found = new Map<string, LoopResult>();
    for (const store of stores) {
      if (this.certainty(store.array) === "other") return undefined;
      const others = this.accesses.filter((it) => it.text === store.text && it !== store);
      if (this.isPartOfRead(store) || this.isRepeated(store, others)) return undefined;
      if (
        !others.every(
          (it) =>
            isSamePlace(it, store) || this.isApart(it, store) || this.isOfOwnTurn(it, store) || this.isAhead(it, store),
        )
      )
        return undefined;
      if (!found.has(store.text)) {
        if (this.isSeenWhole(store)) return undefined;
        found.set(store.text, { kind: this.tallies.has(store.text) ? "counts" : "cells", name: store.array });
      }
    }
    return [...found.values()];
  }

  /** `tail = x[1:]`, and the loop stores into `tail` what it reads from `x`: the two overlap. */
  private isPartOfRead({ array }: Access): boolean {
    const value = array.kind === "identifier" ? this.facts.valueOf(array) : undefined;
    const whole = value?.kind === "subscript" ? asSubscript(value)!.value.text : undefined;
    return whole !== undefined && this.accesses.some((it) => !it.isStore && it.text === whole);
  }

  /** Never one place: some index that stays the same through all turns is one number here and another there. */
  private isApart(one: Access, other: Access): boolean {
    if (one.indices.length !== other.indices.length) return false;
    return one.indices.some((it, place) => {
      const twin = other.indices[place]!;
      if (this.isMoved(it) || this.isMoved(twin)) return false;
      const [left, right] = [movedBy(it), movedBy(twin)];
      return left && right && left.base === right.base && left.offset !== right.offset;
    });
  }

  /** `x[i - 1] = x[i]` on the way up, `x[n - i] = x[n - i - 1]`: a turn reads what only a later one stores, as a slice does. */
  private isAhead(read: Access, store: Access): boolean {
    if (read.isStore || read.indices.length !== store.indices.length) return false;
    const odd = store.indices.flatMap((it, place) => (it.text === read.indices[place]!.text ? [] : [place]));
    const [place, more] = odd;
    if (place === undefined || more !== undefined) return false;
    const [to, from] = [termsOf(store.indices[place]!), termsOf(read.indices[place]!)];
    if (!to || !from || to.names !== from.names) return false;
    const [counter, another] = [...to.signs.keys()].filter((it) => this.counters.has(it) || this.locals.has(it));
    const way = counter === undefined || another !== undefined ? undefined : this.ways.get(counter);
    // A loop around it would start from what the turns before left.
    const isWhole = [...this.counted].every((it) => store.indices.some((index) => namesIn(index).includes(it)));
    return way !== undefined && isWhole && (from.offset - to.offset) * to.signs.get(counter!)! * way > 0;
  }

  /** `x[i] = x[i] * k` in a loop over steps as well: each step needs the one before. Sums are made of any number of them. */
  private isRepeated(store: Access, others: readonly Access[]): boolean {
    const value = asAssignment(store.node.parent)?.value;
    const binary = asBinary(value && unwrap(value));
    const isOwn = (it: Node) => it.text === store.node.text;
    const isSum =
      binary &&
      ADDING.has(binary.operator) &&
      [binary.left, binary.right].some(isOwn) &&
      binary.node.descendants("subscript").filter(isOwn).length === 1;
    const isBefore = (it: Access) => !it.isStore && (it.node.end <= store.node.start || it.node.isInside(value!));
    if (!value || isSum || !others.some(isBefore)) return false;
    const names = store.indices.flatMap((it) => (it.kind === "identifier" ? [it] : it.descendants("identifier")));
    if (names.some((it) => this.locals.has(it.text))) return false;
    for (let loop = store.node.ancestor("for_statement"); loop; loop = loop.ancestor("for_statement")) {
      const target = loop.field("left")!;
      if (this.counted.has(target.text) && !names.some((it) => it.text === target.text)) return true;
      if (loop === this.loop) break;
    }
    return false;
  }

  /** `a[k, i]` and `a[k, j]`, where the loops count `k` alone: no two turns share a place. */
  private isOfOwnTurn(one: Access, other: Access): boolean {
    const isCount = (it: Node) => it.kind === "identifier" && this.counted.has(it.text);
    return (
      one.indices.length === other.indices.length &&
      one.indices.every((it, place) => {
        const twin = other.indices[place]!;
        const isStill = !this.isMoved(it) && !this.isMoved(twin) && it.kind !== "slice" && twin.kind !== "slice";
        return isStill || (isCount(it) && it.text === twin.text);
      })
    );
  }

  /** `np.sum(out)`, `f(out)`: the loop looks at the array as a whole. */
  private isSeenWhole({ array, text }: Access): boolean {
    const last = array.kind === "attribute" ? array.field("attribute")!.text : array.text;
    return this.loop
      .field("body")!
      .identifiers(last)
      .some((it) => {
        const place = it.parent?.kind === "attribute" && it.fieldName === "attribute" ? it.parent : it;
        if (place.text !== text || this.accesses.some((access) => access.array === place)) return false;
        const measured = asAttribute(place.parent);
        const call = place.parent?.kind === "argument_list" ? asCall(place.parent.parent) : undefined;
        return !(measured && MEASURES.has(measured.name)) && call?.callee.text !== "len";
      });
  }

  /** Sums and extremes that are kept in names; undefined where another name carries something from turn to turn. */
  private carriedNames(): readonly LoopResult[] | undefined {
    const { facts, loop } = this;
    const body = loop.field("body")!;
    const found: LoopResult[] = [];
    for (const name of this.locals.values()) {
      if (this.counters.has(name.text) || facts.isRemote(name)) return undefined;
      const writes = facts.writesOf(name, body);
      const reads = facts.readsOf(name, body);
      const isBegunBefore = (it: Node) => facts.reachingSites(it).some((site) => !site.name.isInside(body));
      if (![...reads, ...writes.filter((it) => it.kind === "augment").map((it) => it.name)].some(isBegunBefore)) {
        // Only kept: where the last or the best one was.
        continue;
      }
      const updates = writes.map((it) => updateOf(it.owner, name.text));
      const own = updates.flatMap((it) => it?.reads ?? []);
      const others = reads.filter((it) => !own.includes(it) && !writes.some((site) => site.name === it));
      const kind = updates.every((it) => it?.kind === "sum")
        ? "sum"
        : updates.every((it) => it?.kind === "extreme")
          ? "extreme"
          : undefined;
      // A text that grows has no counterpart in arrays.
      if (facts.writesOf(name).some((it) => it.value !== undefined && textValue(it.value) !== undefined))
        return undefined;
      if (kind && others.length === 0) {
        found.push({ kind, name });
        continue;
      }
      if (
        !this.isGuardedExtreme(
          writes.map((it) => it.owner),
          others,
        )
      )
        return undefined;
      found.push({ kind: "extreme", name });
    }
    for (const { name } of this.lists.values())
      if (facts.readsOf(name, body).some((it) => asMethodCall(it.parent?.parent, "append")?.object !== it))
        return undefined;
    return found;
  }

  /** `if x[i] > best: best = x[i]`: the name is set where it was compared, and looked at nowhere else. */
  private isGuardedExtreme(owners: readonly Node[], reads: readonly Node[]): boolean {
    const guards = owners.map((it) => asIf(it.ancestor("if_statement")));
    return (
      reads.length > 0 &&
      guards.every((it) => it !== undefined) &&
      reads.every((read) => {
        const comparison = asComparison(read.ancestor("comparison_operator"));
        return (
          comparison !== undefined &&
          ORDERS.has(comparison.operator) &&
          guards.some((it) => [it!, ...it!.elifs].some((branch) => read.isInside(branch.condition)))
        );
      })
    );
  }

  /** Nothing is known of what is read, but what is worked out of it goes into an array of NumPy, one number for each place. */
  private computedFrom(): { readonly node: Node } | undefined {
    if (this.hasLists) return undefined;
    const isFilled = this.accesses.some(
      (it) => it.isStore && it.kind === "element" && this.takesNumber(it) && this.certainty(it.array) !== undefined,
    );
    const read = this.accesses.find(
      (it) =>
        !it.isStore &&
        it.kind === "element" &&
        it.array.kind === "identifier" &&
        !this.isOwn(it.array) &&
        this.isComputedWith(it.node),
    );
    return isFilled && read ? { node: read.array } : undefined;
  }

  /** Nothing is known of what is read, but what is worked out of its places in turn is made an array behind the loop. */
  private gathered(): { readonly node: Node } | undefined {
    if (this.hasLists || this.accesses.some((it) => it.isStore) || this.items.length > 0) return undefined;
    const read = this.accesses.find(
      ({ kind, array, indices, node }) =>
        kind === "element" &&
        array.kind === "identifier" &&
        !this.isOwn(array) &&
        indices.some((it) => this.counted.has(it.text)) &&
        (indices.length > 1 || this.isComputedWith(node)),
    );
    return read && { node: read.array };
  }

  /** `np.array(found)` behind the loop, `np.mean(found)`. */
  private becomesArray(list: Node): boolean {
    const { facts, loop } = this;
    return facts.readsOf(list).some((read) => {
      if (read.isInside(loop) || read.start < loop.start || read.tree !== loop.tree) return false;
      const call = read.parent?.kind === "argument_list" ? asCall(read.parent.parent) : undefined;
      return call?.args[0] === read && MAKES_ARRAY.test(facts.nameOf(call.callee) ?? "");
    });
  }

  /** Nothing is read, and what is written out fills the places of an array; a table worked out of its places is made once, and is mostly small. */
  private filled(): { readonly node: Node } | undefined {
    if (this.isComputing) return undefined;
    const [first, ...others] = this.accesses;
    const isStore = (it: Access) => it.isStore && this.takesNumber(it) && this.certainty(it.array) !== undefined;
    const isAssigned = (it: Access) => it.node.parent?.kind === "assignment";
    return first && this.items.length === 0 && [first, ...others].every((it) => isStore(it) && isAssigned(it))
      ? { node: first.array }
      : undefined;
  }

  /** By arithmetic, or compared by size: it is a number. */
  private isComputedWith(place: Node): boolean {
    for (let outer = place.parent; outer; outer = outer.parent) {
      if (outer.kind === "binary_operator" || outer.kind === "unary_operator") return true;
      const comparison = asComparison(outer);
      if (comparison) return ORDERS.has(comparison.operator);
      if (asAugmented(outer)) return true;
      if (
        !PARTS.has(outer.kind) &&
        outer.kind !== "parenthesized_expression" &&
        outer.kind !== "argument_list" &&
        outer.kind !== "call"
      )
        return false;
    }
    return false;
  }

  /** The loop sets it. */
  private isOwn(name: Node): boolean {
    return this.counters.has(name.text) || this.locals.has(name.text);
  }

  /** Into a place of an array with as many axes as indices goes a number. */
  private takesNumber(it: Access): boolean {
    const { facts } = this;
    const array = it.array.kind === "attribute" ? (facts.valueOf(it.array) ?? it.array) : it.array;
    return it.isStore && arrayShape(array, facts).axes === it.indices.length;
  }

  private form(): ElementLoop["form"] {
    if (this.lookedAt.length > 0) return "calls";
    if (this.accesses.some((it) => it.kind === "window")) return "windows";
    const isNumber = (array: Node, indices: number, place: Node) => {
      const axes = this.axesOf(array);
      return axes !== undefined ? axes <= indices : indices > 1 || this.isTakenForNumber(place);
    };
    const isRead = (it: Access) => !it.isStore || asAugmented(it.node.parent) !== undefined;
    // What a number is worked out of are numbers, unless a function makes one of a row.
    const isElement =
      (!this.isReduced && this.accesses.some((it) => it.kind === "element" && this.takesNumber(it))) ||
      this.accesses.some(
        (it) => isRead(it) && it.kind === "element" && isNumber(it.array, it.indices.length, it.node),
      ) ||
      this.items.some((it) => {
        const reads = this.facts.readsOf(it.name, this.loop);
        return arrayShape(it.array, this.facts).axes === 1 || reads.some((read) => this.isTakenForNumber(read));
      });
    const isNarrow = !this.isWide && !this.accesses.some((it) => it.kind === "column");
    if (isElement && isNarrow) return "elements";
    return isElement || !isNarrow || this.accesses.some((it) => it.kind === "row") ? "rows" : "items";
  }

  private isThorough(form: ElementLoop["form"], results: readonly LoopResult[]): boolean {
    const isOfNumbers = results.some((it) => it.kind !== "sum" || startsAsNumber(it.name, this.facts));
    if (form === "elements") return this.isComputing;
    return form !== "items" && form !== "calls" && isOfNumbers && this.isReduced;
  }

  /** Tested, given to a function for numbers, an index, added to a sum that began as a number. */
  private isTakenForNumber(place: Node): boolean {
    for (let inner = place, outer = place.parent; outer && outer !== this.loop; inner = outer, outer = outer.parent) {
      if (outer.kind === "if_statement" || outer.kind === "elif_clause" || outer.kind === "conditional_expression")
        return (
          inner.kind === "comparison_operator" || inner.kind === "boolean_operator" || inner.kind === "not_operator"
        );
      if (outer.kind === "call") {
        const name = this.facts.nameOf(outer.field("function")!) ?? "";
        if (/^(math\.|builtins\.(float|int|round|min|max)$)/.test(name)) return true;
        if (!/^builtins\.abs$|^numpy\.(sqrt|exp|log\w*|abs|square|sin|cos)$/.test(name)) return false;
      }
      if (outer.kind === "subscript" && inner.fieldName === "subscript") return true;
      const augmented = asAugmented(outer);
      if (augmented) return augmented.target.kind === "identifier" && startsAsNumber(augmented.target, this.facts);
      if (outer.kind === "assignment") return false;
    }
    return false;
  }

  private give(): void {
    this.isPlain = false;
  }
}

/** Of NumPy or of PyTorch: a loop over the elements of either is as slow. */
function isArray(node: Node, facts: Facts): boolean {
  return facts.isA(node, "numpy.ndarray", "fair") || facts.isA(node, "torch.Tensor", "fair");
}

function bestOf(
  nodes: readonly Node[],
  certainty: (node: Node) => Certainty,
): { readonly node: Node; readonly evidence: Evidence } | undefined {
  let best: { readonly node: Node; readonly evidence: Evidence } | undefined;
  for (const node of nodes) {
    const evidence = certainty(node);
    if (evidence === undefined || evidence === "other") continue;
    if (!best || EVIDENCE.indexOf(evidence) < EVIDENCE.indexOf(best.evidence)) best = { node, evidence };
  }
  return best;
}

function isSamePlace(one: Access, other: Access): boolean {
  return one.indices.map((it) => it.text).join() === other.indices.map((it) => it.text).join();
}

const namesIn = (index: Node): readonly string[] =>
  index.kind === "identifier" ? [index.text] : index.descendants("identifier").map((it) => it.text);

interface Terms {
  readonly signs: ReadonlyMap<string, number>;
  /** All names with their signs, in alphabetical order. */
  readonly names: string;
  readonly offset: number;
}

/** `size - i - 1`: names and numbers that are added and taken away; undefined for anything else. */
function termsOf(index: Node): Terms | undefined {
  const signs = new Map<string, number>();
  let offset = 0;
  const add = (node: Node, sign: number): boolean => {
    const it = unwrap(node);
    const binary = asBinary(it);
    if (binary && /^[+-]$/.test(binary.operator))
      return add(binary.left, sign) && add(binary.right, binary.operator === "+" ? sign : -sign);
    const written = integerOf(it);
    if (written !== undefined) offset += sign * written;
    else if (it.kind !== "identifier" || signs.has(it.text)) return false;
    else signs.set(it.text, sign);
    return true;
  };
  if (!add(index, 1)) return undefined;
  return {
    signs,
    offset,
    names: [...signs]
      .map(([name, sign]) => (sign > 0 ? "+" : "-") + name)
      .sort()
      .join(""),
  };
}

/** `t + 1` is `t` moved by one. */
function movedBy(index: Node): { readonly base: string; readonly offset: number } | undefined {
  const written = integerOf(index);
  if (written !== undefined) return { base: written < 0 ? "end" : "", offset: written };
  const binary = asBinary(index);
  const by = integerOf(binary?.right);
  if (binary && by !== undefined && (binary.operator === "+" || binary.operator === "-"))
    return { base: binary.left.text, offset: binary.operator === "+" ? by : -by };
  return index.kind === "identifier" ? { base: index.text, offset: 0 } : undefined;
}

/** `total += x`, `total = total + x`, `best = max(best, x)`. */
function updateOf(
  statement: Node,
  name: string,
): { readonly kind: "sum" | "extreme"; readonly reads: readonly Node[] } | undefined {
  const augmented = asAugmented(statement);
  if (augmented) return ADDS.has(augmented.operator) ? { kind: "sum", reads: [augmented.target] } : undefined;
  const value = asAssignment(statement)?.value;
  const binary = asBinary(value && unwrap(value));
  if (binary) {
    const [left, right] = [unwrap(binary.left), unwrap(binary.right)];
    if (left.text === name && ADDING.has(binary.operator)) return { kind: "sum", reads: [left] };
    return right.text === name && (binary.operator === "+" || binary.operator === "*")
      ? { kind: "sum", reads: [right] }
      : undefined;
  }
  const call = asCall(value && unwrap(value));
  const own = call?.args.filter((it) => it.text === name) ?? [];
  return call &&
    own.length === 1 &&
    call.args.length === 2 &&
    /^((np|numpy)\.)?(max|min|maximum|minimum|fmax|fmin)$/.test(call.callee.text)
    ? { kind: "extreme", reads: own }
    : undefined;
}

/** A function of the file that gives back what it computes of its parameters with arithmetic, tests and functions for whole arrays. */
function computesAlone(def: FunctionDef, facts: Facts, depth = 0): boolean {
  return facts.memo("computes-alone", def.node, () => {
    if (depth > 1 || def.decorators.length > 0 || def.node.hasToken("async")) return false;
    const body = facts.bodyOf(def);
    const isPlain = (expression: Node | undefined): boolean =>
      expression === undefined ||
      (expression.descendants(...IMPURE).length === 0 &&
        !IMPURE.includes(expression.kind) &&
        [expression, ...expression.descendants("call")].every((it) => {
          const call = asCall(it);
          if (!call) return true;
          const name = facts.nameOf(call.callee);
          if (name !== undefined) return WHOLE.test(name);
          const called = facts.functionNamed(call.callee);
          return called !== undefined && called.node !== def.node && computesAlone(called, facts, depth + 1);
        }));
    const isCalm = (block: Node): boolean =>
      statementsOf(block).length <= 12 &&
      statementsOf(block).every((it) => {
        const branch = asIf(it);
        if (branch)
          return (
            [branch, ...branch.elifs].every((part) => isPlain(part.condition) && isCalm(part.body)) &&
            (!branch.orElse || isCalm(branch.orElse))
          );
        const assignment = asAssignment(it);
        if (assignment) return isPlain(assignment.value) && assignment.targets.every(isOfNames);
        if (it.kind === "return_statement") return it.children.length > 0 && isPlain(it.children[0]);
        return it.kind === "expression_statement" && it.children[0]?.kind === "string";
      });
    return asFunction(def.node) !== undefined && isCalm(body);
  });
}

/** `x`, `x, y`. */
function isOfNames(target: Node): boolean {
  return PATTERNS.has(target.kind)
    ? target.children.every((it) => it.kind === "identifier")
    : target.kind === "identifier";
}

const PATTERNS: ReadonlySet<Kind> = new Set<Kind>(["pattern_list", "tuple_pattern"]);
const PLACES: ReadonlySet<Kind> = new Set<Kind>(["identifier", "attribute", "subscript"]);
const PARTS: ReadonlySet<Kind> = new Set<Kind>([
  "binary_operator",
  "unary_operator",
  "boolean_operator",
  "not_operator",
  "comparison_operator",
  "conditional_expression",
  "tuple",
  "list",
  "expression_list",
]);
const IMPURE: readonly Kind[] = [
  "lambda",
  "await",
  "yield",
  "named_expression",
  "list_comprehension",
  "generator_expression",
  "dictionary_comprehension",
  "set_comprehension",
  "dictionary",
];
const UPDATES = new Set(["+=", "-=", "*=", "/=", "//=", "%=", "**=", "|=", "&=", "^="]);
const ADDS = new Set(["+=", "-=", "*=", "|=", "&="]);
const ADDING = new Set(["+", "-", "*", "|", "&"]);
const ORDERS = new Set(["<", "<=", ">", ">="]);
const MEASURES = new Set(["shape", "size", "ndim", "dtype"]);
/** Methods of tensors that tell what attributes of arrays do. */
const SIZES = ["size", "numel", "dim"];
const NUMBERS = new Set(["int", "float", "bool", "complex", "numpy.float64", "numpy.int64"]);
const SEQUENCES = new Set(["list", "tuple", "range", "typing.Sequence", "collections.abc.Sequence"]);
/** They make an array of the list they are given. */
const MAKES_ARRAY =
  /^(?:numpy\.(?:array|asarray|stack|vstack|hstack|reshape|mean|median|std|var|sum|max|min|percentile|quantile)|torch\.(?:tensor|as_tensor|FloatTensor|Tensor))$/;
/** Libraries that run such loops on a graphics card or compile them, and others with arrays that look the same. */
const RIVALS = ["cupy", "mxnet", "taichi", "cython"];
/** `v`, `p[i]` of `-(p[i] - v)`. */
function operandsIn(node: Node): readonly Node[] {
  const it = unwrap(node);
  return it.kind === "binary_operator" || it.kind === "unary_operator" ? it.children.flatMap(operandsIn) : [it];
}

const OF_ELEMENTS =
  /^numpy\.(?:log\w*|exp\w*|sqrt|square|abs|absolute|power|a?(?:sin|cos|tan)h?|arc\w+|sign|floor|ceil|maximum|minimum)$/;
const LIKE = /^numpy\.(zeros|ones|empty|full)_like$/;
const OF_DICTS = new Set(["get", "items", "keys", "values", "setdefault", "pop", "update"]);
/** Attributes by which a table is asked. */
const LABELS = new Set(["iloc", "loc", "iat", "at", "columns", "index"]);

/** Functions that take whole arrays, or rows of them by `axis=`, where the loop gives them one item. */
const WHOLE =
  /^(builtins\.(abs|min|max|round|float|int|bool|len|sum|pow|any|all|range|complex)|math\.\w+|cmath\.\w+|scipy\.(special|spatial\.distance)\.\w+|scipy\.stats\.(\w+\.(pdf|cdf|sf|ppf|isf|logpdf|logcdf|logsf|pmf|logpmf)|zscore|skew|kurtosis|rankdata|gmean|hmean|mode|iqr|entropy)|numpy\.(linalg\.(norm|det)|abs|absolute|fabs|add|subtract|multiply|divide|true_divide|floor_divide|mod|remainder|fmod|power|float_power|sqrt|cbrt|square|reciprocal|exp|exp2|expm1|log|log2|log10|log1p|sin|cos|tan|arcsin|arccos|arctan|arctan2|arcsinh|arccosh|arctanh|sinh|cosh|tanh|hypot|deg2rad|rad2deg|radians|degrees|sign|heaviside|floor|ceil|trunc|rint|round|around|clip|maximum|minimum|fmax|fmin|isnan|isfinite|isinf|nan_to_num|where|sum|nansum|prod|nanprod|mean|nanmean|average|median|nanmedian|std|nanstd|var|nanvar|min|amin|nanmin|max|amax|nanmax|ptp|argmin|argmax|nanargmin|nanargmax|any|all|count_nonzero|dot|vdot|inner|outer|matmul|cross|trace|percentile|nanpercentile|quantile|nanquantile|sort|ravel|logical_(and|or|not|xor)|equal|not_equal|greater|greater_equal|less|less_equal|float(16|32|64)|int(8|16|32|64)|uint(8|16|32|64)|bool_|conj|conjugate|real|imag|angle|sinc|array|asarray|cumsum|diff)|torch\.(nn\.functional\.(relu|gelu|silu|sigmoid|tanh|softplus|softmax|log_softmax|normalize|cosine_similarity|one_hot)|special\.\w+|linalg\.(norm|vector_norm|det)|abs|add|sub|mul|div|true_divide|pow|sqrt|rsqrt|square|reciprocal|exp|expm1|log|log2|log10|log1p|sin|cos|tan|tanh|sigmoid|relu|sign|floor|ceil|trunc|round|clamp|clip|maximum|minimum|isnan|isinf|isfinite|where|sum|prod|mean|median|std|var|min|max|amin|amax|argmin|argmax|any|all|count_nonzero|dot|matmul|mm|bmm|norm|dist|softmax|log_softmax|logsumexp|eq|ne|gt|ge|lt|le|equal|logical_(and|or|not|xor)|tensor|as_tensor))$/;
/** Those that bring a row down to a number. */
const REDUCING =
  /^(builtins\.(sum|min|max|any|all)|scipy\.(spatial\.distance\.\w+|stats\.(skew|kurtosis|gmean|hmean|mode|iqr|entropy))|numpy\.(linalg\.(norm|det)|n?a?n?sum|sum|nansum|prod|nanprod|mean|nanmean|average|median|nanmedian|std|nanstd|var|nanvar|min|amin|nanmin|max|amax|nanmax|ptp|argmin|argmax|nanargmin|nanargmax|any|all|count_nonzero|dot|vdot|inner|trace|percentile|nanpercentile|quantile|nanquantile)|torch\.(nn\.functional\.cosine_similarity|linalg\.(norm|vector_norm|det)|sum|prod|mean|median|std|var|min|max|amin|amax|argmin|argmax|any|all|count_nonzero|dot|norm|dist|logsumexp|equal))$/;
const WHOLE_METHODS = new Set([
  "copy",
  "astype",
  "reshape",
  "ravel",
  "flatten",
  "transpose",
  "conj",
  "conjugate",
  "round",
  "clip",
  "squeeze",
  "cumsum",
  "item",
  "detach",
  "clone",
  "float",
  "long",
  "abs",
  "exp",
  "log",
  "sqrt",
  "pow",
  "clamp",
  "sigmoid",
  "tanh",
  "unsqueeze",
]);
const REDUCING_METHODS = new Set([
  "sum",
  "mean",
  "min",
  "max",
  "std",
  "var",
  "prod",
  "any",
  "all",
  "argmin",
  "argmax",
  "dot",
  "ptp",
  "norm",
]);
