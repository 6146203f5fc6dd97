/** The commands beside `check`: rules, explain, guide, and the language server at the end of a pipe. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { gainFigure, measuredGain } from "../../analysis/analyzer.js";
import { guide } from "../../guide/index.generated.js";
import { rules } from "../../rules/index.generated.js";
import { CLI, inProject } from "./nippy.js";

describe("nippy rules", () => {
  it(
    "lists every rule",
    inProject({}, ({ run }) => {
      const { status, stdout } = run("rules");
      assert.equal(status, 0);
      for (const { name, title } of rules) assert.ok(stdout.includes(name) && stdout.includes(title), name);
      assert.match(stdout, new RegExp(`\n${rules.length} rules?: \\d+ with a safe fix, \\d+ with a review fix\\.`));
    }),
  );

  it(
    "lists them as JSON in exactly the public shape",
    inProject({}, ({ run }) => {
      const list = JSON.parse(run("rules", "--format", "json").stdout) as Record<string, unknown>[];
      assert.equal(list.length, rules.length);
      for (const rule of list) {
        assert.deepEqual(Object.keys(rule), [
          "name",
          "title",
          "level",
          "levels",
          "gain",
          "fix",
          "guide",
          "imports",
          "python",
          "library",
          "measured",
        ]);
        assert.ok(["safe", "review", null].includes(rule["fix"] as string | null));
      }
      const iterrows = list.find((it) => it["name"] === "pandas/iterrows");
      assert.equal(iterrows?.["level"], "warning");
      const levels = iterrows?.["levels"] as Record<string, Record<string, string>>;
      assert.deepEqual(Object.keys(levels), ["proof", "strong", "fair"]);
      assert.deepEqual(levels["proof"], { heavy: "warning", unknown: "info", light: "hint" });
      assert.ok((iterrows?.["imports"] as string[]).includes("pandas"));
      assert.deepEqual(iterrows?.["python"], { from: null, until: null });
    }),
  );

  it(
    "tells of each rule what was measured, in the table, as JSON and in its page",
    inProject({}, ({ run }) => {
      const table = run("rules").stdout.split("\n");
      const list = JSON.parse(run("rules", "--format", "json").stdout) as {
        readonly name: string;
        readonly measured: { readonly says: string; readonly sizes: readonly object[] } | null;
      }[];
      for (const rule of rules) {
        const { measured } = list.find((it) => it.name === rule.name)!;
        assert.equal(measured?.says, measuredGain(rule));
        assert.deepEqual(measured?.sizes, rule.measured?.sizes);
        const row = table.find((it) => it.startsWith(`${rule.name} `))!;
        assert.ok(row.includes(gainFigure(rule) ?? rule.title), row);
      }
      const rule = rules.find((it) => it.measured);
      if (rule) assert.ok(run("explain", rule.name).stdout.includes(`Measured: ${measuredGain(rule)!}.`));
    }),
  );
});

describe("the guide on the command line", () => {
  it(
    "says which code is to be replaced and what to write, and no fence says what only our tests read",
    inProject({}, ({ run }) => {
      for (const color of ["never", "always"]) {
        const { stdout } = run("guide", "pandas", "--color", color);
        const plain = stdout.replace(/\u001b\[\d+m|[*`]/g, "");
        assert.match(
          plain,
          /\nInstead of \(pandas\/iterrows\)\n\n[^]{1,400}\nwrite\n\n[^]{1,200}zip\(orders\["number"\]/,
        );
        assert.doesNotMatch(stdout, /^```\S+ /m);
      }
    }),
  );
});

describe("nippy explain", () => {
  it(
    "prints a rule's page: title, reason, example",
    inProject({}, ({ run }) => {
      const rule = rules.find((it) => it.name === "pandas/iterrows");
      const { status, stdout } = run("explain", "pandas/iterrows");
      assert.equal(status, 0);
      assert.ok(rule && stdout.includes(rule.title) && stdout.includes(rule.why));
      assert.match(stdout, /```python\n/);
    }),
  );

  it(
    "lays it out for a terminal: no marks, but colours",
    inProject({}, ({ run }) => {
      const { stdout } = run("explain", "pandas/iterrows", "--color", "always");
      assert.doesNotMatch(stdout, /```/);
      assert.match(stdout, /\u001b\[1m/);
      assert.match(stdout, /^ {4}\u001b\[36m/m);
    }),
  );

  it(
    "takes a section of the guide too",
    inProject({}, ({ run }) => {
      assert.equal(run("explain", "pandas").stdout, run("guide", "pandas").stdout);
    }),
  );

  it(
    "takes the part after the slash, and lists the rules where several have it",
    inProject({}, ({ run }) => {
      assert.equal(run("explain", "iterrows").stdout, run("explain", "pandas/iterrows").stdout);
      const { status, stdout } = run("explain", "append-in-loop");
      assert.equal(status, 0);
      assert.match(
        stdout,
        /^# append-in-loop: 2 rules\n\n- `iteration\/append-in-loop`: .+\n- `numpy\/append-in-loop`: /,
      );
    }),
  );

  it(
    "prints what a construct's hover says, and what a snippet inserts",
    inProject({}, ({ run }) => {
      const construct = run("explain", "functools.lru_cache");
      assert.match(
        construct.stdout,
        /^# @functools\.lru_cache\n\n.+maxsize[^]*\n\n\[.+\]\(.+guide\/5-caching\.md\)\n$/,
      );
      const snippet = run("explain", "gen-batched");
      assert.match(
        snippet.stdout,
        /^# .+ \(gen-batched\)\n\nInserts [^]*From Python 3\.10:\n\n```python\n[^]*From Python 3\.12:\n\n```python\n[^]*batched/,
      );
      assert.doesNotMatch(snippet.stdout, /\$\{\d/);
    }),
  );
});

describe("nippy guide", () => {
  it(
    "lists the sections",
    inProject({}, ({ run }) => {
      const { status, stdout } = run("guide");
      assert.equal(status, 0);
      assert.deepEqual(
        stdout
          .trimEnd()
          .split("\n")
          .map((it) => it.split(" ")[0]),
        guide.map((it) => it.anchor),
      );
    }),
  );

  it(
    "prints a section without its front matter",
    inProject({}, ({ run }) => {
      const { status, stdout } = run("guide", "pandas");
      assert.equal(status, 0);
      assert.match(stdout, /^# /);
      assert.doesNotMatch(stdout, /^rows: /m);
    }),
  );
});

describe("nippy lsp", () => {
  it("answers a client over standard input and output, and ends when told to", async () => {
    const server = spawn(process.execPath, [CLI, "lsp", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    const ended = once(server, "exit");
    const send = (...bodies: readonly object[]) => {
      for (const body of bodies) {
        const text = JSON.stringify({ jsonrpc: "2.0", ...body });
        server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
      }
    };
    let answers = "";
    const answerTo = async (id: number) => {
      while (!answers.includes(`"id":${id},`)) answers += String((await once(server.stdout, "data"))[0]);
    };

    send({ id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } });
    await answerTo(1);
    assert.match(answers, /"capabilities":\{/);
    send({ method: "initialized", params: {} }, { id: 2, method: "shutdown" });
    await answerTo(2);
    send({ method: "exit" });
    assert.deepEqual(await ended, [0, null]);
  });
});

describe("nippy search", () => {
  it(
    "shows what fits best first, with its name, title and the line that fits",
    inProject({}, ({ run }) => {
      const { status, stdout } = run("search", "race", "condition");
      assert.equal(status, 0);
      assert.match(stdout, /^section +concurrency-pitfalls {2}Concurrency pitfalls/);
      assert.match(stdout, /"nippy explain NAME" shows the page/);
      assert.equal(run("search", "iterows").stdout.split(/\s+/)[1], "pandas/iterrows");
    }),
  );

  it(
    "gives all it found as JSON",
    inProject({}, ({ run }) => {
      const hits = JSON.parse(run("search", "csv too big", "--format", "json").stdout) as Record<string, unknown>[];
      assert.ok(hits.length > 5);
      assert.deepEqual(Object.keys(hits[0]!), ["kind", "name", "title", "address", "heading", "line"]);
      assert.ok(hits.some((it) => it["kind"] === "snippet"));
    }),
  );

  it(
    "says so when nothing fits, and when no word is given",
    inProject({}, ({ run }) => {
      assert.match(run("search", "qwertyuiop").stdout, /^Nothing found\./);
      const { status, stderr } = run("search");
      assert.equal(status, 2);
      assert.match(stderr, /needs a WORD/);
    }),
  );
});
