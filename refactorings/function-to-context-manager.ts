/** Setup, `try` and `finally` around some code become a `@contextmanager` function, and the code a `with` block that uses it. */

import {
  asFunction,
  asMethodCall,
  asTry,
  defineRefactoring,
  definitionAbove,
  expressionOf,
  functionAround,
  importName,
  indentOf,
  indentUnit,
  insertBefore,
  linesAtEnd,
  nextStatement,
  previousStatement,
  reindented,
  remove,
  replace,
  startsLine,
  statementOf,
  statementsOf,
  topStatement,
  type Binding,
  type Edit,
  type Facts,
  type FunctionDef,
  type Import,
  type Node,
  type Span,
  type Try,
} from "../analysis/authoring.js";

interface Managed {
  readonly tried: Try;
  readonly setup: readonly Node[];
  readonly def: FunctionDef | undefined;
  /** What the method calls its instance, where the manager becomes a method beside it. */
  readonly self: string | undefined;
  readonly parameters: readonly string[];
  /** Names that the setup binds and the rest of the code reads. */
  readonly given: readonly string[];
  readonly name: string;
  readonly manager: Import;
}

/** How far above the `try` the setup may begin where nothing is selected. */
const FARTHEST = 5;

export default defineRefactoring({
  title: "Setup and finally to a context manager",
  guide: "context-managers",
  kind: "extract",
  on: ["try_statement", "block", "module"],
  reach: "inside",
  rules: ["resources/unmanaged-resource", "resources/manual-lock"],

  example: {
    before: `
import os

def export(folder: str) -> None:
    before = os.getcwd()
    os.chdir(folder)
    ‸try:
        print("writing")
    finally:
        os.chdir(before)
`,
    after: `
import os
from contextlib import contextmanager

@contextmanager
def export_context(folder):
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)

def export(folder: str) -> None:
    with export_context(folder):
        print("writing")
`,
  },

  find(node, selection, file): Managed | undefined {
    const { facts } = file;
    const isChosen = node.kind !== "try_statement";
    const chosen =
      isChosen && selection.end > selection.start
        ? statementsOf(node).filter((it) => it.start < selection.end && it.end > selection.start)
        : [];
    const tried = asTry(isChosen ? chosen.at(-1) : node);
    if (!tried || (!isChosen && selection.start >= tried.body.start) || (isChosen && chosen.length < 2))
      return undefined;
    if (!tried.finalizer || tried.handlers.length > 0 || tried.orElse || tried.node.isBroken) return undefined;
    const setup = isChosen ? chosen.slice(0, -1) : setupOf(tried, facts);
    const blocks = [...statementsOf(tried.body), ...statementsOf(tried.finalizer)];
    if (setup.length === 0 || ![...setup, tried.node, ...blocks].every(startsLine) || /[^\s]/.test(behind(tried.node)))
      return undefined;
    if ([...setup, tried.finalizer].some((it) => it.descendants(...LEAVES).length > 0 || LEAVES.includes(it.kind)))
      return undefined;
    const names = namesOf(setup, tried, facts);
    if (!names || (!isChosen && names.given.length > 1)) return undefined;
    const def = asFunction(functionAround(tried.node));
    const [self, ...others] = def?.parameters ?? [];
    const method = def && facts.classOf(def.node)?.methodOf(def.node);
    const isOnInstance = method !== undefined && names.parameters.includes(self?.name ?? "");
    if (isOnInstance && (method.self === undefined || others.some((it) => it.name === self?.name))) return undefined;
    const wanted =
      names.given.length === 1
        ? `managed_${names.given[0]!.replace(/^_+/, "")}`
        : `${def?.name.replace(/^(_+|test_*)+|(?<!_)_+$/gi, "") || "managed"}_context`;
    const name = facts.freshName(isOnInstance ? `_${wanted}` : wanted, tried.node);
    if (isOnInstance && facts.classOf(def!.node)!.definesMethod(name)) return undefined;
    const manager = importName(file, "contextlib", "contextmanager", topStatement(tried.node, facts));
    return (
      manager && {
        tried,
        setup,
        def,
        manager,
        self: isOnInstance ? self?.name : undefined,
        parameters: names.parameters.filter((it) => !isOnInstance || it !== self?.name),
        given: names.given,
        name,
      }
    );
  },

  offer: ({ name }) => `Extract setup and finally into the context manager \`${name}\``,

  doubt: () => undefined,

  apply({ tried, setup, def, manager, self, parameters, given, name }, { facts }) {
    const { tree } = tried.node;
    const top = topStatement(setup[0]!, facts);
    const clause = tried.finalizer!.parent!;
    const [opening, closing] = [tried.node, clause].map((it) => it.allChildren.find((child) => child.token === ":"));
    if (!opening || !closing) return undefined;
    const unit = indentUnit(tried.node, facts);
    const base = self === undefined ? "" : indentOf(def!.node);
    const first: Span = {
      tree,
      start: setup[0]!.start,
      end: setup[0]!.start + tree.text.slice(setup[0]!.start, tried.node.start).trimEnd().length,
    };
    const inFinally = closing.end + 1 + tree.text.slice(closing.end).search(/\n/);
    const last: Span = {
      tree,
      start: inFinally + /^[ \t]*/.exec(tree.text.slice(inFinally))![0].length,
      end: tried.node.end,
    };
    const text = [
      `@${manager.name}`,
      `${base}def ${name}(${[...(self === undefined ? [] : [self]), ...parameters].join(", ")}):`,
      `${base}${unit}${reindented(first, base + unit)}`,
      `${base}${unit}try:`,
      `${base}${unit}${unit}yield${given.length > 0 ? ` ${given.join(", ")}` : ""}`,
      `${base}${unit}finally:`,
      `${base}${unit}${unit}${reindented(last, base + unit + unit)}`,
    ].join("\n");
    const bound = given.length === 0 ? "" : given.length === 1 ? ` as ${given[0]!}` : ` as (${given.join(", ")})`;
    const header = `with ${self === undefined ? "" : `${self}.`}${name}(${parameters.join(", ")})${bound}`;
    const bodyEnd = tree.text.lastIndexOf("\n", clause.start);
    const definition =
      self === undefined ? definitionAbove(top, text, facts, manager.edits) : methodAbove(def!.outer, text);
    return {
      edits: [
        ...manager.edits,
        definition,
        replace({ tree, start: first.start, end: opening.start }, header),
        remove({ tree, start: tree.text[bodyEnd - 1] === "\r" ? bodyEnd - 1 : bodyEnd, end: tried.node.end }),
      ],
    };
  },
});

/** What a function of its own could not do for the code around it. */
const LEAVES: readonly Node["kind"][] = [
  "return_statement",
  "break_statement",
  "continue_statement",
  "yield",
  "await",
  "global_statement",
  "nonlocal_statement",
  "function_definition",
  "class_definition",
  "named_expression",
];

/** From the statement that gives the `finally` its names, or the one that does to an object what the `finally` takes back. */
function setupOf(tried: Try, facts: Facts): readonly Node[] {
  const used = tried
    .finalizer!.descendants("identifier")
    .flatMap((it) => facts.writesOf(it))
    .map((it) => statementOf(it.name));
  const before: Node[] = [];
  for (let at = previousStatement(tried.node); at && before.length < FARTHEST; at = previousStatement(at))
    before.unshift(at);
  const first = before.findIndex((it) => it.kind === "expression_statement" && used.includes(it));
  if (first >= 0) return before.slice(first);
  const object = asMethodCall(before.at(-1) && expressionOf(before.at(-1)!))?.object.text;
  const undoes = statementsOf(tried.finalizer!).some((it) => asMethodCall(expressionOf(it))?.object.text === object);
  return object !== undefined && undoes ? before.slice(-1) : [];
}

/** What the manager needs and gives; undefined where the code inside and the code around it share more than that. */
function namesOf(
  setup: readonly Node[],
  tried: Try,
  facts: Facts,
): { readonly parameters: readonly string[]; readonly given: readonly string[] } | undefined {
  const parameters = new Set<string>();
  const given = new Set<string>();
  const within = (it: Node, parts: readonly Node[]) =>
    parts.some((part) => it.tree === part.tree && it.start >= part.start && it.end <= part.end);
  const inside = [...setup, tried.finalizer!];
  const seen = new Set<string>();
  for (const node of inside.flatMap((it) => it.descendants("identifier"))) {
    if (["super", "__class__", "locals", "vars"].includes(node.text)) return undefined;
    const binding: Binding | undefined = facts.bindingOf(node);
    if (
      !binding ||
      seen.has(node.text) ||
      within(binding.scope.node, inside) ||
      (node.fieldName === "name" && node.parent?.kind === "keyword_argument")
    )
      continue;
    seen.add(node.text);
    const inSetup = binding.sites.filter((it) => within(it.name, setup));
    const inFinally = binding.sites.filter((it) => within(it.name, [tried.finalizer!]));
    const outside = binding.sites.filter((it) => !within(it.name, inside));
    const reads = binding.reads.filter((it) => !within(it, inside));
    if (
      binding.scope.kind === "class" ||
      ((inSetup.length > 0 || inFinally.length > 0) && (outside.length > 0 || binding.sites.some((it) => it.isRemote)))
    )
      return undefined;
    if (inSetup.length > 0) {
      if (reads.length > 0 && inFinally.length > 0) return undefined;
      if (reads.length > 0) given.add(node.text);
    } else if (inFinally.length > 0) {
      if (reads.length > 0) return undefined;
    } else if (binding.scope.kind !== "module") {
      const isReadLast = binding.reads.some((it) => within(it, [tried.finalizer!]));
      if (isReadLast && outside.some((it) => within(it.name, [tried.body]) || it.isRemote)) return undefined;
      parameters.add(node.text);
    }
  }
  return { parameters: [...parameters], given: [...given] };
}

/** What stands behind a statement on its last line. */
function behind(node: Node): string {
  const next = nextStatement(node);
  return /^[^\n]*/.exec(node.tree.text.slice(node.end, next?.start))![0];
}

/** In characters: comments further above stay where they are. */
const FARTHEST_COMMENT = 4_000;

/** A method above another and the comments that belong to it. */
function methodAbove(outer: Node, text: string): Edit {
  const { text: all } = outer.tree;
  const line = outer.start - indentOf(outer).length;
  const comments = linesAtEnd(all.slice(Math.max(0, line - FARTHEST_COMMENT), line), (it) => /^\s*#/.test(it));
  const start = line - comments.length;
  return insertBefore({ tree: outer.tree, start, end: start }, `${indentOf(outer)}${text}\n\n`);
}
