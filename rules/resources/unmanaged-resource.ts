/** A file, socket, connection or pool that only a lucky run closes. */

import {
  OPENING_CALLS,
  OPENING_METHODS,
  asAssignment,
  asCall,
  asMethodCall,
  declined,
  defineRule,
  fixOf,
  excerpt,
  expressionOf,
  frameDoubt,
  functionAround,
  holdingOf,
  importName,
  nameGiven,
  nextStatement,
  openedBy,
  openedThrough,
  statementOf,
  unwrap,
  useOf,
  withAbove,
  withAround,
  wrapped,
  type Call,
  replace,
  type Declined,
  type Edit,
  type Facts,
  type File,
  type Fix,
  type Holding,
  type Node,
  type Opened,
  type Weight,
} from "../../analysis/authoring.js";
import { leftByObject, leftByWith, type LeftOpen } from "./unmanaged-resource/connections.js";

/** Where the thing is opened and where it is used for the last time, both in one block. */
interface Region {
  readonly opened: Opened;
  readonly holding: Holding;
  readonly statement: Node;
  /** The name it is given; undefined where it is used on the spot. */
  readonly name: Node | undefined;
  readonly last: Node;
  /** Calls that release it by its name. */
  readonly releases: readonly Call[];
  /** `name.close()` as a statement of the same block. */
  readonly closing: Node | undefined;
  /** Read in one breath, once in a script. */
  readonly isOnce: boolean;
  /** The name may stand for what a parameter was given. */
  readonly orGiven?: boolean;
}

export default defineRule({
  title: "Resource that is not closed on every path",
  why: "A resource that an exception or an early return leaves open stays open until the garbage collector finds it, or until the program ends. A with block closes it on every path.",
  guide: "context-managers",
  level: "warning",
  gain: "safety",
  overlaps: ["SIM115"],
  unlike:
    "sockets, connections, pools and executors count beside files, and the fix moves the lines that use it into a `with`",
  overrides: ["resources/open-without-encoding", "concurrency/request-without-timeout"],
  fixes: "safe",

  examples: [
    {
      before: `
import json

def records(path: str) -> list[dict]:
    file = open(path, encoding="utf-8")
    found = [json.loads(line) for line in file]
    file.close()
    return found
`,
      after: `
import json

def records(path: str) -> list[dict]:
    with open(path, encoding="utf-8") as file:
        found = [json.loads(line) for line in file]
    return found
`,
    },
    {
      before: `
import json

def settings(path: str) -> dict:
    return json.load(open(path, "rb"))
`,
      after: `
import json

def settings(path: str) -> dict:
    with open(path, "rb") as file:
        return json.load(file)
`,
    },
  ],

  on: ["call", "assignment", "with_statement"],
  // What a helper of the file opens; what is opened right there is the call.
  values: { assignment: ["call"] },
  calls: OPENING_CALLS,
  methods: OPENING_METHODS,

  find(node, { facts }) {
    if (node.kind === "with_statement" && facts.isTest) return undefined;
    if (node.kind === "with_statement") return leftByWith(node, facts).map((it) => leftOpen(it, facts));
    const opened = node.kind === "call" ? openedBy(node, facts) : openedThrough(node.field("right"), facts);
    const holding = opened && holdingOf(opened, facts);
    const region = holding
      ? regionOf(opened, holding, facts)
      : opened && (ownRegionOf(opened, facts) ?? branchRegionOf(opened, facts));
    if (region)
      return {
        at: region.opened.call.callee,
        evidence: "proof" as const,
        weight: weightOf(region, facts),
        region,
        left: undefined,
      };
    const left = opened && !facts.isTest ? (leftByObject(opened, facts) ?? leftInList(opened, facts)) : undefined;
    return left && leftOpen(left, facts);
  },

  message({ region, left }) {
    if (left?.how === "listed")
      return `Each image of this list keeps its file open until its pixels are read; \`load()\` in a \`with\` block lets go of it, a list of paths opens none.`;
    if (left)
      return left.how === "kept"
        ? `No method closes \`${left.name!.text}\`; each object that is made keeps a connection open until it is collected.`
        : `This \`with\` ends the transaction and leaves the connection open; \`with closing(…) as db, db:\` does both.`;
    const { opened, releases, name, orGiven } = region;
    if (orGiven)
      return `\`${name?.text}\` is never closed where this function opens it; an ExitStack closes it and leaves open what a caller gives.`;
    if (opened.kind === "image")
      return `\`${name?.text}\` keeps its file open until its pixels are read, and longer if it has several frames; a \`with\` block closes it.`;
    const hasJobs = opened.kind === "pool" || opened.kind === "executor";
    const remedy = `${opened.kind === "closing" ? "`with closing(…)`" : "a `with` block"} ${hasJobs ? "ends" : "closes"} it on every path`;
    if (!name) return `Nothing closes what \`${opened.call.callee.text}\` opens here; ${remedy}.`;
    const [release] = releases;
    if (!release) return `\`${name.text}\` is never ${hasJobs ? "shut down" : "closed"}; ${remedy}.`;
    return `An exception before \`${release.callee.text}()\` leaves \`${name.text}\` ${hasJobs ? "running" : "open"}; ${remedy}.`;
  },

  fix({ region, left }, file) {
    if (left) return closingToo(left, file);
    const { opened, statement } = region;
    const { facts } = file;
    if (region.name?.kind === "attribute") return declined(`other methods may use \`${region.name.text}\``);
    if (region.orGiven) return declined(`what a caller gives as \`${region.name?.text}\` must stay open`);
    if (isNamedFile(opened)) return declined("something may go on to use it by its name");
    const doubt = doubtOf(region, facts);
    const wrapper = opened.kind === "closing" ? importName(file, "contextlib", "closing", statement) : undefined;
    if (doubt === undefined)
      return declined("the end of a with block would end jobs that are still running, or wait for them");
    if (opened.kind === "closing" && !wrapper) return declined("the name `closing` means something else here");
    const edits = region.name
      ? around(region, region.name, wrapper?.name, file.facts)
      : above(region, wrapper?.name, file.facts);
    if (!edits) return declined("the lines that use it cannot be put into a with block as they are");
    return fixOf(
      "Use a `with` block",
      [
        doubt,
        descriptorDoubt(region, facts),
        region.name && frameDoubt(statement, facts),
        region.holding.isSent && "the file has to be sent when the call returns",
        replacesOpen(facts) && "this file replaces `open`, and what that returns must work in a `with` block",
      ],
      [...edits, ...(wrapper?.edits ?? [])],
    );
  },
});

/** CPython closes it when nothing refers to it any more, which is soon in a function, and late for an object. */
const leftOpen = (left: LeftOpen, facts: Facts) => ({
  at: left.opened.call.callee,
  evidence: left.how === "kept" ? ("fair" as const) : ("proof" as const),
  weight: (left.how === "kept" || isOfFew(left, facts) ? "light" : "unknown") as Weight,
  left,
  region: undefined,
});

function isOfFew({ how, opened: { call } }: LeftOpen, facts: Facts): boolean {
  if (how !== "listed") return runsOnce(call.node, facts);
  const items = itemsGoneThrough(call.node, facts);
  return items !== undefined && facts.sizeOf(items) === "light";
}

/** `images.append(Image.open(path))` in a loop, `[Image.open(path) for path in paths]`: as many open files as there are images. */
function leftInList(opened: Opened, facts: Facts): LeftOpen | undefined {
  const { node } = opened.call;
  if (opened.kind !== "image" || !itemsGoneThrough(node, facts)) return undefined;
  const around = functionAround(node) ?? node.tree.root;
  // Somebody has thought of it, or of what is read in the same turn.
  if (/\.(?:load|close|verify)\(\)/.test(around.text)) return undefined;
  const outer = wrapped(node);
  const isElement = outer.parent?.kind === "list_comprehension" && outer.fieldName === "body";
  const name = nameGiven(outer);
  const [read, more] = name ? facts.readsSeeing(name) : [];
  const item = read && !more ? wrapped(read) : outer;
  const added = item.parent?.kind === "argument_list" ? asMethodCall(item.parent.parent, "append") : undefined;
  return isElement || (added?.args.length === 1 && facts.loopAround(added.node) === facts.loopAround(node))
    ? { how: "listed", opened, name: undefined }
    : undefined;
}

/** What the loop or comprehension around it goes through. */
function itemsGoneThrough(node: Node, facts: Facts): Node | undefined {
  const loop = facts.loopAround(node);
  const clause =
    loop && /comprehension/.test(loop.kind) ? loop.children.find((it) => it.kind === "for_in_clause") : loop;
  return clause?.field("right");
}

/** `with closing(connect(path)) as db, db:`. */
function closingToo({ how, opened, name }: LeftOpen, file: File): Fix | Declined {
  if (how === "listed") return declined("whether the pixels or the paths are wanted is not in the code");
  if (how === "kept") return declined("when the object is done with is not in sight");
  const statement = opened.call.node.ancestor("with_statement")!;
  if (!name) return declined("the connection has no name");
  if (file.facts.isReadOutside(name, statement)) return declined(`\`${name.text}\` is used behind the block`);
  const wrapper = importName(file, "contextlib", "closing", statement);
  if (!wrapper) return declined("the name `closing` means something else here");
  return fixOf(
    "Close the connection too",
    ["what still reads from the connection behind the block finds it closed"],
    [
      replace(opened.call.node, `${wrapper.name}(${opened.call.node.text})`),
      replace(name, `${name.text}, ${name.text}`),
      ...wrapper.edits,
    ],
  );
}

function weightOf({ opened, name, statement, holding, isOnce }: Region, facts: Facts): Weight {
  // Its thread writes every few seconds, whether it is closed or not.
  if (facts.isTest || isOnce || opened.kind === "log") return "light";
  // CPython closes and deletes it as soon as nothing refers to it.
  if (isNamedFile(opened)) return "unknown";
  // Reading the pixels closes most images.
  if (opened.kind === "image") return holding.reads.every(isLookedAt) ? "unknown" : "light";
  // A browser goes on to run; a server ends the connection itself.
  if (opened.kind === "browser") return functionAround(statement) ? "heavy" : "unknown";
  if (opened.kind === "session") return "unknown";
  // A file that is only read loses nothing; what was written may never reach the disk.
  if (opened.kind === "document" && opened.access === "read") return "unknown";
  // A file that is read on the spot is closed as soon as nothing refers to it, though only in CPython.
  const isRead = opened.mode !== undefined && opened.access === "read";
  // Where a script fails it ends, and what it has written reaches the disk then.
  const isScript = runsOnce(statement, facts);
  if (isRead) return !name && isScript ? "light" : "unknown";
  return isScript || !name || (opened.kind === "closing" && !hasChanges(statement.parent!, facts))
    ? "unknown"
    : "heavy";
}

/** What a connection that only asks has not: something to be written, for which others may have to wait. */
const CHANGES =
  /\b(?:insert|update|delete|replace|create|drop|alter|merge|commit|add|execute_?many|send\w*|put|write|store)\b/i;

const hasChanges = (block: Node, facts: Facts): boolean =>
  facts.memo("changes something", block, () => CHANGES.test(block.text));

function readsPixels(read: Node, facts: Facts): boolean {
  const use = useOf(read);
  if (use.kind === "method") return PIXELS.has(use.name ?? "");
  const call = use.kind === "argument" ? asCall(use.call) : undefined;
  return call !== undefined && /^numpy\.(as)?array$/.test(facts.nameOf(call.callee) ?? "");
}

const PIXELS = new Set([
  "convert",
  "resize",
  "crop",
  "rotate",
  "copy",
  "load",
  "getdata",
  "tobytes",
  "save",
  "thumbnail",
]);

/** `image.size` needs no pixels. */
function isLookedAt(read: Node): boolean {
  return useOf(read).kind === "attribute";
}

function runsOnce(statement: Node, facts: Facts): boolean {
  return !functionAround(statement) && !facts.loopAround(statement);
}

/** `self.file = open(path)` in a method that closes it at its end. */
function ownRegionOf(opened: Opened, facts: Facts): Region | undefined {
  const statement = statementOf(opened.call.node);
  const [name, more] = asAssignment(statement)?.targets ?? [];
  const method = functionAround(statement);
  if (!method || name?.kind !== "attribute" || more || facts.isTest || opened.kind === "image") return undefined;
  const given = asAssignment(statement)?.value;
  if (!given || unwrap(given) !== opened.call.node) return undefined;
  const place = facts.placeOf(name);
  // What other methods open as well, this one closes for all of them.
  if (!place?.writes.every((it) => functionAround(it.name) === method || it.value?.kind === "none")) return undefined;
  const closes = place.uses.filter((it) => it.kind === "method" && it.name === "close");
  const releases = closes.map((it) => asCall(it.in)).filter((it) => it !== undefined);
  const isHere = ({ node }: Call) =>
    functionAround(node) === method && node.start > statement.end && !isRescue(node, method);
  if (releases.length === 0 || !releases.every(isHere)) return undefined;
  const holding: Holding = { reads: [], releases, leavesJobs: false, isSent: false };
  return { opened, holding, statement, name, last: statement, releases, closing: undefined, isOnce: false };
}

/** `if isinstance(target, str): target = open(target, "w")`: what was given is the caller's to close, what is opened here is nobody's. */
function branchRegionOf(opened: Opened, facts: Facts): Region | undefined {
  const statement = statementOf(opened.call.node);
  const [name, more] = asAssignment(statement)?.targets ?? [];
  const given = asAssignment(statement)?.value;
  const isIn = statement.parent?.parent?.kind === "if_statement";
  if (!isIn || name?.kind !== "identifier" || more || !given || unwrap(given) !== opened.call.node) return undefined;
  if (facts.isTest || opened.kind === "image" || !facts.writesOf(name).some((it) => it.kind === "parameter"))
    return undefined;
  const holding = holdingOf(opened, facts, true);
  if (!holding || holding.reads.length === 0 || holding.releases.length > 0) return undefined;
  return {
    opened,
    holding,
    statement,
    name,
    last: statement,
    releases: [],
    closing: undefined,
    isOnce: false,
    orGiven: true,
  };
}

/** Its name stands for the file while it is open, and mostly not longer. */
const isNamedFile = ({ call }: Opened): boolean => /(^|\.)NamedTemporaryFile$/.test(call.callee.text);

const isNameAsked = (read: Node): boolean => useOf(read).kind === "attribute";

const isKept = (read: Node): boolean => isNameAsked(read) && KEEPING.has(useOf(useOf(read).in).kind);

const KEEPING: ReadonlySet<string> = new Set(["assigned", "returned", "yielded", "element"]);

function regionOf(opened: Opened, holding: Holding, facts: Facts): Region | undefined {
  const statement = statementOf(opened.call.node);
  const block = statement.parent;
  const assignment = asAssignment(statement);
  const isNamed = assignment?.value !== undefined && unwrap(assignment.value) === opened.call.node;
  const name = isNamed ? assignment.targets[0] : undefined;
  if (!block || functionAround(opened.call.node) !== functionAround(statement) || isReleasedAtOnce(opened))
    return undefined;
  // What is read in one breath is let go at once: in a test that will do.
  const isOnce = opened.access === "read" && runsOnce(statement, facts);
  if (isNamed ? holding.reads.length === 0 : !UNNAMED.has(opened.kind) || facts.isTest) return undefined;
  // Whoever opens in a `try` and uses the thing behind it keeps the handler away from the use: `with` does not fit there.
  const uses = holding.reads.map((it) => childOf(block, it));
  if (
    uses.some((it) => !it || it.start < statement.start) ||
    holding.releases.some((it) => isRescue(it.node, statement))
  )
    return undefined;
  // Whoever keeps the name goes on to use the file, perhaps when this function is over.
  if (isNamedFile(opened) && holding.reads.some(isKept)) return undefined;
  // The pixels are read at once, which closes the file.
  if (opened.kind === "image" && holding.reads.length === 1 && readsPixels(holding.reads[0]!, facts)) return undefined;
  const last = lastUse(statement, uses as readonly Node[], facts);
  const releases = holding.releases.filter((it) => asMethodCall(it.node)?.object.text === name?.text);
  const closing = releases.map((it) => statementOf(it.node)).find((it) => it.parent === block && isPlainRelease(it));
  // Only a free name was wanted.
  if (isNamedFile(opened) && closing && holding.reads.every((it) => isNameAsked(it) || isPlainRelease(statementOf(it))))
    return undefined;
  // `shutdown(wait=False)`: the jobs are meant to outlive it.
  const isLoose = releases.some((it) => it.args.length > 0 || it.keywords.size > 0);
  // An archive written into a buffer holds nothing but memory; what is read by one statement and closed by the next is as good as read in one breath.
  const isInMemory =
    closing &&
    [opened.call.keywords.get("fileobj"), opened.call.args[0]].some(
      (it) => it && facts.typeOf(it)?.name === "io.BytesIO",
    );
  const next = nextStatement(statement);
  const isEmpty = name !== undefined && next === closing;
  const isShort =
    closing !== undefined && next && nextStatement(next) === closing && next.descendants("block").length === 0;
  return isEmpty || isLoose || isInMemory
    ? undefined
    : { opened, holding, statement, name, last, releases, closing, isOnce: isOnce && (!name || isShort === true) };
}

const UNNAMED = new Set<Opened["kind"]>(["file", "closing"]);

/** `open(path, "w").close()`, and `open(path, "w")` alone, which makes an empty file. */
function isReleasedAtOnce({ call }: Opened): boolean {
  return (
    expressionOf(statementOf(call.node)) === call.node ||
    asMethodCall(wrapped(call.node).parent?.parent, "close")?.object === call.node
  );
}

/** The child of the block that holds a node. */
function childOf(block: Node, node: Node): Node | undefined {
  return node.parent === block ? node : node.parent && childOf(block, node.parent);
}

/** A release in `finally` or `except` is a manager of its own. */
function isRescue(release: Node, statement: Node): boolean {
  for (let node = release.parent; node && node !== statement.parent; node = node.parent)
    if (node.kind === "finally_clause" || node.kind === "except_clause") return true;
  return false;
}

function isPlainRelease(statement: Node): boolean {
  return asMethodCall(expressionOf(statement), "close", "shutdown", "quit") !== undefined;
}

/** What is opened in between has to be used up inside as well, or its own block could not be made any more. */
function lastUse(statement: Node, uses: readonly Node[], facts: Facts): Node {
  let last = uses.reduce((a, b) => (b.start > a.start ? b : a), statement);
  for (let node = nextStatement(statement); node && node.start <= last.start; node = nextStatement(node)) {
    const inner = openedBy(asAssignment(node)?.value, facts);
    for (const read of (inner && holdingOf(inner, facts)?.reads) ?? []) {
      const use = statement.parent && childOf(statement.parent, read);
      if (use && use.start > last.start) last = use;
    }
  }
  return last;
}

/** What may differ; empty where nothing can; undefined where a `with` block would be wrong. */
function doubtOf(
  { opened, holding, statement, name, last, releases, closing }: Region,
  facts: Facts,
): string | undefined {
  if (opened.kind === "pool") {
    const isJoined = releases.some((it) => asMethodCall(it.node, "join"));
    return holding.leavesJobs && !isJoined ? undefined : "the workers are terminated at the end of the block";
  }
  if (opened.kind === "executor") {
    const isAwaited = (it: Node) => asCall(it.parent?.parent)?.node.parent?.kind === "await";
    const jobs = holding.reads.filter((it) => !releases.some((release) => asMethodCall(release.node)?.object === it));
    return facts.isAsync(statement) && !jobs.every(isAwaited)
      ? undefined
      : "the end of the block waits for all jobs, after an exception too";
  }
  if (opened.kind === "image") return "what reads the pixels later needs the file";
  if (opened.kind === "document") return "what is taken out of it is read before the block ends";
  if (opened.kind === "browser" || opened.kind === "session") return "it ends with the block";
  if (opened.kind === "log") return "what is logged behind the block is written to another file";
  if (!name && last === statement && runsBeside(opened, statement, facts))
    return "it stays open while the rest of the line runs";
  if (opened.access === "read" || closing) return "";
  return opened.access === "write"
    ? "written data is flushed at the end of the block"
    : "it is closed at the end of the block";
}

/** What has been opened by its number is closed with the file. */
function descriptorDoubt({ opened: { call }, closing }: Region, facts: Facts): string | false {
  const [given = call.keywords.get("file")] = call.args;
  if (closing || !given || given.kind !== "identifier") return false;
  const isNumber =
    /^os\.fdopen$/.test(facts.nameOf(call.callee) ?? "") ||
    /(?:^|_)(?:fd|fileno|descriptor)$/.test(given.text) ||
    facts.typed(given, "fair")?.type.name === "int";
  return isNumber && `the descriptor \`${excerpt(given.text, 30)}\` is closed at the end of the block`;
}

/** Code that is not known to be harmless runs in the statement after the thing was used up, when it would have been closed. */
function runsBeside({ call }: Opened, statement: Node, facts: Facts): boolean {
  if (statement.kind === "for_statement") return false;
  const use = useOf(call.node);
  let used = use.kind === "iterated" && use.in.parent ? use.in.parent : use.in;
  // What is read is text or bytes, whose methods are harmless.
  for (let next = useOf(used); use.kind === "method" && next.kind === "method"; next = useOf(used)) used = next.in;
  const isKnown = (it: Node) => facts.typeOf(it) !== undefined && facts.nameOf(it.field("function")!) !== undefined;
  return facts.unknownCallsIn(statement).some((it) => !it.isInside(used) && !isKnown(it));
}

function around(
  { opened, statement, last, closing }: Region,
  name: Node,
  wrapper: string | undefined,
  facts: Facts,
): readonly Edit[] | undefined {
  const assignment = asAssignment(statement)!;
  let isLast = closing === last;
  // Behind it only other things are closed: for a file that was read the order of closing does not matter.
  if (closing && opened.access === "read")
    for (let node: Node | undefined = closing; node && isPlainRelease(node); node = nextStatement(node))
      isLast ||= node === last;
  return assignment.annotation
    ? undefined
    : withAround(statement, wrapped(opened.call.node), name, wrapper, last, isLast ? closing : undefined, facts);
}

function above(
  { opened, statement, last }: Region,
  wrapper: string | undefined,
  facts: Facts,
): readonly Edit[] | undefined {
  // In a class body the name would become an attribute.
  if (facts.scopeOf(statement).kind === "class") return undefined;
  if (
    ["locals", "vars"].some((it) => facts.callsTo(`builtins.${it}`, functionAround(statement) ?? statement).length > 0)
  )
    return undefined;
  const wanted = opened.kind === "closing" ? "connection" : opened.mode === undefined ? "response" : "file";
  return withAbove(statement, opened.call.node, facts.freshName(wanted, statement), wrapper, last, facts);
}

/** Tests put something of their own in the place of `open`: of a module's, which a call may bring. */
const replacesOpen = (facts: Facts): boolean =>
  facts.fileMatches(/["'][\w.]*\.open["']|\bmock_open\b|\bbuiltins\.open\s*=[^=]/) ||
  facts.fileMatches(/\b(?:setattr|patch\.object)\((?:[\w.]+\([^\n()]*\),|[^\n(]*) ?["']open["']/);
