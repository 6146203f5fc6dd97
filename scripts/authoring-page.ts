/** docs/authoring.md: every name that a rule may import, by topic, with one line that says what it is. From the declarations and what is written above them. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const DOOR = "analysis/authoring.ts";
const COMMENT = String.raw`(?:/\*\*((?:(?!\*/)[^])*)\*/\n)?`;
const RE_EXPORT = new RegExp(String.raw`^${COMMENT}export (?:type )?\{([^}]*)\} from "([^"]+)";`, "gm");

interface Name {
  readonly name: string;
  /** `f(a: Node): string` of a function, else the name alone. */
  readonly shown: string;
  readonly says: string;
}

export function authoringPage(): string {
  const topics = [...readFileSync(DOOR, "utf8").matchAll(/^export \* from "\.\/(authoring\/\w+)\.js";$/gm)].map(
    ([, path]) => topicOf(`analysis/${path}.ts`),
  );
  return `<!-- Made by scripts/generate.ts from analysis/authoring/ and the declarations it names. Do not edit. -->

# What a rule may import

Rules, refactorings and constructs import from \`analysis/authoring.js\` alone. This page lists every name, by topic.
What a rule can ask about a file (\`file.facts\`: names, types, uses, loops, effects) is listed in [facts.ts](../analysis/semantics/facts.ts).

${topics.map(({ title }) => `- [${headOf(title)}](#${anchorOf(headOf(title))})${title.slice(headOf(title).length)}`).join("\n")}

${topics.map(({ title, names }) => `## ${headOf(title)}\n\n${names.map(({ shown, says }) => `- \`${shown}\`: ${says}`).join("\n")}\n`).join("\n")}`;
}

const headOf = (title: string): string => /^[^:]*/.exec(title)![0];
const anchorOf = (head: string): string => head.toLowerCase().replaceAll(" ", "-");

function topicOf(path: string): { readonly title: string; readonly names: readonly Name[] } {
  const text = readFileSync(path, "utf8");
  const title = /^\/\*\* (.*) \*\/\n/.exec(text)?.[1];
  if (title === undefined) throw new Error(`${path}: its first line must say what the topic holds`);
  const names = [...text.slice(text.indexOf("\n") + 1).matchAll(RE_EXPORT)].flatMap(([, comment, list, from]) =>
    list!
      .split(",")
      .map((it) => it.trim().replace(/^type /, ""))
      .filter((it) => it !== "")
      .map((it) => nameOf(it, sourceOf(path, from!), comment)),
  );
  return { title, names: names.sort((a, b) => compare(a.name, b.name)) };
}

/** Functions before types, each by the alphabet. */
function compare(a: string, b: string): number {
  const [left, right] = [/^[A-Z][a-z]/.test(a), /^[A-Z][a-z]/.test(b)];
  return left === right ? (a.toLowerCase() < b.toLowerCase() ? -1 : 1) : left ? 1 : -1;
}

const sourceOf = (path: string, from: string): string => normalize(join(dirname(path), from.replace(/\.js$/, ".ts")));

/** Follows what a file passes on to where it is declared. What stands above the export in authoring/ comes first. */
function nameOf(name: string, path: string, comment?: string): Name {
  const text = readFileSync(path, "utf8");
  const declaration = new RegExp(
    String.raw`^${COMMENT}export (?:async )?(function|const|interface|type|class) ${name}\b([^]*)`,
    "m",
  ).exec(text);
  if (!declaration) {
    const home = importedFrom(name, text, path);
    if (home === undefined) throw new Error(`${path} has no ${name}`);
    return nameOf(name, home, comment);
  }
  const [, own, kind, rest] = declaration;
  const says = proseOf(comment ?? own ?? "");
  if (says === "") throw new Error(`${path}: ${name} needs a comment that says what it is`);
  return { name, shown: kind === "function" ? name + signatureOf(rest!) : name, says };
}

function importedFrom(name: string, text: string, path: string): string | undefined {
  for (const [, list, from] of text.matchAll(/^import (?:type )?\{([^}]*)\} from "([^"]+)";/gm)) {
    const home = sourceOf(path, from!);
    if (new RegExp(String.raw`\b${name}\b`).test(list!) && existsSync(home)) return home;
  }
  return undefined;
}

/** From behind the name to the body. */
function signatureOf(rest: string): string {
  let depth = 0;
  let end = 0;
  for (; end < rest.length; end++) {
    const sign = rest[end]!;
    if (
      sign === "{" &&
      depth === 0 &&
      rest.slice(0, end).trimEnd().length > 0 &&
      !rest.slice(0, end).trimEnd().endsWith(":")
    )
      break;
    if ("([{<".includes(sign)) depth++;
    else if (")]}".includes(sign) || (sign === ">" && rest[end - 1] !== "=")) depth--;
  }
  return rest
    .slice(0, end)
    .replaceAll(/\s+/g, " ")
    .replaceAll(/,? \)/g, ")")
    .replaceAll(", }", " }")
    .replaceAll("( ", "(")
    .trim();
}

/** Without the parameters that have a line of their own, which are left to the source. */
function proseOf(comment: string): string {
  return comment
    .replaceAll(/^\s*\*? ?/gm, "")
    .split(/(?:^|\s)@param/)[0]!
    .replaceAll(/\s+/g, " ")
    .trim();
}
