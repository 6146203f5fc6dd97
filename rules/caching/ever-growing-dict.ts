/** A dict or list of the module, or of an object that serves for long, that gets an entry for each request, user or text, and never loses one. */

import {
  asCall,
  asFunction,
  asMethodCall,
  asSubscript,
  defineRule,
  entryOf,
  functionAround,
  lastIdentifier,
  operandsOf,
  unwrap,
  type Call,
  type ClassInfo,
  type Facts,
  type Node,
  type Place,
} from "../../analysis/authoring.js";

const KEYS =
  /(?:^|_)(?:user|users?_?id|session|session_?id|request|request_id|chat_id|thread_id|conversation_id|channel_id|guild_id|token|ip|client_id|job_id|task_id|run_id|batch_id|upload_id|call_id|room_id|workflow_id|execution_id|trace_id|correlation_id|message_id|url|prompt|query|question|text|email|phone|connection_id|uid|sid)s?$/i;

export default defineRule({
  title: "Dict or list that only ever grows",
  why: "Each new user, session or text adds an entry, and nothing takes one out: a program that runs for long holds on to all of them. A bounded lru_cache, a cache with a time limit, or a removal at the end of the session keeps it small.",
  guide: "caching",
  level: "hint",
  gain: "safety",

  examples: [
    {
      before: `
from fastapi import FastAPI

app = FastAPI()
histories = {}

@app.post("/remember")
def remember(session_id: str, message: str) -> None:
    histories[session_id] = message
`,
    },
  ],

  on: ["subscript", "call"],
  methods: ["append"],

  find(node, { facts }) {
    if (facts.isTest || facts.isNotebook) return undefined;
    const grown = node.kind === "call" ? grownList(node) : grownTable(node);
    if (!grown || !asFunction(functionAround(node))) return undefined;
    const { table, key } = grown;
    if (table.kind !== "identifier" && !/^self\.\w+$/.test(table.text)) return undefined;
    const place = facts.placeOf(table);
    const life = place && lifeOf(place, table, key !== undefined, facts);
    if (!place || !life || (key && !isOpen(key, life, facts)) || !onlyGrows(place, key !== undefined)) return undefined;
    return { at: table, construct: node, evidence: "strong" as const, weight: "heavy" as const, table, key };
  },

  message: ({ table, key }) =>
    key
      ? `\`${table.text}\` gets an entry for each \`${key.text.slice(0, 40)}\` and never loses one; a program that runs for long keeps them all.`
      : `\`${table.text}\` gets an entry with each call and never loses one; a program that runs for long keeps them all: \`deque(maxlen=…)\` keeps the newest.`,
});

/** What grows, and by which key if it is a dict. */
interface Grown {
  readonly table: Node;
  readonly key: Node | undefined;
}

/** `sessions[user_id] = …`. */
function grownTable(node: Node): Grown | undefined {
  const item = node.fieldName === "left" && node.parent?.kind === "assignment" ? asSubscript(node) : undefined;
  const [key, more] = item?.indices ?? [];
  return item && key && !more ? { table: unwrap(item.value), key } : undefined;
}

/** `self.access_log.append(…)`, of what is called like a record of all that happened. */
function grownList(node: Node): Grown | undefined {
  const list = asMethodCall(node, "append")?.object;
  return list && RECORDS.test(lastIdentifier(list.text)) ? { table: list, key: undefined } : undefined;
}

const RECORDS =
  /(?:^|_)(?:log|logs|history|histories|events?|records|samples|latenc(?:y|ies)|metrics|errors|alerts|timeline|audit|trace|durations|timings)$/i;

/** How long what grows is there: as long as the program, or as long as an object that serves several at a time. */
function lifeOf(place: Place, table: Node, isTable: boolean, facts: Facts): "program" | "server" | undefined {
  if (place.kind === "name") {
    const isServed = entryOf(table, facts) !== undefined || SERVER.some((it) => facts.view.imports(it));
    return isServed && facts.bindingOf(table)?.scope.kind === "module" ? "program" : undefined;
  }
  const { owner } = place;
  if (!owner) return undefined;
  const serves = facts.memo("serves several", owner.def.node, () => servesSeveral(owner, facts));
  if (serves && isMadeOnce(owner, facts)) return "program";
  // Users who have an account are to stay.
  return serves && isTable && !/(?:users|accounts|members)$/i.test(table.text) ? "server" : undefined;
}

/** Its methods are coroutines, or take a lock: several ask it at a time. */
const servesSeveral = ({ methods }: ClassInfo, facts: Facts): boolean =>
  methods.some(
    ({ def }) => (def.isAsync && !def.name.startsWith("__")) || /\bwith self\.\w*lock\b/.test(facts.bodyOf(def).text),
  );

/** `cache = Cache()` of the module, or of a function that keeps it there. */
function isMadeOnce({ name }: ClassInfo, facts: Facts): boolean {
  return facts.view.readsOf(name).some((it) => {
    const call = it.parent?.kind === "call" && it.fieldName === "function" ? it.parent : undefined;
    const target = call?.parent?.kind === "assignment" ? call.parent.field("left") : undefined;
    if (target?.kind !== "identifier") return false;
    const around = functionAround(target);
    if (around) return new RegExp(`\\bglobal\\b[^\\n]*\\b${target.text}\\b`).test(around.text);
    return target.ancestor("if_statement")?.field("condition")?.text.includes("__name__") !== true;
  });
}

/** The key is one of any number: of a user, request or text that the function is given. Texts and addresses are often those of one run. */
function isOpen(key: Node, life: "program" | "server", facts: Facts): boolean {
  if (isNewEachTime(key, facts)) return true;
  if (!(life === "program" ? KEYS : CALLERS).test(lastIdentifier(key.text))) return false;
  const names = new Set(asFunction(functionAround(key))!.parameters.map((it) => it.name));
  return operandsOf(key, facts).some((it) => names.has(it.text));
}

/** `str(uuid.uuid4())`, `f"job-{uuid4().hex[:8]}"`: no two are the same, whatever it is the key of. */
function isNewEachTime(key: Node, facts: Facts): boolean {
  const made = key.kind === "identifier" ? facts.valueOf(key) : key;
  return (
    made !== undefined &&
    callsOf(made).some((it) => MAKES_NEW.has(facts.nameOf(it.callee) ?? "")) &&
    (made === key || functionAround(made) === functionAround(key))
  );
}
const callsOf = (node: Node): readonly Call[] => [node, ...node.descendants("call")].flatMap((it) => asCall(it) ?? []);

const MAKES_NEW = new Set(["uuid.uuid4", "uuid.uuid1", "uuid.uuid7", "secrets.token_hex", "secrets.token_urlsafe"]);

const CALLERS =
  /(?:^|_)(?:user|users?_?id|session_?id|request_id|chat_id|thread_id|conversation_id|channel_id|guild_id|client_id|job_id|task_id|run_id|batch_id|upload_id|call_id|room_id|workflow_id|execution_id|trace_id|correlation_id|message_id|connection_id)s?$/i;

const SERVER = [
  "fastapi",
  "flask",
  "aiohttp",
  "starlette",
  "django",
  "sanic",
  "quart",
  "discord",
  "telegram",
  "aiogram",
  "slack_bolt",
  "chainlit",
  "telebot",
  "tornado",
  "bottle",
];

/** Begun empty, and read, asked or added to everywhere else. */
function onlyGrows(place: Place, isTable: boolean): boolean {
  const [site, more] = place.writes;
  const made = site?.value?.text ?? "";
  if (more || place.readsElsewhere.length > 0 || !(isTable ? EMPTY_TABLE : EMPTY_LIST).test(made)) return false;
  return place.uses.every(({ kind, name, call }) => {
    if (kind === "method") return (isTable ? ASKS : ADDS).test(name ?? "");
    if (kind === "argument") return READS.test(asCall(call)?.callee.text ?? "");
    return isTable || kind !== "subscript-store"
      ? /^(?:subscript|subscript-store|membership|tested|iterated)$/.test(kind)
      : false;
  });
}

const EMPTY_TABLE = /^(?:\{\}|dict\(\)|(?:collections\.)?defaultdict\(\w+\))$/;
const EMPTY_LIST = /^(?:\[\]|list\(\))$/;
const READS = /^(?:len|sum|min|max|sorted|list|any|all|dict|bool|enumerate|reversed)$/;
const ASKS = /^(?:get|setdefault|keys|values|items|copy)$/;
const ADDS = /^(?:append|extend|index|count|copy)$/;
