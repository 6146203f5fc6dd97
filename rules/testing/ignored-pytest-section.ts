/** `[tool:pytest]` in a pytest.ini: a table that pytest looks for in another file, so that nothing in it counts. */

import {
  asSettingTable,
  defineRule,
  fixOf,
  replace,
  tableNames,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Misplaced extends Match {
  readonly table: Node;
  readonly fileName: string;
  readonly right: string;
}

export default defineRule({
  title: "Options that pytest does not read here",
  why: "The table's name depends on the file: `[pytest]` in pytest.ini and tox.ini, `[tool:pytest]` in setup.cfg, `[tool.pytest.ini_options]` in pyproject.toml. Under another name the options are passed over in silence, or pytest refuses to start.",
  guide: "testing",
  level: "warning",
  gain: "safety",
  document: "configuration",
  fixes: "review",

  examples: [
    {
      file: "pytest.ini",
      before: `
[tool:pytest]
testpaths = tests
addopts = --strict-markers
`,
      after: `
[pytest]
testpaths = tests
addopts = --strict-markers
`,
    },
  ],

  on: ["setting_table"],

  find(node, { facts }): Misplaced | undefined {
    const table = asSettingTable(node);
    if (!table) return undefined;
    const { fileName, path } = table;
    const name = path.join(".");
    const right = rightFor(fileName, name);
    if (right === undefined) return undefined;
    // Where the right one is there too, this one is known not to count.
    if (tableNames(node).has(right)) return undefined;
    if (facts.isArchived) return undefined;
    return { at: node, evidence: "proof", weight: "heavy", table: node, fileName, right };
  },

  message: ({ fileName, right }) =>
    `pytest does not read this in ${fileName}; there its options stand under \`[${right}]\`.`,

  fix: ({ table, right }) =>
    fixOf(`Call it \`[${right}]\``, ["the options begin to count"], [replace(table, `[${right}]`)]),
});

function rightFor(fileName: string, name: string): string | undefined {
  if (fileName === "pyproject.toml")
    return /^(?:pytest|pytest\.ini_options|tool\.pytest\.ini-options)$/.test(name)
      ? "tool.pytest.ini_options"
      : undefined;
  if (fileName === "setup.cfg")
    return name === "pytest" || name === "tool.pytest.ini_options" ? "tool:pytest" : undefined;
  const isPytest = /^\.?pytest\.ini$/.test(fileName) || fileName === "tox.ini";
  return isPytest && /^(?:tool:pytest|tool\.pytest\.ini_options)$/.test(name) ? "pytest" : undefined;
}
