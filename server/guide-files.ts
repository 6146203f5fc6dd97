/** The files of the guide, for our own client, which opens them offline. */

import type { GuideSection } from "../analysis/analyzer.js";

/** A section's file is named after its part and anchor. */
export function guideFile({ part, anchor }: GuideSection): string {
  return `${part}-${anchor}.md`;
}
