/** What hovers say of tests, log settings, the debugger and warnings. */

import {
  argumentOf,
  callOf,
  defineConstructs,
  itemsOf,
  textValue,
  unwrap,
  type File,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "@pytest.fixture",
    guide: "testing",
    at: [{ name: "pytest.fixture" }],
    says: "Runs anew for every test that names it as a parameter; what follows its `yield` is clean-up and runs when the test fails, too. A wider `scope=` saves time but shares one object, so a change by one test reaches the next. Calling a fixture like a function fails; share code by a plain function instead.",
    here: fixtureNote,
    example: "import pytest\n\n@pytest.‸fixture\ndef orders():\n    return [1, 2]\n",
    unlike: [
      "def fixture(f):\n    return f\n\n@‸fixture\ndef orders(): ...\n",
      "from factory import fixture\n\n@‸fixture\ndef orders(): ...\n",
    ],
  },
  {
    name: "@pytest.mark.parametrize",
    guide: "testing",
    at: [{ name: "pytest.mark.parametrize" }],
    says: "Runs the test once per case and reports each by itself. Several of these decorators multiply. Lists, dicts and other objects are called `name0`, `name1` in the report, so pass `ids=` or `pytest.param(…, id=…)`. Cases are not copied: a test that changes its list changes it for whoever else has it.",
    here: casesNote,
    example: "import pytest\n\n@pytest.mark.‸parametrize('n', [1, 2, 3])\ndef test_square(n):\n    assert n * n > 0\n",
    unlike: [
      "def parametrize(name, values): ...\n\n‸parametrize('n', [1])\n",
      "import torch.nn.utils.parametrize\n\ntorch.nn.utils.‸parametrize\n",
    ],
  },
  {
    name: "logging.config.dictConfig",
    guide: "logging",
    at: [{ name: "logging.config.dictConfig" }],
    says: "`disable_existing_loggers` is True by default and silences every logger that was made before, as imported modules do; set it to False. `version: 1` has to be there. Call it once, in the program's entry point; a library leaves handlers and levels alone.",
    here: loggersNote,
    example: "import logging.config\n\nlogging.config.‸dictConfig({'version': 1, 'disable_existing_loggers': False})\n",
    unlike: [
      "def dictConfig(settings): ...\n\n‸dictConfig({})\n",
      "import logging.config\n\nlogging.config.‸fileConfig('log.ini')\n",
    ],
  },
  {
    name: "breakpoint()",
    guide: "debugging",
    at: [{ name: ["builtins.breakpoint", "pdb.set_trace", "ipdb.set_trace"] }],
    says: "`breakpoint()` calls `sys.breakpointhook`, so an editor's debugger can take over; `PYTHONBREAKPOINT=0` turns all of them off and a dotted name chooses another tool. In pdb: `n` next, `s` step in, `c` continue, `p x` show, `l` list, `u` up, `q` quit. Left in a service it waits for ever or fails without a terminal.",
    here: (node, { facts }) =>
      facts.isAsync(node)
        ? "In a coroutine: the whole event loop stands still while the prompt is open."
        : node.text === "set_trace"
          ? "`breakpoint()` does the same without an import and can be switched off."
          : undefined,
    example: "def work():\n    ‸breakpoint()\n",
    unlike: ["def breakpoint(): ...\n\n‸breakpoint()\n", "import sys\n\nsys.‸breakpointhook()\n"],
  },
  {
    name: "warnings.catch_warnings",
    guide: "ml-context-managers",
    at: [{ name: "warnings.catch_warnings" }],
    says: 'Puts the filters back at the end of the block. They belong to the whole process, so other threads see the change, unless the option `context_aware_warnings` of 3.14 is on, as it is on free-threaded builds. Ignore one category, best one message. To record, add `simplefilter("always")`, or what is filtered out by default stays unseen.',
    here: warningNote,
    example:
      "import warnings\n\nwith warnings.‸catch_warnings():\n    warnings.simplefilter('ignore', DeprecationWarning)\n",
    unlike: [
      "import pytest\n\nwith pytest.‸warns(UserWarning):\n    pass\n",
      "def catch_warnings(): ...\n\n‸catch_warnings()\n",
    ],
  },
]);

function fixtureNote(node: Node): string | undefined {
  const call = callOf(node);
  const scope = textValue(call?.keywords.get("scope"));
  const automatic =
    call?.keywords.get("autouse")?.kind === "true" ? "Used by every test in reach, named or not." : undefined;
  if (scope !== undefined && SCOPES[scope]) return `${SCOPES[scope]}${automatic ? ` ${automatic}` : ""}`;
  return automatic;
}

const SCOPES: Readonly<Record<string, string>> = {
  class: "One object for all tests of a class.",
  module: "One object for all tests of a file.",
  package: "One object for all tests of a folder.",
  session: "One object for the whole run (one for each worker with pytest-xdist).",
};

function casesNote(node: Node): string | undefined {
  const call = callOf(node);
  const values = call && !call.hasSplat ? argumentOf(call, "argvalues", 1) : undefined;
  const list = values && unwrap(values);
  if (!list || (list.kind !== "list" && list.kind !== "tuple") || itemsOf(list).some((it) => it.kind.endsWith("splat")))
    return undefined;
  const count = itemsOf(list).length;
  if (count === 0) return "No case: the test is skipped.";
  const [first] = itemsOf(list);
  const places = first?.kind === "tuple" ? ` of ${itemsOf(first).length} values` : "";
  return `${count} ${count === 1 ? "case" : "cases"}${places}.`;
}

/** The dictionary at the call, or the one that a name stands for. */
function loggersNote(node: Node, { facts }: File): string | undefined {
  const given = callOf(node)?.args[0];
  const [site, more] = given?.kind === "identifier" ? facts.reachingSites(given) : [];
  const value =
    given?.kind === "identifier"
      ? site?.kind === "assign" && !more && site.path.length === 0
        ? site.value
        : undefined
      : given;
  if (
    value?.kind !== "dictionary" ||
    value.children.some((it) => it.kind !== "pair" || textValue(it.field("key")) === undefined)
  )
    return undefined;
  const isRead = given!.kind !== "identifier" || facts.readsOf(given!).length === 1;
  const keys = new Map(value.children.map((it) => [textValue(it.field("key"))!, it.field("value")!] as const));
  if (!isRead) return undefined;
  if (!keys.has("version")) return "No `version`: ValueError.";
  const setting = keys.get("disable_existing_loggers");
  return !setting || setting.kind === "true" ? "Silences the loggers that exist by now." : undefined;
}

function warningNote(node: Node, { facts }: File): string | undefined {
  const action = textValue(callOf(node)?.keywords.get("action"));
  if (callOf(node)?.keywords.has("action") && !facts.hasPython("3.11"))
    return `\`action=\` came with 3.11; the lowest Python of this project is ${facts.python}.`;
  return action === "ignore" && !callOf(node)!.keywords.has("category")
    ? "Ignores warnings of every category in the block."
    : undefined;
}
