/** The guide as data: its sections, read once from the extension's folder when the guide is first opened. */

import { FileType, Uri, workspace } from "vscode";

export interface Section {
  /** The file's name without its part: `5-caching.md` is `caching`. */
  readonly anchor: string;
  readonly part: number;
  readonly order: number;
  readonly title: string;
  /** Markdown, without the front matter. */
  readonly text: string;
}

export interface Part {
  readonly title: string;
  readonly sections: readonly Section[];
}

export interface Book {
  readonly parts: readonly Part[];
  /** In reading order. */
  readonly sections: readonly Section[];
  section(anchor: string): Section | undefined;
}

/** The number of a part is the first character of its sections' file names. */
const PART_TITLES = [
  "Start here",
  "How Python runs",
  "Memory",
  "The language",
  "Concurrency",
  "Measuring and algorithms",
  "Libraries for data and AI",
  "Design and architecture",
  "Daily practice",
  "Working with AI assistants",
];

const SECTION_FILE = /^(\d)-(.+)\.md$/;

/** `askForNames` is used where an extension's folder can be read but not listed: in the browser it lies behind https. */
export async function readBook(folder: Uri, askForNames: () => Promise<readonly string[]>): Promise<Book> {
  const listed = await namesIn(folder);
  const names = listed.length > 0 ? listed : await askForNames();
  const read = await Promise.all(names.map((name) => readSection(folder, name)));
  return bookOf(read.filter((it) => it !== undefined));
}

async function readText(uri: Uri): Promise<string> {
  return new TextDecoder().decode(await workspace.fs.readFile(uri));
}

async function namesIn(folder: Uri): Promise<readonly string[]> {
  try {
    const entries = await workspace.fs.readDirectory(folder);
    return entries.filter(([, type]) => type === FileType.File).map(([name]) => name);
  } catch {
    return [];
  }
}

async function readSection(folder: Uri, name: string): Promise<Section | undefined> {
  const [, part, anchor] = SECTION_FILE.exec(name) ?? [];
  if (part === undefined || anchor === undefined) return undefined;
  const { fields, text } = splitFrontMatter(await readText(Uri.joinPath(folder, name)));
  return {
    anchor,
    part: Number(part),
    order: Number(fields.get("order") ?? 0),
    title: fields.get("title") ?? anchor,
    text,
  };
}

function splitFrontMatter(source: string): { readonly fields: ReadonlyMap<string, string>; readonly text: string } {
  const [whole = "", inner = ""] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/.exec(source) ?? [];
  const fields = new Map<string, string>();
  for (const line of inner.split(/\r?\n/)) {
    const [, key, value] = /^(\w+):\s*(\S.*|)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) fields.set(key, value);
  }
  return { fields, text: source.slice(whole.length) };
}

function bookOf(found: readonly Section[]): Book {
  const sections = found.toSorted((a, b) => a.part - b.part || a.order - b.order || a.anchor.localeCompare(b.anchor));
  const byAnchor = new Map(sections.map((it) => [it.anchor, it]));
  const numbers = [...new Set(sections.map((it) => it.part))];
  const parts = numbers.map((part) => ({
    title: PART_TITLES[part] ?? `Part ${part}`,
    sections: sections.filter((it) => it.part === part),
  }));
  return { parts, sections, section: (anchor) => byAnchor.get(anchor) };
}
