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

/** Statements in which a name stands for itself, or two stand for each other. `m` is the name of a member. */
const CIRCLES: readonly ((a: string, b: string, m: string) => string)[] = [
  (a) => `${a} = ${a}`,
  (a, b) => `${a} = ${b}`,
  (a, b) => `${a}, ${b} = ${b}, ${a}`,
  (a) => `${a} = [${a}]`,
  (a, b) => `${a} = (${a}, ${b})`,
  (a, b) => `${a} = {${b}: ${a}}`,
  (a, b) => `${a} = [${b} for ${b} in ${a}]`,
  (a) => `${a} = list(${a})`,
  (a) => `${a} = sorted(${a})`,
  (a) => `${a} = str(${a})`,
  (a) => `${a} = ${a}(${a})`,
  (a, b) => `${a} = ${a}[${b}]`,
  (a, _b, m) => `${a} = ${a}.${m}`,
  (a) => `${a} = ${a}.copy()`,
  (a, b) => `${a} = ${a}.to(${b})`,
  (a, b) => `${a} = ${a} + ${b}`,
  (a, b) => `${a} = ${a} or ${b}`,
  (a, b) => `${a} = ${a} if ${b} else ${a}`,
  (a, b) => `${a} += ${b}`,
  (a) => `${a} = lambda: ${a}`,
  (a) => `${a}: ${a} = ${a}`,
  (a) => `type ${a} = ${a}`,
  (a) => `for ${a} in ${a}: pass`,
  (a, b) => `for ${a} in ${b}: ${b} = ${a}`,
  (a) => `while ${a}: ${a} = ${a}.next`,
  (a) => `with ${a} as ${a}: pass`,
  (a, b) => `async with ${a} as ${b}: pass`,
  (a) => `if (${a} := ${a}): pass`,
  (a, _b, m) => `def ${m}(${a}=${m}): return ${m}(${a})`,
  (_a, _b, m) => `class ${m}(${m}): pass`,
  (a, b) => `import ${a} as ${b}`,
  (a) => `global ${a}`,
  (a) => `@${a}`,
  (a) => `await ${a}`,
  (a) => `yield ${a}`,
  (a) => `return ${a}`,
];
const KEYWORD =
  /^(?:False|None|True|and|as|assert|async|await|break|case|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|match|nonlocal|not|or|pass|raise|return|try|type|while|with|yield)$/;

/** A copy with statements between its lines that lead names back to themselves: what follows names must come to an end. */
export function tangled(chance: Random, from: readonly string[]): string {
  const source = chance.pick(from);
  const lines = source.split("\n");
  const names = (source.match(/\b[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?/g) ?? []).filter((it) => !KEYWORD.test(it));
  if (names.length === 0) return source;
  for (let count = 1 + chance.below(4); count > 0; count--) {
    const at = chance.below(lines.length);
    const member = chance.pick(names).replace(/.*\./, "");
    const circle = chance.pick(CIRCLES)(chance.pick(names), chance.pick(names), member);
    lines.splice(at, 0, `${/^[ \t]*/.exec(lines[at]!)![0]}${circle}`);
  }
  return lines.join("\n");
}
