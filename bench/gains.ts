/**
 * `npm run gains [-- PART…] [--dry] [--pages FOLDER] [--python PATH]…`: measures what following each rule brings, on the workload of the Gain block of its page, and merges it into bench/gains.json.
 * PART is a part of a rule's name. `--dry` prints and writes nothing; `--pages` takes the blocks from pages in another folder, and is dry.
 * `--python` only adds what rules about memory save under another Python to the figures that there are.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { rules } from "../rules/index.generated.js";
import { figuresText, keepFigures, mergeElsewhere, mergeFigures } from "./gains/figures.js";
import { measure, measureMemory } from "./gains/run.js";
import { claimsGain, digestOf, PAGES, workloadOf } from "./gains/workload.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dry: { type: "boolean", default: false },
    pages: { type: "string", default: PAGES },
    python: { type: "string", multiple: true, default: [] },
  },
});
const isDry = values.dry || values.pages !== PAGES;
const wanted = rules.filter(({ name }) => positionals.length === 0 || positionals.some((it) => name.includes(it)));
const problems: string[] = [];
let measured = 0;

for (const rule of wanted) {
  const workload = workloadOf(rule, values.pages);
  if (!workload) {
    if (claimsGain(rule) && rule.level !== "off")
      problems.push(`${rule.name}: ${join(values.pages, `${rule.name}.md`)} has no Gain block`);
    continue;
  }
  try {
    if (values.python.length > 0) {
      if (rule.gain !== "memory") continue;
      for (const python of values.python)
        mergeElsewhere(rule.name, digestOf(workload), measureMemory(workload, python));
      measured++;
      continue;
    }
    const figures = measure(workload);
    measured++;
    if (isDry) process.stdout.write(figuresText({ [rule.name]: figures }));
    else mergeFigures(rule.name, figures);
  } catch (error) {
    problems.push(
      `${rule.name}: the Gain block of ${join(values.pages, `${rule.name}.md`)}: ${(error as Error).message}`,
    );
  }
}
if (!isDry) keepFigures(new Set(rules.filter((it) => workloadOf(it)).map((it) => it.name)));
if (wanted.length === 0) problems.push(`no rule's name holds ${positionals.join(" or ")}`);
console.error(
  `${measured} measured, ${problems.length} ${problems.length === 1 ? "problem" : "problems"}${problems.map((it) => `\n${it}`).join("")}`,
);
if (problems.length > 0) process.exitCode = 1;
