/** Real files to work on: of many kinds, always the same ones on one machine. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Random } from "../harness/random.js";
import { readSpec } from "../harness/spec.js";
import { libraryFolder, pythonFiles, readText } from "../syntax/python-files.js";

/** Packages of the tests' own environment with the number of their files among fifty; the rest comes from the standard library. */
const PACKAGES: Readonly<Record<string, number>> = {
  pandas: 7,
  numpy: 5,
  torch: 7,
  sklearn: 4,
  scipy: 3,
  numba: 3,
  pydantic: 2,
  fastapi: 1,
  httpx: 1,
  networkx: 1,
  jinja2: 1,
  opentelemetry: 1,
  numexpr: 1,
  joblib: 1,
};
const FILES = 50;

export interface RealFile {
  readonly path: string;
  readonly text: string;
}

/** Every Python file that can be had, by where it comes from. */
function groups(): readonly { readonly paths: readonly string[]; readonly count: number }[] {
  const library = libraryFolder();
  const packages = sitePackages();
  const chosen = Object.entries(PACKAGES)
    .map(([name, count]) => ({ paths: packages ? pythonFiles(join(packages, name), ["__pycache__"]) : [], count }))
    .filter((it) => it.paths.length > 0);
  const left = FILES - chosen.reduce((sum, it) => sum + it.count, 0);
  const own = library ? pythonFiles(library, ["site-packages", "lib2to3", "__pycache__"]) : [];
  const isTest = (path: string) => /[\\/]tests?[\\/]/.test(path);
  const tests = { paths: own.filter(isTest), count: Math.round(left / 3) };
  return [{ paths: own.filter((it) => !isTest(it)), count: left - tests.count }, tests, ...chosen];
}

function sitePackages(): string | undefined {
  const library = join(".venv-test", "lib");
  if (!existsSync(library)) return undefined;
  return readdirSync(library)
    .map((it) => join(library, it, "site-packages"))
    .find((it) => existsSync(it));
}

/** Fifty files of ordinary size, spread over all there are. */
export function fiftyFiles(): readonly RealFile[] {
  return groups().flatMap(({ paths, count }) => {
    const fitting = paths.filter((it) => isBetween(statSync(it).size, 3_000, 45_000));
    return Array.from(
      { length: Math.min(count, fitting.length) },
      (_, index) => fitting[Math.floor(((index + 0.5) * fitting.length) / count)]!,
    ).flatMap((path) => {
      const text = readText(path);
      return text === undefined ? [] : [{ path, text }];
    });
  });
}

/** The bytes of many small files, and of the odd ones: other encodings, broken on purpose. */
export function manyFiles(count: number): readonly Uint8Array[] {
  const all = groups().flatMap(({ paths }) => paths);
  const odd = all.filter((it) =>
    /encod|cjk|bad_|badsyntax|tokenize|unicode|fstring|grammar|pep[0-9]|latin|utf/i.test(it),
  );
  const step = Math.max(1, Math.floor(all.length / count));
  return [...all.filter((_, index) => index % step === 0), ...odd]
    .map((it) => readFileSync(it))
    .filter((it) => it.length > 0);
}

/** The file of the standard library whose length is nearest to so many lines; without a python3, so many lines of the rules' pages. */
export function fileOfLines(lines: number): RealFile {
  const library = libraryFolder();
  const files = (library ? pythonFiles(library, ["site-packages", "lib2to3", "__pycache__", "test"]) : []).filter(
    (it) => isBetween(statSync(it).size, lines * 25, lines * 60),
  );
  const away = ({ text }: RealFile) => Math.abs(text.split("\n").length - lines);
  const found = files.flatMap((path) => {
    const text = readText(path);
    return text === undefined ? [] : [{ path, text }];
  });
  const [nearest] = found.sort((a, b) => away(a) - away(b));
  return nearest ?? { path: "pages.py", text: pageTexts().join("\n").split("\n").slice(0, lines).join("\n") };
}

/** Everything the rules' pages hold, as one long text for each area: it wakes every rule. */
export function areaTexts(): readonly string[] {
  return readdirSync("test/rules").map((area) => pagesOf(area).join("\n\n"));
}

/** The cases of the rules' pages, one by one. */
export function pageTexts(): readonly string[] {
  return readdirSync("test/rules").flatMap(pagesOf);
}

const HEAD = /^class [^\n]*:\n/m;
/** Longer than the longest class that is not cut into its members. */
const FILLER = `    def filler(self, number):\n${"        number = number * 2 + 1\n".repeat(97)}        return number\n\n`;

/** A few cases of the pages in one file; in every second one they have classes so long that their members are pieces of their own. */
export function mixedPages(chance: Random, pages: readonly string[], most = 7): string {
  const isLong = chance.below(2) === 0;
  const from = isLong ? pages.filter((it) => HEAD.test(it)) : pages;
  const cases = Array.from({ length: 1 + chance.below(isLong ? Math.min(most, 4) : most) }, () => chance.pick(from));
  return cases
    .map((it) => (isLong ? it.replaceAll(new RegExp(HEAD, "gm"), (head) => `${head}${FILLER}`) : it))
    .join("\n\n");
}

function pagesOf(area: string): readonly string[] {
  return readdirSync(join("test/rules", area))
    .filter((it) => it.endsWith(".md"))
    .flatMap((page) =>
      readSpec(readFileSync(join("test/rules", area, page), "utf8")).flatMap((it) =>
        it.file === undefined ? [it.source] : [],
      ),
    );
}

function isBetween(value: number, low: number, high: number): boolean {
  return low <= value && value <= high;
}
