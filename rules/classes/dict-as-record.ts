/** Dicts with the same keys that are written out in several places: a record without a name. */

import {
  asAssignment,
  asCall,
  asFunction,
  asMethodCall,
  defineRule,
  excerpt,
  functionAround,
  textValue,
  wrapped,
  type Facts,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Shaped extends Match {
  readonly keys: readonly string[];
  readonly places: number;
}

/** With fewer keys, or in fewer places, a name costs more than it brings. */
const KEYS = 3;
const MOST_KEYS = 200;
const PLACES = 3;

export default defineRule({
  title: "Same dict written out in several places",
  why: "A key that is misspelt or forgotten in one of the places is noticed where it is read, if at all. A TypedDict, a dataclass or a NamedTuple says once which fields there are, and tools check every place against it.",
  guide: "records",
  level: "hint",
  gain: "clarity",

  examples: [
    {
      before: `
def check(path: str, size: int) -> dict:
    if size < 0:
        return {"path": path, "status": "broken", "size": 0}
    if size == 0:
        return {"path": path, "status": "empty", "size": 0}
    return {"path": path, "status": "good", "size": size}
`,
    },
  ],

  on: ["dictionary"],

  find(node, { facts }): Shaped | undefined {
    if (facts.isTest) return undefined;
    const shape = shapeOf(node, facts);
    if (shape === undefined) return undefined;
    // What a node of a graph gives back is an update of a state that is declared elsewhere.
    if (facts.view.imports("langgraph")) return undefined;
    const same = shapesIn(node.tree.root, facts).get(shape);
    if (!same || same.length < PLACES || same[0] !== node) return undefined;
    return {
      at: node,
      evidence: "strong",
      weight: "heavy",
      keys: shape.split(" "),
      places: same.length,
      related: same.slice(1, 6).map((it) => ({ at: it, message: "The same keys again." })),
    };
  },

  message: ({ keys, places }) =>
    `A dict with \`${excerpt(keys[0]!, 25)}\`, \`${excerpt(keys[1]!, 25)}\` and ${keys.length - 2 === 1 ? "one more key" : `${keys.length - 2} more keys`} is written out in ${places} places; a TypedDict or dataclass names its fields once.`,
});

function shapesIn(root: Node, facts: Facts): ReadonlyMap<string, readonly Node[]> {
  return facts.memo("shapes of dicts", root, () => {
    const shapes = new Map<string, Node[]>();
    for (const it of root.descendants("dictionary")) {
      const shape = shapeOf(it, facts);
      const known = shape === undefined ? undefined : shapes.get(shape);
      if (known) known.push(it);
      else if (shape !== undefined) shapes.set(shape, [it]);
    }
    return shapes;
  });
}

/** The keys in order of the alphabet; undefined for what is no record: bodies of requests, schemas, options of a call, tables. */
function shapeOf(node: Node, facts: Facts): string | undefined {
  if (!isRecordPlace(wrapped(node))) return undefined;
  return facts.memo("shape of a dict", node, () => {
    // A larger one is a table.
    if (node.children.length < KEYS || node.children.length > MOST_KEYS) return undefined;
    const keys = node.children.map((it) => (it.kind === "pair" ? textValue(it.field("key")) : undefined));
    if (!keys.every((it) => it !== undefined && /^[A-Za-z_]\w*$/.test(it)) || new Set(keys).size < keys.length)
      return undefined;
    const known = new Set(keys);
    // Written for others, which say what it has to look like.
    if (FOREIGN.some((it) => it.every((key) => known.has(key)))) return undefined;
    return (keys as string[]).sort().join(" ");
  });
}

const FOREIGN: readonly (readonly string[])[] = [
  ["role", "content"],
  ["type", "properties"],
  ["type", "function"],
  ["type", "text"],
  ["statusCode", "body"],
  ["params", "lr"],
];

/** It is returned, yielded, given a name, or put into a list. */
function isRecordPlace(node: Node): boolean {
  const { parent } = node;
  if (parent?.kind === "return_statement" || parent?.kind === "yield") {
    const returns = asFunction(functionAround(node))?.returns?.text;
    return returns === undefined || /\b[dD]ict\b|\bMapping\b|\bAny\b/.test(returns);
  }
  if (parent?.kind === "assignment") {
    const assignment = asAssignment(parent.parent);
    // Arguments for a call, put together beforehand.
    if (/param|kwarg/i.test(assignment?.targets[0]?.text ?? "")) return false;
    return (
      assignment?.value === node &&
      (assignment.annotation === undefined || /\b[dD]ict\b/.test(assignment.annotation.text))
    );
  }
  const call = parent?.kind === "argument_list" ? asCall(parent.parent) : undefined;
  return call !== undefined && asMethodCall(call.node, "append", "appendleft", "insert", "put") !== undefined;
}
