/** A `unittest.TestCase` becomes a plain class for pytest: asserts, expected exceptions, and a fixture for what was set up. */

import {
  asClass,
  covers,
  defineRefactoring,
  identifierPattern,
  importModule,
  importName,
  importsInstead,
  remove,
  replace,
  translatedTestCase,
  type Edit,
  type File,
  type Node,
  type TestNames,
  type TranslatedTestCase,
} from "../analysis/authoring.js";

const TYPE = new Set(["unittest.TestCase", "unittest.case.TestCase"]);

export default defineRefactoring({
  title: "unittest.TestCase to a plain class for pytest",
  guide: "testing",
  kind: "rewrite",
  on: ["class_definition"],
  reach: "head",
  imports: ["unittest"],

  example: {
    before: `
import unittest
from queue import Queue

class ‸QueueTest(unittest.TestCase):
    def setUp(self) -> None:
        self.queue: Queue[int] = Queue(maxsize=1)

    def test_empty(self) -> None:
        self.assertTrue(self.queue.empty())
        self.assertEqual(self.queue.qsize(), 0)

    def test_negative_timeout(self) -> None:
        with self.assertRaises(ValueError) as caught:
            self.queue.get(timeout=-1)
        self.assertIn("timeout", str(caught.exception))
`,
    after: `
import pytest
from queue import Queue

class TestQueue:
    @pytest.fixture(autouse=True)
    def set_up(self) -> None:
        self.queue: Queue[int] = Queue(maxsize=1)

    def test_empty(self) -> None:
        assert self.queue.empty()
        assert self.queue.qsize() == 0

    def test_negative_timeout(self) -> None:
        with pytest.raises(ValueError) as caught:
            self.queue.get(timeout=-1)
        assert "timeout" in str(caught.value)
`,
  },

  find(node, _selection, file) {
    const { facts } = file;
    const info = facts.classInfo(node);
    const [base, more] = info?.def.bases ?? [];
    const list = node.field("superclasses");
    if (
      !info ||
      !base ||
      more ||
      !list ||
      !TYPE.has(facts.nameOf(base) ?? "") ||
      info.def.keywords.size > 0 ||
      info.def.hasSplat ||
      list.comments.length > 0 ||
      info.def.outer.parent !== node.tree.root
    )
      return undefined;
    const name = pytestName(info.name);
    if (
      facts.readsOf(info.def.nameNode).some((it) => asClass(it.parent?.parent) !== undefined) ||
      (name !== info.name && facts.isTaken(name, node))
    )
      return undefined;
    const plan = translatedTestCase(
      info,
      { pytest: "pytest", re: "re", Counter: "Counter", Iterator: "Iterator" },
      facts,
    );
    const imports = plan && importsFor(plan, info.def.outer, base, file);
    const work = imports && translatedTestCase(info, imports.names, facts);
    return work && { info, base, list, name, edits: [...imports.edits, ...work.edits] };
  },

  offer: ({ info }) => `Turn \`${info.name.slice(0, 45)}\` into a plain class for pytest`,

  doubt({ info, name, base }, { facts }) {
    const isMain = facts.readsOf(rootOf(base)).some((it) => it.parent?.text === "unittest.main");
    return [
      "The tests need pytest to run.",
      ...(isMain ? ["unittest.main() no longer finds them."] : []),
      ...(name === info.name
        ? []
        : [`pytest finds classes whose names begin with Test, so \`${info.name}\` becomes \`${name}\`.`]),
    ].join(" ");
  },

  apply({ info, list, name, edits }, { facts }) {
    const uses = name === info.name ? [] : [info.def.nameNode, ...facts.readsOf(info.def.nameNode)];
    const inText = (edit: Edit) => uses.some((it) => covers(edit.at, it));
    const told = edits.map((it) =>
      inText(it) ? { ...it, text: it.text.replace(identifierPattern(info.name, "."), name) } : it,
    );
    return {
      edits: [
        ...told,
        ...uses.filter((it) => !edits.some(({ at }) => covers(at, it))).map((it) => replace(it, name)),
        remove(list),
      ],
    };
  },
});

function pytestName(name: string): string {
  if (name.startsWith("Test")) return name;
  return `Test${name.replace(/^_+/, "").replace(/(?<=\w)(TestCase|Tests?|Case)$/, "")}`;
}

function rootOf(expression: Node): Node {
  return expression.descendants("identifier")[0]!;
}

/** pytest instead of unittest where nothing else needs unittest any more. */
function importsFor(
  { needs, edits }: TranslatedTestCase,
  near: Node,
  base: Node,
  file: File,
): { readonly names: TestNames; readonly edits: readonly Edit[] } | undefined {
  const [pytest, re, counter, iterator] = [
    needs.has("pytest") ? importModule(file, "pytest", near) : UNUSED,
    needs.has("re") ? importModule(file, "re", near) : UNUSED,
    needs.has("Counter") ? importName(file, "collections", "Counter", near) : UNUSED,
    needs.has("Iterator") ? importName(file, "collections.abc", "Iterator", near) : UNUSED,
  ];
  if (!pytest || !re || !counter || !iterator) return undefined;
  const names = { pytest: pytest.name, re: re.name, Counter: counter.name, Iterator: iterator.name };
  const isGone = (it: Node) => it.isInside(base) || edits.some(({ at }) => covers(at, it));
  return {
    names,
    edits: importsInstead(
      rootOf(base),
      isGone,
      [pytest, re, counter, iterator].flatMap((it) => it.edits),
      file.facts,
      false,
    ),
  };
}

const UNUSED = { name: "", edits: [] };
