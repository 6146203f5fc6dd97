/** Whether a collection holds an item at a place, judged where `items[0]` is read or `items.pop(0)` is called in a function. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { AnalysisState } from "../../analysis/engine/state.js";
import { holdsItems } from "../../analysis/rewrite/never-empty.js";
import { openDocument } from "../../analysis/semantics/document.js";
import { parser } from "../harness/check.js";

/** Of the last place in the body. */
async function holds(body: string, isPrivate: boolean): Promise<boolean> {
  const document = openDocument(
    `def job(items: list[int], other: list[int], use):\n${body.replace(/^/gm, "    ")}\n`,
    await parser(),
  );
  const { facts } = new AnalysisState(document, { python: "3.10", isTest: false, isNotebook: false }).file();
  const nodes = document.pieces.flatMap(({ tree }) => tree.root.descendants("subscript", "call"));
  const place = nodes.findLast((node) => /^items(\[0\]|\.pop\(0\))$/.test(node.text))!;
  return holdsItems(place.descendants("identifier")[0]!, place, isPrivate, facts);
}

describe("a collection that holds an item", () => {
  for (const body of [
    "if items:\n    return items[0]",
    "if use and len(items) > 0:\n    return items[0]",
    "if not items:\n    return None\nprint(1)\nreturn items[0]",
    "if not items or use is None:\n    return None\nreturn items[0]",
    "while items:\n    print(items.pop(0))",
    "return items[0] if items else None",
    "return items and items[0]",
    "return [items[0] for it in other if items]",
    "for _ in range(len(items)):\n    items.pop(0)",
    "while items:\n    items.append(1)\n    items += other\n    items.pop(0)",
  ]) {
    it(`does: ${body.replaceAll("\n", " ¶ ")}`, async () => assert.equal(await holds(body, false), true));
  }

  for (const body of [
    "return items[0]",
    "if items or use:\n    return items[0]",
    "if len(items) >= 0:\n    return items[0]",
    "if items:\n    pass\nelse:\n    return items[0]",
    "if items:\n    items.pop()\n    return items[0]",
    "if items:\n    items = other\n    return items[0]",
    "if items:\n    return lambda: items[0]",
    "if items:\n    return (items[0] for _ in other)",
    "if items and items.pop() > 1:\n    return items[0]",
    "if not items:\n    print(1)\nreturn items[0]",
    "while items:\n    for _ in other:\n        items.pop(0)",
    "while items:\n    print(items[0] if items.pop() else items[0])",
    "for _ in range(len(items)):\n    items.pop()\n    items.pop(0)",
    "for _ in range(len(items)):\n    for _ in other:\n        items.pop(0)",
    "if not items:\n    return\nwhile True:\n    items.pop(0)",
  ]) {
    it(`may not: ${body.replaceAll("\n", " ¶ ")}`, async () => assert.equal(await holds(body, true), false));
  }

  for (const body of [
    "if items:\n    use()\n    return items[0]",
    "if items:\n    yield 1\n    return items[0]",
    "if items:\n    other.clear()\n    return items[0]",
    "if items:\n    del other[0]\n    return items[0]",
  ]) {
    it(`only does where nobody else holds it: ${body.replaceAll("\n", " ¶ ")}`, async () => {
      assert.equal(await holds(body, false), false);
      assert.equal(await holds(body, true), true);
    });
  }
});
