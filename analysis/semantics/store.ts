/**
 * Remembers answers with the questions they rest on, so that after an edit only what was really asked is asked again.
 *
 * Two sorts of keys: inputs (what a piece contributes; the document says which changed) and facts (computed, named `fact:name`).
 * A fact that is computed anew and comes out with the same print changes nothing for those who asked it.
 */

type Key = string;
/** For a fact, its print when it was asked; for an input, nothing: an input that changed is always a change. */
type Asked = Map<Key, string | undefined>;

interface Answer {
  readonly value: unknown;
  readonly print: string;
  readonly asked: Asked;
  isSuspect: boolean;
}

interface Frame {
  readonly key: Key;
  readonly asked: Asked;
  /** The answer rests on a question still open below this depth: true only inside that question, so not kept. */
  openDepth: number;
}

export interface Evaluator<T> {
  compute(name: string): T;
  /** What of the value others may rely on. Equal prints mean equal answers. */
  print(value: T): string;
  /** Given to whoever asks while the answer is being computed. */
  readonly whenCircular: T;
}

export interface Consumer {
  readonly asked: ReadonlyMap<Key, string | undefined>;
}

export class Store {
  readonly #answers = new Map<Key, Answer>();
  readonly #askers = new Map<Key, Set<Key>>();
  readonly #frames: Frame[] = [];
  /** How many facts were computed since the store was made: tests count it. */
  computed = 0;

  constructor(private evaluators: Readonly<Record<string, Evaluator<unknown>>> = {}) {}

  /** After an edit the same answers are kept, but computed from the new document from now on. */
  setEvaluators(evaluators: Readonly<Record<string, Evaluator<unknown>>>): void {
    this.evaluators = evaluators;
  }

  note(input: Key): void {
    const frame = this.#frames.at(-1);
    if (frame && !frame.asked.has(input)) frame.asked.set(input, undefined);
  }

  ask<T>(fact: string, name: string): T {
    const key = `${fact}:${name}`;
    const evaluator = this.evaluators[fact] as Evaluator<T> | undefined;
    if (!evaluator) throw new Error(`no fact is called ${fact}`);

    const depth = this.#frames.findIndex((it) => it.key === key);
    if (depth >= 0) {
      for (const frame of this.#frames.slice(depth + 1)) frame.openDepth = Math.min(frame.openDepth, depth);
      return evaluator.whenCircular;
    }

    const known = this.#answers.get(key);
    const answer = known && !known.isSuspect ? known : this.#compute(key, evaluator, name);
    this.#frames.at(-1)?.asked.set(key, answer.print);
    return answer.value as T;
  }

  /** Runs something that asks, and returns what it asked, to be checked by `isStale` later. */
  record<T>(consumer: Key, run: () => T): { readonly value: T; readonly asked: Asked } {
    const frame: Frame = { key: consumer, asked: new Map(), openDepth: Infinity };
    this.#frames.push(frame);
    try {
      return { value: run(), asked: frame.asked };
    } finally {
      this.#frames.pop();
      this.#register(consumer, frame.asked);
    }
  }

  /** Told which inputs changed; returns the keys of all consumers that may be concerned. */
  invalidate(inputs: Iterable<Key>): Set<Key> {
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
  isStale(asked: ReadonlyMap<Key, string | undefined>, changedInputs: ReadonlySet<Key>): boolean {
    for (const [key, print] of asked) {
      if (print === undefined ? changedInputs.has(key) : this.#printOf(key) !== print) return true;
    }
    return false;
  }

  /** Forgets a consumer that no longer exists. */
  forget(consumer: Key, asked: ReadonlyMap<Key, string | undefined>): void {
    for (const key of asked.keys()) this.#askers.get(key)?.delete(consumer);
  }

  #printOf(key: Key): string {
    const answer = this.#answers.get(key);
    if (answer && !answer.isSuspect) return answer.print;
    const colon = key.indexOf(":");
    const evaluator = this.evaluators[key.slice(0, colon)];
    return evaluator ? this.#compute(key, evaluator, key.slice(colon + 1)).print : "";
  }

  #compute(key: Key, evaluator: Evaluator<unknown>, name: string): Answer {
    this.computed++;
    const frame: Frame = { key, asked: new Map(), openDepth: Infinity };
    this.#frames.push(frame);
    let value: unknown;
    try {
      value = evaluator.compute(name);
    } finally {
      this.#frames.pop();
    }
    const answer: Answer = { value, print: evaluator.print(value), asked: frame.asked, isSuspect: false };
    if (frame.openDepth >= this.#frames.length) {
      this.#answers.set(key, answer);
      this.#register(key, frame.asked);
    } else {
      // Not kept, so what it asked is asked by whoever stands below.
      for (const [asked, print] of frame.asked) this.#frames.at(-1)?.asked.set(asked, print);
      this.#answers.delete(key);
    }
    return answer;
  }

  #register(asker: Key, asked: Asked): void {
    for (const key of asked.keys()) {
      const askers = this.#askers.get(key);
      if (askers) askers.add(asker);
      else this.#askers.set(key, new Set([asker]));
    }
  }
}
