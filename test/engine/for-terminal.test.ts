/** A module that is there to print, by its name, may print. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { rules } from "../../rules/index.generated.js";
import { check } from "../harness/check.js";

const SOURCE = "def store(values):\n    print('stored')\n    return values\n";

async function reported(path: string): Promise<readonly string[]> {
  const asked = rules.filter((it) => it.name === "logging/print-in-library");
  return (await check(SOURCE, asked, undefined, path)).findings.map((it) => it.rule);
}

describe("modules for the terminal", () => {
  it("may print", async () => {
    for (const path of ["tools/printer.py", "app/console.py", "app/cli.py", "pretty_print.py", "app/_terminal.py"])
      assert.deepEqual(await reported(path), [], path);
  });

  it("are told by the name of the file alone", async () => {
    for (const path of ["cli/store.py", "app/client.py", "app/fingerprint.py", "consoles.py"])
      assert.deepEqual(await reported(path), ["logging/print-in-library"], path);
  });
});
