/** `npm run new-rule area/name`: writes a rule and its test page, both failing until they are filled, and registers it. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const name = process.argv[2] ?? "";
if (!/^[a-z0-9]+\/[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
  console.error("Give the rule's name: npm run new-rule area/noun-phrase-of-the-bad-pattern");
  process.exit(2);
}
const rule = `rules/${name}.ts`;
const page = `test/rules/${name}.md`;
for (const path of [rule, page]) {
  if (!existsSync(path)) continue;
  console.error(`${path} exists already.`);
  process.exit(2);
}

const write = (path: string, text: string) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`wrote ${path}`);
};

write(
  rule,
  `/** One line that says what this rule finds. */

import { asCall, defineRule, replace } from "../../analysis/authoring.js";

export default defineRule({
  title: "Say what is found",
  why: "Say in one to three sentences what it costs and why.",
  guide: "code-level",
  level: "info",
  gain: "time",
  fixes: "review",

  examples: [
    {
      before: \`
print(1)
\`,
      after: \`
print(2)
\`,
    },
  ],

  on: ["call"],

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || facts.nameOf(call.callee) !== "module.function") return undefined;
    return { at: call.callee };
  },

  message: ({ at }) => \`Say of \${at.text} what is wrong and what to do.\`,

  fix: ({ at }) => ({ title: "Say what the fix does (review: and its doubt)", safety: "review", edits: [replace(at, "better")] }),
});
`,
);
write(
  page,
  `# ${name}

## Wakes on the plain case

\`\`\`python
print(1)  # expect: ${name}
\`\`\`

\`\`\`python fixed
print(2)
\`\`\`

## Sleeps when the name is another library's

\`\`\`python
print(1)
\`\`\`
`,
);
console.log("Next: fill both in, then `npm run generate` and `npm test`. `npm run tree FILE` shows how Python is parsed.");
