/** What the language status says of the Python and the libraries a file is checked for. */

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { targetText } from "../../client/target-text.js";

const english = (text: string, ...values: (string | number)[]) =>
  values.reduce<string>((said, it, at) => said.replace(`{${at}}`, String(it)), text);

describe("client: the target in the language status", () => {
  it("names Python and libraries with the places that say them", () => {
    assert.deepEqual(
      targetText(
        {
          python: "3.11",
          pythonFrom: "requires-python in pyproject.toml",
          libraries: [
            { name: "numpy", oldest: "1.26", oldestFrom: "pyproject.toml" },
            { name: "pandas", version: "2.2.1", versionFrom: "uv.lock", oldest: "1.5", oldestFrom: "pyproject.toml" },
            { name: "torch", version: "2.3.0", versionFrom: ".venv" },
          ],
        },
        english,
      ),
      {
        text: "Checked for Python 3.11",
        detail:
          "requires-python in pyproject.toml · numpy 1.26 or later (pyproject.toml) · pandas 2.2.1 (uv.lock) 1.5 or later (pyproject.toml) · torch 2.3.0 (.venv)",
      },
    );
  });

  it("says where what is allowed ends", () => {
    const ends = { below: "3", belowFrom: "pyproject.toml" };
    const { detail } = targetText(
      {
        python: "3.11",
        pythonFrom: ".venv",
        libraries: [
          { name: "numpy", ...ends },
          { name: "pandas", oldest: "1.5", oldestFrom: "pyproject.toml", ...ends },
          { name: "torch", oldest: "2.0", oldestFrom: "setup.cfg", ...ends },
        ],
      },
      english,
    );
    assert.equal(
      detail,
      ".venv · numpy below 3 (pyproject.toml) · pandas 1.5 or later, below 3 (pyproject.toml) · torch 2.0 or later (setup.cfg) below 3 (pyproject.toml)",
    );
  });

  it("says so where the project says nothing", () => {
    assert.deepEqual(targetText({ python: "3.10", libraries: [] }, english), {
      text: "Checked for Python 3.10",
      detail: "assumed: the project does not say",
    });
  });
});
