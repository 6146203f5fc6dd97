/** A program is run and nobody asks whether it failed, before what it was to make is read or what it was given is deleted. */

import {
  asAssignment,
  asAugmented,
  asCall,
  asFunction,
  asMethodCall,
  callsUnder,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  isCaught,
  itemsOf,
  lastName,
  nextStatement,
  argumentOf,
  replace,
  textValue,
  unwrap,
  withArgument,
  type Call,
  type Facts,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Ignored extends Match {
  readonly call: Call;
  readonly path: Node;
  readonly does: Deed;
}

type Deed = "deleted" | "moved" | "read" | "returned";

export default defineRule({
  title: "Program run without a look at whether it failed",
  why: "A program that fails says so by its exit status alone: os.system and subprocess.run go on. What follows then reads a file that is missing or left from an earlier run, or deletes the input although nothing was made of it.",
  guide: "debugging",
  level: "warning",
  gain: "safety",
  imports: ["os", "subprocess"],
  overlaps: ["PLW1510"],
  unlike: "only where a file of the command is read, moved or deleted next; os.system counts too",
  fixes: "review",

  examples: [
    {
      before: `
import os
import subprocess

def pack(source: str, target: str) -> None:
    subprocess.run(["zip", "-q", target, source])
    os.remove(source)
`,
      after: `
import os
import subprocess

def pack(source: str, target: str) -> None:
    subprocess.run(["zip", "-q", target, source], check=True)
    os.remove(source)
`,
    },
  ],

  on: ["call"],
  calls: ["os.system", "subprocess.run", "subprocess.call"],

  find(node, { facts }, call): Ignored | undefined {
    const statement = node.parent;
    if (statement?.kind !== "expression_statement" || facts.isTest) return undefined;
    if (call.hasSplat || call.keywords.has("check")) return undefined;
    const [command, ...more] = commandOf(call, facts);
    if (!command || ASIDE.test(command.text.replace(/^[\s[(]*[a-z]{0,2}["']+/i, ""))) return undefined;
    if (BY_HAND.test(programOf(command).text)) return undefined;
    const paths = pathsIn([command, ...more]);
    if (paths.size === 0) return undefined;
    const next = nextUse(statement, paths, facts);
    // A handler around it deals with a file that is missing.
    if (!next || (next.does !== "deleted" && isCaught(node))) return undefined;
    const weight = facts.isNotebook ? "light" : next.does === "deleted" ? "heavy" : "unknown";
    return {
      at: call.callee,
      evidence: "strong",
      weight,
      call,
      related: [{ at: next.at, message: SAYS[next.does] }],
      ...next.use,
    };
  },

  message: ({ call: { callee }, path, does }) => {
    const name = excerpt(path.text, 40);
    if (does === "returned")
      return `Nobody asks whether \`${excerpt(callee.text, 30)}\` failed: the caller gets \`${name}\` although it may be missing or empty.`;
    return `Nobody asks whether \`${excerpt(callee.text, 30)}\` failed: \`${name}\` is ${
      does === "deleted" ? "deleted all the same" : `${does} next, and may be missing, empty or from an earlier run`
    }.`;
  },

  fix({ call }, { facts }) {
    const name = facts.nameOf(call.callee);
    const doubts = ["a program that reports a failure makes this raise, also one that is harmless"];
    if (name === "os.system")
      return declined("os.system can only give the status back; subprocess.run with check=True raises");
    if (name === "subprocess.call") {
      const method = asMethodCall(call.node)?.methodNode;
      return method
        ? fixOf("Raise if the program fails", doubts, [replace(method, "check_call")])
        : declined("the function is imported by its own name; check_call raises");
    }
    const added = withArgument(call, "check=True");
    return added ? fixOf("Raise if the program fails", doubts, [added]) : declined("the arguments cannot be added to");
  },
});

const SAYS: Readonly<Record<Deed, string>> = {
  deleted: "deleted here",
  moved: "moved here",
  read: "read here",
  returned: "given back here",
};

/** Programs that clean up, show something or are asked for their own sake, and those whose status tells what they found. */
const ASIDE =
  /^(?:sudo["',\s]+)?(?:(?:rm|del|rmdir|kill|pkill|killall|mkdir|clear|cls|echo|notify-send|xdg-open|open|start|explorer|say|afplay|aplay|paplay|ffplay|mpg123|mpv|mplayer|vlc|cvlc|play|feh|eog|display|less|more|cat|bat|code|vim?|nvim|nano|emacs|gedit|notepad|lp|lpr|chmod|chown|touch|which|pip|diff|cmp|e?grep|rg|black|isort|ruff|flake8|pylint|mypy|pyright|autopep8|yapf|bandit|eslint|prettier|clang-format|gofmt|pytest|coverage)|git["',\s]+(?:diff|grep))(?![\w.-])/;
/** `[os.environ["EDITOR"], path]`: what somebody works or listens with. */
const BY_HAND = /editor|viewer|pager|player|visual/i;

/** What is run, with what is put behind it, where that is put together in sight. */
function commandOf(call: Call, facts: Facts): readonly Node[] {
  const given = call.args[0] ?? call.keywords.get("args");
  if (!given) return [];
  const value = plain(given);
  if (value.kind !== "identifier") return [value];
  const around = functionAround(value)?.field("body");
  if (!around) return [];
  const written = facts.writesOf(value, around).filter(({ name }) => name.end <= value.start);
  const last = written.findLastIndex(({ name }) => asAssignment(name.parent) !== undefined);
  return written.slice(Math.max(last, 0)).flatMap(({ name }) => {
    const made = asAssignment(name.parent)?.value ?? asAugmented(name.parent)?.value;
    return made ? [plain(made)] : [];
  });
}

/** What is started: the first item of a list. */
const programOf = (command: Node): Node =>
  command.kind === "list" || command.kind === "tuple" ? (itemsOf(command)[0] ?? command) : command;

/** The places in a command that may be files, by their text. */
function pathsIn(command: readonly Node[]): ReadonlyMap<string, Node> {
  const paths = new Map<string, Node>();
  const put = (it: Node) => void paths.set(keyOf(it), it);
  const add = (node: Node): void => {
    const value = plain(node);
    if (value.kind === "list" || value.kind === "tuple") return itemsOf(value).forEach(add);
    if (value.kind === "binary_operator") {
      // `name + ".wav"` and `folder / name` are files by themselves.
      put(value);
      return value.children.forEach(add);
    }
    if (value.kind === "identifier" || value.kind === "attribute") return put(value);
    const call = asCall(value);
    if (call && /\.(?:join|format)$/.test(call.callee.text)) return call.args.forEach(add);
    if (/string$/.test(value.kind))
      for (const it of value.descendants("interpolation")) if (it.firstChild) add(unwrap(it.children[0]!));
    // `f"{name}.wav"` is a file by itself.
    if (value.kind === "string" && FILE.test(textValue(value) ?? "")) put(value);
    if (value.kind === "string" && !/\s/.test(value.text) && value.descendants("interpolation").length > 0) put(value);
  };
  command.forEach(add);
  return paths;
}

/** A text that is the name of a file, and nothing else. */
const FILE = /^[\w./-]+\.[a-z]\w{0,4}$/i;

/** `path` of `str(path)`, `Path(path)`, `shlex.quote(path)`. */
function plain(node: Node): Node {
  const value = unwrap(node);
  const call = asCall(value);
  const [only, more] = call?.args ?? [];
  return only && !more && /^(?:str|Path|pathlib\.Path|os\.fspath|(?:shlex\.)?(?:quote|split))$/.test(call!.callee.text)
    ? plain(only)
    : value;
}

const keyOf = (node: Node): string => node.text.replaceAll("'", '"');

interface Next {
  readonly at: Node;
  readonly does: Deed;
  readonly use: { readonly path: Node; readonly does: Deed };
}

/** What the few statements below do with one of the files first; undefined if they look whether it is there. */
function nextUse(statement: Node, paths: ReadonlyMap<string, Node>, facts: Facts): Next | undefined {
  for (let at = nextStatement(statement), steps = 0; at && steps < MOST; at = nextStatement(at), steps++) {
    if (/^(?:function_definition|class_definition|decorated_definition)$/.test(at.kind)) continue;
    for (const call of callsUnder(at)) {
      if (functionAround(call.node) !== functionAround(statement)) continue;
      const { text } = call.callee;
      const method = asMethodCall(call.node);
      const [first] = call.args;
      const given = [first, method?.object].find((it) => it !== undefined && isOneOf(it, paths));
      const removed = RUNS.test(text) ? removedBy(call, paths, facts) : undefined;
      if (removed) return { at: call.node, does: "deleted", use: { path: removed, does: "deleted" } };
      if (!given) continue;
      if (LOOKS.test(text)) return undefined;
      const does = deedOf(call, given === first);
      const path = plain(given);
      if (does && !(does === "deleted" && TEMPORARY.test(path.text)))
        return { at: call.node, does, use: { path, does } };
    }
    if (at.kind === "return_statement") {
      const [path] = at.children;
      const made = path && plain(path);
      return made?.kind === "identifier" && paths.has(made.text) && isMadeHere(made)
        ? { at: made, does: "returned", use: { path: made, does: "returned" } }
        : undefined;
    }
    if (/^(?:raise|continue|break)_statement$/.test(at.kind)) return undefined;
  }
  return undefined;
}

const RUNS = /^(?:os\.system|subprocess\.(?:run|call|check_call))$/;

/** `os.system(f"rm -r {folder}")`. */
function removedBy(call: Call, paths: ReadonlyMap<string, Node>, facts: Facts): Node | undefined {
  const command = commandOf(call, facts);
  if (!/^[[(\s]*[a-z]{0,2}["']+(?:sudo["',\s]+)?rm\b/i.test(command[0]?.text ?? "")) return undefined;
  return [...pathsIn(command).values()].find((it) => paths.has(keyOf(it)) && !TEMPORARY.test(it.text));
}

/** One of the files, or something in a folder that is named as where results go. */
function isOneOf(node: Node, paths: ReadonlyMap<string, Node>): boolean {
  const value = plain(node);
  if (paths.has(keyOf(value))) return true;
  const call = asCall(value);
  const folder =
    value.kind === "binary_operator"
      ? value.children[0]
      : call && /\.join$/.test(call.callee.text)
        ? call.args[0]
        : undefined;
  return folder !== undefined && RESULTS.test(folder.text) && paths.has(keyOf(plain(folder)));
}

const RESULTS = /out|dst|dest|target|te?mp|result/i;

/** A name of the function for a file that the command is to make: what a caller handed in was there before. */
function isMadeHere(name: Node): boolean {
  const def = asFunction(functionAround(name));
  return (
    def !== undefined &&
    def.parameters.every((it) => it.name !== name.text) &&
    /out|dst|dest|target|te?mp|result|wav|mp3|convert|new|path|file/i.test(name.text)
  );
}

const MOST = 4;
const LOOKS = /(?:^|\.)(?:exists|is_file|isfile|isdir|is_dir|getsize|stat|glob)$/;
const TEMPORARY = /te?mp|temp|scratch|intermediate/i;

function deedOf(call: Call, isGiven: boolean): Deed | undefined {
  const { text } = call.callee;
  if (!isGiven) {
    if (/\.(?:unlink|rmdir)$/.test(text)) return "deleted";
    return /\.(?:read_text|read_bytes)$/.test(text) ? "read" : /\.(?:rename|replace)$/.test(text) ? "moved" : undefined;
  }
  if (/^(?:os\.(?:remove|unlink)|shutil\.rmtree)$/.test(text)) return "deleted";
  if (/^(?:os\.(?:rename|replace)|shutil\.(?:move|copy\w*))$/.test(text)) return "moved";
  if (text === "open") return /^r?[bt]?$/.test(modeOf(call)) ? "read" : undefined;
  const name = lastName(call.callee);
  return /^(?:read|imread|fromfile|read_(?:csv|json|parquet|table|excel|fwf|pickle)|from_(?:file|wav|mp3)|load|open|loadtxt|genfromtxt|parse)$/.test(
    name,
  ) && /\./.test(text)
    ? "read"
    : undefined;
}

const modeOf = (call: Call): string => {
  const mode = argumentOf(call, "mode", 1);
  return mode ? (textValue(mode) ?? "?") : "r";
};
