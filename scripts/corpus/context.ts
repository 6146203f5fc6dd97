/** The code around a finding, enough to judge it by: the function it is in, the classes around that, the imports it uses. */
import { lineIndex } from "../../analysis/analyzer.js";
import type { Node, Tree } from "../../analysis/syntax/tree.js";

/** A function longer than this is shown around the finding only. */
const WHOLE = 60;
const AROUND = 25;
const AROUND_TOP_LEVEL = 18;
/** Of a finding over many lines. */
const LONGEST_FINDING = 55;
const WIDEST = 180;

/** Lines from 0, both included. */
interface Lines {
  readonly first: number;
  readonly last: number;
}

/** Numbered lines, those of the finding marked; `…` where some are left out. */
export function codeAround(tree: Tree, start: number, end: number): string {
  const lines = tree.text.split(/\r\n|\r|\n/);
  const index = lineIndex(tree.text);
  const lineOf = (offset: number) => index.positionAt(offset).line;
  const finding: Lines = { first: lineOf(start), last: lineOf(Math.max(start, end - 1)) };
  const linesOf = (node: Node): Lines => ({
    first: lineOf(node.start),
    last: lineOf(Math.max(node.start, node.end - 1)),
  });

  const around = enclosing(tree, start, end);
  const body = mainLines(
    around.map((node) => ({ node, lines: linesOf(node) })),
    finding,
    lines.length,
  );
  const headers = around.map((node) => headerLines(node, lineOf)).filter((it) => it.first < body.first);
  const shown = new Set(
    [...headers, body].flatMap(({ first, last }) =>
      Array.from({ length: last - first + 1 }, (_, step) => first + step),
    ),
  );
  const said = [...shown].map((it) => lines[it]!).join("\n");
  for (const line of importsUsed(tree, said).flatMap((it) => numbers(linesOf(it)))) shown.add(line);

  const width = String(body.last + 1).length;
  let before = -1;
  return [...shown]
    .sort((a, b) => a - b)
    .flatMap((line) => {
      const gap = line > before + 1 && before >= 0 ? [`  ${"…".padStart(width)}`] : [];
      before = line;
      const mark = finding.first <= line && line <= finding.last ? ">" : " ";
      return [...gap, `${mark} ${String(line + 1).padStart(width)} | ${clipped(lines[line]!)}`.trimEnd()];
    })
    .join("\n");
}

function numbers({ first, last }: Lines): number[] {
  return Array.from({ length: last - first + 1 }, (_, step) => first + step);
}

function clipped(line: string): string {
  return line.length > WIDEST ? `${line.slice(0, WIDEST)} …` : line;
}

/** Functions and classes that hold the stretch, the innermost first, each with its decorators. */
function enclosing(tree: Tree, start: number, end: number): readonly Node[] {
  const holders = tree.root
    .descendants("function_definition", "class_definition")
    .filter((it) => withDecorators(it).start <= start && end <= it.end);
  return holders.reverse().map(withDecorators);
}

function withDecorators(node: Node): Node {
  return node.parent?.kind === "decorated_definition" ? node.parent : node;
}

function isFunction(node: Node): boolean {
  return (node.field("definition") ?? node).kind === "function_definition";
}

/** The outermost function that is short enough, else a stretch of the innermost; outside functions a short class or the lines around. */
function mainLines(
  around: readonly { readonly node: Node; readonly lines: Lines }[],
  finding: Lines,
  count: number,
): Lines {
  const isShort = ({ lines: { first, last } }: { readonly lines: Lines }) => last - first < WHOLE;
  const functions = around.filter(({ node }) => isFunction(node));
  const whole = functions.findLast(isShort) ?? (functions.length === 0 ? around.findLast(isShort) : undefined);
  if (whole) return whole.lines;
  const reach = functions.length > 0 ? AROUND : AROUND_TOP_LEVEL;
  const outer = functions[0]?.lines ?? { first: 0, last: count - 1 };
  return {
    first: Math.max(outer.first, finding.first - reach),
    last: Math.min(outer.last, Math.min(finding.last, finding.first + LONGEST_FINDING) + reach),
  };
}

/** From `def` or `class`, its decorators too, to the line before its body. */
function headerLines(node: Node, lineOf: (offset: number) => number): Lines {
  const definition = node.field("definition") ?? node;
  const body = definition.field("body");
  const first = lineOf(node.start);
  return { first, last: body ? Math.max(lineOf(definition.start), lineOf(body.start) - 1) : first };
}

/** Imports anywhere in the file that bind a word of the code shown. */
function importsUsed(tree: Tree, code: string): readonly Node[] {
  const words = new Set(code.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []);
  return tree.root
    .descendants("import_statement", "import_from_statement")
    .filter((statement) =>
      (statement.text.replace(/^from\s+\S+\s+import/, "").match(/[\w.]+(?:\s+as\s+\w+)?|\*/g) ?? []).some(
        (it) => it === "*" || words.has(boundBy(it)),
      ),
    );
}

/** `a.b` binds `a`, `a as b` binds `b`. */
function boundBy(imported: string): string {
  return /\s+as\s+(\w+)$/.exec(imported)?.[1] ?? imported.split(".")[0]!;
}
