/** What lock files hold: the one version of each package. They are written by machines, so their lines are read and not their whole language. */

import { tableOf } from "../text/table.js";
import { releaseOf } from "../semantics/libraries.js";
import { note, readRange, type AllowedByFile } from "./requirements.js";

export type LockReader = (text: string) => AllowedByFile;

/** By the name of the file. */
export const LOCK_READERS: Readonly<Record<string, LockReader>> = {
  "uv.lock": (text) => readTables(text, "[[package]]"),
  "poetry.lock": (text) => readTables(text, "[[package]]"),
  "pdm.lock": (text) => readTables(text, "[[package]]"),
  "pylock.toml": (text) => readTables(text, "[[packages]]"),
  "Pipfile.lock": readPipfileLock,
  "conda-lock.yml": readCondaLock,
};

const LONGEST_LINE = 300;

/** Tables of TOML that begin with `name = "…"` and `version = "…"`. A parser takes fifty times as long for the hashes in between. */
function readTables(text: string, header: string): AllowedByFile {
  const found: AllowedByFile = new Map();
  let at = text.indexOf(header);
  while (at >= 0) {
    const isHeader = at === 0 || text[at - 1] === "\n";
    let end = lineEnd(text, at);
    let name: string | undefined;
    let version: string | undefined;
    while (isHeader && (name === undefined || version === undefined) && end < text.length && text[end + 1] !== "[") {
      const start = end + 1;
      end = lineEnd(text, start);
      const line = text.slice(start, Math.min(end, start + LONGEST_LINE));
      const [, key, value] = /^(name|version)\s*=\s*"([^"]*)"/.exec(line) ?? [];
      if (key === "name") name ??= value;
      if (key === "version") version ??= value;
    }
    noteVersion(found, name, version);
    at = text.indexOf(header, end);
  }
  return found;
}

/** pipenv's: JSON with a table of `{"version": "==1.2.3"}` for use and one for development. */
function readPipfileLock(text: string): AllowedByFile {
  const found: AllowedByFile = new Map();
  const content = tableOf(parsedJson(text));
  for (const group of ["default", "develop"]) {
    for (const [name, entry] of Object.entries(tableOf(content[group]))) {
      const version = tableOf(entry)["version"];
      if (typeof version === "string") note(found, name, readRange(version));
    }
  }
  return found;
}

/** conda-lock's: a list of items in YAML, one for each platform, in which `name` and `version` stand anywhere. */
function readCondaLock(text: string): AllowedByFile {
  const found: AllowedByFile = new Map();
  let isInside = false;
  let indent = -1;
  let name: string | undefined;
  let version: string | undefined;
  const finish = () => {
    noteVersion(found, name, version);
    name = version = undefined;
  };
  for (const whole of text.split("\n")) {
    const line = whole.slice(0, LONGEST_LINE);
    if (/^[^\s#-]/.test(line)) isInside = line.startsWith("package:");
    if (!isInside) continue;
    const [, blanks = "", dash = "", key, value] = /^( *)(- )?(?:(name|version): *['"]?([^'"\s]+))?/.exec(line) ?? [];
    if (dash !== "") {
      if (indent < 0) indent = blanks.length;
      if (blanks.length === indent) finish();
    }
    // Names further in are those of what the item depends on.
    if (blanks.length + dash.length !== indent + 2) continue;
    if (key === "name") name = value;
    if (key === "version") version = value;
  }
  finish();
  return found;
}

function noteVersion(found: AllowedByFile, name: string | undefined, version: string | undefined): void {
  const release = version === undefined ? undefined : releaseOf(version);
  if (name !== undefined && release !== undefined) note(found, name, { exact: release });
}

/** Of the line that `at` lies in; the text's end for the last one. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
