/** A variable of the environment that is set after the library was imported that reads it while it is imported. */

import {
  argumentOf,
  asAssignment,
  asCall,
  asSubscript,
  callsUnder,
  defineRule,
  excerpt,
  fileQuestion,
  functionAround,
  textValue,
  type Facts,
  type Node,
  type Tree,
} from "../../analysis/authoring.js";

const HUGGING_FACE = ["transformers", "datasets", "sentence_transformers", "diffusers", "huggingface_hub"];
const NUMERIC = ["numpy", "scipy", "pandas", "sklearn", "torch"];

/** Who reads a variable while it is imported, and never again. */
const READERS: Readonly<Record<string, readonly string[]>> = {
  HF_HOME: HUGGING_FACE,
  HF_HUB_CACHE: HUGGING_FACE,
  HUGGINGFACE_HUB_CACHE: HUGGING_FACE,
  HF_ENDPOINT: HUGGING_FACE,
  HF_HUB_OFFLINE: HUGGING_FACE,
  HF_HUB_ENABLE_HF_TRANSFER: HUGGING_FACE,
  HF_HUB_DOWNLOAD_TIMEOUT: HUGGING_FACE,
  HF_DATASETS_CACHE: ["datasets"],
  HF_DATASETS_OFFLINE: ["datasets"],
  TRANSFORMERS_CACHE: ["transformers", "sentence_transformers"],
  TRANSFORMERS_OFFLINE: ["transformers", "sentence_transformers"],
  TF_CPP_MIN_LOG_LEVEL: ["tensorflow"],
  TF_ENABLE_ONEDNN_OPTS: ["tensorflow"],
  KERAS_BACKEND: ["keras"],
  PYTORCH_ENABLE_MPS_FALLBACK: ["torch"],
  JAX_ENABLE_X64: ["jax"],
  JAX_PLATFORMS: ["jax"],
  MPLBACKEND: ["matplotlib"],
  MPLCONFIGDIR: ["matplotlib"],
  PYGAME_HIDE_SUPPORT_PROMPT: ["pygame"],
  OMP_NUM_THREADS: NUMERIC,
  OPENBLAS_NUM_THREADS: NUMERIC,
};
const CARDS = "CUDA_VISIBLE_DEVICES";

export default defineRule({
  title: "Environment variable set after it was read",
  why: "Many libraries read their variables of the environment once, while they are imported, and PyTorch looks for graphics cards once, when one is first asked for. What is set after that changes nothing: files go into the old folder, messages stay, all cores and cards are used, and nothing says so. Set it above the import, or before the program is started.",
  guide: "environments",
  level: "warning",
  gain: "safety",
  words: ["environ", "putenv"],

  examples: [
    {
      before: `
import os
from transformers import pipeline
os.environ["HF_HOME"] = "/data/models"

def labels(texts: list[str]) -> list[str]:
    classifier = pipeline("text-classification")
    return [it["label"] for it in classifier(texts)]
`,
      after: `
import os
os.environ["HF_HOME"] = "/data/models"
from transformers import pipeline

def labels(texts: list[str]) -> list[str]:
    classifier = pipeline("text-classification")
    return [it["label"] for it in classifier(texts)]
`,
    },
    {
      before: `
import os
import torch

cards = torch.cuda.device_count()
os.environ["CUDA_VISIBLE_DEVICES"] = "0"
print(cards)
`,
      after: `
import os
import torch

os.environ["CUDA_VISIBLE_DEVICES"] = "0"
cards = torch.cuda.device_count()
print(cards)
`,
    },
  ],

  on: ["assignment", "call"],
  values: { assignment: ["string", "identifier", "attribute", "call", "subscript", "binary_operator"] },
  calls: ["os.environ.setdefault", "os.environ.update", "os.putenv"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const found = settingsIn(node, facts).flatMap(({ at, variable, value }) => {
      const reader = readerAbove(variable, node, facts);
      if (!reader || isGivenBack(value) || facts.ofFile(IS_READ, variable)) return [];
      return [
        {
          at,
          evidence: "strong" as const,
          // What goes to fewer threads or prints less is small beside files that go elsewhere.
          weight: QUIET.test(variable) ? ("unknown" as const) : ("heavy" as const),
          variable,
          library: reader.library,
          related: [{ at: reader.at, message: reader.isCard ? "here it looked for cards" : "here it is imported" }],
        },
      ];
    });
    return found.length > 0 ? found : undefined;
  },

  message: ({ variable, library }) =>
    variable === CARDS
      ? `\`${variable}\` changes nothing any more: PyTorch has looked for graphics cards above, and looks only once.`
      : `\`${variable}\` comes too late for \`${excerpt(library, 40)}\`, which has read it while it was imported above.`,
});

const QUIET = /_LOG_LEVEL$|_NUM_THREADS$|ONEDNN|SUPPORT_PROMPT|OFFLINE$|TRANSFER$|TIMEOUT$/;

interface Setting {
  readonly at: Node;
  readonly variable: string;
  readonly value: Node | undefined;
}

/** `os.environ["X"] = …`, `os.environ.setdefault("X", …)`, `os.environ.update(X=…)`, `os.putenv("X", …)`. */
function settingsIn(node: Node, facts: Facts): readonly Setting[] {
  if (node.kind === "assignment") {
    const { targets = [], value } = asAssignment(node) ?? {};
    return targets.flatMap((target) => {
      const item = asSubscript(target);
      const variable = textValue(item?.indices[0]);
      return item && isKnown(variable) && facts.nameOf(item.value) === "os.environ"
        ? [{ at: target, variable, value }]
        : [];
    });
  }
  const call = asCall(node);
  if (!call) return [];
  if (facts.nameOf(call.callee) === "os.environ.update") {
    const [given] = call.args;
    const pairs = given?.kind === "dictionary" ? given.children.filter((it) => it.kind === "pair") : [];
    return [
      ...[...call.keywords].flatMap(([variable, value]) =>
        isKnown(variable) ? [{ at: value.parent!.field("name")!, variable, value }] : [],
      ),
      ...pairs.flatMap((it) => {
        const key = it.field("key")!;
        const variable = textValue(key);
        return isKnown(variable) ? [{ at: key, variable, value: it.field("value") }] : [];
      }),
    ];
  }
  const key = argumentOf(call, "key", 0);
  const variable = textValue(key);
  return key && isKnown(variable) ? [{ at: key, variable, value: call.args[1] }] : [];
}

const isKnown = (variable: string | undefined): variable is string =>
  variable !== undefined && (variable === CARDS || Object.hasOwn(READERS, variable));

interface Reader {
  readonly at: Node;
  readonly library: string;
  readonly isCard: boolean;
}

/** The import above that has read it, or the question that has found the cards. */
function readerAbove(variable: string, node: Node, facts: Facts): Reader | undefined {
  if (facts.ofFile(STARTS_OTHERS)) return undefined;
  if (variable === CARDS) {
    const at = facts.view.imports("torch") ? cardAskedAbove(node, facts) : undefined;
    return at && { at, library: "torch", isCard: true };
  }
  if (!READERS[variable]!.some((it) => facts.view.imports(it))) return undefined;
  const found = importInFunction(variable, node, facts) ?? importAtTop(variable, node, facts);
  return found && { at: found, library: libraryOf(found), isCard: false };
}

/** The import has run when the function comes to the node: it stands above it, under no test. */
function importInFunction(variable: string, node: Node, facts: Facts): Node | undefined {
  const def = functionAround(node);
  return (
    def &&
    importsIn(def, variable, facts).find((it) => {
      const isAbove = it.end <= node.start;
      return isAbove && (it.parent === def.field("body") || node.isInside(it.parent!));
    })
  );
}

/** Those of a function that read the variable, looked for once for all that it sets. */
const importsIn = (def: Node, variable: string, facts: Facts): readonly Node[] =>
  facts.memo(`imports that read ${variable}`, def, () =>
    def
      .descendants("import_statement", "import_from_statement")
      .filter((it) => isReading(it, variable) && functionAround(it) === def),
  );

/** The first import of the top level that reads the variable, if it stands above the node. */
function importAtTop(variable: string, node: Node, facts: Facts): Node | undefined {
  const { pieces } = facts.view.document;
  const index = facts.ofFile(FIRST_READER, variable);
  const tree = pieces[index]?.tree;
  if (!tree || index > pieces.findIndex((it) => it.tree === node.tree)) return undefined;
  facts.view.looksInto(tree);
  return topImports(tree).find((it) => isReading(it, variable) && (tree !== node.tree || it.end <= node.start));
}

const FIRST_READER = fileQuestion((facts, variable) =>
  facts.view.pieces().findIndex(({ tree }) => {
    facts.view.looksInto(tree);
    return topImports(tree).some((it) => isReading(it, variable));
  }),
);

/** Those that run whenever the file does: on the top level, and in a `try` or `with` there. */
const topImports = ({ root }: Tree): readonly Node[] =>
  root
    .descendants("import_statement", "import_from_statement")
    .filter(
      (it) => it.ancestor("if_statement", "function_definition", "class_definition", "except_clause") === undefined,
    );

const MODULE = /^(?:from|import)\s+(\w+)/;
const libraryOf = (statement: Node): string => MODULE.exec(statement.text)?.[1] ?? "";

/** `import huggingface_hub` by itself loads nothing yet, and `import os, torch` is read by its first name alone. */
const isReading = (statement: Node, variable: string): boolean =>
  READERS[variable]!.includes(libraryOf(statement)) && !/^import\s+huggingface_hub\b(?!\.)/.test(statement.text);

const ASKS_CARDS =
  /^torch\.cuda\.(?:is_available|device_count|init|current_device|set_device|get_device_name|get_device_properties|get_device_capability|mem_get_info|synchronize|empty_cache|manual_seed_all|memory_allocated)$/;

/** A statement above, in the same function or on the top level, asks PyTorch for cards. */
function cardAskedAbove(node: Node, facts: Facts): Node | undefined {
  const own = functionAround(node);
  const body = own?.field("body") ?? node.tree.root;
  const first = facts.memo(
    "asks for cards",
    body,
    () =>
      callsUnder(body).find((it) => functionAround(it.node) === own && ASKS_CARDS.test(facts.nameOf(it.callee) ?? ""))
        ?.node,
  );
  return first && first.end <= node.start ? asCall(first)?.callee : undefined;
}

/** Processes that are started get the variables, whenever they were set. */
const STARTS_OTHERS = fileQuestion((facts) =>
  facts.fileMatches(
    /\b(?:subprocess|multiprocessing|Popen|ProcessPoolExecutor|joblib|n_jobs|Parallel|spawn|torchrun|os\.(?:system|exec\w+|fork)|ray|dask|SparkSession|importlib\.reload|reload|sys\.modules)\b/,
  ),
);

/** The program reads the variable itself: it may be for its own use, or set to what it was before. */
const IS_READ = fileQuestion((facts, variable) =>
  facts.fileMatches(
    new RegExp(
      `(?:getenv|environ\\.(?:get|pop))\\(["']${variable}["']|["']${variable}["'] (?:not )?in os\\.environ\\b`,
    ),
  ),
);

/** `os.environ["X"] = before`, which puts back what was there. */
const isGivenBack = (value: Node | undefined): boolean =>
  /^(?:old|orig|prev|saved|before|backup)/i.test(value?.text ?? "");
