// Stands in for @vscode/spdlog, whose native part is not built here. VS Code's output channels show the files it writes.
"use strict";
const { appendFileSync, mkdirSync } = require("node:fs");
const { dirname } = require("node:path");

/** In VS Code's order: a level is its place in this list, and one past the end is "off". */
const levels = ["trace", "debug", "info", "warn", "error", "critical"];
/** How VS Code's log view knows them. */
const shown = ["trace", "debug", "info", "warning", "error", "critical"];

async function createLogger(_name, file) {
  mkdirSync(dirname(file), { recursive: true });
  let lowest = levels.indexOf("info");
  let plain = false;
  const write = (level, message) => {
    if (level < lowest) return;
    // Without formatters the message brings its own line ends.
    const line = plain ? message : `${new Date().toISOString().replace("T", " ").replace("Z", "")} [${shown[level]}] ${message}\n`;
    try {
      appendFileSync(file, line);
    } catch {
      // The folder of a run may be gone before its last log line; losing that line is right.
    }
  };
  return {
    ...Object.fromEntries(levels.map((name, level) => [name, (message) => write(level, message)])),
    setLevel: (level) => (lowest = level),
    getLevel: () => lowest,
    setPattern: () => undefined,
    clearFormatters: () => (plain = true),
    flush: () => undefined,
    drop: () => undefined,
  };
}

// One by one, so that an ES module that imports this file sees the names.
exports.setFlushOn = () => undefined;
exports.setLevel = () => undefined;
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
