/** Edits as people and their editors make them, by seeded chance: typed letter by letter, pasted, taken back, many at once. */
import { applyEdits, type TextEdit } from "../../analysis/analyzer.js";
import type { Random } from "./random.js";

export interface Typist {
  /** The next thing done to the text: replacements one after the other, each in offsets of the text the one before it left. */
  next(text: string): readonly TextEdit[];
}

/** One moment of an action that takes several. */
type Step = (text: string) => readonly TextEdit[];

/** What is typed rather than pasted: it opens, closes, breaks, imports, hides. */
const TYPED = [
  "import pandas as pd\n",
  "import numpy as np\n",
  "from math import *\n",
  "def added(a, b):\n    return a + b\n",
  "class Added(Base):\n    pass\n",
  "for i in range(len(items)):\n    print(items[i])\n",
  "df = None\n",
  "self.items = []\n",
  "global total\n",
  "@functools.cache\n",
  "del df\n",
  "async ",
  "await ",
  "lambda: ",
  "if True:\n    ",
  "else:\n",
  "try:\n",
  "x = 1\n",
  "  # nippy: ignore\n",
  "# nippy: ignore-file\n",
  "  # nippy: ignore[pandas/*]\n",
  "é😀",
  "\\\n",
  "f'{value!r:>{width}}'",
  "return ",
  ";",
  "e",
  "match value:\n    case _:\n        pass\n",
  'print(f"{',
  "b'''",
  "'",
  '"',
  "\t",
];
const HALVES = ["\ud83d", "\ude00", "\u2028", "\f", "\ufeff", "\0", "\v"];
const OPENING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "'": "'", '"': '"' };

/** @param donors texts to paste from */
export function typist(chance: Random, donors: readonly string[]): Typist {
  const { below, pick } = chance;
  const undone: (readonly TextEdit[])[] = [];
  let steps: Step[] = [];
  let caret = 0;

  const chanceOf = (percent: number) => below(100) < percent;
  const at = (text: string) => (chanceOf(30) ? Math.min(caret, text.length) : below(text.length + 1));
  /** A line's start, its text's end and the start of the next one. */
  const lineAt = (text: string, offset: number) => {
    const start = offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
    const newline = text.indexOf("\n", offset);
    const next = newline < 0 ? text.length : newline + 1;
    return { start, next, end: newline < 0 ? next : newline, indentation: /^[ \t]*/.exec(text.slice(start, next))![0] };
  };
  const linesFrom = (text: string, offset: number, count: number) => {
    const lines = [lineAt(text, offset)];
    while (lines.length < count && lines.at(-1)!.next < text.length) lines.push(lineAt(text, lines.at(-1)!.next));
    return lines;
  };
  const stretchOf = (donor: string, lines: number) => {
    const all = linesFrom(donor, below(donor.length + 1), 1 + below(lines));
    return donor.slice(all[0]!.start, all.at(-1)!.next);
  };
  const insert = (offset: number, added: string): readonly TextEdit[] => [{ start: offset, end: offset, text: added }];
  /** From the last place to the first, so that none moves another. */
  const everywhere = (edits: readonly TextEdit[]) => [...edits].sort((a, b) => b.start - a.start);

  const undo: Step = () => undone.pop() ?? [];

  const type = (letters: string): Step[] =>
    [...letters.slice(0, 40)].map((letter) => (text: string) => {
      const closing = chanceOf(50) ? (OPENING[letter] ?? "") : "";
      const start = Math.min(caret, text.length);
      return [{ start, end: start, text: letter + closing }];
    });
  const go = (offset: number, then: Step[]): Step[] => {
    caret = offset;
    return then;
  };

  const changeHead = (text: string, pattern: RegExp): Step[] => {
    const heads = [...text.matchAll(pattern)];
    if (heads.length === 0) return [];
    const { 0: head, index } = pick(heads);
    const [indentation] = /^[ \t]*/.exec(head)!;
    const other = pick([
      pick(heads)[0],
      head.replace(/\w+(?=\W*[:(])/, ""),
      head.replace(/\w+(?=\W*[:(])/, `Head${below(3)}`),
      `${indentation}class Head${below(3)}:\n`,
      `${indentation}@property\n${head}`,
      head.replace(":", ""),
    ]);
    const elsewhere = lineAt(text, at(text)).start;
    return [
      () =>
        pick([
          [{ start: index, end: index + head.length, text: other }],
          [{ start: index, end: index + head.length, text: pick(["", other]) }],
          insert(index, other),
          insert(elsewhere, other),
        ]),
    ];
  };

  const actions: readonly (readonly [weight: number, act: (text: string) => Step[]])[] = [
    [14, (text) => go(at(text), type(pick([pick(TYPED), stretchOf(pick(donors), 1)])))],
    [
      10,
      (text) => {
        const line = lineAt(text, at(text));
        return [() => insert(line.end, `\n${line.indentation}`), ...type(stretchOf(pick(donors), 2).trim())];
      },
    ],
    [
      8,
      (text) =>
        go(
          at(text),
          Array.from(
            { length: 1 + below(8) },
            () => (now) =>
              caret > 0
                ? [{ start: Math.min(caret, now.length) - 1, end: Math.min(caret, now.length), text: "" }]
                : insert(0, " "),
          ),
        ),
    ],
    [
      8,
      (text) => {
        const start = at(text);
        return [
          () => [
            {
              start,
              end: Math.min(text.length, start + pick([0, 0, 5, 200])),
              text: pick([pick(TYPED), stretchOf(pick(donors), 25)]),
            },
          ],
        ];
      },
    ],
    [6, (text) => [() => insert(lineAt(text, at(text)).start, stretchOf(pick([...donors, text]), 40))]],
    [
      6,
      (text) => {
        const lines = linesFrom(text, at(text), 1 + below(pick([2, 10, 60])));
        return [() => [{ start: lines[0]!.start, end: lines.at(-1)!.next, text: "" }]];
      },
    ],
    [
      4,
      (text) => {
        const start = at(text);
        return [() => [{ start, end: Math.min(text.length, start + 1 + below(pick([3, 30, 300]))), text: "" }]];
      },
    ],
    // A line or a string is split, with and without the indentation an editor adds.
    [
      6,
      (text) => {
        const offset = at(text);
        return [
          () =>
            insert(
              offset,
              pick([
                "\n",
                `\n${lineAt(text, offset).indentation}`,
                `\n${lineAt(text, offset).indentation}    `,
                '"\n"',
                "'\n",
                "\\\n",
              ]),
            ),
        ];
      },
    ],
    // Two lines are joined.
    [
      4,
      (text) => {
        const line = lineAt(text, at(text));
        const following = lineAt(text, line.next);
        return [
          () => [
            {
              start: line.end,
              end: Math.min(text.length, line.next + following.indentation.length),
              text: pick(["", " "]),
            },
          ],
        ];
      },
    ],
    // Lines are commented out, put in again, moved in or out: one change for each, sent together.
    [
      8,
      (text) => {
        const lines = linesFrom(text, at(text), 1 + below(pick([1, 6, 30])));
        const how = below(4);
        const edits = lines.flatMap(({ start, indentation, end }): TextEdit[] => {
          const first = start + indentation.length;
          if (how === 0) return [{ start: first, end: first, text: "# " }];
          if (how === 1)
            return text.startsWith("# ", first)
              ? [{ start: first, end: first + 2, text: "" }]
              : text[first] === "#"
                ? [{ start: first, end: first + 1, text: "" }]
                : [];
          if (how === 2) return end > first ? [{ start, end: start, text: pick(["    ", "    ", "\t", " "]) }] : [];
          return indentation ? [{ start, end: start + Math.min(indentation.length, pick([4, 4, 1])), text: "" }] : [];
        });
        return [() => everywhere(edits)];
      },
    ],
    // A triple quote is opened, its end comes some moments later or never.
    [
      5,
      (text) => {
        const quotes = pick(['"""', "'''", 'f"""']);
        const offset = pick([at(text), lineAt(text, at(text)).start, lineAt(text, at(text)).end]);
        const close: Step = (now) =>
          insert(Math.min(now.length, offset + below(pick([30, 600])) + 3), quotes.slice(-3));
        return go(
          offset,
          chanceOf(40)
            ? [() => insert(offset, `${quotes}${quotes.slice(-3)}`)]
            : [...type(quotes), ...(chanceOf(70) ? type("Some words.\n") : []), ...(chanceOf(75) ? [close] : [])],
        );
      },
    ],
    [
      2,
      (text) => {
        const places = [...text.matchAll(/"""|'''/g)];
        const place = places.length > 0 ? pick(places).index : 0;
        return [() => (places.length > 0 ? [{ start: place, end: place + 3, text: "" }] : [])];
      },
    ],
    // Line ends: one, a stretch, all.
    [
      4,
      (text) => {
        const offset = at(text);
        const [start, end] = pick([
          [lineAt(text, offset).end, lineAt(text, offset).next],
          [offset, Math.min(text.length, offset + 400)],
          [0, text.length],
        ] as const);
        const part = text.slice(start, end);
        return [
          () => [
            {
              start,
              end,
              text: pick([
                part.replaceAll(/\r?\n/g, "\r\n"),
                part.replaceAll("\r\n", "\n"),
                part.replaceAll("\r\n", "\n"),
                part.replace("\n", "\r"),
              ]),
            },
          ],
        ];
      },
    ],
    // A name is changed where it stands, or wherever it stands.
    [
      5,
      (text) => {
        const names = [...text.slice(0, 60_000).matchAll(/(?<=\b(?:def|class|import|as|for|self\.)\s*)[A-Za-z_]\w*/g)];
        if (names.length === 0) return [];
        const [name] = pick(names);
        const other = pick([`${name}2`, "self", "df", pick(names)[0], "x", `_${name}`, "def"]);
        const places = [...text.matchAll(new RegExp(`\\b${name}\\b`, "g"))].map(({ index }) => index);
        if (places.length === 0) return [];
        const chosen = chanceOf(50) ? places.slice(0, 60) : [pick(places)];
        return [() => everywhere(chosen.map((start) => ({ start, end: start + name.length, text: other })))];
      },
    ],
    // The head of a function or class comes, goes or changes.
    [5, (text) => changeHead(text, /^[ \t]*(?:async def|def) [^\n]*\n/gm)],
    [6, (text) => changeHead(text, /^class\b[^\n]*\n/gm)],
    // Lines are moved: cut, and pasted elsewhere.
    [
      5,
      (text) => {
        const lines = linesFrom(text, at(text), 1 + below(pick([2, 12, 40])));
        const [start, end] = [lines[0]!.start, lines.at(-1)!.next];
        const part = text.slice(start, end);
        return [() => [{ start, end, text: "" }], (now) => insert(lineAt(now, at(now)).start, part)];
      },
    ],
    [3, (text) => go(at(text), type(pick(["(", "[", "{", ")", "]", "}", "(((", "}])"])))],
    [2, (text) => [() => insert(at(text), pick(HALVES))]],
    // Many carets, and a formatter that rewrites the file.
    [
      2,
      (text) => {
        const places = Array.from({ length: 2 + below(40) }, () => below(text.length + 1));
        const typed = pick([" ", "#", "x", "\n", ""]);
        return [
          () =>
            everywhere(
              [...new Set(places)].map((start) => ({
                start,
                end: Math.min(text.length, start + (typed === "" ? 1 : 0)),
                text: typed,
              })),
            ),
        ];
      },
    ],
    [
      1,
      (text) => [() => [{ start: 0, end: text.length, text: text.replaceAll(/[ \t]+$/gm, "").replaceAll("'", '"') }]],
    ],
    // Back through what was done, one change at a time.
    [5, () => Array.from({ length: 1 + below(pick([2, 12, 40])) }, () => undo)],
  ];
  const total = actions.reduce((sum, [weight]) => sum + weight, 0);

  const choose = (text: string): Step[] => {
    let left = below(total);
    const chosen = actions.find(([weight]) => (left -= weight) < 0)![1](text);
    // What was done is often taken back at once, and what it broke has to be found again.
    return chanceOf(25) ? [...chosen, ...chosen.map(() => undo)] : chosen;
  };

  return {
    next(text) {
      for (;;) {
        while (steps.length === 0) steps = choose(text);
        const before = undone.length;
        const edits = within(text, steps.shift()!(text)).filter((it) => it.start < it.end || it.text !== "");
        if (edits.length === 0) continue;
        // An undo took its entry away and leaves none.
        if (undone.length >= before) undone.push(inverse(text, edits));
        caret = edits.at(-1)!.start + edits.at(-1)!.text.length;
        return edits;
      }
    },
  };
}

/** A step was thought of for an earlier text, or for that of another document: what lies outside of this one is brought to its ends. */
function within(text: string, edits: readonly TextEdit[]): readonly TextEdit[] {
  let { length } = text;
  return edits.map((it) => {
    const start = Math.max(0, Math.min(it.start, length));
    const end = Math.max(start, Math.min(it.end, length));
    length += it.text.length - (end - start);
    return { start, end, text: it.text };
  });
}

/** What takes edits back. */
export function inverse(text: string, edits: readonly TextEdit[]): readonly TextEdit[] {
  const back: TextEdit[] = [];
  let now = text;
  for (const edit of edits) {
    back.unshift({ start: edit.start, end: edit.start + edit.text.length, text: now.slice(edit.start, edit.end) });
    now = applyEdits(now, [edit]);
  }
  return back;
}

/** The text after a typist's edits. */
export function afterEdits(text: string, edits: readonly TextEdit[]): string {
  return edits.reduce((now, edit) => applyEdits(now, [edit]), text);
}
