/** `logging.basicConfig` that runs when a module of a library is imported. */

import {
  defineRule,
  functionAround,
  isProgram,
  isStartedElsewhere,
  fileQuestion,
  type Match,
} from "../../analysis/authoring.js";

const makesServer = fileQuestion((facts) =>
  facts.fileMatches(
    /^\w+[ \t]*(?::[^=:\n]+)?=[ \t]*(?:\w+\.)*(?:Server|FastAPI|FastMCP|Flask|Starlette|Quart|Sanic|Celery|Typer|Bot)\(/m,
  ),
);

export default defineRule({
  title: "Logging set up by an imported module",
  why: "The first call of basicConfig decides level, form and place of all messages of the program, and later ones do nothing. Where a module makes it when it is imported, the program that imports it has lost that choice. It belongs into the function that starts the program.",
  guide: "logging",
  level: "info",
  differs: { unknown: "kept" },
  gain: "safety",
  words: ["basicConfig"],

  examples: [
    {
      before: `
import logging

logging.basicConfig(level=logging.INFO)
logger = logging.getLogger(__name__)

def total(values: list[int]) -> int:
    logger.info("%d values", len(values))
    return sum(values)
`,
      after: `
import logging

logger = logging.getLogger(__name__)

def total(values: list[int]) -> int:
    logger.info("%d values", len(values))
    return sum(values)
`,
    },
  ],

  on: ["call"],
  calls: ["logging.basicConfig"],

  find(node, { facts }, call): Match | undefined {
    if (facts.isTest || functionAround(node) || node.ancestor("class_definition")) return undefined;
    if (isStartedElsewhere(facts)) return { at: call.callee, evidence: "strong", weight: "light" };
    if (isProgram(facts)) return undefined;
    // A module that makes the server is what is started, by another module perhaps.
    const isMeant = facts.ofFile(makesServer) || facts.ofFile(isForSettings);
    return { at: call.callee, evidence: "strong", weight: isMeant ? "light" : "heavy" };
  },

  message: () =>
    "This sets up the logging of every program that imports this module, and their own `basicConfig` does nothing then.",
});

/** The module is there to set up the logging of its program: it has a class or function for that, or nothing but settings. */
const isForSettings = fileQuestion(
  (facts) =>
    facts.fileMatches(/^class \w*Logg|^def \w*logg?(?:er|ing)\w*\(/im) ||
    !facts.fileMatches(/^(?:async |class |def |if )/m),
);
