/** A handler that puts what belongs to one request where all requests look: in a global name, the environment, or a file of one name. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asSubscript,
  defineRule,
  entryOf,
  excerpt,
  functionAround,
  isStored,
  nameAtRoot,
  statementOf,
  textValue,
  type Entry,
  type Facts,
  type FunctionDef,
  type Match,
  type Node,
  type Parameter,
} from "../../analysis/authoring.js";
import { fileOfRequest } from "./shared-state-in-handler/files.js";

const SERVERS =
  "fastapi flask starlette django rest_framework sanic aiohttp quart litestar bottle tornado mcp fastmcp gradio chainlit discord telegram aiogram functions_framework bentoml".split(
    " ",
  );

export default defineRule({
  title: "Request's own value kept where all requests look",
  why: "A server handles several requests at a time. What one of them writes to a global name, to a shared model, pipeline or configuration, to os.environ, or to a file that always has the same name is read by the others before they are done: answers get mixed up, rarely and without any error. What belongs to one request is handed on as an argument.",
  guide: "thread-sync",
  level: "warning",
  gain: "safety",
  imports: SERVERS,

  examples: [
    {
      before: `
from flask import Flask, request

app = Flask(__name__)
current_user = None

def greeting():
    return f"Hello {current_user}"

@app.get("/hello")
def hello():
    global current_user
    current_user = request.args["name"]
    return greeting() + f" from {current_user}"
`,
      after: `
from flask import Flask, request

app = Flask(__name__)

def greeting(user):
    return f"Hello {user}"

@app.get("/hello")
def hello():
    user = request.args["name"]
    return greeting(user) + f" from {user}"
`,
    },
  ],

  on: ["assignment", "call"],

  find(node, { facts }): Found | undefined {
    if (node.kind === "call") return facts.isTest ? undefined : fileOfRequest(node, isOfRequest, facts);
    if (functionAround(node) === undefined || node.parent?.kind === "assignment" || facts.isTest) return undefined;
    const [target, more] = asAssignment(node)?.targets ?? [];
    const value = asAssignment(node)?.value;
    if (!target || !value || more || !/^(?:identifier|attribute|subscript)$/.test(target.kind)) return undefined;
    const shared = sharedIn(target, facts);
    if (!shared) return undefined;
    const entry = facts.runsIn(node).includes("process") ? undefined : entryOf(node, facts);
    if (!entry || entry.def.node !== functionAround(node) || CHANGES_SETTINGS.test(entry.def.name)) return undefined;
    const parts = [value, ...(asSubscript(target)?.indices ?? [])];
    if (!parts.some((it) => isOfRequest(it, entry.def, facts))) return undefined;
    // What a command of a chat only sets is to stay: a switch or a channel.
    if (entry.kind === "message" && !isReadIn(entry.def.body, target)) return undefined;
    if (isGuarded(node, shared) || !mayBeSeenBetween(node, target, shared, entry, facts)) return undefined;
    return { at: target, evidence: entry.evidence, def: entry.def, how: "state" };
  },

  message: ({ at, def, how }) =>
    how === "file"
      ? `Calls of \`${excerpt(def.name, 30)}\` that run at the same time share the file \`${excerpt(at.text, 40)}\`: one may send or read what another has written. Give each a file of its own, as tempfile does.`
      : `Calls of \`${excerpt(def.name, 30)}\` that run at the same time share \`${excerpt(at.text, 40)}\`: one may go on with the value of another. Hand the value on as an argument.`,
});

interface Found extends Match {
  readonly at: Node;
  readonly def: FunctionDef;
  readonly how: "state" | "file";
}

/** What is asked to change something for all requests. */
const CHANGES_SETTINGS =
  /^_?(?:set|update|configure|save|load|reload|switch|select|change|choose|use|log_?in|sign_?in|connect|init|start|register|create|add|upload|put|patch|reset|toggle|enable|train|refresh)(?:_|$|[A-Z])/;
/** Proxies that stand for the request at hand, and stores that are asked by the key of a user. */
const OF_REQUEST =
  /^(?:\w*(?:flask|quart)\w*\.(?:g|session|request|current_app)|streamlit\.|bottle\.(?:request|response)|cherrypy\.)/;

/** The name at the root of something that lives longer than the call. */
function sharedIn(target: Node, facts: Facts): Node | undefined {
  const root = nameAtRoot(target);
  if (!root) return undefined;
  if (target === root) return facts.writesOf(root, root).some((it) => it.isRemote) ? root : undefined;
  // `answers[user] = …` keeps apart what belongs to several; a text as the key is one place for all.
  const item = asSubscript(target);
  if (item && (item.indices.length !== 1 || textValue(item.indices[0]) === undefined)) return undefined;
  const binding = facts.bindingOf(root);
  if (binding?.scope.kind !== "module" || binding.sites.length === 0) return undefined;
  if (OF_REQUEST.test(facts.nameOf(root) ?? "")) return undefined;
  return binding.sites.every((it) => /^(?:assign|import)$/.test(it.kind)) ? root : undefined;
}

const isReadIn = (body: Node, target: Node): boolean =>
  [...body.descendants(target.kind)].some((it) => it.text === target.text && it.fieldName !== "left");

const STEPS = 3;

/** Made of a parameter of the handler, or of what Flask calls `request`; `isOwn` tells which parameters count. */
function isOfRequest(
  value: Node,
  def: FunctionDef,
  facts: Facts,
  isOwn: (parameter: Parameter) => boolean = () => true,
  depth = 0,
): boolean {
  const names = value.kind === "identifier" ? [value] : value.descendants("identifier");
  return names.some((it) => {
    if (it.fieldName === "attribute" || (it.parent?.kind === "keyword_argument" && it.fieldName === "name"))
      return false;
    const sites = facts.writesOf(it);
    if (sites.some((site) => site.kind === "parameter" && site.name.isInside(def.node))) {
      const parameter = def.parameters.find((own) => own.name === it.text);
      return it.text !== "self" && (!parameter || isOwn(parameter));
    }
    if (/^(?:flask|quart|bottle)\.request$/.test(facts.nameOf(it) ?? "")) return true;
    return (
      depth < STEPS &&
      sites.some(
        (site) =>
          site.kind === "assign" &&
          site.value !== undefined &&
          functionAround(site.name) === def.node &&
          isOfRequest(site.value, def, facts, isOwn, depth + 1),
      )
    );
  });
}

/** `if model is None:`, and what holds a lock. */
function isGuarded(node: Node, root: Node): boolean {
  for (
    let at = node.ancestor("if_statement", "with_statement");
    at;
    at = at.ancestor("if_statement", "with_statement")
  ) {
    const head = at.field("condition")?.text ?? at.text.slice(0, 200).split("\n", 1)[0]!;
    if (at.kind === "with_statement" && /lock|mutex|semaphore|guard|condition/i.test(head)) return true;
    if (at.kind === "if_statement" && head.includes(root.text) && /\bNone\b|\bnot\b/.test(head)) return true;
  }
  return false;
}

/** The handler goes on with it, while others run: in threads at any time, on an event loop where it waits. */
function mayBeSeenBetween(node: Node, target: Node, root: Node, { def }: Entry, facts: Facts): boolean {
  const isEnvironment = facts.nameOf(root)?.startsWith("os") === true && /environ/.test(target.text);
  const uses = isEnvironment
    ? def.body.descendants("call").filter((it) => it.start > node.end)
    : facts.readsOf(root, def.body).filter((it) => it.start > node.end && !isTarget(it) && !isOfOther(it, target));
  const last = uses.at(-1);
  if (!last) return false;
  if (!def.isAsync) return true;
  const end = statementOf(last).end;
  return def.body.descendants("await").some((it) => {
    // `await save(config)`: the use itself waits, and what it reads afterwards may be another's.
    return it.start > node.end && it.start < end && asCall(it.children[0]) !== undefined;
  });
}

/** `client.logger` beside `client.level = …`, `state["dates"]` beside `state["date"] = …`: another part of the same object. */
function isOfOther(read: Node, target: Node): boolean {
  const [part, own] = [asAttribute(read.parent), asAttribute(target)];
  if (part && own)
    return part.object === read && part.name !== own.name && asCall(part.node.parent)?.callee !== part.node;
  const [key, ownKey] = [asSubscript(read.parent), asSubscript(target)].map((it) => textValue(it?.indices[0]));
  return key !== undefined && ownKey !== undefined && key !== ownKey;
}

/** `config.b = …`: it is only written to. */
function isTarget(read: Node): boolean {
  let at: Node = read;
  while (at.parent && /^(?:attribute|subscript)$/.test(at.parent.kind) && at.fieldName !== "subscript") at = at.parent;
  return isStored(at);
}
