/** `nippy init`: writes a first configuration, with every setting explained; an existing pyproject.toml gets a table at its end and is otherwise left as it is. */

import { existsSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { commentedSettings, CONFIGURATION_SIZE, readToml } from "../../analysis/analyzer.js";
import { readIfPresent, textOf } from "../../host/regular-file.js";
import type { InitRequest } from "../arguments.js";
import { leavesRepository } from "../links.js";
import { shownPath } from "../paths.js";
import { shown } from "../terminal.js";
import { Trouble } from "../trouble.js";

/** @throws {Trouble} where there is a configuration already, or none can be written */
export function init({ folder, pyproject }: InitRequest): string {
  const current = process.cwd();
  const absolute = resolve(current, folder);
  if (!statSync(absolute, { throwIfNoEntry: false })?.isDirectory())
    throw new Trouble(`There is no folder "${folder}".`);
  const own = join(absolute, "nippy.toml");
  const shared = join(absolute, "pyproject.toml");
  if (existsSync(own)) throw new Trouble(`"${shownPath(own, current)}" is there already.`);
  const text = read(shared, shownPath(shared, current));
  if (text !== undefined && isAbout(text, shownPath(shared, current)))
    throw new Trouble(`"${shownPath(shared, current)}" has a [tool.nippy] table already.`);

  const isShared = pyproject && text !== undefined;
  if (pyproject && text === undefined) throw new Trouble(`There is no "${shownPath(shared, current)}" to write into.`);
  const [path, content] = isShared ? [shared, added(text)] : [own, commentedSettings("nippy.toml")];
  if (leavesRepository(path)) throw new Trouble(`"${shownPath(path, current)}" leads out of the repository.`);
  try {
    writeFileSync(path, content, { flag: isShared ? "w" : "wx" });
  } catch (error) {
    throw new Trouble(
      `"${shownPath(path, current)}" cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
    );
  }
  return `${shown(`Wrote ${shownPath(path, current)}. "nippy config" shows what holds, "nippy rules" lists the rules.`).text}\n`;
}

function read(path: string, name: string): string | undefined {
  try {
    const bytes = readIfPresent(path, CONFIGURATION_SIZE);
    return bytes && Buffer.from(bytes).toString("utf8");
  } catch (error) {
    throw new Trouble(`"${name}" cannot be read: ${(error as Error).message}.`);
  }
}

function isAbout(text: string, name: string): boolean {
  const found = readToml(textOf(Buffer.from(text)), "pyproject.toml", []);
  const broken = found?.problems.find((it) => it.isUnreadable);
  if (broken) throw new Trouble(`${name}: ${broken.message}`);
  return found !== undefined;
}

/** With the line ends that the file has. */
function added(text: string): string {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const gap = text === "" ? "" : text.endsWith("\n") ? newline : newline.repeat(2);
  return text + gap + commentedSettings("pyproject.toml").replaceAll("\n", newline);
}
