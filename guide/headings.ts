/** The headings of a section, with the ids that its rendered page gives them. */

export interface Heading {
  readonly id: string;
  readonly title: string;
  readonly level: number;
  /** From 0. */
  readonly line: number;
}

/** The headings outside code blocks. */
export function headingsOf(text: string): readonly Heading[] {
  const slug = slugs();
  let fence: string | undefined;
  const headings: Heading[] = [];
  for (const [line, source] of text.split("\n").entries()) {
    const mark = /^ *(`{3,}|~{3,})/.exec(source)?.[1];
    if (mark !== undefined && (fence === undefined || source.trim().startsWith(fence)))
      fence = fence === undefined ? mark : undefined;
    const [, marks, title] = fence === undefined ? (/^(#{1,6}) +(\S.*)/.exec(source.trimEnd()) ?? []) : [];
    if (marks !== undefined && title !== undefined)
      headings.push({ id: slug(title), title: title.replaceAll("`", ""), level: marks.length, line });
  }
  return headings;
}

/** One of these per page: a heading that comes twice gets a number. */
export function slugs(): (title: string) => string {
  const taken = new Map<string, number>();
  return (title) => {
    const id = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replace(/\s+/g, "-");
    const before = taken.get(id) ?? 0;
    taken.set(id, before + 1);
    return before === 0 ? id : `${id}-${before}`;
  };
}
