/** `setup(name="x", version="1.0", …)` becomes a `pyproject.toml`; `setup()` stays for tools that still call the file. */

import {
  asCall,
  asFunction,
  asMethodCall,
  asWith,
  defineRefactoring,
  expressionOf,
  FIND,
  projectTable,
  README,
  remove,
  replace,
  soleAssignment,
  statementOf,
  textValue,
  unwrap,
  type Arguments,
  type Call,
  type Edit,
  type Facts,
  type Node,
  type Tree,
  type Value,
} from "../analysis/authoring.js";

export default defineRefactoring({
  title: "setup.py to pyproject.toml",
  guide: "packaging",
  kind: "extract",
  on: ["call"],
  reach: "inside",
  imports: ["setuptools"],
  createsFiles: true,

  example: {
    before: `
from setuptools import find_packages, setup

setup(
    name="text-features",
    ‸version="0.1.0",
    description="Features from short texts",
    python_requires=">=3.10",
    install_requires=["numpy>=2"],
    package_dir={"": "src"},
    packages=find_packages("src"),
)
`,
    after: `
from setuptools import setup

setup()
`,
  },

  find(node, _selection, { facts }) {
    const call = asCall(node);
    if (
      !call ||
      facts.nameOf(call.callee) !== "setuptools.setup" ||
      call.hasSplat ||
      call.args.length > 0 ||
      call.keywords.size === 0 ||
      node.parent?.parent !== node.tree.root ||
      expressionOf(node.parent) !== node
    )
      return undefined;
    const served = new Set<Node>([node.parent]);
    const given = argumentsOf(call, served, facts);
    const toml = given && projectTable(given);
    const edits = toml === undefined ? undefined : replacement(call, served, facts);
    return edits && given && toml !== undefined
      ? {
          toml,
          edits,
          name: String(given["name"]),
          hasUrl: "url" in given || "download_url" in given,
          hasLicense: "license" in given,
        }
      : undefined;
  },

  offer: ({ name }) => `Move the metadata of \`${name.slice(0, 50)}\` to pyproject.toml`,

  doubt: ({ hasUrl, hasLicense }) =>
    [
      `Building needs setuptools 77 or newer; an existing pyproject.toml has to be merged by hand. Author and address become one field${hasUrl ? ", and the home page a project URL" : ""}.`,
      ...(hasLicense ? ["The licence expression replaces licence classifiers."] : []),
    ].join(" "),

  apply: ({ toml, edits }) => ({ edits, files: [{ path: "pyproject.toml", text: toml }] }),
});

function argumentsOf(call: Call, served: Set<Node>, facts: Facts): Arguments | undefined {
  const given: Record<string, Value> = {};
  for (const [name, value] of call.keywords) {
    const read =
      name === "packages"
        ? (found(value, facts) ?? valueOf(value, served, facts))
        : name === "long_description"
          ? (readmeOf(value, served, facts) ?? valueOf(value, served, facts))
          : valueOf(value, served, facts);
    if (read === undefined) return undefined;
    given[name] = read;
  }
  return given;
}

/** A literal, or a name that stands for one all through the file. */
function valueOf(node: Node, served: Set<Node>, facts: Facts): Value | undefined {
  const inner = unwrap(node);
  const text = textValue(inner);
  if (text !== undefined) return text;
  if (inner.kind === "true" || inner.kind === "false") return inner.kind === "true";
  if (inner.kind === "list" || inner.kind === "tuple") {
    const items = inner.children.map((it) => valueOf(it, served, facts));
    return items.every((it) => it !== undefined) ? items : undefined;
  }
  if (inner.kind === "dictionary") {
    const pairs = inner.children.map(
      (it) => [textValue(it.field("key")), it.field("value") && valueOf(it.field("value")!, served, facts)] as const,
    );
    return pairs.every((it): it is readonly [string, Value] => it[0] !== undefined && it[1] !== undefined)
      ? Object.fromEntries(pairs)
      : undefined;
  }
  const source = inner.kind === "identifier" ? sourceOf(inner, served, facts) : undefined;
  return source && facts.readsOf(inner).every((it) => !isChanged(it)) ? valueOf(source, served, facts) : undefined;
}

/** `requirements.append(…)` and the like. */
function isChanged(read: Node): boolean {
  return (
    read.parent?.kind === "attribute" ||
    read.parent?.kind === "subscript" ||
    read.parent?.kind === "augmented_assignment"
  );
}

/** What a name is assigned, once, at the top level or in a `with` there. */
function sourceOf(identifier: Node, served: Set<Node>, facts: Facts): Node | undefined {
  const site = soleAssignment(identifier, facts);
  if (!site) return undefined;
  served.add(topOf(site.owner));
  return site.value;
}

function topOf(node: Node): Node {
  let top = node;
  while (top.parent?.parent) top = top.parent;
  return top;
}

function found(node: Node, facts: Facts): Value | undefined {
  const call = asCall(unwrap(node));
  const name = call && /^setuptools\.(find_(?:namespace_)?packages)$/.exec(facts.nameOf(call.callee) ?? "")?.[1];
  if (!call || name === undefined || call.hasSplat) return undefined;
  const keywords = [
    ...["where", "exclude", "include"].flatMap((it, index) =>
      call.args[index] ? [[it, call.args[index]] as const] : [],
    ),
    ...call.keywords,
  ];
  const values = keywords.map(([it, value]) => [it, valueOf(value, new Set(), facts)] as const);
  const isKnown = values.every(
    (it): it is readonly [string, Value] => it[1] !== undefined && ["where", "exclude", "include"].includes(it[0]),
  );
  return isKnown ? { [FIND]: name, ...Object.fromEntries(values) } : undefined;
}

/** `open("README.md").read()`, `Path("README.md").read_text()`, a function of the file that does so, or a name for the outcome. */
function readmeOf(node: Node, served: Set<Node>, facts: Facts): Value | undefined {
  const inner = unwrap(node);
  if (inner.kind === "identifier") {
    const source = sourceOf(inner, served, facts);
    return source && readmeOf(source, served, facts);
  }
  const call = asCall(inner);
  const reading = asMethodCall(inner, "read", "read_text");
  if (!call || call.hasSplat) return undefined;
  if (!reading) {
    const def = call.callee.kind === "identifier" ? facts.functionNamed(call.callee) : undefined;
    const [only, more] = call.args;
    if (
      !def ||
      !only ||
      more ||
      !/\.read(_text)?\(/.test(facts.bodyOf(def).text) ||
      def.outer.parent !== def.node.tree.root
    )
      return undefined;
    served.add(def.outer);
    return serveNames(def.node, served, facts) ? pathIn([only]) : undefined;
  }
  // `file.read()` in `with open(…) as file`
  const item =
    reading.object.kind === "identifier"
      ? asWith(topOf(reading.object))?.items.find((it) => it.alias?.text === reading.object.text)
      : undefined;
  const opened = item?.value ?? reading.object;
  if (item && statementOf(reading.node).parent !== asWith(topOf(reading.object))?.body) return undefined;
  return serveNames(opened, served, facts) ? pathIn([opened]) : undefined;
}

/** `here = Path(__file__).parent` goes with the code that reads by it. */
function serveNames(node: Node, served: Set<Node>, facts: Facts): boolean {
  return node.descendants("identifier").every((it) => {
    const [site, more] = facts.writesOf(it);
    if (it.fieldName === "attribute" || !site || site.kind !== "assign" || facts.bindingOf(it)?.scope.kind !== "module")
      return true;
    served.add(topOf(site.owner));
    return (
      !more &&
      site.value !== undefined &&
      /__file__/.test(site.value.text) &&
      !/parents|\.parent\.parent|\.\./.test(site.value.text)
    );
  });
}

/** The texts in it as one path; modes are none, and keywords are not looked at. */
function pathIn(nodes: readonly Node[]): Value | undefined {
  const texts = nodes
    .flatMap((it) => it.descendants("string"))
    .filter((it) => it.ancestor("keyword_argument", "call")?.kind !== "keyword_argument")
    .map((it) => textValue(it));
  const parts = texts.filter((it) => it !== "r" && it !== "rt");
  const path = parts.every((it) => it !== undefined) ? parts.join("/") : "";
  return /^[\w-]+(\/[\w.-]+)*(\.\w+)?$/.test(path) && !path.includes("..") ? { [README]: path } : undefined;
}

/** The file with nothing left in it but the call. Undefined where a statement does something else, or a comment would go. */
function replacement(call: Call, served: ReadonlySet<Node>, facts: Facts): readonly Edit[] | undefined {
  const edits: Edit[] = [];
  const isWhole = call.callee.kind === "attribute";
  const text = isWhole ? `import setuptools\n\n${call.callee.text}()` : "from setuptools import setup\n\nsetup()";
  let isFirst = true;
  for (const tree of new Set(facts.view.document.pieces.map((it): Tree => it.tree))) {
    const all = tree.root.children;
    const rest = isFirst && all[0] && expressionOf(all[0])?.kind === "string" ? all.slice(1) : all;
    isFirst &&= all.length === 0;
    const [first] = rest;
    if (!first) continue;
    if (
      !rest.every(
        (it) => /^(future_)?import_/.test(it.kind) || served.has(it) || served.has(asFunction(it)?.outer ?? it),
      ) ||
      tree.isBroken(0)
    )
      return undefined;
    if (tree.root.comments.some((it) => it.start > first.start)) return undefined;
    const isHere = tree === call.node.tree;
    edits.push(
      isHere
        ? replace({ tree, start: first.start, end: rest.at(-1)!.end }, text)
        : remove({ tree, start: first.start, end: tree.text.length }),
    );
  }
  return edits;
}
