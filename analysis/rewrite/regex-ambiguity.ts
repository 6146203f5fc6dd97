/** Finds repeats that take the same text in more ways the longer it is, and shows it by matching such a text. */

import type { Part, Pattern, RepeatPart, Signs } from "./regex-pattern.js";

/** A repeat that takes the same text in ever more ways. */
export interface Ambiguity {
  /** The outermost repeat that does it. */
  readonly repeat: RepeatPart;
  /** What a text repeats that takes long, such as `a`. */
  readonly pump: string;
}

/** More single signs than this are too many to look at all pairs of them. */
const MOST_PLACES = 120;
const MOST_PAIRS = 30_000;
/** Matching ends here: it has shown what it is meant to show. */
const MOST_STEPS = 150_000;
/** How much longer it takes with twice the text: more than any power that is met. */
const GROWS = 50;

/** Undefined where no text is found that shows it. `isWhole`: the pattern has to match to the end of the text. */
export function ambiguityOf(pattern: Pattern, isWhole: boolean): Ambiguity | undefined {
  const automaton = new Automaton(pattern.root);
  if (automaton.signs.length > MOST_PLACES) return undefined;
  for (const repeat of automaton.loops) {
    const found = pumpOf(repeat.places, automaton);
    if (!found) continue;
    const pump = found.word.map(lowest);
    const prefix = wayTo(found.from, automaton)?.map(lowest);
    if (prefix && takesLong(pattern, prefix, pump, isWhole))
      return { repeat: repeat.part, pump: String.fromCodePoint(...pump.map((it) => pattern.alphabet[it]!)) };
  }
  return undefined;
}

interface Ends {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly isNullable: boolean;
}

/** Which sign may follow which: a place for every sign of the pattern. An edge that is there twice stands for two ways. */
class Automaton {
  readonly signs: Signs[] = [];
  readonly follow: number[][] = [];
  readonly first: readonly number[];
  readonly loops: { part: RepeatPart; places: ReadonlySet<number> }[] = [];

  constructor(root: Part) {
    this.first = this.build(root).first;
    // The outermost first.
    this.loops.reverse().sort((a, b) => b.places.size - a.places.size);
  }

  private build(part: Part): Ends {
    switch (part.kind) {
      case "sign": {
        const place = this.signs.push(part.signs) - 1;
        this.follow.push([]);
        return { first: [place], last: [place], isNullable: false };
      }
      case "sequence":
        return part.parts.reduce<Ends>((done, it) => this.joined(done, this.build(it)), NOTHING);
      case "choice": {
        const options = part.options.map((it) => this.build(it));
        return {
          first: options.flatMap((it) => it.first),
          last: options.flatMap((it) => it.last),
          isNullable: options.some((it) => it.isNullable),
        };
      }
      case "group":
      case "atomic":
        return this.build(part.part);
      case "repeat":
        return this.repeat(part);
      default:
        return NOTHING;
    }
  }

  private joined(a: Ends, b: Ends): Ends {
    this.link(a.last, b.first);
    return {
      first: a.isNullable ? [...a.first, ...b.first] : a.first,
      last: b.isNullable ? [...a.last, ...b.last] : b.last,
      isNullable: a.isNullable && b.isNullable,
    };
  }

  private link(from: readonly number[], to: readonly number[]): void {
    if (this.signs.length <= MOST_PLACES) for (const it of from) this.follow[it]!.push(...to);
  }

  private repeat(part: RepeatPart): Ends {
    const start = this.signs.length;
    let ends = NOTHING;
    const copies = part.most === Infinity ? Math.max(1, Math.min(part.least, 3)) : Math.min(part.most, 6);
    for (let copy = 0; copy < copies && this.signs.length <= MOST_PLACES; copy++) {
      const from = this.signs.length;
      const made = this.build(part.part);
      const isLast = copy === copies - 1;
      if (part.most === Infinity && isLast) {
        this.link(made.last, made.first);
        const places = Array.from({ length: this.signs.length - from }, (_, index) => from + index);
        this.loops.push({ part, places: new Set(places) });
      }
      ends = this.joined(ends, copy < part.least ? made : { ...made, isNullable: true });
    }
    return part.least === 0 ? { ...ends, isNullable: true } : this.signs.length === start ? NOTHING : ends;
  }
}

const NOTHING: Ends = { first: [], last: [], isNullable: true };

interface Pump {
  readonly from: number;
  readonly word: readonly Signs[];
}

/** A word that leads from a place of the loop back to it in two ways. */
function pumpOf(places: ReadonlySet<number>, { signs, follow }: Automaton): Pump | undefined {
  const next = (place: number) => follow[place]!.filter((it) => places.has(it));
  let visited = 0;
  for (const from of places) {
    const start = from * signs.length + from;
    /** Where each pair was come from, before two ways parted (key below zero) and after. */
    const came = new Map<string, string | undefined>([[`${start} one`, undefined]]);
    const queue: [number, number, boolean][] = [[from, from, false]];
    for (const [a, b, hasParted] of queue) {
      const key = `${a * signs.length + b} ${hasParted ? "two" : "one"}`;
      const left = next(a);
      const right = next(b);
      for (const [i, to] of left.entries())
        for (const [j, other] of right.entries()) {
          if (++visited > MOST_PAIRS) return undefined;
          if ((signs[to]! & signs[other]!) === 0n || (!hasParted && j < i)) continue;
          const parts = hasParted || to !== other || (a === b && i !== j);
          const reached = `${to * signs.length + other} ${parts ? "two" : "one"}`;
          if (came.has(reached)) continue;
          came.set(reached, key);
          if (parts && to === from && other === from) return { from, word: wordTo(reached, came, signs) };
          queue.push([to, other, parts]);
        }
    }
  }
  return undefined;
}

function wordTo(
  reached: string,
  came: ReadonlyMap<string, string | undefined>,
  signs: readonly Signs[],
): readonly Signs[] {
  const word: Signs[] = [];
  for (let key: string | undefined = reached; key !== undefined; key = came.get(key)) {
    const pair = parseInt(key, 10);
    word.unshift(signs[Math.floor(pair / signs.length)]! & signs[pair % signs.length]!);
  }
  return word.slice(1);
}

/** The shortest text up to a place, its own sign included. */
function wayTo(place: number, { first, follow, signs }: Automaton): readonly Signs[] | undefined {
  const came = new Map<number, number>(first.map((it) => [it, -1]));
  for (const it of came.keys()) {
    if (it === place) break;
    for (const next of follow[it]!) if (!came.has(next)) came.set(next, it);
  }
  if (!came.has(place)) return undefined;
  const way: Signs[] = [];
  for (let at = place; at >= 0; at = came.get(at)!) way.unshift(signs[at]!);
  return way;
}

/** The place of one sign of a set: a letter, a digit or a space if there is one, else one that can be seen. */
function lowest(signs: Signs): number {
  const plain = [97, 120, 48, 32, 45, ...Array.from({ length: 94 }, (_, index) => 33 + index)];
  return plain.find((it) => ((signs >> BigInt(it)) & 1n) === 1n) ?? firstOf(signs);
}

function firstOf(signs: Signs): number {
  let place = 0;
  while (((signs >> BigInt(place)) & 1n) === 0n) place++;
  return place;
}

/** Ends of a text at which most patterns fail. */
const ENDS: readonly (readonly number[])[] = [[], [33], [10], [0, 0], [97], [48], [32], [34], [131], [60, 10]];

function takesLong(pattern: Pattern, prefix: readonly number[], pump: readonly number[], isWhole: boolean): boolean {
  const text = (turns: number, end: readonly number[]) => [
    ...prefix,
    ...Array.from({ length: turns }, () => pump).flat(),
    ...end,
  ];
  const steps = (turns: number, end: readonly number[]) => stepsOf(pattern, text(turns, end), isWhole);
  return ENDS.some((end) => {
    const short = steps(4, end);
    if (short * GROWS > MOST_STEPS) return steps(1, end) * GROWS <= steps(5, end);
    return short * GROWS <= steps(11, end);
  });
}

/** How many steps Python's way of matching takes from the start of a text; no more than are counted. */
function stepsOf({ root, alphabet, groups }: Pattern, text: readonly number[], isWhole: boolean): number {
  let steps = 0;
  const held: ([number, number] | undefined)[] = new Array<undefined>(groups + 1).fill(undefined);
  const isWord = (at: number) => {
    const code = alphabet[text[at] ?? -1];
    return code !== undefined && /[\p{L}\p{N}_]/u.test(String.fromCodePoint(code));
  };
  const isBreak = (at: number) => alphabet[text[at]!] === 10;

  const holds = (place: string, at: number): boolean => {
    switch (place) {
      case "start":
        return at === 0;
      case "line start":
        return at === 0 || isBreak(at - 1);
      case "end":
        return at === text.length || (at === text.length - 1 && isBreak(at));
      case "line end":
        return at === text.length || isBreak(at);
      case "very end":
        return at === text.length;
      default:
        return (isWord(at - 1) !== isWord(at)) === (place === "word edge");
    }
  };

  const match = (part: Part, at: number, then: (at: number) => boolean): boolean => {
    // Enough is shown: out of all of it.
    if (++steps > MOST_STEPS) return true;
    switch (part.kind) {
      case "sign":
        return at < text.length && ((part.signs >> BigInt(text[at]!)) & 1n) === 1n && then(at + 1);
      case "sequence": {
        const from = (index: number, here: number): boolean =>
          index === part.parts.length ? then(here) : match(part.parts[index]!, here, (next) => from(index + 1, next));
        return from(0, at);
      }
      case "choice":
        return part.options.some((it) => match(it, at, then));
      case "group": {
        const before = held[part.index];
        const isDone = match(part.part, at, (end) => {
          const inner = held[part.index];
          held[part.index] = [at, end];
          if (then(end)) return true;
          held[part.index] = inner;
          return false;
        });
        if (!isDone) held[part.index] = before;
        return isDone;
      }
      case "atomic":
        return alone(part.part, at, then);
      case "place":
        return holds(part.place, at) && then(at);
      case "look":
        return part.isBehind
          ? looksBack(part, at, then)
          : match(part.part, at, () => true) !== part.isNegative && then(at);
      case "back": {
        const [start, end] = held[part.index] ?? [0, -1];
        const isThere = end >= start && text.slice(start, end).every((it, index) => text[at + index] === it);
        return isThere && then(at + end - start);
      }
      case "repeat":
        return part.isPossessive ? alone({ ...part, isPossessive: false }, at, then) : turns(part, at, 0, then);
    }
  };

  const turns = (part: RepeatPart, at: number, done: number, then: (at: number) => boolean): boolean => {
    if (++steps > MOST_STEPS) return true;
    const once = () =>
      done < part.most &&
      match(part.part, at, (next) => (next === at && done >= part.least ? false : turns(part, next, done + 1, then)));
    if (done < part.least) return once();
    return part.isLazy ? then(at) || once() : once() || then(at);
  };

  const alone = (part: Part, at: number, then: (at: number) => boolean): boolean => {
    let end = -1;
    return match(part, at, (it) => ((end = it), true)) && end >= 0 && then(end);
  };

  const looksBack = (part: Extract<Part, { kind: "look" }>, at: number, then: (at: number) => boolean): boolean => {
    let isThere = false;
    for (let start = at; start >= 0 && !isThere; start--) isThere = match(part.part, start, (end) => end === at);
    return isThere !== part.isNegative && then(at);
  };

  match(root, 0, (end) => !isWhole || end === text.length);
  return steps;
}
