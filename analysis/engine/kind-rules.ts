/** Which rules a node of one kind concerns, told by its text and the kind of its value: most nodes are passed over without a handle on them. */

import type { Rule, ValuedKind } from "../rule/rule.js";
import type { FieldName, Kind } from "../syntax/kinds.generated.js";
import { FIELD_IDS, KIND_IDS, type Tree } from "../syntax/tree.js";

/** Where the value of a node stands; of a statement of one expression it is the first child. */
const VALUES: Readonly<Record<ValuedKind, FieldName | undefined>> = {
  assignment: "right",
  default_parameter: "value",
  typed_default_parameter: "value",
  expression_statement: undefined,
  if_statement: "condition",
  elif_clause: "condition",
  while_statement: "condition",
};
const NO_VALUE = 0xffff;

interface Valued {
  readonly kinds: ReadonlySet<number>;
  readonly rule: Rule;
}

/** Parted when a node of the kind is first met: lists of rules are made for nearly every file of a project, and no file has all kinds. */
interface Parted {
  readonly always: readonly Rule[];
  readonly begun: readonly Rule[];
  readonly valued: readonly Valued[];
  readonly field: number;
}

export class KindRules {
  #parted: Parted | undefined = undefined;
  /** By the kind of the value: those that are always asked, and those that this value concerns. */
  readonly #byValue = new Map<number, readonly Rule[]>();

  constructor(
    private readonly kind: Kind,
    private readonly rules: readonly Rule[],
  ) {}

  rulesFor(tree: Tree, id: number): readonly Rule[] {
    const { always, begun, valued, field } = (this.#parted ??= part(this.kind, this.rules));
    const rules = valued.length === 0 ? always : this.#withValue(valueKind(tree, id, field), always, valued);
    if (begun.length === 0) return rules;
    const met = begun.filter((it) => beginsAt(it.begins!, tree.text, tree.arrays.starts[id]!));
    return met.length === 0 ? rules : [...rules, ...met];
  }

  #withValue(value: number, always: readonly Rule[], valued: readonly Valued[]): readonly Rule[] {
    let rules = this.#byValue.get(value);
    if (!rules) {
      rules = [...always, ...valued.filter(({ kinds }) => kinds.has(value)).map((it) => it.rule)];
      this.#byValue.set(value, rules);
    }
    return rules;
  }
}

function part(kind: Kind, rules: readonly Rule[]): Parted {
  const name = Object.hasOwn(VALUES, kind) ? VALUES[kind as ValuedKind] : undefined;
  const valuesOf = (rule: Rule) => rule.values[kind as ValuedKind];
  return {
    always: rules.filter((it) => !it.begins && !valuesOf(it)),
    begun: rules.filter((it) => it.begins),
    valued: rules.flatMap((rule) => {
      const values = valuesOf(rule);
      return values ? [{ kinds: new Set(values.map((it) => KIND_IDS.get(it)!)), rule }] : [];
    }),
    field: name === undefined ? 0 : FIELD_IDS.get(name)!,
  };
}

function valueKind({ arrays: { fields, kinds, nexts } }: Tree, id: number, field: number): number {
  const end = nexts[id]!;
  if (field === 0) return id + 1 < end ? kinds[id + 1]! : NO_VALUE;
  for (let child = id + 1; child < end; child = nexts[child]!) if (fields[child] === field) return kinds[child]!;
  return NO_VALUE;
}

function beginsAt(pattern: RegExp, text: string, start: number): boolean {
  pattern.lastIndex = start;
  return pattern.test(text);
}
