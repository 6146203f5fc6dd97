/** Rules that report what the facts say of every name, attribute, call and loop: with them an edit is held to a fresh analysis fact by fact, whatever the real rules ask. */
import type { Node } from "../../analysis/syntax/tree.js";
import { defineRule, nameRule, type File, type Rule } from "../../analysis/rule/rule.js";
import { printType } from "../../analysis/semantics/types.js";
import type { Kind } from "../../analysis/syntax/kinds.generated.js";

function probe(name: string, on: readonly Kind[], told: (node: Node, file: File) => string | undefined): Rule {
  return nameRule(
    `probe/${name}`,
    defineRule({
      title: "A fact",
      why: "A test asks.",
      guide: "pandas-iterrows" as never,
      level: "hint",
      gain: "clarity",
      examples: [{ before: "x" }],
      on,
      find(node, file) {
        const said = told(node, file);
        return said === undefined ? undefined : { at: node, said };
      },
      message: (match) => match.said,
    }),
  );
}

export const FACT_PROBES: readonly Rule[] = [
  probe("typed", ["identifier", "attribute", "call"], (node, { facts }) => {
    const found = facts.typed(node);
    return found && `${node.text}: ${printType(found.type)}, ${found.evidence}`;
  }),
  probe("alike", ["identifier", "attribute"], (node, { facts }) => {
    const found = facts.likeness(node);
    return found && `${node.text} is like a ${found.kind}, ${found.evidence}`;
  }),
  probe("place", ["identifier", "attribute"], (node, { facts }) => {
    const place = facts.placeOf(node);
    const uses = place?.uses.map((it) => `${it.kind} ${it.name ?? ""} ${it.node.start}`);
    const writes = place?.writes.map((it) => `${it.kind} ${it.name.start} ${it.value?.text}`);
    const reaching = place?.reaching(node).map((it) => it.name.start);
    return (
      place && [place.text, uses, writes, reaching, place.readsElsewhere.length, facts.valueOf(node)?.text].join("; ")
    );
  }),
  probe("weight", ["call", "for_statement", "list_comprehension"], (node, { facts }) => {
    const iterable = node.field("right") ?? node.field("function")!;
    return `${facts.weightOf(node)} ${iterable ? facts.sizeOf(iterable) : ""}`;
  }),
];
