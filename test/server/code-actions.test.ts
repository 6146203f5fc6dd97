/** textDocument/codeAction and codeAction/resolve: what is offered, and what the chosen action makes of the text. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { CodeAction } from "vscode-languageserver";
import { FULL, PLAIN, startClient, type Client } from "../harness/lsp.js";
import { FILE, ITERROWS, ITERROWS_BROKEN, ITERROWS_FIXED, WALL_CLOCK } from "./samples.js";

const FIXED_CLOCK = WALL_CLOCK.replaceAll("time.time()", "time.perf_counter()");
const FIRST_FIXED = FIXED_CLOCK.replace(/(def second[^]*)$/, WALL_CLOCK.slice(WALL_CLOCK.indexOf("def second")));
const whole = (text: string) => ({
  start: { line: 0, character: 0 },
  end: { line: text.split("\n").length, character: 0 },
});

/** Shows what an edit says of itself. */
const ANNOTATING = {
  ...FULL,
  workspace: { ...FULL.workspace, workspaceEdit: { ...FULL.workspace!.workspaceEdit, changeAnnotationSupport: {} } },
};

describe("server: code actions", () => {
  let client: Client;
  beforeEach(async () => {
    client = await startClient();
  });
  afterEach(() => client.stop());

  const titled = (actions: readonly CodeAction[], title: RegExp) =>
    actions.find((it) => title.test(it.title)) ??
    assert.fail(`no action like ${title} among: ${actions.map((it) => it.title).join(" · ")}`);

  it("offer a fix without its edit, and make the edit when it is chosen", async () => {
    await client.open(FILE, ITERROWS);
    const fix = (await client.actions(FILE, client.rangeOf(FILE, "iterrows"), ["quickfix"]))[0]!;
    assert.equal(fix.kind, "quickfix");
    assert.equal(fix.edit, undefined);
    const { edit } = await client.resolve(fix);
    assert.deepEqual(client.after(edit), { [FILE]: ITERROWS_FIXED });
  });

  it("prefer safe fixes, and only those", async () => {
    await client.open(FILE, ITERROWS);
    const doubtful = await client.actions(FILE, client.rangeOf(FILE, "iterrows"), ["quickfix"]);
    assert.deepEqual(
      doubtful.filter((it) => it.isPreferred),
      [],
    );

    await client.change(FILE, [{ text: WALL_CLOCK }]);
    const safe = await client.actions(FILE, client.rangeOf(FILE, "time.time() - start"), ["quickfix"]);
    const preferred = safe.filter((it) => it.isPreferred);
    assert.equal(preferred.length, 1);
    assert.deepEqual(client.after((await client.resolve(preferred[0]!)).edit), { [FILE]: FIRST_FIXED });
  });

  it("are named without the marks around code, which menus would show", async () => {
    const code =
      "import aiohttp\n\nasync def page(url: str) -> str:\n    session = aiohttp.ClientSession()\n    answer = await session.get(url)\n    text = await answer.text()\n    await session.close()\n    return text\n";
    await client.open(FILE, code);
    const [fix] = await client.actions(FILE, client.rangeOf(FILE, "aiohttp.ClientSession"), ["quickfix"]);
    assert.match(fix?.title ?? "", /^Use async with/);
  });

  it("say by a word in the title that a fix is to review, and what to check in their data and in a preview", async () => {
    await client.stop();
    client = await startClient({ capabilities: ANNOTATING });
    await client.open(FILE, ITERROWS);
    const [fix] = await client.actions(FILE, client.rangeOf(FILE, "iterrows"), ["quickfix"]);
    assert.equal(fix?.title, "Sum whole columns (review)");
    const { doubts } = fix.data as { readonly doubts: readonly string[] };
    assert.equal(doubts[0], "floats are added in another order");
    const { edit } = await client.resolve(fix);
    assert.deepEqual(edit?.changeAnnotations, {
      nippy: {
        label: "Sum whole columns",
        description: `Check first: ${doubts.join("; ")}.`,
        needsConfirmation: true,
      },
    });
    assert.deepEqual(client.after(edit), { [FILE]: ITERROWS_FIXED });

    await client.change(FILE, [{ text: WALL_CLOCK }]);
    const [safe] = await client.actions(FILE, client.rangeOf(FILE, "time.time() - start"), ["quickfix"]);
    assert.equal(safe?.title, "Measure with time.perf_counter()");
    assert.equal((safe.data as { readonly doubts?: unknown }).doubts, undefined);
    assert.equal((await client.resolve(safe)).edit?.changeAnnotations, undefined);
  });

  it("offer no fix where a rule declines", async () => {
    await client.open(FILE, ITERROWS_BROKEN);
    const actions = await client.actions(FILE, client.rangeOf(FILE, "iterrows"), ["quickfix"]);
    assert.ok(actions.length > 0);
    assert.deepEqual(
      actions.filter((it) => it.title.includes("columns")),
      [],
    );
  });

  it("fix all of one rule", async () => {
    await client.open(FILE, WALL_CLOCK);
    const actions = await client.actions(FILE, client.rangeOf(FILE, "time.time() - begin"), ["quickfix"]);
    const { edit } = await client.resolve(titled(actions, /^Fix all profiling\/wall-clock-duration in this file$/));
    assert.deepEqual(client.after(edit), { [FILE]: FIXED_CLOCK });
  });

  it("do not offer to fix all of a rule with a single finding, or one whose fixes need a look", async () => {
    await client.open(FILE, `${ITERROWS}\n\n${ITERROWS.replace("total", "again")}`);
    const actions = await client.actions(FILE, client.rangeOf(FILE, "iterrows"), ["quickfix"]);
    assert.deepEqual(
      actions.filter((it) => it.title.startsWith("Fix all")),
      [],
    );
  });

  it("leave findings that need a look to the reader when all are fixed on save", async () => {
    await client.open(FILE, `${WALL_CLOCK}\n\n${ITERROWS}`);
    const [action, ...more] = await client.actions(FILE, whole(WALL_CLOCK), ["source.fixAll.nippy"]);
    assert.deepEqual(more, []);
    assert.equal(action?.kind, "source.fixAll.nippy");
    const { edit } = await client.resolve(action!);
    assert.deepEqual(client.after(edit), { [FILE]: `${FIXED_CLOCK}\n\n${ITERROWS}` });
  });

  it("keep CRLF line ends in a fix", async () => {
    const crlf = (text: string) => text.replaceAll("\n", "\r\n");
    await client.open(FILE, crlf(ITERROWS));
    const fix = (await client.actions(FILE, client.rangeOf(FILE, "iterrows"), ["quickfix"]))[0]!;
    assert.deepEqual(client.after((await client.resolve(fix)).edit), { [FILE]: crlf(ITERROWS_FIXED) });
  });

  it("follow the kinds that are asked for", async () => {
    await client.open(FILE, WALL_CLOCK);
    const kinds = async (only: string[] | undefined) => [
      ...new Set((await client.actions(FILE, client.rangeOf(FILE, "time.time() - start"), only)).map((it) => it.kind)),
    ];
    assert.deepEqual(await kinds(undefined), ["quickfix", "source.fixAll.nippy"]);
    assert.deepEqual(await kinds(["source"]), ["source.fixAll.nippy"]);
    assert.deepEqual(await kinds(["source.fixAll"]), ["source.fixAll.nippy"]);
    assert.deepEqual(await kinds(["source.fixAll.nippy"]), ["source.fixAll.nippy"]);
    assert.deepEqual(await kinds(["source.fixAll.ruff"]), []);
    assert.deepEqual(await kinds(["source.fixAllOfIt"]), []);
    assert.deepEqual(await kinds(["source.fix", "quick"]), []);
    assert.deepEqual(await kinds(["source.organizeImports", "refactor", "notebook.source.fixAll"]), []);
    assert.deepEqual(await kinds(["quickfix"]), ["quickfix"]);
  });

  it("are refused once the text has changed", async () => {
    await client.open(FILE, ITERROWS);
    const fix = (await client.actions(FILE, client.rangeOf(FILE, "iterrows"), ["quickfix"]))[0]!;
    await client.change(FILE, [{ range: whole(""), text: "# new\n" }]);
    await assert.rejects(client.resolve(fix), { code: -32801 });
    await client.close(FILE);
    await assert.rejects(client.resolve(fix), { code: -32801 });
  });

  it("of another server are given back as they came", async () => {
    const foreign = { title: "Sort imports", data: { uri: FILE, kind: "fix" } };
    assert.deepEqual(await client.resolve(foreign), foreign);
  });

  it("answer a made-up finding with an error, not an edit", async () => {
    await client.open(FILE, ITERROWS);
    const fix = (await client.actions(FILE, client.rangeOf(FILE, "iterrows"), ["quickfix"]))[0]!;
    const data = fix.data as Record<string, unknown>;
    await assert.rejects(client.resolve({ ...fix, data: { ...data, fingerprint: "none" } }), { code: -32803 });
    await assert.rejects(client.resolve({ ...fix, data: { ...data, rule: "none/such" } }), { code: -32803 });
  });

  it("belong to the diagnostics they repair, and to no other server's", async () => {
    await client.open(FILE, ITERROWS);
    const [ours] = await client.diagnostics(FILE);
    const { data: _, ...bare } = ours!;
    const send = async (diagnostics: unknown[]) =>
      client.connection.sendRequest<CodeAction[]>("textDocument/codeAction", {
        textDocument: { uri: FILE },
        range: ours!.range,
        context: { diagnostics, only: ["quickfix"] },
      });
    const others = [
      { ...ours, source: "Ruff" },
      { ...ours, code: "PERF401" },
      { ...ours, data: { rule: "pandas/iterrows", fingerprint: "stale" } },
      { ...ours, data: "text" },
    ];
    assert.deepEqual((await send([...others, ours]))[0]?.diagnostics, [ours]);
    assert.deepEqual((await send([bare]))[0]?.diagnostics, [bare]);
    assert.deepEqual((await send(others))[0]?.diagnostics, []);
  });

  it("open the guide only for a client that has the command", async () => {
    const withGuide = await startClient({ initializationOptions: { commands: ["nippy.openGuide"] } });
    try {
      for (const it of [client, withGuide]) await it.open(FILE, ITERROWS);
      const commands = async (it: Client) =>
        (await it.actions(FILE, it.rangeOf(FILE, "iterrows"))).flatMap(({ command }) => (command ? [command] : []));
      assert.deepEqual(await commands(withGuide), [
        { title: "Open Guide", command: "nippy.openGuide", arguments: ["pandas"] },
      ]);
      assert.deepEqual(await commands(client), []);
    } finally {
      await withGuide.stop();
    }
  });

  it("come with their edits, unversioned, for a client that cannot resolve", async () => {
    const plain = await startClient({ capabilities: PLAIN });
    try {
      await plain.open(FILE, WALL_CLOCK);
      const actions = await plain.actions(FILE, plain.rangeOf(FILE, "time.time() - start"), ["quickfix"]);
      const fix = actions.find((it) => it.isPreferred);
      assert.deepEqual(Object.keys(fix?.edit?.changes ?? {}), [FILE]);
      assert.deepEqual(plain.after(fix?.edit), { [FILE]: FIRST_FIXED });
      assert.ok(
        actions.every((it) => it.edit && !it.data),
        JSON.stringify(actions),
      );
      const [all] = await plain.actions(FILE, whole(WALL_CLOCK), ["source.fixAll"]);
      assert.deepEqual(plain.after(all?.edit), { [FILE]: FIXED_CLOCK });
    } finally {
      await plain.stop();
    }
  });

  it("are none for a client that knows commands alone", async () => {
    const { codeAction: _, ...textDocument } = FULL.textDocument!;
    const old = await startClient({ capabilities: { ...FULL, textDocument } });
    try {
      await old.open(FILE, ITERROWS);
      assert.deepEqual(await old.actions(FILE, old.rangeOf(FILE, "iterrows")), []);
    } finally {
      await old.stop();
    }
  });
});
