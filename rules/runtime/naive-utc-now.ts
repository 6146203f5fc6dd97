/** `datetime.utcnow()` and its like: a time in UTC that does not say so. */

import {
  asAttribute,
  asBinary,
  asCall,
  asMethodCall,
  asString,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  fileQuestion,
  functionAround,
  hasComments,
  importName,
  lastName,
  nameGiven,
  remove,
  replace,
  statementOf,
  textValue,
  type Call,
  type Edit,
  type Facts,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

const NOW = "datetime.datetime.utcnow";
const FROM = "datetime.datetime.utcfromtimestamp";
const LOCAL = "datetime.datetime.now";
const STAMPED = "datetime.datetime.fromtimestamp";

const METHODS = ["utcnow", "utcfromtimestamp", "now", "fromtimestamp"];

export default defineRule({
  title: "Time that does not say its zone",
  why: "A datetime without a time zone counts as local time wherever one is needed: timestamp(), astimezone() and most libraries shift it by the offset of the machine. It cannot be compared with times that have a zone, and Python 3.12 deprecates the functions that make it.",
  guide: "records",
  level: "warning",
  gain: "safety",
  words: ["utcnow", "utcfromtimestamp", "now", "fromtimestamp"],
  overlaps: ["DTZ003", "DTZ004", "DTZ006"],
  unlike:
    "functions handed on as a default factory and a `Z` behind local time count too, and most findings have a fix",
  fixes: "review",

  examples: [
    {
      before: `
from datetime import datetime

def stamped(record: dict) -> dict:
    return {**record, "created": datetime.utcnow()}
`,
      after: `
from datetime import datetime, timezone

def stamped(record: dict) -> dict:
    return {**record, "created": datetime.now(timezone.utc)}
`,
    },
  ],

  on: ["attribute"],
  attributes: METHODS,

  find(node, { facts }): Naive | undefined {
    const attribute = asAttribute(node)!;
    const call = asCall(node.parent);
    const called = call?.callee === node ? call : undefined;
    const zulu = called && zuluOf(called.node);
    if (attribute.name === "now" && (!called || called.args.length + called.keywords.size > 0 || called.hasSplat))
      return undefined;
    if (attribute.name === "fromtimestamp")
      return called && !facts.isTest ? saidToBeUtc(node, called, facts) : undefined;
    if (attribute.name === "now" && !zulu && (facts.isTest || !isWrittenDown(called!.node, facts))) return undefined;
    const name = facts.nameOf(node);
    if (name !== NOW && name !== FROM && name !== LOCAL) return undefined;
    if (node.ancestor("import_statement", "import_from_statement")) return undefined;
    const column = name === LOCAL || zulu ? undefined : columnFor(called?.node ?? node, facts);
    const isShown = called && name !== LOCAL && showsNoZone(called.node);
    return {
      at: node,
      evidence: "proof",
      weight:
        facts.isTest || isShown || isSigned(node) || (name === LOCAL && !zulu)
          ? "light"
          : called && (isShifted(called.node) || (name === LOCAL && zulu))
            ? isShiftedElsewhere(called.node, facts)
              ? "light"
              : "heavy"
            : column ||
                (called ? isOfField(called.node) : isFactory(node)) ||
                (called && (isCompared(called.node) || isComparedLater(called.node, facts)))
              ? "light"
              : "unknown",
      name,
      object: attribute.object,
      call: called?.node,
      zulu,
      column,
    };
  },

  message({ name, call, zulu, at, said, column }) {
    const shown = excerpt(at.text, 40);
    if (name === STAMPED)
      return `\`${shown}\` gives local time, and by its name \`${excerpt(said ?? "", 40)}\` is in UTC.`;
    if (name === LOCAL && !zulu)
      return `The text of \`${shown}()\` does not say its zone: it cannot be told from UTC, and is off by an hour when the clocks change.`;
    if (name === LOCAL) return `\`${shown}()\` is local time, and the Z behind it says that it is UTC.`;
    if (zulu)
      return `The time of \`${shown}()\` has no time zone, so a Z is put behind its text by hand; a time in UTC says so itself.`;
    if (column)
      return `The time of \`${shown}\` has no time zone; a column without \`timezone=True\` may refuse a time that has one, so change both together.`;
    if (call && isShifted(call))
      return `\`${excerpt(call.parent?.parent?.text ?? shown, 50)}\` takes the time in UTC for local time, and is off by the offset of the machine's zone.`;
    return call
      ? `The time of \`${shown}\` has no time zone: what needs one takes it for local time, not for UTC.`
      : `The times that \`${shown}\` makes have no time zone: what needs one takes them for local time, not for UTC.`;
  },

  fix(match, file) {
    const { name, object, call, zulu } = match;
    const around = call ?? match.at;
    if (match.column)
      return declined(
        "the column has to change as well, to `DateTime(timezone=True)`, with what the table holds already",
      );
    if (hasComments(around)) return declined("a comment would be lost");
    if (call && !zulu && saysUtcByHand(call, file.facts))
      return declined("a Z or UTC that is put behind its text has to go as well");
    const timezone = importName(file, "datetime", "timezone", match.at);
    if (!timezone) return declined("`timezone` means something else here");
    const given = asCall(call)?.args[0]?.text;
    const utc = `${timezone.name}.utc`;
    if (name === STAMPED)
      return fixOf(
        "Say that it is UTC",
        [
          "the hours are those of UTC",
          "it cannot be compared with, or taken from, a time without a zone",
          "its text has +00:00 behind it",
        ],
        [...timezone.edits, replace(around, `${object.text}.fromtimestamp(${given}, ${utc})`)],
      );
    if (name === FROM && (!call || given === undefined)) return declined("what it is given is not in sight");
    const aware = name === FROM ? `${object.text}.fromtimestamp(${given}, ${utc})` : `${object.text}.now(${utc})`;
    const edits: Edit[] = [...timezone.edits, replace(around, call ? aware : `lambda: ${aware}`)];
    const isKept = match.weight === "light" && showsNoZone(around);
    if (zulu) {
      if (!zulu.isRemovable) return declined("the Z behind it has to go by hand");
      edits.push(remove(zulu.at));
    }
    if (call && isShifted(call))
      return fixOf(
        "Say that it is UTC",
        [
          "what comes out was off by the offset of the machine's zone, and is right then",
          "tests that replace the old function no longer take hold",
        ],
        edits,
      );
    return fixOf(
      "Say that it is UTC",
      [
        name === LOCAL && !zulu && "the hours are those of UTC",
        !isKept && "it cannot be compared with, or taken from, a time without a zone",
        !isKept && (zulu ? "the text ends with +00:00 instead of Z" : "its text has +00:00 behind it"),
        "tests that replace the old function no longer take hold",
      ],
      edits,
    );
  },
});

interface Naive extends Match {
  readonly at: Node;
  readonly name: string;
  readonly object: Node;
  /** Undefined where the function itself is handed on. */
  readonly call: Node | undefined;
  readonly zulu: Zulu | undefined;
  /** It goes into a column of a database: one that is declared there, or elsewhere. */
  readonly column: Column | undefined;
  /** The name that says that it is UTC. */
  readonly said?: string;
}

/** `{"created_utc": datetime.fromtimestamp(post.created_utc)}`: seconds have no zone, and what comes of them here is local time. */
function saidToBeUtc(node: Node, { node: made, args, keywords, hasSplat }: Call, facts: Facts): Naive | undefined {
  if (args.length !== 1 || keywords.size > 0 || hasSplat || facts.nameOf(node) !== STAMPED) return undefined;
  const around = made.parent;
  const said =
    around?.kind === "pair"
      ? textValue(around.field("key"))
      : around?.kind === "keyword_argument"
        ? around.field("name")?.text
        : around?.kind === "assignment"
          ? targetSaid(around.field("left")!)
          : undefined;
  if (said === undefined || !/(?:^|_)utc(?:_|$)/i.test(said)) return undefined;
  if (around?.kind === "assignment" && isLocalThroughout(around.field("left")!, facts)) return undefined;
  return {
    at: node,
    evidence: "strong",
    weight: "heavy",
    name: STAMPED,
    object: asAttribute(node)!.object,
    call: made,
    zulu: undefined,
    column: undefined,
    said,
  };
}

/** All that is asked of it is how far it is from `datetime.now()`, which is local time too: only its name is wrong. */
function isLocalThroughout(target: Node, facts: Facts): boolean {
  const reads = target.kind === "identifier" ? facts.readsSeeing(target) : [];
  return (
    reads.length > 0 &&
    reads.every((it) => isCompared(it) && /\.now\(\)/.test(it.ancestor("comparison_operator")?.text ?? it.parent!.text))
  );
}

/** `created_utc`, `self.created_utc`, `row["created_utc"]`. */
const targetSaid = (target: Node): string | undefined =>
  textValue(asSubscript(target)?.indices[0]) ?? (target.kind === "subscript" ? undefined : lastName(target));

/** The Z for UTC that is put behind the text of a time. */
interface Zulu {
  readonly at: { readonly tree: Node["tree"]; readonly start: number; readonly end: number };
  readonly isRemovable: boolean;
}

/** Its text is kept: `datetime.now().isoformat()`, also by a name; not where it is only printed or logged. */
function isWrittenDown(made: Node, facts: Facts): boolean {
  // What is worked out once for all objects is told by another rule.
  if (!functionAround(made) && made.ancestor("class_definition", "default_parameter", "typed_default_parameter"))
    return false;
  const name = nameGiven(made);
  const shown = name ? facts.readsOf(name) : [made];
  if (shown.some(isStamp)) return true;
  const texts = shown.flatMap((it) => {
    const text = asMethodCall(it.parent?.parent, "isoformat");
    return text && text.object === it && text.args.length === 0 ? [text.node] : [];
  });
  return texts.some(
    (it) =>
      !/^(?:binary_operator|interpolation)$/.test(it.parent?.kind ?? "") &&
      !/^(?:print|log|logger|logging|self\.log\w*|st)\b/.test(it.ancestor("call")?.field("function")?.text ?? ""),
  );
}

/** A text with the hour that is kept as the time of something: `version = now.strftime("%Y%m%d_%H%M%S")`, `{"created": …}`. */
function isStamp(time: Node): boolean {
  const text = asMethodCall(time.parent?.parent, "strftime");
  if (text?.object !== time || !/%[HI]/.test(textValue(text.args[0]) ?? "")) return false;
  const around = text.node.ancestor("pair", "keyword_argument", "assignment", "call", "interpolation", "block");
  const named =
    around?.kind === "pair"
      ? textValue(around.field("key"))
      : around?.kind === "keyword_argument"
        ? around.field("name")?.text
        : around?.kind === "assignment"
          ? lastName(around.field("left")!)
          : undefined;
  return named !== undefined && STAMPS.test(named);
}
const STAMPS =
  /(?:^|[_.])(?:version|created|updated|modified|saved|recorded|registered|uploaded|processed)(?:_|$)|\w_(?:timestamp|at)$/i;

function zuluOf(made: Node): Zulu | undefined {
  // `utcnow().replace(microsecond=0).isoformat() + "Z"`
  const changed = asMethodCall(made.parent?.parent, "replace");
  if (changed?.object === made) return zuluOf(changed.node);
  const text = asMethodCall(made.parent?.parent, "isoformat", "strftime");
  if (!text || text.object !== made) return undefined;
  const format = text.method === "strftime" ? textValue(text.args[0]) : undefined;
  if (format?.endsWith("Z") && !format.endsWith("%Z")) return { at: text.args[0]!, isRemovable: false };
  const outer = text.node.parent;
  const joined = asBinary(outer);
  if (joined?.operator === "+" && joined.left === text.node && textValue(joined.right) === "Z")
    return {
      at: { tree: made.tree, start: text.node.end, end: joined.node.end },
      isRemovable: text.method === "isoformat",
    };
  const string = outer?.kind === "interpolation" ? asString(outer.parent) : undefined;
  return string && outer && made.tree.text[outer.end] === "Z"
    ? { at: { tree: made.tree, start: outer.end, end: outer.end + 1 }, isRemovable: text.method === "isoformat" }
    : undefined;
}

/** `now.isoformat() + "Z"` further down, `"{}Z".format(utcnow().isoformat())`, `str(utcnow()) + " UTC"`. */
function saysUtcByHand(made: Node, facts: Facts): boolean {
  const name = nameGiven(made);
  const places = name?.kind === "identifier" ? facts.readsSeeing(name) : [made];
  return places.some((it) => {
    const { text } = statementOf(it);
    return text.length < LONGEST && BY_HAND.test(text);
  });
}
const BY_HAND = /[}\ds]Z["']|["']Z["']|["'] ?\(?UTC\)?["']|\} UTC\b/;
const LONGEST = 2_000;

const FIELDS = new Set("year month day hour minute second microsecond".split(" "));
const PARTS = new Set("date time weekday isoweekday isocalendar toordinal".split(" "));

/** What is asked of it does not depend on the zone, nor show it. */
function showsNoZone(made: Node): boolean {
  const attribute = asAttribute(made.parent);
  if (attribute?.object !== made) return false;
  const call = asMethodCall(attribute.node.parent);
  if (call?.callee !== attribute.node) return FIELDS.has(attribute.name);
  if (PARTS.has(attribute.name)) return true;
  const format = attribute.name === "strftime" ? textValue(call.args[0]) : undefined;
  return format !== undefined && !/%z|%Z|%:z|%s/.test(format) && !format.endsWith("Z");
}

/** `utcnow().timestamp()`, also behind `replace(microsecond=0)`: it is wrong there and then, wherever the zone is not UTC. */
function isShifted(made: Node): boolean {
  const method = asMethodCall(made.parent?.parent, "timestamp", "astimezone", "replace");
  if (method?.object !== made) return false;
  return method.method === "replace" ? !method.keywords.has("tzinfo") && isShifted(method.node) : true;
}

/** It becomes a field of another object, `task.started = utcnow()` or `Task(start=utcnow())`, whose class may compare it with times like it. */
function isOfField(made: Node): boolean {
  let at = made;
  while (at.parent && STEPS.test(at.parent.kind)) at = at.parent;
  const around = at.parent;
  if (around?.kind === "keyword_argument") return true;
  const target = around?.kind === "assignment" && at.fieldName === "right" ? around.field("left") : undefined;
  return target?.kind === "attribute";
}

/** `field(default_factory=datetime.utcnow)`: the time of an object's own making, which is mostly stored or shown. */
const isFactory = (node: Node): boolean =>
  node.parent?.kind === "keyword_argument" && node.parent.field("name")?.text === "default_factory";

/** Other times of the file are turned into seconds as well: if they have no zone either, all are off by as much, and agree. */
const isShiftedElsewhere = (made: Node, facts: Facts): boolean => isShifted(made) && facts.ofFile(SHIFTS_FIELDS);

const SHIFTS_FIELDS = fileQuestion((facts) => facts.fileMatches(/\b(?!now\b)\w+\.timestamp\(\)/));

/** `cutoff = utcnow() - timedelta(hours=1)`, which is compared below: with times that have no zone either. */
function isComparedLater(made: Node, facts: Facts): boolean {
  let at = made;
  while (at.parent?.kind === "binary_operator" || at.parent?.kind === "parenthesized_expression") at = at.parent;
  const target = at.fieldName === "right" && at.parent?.kind === "assignment" ? at.parent.field("left") : undefined;
  return (
    target?.kind === "identifier" && facts.readsSeeing(target).some((it) => it.parent?.kind === "comparison_operator")
  );
}

/** It is compared with another time, which has no zone either, or the program would not get there. */
function isCompared(made: Node): boolean {
  let at = made;
  for (let outer = at.parent; outer; at = outer, outer = at.parent) {
    if (outer.kind === "comparison_operator") return true;
    if (outer.kind === "parenthesized_expression") continue;
    const sum = asBinary(outer);
    if (sum?.operator !== "+" && sum?.operator !== "-") return false;
    const other = sum.left === at ? sum.right : sum.left;
    if (sum.operator === "-" && !/\btimedelta\(/.test(other.text)) return true;
  }
  return false;
}

/** `jwt.encode({"exp": …})` takes times without a zone for UTC. */
const isSigned = (node: Node): boolean => /\bjwt\.encode\(/.test(functionAround(node)?.text ?? "");

type Column = "declared" | "elsewhere";

const isOfDatabase = (facts: Facts): boolean =>
  ["sqlalchemy", "sqlmodel", "flask_sqlalchemy"].some((it) => facts.view.imports(it)) ||
  facts.fileMatches(/\bsession\.(?:add|add_all|commit|merge|scalars?)\(/);
/** Columns that hold a zone. */
const AWARE = /\btimezone\s*=\s*True\b|TIMESTAMPTZ|\b(?:TZ|UTC|Utc|Aware)_?Date_?Time\b/;

/** The column of SQLAlchemy or SQLModel that the time goes into, directly or by a name, or is compared with; undefined where columns hold a zone. */
function columnFor(made: Node, facts: Facts): Column | undefined {
  if (!isOfDatabase(facts) || facts.fileMatches(AWARE)) return undefined;
  const name = nameGiven(made);
  return columnAt(made, facts) ?? (name?.kind === "identifier" ? columnOfName(name, facts) : undefined);
}

function columnOfName(name: Node, facts: Facts): Column | undefined {
  for (const it of facts.readsSeeing(name)) {
    const column = columnAt(it, facts);
    if (column) return column;
  }
  return undefined;
}

function columnAt(value: Node, facts: Facts): Column | undefined {
  let at = value;
  while (at.parent && STEPS.test(at.parent.kind)) at = at.parent;
  const around = at.parent;
  switch (around?.kind) {
    case "assignment":
      return at.fieldName === "right" && isOfRow(around.field("left")!, facts) ? "elsewhere" : undefined;
    case "keyword_argument":
      return columnOfArgument(around, facts);
    case "pair":
      return /(?:^|\.)(?:values|update)$/.test(calleeAround(around)) ? "elsewhere" : undefined;
    case "comparison_operator":
      return around.children.some((it) => /^[A-Z]\w*(?:\.c)?\.[a-z]\w*$/.test(it.text)) ? "elsewhere" : undefined;
    default:
      return undefined;
  }
}
const STEPS = /^(?:parenthesized_expression|conditional_expression|boolean_operator|binary_operator|lambda)$/;

const calleeAround = (node: Node): string => node.ancestor("call")?.field("function")?.text ?? "";

/** `row.finished_at`, and `self.finished_at` of a class with columns. */
function isOfRow(target: Node, facts: Facts): boolean {
  const object = asAttribute(target)?.object;
  if (object?.kind !== "identifier") return false;
  if (object.text !== "self" && object.text !== "cls") return true;
  const owner = facts.classOf(functionAround(target) ?? target);
  return owner?.def.bases.some((it) => /(?:Base|Model)$/.test(it.text)) ?? false;
}

/** `Column(DateTime, default=datetime.utcnow)`, `Job(started=datetime.utcnow())`, `update(Job).values(ended=…)`. */
function columnOfArgument(argument: Node, facts: Facts): Column | undefined {
  const callee = argument.ancestor("call")?.field("function");
  const called = callee?.text.split(".").at(-1) ?? "";
  const keyword = argument.field("name")?.text ?? "";
  if (/^(?:Column|mapped_column|Field)$/.test(called)) {
    const isColumn = called !== "Field" || facts.nameOf(callee!) === "sqlmodel.Field";
    return isColumn && /^(?:default|default_factory|onupdate|insert_default)$/.test(keyword) ? "declared" : undefined;
  }
  return /^[A-Z]\w*[a-z]|^(?:values|filter_by|update)$/.test(called) ? "elsewhere" : undefined;
}
