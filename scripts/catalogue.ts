/** rules/catalogue.json: the names of all rules, those to be built included. */
import { readFileSync } from "node:fs";
import { nearest } from "../analysis/text/nearest.js";

export function catalogueNames(): readonly string[] {
  return JSON.parse(readFileSync("rules/catalogue.json", "utf8")) as readonly string[];
}

/** What to say of a name that is not known, with the known name it may be meant for. */
export function strayName(name: string, known: readonly string[], list: string): string {
  const near = nearest(name, known) ?? known.find((it) => it.split("/")[1] === name.split("/")[1]);
  return `${name} is not ${list}${near === undefined ? "." : `. Did you mean ${near}?`}`;
}
