/** A `with` block that holds nothing but another one. */

import {
  asWith,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  indentOf,
  onlyStatement,
  replace,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "With block directly inside another",
  why: "One with statement takes several managers, enters them from left to right and leaves them in the opposite order, just as the nested form does, with one level of indentation less.",
  guide: "context-managers",
  level: "hint",
  gain: "clarity",
  overlaps: ["SIM117"],
  leftToRuff: true,
  unlike: "tests are left alone, and three and more are told without a fix",
  fixes: "safe",

  examples: [
    {
      before: `
def copy(source: str, target: str) -> None:
    with open(source) as old:
        with open(target, "w") as new:
            new.write(old.read())
`,
      after: `
def copy(source: str, target: str) -> None:
    with open(source) as old, open(target, "w") as new:
        new.write(old.read())
`,
    },
  ],

  on: ["with_statement"],

  find(node, { facts }, block) {
    const inner = innerOf(node);
    if (!inner || facts.isTest) return undefined;
    // Said at the outermost of several.
    const outer = node.parent?.parent;
    if (outer?.kind === "with_statement" && innerOf(outer) === node) return undefined;
    return {
      at: { tree: node.tree, start: node.start, end: node.start + (block.isAsync ? 10 : 4) },
      evidence: "proof",
      weight: "light",
      node,
      inner,
    };
  },

  message: ({ inner }) =>
    `This block holds nothing but \`${excerpt(inner.text.split("\n")[0]!, 50)}\`; one \`with\` takes the managers of both.`,

  fix({ node, inner }, { facts }) {
    const [first, second] = [asWith(node)!, asWith(inner)!];
    if (innerOf(inner)) return declined("there are more than two of them");
    const { tree } = node;
    const head = { tree, start: node.start, end: second.body.start };
    if (tree.commentsIn(head).length > 0 || hasComments(first.items[0]!.value))
      return declined("a comment stands between them");
    const firstHead = tree.text.slice(node.start, inner.start);
    const colon = firstHead.lastIndexOf(":");
    const keyword = second.isAsync ? /^async\s+with\s+/ : /^with\s+/;
    const added = tree.text.slice(inner.start, second.body.start).replace(keyword, "");
    const own = firstHead.slice(0, colon);
    if (/\n|\\/.test(own) || /^\(/.test(own.replace(/^(?:async\s+)?with\s+/, "")) || /^\(/.test(added))
      return declined("one of them is in parentheses or over several lines");
    const single = added.slice(0, added.lastIndexOf(":"));
    if (/\n/.test(single)) return declined("one of them stands over several lines");
    const line = `${own}, ${single}:`;
    if (indentOf(node).length + line.length > facts.lineLength) return declined("the line would be too long");
    const unit = indentOf(inner).slice(indentOf(node).length);
    const steps = [indentOf(node), indentOf(inner), indentOf(second.body.children[0]!)];
    if (steps.some((it, index) => it !== steps[0]! + unit.repeat(index)) || !isEven(second.body))
      return declined("the lines are not indented by the same step");
    const dedented = dedent(second.body, unit.length);
    if (!dedented) return declined("a string in the block reaches over lines");
    return fixOf(
      "One with statement",
      [],
      [replace({ tree, start: node.start, end: second.body.start }, `${line}\n${indentOf(inner)}`), ...dedented],
    );
  },
});

/** The block inside, where it is all there is and of the same kind. */
function innerOf(node: Node): Node | undefined {
  const block = asWith(node);
  const inner = block && onlyStatement(block.body);
  return inner?.kind === "with_statement" && asWith(inner)!.isAsync === block!.isAsync ? inner : undefined;
}

/** Its lines are indented by spaces alone, or by tabs alone. */
const isEven = (body: Node): boolean => !/^(?:\t+ | +\t)/m.test(`${indentOf(body.children[0]!)}${body.text}`);

/** Takes one level of indentation from all lines but the first; nothing of the text inside strings is touched. */
function dedent(body: Node, width: number) {
  const { tree } = body;
  if (body.descendants("string").some((it) => it.text.includes("\n"))) return undefined;
  const edits = [];
  const pattern = /\n([ \t]+)(?=\S)/g;
  const { text } = tree;
  pattern.lastIndex = body.start;
  for (let match = pattern.exec(text); match && match.index < body.end; match = pattern.exec(text)) {
    const start = match.index + 1;
    edits.push(replace({ tree, start, end: start + Math.min(width, match[1]!.length) }, ""));
  }
  return edits;
}
