/** Refactorings over the wire: offered when a menu is asked for, made when chosen, annotated for a preview. */

import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import type { AnnotatedTextEdit, CodeAction } from "vscode-languageserver";
import { FULL, PLAIN, startClient, type Client } from "../harness/lsp.js";
import { FILE } from "./samples.js";

const LOOP = `import asyncio


async def main() -> None:
    await asyncio.sleep(0)


loop = asyncio.new_event_loop()
loop.run_until_complete(main())
loop.close()
`;
const RUN = LOOP.replace(/loop = [^]*$/, "asyncio.run(main())\n");
const ANNOTATING = {
  ...FULL,
  workspace: { ...FULL.workspace, workspaceEdit: { ...FULL.workspace!.workspaceEdit, changeAnnotationSupport: {} } },
};

/** Asks for a preview where an edit needs to be confirmed, as VS Code does. */
const PREVIEWING = {
  ...ANNOTATING,
  textDocument: {
    ...ANNOTATING.textDocument,
    codeAction: { ...ANNOTATING.textDocument!.codeAction, honorsChangeAnnotations: true },
  },
};

describe("server: refactorings", () => {
  let client: Client;
  afterEach(() => client.stop());
  const asked = async (only?: string[]) => {
    const actions = await client.actions(FILE, client.rangeOf(FILE, "loop.run"), only);
    return actions.filter((it) => it.kind?.startsWith("refactor."));
  };

  it("are offered where they apply, and made when chosen", async () => {
    client = await startClient();
    await client.open(FILE, LOOP);
    const [action, ...more] = await asked();
    assert.deepEqual(more, []);
    assert.equal(action!.kind, "refactor.rewrite.nippy.manual-loop-to-asyncio-run");
    assert.equal(action!.edit, undefined);
    assert.deepEqual(client.after((await client.resolve(action!)).edit), { [FILE]: RUN });
  });

  it("ask for confirmation where they may change behaviour and the client can, unless that is switched off", async () => {
    client = await startClient({ capabilities: ANNOTATING });
    await client.open(FILE, LOOP);
    const [action] = await asked(["refactor"]);
    const { edit } = await client.resolve(action!);
    const [annotation] = Object.values(edit?.changeAnnotations ?? {});
    assert.equal(annotation?.needsConfirmation, true);
    assert.match(annotation?.description ?? "", /asyncio\.run/);
    assert.deepEqual(client.after(edit), { [FILE]: RUN });

    await client.stop();
    client = await startClient({ capabilities: ANNOTATING, settings: { refactorings: { preview: "never" } } });
    await client.open(FILE, LOOP);
    assert.equal(
      Object.values((await client.resolve((await asked())[0]!)).edit?.changeAnnotations ?? {})[0]?.needsConfirmation,
      false,
    );
  });

  it("bring up a preview in which the change is ticked, and beside it a comment that says the doubt and is not", async () => {
    client = await startClient({ capabilities: PREVIEWING });
    await client.open(FILE, LOOP);
    const { edit } = await client.resolve((await asked())[0]!);
    const annotations = edit?.changeAnnotations ?? {};
    const [change] = edit?.documentChanges ?? [];
    assert.ok(change && "edits" in change);
    const [note, ...others] = (change.edits as AnnotatedTextEdit[]).map((it) => ({
      ...it,
      ...annotations[it.annotationId],
    }));
    assert.ok(note && "newText" in note);
    assert.equal(note.needsConfirmation, true);
    assert.match(note.newText, /^# asyncio\.run creates its own loop, .*\.\n$/);
    assert.deepEqual(note.range, {
      start: client.rangeOf(FILE, "loop =").start,
      end: client.rangeOf(FILE, "loop =").start,
    });
    assert.deepEqual(
      others.map((it) => it.needsConfirmation),
      others.map(() => false),
    );
    // With both ticked.
    assert.deepEqual(client.after(edit), { [FILE]: RUN.replace(/(?=asyncio\.run)/, note.newText) });
  });

  it("keep the comment out of a statement that a backslash continues", async () => {
    client = await startClient({ capabilities: PREVIEWING });
    await client.open(FILE, LOOP.replace("loop = ", "loop = \\\n    "));
    const { edit } = await client.resolve((await asked())[0]!);
    assert.match(client.after(edit)[FILE] ?? "", /\n# asyncio\.run creates [^\n]*\nasyncio\.run\(main\(\)\)\n$/);
  });

  it("stay away while the cursor only moves, and when other kinds are asked for", async () => {
    client = await startClient();
    await client.open(FILE, LOOP);
    const range = client.rangeOf(FILE, "loop.run");
    const automatic = await client.connection.sendRequest<CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri: FILE },
      range,
      context: { diagnostics: [], triggerKind: 2 },
    });
    assert.deepEqual(automatic, []);
    assert.deepEqual(await asked(["quickfix"]), []);
    assert.deepEqual(await asked(["refactor.extract"]), []);
    assert.equal((await asked(["refactor.rewrite"])).length, 1);
  });

  it("carry their edit at once for a client that cannot ask again", async () => {
    client = await startClient({ capabilities: PLAIN });
    await client.open(FILE, LOOP);
    assert.deepEqual(client.after((await asked())[0]!.edit), { [FILE]: RUN });
  });
});
