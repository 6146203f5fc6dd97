/** A CSV file that is read whole for totals alone is read in chunks, and the totals are added up. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asSubscript,
  defineRefactoring,
  functionAround,
  headOf,
  importName,
  indentOf,
  indentUnit,
  isRowWise,
  linesOf,
  nextStatement,
  replace,
  startsLine,
  textValue,
  totalAround,
  unwrap,
  type Call,
  type Edit,
  type Facts,
  type File,
  type Node,
  type Total,
} from "../analysis/authoring.js";

/** Rows of one chunk. */
const ROWS = "100_000";
/** Options that say how many rows are read, or that reading in chunks refuses. */
const REFUSED = new Set(["chunksize", "iterator", "nrows", "skipfooter"]);

interface Asked {
  readonly total: Total;
  /** The statement `name = total` that the loop takes over; none where the total is part of another expression. */
  readonly statement: Node | undefined;
  readonly name: string;
  /** `name = `, with its annotation. */
  readonly head: string;
}

interface Match {
  readonly frame: Node;
  readonly call: Call;
  readonly first: Node;
  readonly last: Node;
  /** Statements that work on the rows, and totals, in order. */
  readonly steps: readonly (Node | Asked)[];
  /** Each with all places that ask for it. */
  readonly others: readonly (Asked & { readonly nodes: readonly Node[] })[];
}

export default defineRefactoring({
  title: "CSV file read whole to chunks",
  guide: "pandas-scale",
  kind: "rewrite",
  on: ["expression_statement"],
  reach: "inside",
  imports: ["pandas"],

  example: {
    before: `
import pandas as pd

def revenue(path: str) -> float:
    ‸orders = pd.read_csv(path)
    paid = orders[orders["paid"]]
    total = paid["price"].sum()
    return total
`,
    after: `
import pandas as pd

def revenue(path: str) -> float:
    total = 0
    for chunk in pd.read_csv(path, chunksize=100_000):
        paid = chunk[chunk["paid"]]
        total += paid["price"].sum()
    return total
`,
  },

  find(node, _selection, file): Match | undefined {
    const { facts } = file;
    const assignment = asAssignment(node);
    const call = asCall(assignment?.value);
    const [frame, more] = assignment?.targets ?? [];
    if (
      !call ||
      frame?.kind !== "identifier" ||
      more ||
      assignment?.annotation ||
      facts.nameOf(call.callee) !== "pandas.read_csv" ||
      !startsLine(node)
    )
      return undefined;
    if (
      call.hasSplat ||
      call.args.length !== 1 ||
      [...call.keywords.keys()].some((it) => REFUSED.has(it)) ||
      facts.writesOf(frame).length !== 1
    )
      return undefined;
    const match = usesOf(node, frame, call, facts);
    return match && edits(match, file) ? match : undefined;
  },

  offer: ({ call, frame }) =>
    `Read \`${frame.text}\` from ${call.args[0] && call.args[0].text.length < 30 ? `\`${call.args[0].text}\`` : "the file"} in chunks`,

  doubt({ call, steps, others }) {
    const asked = [...steps.filter((it): it is Asked => "total" in it), ...others];
    return [
      "This pays off if the file does not fit into memory.",
      ...(call.keywords.has("dtype")
        ? []
        : ["Each chunk infers its own column types, so pass dtype= if they may differ."]),
      `Summed columns must hold numbers, and floats are added in another order${asked.some((it) => it.total.kind === "counts") ? "; equal counts may change places" : ""}.`,
    ].join(" ");
  },

  apply(match, file) {
    const made = edits(match, file);
    return made && { edits: made };
  },
});

/** The statements straight below that work on the rows or ask for totals; behind them only totals may be asked for. */
function usesOf(read: Node, frame: Node, call: Call, facts: Facts): Match | undefined {
  const tables = new Set([frame.text]);
  const names: Node[] = [frame];
  const steps: (Node | Asked)[] = [];
  const results = new Set<string>();
  let last = read;
  for (
    let it = nextStatement(read);
    it && it.descendants("identifier").some((name) => tables.has(name.text));
    it = nextStatement(it)
  ) {
    const assignment = asAssignment(it);
    const [target, more] = assignment?.targets ?? [];
    const value = assignment?.value;
    if (
      !target ||
      !value ||
      more ||
      !startsLine(it) ||
      value.descendants("identifier").some((name) => results.has(name.text))
    )
      break;
    const store = asSubscript(target);
    const isStore =
      store && tables.has(store.value.text) && textValue(store.indices[0]) !== undefined && store.indices.length === 1;
    const total = target.kind === "identifier" ? totalIn(value, tables, facts) : undefined;
    if (total && assignment) {
      results.add(target.text);
      steps.push({ total, statement: it, name: target.text, head: headOf(assignment) });
    } else if (
      (isStore || (target.kind === "identifier" && !assignment?.annotation)) &&
      isRowWise(value, tables, facts)
    ) {
      steps.push(it);
      if (target.kind === "identifier") {
        tables.add(target.text);
        names.push(target);
      }
    } else break;
    last = it;
  }
  if (names.some((it) => facts.writesOf(it).length !== 1) || [...results].some((it) => tables.has(it)))
    return undefined;
  const { tree } = read;
  const isInRun = (it: Node) => it.start > read.start && it.start < last.end;
  if (
    tree.root.comments.some(isInRun) ||
    tree.root.descendants("string").some((it) => isInRun(it) && it.text.includes("\n")) ||
    !linesOf(last)
  )
    return undefined;

  const others = new Map<string, Asked & { readonly nodes: Node[] }>();
  for (const it of names.flatMap((name) => facts.readsOf(name)).sort((a, b) => a.start - b.start)) {
    if (it.tree === tree && it.start < last.end && it.start >= read.start) continue;
    const total =
      it.tree === tree &&
      it.start > last.end &&
      functionAround(it) === functionAround(read) &&
      it.isInside(read.parent!)
        ? totalAround(it, tables, facts)
        : undefined;
    if (
      !total ||
      !isKnownBeforeRead(total.node, tables, read, facts) ||
      facts.loopsAround(it).length > facts.loopsAround(read).length
    )
      return undefined;
    const known = others.get(total.meaning);
    const name = facts.freshName(nameFor(total.node), read);
    const isTaken = [...others.values()].some((other) => other.name === name);
    if (!known)
      others.set(total.meaning, {
        total,
        statement: undefined,
        name: isTaken ? `${name}_${others.size + 1}` : name,
        head: "",
        nodes: [total.node],
      });
    else if (!known.nodes.includes(total.node)) known.nodes.push(total.node);
  }
  const hasTotals = others.size > 0 || results.size > 0;
  return hasTotals ? { frame, call, first: read, last, steps, others: [...others.values()] } : undefined;
}

function totalIn(value: Node, tables: ReadonlySet<string>, facts: Facts): Total | undefined {
  const read = value.descendants("identifier").find((it) => tables.has(it.text));
  const total = read && totalAround(read, tables, facts);
  return total?.node === unwrap(value) ? total : undefined;
}

/** What it is worked out with has its value when the file is read. */
function isKnownBeforeRead(node: Node, tables: ReadonlySet<string>, read: Node, facts: Facts): boolean {
  return node
    .descendants("identifier")
    .every(
      (it) =>
        tables.has(it.text) ||
        facts
          .writesOf(it)
          .every((site) => site.name.tree !== read.tree || site.kind === "parameter" || site.name.end <= read.start),
    );
}

/** `rows` for `len(…)`, `price_sum` for `frame["price"].sum()`. */
function nameFor(total: Node): string {
  const call = asCall(total);
  const method = asAttribute(call?.callee)?.name;
  if (method === undefined) return "rows";
  const column = total
    .descendants("string")
    .map(textValue)
    .findLast((it) => it !== undefined && /^[a-z_]\w*$/i.test(it));
  return column === undefined ? method : `${column.toLowerCase()}_${method === "value_counts" ? "counts" : method}`;
}

function edits({ frame, call, first, last, steps, others }: Match, file: File): readonly Edit[] | undefined {
  const { facts } = file;
  const [indent, unit] = [indentOf(first), indentUnit(first, facts)];
  const chunk = facts.freshName("chunk", first);
  const asked = [...steps.filter((it): it is Asked => "total" in it), ...others];
  const concat = asked.some((it) => it.total.kind !== "number") ? concatOf(call, file, first) : undefined;
  if (!concat && asked.some((it) => it.total.kind !== "number")) return undefined;
  const list = (it: Asked) => facts.freshName(`${it.name}_parts`, first);
  const text = (node: Node) => renamed(node, frame, chunk, facts, unit);
  const added = (it: Asked) => {
    const part = text(it.total.node);
    return it.total.kind === "number"
      ? `${it.name} += ${part.includes("\n") ? `(${part})` : part}`
      : `${list(it)}.append(${part})`;
  };
  const options = call.argumentList.children.map((it) => it.text);
  const lines = [
    ...asked.map((it) => (it.total.kind === "number" ? `${it.head || `${it.name} = `}0` : `${list(it)} = []`)),
    `for ${chunk} in ${call.callee.text}(${[...options, `chunksize=${ROWS}`].join(", ")}):`,
    ...[...steps.map((it) => ("total" in it ? added(it) : text(it))), ...others.map(added)].map((it) => unit + it),
    ...asked.flatMap((it) =>
      it.total.kind === "number"
        ? []
        : [`${it.head || `${it.name} = `}${concat!.name}(${list(it)})${together(it.total)}`],
    ),
  ];
  return [
    ...(concat?.edits ?? []),
    replace({ tree: first.tree, start: first.start, end: last.end }, lines.join(`\n${indent}`)),
    ...others.flatMap((it) => it.nodes.map((node) => replace(node, it.name))),
  ];
}

function together({ kind, keys }: Total): string {
  if (kind === "counts") return ".groupby(level=0).sum().sort_values(ascending=False)";
  return `.groupby(level=${keys === 1 ? "0" : `[${Array.from({ length: keys }, (_, it) => it).join(", ")}]`}).sum()`;
}

function concatOf({ callee }: Call, file: File, near: Node): ReturnType<typeof importName> {
  const module = asAttribute(callee)?.object.text;
  return module === undefined
    ? importName(file, "pandas", "concat", near)
    : { name: `${module}.concat`, isThere: true, edits: [] };
}

/** The text with the chunk in place of the whole table, its further lines moved along. */
function renamed(node: Node, frame: Node, chunk: string, facts: Facts, unit: string): string {
  const reads = facts
    .readsOf(frame)
    .filter((it) => it.isInside(node))
    .sort((a, b) => b.start - a.start);
  let { text } = node;
  for (const it of reads) text = text.slice(0, it.start - node.start) + chunk + text.slice(it.end - node.start);
  return text.replaceAll("\n", `\n${unit}`);
}
