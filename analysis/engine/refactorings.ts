/** Finds the refactorings that apply at a selection: by the nodes around it, the innermost first. */

import type { Proposal, Refactoring } from "../rule/refactoring.js";
import type { File } from "../rule/rule.js";
import type { Modules } from "../semantics/name-index.js";
import { isAtLeast } from "../semantics/python-version.js";
import type { Node, Span } from "../syntax/tree.js";
import { guarded } from "./run-rule.js";
import type { RuleFailure } from "./report.js";

export interface Proposed {
  readonly refactoring: Refactoring;
  readonly proposal: Proposal;
  readonly title: string;
}

export function proposalsAt(
  refactorings: readonly Refactoring[],
  selection: Span,
  imports: Modules,
  file: File,
  failures: RuleFailure[],
): readonly Proposed[] {
  const around = nodesAround(selection);
  return refactorings.flatMap((refactoring): readonly Proposed[] => {
    if (!isAwake(refactoring, imports, file)) return [];
    for (const node of around) {
      if (!refactoring.on.includes(node.kind) || (refactoring.reach === "head" && !touchesHead(node, selection)))
        continue;
      const proposed = guarded(refactoring, failures, () => {
        const proposal = refactoring.propose(node, selection, file);
        return proposal && { refactoring, proposal, title: proposal.offer(file) };
      });
      if (proposed) return [proposed];
    }
    return [];
  });
}

function isAwake({ imports: wanted, python }: Refactoring, imports: Modules, { facts }: File): boolean {
  return (!python || isAtLeast(facts.python, python)) && (wanted.length === 0 || wanted.some((it) => imports.has(it)));
}

/** Named nodes that hold the whole selection, the innermost first; a cursor at the end of a node is still in it. */
function nodesAround({ tree, start, end }: Span): readonly Node[] {
  const { starts, ends, nexts } = tree.arrays;
  const found: Node[] = [];
  for (let id = 0; id < tree.size; ) {
    const holds = starts[id]! <= start && end <= ends[id]!;
    if (holds && tree.node(id).isNamed) found.push(tree.node(id));
    id = holds || id === 0 ? id + 1 : nexts[id]!;
  }
  return found.reverse();
}

/** The decorators of a definition belong to its head; of a statement without a body everything does. */
function touchesHead(node: Node, { start }: Span): boolean {
  const outer = node.parent?.kind === "decorated_definition" ? node.parent : node;
  const body = node.field("body") ?? node.field("consequence") ?? node.children.find((it) => it.kind === "block");
  return outer.start <= start && (!body || start < body.start);
}
