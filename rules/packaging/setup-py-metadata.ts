/** `setup(name=…, version=…)`: metadata in a program instead of a table that tools can read. */

import { asCall, defineRule, expressionOf, type Match, type Node } from "../../analysis/authoring.js";

interface Metadata extends Match {
  readonly at: Node;
  readonly keys: readonly string[];
}

/** What has a place in the table `[project]`. */
const TABLE = new Set(
  "name version description long_description author author_email maintainer maintainer_email url license keywords classifiers python_requires install_requires extras_require entry_points project_urls".split(
    " ",
  ),
);

export default defineRule({
  title: "Metadata in setup.py",
  why: "What stands in `setup()` is known only after the file was run, with all it imports. The table `[project]` of pyproject.toml says the same to every tool, whatever builds the package, and needs no code.",
  guide: "packaging",
  level: "hint",
  gain: "clarity",
  imports: ["setuptools", "distutils"],

  examples: [
    {
      before: `
from setuptools import find_packages, setup

setup(
    name="text-features",
    version="0.1.0",
    packages=find_packages(),
    install_requires=["numpy>=2"],
)
`,
    },
  ],

  on: ["call"],
  calls: ["setuptools.setup", "distutils.core.setup"],

  find(node, { facts }): Metadata | undefined {
    const call = asCall(node);
    if (!call || facts.isTest) return undefined;
    const keys = [...call.keywords.keys()].filter((it) => TABLE.has(it));
    // What is built, and how, has to be a program where there is something to compile.
    const isBuild = ["ext_modules", "cmdclass", "distclass", "rust_extensions", "cffi_modules"].some((it) =>
      call.keywords.has(it),
    );
    if (!keys.includes("name") || keys.length < (isBuild ? 4 : 2)) return undefined;
    if (expressionOf(node.parent!) !== node) return undefined;
    return { at: call.callee, evidence: "proof", weight: isBuild ? "unknown" : "heavy", keys };
  },

  message: ({ keys }) =>
    `\`${keys[0]}\`, \`${keys[1]}\`${keys.length > 2 ? ` and ${keys.length - 2} more` : ""} can stand in the table [project] of pyproject.toml, which is read without running code.`,
});
