/** What "Copy Debug Information" tells of a window, and what it does not. */

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { debugText } from "../../client/debug-text.js";

const MACHINE = {
  nippy: "1.2.3",
  editor: "Visual Studio Code 1.112.0 (desktop)",
  system: "linux x64, Node 22.1.0",
  remote: "ssh-remote",
  isTrusted: false,
  server: "running",
};
const failure = (message: string) => ({ time: new Date(0), message });

describe("client: debug information", () => {
  it("tells versions, where the window runs, settings and failures", () => {
    const text = debugText(MACHINE, { run: "onSave" }, [failure("The rule a/b failed: TypeError: no x")], []);
    for (const part of ["Nippy 1.2.3, server running", "1.112.0", "remote: ssh-remote", "Restricted Mode", "linux x64"])
      assert.ok(text.includes(part), part);
    assert.match(text, /"run": "onSave"/);
    assert.match(text, /- 1970-01-01T00:00:00.000Z The rule a\/b failed: TypeError: no x\n/);
    assert.match(debugText(MACHINE, {}, [], []), /Last failures:\n\nnone\n/);
  });

  it("keeps folders of the user to itself, in failures and in globs", () => {
    const text = debugText(
      MACHINE,
      { exclude: ["**/secret-project/**"] },
      [
        failure("ENOENT: no such file, open '/home/Jane Doe/secret-project/a.py'"),
        failure("at file:///srv/secret-project/dist/server.mjs:3:1 and C:\\Users\\jane\\secret-project\\b.py"),
        failure("/opt/secret-project/c.py"),
      ],
      ["/home/Jane Doe/secret-project", "/home/Jane Doe"],
    );
    assert.doesNotMatch(text, /secret|[Jj]ane|Doe|srv|opt/);
    for (const part of ["a.py", "server.mjs:3:1", "b.py", "c.py", '"exclude": "1 globs"'])
      assert.ok(text.includes(part), part);
  });
});
