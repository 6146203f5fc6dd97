/** A logging configuration that turns off the loggers which are there already. */

import {
  asSubscript,
  declined,
  defineRule,
  fixOf,
  givenOnce,
  insertAfter,
  insertBefore,
  textValue,
  unwrap,
  withArgument,
  fileQuestion,
  type Call,
  type Edit,
  type Facts,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Disabling extends Match {
  readonly call: Call;
  /** The dict, unless a file is read. */
  readonly config: Node | undefined;
}

/** A migration runs in a process of its own, which has no other loggers. */
const isMigration = fileQuestion((facts) => facts.fileMatches(/^from alembic import .*\bcontext\b/m));

export default defineRule({
  title: "Loggers that are there already are turned off",
  why: "Unless it says otherwise, a configuration disables every logger that exists and that it does not name: those of all modules imported so far. Their messages are gone, and nothing tells.",
  guide: "logging",
  level: "warning",
  differs: { unknown: "kept" },
  gain: "safety",
  words: ["dictConfig", "fileConfig"],
  fixes: "review",

  examples: [
    {
      before: `
import logging.config

def set_up() -> None:
    logging.config.dictConfig({
        "version": 1,
        "root": {"level": "INFO"},
    })
`,
      after: `
import logging.config

def set_up() -> None:
    logging.config.dictConfig({
        "version": 1,
        "disable_existing_loggers": False,
        "root": {"level": "INFO"},
    })
`,
    },
  ],

  on: ["call"],
  calls: ["logging.config.dictConfig", "logging.config.fileConfig"],

  find(_node, { facts }, call): Disabling | undefined {
    if (facts.isTest || call.hasSplat) return undefined;
    if (facts.nameOf(call.callee) === "logging.config.fileConfig")
      return call.args.length > 2 || call.keywords.has("disable_existing_loggers")
        ? undefined
        : {
            at: call.callee,
            evidence: "proof",
            weight: facts.ofFile(isMigration) ? "light" : "heavy",
            call,
            config: undefined,
          };
    const [given] = call.args;
    const config = given && literalOf(given, facts);
    if (!config || !config.children.every((it) => it.kind === "pair" || it.kind === "comment")) return undefined;
    const keys = config.children.map((it) => textValue(it.field("key")));
    if (!keys.includes("version") || keys.includes("disable_existing_loggers") || keys.includes("incremental"))
      return undefined;
    return { at: call.callee, evidence: "proof", call, config };
  },

  message: () =>
    "This turns off all loggers that exist and that it does not name; `disable_existing_loggers=False` leaves them on.",

  fix({ call, config }) {
    const edit = config ? inDict(config) : withArgument(call, "disable_existing_loggers=False");
    return edit
      ? fixOf("Leave the loggers on", ["loggers of modules that are imported before write again"], [edit])
      : declined("there is no plain place for it");
  },
});

/** The dict itself, or the one that a name stands for and that nothing adds to. */
function literalOf(given: Node, facts: Facts): Node | undefined {
  const node = unwrap(given);
  if (node.kind === "dictionary") return node;
  if (node.kind !== "identifier") return undefined;
  const value = givenOnce(node, facts);
  const isChanged = facts
    .usesOf(node)
    .some(
      (it) =>
        (it.kind === "subscript-store" && asSubscript(it.in)?.indices[0]?.text.includes("disable_existing")) ||
        (it.kind === "method" && (it.name === "update" || it.name === "setdefault")) ||
        (it.kind === "argument" && !/\bdictConfig\b/.test(it.call?.field("function")?.text ?? "")),
    );
  return value?.kind === "dictionary" && !isChanged ? value : undefined;
}

/** Behind the version, on a line of its own where that is on one. */
function inDict(config: Node): Edit | undefined {
  const pairs = config.children.filter((it) => it.kind === "pair");
  const at = pairs.findIndex((it) => textValue(it.field("key")) === "version");
  const version = pairs[at];
  if (!version) return undefined;
  const next = pairs[at + 1];
  const quote = version.text[0];
  const text = `${quote}disable_existing_loggers${quote}: False`;
  if (!next) return insertAfter(version, `, ${text}`);
  const between = config.tree.text.slice(version.end, next.start);
  if (between.includes("#")) return undefined;
  return insertBefore(next, between.includes("\n") ? `${text},${between.replace(/^\s*,/, "")}` : `${text}, `);
}
