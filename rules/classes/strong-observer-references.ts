/** Observers are added to a list and never taken out of it: none of them is ever freed while the subject lives. */

import { defineRule, excerpt, observersOf, type Match, type Observers } from "../../analysis/authoring.js";

interface Strong extends Match {
  readonly observers: Observers;
}

export default defineRule({
  title: "Observers that cannot be taken out again",
  why: "The list keeps every observer, and all that hangs on it, for as long as the subject lives, and goes on calling it. A way to take one out, or weak references, let go of what nobody else needs.",
  guide: "pattern-observer",
  level: "hint",
  gain: "safety",

  examples: [
    {
      before: `
class Subject:
    def __init__(self):
        self._observers = []

    def attach(self, observer):
        self._observers.append(observer)

    def notify(self, event):
        for observer in self._observers:
            observer.update(event)
`,
    },
  ],

  on: ["for_statement"],

  find(_, { facts }, loop): Strong | undefined {
    if (loop.iterable.kind !== "attribute" || facts.isTest) return undefined;
    const observers = observersOf(loop, facts);
    if (!observers || observers.removing) return undefined;
    // What is done step by step is a part of the object and stays with it.
    if (!OBSERVING.test(observers.name) || !ADDING.test(observers.addedIn.name)) return undefined;
    if (/weakref|WeakSet|WeakMethod/.test(observers.adding.text) || facts.view.imports("weakref")) return undefined;
    return {
      at: observers.adding,
      evidence: "fair",
      weight: "unknown",
      observers,
      related: [{ at: loop.iterable, message: "They are called here." }],
    };
  },

  message: ({ observers: { name, info } }) =>
    `Nothing takes an observer out of \`${excerpt(name, 30)}\` again: a \`${excerpt(info.name, 30)}\` keeps and calls each one as long as it lives.`,
});

const OBSERVING = /observer|listener|subscriber|watcher|handler|callback/i;
const ADDING = /^_?(?:add|attach|subscribe|register|observe|listen|connect|on)(?:_|$)/;
