/** A failure that a cache keeps like a result: under a decorator, in a dict, or in a file. */

import {
  asAssignment,
  asCall,
  asComparison,
  asFunction,
  asIf,
  asMethodCall,
  asSubscript,
  asTry,
  asWith,
  blockingCall,
  cacheDecorator,
  defineRule,
  functionAround,
  isConstant,
  lastIdentifier,
  statementsOf,
  unwrap,
  waitsOutside,
  type Evidence,
  type Facts,
  type FunctionDef,
  lastName,
  type Node,
  type Try,
} from "../../analysis/authoring.js";

/** They come of the arguments or of the installation: the next call would fail the same way. */
const LASTING =
  /\b(?:ImportError|ModuleNotFoundError|PackageNotFoundError|KeyError|ValueError|TypeError|AttributeError|IndexError|ZeroDivisionError|UnicodeDecodeError|NameError|SyntaxError|JSONDecodeError|StopIteration|LookupError|NotImplementedError|ValidationError|OverflowError|FileNotFoundError|RecursionError|ArithmeticError|AssertionError)\b/;

/** One of them comes of whoever was asked, who may answer the next time; or the handler takes every error. */
const PASSING =
  /^except(?:\s*:|.*(?:\b(?:Connection|Timeout)|TimeoutError\b|\b(?:Exception|BaseException|RequestException|HTTPError|HTTPStatusError|OSError|IOError|URLError|APIError|ClientError|RateLimitError|SSLError)\b))/;
const WRITERS = ["to_parquet", "to_csv", "to_pickle", "to_json", "to_feather", "write_parquet", "write_csv", "dump"];

export default defineRule({
  title: "Failure kept by a cache",
  why: "The failure becomes a value, and the cache keeps it like any other result: after one short failure all later calls get it without another try. Let the error out of what is cached, handle it where the function is called, and keep only what was found.",
  guide: "caching",
  level: "warning",
  differs: { light: "kept", unknown: "kept" },
  gain: "safety",

  examples: [
    {
      before: `
import functools
import requests

@functools.lru_cache(maxsize=100)
def price_of(name: str) -> float | None:
    try:
        return requests.get("https://example.org/" + name, timeout=5).json()["price"]
    except Exception:
        return None
`,
    },
  ],

  on: ["except_clause", "decorator", "call"],
  methods: WRITERS,

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    if (node.kind === "call") return inFile(node, facts);
    if (node.kind === "decorator") return ofStatus(node, facts);
    const tried = asTry(node.parent);
    if (!tried || node.descendants("raise_statement").length > 0) return undefined;
    const def = asFunction(functionAround(node));
    const cache = def && def.decorators.length > 0 ? cacheDecorator(def, facts) : undefined;
    return cache ? underDecorator(node, tried, def!, cache.expires, facts) : inDict(node, tried, facts);
  },

  message({ at, by, place, expires }) {
    const kept = `\`${at.text.replace(/\s+/g, " ").slice(0, 50)}\``;
    const until = `the cache keeps it${expires ? " until it expires" : ""}: later calls do not try again`;
    if (by === "decorator" && at.kind !== "return_statement")
      return asAssignment(at)
        ? `After a failure \`${place}\` gives what ${kept} sets, and ${until}.`
        : `After a failure \`${place}\` gives None, and ${until}.`;
    if (by === "decorator")
      return `What ${kept} stands for is a failure, and the cache of \`${place}\` keeps it${expires ? " until it expires" : ""}: later calls do not try again.`;
    if (by === "dict")
      return `${kept} keeps a failure in \`${place}\` like a result: whoever asks for this key later gets it without another try.`;
    return by === "failure"
      ? `${kept} is reached after a failure too: \`${place}\` then holds an empty result, which is taken for the answer from then on.`
      : `${kept} keeps an empty result in \`${place}\`: what is not there yet is never asked for again.`;
  },
});

interface Kept {
  readonly at: Node;
  readonly evidence: Evidence;
  readonly weight: "heavy";
  readonly by: "decorator" | "dict" | "failure" | "empty";
  /** The function, the dict or the path. */
  readonly place: string;
  readonly expires: boolean;
}

function underDecorator(clause: Node, tried: Try, def: FunctionDef, expires: boolean, facts: Facts): Kept | undefined {
  if (LASTING.test(headOf(clause)) || isCaughtInPart(clause)) return undefined;
  const given = substituteOf(clause, tried, def);
  const evidence = given && evidenceOf(tried.node, facts);
  return evidence && { at: given, evidence, weight: "heavy", by: "decorator", place: def.name, expires };
}

/** `except Exception:`. */
function headOf(clause: Node): string {
  return clause.text.slice(0, clause.text.indexOf(":") + 1);
}

/** What the function gives after the handler: by its own return, or by one below the `try` of a name that the handler sets. */
function substituteOf(clause: Node, tried: Try, def: FunctionDef): Node | undefined {
  const returns = clause
    .descendants("return_statement")
    .filter((it) => functionAround(it) === def.node && it.ancestor("except_clause") === clause);
  if (returns.length > 0) return returns.find((it) => isSubstitute(it.children[0]));
  const after = statementAfter(tried.node);
  const value = after?.kind === "return_statement" ? after.children[0] : undefined;
  if (value?.kind === "identifier") return settingOf(value.text, clause, tried);
  // Nothing more comes: None.
  const body = tried.node.field("body");
  const isLast = after === undefined && tried.node.parent === def.body;
  const givesValue =
    body && statementsOf(body).at(-1)?.children[0] && statementsOf(body).at(-1)?.kind === "return_statement";
  const block = clause.children.find((it) => it.kind === "block");
  return isLast && givesValue && !tried.orElse && !tried.finalizer ? block && statementsOf(block).at(-1) : undefined;
}

/** Where the name gets the value that it has after the handler, if that stands for nothing found: in the handler, or before the `try`. */
function settingOf(name: string, clause: Node, tried: Try): Node | undefined {
  const block = clause.children.find((it) => it.kind === "block");
  const own = block && statementsOf(block).findLast((it) => isSetting(it, name));
  if (own) return isSubstitute(asAssignment(own)!.value) ? own : undefined;
  if (block?.identifiers(name).some((it) => it.fieldName === "left")) return undefined;
  const before = tried.node.parent && statementsOf(tried.node.parent).filter((it) => it.id < tried.node.id);
  const first = before?.findLast((it) => isSetting(it, name));
  const isSetInside = tried.node
    .field("body")
    ?.identifiers(name)
    .some((it) => it.fieldName === "left");
  return first && isSetInside && isSubstitute(asAssignment(first)!.value) ? first : undefined;
}

function isSetting(statement: Node, name: string): boolean {
  const { targets = [], value } = asAssignment(statement) ?? {};
  return value !== undefined && targets.length === 1 && targets[0]!.text === name;
}

function statementAfter(statement: Node): Node | undefined {
  const all = statement.parent ? statementsOf(statement.parent) : [];
  return all[all.indexOf(statement) + 1];
}

/** `cache[key] = None` in the handler, or below the `try` with what the handler leaves. */
function inDict(clause: Node, tried: Try, facts: Facts): Kept | undefined {
  const home = clause.parent?.parent;
  if (!home || !PASSING.test(headOf(clause))) return undefined;
  if (!facts.memo("speaks of a cache", home, () => /cache|memo(?!r)/i.test(home.text))) return undefined;
  const block = clause.children.find((it) => it.kind === "block");
  if (!block) return undefined;
  const inside = statementsOf(block);
  let kept = inside.find((it) => {
    const put = putIn(it);
    return put && isSubstitute(put.value);
  });
  if (!kept && !/^(?:return|raise|continue|break)_statement$/.test(inside.at(-1)?.kind ?? "")) {
    const below = statementsOf(home)
      .filter((it) => it.id > tried.node.id)
      .find((it) => putIn(it)?.value.kind === "identifier");
    const name = below && putIn(below)!.value;
    if (name && settingOf(name.text, clause, tried) && !isChangedBetween(name, tried)) kept = below;
  }
  // What cannot be imported is not there the next time either.
  const isOfImport = tried.body.descendants("import_statement", "import_from_statement").length > 0;
  const evidence = kept && !isOfImport ? evidenceOf(tried.node, facts) : undefined;
  return evidence && { at: kept!, evidence, weight: "heavy", by: "dict", place: putIn(kept!)!.place, expires: false };
}

function isChangedBetween(name: Node, tried: Try): boolean {
  return tried.node
    .parent!.identifiers(name.text)
    .some((it) => it.id > tried.node.id && !it.isInside(tried.node) && it.fieldName === "left");
}

/** `cache[key] = value`, `cache.set(key, value)`. */
function putIn(statement: Node): { readonly place: string; readonly value: Node } | undefined {
  const assigned = asAssignment(statement);
  const target = assigned?.targets.length === 1 ? asSubscript(assigned.targets[0]) : undefined;
  const call = asMethodCall(unwrap(statement.children[0] ?? statement), "set", "put", "setex");
  const place = target?.value ?? call?.object;
  const value = target ? assigned?.value : call?.args.at(-1);
  return place && value && /cache|memo(?!r)/i.test(lastIdentifier(place.text))
    ? { place: place.text, value: unwrap(value) }
    : undefined;
}

/** An empty table or list that is written to the file which is read instead the next time. */
function inFile(node: Node, facts: Facts): Kept | undefined {
  const method = asMethodCall(node);
  const home = functionAround(node);
  if (!method || !home || facts.loopAround(node)) return undefined;
  const isDump = method.method === "dump";
  const given = isDump ? method.args[0] : method.object;
  if (!given || !isEmpty(given.kind === "identifier" ? (facts.valueOf(given) ?? given) : given, !isDump))
    return undefined;
  const path = isDump ? openedPath(node) : method.args[0];
  if (!path || !/^[\w.]+$/.test(path.text) || !/cache/i.test(path.text) || !isReadBack(path, home)) return undefined;
  const failed = home
    .descendants("except_clause")
    .some(
      (it) =>
        it.id < node.id &&
        !node.isInside(it.parent!) &&
        PASSING.test(headOf(it)) &&
        it.descendants("return_statement", "raise_statement").length === 0 &&
        !isReadBack(path, it.parent!) &&
        evidenceOf(it.parent!, facts) !== undefined,
    );
  const by = failed || node.ancestor("except_clause") ? "failure" : "empty";
  return {
    at: node,
    evidence: by === "failure" ? "strong" : "fair",
    weight: "heavy",
    by,
    place: path.text,
    expires: false,
  };
}

/** `pd.DataFrame()`, and for `dump` an empty list or dict. */
function isEmpty(value: Node, isTable: boolean): boolean {
  const node = unwrap(value);
  return isTable ? node.kind === "call" && isSubstitute(node) : node.kind !== "string" && isSubstitute(node);
}

function openedPath(node: Node): Node | undefined {
  const opened = asWith(node.ancestor("with_statement"))?.items[0];
  return opened && asCall(unwrap(opened.value))?.args[0];
}

/** `if os.path.exists(path): return pd.read_parquet(path)` stands in the function too. */
function isReadBack(path: Node, home: Node): boolean {
  return home
    .descendants("call")
    .some(
      (it) =>
        /(?:^|_)(?:(?:exists|isfile|is_file|load)$|(?:read|scan)_)/.test(lastName(it.field("function")!)) &&
        it.text.includes(path.text),
    );
}

/** `if answer.status_code != 200: return None` in a function that is cached. */
function ofStatus(decorator: Node, facts: Facts): Kept | undefined {
  const outer = decorator.parent;
  const cached = outer && facts.memo("cached by its status", outer, () => cachedByStatus(outer, facts));
  return cached?.decorator === decorator ? cached.kept : undefined;
}

/** Once for all decorators of a function. */
function cachedByStatus(
  outer: Node,
  facts: Facts,
): { readonly decorator: Node | undefined; readonly kept: Kept | undefined } | undefined {
  const def = asFunction(outer.field("definition"));
  const body = def && /status_code|\.ok\b/.test(def.body.text) ? def.body : undefined;
  const cache = body && cacheDecorator(def!, facts);
  return cache && { decorator: cache.decorator.ancestor("decorator"), kept: keptAfter(def!, cache.expires, facts) };
}

function keptAfter(def: FunctionDef, expires: boolean, facts: Facts): Kept | undefined {
  for (const it of def.body.descendants("if_statement")) {
    const test = asIf(it);
    const failing = test && functionAround(it) === def.node && !facts.loopAround(it) ? failingBranch(it) : undefined;
    const last = failing?.kind === "block" ? statementsOf(failing).at(-1) : failing;
    if (last?.kind === "return_statement" && isSubstitute(last.children[0]))
      return {
        at: last,
        evidence: "strong",
        weight: "heavy",
        by: "decorator",
        place: def.name,
        expires,
      };
  }
  return undefined;
}

/** What runs where the answer is not the good one: its block, or the statement below. */
function failingBranch(statement: Node): Node | undefined {
  const { condition, body, elifs, orElse } = asIf(statement)!;
  const test = unwrap(condition);
  const comparison = asComparison(test);
  const isStatus = comparison && /\.status_code$/.test(comparison.left.text);
  if ((isStatus && /^(?:!=|>=|>)$/.test(comparison.operator)) || /^not\s+\w+\.ok$/.test(test.text)) return body;
  if (
    elifs.length > 0 ||
    !(
      (isStatus && comparison.operator === "==" && /^2\d\d$|\.ok$/.test(comparison.right.text)) ||
      /^\w+\.ok$/.test(test.text)
    )
  )
    return undefined;
  return orElse ?? statementAfter(statement);
}

/** A loop around the `try` goes on to the next thing. */
function isCaughtInPart(clause: Node): boolean {
  const loop = clause.ancestor("for_statement", "while_statement");
  return loop !== undefined && functionAround(loop) === functionAround(clause);
}

const EMPTY = new Set(["list", "dictionary", "tuple", "set"]);

/** None, a constant, an empty collection, an empty frame, a text that tells of the error, a dict of constants. */
function isSubstitute(value: Node | undefined): boolean {
  if (!value) return true;
  const node = unwrap(value);
  if (isConstant(node) || node.kind === "string") return true;
  if (node.kind === "expression_list") return node.children.every(isSubstitute);
  if (node.kind === "dictionary")
    return node.children.every((it) => it.kind === "pair" && isSubstitute(it.field("value")));
  if (EMPTY.has(node.kind)) return node.children.every(isSubstitute);
  const call = asCall(node);
  return (
    call !== undefined &&
    [...call.args, ...call.keywords.values()].every(isSubstitute) &&
    /(?:^|\.)(?:DataFrame|Series|array|dict|list|set)$/.test(call.callee.text)
  );
}

/** What was tried asks somebody else, who may answer the next time. */
function evidenceOf(tried: Node, facts: Facts): Evidence | undefined {
  const body = tried.field("body");
  const calls = body?.descendants("call") ?? [];
  if (statementsOf(body!).every((it) => /^(?:import_statement|import_from_statement)$/.test(it.kind))) return undefined;
  const isOutside = calls.some((it) => {
    const call = asCall(it);
    return (
      waitsOutside(call, facts) || (call !== undefined && blockingCall(facts.nameOf(call.callee) ?? "") !== undefined)
    );
  });
  if (isOutside) return "strong";
  return calls.some((it) => ASKS.test(lastName(it.field("function")!))) ? "fair" : undefined;
}

const ASKS =
  /(?:^|_)(?:fetch|query|request|download|search|(?:call|get|load|read)_|(?:get|post|put|execute|invoke|create|connect|client|send|result|run|history|Ticker|urlopen|open)$)/;
