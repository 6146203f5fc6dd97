/** What a call gives, seeing its arguments: `np.random.rand()` is a number, `np.random.rand(3)` an array. */

import { parseType, type Maybe, type Type } from "../semantics/types.js";
import { alongBases, givenRules, methodReturn, returnOf } from "./index.js";

/** The arguments of one call, as far as the tables ask. */
export interface Arguments {
  /** Types of those without a name, in order. */
  readonly positional: readonly Maybe[];
  readonly keywords: readonly string[];
  /** `*args` or `**kwargs` stand among them: then no rule can be ruled out. */
  readonly hasSplat: boolean;
}

export function functionGives(name: string, args: Arguments): Maybe {
  return decided(givenRules(name), args, () => returnOf(name));
}

export function methodGives(receiver: Type, method: string, args: Arguments): Maybe {
  const rules = alongBases(receiver.name, (it) => givenRules(`${it}.${method}`));
  const answer = decided(rules, args, () => methodReturn(receiver, method));
  return answer?.name === "self" ? receiver : answer;
}

function decided(rules: string | undefined, args: Arguments, otherwise: () => Maybe): Maybe {
  if (rules === undefined) return otherwise();
  if (args.hasSplat) return undefined;
  for (const rule of rules.split("; ")) {
    const [condition = "", answer = ""] = rule.split(": ");
    const holds = isMet(condition, args);
    if (holds === "unknown") return undefined;
    if (holds) return resolved(parseType(answer), args.positional);
  }
  return otherwise();
}

function isMet(condition: string, args: Arguments): boolean | "unknown" {
  const [, keyword = "", place, wanted] = /^(\w*)(?:\/(\d+)(?:=(\w+))?)?$/.exec(condition) ?? [];
  if (args.keywords.includes(keyword)) return true;
  if (place === undefined || args.positional.length <= Number(place)) return false;
  if (wanted === undefined) return true;
  const type = args.positional[Number(place)];
  return type ? type.name === wanted : "unknown";
}

/** Two answers speak of the arguments: `same[…]` is the type of the one that is an array, `element[…]` that of the items of the first. */
function resolved(answer: Maybe, positional: readonly Maybe[]): Maybe {
  if (answer?.name === "same") return only(arraysAmong(positional), answer.of);
  if (answer?.name === "element") return only([positional[0]?.of[0]], answer.of);
  return answer;
}

/** Nothing where an unknown argument might be an array too. */
function arraysAmong(positional: readonly Maybe[]): readonly Maybe[] {
  return positional.includes(undefined) ? [] : positional.filter((it) => it && !SCALARS.has(it.name));
}

function only(found: readonly Maybe[], allowed: readonly Maybe[]): Maybe {
  const [first, ...rest] = found;
  return first && allowed.some((it) => it?.name === first.name) && rest.every((it) => it?.name === first.name)
    ? first
    : undefined;
}

const SCALARS = new Set(["int", "float", "bool", "complex", "str", "bytes", "None", "type", "numpy.dtype"]);
