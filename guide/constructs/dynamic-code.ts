/** What hovers say of running text as code. */

import { callOf, defineConstructs, functionAround, textValue, type Node } from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "eval()",
    guide: "dynamic-code",
    at: [{ name: "builtins.eval" }],
    says: "Runs any expression with all rights of the program: on text from users, files or a model that is remote code execution. Emptying `__builtins__` is no sandbox, since attributes of any object lead to every class. For data take `ast.literal_eval` or `json`, for names a dict of functions. Each call compiles the text again; `compile` does it once.",
    here: evalNote,
    example: "total = ‸eval('1 + 2')\n",
    unlike: [
      "import pandas as pd\n\npd.DataFrame().‸eval('a + b')\n",
      "class Model:\n    def eval(self): ...\n\nModel().‸eval()\n",
    ],
  },
  {
    name: "exec()",
    guide: "dynamic-code",
    at: [{ name: "builtins.exec" }],
    says: "Runs statements, with the same danger as `eval`, and returns None. Inside a function the names it binds never become locals; since 3.13 they land in a snapshot that is thrown away at once. Pass a dict of your own and read the results there. For classes and functions made at run time a closure, `type(…)` or a registry is enough.",
    here: execNote,
    example: "space = {}\n‸exec('x = 1', space)\n",
    unlike: ["import subprocess\n\nclass Docker:\n    def exec(self, command): ...\n\nDocker().‸exec('ls')\n"],
  },
  {
    name: "ast.literal_eval",
    guide: "dynamic-code",
    at: [{ name: "ast.literal_eval" }],
    says: "Reads numbers, texts, bytes, tuples, lists, dicts, sets, booleans and None; runs no code and raises ValueError or SyntaxError for anything else. Hostile input can still exhaust memory or the parser through size or nesting, so limit its length first. For data exchange `json.loads` is stricter and much faster.",
    example: "import ast\n\nvalue = ast.‸literal_eval('[1, 2]')\n",
    unlike: ["def literal_eval(text):\n    return text\n\n‸literal_eval('1')\n"],
  },
]);

function evalNote(node: Node): string | undefined {
  const call = callOf(node);
  const [source, space] = call?.args ?? [];
  if (!call || !source || call.hasSplat) return undefined;
  if (textValue(source) !== undefined)
    return "The text is fixed: written as plain code it is compiled once and seen by linters.";
  return !space && call.keywords.size === 0
    ? "No namespace given: the text sees and can change everything visible here."
    : undefined;
}

function execNote(node: Node): string | undefined {
  const call = callOf(node);
  if (!call || call.hasSplat || call.args.length !== 1 || call.keywords.size > 0) return undefined;
  return functionAround(call.node)
    ? "No namespace given inside a function: what it binds cannot be read back by name."
    : "No namespace given: it binds and overwrites names of this scope.";
}
