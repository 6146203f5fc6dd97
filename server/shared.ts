/**
 * The bundle of both servers, `dist/web/server.js`: engine, rules, guide and features, which are the same everywhere. A
 * web worker runs it as one script and is a server then; under Node, `dist/server.mjs` loads it as a module and takes
 * these names from it instead of having them a second time (docs/decisions/034).
 */

export { CONFIGURATION_SIZE, createParser } from "../analysis/analyzer.js";
export { startInWorker } from "./browser.js";
export { connectionOptions, startServer } from "./main.js";
/** One copy for all: errors are recognised by their class. */
export * from "vscode-languageserver";
