/** What becomes of things that have to be closed: what opens them, by which names they go, and where they get out of sight. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { AnalysisState } from "../../analysis/engine/state.js";
import { openDocument } from "../../analysis/semantics/document.js";
import type { Facts } from "../../analysis/semantics/facts.js";
import { holdingOf, openedBy } from "../../analysis/semantics/holding.js";
import { printType } from "../../analysis/semantics/types.js";
import type { Node } from "../../analysis/syntax/tree.js";
import { parser } from "../harness/check.js";

async function calls<T>(source: string, ask: (call: Node, facts: Facts) => T | undefined): Promise<readonly T[]> {
  const document = openDocument(source, await parser());
  const { facts } = new AnalysisState(document, { python: "3.10", isTest: false, isNotebook: false }).file();
  return document.pieces.flatMap(({ tree }) => tree.root.descendants("call").flatMap((it) => ask(it, facts) ?? []));
}

const opened = (source: string) =>
  calls(source, (node, facts) => {
    const found = openedBy(node, facts);
    return found && `${found.call.callee.text} ${found.kind} ${found.access ?? "-"}`;
  });

/** Lines of the body, from 1, on which each opened thing is still needed. */
const held = (body: string) =>
  calls(
    `import csv, sqlite3\nfrom multiprocessing import Pool\n\ndef f(path, other, work):\n${body.replace(/^/gm, "    ")}\n`,
    (node, facts) => {
      const found = openedBy(node, facts);
      if (!found) return undefined;
      const holding = holdingOf(found, facts);
      if (!holding) return "out of sight";
      const lineOf = (it: Node) => it.tree.text.slice(0, it.start).split("\n").length - 1;
      return `${holding.reads.map(lineOf).join(" ")}${holding.releases.length > 0 ? ` released ${holding.releases.map((it) => lineOf(it.node)).join(" ")}` : ""}${holding.leavesJobs ? " jobs" : ""}`;
    },
  );

describe("things that have to be closed", () => {
  it("are known by the call that opens them, with what the mode allows", async () => {
    assert.deepEqual(
      await opened(
        "import gzip, tarfile, sqlite3\nfrom pathlib import Path\nopen('a')\nopen('a', 'w')\nopen('a', mode='rb+')\nopen('a', mode)\nopen(*args)\ngzip.open('a', 'rt')\ntarfile.open('a', 'r:xz')\ntarfile.open('a', 'w|gz')\nPath('a').open('a')\nsqlite3.connect('a')\n",
      ),
      [
        "open file read",
        "open file write",
        "open file write",
        "open file -",
        "open file -",
        "gzip.open file read",
        "tarfile.open file read",
        "tarfile.open file write",
        "Path('a').open file write",
        "sqlite3.connect closing -",
      ],
    );
  });

  it("are none where others do the closing, or the name means something else", async () => {
    assert.deepEqual(
      await opened(
        "import webbrowser, socket\nopen(0)\nopen(fd, closefd=False)\nsocket.socket(fileno=3)\nwebbrowser.open('a')\nthing.open('a')\n\ndef g(open):\n    open('a')\n",
      ),
      [],
    );
  });

  it("are followed through readers, cursors and generator expressions", async () => {
    assert.deepEqual(
      await held(
        "file = open(path)\nrows = csv.reader(file)\nnext(rows)\nfor row in rows:\n    print(row)\nfile.close()",
      ),
      ["2 3 4 6 released 6"],
    );
    assert.deepEqual(
      await held(
        "base = sqlite3.connect(path)\ncursor = base.cursor()\ncursor.execute('select 1')\nfound = cursor.fetchall()\nreturn found",
      ),
      ["2 3 4"],
    );
    assert.deepEqual(
      await held("file = open(path)\nlong = (line for line in file if line)\nreturn sum(len(it) for it in long)"),
      ["2 3"],
    );
  });

  it("get out of sight when they are returned, kept, captured, passed on, or may be something else", async () => {
    for (const body of [
      "return open(path)",
      "file = open(path)\nother.file = file",
      "file = open(path)\nother(file)",
      "file = open(path)\nreturn lambda: file.read()",
      "file = open(path)\nreturn (line for line in file)",
      "rows = csv.reader(open(path))\nreturn rows",
      "file = open(path)\nif other:\n    file = other\nfile.read()",
      "file = open(path)\nnumber = file.fileno()\nother(number)",
      "file = open(path)\nlater = file.read",
      "pool = Pool()\nreturn pool.imap(work, other)",
    ])
      assert.deepEqual(await held(body), ["out of sight"], body);
  });

  it("say whether jobs may still run", async () => {
    assert.deepEqual(await held("pool = Pool()\nfound = pool.map(work, other)\npool.close()"), ["2 3 released 3"]);
    assert.deepEqual(await held("pool = Pool()\njob = pool.apply_async(work)\nreturn job.get()"), ["2 jobs"]);
    assert.deepEqual(await held("pool = Pool()\nreturn pool.apply_async(work).get()"), ["2"]);
  });

  it("keep their type inside a with block", async () => {
    const types = await calls(
      "import gzip\nwith open('a', 'rb') as a, gzip.open('b') as b, open('c') as c:\n    probe(a)\n    probe(b)\n    probe(c)\n",
      (node, facts) =>
        node.field("function")!.text === "probe"
          ? printType(facts.typeOf(node.field("arguments")!.children[0]!))
          : undefined,
    );
    assert.deepEqual(types, ["binary-file", "binary-file", "file"]);
  });
});
