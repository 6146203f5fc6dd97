/** Observers are called one after the other out of the very list that they may take themselves out of. */

import {
  asFor,
  declined,
  defineRule,
  excerpt,
  fixOf,
  observersOf,
  replace,
  type Match,
  type Node,
  type Observers,
} from "../../analysis/authoring.js";

interface Live extends Match {
  readonly at: Node;
  readonly observers: Observers;
  readonly awaits: boolean;
}

export default defineRule({
  title: "Observers called out of a list that may change meanwhile",
  why: "An observer that takes itself out while it is called moves all that follow it: the next one is skipped. A set raises RuntimeError instead. Where the loop awaits, other tasks may change the collection as well.",
  guide: "pattern-observer",
  level: "hint",
  gain: "safety",
  fixes: "review",

  examples: [
    {
      before: `
class Subject:
    def __init__(self):
        self._observers = []

    def attach(self, observer):
        self._observers.append(observer)

    def detach(self, observer):
        self._observers.remove(observer)

    def notify(self, event):
        for observer in self._observers:
            observer.update(event)
`,
      after: `
class Subject:
    def __init__(self):
        self._observers = []

    def attach(self, observer):
        self._observers.append(observer)

    def detach(self, observer):
        self._observers.remove(observer)

    def notify(self, event):
        for observer in list(self._observers):
            observer.update(event)
`,
    },
  ],

  on: ["for_statement"],

  find(_, { facts }, loop): Live | undefined {
    if (loop.iterable.kind !== "attribute") return undefined;
    const observers = observersOf(loop, facts);
    if (!observers?.removing || facts.isTest) return undefined;
    const isTaken = observers.removing.kind === "call";
    if (!isTaken) return undefined;
    return {
      at: loop.iterable,
      evidence: "strong",
      weight: "unknown",
      observers,
      awaits: loop.body.descendants("await").length > 0,
      related: [{ at: observers.removing, message: "It is changed in place here." }],
    };
  },

  message({ at, observers, awaits }) {
    const what = awaits ? "While this waits, others" : "What is called here";
    return `${what} may take something out of \`${excerpt(at.text, 40)}\`${observers.begun === "list" ? ", and the next one is then skipped" : ", which raises RuntimeError"}; go through a copy.`;
  },

  fix({ at }, { facts }) {
    if (!facts.isBuiltin("list", at)) return declined("`list` means something else here");
    if (!asFor(at.parent)) return declined("the loop is written in a form of its own");
    return fixOf(
      "Go through a copy",
      ["one that is taken out meanwhile is still called in this round"],
      [replace(at, `list(${at.text})`)],
    );
  },
});
