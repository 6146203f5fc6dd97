/** The files of the guide and where they are to be read in a browser; our own client opens them offline instead. */

import type { GuideAnchor, GuideSection } from "../analysis/analyzer.js";

const GUIDE = "https://github.com/nippy-python/nippy/blob/main/guide";

/** A section's file is named after its part and anchor. */
export function guideFile({ part, anchor }: GuideSection): string {
  return `${part}-${anchor}.md`;
}

export function guideUrls(guide: readonly GuideSection[]): (anchor: GuideAnchor) => string {
  const files = new Map(guide.map((it) => [it.anchor, guideFile(it)]));
  return (anchor) => `${GUIDE}/${files.get(anchor) ?? ""}`;
}
