/** `print` in a module that has a logger, or that is imported by programs which may want to be silent. */

import {
  asCall,
  asClass,
  asFunction,
  declined,
  defineRule,
  expressionOf,
  fileQuestion,
  fixOf,
  functionAround,
  hasComments,
  importEdits,
  isProgram,
  isText,
  lazyMessage,
  moduleLogger,
  replace,
  statementOf,
  unwrap,
  withoutF,
  asString,
  type Call,
  type Declined,
  type Facts,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Printed extends Match {
  readonly call: Call;
  readonly count: number;
}

export default defineRule({
  title: "Print in a module",
  why: "Whoever imports the module cannot turn the lines off, send them elsewhere or tell where they come from, and they stand between what the program itself prints. A logger leaves that to the program.",
  guide: "logging",
  level: "hint",
  gain: "clarity",
  words: ["print"],
  overlaps: ["T201"],
  leftToRuff: true,
  unlike: "scripts, programs and functions that are there to print are left alone",
  fixes: "review",

  examples: [
    {
      before: `
import logging

logger = logging.getLogger(__name__)

def total(values: list[int]) -> int:
    print(f"{len(values)} values")
    return sum(values)
`,
      after: `
import logging

logger = logging.getLogger(__name__)

def total(values: list[int]) -> int:
    logger.info("%s values", len(values))
    return sum(values)
`,
    },
  ],

  on: ["call"],
  calls: ["builtins.print"],

  find(node, { facts }, call): Printed | undefined {
    if (facts.isTest || facts.isForTerminal || !isPrinted(node, call) || isProgram(facts)) return undefined;
    // The first says it for all of them.
    if (facts.view.readsOf("print")[facts.ofFile(FIRST)]?.parent !== node) return undefined;
    return { at: call.callee, evidence: "fair", weight: "unknown", call, count: facts.ofFile(COUNT) };
  },

  message: ({ count }) =>
    `Programs that import this module cannot turn this line off${count > 1 ? `, nor the other ${count > 2 ? `${count - 1} that it prints` : "one that it prints"}` : ""}; a logger leaves that to them.`,

  fix(_match, file) {
    const first = loggedAs(printsOf(file.facts)[0]!, file.facts);
    if ("declined" in first) return first;
    const all = printsOf(file.facts).flatMap((it) => {
      const logged = loggedAs(it, file.facts);
      return "declined" in logged ? [] : [logged];
    });
    const logger = moduleLogger(
      file,
      all.map((it) => it.print),
    );
    if (!logger) return declined("there is no place for a logger");
    return fixOf(
      all.length > 1 ? `Log all ${all.length} of them` : "Log it",
      [
        `${all.length > 1 ? "the lines are" : "the line is"} shown only where the program asks for it, on another stream`,
      ],
      [
        ...importEdits(logger),
        ...all.map(({ print, method, given }) => {
          const callee = `${logger.name}.${method}`;
          return given === undefined
            ? replace(print.field("function")!, callee)
            : replace(print, `${callee}(${given})`);
        }),
      ],
    );
  },
});

interface Logged {
  readonly print: Node;
  readonly method: "exception" | "info";
  /** Undefined where the arguments stay. */
  readonly given: string | undefined;
}

/** The call of a logger that tells the same. */
function loggedAs(print: Node, facts: Facts): Logged | Declined {
  const call = asCall(print);
  const [message, more] = call?.args ?? [];
  if (!call || !message || more || call.keywords.size > 0 || call.hasSplat || hasComments(statementOf(print)))
    return declined("several values, or how they are printed, have no plain twin");
  const lazy = isText(unwrap(message)) ? lazyMessage(unwrap(message), facts) : undefined;
  if (!lazy && asString(unwrap(message))) return declined("the templates of loggers have no twin for this text");
  const isInHandler = functionAround(print.ancestor("except_clause") ?? print.tree.root) === functionAround(print);
  const method = isInHandler ? "exception" : "info";
  const plain =
    lazy?.args.length === 0 && asString(unwrap(message))?.isFormatted ? withoutF(unwrap(message)) : undefined;
  if (plain !== undefined) return { print, method, given: plain };
  if (lazy) return { print, method, given: [lazy.text, ...lazy.args.map((it) => it.text)].join(", ") };
  // A message without arguments is no template, so a text of several literals stays as it is laid out.
  if (unwrap(message).kind === "concatenated_string") return { print, method, given: undefined };
  return { print, method, given: `"%s", ${message.text}` };
}

/** It tells of what the module does: not what a function is there to print, and not where somebody says where to. */
function isPrinted(node: Node, call: Call): boolean {
  const def = asFunction(functionAround(node));
  if (!def || call.keywords.has("file") || call.args.length === 0) return false;
  if (expressionOf(statementOf(node)) !== node) return false;
  if (
    /print|show|report|display|dump|summar|describe|main|debug|verbose|log|usage|help|demo|example|cli|command|^__/i.test(
      def.name,
    )
  )
    return false;
  // A class that is there to print, or to be watched at a terminal.
  const owner = asClass(node.ancestor("class_definition"));
  if (owner && PRINTERS.test(`${owner.name} ${owner.bases.map((it) => it.text).join(" ")}`)) return false;
  // It says that it prints.
  const docstring = def.body.firstChild;
  if (docstring?.children[0]?.kind === "string" && /\bprint/i.test(docstring.text)) return false;
  for (let at = node.ancestor("if_statement", "elif_clause"); at; at = at.ancestor("if_statement", "elif_clause"))
    if (/verbos|debug|print|quiet|silent|display|show|log/i.test(at.field("condition")?.text ?? "")) return false;
  return true;
}

const PRINTERS = /Print|Reporter|Console|Terminal|ProgressBar|(?:CLI|Cli|REPL|Repl|Shell|Stdout)(?![a-z])/;
function printsOf(facts: Facts): readonly Node[] {
  return facts.view.readsOf("print").flatMap((it) => {
    facts.view.looksInto(it.tree);
    const call = it.parent?.kind === "call" && it.fieldName === "function" ? it.parent : undefined;
    const view = asCall(call);
    return call && view && isPrinted(call, view) ? [call] : [];
  });
}

/** Which of the reads of `print` it is: two functions may be alike to the letter. */
const FIRST = fileQuestion((facts) => {
  const [first] = printsOf(facts);
  return facts.view.readsOf("print").findIndex((it) => first !== undefined && it.parent === first);
});
const COUNT = fileQuestion((facts) => printsOf(facts).length);
