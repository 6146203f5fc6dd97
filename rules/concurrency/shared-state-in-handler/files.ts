/** A file that has the same name for all requests: one writes it, and goes on with what another has written meanwhile. */

import {
  argumentOf,
  asBinary,
  asCall,
  asMethodCall,
  asWith,
  callsUnder,
  entryOf,
  functionAround,
  lastName,
  statementOf,
  textValue,
  unwrap,
  type Call,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Node,
  type Parameter,
} from "../../../analysis/authoring.js";

interface SharedFile {
  readonly at: Node;
  readonly evidence: Evidence;
  readonly weight: "heavy" | "unknown";
  readonly def: FunctionDef;
  readonly how: "file";
  readonly related: readonly { readonly at: Node; readonly message: string }[];
}

type IsOfRequest = (value: Node, def: FunctionDef, facts: Facts, isOwn: (parameter: Parameter) => boolean) => boolean;

export function fileOfRequest(node: Node, isOfRequest: IsOfRequest, facts: Facts): SharedFile | undefined {
  const own = functionAround(node);
  const written = own && writtenBy(asCall(node), facts);
  if (!written) return undefined;
  const entry = entryOf(node, facts);
  if (!entry || entry.def.node !== own || !/^(?:request|message)$/.test(entry.kind)) return undefined;
  const { def } = entry;
  const name = nameOf(written.path, facts);
  if (name === undefined || KEPT.test(name) || isServedOneByOne(facts) || isGuarded(node)) return undefined;
  if (!isOfRequest(written.data, def, facts, isOwn)) return undefined;
  const read = def.body
    .descendants("string", "identifier")
    .find((it) => it.start > written.end && functionAround(it) === own && isRead(it, name, facts));
  if (!read || !mayComeBetween(node, read, def)) return undefined;
  return {
    at: written.path,
    evidence: entry.evidence,
    weight: entry.kind === "request" ? "heavy" : "unknown",
    def,
    how: "file",
    related: [{ at: read, message: "here it goes on with the file" }],
  };
}

interface Written {
  readonly path: Node;
  /** What is written, and all that it is made of. */
  readonly data: Node;
  readonly end: number;
}

const SAVES =
  /^(?:save|savefig|export|write_(?:image|html|audiofile|videofile|png)|imsave|imwrite|to_(?:csv|excel|json|parquet|html|pdf|file)|render_to_file|export_to_(?:video|gif)|output)$/;
const WRITES = /^(?:write_bytes|write_text)$/;

/** The path that a call writes a whole file to. */
function writtenBy(call: Call | undefined, facts: Facts): Written | undefined {
  if (!call) return undefined;
  const { node, callee, args } = call;
  const statement = statementOf(node);
  const end = statement.end;
  const name = facts.nameOf(callee);
  if (name === "builtins.open" || callee.text === "aiofiles.open") {
    const [path] = args;
    if (!path || !/^[wx][bt+]*$/.test(textValue(argumentOf(call, "mode", 1)) ?? "")) return undefined;
    const block = asWith(statement);
    return { path, data: block ? block.body : (statement.parent ?? statement), end };
  }
  const method = asMethodCall(node);
  if (method && WRITES.test(method.method)) return { path: method.object, data: call.argumentList, end };
  const word = lastName(callee);
  // `soundfile.write("speech.wav", samples, rate)`
  if (!SAVES.test(word) && !(word === "write" && args.length > 1)) return undefined;
  const path = args.find((it) => nameOf(it, facts) !== undefined) ?? call.keywords.get("path");
  return path && { path, data: statement, end };
}

/** The name of a file that is the same for all: a text with an ending, be it put together of texts or kept by a name. */
function nameOf(path: Node, facts: Facts, depth = 0): string | undefined {
  const name = textOf(path, facts, depth);
  return name !== undefined && /\.\w{1,5}$/.test(name) ? name : undefined;
}

function textOf(path: Node, facts: Facts, depth: number): string | undefined {
  const node = unwrap(path);
  if (depth > 3) return undefined;
  if (node.kind === "string") return textValue(node);
  if (node.kind === "identifier") {
    const value = facts.valueOf(node);
    return value && textOf(value, facts, depth + 1);
  }
  const both = asBinary(node);
  if (both && (both.operator === "/" || both.operator === "+")) {
    const [left, right] = [both.left, both.right].map((it) => textOf(it, facts, depth + 1));
    return left === undefined || right === undefined ? undefined : `${left}/${right}`;
  }
  const call = asCall(node);
  if (!call || call.args.length === 0 || !/^(?:Path|pathlib\.Path|str|os\.path\.join)$/.test(call.callee.text))
    return undefined;
  const parts = call.args.map((it) => textOf(it, facts, depth + 1));
  return parts.includes(undefined) ? undefined : parts.join("/");
}

/** Files that are to be the same for all: settings, what is stored, and what anybody may make again. */
const KEPT =
  /config|setting|state|cache|\blog|history|session|store|\bdb\b|data(?:base)?\.(?:json|csv)|index|model|memory|users?\.|status|\/dev\/null|\.(?:log|db|sqlite\d?|env|toml|ya?ml|lock|pid)$/i;

/** The path is read, sent or given to a program. */
function isRead(node: Node, name: string, facts: Facts): boolean {
  const call = asCall(node.ancestor("call"));
  if (!call || !node.isInside(call.argumentList) || nameOf(node, facts) !== name) return false;
  if (node.parent?.kind === "keyword_argument" && /name$/.test(node.parent.field("name")?.text ?? "")) return false;
  const word = lastName(call.callee);
  if (/^(?:print|info|debug|warning|error|exists|isfile|getsize|join|Path)$/.test(word)) return false;
  // It is written once more.
  if (word === "open" && /^[wxa]/.test(textValue(argumentOf(call, "mode", 1)) ?? "r")) return false;
  return writtenBy(call, facts)?.path !== node;
}

/** A database, a session and the like are the same for all. */
const isOwn = ({ name, annotation, defaultValue }: Parameter): boolean =>
  !/^(?:db|database|session|conn|connection|client|settings|config|background_tasks|tasks|ctx|context|bot|app|cls)$/.test(
    name,
  ) &&
  !/Session|Connection|BackgroundTasks|Settings/.test(annotation?.text ?? "") &&
  !/^(?:\w+\.)?(?:Depends|Security)\(/.test(defaultValue?.text ?? "");

/** `if not os.path.exists(path):`, and what holds a lock. */
function isGuarded(node: Node): boolean {
  for (
    let at = node.ancestor("if_statement", "with_statement");
    at;
    at = at.ancestor("if_statement", "with_statement")
  ) {
    const head = at.field("condition")?.text ?? at.text.slice(0, 200).split("\n", 1)[0]!;
    if (at.kind === "with_statement" && /lock|mutex|semaphore|guard|condition|tempfile|Temporary|chdir/i.test(head))
      return true;
    if (at.kind === "if_statement" && /exists|is_file/.test(head)) return true;
  }
  return false;
}

/** `HTTPServer` of the standard library handles one request after the other. */
const isServedOneByOne = (facts: Facts): boolean =>
  facts.fileMatches(/\bBaseHTTPRequestHandler\b/) && !facts.fileMatches(/\bThreading/);

/** A handler in a thread may be met at any time; on an event loop others run where it waits, and while the file is sent. */
function mayComeBetween(node: Node, read: Node, def: FunctionDef): boolean {
  if (!def.isAsync) return true;
  const end = statementOf(read).end;
  if (def.body.descendants("await").some((it) => it.start > node.end && it.start < end)) return true;
  return callsUnder(statementOf(read)).some((it) => /FileResponse$|send_file$/.test(it.callee.text));
}
