/**
 * `node out/scripts/originality.js FOLDER`: fingerprints every run of eight words in the texts that Nippy was taught from,
 * so that a test can hold our own sentences and code against them without having those texts. Writes test/originality.bin.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const RUN = 8;
/** Of each fingerprint; with some forty thousand of them an accidental match is one in several million. */
const BYTES = 5;
const FILE = "test/originality.bin";

/** Words that any Python has to say, whoever writes it. */
const CODE_WORDS = new Set(
  (
    "false none true and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise " +
    "return try while with yield self cls args kwargs func wrapper print range len int float str list dict"
  ).split(" "),
);
const IMPORT = /^\s*(import|from) [\w.]+( import .*| as \w+)?$/;

export interface Word {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** In code the words of the language itself and whole import lines do not count. */
export function wordsOf(text: string, isCode: boolean): readonly Word[] {
  return text.split("\n").flatMap((source, index) => {
    if (isCode && IMPORT.test(source)) return [];
    const words = (source.match(/[A-Za-z0-9']+/g) ?? []).map((it) => it.toLowerCase());
    return words.filter((it) => !isCode || !CODE_WORDS.has(it)).map((it) => ({ text: it, line: index + 1 }));
  });
}

export function fingerprint(run: string): string {
  return createHash("sha256")
    .update(run)
    .digest("hex")
    .slice(0, BYTES * 2);
}

export function runsIn(words: readonly Word[]): readonly Word[] {
  return words.slice(0, Math.max(0, words.length - RUN + 1)).map(({ line }, index) => ({
    line,
    text: words
      .slice(index, index + RUN)
      .map((it) => it.text)
      .join(" "),
  }));
}

export function readFingerprints(): ReadonlySet<string> {
  const hex = readFileSync(FILE).toString("hex");
  return new Set(hex.match(new RegExp(`.{${BYTES * 2}}`, "g")) ?? []);
}

function write(folder: string): void {
  const found = new Set<string>();
  for (const file of readdirSync(folder).filter((it) => /\.(txt|md)$/.test(it))) {
    const text = readFileSync(join(folder, file), "utf8");
    const prose = text
      .split("\n")
      .filter((it) => !IMPORT.test(it))
      .join("\n");
    for (const words of [wordsOf(prose, false), wordsOf(text, true)])
      for (const run of runsIn(words)) found.add(fingerprint(run.text));
  }
  writeFileSync(FILE, Buffer.from([...found].sort().join(""), "hex"));
  console.log(`${FILE}: ${found.size} runs`);
}

const [, script = "", folder] = process.argv;
if (/originality\.m?js$/.test(script) && folder !== undefined) write(folder);
