/** What language models read of Nippy's answers: plain lines, as many as there is room for, and a word on what was left out. */

import type { Checked, CheckedFinding, SafeFixes } from "../server/protocol.js";

/** How much room an answer has: the number of its tokens that may be used, and how to count them. */
export interface Room {
  readonly tokens: number;
  count(text: string): PromiseLike<number>;
}

/** Where nobody says how much room there is, this many tokens of four characters. */
const USUAL: Room = { tokens: 4000, count: (text) => Promise.resolve(Math.ceil(text.length / 4)) };

/** `shown` says a file as the model is to name it. */
export function checkText(checked: Checked, shown: (uri: string) => string, room: Room = USUAL): Promise<string> {
  const { files, total, findings, isComplete } = checked;
  const end = isComplete ? "" : " The check was cancelled: this is a part.";
  if (total === 0) return Promise.resolve(`No findings in ${files} ${files === 1 ? "file" : "files"}.${end}`);
  const head = `${total} ${total === 1 ? "finding" : "findings"} in ${files} ${files === 1 ? "file" : "files"}, those that matter most first.${end}`;
  const lines = findings.map((it, index) => `${index + 1}. ${findingLine(it, shown)}`);
  return fitted(head, lines, total, "findings", room);
}

function findingLine({ uri, line, column, level, rule, message, fix }: CheckedFinding, shown: (uri: string) => string) {
  const repair = fix === null ? "no fix" : `${fix} fix`;
  return `${shown(uri)}:${line}:${column} ${level} ${rule} [${repair}] ${message}`;
}

export function fixesText({ files, fixes }: SafeFixes, room: Room = USUAL): Promise<string> {
  if (fixes === 0) return Promise.resolve("There is no safe fix here.");
  const head = `${fixes} safe ${fixes === 1 ? "fix" : "fixes"} in ${files.length} ${files.length === 1 ? "file" : "files"}. Nothing was written: apply these diffs as they are.`;
  return fitted(
    head,
    files.map((it) => it.diff),
    files.length,
    "files",
    room,
  );
}

/** As many parts as fit behind the head; each length is tried at most once, by halving. */
async function fitted(
  head: string,
  parts: readonly string[],
  total: number,
  what: string,
  room: Room,
): Promise<string> {
  const textOf = (kept: number) => {
    const rest = total - kept;
    const left = rest === 0 ? [] : [`${rest} more ${what} are not shown: ask for fewer files, rules or levels.`];
    return [head, ...parts.slice(0, kept), ...left].join("\n");
  };
  let fits = 0;
  for (let low = 1, high = parts.length; low <= high; ) {
    // All of it is the usual case.
    const middle = high === parts.length && low === 1 ? high : Math.ceil((low + high) / 2);
    if ((await room.count(textOf(middle))) <= room.tokens) {
      fits = middle;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return textOf(fits);
}
