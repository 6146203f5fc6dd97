/** Real Python to measure with: files of CPython's own library, which is wherever Python is. */
import { cpSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { run } from "./measure.js";

export function libraryFolder(): string {
  const folder = run("python3", ["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"]).stdout?.trim();
  if (!folder) throw new Error("the benchmark reads CPython's library: python3 must be on the PATH");
  return folder;
}

const PACKAGES = [
  "asyncio",
  "concurrent",
  "email",
  "json",
  "logging",
  "multiprocessing",
  "unittest",
  "xml",
  "http",
  "importlib",
  "distutils",
  "ctypes",
  "tkinter",
  "wsgiref",
  "urllib",
];

/** The library without its tests and without what is installed beside it. */
export function copyLibrary(to: string): void {
  const library = libraryFolder();
  for (const name of PACKAGES)
    if (statSync(join(library, name), { throwIfNoEntry: false }))
      cpSync(join(library, name), join(to, name), { recursive: true, dereference: true });
  for (const file of readdirSync(library).filter((it) => it.endsWith(".py")))
    cpSync(join(library, file), join(to, file), { dereference: true });
}

const FILES = [
  "argparse",
  "typing",
  "_pydecimal",
  "pydoc",
  "inspect",
  "subprocess",
  "tarfile",
  "turtle",
  "doctest",
  "mailbox",
  "zipfile",
  "pickletools",
  "difflib",
  "ast",
  "enum",
  "ssl",
  "threading",
  "datetime",
  "statistics",
  "pdb",
];

export interface Sized {
  readonly lines: number;
  readonly text: string;
}

/** Real files of about the wanted sizes; the largest is several put together. */
export function sizedTexts(): readonly [Sized, Sized, Sized, Sized] {
  const library = libraryFolder();
  const source = (name: string) => readFileSync(join(library, `${name}.py`), "utf8").split("\n");
  const huge = FILES.flatMap(source);
  while (huge.length < 37_000) huge.push(...source("argparse"));
  const sized = (lines: readonly string[]): Sized => ({ lines: lines.length, text: `${lines.join("\n")}\n` });
  return [
    sized(source("heapq").slice(0, 400)),
    sized(source("argparse")),
    sized(source("typing")),
    sized(huge.slice(0, 37_000)),
  ];
}

export function pythonBelow(path: string): readonly string[] {
  if (statSync(path).isFile()) return [path];
  const files = readdirSync(path, { recursive: true, encoding: "utf8" }).filter((it) => it.endsWith(".py"));
  return files
    .map((it) => join(path, it))
    .filter((it) => statSync(it).isFile())
    .sort();
}

export function linesBelow(folder: string): number {
  return pythonBelow(folder).reduce((sum, it) => sum + readFileSync(it, "latin1").split("\n").length, 0);
}
