/** Builds repositories as an attacker would, with links, pipes and names that no editor makes, and runs the built `nippy` over them. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { inProject, type Files, type Outcome, type Project } from "../cli/nippy.js";

/** What hangs is told after so long, on any machine. */
const PATIENCE = 240_000;

export interface Repository extends Project {
  /** A link of that name; what it points to is taken as it is. */
  link(name: string, target: string): void;
  /** A pipe that nobody writes to. */
  pipe(name: string): void;
  /** A file directly in the repository, named by bytes that need not be text. */
  writeNamed(name: Uint8Array, content: string): void;
  /** Runs `nippy`; a run that hangs or dies fails the test. */
  survives(...words: readonly string[]): Outcome;
  /** The user's file, beside the repository: what nobody may touch. */
  readonly victim: string;
}

export const SECRET = "secret = 1\n";

/** Makes the repository, hands it to the test, and takes it away. */
export function inRepository(
  files: Files,
  test: (repository: Repository) => void | Promise<void>,
): () => Promise<void> {
  return inProject({ ...files, ".git/HEAD": "" }, (project) => {
    const { folder, home, path, runWith } = project;
    const victim = `${home}/victim.py`;
    writeFileSync(victim, SECRET);
    const placed = (name: string) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      return path(name);
    };
    return test({
      ...project,
      victim,
      link: (name, target) => symlinkSync(target, placed(name)),
      pipe: (name) => {
        if (!existsSync(path(name))) assert.equal(spawnSync("mkfifo", [placed(name)]).status, 0);
      },
      writeNamed: (name, content) => writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), name]), content),
      survives(...words) {
        const outcome = runWith({ timeout: PATIENCE }, ...words);
        assert.ok(
          outcome.status !== null && !outcome.stderr.includes("Nippy itself failed"),
          `nippy ${words.join(" ")}: ${outcome.status} ${outcome.stderr.slice(0, 2000)}`,
        );
        return outcome;
      },
    });
  });
}
