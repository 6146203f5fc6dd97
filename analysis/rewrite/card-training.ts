/** Loops that train a model on a graphics card, for advice that pays there alone. */

import type { Facts } from "../semantics/facts.js";
import { fileQuestion } from "../semantics/file-questions.js";
import { asCall } from "../syntax/expressions.js";
import { asFor, functionAround } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { knownTurns } from "./known-turns.js";
import { isTrainingStep, trainingOf } from "./training.js";

/** The file speaks of such a card, and leaves the training to no library that has options for it. */
const usesCard = fileQuestion(
  ({ view }) =>
    view.matches(/["']cuda|\.cuda\(/) &&
    // Who trains on several cards has thought of what makes it fast.
    !view.matches(/DistributedDataParallel|FullyShardedDataParallel|init_process_group/) &&
    !["lightning", "pytorch_lightning", "accelerate", "deepspeed", "apex", "fastai", "ignite"].some((it) =>
      view.imports(it),
    ),
);

/** A loop of training steps on a card. */
export interface CardTraining {
  /** What is called with the batch, if that is in sight: `model` of `model(images)`. */
  readonly model: Node | undefined;
  /** `loss.backward()` */
  readonly backward: Node;
  /** The outermost loop around it in the function, which goes through the epochs. */
  readonly outermost: Node;
}

/** Less than so many steps are a trial. */
const MANY = 20;
const MODELS = /(^|_|\.)(model|net|network|classifier|encoder|generator|transformer)$/i;

/** No function of this file or another: `evaluate_model(…)`. */
const isHeld = (callee: Node, facts: Facts): boolean =>
  facts.functionNamed(callee) === undefined &&
  !/^(evaluate|eval|get|make|train|load|build|test|save|create|init)_/.test(callee.text);

/** The loop makes steps of training, and the file says that they run on a card. */
export function cardTraining(loop: Node, facts: Facts): CardTraining | undefined {
  const training = trainingOf(loop, facts);
  if (!training || !asFor(loop) || facts.isTest || !facts.ofFile(usesCard) || (knownTurns(loop, facts) ?? MANY) < MANY)
    return undefined;
  const calls = loop.descendants("call").filter((it) => functionAround(it) === functionAround(loop));
  const backward = calls.find((it) => isTrainingStep(it) && /backward$/.test(asCall(it)?.callee.text ?? ""));
  if (!backward) return undefined;
  const model = calls
    .flatMap((it) => asCall(it)?.callee ?? [])
    .find((it) => (MODELS.test(it.text) && isHeld(it, facts)) || facts.isA(it, "torch.nn.Module", "strong"));
  return {
    model: model && /^[\w.]+$/.test(model.text) && !/loss|criterion/i.test(model.text) ? model : undefined,
    backward,
    outermost: facts.loopsAround(loop).at(-1) ?? loop,
  };
}
