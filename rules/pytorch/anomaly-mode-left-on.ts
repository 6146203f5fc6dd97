/** `torch.autograd.set_detect_anomaly(True)`, which checks every step of the backward pass: made for the search of a NaN, and left in. */

import {
  argumentOf,
  declined,
  defineRule,
  fileQuestion,
  fixOf,
  nextStatement,
  previousStatement,
  removeWithGap,
  replace,
  withoutArgument,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface LeftOn extends Match {
  readonly how: "statement" | "block" | "argument";
  readonly node: Node;
}

const SWITCHES = ["torch.autograd.set_detect_anomaly", "torch.autograd.anomaly_mode.set_detect_anomaly"];
const BLOCKS = ["torch.autograd.detect_anomaly", "torch.autograd.anomaly_mode.detect_anomaly"];
const TRAINERS = ["pytorch_lightning.Trainer", "lightning.pytorch.Trainer", "lightning.Trainer"];

export default defineRule({
  title: "Anomaly detection left on",
  why: "With anomaly detection PyTorch keeps a stack trace for each operation of the forward pass and looks for NaN in each gradient of the backward pass. That finds the operation a NaN comes from; afterwards it makes each step of the training slower, on a graphics card the more because each check waits for the card.",
  guide: "pytorch",
  level: "warning",
  gain: "time",
  imports: ["torch", "pytorch_lightning", "lightning"],
  words: ["detect_anomaly", "set_detect_anomaly"],
  fixes: "review",

  examples: [
    {
      before: `
import torch

torch.autograd.set_detect_anomaly(True)

def slope(values: list[float]) -> list[float]:
    rows = torch.tensor(values, requires_grad=True)
    (rows * rows).sum().backward()
    return rows.grad.tolist()
`,
      after: `
import torch

def slope(values: list[float]) -> list[float]:
    rows = torch.tensor(values, requires_grad=True)
    (rows * rows).sum().backward()
    return rows.grad.tolist()
`,
    },
  ],

  on: ["call"],
  calls: [...SWITCHES, ...BLOCKS, ...TRAINERS],

  find(node, { facts }, call): LeftOn | undefined {
    if (facts.isTest || facts.ofFile(TURNS_OFF) || isChosen(node)) return undefined;
    const name = facts.nameOf(call.callee) ?? "";
    if (TRAINERS.includes(name)) {
      const given = call.keywords.get("detect_anomaly");
      return given?.text === "True" ? found("argument", given.parent!) : undefined;
    }
    const isBlock = BLOCKS.includes(name);
    const mode = argumentOf(call, "mode", 0);
    if (isBlock ? call.args.length > 0 : mode?.text !== "True") return undefined;
    if (node.parent?.kind === "expression_statement" && !isBlock) return found("statement", node);
    return node.ancestor("with_item") ? found("block", node) : undefined;
  },

  message: () =>
    "Anomaly detection is for the search of a NaN: left on, each step keeps stack traces and checks every gradient.",

  fix({ how, node }) {
    const doubts = ["a NaN in a gradient no longer stops the training"];
    if (how === "block") return declined("what stands in the block has to be moved out");
    if (how === "argument") {
      const edit = withoutArgument(node);
      return edit ? fixOf("Leave it out", doubts, [edit]) : declined("a comment would be lost");
    }
    const statement = node.parent!;
    const isAlone = statement.parent?.kind === "block" && !previousStatement(statement) && !nextStatement(statement);
    const edit = isAlone ? replace(statement, "pass") : removeWithGap(statement);
    return edit ? fixOf("Remove it", doubts, [edit]) : declined("it does not stand alone on its line");
  },
});

const found = (how: LeftOn["how"], node: Node): LeftOn => ({ at: node, evidence: "proof", weight: "heavy", how, node });

/** Under a condition it is meant for those who ask for it. */
function isChosen(node: Node): boolean {
  for (let at = node.parent; at; at = at.parent) {
    if (at.kind === "if_statement" && !/__name__/.test(at.field("condition")?.text ?? "")) return true;
    if (at.kind === "conditional_expression" || at.kind === "except_clause") return true;
    if (at.kind === "function_definition" && /debug|anomal|nan/i.test(at.field("name")?.text ?? "")) return true;
  }
  return false;
}

/** Switched off again somewhere: then it was on for a reason. */
const TURNS_OFF = fileQuestion((facts) => facts.fileMatches(/set_detect_anomaly\(\s*(?:mode\s*=\s*)?False/));
