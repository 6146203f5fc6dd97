/** Text that a loop makes longer with `+=`, turn by turn. */

import {
  type Tree,
  type Binding,
  asAssignment,
  asAugmented,
  asBinary,
  asCall,
  asFor,
  asSubscript,
  between,
  comprehension,
  declined,
  defineRule,
  fileQuestion,
  fixOf,
  functionAround,
  gatheringDoubts,
  gatheringOf,
  hasComments,
  insertAfter,
  insteadOfLoop,
  isConstant,
  isCompiled,
  isComprehensible,
  lineBelow,
  ownCodeDoubt,
  previousStatement,
  returnBehind,
  replace,
  statementOf,
  statementsOf,
  textValue,
  unwrap,
  weakest,
  type Edit,
  type Evidence,
  type Facts,
  type Gathering,
  type Fix,
  type Node,
  type Site,
  type Span,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Text built by adding to it in a loop",
  why: "A str cannot grow: adding to it creates a new one and copies everything written so far, so the work grows with the square of the length. From 3.11 on, CPython skips the copy only for a plain local variable: not for attributes, items of a dict and globals, not for variables that a nested function shares, and not where several parts are added one after the other. join copies each part once. Bytes are copied in all these places.",
  guide: "code-level",
  level: "warning",
  gain: "complexity",
  overlaps: ["R1713"],
  unlike: "what CPython grows in place is a hint, and attributes, globals and texts in a dict are more",
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
    return "".join([cell + "," for row in table for cell in row])
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
  values: { assignment: ["binary_operator"] },
  within: "loop",

  find(node, { facts }) {
    const growth = growthOf(node);
    const loops = growth ? facts.loopsAround(node) : [];
    if (!growth || loops.some((it) => it.kind !== "for_statement" && it.kind !== "while_statement")) return undefined;
    const { target } = growth;
    const loop = loops.findLast((it) => isOneText(target, it, facts));
    if (!loop) return undefined;
    const text = facts.memo(`text that grows: ${target.text}`, loop, () => textEvidence(target, loop, "str", facts));
    const evidence =
      text ??
      facts.memo(`bytes that grow: ${target.text}`, loop, () =>
        target.kind === "subscript" || !facts.ofFile(HAS_BYTES)
          ? undefined
          : textEvidence(target, loop, "bytes", facts),
      );
    if (!evidence) return undefined;
    const isBytes = text === undefined;
    const size = facts.isTest ? "light" : sizeOf(node, target, loop, loops, facts);
    if (size === "light") return undefined;
    // Thousands of lines may add to one text: they are looked at together, once.
    const { growths, copied } = facts.memo(`growths of ${target.text}`, loop, () => {
      const all = growthsIn(loop, target, facts);
      return { growths: all, copied: all?.filter((it) => isCopied(it, isBytes, facts)) ?? [] };
    });
    const isCopying = copied.length > 0;
    const [first, ...others] = isCopying ? copied : (growths ?? []);
    if (!growths || first?.statement !== node || isCompiled(node, facts)) return undefined;
    if (isOneConstant(growths)) return undefined;
    if (!isCopying && loop.descendants("await").length > 0) return undefined;
    return {
      at: growth.at,
      construct: loop,
      related: others.map((it) => ({ at: it.at, message: "The text grows here too." })),
      evidence,
      weight: isCopying ? WEIGHTS[size] : ("light" as const),
      isCopying,
      isBytes,
      isUnknown: size !== "heavy",
      growths,
      loop,
      target: growth.target,
    };
  },

  message: ({ target, isCopying, isUnknown }) =>
    isCopying
      ? `Each iteration copies all of \`${target.text}\` so far${isUnknown ? ", which matters if there are many" : ""}; collect the parts in a list and join them once.`
      : `Only CPython grows \`${target.text}\` in place, and only while nothing else holds it; joining a list of parts never copies.`,

  fix({ growths, loop, target, isBytes }, { facts }) {
    if (isBytes) return declined("a `bytearray` that grows in place may suit this better than a list of parts");
    if (target.kind === "subscript")
      return declined("other code may read the text in its container while the loop runs");
    if (target.kind !== "identifier")
      return (
        asOneAddition(growths, loop, target, facts) ?? declined("other code may read the attribute while the loop runs")
      );
    const start = startOf(target, loop, facts);
    const first = start && statementOf(start.owner);
    if (!start || !first?.parent || !loop.isInside(first.parent))
      return declined(`\`${target.text}\` does not start in the block of the loop`);
    if (facts.scopeOf(loop).kind === "class" || facts.isObserved(target, loop))
      return declined(`other code may read \`${target.text}\` while the loop runs`);
    return (
      asOneExpression(start, growths, loop, facts) ??
      asParts(start, first.parent, loop, target, facts) ??
      declined(`\`${target.text}\` is read before the loop ends`)
    );
  },
});

const HAS_BYTES = fileQuestion((facts) => facts.fileMatches(/\b[bB]["']|\bbytes\b/));

interface Growth {
  readonly statement: Node;
  readonly target: Node;
  readonly at: Span;
  /** What is added, in order. */
  readonly parts: readonly [Node, ...Node[]];
}

/** A name, an attribute of the own object, or an item of one of these under a name or a constant. */
const GROWING = /^(self\.)?[^\W\d]\w*(\[[\w.'"-]+\])?$/;

/** `text += part` or `text = text + part`. */
function growthOf(node: Node): Growth | undefined {
  const augmented = asAugmented(node);
  const assignment = asAssignment(node);
  // Counters are most of what grows in loops.
  if (augmented?.value.kind === "integer" || augmented?.value.kind === "float") return undefined;
  if (augmented ? augmented.operator !== "+=" : assignment?.value?.kind !== "binary_operator") return undefined;
  const target =
    augmented?.target ??
    (assignment?.targets.length === 1 && !assignment.annotation ? assignment.targets[0] : undefined);
  if (!target || node.parent?.kind !== "expression_statement" || !GROWING.test(target.text)) return undefined;
  if (augmented)
    return { statement: node, target, at: between(target, node.field("operator")!), parts: [augmented.value] };
  const parts: Node[] = [];
  let left = assignment?.value;
  for (let sum = asBinary(left); sum?.operator === "+"; sum = asBinary(left)) {
    parts.unshift(sum.right);
    left = sum.left;
  }
  const [first, ...rest] = parts;
  return first && left && left.text === target.text
    ? { statement: node, target, at: left, parts: [first, ...rest] }
    : undefined;
}

/** CPython grows text, not bytes, in place where a plain local variable takes the sum of itself and one part, nowhere else. */
function isCopied({ target, parts }: Growth, isBytes: boolean, facts: Facts): boolean {
  if (isBytes || target.kind !== "identifier" || parts.length > 1) return true;
  const own = facts.bindingOf(target);
  return (
    own !== undefined &&
    (own.scope.kind !== "function" ||
      facts.memo("is shared by functions", own, () => {
        const home = functionAround(target);
        return [...own.reads, ...own.sites.map((it) => it.name)].some((it) => functionAround(it) !== home);
      }))
  );
}

/** What the name stood for before it grew is text, whatever is added. */
function textEvidence(target: Node, loop: Node, type: "str" | "bytes", facts: Facts): Evidence | undefined {
  const isText = (it: Node) => (facts.isA(it, type, "fair") ? facts.evidenceOf(it) : undefined);
  if (target.kind === "subscript") return heldText(target, facts);
  if (target.kind !== "identifier") return isText(target);
  const binding = facts.bindingOf(target);
  return (
    binding && facts.memo(`where ${type} begins`, binding, () => evidenceOfStarts(binding, loop.tree, isText))(loop.end)
  );
}

/** Whatever else is stored in the container is written text, or it is a `defaultdict(str)`. */
function heldText(target: Node, facts: Facts): Evidence | undefined {
  const container = asSubscript(target)!.value;
  const place = facts.placeOf(container);
  const [first] = place?.writes ?? [];
  if (!place || !first) return undefined;
  return facts.memo("holds text", first.name, () => {
    const made = asCall(facts.valueOf(container));
    if (made && /(^|\.)defaultdict$/.test(made.callee.text) && made.args[0]?.text === "str") return "proof";
    const stored = place.uses.flatMap((it) => {
      const statement = it.kind === "subscript-store" ? statementOf(it.node).children[0] : undefined;
      return statement && !growthOf(statement) ? [asAssignment(statement)?.value] : [];
    });
    return stored.length > 0 && stored.every((it) => it?.kind === "string") ? "strong" : undefined;
  });
}

/** By where a loop ends: the evidence that whatever the name is given before that, or in another piece of the file, is text. */
function evidenceOfStarts(
  { sites }: Binding,
  tree: Tree,
  isText: (value: Node) => Evidence | undefined,
): (end: number) => Evidence | undefined {
  const starts = sites
    .filter((it) => !growthOf(it.owner))
    .map((it) => ({
      from: it.name.tree === tree ? it.name.start : -1,
      evidence: it.path.length === 0 && it.kind === "assign" && it.value ? isText(it.value) : undefined,
    }))
    .toSorted((a, b) => a.from - b.from);
  const upTo: (Evidence | undefined)[] = [];
  for (const [index, { evidence }] of starts.entries())
    upTo.push(index === 0 ? evidence : weakest(upTo[index - 1], evidence));
  return (end) => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle]!.from <= end) low = middle + 1;
      else high = middle;
    }
    return upTo[low - 1];
  };
}

/** Dots of progress and line ends: nobody gathers text that way. Several of them, each for another case, are a translation. */
const isOneConstant = (growths: readonly Growth[]): boolean =>
  growths.every(({ parts }) => parts.every(isConstant)) &&
  new Set(growths.map(({ parts }) => parts[0].text)).size < FEW_CONSTANTS;

const FEW_CONSTANTS = 3;

/** The loop adds to one text: it does not begin it anew, and it is not the item of another key in each turn. */
function isOneText(target: Node, loop: Node, facts: Facts): boolean {
  if (target.kind === "identifier")
    return facts.memo(`one text: ${target.text}`, loop, () =>
      facts.writesOf(target, loop).every((it) => growthOf(it.owner)),
    );
  const index = asSubscript(target)?.indices[0];
  const given = asFor(loop)?.target;
  return ![index, ...(index?.descendants("identifier") ?? [])].some(
    (it) => it?.kind === "identifier" && given && facts.writesOf(it, loop).some((site) => isIn(site.name, given)),
  );
}

const isIn = (node: Node, outer: Node): boolean => node === outer || node.isInside(outer);

/**
 * How much is added to one text. `short`: nobody knows, and such texts are short more often than not, so that this rule
 * reports them as hints: messages, labels, lines of a table.
 */
function sizeOf(
  node: Node,
  target: Node,
  loop: Node,
  loops: readonly Node[],
  facts: Facts,
): keyof typeof WEIGHTS | "light" {
  const size = facts.weightOf(node);
  if (size === "light") return size;
  // What is begun anew in each turn of a loop further out is as long as the loops inside make it.
  const inner = loops.slice(0, loops.indexOf(loop) + 1).map((it) => asFor(it)?.iterable);
  const turns = inner.map((it) => (it ? facts.sizeOf(it) : "unknown"));
  if (loop !== loops.at(-1) && turns.every((it) => it === "light")) return "light";
  // `while True` runs for ever, but no text grows for ever.
  const isLong = turns.includes("heavy") || (inner.length > 1 && inner.every((it) => it !== undefined));
  if (size !== "heavy" || !isLong) return "short";
  return isSpread(target, loop, facts) ? "spread" : "heavy";
}

/** `spread`: a long file goes into texts under several keys. The sequence of a chromosome is copied a million times, that of a protein ten times. */
const WEIGHTS = { heavy: "heavy", spread: "unknown", short: "light" } as const;

/** The loop begins texts under new keys: however long a file is, each of its records may have a few lines. */
function isSpread(target: Node, loop: Node, facts: Facts): boolean {
  const index = asSubscript(target)?.indices[0];
  return index?.kind === "identifier" && facts.writesOf(index, loop).length > 0;
}

/** Every place in a statement where the text grows; undefined if it is read there, or set anew. */
function growthsIn(loop: Node, target: Node, facts: Facts): readonly Growth[] | undefined {
  const growths = loop.descendants("assignment", "augmented_assignment").flatMap((it) => {
    const growth = growthOf(it);
    return growth?.target.text === target.text ? [growth] : [];
  });
  const own = new Set<Span>(growths.flatMap((it) => [it.target, it.at]));
  const reads =
    target.kind === "identifier"
      ? facts.readsOf(target, loop)
      : loop.descendants(target.kind).filter((it) => it.text === target.text && !isStored(it));
  const isReset = target.kind === "identifier" && facts.writesOf(target, loop).some((it) => !own.has(it.name));
  return !isReset && reads.every((it) => own.has(it)) ? growths : undefined;
}

/** `texts[name] = ""`: another text begins there. */
const isStored = (node: Node): boolean =>
  node.kind === "subscript" && asAssignment(node.parent)?.targets[0] === node && !growthOf(node.parent!);

/** The assignment from which the text grows, before the loop. */
function startOf(target: Node, loop: Node, facts: Facts): Site | undefined {
  const before = facts
    .writesOf(target)
    .filter((it) => it.name.tree === loop.tree && it.name.start < loop.start && !growthOf(it.owner));
  const start = before.at(-1);
  return start?.kind === "assign" &&
    asAssignment(start.owner)?.targets.length === 1 &&
    start.owner.parent?.kind === "expression_statement"
    ? start
    : undefined;
}

/** The loop does nothing else: the text is one `join` over a comprehension. */
function asOneExpression(start: Site, [growth, more]: readonly Growth[], loop: Node, facts: Facts): Fix | undefined {
  const plain = asFor(loop);
  const gathering = plain && !plain.isAsync ? gatheringOf(plain) : undefined;
  if (
    !gathering ||
    !growth ||
    more ||
    gathering.statement !== statementOf(growth.statement) ||
    textValue(start.value) !== ""
  )
    return undefined;
  if (previousStatement(loop) !== statementOf(start.owner) || !isComprehensible(gathering, facts)) return undefined;
  const first = statementOf(start.owner);
  const last = returnBehind(first, loop, growth.target, facts);
  const head = last ? "return " : start.owner.tree.text.slice(start.owner.start, start.value!.start);
  const list = partsOf(gathering, growth, `${head}"".join()`, facts);
  if (list === undefined) return undefined;
  const text = `"".join(${list})`;
  const edits = last
    ? [replace(between(first, last), `return ${text}`)]
    : insteadOfLoop(first, start.value!, loop, text);
  return edits && joined(edits, [growth], loop, facts);
}

/** The loop does nothing but add to an attribute: one addition of all the parts. */
function asOneAddition([growth, more]: readonly Growth[], loop: Node, target: Node, facts: Facts): Fix | undefined {
  const plain = asFor(loop);
  const gathering = plain && !plain.isAsync && !plain.orElse ? gatheringOf(plain) : undefined;
  if (
    !gathering ||
    !growth ||
    more ||
    gathering.statement !== statementOf(growth.statement) ||
    !isComprehensible(gathering, facts) ||
    facts.unknownCallsIn(loop).length > 0
  )
    return undefined;
  const head = `${target.text} += "".join(`;
  const list = partsOf(gathering, growth, `${head})`, facts);
  return list === undefined
    ? undefined
    : {
        title: "Join the parts once",
        doubts: [`\`${target.text}\` is set only once, and not at all if a part raises`],
        edits: [replace(loop, `${head}${list})`)],
      };
}

/** What is joined: a comprehension, or what is looped over where each item is a part as it is. */
function partsOf(gathering: Gathering, growth: Growth, head: string, facts: Facts): string | undefined {
  const { loop, clauses } = gathering;
  const { target, iterable } = loop;
  const element = elementOf(growth);
  const isItem =
    clauses.length === 1 &&
    target.kind === "identifier" &&
    element.tree.text.slice(element.start, element.end) === target.text &&
    iterable.kind !== "expression_list" &&
    !hasComments(loop.node);
  return isItem && !iterable.text.includes("\n")
    ? iterable.text
    : comprehension(gathering, element, head, facts.lineLength);
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
  if (!end || loop.start > end.end || growths.some((it) => it.parts.some((part) => part.kind === "yield")))
    return undefined;
  const parts = facts.freshName(needsOwnName(target, loop, facts) ? `${target.text}_parts` : "parts", loop);
  const first = textValue(start.value) === "" ? "" : start.value!.text;
  const annotation = start.annotation ? `: list[${start.annotation.text}]` : "";
  const edits = [
    replace(start.owner, `${parts}${annotation} = [${first}]`),
    ...growths.flatMap(({ statement, parts: [added, ...rest] }) => {
      const isWrapped = rest.length === 0 && added.kind === "parenthesized_expression";
      const head = replace(
        { tree: loop.tree, start: statement.start, end: added.start },
        `${parts}.append${isWrapped ? "" : "("}`,
      );
      return isWrapped ? [head] : [head, insertAfter(rest.at(-1) ?? added, ")")];
    }),
    lineBelow(end, `${target.text} = "".join(${parts})`),
  ];
  return joined(edits, growths, loop, facts);
}

/** Something else is called parts, or another text begins empty in the same function and grows to its own list. */
function needsOwnName(target: Node, loop: Node, facts: Facts): boolean {
  if (facts.isTaken("parts", loop)) return true;
  const scope = facts.scopeOf(loop).node;
  return scope.descendants("assignment").some((it) => {
    const name = it.field("left");
    const isText = name?.kind === "identifier" && name.text !== target.text && textValue(it.field("right")) === "";
    return isText && facts.writesOf(name).some((site) => site.kind === "augment");
  });
}

function joined(edits: readonly Edit[], growths: readonly Growth[], loop: Node, facts: Facts): Fix {
  const parts = growths.flatMap((it) => it.parts);
  const isText = parts.every((it) => facts.typeOf(it)?.name === "str");
  return fixOf(
    "Join the parts once",
    [
      !isText && "a part that is not a str fails later",
      parts.map((it) => ownCodeDoubt(it, facts)).find((it) => it !== undefined),
      ...gatheringDoubts(growths[0]!.target, loop, facts),
    ],
    edits,
  );
}
