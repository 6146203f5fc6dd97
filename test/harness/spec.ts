/**
 * Reads a rule's test page: headings are cases, `# expect: name` marks the line of a finding, a `python fixed` block is the text after the fixes.
 * For the proof that a fix keeps behaviour a case may have a `python setup` block (code that comes first), a `python run` block (code that uses the program, run before and after),
 * a line `Differs: nan, empty: why` (the inputs for which a fix to review owns up to another outcome) or a line `Not run: why`.
 */

export interface Case {
  readonly title: string;
  /** `wakes` if a finding is expected, else `sleeps`. */
  readonly kind: "wakes" | "sleeps";
  readonly source: string;
  /** Rule names expected, by line from 0. */
  readonly expected: ReadonlyMap<number, readonly string[]>;
  readonly fixed: string | undefined;
  /** A case may name the target Python in its block's info string: `python 3.12`. */
  readonly python: string | undefined;
  readonly proof: ProofNotes;
}

/** What a page says of running a program before and after its fixes. */
export interface ProofNotes {
  /** Code that runs before the program: it binds names the program leaves open, and may fill `takes`, functions from a variation to a parameter's value, by its name. */
  readonly setup: string;
  readonly driver: string;
  /** Variations of the inputs; see test/proof/prover/inputs.py. */
  readonly differs: readonly string[];
  /** Why they differ. */
  readonly why: string | undefined;
  /** Why it cannot be run; undefined where it is. */
  readonly notRun: string | undefined;
}

const EXPECT = /[ \t]*# expect: ([\w/, -]+)$/;

/** A section of this name is no case: it holds the notes of the rule's own example of that number. */
const EXAMPLE = /^Example (\d+)$/;
/** Nor is this one: it holds what the rule's gain is measured on. */
const GAIN = "Gain";

export function readSpec(markdown: string): readonly Case[] {
  return sectionsOf(markdown).filter(({ title }) => !EXAMPLE.test(title) && title !== GAIN).map(({ title, text, blocks }): Case => {
    const before = blocks.find((it) => it.info === "" || VERSION.test(it.info));
    if (!before) throw new Error(`"${title}" has no python block`);

    const expected = new Map<number, readonly string[]>();
    const lines = before.code.split("\n").map((line, index) => {
      const names = EXPECT.exec(line)?.[1];
      if (names) expected.set(index, names.split(",").map((it) => it.trim()));
      return line.replace(EXPECT, "");
    });
    return {
      title,
      kind: expected.size > 0 ? "wakes" : "sleeps",
      source: lines.join("\n"),
      expected,
      fixed: blocks.find((it) => it.info === "fixed")?.code,
      python: VERSION.test(before.info) ? before.info : undefined,
      proof: notesOf(text, blocks),
    };
  });
}

/** The notes of the rule's own examples, by their number from 1. */
export function readExampleNotes(markdown: string): ReadonlyMap<number, ProofNotes> {
  return new Map(sectionsOf(markdown).flatMap(({ title, text, blocks }) => {
    const number = EXAMPLE.exec(title)?.[1];
    return number === undefined ? [] : [[Number(number), notesOf(text, blocks)]];
  }));
}

/** The block of Python that a rule's gain is measured with. */
export function readGain(markdown: string): string | undefined {
  return sectionsOf(markdown).find(({ title }) => title === GAIN)?.blocks.find((it) => it.info === "gain")?.code;
}

interface Block {
  readonly info: string;
  readonly code: string;
}

const VERSION = /^3\.\d+$/;

function sectionsOf(markdown: string): readonly { readonly title: string; readonly text: string; readonly blocks: readonly Block[] }[] {
  return markdown.split(/^## /m).slice(1).map((text) => ({
    title: text.slice(0, text.indexOf("\n")).trim(),
    text,
    blocks: [...text.matchAll(/^```python([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, info = "", code = ""]) => ({ info: info.trim(), code })),
  }));
}

function notesOf(text: string, blocks: readonly Block[]): ProofNotes {
  return {
    setup: blocks.find((it) => it.info === "setup")?.code ?? "",
    driver: blocks.find((it) => it.info === "run")?.code ?? "",
    differs: /^Differs: ([a-z, ]+)/m.exec(text)?.[1]?.split(",").map((it) => it.trim()) ?? [],
    why: /^Differs: [a-z, ]+: (.+)$/m.exec(text)?.[1],
    notRun: /^Not run: (.+)$/m.exec(text)?.[1],
  };
}
