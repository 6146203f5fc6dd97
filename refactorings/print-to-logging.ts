/** `print(f"read {count} rows")` becomes `logger.info("read %s rows", count)`, with a logger for the module. */

import {
  asCall,
  asFunction,
  asIf,
  asString,
  defineRefactoring,
  expressionOf,
  functionAround,
  hasComments,
  isCompiled,
  isText,
  lazyMessage,
  moduleLogger,
  replace,
  unwrap,
  type Call,
  type Edit,
  type Facts,
  type Node,
  type Span,
} from "../analysis/authoring.js";

interface Printed {
  readonly call: Call;
  /** What stands in the parentheses of the new call. */
  readonly text: string;
  readonly doubts: readonly string[];
}

const FORMAT = "%s calls str() where the f-string called format().";

export default defineRefactoring({
  title: "Print calls to calls of a module logger",
  guide: "logging",
  kind: "rewrite",
  on: ["expression_statement", "function_definition", "block", "module"],
  reach: "inside",

  example: {
    before: `
from pathlib import Path

def load(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    ‸print(f"read {len(lines)} lines from {path}")
    return lines
`,
    after: `
import logging
from pathlib import Path

logger = logging.getLogger(__name__)

def load(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    logger.info("read %s lines from %s", len(lines), path)
    return lines
`,
  },

  find(node, selection, file) {
    const { facts } = file;
    if (facts.isNotebook) return undefined;
    const region = regionOf(node, selection, facts);
    const calls = region?.descendants("expression_statement").filter((it) => isPrint(it, facts)) ?? [];
    const touched =
      selection.start === selection.end
        ? calls
        : calls.filter((it) => it.start < selection.end && selection.start < it.end);
    const prints = touched.flatMap((it) => printedOf(asCall(expressionOf(it))!, facts) ?? []);
    const logger =
      prints.length > 0
        ? moduleLogger(
            file,
            prints.map((it) => it.call.node),
          )
        : undefined;
    return logger && { logger, prints, all: touched.length, owner: asFunction(region)?.name };
  },

  offer({ prints, all, owner, logger }) {
    const what =
      all === 1 ? "this print" : prints.length === all ? `${all} prints` : `${prints.length} of ${all} prints`;
    return `Turn ${what}${all > 1 && owner !== undefined && owner.length < 40 ? ` of \`${owner}\`` : ""} into \`${logger.name}.info\``;
  },

  doubt({ prints }) {
    const where =
      "print writes to stdout; a log record goes to stderr, and at level INFO it is shown only where logging is configured for it.";
    return [where, ...new Set(prints.flatMap((it) => it.doubts))].join(" ");
  },

  apply({ logger, prints }) {
    const edits = prints.flatMap(({ call, text }): readonly Edit[] => {
      const [first, last] = [call.argumentList.children[0]!, call.argumentList.lastChild!];
      return [
        replace(call.callee, `${logger.name}.info`),
        replace({ tree: first.tree, start: first.start, end: last.end }, text),
      ];
    });
    return { edits: [...logger.edits, ...edits] };
  },
});

/** At a print: the function around it, else that print alone. At the head of a function: that function. Around a selection: what holds it. */
function regionOf(node: Node, selection: Span, facts: Facts): Node | undefined {
  if (selection.start !== selection.end) return node;
  const def = asFunction(node);
  if (def) return selection.start < def.body.start ? node : undefined;
  return isPrint(node, facts) ? (functionAround(node) ?? node) : undefined;
}

function isPrint(node: Node, facts: Facts): boolean {
  const call = asCall(expressionOf(node));
  return call?.callee.text === "print" && facts.isBuiltin("print", node) && !isInMain(node) && !isCompiled(node, facts);
}

/** `if __name__ == "__main__":` is a program, and what a program prints is its output. */
function isInMain(node: Node): boolean {
  for (let outer = node.ancestor("if_statement"); outer; outer = outer.ancestor("if_statement")) {
    if (/\b__name__\b/.test(asIf(outer)?.condition.text ?? "") && !node.ancestor("function_definition")) return true;
  }
  return false;
}

function printedOf(call: Call, facts: Facts): Printed | undefined {
  const { args, keywords, hasSplat, argumentList } = call;
  const [first] = argumentList.children;
  const isPlain = [...keywords].every(
    ([name, value]) => name === "flush" && (value.kind === "true" || value.kind === "false"),
  );
  if (!first || args.length === 0 || hasSplat || !isPlain) return undefined;
  if (hasComments(argumentList)) return undefined;
  if (args.length === 1) {
    const made = partOf(args[0]!, facts);
    return made && { call, text: [made.text, ...made.args].join(", "), doubts: made.doubts };
  }
  const parts = args.map((it) => partOf(it, facts));
  const texts = parts.flatMap((it) => it ?? []);
  const template = texts.length === parts.length ? joined(texts) : undefined;
  return template === undefined
    ? undefined
    : {
        call,
        text: [template, ...texts.flatMap((it) => it.args)].join(", "),
        doubts: texts.flatMap((it) => it.doubts),
      };
}

interface Part {
  /** A string literal, or several. */
  readonly text: string;
  readonly args: readonly string[];
  readonly doubts: readonly string[];
  readonly isLiteral: boolean;
}

function partOf(argument: Node, facts: Facts): Part | undefined {
  const node = unwrap(argument);
  if (
    node
      .descendants("string")
      .some((it) => it.ancestor("interpolation") === undefined && asString(it)?.prefix.includes("t"))
  )
    return undefined;
  const made = lazyMessage(node, facts);
  const doubts =
    made?.doubt === "format"
      ? [FORMAT]
      : made?.doubt === "tuple"
        ? [`\`${made.args[0]!.text}\` must not be a tuple.`]
        : [];
  if (made) return { text: made.text, args: made.args.map((it) => it.text), doubts, isLiteral: true };
  if (isText(node) || argument.kind === "generator_expression" || argument.kind === "yield") return undefined;
  return { text: '"%s"', args: [argument.text], doubts: [], isLiteral: false };
}

/** The texts of several arguments as one, with the space between them that print puts there. */
function joined(parts: readonly Part[]): string | undefined {
  const quote = parts.find((it) => it.isLiteral)?.text[0] ?? '"';
  const hasArgs = parts.some((it) => it.args.length > 0);
  const bodies = parts.map(({ text, args, isLiteral }) => {
    const literal = /^(["'])((?:(?!\1)[^\\\n]|\\.)*)\1$/.exec(text);
    if (!literal || (text.startsWith('""') && text.length > 2)) return undefined;
    const [, own, body = ""] = literal;
    if (isLiteral && own !== quote && /["'\\]/.test(body)) return undefined;
    return hasArgs && args.length === 0 ? body.replaceAll("%", "%%") : body;
  });
  return bodies.every((it) => it !== undefined) ? `${quote}${bodies.join(" ")}${quote}` : undefined;
}
