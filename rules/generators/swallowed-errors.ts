/** A generator that catches every error, and goes on or ends as if there were no more items. */

import { asFunction, asTry, defineRule, functionAround, statementsOf, type Node } from "../../analysis/authoring.js";

export default defineRule({
  title: "Generator that swallows errors",
  why: "Whoever goes through a generator cannot tell an error that is caught inside from the end of the data: a file that cannot be read, a record that is broken or a misspelt name just makes the result shorter. Catch the error that is expected, and let others go up.",
  guide: "generators",
  level: "warning",
  gain: "safety",
  words: ["yield"],
  overlaps: ["BLE001"],
  unlike: "only generators count, where the error ends the items early and nobody hears of it",
  overrides: ["errors/silent-broad-except", "errors/bare-except"],

  examples: [
    {
      before: `
import json

def records(paths):
    for path in paths:
        try:
            with open(path, encoding="utf-8") as file:
                yield json.load(file)
        except Exception as error:
            print(error)
`,
      after: `
import json

def records(paths):
    for path in paths:
        with open(path, encoding="utf-8") as file:
            yield json.load(file)
`,
    },
  ],

  on: ["try_statement"],

  find(node, { facts }) {
    const attempt = asTry(node);
    const handler = attempt?.handlers.find((it) => isBroad(it.type));
    const home = functionAround(node);
    if (!attempt || !handler || home?.kind !== "function_definition" || facts.isTest) return undefined;
    if (isManager(home)) return undefined;
    const isOwn = (it: Node) => functionAround(it) === home;
    const inBody = attempt.body.descendants("yield").some(isOwn);
    // What is made between the yields stands in a `try` of its own.
    const feeds = inBody || yieldsBeside(node, home, isOwn);
    if (!feeds || !swallows(handler.body, isOwn)) return undefined;
    const leaves = handler.body.descendants("return_statement", "break_statement").some(isOwn);
    // It goes on in another way, with items of its own.
    if (!leaves && !facts.loopAround(node) && yieldsBelow(node, isOwn)) return undefined;
    const ends = leaves || !facts.loopAround(node);
    return {
      at: { tree: node.tree, start: handler.node.start, end: (handler.type ?? handler.node).end },
      construct: handler.node,
      // Where it only prepares what is yielded later, one item in many is left out.
      evidence: inBody ? ("proof" as const) : ("fair" as const),
      weight: inBody || ends ? ("heavy" as const) : ("unknown" as const),
      name: home.field("name")?.text ?? "",
      ends,
    };
  },

  message: ({ name, ends }) =>
    ends
      ? `Any error ends \`${name.slice(0, 60)}\` as if there were no more items, and whoever goes through them is not told.`
      : `Any error makes \`${name.slice(0, 60)}\` leave out an item, and whoever goes through them is not told.`,
});

const BROAD = /^(?:Base)?Exception$/;

function isBroad(type: Node | undefined): boolean {
  if (!type) return true;
  const parts =
    type.kind === "tuple" ? type.children : [type.kind === "as_pattern" ? (type.children[0] ?? type) : type];
  return parts.some((it) => BROAD.test(it.text));
}

function yieldsBelow(node: Node, isOwn: (it: Node) => boolean): boolean {
  for (let it = node.nextSibling; it; it = it.nextSibling) if (it.descendants("yield").some(isOwn)) return true;
  return false;
}

/** The loop around it yields, in its `else` or further down. */
function yieldsBeside(node: Node, home: Node, isOwn: (it: Node) => boolean): boolean {
  const loop = node.ancestor("for_statement", "while_statement");
  if (!loop?.isInside(home)) return false;
  return loop.descendants("yield").some((it) => isOwn(it) && !it.isInside(node.field("body")!));
}

/** Nothing of it gets out: it is not raised again, handed on, kept, or told by a logger; `print` is read by nobody who goes through the items. */
function swallows(body: Node, isOwn: (it: Node) => boolean): boolean {
  if (body.descendants("raise_statement", "yield").some(isOwn)) return false;
  const prints = body.descendants("call").every((it) => PRINTS.test(it.field("function")?.text ?? "") || isInPrint(it));
  return prints && statementsOf(body).every((it) => QUIET.has(it.kind));
}

const PRINTS = /^(?:print|traceback\.print_exc|tqdm\.write|click\.echo|console\.print)$/;
const QUIET = new Set([
  "expression_statement",
  "pass_statement",
  "continue_statement",
  "break_statement",
  "return_statement",
]);

/** `print(type(error))` */
function isInPrint(call: Node): boolean {
  const around = call.parent?.ancestor("call");
  return around !== undefined && PRINTS.test(around.field("function")?.text ?? "");
}

/** The body of a `with` block runs where it yields. */
const isManager = (home: Node): boolean =>
  /contextmanager|fixture/.test(
    asFunction(home)
      ?.decorators.map((it) => it.text)
      .join(" ") ?? "",
  );
