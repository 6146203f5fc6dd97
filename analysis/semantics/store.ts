/**
 * Remembers answers with the questions they rest on, so that after an edit only what was really asked is asked again.
 *
 * Two sorts of keys: inputs (what a piece contributes; the document says which changed) and facts (computed, named `fact:name`).
 * A fact that is computed anew and comes out with the same print changes nothing for those who asked it.
 */

import { effort, TookTooLong } from "../syntax/effort.js";

type Key = string;
/** For a fact, its print when it was asked; for an input, nothing: an input that changed is always a change. */
export type Asked = ReadonlyMap<Key, Print | undefined>;

interface Answer {
  readonly value: unknown;
  /** It would have taken too long: whoever asks is told so, each time. */
  readonly isTooLong: boolean;
  readonly print: Print;
  readonly asked: Asked;
  isSuspect: boolean;
}

/** What of an answer others may rely on. Most prints are never compared, so it is made when it first is; then the answer itself is let go. */
class Print {
  #text = "";
  #make: ((value: unknown) => string) | undefined;
  #value: unknown;

  constructor(make: (value: unknown) => string, value: unknown) {
    this.#make = make;
    this.#value = value;
  }

  get text(): string {
    if (this.#make) {
      this.#text = this.#make(this.#value);
      this.#make = this.#value = undefined;
    }
    return this.#text;
  }
}

/** What whoever answers a question jots down on the way. It is dropped with the question, so it can rest on nothing that was not noted. */
export interface Scratch {
  readonly types: Map<object, unknown>;
  readonly names: Map<object, string | undefined>;
  /** What else, each under a name of its own. Most questions need none of it. */
  more: Map<string, Map<object, unknown>>;
  /** Of the type that is being worked out, for who has to end somewhere. */
  depth: number;
  /** How often a type was called unknown because it was being worked out already, or too deep: what rests on that is not kept. */
  cuts: number;
}

export function makeScratch(): Scratch {
  return { types: new Map(), names: new Map(), more: NOTHING_MORE, depth: 0, cuts: 0 };
}

/** Replaced by the first entry. */
const NOTHING_MORE = new Map<string, Map<object, unknown>>();

/** What is jotted down under a name. */
export function jottings(scratch: Scratch, name: string): Map<object, unknown> {
  if (scratch.more === NOTHING_MORE) scratch.more = new Map();
  let known = scratch.more.get(name);
  if (!known) scratch.more.set(name, (known = new Map()));
  return known;
}

interface Frame {
  readonly key: Key;
  readonly asked: Map<Key, Print | undefined>;
  scratch: Scratch | undefined;
  /** The answer rests on a question still open below this depth: true only inside that question, so not kept. */
  openDepth: number;
  /** Answers that rest on this one while it is open, counted … */
  dropped: number;
  /** … and kept until it is answered, once there are too many. */
  meanwhile: Map<Key, Answer> | undefined;
}

export interface Evaluator<T> {
  compute(name: string): T;
  /** What of the value others may rely on. Equal prints mean equal answers. */
  print(value: T): string;
  /** Given to whoever asks while the answer is being computed. */
  readonly whenCircular: T;
}

/** By the name of the fact. */
export type Evaluators = (fact: string) => Evaluator<unknown> | undefined;

/**
 * Questions that may be open at once. A longer row of them (a thousand functions, each returning what the next one
 * returns) would exhaust the stack: what lies deeper counts as unknown, as a circle does.
 */
const DEEPEST = 100;

/**
 * Answers that one open question may make others drop, because they hang on it. Each way through ten names that all hang
 * on each other is one, three million in all: from then on what was answered once counts until the question is answered.
 * What is asked elsewhere has no part in that, so an answer that is kept is the same whoever asks first.
 */
const MOST_DROPPED = 25;

export class Store {
  readonly #answers = new Map<Key, Answer>();
  readonly #askers = new Map<Key, Set<Key>>();
  /** Who asked what, not yet entered above: a file that is never edited never needs it. */
  #unentered: (readonly [asker: Key, asked: Asked])[] = [];
  /** Answers that somebody stopped asking, or that nobody noted to have asked. */
  readonly #orphans = new Set<Key>();
  readonly #frames: Frame[] = [];
  /** The last of them: the question that is being answered. */
  #open: Frame | undefined;
  /** How many of them keep what was answered meanwhile. */
  #circles = 0;
  /** How many facts were computed since the store was made: tests count it. */
  computed = 0;

  /** Answers that are kept, and questions that somebody asked: tests count them. */
  get size(): { readonly answers: number; readonly asked: number } {
    this.#enterAskers();
    return { answers: this.#answers.size, asked: this.#askers.size };
  }

  /** @param most nodes that the answer to one question may be given to look at, where whoever asks is limited */
  constructor(
    private evaluatorOf: Evaluators = () => undefined,
    private readonly most = Infinity,
  ) {}

  /** After an edit the same answers are kept, but computed from the new document from now on. */
  setEvaluators(evaluatorOf: Evaluators): void {
    this.evaluatorOf = evaluatorOf;
  }

  /** Of the question that is being answered, if there is one. */
  get scratch(): Scratch | undefined {
    return this.#open && (this.#open.scratch ??= makeScratch());
  }

  note(input: Key): void {
    const asked = this.#open?.asked;
    if (asked && !asked.has(input)) asked.set(input, undefined);
  }

  ask<T>(fact: string, name: string): T {
    const key = `${fact}:${name}`;
    const evaluator = this.evaluatorOf(fact);
    if (!evaluator) throw new Error(`no fact is called ${fact}`);

    const depth = this.#frames.findIndex((it) => it.key === key);
    if (depth >= 0) {
      this.#dependOn(depth);
      return evaluator.whenCircular as T;
    }

    const meanwhile = this.#meanwhile(key);
    if (meanwhile?.isTooLong) throw new TookTooLong();
    if (meanwhile) return meanwhile.value as T;

    const known = this.#answers.get(key);
    if (this.#frames.length > DEEPEST && (!known || known.isSuspect)) {
      this.#open!.asked.set(key, new Print(evaluator.print, evaluator.whenCircular));
      return evaluator.whenCircular as T;
    }
    const answer = known && !known.isSuspect ? known : this.#compute(key, evaluator, name);
    if (this.#open) this.#open.asked.set(key, answer.print);
    else this.#orphans.add(key);
    if (answer.isTooLong) throw new TookTooLong();
    return answer.value as T;
  }

  /** All that is open above the question at that depth hangs on its answer. */
  #dependOn(depth: number): void {
    for (let at = depth + 1; at < this.#frames.length; at++) {
      const frame = this.#frames[at]!;
      frame.openDepth = Math.min(frame.openDepth, depth);
    }
  }

  /** What counts as the answer until the circle that it is part of is closed. */
  #meanwhile(key: Key): Answer | undefined {
    if (this.#circles === 0) return undefined;
    const depth = this.#frames.findIndex((it) => it.meanwhile?.has(key));
    if (depth < 0) return undefined;
    this.#dependOn(depth);
    return this.#frames[depth]!.meanwhile!.get(key);
  }

  /** Runs something that asks, and returns what it asked, to be checked by `isStale` later. */
  record<T>(consumer: Key, run: () => T): { readonly value: T; readonly asked: Asked } {
    const frame = this.#push(consumer);
    try {
      return { value: run(), asked: frame.asked };
    } finally {
      this.#pop();
      this.#unentered.push([consumer, frame.asked]);
    }
  }

  /** Told which inputs changed; returns the keys of all consumers that may be concerned. */
  invalidate(inputs: Iterable<Key>): Set<Key> {
    this.#enterAskers();
    const concerned = new Set<Key>();
    const queue = [...inputs];
    for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
      for (const asker of this.#askers.get(key) ?? []) {
        if (concerned.has(asker)) continue;
        concerned.add(asker);
        const answer = this.#answers.get(asker);
        if (!answer) continue;
        answer.isSuspect = true;
        queue.push(asker);
      }
    }
    return concerned;
  }

  /** Whether an input that was asked changed, or a fact that was asked now has another print. */
  isStale(asked: Asked, changedInputs: ReadonlySet<Key>): boolean {
    for (const [key, print] of asked) {
      if (print === undefined ? changedInputs.has(key) : this.#printOf(key) !== print.text) return true;
    }
    return false;
  }

  /** Forgets a consumer that no longer exists. */
  forget(consumer: Key, asked: Asked): void {
    this.#enterAskers();
    this.#leave(consumer, asked);
  }

  /** Lets go of answers that nobody asks any more. Meant for when all consumers have been looked at: until then they may be asked again. */
  tidy(): void {
    if (this.#orphans.size === 0) return;
    this.#enterAskers();
    for (const key of this.#orphans) {
      const answer = this.#answers.get(key);
      if (!answer || this.#askers.has(key)) continue;
      this.#answers.delete(key);
      this.#leave(key, answer.asked);
    }
    this.#orphans.clear();
  }

  /** An asker asks no longer what it asked, except for what it asks now. */
  #leave(asker: Key, asked: Asked, now?: Asked): void {
    for (const key of asked.keys()) {
      if (now?.has(key)) continue;
      const askers = this.#askers.get(key);
      if (!askers?.delete(asker) || askers.size > 0) continue;
      this.#askers.delete(key);
      this.#orphans.add(key);
    }
  }

  #printOf(key: Key): string {
    const answer = this.#answers.get(key);
    if (answer && !answer.isSuspect) return answer.print.text;
    const colon = key.indexOf(":");
    const evaluator = this.evaluatorOf(key.slice(0, colon));
    return evaluator ? this.#compute(key, evaluator, key.slice(colon + 1)).print.text : "";
  }

  #compute(key: Key, evaluator: Evaluator<unknown>, name: string): Answer {
    this.computed++;
    // Whoever asked before compares with it, and must not hold on to an old version's nodes for that.
    this.#answers.get(key)?.print.text;
    const frame = this.#push(key);
    let value: unknown;
    let isTooLong = false;
    // It is paid by nobody in particular: who asks first must not fare worse than who asks next.
    const { spent, limit } = effort;
    effort.spent = 0;
    if (limit < Infinity) effort.limit = this.most;
    try {
      value = evaluator.compute(name);
    } catch (error) {
      if (!(error instanceof TookTooLong)) throw error;
      isTooLong = true;
    } finally {
      effort.spent = spent;
      effort.limit = limit;
      this.#pop();
    }
    const print = isTooLong ? new Print(() => "took too long", undefined) : new Print(evaluator.print, value);
    const answer: Answer = { value, isTooLong, print, asked: frame.asked, isSuspect: false };
    const before = this.#answers.get(key);
    const isKept = frame.openDepth >= this.#frames.length;
    if (before) this.#leave(key, before.asked, isKept ? frame.asked : undefined);
    if (isKept) {
      this.#answers.set(key, answer);
      this.#unentered.push([key, frame.asked]);
    } else {
      // Not kept, so what it asked is asked by whoever stands below.
      for (const [asked, print] of frame.asked) this.#open?.asked.set(asked, print);
      this.#answers.delete(key);
      const circle = this.#frames[frame.openDepth]!;
      if (++circle.dropped > MOST_DROPPED) {
        if (!circle.meanwhile) this.#circles++;
        (circle.meanwhile ??= new Map()).set(key, answer);
      }
    }
    return answer;
  }

  #push(key: Key): Frame {
    const frame: Frame = {
      key,
      asked: new Map(),
      scratch: undefined,
      openDepth: Infinity,
      dropped: 0,
      meanwhile: undefined,
    };
    this.#frames.push(frame);
    this.#open = frame;
    return frame;
  }

  #pop(): void {
    if (this.#frames.pop()?.meanwhile) this.#circles--;
    this.#open = this.#frames.at(-1);
  }

  #enterAskers(): void {
    for (const [asker, asked] of this.#unentered) {
      for (const key of asked.keys()) {
        const askers = this.#askers.get(key);
        if (askers) askers.add(asker);
        else this.#askers.set(key, new Set([asker]));
      }
    }
    this.#unentered = [];
  }
}
