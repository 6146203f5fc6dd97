/** What hovers say of functions inside functions: closures and lambdas. */

import {
  asCall,
  asFunction,
  asLambda,
  defineConstructs,
  functionAround,
  statementOf,
  type Binding,
  type File,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "nested function",
    guide: "functions-closures",
    at: [{ token: "def", of: "function_definition" }, { node: "identifier" }],
    when: isNested,
    says: "Made anew at each call of the function around it, which costs little; its code is compiled once. Names of that function are read through cells when the inner one runs, so a later assignment shows, and a cell keeps its value alive as long as the inner function lives. Rebinding one needs `nonlocal`. It cannot be pickled, so process pools refuse it.",
    here: (node, file) => closureNote(node.parent!, file),
    example: "def scaler(factor):\n    ‸def scale(x):\n        return x * factor\n    return scale\n",
    unlike: [
      "‸def scale(x):\n    return x\n",
      "class A:\n    ‸def scale(self):\n        return 1\n",
      "def make():\n    class A:\n        ‸def scale(self):\n            return 1\n    return A\n",
      "def make():\n    def scale(x):\n        return x\n    return ‸scale\n",
    ],
  },
  {
    name: "lambda",
    guide: "functions-closures",
    at: [{ token: "lambda", of: "lambda" }],
    says: "An expression, so it fits where a function is passed once, as `key=`. It runs no faster than a `def`, shows as `<lambda>` in tracebacks and profiles, takes no annotations and cannot be pickled. Where only an item, attribute or method is fetched, `operator.itemgetter` and its relatives do it in C.",
    here: lambdaNote,
    example: "rows = sorted([(1, 'b')], key=‸lambda row: row[1])\n",
    unlike: ["import sympy\n\nf = sympy.‸Lambda(1, 2)\n", "‸lambda_ = 3\n"],
  },
]);

function isNested(node: Node, { facts }: File): boolean {
  const def = node.parent;
  if (def?.kind !== "function_definition" || (node.kind === "identifier" && node.fieldName !== "name")) return false;
  const outer = def.parent?.kind === "decorated_definition" ? def.parent : def;
  return (
    functionAround(outer) !== undefined &&
    facts.classOf(statementOf(outer)) === undefined &&
    outer.ancestor("class_definition", "function_definition")?.kind === "function_definition"
  );
}

/** The functions' own names that the inner one reads or binds. */
function capturedBy(inner: Node, { facts }: File): ReadonlyMap<string, Binding> {
  const found = new Map<string, Binding>();
  const body = inner.field("body");
  for (const name of body?.kind === "identifier" ? [body] : (body?.descendants("identifier") ?? [])) {
    const scope = facts.bindingOf(name)?.scope;
    if (
      scope &&
      scope.kind !== "module" &&
      scope.kind !== "class" &&
      scope.node !== inner &&
      inner.isInside(scope.node)
    )
      found.set(name.text, facts.bindingOf(name)!);
  }
  return found;
}

function closureNote(inner: Node, file: File): string | undefined {
  const captured = capturedBy(inner, file);
  const late = lateNote(inner, captured, file);
  if (late) return late;
  const names = [...captured.keys()].filter((it) => it !== asFunction(inner)?.name);
  if (names.length === 0) return "Takes nothing from the function around it.";
  const shown = names
    .slice(0, 4)
    .map((it) => `\`${it}\``)
    .join(", ");
  return `Takes ${shown}${names.length > 4 ? ` and ${names.length - 4} more` : ""} from the function around it.`;
}

/** A loop's variable that each function made in the loop reads later. */
function lateNote(inner: Node, captured: ReadonlyMap<string, Binding>, { facts }: File): string | undefined {
  const loops = facts.loopsAround(inner);
  const isTargetOf = (binding: Binding, loop: Node) =>
    binding.sites.some(
      (it) => it.kind === "for" && (it.owner === loop || it.owner.parent === loop) && !inner.isInside(it.name),
    );
  const name = [...captured].find(([, binding]) => loops.some((loop) => isTargetOf(binding, loop)))?.[0];
  return name === undefined
    ? undefined
    : `\`${name}\` is looked up at the call: called after the loop, all functions made here see its last value. A default, \`${name}=${name}\`, keeps the present one.`;
}

function lambdaNote(node: Node, file: File): string | undefined {
  const inner = node.parent!;
  const lambda = asLambda(inner);
  if (!lambda) return undefined;
  const call = inner.parent?.kind === "argument_list" ? asCall(inner.parent.parent) : undefined;
  const callee = call && file.facts.nameOf(call.callee);
  if ((callee === "builtins.map" || callee === "builtins.filter") && call?.args[0] === inner)
    return `With \`${callee.slice(9)}\` each item costs a Python call; a comprehension needs none.`;
  const isUsedAtOnce =
    inner.fieldName === "value" &&
    inner.parent?.kind === "keyword_argument" &&
    inner.parent.field("name")?.text === "key";
  const late = isUsedAtOnce ? undefined : lateNote(inner, capturedBy(inner, file), file);
  if (late) return late;
  return inner.parent?.kind === "assignment" && inner.parent.field("left")?.kind === "identifier"
    ? "Bound to a name: a `def` would show that name in tracebacks."
    : undefined;
}
