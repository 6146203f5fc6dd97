/** The logger of a module: the one that is there, or a new one below the imports. */

import { replace } from "../rule/edits.js";
import { belowImports, importModule } from "../rule/importing.js";
import type { Edit, File } from "../rule/rule.js";
import { indexOf } from "../semantics/document.js";
import { pieceOf } from "../semantics/piece.js";
import { asCall } from "../syntax/expressions.js";
import { asAssignment } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

/** The name of the logger of a module, with the edits that make it. */
export interface ModuleLogger {
  readonly name: string;
  /** Empty if the logger is there already. */
  readonly edits: readonly Edit[];
}

const USUAL = ["logger", "log", "_logger", "_log", "LOGGER", "LOG"];

/** For all places at once. Undefined where a name means something else, or the logger would be made after it is needed. */
export function moduleLogger(file: File, places: readonly Node[]): ModuleLogger | undefined {
  const { facts } = file;
  for (const name of USUAL) {
    const [site, more] = facts.view.sitesOf(name);
    const call = site && !more && asAssignment(site.owner)?.targets.length === 1 ? asCall(site.value) : undefined;
    if (
      !site ||
      !call ||
      site.isRemote ||
      facts.nameOf(call.callee) !== "logging.getLogger" ||
      site.owner.ancestor("block")
    )
      continue;
    const isSeen = places.every(
      (it) => !isShadowed(name, it, file) && (isInFunction(it) || comesBefore(site.owner, it, file)),
    );
    return isSeen ? { name, edits: [] } : undefined;
  }
  const name = USUAL[0]!;
  const [first] = places;
  if (!first || places.some((it) => facts.isTaken(name, it))) return undefined;
  const imported = importModule(file, "logging", first);
  if (!imported || places.some((it) => isShadowed(imported.name, it, file))) return undefined;
  const line = `${name} = ${imported.name}.getLogger(__name__)`;
  const [edit] = imported.edits;
  if (edit) {
    const below = belowImports(file, line);
    if (below.text.startsWith("\n")) return { name, edits: [edit, below] };
    // In front of everything else the import brings its own empty line.
    const text = `${edit.text.trimEnd()}\n\n${line}\n${edit.text.endsWith("\n\n") ? "\n" : ""}`;
    return { name, edits: [{ at: edit.at, text }] };
  }
  const [site] = facts.view.sitesOf(imported.name);
  if (!site) return undefined;
  const anchor = lastImport(site.owner);
  if (places.some((it) => !isInFunction(it) && !comesBefore(anchor, it, file))) return undefined;
  const { text } = anchor.tree;
  const newline = text.indexOf("\n", anchor.end);
  const end = newline < 0 ? text.length : text[newline - 1] === "\r" ? newline - 1 : newline;
  return { name, edits: [replace({ tree: anchor.tree, start: end, end }, `\n\n${line}`)] };
}

/** The last of the imports that stand together with this one. */
function lastImport(statement: Node): Node {
  const siblings = statement.parent?.children ?? [];
  let last = statement;
  for (const sibling of siblings.slice(siblings.indexOf(statement) + 1)) {
    if (!/^(future_)?import_/.test(sibling.kind)) break;
    last = sibling;
  }
  return last;
}

function isShadowed(name: string, place: Node, { facts }: File): boolean {
  for (let scope: ReturnType<typeof facts.scopeOf> | undefined = facts.scopeOf(place); scope; scope = scope.parent) {
    if ((scope.kind === "function" || scope.kind === "class") && scope.bindings.has(name)) return true;
  }
  return false;
}

function isInFunction(place: Node): boolean {
  return place.ancestor("function_definition") !== undefined;
}

function comesBefore(first: Node, second: Node, { facts }: File): boolean {
  const { document } = facts.view;
  return first.tree === second.tree
    ? first.end <= second.start
    : indexOf(document, pieceOf(first.tree)) < indexOf(document, pieceOf(second.tree));
}
