/** A cached function that turns a failure into a value: the failure is kept like a result. */

import {
  asCall,
  asFunction,
  asTry,
  blockingCall,
  cacheDecorator,
  defineRule,
  functionAround,
  isConstant,
  statementsOf,
  unwrap,
  waitsOutside,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** They come of the arguments or of the installation: the next call would fail the same way. */
const LASTING =
  /\b(?:ImportError|ModuleNotFoundError|PackageNotFoundError|KeyError|ValueError|TypeError|AttributeError|IndexError|ZeroDivisionError|UnicodeDecodeError|NameError|SyntaxError|JSONDecodeError|StopIteration|LookupError|NotImplementedError|ValidationError|OverflowError|FileNotFoundError|RecursionError|ArithmeticError|AssertionError)\b/;

export default defineRule({
  title: "Failure kept by a cache",
  why: "The handler gives a value in place of the error, and the cache keeps it like any other result: after one short failure all later calls get it without another try. Let the error out of the cached function, and handle it where the function is called.",
  guide: "caching",
  level: "warning",
  differs: { light: "kept", unknown: "kept" },
  gain: "safety",
  words: ["cache", "cached", "lru_cache", "alru_cache", "cache_data", "cache_resource", "ttl_cache", "memoize"],

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

  on: ["except_clause"],

  find(node, { facts }) {
    const def = asFunction(functionAround(node));
    if (!def || facts.isTest) return undefined;
    const cache = def.decorators.length > 0 ? cacheDecorator(def, facts) : undefined;
    const tried = asTry(node.parent);
    if (!cache || !tried) return undefined;
    const caught = node.text.slice(0, node.text.indexOf(":") + 1);
    if (LASTING.test(caught) || isCaughtInPart(node)) return undefined;
    const given = node
      .descendants("return_statement")
      .filter((it) => functionAround(it) === def.node && it.ancestor("except_clause") === node)
      .find((it) => isSubstitute(it.children[0]));
    if (!given || node.descendants("raise_statement").length > 0) return undefined;
    const evidence = evidenceOf(tried.node, facts);
    if (!evidence) return undefined;
    return { at: given, evidence, weight: "heavy", def, cache };
  },

  message: ({ at, def, cache }) =>
    `What \`${at.text.replace(/\s+/g, " ").slice(0, 40)}\` stands for is a failure, and the cache of \`${def.name}\` keeps it${cache.expires ? " until it expires" : ""}: later calls do not try again.`,
});

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
    call.args.length === 0 &&
    call.keywords.size === 0 &&
    /(?:^|\.)(?:DataFrame|Series|dict|list|set)$/.test(call.callee.text)
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
  return calls.some((it) => ASKS.test(it.field("function")!.text)) ? "fair" : undefined;
}

const ASKS =
  /(?:^|[._])(?:get|post|put|fetch\w*|query\w*|execute|request\w*|download\w*|load_\w+|read_\w+|search\w*|invoke|create|connect|client|send|call_\w+|result|run|history|Ticker|urlopen|get_\w+|open)$/;
