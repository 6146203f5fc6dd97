/** Names of Pydantic 1 that Pydantic 2 still takes, with a warning. */

import {
  asCall,
  asFunction,
  asMethodCall,
  declined,
  defineRule,
  fixOf,
  functionAround,
  importName,
  lineBelow,
  replace,
  type Call,
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

  on: ["call", "class_definition"],

  find(node, { facts }): Old | undefined {
    if (node.kind === "class_definition") return configOf(node, facts);
    const call = asCall(node);
    if (!call) return undefined;
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
    present === CONFIG
      ? "A class `Config` in a model is the form of Pydantic 1, which warns in version 2; `model_config = ConfigDict(…)` is the present one."
      : `\`${at.tree.text.slice(at.start, at.end)}\` is a name of Pydantic 1, which warns in version 2; \`${present}\` is the present one.`,

  fix({ at, call, present, isDecorator }, file) {
    if (!call) return declined("some of its settings have other names now");
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

const CONFIG = "model_config";

interface Old {
  readonly at: Node;
  readonly weight: "light" | "heavy";
  /** Undefined for a class `Config`. */
  readonly call: Call | undefined;
  readonly present: string;
  readonly isDecorator: boolean;
}

/** `class Config:` in a model of a file that has names of version 2, or whose project runs with it. */
function configOf(node: Node, facts: Facts): Old | undefined {
  const name = node.field("name");
  const owner = name?.text === "Config" ? node.ancestor("class_definition") : undefined;
  const info = owner && facts.classNamed(owner.field("name")?.text ?? "");
  if (!name || !info || info.def.node !== owner || !facts.basesOf(info).includes("pydantic.BaseModel"))
    return undefined;
  // Whoever serves both versions has it on purpose.
  if (/\bmodel_config\b/.test(owner.text) || facts.fileMatches(/PYDANTIC_V\d/)) return undefined;
  const isNew = facts.hasLibrary("pydantic", "2.0") === "yes" || facts.fileMatches(OF_VERSION_2);
  if (!isNew) return undefined;
  return { at: name, weight: facts.isTest ? "light" : "heavy", call: undefined, present: CONFIG, isDecorator: false };
}

const OF_VERSION_2 =
  /\b(?:field_validator|model_validator|ConfigDict|model_dump|model_validate|field_serializer)\b|\bfrom_attributes\s*=/;

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
