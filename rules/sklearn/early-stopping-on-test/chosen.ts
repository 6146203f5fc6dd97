/** A loop that scores one model or setting after the other on test data, and the best of them by these scores. */

import {
  asAssignment,
  asCall,
  asComparison,
  asFor,
  asIf,
  asMethodCall,
  asSubscript,
  callsUnder,
  comesFromTurn,
  functionAround,
  lastName,
  nameAtRoot,
  splitPartOf,
  statementOf,
  statementsOf,
  textValue,
  unwrap,
  useOf,
  type Call,
  type Evidence,
  type Facts,
  type ForLoop,
  type Node,
  type Weight,
} from "../../../analysis/authoring.js";
import { VALIDATION } from "./names.js";

export interface Chosen {
  readonly data: Node;
  /** What the loop goes through. */
  readonly each: string;
  readonly evidence: Evidence;
  readonly weight: Weight;
}

/** Undefined unless the call scores on test data and the program looks for the best of these scores. */
export function chosenOnTest(node: Node, call: Call, facts: Facts): Chosen | undefined {
  const name = lastName(call.callee);
  if (!/(?:^|_)(?:score|error|evaluate|loss|auc)(?:_|$)/.test(name)) return undefined;
  const loop = asFor(facts.loopAround(node));
  if (!loop || VALIDATES.test(loop.body.text)) return undefined;
  const data = [...call.args, ...call.keywords.values()].find((it) => splitPartOf(it, facts)?.part === "test");
  const part = data && splitPartOf(data, facts);
  // Folds, and data of each turn: nothing is compared on the same rows.
  if (!data || !part || isOfTurn(data, loop, facts) || !fitsOfTurn(loop, facts)) return undefined;
  const score = heldBy(node);
  if (!isRunningBest(score, loop, facts) && !isPickedAfter(score, node, loop, facts)) return undefined;
  // The first score says it for all of the loop.
  if (facts.memo("sklearn/chosen-on-test", loop.node, () => node) !== node) return undefined;
  return {
    data,
    each: loop.target.text,
    evidence: part.evidence,
    weight: facts.sizeOf(loop.iterable) === "light" ? "light" : "unknown",
  };
}

/** Validation data or folds have a part in it. */
const VALIDATES = /\b\w*(?:[Vv]al|[Vv]alid|[Vv]alidation|_dev|[Hh]oldout)(?:_\w*)?\b(?!\s*=)|\bcross_val|\.split\(/;

function isOfTurn(data: Node, loop: ForLoop, facts: Facts): boolean {
  if (VALIDATION.test(data.text) || comesFromTurn(data, loop.node, facts)) return true;
  const root = nameAtRoot(unwrap(data));
  return root === undefined || facts.writesOf(root, loop.node).length > 0;
}

/** Each turn fits a model, and what the loop goes through has a part in that. */
function fitsOfTurn(loop: ForLoop, facts: Facts): boolean {
  return callsUnder(loop.body).some((it) => {
    if (!/^(?:\w*_)?(?:fit|train)(?:_\w+)?$/.test(lastName(it.callee))) return false;
    const object = asMethodCall(it.node)?.object;
    const made = object && unwrap(object);
    return [...(made ? [made] : []), ...it.args].some((part) => comesFromTurn(part, loop.node, facts));
  });
}

/** The name that the score goes by, also rounded; the call itself where it has none. */
function heldBy(node: Node): Node {
  const value = wrappedBy(node);
  const assignment = asAssignment(statementOf(node));
  const [target, more] = assignment?.targets ?? [];
  return target?.kind === "identifier" && !more && assignment?.value && unwrap(assignment.value) === value
    ? target
    : value;
}

/** `round(float(x), 4)`, `1 - x`. */
function wrappedBy(node: Node): Node {
  const { parent } = node;
  if (
    parent?.kind === "binary_operator" ||
    parent?.kind === "parenthesized_expression" ||
    parent?.kind === "unary_operator"
  )
    return wrappedBy(parent);
  const use = useOf(node);
  const outer = use.kind === "argument" ? asCall(use.call) : undefined;
  return outer && /^(?:round|float|abs|np\.(?:round|sqrt|mean)|numpy\.sqrt|sqrt|math\.sqrt)$/.test(outer.callee.text)
    ? wrappedBy(outer.node)
    : node;
}

/** `if score > best: best = score` */
function isRunningBest(score: Node, loop: ForLoop, facts: Facts): boolean {
  if (score.kind !== "identifier") return false;
  return facts.readsOf(score, loop.body).some((it) => {
    const comparison = asComparison(it.parent);
    const test =
      comparison && /^[<>]=?$/.test(comparison.operator) ? asIf(comparison.node.ancestor("if_statement")) : undefined;
    if (!comparison || !test || !comparison.node.isInside(test.condition)) return false;
    const other = comparison.left === it ? comparison.right : comparison.left;
    return statementsOf(test.body).some((statement) => {
      const stored = asAssignment(statement);
      return stored?.value?.text === score.text && stored.targets.some((target) => target.text === other.text);
    });
  });
}

/** The scores are gathered, and one is picked behind the loop: `max(scores, key=scores.get)`, `np.argmin(errors)`, `table["mae"].idxmin()`. */
function isPickedAfter(score: Node, node: Node, loop: ForLoop, facts: Facts): boolean {
  const kept = gatheredIn(score, node, loop, facts);
  if (!kept) return false;
  const region = functionAround(loop.node) ?? loop.node.tree.root;
  const names = [kept.name.text];
  const table = facts.readsOf(kept.name, region).find((it) => it.start > loop.node.end && isTableOf(it));
  const held = table && asAssignment(statementOf(table))?.targets[0];
  if (held?.kind === "identifier") names.push(held.text);
  return picksIn(region, facts).some(
    (it) =>
      it.node.start > loop.node.end &&
      names.some((name) => it.looksAt.has(name)) &&
      (kept.key === undefined || it.keys.length === 0 || it.keys.includes(kept.key)),
  );
}

const isTableOf = (read: Node): boolean =>
  /(?:^|\.)DataFrame(?:\.from_\w+)?$/.test(asCall(useOf(read).call)?.callee.text ?? "");

interface Gathered {
  readonly name: Node;
  /** Under which key of a dict the score stands there. */
  readonly key: string | undefined;
}

/** `scores[name] = score`, `rows.append({"name": name, "mae": score})`. */
function gatheredIn(score: Node, node: Node, loop: ForLoop, facts: Facts): Gathered | undefined {
  const places = score.kind === "identifier" ? facts.readsOf(score, loop.body).map(wrappedBy) : [wrappedBy(node)];
  for (const place of places) {
    const pair = place.parent?.kind === "pair" ? place.parent : undefined;
    const key = pair ? textValue(pair.field("key")) : undefined;
    const whole = pair?.parent ?? (/^(?:tuple|list)$/.test(place.parent?.kind ?? "") ? place.parent! : place);
    const target = asAssignment(statementOf(whole));
    const stored = asSubscript(target?.targets[0]);
    if (stored && target?.value && unwrap(target.value) === whole) {
      const name = nameAtRoot(stored.value);
      if (name) return { name, key };
    }
    const use = useOf(whole);
    const put = use.kind === "argument" ? asMethodCall(use.call, "append") : undefined;
    const list = put && nameAtRoot(put.object);
    if (list) return { name: list, key };
  }
  return undefined;
}

interface Pick {
  readonly node: Node;
  readonly looksAt: ReadonlySet<string>;
  /** Constant texts in it: columns, keys. */
  readonly keys: readonly string[];
}

/** Asked once for a function. */
function picksIn(region: Node, facts: Facts): readonly Pick[] {
  return facts.memo("sklearn/picks", region, () =>
    callsUnder(region).flatMap((it) => {
      const whole = picks(it);
      if (!whole) return [];
      return [
        {
          node: it.node,
          looksAt: new Set(whole.descendants("identifier").map((name) => name.text)),
          keys: whole.descendants("string").flatMap((text) => textValue(text) ?? []),
        },
      ];
    }),
  );
}

/** The expression that picks one of many, if the call does. */
function picks({ callee, node }: Call): Node | undefined {
  const name = lastName(callee);
  if (/^(?:min|max)$/.test(name) && callee.kind === "identifier") return node;
  if (/^(?:idx|arg|nanarg)(?:max|min)$/.test(name)) return node;
  // The first of what is sorted.
  if (/^(?:sorted|sort_values|nlargest|nsmallest)$/.test(name)) {
    const { parent } = node;
    const item = asSubscript(parent);
    if (item?.value === node && item.indices[0]?.text === "0") return node;
    if (parent?.kind === "attribute" && /^i(?:loc|at)$/.test(parent.field("attribute")?.text ?? "")) {
      const row = asSubscript(parent.parent);
      return row?.indices[0]?.text === "0" ? node : undefined;
    }
  }
  return undefined;
}
