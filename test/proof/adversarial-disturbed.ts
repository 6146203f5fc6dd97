/** Attacks made of the rules' own pages: programs that get a safe fix, with a statement put in by chance that looks at, keeps or changes something of theirs. */
import type { Parser } from "../../analysis/syntax/parser.js";
import type { Node } from "../../analysis/syntax/tree.js";
import { random, type Random } from "../harness/random.js";
import type { Attack } from "./adversarial.js";
import { canTakePart } from "./assembled.js";
import type { Program } from "./programs.js";

/** `@` is a name of the function, `%` another one, `#` a number that makes new names differ. */
const DISTURBANCES: readonly string[] = [
  "print(@)",
  "print(len(@), @)",
  "kept# = @",
  "kept# = @\nkept#.append(kept#[0])",
  "kept# = @\nkept#.clear()",
  "kept# = lambda: @.append(@[0])\nkept#()",
  "kept# = [@]\nkept#[0] += kept#[0][:1]",
  "@.append(@[0])",
  "@.pop()",
  "del @[:1]",
  "@[0] = @[-1]",
  "@.sort()",
  "@ = list(@)",
  "@ = @ + @",
  "@, % = %, @",
  "for kept# in @:\n    pass",
  "kept# = iter(@)\nprint(next(kept#, None))",
  "kept# = zip(@, %)",
  "def kept#():\n    return @\nprint(kept#())",
  "def kept#(value=@):\n    return value\nprint(kept#())",
  'print(sorted(locals()), locals().get("@"))',
  'print(eval("@"))',
  "if not @:\n    return @",
  "if len(@) > 2:\n    break_# = @",
  "try:\n    print(@)\nexcept Exception as error#:\n    print(error#)",
  "print(max(@, %, key=str))",
  "print([@, %])",
  "print(type(@).__name__, isinstance(@, list))",
  "print(@ == %, @ is %)",
  "% = @",
  "kept# = {1: @}\nprint(kept#[1])",
  "kept# = @[:]\nkept#.reverse()",
  "@.extend(%)",
  "@ += %",
  "@.update(%)",
  "kept#, = [@]\nkept#.insert(0, kept#[-1])",
  "print(sum(@, []))",
  "assert @, %",
  "global kept#\nkept# = @",
  "print(*@, sep='-')",
];

/** So many of them, the same ones for the same seed. */
export function disturbed(
  programs: readonly Program[],
  count: number,
  seed: number,
  parser: Parser,
): readonly Attack[] {
  const fit = programs.filter((it) => it.strict && canTakePart(it));
  const chance = random(seed);
  const made: Attack[] = [];
  for (let tries = 0; made.length < count && tries < count * 4; tries++) {
    const program = chance.pick(fit);
    const disturbance = chance.pick(DISTURBANCES);
    const text = disturbedText(program.before, disturbance, made.length, chance, parser);
    if (text === undefined || parser.parse(text).isBroken(0)) continue;
    made.push({
      name: `disturbed ${tries}: ${program.name}; ${disturbance.replaceAll("\n", " ↵ ")}`,
      text,
      setup: "",
      driver: "",
      python: program.python,
      staysSafe: false,
    });
  }
  return made;
}

function disturbedText(
  text: string,
  disturbance: string,
  number: number,
  { pick }: Random,
  parser: Parser,
): string | undefined {
  const { root } = parser.parse(text);
  const functions = root.descendants("function_definition");
  if (functions.length === 0) return undefined;
  const home = pick(functions);
  const statements = home.descendants("block").flatMap((it) => it.children.filter((child) => isStatement(child, text)));
  const names = [
    ...new Set(
      home
        .descendants("identifier")
        .filter((it) => isVariable(it))
        .map((it) => it.text),
    ),
  ];
  if (statements.length === 0 || names.length === 0) return undefined;
  const at = pick(statements);
  const indent = /[^\n]*$/.exec(text.slice(0, at.start))![0];
  const lines = disturbance
    .replaceAll("@", pick(names))
    .replaceAll("%", pick(names))
    .replaceAll("#", `${number}`)
    .split("\n");
  return text.slice(0, at.start) + lines.map((it) => `${it}\n${indent}`).join("") + text.slice(at.start);
}

/** It begins its line. */
function isStatement(node: Node, text: string): boolean {
  return node.kind !== "comment" && /(^|\n)[ \t]+$/.test(text.slice(0, node.start));
}

function isVariable(node: Node): boolean {
  const { parent, fieldName } = node;
  if (!parent || node.text === "self") return false;
  if (parent.kind === "attribute" || parent.kind === "keyword_argument") return fieldName === "object";
  return parent.kind !== "function_definition" && parent.kind !== "type" && fieldName !== "function";
}
