/** What is made of the table of settings: the JSON Schema for other tools, and docs/configuration.md. */
import { LEVEL_NOTES, namedRules, SCHEMA_URL, SETTINGS, type Setting } from "../analysis/analyzer.js";
import { guideUrl } from "../guide/address.js";
import { rules } from "../rules/index.generated.js";
import { areas } from "./rule-lists.js";

/** For nippy.toml as a whole and for [tool.nippy]. Draft 7 is what editors and SchemaStore read. */
export function settingsSchema(): string {
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: SCHEMA_URL,
    title: "Nippy",
    description: "Settings of Nippy in nippy.toml or under [tool.nippy] in pyproject.toml.",
    type: "object",
    properties: Object.fromEntries(Object.entries<Setting>(SETTINGS).map(([key, it]) => [key, schemaOf(it)])),
    additionalProperties: false,
    definitions: {
      level: {
        description: "A finding's level, `off`, or `default` for the rule's own.",
        oneOf: Object.entries(LEVEL_NOTES).map(([level, description]) => ({ const: level, description })),
      },
      levels: {
        type: "object",
        properties: { ...ruleProperties(), ...areaProperties(), ...codeProperties() },
        // Everything else must be a glob; a misspelt name has no star.
        patternProperties: { "\\*": { $ref: "#/definitions/level" } },
        additionalProperties: false,
      },
    },
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

function schemaOf({ says, holds, words, most, pattern }: Setting): object {
  const description = says.replaceAll("`", "");
  switch (holds) {
    case "levels":
      return { description, allOf: [{ $ref: "#/definitions/levels" }] };
    case "files":
      return { description, type: "object", additionalProperties: { $ref: "#/definitions/levels" } };
    case "globs":
      return { description, type: "array", items: { type: "string" } };
    case "switch":
      return { description, type: "boolean" };
    case "number":
      return { description, type: "integer", minimum: 1, ...(most !== undefined && { maximum: most }) };
    case "words":
      return pattern === undefined
        ? { description, enum: words }
        : { description, type: "string", anyOf: [{ enum: words }, { pattern }] };
    case "path":
      return { description, type: "string", ...(pattern !== undefined && { pattern }) };
  }
}

const LEVEL = { $ref: "#/definitions/level" };

/** In full, and by the part after the slash where that is enough. */
function ruleProperties(): Record<string, object> {
  return Object.fromEntries(
    rules.flatMap(({ name, title, guide }) => {
      const property = { description: title, "x-taplo": { links: { key: guideUrl(guide) } }, allOf: [LEVEL] };
      const short = name.slice(name.indexOf("/") + 1);
      return [name, ...("names" in namedRules(short, rules) ? [short] : [])].map((it) => [it, property] as const);
    }),
  );
}

function areaProperties(): Record<string, object> {
  return Object.fromEntries(
    areas().map((it) => [it, { description: `Every rule of the area ${it}.`, allOf: [LEVEL] }]),
  );
}

function codeProperties(): Record<string, object> {
  const codes = [...new Set(rules.flatMap((it) => it.overlaps))].sort();
  return Object.fromEntries(
    codes.map((code) => {
      const names = rules.filter((it) => it.overlaps.includes(code)).map((it) => it.name);
      const whose = isPylint(code) ? "Pylint" : "Ruff";
      return [code, { description: `${whose}'s code for ${names.join(", ")}.`, allOf: [LEVEL] }];
    }),
  );
}

/** `W1518`; pycodestyle's, which Ruff has, are shorter. */
function isPylint(code: string): boolean {
  return /^[CEFRW]\d{4}$/.test(code);
}

/** docs/configuration.md */
export function configurationPage(): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const rows = Object.entries<Setting>(SETTINGS).map(
    ([key, { says, fallback }]) => `| \`${key}\` | ${cell(says)} | ${cell(fallback)} |`,
  );
  const levels = Object.entries(LEVEL_NOTES).map(([level, says]) => `| \`${level}\` | ${says} |`);
  const examples = Object.values<Setting>(SETTINGS).map((it) => it.example);
  const tables = examples.filter((it) => it.startsWith("["));
  const values = examples.filter((it) => !it.startsWith("["));
  return `<!-- Made by scripts/settings-pages.ts from analysis/engine/setting-table.ts. Do not edit. -->

# Configuration

Nippy reads \`nippy.toml\`, or \`[tool.nippy]\` in \`pyproject.toml\`. The file closest to the checked file counts, \`nippy.toml\` before \`pyproject.toml\` in one folder; those further up add nothing unless the closest one extends them.
\`nippy init\` writes a first \`nippy.toml\` that explains every setting; \`nippy init --pyproject\` adds the table to \`pyproject.toml\`.

| setting | what it does | without it |
| --- | --- | --- |
${rows.join("\n")}

\`\`\`toml
${[...values, ...tables].join("\n\n")}
\`\`\`

In \`pyproject.toml\` the same stands under \`[tool.nippy]\`, \`[tool.nippy.levels]\` and \`[tool.nippy.per-file-levels]\`.

## Levels

| level | what it means |
| --- | --- |
${levels.join("\n")}

A rule can be named in five ways, here and after \`--select\` and \`--ignore\`: in full (\`pandas/iterrows\`), by a glob (\`pandas/*\`), by its area (\`pandas\`), by the part after the slash where only one rule has it (\`iterrows\`), or by Ruff's code for the same pattern (\`PERF401\`). \`nippy explain\` takes the same names.

## What holds for a file

\`nippy config src/app.py\` prints what holds and which line of which file says so; \`--format json\` is for programs. In the editor it is "Nippy: Show Effective Configuration".

From the weakest word to the strongest: the rule's own level; what the project's files say of Python and of libraries ([target.md](target.md)); the files that the configuration extends, the furthest one first; \`levels\`; \`per-file-levels\`; the editor's settings or the options of the command line. The editor's setting \`nippy.configurationPreference\` puts the project last (\`projectFirst\`), or leaves it out (\`editorOnly\`).

## Mistakes

A wrong value, an unknown setting or a rule that does not exist ends \`nippy check\` with exit code 2, with the line and column of each mistake, so that a misspelt level does not leave a build green. With \`--lenient\` they are warnings and the rest of the file counts. The editor marks them in the file and goes on with the rest.

## extend

The path is relative to the file that names it. It may lead to a \`nippy.toml\`, a file of that form under another name, or a \`pyproject.toml\` with \`[tool.nippy]\`, which may extend another one in turn: five files in a row at most. Levels of all of them count, later ones last; of every other setting the nearest word counts.
Absolute paths, addresses, and what lies outside of the repository (or, where there is none, outside of the folder of the file) are refused, also through links ([026](decisions/026-what-a-configuration-may-name.md)).

## JSON Schema

[assets/nippy.schema.json](../assets/nippy.schema.json) (draft-07) describes \`nippy.toml\` and the table \`[tool.nippy]\`. The extension tells [Even Better TOML](https://marketplace.visualstudio.com/items?itemName=tamasfe.even-better-toml) and Tombi of it, which read it from the address below, and has a copy in its folder \`assets\` for those without a network. Other editors with Taplo or Tombi find it by a first line:

\`\`\`toml
#:schema ${SCHEMA_URL}
\`\`\`

For [SchemaStore](https://www.schemastore.org) this is the entry of the catalogue; its schema of \`pyproject.toml\` gets a property \`nippy\` below \`tool\` with a \`$ref\` to the same address:

\`\`\`json
{
  "name": "Nippy",
  "description": "Settings of Nippy, a linter for slow, heavy and fragile Python",
  "fileMatch": ["nippy.toml"],
  "url": "${SCHEMA_URL}"
}
\`\`\`
`;
}
