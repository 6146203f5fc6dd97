/** Lays Markdown out for a terminal: headings, code and emphasis in colours instead of marks. Without colours it is left as it is. */

import { paint, type Paint } from "./terminal.js";

export function forTerminal(markdown: string, color: boolean): string {
  const text = markdown.endsWith("\n") ? markdown : `${markdown}\n`;
  if (!color) return text;
  const ink = paint(true);
  let inCode = false;
  const lines = text.split("\n").flatMap((line) => {
    if (/^\s*(```|~~~)/.test(line)) {
      inCode = !inCode;
      return [];
    }
    return [inCode ? `    ${ink.cyan(line)}` : prose(line, ink)];
  });
  return lines.join("\n");
}

function prose(line: string, ink: Paint): string {
  const heading = /^#+\s+(\S.*)/.exec(line);
  if (heading) return ink.bold(heading[1] ?? "");
  return line
    .split(/((?<!`)`+[^`]+`+)/)
    .map((part) =>
      part.startsWith("`") ? ink.cyan(part.replaceAll("`", "").replace(/^ | $/g, "")) : emphasis(part, ink),
    )
    .join("");
}

function emphasis(text: string, ink: Paint): string {
  return text
    .replace(/\*\*([^*]+)\*\*/g, (_, inner: string) => ink.bold(inner))
    .replace(/\[([^\][]+)\]\(([^)[]+)\)/g, (_, label: string, target: string) => `${label} ${ink.dim(`(${target})`)}`);
}
