/** `npm run tree file.py`: prints the syntax tree with kinds, fields and ranges, as rules see it. */
import { readFileSync } from "node:fs";
import { createParser } from "../analysis/syntax/parser.js";
import type { Node } from "../analysis/syntax/tree.js";

const path = process.argv[2];
const text = readFileSync(path === undefined || path === "-" ? 0 : path, "utf8");
const bytes = (file: string) => readFileSync(`node_modules/${file}`);
const parser = await createParser(
  bytes("web-tree-sitter/web-tree-sitter.wasm"),
  bytes("tree-sitter-python/tree-sitter-python.wasm"),
);

function print(node: Node, depth: number): void {
  const field = node.fieldName === undefined ? "" : `${node.fieldName}: `;
  const [first = ""] = node.text.split("\n");
  const excerpt = node.children.length === 0 ? `  ${JSON.stringify(first)}` : "";
  console.log(
    `${"  ".repeat(depth)}${field}${node.kind} ${node.start}-${node.end}${node.isBroken ? " (broken)" : ""}${excerpt}`,
  );
  for (const child of node.allChildren) if (child.isNamed) print(child, depth + 1);
}

print(parser.parse(text).root, 0);
