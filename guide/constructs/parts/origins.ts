/** Where a value comes from when its type is not known: the call that made it, followed through names and methods that return their object. */

import { asAttribute, asCall, asMethodCall, unwrap, type Facts, type Node } from "../../../analysis/authoring.js";

/** `transformers.AutoModelForCausalLM.from_pretrained`, not a tokenizer's. */
export function isPretrained(name: string | undefined): boolean {
  return name !== undefined && /^transformers\.(?=\w*(?:Model|For[A-Z]))\w+\.from_pretrained$/.test(name);
}

/** Methods of models and stores that return the object they are called on. */
const RETURNS_ITSELF = ["to", "cuda", "cpu", "eval", "train", "half", "float", "double", "bfloat16", "requires_grad_"];
const DEPTH = 6;

/** The full name of the call that made a value, where all that can have made it agree: `transformers.AutoModel.from_pretrained`. */
export function origin(expression: Node, facts: Facts, depth = 0): string | undefined {
  const node = unwrap(expression);
  if (depth > DEPTH) return undefined;
  const agreed = (values: readonly (Node | undefined)[]) => {
    const [only, ...more] = [...new Set(values.map((it) => it && origin(it, facts, depth + 1)))];
    return more.length === 0 ? only : undefined;
  };
  if (node.kind === "identifier") {
    const sites = facts.reachingSites(node);
    return agreed(sites.map((it) => (it.kind === "assign" && it.path.length === 0 ? it.value : undefined)));
  }
  const call = asCall(node);
  if (call) {
    const method = asMethodCall(node, ...RETURNS_ITSELF);
    return facts.nameOf(call.callee) ?? (method && origin(method.object, facts, depth + 1));
  }
  const attribute = asAttribute(node);
  const owner = attribute && facts.typeOf(attribute.object)?.name;
  const info = owner?.startsWith("local.") ? facts.classNamed(owner.slice(6)) : undefined;
  const writes = info?.isDynamic ? [] : (info?.writes.filter((it) => it.name === attribute!.name) ?? []);
  return agreed(writes.map((it) => (it.kind === "assign" ? it.value : undefined)));
}
