/** What is kept from one version of a document to the next: answers, and the findings of each piece with what they rest on. */

import { levelOf } from "../rule/levels.js";
import type { Evidence, File, Hit, Rule, Weight } from "../rule/rule.js";
import { editDocument, indexOf, type Document } from "../semantics/document.js";
import { evaluators, makeFacts, type FactsOptions } from "../semantics/facts.js";
import { changedInputs, moduleView, type ModuleView, type Patterns } from "../semantics/module.js";
import { NameIndex, type Modules } from "../semantics/name-index.js";
import type { Piece } from "../semantics/piece.js";
import { Store, type Asked } from "../semantics/store.js";
import { WordIndex } from "../semantics/word-index.js";
import type { Parser } from "../syntax/parser.js";
import { IS_LOOP } from "../semantics/loops.js";
import type { Node, Span, Tree } from "../syntax/tree.js";
import { RangeIndex } from "../text/range-index.js";
import { rangeOf, type Range, type TextEdit } from "../text/range.js";
import { sentence } from "../text/sentence.js";
import { Budget, LIMITS, type Limits, type Used } from "./budget.js";
import { concerns, type NameTable } from "./calls.js";
import type { Dispatch } from "./dispatch.js";
import type { KindRules } from "./kind-rules.js";
import type { RuleFailure } from "./report.js";
import { guarded, runRule } from "./run-rule.js";
import { suppressionsIn, type Suppression } from "./suppressions.js";

/** A finding relative to its piece, so that it stays right when the piece moves. */
export interface PieceFinding {
  readonly rule: Rule;
  readonly range: Range;
  readonly message: string;
  readonly related: readonly { readonly at: Span; readonly message: string }[];
  readonly evidence: Evidence;
  readonly weight: Weight;
  /** What the finding is about, for rules that override one another. */
  readonly construct: Range;
}

export interface PieceResult {
  readonly findings: readonly PieceFinding[];
  readonly failures: readonly RuleFailure[];
  readonly suppressions: readonly Suppression[];
  readonly asked: Asked;
  /** What rules were given for it, those that wanted much. */
  readonly used: Used | undefined;
  /** Neither findings nor failures nor suppressions. */
  readonly isSilent: boolean;
}

export interface FoundHits {
  /** By what it underlines, in the piece's own offsets. */
  hitAt(range: Range): Hit | undefined;
  readonly file: File;
  readonly failures: readonly RuleFailure[];
}

export class AnalysisState {
  readonly store: Store;
  readonly #names: NameIndex;
  readonly #words = new WordIndex();
  readonly #patterns: Patterns = new Map();
  /** By position in the document: a version is as long as its list of pieces, and that is all a keystroke walks. */
  #results: (PieceResult | undefined)[];
  /** Pieces that something they asked may have changed for, with the inputs that did. */
  readonly #suspects = new Map<Piece, Set<string>>();
  readonly #byConsumer = new Map<string, Piece>();
  #view: ModuleView;
  /** For looking at pieces: one for each view, made when it is first asked. */
  #file: File | undefined;
  /** For fixes, which are asked for outside of any question: what is jotted down stays for the next one. */
  #fileForFixes: File | undefined;
  #dispatchKey: string | undefined;
  readonly #budget: Budget;
  /** Pieces in which a rule rested that had taken too long in others: it may look at them once those are edited. */
  readonly #waiting = new Map<Piece, readonly Rule[]>();
  /** Those that fixes were asked for. */
  readonly #hits = new Map<Piece, Map<Rule, FoundHits>>();
  /** How many pieces were analysed since the state was made: tests count it. */
  analysed = 0;

  constructor(
    private document: Document,
    private readonly options: FactsOptions,
    private readonly limits: Limits = LIMITS,
  ) {
    this.store = new Store(undefined, limits.nodes);
    this.#budget = new Budget(limits);
    this.#results = new Array<PieceResult | undefined>(document.pieces.length).fill(undefined);
    this.#names = new NameIndex(document.pieces);
    this.#view = this.#lookAt(document);
  }

  /** What answers from now on. Whoever answered for the version before goes with it: it would keep all its pieces. */
  #lookAt(document: Document): ModuleView {
    const view = moduleView(document, this.store, this.#names, this.#patterns);
    this.store.setEvaluators(evaluators(view, this.options));
    return view;
  }

  get current(): Document {
    return this.document;
  }

  get imports(): Modules {
    return this.#names.imports;
  }

  /** Those of some words that stand in the text; see `WordIndex`. */
  wordsAmong(words: readonly string[]): ReadonlySet<string> {
    return this.#words.among(words, this.document.pieces);
  }

  edit(change: TextEdit, parser: Parser): Document {
    const before = this.document;
    const { document, first, removed, added } = editDocument(before, change, parser);
    removed.forEach((piece, index) => {
      this.#names.remove(piece);
      this.#forget(piece, this.#results[first + index]);
    });
    const fresh = new Array<PieceResult | undefined>(added.length).fill(undefined);
    this.#results = [...this.#results.slice(0, first), ...fresh, ...this.#results.slice(first + removed.length)];
    for (const piece of added) this.#names.add(piece);
    this.#words.addAround({ start: change.start, end: change.start + change.text.length }, document);
    this.document = document;
    this.#view = this.#lookAt(document);
    this.#file = this.#fileForFixes = undefined;
    this.#hits.clear();

    const inputs = changedInputs(before, document, first, removed, added, this.#patterns);
    for (const consumer of this.store.invalidate(inputs)) {
      const piece = this.#byConsumer.get(consumer);
      if (!piece) continue;
      const suspected = this.#suspects.get(piece) ?? new Set<string>();
      for (const input of inputs) suspected.add(input);
      this.#suspects.set(piece, suspected);
    }
    return document;
  }

  /** The findings of every piece: those it had, unless its text or an answer it was given changed. */
  results(dispatch: Dispatch): readonly PieceResult[] {
    if (this.#dispatchKey !== dispatch.key) {
      this.document.pieces.forEach((piece, index) => this.#forget(piece, this.#results[index]));
      this.#results.fill(undefined);
      this.#dispatchKey = dispatch.key;
    }
    for (const [piece, inputs] of this.#suspects) {
      const index = indexOf(this.document, piece);
      const known = this.#results[index];
      if (!known || !this.store.isStale(known.asked, inputs)) continue;
      this.#forget(piece, known);
      this.#results[index] = undefined;
    }
    this.#suspects.clear();
    for (const [piece, rules] of this.#waiting) {
      if (!rules.some((it) => this.#budget.leftFor(it) > 0)) continue;
      const index = indexOf(this.document, piece);
      this.#forget(piece, this.#results[index]);
      this.#results[index] = undefined;
    }
    for (let index = 0; index < this.#results.length; index++)
      this.#results[index] ??= this.#result(this.document.pieces[index]!, dispatch);
    this.store.tidy();
    return this.#results as readonly PieceResult[];
  }

  #result(piece: Piece, dispatch: Dispatch): PieceResult {
    const consumer = consumerOf(piece);
    const {
      value: { findings, failures },
      asked,
    } = this.store.record(consumer, () => this.#analyse(piece, dispatch));
    this.#byConsumer.set(consumer, piece);
    const { used, waiting } = this.#budget.take();
    if (waiting) this.#waiting.set(piece, waiting);
    const suppressions = suppressionsIn(piece.tree);
    const isSilent = suppressions.length + findings.length + failures.length === 0;
    return { findings, failures, suppressions, asked, used, isSilent };
  }

  /** A rule's hits in one piece, with the file to build messages and fixes from. Found once for a version, however many of them are asked for. */
  hits(piece: Piece, rule: Rule): FoundHits {
    let byRule = this.#hits.get(piece);
    if (!byRule) this.#hits.set(piece, (byRule = new Map()));
    let found = byRule.get(rule);
    if (!found) byRule.set(rule, (found = this.#find(piece, rule)));
    return found;
  }

  #find(piece: Piece, rule: Rule): FoundHits {
    const file = (this.#fileForFixes ??= this.file());
    const failures: RuleFailure[] = [];
    const budget = new Budget(this.limits);
    const hits = new Map<string, Hit>();
    for (const node of piece.tree.root.descendants(...rule.on)) {
      if (node.isBroken || !concerns(rule, node, file.facts)) continue;
      for (const hit of runRule(rule, node, file, failures, budget)) {
        const key = keyOf(hit.at);
        if (!hits.has(key)) hits.set(key, hit);
      }
    }
    return { hitAt: (range) => hits.get(keyOf(range)), file, failures };
  }

  /** With nothing jotted down yet. */
  file(): File {
    return { facts: makeFacts(this.#view, this.options) };
  }

  #analyse(piece: Piece, { inLoops, elsewhere }: Dispatch): Pick<PieceResult, "findings" | "failures"> {
    this.analysed++;
    const { tree } = piece;
    const { kinds, nexts } = tree.arrays;
    // What is jotted down while a piece is looked at goes with that piece: see `Scratch`.
    const file = (this.#file ??= this.file());
    const findings: PieceFinding[] = [];
    const failures: RuleFailure[] = [];
    // The loop is kept small: it runs for every node, and V8 compiles it again and again while it does.
    let loopEnd = 0;
    for (let id = 0; id < tree.size; id++) {
      const kind = kinds[id]!;
      const asked = id < loopEnd ? inLoops : elsewhere;
      const ofKind = asked.table[kind];
      if (ofKind) askAll(ofKind, asked.named, tree, id, file, findings, failures, this.#budget);
      if (id >= loopEnd && IS_LOOP[kind] === 1) loopEnd = nexts[id]!;
    }
    return { findings: withoutOverridden(findings), failures };
  }

  #forget(piece: Piece, result: PieceResult | undefined): void {
    if (!result) return;
    const consumer = consumerOf(piece);
    this.store.forget(consumer, result.asked);
    this.#suspects.delete(piece);
    this.#byConsumer.delete(consumer);
    this.#waiting.delete(piece);
    if (result.used) this.#budget.giveBack(result.used);
  }
}

function askAll(
  ofKind: KindRules,
  names: NameTable | undefined,
  tree: Tree,
  id: number,
  file: File,
  findings: PieceFinding[],
  failures: RuleFailure[],
  budget: Budget,
): void {
  if (tree.isBroken(id)) return;
  const rules = ofKind.rulesFor(tree, id);
  const named = names ? names.rulesFor(tree, id, file.facts) : NOBODY;
  if (rules.length + named.length === 0) return;
  const node = tree.node(id);
  for (const rule of rules) ask(rule, node, file, findings, failures, budget);
  for (const rule of named) ask(rule, node, file, findings, failures, budget);
}

const NOBODY: readonly Rule[] = [];

function ask(
  rule: Rule,
  node: Node,
  file: File,
  findings: PieceFinding[],
  failures: RuleFailure[],
  budget: Budget,
): void {
  const hits = runRule(rule, node, file, failures, budget);
  if (hits.length > 0) tell(rule, hits, node.tree, file, findings, failures);
}

function tell(
  rule: Rule,
  hits: readonly Hit[],
  tree: Tree,
  file: File,
  findings: PieceFinding[],
  failures: RuleFailure[],
): void {
  for (const hit of hits) {
    const { at, related, evidence, weight, construct = at } = hit;
    // Whether a rule reports such findings at all is the same at every level it may be given.
    if (levelOf("warning", evidence, weight, rule.differs) === "off") continue;
    const message = guarded(rule, failures, () => hit.message(file));
    if (message === undefined || at.tree !== tree) continue;
    findings.push({
      rule,
      message: sentence(message),
      range: rangeOf(at),
      related,
      evidence,
      weight,
      construct: rangeOf(construct),
    });
  }
}

function consumerOf(piece: Piece): string {
  return `findings:${piece.id}`;
}

/** One construct, one finding: a rule is not reported where one that overrides it reports the same code. */
function withoutOverridden(findings: readonly PieceFinding[]): readonly PieceFinding[] {
  if (findings.length < 2) return findings;
  const constructs = new Map<string, Range[]>();
  for (const { rule, construct } of findings)
    for (const overridden of rule.overrides) {
      const known = constructs.get(overridden);
      if (known) known.push(construct);
      else constructs.set(overridden, [construct]);
    }
  if (constructs.size === 0) return findings;
  const overriding = new Map([...constructs].map(([rule, ranges]) => [rule, new RangeIndex(ranges)]));
  return findings.filter((it) => !overriding.get(it.rule.name)?.overlaps(it.construct));
}

function keyOf({ start, end }: Range): string {
  return `${start} ${end}`;
}
