/** The analyzer: snapshots of texts, their reports, their fixes. */

import { leftImports } from "../rule/left-imports.js";
import { isAtLeast, levelOf, valueOf } from "../rule/levels.js";
import { declined, safetyOf, type Declined, type Fix, type Rule } from "../rule/rule.js";
import { ruleDocument, ruleNote, rulePage } from "../rule/page.js";
import { Reserved, type ChosenName } from "../semantics/chosen-names.js";
import type { FactsOptions } from "../semantics/facts.js";
import { readConfiguration, SettingsTree } from "../configuration/settings-tree.js";
import { absolute, documentOf, openDocument, pieceAt, textIn, type Document } from "../semantics/document.js";
import { firstDamage } from "../syntax/damage.js";
import { firstIndented, firstMisread } from "../syntax/misread.js";
import { effort } from "../syntax/effort.js";
import type { ReadText } from "../syntax/text-reader.js";
import { lineIndexOf, type LineIndex } from "../text/line-index.js";
import { sentence } from "../text/sentence.js";
import { applyEdits, type Range, type TextEdit } from "../text/range.js";
import { compatible, importsTogether, textEdits } from "./apply-fixes.js";
import { differenceIn, fitsIn, moved } from "./areas.js";
import { Budget, LIMITS, type Limits } from "./budget.js";
import { constructAt } from "./constructs.js";
import type {
  Analyzer,
  AnalyzerOptions,
  FixedText,
  FixFilter,
  ReadyFix,
  ReadyRefactoring,
  Snapshot,
  WantedFix,
} from "./contract.js";
import { dispatchFor, rulesFor } from "./dispatch.js";
import { fingerprintsOf } from "./fingerprints.js";
import { wordBefore } from "./place.js";
import { proposalsAt, type Proposed } from "./refactorings.js";
import { tookTooLong, type CommentProblem, type Finding, type Report, type RuleFailure } from "./report.js";
import { definedAt, growthSentence } from "./growth-note.js";
import { guarded } from "./run-rule.js";
import { matcher, type Settings } from "./settings.js";
import { soundFix } from "./sound-fix.js";
import { AnalysisState } from "./state.js";
import { suppressEdit } from "./suppress.js";
import {
  blocksOf,
  commentProblems,
  isForFile,
  MOST_TOLD,
  silencer,
  suppressionsIn,
  type Suppression,
} from "./suppressions.js";
import { Silenced, unusedIn } from "./unused-suppressions.js";
import { isNotebook } from "./walked.js";

const NOTHING_KNOWN: ReadonlySet<string> = new Set();

/** The names that a fix chose, by the fix. */
const namesOf = new WeakMap<Fix | Declined, readonly ChosenName[]>();

const chosenBy = (made: Fix | Declined | undefined): readonly ChosenName[] => (made && namesOf.get(made)) ?? [];

/** A name may have been asked for inside a function, and be given to the module. */
function placed(names: readonly ChosenName[], { edits }: Fix): readonly ChosenName[] {
  const bound = new Set(
    edits.flatMap(({ at, text }) => {
      const isAtMargin = at.start === 0 || at.tree.text[at.start - 1] === "\n";
      return [...text.matchAll(AT_MARGIN)].flatMap(({ index, 1: def, 2: name }) =>
        index > 0 || isAtMargin ? [def ?? name] : [],
      );
    }),
  );
  return names.map((it) => (bound.has(it.name) ? { ...it, scope: undefined } : it));
}

/** What a line without indentation defines. */
const AT_MARGIN = /^(?:(?:async )?def|class) (\w+)|^(\w+) *[:=]/gm;

const TOO_LONG = "working it out takes too long here";

/** Rounds of "fix all": more means that two fixes undo each other. */
const ROUNDS = 10;

/** Held by the snapshot itself: values of a long-lived WeakMap would outlive every small collection, and with them all that was made for a file. */
class Inner implements Snapshot {
  report: Report | undefined = undefined;
  fingerprints: ReadonlyMap<Finding, string> | undefined = undefined;
  /** What rules answered when asked to repair a finding. */
  readonly answers = new Map<Finding, Fix | Declined | undefined>();
  /** What they may look at for that, all findings of a rule together: a file may hold tens of thousands. */
  readonly fixing: Budget;
  #lines: LineIndex | undefined = undefined;

  /** @param state shared with later versions; of use only while it still stands at this version's document */
  constructor(
    readonly maker: object,
    readonly document: Document,
    readonly state: AnalysisState,
    readonly settings: Settings,
    readonly path: string,
    /** Fingerprints of findings that are not reported. */
    readonly known: ReadonlySet<string>,
    limits: Limits,
  ) {
    this.fixing = new Budget(limits);
  }

  get text(): string {
    return this.document.text;
  }

  get lines(): LineIndex {
    return (this.#lines ??= lineIndexOf(this.document.pieces, this.document.starts));
  }

  textOf(range: Range): string {
    return textIn(this.document, range);
  }
}

/** A class: a getter in an object literal would give each report a hidden class of its own, and that outlives every small collection with all that was made for the file. */
class FoundReport implements Report {
  readonly #findBroken: () => Report["broken"];

  constructor(
    readonly findings: Report["findings"],
    readonly failures: Report["failures"],
    readonly comments: Report["comments"],
    findBroken: () => Report["broken"],
  ) {
    this.#findBroken = findBroken;
  }

  get broken(): Report["broken"] {
    return this.#findBroken();
  }
}

interface HasEdits {
  readonly edits: readonly TextEdit[];
}

/** The fixes that went in, and the text they made. */
interface PutIn {
  readonly accepted: readonly HasEdits[];
  readonly edits: readonly TextEdit[];
  readonly next: Snapshot;
}

export function createAnalyzer({
  parser,
  rules,
  guide,
  guideUrl,
  constructs = [],
  refactorings = [],
  onFixFailure,
  limits = LIMITS,
}: AnalyzerOptions): Analyzer {
  const maker = {};
  const origins = new WeakMap<Finding, { readonly rule: Rule; readonly construct: Range }>();
  const byName = new Map(rules.map((it) => [it.name, it]));
  const ruleNames = [...byName.keys()];

  const open = (
    text: string | ReadText,
    settings: Settings,
    path: string,
    known: ReadonlySet<string> = NOTHING_KNOWN,
  ): Snapshot => {
    const configuration = readConfiguration(typeof text === "string" ? text : text.text, path);
    const document = configuration ? documentOf(configuration) : openDocument(text, parser);
    const state = new AnalysisState(document, optionsOf(settings, path), limits);
    return new Inner(maker, document, state, settings, path, known, limits);
  };

  const innerOf = (snapshot: Snapshot): Inner => {
    if (!(snapshot instanceof Inner) || snapshot.maker !== maker)
      throw new Error("this snapshot was made by another analyzer");
    return snapshot;
  };

  /** The state at this very version: a superseded snapshot that is still asked gets one of its own. */
  const stateOf = ({ document, state }: Inner, snapshot: Snapshot): AnalysisState =>
    state.current === document
      ? state
      : new AnalysisState(document, optionsOf(snapshot.settings, snapshot.path), limits);

  const edit = (snapshot: Snapshot, changes: readonly TextEdit[]): Snapshot => {
    const inner = innerOf(snapshot);
    if (changes.length === 0) return snapshot;
    // A configuration is short, and what stands in one line may belong to a table far above.
    if (inner.state.current !== inner.document || isConfiguration(inner.document)) {
      return open(
        changes.reduce((text, change) => applyEdits(text, [change]), snapshot.text),
        snapshot.settings,
        snapshot.path,
        inner.known,
      );
    }
    for (const change of changes) inner.state.edit(change, parser);
    return new Inner(maker, inner.state.current, inner.state, snapshot.settings, snapshot.path, inner.known, limits);
  };

  const report = (snapshot: Snapshot): Report => {
    const inner = innerOf(snapshot);
    return (inner.report ??= withoutKnown(inner, analyse(snapshot, inner)));
  };

  const fingerprints = (snapshot: Snapshot): ReadonlyMap<Finding, string> => {
    const inner = innerOf(snapshot);
    return (inner.fingerprints ??= fingerprintsOf(inner.document, report(snapshot).findings));
  };

  /** Equal findings are counted before some are left out: their names are the same with a baseline and without one. */
  const withoutKnown = (inner: Inner, found: Report): Report => {
    if (inner.known.size === 0) return found;
    const prints = (inner.fingerprints = fingerprintsOf(inner.document, found.findings));
    const fresh = found.findings.filter((it) => !inner.known.has(prints.get(it)!));
    return new FoundReport(fresh, found.failures, found.comments, () => found.broken);
  };

  const sectionOf = (rule: Rule) => ({
    title: guide.find((it) => it.anchor === rule.guide)?.title ?? rule.guide,
    url: guideUrl(rule.guide),
  });

  const analyse = (snapshot: Snapshot, inner: Inner): Report => {
    if (snapshot.path.endsWith(".pyi")) return { findings: [], failures: [], comments: [], broken: undefined };
    const state = stateOf(inner, snapshot);
    const own = rulesFor(rules, isConfiguration(inner.document) ? "configuration" : "python");
    const dispatch = dispatchFor(own, snapshot.settings, state.imports, (it) => state.wordsAmong(it));
    const { starts } = inner.document;
    const results = state.results(dispatch);
    // Most pieces say nothing: they must cost nothing either.
    const speaking: number[] = [];
    for (let index = 0; index < results.length; index++) if (!results[index]!.isSilent) speaking.push(index);
    const wholeFile = silencer(speaking.flatMap((it) => results[it]!.suppressions.filter(isForFile)));
    const marks = speaking.flatMap((it) => marksOf(results[it]!.suppressions, starts[it]!));
    const { blocks, loose } = blocksOf(marks, endOf(inner.document));
    const inBlock = silencer(blocks);
    const describeProblems = commentProblems(ruleNames, snapshot.settings.requireReason);
    // Looked for where somebody asks: an editor seldom does, and it goes through every node of what was typed.
    let brokenPlace: { readonly is: Report["broken"] } | undefined;
    const broken = () => (brokenPlace ??= { is: firstUnread(inner.document, isNotebook(snapshot.path)) }).is;
    const inFile = new Silenced();
    let left = MOST_TOLD;
    const tellUnused = (suppression: Suppression, silenced: Silenced, base: number) => {
      if (left <= 0) return;
      const unused = unusedIn(suppression, silenced, isJudged).slice(0, left);
      left -= unused.length;
      comments.push(...unused.map((it) => problemIn(it, base)));
    };
    const isJudged = (fits: (rule: string) => boolean) =>
      ruleNames.some(fits) && own.every((it) => !fits(it.name) || dispatch.levels.has(it.name));

    // Whoever wrote them knows, or nobody works on them any more.
    const isLeftAlone = [SHOWS_MISTAKES, ARCHIVED, LEFT_BEHIND].some((it) => it.test(snapshot.path));
    const findings: Finding[] = [];
    const failures: RuleFailure[] = [];
    const comments: CommentProblem[] = [];
    for (const index of speaking) {
      const result = results[index]!;
      const base = starts[index]!;
      failures.push(...result.failures);
      for (const problem of describeProblems(result.suppressions))
        comments.push({ ...problem, range: shifted(problem.range, base) });
      const ignored = result.suppressions.filter(({ how }) => how === "ignore");
      const here = silencer(ignored);
      const inPiece = new Silenced();
      for (const found of result.findings) {
        const isInBlock = blocks.length > 0 && inBlock({ ...found, ...inWhole(found, base) });
        if (wholeFile(found) || here(found) || isInBlock) {
          inPiece.add(found.rule.name, found.range.start);
          inFile.add(found.rule.name, found.range.start + base);
          continue;
        }
        const { rule, range, message, related, evidence, weight, construct } = found;
        const stated = levelOf(dispatch.levels.get(rule.name)!, evidence, weight, rule.differs);
        const level = isLeftAlone && stated !== "off" ? "hint" : stated;
        const finding: Finding = {
          rule: rule.name,
          level: level as Finding["level"],
          evidence,
          weight,
          value: valueOf(rule, evidence, weight),
          range: shifted(range, base),
          message,
          guide: rule.guide,
          related: related.map((it) => ({ range: absolute(inner.document, it.at), message: sentence(it.message) })),
        };
        origins.set(finding, { rule, construct: shifted(construct, base) });
        findings.push(finding);
      }
      if (result.failures.length > 0 || inner.document.pieces[index]!.tree.isBroken(0)) continue;
      for (const it of ignored) if (it.governs) tellUnused(it, inPiece, base);
    }
    // In broken code what it ends may stand unseen.
    const isStray = loose.length > 0 && !broken();
    for (const { comment, extent } of loose.slice(0, MOST_TOLD))
      comments.push({
        range: comment,
        message: "Nothing is off here that could be on again.",
        ...(isStray && { unused: { ...extent, text: "" } }),
      });
    // A rule that could not look everywhere may have something to say where it did not.
    if (failures.length === 0) {
      const forFile = speaking.flatMap((index) =>
        results[index]!.suppressions.filter(isForFile).map((it) => [it, starts[index]!] as const),
      );
      const wide = [...forFile, ...blocks.map((it) => [it, 0] as const)];
      if (wide.length > 0 && !broken()) for (const [it, base] of wide) tellUnused(it, inFile, base);
    }
    comments.sort((a, b) => a.range.start - b.range.start);
    findings.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end || (a.rule < b.rule ? -1 : 1));
    return new FoundReport(findings, toldOnce(failures), comments, broken);
  };

  /** What the finding's rule answers when asked for a fix. Kept, as a finding without one is asked at once why there is none. */
  const asked = (snapshot: Snapshot, finding: Finding): Fix | Declined | undefined => {
    const { answers } = innerOf(snapshot);
    if (!answers.has(finding)) answers.set(finding, ask(snapshot, finding));
    return answers.get(finding);
  };

  /** @param reserved names that fixes which go in together with this one have chosen */
  const ask = (snapshot: Snapshot, finding: Finding, reserved?: Reserved): Fix | Declined | undefined => {
    const inner = innerOf(snapshot);
    const rule = origins.get(finding)?.rule ?? byName.get(finding.rule);
    if (!rule || rule.fixes === null) return undefined;
    const { piece, start } = pieceAt(inner.document, finding.range.start);
    // Around a syntax error nobody can say what an edit would do.
    if (piece.tree.isBroken(0)) return declined("there is a syntax error nearby");
    const { fixing } = inner;
    const most = fixing.leftFor(rule);
    if (most <= 0) return declined(TOO_LONG);
    const { hitAt, file, failures: inFinding } = stateOf(inner, snapshot).hits(piece, rule);
    const failures = [...inFinding];
    const hit = hitAt(shifted(finding.range, -start));
    const { choices } = file.facts;
    choices.begin(reserved);
    const since = Date.now();
    const made = hit && guarded(rule, failures, () => soundFix((it) => hit.fix(it), file), most);
    const chosen = choices.end();
    fixing.charge(rule, effort.spent);
    if (fixing.isOver(rule, since)) fixing.exhaust(rule);
    if (made && "edits" in made && chosen.length > 0) namesOf.set(made, placed(chosen, made));
    for (const failure of failures) onFixFailure?.(failure);
    return made ?? (failures.some(tookTooLong) ? declined(TOO_LONG) : undefined);
  };

  const ready = (snapshot: Snapshot, made: Fix | Declined | undefined): ReadyFix | undefined => {
    if (!made || "declined" in made) return undefined;
    const { title, doubts, edits } = made;
    return {
      title: sentence(title),
      safety: safetyOf(made),
      doubts: doubts.map(sentence),
      edits: textEdits(innerOf(snapshot).document, edits),
    };
  };

  const fix = (snapshot: Snapshot, finding: Finding): ReadyFix | undefined => ready(snapshot, asked(snapshot, finding));

  /** The fix for one that goes in together with others: it chooses names that none of them has chosen. Undefined where that cannot be, or `isWanted` says no. */
  const fixBeside = (
    snapshot: Snapshot,
    finding: Finding,
    reserved: Reserved,
    isWanted: (fix: ReadyFix) => boolean,
  ): ReadyFix | undefined => {
    const meets = (made: Fix | Declined | undefined) => chosenBy(made).some((it) => reserved.has(it));
    const alone = asked(snapshot, finding);
    const made = meets(alone) ? ask(snapshot, finding, reserved) : alone;
    const own = meets(made) ? undefined : ready(snapshot, made);
    if (!own || !isWanted(own)) return undefined;
    for (const it of chosenBy(made)) reserved.add(it);
    return own;
  };

  const whyNoFix = (snapshot: Snapshot, finding: Finding): string | undefined => {
    const made = asked(snapshot, finding);
    return made && "declined" in made ? sentence(made.declined) : undefined;
  };

  /** The fixes that go in together and leave the text as whole as it is. One that does not parse keeps only itself out. */
  const putIn = (at: Snapshot, all: readonly HasEdits[], isOver: () => boolean): PutIn | undefined => {
    const put = (chosen: readonly HasEdits[]): PutIn | undefined => {
      const { accepted, edits: given } = compatible(chosen);
      if (accepted.length === 0) return undefined;
      const edits = importsTogether(given);
      const next = open(applyEdits(at.text, edits), at.settings, at.path, innerOf(at).known);
      const isWhole = brokenNodes(innerOf(next).document) <= brokenNodes(innerOf(at).document);
      return isWhole ? { accepted, edits, next } : undefined;
    };
    /** Of some that do not go in together. */
    const sound = (chosen: readonly HasEdits[]): readonly HasEdits[] => {
      const half = chosen.length >> 1;
      if (half === 0) return [];
      return [chosen.slice(0, half), chosen.slice(half)].flatMap((it) => (isOver() ? [] : put(it) ? it : sound(it)));
    };
    return put(all) ?? put(sound(compatible(all).accepted));
  };

  /** Without the imports that no fix alone could take out. Those that a package gives on to others stay. */
  const withoutLeftImports = (before: Snapshot, after: Snapshot, areas: readonly Range[]): PutIn | undefined => {
    if (/(?:^|[\\/])__init__\.py$/.test(after.path)) return undefined;
    const factsOf = (it: Snapshot) => stateOf(innerOf(it), it).file().facts;
    const edits = textEdits(innerOf(after).document, leftImports(factsOf(before), factsOf(after)));
    return edits.length > 0 && fitsIn(areas)(edits) ? putIn(after, [{ edits }], () => true) : undefined;
  };

  const fixAll = (
    snapshot: Snapshot,
    {
      rules: only,
      review = false,
      minLevel = "hint",
      comments = false,
      areas: given = [{ start: 0, end: snapshot.text.length }],
      isOver = () => false,
    }: FixFilter = {},
  ): FixedText => {
    const wanted = only?.map(matcher);
    let at = snapshot;
    let areas = given;
    let applied = 0;
    let first: readonly TextEdit[] = [];
    let rounds = 0;
    let left = limits.nodes;
    let isCut = false;
    for (; rounds < ROUNDS && left > 0; rounds++) {
      const now = report(at);
      const fits = fitsIn(areas);
      const reserved = new Reserved();
      const fixes = now.findings
        .filter(
          (it) =>
            byName.get(it.rule)?.fixes !== null &&
            isAtLeast(it.level, minLevel) &&
            (!wanted || wanted.some((fits) => fits(it.rule))),
        )
        .flatMap((it) => {
          if (left <= 0 || isOver()) return [];
          effort.spent = 0;
          const own = fixBeside(at, it, reserved, ({ safety, edits }) => (safety === "safe" || review) && fits(edits));
          left -= effort.spent;
          return own ? [own] : [];
        });
      const removals = (comments ? now.comments : []).flatMap(({ unused }) =>
        unused && fits([unused]) ? [{ edits: [unused] }] : [],
      );
      const put = putIn(at, [...fixes, ...removals], isOver);
      if (!put) break;
      const { accepted, edits, next } = put;
      if (rounds === 0) first = edits;
      at = next;
      areas = moved(areas, edits);
      applied += accepted.length;
      // What comes next would begin with an analysis of all that changed.
      if (isOver()) {
        isCut = true;
        rounds++;
        break;
      }
    }
    const cleared = applied > 0 && !isCut ? withoutLeftImports(snapshot, at, areas) : undefined;
    if (cleared) {
      at = cleared.next;
      areas = moved(areas, cleared.edits);
      rounds++;
    }
    const edits = rounds === 1 ? first : differenceIn(snapshot.text, given, at.text, areas);
    return { text: at.text, applied, edits, areas };
  };

  const fixesTogether = (snapshot: Snapshot, wanted: (finding: Finding) => boolean): readonly WantedFix[] => {
    const reserved = new Reserved();
    const fixes = report(snapshot).findings.flatMap((it) => {
      const own = wanted(it) ? fixBeside(snapshot, it, reserved, () => true) : undefined;
      return own ? [{ ...own, rule: it.rule }] : [];
    });
    const isSafe = (it: ReadyFix) => it.safety === "safe";
    const { accepted, edits } = compatible([...fixes.filter(isSafe), ...fixes.filter((it) => !isSafe(it))]);
    // Where several need one import, it stands in the edits once.
    const left = new Set(edits);
    return accepted.map((it) => ({ ...it, edits: it.edits.filter((edit) => left.has(edit)) }));
  };

  const refactoringsAt = (snapshot: Snapshot, selection: Range): readonly Proposed[] => {
    const inner = innerOf(snapshot);
    const { piece, start } = pieceAt(inner.document, selection.start);
    const at = { tree: piece.tree, start: selection.start - start, end: selection.end - start };
    // What the selection touches beyond its piece, and what a syntax error leaves unclear, nobody can change well.
    if (at.end > piece.text.length || piece.tree.isBroken(0) || snapshot.path.endsWith(".pyi")) return [];
    if (isConfiguration(inner.document)) return [];
    const state = stateOf(inner, snapshot);
    const failures: RuleFailure[] = [];
    const found = proposalsAt(refactorings, at, state.imports, state.file(), failures);
    for (const failure of failures) onFixFailure?.(failure);
    if (!found.some(({ refactoring }) => refactoring.rules.length > 0)) return found;
    const fixed = report(snapshot).findings.filter(
      (it) => it.range.start < start + piece.text.length && start < it.range.end && byName.get(it.rule)?.fixes,
    );
    return found.filter(({ refactoring }) => !fixed.some((it) => refactoring.rules.includes(it.rule)));
  };

  const refactor = (snapshot: Snapshot, selection: Range, name: string): ReadyRefactoring | undefined => {
    const inner = innerOf(snapshot);
    const proposed = refactoringsAt(snapshot, selection).find((it) => it.refactoring.name === name);
    if (!proposed) return undefined;
    const file = stateOf(inner, snapshot).file();
    const failures: RuleFailure[] = [];
    const made = guarded(proposed.refactoring, failures, () => {
      const outcome = proposed.proposal.apply(file);
      return outcome && { outcome, doubt: proposed.proposal.doubt(file) };
    });
    for (const failure of failures) onFixFailure?.(failure);
    if (!made) return undefined;
    const edits = textEdits(inner.document, made.outcome.edits);
    const next = open(applyEdits(snapshot.text, edits), snapshot.settings, snapshot.path);
    if (brokenNodes(innerOf(next).document) > brokenNodes(inner.document)) return undefined;
    const doubt = made.doubt === undefined ? undefined : sentence(made.doubt);
    return { title: sentence(proposed.title), doubt, edits, files: made.outcome.files ?? [] };
  };

  return {
    rules,
    guide,
    open,
    edit,
    report,
    fix,
    whyNoFix,
    fingerprints,
    constructOf: (finding) => origins.get(finding)?.construct ?? finding.range,
    fixAll,
    fixesTogether,
    findingsAt: (snapshot, range) =>
      report(snapshot).findings.filter((it) => it.range.start <= range.end && range.start <= it.range.end),
    suppress: (snapshot, finding, scope) => suppressEdit(innerOf(snapshot).document, finding, scope),
    suppressedNameAt(snapshot, offset) {
      const inner = innerOf(snapshot);
      const { piece, start } = pieceAt(inner.document, offset);
      const name = suppressionsIn(piece.tree)
        .flatMap((it) => it.names)
        .find(({ range }) => range.start + start <= offset && offset <= range.end + start);
      return name && { name: name.text, range: { start: name.range.start + start, end: name.range.end + start } };
    },
    refactor,
    refactoringsAt(snapshot, selection) {
      return refactoringsAt(snapshot, selection).map(({ refactoring: { name, kind, createsFiles }, title }) => ({
        name,
        kind,
        createsFiles,
        title: sentence(title),
      }));
    },
    constructAt(snapshot, offset) {
      const inner = innerOf(snapshot);
      if (isConfiguration(inner.document)) return undefined;
      const { piece, start } = pieceAt(inner.document, offset);
      const failures: RuleFailure[] = [];
      const match = guarded({ name: "hover" }, failures, () =>
        constructAt(constructs, piece.tree, offset - start, stateOf(inner, snapshot).file()),
      );
      for (const failure of failures) onFixFailure?.(failure);
      if (!match) return undefined;
      const { construct, here, range } = match;
      return {
        name: construct.name,
        guide: construct.guide,
        here: here === undefined ? undefined : sentence(here),
        says: construct.says,
        range: shifted(range, start),
      };
    },
    growthAt(snapshot, offset) {
      const inner = innerOf(snapshot);
      if (isConfiguration(inner.document)) return undefined;
      const { piece, start } = pieceAt(inner.document, offset);
      const def = definedAt(piece.tree, offset - start);
      if (!def) return undefined;
      const [from, to] = [def.outer.start + start, def.outer.end + start];
      const matters = ({ range, rule, level, weight }: Finding) =>
        from <= range.start &&
        range.end <= to &&
        (weight === "heavy" || (weight === "unknown" && level !== "hint" && isAboutTime(byName.get(rule))));
      if (!report(snapshot).findings.some(matters)) return undefined;
      const failures: RuleFailure[] = [];
      const here = guarded({ name: "hover" }, failures, () =>
        growthSentence(def, stateOf(inner, snapshot).file().facts),
      );
      for (const failure of failures) onFixFailure?.(failure);
      return here === undefined
        ? undefined
        : {
            name: "growth",
            guide: "complexity",
            here: sentence(here),
            says: "Counted are steps of Python and elements of arrays, in the worst case.",
            range: shifted({ start: def.nameNode.start, end: def.nameNode.end }, start),
          };
    },
    wordBefore: (snapshot, offset) => wordBefore(innerOf(snapshot).document, snapshot.lines, offset),
    rule: (name) => byName.get(name),
    page: (rule) => rulePage(rule, { guide: sectionOf(rule) }),
    document: (rule) => ruleDocument(rule, { guide: sectionOf(rule) }),
    note: (rule, url, menu) => ruleNote(rule, { guide: sectionOf(rule), url, ...(menu !== undefined && { menu }) }),
  };
}

/** What describes a project is looked at by rules of its own. */
function isConfiguration({ pieces: [first] }: Document): boolean {
  return first?.tree instanceof SettingsTree;
}

function isAboutTime(rule: Rule | undefined): boolean {
  return rule?.gain === "time" || rule?.gain === "complexity";
}

/** A rule that took too long rests in many pieces, and it is one thing to say. */
function toldOnce(failures: readonly RuleFailure[]): readonly RuleFailure[] {
  const told = new Set<string>();
  return failures.filter((it) => !tookTooLong(it) || (!told.has(it.rule) && told.add(it.rule)));
}

/** In offsets of the file. */
function inWhole({ range, construct }: { readonly range: Range; readonly construct: Range }, base: number) {
  return { range: shifted(range, base), construct: shifted(construct, base) };
}

function problemIn({ unused, ...problem }: CommentProblem, base: number): CommentProblem {
  return {
    ...problem,
    range: shifted(problem.range, base),
    ...(unused && { unused: { ...shifted(unused, base), text: unused.text } }),
  };
}

/** What is switched off and on, in offsets of the file. */
function marksOf(suppressions: readonly Suppression[], base: number): readonly Suppression[] {
  return suppressions
    .filter(({ how }) => how !== "ignore")
    .map((it) => ({
      ...it,
      names: it.names.map((name) => ({ ...name, range: shifted(name.range, base) })),
      comment: shifted(it.comment, base),
      extent: shifted(it.extent, base),
    }));
}

function endOf({ pieces, starts }: Document): number {
  return (starts.at(-1) ?? 0) + (pieces.at(-1)?.text.length ?? 0);
}

/** The first place that is no Python. */
function firstBroken({ pieces, starts }: Document): Range | undefined {
  for (let index = 0; index < pieces.length; index++) {
    const { tree } = pieces[index]!;
    const at = tree.isBroken(0) ? firstDamage(tree) : undefined;
    if (at !== undefined) return shifted({ start: at, end: at }, starts[index]!);
  }
  return undefined;
}

/** The first place that is no Python. */
function firstUnread(document: Document, inNotebook: boolean): Report["broken"] {
  // Whoever reads a configuration says what is wrong in it.
  if (isConfiguration(document)) return undefined;
  return firstBroken(document) ?? firstMisreadIn(document, inNotebook);
}

/** The first place that is understood, and yet no Python. */
function firstMisreadIn({ pieces, starts }: Document, inNotebook: boolean): Report["broken"] {
  let isBegun = inNotebook;
  for (let index = 0; index < pieces.length; index++) {
    if (!isBegun) {
      const at = firstIndented(pieces[index]!.tree);
      if (typeof at === "number") return { ...shifted({ start: at, end: at }, starts[index]!), why: "indentation" };
      isBegun = at === "none";
    }
    const found = firstMisread(pieces[index]!.tree, inNotebook, pieces[index]!.role === "class-head");
    if (found) {
      const { at, ...why } = found;
      return { ...shifted({ start: at, end: at }, starts[index]!), ...why };
    }
  }
  return undefined;
}

function shifted(range: Range, by: number): Range {
  return { start: range.start + by, end: range.end + by };
}

function optionsOf({ python, libraries, lineLength, maxComplexity }: Settings, path: string): FactsOptions {
  const isArchived = ARCHIVED.test(path);
  const isForTerminal = FOR_TERMINAL.test(path);
  const isNotebook = path.endsWith(".ipynb");
  const isTest = isTestPath(path);
  return { python, libraries, lineLength, maxComplexity, isTest, isArchived, isForTerminal, isNotebook };
}

/** Modules that are there to print. */
const FOR_TERMINAL =
  /(^|[\\/])_?(\w+_)?(p?print|prints|printers?|printing|console|cli|terminal|repl|reporters?|progress)\.py$/i;

/** Close above the file: a checkout that lies below such a folder is none. */
const ARCHIVED = /(^|[\\/])(archived?|attic)[\\/]([^\\/]+[\\/]){0,2}[^\\/]+$/i;

/** By its name something took its place: `old/agent.py`, `agent_old.py`. It may still run, so all that is found is told. */
const LEFT_BEHIND =
  /(^|[\\/])(old|obsolete|unused|deprecated)[\\/]([^\\/]+[\\/]){0,2}[^\\/]+$|[^\\/]_(old|obsolete|unused|deprecated)\.\w+$/i;

/** Files of a course or a talk that say by their name that they show a mistake, or how it looks without. Whoever wrote them knows it. */
const SHOWS_MISTAKES =
  /(^|[\\/_-])((bad|wrong)[_-]?(examples?|practices?|code)|good[_-]?examples?)([\\/._-]|$)|(^|[\\/_-])anti[_-]?patterns?([\\/._-]|$)/i;

/** By a folder named for tests close above the file, as a checkout that lies below such a folder is no test, or by the file's name. */
function isTestPath(path: string): boolean | "by name" {
  if (/(^|[\\/])(tests?|e2e(_\w+)?)[\\/](tests?_[^\\/]+[\\/])?([^\\/]+[\\/])?[^\\/]+$/.test(path)) return true;
  if (/(^|[\\/])conftest\.py$/.test(path)) return true;
  return /(^|[\\/])(test_[^\\/]*|[^\\/]*_test)\.py$/.test(path) ? "by name" : false;
}

function brokenNodes(document: Document): number {
  return document.pieces.filter((it) => it.tree.isBroken(0)).length;
}
