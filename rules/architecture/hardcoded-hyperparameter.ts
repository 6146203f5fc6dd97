/** Numbers that decide a training, written in the middle of it. */

import { defineRule, excerpt, functionAround, integerOf, type Node } from "../../analysis/authoring.js";

export default defineRule({
  title: "Hyperparameter written into the training code",
  why: "A rate or size that stands in the middle of a function cannot be tried out or recorded without changing the code. As a parameter, or a field of a configuration, it has a name, one place and a trace in the log.",
  guide: "configuration",
  level: "hint",
  gain: "clarity",
  words: ["fit", "backward"],

  examples: [
    {
      before: `
def train(model, data, make_optimizer):
    optimizer = make_optimizer(model.parameters(), lr=0.001)
    for batch in data:
        model(batch).backward()
        optimizer.step()
`,
      after: `
def train(model, data, make_optimizer, rate=0.001):
    optimizer = make_optimizer(model.parameters(), lr=rate)
    for batch in data:
        model(batch).backward()
        optimizer.step()
`,
    },
  ],

  on: ["keyword_argument"],

  find(node, { facts }) {
    const name = node.field("name")?.text ?? "";
    const value = node.field("value");
    if (!NAMES.test(name) || !value || !/^(?:integer|float)$/.test(value.kind) || facts.isTest) return undefined;
    if (integerOf(value) === 1 || integerOf(value) === 0) return undefined;
    const def = functionAround(node);
    const body = def?.field("body");
    if (!body || def!.kind !== "function_definition") return undefined;
    // One finding for a function; the others are named beside it.
    const all = facts.memo("hyperparameters written into a function", body, () =>
      TRAINS.test(body.text) ? body.descendants("keyword_argument").filter((it) => isOne(it)) : [],
    );
    if (all[0] !== node) return undefined;
    return {
      at: node,
      evidence: "proof",
      weight: "light",
      related: all.slice(1, 5).map((it) => ({ at: it, message: "another one" })),
      node,
    };
  },

  message: ({ node }) =>
    `\`${excerpt(node.text, 50)}\` is fixed in the middle of the training; a parameter or a field of a configuration can be set and recorded.`,
});

const NAMES =
  /^(?:lr|learning_rate|batch_size|epochs|num_epochs|n_epochs|weight_decay|dropout|momentum|n_estimators|max_depth)$/;
const TRAINS = /\.(?:fit|backward|train_on_batch|fit_generator)\(/;

const isOne = (node: Node): boolean => {
  const value = node.field("value");
  return (
    NAMES.test(node.field("name")?.text ?? "") &&
    value !== undefined &&
    /^(?:integer|float)$/.test(value.kind) &&
    integerOf(value) !== 1 &&
    integerOf(value) !== 0
  );
};
