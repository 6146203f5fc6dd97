/** A first configuration: every setting with what it does, as comments, so that nothing changes until somebody takes out a mark. */

import { rootOf, type ConfigurationName } from "./read-settings.js";
import { SETTINGS, type Setting } from "./setting-table.js";

/** As wide as people read comments. */
const WIDTH = 88;

export function commentedSettings(name: ConfigurationName): string {
  const root = rootOf(name).join(".");
  // Tables come last: what follows a header belongs to it.
  const settings = Object.values<Setting>(SETTINGS);
  const isTable = ({ example }: Setting) => example.startsWith("[");
  const parts = [...settings.filter((it) => !isTable(it)), ...settings.filter(isTable)].map(
    (it) => `${comment(it.says.replaceAll("`", ""))}${asComment(it, root)}`,
  );
  return `${root === "" ? "" : `[${root}]\n`}# Nippy's settings, each with an example. "nippy config" shows what holds.\n\n${parts.join("\n")}`;
}

function asComment({ example }: Setting, root: string): string {
  const placed = root === "" ? example : example.replace(/^\[/, `[${root}.`);
  return placed.replace(/^/gm, "# ").concat("\n");
}

function comment(text: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line.length + word.length + 3 > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.map((it) => `# ${it}\n`).join("");
}
