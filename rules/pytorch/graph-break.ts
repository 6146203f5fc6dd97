/** What splits the graph of a function that torch.compile compiles: prints, numbers fetched from tensors, branches that depend on values. */

import {
  asCall,
  asComparison,
  asFunction,
  asMethodCall,
  callOf,
  defineRule,
  excerpt,
  fileQuestion,
  functionAround,
  unwrap,
  weakest,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

/** What cannot be a part of a graph, measured with PyTorch 2.13; NumPy can since 2.1. */
const OUTSIDE =
  /^(builtins\.(print|breakpoint|input)|time\.(time|perf_counter|monotonic|process_time|sleep)|warnings\.warn|torch\.save|pdb\.set_trace|torch\.cuda\.synchronize|logging\.(debug|info|warning|error))$/;

export default defineRule({
  title: "Code that splits a compiled graph",
  why: "torch.compile turns a function into one graph, which it can fuse and run without Python. A print, a number fetched from a tensor or a branch that depends on values ends the graph there: what comes before and after is compiled apart, and Python runs in between. Under fullgraph=True it is an error.",
  guide: "pytorch",
  level: "info",
  gain: "time",
  unmeasured: "a graphics card",
  overrides: ["logging/print-in-library"],
  imports: ["torch"],
  words: ["compile"],

  examples: [
    {
      before: `
import torch

@torch.compile
def scaled(values: torch.Tensor) -> torch.Tensor:
    total = values.sum().item()
    return values / total
`,
      after: `
import torch

@torch.compile
def scaled(values: torch.Tensor) -> torch.Tensor:
    total = values.sum()
    return values / total
`,
    },
  ],

  on: ["function_definition"],
  library: { torch: { from: "2.0" } },

  find(node, { facts }) {
    const def = asFunction(node);
    if (!def || facts.isTest) return undefined;
    const compiled = facts.ofFile(COMPILED);
    const how = compiled === "" && def.decorators.length === 0 ? undefined : compiledAs(def, compiled, facts);
    if (!how) return undefined;
    const found = [...breaksIn(def, facts)];
    return found.map((it) => ({ ...it, evidence: how === "proof" ? it.evidence : ("fair" as const), def }));
  },

  message: ({ at, kind, def }) =>
    `\`${excerpt(at.text.replaceAll(/\s+/g, " "), 40)}\` splits the graph that torch.compile makes of ${excerpt(def.name, 30)}(): ${REASONS[kind]}.`,
});

type Kind = "outside" | "number" | "branch";

const REASONS: Readonly<Record<Kind, string>> = {
  outside: "it cannot be a part of it, and Python runs in between",
  number: "a number of Python has to be fetched first",
  branch: "which way to go is known only when the values are",
};

interface Break {
  readonly at: Node;
  readonly kind: Kind;
  readonly evidence: Evidence;
}

/** By a decorator, or by its name: given to torch.compile, or used by what is. */
function compiledAs(def: FunctionDef, compiled: string, facts: Facts): Evidence | undefined {
  for (const it of def.decorators) {
    const call = asCall(it);
    if (/(^|\.)(disable|allow_in_graph|ignore|script)$/.test((call?.callee ?? it).text)) return undefined;
    if (facts.nameOf(call?.callee ?? it) === "torch.compile" && call?.keywords.get("disable")?.text !== "True")
      return "proof";
  }
  const owner = facts.classOf(def.outer);
  const name = owner ? `${owner.name}.${def.name}` : def.name;
  if (!owner && functionAround(def.outer)) return undefined;
  const entry = compiled.split(",").find((it) => it.replace(/^[!?]/, "") === name);
  return entry === undefined ? undefined : entry.startsWith("!") ? "proof" : "fair";
}

const MOST = 60;

/** The functions and methods of the file that are compiled, between commas: with `!` what is given to torch.compile itself, with `?` what that uses. */
const COMPILED = fileQuestion((facts) => {
  const found = new Map<string, string>();
  const open: FunctionDef[] = [];
  const addClass = (name: string, mark: string) => {
    const info = facts.classNamed(name);
    if (!info || found.has(`${name}.forward`)) return;
    for (const { def } of info.methods) {
      if (def.name === "forward") {
        found.set(`${name}.forward`, mark);
        open.push(def);
      } else if (def.name === "__init__") open.push(def);
    }
  };
  for (const it of [...facts.view.attributesOf("compile"), ...facts.view.readsOf("compile")]) {
    const call = callOf(it);
    if (!call || facts.nameOf(call.callee) !== "torch.compile") continue;
    const given = call.args[0] && unwrap(call.args[0]);
    const def = given && facts.functionNamed(given);
    if (def) {
      found.set(def.name, "!");
      open.push(def);
      continue;
    }
    const type = given && facts.typed(given)?.type.name;
    if (type?.startsWith("local.")) addClass(type.slice(6), "!");
  }
  // What these use of the file is compiled with them.
  for (let next = open.shift(), steps = 0; next && steps < MOST; next = open.shift(), steps++) {
    for (const node of facts.bodyOf(next).descendants("call")) {
      const callee = asCall(node)?.callee;
      if (callee?.kind !== "identifier") continue;
      if (facts.classNamed(callee.text)) addClass(callee.text, "?");
      const def = next.name === "__init__" ? undefined : facts.functionNamed(callee);
      if (!def || found.has(def.name)) continue;
      found.set(def.name, "?");
      open.push(def);
    }
  }
  return [...found].map(([name, mark]) => mark + name).join();
});

function* breaksIn(def: FunctionDef, facts: Facts): Generator<Break> {
  const isHere = (it: Node) => functionAround(it) === def.node && !isGuarded(it, def, facts);
  for (const node of def.body.descendants("call")) {
    if (!isHere(node)) continue;
    const call = asCall(node);
    if (!call) continue;
    const name = facts.nameOf(call.callee) ?? "";
    if (OUTSIDE.test(name) || /^(logger|log|_logger|LOG|LOGGER)\.(debug|info|warning|error)$/.test(call.callee.text))
      yield { at: call.callee, kind: "outside", evidence: "proof" };
    else if (asMethodCall(node, "item") && call.args.length === 0)
      yield { at: node, kind: "number", evidence: facts.takenFor(asMethodCall(node)!.object, "tensor") ?? "strong" };
    else if (/^builtins\.(int|float|bool)$/.test(name) && call.args[0]) {
      const evidence = valueEvidence(call.args[0], facts);
      if (evidence) yield { at: node, kind: "number", evidence };
    }
  }
  for (const node of def.body.descendants("if_statement", "elif_clause", "while_statement")) {
    const condition = node.field("condition");
    if (!condition || !isHere(node)) continue;
    const evidence = conditionEvidence(condition, facts);
    if (evidence) yield { at: condition, kind: "branch", evidence };
  }
}

/** Behind a switch of Python: the compiler follows it once, and leaves out what is off. So it does with what only fails. */
function isGuarded(node: Node, def: FunctionDef, facts: Facts): boolean {
  for (let inner = node, at = node.parent; at && at !== def.node; inner = at, at = at.parent) {
    if (at.kind === "raise_statement" || at.kind === "assert_statement" || at.kind === "except_clause") return true;
    const condition = at.kind === "if_statement" || at.kind === "elif_clause" ? at.field("condition") : undefined;
    if (condition && inner !== condition && !conditionEvidence(condition, facts)) return true;
  }
  return false;
}

/** One operand that is the value of a tensor is enough. */
function conditionEvidence(condition: Node, facts: Facts): Evidence | undefined {
  const node = unwrap(condition);
  if (node.kind === "not_operator") return conditionEvidence(node.lastChild!, facts);
  if (node.kind === "boolean_operator")
    return conditionEvidence(node.children[0]!, facts) ?? conditionEvidence(node.lastChild!, facts);
  const comparison = asComparison(node);
  if (!comparison) return valueEvidence(node, facts);
  if (/\b(is|in)\b/.test(comparison.operator)) return undefined;
  return valueEvidence(comparison.left, facts) ?? valueEvidence(comparison.right, facts);
}

const VALUES =
  /^torch\.(any|all|max|min|sum|mean|norm|isnan|isinf|count_nonzero|abs|equal|allclose|amax|amin|median|std|var|linalg\.norm)$/;
const VALUE_METHODS = new Set(
  "any all max min sum mean norm abs amax amin median std var prod argmax argmin count_nonzero isnan isinf".split(" "),
);

/** The value of a tensor, not its shape: what `torch.any(…)` or `x.sum()` gives. */
function valueEvidence(value: Node, facts: Facts): Evidence | undefined {
  const node = unwrap(value);
  const call = asCall(node);
  if (call) {
    const name = facts.nameOf(call.callee);
    if (name !== undefined && VALUES.test(name)) return "proof";
    const method = asMethodCall(node);
    if (!method || !VALUE_METHODS.has(method.method)) return undefined;
    // Whatever has such a method in a compiled function and is nothing else is a tensor.
    const isOther = facts.typed(method.object) !== undefined && !facts.isA(method.object, "torch.Tensor", "fair");
    return (
      facts.takenFor(method.object, "tensor") ?? valueEvidence(method.object, facts) ?? (isOther ? undefined : "fair")
    );
  }
  if (node.kind === "identifier") {
    const sites = facts.reachingSites(node);
    return sites.length === 0
      ? undefined
      : weakest(...sites.map((it) => (asCall(it.value) ? valueEvidence(it.value!, facts) : undefined)));
  }
  return undefined;
}
