/** `npm run bench`: keystrokes, hovers and completions over LSP, start, memory and a cold scan, next to Ruff in the same run on the same files; writes bench/RESULTS.md. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startServer, type MeasuredServer, type Stroke } from "./lsp-client.js";

const STROKES = 120;
const SCANS = 5;
const RUFF_GROUPS = "PERF,SIM,C4,FURB,PD,NPY,ASYNC,B,UP,PLW,RUF";

interface Contestant {
  readonly name: string;
  readonly server: readonly [string, readonly string[], unknown];
  readonly scan: (folder: string) => readonly [string, readonly string[]];
}

const run = (command: string, args: readonly string[]) => spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28 });
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const ms = (value: number) => (value < 10 ? value.toFixed(2) : value.toFixed(1));

const nippy: Contestant = {
  name: "nippy",
  server: [process.execPath, ["dist/server.mjs", "--stdio"], {}],
  scan: (folder) => [process.execPath, ["dist/cli.mjs", "check", folder, "--exit-zero", "--format", "json", "--output-file", join(scratch, "nippy.json")]],
};
const ruffVersion = run("ruff", ["--version"]).stdout?.trim();
const ruff: Contestant = {
  name: ruffVersion || "ruff",
  server: ["ruff", ["server"], { settings: { lint: { select: RUFF_GROUPS.split(",") } } }],
  scan: (folder) => ["ruff", ["check", "--no-cache", "--isolated", "--exit-zero", "--quiet", "--output-format", "json", "--output-file", join(scratch, "ruff.json"), "--select", RUFF_GROUPS, folder]],
};

const scratch = mkdtempSync(join(tmpdir(), "nippy-bench-"));
const library = run("python3", ["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"]).stdout.trim();
if (!library) throw new Error("the benchmark reads CPython's library: python3 must be on the PATH");
const source = (name: string) => readFileSync(join(library, `${name}.py`), "utf8");

/** Real files of about the wanted sizes; the largest is several put together. */
function corpus(): readonly { readonly lines: number; readonly text: string }[] {
  const names = ["argparse", "typing", "_pydecimal", "pydoc", "inspect", "subprocess", "tarfile", "turtle", "doctest", "mailbox", "zipfile", "pickletools", "difflib", "ast", "enum", "ssl", "threading", "datetime", "statistics", "pdb"];
  const huge = names.map(source).join("\n").split("\n");
  while (huge.length < 37_000) huge.push(...source("argparse").split("\n"));
  const texts = [source("heapq").split("\n").slice(0, 400), source("argparse").split("\n"), source("typing").split("\n"), huge.slice(0, 37_000)];
  return texts.map((lines) => ({ lines: lines.length, text: `${lines.join("\n")}\n` }));
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
    for (let i = 0; i < word.length; i++) typed.push({ line, character: indent.length + i, removed: 0, text: word[i]! });
    for (let i = word.length - 1; i >= 0; i--) typed.push({ line, character: indent.length + i, removed: 1, text: "" });
  }
  return typed.slice(0, STROKES);
}

async function start({ server: [command, args, options] }: Contestant): Promise<MeasuredServer> {
  return startServer(command, args, options);
}

async function keystrokes(contestants: readonly Contestant[], text: string, lines: number): Promise<readonly number[]> {
  const path = join(scratch, `file-${lines}.py`);
  writeFileSync(path, text);
  const uri = pathToFileURL(path).href;
  const servers = await Promise.all(contestants.map(start));
  for (const server of servers) await server.open(uri, text);
  const times: number[][] = contestants.map(() => []);
  // Taken in turns, so that both meet the same weather.
  for (const stroke of strokes(text)) for (const [index, server] of servers.entries()) times[index]!.push(await server.type(uri, stroke));
  await Promise.all(servers.map((it) => it.stop()));
  return times.map(median);
}

async function memoryAndStart(contestant: Contestant, small: string, middle: string): Promise<{ readonly memory: number | undefined; readonly first: number }> {
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
async function questions(text: string, lines: number): Promise<void> {
  const uri = pathToFileURL(join(scratch, `asked-${lines}.py`)).href;
  const server = await start(nippy);
  await server.open(uri, text);
  const source = text.split("\n");
  const words = source.flatMap((it, line) => [...it.matchAll(/[A-Za-z_]\w*/g)].map((word) => ({ line, character: word.index })));
  const step = Math.max(1, Math.floor(words.length / QUESTIONS));
  const hovers = [];
  for (let index = 0; index < words.length; index += step) hovers.push(await server.ask("textDocument/hover", uri, words[index]!));
  const ends = source.flatMap((it, line) => (/^\s+\w+$/.test(it) ? [{ line, character: it.length }] : [])).slice(0, QUESTIONS);
  const completions = [];
  for (const end of ends) completions.push(await server.ask("textDocument/completion", uri, end));
  await server.stop();
  const times = hovers.map((it) => it.milliseconds).sort((a, b) => a - b);
  const told = hovers.filter((it) => it.has).length;
  const cells = (value: number) => `${ms(value)} ms |${ruffVersion ? " – | – |" : ""}`;
  say(`| hover in ${lines.toLocaleString("en")} lines, median of ${hovers.length} words (${told} with a note) | ${cells(median(times))}`);
  say(`| the same, 95th percentile | ${cells(times[Math.floor(times.length * 0.95)]!)}`);
  say(`| completion of a word in ${lines.toLocaleString("en")} lines (median of ${completions.length}) | ${cells(median(completions.map((it) => it.milliseconds)))}`);
}

function scan({ scan: command }: Contestant, folder: string): number {
  const [program, args] = command(folder);
  const times = Array.from({ length: SCANS }, () => {
    const started = performance.now();
    const { status, stderr } = run(program, args);
    if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
    return performance.now() - started;
  });
  return median(times);
}

function linesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((it) => it.endsWith(".py")).map((it) => join(folder, it)).filter((it) => statSync(it).isFile()).reduce((sum, it) => sum + readFileSync(it, "latin1").split("\n").length, 0);
}

/** Loading and activating the extension inside a real VS Code; undefined where none can be had. */
function activation(): number | undefined {
  const { stdout } = run(process.execPath, ["out/scripts/test-vscode.js"]);
  const measured = /activation: ([\d.]+) ms/.exec(stdout ?? "")?.[1];
  return measured === undefined ? undefined : Number(measured);
}

const contestants = ruffVersion ? [nippy, ruff] : [nippy];
const rows: string[] = [];
const say = (row: string) => {
  rows.push(row);
  console.log(row);
};

try {
  const files = corpus();
  say("| what | " + contestants.map((it) => it.name).join(" | ") + (ruffVersion ? " | ratio |" : " |"));
  say("| --- |" + " ---: |".repeat(contestants.length + (ruffVersion ? 1 : 0)));
  const row = (what: string, values: readonly (number | undefined)[], unit: string) => {
    const [own, other] = values;
    const ratio = ruffVersion ? ` ${own !== undefined && other !== undefined ? (own / other).toFixed(2) : "–"} |` : "";
    say(`| ${what} | ${values.map((it) => (it === undefined ? "–" : `${ms(it)} ${unit}`)).join(" | ")} |${ratio}`);
  };
  for (const { lines, text } of files) row(`keystroke to findings over LSP, ${lines.toLocaleString("en")} lines (median of ${STROKES})`, await keystrokes(contestants, text, lines), "ms");
  await questions(files[2]!.text, files[2]!.lines);
  const starts = [];
  for (const contestant of contestants) starts.push(await memoryAndStart(contestant, files[0]!.text, files[2]!.text));
  row("server start to first findings, 400 lines (median of 5)", starts.map((it) => it.first), "ms");
  row("memory after typing in 3,500 lines (resident)", starts.map((it) => it.memory), "MiB");
  row("activation in VS Code, from asking to ready", [activation(), ...(ruffVersion ? [undefined] : [])], "ms");
  const folder = join(library, "asyncio");
  row(`cold scan of asyncio/, ${linesBelow(folder).toLocaleString("en")} lines (median of ${SCANS})`, contestants.map((it) => scan(it, folder)), "ms");
  const tree = mkdtempSync(join(scratch, "tree-"));
  run("cp", ["-r", ...["asyncio", "concurrent", "email", "json", "logging", "multiprocessing", "unittest", "xml", "http", "importlib", "distutils", "ctypes", "tkinter", "wsgiref", "urllib"].map((it) => join(library, it)).filter((it) => statSync(it, { throwIfNoEntry: false })), tree]);
  for (const file of readdirSync(library).filter((it) => it.endsWith(".py"))) run("cp", [join(library, file), tree]);
  row(`cold scan of CPython's library, ${linesBelow(tree).toLocaleString("en")} lines (median of ${SCANS})`, contestants.map((it) => scan(it, tree)), "ms");

  const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${run("python3", ["--version"]).stdout.trim()}'s library`;
  writeFileSync("bench/RESULTS.md", `<!-- Written by npm run bench. Do not edit. -->\n\n# What was measured last\n\n${new Date().toISOString().slice(0, 10)}, ${machine}. Ruff's groups: ${RUFF_GROUPS}. Shared machine: read ratios, not absolute times.\n\n${rows.join("\n")}\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
