/** What hovers say of names whose scope is not the obvious one: declared, taken from an enclosing function, hiding a built-in. */

import { defineConstructs, type Binding, type File, type Node, type Scope } from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "name lookup",
    guide: "names-and-scope",
    at: [{ node: "identifier" }],
    when: (node, file) => resolved(node, file) !== undefined,
    here: resolved,
    says: "Names are searched as local, enclosing function, module, built-in. An assignment anywhere in a function makes the name local to all of it, unless `global` or `nonlocal` says otherwise. A local read was at most 1.04 times as fast as a global one (3.11 to 3.13).",
    example: "total = 0\n\ndef add(n):\n    global ‸total\n    total += n\n",
    unlike: [
      "total = 0\n\ndef show():\n    print(‸total)\n",
      "class Row:\n    id: int = 0\n\nprint(Row().‸id)\n",
      "class Row:\n    ‸id: int = 0\n",
      "def area(width, height):\n    return ‸width * height\n",
      "print(‸sum([1, 2]))\n",
      "from builtins import ‸open\n",
    ],
  },
]);

function resolved(node: Node, file: File): string | undefined {
  if (node.parent?.kind === "global_statement") return globalNote(node, file);
  if (node.parent?.kind === "nonlocal_statement") return nonlocalNote(node, file);
  const binding = file.facts.bindingOf(node);
  if (!binding || !(binding.reads.includes(node) || binding.sites.some((it) => it.name === node))) return undefined;
  return cellNote(node, binding, file) ?? hiddenNote(node, binding, file);
}

function globalNote(node: Node, { facts }: File): string {
  const scope = facts.scopeOf(node).node;
  const sites = facts.writesOf(node);
  if (!sites.some((it) => it.name.tree === node.tree && it.name.isInside(scope)))
    return `Nothing here rebinds \`${node.text}\`, and reading or changing it in place needs no \`global\`.`;
  return sites.every((it) => it.isRemote)
    ? `Only functions bind \`${node.text}\`: the module has no such name until one of them ran.`
    : `Assignments here rebind the module's \`${node.text}\` for everybody who reads it.`;
}

function nonlocalNote(node: Node, { facts }: File): string | undefined {
  for (let scope = facts.scopeOf(node).parent; scope; scope = scope.parent) {
    const owner = scope.kind === "function" && scope.bindings.has(node.text) ? ownerOf(scope) : undefined;
    if (owner) return `Assignments here rebind \`${node.text}\` of the enclosing function \`${owner}\`.`;
  }
  return undefined;
}

function ownerOf(scope: Scope): string | undefined {
  return scope.kind === "function" ? scope.node.field("name")?.text : undefined;
}

/** Comprehensions run within the function around them. */
function runnerOf(scope: Scope): Scope {
  let runner = scope;
  while (runner.kind === "comprehension" && runner.parent) runner = runner.parent;
  return runner;
}

const LATE =
  "It is read at each call, so it has the loop's latest value and not that of the turn which made the function.";

function cellNote(node: Node, { scope, sites, reads }: Binding, { facts }: File): string | undefined {
  const runner = runnerOf(facts.scopeOf(node));
  if (!reads.includes(node) || runner.kind === "module" || runner === runnerOf(scope)) return undefined;
  if (scope.kind === "comprehension")
    return runner.node.isInside(scope.node) ? `Taken from the comprehension around this function. ${LATE}` : undefined;
  if (scope.kind !== "function" && scope.kind !== "lambda") return undefined;
  const owner = ownerOf(scope);
  const isLate = sites.some(
    (it) => it.kind === "for" && it.owner.kind === "for_statement" && runner.node.isInside(it.owner),
  );
  return `Taken from the enclosing ${owner === undefined ? "lambda" : `function \`${owner}\``}, through a cell. ${isLate ? LATE : ""}`.trim();
}

/** The built-ins that people hide without meaning to. */
const COMMON: ReadonlySet<string> = new Set(
  (
    "abs all any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict dir divmod enumerate eval exec filter float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter " +
    "len list locals map max memoryview min next object oct open ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip"
  ).split(" "),
);

const KINDS: Readonly<Record<string, string>> = {
  parameter: "a parameter",
  import: "an import",
  function: "a function",
  class: "a class",
  for: "a loop variable",
  with: "a `with` target",
};

function hiddenNote(node: Node, { name, scope, sites }: Binding, { facts }: File): string | undefined {
  const [first] = sites;
  // `def key(rows, len=len)` still means the built-in.
  if (
    !COMMON.has(name) ||
    !first ||
    first.value?.text === name ||
    scope.kind === "class" ||
    facts.nameOf(node) === `builtins.${name}`
  )
    return undefined;
  const owner = ownerOf(scope);
  const where =
    owner !== undefined
      ? `throughout \`${owner}\``
      : scope.kind === "module"
        ? "in the whole module"
        : "in this expression";
  return `Hides the built-in \`${name}\` ${where}: here it is ${KINDS[first.kind] ?? "a variable"}.`;
}
