/** A route that catches every error and sends its text with status 200: to whoever asks, the failure is an answer. */

import {
  asCall,
  asFunction,
  asHandler,
  asTry,
  declined,
  defineRule,
  entryOf,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  hasComments,
  importName,
  insertAfter,
  itemsOf,
  lastName,
  replace,
  statementsOf,
  textValue,
  unwrap,
  withArgument,
  type Call,
  type Facts,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Sent extends Match {
  readonly value: Node;
  /** The call that makes the response; undefined where the framework does. */
  readonly response: Call | undefined;
  readonly name: string;
  readonly framework: Framework;
  /** The one that was meant, where it stands beside the body. */
  readonly status: string | undefined;
}

type Framework = "fastapi" | "flask" | "django" | "aiohttp";
const FRAMEWORKS: Readonly<Record<Framework, readonly string[]>> = {
  fastapi: ["fastapi", "starlette"],
  flask: ["flask", "quart"],
  django: ["django", "rest_framework"],
  aiohttp: ["aiohttp"],
};

export default defineRule({
  title: "Failure sent with status 200",
  why: "The status says whether a request succeeded. Clients that call raise_for_status(), caches, retries, load balancers and monitors look at nothing else: an error that goes out with 200 is shown, stored and counted as an answer. And its text may tell outsiders more than they should know.",
  guide: "networking",
  level: "warning",
  gain: "safety",
  imports: Object.values(FRAMEWORKS).flat(),
  fixes: "review",

  examples: [
    {
      before: `
from flask import Flask, jsonify, request
from prices import price_of

app = Flask(__name__)

@app.get("/price")
def price():
    try:
        return jsonify({"price": price_of(request.args["name"])})
    except Exception as error:
        return jsonify({"error": str(error)})
`,
      after: `
from flask import Flask, jsonify, request
from prices import price_of

app = Flask(__name__)

@app.get("/price")
def price():
    try:
        return jsonify({"price": price_of(request.args["name"])})
    except Exception as error:
        return jsonify({"error": str(error)}), 500
`,
    },
  ],

  on: ["except_clause", "return_statement"],

  find(node, { facts }): Sent | undefined {
    if (facts.isTest) return undefined;
    if (node.kind === "return_statement") return ofPair(node, facts);
    const handler = asTry(node.parent) && asHandler(node);
    if (!handler || !isBroad(handler.type)) return undefined;
    const last = statementsOf(handler.body).at(-1);
    const value = last?.kind === "return_statement" ? last.children[0] : undefined;
    if (!value || hasStatus(handler.body)) return undefined;
    const def = asFunction(functionAround(node));
    const entry = entryOf(node, facts);
    if (!def || entry?.kind !== "request" || entry.def.node !== def.node || isMeantSo(entry.def)) return undefined;
    const framework = frameworkOf(facts);
    if (!framework) return undefined;
    const sent = bodyOf(unwrap(value), framework);
    if (!sent || !tellsOf(sent.body, handler.alias?.text) || saysSo(sent.body)) return undefined;
    return {
      at: last!,
      evidence: entry.evidence,
      // Where all routes do so, those who ask may know it.
      weight: facts.ofFile(OFTEN) ? "unknown" : "heavy",
      value,
      response: sent.response,
      name: def.name,
      framework,
      status: undefined,
    };
  },

  message: ({ name, status }) =>
    status !== undefined
      ? `FastAPI takes these two for the body: the answer is a list, and its status is 200, not ${status}.`
      : `Whatever fails in \`${excerpt(name, 40)}\`, the answer has status 200: who asks takes the error for a result.`,

  fix({ value, response, framework, status }, file) {
    const doubts = ["clients that read the error out of an answer with status 200 have to change"];
    const title = `Answer with status ${status ?? "500"}`;
    if (framework === "flask" && !(response && /Response$/.test(lastName(response.callee))))
      return fixOf(title, doubts, [insertAfter(value, ", 500")]);
    if (response) {
      const word = framework === "fastapi" ? "status_code" : "status";
      const added = withArgument(response, `${word}=500`);
      return added ? fixOf(title, doubts, [added]) : declined("the arguments cannot be added to");
    }
    if (hasComments(value)) return declined("a comment would be lost");
    const made = importName(file, "fastapi.responses", "JSONResponse", value);
    const body = status === undefined ? unwrap(value) : itemsOf(unwrap(value))[0]!;
    return made
      ? fixOf(title, doubts, [
          ...made.edits,
          replace(value, `${made.name}(status_code=${status ?? "500"}, content=${body.text})`),
        ])
      : declined("`JSONResponse` means something else here");
  },
});

/** `return {"error": text}, 500` in a route of FastAPI, as Flask has it. */
function ofPair(node: Node, facts: Facts): Sent | undefined {
  const value = node.children[0];
  const [, status, more] = value ? itemsOf(unwrap(value)) : [];
  if (!value || !status || more || !/^[45]\d\d$/.test(status.text) || frameworkOf(facts) !== "fastapi")
    return undefined;
  if (!/^(?:expression_list|tuple)$/.test(unwrap(value).kind) || facts.view.imports("flask")) return undefined;
  const def = asFunction(functionAround(node));
  const entry = entryOf(node, facts);
  if (!def || entry?.kind !== "request" || entry.def.node !== def.node || def.decorators.length === 0) return undefined;
  const common = { value, response: undefined, name: def.name, framework: "fastapi", status: status.text } as const;
  return { at: value, evidence: "strong", weight: "heavy", ...common };
}

const isBroad = (type: Node | undefined): boolean =>
  type === undefined ||
  (type.kind === "tuple" ? itemsOf(type) : [type]).some((it) => /^(?:builtins\.)?(?:Base)?Exception$/.test(it.text));

/** It raises, or says a status somewhere. */
const hasStatus = (body: Node): boolean =>
  body.descendants("raise_statement").length > 0 || /\bstatus(?:_code)?\b|\babort\(|\bHTTPStatus\b/.test(body.text);

/** A model for the answer refuses what is none of it, which ends in status 500. */
const HAS_MODEL = /\bresponse_(?:model|class)\b/;

/** What is asked for is whether something works, or the asker tries again as long as the status is another one. */
const isMeantSo = ({ name, decorators }: { readonly name: string; readonly decorators: readonly Node[] }): boolean =>
  MEANT.test(name) || decorators.some((it) => MEANT_PATH.test(it.text) || HAS_MODEL.test(it.text));
const MEANT =
  /health|status|ping|ready|alive|live(?:ness)?$|check|probe|test|debug|diagnos|validat|verify|preview|webhook|callback|hook|events?$|telegram|slack|discord|twilio|whatsapp|sms|voice|alexa|rpc|graphql/i;
const MEANT_PATH =
  /health|status|\/ping|ready|\/live|check|probe|\/test|debug|validat|verify|webhook|callback|\/hook|telegram|slack|twilio|whatsapp|\/sms|\/voice|rpc|graphql/i;

const frameworkOf = (facts: Facts): Framework | undefined =>
  (Object.keys(FRAMEWORKS) as Framework[]).find((it) => FRAMEWORKS[it].some((module) => facts.view.imports(module)));

/** What makes a response of a body, and which of its arguments that is. */
const RESPONSES =
  /^(?:jsonify|json|JSONResponse|ORJSONResponse|UJSONResponse|PlainTextResponse|Response|HttpResponse|JsonResponse|json_response|make_response)$/;

/** What is sent, where the status is that of success; undefined for pages, redirects and what is not in sight. */
function bodyOf(
  value: Node,
  framework: Framework,
): { readonly body: Node; readonly response: Call | undefined } | undefined {
  const call = asCall(value);
  if (call && RESPONSES.test(lastName(call.callee))) {
    // `make_response(body, 500)` and `Response(body, 500)` say it by place.
    if (call.hasSplat || call.args.length > 1) return undefined;
    const body = call.args[0] ?? call.keywords.get("content") ?? call.keywords.get("text") ?? call.keywords.get("data");
    return { body: body ?? call.argumentList, response: call };
  }
  if (framework === "django" || framework === "aiohttp") return undefined;
  // `return body, 500`
  if (value.kind === "expression_list" || value.kind === "tuple") return undefined;
  return call === undefined || /^(?:str|repr|dict)$/.test(call.callee.text)
    ? { body: value, response: undefined }
    : undefined;
}

/** Errors in bodies, in more than a few places of the file. */
const OFTEN = fileQuestion(
  (facts) =>
    facts.view.pieces().reduce((count, { tree }) => {
      facts.view.looksInto(tree);
      return (
        count + tree.root.descendants("except_clause").filter((it) => /\breturn\b[^\n]*\berror\b/i.test(it.text)).length
      );
    }, 0) > 4,
);

const ERROR_KEY = /^(?:errors?|err|error_?message|exception|detail|traceback|reason)$/i;
const ERROR_TEXT = /\b(?:error|failed|failure|exception|could not|went wrong|unable to)\b/i;

/** It gives the error's own text, or a text that speaks of an error. */
function tellsOf(body: Node, alias: string | undefined): boolean {
  const pairs = pairsOf(body);
  if (pairs.some(({ key }) => ERROR_KEY.test(key))) return true;
  if (alias !== undefined && (body.text === alias || body.identifiers(alias).length > 0)) return true;
  if (/\bformat_exc\(/.test(body.text)) return true;
  return body.kind === "string" && ERROR_TEXT.test(textValue(body) ?? body.text);
}

/** Beside the error the body says that it is one: a way of its own that the clients of this server know. */
const saysSo = (body: Node): boolean =>
  pairsOf(body).some(({ key }) =>
    /^(?:success|succeeded|ok|status|code|state|valid|is_?valid|result_?code|available|jsonrpc|type)$/i.test(key),
  );

function pairsOf(body: Node): readonly { readonly key: string }[] {
  const whole = unwrap(body);
  if (whole.kind === "dictionary")
    return whole.children.flatMap((it) => {
      const key = it.kind === "pair" ? textValue(it.field("key")) : undefined;
      return key === undefined ? [] : [{ key }];
    });
  const names = asCall(whole)?.keywords ?? (whole.kind === "argument_list" ? keywordsIn(whole) : undefined);
  return names ? [...names.keys()].map((key) => ({ key })) : [];
}

/** `jsonify(error=str(error))` */
const keywordsIn = (list: Node): ReadonlyMap<string, Node> => asCall(list.parent)?.keywords ?? new Map<string, Node>();
