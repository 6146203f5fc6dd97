/** `np.log(1 + x)`, `torch.log(1 + x)`, `np.exp(x) - 1`, `np.log(np.sum(np.exp(x)))` and the like: NumPy or SciPy has a form that keeps the digits. */

import {
  asBinary,
  asCall,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  importModule,
  importName,
  isConstant,
  replace,
  statementOf,
  unwrap,
  wrapped,
  type Edit,
  type Evidence,
  type Facts,
  type File,
  type Fix,
  type Declined,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Logarithm or exponential that loses its digits",
  why: "1 + x drops the digits of a small x before the logarithm sees them, and exp, prod, gamma and det overflow or round to zero before the logarithm brings them back to a plain size. The functions made for it work out the same without the large or rounded number in between.",
  guide: "numpy",
  level: "info",
  gain: "safety",
  imports: ["numpy", "math", "scipy", "torch"],
  words: ["log", "exp"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def growth(rates: np.ndarray) -> np.ndarray:
    return np.exp(rates) - 1
`,
      after: `
import numpy as np

def growth(rates: np.ndarray) -> np.ndarray:
    return np.expm1(rates)
`,
    },
    {
      before: `
import numpy as np

def log_likelihood(probabilities: np.ndarray) -> float:
    return np.log(np.prod(probabilities))
`,
      after: `
import numpy as np

def log_likelihood(probabilities: np.ndarray) -> float:
    return np.sum(np.log(probabilities))
`,
    },
  ],

  on: ["call", "binary_operator"],

  find(node, { facts }) {
    const found =
      node.kind === "call"
        ? ofLogarithm(node, facts)
        : (ofDifference(node, facts) ?? ofSoftmax(node, facts) ?? ofLogistic(node, facts));
    if (!found || facts.isTest || isWritten(found.of) || isShifted(found, facts)) return undefined;
    return { at: found.at ?? node, construct: node, node, ...found };
  },

  message: ({ node, kind, of, better, module }) => {
    const shown = excerpt(node.text.replace(/\s+/g, " "), 40);
    const inner = excerpt(of.text.replace(/\s+/g, " "), 24);
    switch (kind) {
      case "log1p":
        return `\`${shown}\` loses the digits of a small \`${inner}\`; \`${better}(${inner})\` keeps them.`;
      case "softplus":
        return `\`${shown}\` is infinite where \`${inner}\` is large; \`${better}(${module === "torch" ? "" : "0, "}${inner})\` is exact everywhere.`;
      case "expm1":
        return `\`${shown}\` loses its digits where \`${inner}\` is near zero; \`${better}(${inner})\` keeps them.`;
      case "logsumexp":
        return `\`${shown}\` is infinite where \`${inner}\` is large; \`${better}\` is not.`;
      case "prod":
        return `The product \`${inner}\` rounds to zero or overflows before its logarithm; ${better} does not.`;
      case "softmax":
        return `\`${shown}\` is NaN where \`${inner}\` is large or very negative; take its largest value away before \`exp\`, as \`${better}\` does.`;
      case "logistic":
        return `\`exp\` ${module === "math" ? "raises an OverflowError" : "overflows"} where \`${inner}\` is large; \`${better}\` is the same function and never does.`;
      case "det":
        return `\`${inner}\` overflows or rounds to zero for large matrices; \`${better}\` works out its logarithm.`;
      default:
        return `\`${inner}\` overflows before its logarithm; \`${better}\` works out the logarithm itself.`;
    }
  },

  fix(match, file) {
    if (match.kind === "softmax") return declined("the axis and the shape of the sum have to be told again");
    if (match.kind === "logistic") return logisticFix(match, file);
    return hasComments(match.node) ? declined("a comment would be lost") : fixFor(match, file);
  },
});

type Kind =
  | "log1p"
  | "softplus"
  | "expm1"
  | "logsumexp"
  | "prod"
  | "det"
  | "gamma"
  | "factorial"
  | "softmax"
  | "logistic";

type Module = "numpy" | "math" | "torch";

interface Found {
  readonly kind: Kind;
  /** What it is taken of. */
  readonly of: Node;
  /** The function that is better, as it is written here. */
  readonly better: string;
  readonly module: Module;
  readonly call: Node | undefined;
  readonly evidence: Evidence;
  readonly weight: Weight;
  readonly at?: Node;
}

const LOGARITHMS = new Map<string | undefined, Module>([
  ["numpy.log", "numpy"],
  ["math.log", "math"],
  ["torch.log", "torch"],
]);
const EXPONENTIALS = new Map<string | undefined, Module>([
  ["numpy.exp", "numpy"],
  ["math.exp", "math"],
  ["torch.exp", "torch"],
]);

/** `np.log(…)` of what loses digits or overflows. */
function ofLogarithm(node: Node, facts: Facts): Found | undefined {
  const call = asCall(node);
  const [only, more] = call?.args ?? [];
  if (!call || !only || more || call.hasSplat || call.keywords.size > 0 || !/\blog$/.test(call.callee.text))
    return undefined;
  const module = LOGARITHMS.get(facts.nameOf(call.callee));
  if (!module) return undefined;
  const inner = unwrap(only);
  const rest = { module, call: node, evidence: "proof", weight: "heavy" } as const;
  const head = call.callee.text.replace(/\.?log$/, "");
  const own = (name: string) => (head === "" ? name : `${head}.${name}`);
  const sum = asBinary(inner);
  if (sum?.operator === "+") {
    const of = isOne(sum.left) ? sum.right : isOne(sum.right) ? sum.left : undefined;
    if (!of) return undefined;
    const exponent = exponentOf(of, facts);
    // A number that is 1 or more loses no digits that matter.
    if (!exponent)
      return isLarge(of, facts)
        ? undefined
        : { ...rest, kind: "log1p", of: unwrap(of), better: own("log1p"), weight: "unknown" };
    const softplus = { numpy: "logaddexp", torch: "nn.functional.softplus", math: undefined }[module];
    return softplus !== undefined && !isNegative(exponent)
      ? { ...rest, kind: "softplus", of: exponent, better: own(softplus) }
      : { ...rest, kind: "log1p", of: unwrap(of), better: own("log1p"), weight: "unknown" };
  }
  return ofOverflow(inner, rest, facts);
}

function ofOverflow(
  inner: Node,
  rest: Pick<Found, "module" | "call" | "evidence" | "weight">,
  facts: Facts,
): Found | undefined {
  const method = asMethodCall(inner, "sum", "prod");
  const made = asCall(inner);
  if (!made || made.hasSplat) return undefined;
  const name = facts.nameOf(made.callee) ?? "";
  const [first] = name === "" && method ? [method.object] : made.args;
  if (!first) return undefined;
  const word =
    name === "" ? method?.method : /^(numpy|math|builtins|torch)\.(sum|nansum|prod|nanprod)$/.exec(name)?.[2];
  if (word === "sum" || word === "nansum") {
    const of = exponentOf(first, facts);
    const better = rest.module === "torch" ? "torch.logsumexp" : "scipy.special.logsumexp";
    return of && { ...rest, kind: "logsumexp", of, better };
  }
  if (word === "prod" || word === "nanprod")
    return { ...rest, kind: "prod", of: inner, better: "the sum of the logarithms" };
  if (name === "numpy.linalg.det" || name === "scipy.linalg.det")
    return { ...rest, kind: "det", of: inner, better: "np.linalg.slogdet", weight: "unknown" };
  if (/^(math|scipy\.special)\.gamma$/.test(name))
    return {
      ...rest,
      kind: "gamma",
      of: inner,
      better: name === "math.gamma" ? "math.lgamma" : "scipy.special.gammaln",
    };
  if (/^(math\.factorial|scipy\.special\.factorial)$/.test(name))
    return {
      ...rest,
      kind: "factorial",
      of: inner,
      better: name === "math.factorial" ? "math.lgamma" : "scipy.special.gammaln",
    };
  return undefined;
}

/** `np.exp(x) - 1`, `-(1 - np.exp(x))`. */
function ofDifference(node: Node, facts: Facts): Found | undefined {
  const difference = asBinary(node);
  if (difference?.operator !== "-" || !isOne(difference.right)) return undefined;
  const of = exponentOf(difference.left, facts);
  const call = asCall(unwrap(difference.left));
  if (!of || !call) return undefined;
  const module = EXPONENTIALS.get(facts.nameOf(call.callee))!;
  // Models that learn the logarithm of a length turn it back so, and round it.
  if (module === "torch") return undefined;
  const better = call.callee.text.replace(/\bexp$/, "expm1");
  return { kind: "expm1", of, better, module, call: call.node, evidence: "proof", weight: "unknown" };
}

/** The `x` of `np.exp(x)`. */
function exponentOf(value: Node, facts: Facts): Node | undefined {
  const call = asCall(unwrap(value));
  const [only, more] = call?.args ?? [];
  if (!call || !only || more || call.hasSplat || call.keywords.size > 0 || !/\bexp$/.test(call.callee.text))
    return undefined;
  return EXPONENTIALS.has(facts.nameOf(call.callee)) ? only : undefined;
}

/** `np.exp(x) / np.exp(x).sum(1, keepdims=True)`, also where the exponentials have a name. */
function ofSoftmax(node: Node, facts: Facts): Found | undefined {
  const quotient = asBinary(node);
  if (quotient?.operator !== "/") return undefined;
  const summed = asCall(unwrap(quotient.right));
  if (!summed || !/(?:^|\.)sum$/.test(summed.callee.text)) return undefined;
  const left = unwrap(quotient.left);
  const method = asMethodCall(summed.node, "sum");
  const items = method?.object.text === left.text ? left : summed.args[0]?.text === left.text ? left : undefined;
  const made = items?.kind === "identifier" ? facts.valueOf(items) : items;
  const of = made && exponentOf(made, facts);
  const module = made && EXPONENTIALS.get(facts.nameOf(asCall(unwrap(made))?.callee ?? made));
  // A kernel such as exp(-distance) is 1 at most.
  if (!of || !module || /^\(*\s*-/.test(of.text)) return undefined;
  return {
    kind: "softmax",
    of,
    better: module === "torch" ? "torch.softmax" : "scipy.special.softmax",
    module,
    call: undefined,
    evidence: "proof",
    weight: "unknown",
  };
}

/** `1 / (1 + np.exp(-x))`, where nothing keeps `x` from being very negative. */
function ofLogistic(node: Node, facts: Facts): Found | undefined {
  const quotient = asBinary(node);
  if (quotient?.operator !== "/" || !isOne(quotient.left)) return undefined;
  const sum = asBinary(unwrap(quotient.right));
  if (sum?.operator !== "+") return undefined;
  const grown = isOne(sum.left) ? sum.right : isOne(sum.right) ? sum.left : undefined;
  const of = grown && exponentOf(grown, facts);
  const module = of && EXPONENTIALS.get(facts.nameOf(asCall(unwrap(grown))!.callee));
  if (!of || !module || isBounded(of, node, facts)) return undefined;
  return {
    kind: "logistic",
    of,
    better: module === "torch" ? "torch.sigmoid" : "scipy.special.expit",
    module,
    call: undefined,
    evidence: "proof",
    // NumPy warns and gives the right number all the same.
    weight: module === "math" ? "heavy" : "unknown",
  };
}

/** A limit, an absolute value, or a test of the sign that chooses between two forms. */
function isBounded(of: Node, node: Node, facts: Facts): boolean {
  if (isNegative(of) || /\b(?:clip|clamp|minimum|maximum|max|min|abs|tanh)\(/.test(of.text)) return true;
  const region = functionAround(node) ?? statementOf(node);
  if (/\b(?:clip|clamp|errstate|catch_warnings|OverflowError)\b/.test(region.text.slice(0, 4000))) return true;
  return of
    .descendants("identifier")
    .some((it) => it.fieldName !== "attribute" && isAskedSign(it.text, node, region, facts));
}

/** `if x >= 0:`, `np.where(x >= 0, …)`. */
const isAskedSign = (name: string, node: Node, region: Node, facts: Facts): boolean =>
  facts
    .memo("numpy/signs asked", region, () =>
      region
        .descendants("comparison_operator")
        .filter((it) => /[<>]/.test(it.text) && it.text.length < 120)
        .map((it) => ({ names: new Set(it.text.match(/[A-Za-z_]\w*/g) ?? []), at: it })),
    )
    .some((it) => it.names.has(name) && !node.isInside(it.at));

const isOne = (node: Node): boolean => /^1(\.0*)?$/.test(unwrap(node).text);
/** Nothing but numbers. */
const isWritten = (node: Node): boolean => isConstant(node) || !/[A-Za-z_]/.test(node.text);

/** `x - x.max()` cannot overflow any more. */
function isShifted({ kind, of }: Found, facts: Facts): boolean {
  if (kind !== "logsumexp" && kind !== "softmax") return false;
  const node = unwrap(of);
  const difference = asBinary((node.kind === "identifier" ? facts.valueOf(node) : undefined) ?? node);
  const shift = difference?.operator === "-" ? unwrap(difference.right) : undefined;
  if (!shift) return false;
  const made = shift.kind === "identifier" ? facts.valueOf(shift) : undefined;
  return /max/i.test(shift.text) || /max/.test(made?.text ?? "");
}

/** `-abs(x)`: its exponential is at most 1. */
const isNegative = (of: Node): boolean => /^\(?-\s*\(?(np\.|numpy\.|math\.|torch\.)?f?abs(olute)?\(/.test(of.text);
const COUNTS =
  /^(n|num|count|len|size|total|k|rank|degree|freq\w*|idx|index|i|j|step|steps|day|days|age|\w+_(count|rank|freq|size|idx|days))$/;

/** A count, a rank, a length: where it is whole, no digit is lost. */
function isLarge(value: Node, facts: Facts): boolean {
  const node = unwrap(value);
  if (facts.typed(node)?.type.name === "int" || COUNTS.test(node.text)) return true;
  const call = asCall(node);
  const name = call && facts.nameOf(call.callee);
  if (/^(builtins\.len|(numpy|torch)\.(arange|bincount))$/.test(name ?? "")) return true;
  return /\.(shape|size|value_counts|count)\b/.test(node.text);
}

function fixFor({ node, kind, of, better, module, call }: Found & { readonly node: Node }, file: File): Fix | Declined {
  const { facts } = file;
  const whole = wrapped(node) === node ? node : wrapped(node);
  const doubts = ["the last digits differ, and extreme values give numbers"];
  if (kind === "log1p" || kind === "expm1") {
    const written = writtenBy(module, better, call!, file);
    if (!written) return declined(`\`${better}\` cannot be imported here`);
    return fixOf(`Use ${kind}`, doubts, [
      ...written.edits,
      replace(kind === "expm1" ? whole : node, `${written.name}(${of.text})`),
    ]);
  }
  if (kind === "softplus") {
    if (module === "torch") {
      if (!better.startsWith("torch.")) return declined("`softplus` is not imported");
      return fixOf("Use softplus", doubts, [replace(node, `${better}(${of.text})`)]);
    }
    const written = writtenBy("numpy", better, call!, file);
    if (!written) return declined("`logaddexp` cannot be imported here");
    return fixOf("Use logaddexp", doubts, [...written.edits, replace(node, `${written.name}(0, ${of.text})`)]);
  }
  const inner = asCall(unwrap(asCall(node)!.args[0]!))!;
  if (kind === "prod") {
    const isFunction = facts.nameOf(inner.callee) === "numpy.prod";
    const [items, more] = inner.args;
    if (!isFunction || module !== "numpy" || !items || more || !inner.callee.text.endsWith("prod"))
      return declined("the product is made in another way");
    const log = asCall(node)!.callee.text;
    const rest = [...inner.keywords].map(([key, value]) => `, ${key}=${value.text}`).join("");
    return fixOf(
      "Add up the logarithms",
      ["the last digits differ", "two negative factors give NaN where their product was positive"],
      [replace(node, `${inner.callee.text.replace(/prod$/, "sum")}(${log}(${items.text})${rest})`)],
    );
  }
  if (kind === "logsumexp") {
    if (module === "torch") return declined("say along which dimension the sum is taken");
    if (!facts.library("scipy") && !facts.fileMatches(/\bscipy\b/)) return declined("SciPy may not be installed here");
    const logsumexp = importName(file, "scipy.special", "logsumexp", node);
    const method = asMethodCall(inner.node, "sum");
    const rest = facts.nameOf(inner.callee) === undefined && method ? inner.args : inner.args.slice(1);
    const named = [...inner.keywords.keys()].every((it) => it === "axis" || it === "keepdims");
    if (!logsumexp || !named || rest.length > 1) return declined("the sum is given more than an axis");
    const given = [
      of.text,
      ...rest.map((it) => it.text),
      ...[...inner.keywords].map(([key, value]) => `${key}=${value.text}`),
    ];
    return fixOf("Use logsumexp", doubts, [
      ...logsumexp.edits,
      replace(node, `${logsumexp.name}(${given.join(", ")})`),
    ]);
  }
  if (kind === "gamma" && module === "math" && better === "math.lgamma") {
    const math = importModule(file, "math", node);
    const [only, more] = inner.args;
    if (!math || !only || more) return declined("`math` cannot be imported here");
    return fixOf(
      "Use lgamma",
      ["the last digits differ", "where gamma is negative it gives a number"],
      [...math.edits, replace(node, `${math.name}.lgamma(${only.text})`)],
    );
  }
  return declined(
    kind === "det" ? "slogdet gives the sign too: say what a negative one means" : "the argument is shifted or rounded",
  );
}

/** `expit(x)` for `1 / (1 + np.exp(-x))`. */
function logisticFix({ node, of, module }: Found & { readonly node: Node }, file: File): Fix | Declined {
  if (hasComments(node)) return declined("a comment would be lost");
  if (module === "torch") return declined("`torch.sigmoid` takes a tensor: say whether it is one");
  if (!file.facts.library("scipy") && !file.facts.fileMatches(/\bscipy\b/))
    return declined("SciPy may not be installed here");
  const expit = importName(file, "scipy.special", "expit", node);
  if (!expit) return declined("`expit` cannot be imported here");
  const inner = unwrap(of);
  const negated = inner.kind === "unary_operator" && inner.text.startsWith("-") ? inner.field("argument") : undefined;
  const argument = negated ? unwrap(negated).text : `-(${inner.text})`;
  return fixOf(
    "Use expit",
    ["the last digits differ", "the result is a number of NumPy's"],
    [...expit.edits, replace(wrapped(node), `${expit.name}(${argument})`)],
  );
}

interface Written {
  readonly name: string;
  readonly edits: readonly Edit[];
}

/** As the function beside it is written: `np.log1p`; imported where that stands alone. */
function writtenBy(module: string, better: string, near: Node, file: File): Written | undefined {
  return better.includes(".") ? { name: better, edits: [] } : importName(file, module, better, near);
}
