// Builds everything: the extension (desktop and browser), the server, the CLI, and on request the scripts and tests.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "esbuild";
import { writeNotices } from "./scripts/notices.mjs";

const has = (flag) => process.argv.includes(flag);
const production = has("--production");
const withTests = has("--tests");
const onlyScripts = has("--scripts");
/** `--only=test/a.test.ts,test/b.test.ts --into=out/part/x.js`: these files as one bundle, and nothing else. */
const valueOf = (flag) => process.argv.find((it) => it.startsWith(`${flag}=`))?.slice(flag.length + 1);
const only = valueOf("--only")?.split(",");

/** Bundled CommonJS dependencies call `require` for Node's own modules; an ES module has to bring one along. */
const requireInEsm = {
  js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
};

/** Nippy sends nothing and runs no text. What packages bring along for that is taken out (docs/decisions/021). */
const NETWORK_MODULES = ["net", "tls", "http", "https", "http2", "dgram", "dns"];
const UNUSED_GLOBALS = ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "eval"];

/** What packages import for transports and helpers that Nippy does not use is empty in what is shipped. */
const without = (modules) => ({
  name: "without",
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(node:)?(${modules.join("|")})(/.*)?$`);
    onResolve({ filter }, ({ path }) => ({ path, namespace: "without" }));
    onLoad({ filter: /.*/, namespace: "without" }, () => ({ contents: "module.exports = {};" }));
  },
});

/** What server/shared.ts exports, by the files that it comes from. */
const SHARED = ["analysis/analyzer.ts", "server/main.ts", "lib/common/api.js", "lib/common/server.js"];

/** The server under Node takes them from the browser's bundle (docs/decisions/034). */
const fromBrowserBundle = {
  name: "from-browser-bundle",
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^\.|^vscode-/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === fromBrowserBundle || from.kind === "entry-point") return undefined;
      if (from.namespace === "shared") return { path, external: true };
      const found = await resolve(path, { ...from, pluginData: fromBrowserBundle });
      const isShared = SHARED.some((it) => found.path.replaceAll("\\", "/").endsWith(`/${it}`));
      return isShared ? { path: "shared", namespace: "shared" } : found;
    });
    // By `require`, because an `import` would run before server/tune.ts.
    onLoad({ filter: /.*/, namespace: "shared" }, () => ({ contents: 'module.exports = require("./web/server.js");' }));
  },
};

const common = {
  bundle: true,
  logLevel: "warning",
  target: "es2023",
  sourcemap: production ? false : "linked",
  minify: production,
  legalComments: "none",
  // One character outside Latin-1, and V8 keeps the text of a whole bundle in twice the room.
  charset: "ascii",
};
/** Of each bundle that users get. */
const shipped = {
  metafile: true,
  plugins: [without(NETWORK_MODULES)],
  define: Object.fromEntries(UNUSED_GLOBALS.map((it) => [it, "undefined"])),
};
const nodeModule = { ...common, platform: "node", format: "esm", mainFields: ["module", "main"], banner: requireInEsm };

const treeSitterOfNode = {
  "web-tree-sitter": join(import.meta.dirname, "node_modules/web-tree-sitter/web-tree-sitter.cjs"),
};

/** Node has a CommonJS file running sooner than an ES module, and what is not asked for is not loaded. */
const commonJs = {
  ...common,
  platform: "node",
  format: "cjs",
  mainFields: ["module", "main"],
  alias: treeSitterOfNode,
  define: { "import.meta.url": "__url" },
  banner: { js: '#!/usr/bin/env node\nconst __url = require("node:url").pathToFileURL(__filename).href;' },
};

/**
 * A module under Node, a program in a worker. As a `function` in brackets, which V8 compiles while it reads it first: an
 * arrow function, as esbuild's own format has, it reads twice.
 */
const moduleOrWorker = {
  banner: { js: "(function (module, isWorker) {" },
  footer: {
    js: 'if (isWorker) module.exports.startInWorker();\n})(...(typeof module === "object" ? [module, false] : [{}, true]));',
  },
};

const product = [
  {
    ...common,
    platform: "node",
    format: "cjs",
    entryPoints: ["client/extension.ts"],
    outfile: "dist/extension.cjs",
    external: ["vscode"],
  },
  // Only the extension starts a process: the server.
  {
    ...nodeModule,
    entryPoints: ["server/node.ts"],
    outfile: "dist/server.mjs",
    plugins: [without([...NETWORK_MODULES, "child_process"]), fromBrowserBundle],
  },
  { ...commonJs, entryPoints: ["cli/main.ts"], outfile: "dist/cli.cjs" },
  { ...nodeModule, entryPoints: ["cli/engine-bundle.ts"], outfile: "dist/engine.mjs" },
  { ...commonJs, entryPoints: ["cli/scan-bundle.ts"], outfile: "dist/scan.cjs" },
  { ...commonJs, entryPoints: ["cli/thread.ts"], outfile: "dist/thread.cjs" },
  {
    ...common,
    platform: "browser",
    format: "cjs",
    entryPoints: ["client/browser.ts"],
    outfile: "dist/web/extension.cjs",
    external: ["vscode"],
  },
  {
    ...common,
    platform: "browser",
    format: "cjs",
    entryPoints: ["server/shared.ts"],
    outfile: "dist/web/server.js",
    alias: treeSitterOfNode,
    external: ["fs", "fs/promises"],
    ...moduleOrWorker,
  },
].map((it) => ({ ...shipped, ...it, define: { ...shipped.define, ...it.define } }));

/** Every file below a folder whose name ends in one of the endings. */
function filesBelow(folder, ending, skip = []) {
  if (!existsSync(folder) || skip.includes(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : filesBelow(path, ending, skip);
    return entry.name.endsWith(ending) ? [path] : [];
  });
}

async function buildAll(list) {
  return Promise.all(list.filter(({ entryPoints }) => existsSync(entryPoints[0])).map((options) => build(options)));
}

function copyAssets() {
  mkdirSync("dist/web", { recursive: true });
  // Node reads the bundle of both servers as what it is: a script, no module.
  writeFileSync("dist/web/package.json", '{"type":"commonjs"}');
  cpSync("node_modules/web-tree-sitter/web-tree-sitter.wasm", "dist/web-tree-sitter.wasm");
  cpSync("node_modules/tree-sitter-python/tree-sitter-python.wasm", "dist/tree-sitter-python.wasm");
  writeSnippets();
  mkdirSync("dist/guide", { recursive: true });
  for (const section of readdirSync("guide").filter((it) => it.endsWith(".md")))
    cpSync(join("guide", section), join("dist/guide", section));
}

/**
 * What package.json gives VS Code itself: one file for each language. Python's have no prefix there, because the server
 * offers them where they fit; "Insert Snippet", "Surround With" and "Fill File" list them all the same.
 */
function writeSnippets() {
  const byLanguage = {};
  for (const family of readdirSync("snippets")
    .filter((it) => it.endsWith(".json"))
    .sort()) {
    for (const [title, entry] of Object.entries(JSON.parse(readFileSync(join("snippets", family), "utf8")))) {
      const { prefix, body, description, language = "python", isFileTemplate } = entry;
      const own = (byLanguage[language] ??= {});
      own[title] = {
        ...(language !== "python" && { prefix }),
        body,
        description,
        ...(isFileTemplate && { isFileTemplate }),
      };
    }
  }
  mkdirSync("dist/snippets", { recursive: true });
  for (const [language, entries] of Object.entries(byLanguage))
    writeFileSync(join("dist/snippets", `${language}.json`), JSON.stringify(entries));
}

/** Packages stay outside: what runs in this repository has node_modules at hand. */
const inRepository = { ...nodeModule, packages: "external", banner: {}, sourcemap: "linked", minify: false };

/**
 * Scripts and tests, in one call that keeps what they share in chunks: built one by one, each brings its own copy of
 * the product.
 */
async function buildForNode(entryPoints) {
  await build({
    ...inRepository,
    entryPoints,
    outbase: ".",
    outdir: "out",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
  });
}

/** A few tests as one file, which takes the place of the last one of its name. */
async function buildAsOne(files, outfile) {
  const contents = files.map((it) => `import ${JSON.stringify(`./${it.replaceAll("\\", "/")}`)};`).join("\n");
  const stdin = { contents, resolveDir: import.meta.dirname };
  // package.json says that a file which is imported for no name does nothing; tests do.
  await build({ ...inRepository, stdin, outfile, ignoreAnnotations: true });
}

/** These import what generate.ts writes, so generate.ts bundles them itself, later. */
const later = ["pages.ts", "proof-page.ts", "coverage.ts", "lists.ts", "rule-lists.ts"].map((it) =>
  join("scripts", it),
);
/** Import that too, and are run when everything is built. */
const whole = [join("scripts", "totals.ts"), join("scripts", "twins.ts")];
/** Import that too, as `bench` and `test/soak` do, and are run by their first file alone; `corpus` is what they share. */
const [corpus, precision, recall] = ["corpus", "precision", "recall"].map((it) => join("scripts", it));
const scripts = filesBelow("scripts", ".ts", [corpus, precision, recall]).filter(
  (it) => !later.includes(it) && !whole.includes(it),
);
const tools = [
  ...filesBelow("bench", ".ts"),
  ...whole,
  join(precision, "main.ts"),
  join(recall, "main.ts"),
  join("test", "soak", "main.ts"),
];
const tests = withTests ? filesBelow("test", ".test.ts", ["test/vscode"]) : [];

if (only) {
  await buildAsOne(only, valueOf("--into"));
  process.exit();
}
if (production) rmSync("dist", { recursive: true, force: true });
if (!onlyScripts) {
  // What was built of a file that is gone would still run, against chunks that are gone.
  if (!production || withTests) rmSync("out", { recursive: true, force: true });
  copyAssets();
  writeNotices((await buildAll(product)).map(({ metafile }) => metafile));
}
await buildForNode([...scripts, ...(onlyScripts ? [] : tools), ...tests]);
if (withTests) {
  const inside = "test/vscode/suite/index.ts";
  await buildAll([
    {
      ...common,
      platform: "node",
      format: "cjs",
      entryPoints: [inside],
      outfile: "out/test/vscode/suite/index.cjs",
      external: ["vscode", "mocha"],
    },
  ]);
}
