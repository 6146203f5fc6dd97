/**
 * Reads a rule's test page: headings are cases, `# expect: name` marks the line of a finding, a `python fixed` block is the text after the fixes.
 * Where a line can carry no comment, `# expect-next: name` on a line of its own above it does, or `# expect-next 3: name` three lines above:
 * such a line is no part of the program, so it may stand inside a string.
 * A case for a rule about configurations is a block of toml, ini or text with the name of its file: ```toml pyproject.toml.
 * For the proof that a fix keeps behaviour a case may have a `python setup` block (code that comes first), a `python run` block (code that uses the program, run before and after),
 * a `python processes` block (code that uses the program as a script with processes, run before and after under spawn and fork),
 * a line `Differs: nan, empty: why` (the inputs for which a review fix has a known difference) or a line `Not run: why`.
 */

import { readTarget, targetSettings, type Settings } from "../../analysis/analyzer.js";
import type { PythonVersion } from "../../analysis/semantics/python-version.js";

/** Where a program stands that no configuration is. */
export const MODULE = "module.py";

export interface Case {
  readonly title: string;
  /** `invalid` if a finding is expected, else `valid`. */
  readonly kind: "invalid" | "valid";
  readonly source: string;
  /** Of a configuration, its name; undefined for Python. */
  readonly file: string | undefined;
  /** Rule names expected, by line from 0. */
  readonly expected: ReadonlyMap<number, readonly string[]>;
  readonly fixed: string | undefined;
  /** Other rules that report the same code, rightly: a line `Also reported: area/name`. */
  readonly also: readonly string[];
  /** A case may name the target Python in its block's info string: `python 3.12`. */
  readonly python: string | undefined;
  /** And versions of libraries, as requirements: `python torch==1.8.1 pandas>=1.5`. */
  readonly libraries: Settings["libraries"];
  readonly proof: ProofNotes;
}

/** What a page says of running a program before and after its fixes. */
export interface ProofNotes {
  /** Code that runs before the program: it binds names the program leaves open, and may fill `takes`, functions from a variation to a parameter's value, by its name. */
  readonly setup: string;
  readonly driver: string;
  /** Code that uses the program as a script of its own, with each way to start processes: see test/proof/processes.test.ts. Empty where it is run like any other. */
  readonly processes: string;
  /** Variations of the inputs; see test/proof/prover/inputs.py. */
  readonly differs: readonly string[];
  /** Why they differ. */
  readonly why: string | undefined;
  /** Why it cannot be run; undefined where it is. */
  readonly notRun: string | undefined;
}

const EXPECT = /[ \t]*# expect: ([\w/, -]+)$/;
const EXPECT_NEXT = /^[ \t]*# expect-next(?: (\d+))?: ([\w/, -]+)$/;

/** A section of this name is no case: it holds the notes of the rule's own example of that number. */
const EXAMPLE = /^Example (\d+)$/;
/** Nor is this one: it holds what the rule's gain is measured on. */
const GAIN = "Gain";

export function readSpec(markdown: string): readonly Case[] {
  return sectionsOf(markdown)
    .filter(({ title }) => !EXAMPLE.test(title) && title !== GAIN)
    .map(({ title, text, blocks }): Case => {
      const [before, second] = blocks.filter((it) => it.file !== undefined || wordsOf(it.info).every(isTarget));
      if (!before) throw new Error(`"${title}" has no python block`);
      // A second program would be read by nobody.
      if (second) throw new Error(`"${title}" has two programs: each needs a heading of its own`);

      const { source, expected } = readExpected(before.code);
      return {
        title,
        kind: expected.size > 0 ? "invalid" : "valid",
        source,
        file: before.file,
        expected,
        fixed: blocks.find((it) => it.info === "fixed")?.code,
        also:
          /^Also reported: (.+)$/m
            .exec(text)?.[1]
            ?.split(",")
            .map((it) => it.trim()) ?? [],
        python: wordsOf(before.info).find((it) => VERSION.test(it)),
        libraries: librariesIn(wordsOf(before.info).filter((it) => REQUIREMENT.test(it))),
        proof: notesOf(text, blocks),
      };
    });
}

/** Takes the marks out of a program: what is left, and the rules they name, by line from 0. */
function readExpected(code: string): Pick<Case, "source" | "expected"> {
  const expected = new Map<number, readonly string[]>();
  const lines: string[] = [];
  const expect = (line: number, names: string) =>
    expected.set(line, [...(expected.get(line) ?? []), ...names.split(",").map((it) => it.trim())]);
  for (const line of code.split("\n")) {
    const [, distance = "1", next] = EXPECT_NEXT.exec(line) ?? [];
    if (next !== undefined) {
      expect(lines.length + Number(distance) - 1, next);
      continue;
    }
    const here = EXPECT.exec(line)?.[1];
    if (here !== undefined) expect(lines.length, here);
    lines.push(line.replace(EXPECT, ""));
  }
  return { source: lines.join("\n"), expected };
}

/** The notes of the rule's own examples, by their number from 1. */
export function readExampleNotes(markdown: string): ReadonlyMap<number, ProofNotes> {
  return new Map(
    sectionsOf(markdown).flatMap(({ title, text, blocks }) => {
      const number = EXAMPLE.exec(title)?.[1];
      return number === undefined ? [] : [[Number(number), notesOf(text, blocks)]];
    }),
  );
}

/** The block of Python that a rule's gain is measured with. */
export function readGain(markdown: string): string | undefined {
  return sectionsOf(markdown)
    .find(({ title }) => title === GAIN)
    ?.blocks.find((it) => it.info === "gain")?.code;
}

interface Block {
  readonly file: string | undefined;
  readonly info: string;
  readonly code: string;
}

const VERSION = /^3\.\d+t?$/;
const REQUIREMENT = /^[\w.-]+(?:,?(?:==|>=|<)\d[\w.]*)+$/;
const isTarget = (word: string) => VERSION.test(word) || REQUIREMENT.test(word);
const wordsOf = (info: string) => info.split(/\s+/).filter((it) => it !== "");

/** Read as a project's own requirements are. */
function librariesIn(requirements: readonly string[]): Settings["libraries"] {
  return targetSettings(readTarget(new Map([["requirements.txt", requirements.join("\n")]]))).libraries ?? {};
}

/** What a case says of the project that it is part of. */
export function settingsOf({ python, libraries }: Pick<Case, "python" | "libraries">): Partial<Settings> {
  return { ...(python !== undefined && { python: python as PythonVersion }), libraries };
}

function sectionsOf(
  markdown: string,
): readonly { readonly title: string; readonly text: string; readonly blocks: readonly Block[] }[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((text) => ({
      title: text.slice(0, text.indexOf("\n")).trim(),
      text,
      blocks: [...text.matchAll(/^```(python|toml|ini|text)([^\n]*)\n([\s\S]*?)^```$/gm)].map(
        ([, language, words = "", code = ""]): Block => {
          const info = words.trim();
          const isNamed = language !== "python" && info !== "fixed";
          return {
            file: isNamed ? wordsOf(info)[0] : undefined,
            info: isNamed ? wordsOf(info).slice(1).join(" ") : info,
            code,
          };
        },
      ),
    }));
}

function notesOf(text: string, blocks: readonly Block[]): ProofNotes {
  return {
    setup: blocks.find((it) => it.info === "setup")?.code ?? "",
    driver: blocks.find((it) => it.info === "run")?.code ?? "",
    processes: blocks.find((it) => it.info === "processes")?.code ?? "",
    differs:
      /^Differs: ([a-z, ]+)/m
        .exec(text)?.[1]
        ?.split(",")
        .map((it) => it.trim()) ?? [],
    why: /^Differs: [a-z, ]+: (.+)$/m.exec(text)?.[1],
    notRun: /^Not run: (.+)$/m.exec(text)?.[1],
  };
}
