/** A child that keeps its parent, while the parent keeps its children: only the cycle collector frees them. */

import { asMethodCall, defineRule, type ClassInfo, type Facts, type Node } from "../../analysis/authoring.js";

export default defineRule({
  title: "Parent and child that keep each other",
  why: "A parent that keeps its children and children that keep their parent form cycles. Nobody frees them when the last name is gone, only the cycle collector some time later, with everything that they hold. A `weakref.ref` to the parent leaves no cycle; it gives None as soon as nobody else keeps the parent.",
  guide: "refcount-and-gc",
  level: "hint",
  gain: "safety",
  words: ["parent", "owner"],

  examples: [
    {
      before: `
class Node:
    def __init__(self, parent: "Node | None" = None) -> None:
        self.parent = parent
        self.children = []
        if parent is not None:
            parent.children.append(self)
`,
      after: `
import weakref

class Node:
    def __init__(self, parent: "Node | None" = None) -> None:
        self.parent = weakref.ref(parent) if parent is not None else None
        self.children = []
        if parent is not None:
            parent.children.append(self)
`,
    },
  ],

  on: ["class_definition"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const info = facts.classInfo(node);
    const kept = info?.writes.find(
      (it) =>
        it.kind === "assign" && PARENT.test(it.name) && it.value?.kind === "identifier" && isParameter(it.value, facts),
    );
    if (!info || !kept) return undefined;
    const list = listOfChildren(info, kept.value!, facts);
    return list === undefined ? undefined : { at: kept.node, list };
  },

  message: ({ at, list }) =>
    `\`${at.text}\` and \`${list}\` keep each other, so that only the cycle collector frees them; a \`weakref.ref\` to the parent leaves no cycle.`,
});

const PARENT = /^_{0,2}(?:parent|owner)$/;
const CHILDREN = /^_{0,2}\w*(?:children|childs|kids|items|nodes|elements|widgets|members|parts)$/;

function isParameter(name: Node, facts: Facts): boolean {
  const [site, more] = facts.writesOf(name);
  return site?.kind === "parameter" && !more;
}

/** `parent.children.append(self)`, or `self.children.append(Child(self))` and `append(child)` behind `child.parent = self`. */
function listOfChildren(info: ClassInfo, parent: Node, facts: Facts): string | undefined {
  for (const method of info.methods) {
    const body = facts.bodyOf(method.def);
    for (const call of body.descendants("call")) {
      const put = asMethodCall(call, "append", "add", "insert", "setdefault");
      const owner = put?.object.kind === "attribute" ? put.object : undefined;
      const [first] = put?.args.slice(-1) ?? [];
      if (!owner || !first || !CHILDREN.test(owner.field("attribute")?.text ?? "")) continue;
      const by = owner.field("object")?.text;
      if (by === parent.text && first.text === method.self) return owner.text;
      if (
        by === method.self &&
        first.kind === "call" &&
        first.field("function")?.text === info.name &&
        givesSelf(first, method.self)
      )
        return owner.text;
    }
  }
  return undefined;
}

function givesSelf(call: Node, self: string | undefined): boolean {
  return call.field("arguments")!.children.some((it) => it.text === self || it.field("value")?.text === self);
}
