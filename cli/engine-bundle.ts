/** The bundle of answers: what the rules, their pages and the guide say of themselves. */

export { explanation } from "./commands/explain.js";
export { guideList, guideSection, unknownSection } from "./commands/guide.js";
export { rulesJson, rulesTable } from "./commands/rules.js";
export { hitsJson, hitsText, searchHits } from "./commands/search.js";
export { startAnalyzer } from "./engine.js";
