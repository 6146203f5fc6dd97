/** textDocument/hover: a finding is explained where it stands, and a rule where a comment names it. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { PLAIN, startClient, type Client } from "../harness/lsp.js";
import { rules } from "../../rules/index.generated.js";
import { FILE, ITERROWS, ITERROWS_BROKEN, WALL_CLOCK } from "./samples.js";

describe("server: hover", () => {
  let client: Client;
  beforeEach(async () => {
    client = await startClient();
  });
  afterEach(() => client.stop());
  const at = (stretch: string) => client.rangeOf(FILE, stretch).start;

  it("shows a short note on a finding, and the finding's range", async () => {
    await client.open(FILE, ITERROWS);
    const answer = await client.connection.sendRequest<{ contents: { kind: string; value: string }; range: unknown }>(
      "textDocument/hover",
      {
        textDocument: { uri: FILE },
        position: at("iterrows"),
      },
    );
    assert.equal(answer.contents.kind, "markdown");
    assert.match(answer.contents.value, /builds a new Series for every row[^]*Measured: [^]*```diff\n- /);
    assert.match(answer.contents.value, /docs\/rules\/pandas\/iterrows\.md\) · \[[^]*guide\/6-pandas\.md/);
    assert.deepEqual(answer.range, client.rangeOf(FILE, "iterrows"));
  });

  it("says what to check of a fix to review, why there is none, and nothing of a safe one", async () => {
    const first = async (stretch: string) => ((await client.hover(FILE, at(stretch))) ?? "").split("\n\n");
    const beginsWith = (text: string | undefined, name: string) => {
      const { why } = rules.find((it) => it.name === name)!;
      assert.equal(text?.slice(0, 40), why.slice(0, 40));
    };
    await client.open(FILE, ITERROWS);
    const [why, , , check] = await first("iterrows");
    assert.match(
      check ?? "",
      /^\*\*Sum whole columns \(review\)\.\*\* Check first: floats are added in another order; .*\.$/,
    );
    beginsWith(why, "pandas/iterrows");
    await client.change(FILE, [{ text: ITERROWS_BROKEN }]);
    const [again, , , none] = await first("iterrows");
    assert.equal(none, "**No fix here:** there is a syntax error nearby.");
    beginsWith(again, "pandas/iterrows");
    await client.change(FILE, [{ text: WALL_CLOCK }]);
    beginsWith((await first("time.time() - start"))[0], "profiling/wall-clock-duration");
  });

  it("leads to the quick fixes at the finding in an editor that can open them, and names the comment in others", async () => {
    const linked = await startClient({ initializationOptions: { commands: ["nippy.showFixes"] } });
    try {
      // A path cannot end the link.
      const uri = `${FILE.slice(0, -3)}%20(1)'.py`;
      await linked.open(uri, ITERROWS);
      const { start } = linked.rangeOf(uri, "iterrows");
      const text = (await linked.hover(uri, start)) ?? "";
      const [, label, argument = ""] = /\[([^\]]*)\]\(command:nippy\.showFixes\?([^)]*)\)/.exec(text) ?? [];
      assert.equal(label, "Quick fix or ignore…");
      assert.deepEqual(JSON.parse(decodeURIComponent(argument)), [{ uri, ...start }]);
      assert.doesNotMatch(text, /keep it/);
      await linked.change(uri, [{ text: ITERROWS_BROKEN }]);
      assert.match((await linked.hover(uri, start)) ?? "", /· \[Ignore…\]\(command:nippy\.showFixes/);
    } finally {
      await linked.stop();
    }
    await client.open(FILE, ITERROWS);
    const text = (await client.hover(FILE, at("iterrows"))) ?? "";
    assert.match(text, /· keep it: `# nippy: ignore\[pandas\/iterrows\]`/);
    assert.doesNotMatch(text, /command:/);
  });

  it("says nothing beside a finding, in a document that is not open, or beyond its end", async () => {
    await client.open(FILE, ITERROWS);
    assert.equal(await client.hover(FILE, at("result = 0.0")), undefined);
    assert.equal(await client.hover("file:///other.py", { line: 0, character: 0 }), undefined);
    assert.equal(await client.hover(FILE, { line: 900, character: 900 }), undefined);
  });

  it("says how a function grows where something heavy stands in it, and only at its name", async () => {
    const text = `import pandas as pd


def priced(df: pd.DataFrame, rates: list[float]) -> float:
    result = 0.0
    for _, row in df.iterrows():
        for rate in rates:
            result += adjusted(row["price"]) * rate
    return result


def plain(rows: list[int]) -> int:
    total = 0
    for row in rows:
        total += row
    return total
`;
    await client.open(FILE, text);
    await client.open(FILE, text);
    const said = (await client.hover(FILE, at("priced"))) ?? "";
    assert.match(
      said,
      /at most O\(n·m\) with n = `df`, m = `rates`\. Not counted, as its cost is not known: `adjusted\(\)`\./,
    );
    assert.match(said, /guide\/5-complexity\.md/);
    assert.doesNotMatch((await client.hover(FILE, at("plain"))) ?? "", /at most/);
    assert.doesNotMatch((await client.hover(FILE, at("result = "))) ?? "", /at most/);
  });

  it("shows a note on the rule that a comment names", async () => {
    await client.open(FILE, ITERROWS.replace("iterrows():", "iterrows():  # nippy: ignore[pandas/iterrows]"));
    assert.match((await client.hover(FILE, at("pandas/iterrows]"))) ?? "", /DataFrame rows looped over with iterrows/);
    assert.equal(await client.hover(FILE, at("# nippy")), undefined);
  });

  it("lists the rules that a glob in a comment stands for, and is silent on a name nobody has", async () => {
    await client.open(FILE, ITERROWS.replace("iterrows():", "iterrows():  # nippy: ignore[pandas/iter*, none/such]"));
    assert.match(
      (await client.hover(FILE, at("pandas/iter*"))) ?? "",
      /^- `pandas\/iterrows`: DataFrame rows looped over/m,
    );
    assert.equal(await client.hover(FILE, at("none/such")), undefined);
  });

  const GATHER = "import asyncio as aio\n\nasync def main() -> None:\n    await aio.gather(aio.sleep(1))\n";

  it("explains a construct by what its name resolves to, with a link to the guide", async () => {
    await client.open(FILE, GATHER);
    assert.match(
      (await client.hover(FILE, at("gather"))) ?? "",
      /TaskGroup[^]*\n\n\[.+\]\(https:.+guide\/4-async-patterns\.md\)$/,
    );
    await client.change(FILE, [{ text: "def gather() -> None: ...\n\ngather()\n" }]);
    assert.equal(await client.hover(FILE, at("gather()\n")), undefined);
  });

  it("explains findings only, or nothing, when the settings say so", async () => {
    for (const [constructs, onFinding] of [
      ["findings", true],
      ["off", false],
    ] as const) {
      await client.stop();
      client = await startClient({ settings: { hover: { constructs } } });
      await client.open(FILE, `${GATHER}${ITERROWS}`);
      assert.equal(await client.hover(FILE, at("gather")), undefined);
      assert.equal((await client.hover(FILE, at("iterrows"))) !== undefined, onFinding);
    }
  });

  it("is plain text for a client that does not read Markdown", async () => {
    await client.stop();
    client = await startClient({ capabilities: PLAIN });
    await client.open(FILE, ITERROWS);
    const text = (await client.hover(FILE, at("iterrows"))) ?? "";
    assert.match(
      text,
      /^DataFrame rows looped over with iterrows \(pandas\/iterrows\)\n\nSum whole columns \(review\)\. Check first: /,
    );
    assert.doesNotMatch(text, /```|\*\*|\]\(/);
  });
});
