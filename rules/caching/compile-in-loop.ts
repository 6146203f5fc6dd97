/** A pattern, template, schema or text that is compiled anew in each turn of a loop. */

import {
  declined,
  defineRule,
  excerpt,
  failsAbove,
  fixOf,
  functionAround,
  hasComments,
  isConstant,
  knownTurns,
  lastName,
  lineAbove,
  nameGiven,
  operandsOf,
  replace,
  startsLine,
  statementOf,
  statementsOf,
  staysSame,
} from "../../analysis/authoring.js";

const COMPILERS = [
  "re.compile",
  "regex.compile",
  "builtins.compile",
  "jinja2.Template",
  "jinja2.Environment",
  "string.Template",
  "mako.template.Template",
  "struct.Struct",
  "jsonschema.Draft7Validator",
  "jsonschema.Draft202012Validator",
  "jsonschema.validators.validator_for",
  "fastjsonschema.compile",
  "pydantic.TypeAdapter",
  "pydantic.create_model",
  "textwrap.dedent",
];
const FEW_TURNS = 8;
const LONGEST_LOOP = 4000;

export default defineRule({
  title: "Compiled anew in each turn of a loop",
  why: "A pattern, template, schema or text of code is parsed and prepared before it can be used, and the outcome serves any number of times. Made before the loop, it is prepared once.",
  guide: "caching",
  level: "info",
  differs: { light: "off" },
  gain: "time",
  within: "loop",
  fixes: "review",

  examples: [
    {
      before: `
import re

def numbers(lines: list[str]) -> list[str]:
    found = []
    for line in lines:
        pattern = re.compile(r"\\d+")
        found.extend(pattern.findall(line))
    return found
`,
      after: `
import re

def numbers(lines: list[str]) -> list[str]:
    found = []
    pattern = re.compile(r"\\d+")
    for line in lines:
        found.extend(pattern.findall(line))
    return found
`,
    },
  ],

  on: ["call"],
  calls: COMPILERS,

  find(node, { facts }, call) {
    const [loop] = facts.loopsAround(node);
    const [source] = call.args;
    if (facts.isTest || !loop || !source || call.hasSplat || loop.tree.arrays.nexts[loop.id]! - loop.id > LONGEST_LOOP)
      return undefined;
    const name = facts.nameOf(call.callee)!;
    if (name === "textwrap.dedent" && !isConstant(source)) return undefined;
    if (
      node
        .descendants("call")
        .some(
          (it) =>
            it !== node &&
            !/^(?:re\.escape|str|len|range|map|sorted|"[^"]*"\.join|'[^']*'\.join)$/.test(it.field("function")!.text),
        )
    )
      return undefined;
    const block = statementOf(node).parent!;
    const last = block.isInside(loop) ? statementsOf(block).at(-1)?.kind : undefined;
    if (last === "break_statement" || last === "return_statement") return undefined;
    const region = [{ from: loop.id, to: loop.tree.arrays.nexts[loop.id]! }];
    if (!staysSame(node, region, facts)) return undefined;
    const turns = knownTurns(loop, facts);
    if (turns !== undefined && turns <= FEW_TURNS) return undefined;
    // re keeps the patterns it has compiled: what is left is a look in its cache.
    const isKept = name === "re.compile";
    const runs = facts.weightOf(node);
    const weight = isKept && runs === "heavy" ? ("unknown" as const) : runs;
    return { at: call.callee, construct: node, weight, call, loop, isKept };
  },

  message: ({ call: { callee, args }, isKept }) => {
    const shown = excerpt(args[0]!.text.replace(/\s+/g, " "), 40);
    return isKept
      ? `\`${callee.text}\` looks for \`${shown}\` among the patterns that re keeps in every turn; make it once before the loop.`
      : `\`${callee.text}\` prepares \`${shown}\` anew in every turn; make it once before the loop.`;
  },

  fix({ construct, loop, call }, { facts }) {
    const statement = statementOf(loop);
    if (
      statement !== loop ||
      !startsLine(loop) ||
      hasComments(construct) ||
      construct.text.includes("\n") ||
      functionAround(loop) !== functionAround(construct)
    )
      return declined("there is no room above the loop");
    // What is made of constants alone fails in every turn or in none.
    const obstacle = operandsOf(construct, facts).length > 0 ? failsAbove(construct, loop, facts) : undefined;
    if (obstacle) return declined(obstacle);
    const doubts = [
      "it is made too where the loop has no turns",
      operandsOf(construct, facts).length > 0 &&
        `${operandsOf(construct, facts)
          .slice(0, 3)
          .map((it) => `\`${it.text}\``)
          .join(", ")} must stay the same while the loop runs`,
    ];
    const target = nameGiven(construct);
    const own = statementOf(construct);
    const block = own.parent;
    if (target && block?.parent === loop && facts.writesOf(target).length === 1 && statementsOf(block).length > 1) {
      const whole = own.tree.text;
      const newline = whole.lastIndexOf("\n", own.start - 1);
      const from = whole[newline - 1] === "\r" ? newline - 1 : newline;
      return fixOf("Make it before the loop", doubts, [
        lineAbove(loop, `${target.text} = ${construct.text}`),
        replace({ tree: own.tree, start: from, end: own.end }, ""),
      ]);
    }
    const word = lastName(call.callee);
    const name = facts.freshName(
      word === "compile" ? "pattern" : word.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase(),
      loop,
    );
    return fixOf("Make it before the loop", doubts, [
      lineAbove(loop, `${name} = ${construct.text}`),
      replace(construct, name),
    ]);
  },
});
