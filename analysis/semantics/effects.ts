/** What code changes: whether an expression is free of effects, and whether a value stays the same while a region runs. */

import { isPureCall, mutates, returnOf } from "../knowledge/index.js";
import { isWritingKeyword, outcomePlace } from "../knowledge/numpy-outcomes.js";
import {
  asAttribute,
  asCall,
  asComprehension,
  asLambda,
  asMethodCall,
  isConstant,
  unwrap,
  type Call,
} from "../syntax/expressions.js";
import type { Kind } from "../syntax/kinds.generated.js";
import type { Node } from "../syntax/tree.js";
import { indexOfBinding } from "./binding-index.js";
import type { ModuleView } from "./module.js";
import type { Inference } from "./infer.js";
import type { Names } from "./names.js";
import type { Binding } from "./scopes.js";
import { jottings, makeScratch } from "./store.js";
import { UNCHANGING } from "./types.js";
import { isPassedOn, useOf, type Use } from "./uses.js";

/** The answer of a fact. A rule or fix relies only on what is certain: `unknown` is never taken for the answer it needs. */
export type Answer = "yes" | "no" | "unknown";

export interface Effects {
  /** Evaluating it changes nothing, prints nothing, and gives the same value again while its operands stay the same. It may raise. */
  isPure(expression: Node): Answer;
  /** The name is not rebound in the region, and nothing there can change the object it stands for. */
  isStableIn(identifier: Node, region: Node): Answer;
  /** This one use of a value cannot change it nor hand it to code that might. */
  isHarmless(use: Use): boolean;
  /** Some use of the binding changes its object, or hands it to code that might. */
  hasChange(binding: Binding): boolean;
  /** Calls in a region that are not known to be free of effects. */
  unknownCallsIn(region: Node): readonly Node[];
  /** Something in the region may run code that is not known here and reach what was handed out before: a call of neither a built-in nor a known library, `yield`, `await`. */
  runsUnknownCode(region: Node): boolean;
}

const TRANSPARENT: ReadonlySet<Kind> = new Set<Kind>([
  "list",
  "tuple",
  "set",
  "dictionary",
  "pair",
  "expression_list",
  "conditional_expression",
  "boolean_operator",
  "not_operator",
  "parenthesized_expression",
  "slice",
  "string",
  "concatenated_string",
  "interpolation",
  "keyword_argument",
  "list_splat",
  "dictionary_splat",
]);
const NEVER: ReadonlySet<Kind> = new Set<Kind>(["await", "yield", "named_expression"]);

export function effects(view: ModuleView, names: Names, inference: Inference): Effects {
  const scratch = makeScratch();
  const all = (nodes: readonly Node[]): Answer => {
    const answers = nodes.map(isPure);
    return answers.includes("no") ? "no" : answers.every((it) => it === "yes") ? "yes" : "unknown";
  };

  function isPure(expression: Node): Answer {
    const node = unwrap(expression);
    if (isConstant(node) || node.kind === "identifier" || node.kind === "lambda") return "yes";
    if (NEVER.has(node.kind)) return "no";
    if (TRANSPARENT.has(node.kind)) return all(node.children.filter((it) => !PARTS.has(it.kind)));
    const attribute = asAttribute(node);
    if (attribute)
      return names.nameOf(node) !== undefined || inference.typeOf(attribute.object) !== undefined
        ? all([attribute.object])
        : "unknown";
    if (
      node.kind === "binary_operator" ||
      node.kind === "comparison_operator" ||
      node.kind === "unary_operator" ||
      node.kind === "subscript"
    ) {
      const isKnown =
        node.children.every((it) => it.kind === "slice" || inference.typeOf(it) !== undefined) || isIdentityTest(node);
      return isKnown ? all(node.children) : all(node.children) === "no" ? "no" : "unknown";
    }
    const comprehension = asComprehension(node);
    if (comprehension)
      return all([
        comprehension.element,
        ...comprehension.clauses.map((it) => it.iterable),
        ...comprehension.conditions,
      ]);
    const call = asCall(node);
    if (!call) return "unknown";
    return isPureCallee(node) ? all([...call.args, ...call.keywords.values()]) : "unknown";
  }

  /** The functions that a call of a built-in calls in its turn: `key=`, the first argument of `map` and `filter`. */
  function callsOnlyPure(call: Call, name: string): boolean {
    const [first] = call.args;
    const called = [
      call.keywords.get("key"),
      name === "builtins.map" || name === "builtins.filter" ? first : undefined,
    ];
    return called.every((it) => it === undefined || it.kind === "none" || isPureFunction(it));
  }

  function isPureFunction(node: Node): boolean {
    const lambda = asLambda(unwrap(node));
    return lambda ? isPure(lambda.body) === "yes" : isPureCall(names.nameOf(node) ?? "");
  }

  function isPureCallee(node: Node): boolean {
    const call = asCall(node);
    if (!call) return false;
    if ([...call.keywords.keys()].some(isWritingKeyword)) return false;
    const name = names.nameOf(call.callee);
    const isWriting = (it: string) => call.args.length > (outcomePlace(it) ?? call.args.length);
    if (name !== undefined) return isPureCall(name) && !isWriting(name) && !call.hasSplat && callsOnlyPure(call, name);
    const method = asMethodCall(node);
    const receiver = method && inference.typeOf(method.object);
    const own = receiver && `${receiver.name}.${method.method}`;
    return own !== undefined && isPureCall(own) && !isWriting(own) && isPure(method!.object) === "yes";
  }

  function isHarmless(use: Use): boolean {
    if (isChange(use)) return false;
    switch (use.kind) {
      case "subscript":
      case "membership":
      case "compared":
      case "tested":
      case "iterated":
      case "formatted":
      case "discarded":
      case "attribute":
        return true;
      case "operand":
        return !isPassedOn(use) || isHarmless(useOf(use.in));
      case "starred":
        return true;
      case "method": {
        const type = inference.typeOf(use.node);
        if (!type || use.name === undefined) return false;
        return mutates(type.name, use.name) === false || isPureCall(`${type.name}.${use.name}`);
      }
      case "argument":
        return use.call !== undefined && isPureCallee(use.call);
      default:
        return false;
    }
  }

  function isStableIn(identifier: Node, region: Node): Answer {
    const binding = names.bindingOf(identifier);
    if (!binding) return "unknown";
    const index = indexOfBinding(binding);
    if (index.sites.countInside(region) > 0) return "no";
    const type = inference.typeOf(identifier);
    const isImmutable = type !== undefined && IMMUTABLE.has(type.name);
    if (!isImmutable) {
      const kept = isKeptIn(binding, region);
      if (kept !== "yes") return kept;
      const { aliased } = index;
      if (aliased.count > aliased.countInside(region)) return "unknown";
    }
    const isShared = binding.scope.kind === "module" || index.isRemote || index.isCaptured;
    const mayBeRebound = index.isRemote;
    if (
      isShared &&
      (mayBeRebound || !isImmutable) &&
      changesFromElsewhere(binding, mayBeRebound) &&
      unknownCallsIn(region).length > 0
    )
      return "unknown";
    return "yes";
  }

  /** No use in the region changes the object, nor hands it to code that might: one answer for all who use it there. */
  function isKeptIn(binding: Binding, region: Node): Answer {
    const known = jottings(view.store.scratch ?? scratch, `kept ${binding.name}`) as Map<Node, [Binding, Answer]>;
    const [of, answer] = known.get(region) ?? [];
    if (answer && of === binding) return answer;
    const found = ofUses(indexOfBinding(binding).orderedUses.inside(region));
    known.set(region, [binding, found]);
    return found;
  }

  function ofUses(uses: readonly Use[]): Answer {
    for (const use of uses) {
      if (isChange(use)) return "no";
      if (!isHarmless(use)) return "unknown";
    }
    return "yes";
  }

  /** Some function changes the object or rebinds the name, so calling an unknown function may do so. */
  function changesFromElsewhere(binding: Binding, mayBeRebound: boolean): boolean {
    if (mayBeRebound) return true;
    // A module's name has uses all over the file: they are looked at once, not for each piece that asks.
    return binding.scope.kind === "module" && binding === view.bindingOf(binding.name)
      ? view.store.ask<boolean>("changed", binding.name)
      : hasChange(binding);
  }

  function hasChange(binding: Binding): boolean {
    return indexOfBinding(binding).uses.some((it) => isChange(it) || !isHarmless(it));
  }

  /** Stores and deletions, also through what shares its memory: `frame.loc[…] = 0`, `array[1:][mask] = 0`. */
  function isChange(use: Use): boolean {
    if (use.kind === "attribute" || (use.kind === "subscript" && SHARING.has(inference.typeOf(use.node)?.name ?? "")))
      return isChange(useOf(use.in));
    if (
      use.kind === "subscript-store" ||
      use.kind === "subscript-delete" ||
      use.kind === "attribute-store" ||
      use.kind === "augmented" ||
      use.kind === "deleted"
    )
      return true;
    if (use.kind === "method" && asCall(use.call)?.keywords.has("inplace")) return true;
    const type = use.kind === "method" ? inference.typeOf(use.node) : undefined;
    return type !== undefined && use.name !== undefined && mutates(type.name, use.name) === true;
  }

  function unknownCallsIn(region: Node): readonly Node[] {
    return region.descendants("call").filter((it) => !isPureCallee(it));
  }

  function runsUnknownCode(region: Node): boolean {
    return region.descendants("call", "yield", "await").some((it) => !isKnownCall(asCall(it)));
  }

  function isKnownCall(call: Call | undefined): boolean {
    if (!call || [...call.args, ...call.keywords.values()].some((it) => inference.typeOf(it)?.name === "function"))
      return false;
    const name = names.nameOf(call.callee);
    if (name !== undefined) return returnOf(name) !== undefined || isPureCall(name);
    const receiver = asMethodCall(call.node) && inference.typeOf(asMethodCall(call.node)!.object);
    return receiver !== undefined && !receiver.name.startsWith("local.") && !LAZY.has(receiver.name);
  }

  return { isPure, isStableIn, isHarmless, hasChange, unknownCallsIn, runsUnknownCode };
}

function isIdentityTest(node: Node): boolean {
  return (
    node.kind === "comparison_operator" &&
    node.allChildren.filter((it) => !it.isNamed).every((it) => it.token === "is" || it.token === "is not")
  );
}

const PARTS: ReadonlySet<Kind> = new Set<Kind>([
  "string_start",
  "string_content",
  "string_end",
  "type_conversion",
  "format_specifier",
]);
const IMMUTABLE = new Set([...UNCHANGING, "function"]);
/** A part of one of them is a view of it. */
const SHARING = new Set([
  "numpy.ndarray",
  "pandas.DataFrame",
  "pandas.Series",
  "torch.Tensor",
  "tensorflow.Tensor",
  "memoryview",
]);
/** Asking them for a value runs the code that makes it. */
const LAZY = new Set(["function", "type", "generator", "iterator", "async-generator", "coroutine"]);
