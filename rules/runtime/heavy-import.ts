/** A large library that is imported at every start of a command, for one function that most starts do not need. */

import {
  asFunction,
  declined,
  defineRule,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  hasComments,
  insertBefore,
  isInMainGuard,
  isNeededInText,
  lineAboveComments,
  removeStatement,
  statementsOf,
  withoutNames,
  type Facts,
  type FunctionDef,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Heavy extends Match {
  readonly statement: Node;
  readonly module: string;
  /** The one function that uses it; undefined where nothing does. */
  readonly def: FunctionDef | undefined;
  /** What the statement imports and nothing uses. */
  readonly unused: readonly Node[];
  /** Only what runs when the file is started as a program uses it. */
  readonly isOfGuard?: boolean;
}

/** Large libraries, and those that bring them along. */
const BROUGHT_BY: Readonly<Record<string, readonly string[]>> = {
  torch: [
    "torchvision",
    "torchaudio",
    "transformers",
    "lightning",
    "pytorch_lightning",
    "sentence_transformers",
    "accelerate",
    "timm",
    "diffusers",
    "detectron2",
    "fairseq",
    "monai",
    "torchmetrics",
    "ultralytics",
    "torch_geometric",
    "peft",
    "trl",
    "captum",
    "kornia",
    "segmentation_models_pytorch",
    "torchinfo",
    "fastai",
    "stable_baselines3",
    "open_clip",
    "clip",
    "lpips",
    "bitsandbytes",
    "easyocr",
    "whisper",
    "skorch",
    "gpytorch",
    "botorch",
  ],
  tensorflow: [
    "keras",
    "tensorflow_hub",
    "tensorflow_datasets",
    "keras_tuner",
    "kerastuner",
    "tensorflow_addons",
    "tensorflow_io",
    "tensorflow_probability",
    "tensorflow_text",
    "tf_keras",
  ],
  pandas: [
    "seaborn",
    "dask",
    "datasets",
    "statsmodels",
    "pycaret",
    "xarray",
    "geopandas",
    "streamlit",
    "yfinance",
    "pandas_datareader",
    "ydata_profiling",
    "anndata",
    "scanpy",
    "catboost",
    "shap",
    "prophet",
    "category_encoders",
    "plotnine",
    "evaluate",
    "modin",
    "mlxtend",
    "lifelines",
  ],
  transformers: ["sentence_transformers", "peft", "trl", "optimum", "simpletransformers", "FlagEmbedding", "setfit"],
  sklearn: [
    "imblearn",
    "xgboost",
    "lightgbm",
    "pycaret",
    "sentence_transformers",
    "shap",
    "umap",
    "hdbscan",
    "category_encoders",
    "mlxtend",
    "yellowbrick",
    "scanpy",
    "eli5",
  ],
  scipy: [
    "sklearn",
    "statsmodels",
    "seaborn",
    "skimage",
    "gensim",
    "librosa",
    "lightgbm",
    "xgboost",
    "catboost",
    "imblearn",
    "sentence_transformers",
    "umap",
    "hdbscan",
    "anndata",
    "scanpy",
    "shap",
  ],
  matplotlib: ["seaborn", "plotnine", "scanpy", "prophet", "missingno", "yellowbrick"],
  seaborn: ["missingno"],
  cv2: ["albumentations", "ultralytics", "imgaug", "mediapipe", "easyocr", "supervision"],
  jax: ["flax", "optax"],
  spacy: [],
  nltk: [],
  datasets: ["evaluate", "trl", "setfit"],
  sentence_transformers: ["setfit", "FlagEmbedding"],
  plotly: [],
  boto3: [],
  polars: [],
  pyspark: [],
};

export default defineRule({
  title: "Large library imported for one function, or for nothing",
  why: "Importing it takes longer than all else that the command does at its start, and every start waits for it, --help and the other subcommands too. Imported in the function that needs it, or by a lazy import from Python 3.15 on, it is loaded when it is needed.",
  guide: "c-extensions",
  level: "hint",
  gain: "time",
  imports: Object.keys(BROUGHT_BY),
  overlaps: [],
  fixes: "review",

  examples: [
    {
      before: `
import argparse
import pandas as pd

def table(path: str) -> int:
    return len(pd.read_csv(path))

def version() -> str:
    return "1.0"

parser = argparse.ArgumentParser()
`,
      after: `
import argparse

def table(path: str) -> int:
    import pandas as pd
    return len(pd.read_csv(path))

def version() -> str:
    return "1.0"

parser = argparse.ArgumentParser()
`,
    },
  ],

  on: ["import_statement", "import_from_statement"],

  find(node, { facts }): Heavy | undefined {
    if (node.parent !== node.tree.root || facts.isTest) return undefined;
    const unused = unusedIn(node, facts);
    if (unused) return { at: node, evidence: "strong", weight: "unknown", statement: node, def: undefined, ...unused };
    if (facts.isNotebook) return undefined;
    const module = rootOf(node);
    if (module === undefined || !Object.hasOwn(BROUGHT_BY, module) || node.text.startsWith("lazy")) return undefined;
    if (facts.ofFile(IS_BROUGHT, module)) return undefined;
    const names = node.fieldAll("name");
    if (names.length !== 1) return undefined;
    const bound = boundName(names[0]!);
    if (bound && DRAWING.has(module) && !isCommand(facts) && isForGuard(bound, facts))
      return {
        at: node,
        evidence: "strong",
        weight: "unknown",
        statement: node,
        module,
        def: undefined,
        unused: [],
        isOfGuard: true,
      };
    if (!isCommand(facts)) return undefined;
    const def = bound && onlyUser(bound, facts);
    if (!def || isAlwaysRun(def, facts)) return undefined;
    return { at: node, evidence: "strong", weight: "unknown", statement: node, module, def, unused: [] };
  },

  message: ({ module, def, unused, isOfGuard }, { facts }) =>
    isOfGuard
      ? `Whoever imports this file loads \`${module}\`, which its \`__main__\` block alone uses; ${facts.hasPython("3.15") ? "`lazy import`" : "an import there"} waits until then.`
      : !def
        ? `Every start loads \`${module}\`, and nothing here uses \`${excerpt(unused.map((it) => it.text).join(", "), 40)}\`.`
        : `Every start loads \`${module}\`, and \`${excerpt(def.name, 40)}\` alone uses it; ${facts.hasPython("3.15") ? "`lazy import`" : "an import inside it"} waits until then.`,

  fix({ statement, def, unused, isOfGuard }, { facts }) {
    if (isOfGuard) return declined("other files may take the name from this one");
    if (!def) {
      const edits = withoutNames(statement, new Set(unused.map((it) => it.text)), facts);
      if (edits.length === 0) return declined("a comment would be lost");
      return fixOf(
        "Leave out the import",
        ["other files may take the name from this one", "the import may be wanted for what it sets up"],
        edits,
      );
    }
    const doubts = ["the first call of the function waits for the import instead"];
    if (facts.hasPython("3.15")) return fixOf("Import it lazily", doubts, [insertBefore(statement, "lazy ")]);
    if (hasComments(statement) || statement.text.includes("\n")) return declined("the import has more than one line");
    const gone = removeStatement(statement);
    const [first, second] = statementsOf(def.body);
    const isDocstring = first?.kind === "expression_statement" && first.children[0]?.kind === "string";
    const anchor = isDocstring ? second : first;
    if (
      !gone ||
      !anchor ||
      anchor.tree !== def.node.tree ||
      def.node.tree.text.slice(def.node.start, anchor.start).indexOf("\n") < 0
    )
      return declined("there is no place for it in the function");
    return fixOf("Import it where it is used", doubts, [gone, lineAboveComments(anchor, statement.text)]);
  },
});

/** Which of a statement's names of a large library nothing reads: all of them, or the library is wanted anyway. */
function unusedIn(statement: Node, facts: Facts): Pick<Heavy, "module" | "unused"> | undefined {
  const names = statement.fieldAll("name");
  if (names.length === 0 || facts.ofFile(ONLY_IMPORTS) || IS_WANTED.test(lineOf(statement))) return undefined;
  const modules = statement.kind === "import_statement" ? names.map(rootOfName) : [rootOf(statement)];
  const [module, other] = modules;
  if (module === undefined || other !== undefined || !(Object.hasOwn(BROUGHT_BY, module) || UNUSED.has(module)))
    return undefined;
  // What draws tables and graphs asks for it by itself.
  if (module === "matplotlib" && facts.fileMatches(DRAWS)) return undefined;
  if (facts.ofFile(IS_BROUGHT, module)) return undefined;
  const bound = names.map(boundName);
  const isUnused = (it: Node | undefined) =>
    it !== undefined &&
    facts.writesOf(it).length === 1 &&
    !facts.ofFile(IS_READ, it.text) &&
    !isNeededInText(it.text, facts) &&
    !isInMagic(it.text, facts);
  if (!bound.every(isUnused)) return undefined;
  return { module, unused: names };
}

/** A file that others import, whose own trial below `if __name__ == "__main__":` alone reads the name. */
function isForGuard(name: Node, facts: Facts): boolean {
  const [site, more] = facts.writesOf(name);
  const reads = facts.readsOf(name);
  return (
    site?.kind === "import" &&
    !more &&
    reads.length > 0 &&
    reads.every((it) => !functionAround(it) && isInMainGuard(it)) &&
    facts.ofFile(DEFINITIONS) > 0 &&
    !isNeededInText(name.text, facts)
  );
}

/** What a file shows itself with, if it is tried out. */
const DRAWING = new Set(["matplotlib", "seaborn", "plotly"]);

/** Functions and classes that somebody may import. */
const DEFINITIONS = fileQuestion((facts) =>
  facts.view.pieces().reduce((count, { tree }) => {
    facts.view.looksInto(tree);
    const defined = statementsOf(tree.root).filter(
      (it) => it.kind === "class_definition" || (asFunction(it) !== undefined && asFunction(it)!.name !== "main"),
    );
    return count + defined.length;
  }, 0),
);

/** `%time model = Phrases(texts)`: what is no Python, and runs some, reads as a comment. */
const isInMagic = (name: string, facts: Facts): boolean =>
  facts.isNotebook && facts.fileMatches(new RegExp(`^[ \\t]*0?#[^\\n]*\\b${name}\\b[.(]`, "m"));

/** Large libraries besides, of which an import for nothing is told. */
const UNUSED = new Set([
  "lightgbm",
  "xgboost",
  "catboost",
  "optuna",
  "statsmodels",
  "gensim",
  "dask",
  "bokeh",
  "keras",
  "torchvision",
  "torchaudio",
  "librosa",
]);
const DRAWS = /\.(?:plot|hist|boxplot|draw\w*|scatter)\b|^%(?:matplotlib|pylab)/m;
/** A checker was told to leave it, or a comment says what it is for. */
const IS_WANTED = /#/;
const lineOf = ({ tree, start, end }: Node): string =>
  tree.text.slice(start, (tree.text.indexOf("\n", end) + 1 || tree.text.length + 1) - 1);

const rootOfName = (name: Node): string | undefined => {
  const dotted = name.kind === "aliased_import" ? name.field("name") : name;
  return dotted && /^\w+/.exec(dotted.text)?.[0];
};

/** A file that imports for others: a package, or one that has nothing else. */
const ONLY_IMPORTS = fileQuestion((facts) => {
  let imports = 0;
  let others = 0;
  for (const { tree } of facts.view.pieces()) {
    facts.view.looksInto(tree);
    for (const it of statementsOf(tree.root)) {
      if (/^(?:import|import_from|future_import)_statement$/.test(it.kind)) imports++;
      // What is tried to be imported, a docstring and `__version__` go with them.
      else if (!/^(?:try_statement|if_statement|comment)$/.test(it.kind) && !/^(?:[rR]?["']|__\w+__)/.test(it.text))
        others++;
    }
  }
  return imports > others;
});

/** A command line, or a handler that is started for each event. */
const isCommand = (facts: Facts): boolean => facts.fileMatches(COMMANDS);
const COMMANDS =
  /^[ \t]*(?:import|from) (?:argparse|click|typer|fire|docopt)\b|sys\.argv|def lambda_handler\(|def handler\(event/m;

function rootOf(statement: Node): string | undefined {
  const name = statement.kind === "import_statement" ? statement.fieldAll("name")[0] : statement.field("module_name");
  const dotted = name?.kind === "aliased_import" ? name.field("name") : name;
  return dotted?.kind === "dotted_name" ? /^\w+/.exec(dotted.text)?.[0] : undefined;
}

/** The identifier that the import binds. */
function boundName(name: Node): Node | undefined {
  if (name.kind === "aliased_import") return name.field("alias");
  return name.kind === "dotted_name" ? name.children[0] : name;
}

/** The one function of the top level that reads the name. */
function onlyUser(name: Node, facts: Facts): FunctionDef | undefined {
  const [site, more] = facts.writesOf(name);
  const reads = facts.readsOf(name);
  if (!site || more || site.kind !== "import" || reads.length === 0) return undefined;
  let only: Node | undefined;
  for (const read of reads) {
    let around = functionAround(read);
    for (let outer = around && functionAround(around); outer; outer = functionAround(outer)) around = outer;
    if (!around || (only && only !== around)) return undefined;
    only = around;
  }
  const def = asFunction(only);
  return def && def.outer.parent === def.node.tree.root && !facts.classOf(def.outer) ? def : undefined;
}

/** It starts the program, or what starts the program calls it whatever was asked for. */
function isAlwaysRun(def: FunctionDef, facts: Facts): boolean {
  const reads = facts.readsOf(def.nameNode);
  // `run_training`, which the program calls under a condition, is one of its commands.
  const isFirst = /^_?(?:main|cli|run|app|start|entry|handler|lambda_handler)(?:_|$)/.test(def.name);
  const isCommand = /^_?run_/.test(def.name) && reads.some((it) => it.parent?.kind === "call");
  if (isFirst && !isCommand && def.decorators.length === 0) return true;
  if (facts.ofFile(FUNCTIONS) < 2) return true;
  return reads.some((it) => {
    if (it.parent?.kind !== "call") return false;
    const around = asFunction(functionAround(it));
    const isUnder =
      it.ancestor("if_statement", "elif_clause", "else_clause", "match_statement", "conditional_expression") !==
      undefined;
    return around === undefined
      ? !isUnder || /__name__/.test(it.ancestor("if_statement")?.field("condition")?.text ?? "")
      : /^_?(?:main|cli|run)$/.test(around.name) && !isUnder;
  });
}

const FUNCTIONS = fileQuestion((facts) =>
  facts.view.pieces().reduce((count, { tree }) => {
    facts.view.looksInto(tree);
    return count + statementsOf(tree.root).filter((it) => asFunction(it) !== undefined).length;
  }, 0),
);

/** Whoever types in a function that reads the name changes where it is read, and not whether. */
const IS_READ = fileQuestion((facts, name) => facts.view.readsOf(name).length > 0);

/** The libraries that the top level imports, one word for each statement. */
const ROOTS = fileQuestion((facts) =>
  facts.view
    .pieces()
    .flatMap(({ tree }) => {
      facts.view.looksInto(tree);
      return statementsOf(tree.root).filter(
        (it) => it.kind === "import_statement" || it.kind === "import_from_statement",
      );
    })
    .flatMap((it) =>
      it.kind === "import_statement" ? it.fieldAll("name").map((name) => rootOfName(name) ?? "") : (rootOf(it) ?? ""),
    )
    .join(" "),
);

/** Another import brings the library in any case. */
const IS_BROUGHT = fileQuestion((facts, module) => {
  const roots = facts.ofFile(ROOTS).split(" ");
  if (roots.filter((it) => it === module).length > 1) return true;
  return Object.hasOwn(BROUGHT_BY, module) && BROUGHT_BY[module]!.some((it) => roots.includes(it));
});
