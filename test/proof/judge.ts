/** What a verdict of the prover means for a program: nothing to object to, or the objection. */
import type { Program } from "./programs.js";
import type { Verdict } from "./prover.js";

/** Undefined where the fix is proven to keep behaviour, but for what its page owns up to. */
export function problemOf({ strict, notes }: Program, verdict: Verdict): string | undefined {
  if ("failed" in verdict) return `it cannot be run: ${verdict.failed}`;
  const { ran, reached, differences, missing } = verdict;
  const owned = new Set(notes.differs);
  if (strict && owned.size > 0) return "a safe fix may differ in nothing";
  if (owned.size > 0 && notes.why === undefined) return "its page owns up to a difference and does not say why it is one: `Differs: empty, nan: why`";
  const unowned = owned.has("always") ? [] : differences.filter(([variation]) => !owned.has(variation));
  if (unowned.length > 0) return `behaves differently: ${unowned.slice(0, 4).map((it) => it.join(" | ")).join("\n")}`;
  // What runs at once comes in any order, the same one now and then too.
  const stale = [...owned].filter((it) => it !== "order" && (it === "always" ? differences.length === 0 : !differences.some(([variation]) => variation === it)));
  if (stale.length > 0) return `its page owns up to a difference that does not show: ${stale.join()}`;
  if (missing !== null) return `a module is missing: ${missing}; say so in a line "Not run: why", or use another`;
  if (reached.includes(false)) return `the code of finding ${reached.indexOf(false) + 1} never ran; give the case a "python run" block that uses it`;
  if (ran === 0) return `no call gave a result, so nothing is proven; give the case a "python run" block`;
  return undefined;
}
