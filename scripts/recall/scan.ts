/** Runs the candidate queries of rules over folders, and the rules over the files that have candidates: what they say, and where they are silent. */
import type { Range } from "../../analysis/analyzer.js";
import { readConfiguration } from "../../analysis/configuration/settings-tree.js";
import { toldPath, settingsFor, type Tools } from "../corpus/scan.js";
import { pythonLinesIn, readText, type Folder } from "../corpus/folders.js";
import { placesIn, type Place } from "../corpus/places.js";
import { coverage, type Spoken } from "./cover.js";
import { candidatesIn, mayMatch, queriesOf, type Query } from "./query.js";

/** A candidate that the rule says nothing about. */
export interface Silent extends Place {
  readonly kind: string;
  /** All of the node; start and end are those of what its query matched. */
  readonly node: Range;
  readonly start: number;
  readonly end: number;
}

/** A candidate that a rule reports counts as reported, and so does a finding that no candidate stands for. */
export type Count = readonly [candidates: number, reported: number, inTests: number, reportedInTests: number];

export interface RecallScan {
  readonly folder: Folder;
  readonly files: number;
  readonly lines: number;
  /** By rule. */
  readonly counts: ReadonlyMap<string, Count>;
  readonly silent: readonly Silent[];
  /** Findings that no candidate stands for. */
  readonly outside: readonly Place[];
  readonly problems: readonly string[];
}

type Queries = ReadonlyMap<string, readonly Query[]>;

export function queriesFor({ asked }: Tools): Queries {
  return new Map(asked.map((it) => [it.name, queriesOf(it.name)]));
}

export function scanForRecall(tools: Tools, queries: Queries, folder: Folder): RecallScan {
  const counts = new Map<string, Count>();
  const silent: Silent[] = [];
  const outside: Place[] = [];
  const problems: string[] = [];
  let lines = 0;
  for (const path of folder.paths) {
    const read = readText(folder, path);
    if ("problem" in read) {
      problems.push(`${folder.name}/${path}: ${read.problem}`);
      continue;
    }
    lines += pythonLinesIn(path, read.text);
    const woken = [...queries].filter(([, own]) => own.some((it) => mayMatch(it, read.text)));
    if (woken.length === 0) continue;
    const tree = readConfiguration(read.text, path) ?? tools.parser.parse(read.text);
    const found = woken.flatMap(([rule, own]) => {
      const candidates = candidatesIn(tree, own);
      return candidates.length > 0 ? [{ rule, candidates }] : [];
    });
    if (found.length === 0) continue;
    const said = findingsOf(tools, folder, path, read.text, new Set(found.map((it) => it.rule)), problems);
    const placeOf = placesIn(folder.name, path, read.text);
    for (const { rule, candidates } of found) {
      const own = coverage(candidates, said.own.get(rule) ?? []);
      // Where a rule that overrides this one speaks, the reader is told already: that is no place to judge.
      const left = candidates.filter((it) => !own.spoken.has(it));
      const told = coverage(left, said.overriding.get(rule) ?? []).spoken;
      const places = candidates.map((it) => ({ it, place: placeOf(rule, it.start) }));
      silent.push(
        ...places.flatMap(({ it: { node, start, end }, place }, index) =>
          own.spoken.has(candidates[index]!) || told.has(candidates[index]!)
            ? []
            : [{ ...place, kind: node.kind, node: { start: node.start, end: node.end }, start, end }],
        ),
      );
      outside.push(...own.outside.map((it) => placeOf(rule, it.at.start)));
      const reported = own.spoken.size + own.outside.length;
      const all = candidates.length - told.size + own.outside.length;
      const isTest = places[0]!.place.isTest;
      const before = counts.get(rule) ?? [0, 0, 0, 0];
      const added = [all, reported, isTest ? all : 0, isTest ? reported : 0];
      counts.set(rule, before.map((it, index) => it + added[index]!) as unknown as Count);
    }
  }
  return { folder, files: folder.paths.length, lines, counts, silent, outside, problems };
}

interface Said {
  readonly own: ReadonlyMap<string, readonly Spoken[]>;
  /** By the rule that gives way. */
  readonly overriding: ReadonlyMap<string, readonly Spoken[]>;
}

/** At all levels. A rule that is off by default is asked in a run of its own, because it may override one that is on. */
function findingsOf(
  tools: Tools,
  folder: Folder,
  path: string,
  text: string,
  wanted: ReadonlySet<string>,
  problems: string[],
): Said {
  const { analyzer, asked, rules } = tools;
  const off = new Set(asked.filter((it) => it.level === "off").map((it) => it.name));
  const overrides = new Map(rules.map((it) => [it.name, it.overrides]));
  const own = new Map<string, Spoken[]>();
  const overriding = new Map<string, Spoken[]>();
  const add = (to: Map<string, Spoken[]>, rule: string, it: Spoken) => to.set(rule, [...(to.get(rule) ?? []), it]);
  for (const withOff of [...wanted].some((it) => off.has(it)) ? [false, true] : [false]) {
    const { findings, failures } = analyzer.report(
      analyzer.open(text, settingsFor(tools, folder, withOff), toldPath(folder, path)),
    );
    for (const { rule, error } of failures)
      problems.push(`${folder.name}/${path}: ${rule} failed: ${(error as Error).message}`);
    for (const finding of findings) {
      if (withOff !== off.has(finding.rule)) continue;
      const spoken = { at: finding.range, construct: analyzer.constructOf(finding) };
      add(own, finding.rule, spoken);
      if (!withOff) for (const it of overrides.get(finding.rule) ?? []) add(overriding, it, spoken);
    }
  }
  return { own, overriding };
}
