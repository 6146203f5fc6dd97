/** `self.token = …` without the lock under which other methods of the class read and write it. */

import {
  asAssignment,
  asAttribute,
  asAugmented,
  asFunction,
  asWith,
  callsUnder,
  classQuestion,
  defineRule,
  excerpt,
  functionAround,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Unlocked extends Match {
  readonly attribute: string;
  readonly lock: string;
}

export default defineRule({
  title: "Value set without the lock that guards it",
  why: "Other methods of the class hold a lock while they read or change this value, so several threads use it. A write that does not hold the lock comes in between: a method that has just looked at the value goes on with another one, and of two writes one is lost.",
  guide: "thread-sync",
  level: "warning",
  gain: "safety",
  imports: ["threading", "multiprocessing"],
  overrides: ["concurrency/unlocked-shared-state"],

  examples: [
    {
      before: `
import threading

class Session:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.token = ""

    def renew(self, token: str) -> None:
        with self.lock:
            self.token = token

    def header(self) -> str:
        with self.lock:
            return f"Bearer {self.token}"

    def log_out(self) -> None:
        self.token = ""
`,
      after: `
import threading

class Session:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.token = ""

    def renew(self, token: str) -> None:
        with self.lock:
            self.token = token

    def header(self) -> str:
        with self.lock:
            return f"Bearer {self.token}"

    def log_out(self) -> None:
        with self.lock:
            self.token = ""
`,
    },
  ],

  on: ["assignment", "augmented_assignment"],

  find(node, { facts }): readonly Unlocked[] | undefined {
    // `a = b = 0` is one for both.
    if (node.parent?.kind === "assignment") return undefined;
    const targets = node.kind === "assignment" ? asAssignment(node)?.targets : [asAugmented(node)?.target];
    const own = (targets ?? []).flatMap((it) => {
      const attribute = asAttribute(it);
      return it && attribute?.object.text === "self" ? [{ target: it, name: attribute.name }] : [];
    });
    const def = own.length > 0 && !facts.isTest ? asFunction(functionAround(node)) : undefined;
    if (!def || SETS_UP.test(def.name) || def.decorators.some((it) => /lock|synchroni[sz]ed/i.test(it.text)))
      return undefined;
    const info = facts.classOf(def.node);
    if (!info || isLocked(node)) return undefined;
    const guarded = GUARDED(info, facts);
    // Whoever calls it holds the lock, by what the class does or says.
    if (guarded === "" || guarded.includes(`(${def.name})`) || HELD.test(def.body.text.slice(0, 2_000)))
      return undefined;
    const found = own.flatMap(({ target, name }): Unlocked[] => {
      const lock = guarded
        .split(";")
        .find((it) => it.startsWith(`${name}=`))
        ?.slice(name.length + 1);
      return lock === undefined
        ? []
        : [{ at: target, evidence: "strong", weight: "unknown", attribute: `self.${name}`, lock: `self.${lock}` }];
    });
    return found.length > 0 ? found : undefined;
  },

  message: ({ attribute, lock }) =>
    `\`${excerpt(attribute, 40)}\` is set without \`${excerpt(lock, 40)}\`, which other methods hold when they use it: another thread may be in the middle of that.`,
});

/** Nobody else has the object yet, or its threads have ended, or the method says that its caller holds the lock. */
const SETS_UP =
  /^(?:__\w+__|_*(?:init|setup|set_up|start|open|connect|configure|initiali[sz]e|from_|load|restore|build|bootstrap|prepare|warm)\w*|\w*_(?:locked|unlocked|unsafe|nolock|no_lock)|\w*(?:post_init|after_?fork|in_child)\w*)$/;
const HELD =
  /\.acquire\(|\block(?:s)?\b[^\n]{0,30}\b(?:held|taken|acquired|owned)\b|\b(?:hold|holds|holding|with|under|needs?|requires?)\b[^\n]{0,20}\block\b/i;
const LOCK = /^self\.(\w*(?:lock|mutex)\w*)$/i;

/** The lock of its own that a `with` holds. */
const heldBy = (block: Node): string | undefined =>
  asWith(block)
    ?.items.map((it) => LOCK.exec(it.value.text)?.[1])
    .find((it) => it !== undefined);

/** Under any lock, or something that may be one: by its name, or as nothing but an attribute of the object, such as a condition that was made of the lock. */
function isLocked(node: Node): boolean {
  for (let block = node.ancestor("with_statement"); block; block = block.ancestor("with_statement"))
    if (asWith(block)?.items.some(({ value, alias }) => MAY_LOCK.test(value.text) || (!alias && OWN.test(value.text))))
      return true;
  return false;
}
const MAY_LOCK = /lock|mutex|cond|guard|sem|transaction|synchroni/i;
const OWN = /^self\.\w+$/;

/**
 * `token=lock;(helper)`: the attributes that are written under a lock by one method, or read under it by two, and the methods that are called with it held.
 * Locks of coroutines do not count: between two awaits nothing comes in between.
 */
const GUARDED = classQuestion((info, facts): string => {
  const parts: string[] = [];
  const readers = new Map<string, number>();
  for (const { def } of info.methods) {
    const body = facts.bodyOf(def);
    const isSetUp = SETS_UP.test(def.name);
    // What is called while the object is made has it for itself.
    if (isSetUp)
      for (const { callee } of callsUnder(body)) {
        const helper = asAttribute(callee);
        if (helper?.object.text === "self") parts.push(`(${helper.name})`);
      }
    const read = new Set<string>();
    for (const block of body.descendants("with_statement")) {
      const lock = block.hasToken("async") ? undefined : heldBy(block);
      const held = lock === undefined ? undefined : block.field("body");
      if (!held) continue;
      for (const it of held.descendants("attribute")) {
        const attribute = asAttribute(it)!;
        if (attribute.object.text !== "self" || attribute.name === lock) continue;
        const { parent } = it;
        if (parent?.kind === "call" && it.fieldName === "function") parts.push(`(${attribute.name})`);
        else if (isSetUp || info.definesMethod(attribute.name)) continue;
        else if (parent && /assignment$/.test(parent.kind) && it.fieldName === "left")
          parts.push(`${attribute.name}=${lock}`);
        else read.add(`${attribute.name}=${lock}`);
      }
    }
    for (const it of read) readers.set(it, (readers.get(it) ?? 0) + 1);
  }
  const often = [...readers].flatMap(([it, count]) => (count >= 2 ? [it] : []));
  return [...new Set([...parts, ...often])].join(";");
});
