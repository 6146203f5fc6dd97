/** `node out/bench/ruff-wasm.js GROUPS FOLDER REPORT`: Ruff as WebAssembly over a folder in a process of its own, the way a tool in JavaScript would use it. */
import { readFileSync, writeFileSync } from "node:fs";
import { PositionEncoding, Workspace } from "@astral-sh/ruff-wasm-nodejs";
import { pythonBelow } from "./corpus.js";

const [groups = "", folder = ".", report = ""] = process.argv.slice(2);
const workspace = new Workspace({ lint: { select: groups.split(",") } }, PositionEncoding.Utf16);
const found = pythonBelow(folder).map((path) => ({
  path,
  diagnostics: workspace.check(readFileSync(path, "utf8")) as readonly unknown[],
}));
writeFileSync(report, JSON.stringify(found));
