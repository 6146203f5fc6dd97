/** Which rules a call or an attribute concerns, by its name: it is read, and the callee resolved, once for all rules that say what they are about. */

import { otherWordsFor } from "../knowledge/index.js";
import type { Kind } from "../syntax/kinds.generated.js";
import type { Rule } from "../rule/rule.js";
import type { Facts } from "../semantics/facts.js";
import { LOOPS } from "../semantics/loops.js";
import { KindRules } from "./kind-rules.js";
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

/** Every rule of a list by the names it is about: made once for the list, whichever of them look at a file. */
class AllNames {
  /** By the word behind the dot. */
  readonly attributes = new Map<string, Rule[]>();
  /** By the last word of a method call: whatever the object is. */
  readonly methods = new Map<string, Rule[]>();
  /** By the last word of the qualified names: only calls that end in it are resolved. */
  readonly words = new Map<string, Rule[]>();
  readonly names = new Map<string, Rule[]>();
  /** `pandas.` for `pandas.*`. */
  readonly prefixes: { readonly prefix: string; readonly rule: Rule }[] = [];

  constructor(rules: readonly Rule[]) {
    for (const rule of rules) {
      for (const attribute of rule.attributes) enter(this.attributes, attribute, rule);
      for (const method of rule.methods) enter(this.methods, method, rule);
      for (const name of rule.calls) {
        if (name.endsWith(".*")) {
          this.prefixes.push({ prefix: name.slice(0, -1), rule });
          continue;
        }
        enter(this.names, name, rule);
        enter(this.words, lastWord(name), rule);
        for (const word of otherWordsFor(name)) enter(this.words, word, rule);
      }
    }
  }
}

const kept = new WeakMap<readonly Rule[], AllNames>();

function allNames(rules: readonly Rule[]): AllNames {
  let known = kept.get(rules);
  if (!known) kept.set(rules, (known = new AllNames(rules)));
  return known;
}

/** A table of all rules as those see it who look at a file. Which of them a word concerns is looked up when a file has the word: most words of the table stand in no file. */
class Looked {
  readonly #found = new Map<string, readonly Rule[]>();

  constructor(
    private readonly table: ReadonlyMap<string, readonly Rule[]>,
    private readonly looking: ReadonlySet<Rule>,
  ) {}

  get(word: string): readonly Rule[] {
    const all = this.table.get(word);
    if (!all) return NOBODY;
    let found = this.#found.get(word);
    if (!found) this.#found.set(word, (found = all.filter((it) => this.looking.has(it))));
    return found;
  }
}

/** The rules that look at a file and say for which names they are asked. */
export class NameTable {
  readonly #attributes: Looked;
  readonly #methods: Looked;
  readonly #words: Looked;
  readonly #names: Looked;
  readonly #prefixes: readonly { readonly prefix: string; readonly rule: Rule }[];
  readonly #hasCalls: boolean;

  /** @param rules all there are; always the same list, as its names are kept by it */
  constructor(rules: readonly Rule[], looking: ReadonlySet<Rule>) {
    const { attributes, methods, words, names, prefixes } = allNames(rules);
    this.#attributes = new Looked(attributes, looking);
    this.#methods = new Looked(methods, looking);
    this.#words = new Looked(words, looking);
    this.#names = new Looked(names, looking);
    this.#prefixes = prefixes.filter((it) => looking.has(it.rule));
    this.#hasCalls = [...looking].some((it) => it.calls.length > 0);
  }

  /** Most calls and attributes concern nobody: they are told by the text of their last word, without a handle on a node. */
  rulesFor(tree: Tree, id: number, facts: Facts): readonly Rule[] {
    const { kinds, fields } = tree.arrays;
    if (kinds[id] === ATTRIBUTE) return this.#attributes.get(attributeWord(tree, id));
    const callee = id + 1;
    if (kinds[id] !== CALL || fields[callee] !== FUNCTION) return NOBODY;
    const kind = kinds[callee];
    if (kind === IDENTIFIER) return this.#called(tree.node(callee), facts);
    if (kind !== ATTRIBUTE) return this.#wrapped(unwrap(tree.node(callee)), facts);
    const word = attributeWord(tree, callee);
    const byMethod = this.#methods.get(word);
    const mayBeNamed = this.#words.get(word).length > 0 || this.#prefixes.length > 0;
    return mayBeNamed ? union(byMethod, this.#called(tree.node(callee), facts)) : byMethod;
  }

  #wrapped(callee: Node, facts: Facts): readonly Rule[] {
    const method = callee.field("attribute")?.text;
    return union(method === undefined ? NOBODY : this.#methods.get(method), this.#called(callee, facts));
  }

  #called(callee: Node, facts: Facts): readonly Rule[] {
    if (!this.#hasCalls) return NOBODY;
    const name = facts.nameOf(callee);
    if (name === undefined) return NOBODY;
    const byName = this.#names.get(name);
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
  if (!isNamedFor(node.kind, rule)) return ofKind(rule, node.kind).rulesFor(tree, id).length > 0;
  let table = alone.get(rule);
  if (!table) alone.set(rule, (table = new NameTable([rule], new Set([rule]))));
  return table.rulesFor(tree, id, facts).length > 0;
}

const kindsAlone = new WeakMap<Rule, Map<Kind, KindRules>>();

function ofKind(rule: Rule, kind: Kind): KindRules {
  let kinds = kindsAlone.get(rule);
  if (!kinds) kindsAlone.set(rule, (kinds = new Map()));
  let found = kinds.get(kind);
  if (!found) kinds.set(kind, (found = new KindRules(kind, [rule])));
  return found;
}
