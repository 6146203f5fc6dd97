/** A loop or comprehension over the elements of NumPy arrays becomes an expression over whole arrays. */

import {
  arrayExpression,
  arrayLoop,
  arrayShape,
  arrayStatements,
  asCall,
  asComprehension,
  defineRefactoring,
  fillingOf,
  hasComments,
  holdsNumbers,
  importModule,
  indentOf,
  insteadOfFilling,
  isCompiled,
  isNumber,
  isTranslatable,
  replace,
  shapeDoubt,
  statementsOf,
  unwrap,
  type ArrayLoop,
  type Edit,
  type Elementwise,
  type Facts,
  type File,
  type Filling,
  type Node,
} from "../analysis/authoring.js";

/** One item of one or several arrays at a time, gathered in a list. */
interface Gathered {
  readonly arrays: ReadonlyMap<string, Node>;
  readonly element: Node;
  readonly condition: Node | undefined;
  /** The expression that the list is; none where a loop fills it. */
  readonly at: Node | undefined;
  readonly filling: Filling | undefined;
  /** An array is made of the list at once. */
  readonly becomesArray: boolean;
}

type Match =
  | { readonly loop: ArrayLoop; readonly gathered?: undefined }
  | { readonly gathered: Gathered; readonly loop?: undefined };

interface Written {
  readonly edits: readonly Edit[];
  readonly doubts: readonly string[];
}

export default defineRefactoring({
  title: "Loop over array elements to array expression",
  guide: "numpy",
  kind: "rewrite",
  on: ["for_statement", "list_comprehension"],
  reach: "inside",
  imports: ["numpy"],
  rules: ["numpy/elementwise-loop"],

  example: {
    before: `
import numpy as np

def fahrenheit(celsius: np.ndarray) -> np.ndarray:
    result = np.zeros_like(celsius)
    for i in range(len(celsius)):
        ‸result[i] = celsius[i] * 1.8 + 32.0
    return result
`,
    after: `
import numpy as np

def fahrenheit(celsius: np.ndarray) -> np.ndarray:
    result = np.zeros_like(celsius)
    result[:] = celsius * 1.8 + 32.0
    return result
`,
  },

  find(node, _selection, file): Match | undefined {
    if (isCompiled(node, file.facts)) return undefined;
    return matchesOf(node, file.facts).find((it) => written(it, file) !== undefined);
  },

  offer({ loop, gathered }) {
    const [first] = loop?.steps.filter((it) => it.kind !== "name") ?? [];
    const name = gathered
      ? [...gathered.arrays.values()][0]!.text
      : first?.kind === "sum"
        ? first.name.text
        : first && "cell" in first
          ? first.cell.array.text
          : "";
    return gathered && !gathered.filling
      ? `Compute on \`${name}\` as a whole`
      : `Compute \`${gathered?.filling?.name.text ?? name}\` with whole arrays`;
  },

  doubt(match, file) {
    const doubts = written(match, file)?.doubts ?? [];
    const text = doubts.join(", ");
    return text === "" ? undefined : `Check what may differ: ${text}.`;
  },

  apply(match, file) {
    const made = written(match, file);
    return made && { edits: made.edits };
  },
});

/** The outer one of two loops straight inside each other first. */
function matchesOf(node: Node, facts: Facts): readonly Match[] {
  if (node.kind === "list_comprehension") {
    const gathered = ofComprehension(node, facts);
    return gathered ? [{ gathered }] : [];
  }
  const outer = node.parent?.parent;
  const loops = outer?.kind === "for_statement" && statementsOf(node.parent!).length === 1 ? [outer, node] : [node];
  const found = loops.flatMap((it): readonly Match[] => {
    const loop = arrayLoop(it, facts);
    return loop &&
      loop.steps.some((step) => step.kind !== "name") &&
      isTranslatable(loop, facts) &&
      holdsNumbers(loop, facts) !== "no"
      ? [{ loop }]
      : [];
  });
  const gathered = ofFilling(fillingOf(node, facts), facts);
  return gathered ? [...found, { gathered }] : found;
}

function ofComprehension(node: Node, facts: Facts): Gathered | undefined {
  const whole = asComprehension(node);
  const [clause, more] = whole?.clauses ?? [];
  const [condition, others] = whole?.conditions ?? [];
  if (!whole || !clause || more || clause.isAsync || others || hasComments(node)) return undefined;
  const arrays = arraysOf(clause.target, clause.iterable, facts);
  const call = node.parent?.kind === "argument_list" ? asCall(node.parent.parent) : undefined;
  const becomesArray =
    call !== undefined &&
    call.args.length === 1 &&
    call.keywords.size === 0 &&
    !call.hasSplat &&
    /^numpy\.(array|asarray)$/.test(facts.nameOf(call.callee) ?? "");
  return (
    arrays && {
      arrays,
      element: whole.element,
      condition,
      at: becomesArray ? call.node : node,
      filling: undefined,
      becomesArray,
    }
  );
}

function ofFilling(filling: Filling | undefined, facts: Facts): Gathered | undefined {
  const [{ target, iterable } = {}, second, more] = (filling?.gathering.clauses ?? []) as readonly {
    readonly target?: Node;
    readonly iterable?: Node;
    readonly condition?: Node;
    readonly isNegated?: true;
  }[];
  if (
    !filling ||
    filling.kind !== "list" ||
    filling.otherwise ||
    !target ||
    !iterable ||
    more ||
    second?.target ||
    second?.isNegated ||
    hasComments(filling.gathering.loop.node)
  )
    return undefined;
  const arrays = arraysOf(target, iterable, facts);
  return (
    arrays && {
      arrays,
      element: filling.item.value,
      condition: second?.condition,
      at: undefined,
      filling,
      becomesArray: false,
    }
  );
}

/** `x in xs`, `a, b in zip(xs, ys)`: what each name is an item of. */
function arraysOf(target: Node, iterable: Node, facts: Facts): ReadonlyMap<string, Node> | undefined {
  const names = target.kind === "identifier" ? [target] : target.children;
  const zip = asCall(unwrap(iterable));
  const isZip = zip && facts.nameOf(zip.callee) === "builtins.zip" && zip.keywords.size === 0 && !zip.hasSplat;
  const arrays = target.kind === "identifier" ? [unwrap(iterable)] : isZip ? zip.args : [];
  const isArray = (it: Node) =>
    facts.typeOf(it)?.name === "numpy.ndarray" &&
    /^\w+(\.\w+)?$/.test(it.text) &&
    (arrayShape(it, facts).axes ?? 1) === 1;
  if (
    arrays.length === 0 ||
    arrays.length !== names.length ||
    !arrays.every(isArray) ||
    !names.every((it) => it.kind === "identifier")
  )
    return undefined;
  return new Map(names.map((it, index) => [it.text, arrays[index]!]));
}

function written({ loop, gathered }: Match, file: File): Written | undefined {
  const at = loop?.node ?? gathered?.at ?? gathered?.filling?.gathering.loop.node;
  const numpy = at && importModule(file, "numpy", at, "np");
  if (!numpy) return undefined;
  if (gathered) return listOf(gathered, numpy.name, numpy.edits, file.facts);
  const whole = loop && !hasComments(loop.node) ? arrayStatements(loop, file.facts, numpy.name) : undefined;
  return (
    whole && {
      edits: [
        ...(whole.usesNumpy ? numpy.edits : []),
        replace(loop!.node, whole.lines.join(`\n${indentOf(loop!.node)}`)),
      ],
      doubts: [shapeDoubt(loop!), ...whole.doubts],
    }
  );
}

/** The same expression over the arrays, made a list again unless an array was wanted. */
function listOf(gathered: Gathered, numpy: string, added: readonly Edit[], facts: Facts): Written | undefined {
  const { arrays, element, condition, at, filling, becomesArray } = gathered;
  const options: Elementwise & { readonly numpy: string } = {
    leaf: (node) => (node.kind === "identifier" ? arrays.get(node.text)?.text : undefined),
    isInvariant: (node) =>
      isNumber(facts.typeOf(node)) &&
      !node.descendants("identifier").some((it) => arrays.has(it.text)) &&
      facts.isPure(node) === "yes" &&
      ["identifier", "attribute", "call"].includes(node.kind),
    nameOf: (callee) => facts.nameOf(callee),
    isNumpy: true,
    numpy,
  };
  const isItem = arrays.has(unwrap(element).text) && arrays.size === 1;
  if (!element.descendants("identifier").some((it) => arrays.has(it.text)) || (condition ? !isItem : isItem))
    return undefined;
  const [whole, test] = [arrayExpression(element, options), condition && arrayExpression(condition, options)];
  if (!whole || (condition && (!test || unwrap(condition).kind !== "comparison_operator"))) return undefined;
  const array = test ? `${whole.text}[${test.text}]` : whole.text;
  const list = becomesArray ? array : `${!test && whole.binding < 20 ? `(${array})` : array}.tolist()`;
  const edits = filling ? insteadOfFilling(filling, list) : at && [replace(at, list)];
  const names = [...new Set([...arrays.values()].map((it) => it.text))];
  const unknown = [...arrays.values()].filter((it) => arrayShape(it, facts).axes === undefined).map((it) => it.text);
  const doubts = [
    ...(unknown.length > 0 ? [`${unknown[0]} must have one axis`] : []),
    ...(names.length > 1 ? ["the arrays must be of one length"] : []),
    ...(becomesArray ? [] : ["the list holds Python numbers"]),
    ...whole.doubts,
    ...(test?.doubts ?? []),
  ];
  return (
    edits && { edits: [...(whole.usesNumpy || test?.usesNumpy ? added : []), ...edits], doubts: [...new Set(doubts)] }
  );
}
