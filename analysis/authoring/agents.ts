/** Agents and services: tools that a model may call, handlers of requests, and what is built anew for each of them. */

export { toolEvidence } from "../rewrite/agent-tool.js";
export { entryOf, type Entry } from "../rewrite/entry-points.js";
export { builtAgain, madeAgain, type BuiltAgain } from "../rewrite/built-again.js";
export { BUILDER_METHODS, builderCalls, builderOf, type Builder, type BuilderKind } from "../knowledge/builders.js";
export { cachedFactory } from "../rewrite/cached-factory.js";
export { CHAT_METHODS } from "../knowledge/chats.js";
export { MODEL_LIBRARIES, askedOf } from "../knowledge/model-calls.js";
export { asksModelInside, calleeText, callsInside, parameterBehind } from "../rewrite/calls-inside.js";
