/** Nothing that stands in the code of a stranger becomes a link, an image, a heading or HTML in what an editor shows, or a line of its own in what it lists. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import type { Diagnostic } from "vscode-languageserver";
import { inMarkdown, sentence } from "../../analysis/text/sentence.js";
import { constructs } from "../../guide/constructs/index.generated.js";
import { refactorings } from "../../refactorings/index.generated.js";
import { rules } from "../../rules/index.generated.js";
import { FULL, startClient, type Client } from "../harness/lsp.js";
import { random } from "../harness/random.js";
import { withNames, withTexts } from "./poison.js";
import { foreign, PAYLOADS, PLAIN_LINE } from "./shown-text.js";

describe("code of strangers in what an editor shows", () => {
  let client: Client;
  let uris = 0;
  before(async () => {
    client = await startClient({
      capabilities: {
        ...FULL,
        textDocument: { ...FULL.textDocument, completion: { completionItem: { snippetSupport: true } } },
      },
    });
  });
  after(() => client.stop());

  let reached = 0;
  const isPlain = (text: string, where: string) => {
    assert.match(text, PLAIN_LINE, where);
    if (text.includes("evil")) reached++;
  };
  /** Everything that the server says of a text. */
  const asked = async (code: string, what: string) => {
    const offsets = [...code.matchAll(/‸/g)].map((it, index) => it.index - index);
    const uri = `file:///hostile/m${uris++}.py`;
    const text = code.replaceAll("‸", "");
    await client.open(uri, text);
    const found: readonly Diagnostic[] = await client.diagnostics(uri);
    for (const { message, relatedInformation = [] } of found)
      for (const it of [
        `${typeof message === "string" ? message : message.value}`,
        ...relatedInformation.map((related) => related.message),
      ])
        isPlain(it, what);
    const lines = text.split("\n");
    const places = found.map((it) => it.range.start);
    for (const offset of offsets) {
      const above = text.slice(0, offset).split("\n");
      places.push({ line: above.length - 1, character: above.at(-1)!.length });
    }
    for (const place of places) {
      const shown = (await client.hover(uri, place)) ?? "";
      assert.deepEqual(foreign(shown), [], `${what}, hover: ${shown.slice(0, 600)}`);
      if (shown.includes("evil")) reached++;
    }
    const everything = { start: { line: 0, character: 0 }, end: { line: lines.length, character: 0 } };
    for (const range of [everything, ...places.slice(0, 1).map((it) => ({ start: it, end: it }))])
      for (const action of await client.actions(uri, range)) {
        isPlain(action.title, what);
        const { edit } = await client.resolve(action).catch(() => ({ edit: undefined }));
        for (const it of Object.values(edit?.changeAnnotations ?? {}))
          for (const said of [it.label, it.description ?? ""]) isPlain(said, what);
      }
    const items = await client.connection.sendRequest<unknown>("textDocument/completion", {
      textDocument: { uri },
      position: places[0] ?? { line: 0, character: 0 },
    });
    assert.ok(!JSON.stringify(items ?? null).includes("evil"), `${what}: a completion holds text of the program`);
    await client.close(uri);
  };

  const tables: Readonly<Record<string, readonly (readonly [name: string, code: string])[]>> = {
    rules: rules
      .filter((it) => it.document === "python")
      .flatMap((rule) => rule.examples.map((it) => [rule.name, it.before] as const)),
    constructs: constructs.map((it) => [it.name, it.example] as const),
    refactorings: refactorings.map((it) => [it.name, `${it.example.before}`] as const),
  };
  for (const [kind, examples] of Object.entries(tables))
    it(`is nothing but text, whatever the examples of ${kind} are made of`, async () => {
      const before = reached;
      const { pick } = random(14);
      for (const [name, code] of examples) {
        await asked(withTexts(code, pick(PAYLOADS)), `texts of ${name}`);
        await asked(withNames(code, pick(["__evil__", "_evil_", `_evil${"e".repeat(5_000)}`])), `names of ${name}`);
      }
      assert.ok(reached > before + 8, `${reached - before} texts of the program were shown`);
    });

  it("is nothing but text in the hovers that show most of it", async () => {
    const before = reached;
    for (const [index, payload] of PAYLOADS.entries()) {
      const text = `'''${payload.replaceAll("\\", "/")}'''`;
      for (const code of [
        `from typing import TypeVar\n\nT = ‸TypeVar('T', bound=${text})\n`,
        `from typing import TypeVar\n\nT = ‸TypeVar(${text}, int, ${text})\n`,
        `from collections import deque\n\nq = ‸deque([], maxlen=f(${text}))\n`,
        `from collections.abc import Callable\n\ndef run(job: ‸Callable[[${text}], ${text}]) -> None: ...\n`,
        `import re\n\nre.compile(‸r${text})\n`,
        `def f(x):\n    if ‸isinstance(x, (a[${text}], b)):\n        pass\n`,
      ])
        await asked(code, `payload ${index} in ${code.slice(0, 60)}`);
    }
    assert.ok(reached > before + 5, `${reached - before} texts of the program were shown`);
  });
});

describe("sentences about code", () => {
  it("are one line of bounded length, and as Markdown nothing but text and code", () => {
    const { below, pick } = random(14);
    const bits = [
      ...PAYLOADS.slice(0, 5),
      "`",
      "``",
      "```",
      "\n\n",
      "# ",
      "- ",
      "1. ",
      "> ",
      "    ",
      "[a](b)",
      "![",
      "](",
      ")",
      "<b>",
      "\\",
      "word",
      "*",
      "_",
      "|",
      "\ud800",
    ];
    for (let round = 0; round < 3_000; round++) {
      const text = Array.from({ length: 1 + below(8) }, () => pick(bits)).join("");
      const plain = sentence(text);
      assert.match(plain, /^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]{0,1000}$/u);
      const shown = inMarkdown(text);
      assert.deepEqual(foreign(shown), [], shown);
      assert.doesNotMatch(
        shown.replace(/\\[^]|(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, "·"),
        /https?:\/\/|www\.|@/,
        "an address outside of code",
      );
    }
  });

  it("leave what rules and constructs write as it is", () => {
    for (const text of [
      "`rows` is a list; use a set.",
      "Matches ``` `` a`b `` ```, and more.",
      '3.5 times as fast (read-only) at 50 %: `a["b"]`',
    ]) {
      assert.equal(sentence(text), text);
      assert.equal(inMarkdown(text), text);
    }
    assert.equal(inMarkdown("Add __slots__ to `a`b`"), "Add \\_\\_slots\\_\\_ to `a`b\\`");
  });
});
