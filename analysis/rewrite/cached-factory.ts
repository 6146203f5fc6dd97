/** What a function builds for itself, built once instead by a cached function above it. */

import { hasComments, insertBefore, replace } from "../rule/edits.js";
import { importModule, importName } from "../rule/importing.js";
import { declined, fixOf, type Declined, type Edit, type File, type Fix } from "../rule/rule.js";
import { lastIdentifier } from "../text/identifiers.js";
import { unwrap, type Call } from "../syntax/expressions.js";
import {
  asAssignment,
  asFunction,
  expressionOf,
  functionAround,
  indentOf,
  statementOf,
  statementsOf,
  type FunctionDef,
} from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { definitionAbove, importEdits, topStatement } from "./placing.js";
import { indentUnit } from "./with-block.js";

/** In a function, or to what somebody types in: each user may bring another key. */
const SETS_ENVIRONMENT =
  /^[ \t]+(?:os\.)?environ\[[^\]\n]{1,80}\] ?=(?!=)|\benviron\[[^\]\n]{1,80}\] ?= ?(?:st\.|input\(|request|\w*(?:key|token)\b)/m;

/** `client = OpenAI()` becomes `client = make_client()`, with a cached `make_client` above the statement of the top level. */
export function cachedFactory(
  call: Call,
  verb: "make" | "load",
  doubts: readonly (string | false | undefined)[],
  file: File,
): Fix | Declined {
  const { facts } = file;
  const { node, callee } = call;
  const statement = statementOf(node);
  const [header] = [node.ancestor("with_item")];
  if (header && statement.kind === "with_statement") return declined("the with block closes it at its end");
  if (hasComments(node)) return declined("a comment would be lost");
  if (facts.fileMatches(SETS_ENVIRONMENT))
    return declined("the file sets the environment while it runs, and what is made may take its key from there");
  const isOfModule = [callee, call.argumentList]
    .flatMap((it) => [...(it.kind === "identifier" ? [it] : []), ...it.descendants("identifier")])
    .every((it) => {
      if (it.fieldName === "attribute") return true;
      if (it.parent?.kind === "keyword_argument" && it.parent.start === it.start) return true;
      const binding = facts.bindingOf(it);
      return binding ? binding.scope.kind === "module" : facts.isBuiltin(it.text, it);
    });
  if (!isOfModule) return declined("it is made of names that the function binds");
  const assignment = asAssignment(statement);
  const target = assignment?.value && unwrap(assignment.value) === node ? assignment.targets[0] : undefined;
  if (target && facts.memo("what is closed", node.tree, () => closedIn(node.tree.text)).has(target.text))
    return declined("it is closed after its use");
  const word = target?.kind === "identifier" ? target.text : snake(lastIdentifier(callee.text) || "client");
  const name = facts.freshName(`${verb}_${word.replace(/^(?:load|make|get|create)_/, "")}`, node);
  const top = topStatement(node, facts);
  const decorator = decoratorFor(node, file);
  if (!decorator) return declined("a name that the decorator needs is taken");
  const own = makesNothingElse(node, statement);
  if (own)
    return fixOf(`Keep what ${own.name}() builds`.slice(0, 60), doubts, [
      ...importEdits(decorator),
      insertBefore(own.node, `@${decorator.text}\n${indentOf(own.node)}`),
    ]);
  const unit = indentUnit(statement, facts);
  const lines = node.text.replaceAll(`\n${indentOf(statement)}`, `\n${unit}`);
  const annotation = /(?:^|\.)[A-Z]\w*$/.test(callee.text) ? ` -> ${callee.text}` : "";
  const text = `@${decorator.text}\ndef ${name}()${annotation}:\n${unit}return ${lines}`;
  return fixOf(`Build it once in ${name}()`.slice(0, 60), doubts, [
    ...importEdits(decorator),
    definitionAbove(top, text, facts, decorator.edits),
    replace(node, `${name}()`),
  ]);
}

/** The function that does nothing but give back what the call builds, and could be cached itself. */
function makesNothingElse(node: Node, statement: Node): FunctionDef | undefined {
  const def = statement.kind === "return_statement" ? asFunction(functionAround(node)) : undefined;
  if (!def || def.isAsync || def.parameters.length > 0 || def.decorators.length > 0) return undefined;
  const [first, more] = statementsOf(def.body).filter((it) => expressionOf(it)?.kind !== "string");
  return first === statement && !more && unwrap(statement.children[0] ?? statement) === node ? def : undefined;
}

/** The names before `.close(`, and the ends of longer ones: of `self.client.close()` it is `self.client` and `client`. */
function closedIn(text: string): ReadonlySet<string> {
  const closed = new Set<string>();
  for (const [, path] of text.matchAll(/(?<![\w.])([\w.]+)\.close\(/g)) {
    const parts = path!.split(".");
    for (let from = 0; from < parts.length; from++) closed.add(parts.slice(from).join("."));
  }
  return closed;
}

/** What a page defines is gone when it runs again: Streamlit has a cache of its own. */
function decoratorFor(node: Node, file: File): { readonly text: string; readonly edits: readonly Edit[] } | undefined {
  const { facts } = file;
  if (facts.view.imports("streamlit") && !functionAround(node)) {
    const streamlit = importModule(file, "streamlit", node);
    return streamlit && { text: `${streamlit.name}.cache_resource`, edits: streamlit.edits };
  }
  const cache = facts.hasPython("3.9") ? "cache" : "lru_cache";
  const imported = importName(file, "functools", cache, node);
  return (
    imported && { text: cache === "cache" ? imported.name : `${imported.name}(maxsize=None)`, edits: imported.edits }
  );
}

const snake = (name: string): string => name.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
