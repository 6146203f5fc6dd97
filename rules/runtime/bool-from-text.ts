/** A text from the command line or the environment that is made a bool, or taken apart, by its type alone: "False" is true. */

import {
  argumentOf,
  asCall,
  asConditional,
  asFunction,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  hasComments,
  integerOf,
  itemsOf,
  nameGiven,
  replace,
  textValue,
  unwrap,
  withArgument,
  wrapped,
  type Call,
  type Evidence,
  type Facts,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface OfOption extends Match {
  readonly how: "bool" | "letters" | "refused";
  readonly call: Call;
  readonly type: Node;
  /** `--debug`, as it is written on the command line. */
  readonly option: string;
}

interface OfVariable extends Match {
  readonly how: "variable";
  /** `bool(os.getenv("DEBUG"))`, or the call alone where it is tested as it is. */
  readonly whole: Node;
  /** Undefined for `os.environ["DEBUG"]`, and where a name is given the text first. */
  readonly call: Call | undefined;
  readonly variable: string;
  readonly standsFor: Default;
  readonly isTested: boolean;
}

export default defineRule({
  title: "Text that is made a bool by its type",
  why: "What stands on the command line and in the environment is text, and every text that is not empty is true: `--debug False` and `DEBUG=0` switch on what they should switch off. `list` and `tuple` take such a text apart into its characters.",
  guide: "configuration",
  level: "error",
  gain: "safety",
  words: ["add_argument", "environ", "getenv"],
  fixes: "review",

  examples: [
    {
      before: `
import argparse

def is_debug(arguments: list[str]) -> bool:
    parser = argparse.ArgumentParser()
    parser.add_argument("--debug", type=bool, default=False)
    return parser.parse_args(arguments).debug
`,
      after: `
import argparse

def is_debug(arguments: list[str]) -> bool:
    parser = argparse.ArgumentParser()
    parser.add_argument("--debug", type=lambda it: it.lower() in ("1", "true", "yes", "on"), default=False)
    return parser.parse_args(arguments).debug
`,
    },
  ],

  on: ["call"],
  calls: ["os.getenv", "os.environ.get", "builtins.bool"],
  methods: ["add_argument"],

  find(node, { facts }, call): OfOption | OfVariable | undefined {
    const added = asMethodCall(node, "add_argument");
    if (added) return ofOption(added, added.object, facts);
    if (facts.isTest) return undefined;
    if (call.callee.text !== "bool") return ofVariable(call, facts);
    const read = asSubscript(call.args[0]);
    if (!read || facts.nameOf(read.value) !== "os.environ") return undefined;
    const variable = textValue(read.indices[0]);
    // Only an empty text would be false: whoever asks whether it is set asks in another way.
    if (variable === undefined || ONLY_THERE.test(variable)) return undefined;
    return { ...found(node, variable, "nothing", "fair"), call: undefined, isTested: false };
  },

  message(it) {
    if (it.how === "variable") return ofVariableSaid(it);
    const type = it.type.text;
    return it.how === "bool"
      ? `\`${it.option} False\` gives True: \`bool\` of any text that is not empty is true.`
      : it.how === "letters"
        ? `\`${type}\` takes the text apart into its characters: \`${it.option} 512\` gives ${LETTERS[type]}.`
        : `\`${type}\` cannot read a text: whatever is given for \`${it.option}\` ends in an error.`;
  },

  fix(it) {
    if (it.how === "variable") {
      if (!it.call) return declined("the text is kept as it is, or the variable has to be set");
      if (hasComments(it.whole)) return declined("a comment would be lost");
      const name = it.call.args[0]!;
      const isText = textValue(argumentOf(it.call, "default", 1)) !== undefined;
      const read = isText
        ? it.call.node.text
        : `${it.call.callee.text}(${name.text}, ${it.standsFor === "true" ? '"true"' : '""'})`;
      const around = wrapped(it.whole);
      const negated = around.parent?.kind === "not_operator" ? around.parent : undefined;
      if (negated && hasComments(negated)) return declined("a comment would be lost");
      const test = `${read}.lower() ${negated ? "not in" : "in"} ${WORDS}`;
      return fixOf(
        "Ask for the words that mean yes",
        ["every other text, which was true, is false then"],
        [replace(negated ?? it.whole, isOperand(negated ?? it.whole) ? `(${test})` : test)],
      );
    }
    if (it.how === "bool")
      return fixOf(
        "Ask for the words that mean yes",
        ["every other text, which was true, is false then"],
        [replace(it.type, `lambda it: it.lower() in ${WORDS}`)],
      );
    const items = it.how === "letters" ? typeOfItems(argumentOf(it.call, "default")) : undefined;
    const nargs = it.call.keywords.has("nargs") || !it.option.startsWith("-") ? undefined : 'nargs="+"';
    const added = items && nargs ? withArgument(it.call, nargs) : undefined;
    if (!added) return declined("how the items are parted, and what they are, cannot be seen");
    return fixOf(
      "Take several values",
      [
        `the values are parted by spaces then: \`${it.option} 1 2\``,
        it.type.text !== "list" && `what is given is a list, no ${it.type.text}`,
      ],
      [replace(it.type, items!), added],
    );
  },
});

/** What stands around it binds as tightly as `in`, or more tightly. */
const isOperand = ({ parent }: Node): boolean =>
  /^(?:comparison_operator|unary_operator|binary_operator|await|attribute|subscript)$/.test(parent?.kind ?? "");

const WORDS = '("1", "true", "yes", "on")';

const LETTERS: Readonly<Record<string, string>> = {
  list: '`["5", "1", "2"]`',
  tuple: '`("5", "1", "2")`',
  set: "a set of them",
  frozenset: "a set of them",
};
const REFUSED = new Set(["dict", "bytes", "bytearray"]);

function ofOption(call: Call, parser: Node, facts: Facts): OfOption | undefined {
  const type = call.keywords.get("type");
  if (type?.kind !== "identifier") return undefined;
  const how =
    type.text === "bool"
      ? "bool"
      : Object.hasOwn(LETTERS, type.text)
        ? "letters"
        : REFUSED.has(type.text)
          ? "refused"
          : undefined;
  if (!how || facts.isTest || facts.nameOf(type) !== `builtins.${type.text}`) return undefined;
  // `action=argparse.BooleanOptionalAction` never asks for the type; one of the program's own may do anything.
  const action = call.keywords.get("action");
  if (action && textValue(action) !== "store" && textValue(action) !== "append") return undefined;
  if (how === "letters" && /charact|letter|digits|symbols/i.test(argumentOf(call, "help")?.text ?? ""))
    return undefined;
  const names = call.args.map(textValue);
  const option = names.find((it) => it?.startsWith("--")) ?? names[0];
  const evidence = option !== undefined ? parserEvidence(parser, facts) : undefined;
  return evidence && { how, at: type, evidence, call, type, option: excerpt(option!, 40) };
}

/** By which evidence it is a parser of argparse, or a group of one. */
function parserEvidence(parser: Node, facts: Facts): Evidence | undefined {
  const known = facts.typed(parser, "strong")?.type.name;
  if (known !== undefined && !/^(?:argparse\.|local\.)|ArgumentParser$/.test(known)) return undefined;
  // These read the text by its type, or what is no text in the first place.
  if (facts.ofFile(READS_TYPES)) return undefined;
  if (facts.view.imports("argparse")) return "strong";
  // Django and others hand it to a method.
  const def = asFunction(functionAround(parser));
  return parser.kind === "identifier" && def && /(?:^|_)(?:args?|arguments?|parser|options?)(?:_|$)/.test(def.name)
    ? "strong"
    : undefined;
}

const READS_TYPES = fileQuestion((facts) =>
  facts.fileMatches(
    /\b(?:RequestParser|reqparse|flask_rest\w+|jsonargparse|simple_parsing|LightningCLI|LightningArgumentParser|add_arguments_to_parser)\b|\.register\(\s*["']type["']/,
  ),
);

/** `int` of `(512, 512)`: what all items of a literal are. */
function typeOfItems(value: Node | undefined): "int" | "float" | "str" | undefined {
  if (!value || !["list", "tuple", "set"].includes(value.kind)) return undefined;
  const items = itemsOf(value);
  if (items.length === 0) return undefined;
  if (items.every((it) => integerOf(it) !== undefined)) return "int";
  if (items.every((it) => it.kind === "float" || integerOf(it) !== undefined)) return "float";
  return items.every((it) => textValue(it) !== undefined) ? "str" : undefined;
}

/** What the default of a variable stands for. `text` is text that is neither of both. */
type Default = "nothing" | "false" | "no" | "true";

/** `false`: a text that should be false, which is true · `no`: False or 0 · `true`: what should be true, as text or not. */
function defaultOf(given: Node | undefined): Default | undefined {
  if (!given || given.kind === "none") return "nothing";
  const text = textValue(given);
  if (text !== undefined)
    return text === ""
      ? "nothing"
      : /^(?:0|f|false|no?|off)$/i.test(text)
        ? "false"
        : /^(?:1|t|true|y|yes|on)$/i.test(text)
          ? "true"
          : undefined;
  const number = integerOf(given);
  return given.kind === "false" || number === 0 ? "no" : given.kind === "true" || number === 1 ? "true" : undefined;
}

/** Such a variable is there or is not. */
const ONLY_THERE =
  /(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|URL|URI|ID|PATH|DIR|HOST|PORT|FILE|NAME|USER|CI|PID|ADDR|DSN|REGION|ENDPOINT|CREDENTIALS|DISPLAY|COLOR|HOME|ENV|ROOT|PREFIX|VERSION)S?(?:_|$)/i;
const SWITCH = /(?:^|_)(?:DEBUG|VERBOSE|ENABLED?|USE|ALLOW)(?:_|$)/i;

const found = (whole: Node, variable: string, standsFor: Default, evidence: Evidence) =>
  ({ how: "variable", at: whole, evidence, whole, variable: excerpt(variable, 40), standsFor }) as const;

function ofVariable(call: Call, facts: Facts): OfVariable | undefined {
  const variable = textValue(call.args[0]);
  const standsFor = defaultOf(argumentOf(call, "default", 1));
  if (variable === undefined || !standsFor || call.args.length > 2) return undefined;
  const made = madeBool(call.node, facts);
  const isText = textValue(call.args[1]) !== undefined && standsFor !== "nothing";
  if (made) {
    if (standsFor === "nothing" ? !SWITCH.test(variable) : standsFor === "no" && ONLY_THERE.test(variable))
      return undefined;
    const evidence = standsFor === "false" ? "proof" : "fair";
    return { ...found(made, variable, standsFor, evidence), call, isTested: false };
  }
  if (!isText) return undefined;
  const evidence = standsFor === "false" ? "proof" : "fair";
  if (isTested(call.node)) return { ...found(call.node, variable, standsFor, evidence), call, isTested: true };
  const name = nameGiven(call.node);
  if (!name || facts.writesOf(name).length !== 1 || facts.isRemote(name)) return undefined;
  const uses = facts.usesOf(name);
  // Who compares it somewhere knows that it is a text.
  if (uses.some(({ kind }) => kind === "compared" || kind === "membership" || kind === "method")) return undefined;
  const read = uses.find((it) => isTested(it.node) || madeBool(it.node, facts))?.node;
  if (!read) return undefined;
  return {
    ...found(call.node, variable, standsFor, evidence),
    related: [{ at: read, message: "here it is taken for true or false" }],
    call: undefined,
    isTested: isTested(read),
  };
}

/** `bool(value)` around a value. */
function madeBool(value: Node, facts: Facts): Node | undefined {
  const around = asCall(wrapped(value).parent?.parent);
  return around?.args.length === 1 &&
    around.callee.text === "bool" &&
    unwrap(around.args[0]!) === unwrap(value) &&
    facts.nameOf(around.callee) === "builtins.bool"
    ? around.node
    : undefined;
}

/** Nothing but whether it is true is asked of a value. */
function isTested(value: Node): boolean {
  const node = wrapped(value);
  const { parent } = node;
  switch (parent?.kind) {
    case "not_operator":
      return true;
    case "if_statement":
    case "elif_clause":
    case "while_statement":
      return parent.field("condition") === node;
    case "conditional_expression":
      return asConditional(parent)?.condition === node;
    case "boolean_operator":
      return isTested(parent);
    default:
      return false;
  }
}

function ofVariableSaid({ variable, standsFor, isTested: asItIs }: OfVariable): string {
  const rule = asItIs ? "Any text that is not empty counts as true" : "`bool` of any text that is not empty is true";
  switch (standsFor) {
    case "false":
      return `${rule}, so this is true even where \`${variable}\` is not set: its default is a text too.`;
    case "true":
      return `${rule}: \`${variable}=0\` and \`${variable}=False\` do not switch it off.`;
    default:
      return `${rule}: \`${variable}=0\` and \`${variable}=False\` switch it on.`;
  }
}
