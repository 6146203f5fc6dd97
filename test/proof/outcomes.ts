/** Both outcomes of one program side by side, for who wants to see what a proof saw. */
import { createTwoFilesPatch } from "diff";
import { pythonWith } from "../harness/python.js";
import { jobOf, type Program } from "./programs.js";
import { outcomes, preloadFor, type Observation, type Observed } from "./prover.js";

/** What each part of an observation is called, in its order. */
const PARTS = ["outcome", "journal", "left behind", "files"];
const MOST_CHARACTERS = 400;

export async function shownOutcomes(program: Program, libraries: readonly string[]): Promise<string> {
  const python = pythonWith(libraries);
  if ("reason" in python) return python.reason;
  const { before, after } = await outcomes(python.path, jobOf(program), preloadFor(libraries));
  const patch = createTwoFilesPatch("before", "after", program.before, program.after, "", "", { context: 100 });
  return [
    program.name,
    patch.split("\n").slice(1).join("\n"),
    ...(["before", "after"] as const).flatMap((which) => {
      const observed = { before, after }[which];
      return "failed" in observed ? [`${which}: cannot be run: ${observed.failed}`] : [];
    }),
    ...pairs(before, after).flatMap(([call, one, other]) => [
      `${call}${text(one) === text(other) ? "" : "   ≠"}`,
      ...compared(one, other),
    ]),
  ].join("\n");
}

type Seen = Observation[2];

function pairs(before: Observed, after: Observed): readonly (readonly [string, Seen | undefined, Seen | undefined])[] {
  const [one, other] = [before, after].map(
    (it) =>
      new Map(
        "failed" in it
          ? []
          : it.observations.map(([variation, subject, seen]) => [`${variation} ${subject}`.trim(), seen]),
      ),
  ) as [Map<string, Seen>, Map<string, Seen>];
  return [...new Set([...one.keys(), ...other.keys()])].map((call) => [call, one.get(call), other.get(call)]);
}

/** The outcome once where both agree; of all else only what differs. */
function compared(one: Seen | undefined, other: Seen | undefined): readonly string[] {
  if (!one || !other) return [`  before: ${state(one)}`, `  after:  ${state(other)}`];
  return PARTS.flatMap((part, index) => {
    const [before, after] = [text(one[index]), text(other[index])];
    if (before !== after) return [`  ${part} before: ${before}`, `  ${part} after:  ${after}`];
    return index === 0 ? [`  ${before}`] : [];
  });
}

const state = (seen: Seen | undefined) =>
  seen === undefined ? "not there" : seen === null ? "did not end" : text(seen);

function text(value: unknown): string {
  const whole = JSON.stringify(value) ?? "";
  return whole.length > MOST_CHARACTERS ? `${whole.slice(0, MOST_CHARACTERS)}… (${whole.length} characters)` : whole;
}
