/** Finds what TensorFlow 2 and Keras 3 took out. */

import { TENSORFLOW_REMOVED, defineRule, removals, removedFix, removedMessage } from "../../analysis/authoring.js";

const REMOVED = removals(TENSORFLOW_REMOVED);

export default defineRule({
  title: "Name or argument that TensorFlow 2 or Keras 3 no longer has",
  why: "TensorFlow 2 moved or took out much of TensorFlow 1, and Keras 3, which TensorFlow has from 2.16 on, much of Keras 2. Code that uses it fails as soon as the environment has a newer release.",
  guide: "tensorflow",
  level: "error",
  gain: "safety",
  overrides: ["architecture/hardcoded-hyperparameter"],
  imports: ["tensorflow", "keras"],
  words: REMOVED.words,
  fixes: "safe",

  examples: [
    {
      before: `
import tensorflow as tf

def entropy(p: tf.Tensor) -> tf.Tensor:
    return -p * tf.log(p)
`,
      after: `
import tensorflow as tf

def entropy(p: tf.Tensor) -> tf.Tensor:
    return -p * tf.math.log(p)
`,
    },
  ],

  ...REMOVED.asked,

  find: (node, { facts }) => REMOVED.find(node, facts),

  message: removedMessage,

  fix: removedFix,
});
