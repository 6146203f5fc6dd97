/**
 * `npm run bench -- widened [--every=K] [PART…]`: one node of an example n times in a row, for each node and each example of each rule; PART is a part of a rule's name.
 * All of it takes hours: with `--every=K` only each K-th text is measured.
 * Time is the CPU's in a warm process. What takes long at 1,000 is measured at 2,000 too; what then grows faster than n^1.3, or takes over a second, is printed.
 */
import { rules } from "../rules/index.generated.js";
import { cpu } from "./cpu.js";
import { engineOfAll, EVERY_RULE } from "./every-rule.js";
import { ms } from "./measure.js";
import { widenedTexts } from "./repetitions.js";

const SIZES = [1000, 2000] as const;
const MOST_EXPONENT = 1.3;
const MOST_MILLISECONDS = 1000;
/** Below this nothing is measured again. */
const NOTICED = 150;
const ROUNDS = 3;
const EVERY = "--every=";

export async function measureWidened(args: readonly string[]): Promise<void> {
  const { parser, analyzer } = await engineOfAll();
  const every = Number(args.find((it) => it.startsWith(EVERY))?.slice(EVERY.length) ?? 1);
  const parts = args.filter((it) => !it.startsWith(EVERY));
  const wanted = rules.filter(({ name }) => parts.length === 0 || parts.some((it) => name.includes(it)));
  let count = 0;
  let texts = 0;
  let marked = 0;
  let longest = 0;
  for (const rule of wanted) {
    for (const { name, text } of widenedTexts(rule, parser)) {
      if (texts++ % every !== 0) continue;
      const steps = {
        check: (source: string) => analyzer.report(analyzer.open(source, EVERY_RULE, "module.py")),
        "fix all": (source: string) =>
          analyzer.fixAll(analyzer.open(source, EVERY_RULE, "module.py"), { review: true }),
      };
      for (const [step, work] of Object.entries(steps)) {
        count++;
        const small = text(SIZES[0]);
        const first = cpu(() => work(small));
        longest = Math.max(longest, first);
        if (first < NOTICED) continue;
        const large = text(SIZES[1]);
        const [less, more] = [leastOf(() => work(small)), leastOf(() => work(large))];
        longest = Math.max(longest, more);
        const exponent = Math.log2(more / less);
        if (more < 2 * NOTICED || (exponent <= MOST_EXPONENT && more <= MOST_MILLISECONDS)) continue;
        marked++;
        console.log(`| ${name} | ${step} | ${ms(less)} | ${ms(more)} | ${exponent.toFixed(2)} |`);
      }
    }
  }
  console.log(`${count} measurements, ${marked} marked, the longest took ${ms(longest)} ms`);
}

/** What takes very long is measured once. */
function leastOf(work: () => void): number {
  let least = Infinity;
  for (let round = 0; round < ROUNDS && !(round > 0 && least > 2 * MOST_MILLISECONDS); round++)
    least = Math.min(least, cpu(work));
  return least;
}
