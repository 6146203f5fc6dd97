/** The same program in other clothes: other names, indentation, comments and surroundings. What it does stays as it was. */
import type { Node } from "../../analysis/syntax/tree.js";
import type { Parser } from "../../analysis/syntax/parser.js";
import type { Random } from "../harness/random.js";

const WORDS = ["alpha", "größe", "x", "neu", "the_quite_long_name_of_a_value", "数", "A", "o0", "_kept"];
const COMMENTS = ["# why", "# TODO: später 😀", "#", '#: a note with `code` and "quotes"', "# type: ignore"];
const UNITS = ["  ", "   ", "        ", "\t", "    "];

/** Names of its own for what a program binds, so that several can stand in one file. */
export function renamed(text: string, { pick }: Random, parser: Parser, mark: string): string {
  const { root } = parser.parse(text);
  const identifiers = root.descendants("identifier");
  const taken = new Set([
    ...identifiers.filter(isFixed).map((it) => it.text),
    ...root.descendants("string").flatMap((it) => it.text.match(/\w+/gu) ?? []),
  ]);
  const names = new Map<string, string>();
  for (const node of identifiers.filter(isBinding)) {
    const name = node.text;
    if (taken.has(name) || /^(self|cls|_|__\w+__)$/.test(name) || names.has(name)) continue;
    const isOfModule = node.ancestor("function_definition", "class_definition") === undefined;
    // A list of the module that becomes private may become a set, which the proof sees.
    const word = pick(WORDS);
    names.set(name, `${isOfModule ? word.replace(/^_/, "") : word}${mark}_${name}`);
  }
  let result = text;
  for (const it of identifiers.toReversed()) {
    const name = names.get(it.text);
    if (name !== undefined) result = result.slice(0, it.start) + name + result.slice(it.end);
  }
  return result;
}

/** A name that others know by its text: attributes, keywords of calls, imports, methods. */
function isFixed(node: Node): boolean {
  const { parent, fieldName } = node;
  if (!parent) return true;
  if (parent.kind === "attribute") return fieldName === "attribute";
  if (parent.kind === "keyword_argument") return fieldName === "name";
  if (parent.kind === "function_definition" && fieldName === "name")
    return parent.ancestor("class_definition", "function_definition")?.kind === "class_definition";
  return node.ancestor("import_statement", "import_from_statement", "global_statement") !== undefined;
}

function isBinding(node: Node): boolean {
  const { parent, fieldName } = node;
  switch (parent?.kind) {
    case "function_definition":
    case "class_definition":
    case "default_parameter":
    case "typed_default_parameter":
    case "named_expression":
      return fieldName === "name";
    case "assignment":
    case "for_statement":
    case "for_in_clause":
      return fieldName === "left";
    case "parameters":
    case "lambda_parameters":
    case "typed_parameter":
    case "pattern_list":
    case "tuple_pattern":
    case "as_pattern_target":
      return true;
    default:
      return false;
  }
}

interface Line {
  readonly text: string;
  /** Begins inside a string, or behind a backslash: it must stay as it is. */
  readonly isFrozen: boolean;
  /** Ends outside strings and continuations, so that a comment may stand behind it. */
  readonly isOpen: boolean;
}

function linesOf(text: string, parser: Parser): readonly Line[] {
  const { root } = parser.parse(text);
  const strings = root.descendants("string").filter((it) => it.text.includes("\n"));
  let start = 0;
  let isContinued = false;
  return text.split("\n").map((line) => {
    const end = start + line.length;
    const holds = (at: number) => strings.some((it) => it.start < at && at < it.end);
    const made = { text: line, isFrozen: isContinued || holds(start), isOpen: !holds(end) && !line.endsWith("\\") };
    isContinued = line.endsWith("\\");
    start = end + 1;
    return made;
  });
}

/** A program whose blocks stand two blanks further in, with four: all that follows counts in fours. */
export function inFours(text: string, parser: Parser): string {
  const block = parser
    .parse(text)
    .root.descendants("block")
    .find((it) => text[it.start - 1] === " ");
  const column = block === undefined ? 0 : block.start - (text.lastIndexOf("\n", block.start) + 1);
  if (column !== 2) return text;
  return linesOf(text, parser)
    .map((it) => (it.isFrozen ? it.text : it.text.replace(/^ +/, (blanks) => blanks + blanks)))
    .join("\n");
}

/** Another unit of indentation; what is not a whole number of units keeps its rest. */
export function indented(text: string, { pick }: Random, parser: Parser): string {
  const unit = pick(UNITS);
  const move = (line: string) =>
    line.replace(/^ +/, (it) => unit.repeat(Math.floor(it.length / 4)) + " ".repeat(it.length % 4));
  return linesOf(text, parser)
    .map((it) => (it.isFrozen ? it.text : move(it.text)))
    .join("\n");
}

/** Comments behind lines and on lines of their own. */
export function commented(text: string, { below, pick }: Random, parser: Parser): string {
  const often = 3 + below(12);
  return linesOf(text, parser)
    .flatMap(({ text: line, isFrozen, isOpen }) => {
      if (line.trim() === "" || isFrozen) return [line];
      const own = below(often) === 0 && !line.includes("#") ? [`${/^\s*/.exec(line)![0]}${pick(COMMENTS)}`] : [];
      return [...own, isOpen && below(often) === 0 && !line.includes("#") ? `${line}  ${pick(COMMENTS)}` : line];
    })
    .join("\n");
}

/** Puts a program into other surroundings, in which it is still run once. */
export function nested(text: string, { pick, below }: Random, parser: Parser, mark: string): string {
  const { root } = parser.parse(text);
  const names = root.children.flatMap((it) => {
    const definition = it.kind === "decorated_definition" ? it.field("definition") : it;
    return definition?.kind === "function_definition" || definition?.kind === "class_definition"
      ? [definition.field("name")!.text]
      : [];
  });
  const inner = linesOf(text.trim(), parser)
    .map((it) => (it.isFrozen || it.text === "" ? it.text : `    ${it.text}`))
    .join("\n");
  const mayMove = !/^\s*(global|from \w+ import \*|from __future__)/m.test(text) && names.length > 0;
  const around = [
    () => text,
    () => text,
    () => `if True:\n${inner}\n`,
    () => `try:\n${inner}\nfinally:\n    pass\n`,
    () => `import contextlib\n\nwith contextlib.nullcontext():\n${inner}\n`,
    ...(mayMove
      ? [
          () =>
            `def surroundings${mark}():\n${inner}\n    return ${names.join(", ")}${names.length === 1 ? "," : ""}\n\n${names.join(", ")}${names.length === 1 ? "," : ""} = surroundings${mark}()\n`,
        ]
      : []),
  ];
  return around[below(around.length)]!();
}
