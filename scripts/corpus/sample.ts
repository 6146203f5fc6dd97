/** A random sample that a seed decides, spread over repositories and files, of which most stays when some findings go. */
import { createHash } from "node:crypto";
import type { Place } from "./places.js";

/** Repositories take turns, in an order of chance; within one, files do. The order of a finding depends on nothing but itself and the seed. */
export function sample<T extends Place>(findings: readonly T[], size: number, seed: number): readonly T[] {
  const chance = (text: string) => createHash("sha256").update(`${seed}\0${text}`).digest("hex");
  const shuffled = sortedBy(findings, (it) => chance(it.id));
  const repositories = sortedBy(
    grouped(shuffled, (it) => it.repository),
    ([first]) => chance(`${first!.rule}\0${first!.repository}`),
  );
  return takingTurns(repositories.map((own) => takingTurns(grouped(own, (it) => it.path)))).slice(0, size);
}

function sortedBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ item }) => item);
}

/** In the order in which the groups first turn up. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const own = groups.get(keyOf(item));
    if (own) own.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
}

/** The first of each list, then the second of each, and so on. */
function takingTurns<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const longest = lists.reduce((most, it) => Math.max(most, it.length), 0);
  return Array.from({ length: longest }, (_, round) => lists.flatMap((it) => it.slice(round, round + 1))).flat();
}
