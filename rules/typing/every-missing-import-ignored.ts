/** `ignore_missing_imports = true` for a whole project: then mypy says nothing of a misspelt import either. */

import { asSetting, defineRule, isOn, type Match, type Setting } from "../../analysis/authoring.js";

interface Blind extends Match {
  readonly setting: Setting;
}

export default defineRule({
  title: "Every missing import passed over by mypy",
  why: "With this in the global table mypy takes what it cannot import for a value of any type, and says nothing of a misspelt module or a package that is not installed. For the few libraries without types it can stand in a table of their own.",
  guide: "type-hints",
  level: "hint",
  gain: "safety",
  document: "configuration",

  examples: [
    {
      file: "pyproject.toml",
      before: `
[tool.mypy]
strict = true
ignore_missing_imports = true
`,
      after: `
[tool.mypy]
strict = true

[[tool.mypy.overrides]]
module = ["faiss.*"]
ignore_missing_imports = true
`,
    },
  ],

  on: ["setting"],

  find(node): Blind | undefined {
    const setting = asSetting(node);
    if (!setting || setting.path.at(-1) !== "ignore_missing_imports" || !isOn(setting.value)) return undefined;
    const table = setting.path.slice(0, -1).join(".");
    const isGlobal = setting.format === "toml" ? table === "tool.mypy" : table === "mypy" && isMypy(setting.fileName);
    if (!isGlobal) return undefined;
    return { at: setting.key, evidence: "proof", weight: "light", setting };
  },

  message: ({ setting: { format } }) =>
    `mypy passes over misspelt and missing modules too; name the libraries without types in ${format === "toml" ? "`[[tool.mypy.overrides]]`" : "`[mypy-…]` sections"}.`,
});

const isMypy = (fileName: string) => /^(?:\.?mypy\.ini|setup\.cfg)$/.test(fileName);
