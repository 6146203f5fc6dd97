/** A default value that is worked out when the function or class is made: the time, a random value, a client. */

import {
  asAssignment,
  asCall,
  asFunction,
  builderOf,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  importName,
  givenNone,
  noneGuard,
  parametersOf,
  replace,
  unwrap,
  useOf,
  type Facts,
  type File,
  type Fix,
  type FunctionDef,
  type Match,
  type Node,
  type Parameter,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Default value worked out when the function is defined",
  why: "A default value is evaluated once, where the function or class is defined, mostly while the module is imported. A time, a random value or an identifier is then the same for all calls, and a client or a setting is made or read before anybody asks for it.",
  guide: "functions-closures",
  level: "info",
  gain: "safety",
  overrides: ["runtime/naive-utc-now"],
  overlaps: ["B008", "RUF009"],
  unlike:
    "only changing values, clients, models that the function trains and what is read from the surroundings count, in fields of models too",
  fixes: "review",

  examples: [
    {
      before: `
from datetime import date

def is_due(day: date, today: date = date.today()) -> bool:
    return day <= today
`,
      after: `
from datetime import date

def is_due(day: date, today: date | None = None) -> bool:
    if today is None:
        today = date.today()
    return day <= today
`,
    },
  ],

  on: ["default_parameter", "typed_default_parameter", "assignment"],

  find(node, { facts }): Early | undefined {
    // Of assignments those that a class declares its fields by; most are none.
    if (node.kind === "assignment" && !node.field("type")) return undefined;
    const value = node.kind === "assignment" ? node.field("right") : node.field("value");
    if (!value || !(value.kind === "call" || value.descendants("call").length > 0)) return undefined;
    const field = node.kind === "assignment" ? fieldOf(node, facts) : undefined;
    const def = node.kind === "assignment" ? undefined : asFunction(node.parent?.parent);
    const parameter = def && parametersOf(node.parent).find((it) => it.node === node);
    // A function inside another is defined anew each time; a name with an underscore, or one that says so, is for what stays.
    if (parameter ? functionAround(def!.node) || STAYS.test(parameter.name) : !field) return undefined;
    const found = earlyCall(value, facts) ?? (def && parameter ? trained(value, parameter, def, facts) : undefined);
    if (!found) return undefined;
    // What a class holds for all of its objects may be meant so, but not where each is to have a field of its own.
    if (field && found.kind !== "value" && !(found.kind === "made" && found.call !== value)) return undefined;
    return {
      at: found.call,
      evidence: "proof",
      weight: facts.isTest || (def && isCommand(def)) ? "light" : found.isWrong ? "heavy" : "unknown",
      ...found,
      value,
      owner: field?.owner ?? def!.name,
      place: def && parameter ? { def, parameter } : undefined,
      maker: field?.maker,
    };
  },

  message({ call, kind, what, owner, place }) {
    const shown = excerpt(call.text, 40);
    const name = excerpt(owner, 40);
    if (kind === "trained")
      return `\`${shown}\` is made once, when \`${name}\` is defined: each call trains the same object, which others may still hold.`;
    if (kind === "made")
      return `\`${shown}\` is made when \`${name}\` is defined, ${place ? "called or not, and all calls share it" : "and all its objects share it"}.`;
    if (kind === "read") return `\`${shown}\` is read when \`${name}\` is defined; what is set later does not count.`;
    return place
      ? `\`${shown}\` runs once, when \`${name}\` is defined: every call gets the same ${what}.`
      : `\`${shown}\` runs once, when the class \`${name}\` is made: every object gets the same ${what}.`;
  },

  fix({ kind, call, value, place, maker }, file) {
    if (hasComments(value)) return declined("there is a comment inside the default");
    if (kind === "made") return declined("where it is to be made once is not in sight");
    const inner = asCall(unwrap(value));
    const given = inner?.keywords.get("default");
    const isField = given && inner && FIELDS.has(file.facts.nameOf(inner.callee) ?? "");
    if (isField) {
      if (hasComments(inner.node) || !given.parent) return declined("there is a comment inside it");
      return fixOf("Use default_factory", [EACH], [replace(given.parent, `default_factory=${factoryText(given)}`)]);
    }
    // `Query(date.today())` tells a framework what it needs to know.
    if (
      inner &&
      inner.node !== call &&
      asCall(call) &&
      inner.argumentList.start <= call.start &&
      /^(\w+\.)*[A-Z]\w*$/.test(inner.callee.text)
    )
      return declined(`it is handed to \`${excerpt(inner.callee.text, 40)}\``);
    if (!place) return factory(value, maker!, file) ?? declined("`field` means something else here");
    const none = givenNone(place.def, place.parameter, file.facts);
    if (typeof none === "object") return none;
    const edits = noneGuard(place.def, place.parameter, value, file);
    return edits
      ? fixOf("Default to None, work it out in the call", ["each call then works it out anew", none], edits)
      : declined("there is no room for the test at the start of the function");
  },
});

interface Early extends Match, Found {
  readonly value: Node;
  readonly owner: string;
  readonly place: { readonly def: FunctionDef; readonly parameter: Parameter } | undefined;
  readonly maker: Maker | undefined;
}

interface Found {
  readonly call: Node;
  /** `value`: another one at each call · `read`: from the surroundings · `made`: something costly · `trained`: a model that the function trains. */
  readonly kind: "value" | "read" | "made" | "trained";
  readonly what: string;
  /** Nobody wants it worked out once; the others may be meant so. */
  readonly isWrong: boolean;
}

const STAYS = /^_|start|boot|import|launch/i;

const VALUES: readonly (readonly [RegExp, string])[] = [
  [
    /^(datetime\.(datetime\.(now|utcnow|today)|date\.today)|time\.(time|time_ns|perf_counter|monotonic|localtime|gmtime)|pandas\.Timestamp\.(now|today|utcnow))$/,
    "time",
  ],
  [/^(uuid\.uuid[14]|secrets\.token_\w+)$/, "identifier"],
  [
    /^(random\.(random|randint|uniform|choice|gauss|randrange|sample)|numpy\.random\.(rand|randn|randint|random|normal|uniform|choice))$/,
    "random value",
  ],
];
const READS = /^(os\.(getcwd|getenv|environ\.get)|pathlib\.Path\.cwd)$/;

/** A class of a library whose objects hold a connection. */
const CONNECTION = /\.[A-Z]\w*(?:Connection|Client)$/;

/** The call in a default that should run later; not in a lambda, which runs when it is called. */
function earlyCall(value: Node, facts: Facts): Found | undefined {
  if (unwrap(value).kind === "lambda") return undefined;
  const calls = value.kind === "call" ? [value, ...value.descendants("call")] : value.descendants("call");
  for (const call of calls) {
    if (call.ancestor("lambda")?.isInside(value)) continue;
    const name = facts.nameOf(asCall(call)?.callee ?? call);
    if (name === undefined) continue;
    const what = VALUES.find(([names]) => names.test(name))?.[1];
    if (what) return { call, kind: "value", what, isWrong: true };
    if (READS.test(name)) return { call, kind: "read", what: "", isWrong: false };
    const given = asCall(value)?.keywords.get("default");
    const isWhole = call === value || (call === given && FIELDS.has(facts.nameOf(asCall(value)!.callee) ?? ""));
    if (isWhole && (builderOf(name) || CONNECTION.test(name))) return { call, kind: "made", what: "", isWrong: false };
  }
  return undefined;
}

const MODEL = /^(?:sklearn|xgboost|lightgbm|catboost|imblearn)\.(?:\w+\.)*[A-Z]\w*$/;
const TRAINS = new Set(["fit", "fit_transform", "fit_predict", "fit_resample", "partial_fit", "set_params"]);

/** `model=SVR()` in a function that calls `model.fit(…)`. */
function trained(value: Node, { name }: Parameter, def: FunctionDef, facts: Facts): Found | undefined {
  const call = unwrap(value);
  if (call.kind !== "call" || !MODEL.test(facts.nameOf(asCall(call)!.callee) ?? "")) return undefined;
  const isTrained = def.body.identifiers(name).some((it) => {
    const use = useOf(it);
    return use.kind === "method" && TRAINS.has(use.name ?? "");
  });
  return isTrained ? { call, kind: "trained", what: "", isWrong: true } : undefined;
}

/** A command of click or typer, which a program runs once. */
const isCommand = ({ decorators }: FunctionDef): boolean =>
  decorators.some((it) => /\.(command|callback)\b/.test(it.text));

type Maker = readonly [module: string, name: string];

/** `created: datetime = datetime.now()` in the body of a dataclass or of a model of pydantic. */
function fieldOf(node: Node, facts: Facts): { readonly owner: string; readonly maker: Maker } | undefined {
  const assignment = asAssignment(node);
  const [target] = assignment?.targets ?? [];
  if (!assignment?.annotation || target?.kind !== "identifier" || functionAround(node) || !node.parent)
    return undefined;
  if (/\bClassVar\b/.test(assignment.annotation.text)) return undefined;
  const info = facts.classOf(node.parent);
  if (!info) return undefined;
  if (info.def.decorators.some((it) => facts.nameOf(asCall(it)?.callee ?? it) === "dataclasses.dataclass"))
    return { owner: info.name, maker: ["dataclasses", "field"] };
  return info.def.bases.some((it) => facts.nameOf(it) === "pydantic.BaseModel")
    ? { owner: info.name, maker: ["pydantic", "Field"] }
    : undefined;
}

function factory(value: Node, [module, name]: Maker, file: File): Fix | undefined {
  const made = importName(file, module, name, value);
  if (!made) return undefined;
  return fixOf(
    "Use default_factory",
    [EACH],
    [...made.edits, replace(value, `${made.name}(default_factory=${factoryText(value)})`)],
  );
}

const EACH = "each object then gets its own";
const FIELDS = new Set(["dataclasses.field", "pydantic.Field"]);

/** What is called for a new value: the function itself where it is called with nothing. */
function factoryText(value: Node): string {
  const call = asCall(unwrap(value));
  const isPlain = call !== undefined && call.callee.kind !== "call" && call.callee.descendants("call").length === 0;
  const isBare = isPlain && call.args.length + call.keywords.size === 0 && !call.hasSplat;
  return isBare ? call.callee.text : `lambda: ${value.text}`;
}
