/** Text that a loop makes longer with `+=`, turn by turn. */

import {
  asAssignment, asAugmented, asBinary, asFor, between, comprehension, defineRule, functionAround, gatheringOf, insertAfter, insteadOfLoop, isCompiled, isComprehensible, lineBelow, previousStatement, replace, statementOf, statementsOf, textValue, turnsOften, unwrap,
  type Edit, type Facts, type Fix, type Node, type Site, type Span,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Text built by adding to it in a loop",
  why: "A str cannot grow: adding to it makes a new one, and all that was written so far is copied, so the work grows with the square of the length. From 3.11 on CPython skips the copy for a plain local variable alone: not for attributes and globals, not for variables that a nested function shares, and not where several parts are added one after the other. join copies each part once.",
  guide: "code-level",
  level: "warning",
  gain: "complexity",
  overlaps: ["R1713"],
  fixes: "safe",

  examples: [
    {
      before: `
def render(table: list[list[str]]) -> str:
    text = ""
    for row in table:
        for cell in row:
            text = text + cell + ","
    return text
`,
      after: `
def render(table: list[list[str]]) -> str:
    text = "".join([cell + "," for row in table for cell in row])
    return text
`,
    },
    {
      before: `
def escaped(name: str) -> str:
    text = "'"
    for sign in name:
        if sign in "'\\\\":
            text = text + "\\\\" + sign
        else:
            text += sign
    return text + "'"
`,
      after: `
def escaped(name: str) -> str:
    parts = ["'"]
    for sign in name:
        if sign in "'\\\\":
            parts.append("\\\\" + sign)
        else:
            parts.append(sign)
    text = "".join(parts)
    return text + "'"
`,
    },
  ],

  on: ["assignment", "augmented_assignment"],

  find(node, { facts }) {
    const growth = growthOf(node);
    const loops = growth ? facts.loopsAround(node) : [];
    const loop = loops.at(-1);
    if (!growth || !loop || loops.some((it) => it.kind !== "for_statement" && it.kind !== "while_statement")) return undefined;
    if (!turnsOften(loops, facts) || !isText(growth.target, loop, facts)) return undefined;
    const growths = growthsIn(loop, growth.target, facts);
    const [first, ...others] = growths?.filter((it) => isCopied(it, facts)) ?? [];
    if (!growths || first?.statement !== node || isCompiled(node, facts)) return undefined;
    return { at: growth.at, construct: loop, related: others.map((it) => ({ at: it.at, message: "It grows here too." })), growths, loop, target: growth.target };
  },

  message: ({ target }) => `Each turn copies all of \`${target.text}\` so far; collect the parts in a list and join them once.`,

  fix({ growths, loop, target }, { facts }) {
    if (target.kind !== "identifier") return asOneAddition(growths, loop, target, facts);
    const start = startOf(target, loop, facts);
    const first = start && statementOf(start.owner);
    if (!start || !first?.parent || facts.scopeOf(loop).kind === "class" || !loop.isInside(first.parent) || facts.isObserved(target, loop)) return undefined;
    return asOneExpression(start, growths, loop, facts) ?? asParts(start, first.parent, loop, target, facts);
  },
});

interface Growth {
  readonly statement: Node;
  readonly target: Node;
  readonly at: Span;
  /** What is added, in order. */
  readonly parts: readonly [Node, ...Node[]];
}

/** `text += part` or `text = text + part`. */
function growthOf(node: Node): Growth | undefined {
  const augmented = asAugmented(node);
  const assignment = asAssignment(node);
  if (augmented ? augmented.operator !== "+=" : assignment?.value?.kind !== "binary_operator") return undefined;
  const target = augmented?.target ?? (assignment?.targets.length === 1 && !assignment.annotation ? assignment.targets[0] : undefined);
  if (!target || node.parent?.kind !== "expression_statement" || (target.kind !== "identifier" && !/^self\.\w+$/.test(target.text))) return undefined;
  if (augmented) return { statement: node, target, at: between(target, node.field("operator")!), parts: [augmented.value] };
  const parts: Node[] = [];
  let left = assignment?.value;
  for (let sum = asBinary(left); sum?.operator === "+"; sum = asBinary(left)) {
    parts.unshift(sum.right);
    left = sum.left;
  }
  const [first, ...rest] = parts;
  return first && left && left.text === target.text ? { statement: node, target, at: left, parts: [first, ...rest] } : undefined;
}

/** CPython grows text in place where a plain local variable takes the sum of itself and one part, nowhere else. */
function isCopied({ target, parts }: Growth, facts: Facts): boolean {
  if (target.kind !== "identifier" || parts.length > 1) return true;
  const own = facts.bindingOf(target);
  return own !== undefined && (own.scope.kind !== "function" || [...own.reads, ...own.sites.map((it) => it.name)].some((it) => functionAround(it) !== functionAround(target)));
}

/** What the name stood for before it grew is text, whatever is added. */
function isText(target: Node, loop: Node, facts: Facts): boolean {
  if (target.kind !== "identifier") return facts.typeOf(target)?.name === "str";
  const starts = facts.writesOf(target).filter((it) => !growthOf(it.owner) && !(it.name.tree === loop.tree && it.name.start > loop.end));
  return starts.length > 0 && starts.every((it) => it.path.length === 0 && it.kind === "assign" && it.value !== undefined && facts.typeOf(it.value)?.name === "str");
}

/** Every place in a statement where the text grows; undefined if it is read there, or set anew. */
function growthsIn(loop: Node, target: Node, facts: Facts): readonly Growth[] | undefined {
  const growths = loop.descendants("assignment", "augmented_assignment").flatMap((it) => {
    const growth = growthOf(it);
    return growth?.target.text === target.text ? [growth] : [];
  });
  const isOwn = (read: Node) => growths.some((it) => it.target === read || it.at === read);
  const reads = target.kind === "identifier" ? facts.readsOf(target).filter((it) => it.isInside(loop)) : loop.descendants("attribute").filter((it) => it.text === target.text);
  const isReset = target.kind === "identifier" && facts.writesOf(target).some((it) => it.name.isInside(loop) && !growths.some((growth) => growth.target === it.name));
  return !isReset && reads.every(isOwn) ? growths : undefined;
}

/** The assignment from which the text grows, before the loop. */
function startOf(target: Node, loop: Node, facts: Facts): Site | undefined {
  const before = facts.writesOf(target).filter((it) => it.name.tree === loop.tree && it.name.start < loop.start && !growthOf(it.owner));
  const start = before.at(-1);
  return start?.kind === "assign" && asAssignment(start.owner)?.targets.length === 1 && start.owner.parent?.kind === "expression_statement" ? start : undefined;
}

/** The loop does nothing else: the text is one `join` over a comprehension. */
function asOneExpression(start: Site, [growth, more]: readonly Growth[], loop: Node, facts: Facts): Fix | undefined {
  const plain = asFor(loop);
  const gathering = plain && !plain.isAsync ? gatheringOf(plain) : undefined;
  if (!gathering || !growth || more || gathering.statement !== statementOf(growth.statement) || textValue(start.value) !== "") return undefined;
  if (previousStatement(loop) !== statementOf(start.owner) || !isComprehensible(gathering, facts)) return undefined;
  const head = start.owner.tree.text.slice(start.owner.start, start.value!.start);
  const list = comprehension(gathering, elementOf(growth), `${head}"".join()`);
  const edits = list === undefined ? undefined : insteadOfLoop(statementOf(start.owner), start.value!, loop, `"".join(${list})`);
  return edits && fixOf(edits, [growth], facts);
}

/** The loop does nothing but add to an attribute: one addition of all the parts. */
function asOneAddition([growth, more]: readonly Growth[], loop: Node, target: Node, facts: Facts): Fix | undefined {
  const plain = asFor(loop);
  const gathering = plain && !plain.isAsync && !plain.orElse ? gatheringOf(plain) : undefined;
  if (!gathering || !growth || more || gathering.statement !== statementOf(growth.statement) || !isComprehensible(gathering, facts) || facts.unknownCallsIn(loop).length > 0) return undefined;
  const head = `${target.text} += "".join(`;
  const list = comprehension(gathering, elementOf(growth), `${head})`);
  return list === undefined ? undefined : { title: `Join the parts once (review: \`${target.text}\` is set once, and not at all where a part fails)`, safety: "review", edits: [replace(loop, `${head}${list})`)] };
}

function elementOf({ parts }: Growth): Span {
  const [first, last] = [parts[0], parts.at(-1)!];
  return first === last ? unwrap(first) : { tree: first.tree, start: first.start, end: last.end };
}

/** From the start to the last place where it grows before anyone reads it, the text is a list of parts. */
function asParts(start: Site, block: Node, loop: Node, target: Node, facts: Facts): Fix | undefined {
  const growths: Growth[] = [];
  let end: Node | undefined;
  for (const statement of statementsOf(block).filter((it) => it.start > start.owner.end)) {
    const here = growthsIn(statement, target, facts);
    if (!here) break;
    if (here.length > 0) end = statement;
    growths.push(...here);
  }
  if (!end || loop.start > end.end || growths.some((it) => it.parts.some((part) => part.kind === "yield"))) return undefined;
  const parts = facts.freshName("parts", loop);
  const first = textValue(start.value) === "" ? "" : start.value!.text;
  const annotation = start.annotation ? `: list[${start.annotation.text}]` : "";
  const edits = [
    replace(start.owner, `${parts}${annotation} = [${first}]`),
    ...growths.flatMap(({ statement, parts: [added, ...rest] }) => {
      const isWrapped = rest.length === 0 && added.kind === "parenthesized_expression";
      const head = replace({ tree: loop.tree, start: statement.start, end: added.start }, `${parts}.append${isWrapped ? "" : "("}`);
      return isWrapped ? [head] : [head, insertAfter(rest.at(-1) ?? added, ")")];
    }),
    lineBelow(end, `${target.text} = "".join(${parts})`),
  ];
  return fixOf(edits, growths, facts);
}

function fixOf(edits: readonly Edit[], growths: readonly Growth[], facts: Facts): Fix {
  const isSafe = growths.every((it) => it.parts.every((part) => facts.typeOf(part)?.name === "str"));
  return isSafe ? { title: "Join the parts once", safety: "safe", edits } : { title: "Join the parts once (review: a part that is no str fails later)", safety: "review", edits };
}
