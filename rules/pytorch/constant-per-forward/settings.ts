/** What a constant of a module is made of, and when: its settings must stay as `__init__` leaves them, and the buffer has to be there before it is asked for. */

import {
  asAttribute,
  asCall,
  changesObject,
  isNumber,
  type ClassInfo,
  type Facts,
  type Node,
} from "../../../analysis/authoring.js";

type Method = ClassInfo["methods"][number];

/** Why the settings in an expression may change once the module is made, or what has to hold so that they do not. */
export function settingsOf(
  whole: Node,
  self: string,
  init: Method,
  facts: Facts,
): { readonly reason: string } | { readonly doubts: readonly string[] } {
  const doubts: string[] = [];
  const seen = new Set<string>();
  const { bindings } = facts.scopeOf(facts.bodyOf(init.def).firstChild!);
  const parts = [whole, ...whole.descendants("attribute"), ...whole.descendants("identifier")];
  for (const part of parts) {
    // Which device it is made for is left out.
    const keyword = part.ancestor("keyword_argument");
    if (seen.has(part.text) || (keyword?.isInside(whole) && keyword.field("name")?.text === "device")) continue;
    seen.add(part.text);
    const reason =
      part.kind === "identifier"
        ? nameTrouble(part, bindings.has(part.text), doubts, facts)
        : part.kind === "attribute" && part.text.startsWith(`${self}.`) && attributeTrouble(part, init, doubts, facts);
    if (reason) return { reason };
  }
  return { doubts };
}

function nameTrouble(name: Node, isOfInit: boolean, doubts: string[], facts: Facts): string | undefined {
  const binding = facts.bindingOf(name);
  if (!binding || binding.scope.kind !== "module") return undefined;
  if (isOfInit) return `\`${name.text}\` means something else in __init__`;
  if (binding.sites.some((it) => it.kind === "import" || it.kind === "function" || it.kind === "class"))
    return undefined;
  if (facts.readsOf(name).some(changesObject)) return `\`${name.text}\` is changed elsewhere`;
  if (!isNumber(facts.typeOf(name)) && facts.usesOf(name).some((it) => it.kind === "argument" && !facts.isHarmless(it)))
    doubts.push(`\`${name.text}\` must not change`);
  return undefined;
}

/** Settings are numbers, or lists of them. */
function attributeTrouble(node: Node, init: Method, doubts: string[], facts: Facts): string | undefined {
  const attribute = asAttribute(node);
  if (attribute?.object.kind !== "identifier") return undefined;
  const place = facts.placeOf(node);
  if (!place) {
    doubts.push(`\`${node.text}\` must stay as __init__ leaves it`);
    return undefined;
  }
  const isOfInit = (it: Node) => it.isInside(init.def.node);
  if (place.writes.some((it) => !isOfInit(it.name) && asAttribute(it.name) !== undefined))
    return `\`${node.text}\` is set elsewhere too`;
  if (place.reads.some((it) => !isOfInit(it) && changesObject(it)) || place.readsElsewhere.some(changesObject))
    return `\`${node.text}\` is changed elsewhere`;
  const isList = /^(tensor|as_tensor|FloatTensor|LongTensor|len|list|tuple)$/.test(
    (asCall(node.ancestor("call"))?.callee.text ?? "").split(".").at(-1) ?? "",
  );
  const isGiven = place.writes.some((it) => it.value?.kind === "identifier");
  if (isList && isGiven && !isNumber(facts.typeOf(node)))
    doubts.push(`a list in \`${node.text}\` must not change once the module is made`);
  return undefined;
}

/** Something in `__init__` may run the pass, or leave ahead of its end: the buffer would not be there. */
export function initTrouble(info: ClassInfo, init: Method, pass: string, facts: Facts): string | undefined {
  const body = facts.bodyOf(init.def);
  if (body.descendants("return_statement").length > 0) return "__init__ may return before its end";
  if (!/__init__\(/.test(body.text)) return "__init__ does not begin with that of nn.Module";
  const seen = new Set<string>();
  const runs = (method: Method): boolean => {
    const { self } = method;
    if (!self || seen.has(method.def.name)) return false;
    seen.add(method.def.name);
    return facts
      .bodyOf(method.def)
      .descendants("call")
      .some((it) => {
        const callee = asCall(it)?.callee;
        if (callee?.text === self) return true;
        const attribute = asAttribute(callee);
        if (!attribute || attribute.object.text !== self) return false;
        if (attribute.name === pass || attribute.name === "forward") return true;
        const next = info.methodNamed(attribute.name);
        return next !== undefined && runs(next);
      });
  };
  return runs(init) ? `__init__ runs ${pass}() itself` : undefined;
}
