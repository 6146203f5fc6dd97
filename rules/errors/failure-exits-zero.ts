/** The outermost handler of a program prints or logs the failure, and the program ends with status 0 as if all were well. */

import {
  asAssignment,
  asCall,
  asFunction,
  asHandler,
  asTry,
  asWith,
  declined,
  defineRule,
  excerpt,
  expressionOf,
  fileQuestion,
  fixOf,
  functionAround,
  importModule,
  isInMainGuard,
  itemsOf,
  lineBelow,
  nextStatement,
  replace,
  statementOf,
  statementsOf,
  unwrap,
  type Facts,
  type FunctionDef,
  type Match,
  type Node,
  type Use,
  type Weight,
} from "../../analysis/authoring.js";

interface Zero extends Match {
  /** `main` where the handler stands in a function, else undefined. */
  readonly name: string | undefined;
  readonly last: Node;
  /** `sys.exit()` or `sys.exit(0)`. */
  readonly exit: Node | undefined;
}

export default defineRule({
  title: "Failed program that ends with status 0",
  why: "The outermost handler of the program prints or logs the error, and the process ends as if all were well. Whoever started it goes by the exit status: cron and CI report success, `&&` in a shell starts the next step with data that is not there, a supervisor does not try again. sys.exit(1), or an error that goes up, tells them.",
  guide: "debugging",
  level: "info",
  gain: "safety",
  overrides: ["errors/lost-traceback", "errors/silent-broad-except", "logging/print-in-library"],
  fixes: "review",
  words: ["__main__"],

  examples: [
    {
      before: `
import json
import sys

def main() -> None:
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            print(len(json.load(file)))
    except Exception as error:
        print("Failed:", error)

if __name__ == "__main__":
    main()
`,
      after: `
import json
import sys

def main() -> None:
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            print(len(json.load(file)))
    except Exception as error:
        print("Failed:", error)
        sys.exit(1)

if __name__ == "__main__":
    main()
`,
    },
  ],

  on: ["except_clause"],

  find(node, { facts }): Zero | undefined {
    const attempt = asTry(node.parent);
    const handler = attempt && asHandler(node);
    if (!attempt || !handler || !mayBeAnything(handler.type) || facts.isTest || facts.isNotebook) return undefined;
    const def = asFunction(functionAround(node));
    const block = attempt.node.parent;
    if (!block || !isOutermost(attempt.node, def) || !isMost(attempt.node)) return undefined;
    const told = toldIn(handler.body);
    if (!told || (def ? !isEntry(def, told, facts) : !isInMainGuard(node))) return undefined;
    // Nothing is done below it that may look at what became of it.
    if (!told.exit && !endsHere(attempt.node)) return undefined;
    if (facts.ofFile(IS_NO_COMMAND) || ENDLESS.test(attempt.body.text) || asksForExit(attempt.node)) return undefined;
    return {
      at: handler.type ?? told.last,
      evidence: told.exit ? "proof" : "strong",
      weight: weightOf(def, handler.body, facts),
      construct: node,
      name: def?.name,
      last: told.last,
      exit: told.exit,
    };
  },

  message: ({ name, exit }) => {
    const where = name === undefined ? "the program" : `\`${excerpt(name, 40)}\``;
    return exit
      ? `After this failure \`${exit.text}\` ends the program with status 0: cron, CI and \`&&\` take it for a success.`
      : `A failure of ${where} is told and forgotten: the process ends with status 0, and cron, CI and \`&&\` take it for a success.`;
  },

  fix({ last, exit }, file) {
    const doubts = ["whoever starts the program sees that it failed, and may stop there"];
    if (exit) {
      const callee = asCall(exit)!.callee.text;
      return fixOf("End with status 1", doubts, [replace(exit, `${callee}(1)`)]);
    }
    const sys = importModule(file, "sys", last);
    if (!sys) return declined("the name sys means something else here");
    const line = `${sys.name}.exit(1)`;
    const edit = last.kind === "return_statement" ? replace(last, line) : lineBelow(last, line);
    return fixOf("End with status 1", doubts, [...sys.edits, edit]);
  },
});

/** Every error, or those by which a disk, a server, a database or another program says no. */
const mayBeAnything = (type: Node | undefined): boolean =>
  type === undefined ||
  (unwrap(type).kind === "tuple" ? itemsOf(unwrap(type)) : [type]).some((it) => WIDE.test(it.text));

const WIDE =
  /(?:^|\.)(?:Base)?Exception$|(?:^|\.)(?:OSError|IOError|FileNotFoundError|PermissionError|ConnectionError|RequestException|HTTPError|URLError|ClientError|CalledProcessError|OperationalError|DatabaseError|SQLAlchemyError|APIError|OpenAIError)$|^(?:sqlite3|psycopg2?)\.Error$/;

/** It is the last but for what closes, in the function or guard itself or in a `with` there. */
function isOutermost(attempt: Node, def: FunctionDef | undefined): boolean {
  let block = attempt.parent;
  while (block?.kind === "block" && asWith(block.parent)) {
    if (!endsHere(block.parent!)) return false;
    block = block.parent!.parent;
  }
  const around = block?.parent;
  return def ? around === def.node : around?.kind === "if_statement" && !functionAround(attempt);
}

/** The work of the block stands in it; else it is only one step, which may be left out. */
function isMost(attempt: Node): boolean {
  const block = attempt.parent!;
  return (attempt.end - attempt.start) * 2 > block.end - block.start;
}

interface Told {
  readonly last: Node;
  readonly exit: Node | undefined;
  /** `return 1` hands a status to the caller. */
  readonly returns: boolean;
}

/** The handler tells somebody of the error, and does nothing else; undefined where it does. */
function toldIn(body: Node): Told | undefined {
  const statements = statementsOf(body);
  const last = statements.at(-1);
  if (!last || EXPECTED.test(body.text)) return undefined;
  let tells = false;
  let exit: Node | undefined;
  for (const it of statements) {
    if (it.kind === "return_statement")
      return it === last && tells ? { last, exit, returns: it.children.length > 0 } : undefined;
    if (/^import_/.test(it.kind) || it.kind === "pass_statement") continue;
    const value = expressionOf(it);
    const call = asCall(value?.kind === "await" ? value.children[0] : value);
    if (call && EXITS.test(call.callee.text)) {
      if (it !== last || call.hasSplat || !/^0?$/.test(call.args.map((arg) => arg.text).join())) return undefined;
      exit = call.node;
      continue;
    }
    if (call && TELLS.test(call.callee.text)) tells = true;
    else if (!call || !CLOSES.test(call.callee.text)) {
      // A text for the message.
      const assigned = asAssignment(it)?.value;
      if (!assigned || MAY_EXIT.test(it.text)) return undefined;
    }
  }
  return tells ? { last, exit, returns: false } : undefined;
}

/** It may well happen. */
const EXPECTED = /\b(?:skip\w*|optional|expected|ignor\w+|no problem|anyway|nothing to do)\b/i;
const EXITS = /^(?:sys\.exit|exit|quit|os\._exit)$/;
const TELLS =
  /^(?:print|pprint|print_exc|rprint|cprint|perror|log|console\.print)$|(?:^|[._])(?:logger|log|logging|LOG|LOGGER)\.(?:error|exception|critical|fatal|warning|warn|info|log)$|^traceback\.print_\w+$|^sys\.(?:stderr|stdout)\.write$|(?:^|\.)(?:console)\.\w+$/;
const CLOSES =
  /(?:^|\.)(?:a?close|rollback|flush|quit|disconnect|shutdown|stop|cleanup|format_exc|print_exception|end_run)$/;
const MAY_EXIT = /\b(?:exit|status|code|failed|success|ok)\b/;

/** Below it things are only told or closed. */
function endsHere(statement: Node): boolean {
  for (let at = nextStatement(statement); at; at = nextStatement(at)) {
    const value = expressionOf(at);
    const call = asCall(value?.kind === "await" ? value.children[0] : value);
    if (!call || !(TELLS.test(call.callee.text) || CLOSES.test(call.callee.text))) return false;
  }
  return true;
}

/** `finally: sys.exit(code)`. */
const asksForExit = (attempt: Node): boolean =>
  /\bexit\b/.test(attempt.children.find((it) => it.kind === "finally_clause")?.text ?? "");

/** A function of the top level that the guard calls, and whose result nobody looks at. */
function isEntry(def: FunctionDef, told: Told, facts: Facts): boolean {
  if (def.outer.parent?.kind !== "module" || /demo|example|test|try|bench/i.test(def.name)) return false;
  const fates = facts.ofUses(def.nameNode, "what becomes of a status", fatesOf);
  // `sys.exit(main())` where None is handed on.
  return fates === "dropped" || (fates === "status" && !told.returns && told.exit === undefined);
}

type Fate = "dropped" | "status" | "other";

/** All its calls are in the guard, and all drop the result, or hand it to `sys.exit`. */
function fatesOf(uses: readonly Use[]): Fate {
  const fates = new Set(uses.map(fateOf));
  const [only = "other"] = fates;
  return fates.size === 1 ? only : "other";
}

/** `main()`, `asyncio.run(main())`, `sys.exit(main())`. */
function fateOf({ kind, call }: Use): Fate {
  if (kind !== "call" || !call || functionAround(call) || !isInMainGuard(call)) return "other";
  let node = call;
  let around = asCall(node.parent?.parent);
  if (around && RUNS.test(around.callee.text)) {
    node = around.node;
    around = asCall(node.parent?.parent);
  }
  if (around && EXITS.test(around.callee.text)) return "status";
  const statement = statementOf(node);
  // Several calls one after the other are several trials.
  return expressionOf(statement) === node && endsHere(statement) ? "dropped" : "other";
}

const RUNS = /^(?:asyncio\.run|anyio\.run|trio\.run|loop\.run_until_complete|uvloop\.run)$/;

/** A page, a window, a command of a framework that ends by itself, or a bot. */
const IS_NO_COMMAND = fileQuestion((facts) =>
  facts.fileMatches(
    /^[ \t]*(?:import|from)[ \t]+(?:streamlit|gradio|click|typer|fire|tkinter|PyQt\d|PySide\d|pygame|kivy|customtkinter|wx|discord|telegram|telebot|aiogram|unittest|pytest|doctest|absl)\b/m,
  ),
);
const ENDLESS =
  /\bwhile (?:True|1|not)\b|\b(?:run_forever|serve_forever|mainloop|start_polling|run_polling|infinity_polling|uvicorn\.run|app\.run|mcp\.run|server\.run|socketio\.run|start_consuming|serve|launch)\(/;

/** Somebody sits before it; or it is made to be started by something else. */
function weightOf(def: FunctionDef | undefined, handler: Node, facts: Facts): Weight {
  if (facts.ofFile(IS_ASKED) || facts.isArchived || TRIAL.test(handler.text) || TRIAL.test(def?.name ?? ""))
    return "light";
  if (/\blog(?:ger|ging)?\b/i.test(handler.text) || facts.ofFile(IS_TOLD_HOW)) return "heavy";
  return def?.name === "main" ? "unknown" : "light";
}

/** It is run by hand, to see something. */
const TRIAL = /(?:^|[\W_])(?:tests?|testing|profil\w*|show|plot|inspect|debug|troubleshoot\w*)(?:$|[\W_])/i;

const IS_ASKED = fileQuestion((facts) => facts.fileMatches(/(?:^|[^\w.])input\(/));
const IS_TOLD_HOW = fileQuestion((facts) =>
  facts.fileMatches(/\bargparse\b|\bsys\.argv\b|\bos\.environ\b|\bgetenv\(|\bload_dotenv\(/),
);
