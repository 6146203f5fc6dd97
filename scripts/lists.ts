/** docs/snippets.md and docs/refactorings.md: what there is to insert and to change, for readers outside the editor. */
import { readFileSync } from "node:fs";
import { guide } from "../guide/index.generated.js";
import { refactorings } from "../refactorings/index.generated.js";
import { readFamily, type Family } from "../snippets/snippet.js";
import { familyNames } from "./snippet-index.js";

const MADE = "Do not edit. -->\n\n";

function sectionLink(anchor: string): string {
  const section = guide.find((it) => it.anchor === anchor);
  return section ? `[${section.title}](../guide/${section.part}-${anchor}.md)` : anchor;
}

export function snippetsPage(): string {
  const families = familyNames().map((family) => {
    const entries = readFamily(family, JSON.parse(readFileSync(`snippets/${family}.json`, "utf8")) as Family);
    const rows = entries.map(({ prefixes, description, guide: anchor, language, isFileTemplate }) => {
      const notes = [...(language === "python" ? [] : [language]), ...(isFileTemplate ? ["file template"] : [])];
      return `| ${prefixes.map((it) => `\`${it}\``).join(", ")} | ${description.replaceAll("|", "\\|")}${notes.length > 0 ? ` (${notes.join(", ")})` : ""} | ${sectionLink(anchor)} |`;
    });
    const title = family.replaceAll("-", " ");
    return `## ${title[0]!.toUpperCase()}${title.slice(1)}\n\n| type | what it does | guide |\n| --- | --- | --- |\n${rows.join("\n")}\n`;
  });
  return `<!-- Made by scripts/generate.ts from snippets/. ${MADE}# Snippets

Type the name in a Python file: a snippet is offered where it fits, with the body that suits the project's Python.
"Nippy: Insert Snippet" lists all of them, "Surround With Snippet" those that wrap a selection, "Nippy: New File from Template" those that fill a file.

${families.join("\n")}`;
}

export function refactoringsPage(): string {
  const parts = refactorings.map(({ name, title, guide: anchor, example: { before, after } }) => {
    const block = (code: string) => `\`\`\`python\n${code.replaceAll("‸", "").trim()}\n\`\`\``;
    return `## ${title}\n\n\`${name}\` · ${sectionLink(anchor)}\n\nBefore:\n\n${block(before)}\n\nAfter:\n\n${after.trim() === "" ? "An empty file, and the new one." : block(after)}\n`;
  });
  return `<!-- Made by scripts/generate.ts from refactorings/. ${MADE}# Refactorings

Rewrites that the light bulb (Ctrl+.) offers where they apply, without a finding. Ctrl+Enter in that menu shows a preview; a refactoring that may change behaviour is always shown before it is applied.
You can bind a key to a refactoring: \`editor.action.codeAction\` with the kind \`refactor.rewrite.nippy.NAME\` or \`refactor.extract.nippy.NAME\`.

${parts.join("\n")}`;
}
