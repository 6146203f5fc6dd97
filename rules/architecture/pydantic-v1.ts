/** Names of Pydantic 1 that Pydantic 2 still takes, with a warning. */

import {
  asFunction,
  asMethodCall,
  declined,
  defineRule,
  fixOf,
  functionAround,
  importName,
  lineBelow,
  replace,
  type Facts,
  type MethodCall,
  type Node,
} from "../../analysis/authoring.js";

const METHODS: Readonly<Record<string, string>> = {
  dict: "model_dump",
  json: "model_dump_json",
  copy: "model_copy",
  parse_obj: "model_validate",
  parse_raw: "model_validate_json",
  construct: "model_construct",
  schema: "model_json_schema",
  from_orm: "model_validate",
  update_forward_refs: "model_rebuild",
};
const DECORATORS: Readonly<Record<string, string>> = {
  "pydantic.validator": "field_validator",
  "pydantic.root_validator": "model_validator",
};

export default defineRule({
  title: "Name of Pydantic 1",
  why: "Pydantic 2 keeps the old names for a while and warns at each use; version 3 takes them out. The present names do the same, most of them with the same arguments.",
  guide: "model-api",
  level: "hint",
  gain: "safety",
  imports: ["pydantic"],
  library: { pydantic: { from: "2.0" } },
  fixes: "review",

  examples: [
    {
      before: `
from pydantic import BaseModel

class User(BaseModel):
    name: str

def shown(user: User) -> dict:
    return user.dict(exclude={"password"})
`,
      after: `
from pydantic import BaseModel

class User(BaseModel):
    name: str

def shown(user: User) -> dict:
    return user.model_dump(exclude={"password"})
`,
    },
  ],

  on: ["call"],

  find(node, { facts }, call) {
    const method = asMethodCall(node);
    const decorator = DECORATORS[facts.nameOf(call.callee) ?? ""];
    const weight = facts.isTest ? ("light" as const) : ("heavy" as const);
    if (decorator) return { at: call.callee, weight, call, present: decorator, isDecorator: true };
    const present = method && Object.hasOwn(METHODS, method.method) ? METHODS[method.method] : undefined;
    if (!method || !present || !isModel(method.object, facts) || definesItself(method, facts)) return undefined;
    // A function that knows both names serves both versions.
    if (new RegExp(`\\b(?:${present}|PYDANTIC_V\\d|IS_PYDANTIC_V\\d)\\b`).test(functionAround(node)?.text ?? ""))
      return undefined;
    return { at: method.methodNode, weight, call, present, isDecorator: false };
  },

  message: ({ at, present }) =>
    `\`${at.tree.text.slice(at.start, at.end)}\` is a name of Pydantic 1, which warns in version 2; \`${present}\` is the present one.`,

  fix({ at, call, present, isDecorator }, file) {
    if (!isDecorator) {
      if (
        /^(?:from_orm|copy|json)$/.test(at.tree.text.slice(at.start, at.end)) &&
        call.argumentList.children.length > 0
      )
        return declined("its arguments have changed");
      return fixOf(
        `Use ${present}()`,
        ["a method of that name which a class defines itself is no longer called", "the text of JSON has no spaces"],
        [replace(at, present)],
      );
    }
    const def = asFunction(call.node.parent?.parent?.children.find((it) => it.kind === "function_definition"));
    const isPlain = present === "field_validator" && call.keywords.size === 0 && def?.parameters.length === 2;
    if (!def || !isPlain) return declined("the new form gives the function other arguments");
    const made = importName(file, "pydantic", "field_validator", call.node);
    if (!made) return declined("the name means something else here");
    const decorator = call.node.parent!;
    const isClass = def.decorators.some((it) => it.text === "classmethod");
    return fixOf(
      "Use field_validator",
      ["the field is checked before defaults are known"],
      [...made.edits, replace(call.callee, made.name), ...(isClass ? [] : [lineBelow(decorator, "@classmethod")])],
    );
  },
});

/** A method of that name which a class of the file has, the own one included. */
function definesItself({ object, method }: MethodCall, facts: Facts): boolean {
  const own = functionAround(object);
  const outer = asFunction(own);
  const named = facts.typeOf(object)?.name ?? (object.kind === "identifier" ? object.text : undefined);
  const info =
    (outer && object.text === outer.parameters[0]?.name ? facts.classOf(outer.outer) : undefined) ??
    (named === undefined ? undefined : facts.classNamed(named.replace(/^local\./, "")));
  if (!info) return false;
  return [info, ...facts.basesOf(info)].some((it) => typeof it === "object" && it.definesMethod(method));
}

/** An instance or a class that derives from BaseModel, with no method of its own of that name. */
function isModel(object: Node, facts: Facts): boolean {
  if (facts.isA(object, "pydantic.BaseModel")) return true;
  const info = object.kind === "identifier" ? facts.classNamed(object.text) : undefined;
  return info !== undefined && facts.basesOf(info).includes("pydantic.BaseModel");
}
