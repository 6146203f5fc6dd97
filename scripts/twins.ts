/** `npm run twins -- PART`: what Ruff reports of the examples and cases of the rules that name twins, to write their `unlike` by. */
import { rules } from "../rules/index.generated.js";
import { isRuffCode, seenOf, type Place } from "../test/harness/twins.js";

const [part = ""] = process.argv.slice(2);

function show(whose: string, places: readonly Place[]): void {
  for (const { title, line, text } of places) console.log(`  ${whose}  ${title}, line ${line}: ${text}`);
}

for (const rule of rules.filter((it) => it.name.includes(part))) {
  const codes = rule.overlaps.filter(isRuffCode);
  if (codes.length === 0) continue;
  const { both, ours, theirs } = await seenOf(rule, codes, true);
  console.log(`\n${rule.name}, unlike ${codes.join(", ")}: ${rule.unlike}`);
  console.log(
    `  ${both.length} of our ${both.length + ours.length} places are theirs too, ${theirs.length} only theirs`,
  );
  show("only ours  ", ours);
  show("only theirs", theirs);
}
