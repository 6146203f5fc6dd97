/** nippy/rules and nippy/guideFiles: what there is to look up, whatever is open. */

import { guideFile } from "../guide-files.js";
import { GUIDE_FILES, RULES, type RuleSummary } from "../protocol.js";
import type { Session } from "../session.js";

export function catalogue({ connection, analyzer }: Session): void {
  connection.onRequest(RULES, (): RuleSummary[] => analyzer.rules.map(({ name, title, why, level, fixes }) => ({ name, title, why, level, fixes })));
  connection.onRequest(GUIDE_FILES, (): string[] => analyzer.guide.map(guideFile));
}
