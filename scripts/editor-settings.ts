/** The table of the editor's settings for the README, made from package.json and its texts. */

import { readFileSync } from "node:fs";

interface EditorSetting {
  readonly default: unknown;
  readonly enum?: readonly string[];
  /** A key of package.nls.json between percent signs. */
  readonly markdownDescription: string;
}

/** The settings of the editor as a table: what the manifest says of each, without the links that only an editor can follow. */
export function editorSettings(): string {
  const read = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));
  const { contributes } = read("package.json") as {
    readonly contributes: {
      readonly configuration: { readonly properties: Readonly<Record<string, EditorSetting>> };
    };
  };
  const texts = read("package.nls.json") as Readonly<Record<string, string>>;
  const rows = Object.entries(contributes.configuration.properties).map(([name, it]) => {
    const says = texts[it.markdownDescription.slice(1, -1)]!.replace(/\[([^\]]*)\]\(command:[^)]*\)/g, "**$1**");
    const choices = it.enum ? ` (${it.enum.map((word) => `\`${word}\``).join(", ")})` : "";
    return `| \`${name}\` | ${says.replaceAll("|", "\\|")}${choices} | \`${JSON.stringify(it.default)}\` |`;
  });
  return ["| setting | what it does | default |", "| --- | --- | --- |", ...rows].join("\n");
}
