/** Which rules a call or an attribute concerns, by its name: it is read, and the callee resolved, once for all rules that say what they are about. */

import { otherWordsFor } from "../knowledge/index.js";
import type { Kind } from "../syntax/kinds.generated.js";
import type { Rule } from "../rule/rule.js";
import type { Facts } from "../semantics/facts.js";
import { LOOPS } from "../semantics/loops.js";
import { unwrap } from "../syntax/expressions.js";
import type { Node, Tree } from "../syntax/tree.js";
import { FIELD_IDS, KIND_IDS } from "../syntax/tree.js";

const FUNCTION = FIELD_IDS.get("function")!;
const CALL = KIND_IDS.get("call")!;
const IDENTIFIER = KIND_IDS.get("identifier")!;
const ATTRIBUTE = KIND_IDS.get("attribute")!;
const NOBODY: readonly Rule[] = [];

/** The rule asks for some nodes of the kind only, by their names. */
export function isNamedFor(kind: Kind, { calls, methods, attributes }: Rule): boolean {
  if (kind === "call") return calls.length + methods.length > 0;
  return kind === "attribute" && attributes.length > 0;
}

/** The rules that say for which names they are asked. */
export class NameTable {
  /** By the word behind the dot. */
  readonly #attributes = new Map<string, Rule[]>();
  /** By the last word of a method call: whatever the object is. */
  readonly #methods = new Map<string, Rule[]>();
  /** By the last word of the qualified names: only calls that end in it are resolved. */
  readonly #words = new Set<string>();
  readonly #names = new Map<string, Rule[]>();
  /** `pandas.` for `pandas.*`. */
  readonly #prefixes: { readonly prefix: string; readonly rule: Rule }[] = [];

  constructor(rules: readonly Rule[]) {
    for (const rule of rules) {
      for (const attribute of rule.attributes) enter(this.#attributes, attribute, rule);
      for (const method of rule.methods) enter(this.#methods, method, rule);
      for (const name of rule.calls) {
        if (name.endsWith(".*")) {
          this.#prefixes.push({ prefix: name.slice(0, -1), rule });
          continue;
        }
        enter(this.#names, name, rule);
        this.#words.add(lastWord(name));
        for (const word of otherWordsFor(name)) this.#words.add(word);
      }
    }
  }

  /** Most calls and attributes concern nobody: they are told by the text of their last word, without a handle on a node. */
  rulesFor(tree: Tree, id: number, facts: Facts): readonly Rule[] {
    const { kinds, fields } = tree.arrays;
    if (kinds[id] === ATTRIBUTE)
      return this.#attributes.size > 0 ? (this.#attributes.get(attributeWord(tree, id)) ?? NOBODY) : NOBODY;
    const callee = id + 1;
    if (kinds[id] !== CALL || fields[callee] !== FUNCTION) return NOBODY;
    const kind = kinds[callee];
    if (kind === IDENTIFIER) return this.#called(tree.node(callee), facts);
    if (kind !== ATTRIBUTE) return this.#wrapped(unwrap(tree.node(callee)), facts);
    const word = attributeWord(tree, callee);
    const byMethod = this.#methods.get(word) ?? NOBODY;
    const mayBeNamed = this.#words.has(word) || this.#prefixes.length > 0;
    return mayBeNamed ? union(byMethod, this.#called(tree.node(callee), facts)) : byMethod;
  }

  #wrapped(callee: Node, facts: Facts): readonly Rule[] {
    const method = callee.field("attribute")?.text;
    return union(method === undefined ? NOBODY : (this.#methods.get(method) ?? NOBODY), this.#called(callee, facts));
  }

  #called(callee: Node, facts: Facts): readonly Rule[] {
    if (this.#names.size + this.#prefixes.length === 0) return NOBODY;
    const name = facts.nameOf(callee);
    if (name === undefined) return NOBODY;
    const byName = this.#names.get(name) ?? NOBODY;
    if (this.#prefixes.length === 0) return byName;
    return union(
      byName,
      this.#prefixes.filter(({ prefix }) => name.startsWith(prefix)).map(({ rule }) => rule),
    );
  }
}

/** The last child of an attribute is its name. */
function attributeWord({ arrays: { starts, ends, nexts }, text }: Tree, id: number): string {
  let name = id + 1;
  for (let child = name; child < nexts[id]!; child = nexts[child]!) name = child;
  return text.slice(starts[name], ends[name]);
}

function lastWord(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function enter(table: Map<string, Rule[]>, key: string, rule: Rule): void {
  const rules = table.get(key);
  if (!rules) table.set(key, [rule]);
  else if (!rules.includes(rule)) rules.push(rule);
}

/** A rule may name a call in both ways, and is asked once. */
function union(first: readonly Rule[], second: readonly Rule[]): readonly Rule[] {
  if (first.length === 0) return second;
  return second.length === 0 ? first : [...new Set([...first, ...second])];
}

const alone = new WeakMap<Rule, NameTable>();

/** Whether a rule that listens to this kind of node is asked about it. */
export function concerns(rule: Rule, node: Node, facts: Facts): boolean {
  const { tree, id } = node;
  if (rule.within === "loop" && !node.ancestor(...LOOPS)) return false;
  if (!isNamedFor(node.kind, rule)) return true;
  let table = alone.get(rule);
  if (!table) alone.set(rule, (table = new NameTable([rule])));
  return table.rulesFor(tree, id, facts).length > 0;
}
