/** `dataset.map(tokenize)`: a data set of Hugging Face is tokenized one text at a time. */

import {
  asCall,
  asLambda,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  fixOf,
  functionCalled,
  statementsOf,
  replace,
  textValue,
  unwrap,
  withArgument,
  lastIdentifier,
  type Call,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Data set tokenized one text at a time",
  why: "Fast tokenizers work on a whole list of texts at once, in several threads. Without batched=True, map gives the function one row at a time, and all but one of the threads have nothing to do; each row is also written on its own.",
  guide: "transformers",
  level: "info",
  gain: "time",
  imports: ["datasets", "transformers"],
  fixes: "review",

  examples: [
    {
      before: `
from datasets import Dataset
from transformers import AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("bert-base-uncased")

def prepare(dataset: Dataset) -> Dataset:
    def tokenize(row):
        return tokenizer(row["text"], truncation=True)

    return dataset.map(tokenize)
`,
      after: `
from datasets import Dataset
from transformers import AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("bert-base-uncased")

def prepare(dataset: Dataset) -> Dataset:
    def tokenize(row):
        return tokenizer(row["text"], truncation=True)

    return dataset.map(tokenize, batched=True)
`,
    },
  ],

  on: ["call"],
  methods: ["map"],

  find(node, { facts }) {
    const call = asMethodCall(node, "map");
    const fn = call && (call.args[0] ?? call.keywords.get("function"));
    if (!call || !fn || call.hasSplat || facts.isTest || POOLS.test(call.object.text)) return undefined;
    const batched = call.keywords.get("batched");
    if (batched && batched.kind !== "false") return undefined;
    const mapped = mappedBy(fn, facts);
    const tokenizing = mapped && tokenizingIn(mapped);
    if (!tokenizing) return undefined;
    // A long function is much to write anew for lists.
    const isShort = mapped.body.kind !== "block" || statementsOf(mapped.body).length <= MOST_STATEMENTS;
    return {
      at: call.methodNode,
      evidence: "strong",
      weight: isShort ? "heavy" : "unknown",
      call,
      mapped,
      tokenizing,
      batched,
    };
  },

  message: ({ call, tokenizing }) =>
    `\`${call.object.text.length > 40 ? "map" : `${call.object.text}.map`}\` gives \`${tokenizing.callee.text}\` one text at a time; with \`batched=True\` it gets a thousand, and uses all cores.`,

  fix({ call, mapped, tokenizing, batched }) {
    const { body, parameter } = mapped;
    if (unwrap(resultOf(body) ?? body) !== tokenizing.node)
      return declined("the function does more than tokenize: it has to be written for lists of texts");
    const rows = body.identifiers(parameter);
    const isPlain = (it: Node) => {
      const item = asSubscript(it.parent);
      const place = item?.value === it && textValue(item.indices[0]) !== undefined ? item.node.parent : undefined;
      return place?.kind === "argument_list" || place?.kind === "keyword_argument";
    };
    if (!rows.every(isPlain))
      return declined("the function works on one text: it has to be written for lists of texts");
    const padding = tokenizing.keywords.get("padding");
    const isPadded = padding !== undefined && padding.kind !== "false";
    if (tokenizing.keywords.has("return_tensors") && !isPadded)
      return declined("texts of different lengths make no tensor together");
    const edit = batched ? replace(batched, "True") : withArgument(call, "batched=True");
    if (!edit) return declined("the call has no list of arguments");
    const isToLongest = isPadded && textValue(padding) !== "max_length";
    return fixOf(
      "Tokenize in batches",
      ["the tokenizer must take a list of texts", isToLongest && "texts are padded to the longest of their batch"],
      [edit],
    );
  },
});

const MOST_STATEMENTS = 4;
const POOLS = /pool|executor|^(?:p|ex|tf)$/i;
const TOKENIZER = /tokenizer|(?:^|_)(?:tok|processing_class)$/i;
const TOKENIZES = /\.(?:encode|encode_plus|tokenize|__call__)$/i;

interface Mapped {
  readonly body: Node;
  readonly parameter: string;
}

/** A function of the file, a lambda, or `partial` of a function: its first parameter is the row. */
function mappedBy(fn: Node, facts: Facts): Mapped | undefined {
  const lambda = asLambda(unwrap(fn));
  const own = lambda?.parameters[0];
  if (lambda && own?.kind === "identifier") return { body: lambda.body, parameter: own.text };
  const partial = asCall(fn);
  const [given] = partial && /(?:^|\.)partial$/.test(partial.callee.text) ? partial.args : [fn];
  const def = given && !asCall(given) ? functionCalled(given, facts) : undefined;
  const first = def?.parameters.find((it) => !/^(?:self|cls)$/.test(it.name));
  return def && first && { body: facts.bodyOf(def), parameter: first.name };
}

/** `tokenizer(row["text"], …)` of the row that is given, in no loop. */
function tokenizingIn({ body, parameter }: Mapped): Call | undefined {
  const calls = body.kind === "call" ? [body, ...body.descendants("call")] : body.descendants("call");
  for (const it of calls) {
    const call = asCall(it);
    const text = call && (call.args[0] ?? call.keywords.get("text"));
    if (!call || !text || !TOKENIZER.test(lastIdentifier(call.callee.text.replace(TOKENIZES, "")))) continue;
    const isOfRow = [text, ...text.descendants("subscript")].some((part) => {
      const item = asSubscript(unwrap(part));
      return item?.value.text === parameter && item.indices.length === 1;
    });
    // A list of texts is given already, or each row has many.
    if (isOfRow && !LISTS.test(unwrap(text).kind) && !isInLoop(it, body)) return call;
  }
  return undefined;
}

const LISTS = /^(?:list|list_comprehension|generator_expression)$/;

function isInLoop(node: Node, body: Node): boolean {
  for (let at = node.parent; at && at !== body; at = at.parent)
    if (
      /^(?:for_statement|while_statement|list_comprehension|generator_expression|dictionary_comprehension|set_comprehension)$/.test(
        at.kind,
      )
    )
      return true;
  return false;
}

/** What the function gives back, where that is all it does. */
function resultOf(body: Node): Node | undefined {
  if (body.kind !== "block") return body;
  const [only, more] = statementsOf(body).filter((it) => it.children[0]?.kind !== "string");
  return only?.kind === "return_statement" && !more ? only.children[0] : undefined;
}
