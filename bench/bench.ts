/** `npm run bench`: keystrokes, start, memory and scans next to Ruff. `npm run bench -- PART`: `rules [PATH…]` what each rule costs, `repeated [PART…]` how the time grows with repetition, `widened [PART…]` with one part of an example repeated, `damaged [PART…]` keystrokes in huge and damaged pieces, `workspace` what 5,000 files that nobody opened cost. All but `widened` write bench/RESULTS.md. */

const [what, ...paths] = process.argv.slice(2);
if (what === undefined) await (await import("./next-to-ruff.js")).measureNextToRuff();
else if (what === "rules") await (await import("./rules.js")).measureRules(paths);
else if (what === "repeated") await (await import("./repeated.js")).measureRepeated(paths);
else if (what === "widened") await (await import("./widened.js")).measureWidened(paths);
else if (what === "damaged") await (await import("./damaged.js")).measureDamaged(paths);
else if (what === "workspace") await (await import("./workspace.js")).measureWorkspace();
else {
  console.error(
    `There is no measurement "${what}": leave the word out, or write "rules", "repeated", "widened", "damaged" or "workspace".`,
  );
  process.exitCode = 2;
}
