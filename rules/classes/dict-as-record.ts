/** Dicts with the same keys that are written out in several places: a record without a name. */

import {
  asAssignment,
  asCall,
  asFunction,
  asMethodCall,
  defineRule,
  excerpt,
  fileQuestion,
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
    const same = shapesIn(node.tree.root, facts).get(shape)?.records;
    if (!same || same.length < PLACES || same[0] !== node) return undefined;
    // The first part of the file says it for the others.
    if (facts.view.document.pieces[facts.ofFile(FIRST, shape)]?.tree !== node.tree) return undefined;
    return {
      at: node,
      evidence: "strong",
      weight: "heavy",
      keys: shape.split(" "),
      places: facts.ofFile(COUNT, shape),
      related: same.slice(1, 6).map((it) => ({ at: it, message: "The same keys again." })),
    };
  },

  message: ({ keys, places }) =>
    `A dict with \`${excerpt(keys[0]!, 25)}\`, \`${excerpt(keys[1]!, 25)}\` and ${keys.length - 2 === 1 ? "one more key" : `${keys.length - 2} more keys`} is written out in ${places} places; a TypedDict or dataclass names its fields once.`,
});

/** The dicts with the same keys: how many, and which of them are records. */
interface Alike {
  readonly records: Node[];
  count: number;
}

function shapesIn(root: Node, facts: Facts): ReadonlyMap<string, Alike> {
  return facts.memo("shapes of dicts", root, () => {
    const shapes = new Map<string, Alike>();
    for (const it of root.descendants("dictionary")) {
      const shape = keysOf(it, facts);
      if (shape === undefined) continue;
      const alike = shapes.get(shape) ?? { records: [], count: 0 };
      alike.count++;
      if (isRecordPlace(wrapped(it))) alike.records.push(it);
      shapes.set(shape, alike);
    }
    return shapes;
  });
}

const COUNT = fileQuestion((facts, shape) =>
  facts.view.pieces().reduce((count, { tree }) => {
    facts.view.looksInto(tree);
    return count + (shapesIn(tree.root, facts).get(shape)?.count ?? 0);
  }, 0),
);
const FIRST = fileQuestion((facts, shape) =>
  facts.view.pieces().findIndex(({ tree }) => {
    facts.view.looksInto(tree);
    return (shapesIn(tree.root, facts).get(shape)?.records.length ?? 0) >= PLACES;
  }),
);

/** Of a record, its keys. */
const shapeOf = (node: Node, facts: Facts): string | undefined =>
  isRecordPlace(wrapped(node)) ? keysOf(node, facts) : undefined;

/** The keys in order of the alphabet; undefined for what is no record: bodies of requests, schemas, options of a call, tables. */
function keysOf(node: Node, facts: Facts): string | undefined {
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
