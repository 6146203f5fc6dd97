/** A pickle that is loaded from somewhere else: from the net, from an upload, from wherever the caller of the program says. */

import {
  asAttribute,
  asCall,
  asSubscript,
  defineRule,
  excerpt,
  unwrap,
  type Facts,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

type From = "net" | "upload" | "given" | "any";

interface Loaded extends Match {
  readonly source: Node;
  readonly from: From;
}

const LOADS = ["pickle", "dill", "cloudpickle"].flatMap((it) => [`${it}.load`, `${it}.loads`]);

export default defineRule({
  title: "Pickle from somewhere else",
  why: "A pickle is a program: loading it runs whatever its author put into it. What comes from the net or from a user is better exchanged in a form without code, such as JSON, Parquet, safetensors or a plain NumPy file.",
  guide: "dynamic-code",
  level: "hint",
  gain: "safety",
  overlaps: ["S301"],
  unlike:
    "only files that come from elsewhere count (the net, an upload, an argument), and those of joblib and NumPy too",

  examples: [
    {
      before: `
import pickle
import urllib.request

def model(url: str):
    data = urllib.request.urlopen(url, timeout=10).read()
    return pickle.loads(data)
`,
      after: `
import json
import urllib.request

def model(url: str):
    data = urllib.request.urlopen(url, timeout=10).read()
    return json.loads(data)
`,
    },
  ],

  on: ["call"],
  calls: [...LOADS, "joblib.load", "pandas.read_pickle", "numpy.load"],

  find(_node, { facts }, call): Loaded | undefined {
    const [source] = call.args;
    if (!source || facts.isTest) return undefined;
    const isArray = facts.nameOf(call.callee) === "numpy.load";
    const pickles = call.keywords.get("allow_pickle");
    if (isArray && pickles?.kind !== "true") return undefined;
    const from = originOf(source, facts, 0) ?? (isArray && source.kind !== "string" ? "any" : undefined);
    return from && { at: isArray ? pickles! : call.callee, evidence: from === "any" ? "fair" : "strong", source, from };
  },

  message: ({ source, from }) =>
    from === "any"
      ? "With `allow_pickle=True` the file may hold code that runs here; arrays of numbers and text need no pickles."
      : `\`${excerpt(source.text.replace(/\s+/g, " "), 40)}\` comes from ${WHENCE[from]}, and loading a pickle runs whatever code it holds.`,
});

const WHENCE: Readonly<Record<From, string>> = {
  net: "the net",
  upload: "whoever uploads it",
  given: "whoever starts the program",
  any: "somewhere",
};

const NET =
  /^(?:requests\.(?:get|post|request)|httpx\.(?:get|post|request)|urllib\.request\.(?:urlopen|urlretrieve)|socket\.socket\.recv|huggingface_hub\.hf_hub_download|huggingface_hub\.snapshot_download|gdown\.download|wget\.download|torch\.hub\.download_url_to_file)$/;
const NET_METHODS = new Set(["recv", "download_as_bytes", "download_as_string", "get_object", "hget", "urlopen"]);
const UPLOADS = /\b(?:request\.(?:files|data|body)|file_uploader|uploaded_file|UploadFile)\b/;

/** Where the value comes from, if that is in sight: through names, reading, opening and unpacking. */
function originOf(value: Node, facts: Facts, depth: number): From | undefined {
  if (depth > 6) return undefined;
  const node = unwrap(value.kind === "await" ? (value.lastChild ?? value) : value);
  if (UPLOADS.test(node.text) && node.kind !== "identifier") return "upload";
  const name = facts.nameOf(node);
  if (name !== undefined && /^sys\.(?:argv|stdin)\b/.test(name)) return "given";
  const call = asCall(node);
  if (call) {
    const callee = facts.nameOf(call.callee) ?? "";
    if (NET.test(callee)) return "net";
    if (callee === "builtins.input") return "given";
    const method = asAttribute(call.callee);
    if (method && NET_METHODS.has(method.name)) return "net";
    const inner = method && callee === "" ? originOf(method.object, facts, depth + 1) : undefined;
    const [first] = call.args;
    return (
      inner ?? (first && PASSING.test(callee || (method?.name ?? "")) ? originOf(first, facts, depth + 1) : undefined)
    );
  }
  if (node.kind === "identifier") {
    if (/^(?:uploaded_file|upload)$/.test(node.text)) return "upload";
    const sites = facts.reachingSites(node);
    const opened = sites.length === 1 && sites[0]!.kind === "with" ? sites[0]!.value : undefined;
    const known = opened ?? facts.valueOf(node);
    return known && known !== node ? originOf(known, facts, depth + 1) : undefined;
  }
  const attribute = asAttribute(node);
  if (attribute && /^(?:args|opts?|flags|FLAGS|options)$/.test(attribute.object.text) && facts.view.imports("argparse"))
    return "given";
  const inner = attribute?.object ?? asSubscript(node)?.value;
  return inner && inner.text !== "self" ? originOf(inner, facts, depth + 1) : undefined;
}

/** What gives on the thing it was given. */
const PASSING =
  /^(?:builtins\.open|io\.BytesIO|gzip\.(?:open|decompress)|bz2\.(?:open|decompress)|lzma\.(?:open|decompress)|base64\.\w+|zlib\.decompress|pathlib\.Path|os\.path\.join|bytes|builtins\.bytes)$/;
