/** Batches of a DataLoader on their way to a graphics card: which calls move them, where to, and whether they lie in pinned memory. */

import type { Evidence } from "../semantics/evidence.js";
import type { Facts } from "../semantics/facts.js";
import { fileQuestion } from "../semantics/file-questions.js";
import { behindProgress } from "../semantics/progress.js";
import {
  argumentOf,
  asAttribute,
  asCall,
  asMethodCall,
  asSubscript,
  callOf,
  unwrap,
  type Call,
} from "../syntax/expressions.js";
import { asAssignment, asFor, asFunction, functionAround, statementOf } from "../syntax/statements.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import { lastIdentifier } from "../text/identifiers.js";

/** Its qualified name. */
export const DATA_LOADER = "torch.utils.data.DataLoader";

/** A part of a batch that is moved to a device. */
export interface Transfer {
  readonly call: Call;
  readonly moved: Node;
  /** Where to; undefined for `.cuda()`. */
  readonly device: Node | undefined;
}

/** `images.to(device)`, `batch["x"].cuda()`: undefined for what goes to the CPU or only changes its dtype, and for what is asked not to wait. */
export function transferOf(node: Node): Transfer | undefined {
  const call = asMethodCall(node, "to", "cuda");
  if (!call || call.hasSplat || call.keywords.has("non_blocking") || call.args.length > 1) return undefined;
  const device = call.keywords.get("device") ?? call.args[0];
  if (device ? !isDevice(device) : call.method === "to") return undefined;
  return { call, moved: call.object, device };
}

const DEVICES = /(^|_|\.)(device|dev|gpu|rank|local_rank)(_id)?$/i;

function isDevice(node: Node): boolean {
  const text = textValue(node);
  if (text !== undefined) return /^(cuda|xpu)(:\d+)?$/.test(text);
  const made = asCall(node);
  if (made) return /(^|\.)device$/.test(made.callee.text) && /^["']cuda/.test(made.args[0]?.text ?? "");
  return node.kind === "integer" || DEVICES.test(node.text);
}

/** What a `for` goes through in the end: `loader` of `enumerate(tqdm(loader))`. */
export function loaderIn(iterable: Node): Node {
  let at = unwrap(iterable);
  for (let steps = 0; steps < 6; steps++) {
    const shown = behindProgress(at, () => undefined);
    const call = asCall(shown);
    const inner = call && /(?:^|\.)(?:enumerate|iter|islice)$/.test(call.callee.text) ? call.args[0] : undefined;
    if (!inner && shown === at) return at;
    at = inner ? unwrap(inner) : shown;
  }
  return at;
}

const MOST_STEPS = 8;

/** The `for` whose turns bring what an expression is a part of, however it was unpacked. Calls in between make something new. */
export function batchLoop(value: Node, facts: Facts, steps = MOST_STEPS): Node | undefined {
  let root = unwrap(value);
  while (asSubscript(root) ?? asAttribute(root))
    root = unwrap((asSubscript(root)?.value ?? asAttribute(root)?.object)!);
  if (root.kind !== "identifier" || steps === 0) return undefined;
  const [site, more] = facts.reachingSites(root);
  if (!site || more) return undefined;
  if (site.kind === "for" && site.owner.kind === "for_statement") {
    const items = asMethodCall(site.value, "items", "values");
    return (
      (items && batchLoop(items.object, facts, steps - 1)) ??
      (isPart(site.value) ? batchLoop(site.value!, facts, steps - 1) : undefined) ??
      site.owner
    );
  }
  if (site.kind === "for" && site.value) {
    const items = asMethodCall(site.value, "items", "values");
    return batchLoop(items?.object ?? site.value, facts, steps - 1);
  }
  return site.kind === "assign" && site.value ? batchLoop(site.value, facts, steps - 1) : undefined;
}

const isPart = (value: Node | undefined): boolean => value?.kind === "identifier" || value?.kind === "subscript";

/** What everybody calls a DataLoader. */
const LOADERS = /loader(s|_\d)?$|^(train|val|valid|test|eval)_?(dl|iter)$|^dl$/i;

/** By which evidence something that is gone through is a DataLoader, and the call that made it, where that is in sight. */
export function loaderEvidence(
  loader: Node,
  facts: Facts,
): { readonly evidence: Evidence; readonly made: Call | undefined } | undefined {
  const made = asCall(loader) ?? asCall(facts.valueOf(loader));
  if (made && facts.nameOf(made.callee) === DATA_LOADER) return { evidence: "proof", made };
  const typed = facts.typed(loader);
  if (typed?.type.name === DATA_LOADER) return { evidence: typed.evidence, made: undefined };
  // A loader of the project's own, in another file.
  if (typed && !/(?:^|\.)[A-Z]\w*Loader$/.test(typed.type.name)) return undefined;
  return LOADERS.test(lastIdentifier(loader.text)) ? { evidence: "fair", made: undefined } : undefined;
}

/** Whether a call of DataLoader asks for pinned memory: `unknown` where an option decides. */
export function isPinned(call: Call): "yes" | "no" | "unknown" {
  if (call.hasSplat) return "unknown";
  const given = argumentOf(call, "pin_memory", 7);
  const around = given?.kind === "identifier" ? asFunction(functionAround(call.node)) : undefined;
  // An option of the function that makes the loader: what it is where nobody says otherwise.
  const option = around?.parameters.find((it) => it.name === given!.text)?.defaultValue ?? given;
  return !option || option.kind === "false"
    ? "no"
    : option.kind === "true" || /cuda/.test(option.text)
      ? "yes"
      : "unknown";
}

/** What the loaders of the file are called that pin, between commas; `*` where all loaders of the file do. */
export const pinnedLoaders = fileQuestion((facts) => {
  const made = [...facts.view.readsOf("DataLoader"), ...facts.view.attributesOf("DataLoader")].flatMap(
    (it) => callOf(it) ?? [],
  );
  const pinned = made.filter((it) => isPinned(it) === "yes");
  if (pinned.length > 0 && pinned.length === made.length) return "*";
  return pinned
    .flatMap(({ node }) => asAssignment(statementOf(node))?.targets ?? [])
    .map((it) => lastIdentifier(it.text))
    .join();
});

/** What the loaders are called whose batches go to a graphics card, between commas; `epoch()` for whatever a function of the file is given. */
export const loadersOfCards = fileQuestion((facts) => {
  if (!facts.view.matches(/["']cuda|\.cuda\(/)) return "";
  const found = new Set<string>();
  for (const method of ["to", "cuda"])
    for (const it of facts.view.attributesOf(method)) {
      const call = callOf(it);
      const moved = call && transferOrAhead(call.node);
      const loop = moved && batchLoop(moved, facts);
      const iterable = asFor(loop)?.iterable;
      const loader = loop && iterable && loaderIn(iterable);
      if (!loader || !loaderEvidence(loader, facts)) continue;
      found.add(lastIdentifier(loader.text));
      const def = asFunction(functionAround(loop));
      if (def?.parameters.some((it) => it.name === loader.text)) found.add(`${def.name}()`);
    }
  return [...found].join();
});

/** A turn of the loop moves what it is handed to a device, whether or not the copy waits. */
export const movesBatch = (loop: Node, facts: Facts): boolean =>
  loop.descendants("call").some((it) => {
    const moved = transferOrAhead(it);
    return moved !== undefined && batchLoop(moved, facts) === loop;
  });

/** What is moved, whether or not the call waits. */
function transferOrAhead(node: Node): Node | undefined {
  const call = asMethodCall(node, "to", "cuda");
  const device = call?.keywords.get("device") ?? call?.args[0];
  return call && (device ? isDevice(device) : call.method === "cuda") ? call.object : undefined;
}
