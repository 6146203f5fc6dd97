/** Which code is looked at, pinned: the rows of test/corpus/repositories.json. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Repository {
  readonly name: string;
  readonly address: string;
  /** What exactly was looked at: a commit, or a release's tag. */
  readonly commit: string;
  readonly kind: string;
  /** Figures are shown apart for the two: applications are what most users write. */
  readonly group: Group;
  /** What its own pyproject.toml asks for; left out where that says nothing, as Nippy reads nothing else. */
  readonly python?: string;
  /** Folders that are left out, by name. */
  readonly without?: readonly string[];
}

/** In the order of the pages. */
export const GROUPS = ["application", "library"] as const;
export type Group = (typeof GROUPS)[number];

export const GROUP_TITLES: Readonly<Record<Group, string>> = { application: "Applications", library: "Libraries" };

export const CORPUS = "test/corpus";

export function readRepositories(corpus = CORPUS): readonly Repository[] {
  return JSON.parse(readFileSync(join(corpus, "repositories.json"), "utf8")) as readonly Repository[];
}

/** The repositories of a group, by name. */
export function inGroup(repositories: readonly Repository[], group: Group): ReadonlySet<string> {
  return new Set(repositories.filter((it) => it.group === group).map((it) => it.name));
}
