/** Nippy sends nothing and runs no code that it made up: what is shipped names no way to the network and no way to run text. */

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, transform } from "esbuild";

const BUNDLES = ["dist", "dist/web"].flatMap((folder) =>
  readdirSync(folder)
    .filter((it) => /\.(js|cjs|mjs)$/.test(it))
    .map((it) => join(folder, it)),
);

const NETWORK = ["net", "tls", "http", "https", "http2", "dgram", "dns", "inspector", "undici"];
const PROCESSES = ["child_process", "cluster"];
const RUNS_TEXT = ["vm", "repl"];

/** Of a window, a worker or Node. `navigator` can send too, under `sendBeacon`. */
const GLOBALS = ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "RTCPeerConnection", "eval"];

/** The modules that a bundle asks its host for. */
async function modulesOf(path: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    metafile: true,
    outdir: "unused",
    platform: path.startsWith(join("dist", "web")) ? "neutral" : "node",
    format: "esm",
    logLevel: "silent",
    plugins: [{ name: "outside", setup: ({ onResolve }) => onResolve({ filter: /./ }, external) }],
  });
  const imports = Object.values(metafile.outputs).flatMap((it) => it.imports);
  return imports.map((it) => it.path.replace(/^node:/, "").replace(/\/.*$/, ""));
}

function external({ path, kind }: { readonly path: string; readonly kind: string }) {
  return kind === "entry-point" ? undefined : { path, external: true };
}

/** Names that a bundle takes from its host. esbuild knows which are its own: it replaces the others only. */
async function globalsOf(code: string, names: readonly string[]): Promise<readonly string[]> {
  const define = Object.fromEntries(names.flatMap((it) => [it, `globalThis.${it}`]).map((it) => [it, marked(it)]));
  const { code: replaced } = await transform(code, { define, logLevel: "silent" });
  return names.filter((it) => replaced.includes(marked(it)));
}

function marked(name: string): string {
  return `__taken_${name.replace("globalThis.", "")}__`;
}

describe("the bundles", () => {
  it("is here", () => {
    for (const name of ["cli.cjs", "scan.cjs", "thread.cjs", "engine.mjs", "server.mjs", "extension.cjs"])
      assert.ok(BUNDLES.includes(join("dist", name)), name);
    for (const name of ["server.js", "extension.cjs"]) assert.ok(BUNDLES.includes(join("dist", "web", name)), name);
  });

  for (const path of BUNDLES) {
    it(`${path} asks for no module of the network and for none that runs text`, async () => {
      const modules = await modulesOf(path);
      const mayStart = path === join("dist", "extension.cjs");
      const forbidden = [...NETWORK, ...RUNS_TEXT, ...(mayStart ? [] : PROCESSES)];
      assert.deepEqual(
        modules.filter((it) => forbidden.includes(it)),
        [],
      );
    });

    it(`${path} takes nothing of its host that reaches the network or runs text`, async () => {
      const code = readFileSync(path, "utf8");
      assert.deepEqual(await globalsOf(code, GLOBALS), []);
      assert.doesNotMatch(code, /\bsendBeacon\b|\bimportScripts\b|(?<![\w$.])Function\s*\(/);
    });
  }

  it("would be noticed: the search sees each of them", async () => {
    for (const name of GLOBALS) assert.deepEqual(await globalsOf(`(() => ${name}("x"))();`, [name]), [name]);
    const folder = mkdtempSync(join(tmpdir(), "nippy-bundle-"));
    try {
      const path = join(folder, "asks.js");
      writeFileSync(path, 'import { get } from "node:https"; get(require("net"), await import("vm"));');
      assert.deepEqual([...(await modulesOf(path))].sort(), ["https", "net", "vm"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
    assert.deepEqual(await globalsOf("export const fetch = 1; use(fetch, y.fetch, { fetch });", ["fetch"]), []);
  });
});
