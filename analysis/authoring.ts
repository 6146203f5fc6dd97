/**
 * The one door for rules, constructs and refactorings: the contracts, the typed views on syntax, the edits and the shared pieces of rewrites.
 * Each topic is a file in authoring/; docs/authoring.md lists every name with one line. Facts come with the file that a rule is given.
 */

export * from "./authoring/contract.js";
export * from "./authoring/facts.js";
export * from "./authoring/types.js";
export * from "./authoring/expressions.js";
export * from "./authoring/statements.js";
export * from "./authoring/text.js";
export * from "./authoring/edits.js";
export * from "./authoring/effects.js";
export * from "./authoring/loops.js";
export * from "./authoring/collections.js";
export * from "./authoring/functions.js";
export * from "./authoring/classes.js";
export * from "./authoring/arrays.js";
export * from "./authoring/networks.js";
export * from "./authoring/training.js";
export * from "./authoring/tensorflow.js";
export * from "./authoring/resources.js";
export * from "./authoring/logging.js";
export * from "./authoring/projects.js";
export * from "./authoring/configuration.js";
export * from "./authoring/agents.js";
export * from "./authoring/pools.js";
export * from "./authoring/splits.js";
export * from "./authoring/removed.js";
export * from "./authoring/regexes.js";
