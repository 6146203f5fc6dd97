/** Logging: messages put off until they are wanted, and loggers of a module. */

export { isText, joinedParts, lazyMessage, type LazyMessage } from "../rewrite/lazy-message.js";
export { moduleLogger } from "../rewrite/module-logger.js";
