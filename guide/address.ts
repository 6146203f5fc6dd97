/** Where a section of the guide and the page of a rule are to be read outside the editor. */

import type { GuideAnchor } from "../analysis/analyzer.js";
import { guide } from "./index.generated.js";

const REPOSITORY = "https://github.com/nippy-python/nippy/blob/main";
const GUIDE = `${REPOSITORY}/guide`;

/** The section's file, named after its part and anchor. */
export function guideUrl(anchor: GuideAnchor): string {
  const part = guide.find((it) => it.anchor === anchor)?.part ?? 0;
  return `${GUIDE}/${part}-${anchor}.md`;
}

/** The page of a rule. */
export function ruleUrl(name: string): string {
  return `${REPOSITORY}/docs/rules/${name}.md`;
}
