/** `run_eagerly=True` and `tf.config.run_functions_eagerly(True)`, which switch all compiling off: made for debugging, and left in. */

import {
  asCall,
  asMethodCall,
  declined,
  defineRule,
  fileQuestion,
  fixOf,
  linesOf,
  remove,
  removeStatement,
  withoutArgument,
  type Facts,
  type Match,
  type Node,
  type Span,
} from "../../analysis/authoring.js";

const SWITCHES = [
  "tensorflow.config.run_functions_eagerly",
  "tensorflow.config.experimental_run_functions_eagerly",
  "tensorflow.data.experimental.enable_debug_mode",
];

export default defineRule({
  title: "Eager mode left on",
  why: "Run eagerly, each operation of a model goes through Python one by one, and nothing is compiled or joined. That helps while a training step is debugged; afterwards it makes each step many times slower.",
  guide: "tensorflow",
  level: "warning",
  gain: "time",
  imports: ["tensorflow", "keras"],
  words: ["run_eagerly", "run_functions_eagerly", "enable_debug_mode"],
  fixes: "review",

  examples: [
    {
      before: `
import tensorflow as tf

tf.config.run_functions_eagerly(True)

@tf.function
def energy(samples: tf.Tensor) -> tf.Tensor:
    return tf.reduce_sum(samples * samples)

def energies(batches: list[list[int]]) -> list[int]:
    return [int(energy(tf.constant(it, tf.int32))) for it in batches]
`,
      after: `
import tensorflow as tf

@tf.function
def energy(samples: tf.Tensor) -> tf.Tensor:
    return tf.reduce_sum(samples * samples)

def energies(batches: list[list[int]]) -> list[int]:
    return [int(energy(tf.constant(it, tf.int32))) for it in batches]
`,
    },
  ],

  on: ["call", "assignment"],

  find(node, { facts }): LeftOn | undefined {
    if (facts.isTest) return undefined;
    const found = node.kind === "call" ? inCall(node, facts) : asAttributeSet(node);
    if (!found || isChosen(node) || facts.ofFile(TURNS_OFF)) return undefined;
    return { ...found, weight: "heavy" };
  },

  message: ({ what }) =>
    what === "functions"
      ? "This switches tf.function off everywhere: every operation goes through Python one by one, and nothing is compiled."
      : what === "pipelines"
        ? "This makes all tf.data pipelines run eagerly and one element after another; it is meant for debugging."
        : "Run eagerly, the model is not compiled: every operation of each step goes through Python one by one.",

  fix({ argument, statement, what }) {
    const doubts = [
      "code that works in Python alone, such as .numpy(), then fails in the compiled step",
      what === "functions" && "numbers that a function gives back are tensors then",
    ];
    if (argument) {
      const edit = withoutArgument(argument);
      return edit ? fixOf("Let the model be compiled", doubts, [edit]) : declined("a comment would be lost");
    }
    const lines = statement && !hasOther(statement) ? linesOf(statement) : undefined;
    const edit = lines ? remove(withEmptyLines(lines)) : statement && removeStatement(statement);
    return edit
      ? fixOf(
          what === "functions" ? "Let tf.function compile" : "Remove it",
          what === "pipelines" ? ["the pipelines run in the graph"] : doubts,
          [edit],
        )
      : declined("it does not stand alone on its line");
  },
});

interface LeftOn extends Match {
  readonly what: "functions" | "pipelines" | "model";
  /** To be taken out: the argument of a call, or the whole statement. */
  readonly argument?: Node;
  readonly statement?: Node;
}

function inCall(node: Node, facts: Facts): Omit<LeftOn, "weight"> | undefined {
  const call = asCall(node);
  if (!call) return undefined;
  const eager = call.keywords.get("run_eagerly");
  if (eager && asMethodCall(node, "compile"))
    return eager.text === "True"
      ? { at: eager.parent!, evidence: "proof", what: "model", argument: eager.parent! }
      : undefined;
  const name = facts.nameOf(call.callee);
  if (name === undefined || !SWITCHES.includes(name)) return undefined;
  const given = call.args[0] ?? eager;
  const isPipelines = name.endsWith("debug_mode");
  if (isPipelines ? given !== undefined : given?.text !== "True") return undefined;
  const statement = node.parent?.kind === "expression_statement" ? node.parent : undefined;
  return {
    at: node,
    evidence: "proof",
    what: isPipelines ? "pipelines" : "functions",
    ...(statement && { statement }),
  };
}

/** `model.run_eagerly = True` */
function asAttributeSet(node: Node): Omit<LeftOn, "weight"> | undefined {
  const target = node.field("left");
  const isSwitch = target?.kind === "attribute" && target.field("attribute")?.text === "run_eagerly";
  const statement = node.parent?.kind === "expression_statement" ? node.parent : undefined;
  // `self.run_eagerly = True` is the own attribute of some class.
  if (!isSwitch || node.field("right")?.text !== "True" || target.field("object")?.text === "self") return undefined;
  return { at: node, evidence: "strong", what: "model", ...(statement && { statement }) };
}

/** Under a condition it is meant for those who ask for it. */
function isChosen(node: Node): boolean {
  for (let at = node.parent; at; at = at.parent) {
    if (at.kind === "if_statement" && !/__name__/.test(at.field("condition")?.text ?? "")) return true;
    if (at.kind === "conditional_expression" || at.kind === "except_clause") return true;
    if (at.kind === "function_definition" && /debug|eager/i.test(at.field("name")?.text ?? "")) return true;
  }
  return false;
}

/** Switched off again somewhere: then it was on for a reason. */
const TURNS_OFF = fileQuestion((facts) =>
  facts.fileMatches(/run_functions_eagerly\(\s*(?:run_eagerly\s*=\s*)?False|run_eagerly\s*=\s*False/),
);

/** A comment on its line says something about it. */
const hasOther = (statement: Node): boolean => /^[ \t]*#/.test(statement.tree.text.slice(statement.end));

/** The lines, with the empty ones below, where there are empty ones above too. */
function withEmptyLines(lines: Span): Span {
  const { text } = lines.tree;
  const isApart = lines.start === 0 || /\n[ \t]*\r?\n$/.test(text.slice(Math.max(0, lines.start - 80), lines.start));
  const [empty = ""] = isApart ? (/^(?:[ \t]*\r?\n)*/.exec(text.slice(lines.end)) ?? []) : [];
  return { ...lines, end: lines.end + empty.length };
}
