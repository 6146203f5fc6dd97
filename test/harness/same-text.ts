/** Compares two texts of several lines; the failure shows them as one, line by line. */
import { AssertionError } from "node:assert/strict";
import { diffArrays } from "diff";

/** @throws an AssertionError that shows lines that should not be there with `-` and missing ones with `+` */
export function assertSameText(actual: string, expected: string, message: string): void {
  if (actual === expected) return;
  const lines = diffArrays(actual.split("\n"), expected.split("\n")).flatMap(({ added, removed, value }) =>
    value.map((it) => `${added ? "+" : removed ? "-" : " "} ${it}`),
  );
  // Without `actual` and `expected`: mocha would show them a second time.
  throw new AssertionError({ message: `${message} (- is, + should be):\n\n${lines.join("\n")}\n` });
}
