/** Python in a function compiled by Numba that Numba has no code for. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asString,
  asSubscript,
  asWith,
  defineRule,
  excerpt,
  givenOnce,
  isJit,
  isUnknownToNumba,
  isWholeInNumba,
  isWholeMethodInNumba,
  itemsOf,
  mayRunObjects,
  unwrap,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Code that Numba cannot compile",
  why: "Numba compiles a function when it is called for the first time, and knows a part of Python and NumPy. What it does not know raises an error then, for the whole function, even if that line would hardly ever run.",
  guide: "jit-numba",
  level: "warning",
  gain: "safety",
  overrides: ["resources/open-without-encoding"],
  imports: ["numba"],

  examples: [
    {
      before: `
from numba import njit

@njit
def root(value):
    if value < 0:
        print(f"negative: {value:.2f}")
    return abs(value) ** 0.5
`,
      after: `
from numba import njit

@njit
def root(value):
    if value < 0:
        print("negative:", value)
    return abs(value) ** 0.5
`,
    },
  ],

  on: ["function_definition"],

  find(_node, { facts }, def) {
    if (def.decorators.length === 0 || !isJit(def, facts) || mayRunObjects(def, facts)) return undefined;
    const weight = facts.isTest ? ("light" as const) : ("heavy" as const);
    return [...refusedIn(def, facts), ...mixedIn(def, facts)].map((it) => ({ ...it, weight, def }));
  },

  message: ({ what, def, instead }) =>
    `Numba cannot compile ${what}: the first call of \`${excerpt(def.name, 40)}\` raises an error${instead ? `; ${instead}` : ""}.`,
});

interface Refused {
  readonly at: Node;
  readonly what: string;
  readonly instead?: string;
  readonly evidence?: Evidence;
}

const REFUSED = [
  "interpolation",
  "call",
  "binary_operator",
  "with_statement",
  "class_definition",
  "import_statement",
  "import_from_statement",
  "except_clause",
  "yield",
  "global_statement",
  "list_splat_pattern",
  "generator_expression",
] as const;

function refusedIn(def: FunctionDef, facts: Facts): readonly Refused[] {
  const handed = def.body.descendants("with_statement").filter((it) => isForObjects(it, facts));
  // Beside a default it works for whoever gives that, and only then.
  const ofKwargs = def.parameters.some((it) => it.defaultValue) ? [] : def.parameters.filter((it) => it.star === "**");
  return [
    ...ofKwargs.map((it) => ({ at: it.node, what: `\`**${it.name}\``, instead: "name the parameters" })),
    ...def.body
      .descendants(...REFUSED)
      .filter((it) => !handed.some((block) => it === block || it.isInside(block)))
      .flatMap((it) => refusal(it, def, facts) ?? []),
  ];
}

function refusal(node: Node, def: FunctionDef, facts: Facts): Refused | undefined {
  switch (node.kind) {
    case "interpolation": {
      const format = node.field("format_specifier") ?? node.field("type_conversion");
      return format && { at: format, what: `the format \`${excerpt(format.text, 30)}\` in an f-string` };
    }
    case "call":
      // The `with` block says it all.
      return /^(?:with_item|as_pattern)$/.test(node.parent?.kind ?? "") ? undefined : refusedCall(node, facts);
    case "binary_operator":
      return node.field("operator")?.text === "%" && asString(unwrap(node.field("left")!))
        ? { at: node, what: "text formatted with `%`" }
        : undefined;
    case "with_statement":
      return { at: asWith(node)?.items[0]?.value ?? node, what: "this `with` block" };
    case "class_definition":
      return { at: node.field("name") ?? node, what: "a class inside a function" };
    case "import_statement":
    case "import_from_statement":
      return { at: node, what: "an import inside a function", instead: "import it at the top of the file" };
    case "except_clause":
      return refusedHandler(node, facts);
    case "yield":
      return node.text.startsWith("yield from") ? { at: node, what: "`yield from`" } : undefined;
    case "global_statement": {
      const set = node.children.find((it) => it.kind === "identifier" && isSet(it.text, def));
      return set && { at: set, what: `the change of the global \`${set.text}\``, instead: "return the value" };
    }
    case "list_splat_pattern":
      return { at: node, what: `\`${excerpt(node.text, 30)}\` on the left of \`=\`` };
    case "generator_expression":
      return { at: node, what: "a generator expression", instead: "a loop or a list comprehension works" };
    default:
      return undefined;
  }
}

function refusedCall(node: Node, facts: Facts): Refused | undefined {
  const call = asCall(node)!;
  const { callee, keywords, args } = call;
  const method = asAttribute(callee);
  if (method?.name === "format" && asString(unwrap(method.object))) return { at: callee, what: "`str.format`" };
  const name = facts.nameOf(callee);
  if (isPruned(node)) return undefined;
  if (name !== undefined) {
    if (isUnknownToNumba(name)) return { at: callee, what: `\`${excerpt(callee.text, 40)}\`` };
    if (name === "builtins.print" && keywords.size > 0)
      return { at: [...keywords.values()][0]!.parent!, what: "a `print` with options" };
    if (isWholeInNumba(name) && keywords.has("axis")) return wholeOnly(callee, keywords.get("axis")!.parent!);
    return undefined;
  }
  if (!method) return undefined;
  if (facts.isA(method.object, "logging.Logger")) return { at: callee, what: `\`${excerpt(callee.text, 40)}\`` };
  const named = keywords.get("axis")?.parent;
  const axis = named ?? (args[0]?.kind === "integer" ? args[0] : undefined);
  if (!axis || !isWholeMethodInNumba(method.name)) return undefined;
  return { ...wholeOnly(callee, axis), evidence: named ? "strong" : "fair" };
}

function wholeOnly(callee: Node, at: Node): Refused {
  const what = `\`${excerpt(callee.text, 40)}\` along an axis`;
  return { at, what, instead: "loop over that axis" };
}

/** It knows `except:` and `except Exception:`, without a name. */
function refusedHandler(clause: Node, facts: Facts): Refused | undefined {
  const value = clause.field("value");
  if (value?.kind === "as_pattern") return { at: value, what: "an exception with a name" };
  if (value && facts.nameOf(value) !== "builtins.Exception")
    return { at: value, what: `\`except ${excerpt(value.text, 30)}\``, instead: "only `except Exception` works" };
  return undefined;
}

/** `with objmode(…):` hands what is inside to Python. */
function isForObjects(statement: Node, facts: Facts): boolean {
  return (asWith(statement)?.items ?? []).some(({ value }) => {
    const callee = asCall(value)?.callee ?? value;
    const name = facts.nameOf(callee);
    return (
      /(?:^|\.)(?:objmode\w*|parallel_chunksize)$/.test(name ?? callee.text) || name?.startsWith("numba.") === true
    );
  });
}

/** Behind a test of a constant or of None, which Numba decides before it compiles what hangs on it. */
function isPruned(node: Node): boolean {
  for (let at = node.ancestor("if_statement"); at; at = at.ancestor("if_statement"))
    if (/^(?:not )?[\w.]+(?: is (?:not )?None)?$/.test(at.field("condition")?.text ?? "")) return true;
  return false;
}

function isSet(name: string, def: FunctionDef): boolean {
  return def.body.descendants("assignment", "augmented_assignment").some((it) => it.field("left")?.text === name);
}

/** A list or dict that holds text beside numbers. Written in one piece such a list works, filled it does not. */
function mixedIn(def: FunctionDef, facts: Facts): readonly Refused[] {
  const kinds = new Map<string, string>();
  return def.body.descendants("assignment", "call").flatMap((node): readonly Refused[] =>
    putIn(node).flatMap(([place, name, value]) => {
      const kind = kindOf(value, facts);
      if (kind === undefined || !isBegunEmpty(name, facts)) return [];
      const key = `${place} ${name.text}`;
      const before = kinds.get(key);
      kinds.set(key, before ?? kind);
      return before === undefined || before === kind
        ? []
        : [{ at: value, what: `text beside numbers as ${place} of \`${excerpt(name.text, 30)}\`` }];
    }),
  );
}

function putIn(node: Node): readonly (readonly [place: string, name: Node, value: Node])[] {
  const call = asCall(node);
  const method = asAttribute(call?.callee);
  if (call && method) {
    const [item] = call.args;
    return method.name === "append" && item && method.object.kind === "identifier"
      ? [["items", method.object, item]]
      : [];
  }
  const assignment = node.kind === "assignment" ? asAssignment(node) : undefined;
  const stored = asSubscript(assignment?.targets[0]);
  if (!stored || !assignment?.value || stored.value.kind !== "identifier") return [];
  const [key, more] = stored.indices;
  return key && !more
    ? [
        ["keys", stored.value, key],
        ["values", stored.value, assignment.value],
      ]
    : [];
}

function kindOf(value: Node, facts: Facts): "text" | "number" | undefined {
  const name = facts.typeOf(value)?.name;
  if (name === "str") return "text";
  return name === "int" || name === "float" || name === "bool" ? "number" : undefined;
}

function isBegunEmpty(name: Node, facts: Facts): boolean {
  const value = givenOnce(name, facts);
  if (!value) return false;
  const call = asCall(value);
  if (call) return call.args.length === 0 && /^(?:dict|list)$/.test(call.callee.text);
  return (value.kind === "list" || value.kind === "dictionary") && itemsOf(value).length === 0;
}
