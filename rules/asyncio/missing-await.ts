/** A coroutine that is made and thrown away: `save(row)` where `await save(row)` was meant. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asWith,
  declined,
  defineRule,
  functionAround,
  insertAfter,
  insertBefore,
  mayGiveCoroutine,
  neverRuns,
  statementOf,
  useOf,
  wrapped,
  type Call,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Coroutine that is never awaited",
  why: "Calling an async def function only creates a coroutine; its body runs when the coroutine is awaited or made into a task. The bare call does nothing, and at best Python warns when the object is discarded.",
  guide: "concurrency-pitfalls",
  level: "error",
  gain: "safety",
  fixes: "review",

  examples: [
    {
      before: `
import asyncio

async def save(row: str) -> None:
    await asyncio.sleep(0.1)

async def main() -> None:
    save("first")
`,
      after: `
import asyncio

async def save(row: str) -> None:
    await asyncio.sleep(0.1)

async def main() -> None:
    await save("first")
`,
    },
  ],

  on: ["call"],
  // An `async def` of the file, or what the libraries that give coroutines are called.
  words: ["async", "aiohttp", "Async"],

  find(node, { facts }, call) {
    if (!mayMakeCoroutine(call.callee, facts)) return undefined;
    const isDropped = wrapped(node).parent?.kind === "expression_statement";
    if (!isDropped && (facts.isTest || !(isTakenForResult(node, facts) || isKeptForResult(node, facts))))
      return undefined;
    if (
      facts.typeOf(node)?.name !== "coroutine" ||
      mayBeAnother(call, facts) ||
      isMeantToFail(statementOf(node)) ||
      neverRuns(node)
    )
      return undefined;
    return {
      at: asAttribute(call.callee)?.nameNode ?? call.callee,
      evidence: "proof",
      weight: "heavy",
      call,
      isDropped,
    };
  },

  message({ call, isDropped }) {
    const { text } = call.callee;
    if (!isDropped)
      return `\`${text.length <= 60 && !text.includes("\n") ? `${text}()` : "This call"}\` gives a coroutine, and it is used here as if it were the result; await it first.`;
    return text.length <= 60 && !text.includes("\n")
      ? `\`${text}()\` only creates a coroutine here; nothing runs until it is awaited.`
      : "This call only creates a coroutine; nothing runs until it is awaited.";
  },

  fix({ call }) {
    const around = functionAround(call.node);
    if (!around?.hasToken("async") || call.node.ancestor("function_definition", "class_definition") !== around)
      return declined("await only works in an async function, and this code is not in one");
    return {
      title: "Add await",
      doubts: ["the coroutine now runs, and this function waits for it"],
      edits:
        NEEDS_ATOM.has(wrapped(call.node).parent?.kind ?? "") && wrapped(call.node) === call.node
          ? [insertBefore(call.node, "(await "), insertAfter(call.node, ")")]
          : [insertBefore(call.node, "await ")],
    };
  },
});

const NEEDS_ATOM = new Set(["attribute", "subscript"]);

/** Asked for what no coroutine has, gone through, unpacked, counted with, or tested, which is always true. */
function isTakenForResult(node: Node, facts: Facts): boolean {
  const use = useOf(node);
  switch (use.kind) {
    case "method":
    case "attribute":
      return !/^(close|send|throw|cr_\w+|__\w+__)$/.test(use.name ?? "");
    case "subscript":
    case "iterated":
    case "formatted":
    case "starred":
    case "membership":
      return true;
    case "assigned":
      return UNPACKED.has(asAssignment(use.in)?.targets[0]?.kind ?? "");
    case "argument":
      return TAKES_RESULTS.test(facts.nameOf(asCall(use.call)!.callee) ?? "");
    // The condition of `a if it() else b`.
    case "operand":
      return (
        use.in.kind === "binary_operator" ||
        (use.in.kind === "conditional_expression" && use.in.children[1] === wrapped(node))
      );
    case "compared":
    case "tested": {
      const { parent, fieldName } = wrapped(node);
      // `await (known or fetch())` waits for it all the same.
      return (
        fieldName === "condition" ||
        ["not_operator", "assert_statement"].includes(parent?.kind ?? "") ||
        (parent?.kind === "comparison_operator" && !/\bis\b/.test(parent.text))
      );
    }
    default:
      return false;
  }
}

const UNPACKED: ReadonlySet<string> = new Set(["pattern_list", "tuple_pattern", "list_pattern"]);
const TAKES_RESULTS =
  /^builtins\.(len|list|tuple|set|frozenset|dict|sorted|sum|min|max|any|all|int|float|round|abs|enumerate|zip|reversed|iter|next)$|^json\.(dumps?|loads)$/;

const LOGS = /^(?:self\.)?_?log(?:ger|ging)?\.\w+$/i;

/** Asks what it is, or shows it: says nothing of whether it is waited for elsewhere. */
function isLookedAt(node: Node, facts: Facts): boolean {
  const use = useOf(node);
  if (use.kind === "compared") return true;
  const call = use.kind === "argument" ? asCall(use.call) : undefined;
  if (!call) return false;
  const name = facts.nameOf(call.callee);
  if (name === "builtins.isinstance")
    return call.args[0] === wrapped(node) && !/corout|await|future|task/i.test(call.args[1]?.text ?? "");
  return name === "builtins.print" || name === "builtins.type" || LOGS.test(call.callee.text);
}

/** Given a local name that is only ever taken for the result: nothing awaits it later. */
function isKeptForResult(node: Node, facts: Facts): boolean {
  const assignment = asAssignment(wrapped(node).parent);
  const [name, more] = assignment?.targets ?? [];
  if (name?.kind !== "identifier" || more || facts.scopeOf(name).kind !== "function") return false;
  const reads = facts.readsSeeing(name);
  return (
    !facts.isRemote(name) &&
    reads.some((it) => isTakenForResult(it, facts)) &&
    reads.every((it) => isTakenForResult(it, facts) || isLookedAt(it, facts))
  );
}

/** Asked first, as most calls are plain ones: by what is called, which may be imported or known under another name. */
function mayMakeCoroutine(callee: Node, facts: Facts): boolean {
  const name = asAttribute(callee)?.name ?? callee.text;
  if (facts.view.asyncNames().has(name) || mayGiveCoroutine(name)) return true;
  return (
    callee.kind === "identifier" &&
    facts.writesOf(callee).some((it) => it.imported !== undefined || it.kind === "assign")
  );
}

/** A method that is replaced on the instance, or whose class is changed by a decorator or metaclass, may be a plain function after all. */
function mayBeAnother(call: Call, facts: Facts): boolean {
  const attribute = asAttribute(call.callee);
  const receiver = attribute && facts.typeOf(attribute.object)?.name;
  if (!attribute || !receiver?.startsWith("local.")) return false;
  const info = facts.classNamed(receiver.slice("local.".length));
  if (!info) return true;
  const isReplaced = [...info.writes, ...info.attributes].some((it) => it.name === attribute.name);
  return (
    isReplaced ||
    info.def.keywords.size > 0 ||
    info.def.hasSplat ||
    info.def.decorators.some(
      (it) => !/^(dataclasses\.)?dataclass\b|^(typing\.)?(final|runtime_checkable)$/.test(it.text),
    )
  );
}

/** `with pytest.raises(TypeError): save()` tests the call itself. */
function isMeantToFail(statement: Node): boolean {
  for (
    let block = statement.ancestor("with_statement", "function_definition");
    block?.kind === "with_statement";
    block = block.ancestor("with_statement", "function_definition")
  ) {
    if (
      asWith(block)?.items.some((it) =>
        /\b(raises|warns|assertRaises\w*|assertWarns\w*|\w+_warnings)\b/.test(it.value.text),
      )
    )
      return true;
  }
  return false;
}
