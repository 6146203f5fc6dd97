/** A dict of the module that gets an entry for each request, user or text, and never loses one. */

import {
  asFunction,
  asSubscript,
  defineRule,
  entryOf,
  functionAround,
  lastIdentifier,
  operandsOf,
  unwrap,
  useOf,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const KEYS =
  /(?:^|_)(?:user|users?_?id|session|session_?id|request|request_id|chat_id|thread_id|conversation_id|channel_id|guild_id|token|ip|client_id|job_id|task_id|run_id|message_id|url|prompt|query|question|text|email|phone|connection_id|uid|sid)s?$/i;

export default defineRule({
  title: "Dict that only ever grows",
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

  on: ["subscript"],

  find(node, { facts }) {
    if (node.fieldName !== "left" || node.parent?.kind !== "assignment" || facts.isTest || facts.isNotebook)
      return undefined;
    const item = asSubscript(node);
    const table = item && unwrap(item.value);
    const [key, more] = item?.indices ?? [];
    if (!table || !key || more || table.kind !== "identifier") return undefined;
    const def = asFunction(functionAround(node));
    if (!def || facts.bindingOf(table)?.scope.kind !== "module") return undefined;
    const isOpen = KEYS.test(lastIdentifier(key.text));
    const names = new Set(def.parameters.map((it) => it.name));
    if (!isOpen || !operandsOf(key, facts).some((it) => names.has(it.text))) return undefined;
    const isServed = entryOf(node, facts) !== undefined || SERVER.some((it) => facts.view.imports(it));
    if (!isServed || !onlyGrows(table, facts)) return undefined;
    return { at: table, construct: node, evidence: "strong", weight: "heavy", table, key };
  },

  message: ({ table, key }) =>
    `\`${table.text}\` gets an entry for each \`${key.text.slice(0, 40)}\` and never loses one; a program that runs for long keeps them all.`,
});

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

/** Begun as an empty dict, and read, asked or added to everywhere else. */
function onlyGrows(table: Node, facts: Facts): boolean {
  const [site, more] = facts.writesOf(table);
  const made = site?.value?.text ?? "";
  if (more || !/^(?:\{\}|dict\(\)|(?:collections\.)?defaultdict\(\w+\))$/.test(made)) return false;
  return facts.readsOf(table).every((it: Node) => {
    const use = useOf(it);
    if (use.kind === "method") return /^(?:get|setdefault|keys|values|items)$/.test(use.name ?? "");
    return /^(?:subscript|subscript-store|membership|tested|iterated)$/.test(use.kind);
  });
}
