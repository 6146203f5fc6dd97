/** A DataFrame that a loop makes longer or wider where it stands: `df.loc[len(df)] = row`, `df[f"lag_{i}"] = column`. Each of them copies what is there. */

import { weakest } from "../semantics/evidence.js";
import type { Evidence, Weight } from "../semantics/evidence.js";
import type { Facts } from "../semantics/facts.js";
import { asCall } from "../syntax/expressions.js";
import { lastIdentifier } from "../text/identifiers.js";
import { asFor } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { knownTurns } from "./known-turns.js";

/** So many turns are no trouble. */
const FEW = 20;

/** How a frame that a loop fills was begun. */
export interface Begun {
  /** The value that the loop begins with. */
  readonly value: Node;
  /** `pd.DataFrame()`, `pd.DataFrame(columns=names)`: no rows. */
  readonly isWithoutRows: boolean;
  /** `pd.DataFrame()`, `pd.DataFrame(index=days)`: no columns. */
  readonly isWithoutColumns: boolean;
}

/** Undefined where it is not a new frame, or may be another one in each turn. */
export function begunFrame(frame: Node, loop: Node, facts: Facts): Begun | undefined {
  if (frame.kind !== "identifier") return undefined;
  const writes = facts.writesOf(frame);
  if (writes.some((it) => it.name.isInside(loop))) return undefined;
  const sites = facts.reachingSites(frame);
  const [site, more] = sites;
  const value = site?.kind === "assign" && !more ? site.value : undefined;
  const call = asCall(value);
  if (!value || !call || call.hasSplat || facts.nameOf(call.callee) !== "pandas.DataFrame") return undefined;
  const data = call.keywords.get("data") ?? call.args[0];
  const isEmpty = data === undefined || /^(None|\[\]|\{\}|\(\))$/.test(data.text);
  const hasIndex = call.keywords.has("index") || call.args.length > 1;
  const hasColumns = call.keywords.has("columns") || call.args.length > 2;
  return { value, isWithoutRows: isEmpty && !hasIndex, isWithoutColumns: isEmpty && !hasColumns };
}

/** By which evidence it is a DataFrame that outlives the turns of the loop; undefined where each turn has one of its own. */
export function grownFrame(frame: Node, loop: Node, facts: Facts): Evidence | undefined {
  const evidence = facts.isA(frame, "pandas.DataFrame", "fair")
    ? (facts.evidenceOf(frame) ?? facts.typed(frame, "fair")?.evidence)
    : facts.typed(frame, "fair")
      ? undefined
      : facts.takenFor(frame, "frame");
  if (!evidence) return undefined;
  if (frame.kind === "identifier")
    return facts.writesOf(frame).some((it) => it.name.isInside(loop)) ? undefined : evidence;
  const place = facts.placeOf(frame);
  return place && !place.writes.some((it) => it.name.isInside(loop)) ? weakest(evidence, "strong") : undefined;
}

/** By the turns of the loops in which it grows. */
export function growthWeight(statement: Node, loops: readonly Node[], facts: Facts): Weight {
  const turns = loops.map((it) => knownTurns(it, facts));
  if (turns.every((it) => it !== undefined)) {
    const all = turns.reduce((product, it) => product * it, 1);
    return all <= FEW ? "light" : all >= 100 ? "heavy" : "unknown";
  }
  const sizes = loops.map((it) => {
    const iterable = asFor(it)?.iterable;
    return iterable ? facts.sizeOf(iterable) : "unknown";
  });
  if (sizes.includes("heavy")) return "heavy";
  if (sizes.every((it) => it === "light") || facts.weightOf(statement) === "light") return "light";
  return "unknown";
}

/** What the list or dict is called that holds the parts: `result_rows`. */
export function freshRows(frame: Node, loop: Node, facts: Facts, what = "rows"): string {
  return facts.freshName(`${lastIdentifier(frame.text) || "all"}_${what}`, loop);
}
