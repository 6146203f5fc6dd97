/** The other CPythons at hand, by version: on the PATH, or where pyenv keeps them. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { PythonVersion } from "../../analysis/semantics/python-version.js";

const VERSIONS: readonly PythonVersion[] = ["3.10", "3.11", "3.12", "3.13", "3.14"];

export interface Interpreter {
  readonly version: PythonVersion;
  readonly path: string;
}

let found: readonly Interpreter[] | undefined;

/** One of each version that still gets fixes, without the one the other tests run on. */
export function interpreters(): readonly Interpreter[] {
  return (found ??= search());
}

function search(): readonly Interpreter[] {
  const own = versionOf("python3");
  const folder = join(process.env["PYENV_ROOT"] ?? join(homedir(), ".pyenv"), "versions");
  const kept = existsSync(folder) ? readdirSync(folder) : [];
  return VERSIONS.filter((it) => it !== own).flatMap((version) => {
    // What pyenv puts on the PATH is a script that takes longer than most programs.
    const paths = [
      ...kept.filter((it) => it.startsWith(`${version}.`)).map((it) => join(folder, it, "bin", "python")),
      `python${version}`,
    ];
    const path = paths.find((it) => versionOf(it) === version);
    return path === undefined ? [] : [{ version, path }];
  });
}

function versionOf(path: string): string | undefined {
  return /^Python (3\.\d+)/.exec(spawnSync(path, ["--version"], { encoding: "utf8" }).stdout ?? "")?.[1];
}
