/** Configurations and comments as chance writes them: the same seed gives the same text. */

import { random, type Random } from "../harness/random.js";

export const ODD = [
  "\u0000",
  "\u001b[31m",
  "\u202e",
  "\u2028",
  "\ud800",
  "é",
  "😀",
  "\t",
  "`",
  "](https://evil.example)",
  "__proto__",
  "constructor",
];
const NAMES = [
  "pandas/iterrows",
  "pandas/*",
  "*",
  "**",
  "pandas/iterows",
  "*a*b*",
  "{a,b*}",
  "!(a)*",
  "[a-",
  "",
  "a".repeat(300),
  "*a".repeat(300),
];

function some<T>(from: readonly T[], most: number, { below, pick }: Random): readonly T[] {
  return Array.from({ length: below(most + 1) }, () => pick(from));
}

/** Comments behind code, on lines of their own, in strings and in the middle of nothing. */
export function commentsOf(seed: number): string {
  const chance = random(seed);
  const { pick, below } = chance;
  const bits = [
    ...[
      "#",
      "# ",
      "nippy:",
      " ignore",
      " ignore-file",
      "[",
      "]",
      ",",
      " noqa",
      ": ",
      "PERF401",
      "E501 ",
      "ruff: ",
      "flake8:",
      "NOQA",
      " because",
    ],
    ...NAMES,
    ...ODD,
  ];
  const line = () => {
    const text = some(bits, 12, chance)
      .join("")
      .repeat(below(20) === 0 ? 400 : 1);
    const comment = pick(["# nippy: ignore[", "# nippy: ignore-file[", "# noqa: ", "#", "# nippy:", ""]) + text;
    return pick([
      `x = 1  # ${comment}`,
      `    # ${comment}`,
      `s = "${comment}`,
      `def f(a,  # ${comment}`,
      `# ${comment}`,
    ]);
  };
  return `${Array.from({ length: 1 + below(12) }, line).join("\n")}\n`;
}

/** Text that may be a configuration: often TOML, sometimes with one of our keys, now and then with something broken in it. */
export function configurationOf(seed: number): string {
  const chance = random(seed);
  const { pick, below } = chance;
  const word = () => some([...NAMES, ...ODD, "a", "-", "."], 3, chance).join("");
  const key = () =>
    pick(["levels", "exclude", "python", "leave-to-ruff", "min-level", "tool", "nippy", JSON.stringify(word())]);
  const value = (depth = 0): string => {
    const kinds = ["text", "level", "number", "truth", "date", "list", "table", "broken"] as const;
    const kind = pick(depth > 3 ? kinds.slice(0, 5) : kinds);
    if (kind === "text") return JSON.stringify(word());
    if (kind === "level") return pick(['"off"', '"error"', '"default"', '"3.11"', '"loud"']);
    if (kind === "number") return pick(["1", "-0", "inf", "nan", "1e999", "9".repeat(40), "0x_1"]);
    if (kind === "truth") return pick(["true", "false", "null"]);
    if (kind === "date") return pick(["1979-05-27", "1979-05-27T07:32:00Z", "99:99:99"]);
    if (kind === "broken") return pick(['"', "[", "{", "'''", "=", ""]);
    const inner = Array.from({ length: below(4) }, () => value(depth + 1));
    return kind === "list" ? `[${inner.join(", ")}]` : `{ ${inner.map((it) => `${key()} = ${it}`).join(", ")} }`;
  };
  const lines = Array.from({ length: below(12) }, () =>
    below(4) === 0
      ? pick(["[levels]", "[tool.nippy]", "[tool.nippy.levels]", `[${key()}.${key()}]`, `[[${key()}]]`])
      : `${key()}${below(5) === 0 ? `.${key()}` : ""} = ${value()}`,
  );
  return lines.join(pick(["\n", "\r\n", "\n\n"])).repeat(below(30) === 0 ? 60 : 1);
}

/** What an editor may send as its settings: any JSON. */
export function valueOf(chance: Random, depth = 0): unknown {
  const { pick, below } = chance;
  const kind = below(depth > 4 ? 4 : 7);
  if (kind === 0) return pick([...NAMES, ...ODD, "off", "3.11"]);
  if (kind === 1) return pick([0, -1, 1e308, true, false, null]);
  if (kind < 4) return pick(["off", "error", "default", "loud"]);
  const inner = Array.from({ length: below(5) }, () => valueOf(chance, depth + 1));
  if (kind === 4) return inner;
  const key = () => pick(["levels", "exclude", "python", "leave-to-ruff", "min-level", ...NAMES, ...ODD]);
  return Object.fromEntries(inner.map((it) => [key(), it]));
}
