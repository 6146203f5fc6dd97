/** Whether a loop could read an open file line by line: nothing else reads the file, moves in it or writes to it meanwhile. */

import { asCall, asMethodCall } from "../syntax/expressions.js";
import { functionAround } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import type { Facts } from "./facts.js";
import { openedBy } from "./holding.js";
import { useOf } from "./uses.js";

export interface Reading {
  readonly file: Node;
  /** The call that reads all lines now. */
  readonly lines: Node;
  /** The loop or comprehension that takes them. */
  readonly loop: Node;
  /** It may end before the last line. */
  readonly stopsEarly: boolean;
  /** It begins later than the call. */
  readonly isLater: boolean;
}

/** Nothing else reads, writes or closes the file while the loop goes through its lines. */
export function isLeftAlone(reading: Reading, facts: Facts): boolean {
  const { file, lines, loop, isLater } = reading;
  const root = functionAround(loop)?.field("body") ?? loop.tree.root;
  const from = isLater ? lines.end : loop.start;
  const meanwhile = root
    .descendants("call")
    .filter((it) => it.start >= from && it.start < loop.end && !it.isInside(lines) && !lines.isInside(it));
  if (meanwhile.some((it) => mayWrite(it, reading, facts))) return false;
  if (file.kind === "call") return openedBy(file, facts) !== undefined;
  if (file.kind === "identifier") return isReadByNoneElse(reading, facts);
  if (
    isLater ||
    file.kind !== "attribute" ||
    loop.descendants("attribute").some((it) => it !== file && it.text === file.text)
  )
    return false;
  const readsInput = meanwhile.some((it) => facts.nameOf(it.field("function")!) === "builtins.input");
  return facts.nameOf(file) === "sys.stdin" ? !readsInput : !facts.runsUnknownCode(loop);
}

function isReadByNoneElse({ file, lines, loop, stopsEarly, isLater }: Reading, facts: Facts): boolean {
  const sites = facts.writesOf(file);
  if (sites.some((it) => it.isRemote || it.name.isInside(loop))) return false;
  const home = functionAround(loop);
  // In a loop around, what stands before comes again afterwards.
  const start =
    facts.loopsAround(loop).findLast((it) => !sites.some((site) => site.name.isInside(it)))?.start ??
    (isLater ? lines.start : loop.start);
  return facts.readsOf(file).every((read) => {
    if (read === file) return true;
    if (read.tree !== loop.tree || functionAround(read) !== home || read.isInside(loop) || !leavesNoReader(read, facts))
      return false;
    return read.start < start || (!stopsEarly && !isLater) || useOf(read).name === "close";
  });
}

/** The use leaves nothing behind that could read on. */
function leavesNoReader(read: Node, facts: Facts): boolean {
  const use = useOf(read);
  if (["method", "attribute", "iterated", "formatted"].includes(use.kind) || read.parent?.kind === "with_item")
    return true;
  const callee = asCall(use.call)?.callee;
  return use.kind === "argument" && callee !== undefined && facts.nameOf(callee) === "builtins.next";
}

/** The call may write to the very file: it opens one for writing, or gets the file's path. */
function mayWrite(node: Node, { file }: Reading, facts: Facts): boolean {
  const call = asCall(node);
  if (!call) return false;
  const opened = openedBy(node, facts);
  if (opened) return opened.kind === "file" && opened.access !== "read";
  const name = facts.nameOf(call.callee);
  const method = asMethodCall(node)?.method ?? "";
  if (WRITING_METHODS.has(method) || (name !== undefined && WRITERS.has(name))) return true;
  const path = pathOf(file, facts);
  if (
    path === undefined ||
    name?.startsWith("builtins.") ||
    (asMethodCall(node) && facts.isA(asMethodCall(node)!.object, "logging.Logger"))
  )
    return false;
  return (
    [...call.args, ...call.keywords.values()].some((it) => it.text === path) || asMethodCall(node)?.object.text === path
  );
}

const WRITING_METHODS = new Set(["write_text", "write_bytes"]);
const WRITERS = new Set([
  "os.open",
  "os.replace",
  "os.rename",
  "os.remove",
  "os.unlink",
  "os.truncate",
  "shutil.copy",
  "shutil.copy2",
  "shutil.copyfile",
  "shutil.move",
]);

/** What the file was opened with, as written, where that is a name. */
function pathOf(file: Node, facts: Facts): string | undefined {
  const value = file.kind === "identifier" ? facts.writesOf(file)[0]?.value : file;
  const opened = openedBy(value, facts);
  const path = opened && (opened.mode === 0 ? asMethodCall(opened.call.node)?.object : opened.call.args[0]);
  return path && ["identifier", "attribute"].includes(path.kind) ? path.text : undefined;
}
