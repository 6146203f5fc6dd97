/** What a verdict of the prover means for a program: no problem, or a description of the problem. */
import type { Program } from "./programs.js";
import type { Verdict } from "./prover.js";

/** Undefined where the fix is proven to keep behaviour, apart from the known differences that its page lists. */
export function problemOf({ strict, notes }: Program, verdict: Verdict): string | undefined {
  if ("failed" in verdict) return `it cannot be run: ${verdict.failed}`;
  const { ran, reached, differences, missing } = verdict;
  const listed = new Set(notes.differs);
  if (strict && listed.size > 0) return "a safe fix must not change behaviour";
  if (listed.size > 0 && notes.why === undefined)
    return "its page lists a difference without a reason: write `Differs: empty, nan: why`";
  const unlisted = listed.has("always") ? [] : differences.filter(([variation]) => !listed.has(variation));
  if (unlisted.length > 0)
    return `behaves differently: ${unlisted
      .slice(0, 4)
      .map((it) => it.join(" | "))
      .join("\n")}`;
  // What runs at once may come in any order, sometimes in the same one.
  const stale = [...listed].filter(
    (it) =>
      it !== "order" &&
      (it === "always" ? differences.length === 0 : !differences.some(([variation]) => variation === it)),
  );
  if (stale.length > 0) return `its page lists a difference that does not appear: ${stale.join()}`;
  if (missing !== null) return `a module is missing: ${missing}; say so in a line "Not run: why", or use another`;
  if (reached.includes(false))
    return `the code of finding ${reached.indexOf(false) + 1} never ran; give the case a "python run" block that uses it`;
  if (ran === 0) return `no call gave a result, so nothing is proven; give the case a "python run" block`;
  return undefined;
}
