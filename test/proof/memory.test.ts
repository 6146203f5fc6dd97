/** A program that takes all the memory there is gets an error instead: the machine goes on. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { pythonWith } from "../harness/python.js";
import { outcomes, type Job } from "./prover.js";

describe("the memory of a proof", () => {
  it("is bounded", async function () {
    this.timeout(600_000);
    const found = pythonWith([]);
    // Where nothing tells what a process has taken already there is no bound.
    if ("reason" in found || process.platform !== "linux") return this.skip();
    const before = "def size() -> int:\n    return len(bytearray(6 << 30))\n";
    const job: Job = { before, after: before, setup: "", driver: "size()\n", strict: true, findings: [] };
    const seen = await outcomes(found.path, job, []);
    for (const it of [seen.before, seen.after]) {
      const text = JSON.stringify(it);
      assert.ok(text.includes("MemoryError"), text.slice(0, 2_000));
    }
  });
});
