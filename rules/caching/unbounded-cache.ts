/** `@cache` on a function of which new arguments keep coming. */

import {
  asFunction,
  cacheDecorator,
  declined,
  defineRule,
  fixOf,
  functionAround,
  importName,
  replace,
  type Facts,
  type FunctionDef,
} from "../../analysis/authoring.js";

/** What users, files and the network bring: there is always another one. */
const OPEN =
  /^(?:.*_)?(?:text|texts|prompt|query|question|message|content|body|sentence|line|url|uri|user|user_id|session|session_id|token|request_id|chat_id|document|doc|html|sql|timestamp|title|email|phrase|utterance|word|input|inputs|payload|value|values|x|lat|lon|address|description)$/;
const CLOSED = /^(?:bool|None|Literal\b|type\b|Type\b)|Enum\b|Literal\[/;

export default defineRule({
  title: "Cache without a limit on open input",
  why: "The cache keeps every argument and every result as long as the program runs. Where new arguments keep coming, as texts or addresses do, it grows until memory ends; lru_cache with a size forgets what was not asked for lately.",
  guide: "caching",
  level: "info",
  gain: "safety",
  imports: ["functools"],
  fixes: "review",

  examples: [
    {
      before: `
import functools

@functools.lru_cache(maxsize=None)
def word_count(text: str) -> int:
    return len(text.split())
`,
      after: `
import functools

@functools.lru_cache(maxsize=1024)
def word_count(text: str) -> int:
    return len(text.split())
`,
    },
  ],

  on: ["decorator"],

  find(node, { facts }) {
    const def = asFunction(node.parent);
    const cache = def && !facts.isTest ? cacheDecorator(def, facts) : undefined;
    if (!def || cache?.kind !== "functools" || cache.places !== Infinity || !cache.decorator.isInside(node))
      return undefined;
    if (def.isAsync || facts.classOf(def.node) || functionAround(def.node) || facts.isNotebook) return undefined;
    const open = openParameter(def);
    if (!open || callsItself(def, facts) || isEmptied(def, facts)) return undefined;
    return {
      at: cache.callee,
      evidence: "strong",
      weight: facts.weightOf(def.body) === "heavy" ? "heavy" : "unknown",
      def,
      open,
      cache,
    };
  },

  message: ({ def, open }) =>
    `The cache of \`${def.name}\` keeps every \`${open}\` that it was ever called with; give it a \`maxsize\`.`,

  fix({ def, cache }, file) {
    if (def.decorators.length > 1) return declined("there is another decorator");
    const name = importName(file, "functools", "lru_cache", def.node);
    if (!name) return declined("the name `lru_cache` means something else here");
    return fixOf(
      "Keep the last 1024 results",
      ["results that were forgotten are worked out again"],
      [...name.edits, replace(cache.decorator, `${name.name}(maxsize=1024)`)],
    );
  },
});

function openParameter({ parameters }: FunctionDef): string | undefined {
  for (const { name, annotation } of parameters) {
    if (!name || name === "self" || name === "cls") continue;
    if (annotation && CLOSED.test(annotation.text)) continue;
    if (OPEN.test(name) && (!annotation || /\b(?:str|bytes|float|int|tuple|Any|Hashable)\b/.test(annotation.text)))
      return name;
  }
  return undefined;
}

/** The table of a recursion is needed whole. */
function callsItself({ nameNode, body }: FunctionDef, facts: Facts): boolean {
  return facts.readsOf(nameNode, body).length > 0 || body.identifiers(nameNode.text).length > 0;
}

function isEmptied({ nameNode }: FunctionDef, facts: Facts): boolean {
  return facts.readsOf(nameNode).some((it) => /^\.cache_clear/.test(it.tree.text.slice(it.end, it.end + 12)));
}
