/** The text of `nippy --help` and `nippy COMMAND --help`, laid out from the tables of options. */

import { COMMANDS, GENERAL, type CommandName, type CommandTable, type Option } from "./options.js";

export function help(topic: CommandName | undefined): string {
  return topic === undefined ? overview() : helpOf(topic, COMMANDS[topic]);
}

function overview(): string {
  const commands = Object.entries<CommandTable>(COMMANDS).map(
    ([name, it]): Row => [`${name} ${it.operands}`.trim(), it.summary],
  );
  return [
    "Nippy finds Python that is slower, heavier or more fragile than it needs to be, says why, and repairs it.",
    "",
    "Usage: nippy COMMAND [OPTION…]",
    "",
    "Commands:",
    ...aligned(commands),
    "",
    "Options:",
    ...aligned(GENERAL.map(rowOf)),
    "",
    "Examples:",
    ...aligned([
      ["nippy check", "check the Python of the current folder"],
      ["nippy check src --fix", "repair what can be repaired without changing behaviour"],
      ["nippy explain pandas/iterrows", "read about one rule"],
      ["nippy check --help", "all options of check"],
    ]),
    "",
    EXIT_CODES,
    "",
  ].join("\n");
}

const EXIT_CODES =
  "Exit codes: 0 nothing to show, 1 findings, 2 something went wrong. Findings below --min-level do not count.";

function helpOf(name: CommandName, { operands, summary, options }: CommandTable): string {
  const usage = ["Usage: nippy", name, operands, "[OPTION…]"].filter((it) => it !== "").join(" ");
  const exits = name === "check" ? [EXIT_CODES, ""] : [];
  return [summary, "", usage, "", "Options:", ...aligned([...options, ...GENERAL].map(rowOf)), "", ...exits].join("\n");
}

type Row = readonly [string, string];

function rowOf({ name, short, value, help: text }: Option): Row {
  const long = value === undefined ? `--${name}` : `--${name} ${value}`;
  return [short === undefined ? `    ${long}` : `-${short}, ${long}`, text];
}

function aligned(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
