/** A trial of a search for settings whose score is that of the test data. */

import {
  asAssignment,
  asCall,
  asFunction,
  callsUnder,
  functionAround,
  isTrial,
  lastName,
  nameAtRoot,
  splitPartOf,
  statementOf,
  unwrap,
  useOf,
  type Call,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Node,
  type Weight,
} from "../../../analysis/authoring.js";
import { TEST_NAME, VALIDATION } from "./names.js";

export interface Tried {
  readonly data: Node;
  /** What a trial is called. */
  readonly trial: string;
  readonly isReported: boolean;
  readonly evidence: Evidence;
  readonly weight: Weight;
}

/** Undefined unless the call scores on test data that the trial is given from outside, and the trial hands the score back. */
export function scoredInTrial(node: Node, call: Call, facts: Facts): Tried | undefined {
  if (!/(?:^|_)(?:score|error|evaluate|loss|auc)(?:_|$)/.test(lastName(call.callee))) return undefined;
  const def = asFunction(functionAround(node));
  if (!def || !isTrial(node, facts)) return undefined;
  const data = [...call.args, ...call.keywords.values()].find((it) => isTestData(it, facts));
  const root = data && nameAtRoot(unwrap(data));
  if (!data || root?.kind !== "identifier") return undefined;
  // A split of its own leaves other rows for the report.
  if (facts.writesOf(root, def.node).some((it) => it.kind !== "parameter")) return undefined;
  if (!ofTrial(def, facts).isPlain || !isReturned(node, def, facts)) return undefined;
  // The first score says it for the trial.
  if (facts.memo("sklearn/scored-in-trial", def.node, () => node) !== node) return undefined;
  const isReported = isScoredBelow(root, def, facts);
  return {
    data,
    trial: "trial",
    isReported,
    evidence: isReported ? "strong" : "fair",
    weight: isReported ? "heavy" : "unknown",
  };
}

function isTestData(data: Node, facts: Facts): boolean {
  const name = /^[\w.]+/.exec(unwrap(data).text)?.[0] ?? "";
  return TEST_NAME.test(name) && !VALIDATION.test(name) && splitPartOf(data, facts)?.part === "test";
}

/** It fits a model, and neither validation data nor folds have a part in it; data that stops the training is another finding. */
function ofTrial(def: FunctionDef, facts: Facts): { readonly isPlain: boolean } {
  return facts.memo("sklearn/trial", def.node, () => ({
    isPlain:
      !VALIDATES.test(def.body.text) &&
      callsUnder(def.body).some((it) => /^(?:\w*_)?(?:fit|train)(?:_\w+)?$/.test(lastName(it.callee))),
  }));
}

const VALIDATES =
  /(?:\b|_)(?:[Vv]al|[Vv]alid|[Vv]alidation|dev|[Hh]oldout)(?:_\w*|\d+)?\b(?!\s*=)|\bcross_val|\.split\(|\b(?:eval_set|validation_data|valid_sets|evals)\s*=/;

/** `return model.score(X_test, y_test)`, also by way of a name. */
function isReturned(node: Node, def: FunctionDef, facts: Facts): boolean {
  if (statementOf(node).kind === "return_statement") return true;
  const targets = asAssignment(statementOf(node))?.targets ?? [];
  const names = targets.flatMap((it) => (it.kind === "identifier" ? [it] : it.descendants("identifier")));
  return names.some((name) => facts.readsOf(name, def.body).some((it) => statementOf(it).kind === "return_statement"));
}

/** Behind the trial a model is scored on the same rows. Places in two pieces of a file cannot be compared: the order of the reads says what comes behind. */
function isScoredBelow(root: Node, def: FunctionDef, facts: Facts): boolean {
  const { at, last } = facts.memo("sklearn/scored-last", facts.bindingOf(root) ?? root, () => {
    const places = new Map<Node, number>();
    const found = new Map<Node | undefined, number>();
    facts.readsOf(root).forEach((it, index) => {
      places.set(it, index);
      const use = useOf(it);
      const taker = use.kind === "argument" ? asCall(use.call) : undefined;
      if (taker && REPORTS.test(lastName(taker.callee))) found.set(functionAround(it), index);
    });
    return { at: places, last: found };
  });
  return (last.get(functionAround(def.node)) ?? -1) > (at.get(root) ?? Infinity);
}

const REPORTS = /^(?:predict(?:_\w+)?|evaluate|\w*score|\w+_(?:error|loss|report|matrix))$/;
