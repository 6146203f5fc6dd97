/** A thread-local object that is made where it is used, and so holds nothing of what was put into an earlier one. */

import { asAttribute, defineRule, functionAround, nameGiven, useOf, wrapped } from "../../analysis/authoring.js";

export default defineRule({
  title: "Thread-local object made where it is used",
  why: "Each call of threading.local() makes a new, empty object. What was put into another one is not in it: reading fails with AttributeError, and writing keeps nothing. The object belongs to the module or class, where all calls find the same one; in coroutines a ContextVar does what is meant.",
  guide: "thread-sync",
  level: "error",
  gain: "safety",
  imports: ["threading"],

  examples: [
    {
      before: `
import threading

def connection(connect):
    store = threading.local()
    if not hasattr(store, "connection"):
        store.connection = connect()
    return store.connection
`,
      after: `
import threading

store = threading.local()

def connection(connect):
    if not hasattr(store, "connection"):
        store.connection = connect()
    return store.connection
`,
    },
  ],

  on: ["call"],
  calls: ["threading.local"],

  find(node, { facts }, call) {
    // `threading.local().user`
    if (asAttribute(wrapped(node).parent) && wrapped(node).fieldName === "object") return { at: call.callee, name: "" };
    const name = nameGiven(node);
    const home = functionAround(node);
    if (!name || !home || facts.isRemote(name) || facts.scopeOf(name).kind !== "function") return undefined;
    // Handed on, given back, or shared with a function inside: others may find it again.
    const reads = facts.readsSeeing(name);
    const isOwn = reads.every((it) => {
      const use = useOf(it);
      const isAsked = use.kind === "argument" && /^(?:hasattr|getattr|setattr)\(/.test(use.call?.text ?? "");
      return functionAround(it) === home && (use.kind.startsWith("attribute") || isAsked);
    });
    return isOwn && reads.length > 0 ? { at: call.callee, name: name.text } : undefined;
  },

  message: ({ name }) =>
    name === ""
      ? "This thread-local object is made here and empty: nothing that was put into another one is in it."
      : `\`${name.slice(0, 60)}\` is made anew in each call: it is empty at first and gone at the end, so it keeps nothing for a thread.`,
});
