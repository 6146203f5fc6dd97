/** `nippy search`: one ranked list over the guide, rules, constructs, snippets, words and settings. */

import { readFileSync } from "node:fs";
import { constructs } from "../../guide/constructs/index.generated.js";
import { guide } from "../../guide/index.generated.js";
import { rules } from "../../rules/index.generated.js";
import {
  allPages,
  constructPage,
  rulePage,
  settingPages,
  snippetPage,
  type Manifest,
  type Texts,
} from "../../search/page.js";
import { createSearch, type Hit } from "../../search/search.js";
import { allSnippets } from "../../snippets/all.js";
import { paint } from "../terminal.js";
import { guideSection } from "./guide.js";

/** What a reader looks through; programs get all. */
const SHOWN = 10;

export async function searchHits(query: string): Promise<readonly Hit[]> {
  const sections = guide.map(({ anchor, title }) => ({ anchor, title, text: guideSection(anchor) ?? "" }));
  const shipped = (name: string): unknown => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), "utf8"));
  const others = [
    ...rules.map(rulePage),
    ...constructs.map(constructPage),
    ...(await allSnippets()).map(snippetPage),
    ...settingPages(shipped("package.json") as Manifest, shipped("package.nls.json") as Texts),
  ];
  return createSearch(allPages(sections, others))(query);
}

/** Public: a change of this shape is a breaking change, an addition is not. */
export function hitsJson(hits: readonly Hit[]): string {
  return `${JSON.stringify(hits, undefined, 2)}\n`;
}

export function hitsText(hits: readonly Hit[], color: boolean): string {
  if (hits.length === 0) return 'Nothing found. "nippy guide" and "nippy rules" list what there is.\n';
  const ink = paint(color);
  const shown = hits.slice(0, SHOWN);
  const width = Math.max(...shown.map(({ kind }) => kind.length));
  const list = shown.map(({ kind, name, title, heading, line }) => {
    const titles = [title, heading].filter((it) => it !== "" && it !== name).join(" › ");
    const head = `${ink.dim(kind.padEnd(width))}  ${ink.bold(name)}${titles === "" ? "" : `  ${titles}`}`;
    return `${head}\n${" ".repeat(width)}  ${line}\n`;
  });
  return `${list.join("\n")}\n"nippy explain NAME" shows the page of a section, rule, construct or snippet.\n`;
}
