/** A unified diff that `git apply` and `patch -p1` take. */

import { createTwoFilesPatch, FILE_HEADERS_ONLY, formatPatch, type StructuredPatchHunk } from "diff";

/** Lines around what changed. */
const CONTEXT = 3;
/** Lines that went and came; the shortest of all diffs takes the square of them, and a hostile file has a hundred thousand. */
const MOST_CHANGED = 1_000;
/** How far the next line is looked for that both texts have, where the shortest diff is not. */
const REACH = 24;

export function unifiedDiff(path: string, before: string, after: string): string {
  const names = [`a/${path}`, `b/${path}`] as const;
  const shortest = createTwoFilesPatch(...names, before, after, undefined, undefined, {
    context: CONTEXT,
    headerOptions: FILE_HEADERS_ONLY,
    maxEditLength: MOST_CHANGED,
  }) as string | undefined;
  if (shortest !== undefined) return shortest;
  const hunks = hunksOf(linesOf(before), linesOf(after));
  return formatPatch(
    { oldFileName: names[0], newFileName: names[1], oldHeader: undefined, newHeader: undefined, hunks },
    FILE_HEADERS_ONLY,
  );
}

/** Each with its end; a text's last line may have none. */
function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

/** In one pass over both texts: not always the fewest lines, but right. */
function hunksOf(before: readonly string[], after: readonly string[]): StructuredPatchHunk[] {
  const hunks: StructuredPatchHunk[] = [];
  let hunk: StructuredPatchHunk | undefined;
  let [old, now, same] = [0, 0, 0];
  const close = () => {
    if (!hunk) return;
    for (let extra = Math.max(0, same - CONTEXT); extra > 0; extra--) {
      hunk.lines.pop();
      hunk.oldLines--;
      hunk.newLines--;
    }
    for (let at = hunk.lines.length - 1; at >= 0; at--) {
      const line = hunk.lines[at]!;
      if (line.endsWith("\n")) hunk.lines[at] = line.slice(0, -1);
      else hunk.lines.splice(at + 1, 0, "\\ No newline at end of file");
    }
    hunks.push(hunk);
    hunk = undefined;
  };
  while (old < before.length || now < after.length) {
    if (old < before.length && before[old] === after[now]) {
      if (hunk) add(hunk, " ", before[old]!);
      [old, now, same] = [old + 1, now + 1, same + 1];
      if (same > 2 * CONTEXT) close();
      continue;
    }
    if (!hunk) {
      const around = Math.min(same, CONTEXT);
      hunk = { oldStart: old - around + 1, oldLines: 0, newStart: now - around + 1, newLines: 0, lines: [] };
      for (let at = old - around; at < old; at++) add(hunk, " ", before[at]!);
    }
    same = 0;
    const [gone, come] = nextCommon(before, old, after, now);
    for (const end = old + gone; old < end; old++) add(hunk, "-", before[old]!);
    for (const end = now + come; now < end; now++) add(hunk, "+", after[now]!);
  }
  close();
  return hunks;
}

function add(hunk: StructuredPatchHunk, sign: " " | "-" | "+", line: string): void {
  hunk.lines.push(sign + line);
  if (sign !== "+") hunk.oldLines++;
  if (sign !== "-") hunk.newLines++;
}

/** How many lines go and come before both texts go on alike; where that is out of reach, one of each, as far as there are any. */
function nextCommon(
  before: readonly string[],
  old: number,
  after: readonly string[],
  now: number,
): readonly [gone: number, come: number] {
  const [left, right] = [before.length - old, after.length - now];
  for (let sum = 1; sum <= REACH; sum++)
    for (let gone = Math.max(0, sum - right); gone <= Math.min(sum, left); gone++) {
      const come = sum - gone;
      const isEnd = gone === left && come === right;
      if (isEnd || (gone < left && come < right && before[old + gone] === after[now + come])) return [gone, come];
    }
  return [Math.min(1, left), Math.min(1, right)];
}
