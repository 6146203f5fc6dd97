/** What a text must not have when a terminal or a log of a build server shows it. */

import assert from "node:assert/strict";

/** Control characters other than a new line, and marks that reorder text. */
export const FORBIDDEN = /(?!\n)[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const COLORS = /\u001b\[\d{1,2}m/g;
export const LOG_COMMAND = /##\w*\[/;

export function assertSafe(what: string, text: string, isGithub = false): void {
  const plain = text.replace(COLORS, "");
  const found = FORBIDDEN.exec(plain) ?? LOG_COMMAND.exec(plain);
  assert.equal(found, null, `${what}: ${JSON.stringify(plain.slice(found?.index ?? 0).slice(0, 100))}`);
  const commands = plain.split("\n").filter((it) => it.trimStart().startsWith("::"));
  // The report for GitHub is made of commands, of three kinds.
  const strange = isGithub ? commands.filter((it) => !/^::(?:error|warning|notice) title=Nippy/.test(it)) : commands;
  assert.deepEqual(strange, [], what);
}
