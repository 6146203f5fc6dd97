/** `nippy explain`: the page of a rule, the same text that the editor shows on hover. */

import { guide } from "../../guide/index.generated.js";
import { rules, startAnalyzer } from "../engine.js";
import { didYouMean } from "../suggest.js";
import { Trouble } from "../trouble.js";
import { guideSection } from "./guide.js";

/** @throws {Trouble} when no rule and no section of the guide has the name */
export async function explanation(name: string): Promise<string> {
  const rule = rules.find((it) => it.name === name);
  if (rule) return (await startAnalyzer()).page(rule);
  const section = guideSection(name);
  if (section !== undefined) return section;
  const names = [...rules.map((it) => it.name), ...guide.map((it) => it.anchor)];
  throw new Trouble(`No rule and no section of the guide is called "${name}".${didYouMean(name, names)} "nippy rules" and "nippy guide" list them.`);
}
