/** Functions that something outside calls for each request, event or message: handlers of web frameworks, of serverless platforms and of chats, and tools of agents. */

import type { Evidence, Facts } from "../semantics/facts.js";
import { asAttribute, asCall } from "../syntax/expressions.js";
import { functionAround, asFunction, type FunctionDef } from "../syntax/statements.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import { lastIdentifier } from "../text/identifiers.js";
import { toolEvidence } from "./agent-tool.js";

/** A function that is called from outside, with what it is called for. */
export interface Entry {
  readonly kind: "request" | "event" | "message" | "task" | "tool";
  readonly def: FunctionDef;
  readonly evidence: Evidence;
}

/** The innermost function around a node that is an entry; undefined where none is. */
export function entryOf(node: Node, facts: Facts): Entry | undefined {
  for (let at = functionAround(node); at; at = functionAround(at)) {
    const def = asFunction(at);
    const entry = def && facts.memo("entry", at, () => entryAt(def, facts) ?? null);
    if (entry) return entry;
  }
  return undefined;
}

function entryAt(def: FunctionDef, facts: Facts): Entry | undefined {
  for (const decorator of def.decorators) {
    const kind = kindOf(decorator);
    // A command of a command line.
    if (kind === "message" && COMMAND_LINES.some((it) => facts.view.imports(it))) continue;
    if (kind) return { kind, def, evidence: "strong" };
  }
  const [first, second] = def.parameters;
  if (isChat(def)) return { kind: "message", def, evidence: "strong" };
  const owner = facts.classOf(def.outer);
  if (owner) {
    const bases = owner.def.bases.map((it) => lastIdentifier(it.text));
    if (bases.some((it) => HANDLERS.test(it)) && HANDLES.test(def.name))
      return { kind: "request", def, evidence: "strong" };
  } else {
    if (/^_?event$/.test(first?.name ?? "") && /^_?(?:context|ctx)$/.test(second?.name ?? "")) {
      if (LAMBDAS.test(def.name)) return { kind: "event", def, evidence: "strong" };
      // Cloud functions of Google may be called as one likes.
      if (def.parameters.length === 2 && !def.isAsync && facts.view.imports("google"))
        return { kind: "event", def, evidence: "fair" };
    }
    if (first?.name === "request" && SERVERS.some((it) => facts.view.imports(it)))
      return { kind: "request", def, evidence: "fair" };
  }
  const tool = toolEvidence(def, facts);
  return tool && { kind: "tool", def, evidence: tool };
}

/** Handlers of messages and commands that are told by what they are given: `update: Update, context`, `ctx: commands.Context`, `interaction: discord.Interaction`. */
function isChat({ parameters, isAsync }: FunctionDef): boolean {
  const [first, second] = parameters[0]?.name === "self" ? parameters.slice(1) : parameters;
  if (!first || !isAsync) return false;
  const type = first.annotation?.text ?? "";
  if (first.name === "update" && /^_?(?:context|ctx)$/.test(second?.name ?? "")) return true;
  return /(?:^|\.)(?:Interaction|ApplicationContext|(?:commands\.)?Context|CallbackQuery)$/.test(type)
    ? /^(?:ctx|interaction|inter|callback|query|call|context)$/.test(first.name)
    : /^types\.(?:Message|CallbackQuery)$/.test(type);
}

function kindOf(decorator: Node): Entry["kind"] | undefined {
  const call = asCall(decorator);
  const callee = call?.callee ?? decorator;
  const attribute = asAttribute(callee);
  if (!attribute) return TASKS.test(callee.text) ? "task" : VIEWS.test(callee.text) ? "request" : undefined;
  if (ROUTES.has(attribute.name) && textValue(call?.args[0] ?? call?.keywords.get("path"))?.startsWith("/"))
    return "request";
  const text = callee.text;
  if (/(?:^|\.)functions_framework\.|^https_fn\.|\.(?:web_endpoint|fastapi_endpoint)$/.test(text)) return "event";
  if (CHATS.test(text)) return "message";
  return attribute.name === "task" && !/^(?:crew|dag|prefect)/i.test(text) && call === undefined ? "task" : undefined;
}

const COMMAND_LINES = ["typer", "click", "cyclopts"];
const CHATS =
  /\.(?:on_message|message_handler|callback_query_handler)$|^(?:bot|client|app)\.(?:event|command|message)$|^(?:self\.)?\w*(?:bot|client|tree|app_commands|commands)\.(?:tree\.)?(?:command|hybrid_command|slash_command|event)$|^(?:dp|dispatcher|router)\.(?:message|callback_query|inline_query)$|^(?:commands|discord\.app_commands)\.(?:command|hybrid_command)$/i;
const ROUTES = new Set("get post put delete patch head options route api_route websocket".split(" "));
const TASKS = /^shared_task$/;
const VIEWS = /^(?:api_view|csrf_exempt|require_(?:GET|POST|http_methods|safe))$/;
const SERVERS = ["django", "rest_framework", "aiohttp", "starlette", "sanic", "pyramid"];
const LAMBDAS = /^(?:lambda_)?handler$|_handler$/;
const HANDLERS = /(?:View|ViewSet|APIView|MethodView|Resource|RequestHandler|HTTPEndpoint|Servicer)$/;
const HANDLES =
  /^(?:get|post|put|patch|delete|dispatch|list|retrieve|create|update|destroy|do_(?:GET|POST|PUT|DELETE))$/;
