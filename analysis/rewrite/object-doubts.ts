/** What a fix has to say of the objects and variables it moves, where it cannot be shown that nobody notices. Undefined where it can. */

import type { Facts } from "../semantics/facts.js";
import { FRAME_WORDS } from "../semantics/objects.js";
import { asAttribute, asCall, callsUnder } from "../syntax/expressions.js";
import { asWith } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { excerpt } from "../text/excerpt.js";
import { mayBeNone } from "./may-be-none.js";

/** Longer code is cut in a doubt. */
const LONGEST = 40;

/** Variables come, go or hold something else, and code of the function looks at all of them. */
export function frameDoubt(node: Node, facts: Facts): string | undefined {
  const reader = facts.frameReader(node);
  if (!reader && facts.fileMatches(FRAME_WORDS)) return "code in this file inspects the variables of functions";
  return reader && `\`${excerpt(asCall(reader)?.callee.text ?? reader.text, LONGEST)}\` can see which variables exist`;
}

/** The name is set once where it was filled bit by bit, and an exception on the way may be swallowed. */
export function swallowDoubt(name: Node, region: Node, facts: Facts): string | undefined {
  const block = facts.swallowedAround(name, region);
  return (
    block &&
    `\`with ${excerpt(asWith(block)?.items[0]?.value.text ?? "", LONGEST)}\` may suppress an exception, and \`${name.text}\` is read afterwards`
  );
}

/** What a comprehension changes in the place of a loop that fills a name. */
export function gatheringDoubts(name: Node, loop: Node, facts: Facts): readonly (string | undefined)[] {
  return [frameDoubt(loop, facts), swallowDoubt(name, loop, facts)];
}

/** The items of an expression are worked out later than they were, while the region runs between them. */
export function laterDoubt(expression: Node, region: Node, facts: Facts): string | undefined {
  const changes = facts.changesIn(region);
  const changed = expression.descendants("identifier", "attribute", "subscript").find((it) => {
    if (it.kind === "identifier" && (!facts.readsOf(it).includes(it) || facts.nameOf(it) !== undefined)) return false;
    if (it.kind === "attribute" && (it.parent?.kind === "call" || facts.nameOf(it) !== undefined)) return false;
    const isOwn = it.kind === "identifier" && facts.writesOf(it).some((site) => site.name.isInside(expression));
    if (isOwn || it.kind === "subscript") return changes.some((change) => facts.mayBeSame(change, it));
    return facts.isUntouchedIn(it, region) !== "yes";
  });
  return (
    changed &&
    `code in the loop may change \`${excerpt(changed.text, LONGEST)}\` before a later item is computed from it`
  );
}

/** The object has to stay as it is while the region runs. */
export function changeDoubt(place: Node, region: Node, facts: Facts): string | undefined {
  return facts.isUntouchedIn(place, region) === "yes" ? undefined : `code in the loop may change \`${place.text}\``;
}

/** The length, items or sum of the value, or of one inside it, may be worked out by a class of the file. */
export function ownCodeDoubt(value: Node, facts: Facts): string | undefined {
  const own = [value, ...value.descendants("identifier")].find((it) => facts.runsOwnCode(it));
  return own && `a class of this file may define special methods for \`${excerpt(own.text, LONGEST)}\``;
}

/** Where and how often an object is asked whether it equals another, or for its hash, may be seen by a class of the file. */
export function equalityDoubt(facts: Facts): string | undefined {
  return facts.fileMatches(/\bdef __(?:eq|hash)__\(/)
    ? "a class of this file compares its objects, or makes their hash, in its own way"
    : undefined;
}

/** It is read once where it was read several times, or the other way round: a property gives another value each time. */
export function rereadDoubt(place: Node, facts: Facts): string | undefined {
  const attribute = asAttribute(place);
  if (!attribute) return undefined;
  // What an object keeps under the name itself is there as it is, unless something of the same name stands in the file.
  const isOwn = /^(?:self|cls)$/.test(attribute.object.text);
  const mayAct = facts.fileMatches(
    new RegExp(`\\bdef ${attribute.name}\\b|\\b${attribute.name}\\s*=\\s*property\\b|__getattribute__`),
  );
  return (isOwn ? mayAct : mayAct || facts.isUntouchedIn(place, place) !== "yes")
    ? `\`${excerpt(place.text, LONGEST)}\` may be worked out anew each time`
    : undefined;
}

/** A method of str does the work in the place of something else, which a subclass may do otherwise, and None has not. */
export function textDoubts(text: Node, facts: Facts): readonly (string | undefined)[] {
  const isText = facts.typeOf(text)?.name === "str";
  return [
    isText ? undefined : `\`${excerpt(text.text, LONGEST)}\` must be a text`,
    ownCodeDoubt(text, facts),
    isText ? noneDoubt(text, facts) : undefined,
  ];
}

/** `str | None` counts as a text where its type is asked for. */
export function noneDoubt(value: Node, facts: Facts): string | undefined {
  return mayBeNone(value, facts)
    ? `\`${excerpt(value.text, LONGEST)}\` may be None, which raises another error`
    : undefined;
}

/** The file puts something else in the place of the function, as tests do: `mock.patch("re.sub")`, `re.sub = fake`. */
export function replacedDoubt(name: string, facts: Facts): string | undefined {
  const [path, module, last] = /^(?:.*\.)?(\w+)\.(\w+)$/.exec(name) ?? [];
  if (path === undefined) return undefined;
  const pattern = new RegExp(
    `\\b${module}\\.${last}(?:["']|\\s*=[^=])|\\b(?:object|setattr)\\(\\s*(?:[\\w.]+\\.)?${module}\\s*,\\s*["']${last}["']`,
  );
  return facts.fileMatches(pattern) ? `code here puts something else in the place of \`${module}.${last}\`` : undefined;
}

/** StopIteration ends `list(map(…))` quietly, goes on to the caller from a loop or comprehension, and is another error in a generator. */
export function stopDoubt(region: Node, facts: Facts): string | undefined {
  const calls = callsUnder(region);
  const isAsking = calls.some(
    ({ callee, args }) => (callee.text === "next" && args.length === 1) || /\.(__next__|send)$/.test(callee.text),
  );
  const mayAsk = () => calls.some(({ node }) => facts.isPure(node) !== "yes") && facts.fileMatches(STOPS);
  return isAsking || mayAsk() ? "an iterator that has no more then raises another error" : undefined;
}

/** Text of a file in which a call may raise StopIteration. */
const STOPS = /\bStopIteration\b|\bnext\([^,()]*\)|\b__next__\b|\bside_effect\b/;
