/** textDocument/completion: snippets where they fit, with what they insert as documentation, and nowhere else. */

import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import type { ClientCapabilities, CompletionItem } from "vscode-languageserver";
import { FULL, PLAIN, startClient, type Client } from "../harness/lsp.js";
import { placeIn } from "../harness/places.js";
import { FILE } from "./samples.js";

const EXPANDING: ClientCapabilities = {
  ...FULL,
  textDocument: {
    ...FULL.textDocument,
    completion: {
      completionItem: {
        snippetSupport: true,
        documentationFormat: ["markdown"],
        resolveSupport: { properties: ["documentation"] },
      },
    },
  },
};

describe("server: completion of snippets", () => {
  let client: Client;
  afterEach(() => client.stop());

  const start = async (settings?: unknown, capabilities = EXPANDING) => {
    client = await startClient({ capabilities, settings });
  };
  const at = async (
    marked: string,
    context?: { triggerKind: number; triggerCharacter: string },
  ): Promise<readonly CompletionItem[]> => {
    const { text, selection } = placeIn(marked);
    await client.open(FILE, text);
    const before = text.slice(0, selection.start).split("\n");
    const position = { line: before.length - 1, character: before.at(-1)!.length };
    return client.connection.sendRequest<CompletionItem[]>("textDocument/completion", {
      textDocument: { uri: FILE },
      position,
      ...(context && { context }),
    });
  };
  const names = (items: readonly CompletionItem[]) => items.map((it) => it.label);

  it("offers what begins like the word, replaces the word, and shows what it inserts when looked at", async () => {
    await start();
    const items = await at("import os\n\ndec‸\n");
    const item = items.find((it) => it.label === "dec-timing") ?? assert.fail(`no dec-timing among ${names(items)}`);
    assert.ok(names(items).every((it) => it.startsWith("d")));
    assert.equal(item.kind, 15);
    assert.equal(item.insertTextFormat, 2);
    assert.deepEqual((item.textEdit as { range: unknown }).range, {
      start: { line: 2, character: 0 },
      end: { line: 2, character: 3 },
    });
    assert.equal(item.documentation, undefined);
    const { documentation } = await client.connection.sendRequest<{ documentation: { kind: string; value: string } }>(
      "completionItem/resolve",
      item,
    );
    assert.equal(documentation.kind, "markdown");
    assert.match(documentation.value, /```python\n[^]*perf_counter[^]*```\n\n\[.+\]\(.+guide\/\d-[\w-]+\.md\)$/);
    assert.doesNotMatch(documentation.value, /\$\{?\d/);
  });

  it("reads a hyphen as part of the name", async () => {
    await start();
    const items = await at("dec-ti‸\n");
    assert.deepEqual(names(items), ["dec-timing"]);
    assert.deepEqual((items[0]!.textEdit as { range: unknown }).range, {
      start: { line: 0, character: 0 },
      end: { line: 0, character: 6 },
    });
    assert.deepEqual(names(await at("total = amount -‸\n", { triggerKind: 2, triggerCharacter: "-" })), []);
  });

  const places: readonly (readonly [
    what: string,
    code: string,
    offered: readonly string[],
    absent: readonly string[],
  ])[] = [
    ["at the top of a module", "‸", ["cm-func", "pat-strategy", "gen-func"], ["gen-expr"]],
    ["in a function", "def f():\n    x = 1\n    ‸\n", ["cm-open"], ["gen-expr"]],
    [
      "in a class body",
      "class A:\n    size = 1\n\n    ‸\n",
      [],
      ["cm-open", "cm-func", "pat-strategy", "gen-func", "gen-expr"],
    ],
    ["in a method", "class A:\n    def f(self):\n        ‸\n", ["cm-open"], ["pat-strategy"]],
    ["in an expression", "total = sum(‸)\n", ["gen-expr"], ["cm-open", "pat-strategy"]],
    ["behind a dot", "import os\nos.‸\n", [], ["gen-expr", "cm-open"]],
    ["in a string", "name = 'a‸'\n", [], ["gen-expr", "cm-open"]],
    ["in a comment", "# cm‸\n", [], ["gen-expr", "cm-open"]],
    ["where a name is declared", "def c‸\n", [], ["cm-open", "gen-expr"]],
    ["in an import", "import c‸\n", [], ["cm-open", "gen-expr"]],
  ];
  for (const [what, code, offered, absent] of places) {
    it(`knows what fits ${what}`, async () => {
      await start();
      const found = names(await at(code));
      assert.deepEqual(
        offered.filter((it) => !found.includes(it)),
        [],
        "offered",
      );
      assert.deepEqual(
        absent.filter((it) => found.includes(it)),
        [],
        "absent",
      );
    });
  }

  it("inserts what the project's Python understands", async () => {
    for (const [python, wanted] of [
      ["3.10", /islice/],
      ["3.12", /itertools import batched|itertools\.batched/],
    ] as const) {
      if (python === "3.12") await client.stop();
      await start({ python });
      const item = (await at("gen-batched‸\n"))[0];
      assert.match((item?.textEdit as { newText: string } | undefined)?.newText ?? "", wanted);
    }
  });

  it("can be switched off, and is not offered to clients that expand no snippets", async () => {
    await start({ snippets: { complete: false } });
    assert.deepEqual(await at("dec‸\n"), []);
    await client.stop();
    await start(undefined, PLAIN);
    assert.equal(client.initialized.capabilities.completionProvider, undefined);
  });
});
