/** `npm run docs:totals`: the sums that no page holds, because every new rule would change them. */
import { rules } from "../rules/index.generated.js";
import { coverageTotals } from "./coverage.js";
import { precisionTotals } from "./precision/report.js";
import { proofTotals } from "./proof-page.js";
import { areas } from "./rule-lists.js";

const proof = proofTotals();

console.log(`Rules: ${rules.length}`);
for (const area of areas()) console.log(`  ${area}: ${rules.filter((it) => it.name.startsWith(`${area}/`)).length}`);
console.log(
  `\nProof: ${proof.rules} rules have a fix; ${proof.run} of the ${proof.programs} programs on their pages are run before and after it`,
);
console.log("\nCoverage:");
for (const { means, planned, missing } of coverageTotals())
  console.log(
    `  ${means}: ${planned - missing.length} of ${planned}${missing.length > 0 ? `; not yet: ${missing.join(", ")}` : ""}`,
  );
console.log("\nPrecision:");
for (const line of precisionTotals()) console.log(`  ${line}`);
