/** What travels with Nippy: licences of all that is bundled, exact versions, no scripts that run on installing; and that the npm package works by itself. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

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

describe("what is shipped", function () {
  this.timeout(60_000);

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

  it("is an npm package that holds what the command line needs and nothing else", () => {
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
          !/^(package(\.nls)?\.json|(README|CHANGELOG)\.md|LICENSE|dist\/(guide\/.*\.md|[^/]*\.(cjs|mjs|wasm)|licenses\.txt|sbom\.cdx\.json))$/.test(
            it,
          ),
      );
      assert.deepEqual(strays, []);
      assert.ok(paths.includes("dist/licenses.txt"));
      assert.equal(spawnSync("tar", ["-xzf", filename], { cwd: folder }).status, 0);
      const nippy = (...args: readonly string[]) =>
        spawnSync(process.execPath, [join("package", "dist", "cli.cjs"), ...args], { cwd: folder, encoding: "utf8" });
      assert.equal(nippy("--version").stdout, `nippy ${manifest.version}\n`);
      assert.match(nippy("explain", "pandas/iterrows").stdout, /iterrows/);
      assert.match(nippy("guide", "gil").stdout, /GIL/);
      assert.match(nippy("check", "--no-cache", join(process.cwd(), "examples")).stdout, /pandas\/iterrows/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
