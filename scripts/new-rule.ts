/** `npm run new-rule area/name`: writes a rule and its test page, which run at once and are red until their TODOs are done, and makes what is derived of them. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AREAS } from "./areas.js";
import { catalogueNames, strayName } from "./catalogue.js";

const name = process.argv[2] ?? "";
if (!/^[a-z0-9]+\/[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
  console.error("Give the rule's name: npm run new-rule area/noun-phrase-of-the-bad-pattern");
  process.exit(2);
}
const area = name.split("/")[0]!;
const rule = `rules/${name}.ts`;
const page = `test/rules/${name}.md`;
for (const path of [rule, page]) {
  if (!existsSync(path)) continue;
  console.error(`${path} exists already.`);
  process.exit(2);
}

/** Areas that are about one library. */
const LIBRARIES: Readonly<Record<string, string>> = {
  dask: "dask",
  matplotlib: "matplotlib",
  numba: "numba",
  numpy: "numpy",
  pandas: "pandas",
  polars: "polars",
  pyspark: "pyspark",
  pytorch: "torch",
  sklearn: "sklearn",
  tensorflow: "tensorflow",
};
const module = LIBRARIES[area] ?? "module";

/** The section of the guide that the area's other rules lead to. */
function guideOf(): string {
  const folder = join("rules", area);
  const texts = existsSync(folder) ? readdirSync(folder).map((it) => readFileSync(join(folder, it), "utf8")) : [];
  return texts.map((it) => /^ {2}guide: "(.+)",$/m.exec(it)?.[1]).find((it) => it !== undefined) ?? "code-level";
}

const write = (path: string, text: string) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`wrote ${path}`);
};

const python = (lines: string, info = "") => `\`\`\`python${info}\n${lines}\`\`\`\n`;
const program = (body: string) => `import ${module}\n\ndef run(values):\n    ${body}\n`;

write(
  rule,
  `/** TODO(rule): one line that says what this rule finds. */

import { declined, defineRule, fixOf, hasComments, replace } from "../../analysis/authoring.js";

export default defineRule({
  title: "TODO(rule): what is found, as a noun phrase",
  why: "TODO(rule): one to three sentences that say what it costs and why.",
  guide: "${guideOf()}",
  // Of a finding that is certain and heavy. Below: time, memory, complexity (these need a Gain on the page), safety or clarity.
  level: "info",
  gain: "clarity",
  // Files that import none of these are skipped; use \`words\` instead if the rule is about no library.
  imports: ["${module}"],
  // Codes of equivalent Ruff rules.
  overlaps: [],
  // Less specific rules whose findings are dropped where this one reports the same code.
  overrides: [],
  // The best safety that the fix can have.
  fixes: "review",

  examples: [
    {
      before: \`
${program(`return ${module}.slow(values)`)}\`,
      after: \`
${program(`return ${module}.quick(values)`)}\`,
    },
  ],

  on: ["call"],
  // Only these calls, through imports and aliases; \`methods\` names methods of whatever object.
  calls: ["${module}.slow"],

  // Cheap questions first, facts last. Report only what you have evidence for; ask in \`fix\` what only the fix needs.
  find(_node, _file, call) {
    // \`evidence\` and \`weight\` go here too where a finding is less than certain and heavy.
    return { at: call.callee, call };
  },

  message: ({ at }) => \`TODO(rule): say of \\\`\${at.tree.text.slice(at.start, at.end)}\\\` what is wrong and why it matters.\`,

  fix({ call }) {
    if (hasComments(call.callee)) return declined("a comment stands in the name");
    // Without doubts a fix is safe: the same results, exceptions, order of effects and comments.
    return fixOf("Call quick()", ["TODO(rule): what may differ afterwards"], [replace(call.callee, "${module}.quick")]);
  },
});
`,
);
write(
  page,
  `# ${name}

Candidates: call matching /TODO(rule): what a reviewer would look at with this rule in mind, wider than the rule/

## Reports the plain case

${python(program(`return ${module}.slow(values)  # expect: ${name}`))}
${python(program(`return ${module}.quick(values)`), " fixed")}
## Reports TODO(rule): another form of it

${python(`from ${module} import slow as other\n\ndef run(values):\n    return other(values)  # expect: ${name}\n`)}
## Reports TODO(rule): a case without a fix

${python(program(`return (${module}.  # why  # expect: ${name}\n            slow)(values)`))}
## Accepts TODO(rule): where another library has the name

${python(`import other\n\ndef run(values):\n    return other.slow(values)\n`)}
## Accepts TODO(rule): where the name is bound to something else

${python(`import ${module}\n\ndef run(values, ${module}):\n    return ${module}.slow(values)\n`)}
## Accepts TODO(rule): where the code is right as it is

${python(`import ${module}\n\ndef run(values):\n    return ${module}.quick(values)\n`)}
## Gain

TODO(rule): leave this section out where the gain is safety or clarity.

${python(`unit = "values"\nsizes = [100, 2_000, 40_000]\n\ndef inputs(n):\n    return (list(range(n)),)\n`, " gain")}`,
);
const { status } = spawnSync(process.execPath, ["out/scripts/generate.js"], { stdio: "inherit" });
if (!catalogueNames().includes(name))
  console.log(`Note: ${strayName(name, catalogueNames(), "in rules/catalogue.json")}`);
if (AREAS[area] === undefined) console.log(`First: say in scripts/areas.ts what the area ${area} is about.`);
console.log(`
Next:
  npm run tree FILE                 how Python is parsed
  npm run test:rule ${name}
  npm run test:rule ${name} -- --update   keeps what is reported as its snapshot
  npm run gains -- ${name}          where the gain is time, memory or complexity
  npm run generate, npm run types, npm test`);
process.exitCode = status ?? 1;
