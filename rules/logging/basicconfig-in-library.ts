/** `logging.basicConfig` that runs when a module of a library is imported. */

import {
  asCall,
  defineRule,
  expressionOf,
  fileQuestion,
  functionAround,
  statementsOf,
  textValue,
  type Facts,
  type Match,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Logging set up by an imported module",
  why: "The first call of basicConfig decides level, form and place of all messages of the program, and later ones do nothing. Where a module makes it when it is imported, the program that imports it has lost that choice. It belongs into the function that starts the program.",
  guide: "logging",
  level: "info",
  differs: { unknown: "kept" },
  gain: "safety",
  words: ["basicConfig"],

  examples: [
    {
      before: `
import logging

logging.basicConfig(level=logging.INFO)
logger = logging.getLogger(__name__)

def total(values: list[int]) -> int:
    logger.info("%d values", len(values))
    return sum(values)
`,
      after: `
import logging

logger = logging.getLogger(__name__)

def total(values: list[int]) -> int:
    logger.info("%d values", len(values))
    return sum(values)
`,
    },
  ],

  on: ["call"],
  calls: ["logging.basicConfig"],

  find(node, { facts }, call): Match | undefined {
    if (facts.isTest || facts.isNotebook || functionAround(node) || node.ancestor("class_definition")) return undefined;
    return facts.ofFile(IS_PROGRAM) ? undefined : { at: call.callee, evidence: "strong" };
  },

  message: () =>
    "This sets up the logging of every program that imports this module, and their own `basicConfig` does nothing then.",
});

/** Calls that prepare something, as libraries do too. */
const PREPARES =
  /^(?:logging\.|logger\.|log\.|warnings\.|sys\.path\.|load_dotenv|dotenv\.|os\.environ|os\.makedirs|matplotlib\.use|np\.|torch\.|tf\.|pd\.|nltk\.|random\.seed|urllib3\.|requests\.packages|__all__|typing\.|register|atexit\.)/;

/** Started rather than imported: it asks for `__name__`, does work on its top level, or makes what a server or command starts. */
const IS_PROGRAM = fileQuestion((facts) => {
  if (facts.fileMatches(STARTED) || facts.fileMatches(SERVED)) return true;
  const pieces = new Set(facts.view.readsOf("logging").map((it) => it.tree));
  for (const tree of pieces) facts.view.looksInto(tree);
  return facts.view.document.pieces.some(({ tree }) => {
    facts.view.looksInto(tree);
    return statementsOf(tree.root).some((it) => works(it, facts));
  });
});

const STARTED = /__name__\s*==|==\s*__name__|^#!|argparse|sys\.argv/m;
const SERVED =
  /\b(?:FastAPI|Flask|Typer|Celery|Starlette|Sanic|Quart|Dash|Bot|Client|Application|DAG|FastMCP|Dagster\w*)\(|\bstreamlit\b|\bclick\b|\bst\.set_page_config|\bgradio\b|@app\./;

type Statement = ReturnType<typeof statementsOf>[number];

function works(statement: Statement, facts: Facts): boolean {
  if (/^(?:for_statement|while_statement|with_statement)$/.test(statement.kind)) return true;
  const value = expressionOf(statement);
  const call = asCall(value);
  if (call) return !PREPARES.test(call.callee.text) && textValue(call.node) === undefined;
  return false;
}
