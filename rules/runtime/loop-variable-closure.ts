/** A function that is made in a loop, kept beyond the turn, and reads what the loop has changed by then. */

import {
  asAttribute,
  asCall,
  asFunction,
  asLambda,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  insertAfter,
  parametersOf,
  replace,
  statementOf,
  useOf,
  type Facts,
  type FunctionDef,
  type Lambda,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Late extends Match {
  readonly made: Lambda | FunctionDef;
  readonly names: readonly string[];
}

export default defineRule({
  title: "Function that reads the loop's variable too late",
  why: "A function looks its variables up when it is called. What was made in the turns of a loop and is called after it finds the values of the last turn, in each of its copies. A default value is worked out when the function is made, and keeps that of the turn.",
  guide: "functions-closures",
  level: "warning",
  differs: { unknown: "kept", light: "kept" },
  gain: "safety",
  overlaps: ["B023", "W0640"],
  leftToRuff: true,
  unlike: "functions that are called in their turn are left alone, and the fix binds the value as a default",
  fixes: "review",

  examples: [
    {
      before: `
def powers(numbers: list[int], value: int) -> list[int]:
    functions = []
    for number in numbers:
        functions.append(lambda it: it * number)
    return [function(value) for function in functions]
`,
      after: `
def powers(numbers: list[int], value: int) -> list[int]:
    functions = []
    for number in numbers:
        functions.append(lambda it, number=number: it * number)
    return [function(value) for function in functions]
`,
    },
  ],

  on: ["lambda", "function_definition"],
  within: "loop",

  find(node, { facts }): Late | undefined {
    if (facts.isTest) return undefined;
    const loop = facts.loopAround(node);
    if (!loop) return undefined;
    const lambda = asLambda(node);
    const def = lambda ? undefined : asFunction(node);
    const made = lambda ?? def;
    if (!made || made.node.isInside(loop.field("right") ?? loop.field("condition") ?? made.body)) return undefined;
    const names = lateNames(made.body, node, loop, facts);
    if (names.length === 0) return undefined;
    const how = def ? keptDef(def, loop, facts) : keptWhere(node, loop, facts);
    if (!how || leavesAtOnce(node, loop)) return undefined;
    return { at: lambda ? node : def!.nameNode, evidence: how, made, names };
  },

  message: ({ made, names }) =>
    `This ${"decorators" in made ? "function" : "lambda"} is called later, when ${names
      .map((it) => `\`${excerpt(it, 30)}\``)
      .slice(0, 2)
      .join(" and ")} ${names.length > 1 ? "have" : "has"} the value of the last turn.`,

  fix({ made, names }) {
    const added = names.map((it) => `${it}=${it}`).join(", ");
    if ("decorators" in made) {
      const list = made.node.field("parameters");
      const parameters = parametersOf(list);
      if (!list || hasComments(list) || parameters.some((it) => it.star !== "" || it.isKeywordOnly))
        return declined("there is no plain place for another parameter");
      const last = parameters.at(-1);
      const edit = last ? insertAfter(last.node, `, ${added}`) : replace(list, `(${added})`);
      return fixOf("Keep the value of the turn", DOUBTS, [edit]);
    }
    const list = made.node.field("parameters");
    if (!list) {
      const head = { tree: made.node.tree, start: made.node.start, end: made.node.start + "lambda".length };
      return fixOf("Keep the value of the turn", DOUBTS, [insertAfter(head, ` ${added}`)]);
    }
    if (/\*/.test(list.text)) return declined("there is no plain place for another parameter");
    return fixOf("Keep the value of the turn", DOUBTS, [insertAfter(list, `, ${added}`)]);
  },
});

const DOUBTS = [
  "each of them then sees the value of its own turn, not that of the last one",
  "a caller that passes one argument more would replace the value",
];

/** Names that the function reads, and that the loop alone gives values to. */
function lateNames(body: Node, made: Node, loop: Node, facts: Facts): readonly string[] {
  const found = new Set<string>();
  const around = functionAround(made);
  for (const it of body.descendants("identifier")) {
    if (found.has(it.text)) continue;
    const binding = facts.bindingOf(it);
    // One that the function binds itself, or that is not bound in the loop's own scope, is another one.
    if (!binding || binding.scope.node.isInside(made) || binding.sites.length === 0) continue;
    if (!binding.reads.includes(it)) continue;
    const isOfLoop = binding.sites.every(
      (site) =>
        site.name.tree === loop.tree &&
        site.name.isInside(loop) &&
        !site.name.isInside(made) &&
        !site.isRemote &&
        (site.kind === "for" || site.kind === "assign" || site.kind === "with" || site.kind === "walrus") &&
        (functionAround(site.name) === around || functionAround(site.name) === made),
    );
    if (isOfLoop && !isMadeLater(binding.sites[0]!.name, it)) found.add(it.text);
  }
  return [...found];
}

/** The comprehension that binds the name is inside the function. */
const isMadeLater = (name: Node, read: Node): boolean => {
  const inner = name.ancestor(
    "list_comprehension",
    "set_comprehension",
    "dictionary_comprehension",
    "generator_expression",
  );
  return inner !== undefined && !read.isInside(inner);
};

/** Who calls what it is given when something happens, long after the turn. */
const REGISTRIES =
  /(?:^|\.)(?:append|appendleft|add|insert|put|put_nowait|setdefault|connect|bind|bind_all|after|add_done_callback|call_soon|call_soon_threadsafe|call_later|call_at|add_command|submit|register|subscribe|add_listener|on|on_click|on_change|observe|register_hook|register_forward_hook|push|callback|add_callback|apply_async|add_job|create_timer)$/;
const MAKERS =
  /(?:^|\.)(?:Thread|Timer|Process|Button|MenuItem|Action|QAction|partial|Command|Tool|Task|PythonOperator|IconButton|FlatButton)$/;
const KEYWORDS = new Set([
  "command",
  "target",
  "callback",
  "on_click",
  "on_change",
  "on_press",
  "onclick",
  "handler",
  "python_callable",
  "func",
  "done_callback",
]);

/** Other names for the function are followed so far. */
const MOST_NAMES = 20;

/**
 * By which evidence it lives longer than its turn.
 * @param followed names that stand for it: `f = f` leads back to itself
 */
function keptWhere(
  node: Node,
  loop: Node,
  facts: Facts,
  followed: ReadonlySet<string> = new Set(),
): "proof" | "strong" | undefined {
  const use = useOf(node);
  if (loop.kind !== "for_statement" && loop.kind !== "while_statement") {
    // Of a comprehension it is an item.
    return use.in === loop || node.parent === loop || (use.kind === "element" && useOf(use.in).in === loop)
      ? loop.kind === "generator_expression"
        ? undefined
        : "proof"
      : undefined;
  }
  if (use.kind === "element") return keptWhere(use.in, loop, facts, followed);
  if (use.kind === "argument") {
    const callee = asCall(use.call)?.callee;
    if (!callee) return undefined;
    const word = asAttribute(callee)?.name ?? callee.text;
    if (word === "append" || word === "appendleft" || word === "insert") return "proof";
    if (word === "Thread" && isJoined(use.call!, loop)) return undefined;
    if (use.name !== undefined && KEYWORDS.has(use.name) && MAKERS.test(callee.text)) return "strong";
    if (use.name !== undefined && (use.name === "command" || use.name === "python_callable")) return "strong";
    return use.name === undefined && REGISTRIES.test(`.${word}`) && asAttribute(callee) ? "strong" : undefined;
  }
  if (use.kind === "assigned") {
    const target = statementOf(node).children[0]?.field("left");
    return target?.kind === "subscript" || target?.kind === "attribute"
      ? livesOn(target, loop)
        ? "proof"
        : undefined
      : target?.kind === "identifier"
        ? keptName(target, loop, facts, followed)
        : undefined;
  }
  return undefined;
}

/** `handlers[name] = …` of something that is not made anew in the turn. */
function livesOn(target: Node, loop: Node): boolean {
  const root = (target.field("value") ?? target.field("object"))?.text ?? "";
  return (
    !new RegExp(`\\b${root.split(/\W/, 1)[0]}\\s*=(?!=)`).test(loop.field("body")?.text ?? "") ||
    root.startsWith("self")
  );
}

function keptName(
  name: Node,
  loop: Node,
  facts: Facts,
  followed: ReadonlySet<string> = new Set(),
): "proof" | "strong" | undefined {
  if (followed.has(name.text) || followed.size === MOST_NAMES) return undefined;
  const names = new Set([...followed, name.text]);
  const reads = facts.readsOf(name, loop);
  for (const it of reads) {
    if (functionAround(it) !== functionAround(name)) continue;
    const how = keptWhere(it, loop, facts, names);
    if (how) return how;
  }
  return undefined;
}

function keptDef(def: FunctionDef, loop: Node, facts: Facts): "proof" | "strong" | undefined {
  if (loop.kind !== "for_statement" && loop.kind !== "while_statement") return undefined;
  for (const it of def.decorators) {
    const callee = asCall(it)?.callee ?? it;
    if (REGISTRIES.test(`.${asAttribute(callee)?.name ?? callee.text}`)) return "strong";
  }
  return keptName(def.nameNode, loop, facts);
}

/** The turn waits for it. */
function isJoined(call: Node, loop: Node): boolean {
  return /\.join\(/.test(loop.field("body")?.text ?? "") && call.ancestor("for_statement", "while_statement") === loop;
}

/** The turn in which it is made is the last one. */
function leavesAtOnce(node: Node, loop: Node): boolean {
  if (loop.kind !== "for_statement" && loop.kind !== "while_statement") return false;
  for (let at: Node | undefined = statementOf(node); at && at !== loop; at = at.parent) {
    if (at.kind !== "block") continue;
    const last = at.children.findLast((it) => it.kind !== "comment");
    if (
      last &&
      (last.kind === "break_statement" || last.kind === "return_statement" || last.kind === "raise_statement")
    )
      return true;
    if (at.parent === loop) break;
  }
  return false;
}
