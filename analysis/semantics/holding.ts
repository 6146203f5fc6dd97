/** What becomes of a thing that has to be closed: by which names it goes, where it is released, and whether all of that stays in sight. */

import { BUILTIN_NAMES } from "../knowledge/builtins.js";
import { borrowing, givesData, isDocumentData, mayOpen, openingOf, type Opening } from "../knowledge/resources.js";
import {
  argumentOf,
  asCall,
  asComprehension,
  asMethodCall,
  integerOf,
  unwrap,
  type Call,
} from "../syntax/expressions.js";
import { asAssignment, functionAround, statementOf, type FunctionDef } from "../syntax/statements.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import type { Facts } from "./facts.js";
import { functionCalled } from "./called.js";
import { qualifiedName } from "./qualified.js";
import type { Site } from "./scopes.js";
import { useOf } from "./uses.js";

/** A call that opens something which has to be closed. */
export interface Opened extends Opening {
  readonly call: Call;
  /** What is called in the end, by its qualified name: `sqlite3.connect`. */
  readonly name: string;
  /** For files: what the mode allows; undefined where it is not written out, and for other things. */
  readonly access: "read" | "write" | undefined;
}

/** How a thing that was opened is used and closed. */
export interface Holding {
  /** Reads of all names that stand for the thing, or for something that still needs it. */
  readonly reads: readonly Node[];
  /** Calls that release it: `close()`, `shutdown()`, `terminate()`, `join()`. */
  readonly releases: readonly Call[];
  /** Jobs may still run when the call that started them is over. */
  readonly leavesJobs: boolean;
  /** It is given to a client, which by all signs reads it to its end before the call returns. */
  readonly isSent: boolean;
}

/** Undefined for calls not known to open anything, and for those that leave the closing to others. */
export function openedBy(node: Node | undefined, facts: Facts): Opened | undefined {
  const callee = node?.kind === "call" ? node.field("function") : undefined;
  // Most calls open nothing, whatever they are given.
  if (!callee || !mayBeOpener(unwrap(callee))) return undefined;
  const call = asCall(node);
  const name = call && qualifiedName(call, facts);
  const opening = name === undefined ? undefined : openingOf(name);
  if (!call || !opening || call.keywords.has("closefd") || call.keywords.has("fileno")) return undefined;
  const { kind, mode: place } = opening;
  if (kind === "image" && call.args[0] && isReader(call.args[0], facts)) return undefined;
  if (kind === "document" && !isOfFile(call, facts)) return undefined;
  if (kind !== "file" && kind !== "document") return { kind, mode: place, call, name: name!, access: undefined };
  // The standard streams are not the program's to close.
  if (call.args[0] && integerOf(call.args[0]) !== undefined) return undefined;
  const mode = place === undefined ? undefined : argumentOf(call, "mode", place);
  const letters = mode ? textValue(mode)?.replace(/[:|].*/, "") : call.hasSplat ? undefined : "r";
  const access = letters === undefined ? undefined : /[wax+]/.test(letters) ? "write" : "read";
  // Reading from something that is open or in memory already opens nothing.
  const isInside =
    call.keywords.has("fileobj") || (call.args[0] && IN_HAND.has(facts.typeOf(call.args[0])?.name ?? ""));
  return access === "read" && isInside ? undefined : { kind, mode: place, call, name: name!, access };
}

/** A call of a function or method of this file that opens something, and only gives it to its caller. */
export function openedThrough(node: Node | undefined, facts: Facts): Opened | undefined {
  const callee = node?.kind === "call" ? node.field("function") : undefined;
  const isOfObject = callee?.kind === "attribute" && /^self\.\w+$/.test(callee.text);
  // Classes are made more often than helpers are called, and built-in functions more often than both.
  const isPlain = callee?.kind === "identifier" && !/^[A-Z]/.test(callee.text) && !BUILTIN_NAMES.has(callee.text);
  if (!callee || !(isPlain || isOfObject)) return undefined;
  const call = asCall(node);
  const def = functionCalled(callee, facts);
  if (!call || !def || def.isAsync || def.decorators.length > 0) return undefined;
  const opened = facts.memo("opened by a function", def.node, () => handedOut(def, facts));
  return opened && { ...opened, call };
}

/** What all `return` of a function give, if it is one thing that was opened in it. */
function handedOut(def: FunctionDef, facts: Facts): Opened | undefined {
  const body = facts.bodyOf(def);
  if (body.descendants("yield").length > 0) return undefined;
  const returns = body.descendants("return_statement").filter((it) => functionAround(it) === def.node);
  const [only, ...more] = returns.map((it) => openedAndGiven(it, def, facts));
  // `return connect(address)` in one branch, `return connect(host=host)` in another.
  return only && more.every((it) => it?.name === only.name) ? only : undefined;
}

function openedAndGiven(statement: Node, def: FunctionDef, facts: Facts): Opened | undefined {
  const value = statement.children[0] && unwrap(statement.children[0]);
  if (value?.kind !== "identifier") return openedBy(value, facts);
  const [site, other] = facts.writesOf(value);
  return site?.kind === "assign" && site.path.length === 0 && !other && functionAround(site.name) === def.node
    ? openedBy(site.value && unwrap(site.value), facts)
    : undefined;
}

/** A document that is made of nothing, or of what is in memory, holds no file. */
function isOfFile({ args, keywords }: Call, facts: Facts): boolean {
  const [first, more] = args;
  if (keywords.has("stream") || keywords.has("driver")) return false;
  // `fitz.open("pdf", data)`
  const isTyped = /^["'](?:pdf|xps|epub|png|jpe?g)["']$/i.test(first?.text ?? "") && more !== undefined;
  return isTyped ? false : first ? !isReader(first, facts) : keywords.size > 0;
}

/** Something that can be read already, so that no file is opened. */
function isReader(value: Node, facts: Facts): boolean {
  const attribute = value.kind === "attribute" ? asAttributeName(value) : "";
  return /^(file|raw|stream)$/.test(attribute) || IN_HAND.has(facts.typeOf(value)?.name ?? "");
}

/** By its last word. */
function mayBeOpener(callee: Node): boolean {
  return mayOpen((callee.kind === "attribute" ? callee.field("attribute") : callee)?.text ?? "");
}

/**
 * Undefined if the thing may be kept by something that is out of sight, or is closed by other means than a call.
 * @param orGiven its name may stand for what a parameter was given instead
 */
export function holdingOf(opened: Opened, facts: Facts, orGiven = false): Holding | undefined {
  const reads: Node[] = [];
  const releases: Call[] = [];
  let leavesJobs = false;
  let sent = false;
  let isLentOut = false;

  const seen = new Set<Node>();
  const stays = (value: Node): boolean => {
    // `file = wrap(file)` in a loop leads back to where it came from.
    if (seen.has(value)) return false;
    seen.add(value);
    const { parent } = value;
    if (value.kind === "generator_expression" && parent?.kind === "call") return staysIn(asCall(parent), value);
    const use = useOf(value);
    switch (use.kind) {
      case "method":
        return staysAfter(use.in, use.name ?? "");
      case "argument":
        return staysIn(asCall(use.call), value);
      case "iterated": {
        const generator = use.in.kind === "for_in_clause" ? asComprehension(use.in.parent) : undefined;
        return generator?.kind !== "generator" || stays(generator.node);
      }
      case "assigned":
        return staysNamed(value);
      case "element":
        return isUploaded(value) && (sent = true);
      case "attribute":
        // `file.close` without parentheses does nothing.
        if (isIdle(use.in)) return true;
        if (UNFOLLOWED.has(opened.kind) || DATA.has(asAttributeName(use.in))) return true;
        return opened.kind === "document" && (isDocumentData(asAttributeName(use.in)) || stays(use.in));
      case "subscript":
        return opened.kind !== "document" || isRead(use.in) || stays(use.in);
      case "attribute-store":
      case "subscript-store":
      case "subscript-delete":
      case "membership":
      case "formatted":
      case "discarded":
        return true;
      default:
        return false;
    }
  };

  const staysAfter = (node: Node, method: string): boolean => {
    const call = asCall(node);
    if (!call || KEEPS.has(method)) return false;
    if (method === "close" || RELEASES[opened.kind]?.includes(method)) {
      releases.push(call);
      return true;
    }
    if (UNFOLLOWED.has(opened.kind) || (opened.kind === "document" && isDocumentData(method))) return true;
    if (opened.kind === "pool" && PIECEWISE.has(method)) return stays(node);
    if (opened.kind === "pool" && !BLOCKS.has(method) && useOf(node).name !== "get") leavesJobs = true;
    if (opened.kind === "executor" || opened.kind === "pool") return true;
    // The number means nothing any more once the file is closed.
    if (method === "fileno") return stays(node);
    return givesData(method) || INERT.has(facts.typeOf(node)?.name ?? "") || stays(node);
  };

  const staysIn = (call: Call | undefined, value: Node): boolean => {
    if (!call) return false;
    if (opened.kind === "image") return !isKeeper(call);
    // Whoever ends it here has it back by then; else others may end it.
    if (opened.kind === "browser" || opened.kind === "session" || opened.kind === "log") {
      isLentOut ||= !/(?:^|\.)(?:WebDriverWait|ActionChains)$/.test(call.callee.text);
      return true;
    }
    if (opened.kind === "executor") return asMethodCall(call.node, "run_in_executor")?.args[0] === value;
    const name = qualifiedName(call, facts);
    if (opened.kind === "document" && /^numpy\.(?:as)?array$/.test(name ?? "")) return true;
    const how =
      name === undefined || mayGiveBack(name, call, value)
        ? undefined
        : (borrowing(name) ?? (openingOf(name) ? "view" : undefined));
    // `frame.to_csv(file)` of whatever kind of frame.
    if (how === undefined)
      return (
        (WRITERS.has(asMethodCall(call.node)?.method ?? "") && call.args[0] === value) ||
        isLent(call, value, facts) ||
        (isSent(call, value) && (sent = true))
      );
    const isPiecemeal = PIECEMEAL.some((it) => call.keywords.has(it));
    return (how === "data" && !isPiecemeal) || stays(call.node);
  };

  const staysNamed = (value: Node): boolean => {
    const [name, more] = asAssignment(statementOf(value))?.targets ?? [];
    if (name?.kind !== "identifier" || more || facts.scopeOf(name).kind === "class") return false;
    // `name = None` lets go of it on purpose.
    if (facts.isRemote(name) || facts.isDeleted(name) || facts.isSetToNone(name)) return false;
    return facts.readsSeeing(name).every((read) => {
      reads.push(read);
      return (
        isOnly(facts.reachingSites(read), name) &&
        functionAround(read) === functionAround(name) &&
        isReadAtOnce(read) &&
        stays(read)
      );
    });
  };

  const isOnly = (sites: readonly Site[], name: Node): boolean =>
    sites.length === 1 || (orGiven && sites.every((it) => it.name === name || it.kind === "parameter"));

  /** A generator expression reads what its first `for` names at once, and all else when it is asked. */
  const isReadAtOnce = (read: Node): boolean => {
    const generator = asComprehension(read.ancestor("generator_expression"));
    const first = generator?.clauses[0]?.iterable;
    return !generator || (first !== undefined && read.isInside(first)) || stays(generator.node);
  };

  return stays(opened.call.node) && !(isLentOut && releases.length === 0)
    ? { reads, releases, leavesJobs, isSent: sent }
    : undefined;
}

/** `bot.send_photo(chat, open(path, "rb"))`, `message.reply_document(document=open(…))`: clients of chats and models read it to its end. */
function isSent(call: Call, value: Node): boolean {
  const method = asMethodCall(call.node)?.method ?? "";
  if (unwrap(value).kind !== "call") return false;
  return (
    /\.(?:transcriptions|translations|files|images)\.(?:create|edit|create_variation)$/.test(call.callee.text) ||
    /^(?:send|reply|answer|edit|set)_(?:\w+_)?(?:photo|document|audio|video|voice|animation|sticker|media)$/.test(
      method,
    )
  );
}

/** `requests.post(address, files={"file": open(path, "rb")})`. */
function isUploaded(value: Node): boolean {
  const given = value.ancestor("keyword_argument");
  const sent = asCall(given?.parent?.parent);
  return (
    unwrap(value).kind === "call" &&
    given?.field("name")?.text === "files" &&
    /^(?:requests|httpx|(?:self\.)?_?(?:session|client))\.(?:post|put|patch|request)$/.test(sent?.callee.text ?? "")
  );
}

/** A function of this file is handed the thing, and does nothing with it but read or write. */
function isLent(call: Call, value: Node, facts: Facts): boolean {
  const def = call.callee.kind === "identifier" && !call.hasSplat ? facts.functionNamed(call.callee) : undefined;
  const { name, star } = def?.parameters[call.args.indexOf(value)] ?? {};
  if (!def || def.isAsync || def.decorators.length > 0 || name === undefined || star !== "") return false;
  const body = facts.bodyOf(def);
  if (body.descendants("yield").length > 0) return false;
  return body
    .descendants("identifier")
    .filter((it) => it.text === name && it.fieldName !== "attribute" && it.fieldName !== "name")
    .every((it) => {
      const use = useOf(it);
      return functionAround(it) === def.node && use.kind === "method" && use.name !== undefined && givesData(use.name);
    });
}

/** An attribute that is a statement of its own. */
const isIdle = (attribute: Node): boolean => attribute.parent?.kind === "expression_statement";

/** `dataset[:]`, `dataset[()]`, `dataset[3, :]`: the numbers are read. */
function isRead(subscript: Node): boolean {
  const indices = subscript.fieldAll("subscript");
  return indices.length > 1 || /^(?:slice|ellipsis|tuple)$/.test(indices[0]?.kind ?? "");
}

/** Puts an image into a collection, or makes an object of it. */
function isKeeper({ callee }: Call): boolean {
  const word = (callee.kind === "attribute" ? callee.field("attribute") : callee)?.text ?? "";
  return /^(append|appendleft|add|insert|put|put_nowait|extend|setdefault|partial|enter_context|closing|callback|[A-Z]\w*)$/.test(
    word,
  );
}

function asAttributeName(attribute: Node): string {
  return attribute.field("attribute")?.text ?? "";
}

const IN_HAND = new Set(["file", "binary-file", "io.BytesIO", "http.client.HTTPResponse"]);
const WRITERS = new Set(["to_csv", "to_excel", "to_feather", "to_json", "to_parquet", "to_pickle", "to_html"]);
/** What is got from these is not followed any further. */
const UNFOLLOWED = new Set<Opened["kind"]>(["image", "browser", "session", "log"]);
/** Besides `close`. */
const RELEASES: Partial<Record<Opened["kind"], readonly string[]>> = {
  executor: ["shutdown"],
  pool: ["terminate", "join"],
  other: ["save"],
  browser: ["quit"],
  session: ["quit"],
};
/** Hand the thing, or what is below it, to someone else. */
const KEEPS = new Set(["detach", "makefile", "__enter__", "__exit__", "dup"]);
/** Of a pool: over when they return. */
const BLOCKS = new Set(["map", "starmap", "apply"]);
/** Of a pool: over when the last result was taken. */
const PIECEWISE = new Set(["imap", "imap_unordered"]);
/** Ask for results piece by piece. */
const PIECEMEAL = ["chunksize", "iterator", "mmap_mode", "mmap"];
const INERT = new Set([
  "str",
  "bytes",
  "int",
  "float",
  "bool",
  "None",
  "list",
  "dict",
  "tuple",
  "set",
  "frozenset",
  "pandas.DataFrame",
  "numpy.ndarray",
]);
/** Attributes that are data. */
const DATA = new Set([
  "name",
  "closed",
  "mode",
  "encoding",
  "errors",
  "newlines",
  "rowcount",
  "lastrowid",
  "description",
  "total_changes",
  "in_transaction",
  "status",
  "code",
  "headers",
  "reason",
  "url",
  "fieldnames",
  "line_num",
]);

/** Where these are given something beside what they go through, that is what comes back: `next(rows, file)`, `reduce(step, rows, file)`, `max(rows, default=file)`. */
function mayGiveBack(name: string, { args }: Call, value: Node): boolean {
  switch (name) {
    case "builtins.next":
    case "builtins.max":
    case "builtins.min":
      return args[0] !== value || (name !== "builtins.next" && args.length > 1);
    case "functools.reduce":
      return args[1] !== value;
    default:
      return false;
  }
}
