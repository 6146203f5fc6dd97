/** A whole JSON file that is read, changed by one item and written again in a function that is called for each event. */

import {
  asCall,
  asFor,
  asFunction,
  asMethodCall,
  asWith,
  callsUnder,
  defineRule,
  excerpt,
  functionAround,
  methodCalled,
  textValue,
  type Call,
  type Facts,
  type FunctionDef,
  type MethodCall,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Whole file rewritten for one more item",
  why: "Each call reads and writes everything that was added before it, so that the time for all of them grows with the square of their number, and a crash while writing loses all. A line appended to a file of JSON lines costs the same each time.",
  guide: "data-structures",
  level: "hint",
  gain: "safety",
  words: ["dump", "dumps", "to_csv", "to_parquet", "to_excel", "load_workbook"],

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
  methods: ["to_csv", "to_parquet", "to_excel", "save"],

  find(node, { facts }, call): Rewritten | undefined {
    if (facts.isTest) return undefined;
    const def = functionAround(node);
    const body = def?.field("body");
    const [items] = call.args;
    if (!body || body.kind !== "block" || !items) return undefined;
    const method = asMethodCall(node, "to_csv", "to_parquet", "to_excel", "save");
    if (method) return ofTable(method, def!, facts);
    const path = writtenPath(node);
    const queue = path && items.kind === "identifier" ? ofQueue(items, path, node, def!) : undefined;
    if (queue) return queue;
    if (path && items.kind === "call") return ofDocument(items, path, call, facts);
    if (path && items.kind === "attribute") return heldByObject(items, path, call, facts);
    if (items.kind !== "identifier") return undefined;
    if (!path || !isReadFrom(items, path, facts)) return undefined;
    if (!facts.memo(`grows by one ${items.text}`, body, () => growsByOne(items, body))) return undefined;
    return { at: call.callee, evidence: "strong", weight: facts.weightOf(def!), items, path, adder: undefined };
  },

  message: ({ items, path, adder, deed }) =>
    deed === "removed"
      ? `Each call reads and writes all of \`${excerpt(path, 40)}\` to take a few items out of it; a table of a database, or a file for each item, takes them out alone.`
      : deed === "changed"
        ? `\`${adder}\` runs for each item, and each time all of \`${excerpt(items.text, 30)}\` is written again; write down what has changed, or write now and then.`
        : adder
          ? `\`${adder}\` adds one item to \`${excerpt(items.text, 30)}\`, and this writes all of it to \`${excerpt(path, 40)}\` again; a line of JSON appended, or a database, costs the same for each.`
          : `Each call reads and writes all of \`${excerpt(path, 40)}\` to add one item to \`${excerpt(items.text, 30)}\`; append a line of JSON instead.`,
});

/** `frame = read_csv(path)`, one row more, `frame.to_csv(path)`; `book = load_workbook(path)`, one row more, `book.save(path)`. */
function ofTable({ node, method, object, args: [path], callee, keywords }: MethodCall, def: Node, facts: Facts) {
  const body = def.field("body")!;
  if (!path || object.kind !== "identifier" || facts.loopAround(node) || keywords.has("mode")) return undefined;
  const name = object.text;
  const isBook = method === "save";
  const opens = isBook ? /(?:^|\.)load_workbook$/ : /(?:^|\.)read_(?:csv|parquet|excel)$/;
  const isRead = facts.writesOf(object).some((site) => {
    const read = asCall(site.value);
    return read !== undefined && opens.test(read.callee.text) && read.args[0]?.text === path.text;
  });
  if (!isRead) return undefined;
  const isOnce = (it: Node) => !facts.loopAround(it);
  const added = isBook
    ? body
        .descendants("call")
        .filter(
          (it) =>
            asMethodCall(it, "append") &&
            /^(?:ws|sheet|worksheet|\w+_(?:ws|sheet))$/.test(asMethodCall(it)!.object.text),
        )
    : body
        .descendants("call")
        .filter(
          (it) =>
            /(?:^|\.)concat$/.test(asCall(it)!.callee.text) && it.identifiers(name).length > 0 && ONE_ROW.test(it.text),
        );
  if (added.length !== 1 || !isOnce(added[0]!)) return undefined;
  return {
    at: callee,
    evidence: "strong",
    weight: facts.weightOf(def),
    items: object,
    path: path.text,
    adder: undefined,
  } as const;
}
/** `pd.concat([frame, pd.DataFrame([row])])` */
const ONE_ROW = /DataFrame\(\[|\b(?:new_)?(?:row|record|entry)(?:_df)?\b/;

/** Lines of JSON that are read, sifted and written again, to take out those that are done. */
function ofQueue(items: Node, path: string, node: Node, def: Node): Rewritten | undefined {
  const loop = asFor(node.ancestor("for_statement"));
  if (!loop || loop.target.text !== items.text || loop.iterable.kind !== "identifier") return undefined;
  const kept = loop.iterable.text;
  const isSifted = def
    .field("body")!
    .descendants("with_statement")
    .filter((it) => asWith(it)?.items.some((item) => opensFor(item.value, "r") === path))
    .some((it) =>
      it
        .descendants("call")
        .filter((inner) => asMethodCall(inner, "append")?.object.text === kept)
        .some((inner) => {
          const [, known = ""] =
            / not in ([\w.]+)/.exec(inner.ancestor("if_statement")?.field("condition")?.text ?? "") ?? [];
          // What is seen for the second time goes only once.
          return known !== "" && !it.text.includes(`${known}.add(`) && !it.text.includes(`${known}.append(`);
        }),
    );
  return isSifted
    ? {
        at: loop.iterable,
        evidence: "strong",
        weight: "unknown",
        items: loop.iterable,
        path,
        adder: undefined,
        deed: "removed",
      }
    : undefined;
}

/** `json.dump(batch.dict(), file)` in a method that is called, itself or through another, by one that runs for each item of a loop. */
function ofDocument(items: Node, path: string, { callee, node }: Call, facts: Facts): Rewritten | undefined {
  const whole = asCall(items)!;
  const writer = asFunction(functionAround(node));
  if (!writer || !facts.classOf(writer.node) || !/(?:^|\.)(?:dict|model_dump|to_dict|asdict)$/.test(whole.callee.text))
    return undefined;
  // A file for each of them is written once.
  const steps = calledForEach(writer, MOST_STEPS, facts);
  if (!steps) return undefined;
  return { at: callee, evidence: "fair", weight: "unknown", items, path, adder: steps.name, deed: "changed" };
}
const MOST_STEPS = 3;

/** The method that a loop of the class calls for each of its items, and that calls this one outside of any loop. */
const calledForEach = (def: FunctionDef, steps: number, facts: Facts): FunctionDef | null =>
  steps === 0
    ? null
    : facts.memo(`called for each item, ${steps}`, def.node, () => callerForEach(def, steps, facts) ?? null);

function callerForEach(def: FunctionDef, steps: number, facts: Facts): FunctionDef | undefined {
  const callers = facts.view
    .attributesOf(def.name)
    .filter((it) => it.parent?.kind === "call" && methodCalled(it, facts)?.def.node === def.node)
    .flatMap((it) => (facts.loopAround(it) ? [] : (asFunction(functionAround(it)) ?? [])))
    .filter((it) => it.node !== def.node);
  for (const caller of callers) {
    const isOfLoop = facts.view
      .attributesOf(caller.name)
      .some((it) => methodCalled(it, facts)?.def.node === caller.node && facts.loopAround(it));
    if (isOfLoop) return caller;
    const further = calledForEach(caller, steps - 1, facts);
    if (further) return further;
  }
  return undefined;
}

interface Rewritten {
  readonly at: Node;
  readonly evidence: "strong" | "fair";
  readonly weight: Weight;
  readonly items: Node;
  readonly path: string;
  /** The method that adds an item and has all of them written. */
  readonly adder: string | undefined;
  /** Left out: something is added. */
  readonly deed?: "removed" | "changed";
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
