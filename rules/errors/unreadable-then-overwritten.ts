/** A file that cannot be read counts as an empty one, and is then written over: all that was in it is lost. */

import {
  asAssignment,
  asAttribute,
  asAugmented,
  asCall,
  asFunction,
  asIf,
  asMethodCall,
  asTry,
  asWith,
  argumentOf,
  callsUnder,
  defineRule,
  excerpt,
  expressionOf,
  functionAround,
  functionCalled,
  isConstant,
  itemsOf,
  lastName,
  nextStatement,
  previousStatement,
  statementOf,
  statementsOf,
  textValue,
  unwrap,
  type Call,
  type ClassInfo,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Match,
  type Node,
  type Try,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Unreadable file taken for an empty one and overwritten",
  why: "A file that is there and cannot be read, because it was cut off, is locked or has another format, holds what somebody needs. Taken for empty it is written over at the next save, and all of that is gone; only a file that is missing is empty.",
  guide: "debugging",
  level: "warning",
  gain: "safety",
  words: ["load", "loads", "read_csv", "read_parquet", "read_json", "read_pickle", "read_excel", "safe_load"],
  overrides: ["errors/silent-broad-except", "errors/lost-traceback", "errors/failure-as-empty-result"],

  examples: [
    {
      before: `
import json

def remember(path: str, event: dict) -> None:
    try:
        with open(path, encoding="utf-8") as file:
            events = json.load(file)
    except Exception:
        events = []
    events.append(event)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(events, file)
`,
      after: `
import json

def remember(path: str, event: dict) -> None:
    try:
        with open(path, encoding="utf-8") as file:
            events = json.load(file)
    except FileNotFoundError:
        events = []
    events.append(event)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(events, file)
`,
    },
  ],

  on: ["try_statement"],

  find(node, { facts }): Lost | undefined {
    const tried = asTry(node);
    const handler = tried?.handlers.find(({ type }) => meansUnreadable(type));
    if (!tried || !handler || facts.isTest || KEEPS.test(handler.body.text)) return undefined;
    const around = functionAround(node);
    const def = asFunction(around);
    // A lambda holds no `try`; at the top of a module it is the whole that runs.
    const home: Home = { def, body: def ? facts.bodyOf(def) : node.tree.root };
    const read = readingIn(tried, home, facts);
    if (
      !read ||
      HARMLESS.test(`${read.path.text} ${def?.name ?? ""} ${around ? (facts.classNameOf(around) ?? "") : ""}`)
    )
      return undefined;
    const emptied = emptiedBy(tried, handler, read, node, facts);
    if (!emptied) return undefined;
    const sink =
      emptied.what === "return"
        ? def && afterLoading(def, read.path, facts)
        : (writtenBelow(emptied.what, read.path, home, node.end, facts) ??
          writtenByObject(emptied.what, read.path, def, node, facts));
    if (!sink) return undefined;
    return {
      at: emptied.at,
      evidence: sink.evidence,
      weight: facts.isNotebook ? "light" : isBroad(handler.type) ? "heavy" : "unknown",
      related: [{ at: sink.at, message: "written over here" }],
      path: read.shown,
      by: asFunction(functionAround(sink.at))?.name,
      isSame: functionAround(sink.at) === around,
    };
  },

  message: ({ path, by, isSame }) =>
    `If \`${excerpt(path.text, 50)}\` cannot be read it counts as empty here, and ${isSame || !by ? "what is written below" : `\`${by}\``} replaces all that was in it; only a missing file is empty.`,
});

interface Lost extends Match {
  readonly path: Node;
  readonly by: string | undefined;
  readonly isSame: boolean;
}

/** A function, or the module. */
interface Home {
  readonly def: FunctionDef | undefined;
  readonly body: Node;
}

const isBroad = (type: Node | undefined): boolean =>
  type === undefined || parts(type).some((it) => /^(?:builtins\.)?(?:Base)?Exception$/.test(it));
const parts = (type: Node): readonly string[] =>
  type.kind === "tuple" ? itemsOf(type).map((it) => it.text) : [type.text];

/** Errors that a file raises which is there. */
const meansUnreadable = (type: Node | undefined): boolean =>
  isBroad(type) ||
  parts(type!).some((it) =>
    /(?:^|\.)(?:JSONDecodeError|ValueError|UnpicklingError|EOFError|UnicodeDecodeError|YAMLError|TOMLDecodeError|ParserError)$/.test(
      it,
    ),
  );

/** It stops, asks, puts the file aside, or reads it in another way. */
const KEEPS =
  /\.read(?:_text|_bytes|lines)?\(|\b(?:raise|exit|_exit|abort|quit|rename|replace|move|copy\w*|backup\w*|\w*bak|quarantine\w*|unlink|remove|rmtree|input|confirm)\b|corrupt\w*["'(]/;
/** What is made again at any time. */
const HARMLESS =
  /cache|te?mp\b|\btemp|throttl|(?:^|[^b])lock|\bpid\b|_pid|heartbeat|probe|status|cooldown|rate_?limit/i;

const LOADS =
  /^(?:json|_?pickle|cPickle|dill|cloudpickle|yaml|toml|tomllib|tomli|ujson|orjson|simplejson|msgpack|joblib|torch|np|numpy)\.(?:safe_load|full_load|load|loads|unpackb?)$/;
const TABLES = /^(?:pd|pandas|pl|polars)\.read_(?:csv|json|parquet|pickle|excel|feather)$/;

const isLoading = ({ callee: { text } }: Call): boolean => TABLES.test(text) || LOADS.test(text);
/** Of more of a kind in one place the others are not looked at. */
const MOST = 8;

interface Reading {
  /** Names, and attributes of the own object, that get what the file holds. `return` where that is given back. */
  readonly targets: ReadonlySet<string>;
  readonly path: Path;
  readonly shown: Node;
}

/** What the block reads, if that is one file. */
function readingIn(tried: Try, home: Home, facts: Facts): Reading | undefined {
  for (const call of callsUnder(tried.body)
    .filter((it) => isLoading(it))
    .slice(0, MOST)) {
    const isTable = TABLES.test(call.callee.text);
    const [given] = call.args;
    const shown = given && (isTable ? (pathOpened(given) ?? given) : sourceOf(given, call.node, tried, 0));
    if (!shown) continue;
    const targets = targetsOf(call.node, tried);
    if (targets.size > 0) return { targets, path: pathOf(shown, home, facts), shown };
  }
  return undefined;
}

/** The path of the file that an argument of a loader stands for: `file`, `path.read_text()`, `open(path)`. */
function sourceOf(given: Node, at: Node, tried: Try, steps: number): Node | undefined {
  const value = unwrap(given);
  const opened = pathOpened(value);
  if (opened) return opened;
  const method = asMethodCall(value, "read", "read_text", "read_bytes", "readlines");
  if (method) return method.method === "read" ? sourceOf(method.object, at, tried, steps + 1) : method.object;
  if (value.kind !== "identifier" || steps > 3) return steps === 0 && isPath(value) ? value : undefined;
  const alias = openedAs(value.text, at);
  if (alias) return pathOpened(alias);
  for (const it of tried.body.descendants("assignment")) {
    const assignment = asAssignment(it);
    if (assignment?.value && assignment.targets[0]?.text === value.text)
      return sourceOf(assignment.value, it, tried, steps + 1);
  }
  return isPath(value) ? value : undefined;
}

/** By its name it is where a file is. */
const isPath = (node: Node): boolean =>
  /path|file(?:name)?$|_FILE|fname|PATH/.test(lastName(node)) && node.text !== "file";

/** What the `with` around a node opened by this name. */
function openedAs(name: string, node: Node): Node | undefined {
  for (let at = node.ancestor("with_statement"); at; at = at.ancestor("with_statement")) {
    const item = asWith(at)?.items.find((it) => it.alias?.text === name);
    if (item) return item.value;
  }
  return undefined;
}

/** The path in `open(path)`, `path.open()` and the like, for reading or, if asked for, for writing. */
function pathOpened(node: Node, mode = /^r?[bt]?$/): Node | undefined {
  const call = asCall(unwrap(node));
  if (!call || lastName(call.callee) !== "open") return undefined;
  const isMethod =
    asMethodCall(call.node) && !/^(?:gzip|bz2|lzma|io|codecs|aiofiles|builtins)\./.test(call.callee.text);
  const given = argumentOf(call, "mode", isMethod ? 0 : 1);
  if (!mode.test(given ? (textValue(given) ?? "?") : "r")) return undefined;
  return isMethod ? asMethodCall(call.node)!.object : call.args[0];
}

/** What gets the content, and what is made of it in the block. */
function targetsOf(call: Node, tried: Try): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (statement: Node, value: Node | undefined) => {
    if (statement.kind === "return_statement") return names.add("return");
    const assignment = asAssignment(statement);
    const [target] = assignment?.targets ?? [];
    if (assignment?.value && target && isPlace(target)) return names.add(target.text);
    const filled = value && asMethodCall(asCall(statement.children[0])?.node, "update", "extend");
    return filled && isPlace(filled.object) ? names.add(filled.object.text) : names;
  };
  const first = statementOf(call);
  add(first, call);
  for (const name of [...names].filter((it) => /^\w+$/.test(it) && it !== "return")) {
    for (const it of tried.body.identifiers(name)) {
      const statement = statementOf(it);
      if (statement !== first && statement.start > first.start && !isInTest(it)) add(statement, it);
    }
  }
  return names;
}

const isPlace = (node: Node): boolean => node.kind === "identifier" || /^(?:self|cls)\.\w+$/.test(node.text);

const isInTest = (node: Node): boolean => {
  const statement = asIf(statementOf(node));
  return statement !== undefined && node.isInside(statement.condition);
};

interface Emptied {
  /** The place that is empty now, or `return`. */
  readonly what: string;
  readonly at: Node;
}

const EMPTY =
  /^(?:None|\[\]|\{\}|\(\)|["']{2}|(?:dict|list|set|deque|collections\.deque|OrderedDict)\(\)|(?:collections\.)?(?:defaultdict|Counter)\(\w*\)|(?:pd|pl|pandas|polars)\.DataFrame\(.*\))$/s;

/** Nothing that somebody put in: `{"items": []}` too, and what a function makes for a first start. */
function isEmptyValue(value: Node | undefined): boolean {
  if (!value) return false;
  const it = unwrap(value);
  if (EMPTY.test(it.text)) return true;
  const call = asCall(it);
  if (call) return call.args.length === 0 && call.keywords.size === 0 && !call.hasSplat && FRESH.test(call.callee.text);
  if (it.kind !== "dictionary" || !it.children.every((pair) => pair.kind === "pair")) return false;
  const values = it.children.map((pair) => pair.field("value")!);
  // `{"version": 1, "items": []}`: with nothing but numbers in it, it may be what is asked for next.
  return values.some((one) => EMPTY.test(one.text)) && values.every((one) => EMPTY.test(one.text) || isConstant(one));
}

/** `self._empty_state()`, `default_scene()`. */
const FRESH = /^(?:\w+\.)*_*(?:(?:get|make|create|new|build)_)?(?:default|empty|blank|initial|fresh|new|no)_\w+$/;

/** Where the handler leaves something empty that the block was to read, and goes on. */
function emptiedBy(
  tried: Try,
  { body }: Try["handlers"][number],
  { targets }: Reading,
  node: Node,
  facts: Facts,
): Emptied | undefined {
  const statements = statementsOf(body);
  const last = statements.at(-1);
  if (last?.kind === "return_statement")
    return targets.has("return") && isEmptyValue(last.children[0]) ? { what: "return", at: last } : undefined;
  if (body.descendants("return_statement", "continue_statement", "break_statement").length > 0) return undefined;
  for (const it of statements) {
    const assignment = asAssignment(it);
    const [target] = assignment?.targets ?? [];
    if (target && targets.has(target.text))
      return isEmptyValue(assignment?.value) ? { what: target.text, at: it } : undefined;
  }
  const at = lineOf(statements[0]!);
  const below = afterwards(node);
  if (targets.has("return"))
    return below?.kind === "return_statement" && isEmptyValue(below.children[0])
      ? { what: "return", at: below }
      : undefined;
  // It was empty before, and stays so.
  for (let above = previousStatement(node), steps = 0; above && steps < 6; above = previousStatement(above), steps++) {
    const assignment = asAssignment(above);
    const [target] = assignment?.targets ?? [];
    if (target && targets.has(target.text) && isEmptyValue(assignment?.value)) return { what: target.text, at };
  }
  return [...targets].flatMap((what) =>
    isAddedTo(what, tried.body) || isBegunEmpty(what, node, facts) ? [{ what, at }] : [],
  )[0];
}

/** What is done next: below the block, or below the `if` that the block ends. */
function afterwards(node: Node): Node | undefined {
  const next = nextStatement(node);
  const around = next ? undefined : node.parent?.parent;
  return around?.kind === "if_statement" && node.isInside(around.field("consequence")!) ? afterwards(around) : next;
}

/** `rows = pd.concat([found, rows])`: what was there before stays alone. */
const isAddedTo = (name: string, block: Node): boolean =>
  block.descendants("assignment").some((it) => {
    const value = it.field("right");
    return it.field("left")?.text === name && value !== undefined && mentions(value, name);
  });

/** The constructor makes it empty, and then calls this method. */
function isBegunEmpty(place: string, node: Node, facts: Facts): boolean {
  const def = functionAround(node);
  const made = def && place.startsWith("self.") ? facts.classOf(def)?.methodNamed("__init__") : undefined;
  return (
    made?.def.node !== def &&
    made !== undefined &&
    callsUnder(facts.bodyOf(made.def)).some((it) => it.callee.text === `self.${asFunction(def)?.name}`) &&
    facts
      .bodyOf(made.def)
      .descendants("assignment")
      .some((it) => it.field("left")?.text === place && isEmptyValue(it.field("right")))
  );
}

const lineOf = (node: Node): Node => {
  const call = asCall(node.kind === "expression_statement" ? node.children[0] : undefined);
  return call?.callee ?? node;
};

/** A path: what it is worked out of, and whether that is the same everywhere. */
interface Path {
  readonly text: string;
  /** Made of names of the module and attributes of the own object alone. */
  readonly isShared: boolean;
  /** The parameter of the function that it is. */
  readonly parameter: string | undefined;
}

function pathOf(node: Node, { def, body }: Home, facts: Facts): Path {
  let value = plain(node);
  const parameter = def?.parameters.find((it) => it.name === value.text)?.name;
  if (parameter !== undefined) return { text: value.text, isShared: false, parameter };
  for (let steps = 0; steps < 3 && value.kind === "identifier" && def; steps++) {
    const next = facts.memo("values given once", body, () => givenIn(body, def)).get(value.text);
    if (!next) break;
    value = plain(next);
  }
  const names = value.kind === "identifier" ? [value] : value.descendants("identifier");
  const isShared = names.every((it) => isOfModule(it, def, body));
  // However its lines are broken.
  return { text: value.text.replace(/\s+/g, " "), isShared, parameter: undefined };
}

/** The values of the names that are bound once in a function, by an assignment. */
function givenIn(body: Node, def: FunctionDef): ReadonlyMap<string, Node | undefined> {
  const values = new Map<string, Node | undefined>();
  for (const it of body.descendants("assignment")) {
    const name = it.field("left");
    if (name?.kind !== "identifier" || functionAround(it) !== def.node) continue;
    const value = it.field("right");
    values.set(name.text, values.has(name.text) || value?.kind === "assignment" ? undefined : value);
  }
  return values;
}

/** Not bound in the function. */
function isOfModule(name: Node, def: FunctionDef | undefined, body: Node): boolean {
  if (!def || (name.parent?.kind === "attribute" && name.fieldName === "attribute")) return true;
  if (name.parent?.kind === "keyword_argument" && name.fieldName === "name") return true;
  const { text } = name;
  if (text === "self" || text === "cls") return true;
  if (def.parameters.some((it) => it.name === text)) return false;
  return !body.identifiers(text).some((it) => it.parent?.kind === "assignment" && it.fieldName === "left");
}

/** `path` of `str(path)`, `Path(path)`. */
function plain(node: Node): Node {
  const value = unwrap(node);
  const call = asCall(value);
  const [only, more] = call?.args ?? [];
  return only && !more && /^(?:str|Path|pathlib\.Path|os\.fspath)$/.test(call!.callee.text) ? plain(only) : value;
}

/** One place of a function that writes a file. */
interface Write {
  readonly at: Node;
  readonly path: Path;
  /** The expression that is written. */
  readonly data: Node;
  readonly evidence: Evidence;
}

const DUMPS =
  /^(?:json|_?pickle|cPickle|dill|cloudpickle|yaml|toml|ujson|simplejson|joblib|torch|np|numpy)\.(?:dump|safe_dump|save)$/;
const TABLE_WRITES = /^(?:to_(?:csv|parquet|pickle|json|excel|feather)|write_(?:csv|parquet|json|excel))$/;
const NAMED = /^(?:self\.)?_?(?:atomic_)?(?:write|save|dump)\w*$|_(?:write|save|dump)(?:_\w+)?$/;

/** The files that a function writes whole. */
const writesIn = (home: Home, facts: Facts): readonly Write[] =>
  facts.memo("files written whole", home.body, () =>
    callsUnder(home.body).flatMap((it) => writeOf(it, home, facts, true) ?? []),
  );

function writeOf(call: Call, home: Home, facts: Facts, isDeep: boolean): Write | undefined {
  const { text } = call.callee;
  const { node: at, args } = call;
  const to = (path: Node | undefined, data: Node | undefined, evidence: Evidence = "proof"): Write | undefined =>
    path && data ? { at, path: pathOf(movedTo(path, home, facts) ?? path, home, facts), data, evidence } : undefined;
  if (DUMPS.test(text)) {
    const isFirst = /^(?:np|numpy)\./.test(text);
    const file = args[isFirst ? 0 : 1];
    if (!file) return undefined;
    return to(
      writtenFile(file, at) ?? (/^(?:joblib|torch|np|numpy)\./.test(text) ? file : undefined),
      args[isFirst ? 1 : 0],
    );
  }
  const method = asMethodCall(at);
  if (method?.method === "write") return to(writtenFile(method.object, at), args[0]);
  if (method && /^write_(?:text|bytes)$/.test(method.method)) return to(method.object, args[0]);
  if (method && TABLE_WRITES.test(method.method)) {
    const mode = textValue(call.keywords.get("mode"));
    return mode === "a" ? undefined : to(args[0] && (writtenFile(args[0], at) ?? args[0]), method.object);
  }
  return isDeep && NAMED.test(text) ? writeThrough(call, home, facts) : undefined;
}

/** Those that a function writes itself. */
const ownWrites = (home: Home, facts: Facts): readonly Write[] =>
  facts
    .memo("files written here", home.body, () =>
      callsUnder(home.body).flatMap((it) => writeOf(it, home, facts, false) ?? []),
    )
    .slice(0, MOST);

/** `save(path, events)`, where `save` writes its parameters, or is called as if it did. */
function writeThrough(call: Call, home: Home, facts: Facts): Write | undefined {
  const { node: at, args } = call;
  const saver = functionCalled(call.callee, facts);
  if (!saver) {
    const [first, second, more] = args;
    if (!first || !second || more) return undefined;
    const [path, data] = isPath(second) ? [second, first] : [first, second];
    return { at, path: pathOf(path, home, facts), data, evidence: "fair" };
  }
  const own: Home = { def: saver, body: facts.bodyOf(saver) };
  if (saver.node === home.def?.node) return undefined;
  const names = saver.parameters.map((it) => it.name).filter((it) => it !== "self" && it !== "cls");
  const given = (name: string): Node | undefined => call.keywords.get(name) ?? args[names.indexOf(name)];
  for (const write of ownWrites(own, facts)) {
    const data = names.find((it) => mentions(write.data, it) || flowsTo(write.data, it, own.body));
    const item = data === undefined ? undefined : given(data);
    if (!item) continue;
    const { parameter } = write.path;
    const path = parameter === undefined ? undefined : given(parameter);
    if (parameter !== undefined && !path) continue;
    if (!path && !write.path.isShared) continue;
    return { at, path: path ? pathOf(path, home, facts) : write.path, data: item, evidence: "proof" };
  }
  return undefined;
}

/** The path of a file that is open for writing: `file`, `open(path, "w")`. */
function writtenFile(file: Node, at: Node): Node | undefined {
  const opened = file.kind === "identifier" ? openedAs(file.text, at) : file;
  return opened && pathOpened(opened, /^w[bt+]*$/);
}

/** Where `os.replace(part, path)` puts what is written to another name first. */
const movedTo = (path: Node, { body }: Home, facts: Facts): Node | undefined =>
  facts.memo("files moved", body, () => movesIn(body)).get(path.text);

function movesIn(body: Node): ReadonlyMap<string, Node> {
  const moves = new Map<string, Node>();
  for (const { node, callee, args } of callsUnder(body)) {
    const [first, second] = args;
    if (first && second && /^(?:os\.(?:replace|rename)|shutil\.move)$/.test(callee.text))
      moves.set(plain(first).text, second);
    const method = asMethodCall(node, "replace", "rename");
    if (method && first && !second) moves.set(method.object.text, first);
  }
  return moves;
}

const mentions = (node: Node, place: string): boolean =>
  /^\w+$/.test(place)
    ? (node.kind === "identifier" && node.text === place) || node.identifiers(place).length > 0
    : node.text === place || node.descendants("attribute").some((it) => it.text === place);

/** What is written was worked out of a place, in the same function. */
const flowsTo = (data: Node, place: string, body: Node, from = 0): boolean =>
  derived(place, body, from, data.start)?.some((it) => mentions(data, it)) === true;

/** The names that are worked out of a place between two points; undefined where the function stops if it is empty. */
function derived(place: string, body: Node, from: number, to: number): readonly string[] | undefined {
  const names = [place];
  for (const it of body.descendants("assignment", "augmented_assignment", "if_statement", "for_statement")) {
    if (it.start < from || it.start >= to) continue;
    const test = it.kind === "if_statement" ? asIf(it) : undefined;
    if (test) {
      if (
        ASKS.test(test.condition.text) &&
        names.some((name) => mentions(test.condition, name)) &&
        LEAVES.test(test.body.text) &&
        !holds(test.body, to)
      )
        return undefined;
      continue;
    }
    const value = asAssignment(it)?.value ?? asAugmented(it)?.value ?? it.field("right");
    const left = it.field("left");
    if (!value || !left) continue;
    const target = left.kind === "subscript" ? left.field("value")! : left;
    const isMade = names.some((name) => mentions(value, name));
    if (isMade && isPlace(target) && !names.includes(target.text)) names.push(target.text);
    // Something else stands there from now on.
    const at = names.indexOf(left.text);
    if (!isMade && at >= 0 && it.kind === "assignment" && it.parent?.parent === body) names.splice(at, 1);
  }
  return names;
}

const ASKS = /^not\b|\bis None\b|\.empty\b|== ?(?:0|None|\[\]|\{\})|\blen\(/;
const LEAVES = /\b(?:return|raise|continue|exit)\b/;
const holds = (node: Node, at: number): boolean => node.start <= at && at < node.end;

interface Sink {
  readonly at: Node;
  readonly evidence: Evidence;
}

/** The same function writes it, or what is made of it, to the same path further down. */
function writtenBelow(place: string, path: Path, home: Home, from: number, facts: Facts): Sink | undefined {
  return writesIn(home, facts).find(
    (it) =>
      it.at.start >= from &&
      functionAround(it.at) === home.def?.node &&
      it.path.text === path.text &&
      flowsTo(it.data, place, home.body, from),
  );
}

/** A method writes the attribute to the same path. */
function writtenByObject(
  place: string,
  path: Path,
  def: FunctionDef | undefined,
  except: Node,
  facts: Facts,
): Sink | undefined {
  const info = place.includes(".") && path.isShared && def ? facts.classOf(def.node) : undefined;
  if (!info) return undefined;
  const writes = facts.memo("files of the object", info.def.node, () => writesOf(info, facts)).get(path.text);
  if (!writes) return undefined;
  const places = [
    place,
    ...(facts.memo("methods that hand out", info.def.node, () => gettersOf(info)).get(place) ?? []),
  ];
  return writes.find(
    ({ at, data, body }) => !at.isInside(except) && places.some((it) => mentions(data, it) || flowsTo(data, it, body)),
  );
}

/** `self.get_state`, which does nothing but give back `self.state`, by that attribute. */
function gettersOf({ methods }: ClassInfo): ReadonlyMap<string, readonly string[]> {
  const getters = new Map<string, string[]>();
  for (const { def } of methods) {
    const last = statementsOf(def.body).filter((it) => expressionOf(it)?.kind !== "string");
    const [only, more] = last;
    const given = only?.kind === "return_statement" && !more ? only.children[0] : undefined;
    if (!given || !isPlace(given)) continue;
    getters.set(given.text, [...(getters.get(given.text) ?? []), `self.${def.name}`]);
  }
  return getters;
}

/** What the methods of a class write, by the paths that all of them share. */
function writesOf({ methods }: ClassInfo, facts: Facts): ReadonlyMap<string, (Write & { readonly body: Node })[]> {
  const writes = new Map<string, (Write & { readonly body: Node })[]>();
  for (const { def } of methods) {
    const body = facts.bodyOf(def);
    for (const write of writesIn({ def, body }, facts)) {
      if (!write.path.isShared) continue;
      const known = writes.get(write.path.text);
      if (known) known.push({ ...write, body });
      else writes.set(write.path.text, [{ ...write, body }]);
    }
  }
  return writes;
}

/** Who calls the function that gives back an empty value, and then writes what it got to the same path. */
function afterLoading(loader: FunctionDef, path: Path, facts: Facts): Sink | undefined {
  if (!path.isShared && path.parameter === undefined) return undefined;
  for (const call of callsOf(loader, facts)) {
    const own = asFunction(functionAround(call.node));
    if (!own || own.node === loader.node) continue;
    const home: Home = { def: own, body: facts.bodyOf(own) };
    const names = loader.parameters.map((it) => it.name).filter((it) => it !== "self" && it !== "cls");
    const given =
      path.parameter === undefined
        ? undefined
        : (call.keywords.get(path.parameter) ?? call.args[names.indexOf(path.parameter)]);
    if (path.parameter !== undefined && !given) continue;
    const there = given ? pathOf(given, home, facts) : path;
    if (HARMLESS.test(`${there.text} ${own.name}`)) continue;
    const statement = asAssignment(statementOf(call.node));
    const [target, more] = statement?.targets ?? [];
    if (!statement?.value || !target || more || !isPlace(target)) continue;
    const found =
      writtenBelow(target.text, there, home, statement.node.end, facts) ??
      writtenByObject(target.text, there, own, statement.node, facts);
    if (found) return { at: found.at, evidence: found.evidence === "proof" ? "strong" : found.evidence };
  }
  return undefined;
}

function callsOf(loader: FunctionDef, facts: Facts): readonly Call[] {
  const info = facts.classOf(loader.node);
  if (!info) return facts.usesOf(loader.nameNode).flatMap((it) => (it.kind === "call" ? (asCall(it.call) ?? []) : []));
  return facts.memo("calls of own methods", info.def.node, () => ownCalls(info, facts)).get(loader.name) ?? [];
}

/** The calls of its own methods in a class, by name. */
function ownCalls({ methods }: ClassInfo, facts: Facts): ReadonlyMap<string, Call[]> {
  const calls = new Map<string, Call[]>();
  for (const { def } of methods) {
    for (const call of callsUnder(facts.bodyOf(def))) {
      const attribute = asAttribute(call.callee);
      if (!attribute || !/^(?:self|cls)$/.test(attribute.object.text)) continue;
      const known = calls.get(attribute.name);
      if (known) known.push(call);
      else calls.set(attribute.name, [call]);
    }
  }
  return calls;
}
