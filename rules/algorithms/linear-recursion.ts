/** `return n * f(n - 1)`: a call for each step, where a loop needs none. */

import {
  asFunction,
  cacheDecorator,
  defineRule,
  excerpt,
  linearRecursion,
  unwrap,
  type Facts,
  type FunctionDef,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Recursion as deep as its argument is large",
  why: "Each step is a call of its own: it costs several times as much as a turn of a loop, and after about a thousand of them Python ends with a RecursionError. Keeping results does not help, as the first call still goes all the way down.",
  guide: "caching",
  level: "hint",
  gain: "time",

  examples: [
    {
      before: `
def product(factors: list[float], count: int) -> float:
    if count == 0:
        return 1.0
    return factors[count - 1] * product(factors, count - 1)
`,
      after: `
def product(factors: list[float], count: int) -> float:
    result = 1.0
    while count != 0:
        result *= factors[count - 1]
        count -= 1
    return result
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }) {
    const def = asFunction(node);
    // Nearly every function ends here, so nothing else is looked at before.
    if (!def || def.name.startsWith("__") || !def.body.text.includes(`${def.name}(`)) return undefined;
    if (facts.isTest || facts.isNotebook || SHOWS.test(def.name)) return undefined;
    const isKept = def.decorators.length === 1 && cacheDecorator(def, facts)?.kind === "functools";
    if ((def.decorators.length > 0 && !isKept) || !isDeep(def, facts)) return undefined;
    return { at: def.nameNode, evidence: "proof", weight: "unknown", name: def.name };
  },

  message: ({ name }) =>
    `\`${excerpt(name, 40)}\` calls itself once for each step: about a thousand steps end in a RecursionError, and a loop needs no calls.`,
});

/** Made to show the way, or bounded by its very meaning. */
const SHOWS = /(^|_)(recursive|recursion|recursively|naive|retry|retries)(_|$)/i;
/** Counted in a handful. */
const FEW = /^(?:retr|attempt|tries|depth|level|max_)/;

function isDeep(def: FunctionDef, facts: Facts): boolean {
  const linear = linearRecursion(def, facts);
  return (
    linear !== undefined &&
    linear.calls.every(({ changes }) => changes.some(({ name, value }) => isOneStep(name, unwrap(value).text))) &&
    !linear.calls.some(({ changes }) => changes.some(({ value }) => /\/|>>|%|\bmid/.test(value.text)))
  );
}

/** One less, one more, the rest of a list, the next one of a chain: not the half. */
function isOneStep(name: string, value: string): boolean {
  if (FEW.test(name)) return false;
  const step = value.startsWith(name) ? value.slice(name.length).trim() : "";
  return /^[-+]\s*\d+$/.test(step) || /^\[(?:\d+\s*:|:\s*-\d+)\]$/.test(step) || /^\.(?:next|tail|rest)\w*$/.test(step);
}
