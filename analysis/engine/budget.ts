/** What each rule may look at in one file. A rule that wants more rests there, and the others go on. */

import type { Rule } from "../rule/rule.js";

export interface Limits {
  /** Nodes that a rule may be given in one file, in lists: about half a second's worth, and thirty times what a file of the code bases takes. */
  readonly nodes: number;
  /** Milliseconds of a rule in one file, for what does not show in nodes. */
  readonly milliseconds: number;
}

export const LIMITS: Limits = { nodes: 8_000_000, milliseconds: 5_000 };

/** Calls that are given fewer nodes are not written down: nearly all of them. */
export const UNNOTICED = 1_000;
/** The clock is looked at once in so many calls … */
const CALLS = 64;
/** … and at each of the next if these took longer than this, a hundred times what they take: one slow rule stands among many quick ones. */
const SLOW_MILLISECONDS = 20;

/** What rules were given for one piece: few of them much, and mostly none. */
export type Used = ReadonlyMap<Rule, number>;

export class Budget {
  readonly #limits: Limits;
  readonly #used = new Map<Rule, number>();
  #ofPiece: Map<Rule, number> | undefined;
  #waiting: Rule[] | undefined;
  readonly #times = new Map<Rule, number>();
  #calls = 0;
  #lookedAt = 0;
  #isWatching = false;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** What the rule may still be given; nothing or less if it rests. */
  leftFor(rule: Rule): number {
    return this.#limits.nodes - (this.#used.size === 0 ? 0 : (this.#used.get(rule) ?? 0));
  }

  charge(rule: Rule, nodes: number): void {
    this.#ofPiece ??= new Map();
    this.#ofPiece.set(rule, (this.#ofPiece.get(rule) ?? 0) + nodes);
    this.#used.set(rule, (this.#used.get(rule) ?? 0) + nodes);
  }

  exhaust(rule: Rule): void {
    this.charge(rule, Math.max(1, this.leftFor(rule)));
  }

  /** The rule rests in this piece for what it took in others. */
  wait(rule: Rule): void {
    if (this.#ofPiece?.has(rule) || this.#waiting?.includes(rule)) return;
    this.#waiting ??= [];
    this.#waiting.push(rule);
  }

  /** What there is to say of the piece that was looked at: kept with its findings … */
  take(): { readonly used: Used | undefined; readonly waiting: readonly Rule[] | undefined } {
    const taken = { used: this.#ofPiece, waiting: this.#waiting };
    this.#ofPiece = this.#waiting = undefined;
    return taken;
  }

  /** … and given back when the piece is gone. */
  giveBack(used: Used): void {
    for (const [rule, nodes] of used) {
      const left = this.#used.get(rule)! - nodes;
      if (left > 0) this.#used.set(rule, left);
      else this.#used.delete(rule);
      this.#times.delete(rule);
    }
  }

  /** The time now while calls take suspiciously long; undefined as long as all is well. */
  watch(): number | undefined {
    if (++this.#calls % CALLS === 0) {
      const now = Date.now();
      this.#isWatching = this.#lookedAt > 0 && now - this.#lookedAt > SLOW_MILLISECONDS;
      this.#lookedAt = now;
    }
    return this.#isWatching ? Date.now() : undefined;
  }

  /** True once the rule has taken too long altogether. */
  isOver(rule: Rule, since: number): boolean {
    const time = (this.#times.get(rule) ?? 0) + Date.now() - since;
    this.#times.set(rule, time);
    return time > this.#limits.milliseconds;
  }
}
