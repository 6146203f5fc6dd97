/** Names that all hang on each other: what one of them is may be asked on as many ways as there are orders of them, and is not. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { Store } from "../../analysis/semantics/store.js";
import { random } from "../harness/random.js";
import { inRepository } from "./repository.js";

const NAMES = [..."abcdefghijklmnopqrst"];

/** Each name's answer is the names that are known to lead to it, in the order of the alphabet. */
function circleOf(names: readonly string[], after: (name: string) => readonly string[] = () => names): Store {
  const store: Store = new Store(() => ({
    compute: (name) =>
      [
        ...new Set([name, ...after(name).flatMap((it) => (it === name ? [] : store.ask<string[]>("reach", it)))]),
      ].sort(),
    print: String,
    whenCircular: [],
  }));
  return store;
}

describe("a circle of names", () => {
  it("is answered after a number of questions that grows with it, not with its ways", () => {
    for (const count of [8, 12, 16, 20]) {
      const names = NAMES.slice(0, count);
      const store = circleOf(names);
      assert.deepEqual(store.ask("reach", "a"), names);
      assert.ok(store.computed < 5_000, `${count} names: ${store.computed}`);
    }
  });

  it("leaves what does not hang on it as it is, whoever asks first", () => {
    // Two circles, of which the first asks the second.
    const [first, second] = [NAMES.slice(0, 10), NAMES.slice(10)];
    const after = (name: string) => (first.includes(name) ? [...first, second[0]!] : second);
    const alone = circleOf(NAMES, after);
    const within = circleOf(NAMES, after);
    within.ask("reach", "a");
    const { computed } = within;
    assert.deepEqual(within.ask("reach", second[0]!), alone.ask("reach", second[0]!));
    assert.equal(within.computed, computed);
  });

  it(
    "in a program of a thousand lines ends",
    inRepository({}, ({ write, survives }) => {
      const { below, pick } = random(7);
      const name = () => pick([..."abcdefgh"]);
      const statement = () =>
        pick([
          `${name()} = ${name()}`,
          `${name()} = ${name()}[${name()}]`,
          `${name()} += ${name()}`,
          `${name()}, ${name()} = ${name()}, ${name()}`,
          `${name()} = [${name()} for ${name()} in ${name()}]`,
        ]);
      const lines: string[] = [];
      let indent = "";
      for (let count = 0; count < 1_000; count++) {
        if (below(6) === 0 && indent.length < 8) {
          lines.push(`${indent}while ${name()}:`);
          indent += " ";
        } else if (below(12) === 0) {
          lines.push(`${indent}pass`);
          indent = indent.slice(1);
        }
        lines.push(`${indent}${statement()}`);
      }
      write("a.py", `${lines.join("\n")}\n`);
      assert.doesNotMatch(survives("check", "--no-cache").stderr, /error/);
    }),
  );
});
