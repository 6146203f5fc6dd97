/** `npm run bench`: keystrokes, start, memory and scans next to Ruff; `npm run bench -- rules [PATH…]`: what each rule costs; `npm run bench -- repeated [PART…]`: how the time grows with repetition; `npm run bench -- damaged [PART…]`: keystrokes in huge and damaged pieces. All write bench/RESULTS.md. */

const [what, ...paths] = process.argv.slice(2);
if (what === undefined) await (await import("./next-to-ruff.js")).measureNextToRuff();
else if (what === "rules") await (await import("./rules.js")).measureRules(paths);
else if (what === "repeated") await (await import("./repeated.js")).measureRepeated(paths);
else if (what === "damaged") await (await import("./damaged.js")).measureDamaged(paths);
else {
  console.error(`There is no measurement "${what}": leave the word out, or write "rules", "repeated" or "damaged".`);
  process.exitCode = 2;
}
