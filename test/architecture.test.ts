/** The house's own rules: who may import whom, no circles, a first line that says what a file is. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, it } from "mocha";

/** A file below the folder on the left may import its own folder and those on the right; nothing else. The longest folder that fits counts. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "analysis/text": [],
  "analysis/syntax": ["analysis/text", "web-tree-sitter"],
  "analysis/knowledge": ["analysis/semantics/types"],
  "analysis/notebook": ["analysis/text"],
  "analysis/configuration": ["analysis/syntax", "analysis/text", "smol-toml"],
  "analysis/semantics": ["analysis/knowledge", "analysis/syntax", "analysis/text"],
  "analysis/rewrite": ["analysis/knowledge", "analysis/rule", "analysis/semantics", "analysis/syntax", "analysis/text"],
  "analysis/rule": ["analysis/semantics", "analysis/syntax", "analysis/text"],
  "analysis/engine": [
    "analysis/configuration",
    "analysis/knowledge",
    "analysis/rule",
    "analysis/semantics",
    "analysis/syntax",
    "analysis/text",
    "smol-toml",
  ],
  "analysis/analyzer.ts": ["analysis"],
  "analysis/authoring.ts": ["analysis"],
  "analysis/authoring": ["analysis"],
  rules: ["analysis/authoring"],
  "rules/index.generated.ts": ["analysis/rule/rule", "rules"],
  "rules/gains.generated.ts": ["analysis/rule/gain"],
  refactorings: ["analysis/authoring"],
  "refactorings/index.generated.ts": ["analysis/rule/refactoring", "refactorings"],
  snippets: ["analysis/analyzer"],
  guide: ["analysis/analyzer"],
  search: ["guide/headings", "guide/synonyms.json", "minisearch", "stemmer"],
  "guide/constructs": ["analysis/authoring"],
  host: ["node:", "diff"],
  server: [
    "analysis/analyzer",
    "host",
    "rules/index.generated",
    "refactorings/index.generated",
    "guide",
    "search/page",
    "snippets",
    "node:",
    "vscode-languageserver",
    "vscode-jsonrpc",
  ],
  cli: [
    "analysis/analyzer",
    "host",
    "rules/index.generated",
    "rules/levels.generated",
    "guide",
    "search",
    "snippets",
    "server/node",
    "node:",
    "diff",
    "sarif",
  ],
  client: ["guide/headings", "search", "server/protocol", "node:", "vscode", "vscode-languageclient", "markdown-it"],
};

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : filesBelow(path);
    return entry.name.endsWith(".ts") || entry.name.endsWith(".mjs") ? [path] : [];
  });
}

const files = [
  "analysis",
  "rules",
  "refactorings",
  "guide",
  "snippets",
  "search",
  "server",
  "client",
  "cli",
  "host",
  "scripts",
  "bench",
  "test",
].flatMap(filesBelow);
const sources = new Map(files.map((it) => [it, readFileSync(it, "utf8")]));

/** Rules and refactorings do not import each other. One that is long has a folder of its own name, with parts that only it imports. */
const WITHOUT_NEIGHBOURS = new Set(["rules", "refactorings"]);

function privateFolder(file: string): readonly string[] {
  const itself = file.replace(/\.ts$/, "");
  return sources.has(`${dirname(file)}.ts`) ? [dirname(file)] : [itself];
}

/** What a file imports: paths from the root without an ending, or package names. */
function importsOf(file: string, withTypes = true): readonly string[] {
  // No quote stands between `import` and its `from`: without that, a text that ends in "from" would look like one.
  const statements = [
    ...sources.get(file)!.matchAll(/^(?:import|export)\s+(type\s+)?[^;"'`]*?from\s+"([^"]+)"|import\("([^"]+)"\)/gm),
  ];
  return statements.flatMap(([, type, from, dynamic]) => {
    if (type && !withTypes) return [];
    const target = from ?? dynamic!;
    return [target.startsWith(".") ? normalize(join(dirname(file), target)).replace(/\.js$/, "") : target];
  });
}

describe("architecture", () => {
  it("imports point one way only", () => {
    const homes = Object.keys(MAY_IMPORT).sort((a, b) => b.length - a.length);
    const problems = files.flatMap((file) => {
      const home = homes.find((it) => file === it || file.startsWith(`${it}/`));
      if (home === undefined) return [];
      const folder = home.endsWith(".ts") ? dirname(home) : home;
      const allowed = [...(WITHOUT_NEIGHBOURS.has(home) ? privateFolder(file) : [folder]), ...MAY_IMPORT[home]!];
      return importsOf(file)
        .filter(
          (it) =>
            !allowed.some(
              (prefix) =>
                it === prefix ||
                it.startsWith(prefix.endsWith(":") ? prefix : `${prefix}/`) ||
                (prefix === "vscode-languageclient" && it.startsWith(prefix)) ||
                (prefix === "vscode-languageserver" && it.startsWith(prefix)),
            ),
        )
        .map((it) => `${file} must not import ${it}`);
    });
    assert.deepEqual(problems, []);
  });

  it("has no circles of imported values", () => {
    const state = new Map<string, "open" | "done">();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === "done") return;
      if (state.get(file) === "open") {
        circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
        return;
      }
      state.set(file, "open");
      for (const target of importsOf(file, false))
        if (sources.has(`${target}.ts`)) visit(`${target}.ts`, [...path, file]);
      state.set(file, "done");
    };
    for (const file of files) visit(file, []);
    assert.deepEqual(circles, []);
  });

  it("has only one file that touches web-tree-sitter and one that knows both our ranges and the protocol's", () => {
    assert.deepEqual(
      files.filter((it) => importsOf(it).includes("web-tree-sitter")),
      ["analysis/syntax/parser.ts"],
    );
  });

  it("gives rules, refactorings and constructs one door, which passes on every topic", () => {
    const topics = filesBelow("analysis/authoring").map((it) => it.replace(/\.ts$/, ""));
    assert.deepEqual([...importsOf("analysis/authoring.ts")].sort(), topics.sort());
    assert.deepEqual(
      files.filter((it) => it !== "analysis/authoring.ts" && importsOf(it).some((from) => topics.includes(from))),
      [],
    );
  });

  it("says in each file's first line what the file is", () => {
    assert.deepEqual(
      files.filter((it) => !/^(#![^\n]*\n)?\/[/*]/.test(sources.get(it)!)),
      [],
    );
  });

  it("names the same rules in the folder, the test pages and the docs", () => {
    const names = (folder: string, ending: string) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((it) => it.includes("/") && it.endsWith(ending))
        .map((it) => it.slice(0, -ending.length))
        .sort();
    const rules = names("rules", ".ts").filter((it) => !sources.has(join("rules", `${dirname(it)}.ts`)));
    assert.deepEqual(names("test/rules", ".md"), rules);
    assert.deepEqual(names("docs/rules", ".md"), rules);
  });

  it("leads somewhere with every link of its documents", () => {
    const below = readdirSync("docs", { recursive: true, encoding: "utf8" })
      .filter((it) => it.endsWith(".md"))
      .map((it) => join("docs", it));
    const broken = [...readdirSync(".").filter((it) => it.endsWith(".md")), ...below].flatMap((file) => {
      const links = readFileSync(file, "utf8")
        .replaceAll(/^```[^]*?^```/gm, "")
        .matchAll(/\]\((?!\w+:)([^)#\s]+)[^)]*\)/g);
      return [...links].flatMap(([, target]) =>
        existsSync(join(dirname(file), target!)) ? [] : [`${file}: ${target}`],
      );
    });
    assert.deepEqual(broken, []);
  });
});
