/** What stands in the list of problems: one short line of plain text for each finding, whatever the rule. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";

/** In characters. A list of problems shows about this much beside the editor; the why is in the hover. */
const LONGEST = 180;
/** Without the code that a message quotes, whose length is the user's. */
const LONGEST_OWN = 160;

const FOLDER = "test/rules";
const messages = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((it) => it.endsWith(".snap.txt"))
  .flatMap((file) =>
    [
      ...readFileSync(join(FOLDER, file), "utf8").matchAll(/^(?:error|warning|info|hint) \(evidence [^)]*\): (.*)$/gm),
    ].map(([, message = ""]) => ({ rule: file.replace(".snap.txt", ""), message })),
  );
const among = (fits: (message: string) => boolean) =>
  messages.filter((it) => fits(it.message)).map(({ rule, message }) => `${rule}: ${message}`);

describe("messages of findings", () => {
  it("are short, also without the code that they quote", () => {
    assert.ok(messages.length > 1000);
    assert.deepEqual(
      among((it) => it.length > LONGEST || it.replace(/`[^`]*`/g, "``").length > LONGEST_OWN),
      [],
    );
  });

  it("end like sentences", () => {
    assert.deepEqual(
      among((it) => !/[.!?]$/.test(it)),
      [],
    );
  });

  it("hold no Markdown but the marks around code, which editors are not sent", () => {
    assert.deepEqual(
      among(
        (it) =>
          /(^|\s)\*\*\S|__\w+__(?![`\w])|\]\(|^#|<\w+>/.test(it.replace(/`[^`]*`/g, "")) ||
          (it.split("`").length - 1) % 2 > 0,
      ),
      [],
    );
  });
});
