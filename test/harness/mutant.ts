/** Damage by seeded chance: stretches dropped, doubled, swapped, cut off, written over, mixed with another text. */
import type { Random } from "./random.js";

const SCRAPS = [
  "(",
  ")",
  "[",
  "\n",
  ":",
  "'",
  '"""',
  "    ",
  "\t",
  "#",
  "=",
  "\0",
  "\ud800",
  "é",
  "\r",
  "\\\n",
  "*",
  "lambda: ",
  "await ",
  "yield ",
  "async ",
];

/** A damaged copy of one of the texts. */
export function mutant(chance: Random, from: readonly string[]): string {
  return damaged(chance.pick(from), chance, from, SCRAPS);
}

/** Bytes that a file system, an editor or a merge may leave behind. */
const RAW = [
  "\0",
  "\xff",
  "\xc3",
  "\x80",
  "\xef\xbb\xbf",
  "\xff\xfe",
  "\r",
  "\x0c",
  "\x1a",
  "\xf0\x9f",
  "\xed\xa0\x80",
  "# coding: latin-1\n",
  "# -*- coding: shift_jis -*-\n",
  "# coding: nonesuch\n",
];
const BYTE_SCRAPS = [
  ...SCRAPS.filter((it) => it !== "\0").map((it) => Buffer.from(it, "utf8").toString("latin1")),
  ...RAW,
];

/** The same of files, byte by byte. */
export function damagedBytes(file: Uint8Array, chance: Random, others: readonly Uint8Array[]): Uint8Array {
  // One unit of a Latin-1 text is one byte.
  const text = Buffer.from(file).toString("latin1");
  const other = Buffer.from(chance.pick(others)).toString("latin1");
  return Buffer.from(damaged(text, chance, [other], BYTE_SCRAPS), "latin1");
}

function damaged(
  source: string,
  { below, pick }: Random,
  others: readonly string[],
  scraps: readonly string[],
): string {
  let text = source;
  for (let count = 1 + below(4); count > 0; count--) {
    const at = below(text.length + 1);
    const length = pick([1, below(12), below(12), below(200)]);
    const end = Math.min(text.length, at + length);
    const far = Math.min(text.length, end + below(40));
    const lines = text.split("\n");
    const [a, b] = [below(lines.length), below(lines.length)];
    const other = pick(others);
    const begin = below(other.length);
    // A name in place of another, or set from another: that closes circles.
    const names = text.slice(at, at + 2000).match(/\b[A-Za-z_]\w*\b/g) ?? ["x"];
    const name = pick(names);
    const place = text.indexOf(name, at);
    const lineStart = text.lastIndexOf("\n", at) + 1;
    const indentation = /^[ \t]*/.exec(text.slice(lineStart))![0];
    text = pick([
      () => (place < 0 ? text : text.slice(0, place) + pick(names) + text.slice(place + name.length)),
      () => `${text.slice(0, lineStart)}${indentation}${name} = ${pick(names)}\n${text.slice(lineStart)}`,
      () => text.slice(0, at) + text.slice(end),
      () => text.slice(0, at) + text.slice(at, end) + text.slice(at),
      () => text.slice(0, at) + text.slice(end, far) + text.slice(at, end) + text.slice(far),
      () => text.slice(0, at) + other.slice(begin, begin + 60) + text.slice(at),
      () => text.slice(0, at) + pick(scraps) + text.slice(at),
      () => text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << below(7))) + text.slice(at + 1),
      () => lines.with(a, lines[b]!).with(b, lines[a]!).join("\n"),
      () => (below(4) > 0 ? text.slice(0, at) + text.slice(end) : pick([text.slice(0, at), text.slice(at)])),
    ])();
  }
  return text;
}
