/** Keystrokes, hovers and completions over LSP, start, memory and scans, next to Ruff in the same run on the same files. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { copyLibrary, libraryFolder, linesBelow, sizedTexts, type Sized } from "./corpus.js";
import { startServer, type MeasuredServer, type Stroke } from "./lsp-client.js";
import { median, ms, run } from "./measure.js";
import { writeSection } from "./results.js";
import { coldScans, keptScans, RUFF_GROUPS, SCANS } from "./scans.js";

const STROKES = 120;

interface Contestant {
  readonly name: string;
  readonly server: readonly [string, readonly string[], unknown];
}

const nippy: Contestant = { name: "nippy", server: [process.execPath, ["dist/server.mjs", "--stdio"], {}] };
const ruffVersion = run("ruff", ["--version"]).stdout?.trim() || undefined;
const ruff: Contestant = {
  name: ruffVersion ?? "ruff",
  server: ["ruff", ["server"], { settings: { lint: { select: RUFF_GROUPS.split(",") } } }],
};
const contestants = ruffVersion ? [nippy, ruff] : [nippy];

const scratch = mkdtempSync(join(tmpdir(), "nippy-bench-"));
const rows: string[] = [];

function say(row: string): void {
  rows.push(row);
  console.log(row);
}

/** Ours, the other's, and how many times as long ours takes. */
function row(what: string, [own, other]: readonly (number | undefined)[], unit = "ms"): void {
  const cell = (value: number | undefined) => (value === undefined ? "–" : `${ms(value)} ${unit}`);
  const ratio = own !== undefined && other !== undefined ? (own / other).toFixed(2) : "–";
  say(`| ${what} | ${cell(own)} |${ruffVersion ? ` ${cell(other)} | ${ratio} |` : ""}`);
}

/** Opens a line in a function in the middle of the file, writes a statement letter by letter (nearly every step is valid Python), and takes it out again. */
function strokes(text: string): readonly Stroke[] {
  const lines = text.split("\n");
  const middle = Math.floor(lines.length / 2);
  const isReturn = (it: string, index: number) => index >= middle && /^ +return /.test(it);
  const line = lines.findIndex(isReturn);
  const indent = /^ */.exec(lines[line] ?? "")![0];
  const word = "value = compute_the_value_of_this";
  const typed: Stroke[] = [{ line, character: 0, removed: 0, text: `${indent}\n` }];
  while (typed.length < STROKES) {
    for (let i = 0; i < word.length; i++)
      typed.push({ line, character: indent.length + i, removed: 0, text: word[i]! });
    for (let i = word.length - 1; i >= 0; i--) typed.push({ line, character: indent.length + i, removed: 1, text: "" });
  }
  return typed.slice(0, STROKES);
}

async function start({ server: [command, args, options] }: Contestant): Promise<MeasuredServer> {
  return startServer(command, args, options);
}

async function keystrokes({ text, lines }: Sized): Promise<readonly number[]> {
  const path = join(scratch, `file-${lines}.py`);
  writeFileSync(path, text);
  const uri = pathToFileURL(path).href;
  const servers = await Promise.all(contestants.map(start));
  for (const server of servers) await server.open(uri, text);
  const times: number[][] = contestants.map(() => []);
  // Taken in turns, so that both meet the same weather.
  for (const stroke of strokes(text))
    for (const [index, server] of servers.entries()) times[index]!.push(await server.type(uri, stroke));
  await Promise.all(servers.map((it) => it.stop()));
  return times.map(median);
}

async function memoryAndStart(
  contestant: Contestant,
  small: string,
  middle: string,
): Promise<{ readonly memory: number | undefined; readonly first: number }> {
  const firsts: number[] = [];
  let memory: number | undefined;
  for (let round = 0; round < 5; round++) {
    const started = performance.now();
    const server = await start(contestant);
    await server.open(pathToFileURL(join(scratch, "small.py")).href, small);
    firsts.push(performance.now() - started);
    if (round === 0) {
      const uri = pathToFileURL(join(scratch, "middle.py")).href;
      await server.open(uri, middle);
      for (const stroke of strokes(middle)) await server.type(uri, stroke);
      memory = server.memory();
    }
    await server.stop();
  }
  return { memory, first: median(firsts) };
}

const QUESTIONS = 400;

/** Hovers on words all over a file, each once, and completions at the ends of lines: what is asked first is not yet worked out. */
async function questions({ text, lines }: Sized): Promise<void> {
  const uri = pathToFileURL(join(scratch, `asked-${lines}.py`)).href;
  const server = await start(nippy);
  await server.open(uri, text);
  const source = text.split("\n");
  const words = source.flatMap((it, line) =>
    [...it.matchAll(/[A-Za-z_]\w*/g)].map((word) => ({ line, character: word.index })),
  );
  const step = Math.max(1, Math.floor(words.length / QUESTIONS));
  const hovers = [];
  for (let index = 0; index < words.length; index += step)
    hovers.push(await server.ask("textDocument/hover", uri, words[index]!));
  const ends = source
    .flatMap((it, line) => (/^\s+\w+$/.test(it) ? [{ line, character: it.length }] : []))
    .slice(0, QUESTIONS);
  const completions = [];
  for (const end of ends) completions.push(await server.ask("textDocument/completion", uri, end));
  await server.stop();
  const times = hovers.map((it) => it.milliseconds).sort((a, b) => a - b);
  const told = hovers.filter((it) => it.has).length;
  row(`hover in ${lines.toLocaleString("en")} lines, median of ${hovers.length} words (${told} with a note)`, [
    median(times),
  ]);
  row("the same, 95th percentile", [times[Math.floor(times.length * 0.95)]]);
  row(`completion of a word in ${lines.toLocaleString("en")} lines (median of ${completions.length})`, [
    median(completions.map((it) => it.milliseconds)),
  ]);
}

/** Loading and activating the packed extension inside a real VS Code, and an extension that does nothing; undefined where none can be had. */
function activation(): { readonly own: number; readonly nothing: number } | undefined {
  run(process.execPath, ["out/scripts/package.js"]);
  const { name, version } = JSON.parse(readFileSync("package.json", "utf8")) as {
    readonly name: string;
    readonly version: string;
  };
  const { stdout } = run(process.execPath, ["out/scripts/test-vscode.js", "--vsix", `${name}-${version}.vsix`]);
  const [, own, nothing] =
    /activation: ([\d.]+) ms, of an extension that does nothing: ([\d.]+) ms/.exec(stdout ?? "") ?? [];
  return own === undefined ? undefined : { own: Number(own), nothing: Number(nothing) };
}

function scans(): void {
  const asyncio = join(libraryFolder(), "asyncio");
  const small = coldScans(asyncio, scratch, ruffVersion !== undefined);
  row(`cold scan of asyncio/, ${linesBelow(asyncio).toLocaleString("en")} lines (median of ${SCANS})`, [
    small.nippy,
    small.ruff,
  ]);

  const tree = mkdtempSync(join(scratch, "tree-"));
  copyLibrary(tree);
  const large = coldScans(tree, scratch, ruffVersion !== undefined);
  row(`cold scan of CPython's library, ${linesBelow(tree).toLocaleString("en")} lines (median of ${SCANS})`, [
    large.nippy,
    large.ruff,
  ]);
  const wasm = run(process.execPath, [
    "-p",
    "require('@astral-sh/ruff-wasm-nodejs/package.json').version",
  ]).stdout.trim();
  say(
    `| the same by Ruff ${wasm} as WebAssembly in a cold Node process; nippy takes ${(large.nippy / large.ruffWasm).toFixed(2)} times as long | – |${ruffVersion ? ` ${ms(large.ruffWasm)} ms | – |` : ""}`,
  );
  const { first, second } = keptScans(tree, scratch);
  row("the same, and results kept for the next run", [first]);
  row(`the second run, nothing changed: ${(first / second).toFixed(1)} times as fast`, [second]);
}

export async function measureNextToRuff(): Promise<void> {
  try {
    const files = sizedTexts();
    say(`| what | ${contestants.map((it) => it.name).join(" | ")} |${ruffVersion ? " ratio |" : ""}`);
    say(`| --- |${" ---: |".repeat(contestants.length + (ruffVersion ? 1 : 0))}`);
    for (const file of files)
      row(
        `keystroke to findings over LSP, ${file.lines.toLocaleString("en")} lines (median of ${STROKES})`,
        await keystrokes(file),
      );
    await questions(files[2]);
    const starts = [];
    for (const contestant of contestants) starts.push(await memoryAndStart(contestant, files[0].text, files[2].text));
    row(
      "server start to first findings, 400 lines (median of 5)",
      starts.map((it) => it.first),
    );
    row(
      "memory after typing in 3,500 lines (resident)",
      starts.map((it) => it.memory),
      "MiB",
    );
    const activated = activation();
    row("activation in VS Code, from asking to ready", [activated?.own]);
    row("the same of an extension that does nothing", [activated?.nothing]);
    scans();
    writeSection("Next to Ruff", `Ruff's groups: ${RUFF_GROUPS}.`, rows);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
