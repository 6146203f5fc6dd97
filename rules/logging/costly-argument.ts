/** Something that takes long to work out, for a debug message that is most often off, or all of the data in a message. */

import {
  asAttribute,
  asCall,
  asFunction,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  expressionOf,
  fixOf,
  functionAround,
  importEdits,
  importModule,
  indentLines,
  indentOf,
  indentUnit,
  insertBefore,
  startsLine,
  statementOf,
  textValue,
  unwrap,
  type Evidence,
  type Facts,
  type Match,
  type MethodCall,
  type Node,
} from "../../analysis/authoring.js";

interface Costly extends Match {
  readonly at: Node;
  readonly call: MethodCall;
  /** All of some data is written to the log, however much that is. */
  readonly isWhole: boolean;
}

export default defineRule({
  title: "Costly argument of a log message",
  why: "Arguments are worked out before the logger is asked whether it wants the message, and debug messages are off in most runs: a dump of all data, statistics or a value fetched from the graphics card is made and dropped. isEnabledFor asks first. All of what was fetched, in a message that is logged, fills the log with what nobody reads, and with what is nobody's business.",
  guide: "logging",
  level: "info",
  differs: { unknown: "kept", light: "off" },
  gain: "time",
  imports: ["logging", "loguru", "structlog"],
  orWords: ["logger", "_logger", "log", "_log", "LOGGER", "LOG"],
  words: ["debug", "info", "log"],
  overrides: ["logging/eager-format"],
  fixes: "review",

  examples: [
    {
      before: `
import json
import logging

logger = logging.getLogger(__name__)

def total(rows: list[int]) -> int:
    logger.debug("rows: %s", json.dumps(rows, indent=2))
    return len(rows)
`,
      after: `
import json
import logging

logger = logging.getLogger(__name__)

def total(rows: list[int]) -> int:
    if logger.isEnabledFor(logging.DEBUG):
        logger.debug("rows: %s", json.dumps(rows, indent=2))
    return len(rows)
`,
    },
  ],

  on: ["call"],
  methods: ["debug", "info"],

  find(node, { facts }): Costly | undefined {
    const call = asMethodCall(node, "debug", "info");
    if (!call || call.args.length === 0 || facts.isTest) return undefined;
    const whole = wholeIn(call, facts);
    if (whole) return { at: whole, evidence: "fair", weight: "unknown", construct: node, call, isWhole: true };
    if (call.method !== "debug") return undefined;
    const costly = call.argumentList.descendants("call").find((it) => isCostly(it, facts));
    const evidence = costly && loggerEvidence(call, facts);
    if (!costly || !evidence || isAskedFor(node, facts)) return undefined;
    const weight = facts.loopAround(node) ? "heavy" : facts.weightOf(node);
    return { at: costly, evidence, weight, construct: node, call, isWhole: false };
  },

  message: ({ at, isWhole }) =>
    isWhole
      ? `All of \`${at.text}\` is written to the log, however much that is; its length or a part of it says enough.`
      : `\`${excerpt(at.field("function")!.text.replace(/\s+/g, ""), 50)}\` runs even when debug messages are off; ask \`isEnabledFor\` first.`,

  fix({ call, isWhole }, file) {
    if (isWhole) return declined("what of it the log should have is not known");
    const { facts } = file;
    const statement = statementOf(call.node);
    if (expressionOf(statement) !== call.node || !startsLine(statement))
      return declined("the call shares its line with something else");
    const name = facts.nameOf(call.object);
    if (
      name !== "logging" &&
      !facts.isA(call.object, "logging.Logger", "strong") &&
      !facts.isA(call.object, "logging.LoggerAdapter", "strong")
    )
      return declined(`\`${excerpt(call.object.text, 30)}\` is not known to be a logger of the logging module`);
    const logging = importModule(file, "logging", call.node);
    if (!logging) return declined("the name logging means something else here");
    const asked = name === "logging" ? `${logging.name}.getLogger()` : call.object.text;
    return fixOf(
      "Ask whether it is wanted",
      ["what the argument does besides is done only where debug messages are on"],
      [
        ...importEdits(logging),
        insertBefore(
          statement,
          `if ${asked}.isEnabledFor(${logging.name}.DEBUG):\n${indentOf(statement)}${indentUnit(statement, facts)}`,
        ),
        ...indentLines(
          { tree: statement.tree, start: statement.start, end: statement.end },
          indentUnit(statement, facts),
        ).filter(({ at }) => at.start > statement.start),
      ],
    );
  },
});

/** Functions whose work grows with the data. */
const FUNCTIONS =
  /^(?:json\.dumps|pprint\.pformat|yaml\.(?:dump|safe_dump)|traceback\.format_stack|inspect\.stack|copy\.deepcopy|pickle\.dumps|numpy\.array2string|(?:numpy|scipy|torch|jax\.numpy)\.linalg\.\w+|numpy\.(?:percentile|quantile|median|unique|histogram|sort)|torch\.cuda\.memory_summary)$/;
/** Methods that show a table, walk through a model, or wait for the graphics card. */
const METHODS = new Set(
  "describe to_string to_json to_markdown model_dump_json model_dump value_counts memory_usage state_dict tolist to_dict memory_summary".split(
    " ",
  ),
);
const FETCHES = new Set(["cpu", "item", "numpy"]);

function isCostly(node: Node, facts: Facts): boolean {
  const callee = node.field("function");
  if (!callee || asFunction(functionAround(node)) !== asFunction(functionAround(node.parent!))) return false;
  const name = facts.nameOf(callee);
  if (name !== undefined) return FUNCTIONS.test(name);
  const method = asAttribute(callee);
  if (!method) return false;
  // The names of the columns are few.
  if (/(?:^|\.)(?:columns|shape|dtypes)$/.test(method.object.text)) return false;
  if (METHODS.has(method.name)) return asCall(node)!.args.length === 0;
  return FETCHES.has(method.name) && facts.takenFor(method.object, "tensor", "strong") !== undefined;
}

const DATA =
  /^(?:raw|all|full|entire)_\w+$|^(?:\w+_)?(?:data|records|rows|response_json|results|payload|documents|docs|activities|articles|pages|transactions)$/;
/** What asks a service or a file for data. */
const FETCHES_DATA = /(?:^|\.)(?:get|fetch|load|read|download|query|list|scrape|search)(?:_\w+)?$|\.json$/;

/** A name in a message that stands for all that was fetched, or for a list that grew in a loop. */
function wholeIn(call: MethodCall, facts: Facts): Node | undefined {
  const [message, ...values] = call.args;
  if (!message || !DATA_IN.test(call.argumentList.text) || call.node.ancestor("except_clause", "finally_clause"))
    return undefined;
  const shown = [
    ...message.descendants("interpolation").flatMap((it) => (it.children.length === 1 ? it.children : [])),
    ...values,
  ];
  const whole = shown.find((it) => it.kind === "identifier" && DATA.test(it.text) && isMuch(it, facts));
  return whole && loggerEvidence(call, facts) ? whole : undefined;
}

const DATA_IN =
  /\b(?:raw|all|full|entire)_|(?:data|records|rows|_json|results|payload|documents|docs|activities|articles|pages|transactions)\b/;

function isMuch(name: Node, facts: Facts): boolean {
  const sites = facts.reachingSites(name);
  if (sites.length === 0 || sites.some((it) => it.kind !== "assign" || !it.value)) return false;
  return sites.some(({ value }) => {
    const made = unwrap(value!);
    const asked = asCall(made.kind === "await" ? made.children[0] : made);
    if (asked) return FETCHES_DATA.test(asked.callee.text) && asked.args.every((it) => textValue(it) === undefined);
    return (
      made.kind === "list" &&
      made.children.length === 0 &&
      facts
        .usesOf(name)
        .some(
          (it) =>
            it.kind === "method" &&
            /^(?:append|extend)$/.test(it.name ?? "") &&
            facts.loopAround(it.node) !== undefined,
        )
    );
  });
}

function loggerEvidence({ object }: MethodCall, facts: Facts): Evidence | undefined {
  const name = facts.nameOf(object);
  if (name === "logging" || facts.isA(object, "logging.Logger", "strong")) return "proof";
  return /(?:^|\.)_?_?(?:logger|log|logging)$/i.test(object.text) && !facts.typed(object) ? "strong" : undefined;
}

/** Somebody asks first, an error is told, or the file turns such messages on. */
function isAskedFor(node: Node, facts: Facts): boolean {
  const around = asFunction(functionAround(node))?.body ?? node.tree.root;
  if (
    node.ancestor("except_clause") ||
    facts.memo("asks for debug", around, () => /isEnabledFor|getEffectiveLevel|\.level\b/.test(around.text))
  )
    return true;
  for (let at = node.ancestor("if_statement"); at; at = at.ancestor("if_statement"))
    if (/debug|verbos/i.test(at.field("condition")?.text ?? "")) return true;
  return facts.fileMatches(TURNED_ON);
}

const TURNED_ON = /level\s*=\s*(?:logging\.)?["']?DEBUG\b|setLevel\(\s*(?:logging\.)?["']?DEBUG\b/;
