/** Finds random numbers from the one generator that all code of the process shares. */

import {
  asAttribute,
  asCall,
  asClass,
  asFunction,
  declined,
  defineRule,
  fixOf,
  functionAround,
  hasComments,
  isCompiled,
  replace,
  statementOf,
  textIn,
  type Call,
  type Edit,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const STATE = new Set(["seed", "set_state", "get_state"].map((it) => `numpy.random.${it}`));
const DRAWS = new Set(
  (
    "rand randn randint random random_sample ranf sample choice shuffle permutation normal uniform standard_normal exponential poisson binomial beta gamma laplace lognormal " +
    "multivariate_normal multinomial dirichlet geometric gumbel logistic triangular vonmises weibull chisquare random_integers bytes"
  )
    .split(" ")
    .map((it) => `numpy.random.${it}`),
);
/** Methods of a generator that have another name, or take the shape as one argument. */
const NEW_NAMES: Readonly<Record<string, string>> = {
  rand: "random",
  randn: "standard_normal",
  randint: "integers",
  random_sample: "random",
  ranf: "random",
  sample: "random",
};
/** Who seeds the other libraries in the same breath wants the code of others to be seeded too. */
const SEEDS_ALL =
  /\b(?:manual_seed|manual_seed_all|set_seed|set_random_seed)\(|(?<![.\w])random\.(?:seed|getstate|setstate)\(/;
/** The same, and not the name of the function itself; `torch.manual_seed` and the like too. */
const SEEDS_OTHERS =
  /(?<!\bdef )\b(?:manual_seed|manual_seed_all|set_seed|set_random_seed|seed_everything)\(|(?<![.\w])random\.seed\(/;
/** Draws from it, or hands it on, under whatever name. */
const HERE = new RegExp(
  `\\b(?:np|numpy|onp)\\.random\\.(?:${[...DRAWS].map((it) => it.slice("numpy.random.".length)).join("|")})\\b|\\b(?:np|numpy|onp)\\.random(?![\\w.])|from numpy(?:\\.random)? import [^\\n]*\\b(?:random|seed)\\b|from numpy\\.random import|import numpy\\.random`,
);
/** Take their axes one by one. */
const SHAPED = new Set(["rand", "randn"]);

export default defineRule({
  title: "Random numbers from NumPy's shared generator",
  why: "np.random.seed and the functions beside it use one generator for the whole process: any library that draws or seeds in between changes the numbers, and threads share them. np.random.default_rng(seed) gives a generator of its own.",
  guide: "numpy",
  level: "hint",
  gain: "safety",
  imports: ["numpy"],
  words: ["random"],
  library: { numpy: { from: "1.17" } },
  overlaps: ["NPY002"],
  leftToRuff: true,
  unlike: "a seed is reported with the draws below it, and the fix turns both into one generator",
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def noise(count: int):
    np.random.seed(7)
    return np.random.normal(size=count) + np.random.rand(count)
`,
      after: `
import numpy as np

def noise(count: int):
    rng = np.random.default_rng(7)
    return rng.normal(size=count) + rng.random(count)
`,
    },
  ],

  on: ["call"],
  calls: [...STATE, ...DRAWS],

  find(node, { facts }, call) {
    const name = facts.nameOf(call.callee);
    // Numba has a generator of its own behind these names, and no other way to seed it.
    if (name === undefined || facts.isTest || isCompiled(node, facts)) return undefined;
    const isState = STATE.has(name);
    if (!isState && !DRAWS.has(name)) return undefined;
    if (!isState && isOfWorkers(node, facts)) return undefined;
    // One finding for a function: a seed if there is one, else the first draw.
    const scope = functionAround(node) ?? node.tree.root;
    const first = facts.memo("first of NumPy's shared generator", scope, () => firstIn(scope, facts));
    if (first !== node) return undefined;
    // A file that puts the state back serves code that draws from the shared generator.
    if (facts.fileMatches(/\brandom\.set_state\(/)) return undefined;
    // Nothing here draws: it is seeded for the libraries, which draw from this generator, as the others are.
    if (name === "numpy.random.seed" && SEEDS_OTHERS.test(scope.text) && !facts.fileMatches(HERE)) return undefined;
    const seedsAll = scope.parent !== undefined && SEEDS_ALL.test(scope.text);
    // A script or notebook that seeds at its top or in its `main` does so for itself; a function does it to all who call it.
    const isOwn =
      facts.isNotebook || name === "numpy.random.get_state" || asFunction(functionAround(node))?.name === "main";
    const weight = seedsAll || isOwn ? "light" : isState && functionAround(node) ? "heavy" : "unknown";
    return { at: call.callee, weight, call, isState, name };
  },

  message: ({ at, isState }) =>
    isState
      ? `\`${at.text}\` works on the generator that all code shares; \`default_rng(seed)\` gives one of its own.`
      : `\`${at.text}\` draws from the generator that all code shares; pass a generator made by \`default_rng(seed)\`.`,

  fix({ call, name }, { facts }) {
    if (name !== "numpy.random.seed") return declined("it is not seen where the generator could be made");
    const home = functionAround(call.node);
    const statement = statementOf(call.node);
    if (!home) return declined("other functions draw from the module's generator");
    if (statement.kind !== "expression_statement" || statement.parent !== home.field("body"))
      return declined("the seed is not set for the whole function");
    const rng = facts.freshName("rng", call.node);
    const edits: Edit[] = [];
    for (const node of home.descendants("call")) {
      const draw = asCall(node);
      const drawn = draw && facts.nameOf(draw.callee);
      if (!draw || drawn === undefined || !/^numpy\.random\.[a-z]/.test(drawn) || node === call.node) continue;
      const edit =
        DRAWS.has(drawn) && node.start > call.node.start && functionAround(node) === home
          ? drawEdit(draw, rng)
          : undefined;
      if (!edit) return declined(`\`${draw.callee.text}\` has no plain twin`);
      edits.push(edit);
    }
    if (edits.length === 0) return declined("what draws the numbers is out of sight");
    if (hasComments(call.node)) return declined("a comment would be lost");
    const module = asAttribute(call.callee)?.object;
    if (!module) return declined("the module itself is not at hand");
    const seed = call.args[0]?.text ?? [...call.keywords.values()][0]?.text ?? "";
    return fixOf(
      "Use a generator of its own",
      [
        "the numbers are others",
        "functions called here that draw from the shared generator are no longer seeded",
        edits.some((it) => /\bintegers\b/.test(it.text)) &&
          "single whole numbers are those of NumPy, which json and sqlite3 do not take as such",
      ],
      [replace(call.node, `${rng} = ${module.text}.default_rng(${seed})`), ...edits],
    );
  },
});

/** The first seed in a function, or else its first draw. */
function firstIn(scope: Node, facts: Facts): Node | undefined {
  const all = scope.descendants("call").filter((it) => {
    const call = asCall(it);
    if (!call || (functionAround(it) ?? it.tree.root) !== scope) return false;
    const name = facts.nameOf(call.callee);
    return name !== undefined && (STATE.has(name) || DRAWS.has(name));
  });
  return all.find((it) => facts.nameOf(asCall(it)!.callee) === "numpy.random.seed") ?? all[0];
}

/** A data set of PyTorch, whose workers each get a seed of their own for this generator, while one that the object holds is copied to all of them. */
function isOfWorkers(node: Node, facts: Facts): boolean {
  const owner = facts.view.imports("torch") ? asClass(node.ancestor("class_definition")) : undefined;
  return owner?.bases.some((it) => /(?:Dataset|Transform)$/.test(it.text)) ?? false;
}

/** `np.random.rand(n, 3)` becomes `rng.random((n, 3))`. */
function drawEdit({ node, callee, args, keywords, hasSplat }: Call, rng: string): Edit | undefined {
  const name = asAttribute(callee)?.name ?? "";
  if (hasSplat || hasComments(node) || name === "random_integers" || name === "bytes") return undefined;
  const method = NEW_NAMES[name] ?? name;
  if (!SHAPED.has(name) || args.length < 2) return replace(callee, `${rng}.${method}`);
  if (keywords.size > 0) return undefined;
  return replace(node, `${rng}.${method}((${args.map((it) => textIn(it, 0)).join(", ")}))`);
}
