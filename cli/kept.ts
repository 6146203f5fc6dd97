/** What is kept of a file's result from run to run, and what it must look like to be taken for one. */

import { ruleLevels } from "../rules/levels.generated.js";
import type { FrameLine } from "./code-frame.js";
import { MIN_LEVELS } from "./options.js";
import type { Failure, FileResult, Place, PlacedEdit, PlacedFinding, PlacedFix, PlacedRange } from "./result.js";
import { ifAny, list, oneOf, orNull, shape, text, whole, type Reader } from "./shapes.js";

/** Where the file lies is known by then. */
export type Kept = Pick<FileResult, "findings" | "failures" | "comments">;

/** In characters: a name, a sentence, a line of code, a part of a file. */
const [NAME, SENTENCE, LINE, PART] = [100, 10_000, 1000, 10_000_000];
const MOST_NUMBER = 2 ** 31;

const rule = oneOf(ruleLevels.map((it) => it.name as string));
const sentence = text(SENTENCE);
const number = whole(1, MOST_NUMBER);
const inFile = shape<Required<Place>["inFile"]>({ line: number, column: number });
const place = shape<Place>({ line: number, column: number, cell: ifAny(number), inFile: ifAny(inFile) });
const range = shape<PlacedRange>({ start: place, end: place });
const remark = shape<{ readonly range: PlacedRange; readonly message: string }>({ range, message: sentence });
const fix = shape<PlacedFix>({
  title: sentence,
  safety: oneOf(["safe", "review"]),
  doubts: list(sentence),
  edits: list(shape<PlacedEdit>({ range, text: text(PART), textInFile: ifAny(text(PART)) })),
});
const frameLine = shape<FrameLine>({
  number,
  before: text(LINE),
  marked: text(LINE),
  after: text(LINE),
});
const finding = shape<PlacedFinding>({
  rule,
  fingerprint: text(NAME),
  level: oneOf(MIN_LEVELS),
  evidence: oneOf(["proof", "strong", "fair"]),
  weight: oneOf(["heavy", "unknown", "light"]),
  value: whole(0, 100),
  message: sentence,
  range,
  guide: text(NAME),
  related: list(remark),
  fix: orNull(fix),
  declined: orNull(sentence),
  frame: list(frameLine, 1),
});
const failure = shape<Failure>({ rule: orNull(rule), message: sentence, at: ifAny(place) });

export const readKept: Reader<Kept> = shape<Kept>({
  findings: list(finding),
  failures: list(failure),
  comments: list(remark),
});
