/** The typed view that belongs to each kind of node. */

import {
  asAttribute,
  asBinary,
  asCall,
  asComparison,
  asComprehension,
  asConditional,
  asLambda,
  asSubscript,
} from "./expressions.js";
import type { Kind } from "./kinds.generated.js";
import { asAssignment, asAugmented, asClass, asFor, asFunction, asIf, asTry, asWhile, asWith } from "./statements.js";
import type { Node } from "./tree.js";

const VIEWS = {
  assignment: asAssignment,
  attribute: asAttribute,
  augmented_assignment: asAugmented,
  binary_operator: asBinary,
  call: asCall,
  class_definition: asClass,
  comparison_operator: asComparison,
  conditional_expression: asConditional,
  dictionary_comprehension: asComprehension,
  for_statement: asFor,
  function_definition: asFunction,
  generator_expression: asComprehension,
  if_statement: asIf,
  lambda: asLambda,
  list_comprehension: asComprehension,
  set_comprehension: asComprehension,
  subscript: asSubscript,
  try_statement: asTry,
  while_statement: asWhile,
  with_statement: asWith,
} as const satisfies Partial<Record<Kind, (node: Node) => object | undefined>>;

type Views = typeof VIEWS;

/** Of a node of this kind: its typed view, or the node itself where there is none. */
export type ViewOf<K extends Kind> = K extends keyof Views ? NonNullable<ReturnType<Views[K]>> : Node;

const views: Readonly<Partial<Record<Kind, (node: Node) => object | undefined>>> = VIEWS;

/** Undefined for a node that lacks a part of what its kind consists of. */
export function viewOf(node: Node): object | undefined {
  const view = views[node.kind];
  return view ? view(node) : node;
}
