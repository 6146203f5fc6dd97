/** What travels with Nippy: licences of all that is bundled, exact versions, no scripts that run on installing; and that the npm package works by itself. */

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transform } from "esbuild";

interface Locked {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly name: string;
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: object;
  readonly devDependencies: Readonly<Record<string, string>>;
};

describe("what is shipped", () => {
  it("brings the licence of every package that is in a bundle", () => {
    const text = readFileSync("dist/licenses.txt", "utf8");
    const [head, ...parts] = text.split(`\n${"-".repeat(80)}\n`);
    assert.match(head!, /contains the following packages/);
    const { packages, linked } = JSON.parse(readFileSync("dist/packages.json", "utf8")) as {
      readonly packages: readonly { readonly name: string; readonly version: string }[];
      readonly linked: readonly { readonly name: string }[];
    };
    for (const { name } of linked)
      assert.ok(
        parts.some((it) => it.startsWith(`${name}, in web-tree-sitter.wasm\n`)),
        name,
      );
    for (const { name, version } of packages) {
      const part = parts.find((it) => it.startsWith(`${name} ${version}\n`));
      assert.ok(part, name);
      assert.match(part, /permission|redistribution|licen[cs]e/i, name);
      assert.ok(part.length > 500, `${name}: a text, not only a name`);
    }
    // One bundled by each of the extension, the server and the command line, and what is copied.
    for (const name of ["markdown-it", "vscode-languageserver", "diff", "web-tree-sitter", "tree-sitter-python"])
      assert.ok(
        packages.some((it) => it.name === name),
        name,
      );
  });

  it("depends on exact versions, each with its digest, and runs nothing when it is installed", () => {
    assert.equal(manifest.dependencies, undefined, "all is bundled: users install nothing else");
    for (const [name, version] of Object.entries(manifest.devDependencies))
      assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name);
    for (const hook of ["preinstall", "install", "postinstall", "prepare", "prepublish"])
      assert.equal(manifest.scripts[hook], undefined, hook);
    assert.match(readFileSync(".npmrc", "utf8"), /^ignore-scripts=true$/m);
    for (const lock of ["package-lock.json", "test/vscode/host/package-lock.json"]) {
      const { packages } = JSON.parse(readFileSync(lock, "utf8")) as { readonly packages: Record<string, Locked> };
      for (const [path, { integrity, resolved, link }] of Object.entries(packages)) {
        if (path === "" || link) continue;
        assert.match(integrity ?? "", /^sha512-/, `${lock}: ${path}`);
        assert.equal(resolved, undefined, `${lock}: ${path} names a host`);
      }
    }
  });

  it("has its own code in ASCII, which V8 keeps in half the room: esbuild sees to it, but for regular expressions", async () => {
    for (const name of ["cli.cjs", "scan.cjs", "thread.cjs", "engine.mjs", "server.mjs", "web/server.js"]) {
      // Without the comments that are there for people.
      const { code } = await transform(readFileSync(join("dist", name), "utf8"), { minifyWhitespace: true });
      const [found] = /.{0,40}[^\0-\x7f].{0,20}/.exec(code) ?? [];
      assert.equal(found, undefined, `${name}: write the character as \\u and its number`);
    }
  });

  it("has engine and rules once for both servers", () => {
    const [node, web] = ["server.mjs", "web/server.js"].map((it) => readFileSync(join("dist", it), "utf8"));
    assert.ok(web!.includes("pandas/iterrows"));
    assert.ok(!node!.includes("pandas/iterrows"));
    assert.ok(node!.includes("./web/server.js"));
  });

  it("is an npm package that holds what the command line needs and nothing else", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nippy-pack-"));
    try {
      const packed = spawnSync("npm", ["pack", "--json", "--pack-destination", folder], {
        encoding: "utf8",
        shell: process.platform === "win32",
      });
      assert.equal(packed.status, 0, packed.stderr);
      const [{ filename, files }] = JSON.parse(packed.stdout) as [
        { readonly filename: string; readonly files: readonly { readonly path: string }[] },
      ];
      const paths = files.map((it) => it.path);
      const strays = paths.filter(
        (it) =>
          !/^(package(\.nls)?\.json|(README|CHANGELOG)\.md|LICENSE|dist\/(guide\/.*\.md|[^/]*\.(cjs|mjs|wasm)|web\/(server\.js|package\.json)|licenses\.txt|sbom\.cdx\.json))$/.test(
            it,
          ),
      );
      assert.deepEqual(strays, []);
      assert.ok(paths.includes("dist/licenses.txt"));
      assert.equal(spawnSync("tar", ["-xzf", filename], { cwd: folder }).status, 0);
      const cli = join(folder, "package", "dist", "cli.cjs");
      const nippy = (...args: readonly string[]) =>
        spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: "utf8" });
      assert.equal(nippy("--version").stdout, `nippy ${manifest.version}\n`);
      assert.match(nippy("explain", "pandas/iterrows").stdout, /iterrows/);
      const server = spawn(process.execPath, [cli, "lsp"]);
      const ask = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: { capabilities: {} } });
      server.stdin.write(`Content-Length: ${ask.length}\r\n\r\n${ask}`);
      const [answer] = (await once(server.stdout, "data")) as [Buffer];
      server.kill();
      assert.match(answer.toString(), /^Content-Length/);
      assert.match(nippy("guide", "gil").stdout, /GIL/);
      assert.match(nippy("check", "--no-cache", join(process.cwd(), "examples")).stdout, /pandas\/iterrows/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
