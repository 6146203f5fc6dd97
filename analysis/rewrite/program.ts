/** Whether a file is a program, which is started, or a module, which others import. */

import { isScript } from "../semantics/callers.js";
import type { Facts } from "../semantics/facts.js";
import { fileQuestion } from "../semantics/file-questions.js";
import { asCall } from "../syntax/expressions.js";
import { expressionOf, statementsOf } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

/** It asks for `__name__`, reads the command line, makes what a server or a command starts, or does work on its top level. */
export function isProgram(facts: Facts): boolean {
  return facts.isNotebook || facts.ofFile(IS_PROGRAM);
}

/** Other files may import it, tests above all, and put something of their own in the place of what it uses: it is neither a script with a main guard nor a notebook. */
export const mayBeImported = ({ view, isNotebook }: Facts): boolean => !isNotebook && !isScript(view);

const IS_PROGRAM = fileQuestion((facts) => {
  if (isStarted(facts)) return true;
  return worksAtTop(facts);
});

function worksAtTop(facts: Facts): boolean {
  return facts.view.pieces().some(({ tree }) => {
    facts.view.looksInto(tree);
    return statementsOf(tree.root).some(works);
  });
}

/** It has a `main` that takes arguments of the command line, and leaves it to others to import and call that. */
export function isStartedElsewhere(facts: Facts): boolean {
  return !facts.isNotebook && facts.ofFile(IS_STARTED_ELSEWHERE);
}

const IS_STARTED_ELSEWHERE = fileQuestion(
  (facts) =>
    facts.fileMatches(/^def main\(/m) &&
    facts.fileMatches(/\bargparse\b|\bsys\.argv\b/) &&
    !facts.fileMatches(/__name__\s*==|==\s*__name__|^#!/m) &&
    !facts.fileMatches(SERVED) &&
    !worksAtTop(facts),
);

/** The same without a look at what its top level does. */
export const isStarted = (facts: Facts): boolean => facts.fileMatches(STARTED) || facts.fileMatches(SERVED);

const STARTED = /__name__\s*==|==\s*__name__|^#!|argparse|sys\.argv/m;
const SERVED =
  /\b(?:FastAPI|Flask|Typer|Celery|Starlette|Sanic|Quart|Dash|Bot|Client|Application|DAG|FastMCP|Dagster\w*)\(|\bstreamlit\b|\bclick\b|\bst\.set_page_config|\bgradio\b|\bchainlit\b|@app\./;
/** Calls that prepare something, as libraries do too. */
const PREPARES =
  /^(?:logging\.|logger\.|log\.|warnings\.|sys\.path\.|load_dotenv|dotenv\.|os\.environ|os\.makedirs|matplotlib\.use|np\.|torch\.|tf\.|pd\.|nltk\.|random\.seed|urllib3\.|requests\.packages|__all__|typing\.|register|atexit\.)/;

function works(statement: Node): boolean {
  if (/^(?:for_statement|while_statement|with_statement)$/.test(statement.kind)) return true;
  const call = asCall(expressionOf(statement));
  return call !== undefined && !PREPARES.test(call.callee.text);
}
