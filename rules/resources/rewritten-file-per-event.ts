/** A whole JSON file that is read, changed by one item and written again in a function that is called for each event. */

import {
  asCall,
  asMethodCall,
  asWith,
  callsUnder,
  defineRule,
  excerpt,
  functionAround,
  textValue,
  type Call,
  type Facts,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Whole file rewritten for one more item",
  why: "Each call reads and writes everything that was added before it, so that the time for all of them grows with the square of their number, and a crash while writing loses all. A line appended to a file of JSON lines costs the same each time.",
  guide: "data-structures",
  level: "hint",
  gain: "safety",
  words: ["dump", "dumps"],

  examples: [
    {
      before: `
import json

def remember(path: str, event: dict) -> None:
    with open(path, encoding="utf-8") as file:
        events = json.load(file)
    events.append(event)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(events, file)
`,
      after: `
import json

def remember(path: str, event: dict) -> None:
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(event) + "\\n")
`,
    },
  ],

  on: ["call"],
  calls: ["json.dump", "json.dumps", "yaml.dump", "yaml.safe_dump", "pickle.dump"],

  find(node, { facts }, call): Rewritten | undefined {
    if (facts.isTest) return undefined;
    const def = functionAround(node);
    const body = def?.field("body");
    const [items] = call.args;
    if (!body || body.kind !== "block" || !items) return undefined;
    const path = writtenPath(node);
    if (path && items.kind === "attribute") return heldByObject(items, path, call, facts);
    if (items.kind !== "identifier") return undefined;
    if (!path || !isReadFrom(items, path, facts)) return undefined;
    if (!facts.memo(`grows by one ${items.text}`, body, () => growsByOne(items, body))) return undefined;
    return { at: call.callee, evidence: "strong", weight: facts.weightOf(def!), items, path, adder: undefined };
  },

  message: ({ items, path, adder }) =>
    adder
      ? `\`${adder}\` adds one item to \`${excerpt(items.text, 30)}\`, and this writes all of it to \`${excerpt(path, 40)}\` again; a line of JSON appended, or a database, costs the same for each.`
      : `Each call reads and writes all of \`${excerpt(path, 40)}\` to add one item to \`${excerpt(items.text, 30)}\`; append a line of JSON instead.`,
});

interface Rewritten {
  readonly at: Node;
  readonly evidence: "strong" | "fair";
  readonly weight: Weight;
  readonly items: Node;
  readonly path: string;
  /** The method that adds an item and has all of them written. */
  readonly adder: string | undefined;
}

/** What goes on growing for as long as the program runs; settings stay as many as they are. */
const GROWS =
  /(?:^|_)(?:index|history|histories|logs?|records|events|messages|entries|documents|docs|results|items|trades|orders|users|sessions|conversations|seen|visited|processed|urls|jobs|tasks|transactions|memor(?:y|ies))$/;

/** `self.index[key] = entry`, then `self.save()`, which writes all of `self.index`. */
function heldByObject(items: Node, path: string, { callee, node }: Call, facts: Facts): Rewritten | undefined {
  const name = /^self\.(\w+)$/.exec(items.text)?.[1];
  const writer = functionAround(node);
  const info = writer && facts.classOf(writer);
  if (name === undefined || !GROWS.test(name) || !writer || !info) return undefined;
  const save = writer.field("name")?.text ?? "";
  const adder = info.methods.find(({ def }) => {
    if (def.node === writer) return addsOne(items.text, def.body);
    const saves = callsUnder(def.body).filter((it) => it.callee.text === `self.${save}`);
    const [only, more] = saves;
    return only && !more && !facts.loopAround(only.node) && addsOne(items.text, def.body);
  });
  if (!adder) return undefined;
  return { at: callee, evidence: "fair", weight: "unknown", items, path, adder: adder.def.name };
}

/** One item is put in, outside of any loop. */
function addsOne(items: string, body: Node): boolean {
  const stores = body
    .descendants("assignment")
    .filter((it) => it.field("left")?.kind === "subscript" && it.field("left")!.field("value")?.text === items);
  const appends = body.descendants("call").filter((it) => asMethodCall(it, "append")?.object.text === items);
  const all = [...stores, ...appends];
  return all.length === 1 && !all[0]!.ancestor("for_statement", "while_statement")?.isInside(body);
}

/** `events.append(event)`, and nothing that takes items out or changes others. */
function growsByOne(items: Node, body: Node): boolean {
  const calls = body.descendants("call").filter((it) => asMethodCall(it)?.object.text === items.text);
  const appends = calls.filter((it) => asMethodCall(it)!.method === "append");
  return (
    appends.length === 1 &&
    calls.length === 1 &&
    appends[0]!.ancestor("for_statement", "while_statement")?.isInside(body) !== true &&
    !body
      .descendants("assignment")
      .some((it) => it.field("left")?.kind === "subscript" && it.field("left")!.text.startsWith(`${items.text}[`))
  );
}

/** The path of the file that the text goes to. */
function writtenPath(node: Node): string | undefined {
  const block = asWith(node.ancestor("with_statement"));
  const opened = asCall(block?.items[0]?.value);
  if (opened) return opensFor(opened.node, "w");
  const list = node.parent;
  const writing = asMethodCall(list?.parent, "write_text");
  return writing?.object.text;
}

function opensFor(node: Node, mode: string): string | undefined {
  const call = asCall(node);
  const method = asMethodCall(node, "open");
  const given = textValue(call?.args[method ? 0 : 1] ?? call?.keywords.get("mode")) ?? "r";
  if (!given.startsWith(mode)) return undefined;
  return method && method.object.text !== "io"
    ? method.object.text
    : call?.callee.text === "open"
      ? call.args[0]?.text
      : undefined;
}

/** What is added to came out of the same file in this call. */
function isReadFrom(items: Node, path: string, facts: Facts): boolean {
  return facts.writesOf(items).some((site) => {
    const value = site.value;
    const call = asCall(value);
    if (!call || !/\b(?:load|loads|safe_load)$/.test(call.callee.text)) return false;
    if (call.argumentList.text.includes(path)) return true;
    const block = asWith(value!.ancestor("with_statement"));
    return block?.items.some((it) => opensFor(it.value, "r") === path) === true;
  });
}
