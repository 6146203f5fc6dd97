/** A handler of requests that takes its data as a plain dict. */

import {
  asFunction,
  defineRule,
  excerpt,
  functionAround,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Endpoint that takes an untyped dict",
  why: "Nothing checks what the client sends: a missing key or a number sent as text becomes an error of the server somewhere below, and neither the documentation nor an editor knows what belongs into it. A model of Pydantic checks it at the door and answers with what is wrong.",
  guide: "model-api",
  level: "hint",
  gain: "safety",
  imports: ["fastapi", "flask", "starlette", "quart", "sanic"],

  examples: [
    {
      before: `
from fastapi import FastAPI

app = FastAPI()

@app.post("/scores")
def score(body: dict) -> float:
    return body["weight"] * body["count"]
`,
      after: `
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()

class Item(BaseModel):
    weight: float
    count: int

@app.post("/scores")
def score(body: Item) -> float:
    return body.weight * body.count
`,
    },
  ],

  on: ["typed_parameter", "typed_default_parameter", "call", "attribute"],

  find(node, { facts }) {
    if (node.kind === "typed_parameter" || node.kind === "typed_default_parameter") {
      const type = node.field("type");
      // What type the values have is checked where it is said.
      if (!type || !UNTYPED.test(type.text) || /Depends|Header|Query/.test(node.text)) return undefined;
      const def = asFunction(node.parent?.parent);
      if (!def || !isPosting(def) || isChecked(def, nameOf(node))) return undefined;
      return { at: node, evidence: "proof", weight: facts.isTest ? "light" : "heavy", shown: nameOf(node), def };
    }
    // `request.get_json()`, `await request.json()`, and the attribute `request.json` of Flask.
    const [object, word] =
      node.kind === "attribute"
        ? [node.field("object"), node.field("attribute")!.text]
        : [node.field("function")?.field("object"), node.field("function")?.field("attribute")?.text];
    if (
      object?.text !== "request" ||
      !(node.kind === "call" ? word === "get_json" || word === "json" : word === "json" && node.parent?.kind !== "call")
    )
      return undefined;
    const def = asFunction(functionAround(node));
    if (!def || !isPosting(def) || isChecked(def, "request") || facts.isTest) return undefined;
    // One finding for a handler: the first place.
    if (/\brequest\.(?:get_json\(|json\b)/.test(node.tree.text.slice(def.body.start, node.start))) return undefined;
    return { at: node, evidence: "strong", weight: "unknown", shown: node.text, def };
  },

  message: ({ shown, def }) =>
    `Nothing checks what \`${excerpt(shown, 40)}\` of \`${excerpt(def.name, 40)}\` holds; a Pydantic model says and checks which fields it has.`,
});

const UNTYPED =
  /^(?:Optional\[)?(?:typing\.)?(?:dict|Dict)(?:\[\s*\w+\s*,\s*(?:typing\.)?(?:Any|object)\s*\])?\]?(?:\s*\|\s*None)?$/;

const nameOf = (parameter: Node): string => parameter.field("name")?.text ?? parameter.children[0]?.text ?? "";

const isPosting = ({ decorators }: FunctionDef): boolean =>
  decorators.some(
    (it) =>
      /^[\w.]+\.(?:post|put|patch)\(/.test(it.text) ||
      (/^[\w.]+\.route\(/.test(it.text) && /POST|PUT|PATCH/.test(it.text)),
  );

/** It is checked at once, handed to something that does, or has to be taken as it comes. */
const isChecked = ({ body, outer }: FunctionDef, name: string): boolean =>
  /\b(?:model_validate|parse_obj|TypeAdapter|validate\w*|Schema|schema|signature|hmac|webhook)\b|\.load\(/i.test(
    outer.text,
  ) ||
  body.text.includes(`**${name}`) ||
  /\*\*(?:data|payload|body|params)\b/.test(body.text);
