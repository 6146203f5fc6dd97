/** Where a section of the guide is to be read outside the editor: its file, named after its part and anchor. */

import type { GuideAnchor } from "../analysis/analyzer.js";
import { guide } from "./index.generated.js";

const GUIDE = "https://github.com/nippy-python/nippy/blob/main/guide";

export function guideUrl(anchor: GuideAnchor): string {
  const part = guide.find((it) => it.anchor === anchor)?.part ?? 0;
  return `${GUIDE}/${part}-${anchor}.md`;
}
