/** The grammar of VS Code's snippets as far as ours use it: what a body says once every placeholder keeps its default. */

/** The parts; of a choice the first option counts, so that it is a stop like any other. */
type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "stop"; readonly number: string; readonly content: readonly Part[] }
  | { readonly kind: "variable"; readonly name: string; readonly fallback: readonly Part[] };

type Variables = Readonly<Record<string, string>>;

/** The one variable our snippets use; any other `$name` in a body is a dollar sign that should be escaped. */
const SELECTION = "TM_SELECTED_TEXT";

/** The text of a snippet once every placeholder keeps its default and every choice its first option. */
export function expand(body: readonly string[], variables: Variables = {}): string {
  const parts = parse(body.join("\n"));
  const contents = contentOfStops(parts);
  let output = "";

  const write = (inside: readonly Part[], open: readonly string[]): void => {
    for (const part of inside) {
      if (part.kind === "text") output += part.text;
      else if (part.kind === "stop") {
        if (open.includes(part.number)) throw new Error(`stop ${part.number} contains itself`);
        write(contents.get(part.number) ?? [], [...open, part.number]);
      } else {
        const value = variables[part.name];
        if (value === undefined) write(part.fallback, open);
        else output += indentedLike(output, value);
      }
    }
  };

  write(parts, []);
  return output;
}

function parse(source: string): readonly Part[] {
  let at = 0;

  /** @param pattern a sticky one: it looks nowhere else */
  function take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match === null) return undefined;
    at = pattern.lastIndex;
    return match;
  }

  /** Everything up to the brace that closes the part around, or up to the end. */
  function sequence(nested: boolean): readonly Part[] {
    const parts: Part[] = [];
    while (at < source.length && !(nested && source[at] === "}")) parts.push(dollarPart() ?? textPart(nested));
    if (nested && take(/\}/y) === undefined) throw new Error(`a placeholder is not closed in: ${source}`);
    return parts;
  }

  function textPart(nested: boolean): Part {
    const escaped = take(/\\([$}\\])/y)?.[1];
    const text = escaped ?? take(nested ? /[^$\\}]+|[$\\]/y : /[^$\\]+|[$\\]/y)?.[0];
    if (text === undefined) throw new Error(`nothing to read at ${at} in: ${source}`);
    return { kind: "text", text };
  }

  function dollarPart(): Part | undefined {
    const name = take(/\$(\d+|[A-Za-z_]\w*)/y)?.[1];
    if (name !== undefined) return namedPart(name, []);
    const braced = take(/\$\{(\d+|[A-Za-z_]\w*)/y)?.[1];
    if (braced === undefined) return undefined;
    if (take(/\}/y)) return namedPart(braced, []);
    if (take(/:/y)) return namedPart(braced, sequence(true));
    const options = take(/\|((?:\\.|[^|\\])+)\|\}/y)?.[1];
    if (options !== undefined) return namedPart(braced, [{ kind: "text", text: firstOption(options) }]);
    throw new Error(`"\${${braced}" is followed by what we do not use (a transform?) in: ${source}`);
  }

  return sequence(false);
}

function namedPart(name: string, content: readonly Part[]): Part {
  if (/^\d/.test(name)) return { kind: "stop", number: name, content };
  if (name !== SELECTION) throw new Error(`$${name} is no variable we use: is its dollar sign meant as text?`);
  return { kind: "variable", name, fallback: content };
}

function firstOption(options: string): string {
  const first = /^(?:\\.|[^,\\])*/.exec(options)?.[0] ?? "";
  return first.replace(/\\([,|\\])/g, "$1");
}

/** What each stop holds; stops of the same number repeat the one that has content, wherever it stands. */
function contentOfStops(parts: readonly Part[]): ReadonlyMap<string, readonly Part[]> {
  const contents = new Map<string, readonly Part[]>();
  const visit = (inside: readonly Part[]): void => {
    for (const part of inside) {
      if (part.kind === "text") continue;
      const content = part.kind === "stop" ? part.content : part.fallback;
      if (part.kind === "stop" && content.length > 0) {
        if (contents.has(part.number)) throw new Error(`stop ${part.number} has two defaults`);
        contents.set(part.number, content);
      }
      visit(content);
    }
  };
  visit(parts);
  return contents;
}

/** The editor gives the further lines of a variable the indentation of the line it stands in. */
function indentedLike(before: string, value: string): string {
  const indent = /^[ \t]*/.exec(before.slice(before.lastIndexOf("\n") + 1))?.[0] ?? "";
  return value.replaceAll("\n", `\n${indent}`);
}
