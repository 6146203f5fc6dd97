/** `self.name` is read, and nothing in the class, its bases or the file ever sets it. */

import {
  asAttribute,
  asCall,
  asFunction,
  asTry,
  callsUnder,
  classQuestion,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  isBoundInBody,
  isStored,
  knownMembers,
  nearest,
  replace,
  statementsOf,
  textValue,
  type ClassInfo,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Missing extends Match {
  readonly at: Node;
  readonly name: string;
  readonly info: ClassInfo;
  readonly isMade: boolean;
  readonly near: string | undefined;
  readonly reads: readonly Node[];
}

/** The name that is meant. One that differs by a whole word is another thing: `create_user` for `fetch_user`. */
function misspelt(name: string, names: readonly string[]): string | undefined {
  const words = name.split("_");
  const alike = names.filter((it) => {
    const others = it.split("_");
    return (
      others.length !== words.length ||
      words.every((word, index) => word === others[index] || nearest(word, [others[index]!]) !== undefined)
    );
  });
  return nearest(name, alike);
}

export default defineRule({
  title: "Attribute that nothing ever sets",
  why: "Reading an attribute that neither the class nor one of its bases sets raises AttributeError, but only when that line runs: a misspelt name or a forgotten assignment may wait there for a long time.",
  guide: "object-model",
  level: "warning",
  gain: "safety",
  fixes: "review",

  examples: [
    {
      before: `
class Scorer:
    def __init__(self, hits: int, total: int) -> None:
        self.hits = hits
        self.total = total

    def accuracy(self) -> float:
        return self.hits / self.totals

print(Scorer(3, 4).hits)
`,
      after: `
class Scorer:
    def __init__(self, hits: int, total: int) -> None:
        self.hits = hits
        self.total = total

    def accuracy(self) -> float:
        return self.hits / self.total

print(Scorer(3, 4).hits)
`,
    },
  ],

  on: ["function_definition"],
  words: ["self"],

  find(node, { facts }): readonly Missing[] | undefined {
    // Classes of Python are rarely written with another name, and functions of modules are turned away here.
    if (node.field("parameters")?.firstChild?.text !== "self") return undefined;
    const def = asFunction(node);
    const name = def && facts.classNameOf(def.outer);
    if (!def || name === undefined || !mayBeTold(name, facts)) return undefined;
    const info = facts.classOf(def.outer);
    if (!info || info.isDynamic || info.def.keywords.size > 0) return undefined;
    const method = info.methodOf(node);
    if (method?.kind !== "instance" && method?.kind !== "property") return undefined;
    const known = knownMembers(info, facts);
    if (!known) return undefined;
    const missing = missingReads(def, info, known, facts);
    if (missing.size === 0 || registersByRule(info, facts)) return undefined;
    // Called by its bare name, in the body of the class, it may be given any object.
    if (facts.usesOf(def.nameNode).some((it) => it.kind === "call")) return undefined;
    // Which of several classes of one name is made somewhere is not told apart.
    if ((facts.bindingOf(info.def.nameNode)?.sites.length ?? 0) > 1) return undefined;
    const uses = facts.readsOf(info.def.nameNode);
    if (uses.some(isBase) || uses.some((it) => it.ancestor("decorator"))) return undefined;
    const isMade = uses.some((it) => asCall(it.parent)?.callee === it);
    const evidence = evidenceFor(info, isMade, facts);
    if (!evidence) return undefined;
    const names = [...known].filter((it) => !/^__/.test(it));
    return [...missing].map(([name, reads]): Missing => {
      const [at] = reads;
      const near = evidence === "fair" ? undefined : misspelt(name, names);
      return {
        at: at!,
        evidence,
        weight: facts.isTest ? "light" : isMade ? "heavy" : "unknown",
        name,
        info,
        isMade,
        near,
        reads,
        related: reads.slice(1, 6).map((it) => ({ at: it, message: "Read here too." })),
      };
    });
  },

  message({ at, info, near, isMade }) {
    const text = `\`${excerpt(at.text, 40)}\` is read, but nothing sets it in \`${excerpt(info.name, 30)}\`${info.def.bases.length > 0 ? " or its bases" : ""}`;
    if (near !== undefined) return `${text}; \`${excerpt(near, 30)}\` may be meant.`;
    return isMade ? `${text}: that is an AttributeError.` : `${text}, unless another file does.`;
  },

  fix({ near, reads, name }) {
    if (near === undefined) return declined("nothing tells what it should hold");
    return fixOf(
      `Use ${excerpt(near, 40)}`,
      [`check that \`${excerpt(near, 30)}\` is what \`${excerpt(name, 30)}\` should be`],
      reads.map((it) => replace(asAttribute(it)!.nameNode, near)),
    );
  },
});

/** The class is made in this file, or may be a module of PyTorch: of no other is anything said, and to look at a class costs most. */
function mayBeTold(name: string, facts: Facts): boolean {
  return facts.view.imports("torch") || facts.view.isCalled(name);
}

/** `self.add_module("block%d" % number, …)`: under which names parts are registered is worked out while it runs. */
const registersByRule = classQuestion((info, facts) =>
  [info, ...facts.basesOf(info)].some(
    (it) =>
      typeof it === "object" &&
      it.methods.some(({ def }) =>
        callsUnder(facts.bodyOf(def)).some(
          ({ callee, args: [name] }) => REGISTERS.test(callee.text) && name && textValue(name) === undefined,
        ),
      ),
  ),
);
const REGISTERS = /^self\.(?:add_module|register_(?:module|buffer|parameter))$/;

const DUNDER = /^__\w*__$/;

/** By name, in source order: what the method is the first to read. */
function missingReads(
  def: FunctionDef,
  info: ClassInfo,
  known: ReadonlySet<string>,
  facts: Facts,
): ReadonlyMap<string, readonly Node[]> {
  const missing = new Map<string, Node[]>();
  for (const it of ownReads(def)) {
    const { name, object } = asAttribute(it)!;
    if (known.has(name) || DUNDER.test(name) || !isOwn(object, def, facts) || isExpected(it)) continue;
    const reads = missing.get(name);
    if (reads) reads.push(it);
    else if (isMissing(name, def, info, facts)) missing.set(name, [it]);
  }
  return missing;
}

/** `self.name` where it is read, `self.name += 1` included. */
function ownReads({ body }: FunctionDef): readonly Node[] {
  return body.descendants("attribute").filter((it) => {
    const attribute = asAttribute(it);
    if (attribute?.object.kind !== "identifier" || attribute.object.text !== "self") return false;
    return it.parent?.kind === "augmented_assignment" || !(isStored(it) || it.parent?.kind === "delete_statement");
  });
}

function isMissing(name: string, def: FunctionDef, info: ClassInfo, facts: Facts): boolean {
  if (facts.foreignStores().has(name) || isBoundInBody(name, info, facts)) return false;
  if (facts.basesOf(info).some((it) => typeof it === "object" && isBoundInBody(name, it, facts))) return false;
  return info.methods.every((it) => {
    const body = facts.bodyOf(it.def);
    // `hasattr(self, "name")`, a list of names that are set elsewhere.
    if (body.text.includes(`"${name}"`) || body.text.includes(`'${name}'`)) return false;
    // Said once, at the first read.
    return !isAbove(it.def, def, info) || !ownReads(it.def).some((read) => asAttribute(read)?.name === name);
  });
}

function isAbove(one: FunctionDef, other: FunctionDef, { methods }: ClassInfo): boolean {
  const at = (def: FunctionDef) => methods.findIndex((it) => it.def.node === def.node);
  return at(one) < at(other);
}

/** The name is the method's own first parameter there, and stays so. */
function isOwn(object: Node, def: FunctionDef, facts: Facts): boolean {
  const [site, more] = facts.writesOf(object);
  return site?.kind === "parameter" && !more && site.name === def.parameters[0]?.nameNode;
}

/** `try: … except AttributeError:`. */
function isExpected(read: Node): boolean {
  for (let it = read.ancestor("try_statement"); it; it = it.ancestor("try_statement")) {
    const parts = asTry(it);
    if (
      parts &&
      read.isInside(parts.body) &&
      parts.handlers.some((handler) => /^except(\s*:|.*AttributeError\b)/.test(handler.node.text))
    )
      return true;
  }
  return false;
}

function isBase(read: Node): boolean {
  return read.ancestor("argument_list")?.parent?.kind === "class_definition";
}

/** What others are meant to complete. */
const PARTIAL = /^_|Base|Abstract|Mixin|MixIn|Interface|Protocol|Generic|Common|Check|Template|Helper/;
function evidenceFor(info: ClassInfo, isMade: boolean, facts: Facts): Evidence | undefined {
  const has = (name: string) => info.definesMethod(name);
  const isOpen = facts.fileMatches(/\bsetattr\s*\(/) || info.methods.some((it) => isLeftOpen(it.def, facts));
  if (isMade) return isOpen ? "fair" : "proof";
  if (isOpen || facts.isTest || !has("__init__") || PARTIAL.test(info.name)) return undefined;
  // A plain class that is made elsewhere is as often a base that other files complete; a module with a forward of its own is not.
  const bases = facts.basesOf(info);
  return bases.includes("torch.nn.Module") && !bases.includes("abc.ABC") && has("forward") ? "strong" : undefined;
}

/** `raise NotImplementedError`, `...`: a subclass is expected, which may set what is missing too. */
function isLeftOpen(def: FunctionDef, facts: Facts): boolean {
  const last = statementsOf(facts.bodyOf(def)).at(-1);
  return (
    last !== undefined &&
    (/^raise\s+NotImplementedError\b/.test(last.text) ||
      def.decorators.some((it) => it.text.includes("abstract")) ||
      (asFunction(functionAround(last))?.name !== "__init__" &&
        (last.kind === "pass_statement" || last.text === "...")))
  );
}
