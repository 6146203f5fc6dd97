/** What package.json gives to people and to language models: settings in order, tools in few words, a skill that fits them, a short walkthrough. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, it } from "mocha";

interface Setting {
  readonly order?: number;
  readonly scope?: string;
  readonly markdownDescription?: string;
  readonly deprecationMessage?: string;
  readonly markdownDeprecationMessage?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
}

const { contributes } = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly contributes: {
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
    readonly languageModelTools: readonly {
      readonly name: string;
      readonly modelDescription: string;
      readonly inputSchema: { readonly properties: object };
    }[];
    readonly chatSkills: readonly { readonly path: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly media: { readonly svg: string }; readonly description: string }[];
    }[];
  };
};
const strings = JSON.parse(readFileSync("package.nls.json", "utf8")) as Readonly<Record<string, string>>;
const text = (key: string | undefined) => strings[(key ?? "").replaceAll("%", "")];

describe("the manifest: settings", () => {
  const settings = Object.entries(contributes.configuration.properties);

  it("stand in one order, each with a default and a description that may hold links", () => {
    assert.deepEqual(
      settings.map(([, it]) => it.order),
      settings.map((_, index) => index + 1),
    );
    for (const [name, it] of settings) {
      assert.ok(text(it.markdownDescription), `${name} is described`);
      assert.notEqual(it.default, undefined, name);
      assert.equal(it.enumDescriptions?.length, it.enum?.length, `${name}: every choice is described`);
    }
  });

  it("can differ from folder to folder, but for what is about the server itself", () => {
    const wide = settings.filter(([, it]) => it.scope !== "resource").map(([name, it]) => [name, it.scope]);
    assert.deepEqual(wide, [["nippy.trace.server", "window"]]);
  });

  it("that are given up name what replaces them", () => {
    for (const [name, it] of settings) {
      const told = text(it.markdownDeprecationMessage);
      assert.equal(it.deprecationMessage === undefined, told === undefined, name);
      if (told === undefined) continue;
      const [, other = ""] = /`#(nippy\.[\w.]+)#`/.exec(told) ?? [];
      assert.ok(other in contributes.configuration.properties, `${name} leads to a setting`);
    }
  });
});

describe("the manifest: assistants", () => {
  const { languageModelTools: tools, chatSkills } = contributes;

  it("have tools whose descriptions cost little of every request", () => {
    const size = tools.reduce((sum, it) => sum + it.modelDescription.length + JSON.stringify(it.inputSchema).length, 0);
    assert.ok(size < 3000, `${size} characters`);
    for (const { name, modelDescription } of tools) {
      assert.match(name, /^(?!copilot_|vscode_)[\w-]+$/);
      assert.doesNotMatch(modelDescription, /%/);
    }
  });

  it("have a skill with a name, a purpose and the tools that there are, computed fixes before written ones", () => {
    assert.equal(chatSkills.length, 1);
    const { path } = chatSkills[0]!;
    const skill = readFileSync(path, "utf8");
    const [, front = "", body = ""] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(skill) ?? [];
    assert.equal(/^name: (.*)$/m.exec(front)?.[1], basename(dirname(path)));
    const description = /^description: (.*)$/m.exec(front)?.[1] ?? "";
    assert.ok(description.length > 50 && description.length <= 1024);
    assert.ok(body.length < 5000);
    const named = new Set(body.match(/\bnippy_\w+/g));
    assert.deepEqual([...named].sort(), tools.map((it) => it.name).sort());
    assert.ok(body.indexOf("nippy_safe_fixes") < body.indexOf("nippy_explain"));
    const packed = readFileSync(".vscodeignore", "utf8");
    assert.match(packed, /^!assets\/skills\/\*\*\/\*$/m);
  });
});

describe("the README", () => {
  const readme = readFileSync("README.md", "utf8");

  it("shows what Nippy does in moving pictures, and every setting", () => {
    const picture = /!\[[^\]]{40,}\]\((assets\/[\w-]+\.gif)\)/.exec(readme)?.[1];
    assert.ok(picture, "with words for those who do not see it");
    // Each picture of a GIF comes with how long it stays, in hundredths of a second.
    const bytes = readFileSync(picture).toString("latin1");
    const stays = [...bytes.matchAll(/\x21\xf9\x04[^](..)[^]\x00/gs)].map(
      ([, it = ""]) => it.charCodeAt(0) + 256 * it.charCodeAt(1),
    );
    assert.ok(stays.length >= 5, `${stays.length} pictures`);
    const seconds = stays.reduce((sum, it) => sum + it, 0) / 100;
    assert.ok(seconds >= 20 && seconds <= 40, `${seconds} s`);
    assert.ok(bytes.length < 1_500_000, `${bytes.length} bytes`);
    for (const name of Object.keys(contributes.configuration.properties))
      assert.ok(readme.includes(`| \`${name}\` |`), name);
  });
});

describe("the manifest: the walkthrough", () => {
  it("has six steps at most, with pictures in the colours of the theme", () => {
    const steps = contributes.walkthroughs.flatMap((it) => it.steps);
    assert.ok(steps.length > 0 && steps.length <= 6);
    for (const { media } of steps) {
      assert.ok(existsSync(media.svg), media.svg);
      assert.match(readFileSync(join(media.svg), "utf8"), /var\(--vscode-/, media.svg);
    }
  });
});
