/** Projects: test cases of unittest, and the table of a `pyproject.toml`. */

export { covers, translatedTestCase, type TranslatedTestCase } from "../rewrite/test-case.js";
export { type TestNames } from "../rewrite/unittest-asserts.js";
export { FIND, projectTable, README, type Arguments, type Value } from "../rewrite/project-table.js";
