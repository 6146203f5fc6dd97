/** `np.meshgrid` whose tables are only combined element by element, so that rows and columns would do. */

import {
  asAssignment,
  asCall,
  asSubscript,
  declined,
  defineRule,
  elementwiseAround,
  excerpt,
  fixOf,
  hasComments,
  isCompiled,
  isConstant,
  isElementwise,
  isNumber,
  replace,
  statementOf,
  unwrap,
  withArgument,
  wrapped,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Full coordinate tables that are only combined",
  why: "meshgrid copies each axis into a table as large as the result, and everything that is worked out of one axis is worked out again for every cell. With sparse=True there is one row and one column, and NumPy stretches them where they meet.",
  guide: "numpy",
  level: "info",
  gain: "time",
  imports: ["numpy"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def bump(xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    x, y = np.meshgrid(xs, ys)
    return np.exp(-(x**2 + y**2))
`,
      after: `
import numpy as np

def bump(xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    x, y = np.meshgrid(xs, ys, sparse=True)
    return np.exp(-(x**2 + y**2))
`,
    },
  ],

  on: ["call", "subscript"],

  find(node, { facts }) {
    const grid = gridOf(node, facts);
    if (!grid || facts.isTest || isCompiled(node, facts)) return undefined;
    const around = facts.weightOf(node);
    const names = namesOf(node);
    if (!names || names.length < 2) return undefined;
    const reads = names.map((it) => facts.readsSeeing(it));
    if (reads.some((it) => it.length === 0) || names.some((it) => facts.isRemote(it))) return undefined;
    const combined = new Combined(names, facts);
    if (!reads.flat().every((it) => combined.isWhole(it))) return undefined;
    return { at: grid.at, construct: node, weight: around, grid, names, strangers: combined.strangers };
  },

  message: ({ grid, names }) => {
    const shown = names.map((it) => `\`${excerpt(it.text, 20)}\``);
    const better = grid.kind === "call" ? "`sparse=True`" : "`np.ogrid`";
    return `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)} are full tables and only combined with each other; with ${better} a row and a column do.`;
  },

  fix({ grid, strangers }) {
    if (hasComments(grid.node)) return declined("a comment would be lost");
    const call = asCall(grid.node);
    const edit = call ? withArgument(call, "sparse=True") : replace(grid.at, grid.at.text.replace(/mgrid$/, "ogrid"));
    if (!edit) return declined("the arguments cannot be added to");
    const [stranger] = strangers;
    return fixOf(
      call ? "Make a row and a column" : "Use ogrid",
      [
        "what is worked out must not be written to before they meet",
        !call && "an axis of negative length gives nothing, where mgrid raises an error",
        stranger !== undefined && `\`${excerpt(stranger, 30)}\` must be a number or an array`,
      ],
      [edit],
    );
  },
});

interface Grid {
  readonly kind: "call" | "subscript";
  readonly node: Node;
  readonly at: Node;
}

/** `np.meshgrid(x, y)`, `np.mgrid[a, b]`. */
function gridOf(node: Node, facts: Facts): Grid | undefined {
  const part = asSubscript(node);
  if (part)
    return part.value.text.endsWith("mgrid") && part.indices.length > 1 && facts.nameOf(part.value) === "numpy.mgrid"
      ? { kind: "subscript", node, at: part.value }
      : undefined;
  const call = asCall(node);
  if (!call || !call.callee.text.endsWith("meshgrid") || call.hasSplat || call.args.length < 2) return undefined;
  if (call.keywords.has("sparse") || call.keywords.has("copy")) return undefined;
  return facts.nameOf(call.callee) === "numpy.meshgrid" ? { kind: "call", node, at: call.callee } : undefined;
}

/** `x, y = …`. */
function namesOf(node: Node): readonly Node[] | undefined {
  const assignment = wrapped(node).parent?.kind === "assignment" ? asAssignment(statementOf(node)) : undefined;
  const [target, more] = assignment?.targets ?? [];
  const isList = target && ["pattern_list", "tuple_pattern", "list_pattern"].includes(target.kind);
  const parts = isList && !more ? target.children : [];
  return parts.length > 0 && parts.every((it) => it.kind === "identifier") ? parts : undefined;
}

const DEPTH = 5;

/** Whether the tables meet wherever one of them is used. */
class Combined {
  readonly strangers: string[] = [];
  private readonly wanted: number;

  constructor(
    private readonly names: readonly Node[],
    private readonly facts: Facts,
  ) {
    this.wanted = names.length;
  }

  /** The read is part of an elementwise expression in which all tables meet, at once or by way of names. */
  isWhole(read: Node, depth = DEPTH): boolean {
    const { facts } = this;
    if (depth === 0) return false;
    const { top, operands } = elementwiseAround(read, facts);
    if (top === wrapped(read) && unwrap(top).kind === "identifier" && !isAssigned(top)) return false;
    if (this.axesIn(top).size === this.wanted) {
      for (const it of operands) this.note(it);
      return true;
    }
    if (!isAssigned(top)) return false;
    const [target, more] = asAssignment(statementOf(top))?.targets ?? [];
    if (target?.kind !== "identifier" || more || facts.isRemote(target)) return false;
    const reads = facts.readsSeeing(target);
    return reads.length > 0 && reads.every((it) => this.isWhole(it, depth - 1));
  }

  /** The tables that an expression is made of, by their number. */
  private axesIn(expression: Node, depth = DEPTH): ReadonlySet<number> {
    const found = new Set<number>();
    const names = [expression, ...expression.descendants("identifier")].filter((it) => it.kind === "identifier");
    for (const it of names) {
      const site = this.facts.reachingSites(it);
      const number = this.names.findIndex((name) => site.length === 1 && site[0]!.name === name);
      if (number >= 0) found.add(number);
      else if (
        site.length === 1 &&
        site[0]!.kind === "assign" &&
        site[0]!.path.length === 0 &&
        site[0]!.value &&
        depth > 0
      )
        for (const more of this.ofValue(site[0]!.value, depth)) found.add(more);
    }
    return found;
  }

  /** Of a name for a part: only where that part is elementwise all the way. */
  private ofValue(value: Node, depth: number): ReadonlySet<number> {
    const isPlain = value.start > this.names[0]!.start && isElementwise(value, this.facts);
    return isPlain ? this.axesIn(value, depth - 1) : new Set();
  }

  private note(operand: Node): void {
    const type = this.facts.typeOf(operand);
    const isKnown = isConstant(operand) || isNumber(type) || type?.name === "numpy.ndarray";
    if (!isKnown && this.axesIn(operand).size === 0) this.strangers.push(operand.text);
  }
}

const isAssigned = (top: Node): boolean =>
  top.parent?.kind === "assignment" && statementOf(top).children[0] === top.parent;
