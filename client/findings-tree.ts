/** The groups of the view "Findings by Value", without the window: what is shown, grouped and in order. */

/** What the tree needs of a finding. */
export interface Weighed {
  readonly rule: string;
  readonly level: string;
  readonly value: number;
  /** From the workspace folder on. */
  readonly path: string;
  readonly line: number;
}

export const GROUPINGS = ["rule", "folder", "value"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface Filter {
  /** None named: all. */
  readonly levels: readonly string[];
  readonly areas: readonly string[];
}

export interface Group<T> {
  readonly name: string;
  /** What matters most first. */
  readonly findings: readonly T[];
}

/** What a screen reader says of a finding: its level in words, as the icon and its colour say it only to those who see. */
export function findingLabel(
  { rule, level }: Pick<Weighed, "rule" | "level">,
  text: string,
  place: string,
  worth: string,
): string {
  return `${level}, ${text}, ${place}, ${rule}, ${worth}`;
}

/** Of a group: what it is about before its name, and how many findings it holds. */
export function groupLabel(title: string | undefined, name: string, count: string): string {
  return `${title === undefined ? "" : `${title}, `}${name}, ${count}`;
}

export function areaOf(rule: string): string {
  return rule.slice(0, Math.max(rule.indexOf("/"), 0));
}

export function isShown({ levels, areas }: Filter, { level, rule }: Pick<Weighed, "level" | "rule">): boolean {
  return (levels.length === 0 || levels.includes(level)) && (areas.length === 0 || areas.includes(areaOf(rule)));
}

/** Groups in the order of what their findings are worth together; bands of value from high to low. */
export function grouped<T extends Weighed>(findings: readonly T[], by: Grouping): readonly Group<T>[] {
  const groups = new Map<string, T[]>();
  for (const finding of findings) {
    const name = nameOf(finding, by);
    const group = groups.get(name);
    if (group) group.push(finding);
    else groups.set(name, [finding]);
  }
  const worth = (all: readonly T[]) => all.reduce((sum, it) => sum + it.value, 0);
  const order = (a: Group<T>, b: Group<T>) =>
    by === "value" ? b.findings[0]!.value - a.findings[0]!.value : worth(b.findings) - worth(a.findings);
  return [...groups]
    .map(([name, all]) => ({ name, findings: all.toSorted(byValue) }))
    .sort((a, b) => order(a, b) || (a.name < b.name ? -1 : 1));
}

function byValue(a: Weighed, b: Weighed): number {
  return b.value - a.value || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line);
}

const BANDS = [
  [70, "High value"],
  [40, "Medium value"],
  [0, "Low value"],
] as const;

function nameOf({ rule, path, value }: Weighed, by: Grouping): string {
  if (by === "rule") return rule;
  if (by === "value") return BANDS.find(([from]) => value >= from)?.[1] ?? BANDS[2][1];
  const folder = path.slice(0, Math.max(path.lastIndexOf("/"), 0));
  return folder === "" ? "." : folder;
}
