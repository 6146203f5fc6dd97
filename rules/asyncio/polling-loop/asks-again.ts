/** Loops that ask a server how far it is, again as soon as it has answered. */

import {
  asAttribute,
  asCall,
  asMethodCall,
  functionCalled,
  functionAround,
  isSamePlace,
  unwrap,
  type Call,
  type Evidence,
  type Facts,
  type Node,
  type WhileLoop,
} from "../../../analysis/authoring.js";

export interface Again {
  /** What is asked: its callee. */
  readonly at: Node;
  readonly evidence: Evidence;
}

/** The call that asks, if nothing in the loop takes its time. */
export function asksAgain(loop: WhileLoop, facts: Facts): Again | undefined {
  const { body, condition } = loop;
  const { text } = body;
  if (!STATE.test(text) && !STATE.test(condition.text)) return undefined;
  if (text.length > LONGEST || PAUSES.test(text) || PAUSES.test(condition.text)) return undefined;
  if (facts.fileMatches(/\bpagina/i) && /page|cursor|token|offset/i.test(text)) return undefined;
  const home = functionAround(loop.node);
  for (const node of body.descendants("call")) {
    if (
      functionAround(node) !== home ||
      node.ancestor("except_clause", "for_statement", "while_statement") !== loop.node
    )
      continue;
    const call = asCall(node);
    const evidence = call && asksServer(call, facts);
    if (!evidence || !isSameEachTurn(call, loop.node, facts)) continue;
    if (endsByState(loop, facts)) return { at: call.callee, evidence };
  }
  return undefined;
}

const LONGEST = 4000;
const STATE = /\b(?:status|state|done)\b/i;
/** Whatever takes a pause, or may: long polls and streams too. */
const PAUSES =
  /sleep|wait(?:_|\(|ing)|_wait|delay|backoff|interval|timeout(?!\s*=[^=])|throttl|pace|\.join\(|\.result\(|input\(|recv|readline|select\(|stream|yield|\.tick\(|process_events|processEvents|\.update\(\)|poll\(|ticks?\b/i;

const HTTP = /^(?:get|post|head|request)$/;
const HTTP_FUNCTIONS =
  /^(?:requests|httpx2?|urllib3)\.(?:Session\.|Client\.|AsyncClient\.)?(?:get|post|head|request)$|^urllib\.request\.urlopen$|^aiohttp\.ClientSession\.(?:get|post|request)$/;
const SESSION = /^(?:self\.)?_?(?:\w*session|\w*client|http|requests|httpx)$/i;
/** `client.get_job(id)`, `runs.retrieve(…)`: asks how a job stands. */
const ASKS_STATE =
  /^(?:(?:get|fetch|check|retrieve|describe|query|request)_?(?:\w+_)?(?:status|state|jobs?|tasks?|operations?|runs?|batch|execution|deployment|training|build)|retrieve)$/i;

function asksServer(call: Call, facts: Facts): Evidence | undefined {
  const name = facts.nameOf(call.callee);
  if (name !== undefined && HTTP_FUNCTIONS.test(name)) return "proof";
  const method = asMethodCall(call.node);
  if (!method) return undefined;
  const type = facts.typeOf(method.object)?.name;
  if (HTTP.test(method.method)) {
    if (call.args.length === 0) return undefined;
    if (type !== undefined) return HTTP_FUNCTIONS.test(`${type}.${method.method}`) ? "proof" : undefined;
    return SESSION.test(method.object.text) && /url|http|endpoint|\//i.test(call.argumentList.text)
      ? "strong"
      : undefined;
  }
  const isGet = method.method === "get" && /(?:operations|jobs|runs|tasks|batches)$/.test(method.object.text);
  if (!isGet && (!ASKS_STATE.test(method.method) || !/client|api|runs|jobs|service|openai/i.test(method.object.text)))
    return undefined;
  const own = functionCalled(call.callee, facts);
  if (own) return undefined;
  return method.method === "retrieve" ? "strong" : "fair";
}

/** Nothing that it is asked with is changed by the loop, but for what the last answer said of the same job. */
function isSameEachTurn(call: Call, loop: Node, facts: Facts): boolean {
  const target = givenTo(call.node);
  if (call.hasSplat) return false;
  const parts = [call.callee, call.argumentList];
  return parts
    .flatMap((part) => (part.kind === "identifier" ? [part] : part.descendants("identifier")))
    .every((name) => {
      if (name.fieldName === "attribute" || name.fieldName === "name") return true;
      if (facts.scopeOf(name).kind === "module" && facts.nameOf(name) !== undefined) return true;
      const { writes, changes } = writesIn(name, loop, facts);
      if (writes.length === 0 && !changes) return true;
      const isOwn = target && isSamePlace(target, name, facts) && writes.length === 1;
      return (
        isOwn &&
        !changes &&
        (/^(?:id|name|job_id|run_id|operation)$/.test(asAttribute(name.parent)?.name ?? "") ||
          name.parent?.kind === "argument_list")
      );
    });
}

function writesIn(name: Node, loop: Node, facts: Facts) {
  const writes = facts.writesOf(name, loop).filter((it) => it.name.start >= loop.start && it.name.end <= loop.end);
  const changes = facts
    .usesOf(name, loop)
    .some(
      (it) =>
        /-(?:store|delete)$|^augmented$/.test(it.kind) ||
        (it.kind === "method" && /^(?:update|append|pop|setdefault|add)$/.test(it.name ?? "")),
    );
  return { writes, changes };
}

/** `run` of `run = client.runs.retrieve(…)`, with or without await. */
function givenTo(call: Node): Node | undefined {
  const value = call.parent?.kind === "await" ? call.parent : call;
  const given = value.parent?.kind === "assignment" ? value.parent.field("left") : undefined;
  return given?.kind === "identifier" ? given : undefined;
}

/** The loop goes on until the answer says that it is done. */
function endsByState(loop: WhileLoop, facts: Facts): boolean {
  if (saysState(loop.condition)) return true;
  return loop.body.descendants("if_statement").some((it) => {
    const condition = it.field("condition");
    return (
      condition !== undefined && functionAround(it) === functionAround(loop.node) && saysState(condition) && leaves(it)
    );
  });
}

const leaves = (branch: Node): boolean => /\b(?:return|break)\b/.test(branch.text);

const WORD =
  /^["'](?:succeeded|success|successful|completed?|done|finished|ready|failed|failure|error|running|pending|queued|in_progress|processing|started|starting|active|created|available|cancell?ed|stopped)["']$/i;

function saysState(condition: Node): boolean {
  const node = unwrap(condition);
  if (/\.done(?:\(\))?$/.test(node.text)) return true;
  const texts = condition.descendants("string");
  return /status|state/i.test(condition.text) && texts.some((it) => WORD.test(it.text));
}
