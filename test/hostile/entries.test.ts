/** Entries of the cache as chance damages and changes them. */

import { after, before, describe, it } from "mocha";
import { fuzzChecks, type FuzzChecks } from "./fuzz-checks.js";

describe("entries of the cache", () => {
  let checks: FuzzChecks;
  before(async () => {
    checks = await fuzzChecks();
  });
  after(() => checks.end());

  // `npm run soak -- --only hostile` goes on where this ends.
  it("are results of their file or nothing, whatever becomes of them", () => {
    for (let seed = 0; seed < 300; seed++) checks.entries(seed);
  });
});
