/** A file that is trusted because it exists, and written in place: what a crash leaves of it is trusted too. */

import {
  asBinary,
  asCall,
  asFunction,
  asIf,
  asMethodCall,
  argumentOf,
  defineRule,
  excerpt,
  fileQuestion,
  functionAround,
  functionCalled,
  lastName,
  textValue,
  type Facts,
  type Node,
  type Use,
} from "../../analysis/authoring.js";

const WRITERS: Readonly<Record<string, number>> = {
  "torch.save": 1,
  "joblib.dump": 1,
  "urllib.request.urlretrieve": 1,
  "numpy.savez": 0,
  "numpy.savez_compressed": 0,
  "numpy.save": 0,
  "scipy.sparse.save_npz": 0,
  "shutil.copyfile": 1,
  "shutil.copy": 1,
};
const METHODS = new Set([
  "write_text",
  "write_bytes",
  "to_csv",
  "to_parquet",
  "to_pickle",
  "to_json",
  "to_feather",
  "download_file",
  "sink_parquet",
  "write_parquet",
  "write_csv",
]);

export default defineRule({
  title: "Cached file written in place",
  why: "The file counts as done as soon as it exists. A crash, a full disk or a broken download leaves a part of it there, and every later run reads that part; a second process reads it while it is written. Written under another name and moved with os.replace, it is there whole or not at all.",
  guide: "caching",
  level: "info",
  gain: "safety",
  words: ["exists", "isfile", "is_file"],

  examples: [
    {
      before: `
import os
from urllib.request import urlopen

def fetched(address: str, path: str) -> bytes:
    if not os.path.exists(path):
        with urlopen(address, timeout=30) as answer, open(path, "wb") as file:
            file.write(answer.read())
    with open(path, "rb") as file:
        return file.read()
`,
      after: `
import os
from urllib.request import urlopen

def fetched(address: str, path: str) -> bytes:
    if not os.path.exists(path):
        part = path + ".part"
        with urlopen(address, timeout=30) as answer, open(part, "wb") as file:
            file.write(answer.read())
        os.replace(part, path)
    with open(path, "rb") as file:
        return file.read()
`,
    },
  ],

  on: ["call"],

  find(node, { facts }) {
    const path = writtenTo(node, facts);
    if (!path || facts.isTest || writesNothing(node)) return undefined;
    const def = functionAround(node);
    const body = def?.field("body");
    if (!def || !body || body.kind !== "block") return undefined;
    if (MOVES.test(body.text)) return undefined;
    // The longer it is written, the sooner it is cut off; a text that is at hand is written at once.
    const writing = node.ancestor("with_statement") ?? node;
    const isDownload = COMES_IN.test(writing.text);
    // What comes in bit by bit breaks off often enough to ask further: in a helper that looks whether it is there, and in what calls this function.
    const tested = trustedBy(node, path.text, def);
    const test =
      tested ??
      (isDownload
        ? (trustedByHelper(node, def, facts) ?? trustedByCaller(path, def, facts))
        : (readBack(node, path, def, facts) ?? readByOther(path, def, facts)));
    if (!test) return undefined;
    const isLong =
      isDownload || facts.loopsAround(node).some((it) => it.isInside(writing)) || /copyfileobj/.test(writing.text);
    return {
      at: asCall(node)?.callee ?? node,
      evidence: tested ? "strong" : "fair",
      weight: isLong ? "heavy" : "unknown",
      related: [{ at: test, message: "trusted here if it exists" }],
      path,
      isDownload,
      isState: !tested && !isDownload,
    };
  },

  message: ({ path, isDownload, isState }) =>
    isState
      ? `A crash while it is written leaves a part of \`${excerpt(path.text, 50)}\`, which the next start reads; write another name and \`os.replace\`.`
      : `${isDownload ? "A download that breaks off" : "A crash while it is written"} leaves a part of \`${excerpt(path.text, 50)}\`, which counts as done because it exists; write another name and \`os.replace\`.`,
});

const COMES_IN =
  /\b(?:urlopen|urlretrieve|iter_content|iter_bytes|iter_chunked|download_file|download_fileobj|httpx|aiohttp)\b|\brequests\.|stream=True/;
const MOVES =
  /\b(?:os\.replace|os\.rename|shutil\.move)\b|\.rename\(|\.replace\([^,()]+\)|\.(?:tmp|part|partial|temp)\b|tempfile|atomic|sha256|md5|checksum|getsize|st_size/i;

const importsPathlib = fileQuestion((facts) => facts.fileMatches(/\bpathlib\b/));

/** Where a call writes a file of its own. */
function writtenTo(node: Node, facts: Facts): Node | undefined {
  const call = asCall(node);
  if (!call) return undefined;
  const method = asMethodCall(node);
  if (call.callee.text === "open") {
    const mode = textValue(argumentOf(call, "mode", 1));
    return mode !== undefined && /^wb?$/.test(mode) ? call.args[0] : undefined;
  }
  if (method && METHODS.has(method.method))
    return /^write_(?:text|bytes)$/.test(method.method)
      ? facts.ofFile(importsPathlib)
        ? method.object
        : undefined
      : call.args[method.method === "download_file" ? 2 : 0];
  if (method?.method === "open") {
    const mode = textValue(argumentOf(call, "mode", 0));
    return mode !== undefined && /^wb?$/.test(mode) && facts.ofFile(importsPathlib) ? method.object : undefined;
  }
  if (!/save|copy|(?:dump|urlretrieve)$/.test(lastName(call.callee))) return undefined;
  const place = WRITERS[facts.nameOf(call.callee) ?? ""];
  return place === undefined ? undefined : call.args[place];
}

/** The test that goes without writing if the file is there already. */
const trustedBy = (node: Node, path: string, def: Node | undefined): Node | undefined =>
  guardOf(node, def, (condition) => existsIn(condition, path));

/** `if self.is_cached(address): return …`, where that looks whether a file exists. */
const trustedByHelper = (node: Node, def: Node, facts: Facts): Node | undefined =>
  guardOf(node, def, (condition) =>
    [condition, ...condition.descendants("call")].find((it) => {
      const helper = it.kind === "call" ? functionCalled(asCall(it)!.callee, facts) : undefined;
      return helper !== undefined && KEPT.test(helper.name) && EXISTS.test(facts.bodyOf(helper).text);
    }),
  );
const KEPT = /cache|exist|already|present|downloaded|have_|has_|local/i;
const EXISTS = /\b(?:exists|isfile|is_file)\(/;

/** `if not os.path.exists(path): fetch(address, path)`, where this is `fetch`. */
function trustedByCaller(path: Node, def: Node, facts: Facts): Node | undefined {
  const own = asFunction(def);
  const place = own?.parameters.findIndex((it) => it.name === path.text) ?? -1;
  if (!own || place < 0) return undefined;
  for (const use of facts.usesOf(own.nameNode)) {
    const call = use.kind === "call" ? asCall(use.in) : undefined;
    const given = call?.keywords.get(path.text) ?? call?.args[place];
    const test = call && given && trustedBy(call.node, given.text, functionAround(call.node));
    if (test) return test;
  }
  return undefined;
}

/** What an object keeps in `self.file`, where another of its methods looks whether that is there and reads it back. Said once. */
function readBack(node: Node, path: Node, def: Node, facts: Facts): Node | undefined {
  const place = path.text.startsWith("self.") ? facts.placeOf(path) : undefined;
  const owner = place?.owner?.def.node;
  const kept = owner && facts.memo(`kept in ${path.text}`, owner, () => keptFile(place.uses, facts));
  return kept && kept.write === node && functionAround(kept.test) !== def ? kept.test : undefined;
}

/** `self.folder / key / "state.json"`, which another method of the class puts together as well, looks for and reads. */
function readByOther(path: Node, def: Node, facts: Facts): Node | undefined {
  const name =
    path.text.startsWith("self.") && path.kind === "attribute" ? undefined : fileNameOf(facts.valueOf(path) ?? path);
  const info = name === undefined ? undefined : facts.classOf(def);
  if (name === undefined || !info) return undefined;
  const readers = facts.memo(`readers of ${name}`, info.def.node, () =>
    info.methods.flatMap(({ def }) => {
      const body = facts.bodyOf(def);
      const { text } = body;
      if (!text.includes(name) || !EXISTS.test(text) || !OPENS.test(text) || MOVES.test(text)) return [];
      const test = body.descendants("call").find((it) => EXISTS.test(`${asCall(it)?.callee.text}(`));
      return test ? [{ node: def.node, test }] : [];
    }),
  );
  return readers.find((it) => it.node !== def)?.test;
}
const OPENS = /\b(?:open|load|loads|read_text|read_bytes|read_json|read_csv)\(/;

/** `"state.json"` with its quotes, where a path that is put together ends with it. */
function fileNameOf(path: Node): string | undefined {
  const joined = asCall(path);
  const last = joined ? (/join$/.test(joined.callee.text) ? joined.args.at(-1) : undefined) : asBinary(path)?.right;
  return last && /^["'][\w.-]+\.\w+["']$/.test(last.text) ? last.text : undefined;
}

/** The first place that writes the file, and the test of a method that reads it. */
function keptFile(uses: readonly Use[], facts: Facts): { readonly test: Node; readonly write: Node } | undefined {
  const readers = new Set(uses.filter(reads).map((it) => functionAround(it.node)));
  const test = uses.find((it) => testsWhetherThere(it) && readers.has(functionAround(it.node)));
  const write = uses.find((it) => it.call && writtenTo(it.call, facts) === it.node);
  return test?.call && write?.call ? { test: test.call, write: write.call } : undefined;
}

const testsWhetherThere = ({ kind, call }: Use): boolean =>
  (kind === "method" || kind === "argument") &&
  /(?:^|\.)(?:exists|isfile|is_file)$/.test(asCall(call)?.callee.text ?? "");

/** `open(self.file)`, `self.file.read_text()`, `pd.read_csv(self.file)`. */
function reads({ kind, call }: Use): boolean {
  const read = kind === "method" || kind === "argument" ? asCall(call) : undefined;
  const mode = read && textValue(argumentOf(read, "mode", kind === "method" ? 0 : 1));
  return /(?:^|[._])(?:open|load|read)(?:_\w+)?$/.test(read?.callee.text ?? "") && !/[wax]/.test(mode ?? "r");
}

/** The test among those of a function, or of the module, for which nothing is written where it holds. */
function guardOf(node: Node, def: Node | undefined, testIn: (condition: Node) => Node | undefined): Node | undefined {
  const ifs = (def?.field("body") ?? node.tree.root)
    .descendants("if_statement")
    .filter((it) => functionAround(it) === def);
  for (const it of ifs) {
    const view = asIf(it);
    if (!view) continue;
    const { condition } = view;
    const exists = testIn(condition);
    if (!exists) continue;
    const isNegated = exists.parent?.kind === "not_operator" || condition.kind === "not_operator";
    if (isNegated) {
      if (node.isInside(view.body)) return exists;
      continue;
    }
    const leaves = view.body.descendants("return_statement").length > 0;
    if (isTestedAndWritten(view.body, exists)) continue;
    const reads = leaves || /\b(?:load\w*|read\w*|open|from_pretrained)\b/.test(view.body.text);
    if (!reads || node.isInside(view.body) || /\b(?:raise|unlink|remove|input|error|exit)\b/.test(view.body.text))
      continue;
    const isElse = view.orElse !== undefined && node.isInside(view.orElse);
    if (isElse || (leaves && node.start > it.end)) return exists;
  }
  return undefined;
}

/** The file that is there is read, tested and written again: that it exists says nothing yet. */
function isTestedAndWritten(body: Node, exists: Node): boolean {
  const call = asCall(exists);
  const path = call?.args[0]?.text ?? asMethodCall(exists)?.object.text;
  const isOfPath = (it: Node) => {
    const inner = asCall(it);
    return inner?.args[0]?.text === path || asMethodCall(it)?.object.text === path;
  };
  const calls = body.descendants("call").filter(isOfPath);
  const isWritten = calls.some((it) => /write|dump|save/.test(lastName(asCall(it)!.callee)) || isOpenedForWriting(it));
  const isTested = body.descendants("if_statement").length > 0;
  return isWritten && isTested && calls.some((it) => /read|load|open/.test(lastName(asCall(it)!.callee)));
}

function isOpenedForWriting(node: Node): boolean {
  const call = asCall(node)!;
  const isMethod = asMethodCall(node, "open") !== undefined;
  if (!isMethod && call.callee.text !== "open") return false;
  return /^[wa]/.test(textValue(argumentOf(call, "mode", isMethod ? 0 : 1)) ?? "");
}

/** `file.write("")`, `path.write_text("")`: a file of no bytes is there whole. */
function writesNothing(node: Node): boolean {
  const method = asMethodCall(node, "write_text", "write_bytes");
  if (method) return isEmptyText(method.args[0]);
  const written = node.ancestor("with_statement")?.field("body");
  const calls = written?.descendants("call") ?? [];
  return (
    node.ancestor("with_item") !== undefined &&
    calls.length > 0 &&
    calls.every((it) => isEmptyText(asMethodCall(it, "write")?.args[0]))
  );
}

const isEmptyText = (node: Node | undefined): boolean => node !== undefined && textValue(node) === "";

function existsIn(condition: Node, path: string): Node | undefined {
  const calls = [...(condition.kind === "call" ? [condition] : []), ...condition.descendants("call")];
  return calls.find((it) => {
    const call = asCall(it);
    if (!call) return false;
    if (/(?:^|\.)(?:exists|isfile)$/.test(call.callee.text) && call.args[0]?.text === path) return true;
    const method = asMethodCall(it, "exists", "is_file");
    return (
      method !== undefined &&
      call.args.length === 0 &&
      (method.object.text === path || method.object.text === `Path(${path})`)
    );
  });
}
