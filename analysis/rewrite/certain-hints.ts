/** The annotations of a function that are certain: of parameters from their defaults, of the result from what is returned. */

import { insertAfter, replace } from "../rule/edits.js";
import type { Edit } from "../rule/rule.js";
import type { Facts } from "../semantics/facts.js";
import { useOf } from "../semantics/uses.js";
import { asCall } from "../syntax/expressions.js";
import {
  asFunction,
  asIf,
  asTry,
  asWhile,
  asWith,
  expressionOf,
  functionAround,
  jumpsOf,
  statementsOf,
  type FunctionDef,
  type Parameter,
} from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { knownType, union } from "./known-type.js";
/** What can be written down of a function. */
export interface Hints {
  readonly def: FunctionDef;
  readonly parameters: readonly { readonly parameter: Parameter; readonly type: string }[];
  readonly result: string | undefined;
}

const LITERALS = new Set(["integer", "float", "string", "concatenated_string", "true", "false", "unary_operator"]);
const FROM_DEFAULTS = new Set(["int", "str", "float", "bool"]);
const UNREAD = new Set([
  "builtins.property",
  "builtins.staticmethod",
  "builtins.classmethod",
  "functools.cache",
  "functools.lru_cache",
  "functools.wraps",
  "typing.override",
  "typing.final",
]);
/** Managers that may swallow what is raised: after them the code goes on. */
const SWALLOWS = /^(contextlib\.(suppress|ExitStack|AsyncExitStack)|pytest\.|unittest\.)/;

const NONE: ReadonlySet<string> = new Set();

/** Undefined where nothing is certain. */
export function certainHints(node: Node, facts: Facts): Hints | undefined {
  const def = asFunction(node);
  if (!def || node.isBroken || node.comments.some((it) => /^#\s*type:/.test(it.text))) return undefined;
  const parameters = def.parameters.flatMap((parameter, index) => {
    const type = parameterType(def, parameter, def.parameters[0]?.star === "" ? index : -1, facts);
    return type === undefined ? [] : [{ parameter, type }];
  });
  const given = new Map(parameters.map(({ parameter, type }) => [parameter.nameNode, type]));
  const found = def.returns ? undefined : resultType(def, given, facts);
  const isNew =
    found !== undefined &&
    ((found.includes("|") && !facts.hasPython("3.10")) || (found.includes("[") && !facts.hasPython("3.9")));
  const result = isNew ? undefined : found;
  return parameters.length > 0 || result !== undefined ? { def, parameters, result } : undefined;
}

/** What should be looked at, in sentences. */
export function hintDoubts({ def, parameters }: Hints, facts: Facts): readonly string[] {
  const names = parameters.map(({ parameter, type }) => `\`${parameter.name}\` (${type})`).join(", ");
  const readers = def.decorators
    .map((it) => asCall(it)?.callee ?? it)
    .filter((it) => !UNREAD.has(facts.nameOf(it) ?? "") && !/\.(setter|getter|deleter)$/.test(it.text));
  const defaults =
    names === "" ? [] : [`Taken from the default; callers in other places may pass other types: ${names}.`];
  return [...defaults, ...readers.slice(0, 1).map((it) => `Check that \`@${it.text}\` does not act on annotations.`)];
}

/** The annotations, where they go. */
export function hintEdits({ def, parameters, result }: Hints): readonly Edit[] {
  const edits: Edit[] = parameters.map(({ parameter: { nameNode, defaultValue }, type }) =>
    replace({ tree: nameNode.tree, start: nameNode.end, end: defaultValue!.start }, `: ${type} = `),
  );
  if (result !== undefined) edits.push(insertAfter(def.node.field("parameters")!, ` -> ${result}`));
  return edits;
}

/** The type of the default, if nothing in the file speaks against it: neither the body's own tests nor a call. */
function parameterType(def: FunctionDef, parameter: Parameter, index: number, facts: Facts): string | undefined {
  const { defaultValue, annotation, nameNode, star } = parameter;
  if (
    !defaultValue ||
    annotation ||
    star !== "" ||
    !LITERALS.has(defaultValue.kind) ||
    facts.writesOf(nameNode).length !== 1
  )
    return undefined;
  const own = knownType(defaultValue, nameNode, facts);
  if (own === undefined || !FROM_DEFAULTS.has(own) || facts.readsOf(nameNode).some((it) => isTested(it, facts)))
    return undefined;
  let type = own;
  for (const passed of typesPassed(def, parameter, index, facts)) {
    if (type === "int" && passed === "float") type = "float";
    else if (passed !== type && !(type === "float" && passed === "int")) return undefined;
  }
  return type;
}

/** The types of what calls in the file give a parameter, as far as they are known. Worked out once where many functions of one name share their calls. */
function typesPassed(def: FunctionDef, parameter: Parameter, index: number, facts: Facts): ReadonlySet<string> {
  const { name, isKeywordOnly } = parameter;
  const values = facts.ofUses(def.nameNode, `passed as ${name}, ${isKeywordOnly ? -1 : index}`, (uses) =>
    uses.flatMap((it) => {
      const call = it.kind === "call" ? asCall(it.call) : undefined;
      const byPlace = call && !call.hasSplat && !isKeywordOnly && index >= 0 ? call.args[index] : undefined;
      return call?.keywords.get(name) ?? byPlace ?? [];
    }),
  );
  if (!values) return NONE;
  return facts.memo(
    "types of what is passed",
    values,
    () => new Set(values.flatMap((it) => knownType(it, it, facts) ?? facts.typeOf(it)?.name ?? [])),
  );
}

/** `is None`, `isinstance(value, …)`: the function expects more than one type. */
function isTested(read: Node, facts: Facts): boolean {
  const use = useOf(read);
  if (use.kind === "compared") return use.in.hasToken("is") || use.in.hasToken("is not");
  const name = use.kind === "argument" && use.call ? facts.nameOf(use.call.field("function")!) : undefined;
  return name !== undefined && /^builtins\.(isinstance|type|callable|hasattr|issubclass)$/.test(name);
}

/** The union of all that is returned. Undefined where one value is unknown, or nobody knows whether the end is reached. */
function resultType(def: FunctionDef, given: ReadonlyMap<Node, string>, facts: Facts): string | undefined {
  const own = def.body.descendants("return_statement", "yield").filter((it) => functionAround(it) === def.node);
  if (
    own.some((it) => it.kind === "yield") ||
    isStub(def) ||
    def.decorators.some((it) => /\b(abstractmethod|overload|fixture)$/.test((asCall(it)?.callee ?? it).text))
  )
    return undefined;
  const isEnded = ends(def.body, facts);
  if (isEnded === undefined || (isEnded && own.length === 0)) return undefined;
  return union([
    ...own.map((it) => (it.children[0] ? knownType(it.children[0], def.node, facts, given) : "None")),
    ...(isEnded ? [] : ["None"]),
  ]);
}

/** Nothing is done: what overrides it may return anything. */
function isStub({ body, name }: FunctionDef): boolean {
  return (
    name !== "__init__" &&
    statementsOf(body).every(
      (it) =>
        ["pass_statement", "raise_statement"].includes(it.kind) ||
        ["string", "ellipsis"].includes(expressionOf(it)?.kind ?? ""),
    )
  );
}

/** Whether control never comes to the end of a block; undefined where that is not certain. */
function ends(block: Node | undefined, facts: Facts): boolean | undefined {
  const last = block && statementsOf(block).at(-1);
  if (!last) return false;
  if (last.kind === "return_statement" || last.kind === "raise_statement") return true;
  const condition = asIf(last);
  if (condition)
    return condition.orElse
      ? all([condition.body, ...condition.elifs.map((it) => it.body), condition.orElse], facts)
      : false;
  const loop = asWhile(last);
  if (loop)
    return loop.condition.text === "True"
      ? !jumpsOf(loop.node).some((it) => it.kind === "break_statement")
      : loop.orElse
        ? undefined
        : false;
  const tried = asTry(last);
  if (tried)
    return tried.finalizer && ends(tried.finalizer, facts) !== false
      ? undefined
      : all([tried.orElse ?? tried.body, ...tried.handlers.map((it) => it.body)], facts);
  const managed = asWith(last);
  if (managed) {
    const names = managed.items.map((it) => facts.nameOf(asCall(it.value)?.callee ?? it.value));
    const inner = ends(managed.body, facts);
    return inner === false || names.every((it) => it !== undefined && !SWALLOWS.test(it)) ? inner : undefined;
  }
  const call = asCall(expressionOf(last));
  const name = call && facts.nameOf(call.callee);
  if (name === "sys.exit" || name === "os._exit") return true;
  return last.kind === "match_statement" || (last.kind === "for_statement" && last.field("alternative"))
    ? undefined
    : false;
}

function all(blocks: readonly Node[], facts: Facts): boolean | undefined {
  const answers = blocks.map((it) => ends(it, facts));
  return answers.includes(false) ? false : answers.includes(undefined) ? undefined : true;
}
